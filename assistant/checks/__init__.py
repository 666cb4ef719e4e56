"""One story's claims in, what in it cannot be right out: each check a small function, all of them in ``CHECKS``.

A check holds figures of one story against each other, or a figure against what its measure can be (``metrics.toml``),
and never corrects one. The probable reading is the printed number with its decimal point put back, where that alone
mends it.
"""

from collections.abc import Iterator
from typing import Final

from assistant.checks import change, equations, physics, prices, printing, ranges, wholes
from assistant.checks.doubt import Check, told
from assistant.records import Account, Suspicion

CHECKS: Final[tuple[Check, ...]] = (
    change.direction,
    change.growth,
    change.increase,
    change.rhythm,
    equations.shares_of_one,
    equations.share_of_another,
    equations.difference,
    wholes.parts,
    wholes.shares,
    wholes.within,
    wholes.sums,
    wholes.parts_growth,
    wholes.above_region,
    ranges.capped,
    ranges.fall,
    ranges.growth_range,
    ranges.ranges,
    ranges.unit_fit,
    prices.unit_price,
    prices.subsidy,
    prices.workers,
    prices.conversion,
    physics.solar,
    physics.energy,
    physics.coil,
    printing.leading_zero,
    printing.too_many_digits,
    printing.precision,
    printing.digits,
    printing.siblings,
    printing.habit,
    printing.headline,
    printing.likened,
    printing.rate_name,
    printing.papers,
)
"""Every check of one story, in the order in which they are made."""


def suspicions(account: Account) -> Iterator[Suspicion]:
    """Whatever the checks of one story find, in the order of ``CHECKS``."""
    rows = told(account)
    for check in CHECKS:
        yield from check(account, rows)
