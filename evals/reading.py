"""An answer's text in, the figures that it states out, and how they stand to the one that was expected; pure.

What a question or an earlier turn gave is not stated by the answer; a citation mark (the 1 of [1]) is no figure.
"""

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from assistant import figures, sentences, units
from assistant.records import Answer, Bound, Figure
from evals.gold import GoldItem

# Measure words that a reader takes for one another: 81户 and 81家, 26万辆 and 26万台.
COUNTERS: Final = (
    frozenset({"家", "户", "个"}),
    frozenset({"辆", "台"}),
    frozenset({"人", "名", "位", "个"}),
    frozenset({"项", "个", "条"}),
    frozenset({"株", "棵"}),
)
SHARES: Final = frozenset({"%", "‰", "个百分点", "倍"})  # each is taken for another when a figure is copied in haste
ROUNDED_DIGITS: Final = 2  # 约100亿元 for 103.62亿元 says less than a reader needs; 约104亿元 will do

_NUMBER: Final = re.compile(r"(?<![\d.])[0-9]+(?:\.[0-9]+)?(?![\d.])")
CLAUSE: Final = re.compile(r"[，；：、。]|[,;:](?!\d)|\. ")
_LABEL: Final = re.compile(r"[^\W\d和与及或也]")
IN_TURN: Final = re.compile(r"分别|依次|各为|各有|各是|respectively")
_CHANGE: Final = re.compile(r"^\D{0,12}(?:至|到|为|→|—|–|-|~|to|from)(?:(?: in)? ?\d{4}年?)?\D{0,4}$")


# How systems without a flag for it say that the pages do not say.
_DECLINES: Final = re.compile(
    r"没有(?:提到|提及|提供|写到|说明|相关|找到|给出)|未(?:提到|提及|提供|说明|给出|找到|包含)|无法(?:确定|回答|得知|判断)|"
    r"不(?:知道|清楚|得而知|包含)|don't know|do not know|not (?:mention|provide|say|state|specif|contain|available)|"
    r"no information|cannot (?:be )?(?:determine|answer)|does not",
    re.IGNORECASE,
)
DATED: Final = frozenset({"年", "月", "日", "号", "时", "分", "岁", "年代", "季度"})


def mentions(text: str, phrase: str) -> bool:
    """Whether the text holds the phrase, width, case and spaces aside; a number in it must be whole.

    >>> mentions("占比12.3%", "2.3%"), mentions("共 30 家", "30家")
    (False, True)
    """
    folded, sought = _fold(text), _fold(phrase)
    before = r"(?<!\d)(?<!\d[.,])" if sought[:1].isdigit() else ""
    after = r"(?![.,]?\d)" if sought[-1:].isdigit() else ""
    return re.search(before + re.escape(sought) + after, folded) is not None


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", plain)
    return re.sub(r"(?<![0-9a-z])\s+|\s+(?![0-9a-z])", "", plain)


def own_text(answer: Answer) -> str:
    """The answer's text without its citation marks: the 1 of [1] is no figure."""
    if not answer.citations:
        return answer.text
    keys = "|".join(re.escape(citation.key) for citation in answer.citations)
    return re.sub(rf"[\[【](?:{keys})(?:[,，、; ]*(?:{keys}))*[\]】]", "", answer.text)


def stated(item: GoldItem, answer: Answer) -> list[Figure]:
    """The figures of the answer's own text, without those that the question or an earlier turn gave."""
    given = [figure for text in (item.question, *sum(item.history, ())) for figure in figures.find(text)]
    return [figure for figure in figures.find(own_text(answer)) if not any(same(figure, known) for known in given)]


def same(figure: Figure, other: Figure) -> bool:
    """Equal value and unit, whatever the bound; 81家 will do for 81户."""
    if figures.same(figure, other, bounds=False):
        return True
    return figure.value == other.value and any({figure.unit, other.unit} <= group for group in COUNTERS)


