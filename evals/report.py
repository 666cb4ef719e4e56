"""Records of a run in, its summary, table and gate out.

``wrong`` is the share of all answers that offer a figure which is not the answer: the number that decides whether a
model can be trusted. ``accuracy`` counts CORRECT alone; UNSCORED answers are left out of both.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

from rich.table import Table

from assistant.errors import SettingError
from evals.gold import Kind
from evals.score import Outcome

P95: Final = 0.95


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts over some records, and their seconds. ``cited`` of ``citable`` answers quote what was expected."""

    answers: int
    unscored: int
    correct: int
    partial: int
    wrong_figure: int
    declined_rightly: int
    declined_wrongly: int
    cited: int
    citable: int
    median_seconds: float
    p95_seconds: float

    @property
    def accuracy(self) -> float:
        """CORRECT as a share of the scored answers."""
        return _share(self.correct, self.answers - self.unscored)

    @property
    def wrong(self) -> float:
        """Answers that offer a wrong figure, as a share of the scored answers."""
        return _share(self.wrong_figure, self.answers - self.unscored)

    @property
    def cited_share(self) -> float:
        """Answers that quote what was expected, as a share of those that had to."""
        return _share(self.cited, self.citable)


def _share(part: int, whole: int) -> float:
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
        median_seconds=median(seconds) if seconds else 0.0,
        p95_seconds=seconds[min(len(seconds) - 1, int(len(seconds) * P95))] if seconds else 0.0,
    )


def table(records: Sequence[Mapping[str, Any]]) -> Table:
    """The terminal's table: one row a type, the whole last."""
    shown = Table(title="评测结果（时间：秒）")
    for label in ("题型", "题数", "正确", "部分", "错数", "误拒", "该拒", "引文", "中位", "p95"):
        left = label == "题型"
        shown.add_column(label, justify="left" if left else "right", no_wrap=left)
    for kind in Kind:
        if rows := [record for record in records if record["type"] == kind]:
            shown.add_row(*_cells(kind.value, summarise(rows)))
    shown.add_section()
    shown.add_row(*_cells("全部", summarise(records)), style="bold")
    return shown


def _cells(label: str, summary: Summary) -> tuple[str, ...]:
    return (
        label,
        str(summary.answers) + (f" (未评{summary.unscored})" if summary.unscored else ""),
        f"{summary.accuracy:.0%}",
        str(summary.partial),
        f"{summary.wrong:.0%}",
        str(summary.declined_wrongly),
        str(summary.declined_rightly),
        f"{summary.cited_share:.0%}" if summary.citable else "–",
        f"{summary.median_seconds:.2f}",
        f"{summary.p95_seconds:.2f}",
    )


FLOORS: Final = {"accuracy": "accuracy", "cited": "cited_share"}
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
    """What fails: accuracy and cited below their limit, wrong and seconds (p95) above it; one line each."""
    failures = []
    for name, limit in limits.items():
        value = getattr(summary, (FLOORS | CEILINGS)[name])
        if (name in FLOORS and value < limit) or (name in CEILINGS and value > limit):
            side = "under" if name in FLOORS else "over"
            failures.append(f"{name} is {value:.3f}, {side} {limit:g}")
    return tuple(failures)
