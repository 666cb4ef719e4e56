"""An index in, a table of what its parts cost as it grows out: at 1,000, 10,000, 100,000 passages, with the exponent.

    python -m evals.benchmarks.growth --data data --sizes 1000,10000

The passages of the index are written again and again with other digits, under other files; their vectors are made up,
of the embedder's size, where embedding would take days. Seconds are of processor, which a busy machine does not
lengthen as it does those of the clock. An exponent of 1 is in proportion, 0 is no growth at all.
"""

import argparse
import math
import os
import platform
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from assistant import settings
from assistant.claim_index import ClaimIndex, Wanted
from assistant.errors import JushiError
from assistant.lexical import Lexical
from assistant.records import Page, Passage
from assistant.store import Store
from assistant.vector_cache import VectorCache
from assistant.writing import Writing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from assistant.embed import Vectors

DIMENSION: Final = 384
_BATCH: Final = 256  # passages written together, as ingestion does
_A_PAGE: Final = 30  # passages of one file
_ASKED: Final = 30  # questions whose median counts
_DIGITS: Final = "123456789"


def copies(known: Sequence[Passage], count: int) -> Iterator[Passage]:
    """So many passages: the known ones with other digits and other ids, in files of some thirty."""
    for at in range(count):
        passage, turn = known[at % len(known)], at // len(known)
        other = str.maketrans(_DIGITS, _DIGITS[turn % 9 :] + _DIGITS[: turn % 9])
        identity = f"{turn}-{passage.id}"
        yield replace(
            passage,
            id=identity,
            text=passage.text.translate(other),
            source=replace(passage.source, file=f"{at // _A_PAGE:06}.md"),
            claims=tuple(replace(claim, passage_id=identity) for claim in passage.claims),
        )


def fill(writing: Writing, known: Sequence[Passage], count: int, vectors: "Callable[[int, int], Vectors]") -> None:
    """Writes so many copies as ingestion does, a page sealed when all are there; the caller commits.

    ``vectors(at, many)`` gives those of ``many`` copies from the ``at``-th on, a row each.
    """
    passages = copies(known, count)
    for at in range(0, count, _BATCH):
        some = list(islice(passages, _BATCH))
        names = [passage.id for passage in some]
        rows = vectors(at, len(some))
        writing.vectors.put(names, rows)
        writing.put([passage.source.file for passage in some], some, names, list(rows))
    for file in range(-(-count // _A_PAGE)):
        name = f"{file:06}.md"
        writing.seal(name, Page(f"{file:024}", name, name), {"passages": min(_A_PAGE, count - file * _A_PAGE)}, ())


def measured(known: Sequence[Passage], count: int, folder: Path) -> dict[str, float]:
    """Seconds of processor of each part at ``count`` passages, and megabytes."""
    import numpy as np

    random = np.random.default_rng(count)
    cost: dict[str, float] = {}
    store = Store.create(folder, "made-up")
    with _timed(cost, "write, all"), Writing(store) as writing:
        fill(writing, known, count, lambda _, many: unit(random.normal(size=(many, DIMENSION))))
        with _timed(cost, "commit, without what is derived"):
            writing.commit()
    with _timed(cost, "word index, made"):
        Lexical.of(store)
    with _timed(cost, "claim index, made"):
        claims = ClaimIndex.of(store)
    store.close()
    with _timed(cost, "store, opened"):
        store = Store.open(folder, "made-up")
    with _timed(cost, "word index, opened"):
        Lexical.of(store)
    with _timed(cost, "claim index, opened"):
        ClaimIndex.of(store).close()
    questions = unit(random.normal(size=(_ASKED, DIMENSION)))
    cost["12 nearest vectors"] = _median(lambda at: store.nearest(questions[at], 12))
    cost["30 passages by id"] = _median(lambda at: store.get([f"0-{one.id}" for one in known[at : at + 30]]))
    told = [claim for passage in known for claim in passage.claims][:_ASKED]
    cost["claims of a subject and metric"] = _median(
        lambda at: claims.find(Wanted(subject=told[at % len(told)].subject, metric=told[at % len(told)].metric), 50)
    )
    cost["what others claim"] = _median(lambda at: claims.others(told[at % len(told)]))
    cache = VectorCache(folder)
    cost["32 vectors of the cache"] = _median(lambda at: cache.get([f"0-{one.id}" for one in known[at : at + 32]]))
    cache.close()
    claims.close()
    store.close()
    cost["disk, MB"] = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    cost["memory, MB"] = used / (2**20 if platform.system() == "Darwin" else 1024)
    return cost


def unit(vectors: "NDArray[np.floating]") -> "Vectors":
    """The rows at length one."""
    import numpy as np

    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


class _timed:
    def __init__(self, cost: dict[str, float], name: str) -> None:
        self._cost, self._name = cost, name

    def __enter__(self) -> None:
        self._began = time.process_time()

    def __exit__(self, *_: object) -> None:
        self._cost[self._name] = time.process_time() - self._began


def _median(act: Callable[[int], object]) -> float:
    """Seconds of processor of the middle one of the calls, the first left out."""
    act(0)
    spent = []
    for at in range(_ASKED):
        began = time.process_time()
        act(at)
        spent.append(time.process_time() - began)
    return sorted(spent)[len(spent) // 2]


def table(sizes: Sequence[int], rows: Sequence[dict[str, float]]) -> str:
    """A line each part: what it costs at each size, and the exponent with which that grows."""
    lines = ["| part | " + " | ".join(f"{size:,}" for size in sizes) + " | exponent |", "|---" * (len(sizes) + 2) + "|"]
    for name in rows[0]:
        cells = [f"{row[name]:.0f}" if name.endswith("MB") else _seconds(row[name]) for row in rows]
        lines.append(f"| {name} | {' | '.join(cells)} | {exponent(sizes, [row[name] for row in rows])} |")
    return "\n".join(lines)


def exponent(sizes: Sequence[int], costs: Sequence[float]) -> str:
    """By which power of the size the cost grows, from the least to the most."""
    if len(sizes) < 2 or costs[0] <= 0:
        return "–"
    return f"{math.log(costs[-1] / costs[0]) / math.log(sizes[-1] / sizes[0]):.2f}"


def _seconds(spent: float) -> str:
    return f"{spent:.2f} s" if spent >= 1 else f"{1000 * spent:.1f} ms"


def main(argv: Sequence[str] | None = None) -> int:
    """Prints the table; 2 where the index cannot be read."""
    parser = argparse.ArgumentParser(
        "python -m evals.benchmarks.growth", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default="1000,10000,100000", help="passages, ascending")
    settings.add_flags(parser, "data", "embedder")
    given = parser.parse_args(argv)
    chosen = settings.from_flags(given)
    try:
        sizes = [int(size) for size in given.sizes.split(",")]
        source = Store.open(Path(chosen.data), chosen.embedder, chosen.server)
        known = sorted(source.all(), key=lambda passage: passage.id)
        source.close()
        rows = []
        for size in sizes:
            with tempfile.TemporaryDirectory() as kept:
                rows.append(measured(known, size, Path(kept) / "data"))
    except (JushiError, ValueError) as error:
        print(f"evals.benchmarks.growth: {error}", file=sys.stderr)
        return 2
    print(f"{date.today()}, {os.cpu_count()} cores, {platform.machine()}, {len(known)} passages, again and again")
    print(table(sizes, rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
