"""Files in, the same files parsed and embedded out, in order, by Ray's workers: ``jushi ingest --engine ray``.

Three stages of Ray Data, each an actor for every worker: one reads files (what takes long of a scan is kept, as it is
here), one parses pages, one embeds passages. They begin with what is ready, and hand on what is done. The job itself
writes, alone, as with the local engine; so the index is the same, and a run that was stopped goes on where it was.
A worker that is killed is begun anew by Ray, with what it had in hand: that costs time only.

Where RAY_ADDRESS names a cluster it is used; its machines need this version of Jushi, and the files under the same
paths. Otherwise Ray is started on this machine.
"""

import gc
import logging
import pickle
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, Final, Self

from assistant.embed import Embedder
from assistant.errors import EngineFailed, JushiError, SettingError
from assistant.settings import unless_told
from ingest import parse, passages, readers
from ingest.batches import context_hash
from ingest.engines import Made
from ingest.parse import Job, Parsed

_TOGETHER: Final = 4  # files in a block, the least that is handed on, and made again where a worker is killed
_ROUND: Final = 10_000  # files given to Ray at a time: it keeps the list in memory
_SHARES: Final = {"read": 0.2, "parse": 0.2, "embed": 0.5}  # of a core, so that one has an actor of each stage
_SPARE: Final = 1  # cores beyond the workers', for what Ray itself does
# Times that a worker is begun anew, and given a file again: a file at which every worker dies must not hold the run
# for ever, while machines that are taken away may cost each of its stages a few.
_TRIES: Final = 8
_THREADS: Final = ("StreamingExecutor", "iter_threaded", "ray-data")  # names of those that Ray Data works with
_ENDING: Final = 60.0  # seconds that each may take to stop: it waits for what its workers have in hand
_SAID: Final = 200  # characters of what Ray says
_OBJECTS: Final = 256 << 20  # bytes of Ray's store of objects on this machine: what is on its way is small

_log = logging.getLogger("jushi")
Load = Callable[[], Embedder]
"""Loads the embedder, in a worker: it must go through pickle."""


