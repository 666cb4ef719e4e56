"""A name of a question and a claim in, whether the claim can be the named one's out."""

import re
from typing import Final

from assistant import aliases as names
from assistant.compute.lexicon import Lexicon
from assistant.compute.operands import Operand
from assistant.mentions import PROVINCE_NAMES
from assistant.records import NameKind

_PARK: Final = re.compile(r"(?:那个)?(?:园区|工业园区?|产业园区?)$")  # 远山园区 is what the page calls 远山经开区
_TRADE: Final = re.compile(r"(?:车行|商行|公司|集团|工厂|商店|超市|门店|合作社|酒店)$")  # 甲车行: who it is, 甲 tells
ALL_OF: Final = re.compile(r"^(?:全|我|该|本)(?P<kind>[省市州县区国])$")


def named(name: str, operand: Operand, lexicon: Lexicon) -> bool:
    """Whether the claim can be the named one's: by its subject, its own words or sentence, or where none is told."""
    if subject_is(name, operand, lexicon):
        return True
    forms = [form for form in map(_stem, lexicon.forms(name)) if len(form) > 1]
    claimed = operand.claim.subject
    kinds = {mention.kind for form in lexicon.forms(name) for mention in lexicon.mentions(form)}
    other = {mention.kind for mention in lexicon.mentions(claimed)}
    for form in forms:
        # 远山经开区 in the sentence does not make 青禾经开区's figure its own
        foreign = kinds & other or (ALL_OF.match(name) and other)
        apart = foreign and not _beside(form, operand)
        if form in operand.before or (form in operand.sentence and not apart):
            return True
    vague = not claimed or bool(ALL_OF.match(claimed)) or not other - ({NameKind.AGENCY, NameKind.SITE} - kinds)
    return vague and any(form in operand.near for form in forms)


def _stem(name: str) -> str:
    """远山园区 is what the page calls 远山经开区: the place tells it."""
    short = names.short(name)
    plain = _PARK.sub("", short) or short
    brand = _TRADE.sub("", plain)
    return brand if len(brand) > 1 else plain


def _beside(short: str, operand: Operand) -> bool:
    """Whether the name stands before the figure in its sentence, and the claim's subject right beside it: 青禾远山."""
    before = operand.passage.text[operand.start : operand.figure.start]
    at = before.rfind(short)
    subject = before.rfind(names.short(operand.claim.subject) or operand.claim.subject)
    return at >= 0 and (subject < at or subject - at - len(short) <= _ADJACENT)


_ADJACENT: Final = 2  # letters between two names that stand for one: 青禾远山, 青禾、远山


def subject_is(name: str, operand: Operand, lexicon: Lexicon) -> bool:
    """Whether the claim's subject is the named one, or one of several that it is."""
    aliases = lexicon.aliases
    for subject in filter(None, operand.claim.subject.split("、")):
        own = names.short(subject)
        for form in lexicon.forms(name):
            short = _stem(form)
            if aliases.same(subject, form) or aliases.related(subject, form):
                return True
            if len(short) > 1 and len(own) > 1 and (short in own or (own in short and len(own) > 2)):
                return True
            if _whole(form, short) and _whole(subject, own) == _whole(form, short):
                return True
    return False


def _whole(name: str, short: str) -> str:
    """The level that 全省 or a province's name stands for; empty for what is neither."""
    told = ALL_OF.match(name)
    return told["kind"] if told else "省" if short in PROVINCE_NAMES else ""
