"""An index in, a table of cold and warm starts out: seconds until an answer, a page, a list.

    python -m evals.benchmarks.cold --data data

Each cold run is a process of its own. ``processor`` is the time that its threads were at work, which a busy machine
does not lengthen as it does ``seconds``.
"""

import argparse
import os
import platform
import resource
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median
from typing import Final

from assistant import settings
from assistant.ask import Assistant
from assistant.errors import JushiError

QUESTION: Final = "台江经开区2024年规上工业总产值是多少？"
_PAGE_SECONDS: Final = 120.0  # after which a page that does not answer is given up
_WARM: Final = 20  # questions asked of an open index


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one run: seconds by the clock, seconds of processor, and bytes of memory at most."""

    seconds: float
    processor: float
    memory: int = 0


def command(*given: str) -> Cost:
    """What one command costs as a process of its own. Raises JushiError where it fails."""
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "assistant.cli", *given], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        said = process.stderr.read() if process.stderr else b""
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise JushiError(f"jushi {given[0]} ended with {process.returncode}: {said.decode(errors='replace')[-300:]}")
    return Cost(time.perf_counter() - began, used.ru_utime + used.ru_stime, _bytes(used.ru_maxrss))


def page(data: str) -> Cost:
    """What it costs until the page answers for the first time."""
    port = free_port()
    began = time.perf_counter()
    asked = [sys.executable, "-m", "assistant.cli", "chat", "--no-browser", "--port", str(port), "--data", data]
    with subprocess.Popen([*asked, "--model", "none"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            rising(port)
            seconds = time.perf_counter() - began
        finally:
            process.kill()
            _, _, used = os.wait4(process.pid, 0)
            process.returncode = 0
    return Cost(seconds, used.ru_utime + used.ru_stime, _bytes(used.ru_maxrss))


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def rising(port: int) -> None:
    """Waits until the page at the port has answered once. Raises JushiError where it does not in two minutes."""
    began = time.perf_counter()
    while time.perf_counter() - began < _PAGE_SECONDS:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as reply:
                reply.read()
                return
        except OSError:  # it does not listen yet
            time.sleep(0.05)
    raise JushiError(f"The page did not answer in {_PAGE_SECONDS:g} s.")


def warm(data: str) -> Cost:
    """The median of questions asked of an open index, the first left out."""
    assistant = Assistant.open(settings.load({"data": data, "model": "none"}))
    assistant.ask(QUESTION)
    seconds, processor = [], []
    for _ in range(_WARM):
        began, worked = time.perf_counter(), time.process_time()
        assistant.ask(QUESTION)
        seconds.append(time.perf_counter() - began)
        processor.append(time.process_time() - worked)
    assistant.close()
    return Cost(median(seconds), median(processor), _bytes(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))


def _bytes(told: int) -> int:
    return told * (1 if platform.system() == "Darwin" else 1024)


def main(argv: Sequence[str] | None = None) -> int:
    """Prints the table; 2 where a command fails."""
    parser = argparse.ArgumentParser(
        "python -m evals.benchmarks.cold", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=3, help="runs of each, of which the quickest counts")
    settings.add_flags(parser, "data")
    given = parser.parse_args(argv)
    data = settings.from_flags(given).data
    measured: tuple[tuple[str, Callable[[], Cost]], ...] = (
        ("jushi --help", lambda: command("--help")),
        ("jushi ask, no model", lambda: command("ask", QUESTION, "--model", "none", "--data", data)),
        ("jushi figures", lambda: command("figures", "产值", "--data", data)),
        ("jushi chat, to the first page", lambda: page(data)),
        ("a question of an open index", lambda: warm(data)),
    )
    print(f"{date.today()}, {os.cpu_count()} cores, {platform.machine()}, {Path(data).name}")
    print("| what | seconds | processor | memory |\n|---|---|---|---|")
    try:
        for name, cost in measured:
            best = min((cost() for _ in range(given.runs)), key=lambda one: one.processor)
            told = f"{best.seconds:.3f} | {best.processor:.3f} | {best.memory / 2**20:.0f} MB"
            print(f"| {name} | {told} |", flush=True)
    except JushiError as error:
        print(f"evals.benchmarks.cold: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
