"""Two Figures in, whether they state the same quantity out; a Figure and a unit in, the Figure in that unit out."""

import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from assistant import numerals, units
from assistant.figures.draft import SHARE, plain
from assistant.records import Bound, Figure
from assistant.units import Unit

_ROUNDED = Fraction(1, 10**24)  # a Decimal keeps 28 digits: 2亩 as 公顷 is a third cut off there
_SCALED = re.compile("[万亿]|million|billion|trillion")


def same(a: Figure, b: Figure, *, bounds: bool = True) -> bool:
    """Whether two figures state the same quantity.

    Units convert (83573万元 is 8.3573亿元, 2590万度 is 25.9 GWh), but not across measures: 5% is not 5个百分点, 26.1倍
    not 26.1%, 3家 not 3个. 名, 人 and 位 are one, as are 家 and 户. A number that stands bare (``2.4 million``) agrees
    with any count, and with 元 if it prints its 万 or 亿; 850度 agrees with 850℃ as with 850千瓦时.

    Values must be equal; only where a bound is ABOUT may the other value be any that rounds to its last printed digit
    (约14.3% and 七分之一).

    With ``bounds`` the bounds must point the same way too: 超1亿元 and 1亿元以上 do, 超1亿元 and 1亿元 do not.
    """
    if bounds and _side(a.bound) != _side(b.bound):
        return False
    measure_a, factor_a = units.measure(a.unit, a.kind)
    measure_b, factor_b = units.measure(b.unit, b.kind)
    if "度" in (a.unit, b.unit) and {measure_a, measure_b} == {"energy", "temperature"}:
        # 850度 alone does not tell what it measures: it is taken for what the other figure measures
        factor_a, factor_b = (Fraction(1) if f.unit == "度" else g for f, g in ((a, factor_a), (b, factor_b)))
        measure_a = measure_b
    if measure_a != measure_b:
        if not (_agrees_bare(a, b) or _agrees_bare(b, a)):
            return False
        factor_a = factor_b = Fraction(1)
    value_a, value_b = Fraction(a.value) * factor_a, Fraction(b.value) * factor_b
    gap = abs(value_a - value_b)
    if gap <= abs(value_a) * _ROUNDED:
        return True
    return (a.bound is Bound.ABOUT and gap * 2 <= Fraction(place(a)) * factor_a) or (
        b.bound is Bound.ABOUT and gap * 2 <= Fraction(place(b)) * factor_b
    )


def _agrees_bare(a: Figure, b: Figure) -> bool:
    """Whether ``a`` prints no unit and so may be what ``b`` is: a count, or a sum of money if 万 or 亿 is printed."""
    if a.unit or a.kind != units.COUNT:
        return False
    return b.kind == units.COUNT or (b.unit == "元" and _SCALED.search(a.text) is not None)


def _side(bound: Bound) -> str:
    """超 and 以上 both set a floor, 不到 and 以内 a ceiling: they differ at one point that no print can tell."""
    return {
        Bound.MORE_THAN: "floor",
        Bound.AT_LEAST: "floor",
        Bound.LESS_THAN: "ceiling",
        Bound.AT_MOST: "ceiling",
    }.get(bound, bound.value)


def place(figure: Figure) -> Decimal:
    """Tell the worth of one step of the last printed digit, in the unit: 10000 for 约240万把, 0.1 for 约14.3%."""
    folded = numerals.fold(figure.text)
    for token in numerals.TOKEN.finditer(folded):
        number = numerals.number(folded, token)
        if number and number.value == figure.value:
            return number.place
        if number and figure.unit == SHARE.name and folded.startswith("成", number.end):
            return Decimal(10)
    exponent = figure.value.as_tuple().exponent
    return Decimal((0, (1,), exponent)) if isinstance(exponent, int) and exponent < 0 else Decimal(1)


def convert(figure: Figure, unit: str) -> Figure | None:
    """Convert to another unit of the same measure (2590万度 is 25.9 GWh); ``None`` if the units do not convert.

    ``text`` and the span stay those of the print.
    """
    target = units.UNITS.get(unit, Unit(unit, figure.kind))
    measure_from, factor_from = units.measure(figure.unit, figure.kind)
    measure_to, factor_to = units.measure(target.name, figure.kind if target.name == "度" else target.kind)
    if measure_from != measure_to:
        return None
    ratio = factor_from / factor_to
    value = figure.value * ratio.numerator / ratio.denominator
    return replace(figure, value=plain(value), unit=target.name)
