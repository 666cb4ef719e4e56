"""Gold items and a system in, a results file out, an answer a line.

The file is JSON lines: a header (settings, versions, model, prompts, corpus), then one answer a line as soon as it is
given, in the order of the items. A run that is killed loses what it was asking and no more, and ``resume`` goes on to
the file that an unbroken run would have left, times and dates aside.
"""

import hashlib
import json
import os
import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import fields
from datetime import UTC, datetime
from importlib import resources
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import python_version
from time import perf_counter
from typing import Any, Final

from assistant.errors import SettingError
from assistant.records import Answer
from assistant.settings import NONE, Settings
from evals.about import Known
from evals.filed import Record, as_json, judge_again, record
from evals.gold import GoldItem
from evals.systems import JUSHI, Asked

__all__ = ["Record", "corpus", "describe", "read", "rescore", "run"]

SECRET: Final = "api_key"
PACKAGES: Final = ("jushi", "chromadb", "langchain", "onnxruntime", "sentence-transformers", "xllamacpp")
HASH: Final = 16  # hexadecimal digits; enough to tell two files apart


def run(
    items: Sequence[GoldItem],
    ask: Callable[[GoldItem], Asked | Answer],
    path: Path,
    header: Mapping[str, Any],
    *,
    resume: bool = False,
    told: Callable[[Record], None] | None = None,
    workers: int = 1,
) -> list[Record]:
    """Ask each item and file each answer at once; the records in the items' order.

    With ``resume`` the answers that the file holds are kept, and ``told`` hears of them too. ``workers`` items are
    asked at a time, so a kill loses no more than these. Raises SettingError where the file exists and is not to be
    resumed, or was made from other items, settings or index; what ``ask`` raises passes through, with all earlier
    answers filed.
    """
    done: dict[str, Record] = {}
    if path.exists():
        if not resume:
            raise SettingError(f"{path} exists: go on with --resume, or name another folder with --out.")
        done = {line["item"]: line for line in _kept(path, header)}
    path.parent.mkdir(parents=True, exist_ok=True)
    known = Known.of(items)
    records: list[Record] = []
    with path.open("a", encoding="utf-8") as file:
        if not path.stat().st_size:
            _write(file.fileno(), {"header": dict(header)})
        for line, fresh in _answers(items, ask, done, known, workers):
            if fresh:
                _write(file.fileno(), line)
            records.append(line)
            if told:
                told(line)
    return records


def _answers(
    items: Sequence[GoldItem],
    ask: Callable[[GoldItem], Asked | Answer],
    done: Mapping[str, Record],
    known: Known | None,
    workers: int,
) -> Iterator[tuple[Record, bool]]:
    """Each item's line in order, and whether it was asked just now; ``workers`` are asked ahead."""

    def answered(item: GoldItem) -> Record:
        started = perf_counter()
        given = ask(item)
        seconds = perf_counter() - started
        asked = given if isinstance(given, Asked) else Asked(given)
        return record(item, asked.answer, seconds, asked.hits, known)

    if workers == 1:
        for item in items:
            yield (done[item.id], False) if item.id in done else (answered(item), True)
        return
    with ThreadPoolExecutor(workers) as pool:
        ahead: deque[tuple[Record | None, Future[Record] | None]] = deque()
        waiting = deque(items)
        try:
            while True:
                while waiting and sum(future is not None for _, future in ahead) < workers:
                    item = waiting.popleft()
                    kept = done.get(item.id)
                    ahead.append((kept, None if kept else pool.submit(answered, item)))
                if not ahead:
                    return
                kept, future = ahead.popleft()
                if future:
                    yield future.result(), True
                elif kept:
                    yield kept, False
        finally:
            for _, future in ahead:
                if future:
                    future.cancel()


def read(path: Path) -> tuple[Record, list[Record]]:
    """The header and the records of a results file; a last line that was cut off is left out."""
    lines = path.read_text("utf-8", errors="replace").splitlines(keepends=True)
    whole = [json.loads(line) for line in lines if line.endswith("\n")]
    if not whole or "header" not in whole[0]:
        return {}, []
    return whole[0]["header"], whole[1:]


