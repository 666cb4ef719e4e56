"""The job: files in, one whole new generation of the index out, or none.

Every file is looked at first, so that bad input changes nothing. One whose bytes and pipeline have not changed is left
alone; the others are parsed, here or by ``workers`` processes, embedded in batches that run across files, and put into
the store unseen. When all are there they are committed together. A run that is stopped goes on where it was.
"""

import hashlib
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

from assistant.embed import Embedder
from assistant.errors import SourceError
from assistant.lexical import Lexical
from assistant.records import Passage
from assistant.store import Store
from assistant.writing import Writing
from ingest import parse, passages, readers
from ingest.parse import Job, Parsed

_BATCH = 32  # passages embedded and written together: enough to fill two cores, little to lose
_AHEAD = 4  # files parsed ahead of the embedding, for each worker: what memory they take is bounded by it
_KEPT = "readings"  # folder, in the index's, of what PDFs and scans were read as


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the job is: ``done`` and ``total`` are bytes of the files to read."""

    file: str
    done: int
    total: int


Report = Callable[[Progress], None]
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Summary:
    """What the job did; ``unchanged`` files are not counted in the numbers that follow it.

    ``embedded`` passages are those whose words no passage of the index had; ``seconds`` are by stage, ``total`` among
    them. ``committed`` says whether another generation answers now.
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
    wait: bool = False,
    progress: Report = lambda _: None,
) -> Summary:
    """Brings the index in ``folder`` up to date with the files under ``paths``.

    ``size`` is tokens in a passage at most; ``date`` is the pages', where it is given; ``mirror`` takes out the pages
    that are not under ``paths``; ``wait`` lets another writer end first. ``store`` and ``embedder`` are called only
    when every file has proved readable, so bad input changes nothing. Raises SourceError, naming each unreadable file,
    unless ``skip_unreadable``; StoreBusy where another process writes the index.
    """
    run = _Run(folder, size, date, workers, progress)
    with run.timed("total"), run.pool():
        jobs = [run.job(path, name) for path, name in readers.files(list(paths))]
        with run.timed("read"):
            good, bad = run.readable(jobs)
        if bad and (not skip_unreadable or not good):
            hint = "" if len(jobs) == len(bad) else " Nothing was ingested: correct them, or add --skip-unreadable."
            raise SourceError("\n".join(bad) + hint)
        with Writing(store(), wait=wait) as writing:
            run.write(good, writing, embedder)
            names = {job.name for job in jobs}
            gone = [name for name in writing.answering() if name not in names] if mirror else []
            run.commit(writing, gone)
    return run.summary(len(good), bad)


def remove(names: Sequence[str], store: Store, *, wait: bool = False) -> Summary:
    """Takes pages out of the index by their names in it. Raises SourceError for a name that it does not hold."""
    run = _Run(store.folder, 0, "", 1, lambda _: None)
    with run.timed("total"), Writing(store, wait=wait) as writing:
        if unknown := [name for name in names if name not in writing.answering()]:
            raise SourceError(f"The index in {store.folder} holds no page {', '.join(map(repr, unknown))}.")
        run.commit(writing, names)
    return run.summary(0, [])


