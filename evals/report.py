"""Records of a run in, its summary, table and gate out.

``wrong`` is the share of all answers that offer a figure which is not the answer: the number that decides whether a
model can be trusted. ``accuracy`` counts CORRECT alone; UNSCORED answers are left out of both.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

from rich import box
from rich.table import Table

from assistant.errors import SettingError
from evals.causes import LABELS, Cause
from evals.gold import Kind
from evals.score import Outcome

TYPES: Final = {
    Kind.FIGURE.value: "数字",
    Kind.MULTI_FIGURE.value: "多个数字",
    Kind.COMPARE.value: "比较",
    Kind.COMPUTE.value: "计算",
    Kind.TEXT.value: "文字",
    Kind.LIST.value: "列举",
    Kind.CONFLICT.value: "存疑",
    Kind.UNANSWERABLE.value: "版面未写",
}
P95: Final = 0.95
MILLION: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts over some records, and their seconds. ``cited`` of ``citable`` answers quote what was expected.

    ``borne`` of all ``figures`` stated stand in the sentence cited for them; ``bearing`` of all ``quotes`` bear
    anything that the answer tells.
    """

    answers: int
    unscored: int
    correct: int
    partial: int
    wrong_figure: int
    declined_rightly: int
    declined_wrongly: int
    cited: int
    citable: int
    figures: int
    borne: int
    quotes: int
    bearing: int
    median_seconds: float
    p95_seconds: float
    read: int
    written: int

    @property
    def scored(self) -> int:
        """Answers that could be judged."""
        return self.answers - self.unscored

    @property
    def accuracy(self) -> float:
        """CORRECT as a share of the scored answers."""
        return share(self.correct, self.scored)

    @property
    def wrong(self) -> float:
        """Answers that offer a wrong figure, as a share of the scored answers."""
        return share(self.wrong_figure, self.scored)

    @property
    def cited_share(self) -> float:
        """Answers that quote what was expected, as a share of those that had to."""
        return share(self.cited, self.citable)

    @property
    def citation(self) -> float:
        """Citation recall: figures that the sentence cited for them bears, of all that were stated."""
        return share(self.borne, self.figures)

    @property
    def precision(self) -> float:
        """Citation precision: citations that bear anything told, of all."""
        return share(self.bearing, self.quotes)


def share(part: int, whole: int) -> float:
    """A part of a whole; 0 of nothing."""
    return part / whole if whole else 0.0


def summarise(records: Iterable[Mapping[str, Any]]) -> Summary:
    """The summary of a run's records, or of those of one type."""
    rows = list(records)
    seconds = sorted(float(row["seconds"]) for row in rows)
    unanswerable = [row for row in rows if row["type"] == Kind.UNANSWERABLE]
    citable = [row for row in rows if row["cited"] is not None]
    return Summary(
        answers=len(rows),
        unscored=sum(row["verdict"] == Outcome.UNSCORED for row in rows),
        correct=sum(row["verdict"] == Outcome.CORRECT for row in rows),
        partial=sum(row["verdict"] == Outcome.PARTIAL for row in rows),
        wrong_figure=sum(bool(row["wrong_figure"]) for row in rows),
        declined_rightly=sum(bool(row["declined"]) for row in unanswerable),
        declined_wrongly=sum(bool(row["declined"]) for row in rows if row["type"] != Kind.UNANSWERABLE),
        cited=sum(bool(row["cited"]) for row in citable),
        citable=len(citable),
        figures=sum(row["figures"] for row in rows),
        borne=sum(row["borne"] for row in rows),
        quotes=sum(row["quotes"] for row in rows),
        bearing=sum(row["bearing"] for row in rows),
        median_seconds=median(seconds) if seconds else 0.0,
        p95_seconds=seconds[min(len(seconds) - 1, int(len(seconds) * P95))] if seconds else 0.0,
        read=sum(row["usage"].get("read", 0) for row in rows),
        written=sum(row["usage"].get("written", 0) for row in rows),
    )


def cost(summary: Summary, header: Mapping[str, Any]) -> float | None:
    """What the tokens cost at the header's price (of a million read, of a million written); None without one."""
    price = header.get("price")
    if not price:
        return None
    return (summary.read * float(price[0]) + summary.written * float(price[1])) / MILLION


def by(records: Sequence[Mapping[str, Any]], key: Callable[[Mapping[str, Any]], Iterable[str]]) -> dict[str, Summary]:
    """A summary for each value of the key; a record with several counts in each."""
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for record in records:
        for name in key(record):
            groups.setdefault(name, []).append(record)
    return {name: summarise(rows) for name, rows in sorted(groups.items())}


