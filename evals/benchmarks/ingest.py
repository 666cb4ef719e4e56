"""Articles in, a table of what reading them in costs out: by stage, again unchanged, with one changed, beside peers.

    python -m evals.benchmarks.ingest --articles passages.jsonl --files 774
    python -m evals.benchmarks.ingest --articles passages.jsonl --files 774 --peers

Where there are fewer articles than files they are written again with other figures. Each run is a process of its own,
and its seconds are all of it, from the start of Python to its end. ``--peers`` reads the same files with LangChain,
LlamaIndex and Haystack (``evals.benchmarks.pipelines``), each with Jushi's embedder and with ``--other``, by default
the same network run by sentence-transformers, as their own embedders run it.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, Final

from assistant import embed, models, settings
from assistant.errors import JushiError
from evals.benchmarks import pipelines

_STAGES: Final = ("look", "parse", "embed", "write", "derive", "commit")
_DIGITS: Final = "123456789"
_OTHER: Final = "the same, by sentence-transformers"


@dataclass(frozen=True, slots=True)
class Run:
    """One process that read pages in: passages written, seconds of the clock and of processor, bytes of memory."""

    passages: int
    seconds: float
    processor: float
    memory: int
    stages: dict[str, float]


def written(articles: Path, files: int, folder: Path) -> int:
    """Writes so many files of articles, other figures from the second round on; returns their characters."""
    rows = [json.loads(line) for line in articles.read_text("utf-8").splitlines() if line.strip()]
    letters = 0
    for at, text in enumerate(islice(_texts(rows), files)):
        (folder / f"{at:06}.txt").write_text(text, "utf-8")
        letters += len(text)
    return letters


def _texts(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    turn = 0
    while rows:
        other = str.maketrans(_DIGITS, _DIGITS[turn % 9 :] + _DIGITS[: turn % 9])
        for row in rows:
            yield f"{row.get('title') or ''}\n{row['text']}".translate(other)
        turn += 1


def jushi(folder: Path, data: Path, embedder: str, workers: int) -> Run:
    """Runs ``jushi ingest``. Raises JushiError where it fails."""
    given = ["ingest", str(folder), "--data", str(data), "--json", "--embedder", embedder, "--workers", str(workers)]
    done, run = _ran(["-m", "assistant.cli", *given])
    told = json.loads(done.splitlines()[-1])
    return Run(told["passages"], *run, told["seconds"])


def peer(name: str, folder: Path, data: Path, embedder: str) -> Run:
    """Runs a peer's pipeline. Raises JushiError where it fails."""
    asked = json.dumps([name, str(folder), str(data), embedder])
    done, run = _ran(["-m", "evals.benchmarks.ingest", "--inner", asked])
    told = json.loads(done.splitlines()[-1])
    return Run(told["pieces"], *run, {})


def _ran(command: Sequence[str]) -> tuple[str, tuple[float, float, int]]:
    """What a process printed, and its seconds, seconds of processor and memory, its children's with them."""
    began = time.perf_counter()
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as wrong:
        with subprocess.Popen([sys.executable, *command], stdout=said, stderr=wrong) as process:
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        took = time.perf_counter() - began
        said.seek(0)
        wrong.seek(0)
        if process.returncode:
            raise JushiError(f"{' '.join(command[:3])} failed: {wrong.read().decode(errors='replace')[-600:]}")
        memory = used.ru_maxrss * (1 if platform.system() == "Darwin" else 1024)
        return said.read().decode(), (took, used.ru_utime + used.ru_stime, memory)


def table(rows: Sequence[tuple[str, Run]]) -> str:
    """A line a run: passages, seconds, rates, processor, memory."""
    lines = ["| run | passages | seconds | passages a second | processor s | memory |", "|---|---|---|---|---|---|"]
    for name, run in rows:
        rate = f"{run.passages / run.seconds:.1f}" if run.passages else "–"
        memory = f"{run.memory / 2**20:.0f} MB"
        lines.append(f"| {name} | {run.passages:,} | {run.seconds:.2f} | {rate} | {run.processor:.1f} | {memory} |")
    return "\n".join(lines)


