"""The job: files in, one whole new generation of the index out, or none.

Every file is looked at first, so that bad input changes nothing. One whose bytes and pipeline have not changed is left
alone; the others are parsed, here or by an engine's processes, embedded, and put into the store unseen. When all are
there they are committed together. A run that is stopped goes on where it was.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path

from assistant.claim_index import ClaimIndex
from assistant.embed import Embedder
from assistant.errors import SourceError
from assistant.lexical import Lexical
from assistant.store import Store
from assistant.writing import Writing
from ingest import parse, readers
from ingest.batches import Batches
from ingest.engines import Engine, Local, Made
from ingest.parse import Job
from ingest.readers import kept
from ingest.tally import Progress, Summary, Tally

_KEPT = "readings"  # folder, in the index's, of what PDFs and scans were read as

_SHOWN = 8  # names of pages told where one is not found

Report = Callable[[Progress], None]


def ingest(
    paths: Sequence[Path],
    store: Callable[[], Store],
    embedder: Callable[[], Embedder],
    *,
    folder: Path,
    size: int,
    date: str = "",
    engine: Engine | None = None,
    skip_unreadable: bool = False,
    mirror: bool = False,
    gone: Collection[str] = (),
    wait: bool = False,
    progress: Report = lambda _: None,
) -> Summary:
    """Brings the index in ``folder`` up to date with the files under ``paths``.

    ``engine`` reads the files, and may embed them, in place of this process. ``size`` is tokens in a passage at most;
    ``date`` is the pages', where it is given; ``gone`` are names of pages to take out, ``mirror`` takes out all that
    are not under ``paths``; ``wait`` lets another writer end first. ``store``
    and ``embedder`` are called only when every file has proved readable, so bad input changes nothing. Raises
    SourceError, naming each unreadable file, unless ``skip_unreadable``; StoreBusy where another process writes.
    """
    tally = Tally()
    with tally.timed("total"), engine or Local() as working:
        listed = readers.files(list(paths))
        jobs = [Job(path, name, size, date, folder / _KEPT) for path, name in listed]
        with tally.timed("look"):
            told = list(working.faults(jobs))
        good = [job for job, fault in zip(jobs, told, strict=True) if not fault]
        bad = [fault for fault in told if fault]
        if bad and (not skip_unreadable or not good):
            hint = " Nothing was ingested: correct them, or add --skip-unreadable." if good else ""
            raise SourceError("\n".join(bad) + hint)
        with Writing(store(), wait=wait) as writing:
            bar = _Bar(good, progress)
            todo = [job for job in good if not _there(job, writing, tally, bar)]
            batches = Batches(writing, embedder, tally)
            known = {job.name: former for job in todo if (former := _former(job, writing))}
            for made in _timed(working.made(todo, known), tally):
                for name, share in batches.add(made.parsed, made.vectors):
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


def _former(job: Job, writing: Writing) -> frozenset[str]:
    """What the passages of the version that answers were embedded as: their vectors are in the index."""
    record = writing.former(job.name)
    return frozenset(writing.contexts(str(record["key"]))) if record else frozenset()


def _timed(made: Iterator[Made], tally: Tally) -> Iterator[Made]:
    """The same, with the time that each took noted."""
    while True:
        with tally.timed("parse"):
            one = next(made, None)
        if one is None:
            return
        for stage, spent in one.parsed.seconds.items():
            tally.spent(f"parse: {stage}", spent)
        if one.parsed.note:
            tally.note(f"{one.parsed.page.file}: {one.parsed.note}")
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
