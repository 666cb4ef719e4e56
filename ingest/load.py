"""The job: files in, passages with vectors and figures into the store, one file at a time, resumable.

A file whose text and pipeline have not changed is left alone. A changed one is embedded passage by passage, skipping
those already stored, and sealed when all are there; so a run that is cut goes on where it was cut.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.embed import Embedder
from assistant.errors import SourceError
from assistant.records import Page, Passage
from assistant.store import Store
from ingest import pages, passages, readers, stories

PIPELINE = 2  # raised when the same file would be cut into other passages
_BATCH = 32  # passages embedded and written together: enough to fill two cores, little to lose


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the job is: ``done`` and ``total`` are bytes of the files to read."""

    file: str
    done: int
    total: int


Report = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Summary:
    """What the job did; ``unchanged`` files are not counted in the numbers that follow it."""

    files: int
    unchanged: int
    stories: int
    passages: int
    figures: int
    embedded: int
    removed: int
    skipped: tuple[str, ...]
    seconds: float


def ingest(
    paths: Sequence[Path],
    store: Callable[[], Store],
    embedder: Callable[[], Embedder],
    *,
    size: int,
    date: str = "",
    skip_unreadable: bool = False,
    progress: Report = lambda _: None,
) -> Summary:
    """Brings the store up to date with the files under ``paths``.

    ``size`` is tokens in a passage at most; ``date`` is the pages', where it is given. ``store`` and ``embedder`` are
    called only when every file has proved readable, so bad input changes nothing. Raises SourceError, naming each
    unreadable file, unless ``skip_unreadable``.
    """
    began = time.perf_counter()
    listed = readers.files(list(paths))
    good, bad = _readable(listed)
    if bad and (not skip_unreadable or not good):
        hint = "" if len(listed) == len(bad) else " Nothing was ingested: correct them, or add --skip-unreadable."
        raise SourceError("\n".join(bad) + hint)
    index, pipeline = store(), f"{PIPELINE}/{size}"
    counts = dict.fromkeys(("unchanged", "stories", "passages", "figures", "embedded", "removed"), 0)
    total = sum(path.stat().st_size for path, _ in good)
    done = 0
    for path, name in good:
        page = pages.page(name, readers.read(path), date=date)
        weight = path.stat().st_size
        record = index.page_record(name)
        if record and (record["id"], record["pipeline"], record["date"]) == (page.id, pipeline, page.date):
            counts["unchanged"] += 1
        else:
            found = _cut(page, size)
            counts["stories"] += len({passage.story_id for passage in found})
            counts["passages"] += len(found)
            counts["figures"] += sum(len(passage.figures) for passage in found)
            for written, share in _embed(found, index, embedder):
                counts["embedded"] += written
                progress(Progress(name, done + int(weight * share), total))
            counts["removed"] += index.finish(page, found, pipeline)
        done += weight
        progress(Progress(name, done, total))
    return Summary(files=len(good), skipped=tuple(bad), seconds=time.perf_counter() - began, **counts)


def _readable(listed: list[tuple[Path, str]]) -> tuple[list[tuple[Path, str]], list[str]]:
    good, bad = [], []
    for path, name in listed:
        try:
            readers.read(path)
        except SourceError as error:
            bad.append(str(error))
        else:
            good.append((path, name))
    return good, bad


def _cut(page: Page, size: int) -> tuple[Passage, ...]:
    found = {passage.id: passage for story in stories.stories(page) for passage in passages.passages(page, story, size)}
    return tuple(found.values())


def _embed(found: Sequence[Passage], index: Store, embedder: Callable[[], Embedder]) -> Iterator[tuple[int, float]]:
    """Writes what is not stored yet, yielding (passages written, share of the file done) after each batch."""
    missing = index.missing([passage.id for passage in found])
    # A passage whose words stayed may have moved in its file: its offsets are written anew, its vector stays.
    index.relocate([passage for passage in found if passage.id not in missing])
    todo = [passage for passage in found if passage.id in missing]
    for at in range(0, len(todo), _BATCH):
        batch = todo[at : at + _BATCH]
        index.put(batch, embedder().passages([passages.context(passage) for passage in batch]))
        yield len(batch), (at + len(batch)) / len(todo)