def stages(run: Run) -> str:
    """A line a stage, with its share of the whole; what overlaps counts in each."""
    total = run.stages["total"]
    lines = ["| stage | seconds | of the whole |", "|---|---|---|"]
    lines += [
        f"| {name} | {run.stages.get(name, 0.0):.2f} | {run.stages.get(name, 0.0) / total:.0%} |" for name in _STAGES
    ]
    return "\n".join([*lines, f"| all, without the start of Python | {total:.2f} | |"])


def main(argv: Sequence[str] | None = None) -> int:
    """Prints the tables; 2 where there is nothing to read or a run fails."""
    parser = argparse.ArgumentParser(
        "python -m evals.benchmarks.ingest", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=Path, help="a JSONL file of articles: text, title")
    parser.add_argument("--files", type=int, default=774, help="files to read in (default 774)")
    parser.add_argument("--peers", action="store_true", help="LangChain, LlamaIndex and Haystack beside it")
    parser.add_argument("--other", metavar="FOLDER", help="of --peers: a sentence-transformers model as embedder")
    parser.add_argument("--others", type=int, default=0, help="files read with that one, which is slow (default: all)")
    parser.add_argument("--inner", help=argparse.SUPPRESS)
    settings.add_flags(parser, "embedder", "workers")
    given = parser.parse_args(argv)
    chosen = settings.from_flags(given)
    try:
        if given.inner:
            return _inner(*json.loads(given.inner))
        if not given.articles:
            raise JushiError("Nothing to read: name a file of articles (--articles).")
        with tempfile.TemporaryDirectory() as kept:
            return _told(given, chosen, Path(kept))
    except (JushiError, OSError, ValueError) as error:
        print(f"evals.benchmarks.ingest: {error}", file=sys.stderr)
        return 2


def _inner(name: str, folder: str, data: str, embedder: str) -> int:
    loaded = embed.load(embedder)
    print(json.dumps({"pieces": pipelines.pieces(name, Path(folder), Path(data), loaded)}))
    return 0


def _told(given: argparse.Namespace, chosen: settings.Settings, kept: Path) -> int:
    folder, data = kept / "pages", kept / "data"
    folder.mkdir()
    letters = written(given.articles, given.files, folder)
    print(f"{date.today()}, {os.cpu_count()} cores, {platform.machine()}, {given.files} files, {letters:,} characters")
    first = jushi(folder, data, chosen.embedder, chosen.workers)
    rows = [(f"Jushi, {chosen.embedder}", first)]
    rows.append(("Jushi again, nothing changed", jushi(folder, data, chosen.embedder, chosen.workers)))
    middle = folder / f"{given.files // 2:06}.txt"
    middle.write_text(middle.read_text("utf-8") + "\n园区今年新增企业31家。\n", "utf-8")
    rows.append(("Jushi again, one file changed", jushi(folder, data, chosen.embedder, chosen.workers)))
    print(stages(first), "\n", flush=True)
    print(table(rows), flush=True)
    if given.peers:
        few = kept / "few"
        few.mkdir()
        for path in sorted(folder.glob("*.txt"))[: given.others or None]:
            (few / path.name).write_bytes(path.read_bytes())
        other = given.other or str(models.pull(embed.BUNDLED, Path(chosen.models)))
        _beside(rows[:1], folder, chosen.embedder, chosen.embedder, kept)
        called = given.other or _OTHER
        again = jushi(few, kept / "other", other, chosen.workers)
        print(f"\n{len(list(few.iterdir()))} files:")
        _beside([(f"Jushi, {called}", again)], few, other, called, kept)
    return 0


def _beside(rows: list[tuple[str, Run]], folder: Path, embedder: str, called: str, kept: Path) -> None:
    """Prints the rows with the peers' beside them, and how many times as fast the first is as each."""
    first = rows[0][1]
    for name in pipelines.PIPELINES:
        run = peer(name, folder, kept / f"{name}-{called.replace(os.sep, '-')}", embedder)
        rows.append((f"{name}, {called}", run))
        print(
            f"{name}: text a second {run.seconds / first.seconds:.2f}, passages a second "
            f"{first.passages / first.seconds * run.seconds / run.passages:.2f}, "
            f"processor {run.processor / first.processor:.2f} times",
            flush=True,
        )
    print(table(rows), flush=True)


if __name__ == "__main__":
    sys.exit(main())
