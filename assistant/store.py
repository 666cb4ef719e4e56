"""Passages and their vectors out of Chroma, the one source of truth; everything else is derived from it.

Two collections: ``passages`` (vectors, text, and as metadata the source, offsets, figures and claims) and ``pages``
(one record a version of a file). Rows are never altered but for the two numbers that say in which generations they
stand: ``born`` is the first, ``died`` the first without them. Which generation answers is one record, the metadata of
``pages``, written when all of it is there (``assistant.writing``); so a reader never sees half of one. The pages' texts
lie beside them in ``sources/``.
"""

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant import archive, stored_form
from assistant.archive import SOURCES, source_path
from assistant.chroma import CHROMA_FOLDER, Chroma, Gate
from assistant.errors import IndexMismatch, IndexMissing, IndexSpoiled, StoreError
from assistant.records import Passage, Suspicion

if TYPE_CHECKING:
    from assistant.embed import Vectors

SCHEMA = 2  # raised when what is stored changes its form
NEVER = 2**31 - 1  # the generation in which a row dies that has not died
SLICE = 1000  # records read or written at a time; Chroma refuses more than 5,461


class Store:
    """One index in one folder, at one generation. Safe to read from several threads.

    ``state`` is the record of the generation, ``passage_rows`` and ``page_rows`` are Chroma's collections: for
    ``assistant.writing`` alone.
    """

    def __init__(self, folder: Path, embedder: str, *, create: bool = False) -> None:
        """Prefer ``Store.open`` and ``Store.create``."""
        self.folder = folder
        self.embedder = embedder
        self._chroma = Chroma.shared(folder)
        try:
            with self._gate.reading():
                self.state = self._checked(create=create)
            self._chroma.catch_up(self.number)
        except BaseException:
            self._chroma.release()
            raise

    @classmethod
    def open(cls, folder: Path, embedder: str) -> "Store":
        """The index in the folder. Raises IndexMissing where there is none, IndexMismatch for another embedder's."""
        if not (folder / CHROMA_FOLDER / "chroma.sqlite3").is_file():
            if archive.generation(folder):
                raise _lost(folder)
            raise IndexMissing(f'No index in {folder}: run "jushi ingest" first, or name its folder with --data.')
        return cls(folder, embedder)

    @classmethod
    def create(cls, folder: Path, embedder: str) -> "Store":
        """The index in the folder, made where there is none. Raises IndexMismatch for another embedder's."""
        try:
            (folder / CHROMA_FOLDER).mkdir(parents=True, exist_ok=True)
            (folder / SOURCES).mkdir(exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"{folder} cannot hold an index: {error.strerror}. Name another folder with --data."
            ) from error
        return cls(folder, embedder, create=True)

    def _checked(self, *, create: bool) -> dict[str, Any]:
        """The record of the generation. Raises where the index is not there, or not this embedder's or version's."""
        made = {"embedder": self.embedder, "schema": SCHEMA}
        if create:
            self._chroma.create(made, {**made, "number": 0, "name": "", "passages": 0, "pages": 0})
        try:
            kept = self._chroma.state()
        except IndexMissing:
            if archive.generation(self.folder):
                raise _lost(self.folder) from None
            raise
        self._not_lost(int(kept.get("number", 0)))
        if kept.get("schema") != SCHEMA:
            raise IndexMismatch(
                f"The index in {self.folder} has form {kept.get('schema')}, this version reads form {SCHEMA}: "
                'ingest into another folder ("jushi ingest --data FOLDER").'
            )
        if kept.get("embedder") != self.embedder:
            raise IndexMismatch(
                f"The index in {self.folder} was made by the embedder {kept.get('embedder')!r}, not {self.embedder!r}: "
                f"use --embedder {kept.get('embedder')}, or ingest into another folder (--data)."
            )
        if not create and not kept["number"]:
            raise IndexMissing(f'The index in {self.folder} was never finished: run "jushi ingest" again.')
        return kept

    def _not_lost(self, number: int) -> None:
        """Raises where pages answered once and Chroma knows of none: else the next run would begin from nothing."""
        known = archive.generation(self.folder) if not number else None
        if known and known.keys and not self.page_rows.count():
            raise _lost(self.folder)

    def close(self) -> None:
        """Lets go of the files."""
        self._chroma.release()

    def refresh(self) -> bool:
        """Goes on to the generation that answers now; whether it is another. Costs a millisecond where it is not."""
        with self._gate.reading():
            state = self._chroma.state()
        if state["number"] == self.number:
            return False
        self._chroma.catch_up(int(state["number"]))
        self.state = state
        return True

    def committed(self, state: dict[str, Any]) -> None:
        """Writes the record of a new generation, the one write that lets it answer; for ``assistant.writing``."""
        self.page_rows.modify(metadata=state)
        self._chroma.number = state["number"]

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

    def generation(self) -> str:
        """A name for the exact set of pages; it changes with every page added, changed or removed."""
        return str(self.state["name"])

    def count(self) -> int:
        """Number of passages."""
        return int(self.state["passages"])

    def pages(self) -> dict[str, dict[str, Any]]:
        """The record of every page, by file name, sorted."""
        with self._gate.reading():
            found = self.page_rows.get(where=standing(self.number), include=["metadatas"])
        return dict(sorted((str(meta["file"]), dict(meta)) for meta in found["metadatas"] or []))

    def suspicions(self, files: Collection[str] | None = None) -> tuple[Suspicion, ...]:
        """What the pages' own figures cast doubt on, page after page, as found when they were read in.

        Of these ``files``, or of all.
        """
        with self._gate.reading():
            found = self.page_rows.get(where=standing(self.number, files), include=["metadatas", "documents"])
        rows = zip(found["metadatas"] or [], found["documents"] or [], strict=True)
        kept = sorted((str(meta["file"]), document) for meta, document in rows)
        return tuple(one for _, document in kept for one in stored_form.load(document))

    def text(self, file: str) -> str:
        """The page's text as it was read. Raises StoreError where the index does not hold it."""
        with self._gate.reading():
            found = self.page_rows.get(where={"$and": [{"file": file}, *standing(self.number)["$and"]]})
        path = source_path(self.folder, str(found["metadatas"][0]["id"])) if found["metadatas"] else None
        if path is None or not path.is_file():
            raise StoreError(f"The index in {self.folder} holds no page {file!r}.")
        return path.read_bytes().decode("utf-8")

    # ------------------------------------------------------------------ passages

    def nearest(self, vector: "Vectors", k: int, files: Collection[str] | None = None) -> list[tuple[Passage, float]]:
        """The ``k`` passages of highest cosine similarity to the vector, of these ``files`` or of all, best first."""
        wanted = min(k, self.count())
        asked = wanted
        while wanted:
            rows = self._nearest(vector, asked, files)
            found = [(passage, score) for passage, score, standing in rows if standing]
            if len(found) >= wanted or len(rows) < asked:
                return found[:wanted]
            asked *= 4  # rows of a generation being written, or of the one before, took the places
        return []

    def _nearest(self, vector: "Vectors", k: int, files: Collection[str] | None) -> list[tuple[Passage, float, bool]]:
        if files is not None and not files:
            return []
        with self._gate.reading():
            found = self.passage_rows.query(
                query_embeddings=vector.reshape(1, -1),
                n_results=min(k, self.passage_rows.count()),
                where=None if files is None else {"file": {"$in": sorted(files)}},
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
        return bool(meta["born"] <= self.number < meta["died"])

    def get(self, ids: Sequence[str]) -> dict[str, Passage]:
        """The passages among the ids, by id."""
        return {passage.id: passage for passage in self._slices(list(dict.fromkeys(ids)))}

    def all(self, files: Collection[str] | None = None) -> Iterator[Passage]:
        """Every passage, or those of the ``files``, a slice at a time."""
        with self._gate.reading():
            identities = self.passage_rows.get(where=standing(self.number, files), include=[])["ids"]
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


def standing(number: int, files: Collection[str] | None = None) -> dict[str, Any]:
    """Chroma's filter for the rows of a generation, or those of its ``files``."""
    own: list[dict[str, Any]] = [] if files is None else [{"file": {"$in": sorted(files)}}]
    return {"$and": [{"born": {"$lte": number}}, {"died": {"$gt": number}}, *own]}


def _lost(folder: Path) -> IndexSpoiled:
    return IndexSpoiled(
        f'The index in {folder} has lost its rows: "jushi doctor --rebuild" makes it again from the pages kept with it.'
    )
