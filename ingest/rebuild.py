"""The pages kept with an index in, the index made again out: for one whose Chroma is damaged or of a former form.

The pages are those of the last generation. The new index is made beside the old one, which is taken away only when the
new one stands; so a stop at any point leaves pages and one of the two, and the same command goes on.

An index on a server is made in a database that has none, out of a backup (``fill``): "jushi restore".
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from assistant import archive
from assistant.chroma import CHROMA_FOLDER
from assistant.embed import Embedder
from assistant.errors import IndexMissing, SourceError, StoreError
from assistant.lock import Lock
from assistant.store import Store
from assistant.vector_cache import VectorCache
from assistant.writing import Writing
from ingest import load, parse
from ingest.batches import Batches
from ingest.tally import Progress, Summary, Tally

BESIDE: Final = "rebuild"  # folder, in the index's, of the new one until it stands
DAMAGED: Final = "chroma.damaged"  # the old one, kept where a page could not be restored
_DERIVED: Final = ("claims", "lexical")


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """``lost`` tells of each page that could not be restored, and why."""

    summary: Summary
    lost: tuple[str, ...]


def rebuild(
    folder: Path,
    name: str,
    embedder: Callable[[], Embedder],
    *,
    wait: bool = False,
    progress: Callable[[Progress], None] = lambda _: None,
) -> Rebuilt:
    """Makes the index in the folder again for the embedder called ``name``.

    Raises IndexMissing where no pages are kept, StoreBusy where another process writes, StoreError for a full disk.
    """
    if not folder.is_dir():
        raise IndexMissing(f'No index in {folder}: run "jushi ingest" first, or name its folder with --data.')
    tally = Tally()
    with tally.timed("total"), Lock(folder, wait=wait):
        kept, number, former, lost = _pages(folder)
        beside = folder / BESIDE
        shutil.rmtree(beside, ignore_errors=True)
        try:
            store = Store.create(beside, name)
            try:
                if former == name:
                    VectorCache.copy(folder, beside)
                # counted on, so that open readers take it for newer
                store.state = {**store.state, "number": number}
                store.publish(store.state, "")
                lost += _filled(store, kept, embedder, tally, progress)
            finally:
                store.close()
            _swap(folder, beside, keep_damaged=bool(lost))
        except OSError as error:
            raise StoreError(f"{folder} cannot be written: {error.strerror}. {archive.what_to_do(error)}") from error
    return Rebuilt(tally.summary(len(kept), []), tuple(lost))


def fill(store: Store, unpacked: Path, embedder: Callable[[], Embedder]) -> Rebuilt:
    """Makes an index of the pages, and with the vectors, that lie in the folder as ``archive`` keeps them.

    Raises StoreError where the store holds pages already, IndexMissing where no pages are kept in the folder.
    """
    tally = Tally()
    if store.number:
        raise StoreError(f"There is an index {store.place} already: name another database, or another folder.")
    with tally.timed("total"):
        kept, _, former, lost = _pages(unpacked)
        if former == store.embedder:
            VectorCache.copy(unpacked, store.folder)
        lost += _filled(store, kept, embedder, tally, lambda _: None)
    return Rebuilt(tally.summary(len(kept), []), tuple(lost))


def _pages(folder: Path) -> tuple[list[archive.Kept], int, str, list[str]]:
    """The pages to be restored, the number of their generation, its embedder, and what is lost."""
    known = archive.generation(folder)
    if known is None:
        raise IndexMissing(
            f"{folder / archive.GENERATION} is damaged or not there, so it is not known which pages answered: "
            'ingest them again into another folder ("jushi ingest --data FOLDER").'
        )
    pages, lost = [], []
    for key in known.keys:
        try:
            pages.append(archive.page(folder, key))
        except StoreError as error:
            lost.append(str(error))
    pages.sort(key=lambda page: page.file)
    return pages, int(known.state.get("number", 0)), str(known.state.get("embedder", "")), lost


def _filled(
    store: Store,
    kept: list[archive.Kept],
    embedder: Callable[[], Embedder],
    tally: Tally,
    progress: Callable[[Progress], None],
) -> list[str]:
    lost = []
    total, done = sum(len(page.text) for page in kept), 0
    with Writing(store) as writing:
        batches = Batches(writing, embedder, tally)
        for page in kept:
            try:
                with tally.timed("parse"):
                    parsed = parse.again(page.file, page.text, page.reading)
            except SourceError as error:
                lost.append(str(error))
                continue
            for _ in batches.add(parsed):
                progress(Progress(page.file, done, total))
            done += len(page.text)
        for _ in batches.rest():
            progress(Progress("", done, total))
        load.commit(writing, tally, ())
    return lost


def _swap(folder: Path, beside: Path, *, keep_damaged: bool) -> None:
    """Puts the new index in the place of the old: first the pages, which both have, at last what is derived."""
    wanted = {path.name for path in (beside / archive.SOURCES).iterdir()}
    for path in (beside / archive.SOURCES).iterdir():
        path.replace(folder / archive.SOURCES / path.name)
    (beside / archive.GENERATION).replace(folder / archive.GENERATION)
    damaged = folder / DAMAGED
    shutil.rmtree(damaged, ignore_errors=True)
    if (folder / CHROMA_FOLDER).exists():
        (folder / CHROMA_FOLDER).rename(damaged)
    (beside / CHROMA_FOLDER).rename(folder / CHROMA_FOLDER)
    VectorCache.replace(beside, folder)
    for name in _DERIVED:
        shutil.rmtree(folder / name, ignore_errors=True)
        if (beside / name).exists():
            (beside / name).rename(folder / name)
    shutil.rmtree(beside)
    if not keep_damaged:
        shutil.rmtree(damaged, ignore_errors=True)
        for path in (folder / archive.SOURCES).iterdir():
            if path.name not in wanted:
                path.unlink()
