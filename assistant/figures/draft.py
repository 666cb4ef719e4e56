"""A number under reading, from its numeral to a Figure: what the stages of ``find`` hand on to each other."""

from dataclasses import dataclass
from decimal import Decimal

from assistant import units
from assistant.numerals import Numeral
from assistant.records import Bound
from assistant.units import Unit

SHARE = Unit("%", "share")
BARE = Unit("", units.COUNT)
RANKED = "rank"


@dataclass(slots=True)
class Draft:
    """A number under reading: ``start`` to ``end`` grow as words around it are taken in."""

    number: Numeral
    start: int
    end: int
    value: Decimal
    unit: Unit | None = None
    unit_end: int = 0
    bound: Bound = Bound.EXACT
    refused: bool = False
    whole: bool = False  # a complete expression, such as 七分之一, that no unit follows


def plain(value: Decimal) -> Decimal:
    """Strip the value of trailing zeros and of an exponent: 3.20E+4 → 32000."""
    # through int, for quantize fails beyond the 28 digits of a Decimal's arithmetic: a row of 29 is printed somewhere
    return Decimal(int(value)) if value == value.to_integral_value() else value.normalize()