def states(figure: Figure, wanted: Figure) -> bool:
    """Whether a stated figure tells the wanted one: ``same``, or rounded with the rounding told (约104亿元)."""
    return same(figure, wanted) or rounds(figure, wanted)


def rounds(figure: Figure, wanted: Figure) -> bool:
    """Whether a figure that says 约 is the wanted one rounded to the digits that it prints, ROUNDED_DIGITS at least.

    "约104亿元" is 103.62亿元 rounded; "104亿元" claims to be exact, and is not.
    """
    if figure.bound is not Bound.ABOUT or figure.unit != wanted.unit:
        return False
    digits = figure.value.normalize().as_tuple()
    if not isinstance(digits.exponent, int) or len(digits.digits) < ROUNDED_DIGITS:
        return False
    return abs(figure.value - wanted.value) * 2 <= Decimal(1).scaleb(digits.exponent)


def rivals(figure: Figure, other: Figure) -> bool:
    """Whether the two could answer the same question: units that convert, or that a reader takes for one another."""
    measures = {units.measure(each.unit, each.kind)[0] for each in (figure, other)}
    bare = figure.unit == "" and other.kind == units.COUNT  # "54 firms"
    return len(measures) == 1 or bare or any({figure.unit, other.unit} <= group for group in COUNTERS)


def near(figure: Figure, wanted: Figure) -> bool:
    """Whether a figure is the wanted one with its unit lost or changed (35 or 35倍 for 35%), or another share."""
    digits = figure.value.normalize().as_tuple().digits == wanted.value.normalize().as_tuple().digits
    return digits or (figure.unit in SHARES and wanted.unit in SHARES)


def unitless(text: str, wanted: Figure) -> str:
    """A number of the text with the wanted digits, two or more, that is no figure: the 35 of 占比35 for 35%."""
    sought = wanted.value.normalize().as_tuple().digits
    spans = [(figure.start, figure.end) for figure in figures.find(text)]
    for number in _NUMBER.finditer(text):
        inside = any(start <= number.start() < end for start, end in spans)
        if not inside and len(sought) > 1 and Decimal(number[0]).normalize().as_tuple().digits == sought:
            return number[0]
    return ""


def quoted(text: str, figure: Figure) -> bool:
    """Whether the figure stands in quotation marks, which may hold others and may not be closed."""
    before = text[: figure.start]
    return before.count("“") > before.count("”") or before.count("「") > before.count("」")


def sentence(text: str, figure: Figure) -> int:
    """The number of the sentence in which the figure begins."""
    spans = sentences.split(text)
    return next((place for place, (start, end) in enumerate(spans) if start <= figure.start < end), -1)


def apart(text: str, ahead: Sequence[Figure], hit: Figure) -> bool:
    """Whether the hit has words of its own: a labelled clause, what another changed to, a place in 分别为20家、17家."""
    between = text[ahead[-1].end : hit.start]
    if _CHANGE.match(between):
        return True
    clauses = CLAUSE.split(between)
    if len(clauses) > 1 and _LABEL.search("".join(clauses[1:])):
        return True
    spans = sentences.split(text)
    start = next((start for start, end in spans if start <= hit.start < end), 0)
    return IN_TURN.search(text, start, hit.start) is not None


def measured(figure: Figure, like: Figure) -> Decimal:
    """The figure's value in the unit of the other, where it converts."""
    converted = figures.convert(figure, like.unit)
    return figure.value if converted is None else converted.value


def declines(text: str) -> bool:
    """Whether a text says that the pages do not say, before it states any figure; what is said later is of others.

    >>> declines("抱歉，资料中没有提到2023年的产值。"), declines("产值为5亿元，利润没有提到。")
    (True, False)
    """
    refused = _DECLINES.search(text)
    if not text.strip() or refused is None:
        return not text.strip()
    return all(figure.unit in DATED for figure in figures.find(text[: refused.start()]))
