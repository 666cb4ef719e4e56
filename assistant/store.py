"""Passages and their vectors in and out of Chroma, the one source of truth; everything else is derived from it.

Two collections: ``passages`` (vectors, text, and as metadata the source, offsets and figures) and ``pages`` (one record
a file, written last, so that a file whose record is missing or stale is simply ingested again). The pages' texts lie
beside them in ``sources/``. ``generation`` names the exact set of pages; a derived index with another one is rebuilt.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import IndexMismatch, IndexMissing, StoreError
from assistant.records import Bound, Figure, Page, Passage, Source, Span

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

    from assistant.embed import Vectors

SCHEMA = 1  # raised when what is stored changes its form
_FOLDER = "chroma"
_SOURCES = "sources"
_SLICE = 1000  # records read or written at a time; Chroma refuses more than 5,461


class Store:
    """One index in one folder. Use ``Store.create`` to write and ``Store.open`` to read."""

    def __init__(self, folder: Path, client: "ClientAPI", passages: "Collection", pages: "Collection") -> None:
        self.folder = folder
        self._client = client
        self._passages = passages
        self._pages = pages

    @classmethod
    def open(cls, folder: Path, embedder: str) -> "Store":
        """The index in the folder. Raises IndexMissing where there is none, IndexMismatch for another embedder's."""
        if not (folder / _FOLDER / "chroma.sqlite3").is_file():
            raise IndexMissing(f'No index in {folder}: run "jushi ingest" first, or name its folder with --data.')
        return cls._connect(folder, embedder, create=False)

    @classmethod
    def create(cls, folder: Path, embedder: str) -> "Store":
        """The index in the folder, made where there is none. Raises IndexMismatch for another embedder's."""
        try:
            (folder / _FOLDER).mkdir(parents=True, exist_ok=True)
            (folder / _SOURCES).mkdir(exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"{folder} cannot hold an index: {error.strerror}. Name another folder with --data."
            ) from error
        return cls._connect(folder, embedder, create=True)

    @classmethod
    def _connect(cls, folder: Path, embedder: str, *, create: bool) -> "Store":
        import chromadb
        from chromadb.config import Settings as ChromaSettings
        from chromadb.errors import ChromaError, NotFoundError

        made = {"embedder": embedder, "schema": SCHEMA}
        try:
            client = chromadb.PersistentClient(str(folder / _FOLDER), ChromaSettings(anonymized_telemetry=False))
            if create:
                passages = client.get_or_create_collection(
                    "passages", metadata=made, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
                )
                pages = client.get_or_create_collection("pages", metadata=made, embedding_function=None)
            else:
                passages = client.get_collection("passages", embedding_function=None)
                pages = client.get_collection("pages", embedding_function=None)
        except NotFoundError as error:
            raise IndexMissing(f'The index in {folder} was never finished: run "jushi ingest" again.') from error
        except (ChromaError, OSError, ValueError) as error:
            raise StoreError(
                f'The index in {folder} cannot be opened: {error}. Remove the folder and run "jushi ingest" again.'
            ) from error
        kept = passages.metadata or {}
        if kept.get("schema") != SCHEMA:
            raise IndexMismatch(
                f"The index in {folder} has form {kept.get('schema')}, this version reads form {SCHEMA}: "
                'ingest into another folder ("jushi ingest --data FOLDER").'
            )
        if kept.get("embedder") != embedder:
            raise IndexMismatch(
                f"The index in {folder} was made by the embedder {kept.get('embedder')!r}, not {embedder!r}: "
                f"use --embedder {kept.get('embedder')}, or ingest into another folder (--data)."
            )
        return cls(folder, client, passages, pages)

    def close(self) -> None:
        """Lets go of the files."""
        close = getattr(self._client, "close", None)  # of the embedded client only
        if close:
            close()

    # ------------------------------------------------------------------ writing

    def put(self, passages: Sequence[Passage], vectors: "Vectors") -> None:
        """Writes passages with their vectors, shape (len(passages), dimension); one already there is overwritten."""
        if passages:
            self._passages.upsert(
                ids=[passage.id for passage in passages],
                embeddings=vectors,
                documents=[passage.text for passage in passages],
                metadatas=[_to_metadata(passage) for passage in passages],
            )

    def relocate(self, passages: Sequence[Passage]) -> None:
        """Writes the offsets and sources of stored passages anew; their vectors stay."""
        for at in range(0, len(passages), _SLICE):
            some = passages[at : at + _SLICE]
            self._passages.update(
                ids=[passage.id for passage in some], metadatas=[_to_metadata(passage) for passage in some]
            )

    def finish(self, page: Page, passages: Sequence[Passage], pipeline: str) -> int:
        """Seals a page whose passages are all put; passages of its former version go. Returns how many went."""
        kept = {passage.id for passage in passages}
        stale = [identity for identity in self._ids_of(page.file) if identity not in kept]
        self._delete(stale)
        _write_whole(self.folder / _SOURCES / f"{page.id}.txt", page.text)
        import numpy as np

        former = self.page_record(page.file)
        self._pages.upsert(
            ids=[page.file],
            embeddings=np.ones((1, 1), np.float32),  # Chroma wants a vector even of a record that is never searched
            metadatas=[
                {
                    "id": page.id,
                    "pipeline": pipeline,
                    "paper": page.paper,
                    "date": page.date,
                    "date_basis": page.date_basis,
                    "theme": page.theme,
                    "passages": len(passages),
                }
            ],
        )
        if former and former["id"] != page.id:
            (self.folder / _SOURCES / f"{former['id']}.txt").unlink(missing_ok=True)
        return len(stale)

    def _ids_of(self, file: str) -> list[str]:
        return list(self._passages.get(where={"file": file}, include=[])["ids"])

    def _delete(self, ids: Sequence[str]) -> None:
        for at in range(0, len(ids), _SLICE):
            self._passages.delete(ids=list(ids[at : at + _SLICE]))

    # ------------------------------------------------------------------ reading

    def missing(self, ids: Sequence[str]) -> set[str]:
        """Those of the ids that are not stored."""
        have: set[str] = set()
        for at in range(0, len(ids), _SLICE):
            have |= set(self._passages.get(ids=list(ids[at : at + _SLICE]), include=[])["ids"])
        return set(ids) - have

    def page_record(self, file: str) -> dict[str, Any] | None:
        """What was written when the file was last ingested whole, or None."""
        found = self._pages.get(ids=[file], include=["metadatas"])
        return dict(found["metadatas"][0]) if found["metadatas"] else None

    def pages(self) -> dict[str, dict[str, Any]]:
        """The record of every whole page, by file name, sorted."""
        found = self._pages.get(include=["metadatas"])
        return dict(sorted(zip(found["ids"], map(dict, found["metadatas"] or []), strict=True)))

    def text(self, file: str) -> str:
        """The page's text as it was read. Raises StoreError where the index does not hold it."""
        record = self.page_record(file)
        path = self.folder / _SOURCES / f"{record['id']}.txt" if record else None
        if path is None or not path.is_file():
            raise StoreError(f"The index in {self.folder} holds no page {file!r}.")
        return path.read_bytes().decode("utf-8")

    def generation(self) -> str:
        """A name for the exact set of pages; it changes with every page added, changed or removed."""
        pages = "\n".join(f"{file}\0{record['id']}\0{record['pipeline']}" for file, record in self.pages().items())
        return hashlib.sha256(pages.encode()).hexdigest()[:16]

    def changed_at(self) -> int:
        """When Chroma's file last changed, in nanoseconds: a cheap sign that the generation may be another."""
        return (self.folder / _FOLDER / "chroma.sqlite3").stat().st_mtime_ns

    def count(self) -> int:
        """Number of passages."""
        return int(self._passages.count())

    def nearest(self, vector: "Vectors", k: int) -> list[tuple[Passage, float]]:
        """The ``k`` passages of highest cosine similarity to the vector, best first, with it."""
        found = self._passages.query(
            query_embeddings=vector.reshape(1, -1), n_results=k, include=["documents", "metadatas", "distances"]
        )
        rows = zip(
            found["ids"][0],
            (found["documents"] or [[]])[0],
            (found["metadatas"] or [[]])[0],
            (found["distances"] or [[]])[0],
            strict=True,
        )
        return [(_to_passage(identity, text, dict(meta)), 1.0 - distance) for identity, text, meta, distance in rows]

    def get(self, ids: Sequence[str]) -> dict[str, Passage]:
        """The stored passages among the ids, by id."""
        return {passage.id: passage for passage in self._slices(list(ids))}

    def all(self) -> Iterator[Passage]:
        """Every passage, a slice at a time."""
        identities = self._passages.get(include=[])["ids"]
        return self._slices(list(identities))

    def _slices(self, ids: list[str]) -> Iterator[Passage]:
        for at in range(0, len(ids), _SLICE):
            found = self._passages.get(ids=ids[at : at + _SLICE], include=["documents", "metadatas"])
            for identity, text, meta in zip(
                found["ids"], found["documents"] or [], found["metadatas"] or [], strict=True
            ):
                yield _to_passage(identity, text, dict(meta))


def _to_metadata(passage: Passage) -> dict[str, Any]:
    figures = [{**asdict(figure), "value": str(figure.value), "bound": str(figure.bound)} for figure in passage.figures]
    source = {name: value for name, value in asdict(passage.source).items() if value is not None}
    return {
        **source,
        "story": passage.story_id,
        "start": passage.start,
        "spans": json.dumps([(span.at, span.start, span.end) for span in passage.spans]),
        "figures": json.dumps(figures, ensure_ascii=False),
    }


def _to_passage(identity: str, text: str, meta: dict[str, Any]) -> Passage:
    source = Source(**{name: meta[name] for name in Source.__dataclass_fields__ if name in meta})
    figures = tuple(
        Figure(**{**figure, "value": Decimal(figure["value"]), "bound": Bound(figure["bound"])})
        for figure in json.loads(meta["figures"])
    )
    spans = tuple(Span(*numbers) for numbers in json.loads(meta["spans"]))
    return Passage(identity, meta["story"], source, text, spans, figures)


def _write_whole(path: Path, text: str) -> None:
    """The file appears whole or not at all."""
    beside = path.with_suffix(".new")
    with beside.open("wb") as file:
        file.write(text.encode("utf-8"))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
