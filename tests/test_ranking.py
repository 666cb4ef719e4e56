"""Measures of retrieval against cases worked by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals import ranking

RANKED = ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("right", "k", "hit", "reciprocal", "recall", "ndcg"),
    [
        ({"a"}, 1, 1, 1, 1, 1),
        ({"c"}, 2, 0, 0, 0, 0),
        ({"c"}, 3, 1, 1 / 3, 1, 0.5),  # 1 / log2(4)
        ({"b", "d"}, 4, 1, 1 / 2, 1, (1 / math.log2(3) + 1 / math.log2(5)) / (1 + 1 / math.log2(3))),
        ({"b", "x"}, 4, 1, 1 / 2, 1 / 2, (1 / math.log2(3)) / (1 + 1 / math.log2(3))),
        ({"x", "y"}, 4, 0, 0, 0, 0),
        ({"a", "b", "c"}, 1, 1, 1, 1 / 3, 1),
    ],
)
def test_measures_by_hand(right: set[str], k: int, hit: float, reciprocal: float, recall: float, ndcg: float) -> None:
    """Each measure of one ranking, at one depth."""
    assert ranking.hit(RANKED, right, k) == hit
    assert ranking.reciprocal(RANKED, right, k) == pytest.approx(reciprocal)
    assert ranking.recall(RANKED, right, k) == pytest.approx(recall)
    assert ranking.ndcg(RANKED, right, k) == pytest.approx(ndcg)


def test_an_id_ranked_twice_counts_once() -> None:
    """Two passages of one document are one place of the document."""
    assert ranking.reciprocal(["a", "a", "a", "b"], {"b"}, 2) == 1 / 2
    assert ranking.recall(["a", "a"], {"a", "b"}, 2) == 1 / 2


@pytest.mark.parametrize("measure", [ranking.recall, ranking.ndcg])
def test_a_question_without_a_right_id_is_refused(measure) -> None:  # type: ignore[no-untyped-def]
    """What no passage answers cannot be found: the question does not belong in the mean."""
    with pytest.raises(ValueError, match="no id is right"):
        measure(RANKED, set(), 3)


@pytest.mark.parametrize(
    ("above", "below", "area"),
    [
        ([3, 4], [1, 2], 1),
        ([1, 2], [3, 4], 0),
        ([1], [1], 0.5),
        ([3, 1], [2], 0.5),
        ([2, 2], [2, 1], 0.75),  # of four pairs two are won and two tied
    ],
)
def test_area_under_the_curve_by_hand(above: list[float], below: list[float], area: float) -> None:
    """Pairs won, ties half."""
    assert ranking.auc(above, below) == area


@given(st.lists(st.integers(0, 5), min_size=1), st.lists(st.integers(0, 5), min_size=1))
def test_area_is_the_share_of_pairs(above: list[int], below: list[int]) -> None:
    """The fast count is the count of pairs."""
    pairs = [(a > b) + (a == b) / 2 for a in above for b in below]
    assert ranking.auc(above, below) == pytest.approx(sum(pairs) / len(pairs))


@pytest.mark.parametrize(("share", "value"), [(0.5, 2), (0.75, 3), (0.95, 4), (0.0, 1), (1.0, 4)])
def test_percentile_by_hand(share: float, value: float) -> None:
    """Of 1, 2, 3, 4 a value that is among them."""
    assert ranking.percentile([4, 2, 1, 3], share) == value


def test_the_interval_is_steady_and_holds_the_mean() -> None:
    """Seeded, so the same each time; narrower with more values; of equal values a point; of none nought."""
    values = [0.0, 1.0] * 50
    low, high = ranking.interval(values)
    assert (low, high) == ranking.interval(values)
    assert low < 0.5 < high
    more = ranking.interval(values * 20)
    assert more[1] - more[0] < (high - low) / 3
    assert ranking.interval([1.0] * 9) == (1.0, 1.0)
    assert ranking.interval([]) == (0.0, 0.0)