class Spread:
    """Ray with so many workers."""

    def __init__(self, workers: int, load: Load) -> None:
        """Raises SettingError where Ray is not installed."""
        try:
            import ray.data
        except ImportError as error:
            raise SettingError('--engine ray needs Ray: pip install "jushi[ray]".') from error
        self._ray = ray
        self._workers = workers
        self._load = load
        self._own = False
        self._rows: Any = None  # what is being read of Ray's, so that it can be let go of

    def __enter__(self) -> Self:
        ray = self._ray
        if not ray.is_initialized():
            unless_told("RAY_USAGE_STATS_ENABLED", "0")  # else it reports each run to its makers
            quiet = {"include_dashboard": False, "logging_level": "warning", "log_to_driver": False}
            try:
                ray.init(num_cpus=self._workers + _SPARE, object_store_memory=_OBJECTS, **quiet)
            except ValueError:  # RAY_ADDRESS names a cluster, which has cores of its own
                ray.init(**quiet)
            self._own = True
        context = ray.data.DataContext.get_current()
        context.execution_options.preserve_order = True
        context.enable_progress_bars = False
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._ended() and self._own:
            self._ray.shutdown()

    def _ended(self) -> bool:
        """Stops what is still on its way after an error, and whether it stopped.

        A thread of Ray Data's that finds Ray shut down ends the whole process, without a word.
        """
        rows, self._rows = self._rows, None
        if rows is not None:
            rows.close()
            del rows
            gc.collect()  # Ray Data stops when nobody holds its iterator any more
        threads = [one for one in threading.enumerate() if one.name.startswith(_THREADS)]
        for one in threads:
            one.join(_ENDING)
        if any(one.is_alive() for one in threads):
            _log.warning("Ray does not stop, and is left to the end of the process.")
            return False
        return True

    def faults(self, jobs: Sequence[Job]) -> Iterator[str]:
        """What is wrong with each file, or nothing; what takes long to be read is kept."""
        for rows in self._rounds(jobs, {}):
            looked = self._dataset(rows).map(_Look, **self._pool("parse"))
            yield from (str(row["fault"]) for row in self._told(looked))

    def made(self, jobs: Sequence[Job], known: Mapping[str, frozenset[str]]) -> Iterator[Made]:
        """Each file parsed, with the vectors of its passages but for those ``known``."""
        for rows in self._rounds(jobs, known):
            stages = (
                self._dataset(rows)
                .map(_Read, **self._pool("read"))
                .map(_Parse, **self._pool("parse"))
                .map(_Embed, fn_constructor_args=(self._load,), **self._pool("embed"))
            )
            for row in self._told(stages):
                told = pickle.loads(row["made"])
                if isinstance(told, JushiError):
                    raise told
                yield told

    def _told(self, stages: Any) -> Iterator[dict[str, Any]]:
        """The rows; an error of ours in a worker as itself, what Ray has to say as EngineFailed."""
        self._rows = iter(stages.iter_rows())
        while True:
            try:
                row = next(self._rows, None)
            except (self._ray.exceptions.RayError, RuntimeError) as error:
                raise _reason(error) from error
            if row is None:
                self._rows = None
                return
            yield row

    def _rounds(self, jobs: Sequence[Job], known: Mapping[str, frozenset[str]]) -> Iterator[list[dict[str, Any]]]:
        for at in range(0, len(jobs), _ROUND):
            some = jobs[at : at + _ROUND]
            yield [{"job": pickle.dumps((job, known.get(job.name, frozenset())))} for job in some]

    def _dataset(self, rows: list[dict[str, Any]]) -> Any:
        return self._ray.data.from_items(rows, override_num_blocks=-(-len(rows) // _TOGETHER))

    def _pool(self, stage: str) -> dict[str, Any]:
        """A fixed number of actors; Ray begins one that died anew, and gives it again what it had in hand."""
        pool = self._ray.data.ActorPoolStrategy(size=self._workers)
        return {"compute": pool, "num_cpus": _SHARES[stage], "max_restarts": _TRIES, "max_task_retries": _TRIES}


def _reason(error: BaseException) -> JushiError:
    """The error of ours that what Ray raised was made of, or one that says what it was."""
    told: BaseException | None = error
    seen: set[int] = set()
    while told is not None and id(told) not in seen:
        if isinstance(told, JushiError):
            return told
        seen.add(id(told))
        told = getattr(told, "cause", None) or told.__cause__ or told.__context__
    said = [line.strip() for line in str(error).splitlines() if line.strip()]
    return EngineFailed(
        f"Ray's workers gave up ({type(error).__name__}: {said[-1][:_SAID] if said else ''}). What was done is kept: "
        "run it again, or with --engine local, which tells the file."
    )


class _Look:
    """Job → what is wrong with the file."""

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        job, _ = pickle.loads(row["job"])
        return {"fault": parse.fault(job)}


class _Read:
    """Job → its text, with key and hash; an error goes on as a row, for the job to raise."""

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        job, known = pickle.loads(row["job"])
        try:
            version, data = parse.key(job)
            read = (job, known, readers.read_raw(job.path, job.keep), version, data)
        except JushiError as error:
            return {"read": pickle.dumps(error)}
        return {"read": pickle.dumps(read)}


class _Parse:
    """Text → page, passages, claims, suspicions."""

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        read = pickle.loads(row["read"])
        if isinstance(read, JushiError):
            return {"parsed": row["read"]}
        job, known, raw, version, data = read
        return {"parsed": pickle.dumps((parse.understood(job, raw, version, data, {}), known))}


class _Embed:
    """Passages → their vectors; the embedder is loaded once to an actor. An error of ours goes on as a row."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._embedder: Embedder | None = None

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        told = pickle.loads(row["parsed"])
        try:
            return {"made": row["parsed"] if isinstance(told, JushiError) else pickle.dumps(self._made(*told))}
        except JushiError as error:
            return {"made": pickle.dumps(error)}

    def _made(self, parsed: Parsed, known: frozenset[str]) -> Made:
        if self._embedder is None:
            self._embedder = self._load()
        texts = {context_hash(passage): passages.context(passage) for passage in parsed.passages}
        new = [name for name in texts if name not in known]
        vectors = self._embedder.passages([texts[name] for name in new]) if new else ()
        return Made(parsed, dict(zip(new, vectors, strict=True)))
