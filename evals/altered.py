"""A sentence that a page prints and one of its figures in, the same sentence with one thing made wrong out.

What a hurried writer does: 万 for 亿, a digit mistyped, last year for this, one firm for another, % for 个百分点, 约
left out, two figures exchanged, a fall for a rise. Which digit or year or name takes the place is told by a hash, so
that it is always the same one.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from assistant import figures, numerals
from assistant.records import Bound, Figure

_POWERS: Final = {"万": "亿", "亿": "万"}
_CHINESE: Final = "一二三四五六七八九"
_YEAR: Final = re.compile(r"20[0-9]{2}(?=年)")
_YEARS_OFF: Final = (-2, -1, 1)
_POINTS: Final = re.compile(r"个?百分点|[%％]")
_BOUND: Final = re.compile(r"^(?:大约|约|超过|超|逾|近|不到|不足|至少)(?=[0-9一二三四五六七八九])")
_WAYS: Final = {
    "增长": "下降",
    "下降": "增长",
    "提高": "降低",
    "降低": "提高",
    "提升": "下降",
    "上升": "下降",
    "增加": "减少",
    "减少": "增加",
}
_WAY: Final = re.compile("|".join(_WAYS))
_NEAR: Final = 6  # letters before a figure in which its direction stands
_KIND: Final = re.compile(r"(?:公司|集团|铝业|高新区|经开区|开发区|工业园|煤矿|[省州市县区])$")


@dataclass(frozen=True, slots=True)
class Altered:
    """A sentence of which ``text[start:end]`` was changed, in the way ``kind``."""

    kind: str
    text: str
    start: int
    end: int


def altered(sentence: str, printed: str, names: Sequence[str]) -> Iterator[Altered]:
    """Every alteration that the sentence allows; ``printed`` is its figure, ``names`` can be exchanged."""
    at = sentence.find(printed)
    if at < 0:
        return
    rows = (
        ("power", *_power(printed)),
        ("digit", *_digit(printed)),
        ("points", *_points(printed)),
        ("bound", *_bound(printed)),
    )
    for kind, begin, end, instead in rows:
        if instead is not None:
            yield _with(kind, sentence, at + begin, at + end, instead)
    for kind, begin, end, instead in (_direction(sentence, at), _year(sentence), _name(sentence, names)):
        if instead:
            yield _with(kind, sentence, begin, end, instead)
    yield from _exchanged(sentence, printed, at)


def _with(kind: str, sentence: str, begin: int, end: int, instead: str) -> Altered:
    return Altered(kind, sentence[:begin] + instead + sentence[end:], begin, begin + len(instead))


_Change = tuple[int, int, str | None]


def _power(printed: str) -> _Change:
    found = re.search("[万亿]", printed)
    return (found.start(), found.end(), _POWERS[found.group()]) if found else (0, 0, None)


def _digit(printed: str) -> _Change:
    """The last digit that is not nought, or the numeral."""
    places = [at for at, letter in enumerate(printed) if letter in "123456789" or letter in _CHINESE]
    if not places:
        return 0, 0, None
    at = places[_drawn(printed, len(places))]
    row = "123456789" if printed[at] in "123456789" else _CHINESE
    others = [letter for letter in row if letter != printed[at]]
    return at, at + 1, others[_drawn(printed + "digit", len(others))]


def _points(printed: str) -> _Change:
    found = _POINTS.search(printed)
    if not found:
        return 0, 0, None
    return found.start(), found.end(), "个百分点" if found.group() in "%％" else "%"


def _bound(printed: str) -> _Change:
    found = _BOUND.search(printed)
    return (0, found.end(), "") if found else (0, 0, None)


_Named = tuple[str, int, int, str]


def _direction(sentence: str, at: int) -> _Named:
    found = list(_WAY.finditer(sentence, max(0, at - _NEAR), at))
    return ("direction", *found[-1].span(), _WAYS[found[-1].group()]) if found else ("direction", 0, 0, "")


def _year(sentence: str) -> _Named:
    found = _YEAR.search(sentence)
    if not found:
        return "year", 0, 0, ""
    return "year", *found.span(), str(int(found.group()) + _YEARS_OFF[_drawn(sentence, len(_YEARS_OFF))])


def _name(sentence: str, names: Sequence[str]) -> _Named:
    """The longest of the names that the sentence has, and in its place another of its kind that it has not."""
    own = max((name for name in names if name in sentence), key=len, default="")
    kind = _KIND.search(own)
    others = sorted(
        name
        for name in set(names)
        if kind and name.endswith(kind.group()) and name not in sentence and name[:2] != own[:2]
    )
    if not others:
        return "subject", 0, 0, ""
    at = sentence.find(own)
    return "subject", at, at + len(own), others[_drawn(sentence, len(others))]


def _exchanged(sentence: str, printed: str, at: int) -> Iterator[Altered]:
    """The figure and the next of its unit that is another, each in the other's place."""
    rows = figures.find(sentence)
    own = next((one for one in rows if one.start <= at + len(printed) and at < one.end), None)
    other = next((one for one in rows if own and one.start >= own.end and _alike(own, one)), None)
    if own and other:
        text = sentence[: own.start] + other.text + sentence[own.end : other.start] + own.text + sentence[other.end :]
        yield Altered("exchanged", text, own.start, own.start + len(other.text))


def _alike(own: Figure, other: Figure) -> bool:
    one = (own.unit, own.kind, own.bound) == (other.unit, other.kind, other.bound) and own.bound is Bound.EXACT
    return one and not figures.same(own, other)


def _drawn(words: str, many: int) -> int:
    return hashlib.sha256(numerals.fold(words).encode()).digest()[0] % many
