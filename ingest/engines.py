"""Files in, the same files parsed out, in order: what reads, parses and perhaps embeds them, here or elsewhere."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing import get_context
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self, TypeVar

from ingest import parse
from ingest.parse import Job, Parsed

if TYPE_CHECKING:
    from assistant.embed import Vectors

_AHEAD = 4  # files parsed ahead of the embedding, for each worker: what memory they take is bounded by it
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Made:
    """A file parsed, with vectors of its passages that were made on the way, by the hash of what was embedded."""

    parsed: Parsed
    vectors: "Mapping[str, Vectors]" = field(default_factory=dict)


class Engine(Protocol):
    """What the job needs."""

    def __enter__(self) -> Self:
        """Takes its processes."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Lets go of them; after an error without waiting."""

    def faults(self, jobs: Sequence[Job]) -> Iterator[str]:
        """What is wrong with each file, or nothing."""

    def made(self, jobs: Sequence[Job], known: Mapping[str, frozenset[str]]) -> Iterator[Made]:
        """Each file parsed. ``known`` are, by file, hashes of what need not be embedded."""


class Local:
    """The job's own process, or ``workers`` processes beside it that read and parse; the job itself embeds."""

    def __init__(self, workers: int = 1) -> None:
        self._workers = workers
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        if self._workers > 1:
            # spawned, not forked: the libraries that embed have threads, which a fork would cut off
            self._pool = ProcessPoolExecutor(self._workers, mp_context=get_context("spawn"))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=kind is not None)

    def faults(self, jobs: Sequence[Job]) -> Iterator[str]:
        """What is wrong with each file, or nothing."""
        return self._each(parse.fault, jobs)

    def made(self, jobs: Sequence[Job], known: Mapping[str, frozenset[str]]) -> Iterator[Made]:  # noqa: ARG002
        """Each file parsed, without vectors."""
        return map(Made, self._each(parse.parse, jobs))

    def _each(self, function: Callable[[Job], _T], jobs: Sequence[Job]) -> Iterator[_T]:
        """The function of each job in order, by the workers if there are any, a bounded number ahead."""
        pool = self._pool
        if pool is None:
            yield from map(function, jobs)
            return
        rest = iter(jobs)
        ahead: deque[Future[_T]] = deque(pool.submit(function, job) for job in islice(rest, self._workers * _AHEAD))
        while ahead:
            yield ahead.popleft().result()
            ahead.extend(pool.submit(function, job) for job in islice(rest, 1))
