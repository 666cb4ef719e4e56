"""A Chroma server and a folder, each with the same pages, a table of what either costs out.

    python -m evals.benchmarks.served --pages 200

The pages that come with Jushi are written again and again with other digits; both indexes are made by ``jushi ingest``
as anyone makes them, the server is ``chroma run`` on this machine. Bytes sent are those of the rows that the server
holds afterwards: ids, texts, records, and four for each number of a vector. Questions are asked with no model.
"""

import argparse
import http.client
import json
import logging
import os
import platform
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Final

import seeds
from assistant import settings
from assistant.ask import Assistant
from assistant.errors import JushiError
from assistant.store import Store
from evals import ranking
from evals.benchmarks.cold import free_port
from evals.gold import PROJECT_SET, load

_DIGITS: Final = "123456789"
_PATIENCE: Final = 60.0  # seconds for the server to come up
_SLICE: Final = 1000  # passages whose rows are read at once
_WARM: Final = 3  # questions asked before those that count
_MB: Final = 2**20


def varied(pages: Sequence[str], count: int) -> Iterator[str]:
    """So many pages: the given ones, then the same with their digits exchanged by a rule of each round's own."""
    for at in range(count):
        turn = at // len(pages)
        digits = list(_DIGITS)
        if turn:
            random.Random(turn).shuffle(digits)
        yield pages[at % len(pages)].translate(str.maketrans(_DIGITS, "".join(digits)))


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address of a Chroma server over the folder, as long as it is needed. Raises JushiError if none comes up."""
    port = free_port()
    command = [str(Path(sys.executable).with_name("chroma")), "run", "--path", str(folder / "db")]
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", str(port)], stdout=log, stderr=log, cwd=folder
        )
    try:
        until = time.monotonic() + _PATIENCE
        while not _answers(port):
            if process.poll() is not None or time.monotonic() > until:
                raise JushiError(f"chroma run did not come up: {(folder / 'log').read_text('utf-8', 'replace')[-500:]}")
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _answers(port: int) -> bool:
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        asked.request("GET", "/api/v2/heartbeat")
        return asked.getresponse().status == 200
    except OSError:
        return False
    finally:
        asked.close()


def ingested(pages: Path, chosen: settings.Settings) -> dict[str, float]:
    """Seconds of each stage, of all, of the processor, and the number of passages, as ``jushi ingest`` tells them."""
    command = [sys.executable, "-m", "ingest", str(pages), "--json", "--data", chosen.data, "--date", "2025-09"]
    command += ["--embedder", chosen.embedder, "--models", chosen.models]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        command + (["--chroma", chosen.chroma] if chosen.chroma else []), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise JushiError(f"The ingestion that was measured failed: {done.stderr.strip()[-500:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    told = json.loads(done.stdout.splitlines()[-1])
    cost = {f"{stage}, s": float(spent) for stage, spent in told["seconds"].items()}
    cost["processor, s"] = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cost | {"pages": float(told["files"]), "passages": float(told["passages"])}


def sent(store: Store) -> int:
    """Bytes of the rows of all passages: ids, texts, records, vectors of four bytes a number."""
    total = 0
    names = [passage.id for passage in store.all()]
    for at in range(0, len(names), _SLICE):
        rows = store.passage_rows.get(ids=names[at : at + _SLICE], include=["documents", "metadatas", "embeddings"])
        for name, text, record, vector in zip(
            rows["ids"], rows["documents"], rows["metadatas"], rows["embeddings"], strict=True
        ):
            written = json.dumps(dict(record), ensure_ascii=False)
            total += len(name.encode()) + len(text.encode()) + len(written.encode()) + 4 * len(vector)
    return total


class _Requests(logging.Handler):
    """Counts what httpx, which Chroma's client asks with, tells of its requests."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.count += record.getMessage().startswith("HTTP Request")


@contextmanager
def _counting() -> Iterator[_Requests]:
    counter, log = _Requests(), logging.getLogger("httpx")
    level, through = log.level, log.propagate
    log.setLevel(logging.INFO)
    log.propagate = False
    log.addHandler(counter)
    try:
        yield counter
    finally:
        log.removeHandler(counter)
        log.setLevel(level)
        log.propagate = through


