"""A folder in, Chroma's client of it out: one to a process, shared by whoever reads or writes that index.

Chroma's embedded client keeps the vectors that it has read, so what another process committed is seen only by a client
opened after it; and two clients of one folder in a process do not know of each other. So they share one, which is
opened anew, when nobody is within, as soon as another process has committed.
"""

import functools
import re
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from assistant.errors import IndexMissing, IndexSpoiled, StoreError
from assistant.shared import Shared

CHROMA_FOLDER = "chroma"
# What SQLite (by its code) and the system say within what Chroma says
_FULL = re.compile(r"code: 13\)|database or disk is full|No space left|os error 28|quota")
_CLOSED = re.compile(r"code: 8\)|code: 1032\)|readonly database|[Rr]ead-only|os error (?:13|30)|[Pp]ermission denied")
_LONGEST = 200  # characters of what Chroma says: it may go on with what it was given, and that is the pages'
_BUSY = re.compile(r"code: (?:5|6|517)\)|database is locked")


class Gate:
    """Lets readers in together, and one who needs to be alone when they are out."""

    def __init__(self) -> None:
        self._free = threading.Condition()
        self._inside = 0
        self._closed = False

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Within, nobody is alone. Not to be entered again by who is within."""
        with self._free:
            self._free.wait_for(lambda: not self._closed)
            self._inside += 1
        try:
            yield
        finally:
            with self._free:
                self._inside -= 1
                self._free.notify_all()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Within, nobody else is."""
        with self._free:
            self._free.wait_for(lambda: not self._closed)
            self._closed = True
            self._free.wait_for(lambda: not self._inside)
        try:
            yield
        finally:
            with self._free:
                self._closed = False
                self._free.notify_all()


class Rows:
    """A collection of Chroma's: the same calls, whose errors are those of our tree."""

    def __init__(self, rows: Any, folder: Path) -> None:
        self._rows = rows
        self._folder = folder

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._rows, name)
        if not callable(call):
            return call

        @functools.wraps(call)
        def told(*given: Any, **named: Any) -> Any:
            with errors(self._folder):
                return call(*given, **named)

        return told


class Chroma(Shared):
    """The client of one folder. ``number`` is the generation up to which it sees everything; -1: just opened."""

    def __init__(self, folder: Path) -> None:
        """Prefer ``shared``."""
        self.folder = folder
        self.gate = Gate()
        self.number = -1
        self._client: Any = None
        self._collections: dict[str, Any] = {}
        self._open()

    @classmethod
    def shared(cls, folder: Path) -> "Chroma":
        """The client of the folder in this process; each call is to be ended by a ``release``. Raises StoreError."""
        return cls._of(folder.resolve(), lambda: cls(folder))

    def release(self) -> None:
        """Ends one use; the last closes the files."""
        self._let_go(self.folder.resolve())

    def create(self, passages: dict[str, Any], pages: dict[str, Any]) -> None:
        """Makes the two collections with these records where they are not there yet."""
        with self._errors():
            self._client.get_or_create_collection(
                "passages", metadata=passages, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
            )
            self._client.get_or_create_collection("pages", metadata=pages, embedding_function=None)

    def collection(self, name: str) -> Any:
        """The collection of that name. Raises IndexMissing where it was never made."""
        if name not in self._collections:
            with self._errors():
                self._collections[name] = Rows(self._client.get_collection(name, embedding_function=None), self.folder)
        return self._collections[name]

    def state(self) -> dict[str, Any]:
        """The record of the generation that answers now, as it stands in the files."""
        with self._errors():
            return dict(self._client.get_collection("pages", embedding_function=None).metadata or {})

    def publish(self, state: dict[str, Any]) -> None:
        """Writes the record of a new generation, the one write that lets it answer."""
        self.collection("pages").modify(metadata=state)
        self.number = state["number"]

    def catch_up(self, number: int) -> None:
        """Opens the files anew if another process has committed that generation. Not to be called within the gate."""
        if number > self.number >= 0:
            with self.gate.alone(), self._lock:
                if number > self.number:
                    self._client.close()
                    self._open()
        self.number = max(number, self.number)

    def _open(self) -> None:
        import chromadb
        from chromadb.api.shared_system_client import SharedSystemClient
        from chromadb.config import Settings

        with self._errors():
            path = str(self.folder / CHROMA_FOLDER)
            try:
                self._client = chromadb.PersistentClient(path, Settings(anonymized_telemetry=False))
            except BaseException:
                # Chroma keeps what it failed to open (a full disk), and would give that to whoever opens it next
                SharedSystemClient._identifier_to_system.pop(path, None)
                raise
        self._collections = {}

    def _errors(self) -> Any:
        return errors(self.folder)


def standing(number: int, files: Collection[str] | None = None, void: Collection[int] = ()) -> dict[str, Any]:
    """Chroma's filter for the rows of a generation, or those of its ``files``.

    What was born under a number that is ``void`` never was, and what died under one goes on.
    """
    own: list[dict[str, Any]] = [] if files is None else [{"file": {"$in": sorted(files)}}]
    if not void:
        return {"$and": [{"born": {"$lte": number}}, {"died": {"$gt": number}}, *own]}
    goes_on = {"$or": [{"died": {"$gt": number}}, {"died": {"$in": [*void]}}]}
    return {"$and": [{"born": {"$lte": number}}, {"born": {"$nin": [*void]}}, goes_on, *own]}


def void_of(state: Mapping[str, Any]) -> tuple[int, ...]:
    """The numbers that the record of a generation tells to be void."""
    return tuple(int(number) for number in str(state.get("void", "")).split(",") if number)


@contextmanager
def errors(folder: Path) -> Iterator[None]:
    """What Chroma raises within, as IndexMissing, IndexSpoiled (a damaged file) or StoreError, with the next step."""
    from chromadb.errors import ChromaError, NotFoundError

    try:
        yield
    except NotFoundError as error:
        raise IndexMissing(f'The index in {folder} was never finished: run "jushi ingest" again.') from error
    except (ChromaError, OSError, ValueError, RuntimeError, AttributeError) as error:
        # AttributeError: a client that could not be opened fails once more where it is taken down
        told = error.__context__ if isinstance(error, AttributeError) and error.__context__ else error
        said = " ".join(str(told).split())
        if _FULL.search(said):
            raise StoreError(
                f"The disk of {folder} is full: make room and run it again. What was done is kept."
            ) from error
        if _CLOSED.search(said):
            raise StoreError(
                f"{folder} cannot be written, and Chroma opens no index that it cannot write: give the folder back "
                "its permissions, or copy the index to a folder of yours and name that with --data."
            ) from error
        if _BUSY.search(said):
            raise StoreError(f"The index in {folder} is being written by another process: try again.") from error
        raise IndexSpoiled(
            f'The index in {folder} cannot be read: {said[:_LONGEST]}. "jushi doctor --rebuild" makes it again from '
            "the pages kept with it."
        ) from error
