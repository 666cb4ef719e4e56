"""Numbers in, those that share a unit given it: 20至80元, 12、15和20家, 3至5万元 (3万 to 5万), 由1097增加到2095人."""

import re
from itertools import pairwise

from assistant.figures.draft import BARE, Draft
from assistant.figures.refusals import is_recent_year
from assistant.numerals import Numeral
from assistant.records import Bound

RANGE = re.compile(r" ?(?:至|到|—|——|–|-|--|~|～|〜|to) ?")
LIST = re.compile(
    r" ?(?:、|和|与|及|或|以及|and|or) ?"
    r"|(?:增加|增长|提高|提升|上升|下降|减少|降低|扩大|缩短|压缩|升|增|降|减|涨|跌)[到至为]"
)

_COUNTED_IN = frozenset(("duration", "points"))  # 个工作日, 个月, 个百分点
_CHANGED_TO = re.compile(r"[一-鿿]{0,6}(?:至|到|为)了?")


def share_units(text: str, drafts: list[Draft]) -> None:
    """20至80元, 12、15和20家: a number without a unit takes the one of the next number, from right to left.

    3至5万元 is 3万 to 5万: the magnitude is shared too, where it makes the range rise.
    """
    for at in range(len(drafts) - 2, -1, -1):
        draft, following = drafts[at], drafts[at + 1]
        if draft.refused and not following.refused and LIST.fullmatch(text, draft.end, following.start):
            # 第4、5位: an ordinal's list is ordinal
            if text[draft.start - 1 : draft.start] == "第" and draft.unit is None:
                following.refused = True
            continue
        if draft.refused or draft.whole or following.refused or following.unit is None or following.whole:
            continue
        if draft.unit is not None and not (draft.unit is BARE and draft.number.style == "arabic"):
            continue
        before = text[draft.start - 1 : draft.start] if draft.start else ""
        if before.isascii() and before.isalpha():
            continue
        ranged = RANGE.fullmatch(text, draft.end, following.start)
        listed = LIST.fullmatch(text, draft.end, following.start) and not is_recent_year(text, draft.number)
        if not (ranged or listed):
            continue
        if draft.number.style in ("chinese", "bare") and not ranged:
            continue
        if draft.number.style == "word" and following.unit is BARE and not ranged:
            continue
        draft.unit, draft.unit_end = following.unit, draft.end
        scale = _magnitude(text, following.number)
        if ranged and scale > 1 and not draft.number.scaled and draft.value * scale < following.value:
            draft.value *= scale


def share_classifiers(text: str, drafts: list[Draft]) -> None:
    """从40个工作日压缩至25个: what the second counts is told by the first alone."""
    for draft, following in pairwise(drafts):
        if draft.refused or following.refused or draft.unit is None or following.unit is None:
            continue
        if following.unit.name != "个" or draft.unit.kind not in _COUNTED_IN:
            continue
        if (
            text[draft.number.end : draft.number.end + 1] != "个"
            or text[following.unit_end : following.unit_end + 1].isalpha()
        ):
            continue
        if _CHANGED_TO.fullmatch(text, draft.unit_end, following.number.start):
            following.unit = draft.unit


def _magnitude(text: str, number: Numeral) -> int:
    scale = 1
    for letter in reversed(text[number.start : number.end]):
        if letter in "万亿":
            scale *= 10**4 if letter == "万" else 10**8
        elif letter not in "多余几来":
            break
    return scale


def share_bounds(text: str, drafts: list[Draft]) -> None:
    """约3至5天, 3至5天左右: what is said of one end of a range is said of both."""
    for draft, following in pairwise(drafts):
        if draft.refused or following.refused or draft.unit is None or following.unit is None:
            continue
        if not RANGE.fullmatch(text, draft.unit_end, following.number.start):
            continue
        bounds = {draft.bound, following.bound}
        if Bound.ABOUT in bounds and bounds <= {Bound.ABOUT, Bound.EXACT}:
            draft.bound = following.bound = Bound.ABOUT
