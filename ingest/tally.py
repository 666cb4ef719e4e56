"""What one run of the job has done so far in, its Summary out: counts, notes and seconds by stage."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

_COUNTED: Final = ("stories", "passages", "figures", "suspicions")  # by the record of each page


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the job is: ``done`` and ``total`` are bytes of the files to read."""

    file: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Summary:
    """What the job did; ``unchanged`` files are not counted in the numbers that follow it.

    ``embedded`` passages are those whose words no passage of the index had. ``committed`` says whether another
    generation answers now. ``seconds`` are by stage, ``total`` among them; with workers those of ``parse: …`` overlap.
    """

    files: int
    unchanged: int = 0
    stories: int = 0
    passages: int = 0
    figures: int = 0
    suspicions: int = 0
    embedded: int = 0
    removed: int = 0
    skipped: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    committed: bool = False
    seconds: dict[str, float] = field(default_factory=dict)


class Tally:
    """Counts what a run does."""

    def __init__(self) -> None:
        self.unchanged = self.embedded = self.removed = 0
        self.committed = False
        self._pages = dict.fromkeys(_COUNTED, 0)
        self._notes: list[str] = []
        self._seconds: dict[str, float] = {}

    def page(self, record: Mapping[str, Any]) -> None:
        """Counts a page by its record."""
        for name in _COUNTED:
            self._pages[name] += int(record[name])

    def note(self, text: str) -> None:
        """Keeps what a reader had to say of a file."""
        self._notes.append(text)

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Adds the time within to the stage's."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.spent(stage, time.perf_counter() - began)

    def spent(self, stage: str, seconds: float) -> None:
        """Adds to the stage's time."""
        self._seconds[stage] = self._seconds.get(stage, 0.0) + seconds

    def summary(self, files: int, skipped: Sequence[str]) -> Summary:
        """All of it."""
        return Summary(
            files=files,
            unchanged=self.unchanged,
            embedded=self.embedded,
            removed=self.removed,
            skipped=tuple(skipped),
            notes=tuple(self._notes),
            committed=self.committed,
            seconds=dict(self._seconds),
            **self._pages,
        )
