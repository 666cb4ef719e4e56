"""Yes-and-no results in, how sure their share is out: bootstrap intervals, and an exact test of paired differences."""

import random
from collections.abc import Sequence
from math import comb
from typing import Final

RESAMPLES: Final = 1000  # its 95 % ends are steady to about .005 on 200 answers
SEED: Final = 20251101  # any fixed number, so that a report can be made again
LEVEL: Final = 0.95


def interval(values: Sequence[float]) -> tuple[float, float]:
    """The ends between which 95 % of the resampled means lie; (0, 0) where there are no values.

    >>> interval([1.0] * 20)
    (1.0, 1.0)
    """
    if not values:
        return 0.0, 0.0
    drawn = random.Random(SEED)
    size = len(values)
    means = sorted(sum(drawn.choices(values, k=size)) / size for _ in range(RESAMPLES))
    tail = (1 - LEVEL) / 2
    return means[int(tail * RESAMPLES)], means[min(RESAMPLES - 1, int((1 - tail) * RESAMPLES))]


def sign_test(better: int, worse: int) -> float:
    """How likely a split at least as uneven is if neither is better: two-sided, exact; 1 where none differs.

    It is McNemar's exact test: only the items on which the two runs differ tell anything.

    >>> sign_test(5, 0), sign_test(3, 3)
    (0.0625, 1.0)
    """
    total = better + worse
    if not total:
        return 1.0
    tail = sum(comb(total, count) for count in range(min(better, worse) + 1)) / float(2**total)
    return min(1.0, 2 * tail)
