"""What a question asks to be reckoned, as records: the operation, the sides that it is put to, the result's unit."""

from dataclasses import dataclass
from enum import StrEnum


class Operation(StrEnum):
    """What the figures are to be put to."""

    COMPARE = "compare"  # which of two is higher, and by how much
    CHANGES = "changes"  # which of two rose more
    DIFFERENCE = "difference"
    CHANGE = "change"  # of one thing between two points
    REST = "rest"  # a whole without its parts
    SUM = "sum"
    RATIO = "ratio"
    SHARE = "share"
    EXCEEDS = "exceeds"  # by what share, or how many times, one exceeds the other
    GROWTH = "growth"  # the same of one thing between two points
    YEARLY = "yearly"  # compound growth a year
    AVERAGE = "average"  # one figure over another of another unit
    LASTS = "lasts"  # how long a stock lasts at a rate
    OVER = "over"  # a rate over a stretch of time
    BY_SHARE = "by_share"  # whole from part, part from whole
    BEFORE = "before"  # the figure that grew into this one
    CONVERT = "convert"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question's reckoning.

    ``splits`` are ways to name the sides; ``context`` is what both share; ``word`` how they are compared (高, 提升).
    ``unit`` is the unit asked for, ``per`` that of one piece (平均每家) or of the time asked for; empty where none is.
    """

    operation: Operation
    splits: tuple[tuple[str, ...], ...]
    context: str
    unit: str = ""
    per: str = ""
    word: str = ""
    sure: bool = True