class _Run:
    """One run of the job and what it has counted so far."""

    def __init__(self, folder: Path, size: int, date: str, workers: int, progress: Report) -> None:
        self._folder, self._size, self._date, self._workers = folder, size, date, workers
        self._progress = progress
        self._pool: ProcessPoolExecutor | None = None
        self._counts = dict.fromkeys(
            ("unchanged", "stories", "passages", "figures", "suspicions", "embedded", "removed"), 0
        )
        self._notes: list[str] = []
        self._seconds: dict[str, float] = {}
        self._committed = False

    def job(self, path: Path, name: str) -> Job:
        return Job(path, name, self._size, self._date, self._folder / _KEPT)

    def summary(self, files: int, bad: Sequence[str]) -> Summary:
        return Summary(
            files=files,
            skipped=tuple(bad),
            notes=tuple(self._notes),
            committed=self._committed,
            seconds=self._seconds,
            **self._counts,
        )

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        began = time.perf_counter()
        try:
            yield
        finally:
            self._seconds[stage] = self._seconds.get(stage, 0.0) + time.perf_counter() - began

    @contextmanager
    def pool(self) -> Iterator[None]:
        if self._workers <= 1:
            yield
            return
        # spawned, not forked: the libraries that embed have threads, which a fork would cut off
        with ProcessPoolExecutor(self._workers, mp_context=get_context("spawn")) as self._pool:
            try:
                yield
            except BaseException:
                self._pool.shutdown(cancel_futures=True)
                raise

    def _each(self, function: Callable[[Job], _T], jobs: Sequence[Job]) -> Iterator[_T]:
        """The function of each job in order, by the workers if there are any, a bounded number ahead."""
        if self._pool is None:
            yield from map(function, jobs)
            return
        rest = iter(jobs)
        ahead: deque[Future[_T]] = deque(
            self._pool.submit(function, job) for job in islice(rest, self._workers * _AHEAD)
        )
        while ahead:
            yield ahead.popleft().result()
            ahead.extend(self._pool.submit(function, job) for job in islice(rest, 1))

    # ------------------------------------------------------------------ the stages

    def readable(self, jobs: Sequence[Job]) -> tuple[list[Job], list[str]]:
        """The jobs whose files can be read, and what is wrong with the others."""
        told = list(self._each(parse.fault, jobs))
        good = [job for job, fault in zip(jobs, told, strict=True) if not fault]
        return good, [fault for fault in told if fault]

    def write(self, jobs: Sequence[Job], writing: Writing, embedder: Callable[[], Embedder]) -> None:
        """Puts what is new of the files into the store, unseen."""
        weights = {job.name: job.path.stat().st_size for job in jobs}
        total, done = sum(weights.values()), 0
        todo = []
        for job in jobs:
            name = parse.key(job)
            if writing.unchanged(job.name, name):
                self._counts["unchanged"] += 1
            elif record := writing.sealed(job.name, name):
                self._count(record)
            else:
                todo.append(job)
                continue
            done += weights[job.name]
            self._progress(Progress(job.name, done, total))
        batch = _Batch(writing, embedder, self)
        for parsed in self._parsed(todo):
            batch.add(parsed)
            for sealed in batch.full():
                done += weights[sealed]
                self._progress(Progress(sealed, done, total))
        for sealed in batch.rest():
            done += weights[sealed]
            self._progress(Progress(sealed, done, total))

    def _parsed(self, jobs: Sequence[Job]) -> Iterator[Parsed]:
        rest = self._each(parse.parse, jobs)
        while True:
            with self.timed("parse"):
                parsed = next(rest, None)
            if parsed is None:
                return
            for stage, spent in parsed.seconds.items():
                self._seconds[f"parse: {stage}"] = self._seconds.get(f"parse: {stage}", 0.0) + spent
            if parsed.note:
                self._notes.append(f"{parsed.page.file}: {parsed.note}")
            yield parsed

    def _count(self, record: dict[str, Any]) -> None:
        for name in ("stories", "passages", "figures", "suspicions"):
            self._counts[name] += int(record[name])

    def seal(self, parsed: Parsed, writing: Writing) -> None:
        record = {
            "stories": parsed.stories,
            "passages": len(parsed.passages),
            "figures": sum(len(passage.figures) for passage in parsed.passages),
            "suspicions": len(parsed.suspicions),
        }
        former = writing.former(parsed.page.file)
        if former:
            own = {_context(passage) for passage in parsed.passages}
            self._counts["removed"] += len(writing.contexts(str(former["key"])) - own)
        with self.timed("write"):
            writing.seal(parsed.key, parsed.page, record, parsed.suspicions)
        self._count(record)

    def embedded(self, passages: int) -> None:
        self._counts["embedded"] += passages

    def commit(self, writing: Writing, gone: Sequence[str]) -> None:
        for name in gone:
            self._counts["removed"] += int(writing.answering()[name]["passages"])

        def derive(store: Store) -> None:
            with self.timed("derive"):
                Lexical.open(store.folder, store.generation(), store.all())

        with self.timed("commit"):
            self._committed = writing.commit(remove=gone, prepare=derive)


class _Batch:
    """Passages that wait to be embedded and written, across files; a file is sealed when its last one is."""

    def __init__(self, writing: Writing, embedder: Callable[[], Embedder], run: _Run) -> None:
        self._writing, self._embedder, self._run = writing, embedder, run
        self._waiting: deque[tuple[str, Passage]] = deque()
        self._files: deque[tuple[Parsed, int]] = deque()  # with how many of its passages are not put yet

    def add(self, parsed: Parsed) -> None:
        self._writing.begin(parsed.page.file, parsed.key)
        missing = self._writing.missing(parsed.key, parsed.passages)
        self._files.append((parsed, len(missing)))
        self._waiting.extend((parsed.key, passage) for passage in missing)

    def full(self) -> Iterator[str]:
        """Writes whole batches, and yields the files that are whole by them."""
        while len(self._waiting) >= _BATCH:
            self._put(_BATCH)
            yield from self._sealed()
        yield from self._sealed()

    def rest(self) -> Iterator[str]:
        """Writes what is left, and yields its files."""
        if self._waiting:
            self._put(len(self._waiting))
        yield from self._sealed()

    def _put(self, count: int) -> None:
        some = [self._waiting.popleft() for _ in range(count)]
        texts = {_context(passage): passages.context(passage) for _, passage in some}
        with self._run.timed("embed"):
            known = self._writing.vectors.get(list(texts))
            new = [name for name in texts if name not in known]
            if new:
                vectors = self._embedder().passages([texts[name] for name in new])
                self._writing.vectors.put(new, vectors)
                known.update(zip(new, vectors, strict=True))
                self._run.embedded(len(new))
        with self._run.timed("write"):
            contexts = [_context(passage) for _, passage in some]
            self._writing.put(
                [key for key, _ in some],
                [passage for _, passage in some],
                contexts,
                [known[name] for name in contexts],
            )
        left = count
        for at, (parsed, waiting) in enumerate(self._files):
            taken = min(left, waiting)
            self._files[at] = (parsed, waiting - taken)
            left -= taken

    def _sealed(self) -> Iterator[str]:
        while self._files and not self._files[0][1]:
            parsed, _ = self._files.popleft()
            self._run.seal(parsed, self._writing)
            yield parsed.page.file


def _context(passage: Passage) -> str:
    """A name for what the passage is embedded as."""
    return hashlib.sha256(passages.context(passage).encode("utf-8", "surrogatepass")).hexdigest()[:24]
