"""Counts in, shares out: hits of a whole, added up over pages before they are divided."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ratio:
    """``hit`` of ``of``."""

    hit: int
    of: int

    def __add__(self, other: "Ratio") -> "Ratio":
        return Ratio(self.hit + other.hit, self.of + other.of)

    @property
    def share(self) -> float:
        """0 to 1; 1 of nothing."""
        return self.hit / self.of if self.of else 1.0


def added(measured: Iterable[Mapping[str, Ratio]]) -> dict[str, Ratio]:
    """The measures of several pages as one; a measure that a page lacks adds nothing."""
    total: dict[str, Ratio] = {}
    for one in measured:
        for name, ratio in one.items():
            total[name] = total.get(name, Ratio(0, 0)) + ratio
    return total


def f1(precision: Ratio, recall: Ratio) -> float:
    """The harmonic mean of precision and recall."""
    total = precision.share + recall.share
    return 2 * precision.share * recall.share / total if total else 0.0
