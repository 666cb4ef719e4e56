"""The job: files in, one whole new generation of the index out, or none.

Every file is looked at first, so that bad input changes nothing. One whose bytes and pipeline have not changed is left
alone; the others are parsed, here or by ``workers`` processes, embedded, and put into the store unseen. When all are
there they are committed together. A run that is stopped goes on where it was.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from assistant.claim_index import ClaimIndex
from assistant.embed import Embedder
from assistant.errors import SourceError
from assistant.lexical import Lexical
from assistant.store import Store
from assistant.writing import Writing
from ingest import parse, readers
from ingest.batches import Batches
from ingest.parse import Job, Parsed
from ingest.readers import kept
from ingest.tally import Progress, Summary, Tally

_AHEAD = 4  # files parsed ahead of the embedding, for each worker: what memory they take is bounded by it
_KEPT = "readings"  # folder, in the index's, of what PDFs and scans were read as

_SHOWN = 8  # names of pages told where one is not found

Report = Callable[[Progress], None]
_T = TypeVar("_T")


def ingest(
    paths: Sequence[Path],
    store: Callable[[], Store],
    embedder: Callable[[], Embedder],
    *,
    folder: Path,
    size: int,
    date: str = "",
    workers: int = 1,
    skip_unreadable: bool = False,
    mirror: bool = False,
    gone: Collection[str] = (),
    wait: bool = False,
    progress: Report = lambda _: None,
) -> Summary:
    """Brings the index in ``folder`` up to date with the files under ``paths``.

    ``size`` is tokens in a passage at most; ``date`` is the pages', where it is given; ``gone`` are names of pages to
    take out, ``mirror`` takes out all that are not under ``paths``; ``wait`` lets another writer end first. ``store``
    and ``embedder`` are called only when every file has proved readable, so bad input changes nothing. Raises
    SourceError, naming each unreadable file, unless ``skip_unreadable``; StoreBusy where another process writes.
    """
    tally = Tally()
    with tally.timed("total"), _pool(workers) as pool:
        listed = readers.files(list(paths))
        jobs = [Job(path, name, size, date, folder / _KEPT) for path, name in listed]
        with tally.timed("look"):
            told = list(_each(pool, workers, parse.fault, jobs))
        good = [job for job, fault in zip(jobs, told, strict=True) if not fault]
        bad = [fault for fault in told if fault]
        if bad and (not skip_unreadable or not good):
            hint = " Nothing was ingested: correct them, or add --skip-unreadable." if good else ""
            raise SourceError("\n".join(bad) + hint)
        with Writing(store(), wait=wait) as writing:
            bar = _Bar(good, progress)
            todo = [job for job in good if not _there(job, writing, tally, bar)]
            batches = Batches(writing, embedder, tally)
            for parsed in _timed(_each(pool, workers, parse.parse, todo), tally):
                for name, share in batches.add(parsed):
                    bar.at(name, share)
            for name, share in batches.rest():
                bar.at(name, share)
            names = {job.name for job in jobs}
            answering = writing.answering()
            leaving = [name for name in answering if name in gone or (mirror and name not in names)]
            commit(writing, tally, leaving)
            kept.prune(folder / _KEPT, {str(record["data"]) for record in writing.answering().values()})
    return tally.summary(len(good), bad)


def remove(names: Sequence[str], store: Store, *, wait: bool = False) -> Summary:
    """Takes pages out of the index by their names in it. Raises SourceError for a name that it does not hold."""
    tally = Tally()
    with tally.timed("total"), Writing(store, wait=wait) as writing:
        answering = writing.answering()
        if unknown := [name for name in names if name not in answering]:
            shown = "、".join(list(answering)[:_SHOWN]) + (" …" if len(answering) > _SHOWN else "")
            raise SourceError(f"The index holds no page {', '.join(map(repr, unknown))}. It holds: {shown}.")
        commit(writing, tally, names)
    return tally.summary(0, [])


def _there(job: Job, writing: Writing, tally: Tally, bar: "_Bar") -> bool:
    """Whether this version of the file answers already, or was wholly put by a run that was stopped."""
    key, _ = parse.key(job)
    if writing.unchanged(job.name, key):
        tally.unchanged += 1
    elif record := writing.sealed(job.name, key):
        tally.page(record)
    else:
        return False
    bar.at(job.name, 1.0)
    return True


def _timed(parsed: Iterator[Parsed], tally: Tally) -> Iterator[Parsed]:
    """The same, with the time that each took noted."""
    while True:
        with tally.timed("parse"):
            one = next(parsed, None)
        if one is None:
            return
        for stage, spent in one.seconds.items():
            tally.spent(f"parse: {stage}", spent)
        if one.note:
            tally.note(f"{one.page.file}: {one.note}")
        yield one


def commit(writing: Writing, tally: Tally, leaving: Collection[str]) -> None:
    """Lets what was put answer, without the pages ``leaving``, with the indexes that are derived from it."""
    tally.removed += sum(int(writing.answering()[name]["passages"]) for name in leaving)

    def derive(store: Store) -> None:
        with tally.timed("derive"):
            Lexical.of(store)
            ClaimIndex.of(store).close()

    with tally.timed("commit"):
        tally.committed = writing.commit(remove=leaving, prepare=derive)


class _Bar:
    """Tells how many bytes of the files are done; files are finished one after the other."""

    def __init__(self, jobs: Sequence[Job], progress: Report) -> None:
        self._weights = {job.name: job.path.stat().st_size for job in jobs}
        self._total, self._done = sum(self._weights.values()), 0
        self._progress = progress

    def at(self, name: str, share: float) -> None:
        """``share`` of the file is done, 0 to 1; 1 is said once."""
        weight = self._weights[name]
        self._progress(Progress(name, self._done + int(weight * share), self._total))
        if share == 1.0:
            self._done += weight


@contextmanager
def _pool(workers: int) -> Iterator[ProcessPoolExecutor | None]:
    if workers <= 1:
        yield None
        return
    # spawned, not forked: the libraries that embed have threads, which a fork would cut off
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        try:
            yield pool
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _each(
    pool: ProcessPoolExecutor | None, workers: int, function: Callable[[Job], _T], jobs: Sequence[Job]
) -> Iterator[_T]:
    """The function of each job in order, by the workers if there are any, a bounded number ahead."""
    if pool is None:
        yield from map(function, jobs)
        return
    rest = iter(jobs)
    ahead: deque[Future[_T]] = deque(pool.submit(function, job) for job in islice(rest, workers * _AHEAD))
    while ahead:
        yield ahead.popleft().result()
        ahead.extend(pool.submit(function, job) for job in islice(rest, 1))
