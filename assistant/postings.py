"""Bags of term codes in, BM25 scores out: an inverted index in six NumPy arrays, which can be mapped from disk.

It is exact: taking bags away and joining others gives the very arrays that building the rest anew would give.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Codes = NDArray[np.uint64]
    Counts = NDArray[np.int64]

_ARRAYS = ("codes", "starts", "bags", "counts", "lengths")
_MOST = 255  # times that a term counts in a bag at most: a byte, and far beyond where BM25 levels off
_BATCH = 4096  # bags sorted together: enough to keep NumPy busy, little beside the memory of what is built


@dataclass(frozen=True, slots=True)
class Postings:
    """``codes`` are sorted; those of ``codes[i]`` are ``bags[starts[i]:starts[i+1]]``, each with its ``counts``."""

    codes: "NDArray[np.uint64]"
    starts: "NDArray[np.int64]"
    bags: "NDArray[np.int32]"
    counts: "NDArray[np.uint8]"
    lengths: "NDArray[np.int32]"

    @classmethod
    def of(cls, rows: Iterable[tuple["Codes", "Counts", int]]) -> "Postings":
        """The index of the rows: distinct codes, how often each stands in the bag, and the bag's length."""
        levels: list[Postings] = []  # merged as in binary counting, so that a posting is copied log(n) times
        batch: list[tuple[Codes, Counts, int]] = []
        for row in rows:
            batch.append(row)
            if len(batch) == _BATCH:
                levels.append(cls._sorted(batch))
                batch = []
                while len(levels) > 1 and len(levels[-1].lengths) >= len(levels[-2].lengths):
                    last = levels.pop()
                    levels[-1] = levels[-1].joined(last)
        whole = cls._sorted(batch)
        for level in reversed(levels):
            whole = level.joined(whole)
        return whole

    @classmethod
    def _sorted(cls, rows: list[tuple["Codes", "Counts", int]]) -> "Postings":
        import numpy as np

        codes = np.concatenate([row[0] for row in rows] or [np.zeros(0, np.uint64)])
        counts = np.concatenate([row[1] for row in rows] or [np.zeros(0, np.int64)])
        bags = np.repeat(np.arange(len(rows), dtype=np.int32), [len(row[0]) for row in rows])
        order = np.argsort(codes, kind="stable")
        distinct, starts = np.unique(codes[order], return_index=True)
        return cls(
            distinct,
            np.append(starts, len(codes)).astype(np.int64),
            bags[order],
            np.minimum(counts[order], _MOST).astype(np.uint8),
            np.array([row[2] for row in rows], np.int32),
        )

    # ------------------------------------------------------------------ changing

    def joined(self, other: "Postings") -> "Postings":
        """Both, the other's bags numbered after these."""
        import numpy as np

        codes = np.union1d(self.codes, other.codes)
        sizes = np.zeros(len(codes) + 1, np.int64)
        places = []
        for each in (self, other):
            places.append(np.searchsorted(codes, each.codes))
            sizes[places[-1] + 1] += np.diff(each.starts)
        starts = np.cumsum(sizes)
        bags, counts = np.empty(starts[-1], np.int32), np.empty(starts[-1], np.uint8)
        taken = np.zeros(len(codes), np.int64)
        for each, place, shift in ((self, places[0], 0), (other, places[1], len(self.lengths))):
            own = np.diff(each.starts)
            at = np.arange(len(each.bags)) + np.repeat(starts[place] + taken[place] - each.starts[:-1], own)
            bags[at], counts[at] = each.bags + np.int32(shift), each.counts
            taken[place] += own
        return Postings(codes, starts, bags, counts, np.concatenate([self.lengths, other.lengths]))

    def kept(self, keep: "NDArray[np.bool_]") -> "Postings":
        """The bags for which ``keep`` holds, numbered anew in their order."""
        import numpy as np

        stays = keep[self.bags]
        ends = np.concatenate([np.zeros(1, np.int64), np.cumsum(stays)])[self.starts]
        numbers = np.cumsum(keep, dtype=np.int32) - 1
        used = np.diff(ends) > 0
        starts = np.append(ends[:-1][used], ends[-1]).astype(np.int64)
        return Postings(
            np.asarray(self.codes)[used],
            starts,
            numbers[self.bags[stays]],
            np.asarray(self.counts)[stays],
            np.asarray(self.lengths)[keep],
        )

    # ------------------------------------------------------------------ asking

    def frequency(self, code: int) -> int:
        """In how many bags the code stands."""
        at = self._place(code)
        return 0 if at is None else int(self.starts[at + 1] - self.starts[at])

    def rarity(self, code: int) -> float:
        """Inverse document frequency as BM25 has it: log(1 + (N - n + ½) / (n + ½))."""
        seen = self.frequency(code)
        return math.log(1 + (len(self.lengths) - seen + 0.5) / (seen + 0.5))

    def scores(self, asked: Mapping[int, float], *, k1: float, b: float) -> "NDArray[np.float32]":
        """Each bag's BM25 score for the codes, each with its weight (Robertson and Zaragoza, 2009, §3.2)."""
        import numpy as np

        lengths = np.asarray(self.lengths, np.float32)
        mean = max(float(lengths.mean()), 1.0) if len(lengths) else 1.0
        norm = (k1 * (1 - b + b * lengths / mean)).astype(np.float32)
        found = np.zeros(len(lengths), np.float32)
        for code, weight in asked.items():
            at = self._place(code)
            if at is None:
                continue
            here = slice(int(self.starts[at]), int(self.starts[at + 1]))
            bags, count = self.bags[here], self.counts[here].astype(np.float32)
            found[bags] += np.float32(weight * self.rarity(code) * (k1 + 1)) * count / (count + norm[bags])
        return found

    def _place(self, code: int) -> int | None:
        import numpy as np

        at = int(np.searchsorted(self.codes, np.uint64(code)))
        return at if at < len(self.codes) and int(self.codes[at]) == code else None

    # ------------------------------------------------------------------ keeping

    def save(self, folder: Path) -> None:
        """One file an array, in a folder that exists."""
        import numpy as np

        for name in _ARRAYS:
            np.save(folder / f"{name}.npy", getattr(self, name))

    @classmethod
    def load(cls, folder: Path) -> "Postings":
        """What was saved, mapped and not read. Raises OSError or ValueError where a file is missing or spoilt."""
        import numpy as np

        kept = {}
        for name in _ARRAYS:
            path = folder / f"{name}.npy"
            if path.stat().st_size == 0:
                raise ValueError(f"{path} is empty")
            kept[name] = np.load(path, mmap_mode="r", allow_pickle=False)
        found = cls(**kept)
        if not (
            len(found.starts) == len(found.codes) + 1
            and len(found.bags) == len(found.counts) == int(found.starts[-1])
            and all(array.ndim == 1 for array in kept.values())
        ):
            raise ValueError(f"The arrays in {folder} do not belong together")
        return found
