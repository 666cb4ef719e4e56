"""Two figures in, whether the printed one bears out the stated one, by value and bound alone.

A draft may say less than its source (超100亿元 for 103.62亿元, 约104亿元, 近六成 for 58.6%), never more: 100亿元 is not
borne out by 约100亿元 or 超100亿元.
"""

from fractions import Fraction
from typing import Final

from assistant import figures, numerals, units
from assistant.records import Bound, Figure

_FLOOR: Final = (Bound.MORE_THAN, Bound.AT_LEAST)
_CEILING: Final = (Bound.LESS_THAN, Bound.AT_MOST)
_BEARS: Final = {
    Bound.EXACT: (Bound.EXACT,),
    Bound.ABOUT: (Bound.ABOUT, Bound.EXACT),
    Bound.AT_LEAST: (Bound.EXACT, *_FLOOR),
    Bound.MORE_THAN: _FLOOR,
    Bound.AT_MOST: (Bound.EXACT, *_CEILING),
    Bound.LESS_THAN: _CEILING,
}
_NEARLY: Final = ("近", "将近", "接近", "nearly", "almost", "close to")
_JUST_BELOW: Final = Fraction(1, 10)  # 近六成 is said of 54% at the least: farther away a writer says 过半


def equal(stated: Figure, printed: Figure) -> bool:
    """Whether the values are one, or one rounds to the other as an ABOUT allows.

    What is told more exactly than it is printed is not: 约50.1% of 近半.
    """
    if not figures.same(stated, printed, bounds=False):
        return False
    finer = Fraction(figures.place(stated)) < Fraction(figures.place(printed))
    return base(stated) == base(printed) or stated.unit != printed.unit or not finer


def bears(stated: Figure, printed: Figure) -> bool:
    """Whether what is printed makes what is stated true."""
    if equal(stated, printed):
        return printed.bound in _BEARS[stated.bound]
    return weaker(stated, printed)


def weaker(stated: Figure, printed: Figure) -> bool:
    """Whether the stated figure is the printed one told less exactly: rounded down with 超, up with 不到, with 约."""
    if (
        stated.bound is Bound.EXACT
        or units.measure(stated.unit, stated.kind)[0] != units.measure(printed.unit, printed.kind)[0]
    ):
        return False
    a, b = base(stated), base(printed)
    step = _step(stated)
    if stated.bound in _FLOOR:
        return a < b < a + step and printed.bound not in _CEILING
    if stated.bound in _CEILING:
        return a - step < b < a and printed.bound not in _FLOOR
    if printed.bound not in (Bound.EXACT, Bound.ABOUT):
        return False
    if numerals.fold(stated.text).lower().startswith(_NEARLY):
        return a * (1 - _JUST_BELOW) <= b <= a
    return abs(a - b) * 2 <= step


def base(figure: Figure) -> Fraction:
    """The value in the base of what the figure measures."""
    return Fraction(figure.value) * units.measure(figure.unit, figure.kind)[1]


def _step(figure: Figure) -> Fraction:
    """The worth of the last printed digit that is not nought: 100亿 of 超100亿元, 0.2万 has 0.1万."""
    value = Fraction(figure.value)
    factor = units.measure(figure.unit, figure.kind)[1]
    step = Fraction(figures.place(figure))
    while value and step and value % (step * 10) == 0:
        step *= 10
    return step * factor
