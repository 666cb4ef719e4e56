"""Passages and their vectors out of Chroma, the one source of truth; everything else is derived from it.

Two collections: ``passages`` (vectors, text, and as metadata the source, offsets, figures and claims) and ``pages``
(one record a version of a file). Rows are never altered but for the two numbers that say in which generations they
stand: ``born`` is the first, ``died`` the first without them. Which generation answers is one record, the metadata of
``pages``, written when all of it is there (``assistant.writing``); so a reader never sees half of one. The pages' texts
lie beside them in ``sources/``.

With an address all of this is on a Chroma server (``assistant.served``), the texts in a third collection, and the
folder holds nothing but what is derived.
"""

import copy
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant import archive, stored_form
from assistant.address import Address
from assistant.archive import SOURCES, Archive
from assistant.chroma import CHROMA_FOLDER, Chroma, Gate, standing, void_of
from assistant.errors import IndexMismatch, IndexMissing, IndexSpoiled, StoreError
from assistant.lease import Lease
from assistant.lock import Lock
from assistant.records import Passage, Suspicion
from assistant.served import MOST, Served, voids
from assistant.served_archive import ServedArchive

if TYPE_CHECKING:
    from assistant.embed import Vectors

SCHEMA = 2  # raised when what is stored changes its form
NEVER = 2**31 - 1  # the generation in which a row dies that has not died
SERVED_FOLDER = "served"
SLICE = 1000  # records read or written at a time; Chroma refuses more than 5,461


