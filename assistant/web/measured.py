"""The results that ``jushi evals`` left in a folder in, each run's counts out, and how right each model was.

A results file is JSON lines: a header that names the model, then an answer a line with its ``verdict``. Files that are
none are passed over: they are another program's.
"""

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final

VERDICTS: Final = ("correct", "partial", "declined", "wrong", "unscored")
SYSTEM: Final = "jushi"  # the others are peers, measured for comparison
_MOST_FILES: Final = 50  # the newest results that are looked at
_LARGEST: Final = 32 << 20  # bytes: an answer has about 8 kB, the gold set some hundred
_Z: Final = 1.96  # of a two-sided interval of 95 %


@dataclass(frozen=True, slots=True)
class Run:
    """One results file. ``name`` is that of the file, ``date`` in ISO, ``seconds`` the median of an answer.

    ``asked`` is how many questions were to be asked, 0 where the header does not tell; ``drawn`` what they were chosen
    by; ``wrong_figures`` counts the answers that offer a figure which is not the answer.
    """

    name: str
    date: str
    model: str
    system: str
    gold: str
    asked: int
    drawn: Mapping[str, Any]
    seed: int | None
    counts: Mapping[str, int]
    wrong_figures: int
    seconds: float
    generation: str

    @property
    def answers(self) -> int:
        """How many questions were answered, the unscored ones included."""
        return sum(self.counts.values())

    @property
    def scored(self) -> int:
        """How many answers were judged."""
        return self.answers - self.counts["unscored"]

    @property
    def right(self) -> float:
        """The share of judged answers that are right; 0 of none."""
        return self.counts["correct"] / self.scored if self.scored else 0.0

    @property
    def wrong(self) -> float:
        """The share of all answers that offer a wrong figure."""
        return self.wrong_figures / self.answers if self.answers else 0.0

    @property
    def whole(self) -> bool:
        """Whether every question was asked, as far as the file tells."""
        return self.answers >= self.asked

    @property
    def interval(self) -> tuple[float, float]:
        """Where the share of right answers lies at 95 %: Wilson's score interval (1927)."""
        n, p = self.scored, self.right
        if not n:
            return 0.0, 1.0
        middle, spread = p + _Z**2 / (2 * n), _Z * math.sqrt(p * (1 - p) / n + _Z**2 / (4 * n * n))
        scale = 1 + _Z**2 / n
        return max((middle - spread) / scale, 0.0), min((middle + spread) / scale, 1.0)


class Results:
    """The results files of a folder; one that has not changed is not read again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: dict[str, tuple[tuple[int, int], Run | None]] = {}

    def runs(self) -> tuple[Run, ...]:
        """The newest runs first."""
        files = sorted(self.folder.glob("*.jsonl"), key=lambda one: one.stat().st_mtime_ns, reverse=True)
        known: dict[str, tuple[tuple[int, int], Run | None]] = {}
        for path in files[:_MOST_FILES]:
            there = path.stat()
            stamp = (there.st_mtime_ns, there.st_size)
            kept = self._known.get(path.name)
            known[path.name] = kept if kept and kept[0] == stamp else (stamp, _read(path))
        self._known = known  # put in place whole: several threads look
        return tuple(run for _, run in known.values() if run is not None)

    def path(self, name: str) -> Path | None:
        """The file of a run of that name; None where there is none."""
        return self.folder / name if any(run.name == name for run in self.runs()) else None


def measured(runs: Iterable[Run]) -> dict[str, Run]:
    """For each model the run that tells most of it: that of most questions, and of several such the newest."""
    best: dict[str, Run] = {}
    for run in runs:
        if run.system == SYSTEM and run.scored and (run.model not in best or run.scored > best[run.model].scored):
            best[run.model] = run
    return best


def _read(path: Path) -> Run | None:
    if path.stat().st_size > _LARGEST:
        return None
    try:
        whole = (row for row in path.read_text("utf-8").splitlines(keepends=True) if row.endswith("\n"))
        header, *lines = (json.loads(row) for row in whole)
        told = header["header"]
        counts = Counter(str(one["verdict"]) for one in lines)
        return Run(
            path.name,
            str(told.get("date", "")),
            str(told["model"]),
            str(told.get("system", SYSTEM)),
            str(told.get("gold", "")),
            int(told.get("questions", 0)),
            dict(told.get("drawn", {})),
            told.get("seed"),
            {verdict: counts[verdict] for verdict in VERDICTS},
            sum(bool(one.get("wrong_figure")) for one in lines),
            median(float(one.get("seconds", 0)) for one in lines) if lines else 0.0,
            str(dict(told.get("corpus", {})).get("generation", "")),
        )
    except (OSError, ValueError, LookupError, TypeError, AttributeError):  # no results file
        return None
