"""The answers of a run as they are judged in, how far it is out: a bar for people, a JSON line each for programs.

A program reads ``{"event": "begin", "total": 40}``, then for every answer ``{"event": "progress", "done": 3,
"total": 40, "right": 2, "wrong": 1, "item": "figure-03"}``; ``wrong`` counts answers that offer a figure which is not
the answer.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from evals.filed import Record
from evals.score import Outcome

Told = Callable[[Record], None]


@contextmanager
def bar(items: int) -> Iterator[Told]:
    """A bar on stderr with the accuracy so far and the time that is left."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console) as shown:
        task = shown.add_task("正确 –", total=items)
        count = _Count()
        began = monotonic()

        def told(line: Record) -> None:
            count.add(line)
            each = (monotonic() - began) / count.done
            shares = f"正确 {count.right / count.done:.0%} 错数 {count.wrong / count.done:.0%} {each:.1f}秒/题"
            shown.update(task, advance=1, description=shares)

        yield told


@contextmanager
def lines(items: int) -> Iterator[Told]:
    """A JSON line on stdout before the first answer, and one for each."""
    count = _Count()

    def told(line: Record) -> None:
        count.add(line)
        tell(
            event="progress", done=count.done, total=items, right=count.right, wrong=count.wrong, item=str(line["item"])
        )

    tell(event="begin", total=items)
    yield told


def tell(**told: str | int) -> None:
    """Print one object on a line of its own, now."""
    print(json.dumps(told), flush=True)


class _Count:
    def __init__(self) -> None:
        self.done = self.right = self.wrong = 0

    def add(self, line: Record) -> None:
        self.done += 1
        self.right += line["verdict"] == Outcome.CORRECT
        self.wrong += bool(line["wrong_figure"])
