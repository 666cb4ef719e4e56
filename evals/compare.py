"""Two runs over the same items in, what differs between them out: paired, because a share alone hides what was traded.

The difference in accuracy and in wrong figures comes with a bootstrap interval over the items and the exact sign test
of those on which the two runs differ.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from assistant.errors import SettingError
from evals.intervals import interval, sign_test
from evals.score import Outcome


@dataclass(frozen=True, slots=True)
class Difference:
    """A share in both runs; ``gained`` items have it in the second alone, ``lost`` in the first alone."""

    name: str
    first: float
    second: float
    difference: float
    interval: tuple[float, float]
    gained: int
    lost: int
    p: float


@dataclass(frozen=True, slots=True)
class Changed:
    """An item that the two runs did not judge alike."""

    item: str
    question: str
    before: str
    after: str
    texts: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs over ``items`` that both runs asked; ``alone`` were asked by one of them."""

    names: tuple[str, str]
    items: int
    alone: int
    differences: tuple[Difference, ...]
    changed: tuple[Changed, ...]


def compare(
    first: Sequence[Mapping[str, Any]], second: Sequence[Mapping[str, Any]], names: tuple[str, str]
) -> Comparison:
    """The comparison of two runs' records. Raises SettingError where they have no item in common."""
    after = {record["item"]: record for record in second}
    pairs = [(record, after[record["item"]]) for record in first if record["item"] in after]
    pairs = [pair for pair in pairs if Outcome.UNSCORED not in (pair[0]["verdict"], pair[1]["verdict"])]
    if not pairs:
        raise SettingError(f"{names[0]} and {names[1]} have no item in common.")
    measures: tuple[tuple[str, Callable[[Mapping[str, Any]], bool]], ...] = (
        ("accuracy", lambda record: bool(record["verdict"] == Outcome.CORRECT)),
        ("wrong", lambda record: bool(record["wrong_figure"])),
        ("declined", lambda record: bool(record["declined"])),
    )
    changed = tuple(
        Changed(old["item"], old["question"], old["verdict"], new["verdict"], (old["text"], new["text"]))
        for old, new in pairs
        if old["verdict"] != new["verdict"]
    )
    alone = len(first) + len(second) - 2 * len(pairs)
    return Comparison(names, len(pairs), alone, tuple(_difference(name, has, pairs) for name, has in measures), changed)


def _difference(
    name: str,
    has: Callable[[Mapping[str, Any]], bool],
    pairs: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]],
) -> Difference:
    marks = [(has(old), has(new)) for old, new in pairs]
    gained = sum(new and not old for old, new in marks)
    lost = sum(old and not new for old, new in marks)
    first, second = (sum(side) / len(marks) for side in zip(*marks, strict=True))
    steps = [float(new) - float(old) for old, new in marks]
    return Difference(name, first, second, second - first, interval(steps), gained, lost, sign_test(gained, lost))


def to_json(told: Comparison) -> str:
    """The comparison as JSON."""
    return json.dumps(asdict(told), ensure_ascii=False, indent=1)


_LABELS = {"accuracy": "正确", "wrong": "错数", "declined": "拒答"}


def show(told: Comparison, console: Any) -> None:
    """Print it: the differences, then each item that changed with both answers."""
    from rich.table import Table
    from rich.text import Text

    table = Table(title=f"A {told.names[0]} 对 B {told.names[1]}：{told.items}题", caption="p：符号检验，双侧")
    for label in ("", "A", "B", "差", "95%区间", "只有B", "只有A", "p"):
        table.add_column(label, justify="right" if label else "left")
    for one in told.differences:
        ends = f"{one.interval[0]:+.1%} … {one.interval[1]:+.1%}"
        cells = (_LABELS[one.name], f"{one.first:.1%}", f"{one.second:.1%}", f"{one.difference:+.1%}", ends)
        table.add_row(*cells, str(one.gained), str(one.lost), f"{one.p:.3f}")
    console.print(table)
    for item in told.changed:
        console.print(Text(f"{item.item} {item.before} → {item.after}  {item.question}", style="bold"))
        console.print(Text(f"  A {_line(item.texts[0])}\n  B {_line(item.texts[1])}"), soft_wrap=True)
    alone = f"；另有{told.alone}题只在一边或未评" if told.alone else ""
    console.print(f"改判{len(told.changed)}题{alone}。")


def _line(text: str) -> str:
    return " ".join(text.split())
