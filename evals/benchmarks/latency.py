"""An index and questions in, a table of what finding evidence costs out: at 10,000 and 100,000 passages, by stage.

    python -m evals.benchmarks.latency --data data --questions dev.jsonl --sizes 10000,100000 --cache FOLDER

The passages of the index are written again with other digits, under other files, their claims with them, until there
are so many; a copy's vector is the first one's, turned a little at random. Nothing else is made up: the question is
embedded, Chroma, the word index and the claims are those that answer. Each size is loaded by a process of its own, so
that seconds and memory are those of a program that only answers.
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from assistant import embed, evidence, question, retrieve, settings
from assistant.claim_index import ClaimIndex
from assistant.errors import JushiError
from assistant.lexical import Lexical
from assistant.records import Passage
from assistant.store import Store
from assistant.thesaurus import load as load_thesaurus
from assistant.writing import Writing
from evals import ranking, shelf
from evals.benchmarks.growth import fill, unit

if TYPE_CHECKING:
    from assistant.embed import Vectors

_TURNED: Final = 0.1  # length of what is added at random to a copy's vector: its cosine to the first is .995
_WARM: Final = 3  # questions asked before those that count
_STAGES: Final = ("embed the question", "retrieve", "number the evidence", "a question")
_SHARES: Final = (0.5, 0.95)


def grown(known: Sequence[Passage], vectors: "Vectors", count: int, folder: Path, embedder: str) -> None:
    """Writes an index of ``count`` passages, with what is derived from it."""
    import numpy as np

    random = np.random.default_rng(count)

    def turned(at: int, many: int) -> "Vectors":
        rows = vectors[[(at + place) % len(known) for place in range(many)]]
        return unit(rows + _TURNED * unit(random.normal(size=rows.shape)))

    store = Store.create(folder, embedder)
    with Writing(store) as writing:
        fill(writing, known, count, turned)
        writing.commit()
    Lexical.of(store)
    ClaimIndex.of(store).close()
    store.close()


def embedded(chosen: settings.Settings, cache: Path | None) -> tuple[list[Passage], "Vectors"]:
    """The passages of the index in the settings, and their vectors, made again or taken from the folder ``cache``."""
    store = Store.open(Path(chosen.data), chosen.embedder, chosen.server)
    known = sorted(store.all(), key=lambda passage: passage.id)
    store.close()
    embedder = embed.load(chosen.embedder, chosen.threads, Path(chosen.models))
    return known, shelf.embedded([f"{one.source.headline}\n{one.text}" for one in known], embedder, cache)


def asked(folder: Path, questions: Sequence[str], chosen: settings.Settings) -> dict[str, float]:
    """Seconds to load, milliseconds of each stage of a question, and megabytes, of this process."""
    cost: dict[str, float] = {}
    embedder = embed.load(chosen.embedder, chosen.threads, Path(chosen.models))
    embedder.question("预热")
    began = time.perf_counter()
    store = Store.open(folder, chosen.embedder)
    cost["load: Chroma opened, s"] = time.perf_counter() - began
    began = time.perf_counter()
    lexical = Lexical.of(store)
    cost["load: word index, s"] = time.perf_counter() - began
    began = time.perf_counter()
    claims = ClaimIndex.of(store)
    words = load_thesaurus(store.home, claims.aliases)
    cost["load: claims and names, s"] = time.perf_counter() - began
    began = time.perf_counter()
    _ask(questions[0], store, embedder, lexical, claims, words, chosen)
    cost["first question, s"] = time.perf_counter() - began
    for text in questions[:_WARM]:
        _ask(text, store, embedder, lexical, claims, words, chosen)
    spent = [_ask(text, store, embedder, lexical, claims, words, chosen) for text in questions]
    for name, of_stage in zip(_STAGES, zip(*spent, strict=True), strict=True):
        for share in _SHARES:
            cost[f"{name}, ms, {'median' if share == 0.5 else 'p95'}"] = 1000 * ranking.percentile(of_stage, share)
    claims.close()
    store.close()
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    cost["memory, MB"] = used / (2**20 if platform.system() == "Darwin" else 1024)
    cost["disk, MB"] = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20
    return cost


def _ask(
    text: str,
    store: Store,
    embedder: embed.Embedder,
    lexical: Lexical,
    claims: ClaimIndex,
    words: Any,
    chosen: settings.Settings,
) -> tuple[float, ...]:
    """Seconds of each stage. Embedding is measured apart, because retrieval does it within."""
    began = time.perf_counter()
    embedder.question(text)
    embedded = time.perf_counter()
    query = question.understand(text, (), words)
    hits = retrieve.retrieve(query, store, embedder, lexical, chosen.hits, claims=claims)
    found = time.perf_counter()
    evidence.select(query, hits, lexical, most=chosen.evidence, budget=chosen.evidence_tokens)
    done = time.perf_counter()
    return embedded - began, found - embedded, done - found, done - embedded


def table(rows: dict[int, dict[str, float]]) -> str:
    """A line each measure, a column each size."""
    sizes = list(rows)
    lines = [f"| | {' | '.join(f'{size:,}' for size in sizes)} |", "|---" * (len(sizes) + 1) + "|"]
    for name in rows[sizes[0]]:
        digits = 0 if name.endswith("MB") else 1 if ", ms" in name else 2
        lines.append(f"| {name} | {' | '.join(f'{rows[size][name]:,.{digits}f}' for size in sizes)} |")
    return "\n".join(lines)


def questions(path: Path) -> Iterator[str]:
    """The questions of a file that stand alone."""
    for line in path.read_text("utf-8").splitlines():
        if line.strip() and not (row := json.loads(line)).get("history"):
            yield str(row["question"])


def _loaded(folder: Path, questions: Sequence[str], chosen: settings.Settings) -> dict[str, float]:
    """What ``asked`` tells, in a process that has done nothing else."""
    told = json.dumps([str(folder), list(questions), chosen.embedder, chosen.models, chosen.threads])
    command = [sys.executable, "-m", "evals.benchmarks.latency", "--inner"]
    done = subprocess.run(command, input=told, capture_output=True, text=True, check=False)
    if done.returncode:
        raise JushiError(f"The process that was measured failed: {done.stderr.strip()[-500:]}")
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _inner() -> int:
    folder, questions, embedder, models, threads = json.load(sys.stdin)
    chosen = settings.load({"embedder": embedder, "models": models, "threads": threads})
    print(json.dumps(asked(Path(folder), questions, chosen)))
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """Prints the table; 2 where the index or the questions cannot be read."""
    parser = argparse.ArgumentParser(
        "python -m evals.benchmarks.latency", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--questions", type=Path, help="JSONL with a question a line")
    parser.add_argument("--most", type=int, default=200, help="questions asked at most (default 200)")
    parser.add_argument("--sizes", default="10000,100000", help="passages, ascending")
    parser.add_argument("--cache", type=Path, help="a folder in which the first vectors are kept between runs")
    parser.add_argument("--inner", action="store_true", help=argparse.SUPPRESS)
    settings.add_flags(parser, "data", "chroma", "embedder", "models", "threads")
    given = parser.parse_args(argv)
    if given.inner:
        return _inner()
    chosen = settings.from_flags(given)
    try:
        if not given.questions:
            raise JushiError("Nothing to ask: name a file of questions (--questions).")
        asked_of = list(islice(questions(given.questions), given.most))
        known, vectors = embedded(chosen, given.cache)
        rows: dict[int, dict[str, float]] = {}
        for size in map(int, given.sizes.split(",")):
            with tempfile.TemporaryDirectory() as kept:
                folder = Path(kept) / "data"
                grown(known, vectors, size, folder, chosen.embedder)
                rows[size] = _loaded(folder, asked_of, chosen)
    except (JushiError, OSError, ValueError) as error:
        print(f"evals.benchmarks.latency: {error}", file=sys.stderr)
        return 2
    print(
        f"{date.today()}, {os.cpu_count()} cores, {platform.machine()}, {len(asked_of)} questions, "
        f"{len(known)} passages again and again"
    )
    print(table(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
