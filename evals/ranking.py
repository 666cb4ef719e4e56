"""Ranked ids and the ids that are right in, measures of retrieval out: pure functions over one question or over many.

Ranks count from one; an id that is ranked twice counts where it first stands.
"""

import math
import random
from collections.abc import Collection, Hashable, Sequence

ROUNDS = 1000  # resamples of a bootstrap: its 95 % ends are steady to about .003 on a thousand questions
SEED = 20250901  # any fixed number, so that a table can be made again


def hit(ranked: Sequence[Hashable], right: Collection[Hashable], k: int) -> float:
    """1 where a right id is among the first ``k``, otherwise 0."""
    return float(any(one in right for one in _distinct(ranked)[:k]))


def reciprocal(ranked: Sequence[Hashable], right: Collection[Hashable], k: int) -> float:
    """One over the rank of the first right id among the first ``k``, otherwise 0."""
    return next((1 / rank for rank, one in enumerate(_distinct(ranked)[:k], 1) if one in right), 0.0)


def recall(ranked: Sequence[Hashable], right: Collection[Hashable], k: int) -> float:
    """The share of the right ids that is among the first ``k``. Raises ValueError where none is right."""
    if not right:
        raise ValueError("recall of nothing: no id is right")
    return sum(one in right for one in _distinct(ranked)[:k]) / len(set(right))


def ndcg(ranked: Sequence[Hashable], right: Collection[Hashable], k: int) -> float:
    """Discounted gain (1 / log2(rank + 1) for a right id) by that of the best order (Järvelin and Kekäläinen, 2002)."""
    if not right:
        raise ValueError("nDCG of nothing: no id is right")
    gain = sum(1 / math.log2(rank + 1) for rank, one in enumerate(_distinct(ranked)[:k], 1) if one in right)
    return gain / sum(1 / math.log2(rank + 1) for rank in range(1, min(k, len(set(right))) + 1))


def auc(above: Sequence[float], below: Sequence[float]) -> float:
    """The chance that one of ``above`` exceeds one of ``below``, ties counting half (Mann and Whitney, 1947)."""
    if not above or not below:
        raise ValueError("the area under the curve needs scores of both kinds")
    order = sorted([(score, 1) for score in above] + [(score, 0) for score in below])
    won = 0.0
    at = passed = 0
    while at < len(order):
        till = at
        while till < len(order) and order[till][0] == order[at][0]:
            till += 1
        tied = sum(kind for _, kind in order[at:till])
        won += tied * (passed + (till - at - tied) / 2)
        passed += till - at - tied
        at = till
    return won / (len(above) * len(below))


def mean(values: Sequence[float]) -> float:
    """The mean; 0 of none."""
    return math.fsum(values) / len(values) if values else 0.0


def percentile(values: Sequence[float], share: float) -> float:
    """The least value that at least ``share`` of the values do not exceed; 0 of none."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else 0.0


def interval(values: Sequence[float], *, rounds: int = ROUNDS, seed: int = SEED) -> tuple[float, float]:
    """The ends of the 95 % bootstrap interval of the mean; the same values always have the same."""
    if not values:
        return 0.0, 0.0
    chance = random.Random(seed)
    means = [mean(chance.choices(values, k=len(values))) for _ in range(rounds)]
    return percentile(means, 0.025), percentile(means, 0.975)


def _distinct(ranked: Sequence[Hashable]) -> list[Hashable]:
    return list(dict.fromkeys(ranked))
