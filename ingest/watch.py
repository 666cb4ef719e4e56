"""Folders in, an index kept up to date with them: every change to their files is read in, until it is stopped."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from threading import Event
from typing import Any

from assistant.errors import JushiError, SourceError
from ingest import readers
from ingest.tally import Summary

_QUIET = 1000  # milliseconds without a change before a burst of them is read: a copy of many files is one
_LONGEST = 30_000  # milliseconds after which a burst is read all the same
_WAIT = 1000  # milliseconds after which it is looked whether to stop

Run = Callable[[Sequence[str]], Summary]


def watch(paths: Sequence[Path], run: Run, stop: Event | None = None) -> Iterator[Summary | JushiError]:
    """What each run did, or why it could not; the first is made at once. Ends when ``stop`` is set.

    ``run`` is called with the names of pages whose files are gone. A folder that is away or empty as a whole is taken
    for a drive that is not there, and its pages stay.
    """
    from watchfiles import watch as changes

    known: set[str] = set()
    for _ in _moments(
        changes(
            *paths,
            step=_QUIET,
            debounce=_LONGEST,
            stop_event=stop,
            rust_timeout=_WAIT,
            yield_on_timeout=True,
        )
    ):
        try:
            names = {name for _, name in readers.files(list(paths))}
            done = run(sorted(known - names))
        except JushiError as error:
            yield error
        else:
            known = names
            yield done


def _moments(changes: Iterable[set[Any]]) -> Iterator[None]:
    """When to look: at once, again when the watching has begun (a file may have come meanwhile), at every change."""
    yield None
    begun = False
    for some in changes:
        if some or not begun:
            yield None
        begun = True


def check(paths: Sequence[Path]) -> None:
    """Raises SourceError where a path is not there to be watched."""
    if missing := [str(path) for path in paths if not path.exists()]:
        raise SourceError(f"{', '.join(missing)} cannot be watched: it does not exist.")