def asked(chosen: settings.Settings, questions: Sequence[str]) -> dict[str, float]:
    """Milliseconds and requests of a question, and megabytes of this process."""
    assistant = Assistant.open(chosen)
    spent, requests = [], []
    try:
        for text in questions[:_WARM]:
            assistant.ask(text)
        with _counting() as counter:
            for text in questions:
                before, began = counter.count, time.perf_counter()
                assistant.ask(text)
                spent.append(1000 * (time.perf_counter() - began))
                requests.append(float(counter.count - before))
    finally:
        assistant.close()
    cost = {
        "a question, ms, median": ranking.percentile(spent, 0.5),
        "a question, ms, p95": ranking.percentile(spent, 0.95),
    }
    return cost | {"requests, median": ranking.percentile(requests, 0.5), "requests, most": max(requests)}


def measured(pages: Path, chosen: settings.Settings, questions: Sequence[str]) -> dict[str, float]:
    """All that is told of one index, its pages written by ``ingested``."""
    cost = ingested(pages, chosen)
    store = Store.open(Path(chosen.data), chosen.embedder, chosen.server)
    try:
        if chosen.chroma:
            cost["rows, MB"] = sent(store) / _MB
            cost["rows, kB a passage"] = cost["rows, MB"] * _MB / 1000 / cost["passages"]
        cost |= asked(chosen, questions)
    finally:
        store.close()
    for part in sorted(Path(chosen.data).iterdir()):
        if part.is_dir() and not part.name.startswith("."):
            size = sum(file.stat().st_size for file in part.rglob("*") if file.is_file())
            cost[f"{'derived' if chosen.chroma else part.name}, MB"] = size / _MB + cost.get("derived, MB", 0.0)
    return cost


def table(rows: dict[str, dict[str, float]]) -> str:
    """A line each measure, a column each kind of index; what one has not is a dash."""
    names = list(dict.fromkeys(name for row in rows.values() for name in row))
    lines = [f"| | {' | '.join(rows)} |", "|---" * (len(rows) + 1) + "|"]
    for name in names:
        cells = [
            f"{row[name]:,.{0 if float(row[name]).is_integer() else 2}f}" if name in row else "–"
            for row in rows.values()
        ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> int:
    """Prints the table; 2 where something could not be measured."""
    parser = argparse.ArgumentParser(
        "python -m evals.benchmarks.served", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=200, help="pages read in (default 200)")
    parser.add_argument("--most", type=int, default=60, help="questions asked at most (default 60)")
    settings.add_flags(parser, "embedder", "models", "threads")
    given = parser.parse_args(argv)
    chosen = settings.from_flags(given)
    printed = [path.read_text("utf-8") for path in sorted(Path(seeds.__path__[0]).glob("*.md"))]
    known = [item.question for item in load(PROJECT_SET) if not item.history]
    questions = random.Random(0).sample(known, min(given.most, len(known)))
    rows: dict[str, dict[str, float]] = {}
    try:
        with tempfile.TemporaryDirectory() as kept:
            home = Path(kept)
            pages = home / "pages"
            pages.mkdir()
            (home / "server").mkdir()
            for at, text in enumerate(varied(printed, given.pages)):
                (pages / f"{at:05}.md").write_text(text, "utf-8")
            told: dict[str, Any] = {"embedder": chosen.embedder, "models": chosen.models, "threads": chosen.threads}
            folder = settings.load({**told, "data": str(home / "folder"), "model": settings.NONE})
            rows["folder"] = measured(pages, folder, questions)
            with serving(home / "server") as address:
                server = settings.load(
                    {**told, "data": str(home / "beside"), "model": settings.NONE, "chroma": address}
                )
                rows["server"] = measured(pages, server, questions)
    except (JushiError, OSError, ValueError) as error:
        print(f"evals.benchmarks.served: {error}", file=sys.stderr)
        return 2
    print(
        f"{date.today()}, {os.cpu_count()} cores, {platform.machine()}, {given.pages} pages, {len(questions)} questions"
    )
    print(table(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
