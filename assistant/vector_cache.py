"""Hashes of texts in, the vectors once made of them out: so no text of an index is embedded twice.

It lies beside Chroma's files and is written first, so vectors are there even after a stop in the midst of Chroma's own
writing. It holds those of the passages in the index, of the former generation and of a run that was stopped; losing it
costs time only.
"""

import logging
import sqlite3
from collections.abc import Collection, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import StoreError

if TYPE_CHECKING:
    from assistant.embed import Vectors

_log = logging.getLogger("jushi")
FILE = "vectors.sqlite"
_MOST = 500  # hashes asked for at a time; SQLite takes 999 variables in its oldest builds


class VectorCache:
    """Vectors by the hash of what was embedded, float32; of one embedder, the index's."""

    def __init__(self, folder: Path) -> None:
        """Opens the cache in the folder; a file that is no cache any more is begun anew. Raises StoreError."""
        self._path = folder / FILE
        try:
            self._rows = self._open()
        except sqlite3.DatabaseError as error:
            self._anew(error)

    def _open(self) -> sqlite3.Connection:
        rows = sqlite3.connect(self._path)
        rows.execute("PRAGMA synchronous=NORMAL")
        rows.execute("PRAGMA journal_mode=WAL")
        rows.execute("CREATE TABLE IF NOT EXISTS vectors (hash TEXT PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID")
        return rows

    def _anew(self, error: sqlite3.Error) -> None:
        """Begins the file anew where it is spoiled (cut off, overwritten): what it held is embedded again."""
        if type(error) is not sqlite3.DatabaseError:  # a full disk, a folder that cannot be written
            raise StoreError(f"{self._path} cannot be written: {error}. Make room there, or name another folder.")
        _log.warning("%s was damaged and is begun anew; its vectors are made again.", self._path)
        remove(self._path.parent)
        try:
            self._rows = self._open()
        except sqlite3.Error as again:
            raise StoreError(f"{self._path} cannot be written: {again}.") from again

    def close(self) -> None:
        """Lets go of the file."""
        self._rows.close()

    @staticmethod
    def copy(source: Path, target: Path) -> None:
        """Copies the cache of one folder into another, as it stands while others use it; a spoiled one is left out."""
        if not (source / FILE).is_file():
            return
        with (
            closing(_reading(source / FILE)) as old,
            closing(sqlite3.connect(target / FILE)) as new,
        ):
            try:
                spoiled = old.execute("PRAGMA quick_check(1)").fetchall() != [("ok",)]
                if not spoiled:
                    old.backup(new)
            except sqlite3.DatabaseError as error:
                if type(error) is not sqlite3.DatabaseError:
                    raise StoreError(f"{target / FILE} cannot be written: {error}. Make room there.") from error
                spoiled = True
        if spoiled:
            remove(target)

    @staticmethod
    def replace(source: Path, target: Path) -> None:
        """Moves the cache of one folder, which nobody has open, into another."""
        remove(target)
        for path in source.glob(f"{FILE}*"):
            path.replace(target / path.name)

    def get(self, hashes: Sequence[str]) -> "dict[str, Vectors]":
        """The kept vectors among the hashes, each of shape (dimension,)."""
        import numpy as np

        found: dict[str, Vectors] = {}
        for at in range(0, len(hashes), _MOST):
            some = list(hashes[at : at + _MOST])
            marks = ",".join("?" * len(some))
            for name, blob in self._each(f"SELECT hash, vector FROM vectors WHERE hash IN ({marks})", [some]):
                found[name] = np.frombuffer(blob, np.float32)
        return found

    def put(self, hashes: Sequence[str], vectors: "Vectors | Sequence[Vectors]") -> None:
        """Keeps vectors, shape (len(hashes), dimension), or so many of shape (dimension,).

        Raises StoreError where the disk is full.
        """
        import numpy as np

        blobs = (np.asarray(vector, np.float32).tobytes() for vector in vectors)
        self._each("INSERT OR REPLACE INTO vectors VALUES (?, ?)", list(zip(hashes, blobs, strict=True)))

    def forget(self, hashes: Collection[str]) -> None:
        """Deletes those vectors."""
        self._each("DELETE FROM vectors WHERE hash = ?", [(name,) for name in hashes])

    def _each(self, asked: str, values: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
        """What the statement finds with each of the values, committed; a spoiled file is begun anew."""
        for _ in range(2):
            try:
                with self._rows:
                    return [row for one in values for row in self._rows.execute(asked, one)]
            except sqlite3.DatabaseError as error:
                self._rows.close()
                self._anew(error)
        raise StoreError(f"{self._path} is damaged as soon as it is made: check the disk.")


def sound(folder: Path) -> tuple[int, str]:
    """How many vectors the cache in the folder holds, and what is wrong with it, or nothing."""
    path = folder / FILE
    if not path.is_file():
        return 0, ""
    try:
        with closing(_reading(path)) as rows:
            (told,) = rows.execute("PRAGMA quick_check(1)").fetchone()
            (count,) = rows.execute("SELECT count(*) FROM vectors").fetchone()
            return int(count), "" if told == "ok" else str(told)
    except sqlite3.DatabaseError as error:
        return 0, str(error)


def _reading(path: Path) -> sqlite3.Connection:
    """The file, opened to be read; one that nobody has open may lie in a folder that cannot be written."""
    way = "mode=ro" if path.with_name(f"{path.name}-wal").exists() else "mode=ro&immutable=1"
    return sqlite3.connect(f"{path.absolute().as_uri()}?{way}", uri=True)


def remove(folder: Path) -> None:
    """Deletes the cache in the folder; its vectors are made again when they are wanted."""
    for path in folder.glob(f"{FILE}*"):
        path.unlink()
