"""Hashes of texts in, the vectors once made of them out: so no text of an index is embedded twice.

It lies beside Chroma's files and is written first, so vectors are there even after a stop in the midst of Chroma's own
writing. It holds those of the passages in the index, of the former generation and of a run that was stopped; losing it
costs time only.
"""

import sqlite3
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import StoreError

if TYPE_CHECKING:
    from assistant.embed import Vectors

_FILE = "vectors.sqlite"
_MOST = 500  # hashes asked for at a time; SQLite takes 999 variables in its oldest builds


class VectorCache:
    """Vectors by the hash of what was embedded, float32; of one embedder, the index's."""

    def __init__(self, folder: Path) -> None:
        """Opens the cache in the folder; a file that is no cache any more is begun anew. Raises StoreError."""
        path = folder / _FILE
        try:
            self._rows = self._open(path)
        except sqlite3.DatabaseError:  # cut off or overwritten: what it held is embedded again
            path.unlink(missing_ok=True)
            try:
                self._rows = self._open(path)
            except sqlite3.Error as error:
                raise StoreError(f"{path} cannot be written: {error}.") from error

    @staticmethod
    def _open(path: Path) -> sqlite3.Connection:
        rows = sqlite3.connect(path)
        rows.execute("PRAGMA synchronous=NORMAL")
        rows.execute("PRAGMA journal_mode=WAL")
        rows.execute("CREATE TABLE IF NOT EXISTS vectors (hash TEXT PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID")
        return rows

    def close(self) -> None:
        """Lets go of the file."""
        self._rows.close()

    def get(self, hashes: Sequence[str]) -> "dict[str, Vectors]":
        """The kept vectors among the hashes, each of shape (dimension,)."""
        import numpy as np

        found: dict[str, Vectors] = {}
        for at in range(0, len(hashes), _MOST):
            some = list(hashes[at : at + _MOST])
            marks = ",".join("?" * len(some))
            for name, blob in self._rows.execute(f"SELECT hash, vector FROM vectors WHERE hash IN ({marks})", some):
                found[name] = np.frombuffer(blob, np.float32)
        return found

    def put(self, hashes: Sequence[str], vectors: "Vectors") -> None:
        """Keeps vectors, shape (len(hashes), dimension)."""
        import numpy as np

        rows = zip(hashes, (np.asarray(vector, np.float32).tobytes() for vector in vectors), strict=True)
        with self._rows:
            self._rows.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)

    def forget(self, hashes: Collection[str]) -> None:
        """Deletes those vectors."""
        with self._rows:
            self._rows.executemany("DELETE FROM vectors WHERE hash = ?", [(name,) for name in hashes])