def opened(path: Path) -> tuple[Record, list[Record]]:
    """``read``, or SettingError for what is no results file or holds no answers."""
    try:
        header, records = read(path)
    except OSError as error:
        raise SettingError(f"{path} cannot be read: {error.strerror}. Name a results file.") from error
    except json.JSONDecodeError as error:
        raise SettingError(f"{path} is not a results file: {error}.") from error
    if not header or not records:
        raise SettingError(f"{path} is not a results file, or holds no answers.")
    return header, records


def rescore(items: Sequence[GoldItem], records: Sequence[Record]) -> list[Record]:
    """The records judged by today's scorer against the items as they are. Raises SettingError for an unknown item."""
    by_id = {item.id: item for item in items}
    if unknown := [line["item"] for line in records if line["item"] not in by_id]:
        raise SettingError(f"{', '.join(unknown[:3])}: not in the gold set. Name the set that was asked with --gold.")
    known = Known.of([by_id[line["item"]] for line in records])
    return [judge_again(by_id[line["item"]], line, known) for line in records]


def write(path: Path, header: Mapping[str, Any], records: Sequence[Record]) -> None:
    """A whole results file, put in place at once."""
    part = path.with_name(path.name + ".part")
    part.write_text("".join(as_json(line) + "\n" for line in ({"header": dict(header)}, *records)), "utf-8")
    part.replace(path)


def _kept(path: Path, header: Mapping[str, Any]) -> list[Record]:
    """The records to go on from, a torn last line cut off the file."""
    data = path.read_bytes()
    whole = data[: data.rfind(b"\n") + 1]
    try:
        before, records = read(path)
    except json.JSONDecodeError as error:
        raise SettingError(f"{path} is not a results file: {error}. Name another folder with --out.") from error
    if whole and not before:
        raise SettingError(f"{path} is not a results file: it has no header. Name another folder with --out.")
    differ = sorted(name for name in {*before, *header} - {"date"} if before.get(name) != _plain(header).get(name))
    if before and differ:
        raise SettingError(f"{path} was made with another {', '.join(differ)}: run without --resume.")
    if len(whole) != len(data):
        os.truncate(path, len(whole))
    return records


def _plain(header: Mapping[str, Any]) -> Record:
    """The header as it reads back from JSON."""
    plain: Record = json.loads(as_json(header))
    return plain


def _write(handle: int, line: Mapping[str, Any]) -> None:
    """Append one line in one call, and have it on the disk before the next item is asked."""
    os.write(handle, (as_json(line) + "\n").encode())
    os.fsync(handle)


# ---------------------------------------------------------------------- the header


def describe(
    settings: Settings,
    items: Sequence[GoldItem],
    gold_file: Path,
    corpus: Mapping[str, Any],
    *,
    system: str = JUSHI,
    seed: int | None = None,
    price: tuple[float, float] | None = None,
    drawn: Mapping[str, Any] | None = None,
) -> Record:
    """The header of a results file; ``drawn`` tells by what the items were chosen.

    The key for the endpoint is never in it, nor a password within its URL.
    """
    from assistant.choosing import model_name

    told = {field.name: getattr(settings, field.name) for field in fields(settings) if field.name != SECRET}
    told["base_url"] = re.sub(r"//[^/@]*@", "//", settings.base_url)
    name = model_name(settings)
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "system": system,
        "gold": gold_file.name,
        "items": _hash("\n".join(repr(item) for item in items).encode()),
        "questions": len(items),
        "drawn": dict(drawn or {}),
        "seed": seed,
        "model": name,
        "model_hash": _model_hash(settings, name),
        "prompts": {
            file.name: _hash(file.read_bytes())
            for file in sorted(resources.files("prompts").iterdir(), key=lambda file: file.name)
            if file.name.endswith(".md")
        },
        "price": list(price) if price else None,
        "settings": told,
        "versions": {"python": python_version(), **{name: _version(name) for name in PACKAGES}},
        "corpus": dict(corpus),
    }


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:HASH]


def _model_hash(settings: Settings, name: str) -> str:
    """That of the model's file; of a hosted model there is none to see."""
    from assistant import models

    if name == NONE or settings.base_url:
        return ""
    with models.path(name, Path(settings.models), models.CHAT).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:HASH]


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def corpus(settings: Settings) -> Record:
    """What was asked about: pages, passages and the generation of the index."""
    from assistant.store import Store

    store = Store.open(Path(settings.data), settings.embedder, settings.server)
    try:
        return {"pages": len(store.pages()), "passages": store.count(), "generation": store.generation()}
    finally:
        store.close()
