"""Postings: BM25 by hand, and an index that is changed step by step is the one that is built at once."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import postings
from assistant.postings import Postings

BAGS = st.lists(st.dictionaries(st.integers(0, 2**64 - 1), st.integers(1, 300), max_size=6), max_size=12)


def built(bags: list[dict[int, int]]) -> Postings:
    return Postings.of(
        (
            np.array(list(bag), np.uint64),
            np.array(list(bag.values()), np.int64),
            sum(bag.values()),
        )
        for bag in bags
    )


def arrays(index: Postings) -> list[list[int]]:
    return [getattr(index, name).tolist() for name in ("codes", "starts", "bags", "counts", "lengths")]


def test_scores_by_hand() -> None:
    """Two bags of three and one terms, k1 1, b 1: code 7 stands in both, twice in the first; code 9 in one."""
    index = built([{7: 2, 9: 1}, {7: 1}])
    # mean length 2; norms 3/2 and 1/2; idf of 7: log(1 + .5/2.5), of 9: log(1 + 1.5/1.5)
    seven, nine = np.log(1.2), np.log(2)
    expected = [seven * 2 * 2 / (2 + 1.5) + nine * 2 * 1 / (1 + 1.5), seven * 2 * 1 / (1 + 0.5)]
    assert index.scores({7: 1.0, 9: 1.0, 8: 5.0}, k1=1.0, b=1.0) == pytest.approx(expected)
    assert index.scores({9: 0.5}, k1=1.0, b=1.0) == pytest.approx([nine * 2 / 2.5 / 2, 0])
    assert (index.frequency(7), index.frequency(9), index.frequency(8)) == (2, 1, 0)


@given(BAGS, st.integers(1, 5))
def test_batches_make_no_difference(bags: list[dict[int, int]], size: int) -> None:
    """However the bags are dealt into batches and merged, the arrays are the same."""
    whole = arrays(built(bags))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(postings, "_BATCH", size)
        assert arrays(built(bags)) == whole


@given(BAGS, BAGS, st.randoms())
def test_changed_is_built_anew(old: list[dict[int, int]], new: list[dict[int, int]], chance) -> None:  # type: ignore[no-untyped-def]
    """Taking bags away and joining others gives the index of what is left and came."""
    keep = [chance.random() < 0.5 for _ in old]
    changed = built(old).kept(np.array(keep, bool)).joined(built(new))
    assert arrays(changed) == arrays(built([bag for bag, stays in zip(old, keep, strict=True) if stays] + new))


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    """Mapped from disk it answers as in memory; arrays of another index among it are noticed."""
    index = built([{7: 2, 9: 1}, {7: 1}])
    index.save(tmp_path)
    assert arrays(Postings.load(tmp_path)) == arrays(index)
    assert Postings.load(tmp_path).scores({7: 1.0}, k1=1, b=1) == pytest.approx(index.scores({7: 1.0}, k1=1, b=1))
    np.save(tmp_path / "codes.npy", np.array([1], np.uint64))
    with pytest.raises(ValueError, match="belong together"):
        Postings.load(tmp_path)
