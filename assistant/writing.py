"""A new generation of the store: pages in, invisible until ``commit``; a stop before it costs nothing that was done.

    with Writing(store) as writing:
        writing.begin(file, key)
        writing.put(keys, passages, contexts, vectors)
        writing.seal(key, page, record, suspicions)
        writing.commit()

A ``key`` names one version of one file as one pipeline reads it. What a stopped run had put stands in the index unseen;
the next run finds it by its keys, goes on from there, and drops what it does not want. Rows that the new generation
leaves out stay for one generation more, so a question that began under the former one is answered from it.
"""

import hashlib
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from assistant import stored_form
from assistant.records import Page, Passage, Suspicion
from assistant.store import NEVER, SLICE, Store
from assistant.vector_cache import VectorCache

if TYPE_CHECKING:
    from assistant.embed import Vectors


class Writing:
    """The one writer of an index. Raises StoreBusy where another process, or thread, writes it."""

    def __init__(self, store: Store, *, wait: bool = False) -> None:
        """``wait`` for the other writer to end instead of raising StoreBusy."""
        self._store = store
        self._lock = store.lock(wait=wait)
        self._token = uuid.uuid4().hex
        try:
            self.vectors = VectorCache(store.folder)
            store.refresh()
            self._recover()
        except BaseException:
            self._lock.release()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._put_pages()
        finally:
            self.close()

    def close(self) -> None:
        """Lets the next writer in. What was not committed stays unseen."""
        self.vectors.close()
        self._lock.release()

    def _recover(self) -> None:
        """Takes up what a run that was stopped had done of this generation, or of one that never was."""
        store = self._store
        self._number, self._pending = store.following(), store.pending()
        never = [*store.void, *self._pending]
        for rows in (store.passage_rows, store.page_rows):
            dying = rows.get(where={"died": {"$in": [self._number, *never]}}, include=[])["ids"]
            _update(rows, dying, {"died": NEVER})
        if never:
            self._adopt(never)
        self._live = store.pages()
        found = store.page_rows.get(where={"born": {"$gt": store.number}}, include=["metadatas"])
        rows = [dict(meta) for meta in found["metadatas"] or []]
        self._begun = {str(row["key"]) for row in rows}
        self._sealed = {str(row["key"]): row for row in rows if row["born"] == self._number}
        self._left = {*self._begun} - {*self._sealed}  # begun by a run that was stopped
        self._waiting: dict[str, tuple[dict[str, Any], int, str]] = {}  # records to be written, and by whom born
        self._kept: dict[str, str] = {}  # file → key of the pages that this run has seen

    def _adopt(self, never: list[int]) -> None:
        """Takes what was put under numbers that never were for this generation, or drops it where its page is gone."""
        where = {"born": {"$in": never}}
        pages = self._store.page_rows.get(where=where, include=[])["ids"]
        _update(self._store.page_rows, pages, {"born": self._number})
        found = self._store.passage_rows.get(where=where, include=["metadatas"])
        begun = set(self._store.page_rows.get(where={"born": {"$gt": self._store.number}}, include=[])["ids"])
        with_page = [meta["key"] in begun for meta in found["metadatas"] or []]
        rows = list(zip(found["ids"], with_page, strict=True))
        _update(self._store.passage_rows, [name for name, has in rows if has], {"born": self._number})
        for some in _slices([name for name, has in rows if not has]):
            self._store.passage_rows.delete(ids=some)

    # ------------------------------------------------------------------ what is there

    def unchanged(self, file: str, key: str) -> bool:
        """Whether this very version of the file answers already; if so, it goes on doing so."""
        if file in self._live and self._live[file]["key"] == key:
            self._kept[file] = key
            return True
        return False

    def sealed(self, file: str, key: str) -> dict[str, Any] | None:
        """The record of the version if a run that was stopped had done all of it; if so, it will be committed."""
        if record := self._sealed.get(key):
            self._kept[file] = key
        return record

    def begin(self, file: str, key: str) -> None:
        """Notes that passages of the version are about to be put."""
        if key not in self._begun:
            self._waiting[key] = ({"file": file, "key": key}, NEVER, "[]")
            self._begun.add(key)

    def missing(self, key: str, passages: Sequence[Passage]) -> list[Passage]:
        """Those of the version's passages that are not put yet."""
        if key not in self._left:
            return list(passages)
        where = {"$and": [{"key": key}, {"born": self._number}]}
        have = set(self._store.passage_rows.get(where=where, include=[])["ids"])
        return [passage for passage in passages if passage.id not in have]

    def answering(self) -> dict[str, dict[str, Any]]:
        """The record of every page that answers now, by file name."""
        return dict(self._live)

    def former(self, file: str) -> dict[str, Any] | None:
        """The record of the version that answers now."""
        return self._live.get(file)

    def contexts(self, key: str) -> set[str]:
        """The hashes of what the version's passages were embedded as."""
        found = self._store.passage_rows.get(where={"key": key}, include=["metadatas"])
        return {str(meta["context"]) for meta in found["metadatas"] or []}

    # ------------------------------------------------------------------ putting

    def put(
        self,
        keys: Sequence[str],
        passages: Sequence[Passage],
        contexts: Sequence[str],
        vectors: "Sequence[Vectors]",
    ) -> None:
        """Writes passages, unseen, with their vectors and the hashes of what these were made of, one to a passage."""
        self._put_pages()  # a passage never stands without its page's record, by which a later run finds it
        if passages:
            self._store.passage_rows.upsert(
                ids=[passage.id for passage in passages],
                embeddings=list(vectors),
                documents=[passage.text for passage in passages],
                metadatas=[
                    {
                        **stored_form.to_metadata(passage),
                        "key": key,
                        "context": context,
                        "born": self._number,
                        "died": NEVER,
                    }
                    for key, passage, context in zip(keys, passages, contexts, strict=True)
                ],
            )

    def seal(
        self,
        key: str,
        page: Page,
        record: dict[str, Any],
        suspicions: tuple[Suspicion, ...],
        reading: Mapping[str, Any] | None = None,
    ) -> None:
        """Notes that the version's passages are all put. ``record`` goes with the page: numbers and strings.

        ``reading`` is how the page was read, kept beside its text, so that it can be read in again from there.
        """
        self._store.archive.keep(key, page.file, page.id, page.text, reading or {})
        row = {
            "file": page.file,
            "key": key,
            "id": page.id,
            "paper": page.paper,
            "date": page.date,
            "date_basis": page.date_basis,
            "theme": page.theme,
            **record,
        }
        self._waiting[key] = (row, self._number, stored_form.dump(suspicions))
        self._kept[page.file] = key
        self._sealed[key] = row

    def _put_pages(self) -> None:
        """Writes the records of pages that wait, a batch in one go: each write of Chroma's waits for the disk."""
        import numpy as np

        self._store.archive.flush()  # a page that is told of has its text
        keys = list(self._waiting)
        for at in range(0, len(keys), SLICE):
            some = [self._waiting[key] for key in keys[at : at + SLICE]]
            self._store.page_rows.upsert(
                ids=keys[at : at + SLICE],
                embeddings=np.ones((len(some), 1), np.float32),  # Chroma wants a vector of each, if never searched
                documents=[document for _, _, document in some],
                metadatas=[{**row, "born": born, "died": NEVER} for row, born, _ in some],
            )
        self._waiting = {}

    # ------------------------------------------------------------------ committing

    def commit(self, remove: Collection[str] = (), prepare: Callable[[Store], None] = lambda _: None) -> bool:
        """Lets the new generation answer: the pages seen in this run and those it did not see, without ``remove``.

        Whether there is one; where nothing changed, the former goes on. ``prepare`` is called with the store as it will
        be, so that what is derived from it is there when it answers. A stop at any point leaves the one or the other.
        """
        store = self._store
        self._put_pages()
        former = {file: str(record["key"]) for file, record in self._live.items()}
        wanted = {file: key for file, key in {**former, **self._kept}.items() if file not in remove}
        self._drop({*self._begun} - {*wanted.values()})
        if wanted == former:
            return False
        leaving = [key for file, key in former.items() if wanted.get(file) != key]
        for some in _slices(leaving):
            ids = store.passage_rows.get(where={"key": {"$in": some}}, include=[])["ids"]
            _update(store.passage_rows, ids, {"died": self._number})
        _update(store.page_rows, leaving, {"died": self._number})
        records = [self._sealed.get(key) or self._live[file] for file, key in wanted.items()]
        was, store.state = (
            store.state,
            store.next_state(
                self._number,
                self._pending,
                name=_name(wanted),
                passages=sum(int(record["passages"]) for record in records),
                pages=len(wanted),
            ),
        )
        try:
            prepare(store)
            store.archive.keep_generation(store.state, wanted.values())
            store.publish(store.state, self._token)
        except BaseException:
            store.state = was
            raise
        self._forget()
        self._recover()
        return True

    def _forget(self) -> None:
        """Deletes for good what has been out of use for a whole generation, its text and vectors too."""
        store = self._store
        limit = store.outdated()
        dead = store.page_rows.get(where={"died": {"$lt": limit}}, include=["metadatas"])["metadatas"] or []
        self._drop({str(meta["key"]) for meta in dead})
        needed = {str(meta.get("id")) for meta in store.page_rows.get(include=["metadatas"])["metadatas"] or []}
        store.archive.forget({str(meta["id"]) for meta in dead if meta["id"] not in needed})

    def _drop(self, keys: Collection[str]) -> None:
        """Deletes versions with their passages, and the vectors that no other passage is embedded as."""
        rows = self._store.passage_rows
        for some in _slices(sorted(keys)):
            found = rows.get(where={"key": {"$in": some}}, include=["metadatas"])
            for ids in _slices(found["ids"]):
                rows.delete(ids=ids)
            for contexts in _slices(sorted({str(meta["context"]) for meta in found["metadatas"] or []})):
                used = rows.get(where={"context": {"$in": contexts}}, include=["metadatas"])["metadatas"] or []
                self.vectors.forget({*contexts} - {str(meta["context"]) for meta in used})
            self._store.page_rows.delete(ids=some)
            self._store.archive.forget(some)
        self._begun -= {*keys}
        for key in keys:
            self._sealed.pop(key, None)


def _update(rows: Any, ids: Sequence[str], values: dict[str, int]) -> None:
    for some in _slices(ids):
        rows.update(ids=some, metadatas=[dict(values) for _ in some])


def _slices(names: Sequence[str]) -> Iterator[list[str]]:
    for at in range(0, len(names), SLICE):
        yield list(names[at : at + SLICE])


def _name(keys: dict[str, str]) -> str:
    """A name for the exact set of pages, the same in every folder."""
    lines = "\n".join(f"{file}\0{key}" for file, key in sorted(keys.items()))
    return hashlib.sha256(lines.encode()).hexdigest()[:16]
