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
    whole = value.to_integral_value()
    return whole.quantize(Decimal(1)) if whole == value else value.normalize()