class Store:
    """One index, in one folder or on a server, at one generation. Safe to read from several threads.

    ``state`` is the record of the generation, ``passage_rows`` and ``page_rows`` are Chroma's collections: for
    ``assistant.writing`` alone. ``home`` is the folder that the settings name, ``folder`` that of what is derived.
    """

    def __init__(self, home: Path, embedder: str, server: Address | None = None, *, create: bool = False) -> None:
        """Prefer ``Store.open`` and ``Store.create``."""
        self.home = home
        self.folder = derived_folder(home, server)
        self.server = server
        self.embedder = embedder
        self._chroma: Chroma | Served
        self.archive: Archive
        if server is None:
            self._chroma, self.archive = Chroma.shared(home), archive.Folder(home)
        else:
            served = Served.shared(server, create=create)
            self._chroma, self.archive = served, ServedArchive(served)
        try:
            with self._gate.reading():
                self.state = self._checked(create=create)
            if isinstance(self._chroma, Chroma):
                self._chroma.catch_up(self.number)
        except BaseException:
            self._chroma.release()
            raise

    @classmethod
    def open(cls, folder: Path, embedder: str, server: Address | None = None) -> "Store":
        """The index in the folder, or on the server.

        Raises IndexMissing where there is none, IndexMismatch for another embedder's, StoreAway for a dead server.
        """
        if server is None and not (folder / CHROMA_FOLDER / "chroma.sqlite3").is_file():
            if archive.generation(folder):
                raise _lost(folder)
            raise IndexMissing(f'No index in {folder}: run "jushi ingest" first, or name its folder with --data.')
        return cls(folder, embedder, server)

    @classmethod
    def create(cls, folder: Path, embedder: str, server: Address | None = None) -> "Store":
        """The same, made where there is none."""
        try:
            if server is None:
                (folder / CHROMA_FOLDER).mkdir(parents=True, exist_ok=True)
                (folder / SOURCES).mkdir(exist_ok=True)
            else:
                derived_folder(folder, server).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"{folder} cannot hold an index: {error.strerror}. Name another folder with --data."
            ) from error
        return cls(folder, embedder, server, create=True)

    def _checked(self, *, create: bool) -> dict[str, Any]:
        """The record of the generation. Raises where the index is not there, or not this embedder's or version's."""
        made = {"embedder": self.embedder, "schema": SCHEMA}
        if create and isinstance(self._chroma, Served):
            self._chroma.create(made)
        elif create and isinstance(self._chroma, Chroma):
            self._chroma.create(made, {**made, "number": 0, "name": "", "passages": 0, "pages": 0})
        try:
            kept = self._chroma.state()
        except IndexMissing:
            if self.server is None and archive.generation(self.folder):
                raise _lost(self.folder) from None
            raise
        if self.server is None:
            self._not_lost(int(kept.get("number", 0)))
        elsewhere = (
            'into another folder ("jushi ingest --data FOLDER")' if self.server is None else "into another database"
        )
        if kept.get("schema") != SCHEMA:
            raise IndexMismatch(
                f"The index {self.place} has form {kept.get('schema')}, this version reads form {SCHEMA}: "
                f"ingest {elsewhere}."
            )
        if kept.get("embedder") != self.embedder:
            raise IndexMismatch(
                f"The index {self.place} was made by the embedder {kept.get('embedder')!r}, not {self.embedder!r}: "
                f"use --embedder {kept.get('embedder')}, or ingest {elsewhere}."
            )
        if not create and not kept["number"]:
            raise IndexMissing(f'The index {self.place} was never finished: run "jushi ingest" again.')
        return kept

    @property
    def place(self) -> str:
        """Where the index is, for people: ``in data`` or ``on http://127.0.0.1:8000/…``."""
        return f"in {self.folder}" if self.server is None else f"on {self.server}"

    def _not_lost(self, number: int) -> None:
        """Raises where pages answered once and Chroma knows of none: else the next run would begin from nothing."""
        known = archive.generation(self.folder) if not number else None
        if known and known.keys and not self.page_rows.count():
            raise _lost(self.folder)

    def close(self) -> None:
        """Lets go of the files."""
        self._chroma.release()

    def view(self) -> "Store":
        """The same index, held at this generation however this one goes on; it is closed with this one."""
        return copy.copy(self)

    def refresh(self) -> bool:
        """Goes on to the generation that answers now; whether it is another. Costs a millisecond where it is not."""
        with self._gate.reading():
            state = self._chroma.state()
        if (state["number"], state["name"]) == (self.number, self.generation()):
            return False  # a database made anew counts from 1 again
        if isinstance(self._chroma, Chroma):
            self._chroma.catch_up(int(state["number"]))
        self.state = state
        return True

    # ------------------------------------------------------------------ for ``assistant.writing``

    def lock(self, *, wait: bool = False) -> Lock | Lease:
        """The right to write this index. Raises StoreBusy where another has it, unless it is to ``wait``."""
        if isinstance(self._chroma, Served):
            return Lease(self._chroma, wait=wait)
        return Lock(self.folder, wait=wait)

    def following(self) -> int:
        """The number that the next generation has."""
        return self._chroma.following() if isinstance(self._chroma, Served) else self.number + 1

    def pending(self) -> tuple[int, ...]:
        """The numbers under which writers that were cut off had put what was never to be seen."""
        return self._chroma.pending(self.number) if isinstance(self._chroma, Served) else ()

    def next_state(self, number: int, pending: Sequence[int], **told: Any) -> dict[str, Any]:
        """The record of a new generation."""
        state = {**self.state, "number": number, **told}
        return {**state, "void": voids(self.void, pending)} if self.void or pending else state

    def publish(self, state: dict[str, Any], token: str) -> None:
        """Writes the record of a new generation, the one write that lets it answer."""
        if isinstance(self._chroma, Served):
            self._chroma.publish(state, token)
        else:
            self._chroma.publish(state)

    def outdated(self) -> int:
        """The generation before which rows that died may go."""
        return self._chroma.outdated(self.number) if isinstance(self._chroma, Served) else self.number

    @property
    def passage_rows(self) -> Any:  # Any: Chroma's type of a filter refuses the plain dictionaries that it takes
        """Chroma's collection of passages."""
        return self._chroma.collection("passages")

    @property
    def page_rows(self) -> Any:
        """Chroma's collection of pages."""
        return self._chroma.collection("pages")

    @property
    def _gate(self) -> Gate:
        return self._chroma.gate

    # ------------------------------------------------------------------ the generation

    @property
    def number(self) -> int:
        """The generation's number, counted up from 0, which is empty."""
        return int(self.state["number"])

    @property
    def void(self) -> tuple[int, ...]:
        """Numbers of generations that never were, although rows may bear them."""
        return void_of(self.state)

    def standing(self, files: Collection[str] | None = None) -> dict[str, Any]:
        """Chroma's filter for the rows of this generation, or those of its ``files``."""
        return standing(self.number, files, self.void)

    def generation(self) -> str:
        """A name for the exact set of pages; it changes with every page added, changed or removed."""
        return str(self.state["name"])

    def count(self) -> int:
        """Number of passages."""
        return int(self.state["passages"])

    def pages(self) -> dict[str, dict[str, Any]]:
        """The record of every page, by file name, sorted."""
        with self._gate.reading():
            found = self.page_rows.get(where=self.standing(), include=["metadatas"])
        return dict(sorted((str(meta["file"]), dict(meta)) for meta in found["metadatas"] or []))

    def suspicions(self, files: Collection[str] | None = None) -> tuple[Suspicion, ...]:
        """What the pages' own figures cast doubt on, page after page, as found when they were read in.

        Of these ``files``, or of all.
        """
        with self._gate.reading():
            found = self.page_rows.get(where=self.standing(files), include=["metadatas", "documents"])
        rows = zip(found["metadatas"] or [], found["documents"] or [], strict=True)
        kept = sorted((str(meta["file"]), document) for meta, document in rows)
        return tuple(one for _, document in kept for one in stored_form.load(document))

    def text(self, file: str) -> str:
        """The page's text as it was read. Raises StoreError where the index does not hold it."""
        with self._gate.reading():
            found = self.page_rows.get(where=self.standing([file]), include=["metadatas"])
        if not found["metadatas"]:
            raise StoreError(f"The index {self.place} holds no page {file!r}.")
        return self.archive.text(str(found["metadatas"][0]["id"]))

    # ------------------------------------------------------------------ passages

    def nearest(self, vector: "Vectors", k: int, files: Collection[str] | None = None) -> list[tuple[Passage, float]]:
        """The ``k`` passages of highest cosine similarity to the vector, of these ``files`` or of all, best first.

        A server gives ``served.MOST`` at most.
        """
        most = self.count() if self.server is None else MOST
        wanted = min(k, self.count(), most)
        asked = wanted
        while wanted:
            rows = self._nearest(vector, asked, files)
            found = [(passage, score) for passage, score, standing in rows if standing]
            if len(found) >= wanted or len(rows) < asked:
                return found[:wanted]
            asked *= 4  # rows of a generation being written, or of the one before, took the places
            if self.server is not None and asked > most:
                rows = self._nearest(vector, wanted, files, all_standing=True)  # slower: the filter is looked up first
                return [(passage, score) for passage, score, standing in rows if standing]
        return []

    def _nearest(
        self, vector: "Vectors", k: int, files: Collection[str] | None, *, all_standing: bool = False
    ) -> list[tuple[Passage, float, bool]]:
        if files is not None and not files:
            return []
        among: dict[str, Any] | None = None if files is None else {"file": {"$in": sorted(files)}}
        with self._gate.reading():
            # A server takes a number beyond its rows, which the embedded Chroma warns of. There are as many rows as
            # passages at least; to count them takes as long as to search them (14 ms of 100,000).
            most = k if self.server is not None or k <= self.count() else self.passage_rows.count()
            found = self.passage_rows.query(
                query_embeddings=vector.reshape(1, -1),
                n_results=min(k, most),
                where=self.standing(files) if all_standing else among,
                include=["documents", "metadatas", "distances"],
            )
        rows = zip(
            found["ids"][0],
            (found["documents"] or [[]])[0],
            (found["metadatas"] or [[]])[0],
            (found["distances"] or [[]])[0],
            strict=True,
        )
        return [
            (stored_form.to_passage(identity, text, dict(meta)), 1.0 - distance, self._stands(meta))
            for identity, text, meta, distance in rows
        ]

    def _stands(self, meta: Any) -> bool:
        void = self.void
        went_on = self.number < meta["died"] or meta["died"] in void
        return bool(meta["born"] <= self.number and went_on and meta["born"] not in void)

    def get(self, ids: Sequence[str]) -> dict[str, Passage]:
        """The passages among the ids, by id."""
        return {passage.id: passage for passage in self._slices(list(dict.fromkeys(ids)))}

    def all(self, files: Collection[str] | None = None) -> Iterator[Passage]:
        """Every passage, or those of the ``files``, a slice at a time."""
        with self._gate.reading():
            identities = self.passage_rows.get(where=self.standing(files), include=[])["ids"]
        return self._slices(list(identities))

    def _slices(self, ids: list[str]) -> Iterator[Passage]:
        for at in range(0, len(ids), SLICE):
            with self._gate.reading():
                found = self.passage_rows.get(ids=ids[at : at + SLICE], include=["documents", "metadatas"])
            for identity, text, meta in zip(
                found["ids"], found["documents"] or [], found["metadatas"] or [], strict=True
            ):
                if self._stands(meta):
                    yield stored_form.to_passage(identity, text, dict(meta))


def derived_folder(home: Path, server: Address | None) -> Path:
    """Where that which is derived of an index lies: with it, or, of one on a server, in a folder of its own."""
    return home if server is None else home / SERVED_FOLDER / server.folder


def _lost(folder: Path) -> IndexSpoiled:
    return IndexSpoiled(
        f'The index in {folder} has lost its rows: "jushi doctor --rebuild" makes it again from the pages kept with it.'
    )