def causes(records: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """How often the chain broke at each step, in the chain's order; labels in Chinese."""
    found = [record["cause"] for record in records]
    return {LABELS[cause]: found.count(cause.value) for cause in Cause if cause is not Cause.NONE and cause in found}


def risks(records: Iterable[Mapping[str, Any]]) -> list[tuple[float, float]]:
    """(coverage, risk) as answers of less and less confidence are let through.

    Coverage is the share of all that is answered, risk the share of these that offers a false figure or answers what
    the pages do not say.
    """
    scored = [record for record in records if record["verdict"] != Outcome.UNSCORED]
    given = sorted((one for one in scored if not one["declined"]), key=lambda one: -float(one["confidence"]))
    points, wrong = [], 0
    for count, record in enumerate(given, 1):
        wrong += bool(record["wrong_figure"]) or (
            record["type"] == Kind.UNANSWERABLE and record["verdict"] == Outcome.WRONG
        )
        points.append((count / len(scored), wrong / count))
    return points


# ---------------------------------------------------------------------- the terminal


def table(records: Sequence[Mapping[str, Any]], header: Mapping[str, Any] | None = None) -> Table:
    """The terminal's table: one row a type, the whole last; below it where the chain broke, tokens and cost."""
    whole = summarise(records)
    name = " · ".join(part for part in ((header or {}).get("system", ""), (header or {}).get("model", "")) if part)
    title = f"评测结果{'：' + name if name else ''}（时间：秒）"
    caption = _caption(records, whole, header or {})
    shown = Table(title=title, caption=caption, box=box.SIMPLE_HEAD, collapse_padding=True, pad_edge=False)
    for label in ("题型", "题数", "正确", "部分", "错数", "误拒", "该拒", "引全", "引准", "中位", "p95"):
        left = label == "题型"
        shown.add_column(label, justify="left" if left else "right", no_wrap=left)
    for kind in Kind:
        if rows := [record for record in records if record["type"] == kind]:
            shown.add_row(*_cells(kind.value, summarise(rows)))
    shown.add_section()
    shown.add_row(*_cells("全部", whole), style="bold")
    return shown


def _caption(records: Sequence[Mapping[str, Any]], whole: Summary, header: Mapping[str, Any]) -> str:
    lines = []
    if broken := causes(records):
        lines.append("未答对的原因：" + "，".join(f"{label} {count}" for label, count in broken.items()))
    if whole.read:
        spent = cost(whole, header)
        lines.append(f"词元：读{whole.read} 写{whole.written}" + (f"，费用{spent:.4f}" if spent is not None else ""))
    lines.append("错数：答出的数不是所问的；引全：答出的数字，所引的句子里有；引准：引用有用")
    return "\n".join(lines)


def _cells(label: str, summary: Summary) -> tuple[str, ...]:
    return (
        label,
        str(summary.answers) + (f" (未评{summary.unscored})" if summary.unscored else ""),
        f"{summary.accuracy:.0%}",
        str(summary.partial),
        f"{summary.wrong:.0%}",
        str(summary.declined_wrongly),
        str(summary.declined_rightly),
        f"{summary.citation:.0%}" if summary.figures else "–",
        f"{summary.precision:.0%}" if summary.quotes else "–",
        f"{summary.median_seconds:.2f}",
        f"{summary.p95_seconds:.2f}",
    )


# ---------------------------------------------------------------------- the gate

FLOORS: Final = {"accuracy": "accuracy", "cited": "cited_share", "citation": "citation", "precision": "precision"}
CEILINGS: Final = {"wrong": "wrong", "seconds": "p95_seconds"}


def parse_gate(text: str) -> dict[str, float]:
    """``accuracy=.8,wrong=.05`` → its limits. Raises SettingError for an unknown name or a value that is no number."""
    limits: dict[str, float] = {}
    for part in text.split(","):
        name, _, value = (piece.strip() for piece in part.partition("="))
        if name not in FLOORS | CEILINGS:
            raise SettingError(f"--fail-under {part!r}: the names are {', '.join(FLOORS | CEILINGS)}.")
        try:
            limits[name] = float(value)
        except ValueError as error:
            raise SettingError(f"--fail-under {part!r}: a number is wanted, as in {name}=.8.") from error
    return limits


def gate(summary: Summary, limits: Mapping[str, float]) -> tuple[str, ...]:
    """What fails: floors (accuracy, citation …) below their limit, ceilings (wrong, seconds) above it; a line each."""
    failures = []
    for name, limit in limits.items():
        value = getattr(summary, (FLOORS | CEILINGS)[name])
        if (name in FLOORS and value < limit) or (name in CEILINGS and value > limit):
            side = "under" if name in FLOORS else "over"
            failures.append(f"{name} is {value:.3f}, {side} {limit:g}")
    return tuple(failures)
