"""Text in, its marks out: every figure, date and number in a name that a reader could check, each once, in order.

    >>> [(mark.kind.value, mark.text) for mark in marks("2024年，第7车间以3比2胜出，产值103.62亿元。")]
    [('date', '2024年'), ('name', '第7'), ('name', '3比2胜'), ('figure', '103.62亿元')]

A figure is what ``figures`` finds. A date is what ``periods`` finds, if it prints a number: 今年 alone is none. What
digits are left stand in names, scores and ordinals; they are told by their numbers and the letters around them.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from assistant import figures, numerals, periods
from assistant.periods import Dated
from assistant.records import Figure, Stated

# 787-9, 3:2, 6比4, 1/8, 12.5: numbers that belong together are one mark
_DIGITS: Final = re.compile(r"[0-9]{1,20}(?:\.[0-9]{1,20})?(?:[-:比/—–~][0-9]{1,20}(?:\.[0-9]{1,20})?){0,5}")
_LATIN: Final = re.compile(r"[A-Za-z]{1,12}[- ]?$")
_PARTS: Final = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_FRACTION: Final = re.compile(r"([零〇一二两三四五六七八九十百]{1,6})分之([零〇一二两三四五六七八九十百]{1,6})")
_NUMBERED: Final = re.compile(r"[0-9〇零一二三四五六七八九十]")
_CLASSIFIER: Final = re.compile(r"[个次名位只粒记场支家]")
_LETTER: Final = re.compile(r"[A-Za-z一-鿿%‰℃]")
_SHOWN: Final = frozenset("号后胜平负届球代版线路期级点")  # letters after a number that are shown with it: 第7号, 3胜


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands at ``text[start:end]``.

    A name's ``numbers`` are those that it prints, in order; ``before`` and ``after`` are the letters beside them:
    第7号种子 has 7 between 第 and 号.
    """

    kind: Stated
    text: str
    start: int
    end: int
    figure: Figure | None = None
    dated: Dated | None = None
    numbers: tuple[Decimal, ...] = ()
    before: str = ""
    after: str = ""


def marks(text: str, page_date: str = "", found: tuple[Figure, ...] | None = None) -> tuple[Mark, ...]:
    """The marks of the text. ``found`` are its figures, where they are known."""
    rows = [
        Mark(Stated.FIGURE, one.text, one.start, one.end, figure=one)
        for one in (figures.find(text) if found is None else found)
    ]
    taken = _Taken(text, rows)
    for dated in periods.find(text, page_date):
        if _NUMBERED.search(dated.period.label) and taken.free(dated.start, dated.end):
            rows.append(Mark(Stated.DATE, text[dated.start : dated.end], dated.start, dated.end, dated=dated))
            taken.take(dated.start, dated.end)
    folded = numerals.fold(text)
    rows += [one for one in _numbered(text, folded) if one.kind is Stated.NAME and taken.free(*_digits_of(one, folded))]
    return tuple(sorted(rows, key=lambda mark: mark.start))


def numbers(text: str) -> tuple[Mark, ...]:
    """Every number of the text as a name's, figures and dates too, in Arabic and Chinese: 八分之一 is 1/8."""
    folded = numerals.fold(text)
    rows = _numbered(text, folded)
    for fraction in _FRACTION.finditer(folded):
        below, above = numerals.chinese(fraction[1]), numerals.chinese(fraction[2])
        if below and above:
            rows.append(_name(text, *fraction.span(), (above, below)))
    for token in numerals.TOKEN.finditer(folded):
        if token.lastgroup == "chinese" and (value := numerals.chinese(token.group())) is not None:
            rows.append(_name(text, *token.span(), (value,)))
    return tuple(rows)


def _numbered(text: str, folded: str) -> list[Mark]:
    rows = []
    for found in _DIGITS.finditer(folded):
        values = tuple(Decimal(part) for part in _PARTS.findall(found.group()))
        rows.append(_name(text, *found.span(), values))
    return rows


def _name(text: str, start: int, end: int, values: tuple[Decimal, ...]) -> Mark:
    latin = _LATIN.search(text, max(0, start - 13), start)
    before = latin.group().strip(" -").upper() if latin else "第" if text.endswith("第", 0, start) else ""
    at = end + 1 if _CLASSIFIER.match(text, end) and len(values) == 1 else end
    after = text[at : at + 1] if _LETTER.match(text, at) else ""
    begin = latin.start() if latin else start - len(before)
    stop = at + 1 if after in _SHOWN and at == end else end
    return Mark(Stated.NAME, text[begin:stop], begin, stop, numbers=values, before=before, after=after)


def _digits_of(mark: Mark, folded: str) -> tuple[int, int]:
    inside = _DIGITS.search(folded, mark.start, mark.end)
    return inside.span() if inside else (mark.start, mark.end)


class _Taken:
    """Which letters of a text belong to a mark already."""

    def __init__(self, text: str, rows: list[Mark]) -> None:
        self._letters = bytearray(len(text))
        for mark in rows:
            self.take(mark.start, mark.end)

    def take(self, start: int, end: int) -> None:
        """Give the letters to a mark."""
        self._letters[start:end] = b"\1" * (end - start)

    def free(self, start: int, end: int) -> bool:
        """Whether no mark has any of them."""
        return not any(self._letters[start:end])
