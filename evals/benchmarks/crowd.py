"""An index and questions in, a table of what each waits when many ask at once out: people, p50, p95, errors.

    python -m evals.benchmarks.crowd --data data --questions dev.jsonl --passages 100000 --people 1,10,50

The index is grown to so many passages as ``evals.benchmarks.latency`` does it; the page is the real one, ``jushi chat``
with no model as a process of its own; each of the people is a thread here that posts to ``/ask``, reads the answer,
and asks again at once, another question each time. Nobody stops to read, so fifty here are a crowd of many more.
``--pause`` lets each think for so many seconds between an answer and the next question, first and last at random.
"""

import argparse
import json
import os
import platform
import random
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from assistant import settings
from assistant.errors import JushiError
from evals import ranking
from evals.benchmarks import latency
from evals.benchmarks.cold import free_port, rising

_PATIENCE: Final = 60.0  # seconds for one answer
_WARM: Final = 5  # questions before those that count


@dataclass
class Heard:
    """Seconds of the answers that came, and what was told in place of others."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@contextmanager
def page(data: str, more: Sequence[str] = ()) -> Iterator[str]:
    """The address of a page over the index, started for the while. Raises JushiError where it does not answer."""
    port = free_port()
    command = [sys.executable, "-m", "assistant.cli", "chat", "--no-browser", "--port", str(port), "--data", data]
    with subprocess.Popen(
        [*command, "--model", "none", *more], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            rising(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def ask(address: str, question: str) -> None:
    """One question, its answer read to the end. Raises OSError and ValueError where it is none."""
    body = json.dumps({"question": question}).encode()
    request = urllib.request.Request(f"{address}/ask", body, {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=_PATIENCE) as reply:
        if not json.loads(reply.read()).get("text"):
            raise ValueError("an answer without words")


def crowd(address: str, questions: Sequence[str], people: int, each: int, pause: float = 0.0) -> tuple[Heard, float]:
    """What so many people hear who ask ``each`` questions one after the other, and the seconds that all of it took."""
    heard, begin = Heard(), threading.Barrier(people + 1)
    lock = threading.Lock()

    def one(person: int) -> None:
        drawn = random.Random(person)
        begin.wait()
        for at in range(each):
            time.sleep(drawn.uniform(0, 2 * pause))
            began = time.perf_counter()
            try:
                ask(address, questions[(person * each + at) % len(questions)])
            except (OSError, ValueError) as error:
                with lock:
                    heard.errors.append(str(error))
            else:
                with lock:
                    heard.seconds.append(time.perf_counter() - began)

    threads = [threading.Thread(target=one, args=(person,)) for person in range(people)]
    for thread in threads:
        thread.start()
    begin.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    return heard, time.perf_counter() - began


def row(people: int, heard: Heard, took: float) -> str:
    """A line of the table."""
    came = len(heard.seconds)
    told = [f"{ranking.percentile(heard.seconds, share):.3f}" if came else "–" for share in (0.5, 0.95, 1.0)]
    return f"| {people} | {came} | {' | '.join(told)} | {len(heard.errors)} | {came / took:.1f} |"


def main(argv: Sequence[str] | None = None) -> int:
    """Prints the table; 2 where the index or the questions cannot be read, 1 where an answer failed."""
    parser = argparse.ArgumentParser(
        "python -m evals.benchmarks.crowd", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--questions", type=Path, help="JSONL with a question a line")
    parser.add_argument("--passages", type=int, default=0, help="grow the index to so many first (default: as it is)")
    parser.add_argument("--people", default="1,10,50", help="who ask at once")
    parser.add_argument("--each", type=int, default=10, help="questions of each")
    parser.add_argument("--pause", type=float, default=0.0, help="seconds between an answer and the next, on average")
    parser.add_argument("--cache", type=Path, help="a folder in which the first vectors are kept between runs")
    settings.add_flags(parser, "data", "embedder", "models", "threads")
    given = parser.parse_args(argv)
    chosen = settings.from_flags(given)
    failed: list[str] = []
    try:
        if not given.questions:
            raise JushiError("Nothing to ask: name a file of questions (--questions).")
        questions = list(latency.questions(given.questions))
        with tempfile.TemporaryDirectory() as kept:
            data = chosen.data
            if given.passages:
                data = str(Path(kept) / "data")
                known, vectors = latency.embedded(chosen, given.cache)
                latency.grown(known, vectors, given.passages, Path(data), chosen.embedder)
            with page(data) as address:
                for question in questions[:_WARM]:
                    ask(address, question)
                print(
                    f"{date.today()}, {os.cpu_count()} cores, {platform.machine()}, no model, pause {given.pause:g} s"
                )
                print("| people | answers | p50, s | p95, s | most, s | errors | answers a second |")
                print("|---|---|---|---|---|---|---|")
                for people in map(int, given.people.split(",")):
                    heard, took = crowd(address, questions, people, given.each, given.pause)
                    print(row(people, heard, took), flush=True)
                    failed += heard.errors
    except (JushiError, OSError, ValueError) as error:
        print(f"evals.benchmarks.crowd: {error}", file=sys.stderr)
        return 2
    for reason in sorted(set(failed)):
        print(f"evals.benchmarks.crowd: {failed.count(reason)} × {reason}", file=sys.stderr)
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
