"""The pages' texts and how they were read, as ``assistant.archive`` has them in files, in a collection of a server's.

A row is a piece of a text, none longer than a server takes: ``<id>-0000``, ``<id>-0001`` … of a page's text,
``<key>-0000`` … of how the version of that key was read.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from assistant.archive import Generation, Kept, identity
from assistant.chroma import standing, void_of
from assistant.errors import StoreError
from assistant.parts import DOCUMENT, cut
from assistant.served import TEXTS, Served

_TOGETHER: Final = 300  # texts asked for in one request


class ServedArchive:
    """The archive of one database. What is kept waits until ``flush``, so that many pages go in one request."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self._waiting: dict[str, str] = {}

    def keep(self, key: str, file: str, name: str, text: str, reading: Mapping[str, Any]) -> None:
        """Keeps a page, at the next ``flush``."""
        self._waiting[name] = text
        self._waiting[key] = json.dumps({"file": file, "id": name, "reading": dict(reading)}, ensure_ascii=False)

    def flush(self) -> None:
        """Writes what waits. Raises StoreError."""
        import numpy as np

        pieces = [
            (f"{name}-{at:04d}", piece, {"name": name, "part": at, "parts": len(cuts)})
            for name, text in self._waiting.items()
            for cuts in [cut(text, DOCUMENT)]
            for at, piece in enumerate(cuts)
        ]
        if pieces:
            ids, documents, metadatas = (list(column) for column in zip(*pieces, strict=True))
            self._served.collection(TEXTS).upsert(
                ids=ids,
                embeddings=np.ones((len(ids), 1), np.float32),  # Chroma wants a vector of each, if never searched
                documents=documents,
                metadatas=metadatas,
            )
        self._waiting = {}

    def keep_generation(self, state: Mapping[str, Any], keys: Iterable[str]) -> None:
        """Nothing: a server's own records tell which pages answer."""

    def generation(self) -> Generation | None:
        """The generation that answers, or None where none was published."""
        state = self._served.state()
        if not state["number"]:
            return None
        found = self._served.collection("pages").get(
            where=standing(int(state["number"]), None, void_of(state)), include=["metadatas"]
        )
        written = datetime.fromtimestamp(int(state["time"]), UTC).isoformat("T", "seconds")
        return Generation(state, written, tuple(sorted(str(meta["key"]) for meta in found["metadatas"])))

    def page(self, key: str) -> Kept:
        """The page of that key. Raises StoreError, with the reason, where it is not there or is not what was kept."""
        try:
            told = json.loads(self.text(key))
            file, name, reading = str(told["file"]), str(told["id"]), dict(told["reading"])
        except (ValueError, KeyError, TypeError) as error:
            raise StoreError(f"How a page was read ({key}) is damaged: ingest its page again.") from error
        text = self.text(name)
        if identity(file, text) != name:
            raise StoreError(f"The text of {file} ({name}) is not the one that was kept: ingest the page again.")
        return Kept(file, key, text, reading)

    def text(self, name: str) -> str:
        """The text of that id, whole. Raises StoreError."""
        found = self._served.collection(TEXTS).get(where={"name": name}, include=["metadatas", "documents"])
        rows = sorted(zip((int(meta["part"]) for meta in found["metadatas"]), found["documents"], strict=True))
        if not rows or len(rows) != int(found["metadatas"][0]["parts"]):
            raise StoreError(f"A text ({name}) is not whole on {self._served.address}: ingest its page again.")
        return "".join(text for _, text in rows)

    def forget(self, names: Collection[str]) -> None:
        """Deletes the texts of those ids, or keys."""
        rows, listed = self._served.collection(TEXTS), sorted(names)
        for at in range(0, len(listed), _TOGETHER):
            some: Sequence[str] = listed[at : at + _TOGETHER]
            rows.delete(ids=rows.get(where={"name": {"$in": list(some)}}, include=[])["ids"])
