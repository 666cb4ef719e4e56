"""An index's folder in, one line of JSON out: what its Chroma holds, and what is wrong with that.

    python -m assistant.probe FOLDER

A process of its own, because Chroma ends the process that reads a file of vectors which is damaged.
"""

import functools
import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from assistant.chroma import CHROMA_FOLDER, Chroma
from assistant.errors import JushiError, StoreError
from assistant.records import Passage
from assistant.store import SLICE, Store
from assistant.vector_cache import VectorCache, sound

_SECONDS: Final = 1800.0  # 100,000 passages take about a minute and a half on two cores
_LOOKED_UP: Final = 100  # passages that are looked up by their own vectors
_MISSED: Final = 0.1  # share of them that may be missed: the search is approximate
_SAME: Final = 1e-4  # of a coordinate, between a vector as kept by Chroma (float32) and as it was made


@dataclass(frozen=True, slots=True)
class Probed:
    """``state`` is the record of the generation, ``passages`` and ``pages`` how many were read whole.

    ``unfinished`` counts the versions of pages that a stopped run had begun.
    """

    state: dict[str, str | int]
    pages: int = 0
    passages: int = 0
    unfinished: int = 0
    wrong: str = ""


def probe(folder: Path) -> Probed:
    """What a process of its own finds in the folder; what ends that process is what is wrong."""
    command = [sys.executable, "-m", "assistant.probe", str(folder)]
    try:
        ran = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return Probed({}, wrong=f"reading it did not end in {_SECONDS:g} s")
    if ran.returncode:
        said = ran.stderr.strip().splitlines()
        crashed = f"reading it ends the process (signal {-ran.returncode})" if ran.returncode < 0 else ""
        return Probed({}, wrong=crashed or (said[-1][:200] if said else f"exit code {ran.returncode}"))
    return Probed(**json.loads(ran.stdout.splitlines()[-1]))


def looked_into(folder: Path) -> Probed:
    """What this process finds in the folder."""
    if broken := _sqlite(folder / CHROMA_FOLDER / "chroma.sqlite3"):
        return Probed({}, wrong=broken)
    try:
        chroma = Chroma.shared(folder)
        try:
            state = chroma.state()
        finally:
            chroma.release()
        store = Store.open(folder, str(state.get("embedder", "")))
        try:
            return counted(store)
        finally:
            store.close()
    except JushiError as error:
        return Probed({}, wrong=str(error))


def _sqlite(path: Path) -> str:
    """What SQLite itself says is wrong with its file, or nothing."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as file:
            told = [str(row[0]) for row in file.execute("PRAGMA quick_check(3)")]
    except sqlite3.DatabaseError as error:
        return str(error)
    return "" if told == ["ok"] else "; ".join(told)


def counted(store: Store) -> Probed:
    """What an open index holds, and what is wrong: each passage is read with its vector."""
    pages = store.pages()
    texts = functools.lru_cache(maxsize=64)(functools.partial(_text, store))
    passages, wrong = 0, ""
    for passage in store.all():
        passages += 1
        wrong = wrong or _misquoted(passage, texts(str(pages[passage.source.file]["id"])))
    begun = store.page_rows.get(where={"born": {"$gt": store.number}}, include=[])["ids"]
    if (len(pages), passages) != (int(store.state["pages"]), store.count()):
        wrong = f"{passages} passages of {len(pages)} pages, and {store.count()} of {store.state['pages']} are recorded"
    return Probed(store.state, len(pages), passages, len(begun), wrong or _vectors(store))


def _text(store: Store, identity: str) -> str:
    """The text of the page, or nothing where it is not whole: that is told of apart."""
    try:
        return store.archive.text(identity)
    except StoreError:
        return ""


def _misquoted(passage: Passage, text: str) -> str:
    """What is wrong where the passage is not what its page says, or nothing."""
    if not text or all(
        passage.text[span.at : span.at + span.end - span.start] == text[span.start : span.end] for span in passage.spans
    ):
        return ""
    return f"a passage of {passage.source.file} is not what its page says"


def _vectors(store: Store) -> str:
    """What is wrong with Chroma's vectors, by those that were kept when they were made, and by looking some up."""
    if sound(store.folder)[1]:
        return ""  # the doctor tells of it, and opened here it would be begun anew
    cache = VectorCache(store.folder)
    try:
        ids = store.passage_rows.get(include=[])["ids"]
        for at in range(0, len(ids), SLICE):
            rows = store.passage_rows.get(ids=ids[at : at + SLICE], include=["embeddings", "metadatas"])
            made = cache.get([str(meta["context"]) for meta in rows["metadatas"]])
            for meta, vector in zip(rows["metadatas"], rows["embeddings"], strict=True):
                same = made.get(str(meta["context"]))
                if same is not None and abs(same - vector).max() > _SAME:
                    return f"the vector of a passage of {meta['file']} is not the one that was kept"
        standing_ids = store.passage_rows.get(where=store.standing(), include=[])["ids"]
        some = standing_ids[:: -(-len(standing_ids) // _LOOKED_UP) or 1]
        asked = store.passage_rows.get(ids=some, include=["embeddings"])["embeddings"] if some else []
        near = [found[0][1] if (found := store.nearest(vector, 1)) else 0.0 for vector in asked]
        if (lost := sum(score < 1 - _SAME for score in near)) > len(some) * _MISSED:
            return f"{lost} of {len(some)} passages are not found by their own vectors"
    finally:
        cache.close()
    return ""


if __name__ == "__main__":
    print(json.dumps(asdict(looked_into(Path(sys.argv[1])))))
