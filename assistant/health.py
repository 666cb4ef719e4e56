"""An open index in, how each part that is derived from it is out; what is ill is made again from the index."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final

from assistant import vector_cache
from assistant.claim_index import ClaimIndex
from assistant.download import bytes_text
from assistant.errors import JushiError, StoreError
from assistant.lexical import Lexical
from assistant.lock import Lock
from assistant.store import Store

_LOOKED_UP: Final = 20  # passages that the word index is asked for
_FOUND: Final = 0.5  # share of them that it finds by their own words, unless it is damaged


class Health(StrEnum):
    """How a part is. ``MENDED``: it was ill, and is well now. ``NOTE``: well, with something to know."""

    FINE = "fine"
    NOTE = "note"
    MENDED = "mended"
    ILL = "ill"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one part; ``step`` is what to do, where something is to be done."""

    part: str
    health: Health
    text: str
    step: str = ""


def size(path: Path) -> int:
    """Bytes of a folder, or of a file with those that go with it."""
    files = path.rglob("*") if path.is_dir() else path.parent.glob(f"{path.name}*")
    return sum(file.stat().st_size for file in files if file.is_file())


def ago(written: str) -> str:
    """How long ago that was, in words."""
    spent = datetime.now(UTC) - datetime.fromisoformat(written)
    if spent < timedelta(0):
        return written
    hours = spent.total_seconds() / 3600
    return f"{spent.days} 天前" if spent.days else f"{hours:.0f} 小时前" if hours >= 1 else "不到一小时前"


def vectors(folder: Path, *, mend: bool) -> Iterator[Finding]:
    """How the cache of vectors in the folder is."""
    part = "向量缓存"
    count, wrong = vector_cache.sound(folder)
    if not wrong:
        if count:
            yield Finding(part, Health.FINE, f"{count} 个向量")
        return
    if not mend:
        yield Finding(part, Health.ILL, f"损坏：{wrong}", "jushi doctor")
        return
    try:
        with Lock(folder):
            vector_cache.remove(folder)
    except StoreError as error:
        yield Finding(part, Health.ILL, f"损坏：{wrong}；{error}")
        return
    yield Finding(part, Health.MENDED, f"损坏（{wrong}），已删去；读入改动过的页时重新计算")


def derived(store: Store, *, mend: bool) -> Iterator[Finding]:
    """How the claims and the word index are."""
    yield from _derivative("数字表", store.folder / "claims", lambda: _claims_wrong(store), mend=mend)
    yield from _derivative("词索引", store.folder / "lexical", lambda: _words_wrong(store), mend=mend)


def _derivative(part: str, place: Path, wrong: Callable[[], str], *, mend: bool) -> Iterator[Finding]:
    if not (found := wrong()):
        yield Finding(part, Health.FINE, f"完好，{bytes_text(size(place))}")
    elif not mend:
        yield Finding(part, Health.ILL, f"损坏：{found}", "jushi doctor")
    else:
        shutil.rmtree(place, ignore_errors=True)
        again = wrong()
        if again:
            yield Finding(part, Health.ILL, f"损坏（{found}），重做后仍是：{again}", "检查磁盘")
        else:
            yield Finding(part, Health.MENDED, f"损坏（{found}），已从索引重做")


def _claims_wrong(store: Store) -> str:
    """What is wrong with the file of claims; where there is none it is made."""
    for path in (store.folder / "claims").glob("*.sqlite"):
        try:
            with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as file:
                (told,) = file.execute("PRAGMA quick_check(1)").fetchone()
        except sqlite3.DatabaseError as error:
            told = str(error)
        if told != "ok":
            return str(told)
    try:
        index = ClaimIndex.of(store)
        index.count()
        index.close()
    except JushiError as error:
        return str(error)
    return ""


def _words_wrong(store: Store) -> str:
    """What is wrong with the word index: it does not find passages by their own words. Where there is none it is made.

    A file of numbers that is damaged may fail in any way when it is read.
    """
    step = max(store.count() // _LOOKED_UP, 1)
    some = [passage for at, passage in enumerate(store.all()) if at % step == 0][:_LOOKED_UP]
    try:
        index = Lexical.of(store)
        found = sum(any(name == one.id for name, _ in index.nearest(one.text, _LOOKED_UP)) for one in some)
    except Exception as error:  # noqa: BLE001 - whatever it is, the index is made again
        return f"{type(error).__name__}"
    return "" if found >= len(some) * _FOUND else f"{len(some)} 段中只找到 {found} 段"
