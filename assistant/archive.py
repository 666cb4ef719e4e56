"""What an index can be made again from: each page's text with how it was read, and which pages answer.

    sources/<id>.txt       the text of a page, id being a hash of its name and text
    sources/<key>.json     how the version of that key was read: file, id, and what its reader told beside the text
    generation.json        the generation that answers, or is just about to: its record, time and keys

Chroma holds none of it, so a damaged Chroma loses no page: "jushi doctor --rebuild" reads the pages in again.
"""

import hashlib
import json
import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from assistant.errors import StoreError

SOURCES = "sources"
GENERATION = "generation.json"


@dataclass(frozen=True, slots=True)
class Kept:
    """A page as it was read in: its text, and what is to be known to read it in again."""

    file: str
    key: str
    text: str
    reading: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Generation:
    """``state`` is the record that Chroma has too; ``time`` is when it was written, in ISO form with its zone."""

    state: dict[str, Any]
    time: str
    keys: tuple[str, ...]


def identity(file: str, text: str) -> str:
    """The id of a page of that name and text."""
    return hashlib.sha256(f"{file}\0{text}".encode()).hexdigest()[:24]


def source_path(folder: Path, identity: str) -> Path:
    """Where the text of the page of that id lies."""
    return folder / SOURCES / f"{identity}.txt"


def reading_path(folder: Path, key: str) -> Path:
    """Where it lies how the version of that key was read."""
    return folder / SOURCES / f"{key}.json"


def keep(folder: Path, key: str, file: str, identity: str, text: str, reading: Mapping[str, Any]) -> None:
    """Keeps a page. When this returns it is on the disk, power cut or not. Raises StoreError."""
    write(source_path(folder, identity), text)
    told = {"file": file, "id": identity, "reading": dict(reading)}
    write(reading_path(folder, key), json.dumps(told, ensure_ascii=False))


def keep_generation(folder: Path, state: Mapping[str, Any], keys: Iterable[str]) -> None:
    """Keeps which pages answer; called just before they do. Raises StoreError."""
    _on_disk(folder / SOURCES)  # the names of the pages, before what counts on them
    told = {"state": dict(state), "time": datetime.now(UTC).isoformat("T", "seconds"), "keys": sorted(keys)}
    write(folder / GENERATION, json.dumps(told))
    _on_disk(folder)


def generation(folder: Path) -> Generation | None:
    """The generation kept, or None where none is, or its file is damaged."""
    try:
        told = json.loads((folder / GENERATION).read_text("utf-8"))
        return Generation(dict(told["state"]), str(told["time"]), tuple(map(str, told["keys"])))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def page(folder: Path, key: str) -> Kept:
    """The page of that key. Raises StoreError, with the reason, where it is not there or is not what was kept."""
    try:
        told = json.loads(reading_path(folder, key).read_text("utf-8"))
        file, name, reading = str(told["file"]), str(told["id"]), dict(told["reading"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{reading_path(folder, key)} is damaged or not there: ingest its page again.") from error
    try:
        text = source_path(folder, name).read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"The text of {file} ({name}.txt) is damaged or not there: ingest the page again.") from error
    if identity(file, text) != name:
        raise StoreError(f"The text of {file} ({name}.txt) is not the one that was kept: ingest the page again.")
    return Kept(file, key, text, reading)


class Archive(Protocol):
    """Where an index keeps its pages' texts, and how they were read."""

    def keep(self, key: str, file: str, name: str, text: str, reading: Mapping[str, Any]) -> None:
        """Keeps a page, ``name`` being the id of its text; it may wait until ``flush``."""

    def flush(self) -> None:
        """Writes what waits."""

    def keep_generation(self, state: Mapping[str, Any], keys: Iterable[str]) -> None:
        """Keeps which pages answer; called just before they do."""

    def generation(self) -> Generation | None:
        """The generation kept, or None."""

    def page(self, key: str) -> Kept:
        """The page of that key. Raises StoreError where it is not there or is not what was kept."""

    def text(self, name: str) -> str:
        """The text of that id. Raises StoreError."""

    def forget(self, names: Collection[str]) -> None:
        """Deletes the texts of those ids, and what is kept of those keys."""


class Folder:
    """The archive of an index in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, key: str, file: str, name: str, text: str, reading: Mapping[str, Any]) -> None:
        """Keeps a page, at once."""
        keep(self._folder, key, file, name, text, reading)

    def flush(self) -> None:
        """Nothing waits."""

    def keep_generation(self, state: Mapping[str, Any], keys: Iterable[str]) -> None:
        """Keeps which pages answer."""
        keep_generation(self._folder, state, keys)

    def generation(self) -> Generation | None:
        """The generation kept."""
        return generation(self._folder)

    def page(self, key: str) -> Kept:
        """The page of that key."""
        return page(self._folder, key)

    def text(self, name: str) -> str:
        """The text of that id."""
        try:
            return source_path(self._folder, name).read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise StoreError(
                f"{source_path(self._folder, name)} is damaged or not there: ingest its page again."
            ) from error

    def forget(self, names: Collection[str]) -> None:
        """Deletes the files."""
        for name in names:
            source_path(self._folder, name).unlink(missing_ok=True)
            reading_path(self._folder, name).unlink(missing_ok=True)


def write(path: Path, text: str) -> None:
    """The file appears whole, and on the disk, or not at all. Raises StoreError."""
    beside = path.with_suffix(".new")
    try:
        with beside.open("wb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        if beside.exists():
            beside.unlink()
        raise StoreError(f"{path} cannot be written: {error.strerror}. {what_to_do(error)}") from error


def what_to_do(error: OSError) -> str:
    """The next step after a file could not be written."""
    import errno

    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "Make room on that disk and run it again: what was done is kept."
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return "Name a folder that can be written with --data."
    return 'Look into it with "jushi doctor".'


def _on_disk(folder: Path) -> None:
    """What was renamed in the folder stays so after a power cut; Windows knows no such thing, and needs it not."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
