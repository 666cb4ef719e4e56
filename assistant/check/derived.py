"""A draft's figure that no source prints in, how it follows in one step from figures that they do print, out.

A sum, a difference, a ratio or a growth, where the draft's own words ask for it (共, 比…多, 占, 增长): 16.12亿元 is
103.62亿元 - 87.5亿元. The operands stand in the sentences nearest to the draft's, or are what bears its other figures.
A result must equal the draft's figure as rounded in print.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import permutations
from typing import Final

from assistant import figures, units
from assistant.check import context, holding
from assistant.check.sources import TITLE, Printed, Sources
from assistant.check.statements import Statement
from assistant.records import Bound, Figure

_SUM: Final = re.compile(r"共|合计|总|累计|加起来|之和|together|total|combined|\bsum\b")
_DIFFERENCE: Final = re.compile(
    r"增加|增长|净增|新增|多|高|超出|提升|上升|减少|少|低|下降|回落|差|缩小|扩大|快|慢|领先|落后|除去|扣除|减去|其余|剩"
    r"|more|less|fewer|higher|lower|gap|differ|increas|decreas|rose|fell|grew"
)
_GROWTH: Final = re.compile(
    r"增|涨|升|长|提高|降|减|跌|下滑|回落|grew|growth|rose|increas|fell|decreas|declin|drop|up |down "
)
_RATIO: Final = re.compile(r"占|比重|比例|率|其中|相当于|之|的|share|proportion|percent|of ")
_NEAREST: Final = 4  # sentences whose figures are looked through: with more, some pair comes to any number
_MOST: Final = 10  # operands of one measure
_RUN: Final = 8  # figures of the longest list that is summed up
_SIGNIFICANT: Final = 3  # digits of a figure that two figures of the sources do not come to by chance
_AROUND: Final = 12  # letters on either side of a figure in which the word for its operation stands
_ALIKE: Final = 0.25  # agreement of words from which a figure is an operand


@dataclass(frozen=True, slots=True)
class Derived:
    """How a figure is computed, and the printed figures that it is computed from."""

    formula: str
    operands: tuple[Printed, ...]


def derived(statement: Statement, figure: Figure, borne: Sequence[Printed], sources: Sources) -> Derived | None:
    """The first way found, or None. ``borne`` are the printed figures that bear the draft's others nearby."""
    near = _near(statement, sources)
    told = [one for one in borne if one.mark.figure]
    before = statement.text[max(0, statement.mark.start - _AROUND) : statement.mark.start]
    after = statement.text[statement.mark.end : statement.mark.end + _AROUND]
    said = before + after
    enough = len(re.sub(r"^0+|\D", "", digits(figure))) >= _SIGNIFICANT
    for rows in (told, [*told, *near] if enough else []):
        for formula, value, operands in _results(figure, said, rows[:_MOST], sources):
            if _comes_to(figure, value, operands):
                return Derived(formula, operands)
    return None


def digits(figure: Figure) -> str:
    """The printed digits, without the noughts at the end of a round number: 16.12 of 16.12亿元, 4 of 400."""
    found = re.search(r"[0-9][0-9,.]*", figure.text)
    digits = found.group().replace(",", "") if found else ""
    return digits if "." in digits else digits.rstrip("0")


def _near(statement: Statement, sources: Sources) -> list[Printed]:
    places = [place for place, _ in sources.nearest(statement.words.items(), _NEAREST)]
    rows = [one for one in sources.figures if (one.passage, one.sentence) in places and one.sentence != TITLE]
    agreed = {id(one): context.agreement(statement.words, sources.credits(one)) for one in rows}
    kept = [one for one in rows if agreed[id(one)] >= _ALIKE]
    return sorted(kept, key=lambda one: -agreed[id(one)])


_Result = tuple[str, Fraction, tuple[Printed, ...]]


def _results(figure: Figure, said: str, rows: Sequence[Printed], sources: Sources) -> Iterator[_Result]:
    measure = units.measure(figure.unit, figure.kind)[0]
    pairs = [
        (one, other, one.base, other.base)
        for one, other in permutations(rows, 2)
        if one.measure == other.measure and one.base and other.base
    ]
    if figure.kind == "share":
        for one, other, a, b in pairs:
            if _GROWTH.search(said) and one.mark.figure and one.mark.figure.kind != "share" and b > 0:
                yield f"({one.mark.text} - {other.mark.text}) ÷ {other.mark.text}", abs(a - b) * 100 / b, (one, other)
            if _RATIO.search(said) and 0 < a < b:
                yield f"{one.mark.text} ÷ {other.mark.text}", a * 100 / b, (one, other)
        return
    if figure.kind == "multiple":
        for one, other, a, b in pairs:
            if b > 0:
                yield f"{one.mark.text} ÷ {other.mark.text}", a / b, (one, other)
                if _GROWTH.search(said):
                    yield f"({one.mark.text} - {other.mark.text}) ÷ {other.mark.text}", (a - b) / b, (one, other)
        return
    wanted = "share" if figure.kind == "points" else measure
    if _DIFFERENCE.search(said):
        for one, other, a, b in pairs:
            if one.measure == wanted and a > b:
                yield f"{one.mark.text} - {other.mark.text}", a - b, (one, other)
    if _SUM.search(said):
        for run in _runs([one for one in rows if one.measure == measure], sources):
            yield " + ".join(one.mark.text for one in run), sum((one.base for one in run), Fraction(0)), run


def _runs(rows: Sequence[Printed], sources: Sources) -> Iterator[tuple[Printed, ...]]:
    """Lists of one sentence, whole or in part, longest first; then any two."""
    places = dict.fromkeys((one.passage, one.sentence) for one in rows)
    for place in places:
        measures = {one.measure for one in rows}
        listed = [one for one in sources.figures if (one.passage, one.sentence) == place and one.measure in measures]
        for length in range(min(len(listed), _RUN), 1, -1):
            for start in range(len(listed) - length + 1):
                yield tuple(listed[start : start + length])
    for at, one in enumerate(rows):
        for other in rows[at + 1 :]:
            yield one, other


def _comes_to(figure: Figure, value: Fraction, operands: Sequence[Printed]) -> bool:
    """Whether the value, rounded as the figure is printed, is the figure, with a bound that the operands allow."""
    bounds = {one.mark.figure.bound for one in operands if one.mark.figure} - {Bound.EXACT}
    if bounds and not bounds <= {figure.bound}:
        return False
    factor = units.measure(figure.unit, figure.kind)[1]
    exact = Fraction(value) / factor
    if abs(exact - Fraction(figure.value)) * 2 <= Fraction(figures.place(figure)):
        return True
    rounded = Decimal(exact.numerator) / Decimal(exact.denominator)
    return holding.weaker(figure, replace(figure, value=rounded, bound=Bound.EXACT))
