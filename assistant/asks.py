"""A Chinese question in, the questions of one figure each that it is made of out, or none.

    双元铝业一年的颗粒物和二氧化硫各排多少？   → 双元铝业一年的颗粒物排多少, 二氧化硫排多少
    一年用掉多少瓦斯、发多少电？              → 一年用掉多少瓦斯, 发多少电

Each is read against evidence that the whole question found, so it need not name its subject again.
"""

import re
from itertools import pairwise
from typing import Final

_NUMBER: Final = r"(?:百分之)?(?:多少|几(?![天时乎]))|多[大高长久厚深]"
_ASKS: Final = re.compile(_NUMBER)
_PART: Final = re.compile(r"[，,；;、。？?]|(?:又|再|还|并|而|和|与)(?=[^，,；;、。？?]*(?:多少|几))")
_EACH: Final = re.compile("分别|各自?|都")  # A和B各多少, A、B和C分别是多少: what asks and its unit stand behind
_HOW: Final = re.compile("(?:同比|较上年|比上年)$")
_CLAUSE: Final = re.compile("[，,；;。？?]")
_NAMES: Final = re.compile("[和与及、跟]")
_FROM_TO: Final = re.compile(
    rf"[从由](?:[^，,；;。？?]{{0,8}}的)?(?:{_NUMBER})[^，,；;。？?]{{0,14}}?(?:到|至|成|为)[^，,；;。？?]{{0,4}}?(?:{_NUMBER})"
)
_MOST: Final = 4  # figures that one question asks: beyond, it is a list


def from_to(text: str) -> bool:
    """Whether it asks from what to what, as 由多少变成多少 does."""
    return _FROM_TO.search(text) is not None


def of_either(text: str) -> str:
    """The question of either end where it asks from what to what: 占比从2020年的多少升到多少 is 占比多少."""
    return _FROM_TO.sub("多少", text)


def split(text: str) -> tuple[str, ...]:
    """The questions in order; empty where the text asks for one figure, for none, or for too many to tell apart."""
    if from_to(text):
        return ()
    for each in _EACH.finditer(text):
        if (told := _named(text, each.start(), each.end())) is not None:
            return told
    asks = list(_ASKS.finditer(text))
    if not 1 < len(asks) <= _MOST:
        return ()
    ends = []
    for one, other in pairwise(asks):
        between = list(_PART.finditer(text, one.end(), other.start()))
        if not between:
            return ()
        ends.append(between[0].start())
    parts = [text[start:end].strip("，,；;、。？? ") for start, end in zip([0, *ends], [*ends, len(text)], strict=True)]
    return tuple(parts)


def _named(text: str, start: int, end: int) -> tuple[str, ...] | None:
    """The questions of the names that stand before 各 or 分别, at ``start``; None where it is not of names that ask."""
    marks = [mark.start() for mark in _CLAUSE.finditer(text, end)]
    asks = text[end : marks[0] if marks else len(text)]
    if not _ASKS.search(asks):
        return None
    before = text[:start].rstrip("，,")
    how = _HOW.search(before)
    if how:
        before = before[: how.start()].rstrip("，,")
    head = max((mark.end() for mark in _CLAUSE.finditer(before)), default=0)
    names = [name for name in _NAMES.split(before[head:]) if name.strip()]
    if not 1 < len(names) <= _MOST:
        return None
    told = f"{how[0] if how else ''}{asks}"
    return tuple(f"{before[:head] if at == 0 else ''}{name}{told}" for at, name in enumerate(names))
