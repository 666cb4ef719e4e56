"""An index's folder in, one file of it out, each part with its SHA-256; and such a file in, the same folder out.

The file is a zip: the folder's files, and last ``manifest.json`` with the hash and size of each. It is made while
nobody writes, and is there whole or not at all; a folder is restored only from a file in which every hash is right.

Of an index on a server the file holds its pages, how they were read, and their vectors: what it is made again from, on
another server or in a folder.
"""

import hashlib
import json
import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final

from assistant import archive
from assistant.download import bytes_text
from assistant.errors import IndexMissing, SourceError, StoreError
from assistant.lock import HOLDER, LOCK, Lock
from assistant.store import SLICE, Store
from assistant.vector_cache import FILE, VectorCache

MANIFEST: Final = "manifest.json"
_FORM: Final = 1  # raised when the file changes its form
_LEFT_OUT: Final = frozenset({LOCK, HOLDER})
_BLOCK: Final = 1 << 20
_LARGEST_MANIFEST: Final = 256 << 20  # bytes; of a million pages it has about 200 MB


@dataclass(frozen=True, slots=True)
class Saved:
    """What a file holds: ``sha256`` is its own hash, ``state`` the record of the generation."""

    path: Path
    sha256: str
    files: int
    bytes: int
    state: dict[str, Any]


def backup_served(store: Store, target: Path, *, wait: bool = False) -> Saved:
    """Writes what the index on a server is made of into ``target``. Raises StoreBusy, StoreAway, StoreError."""
    with (
        _begun(target) as part,
        store.lock(wait=wait),
        tempfile.TemporaryDirectory() as scratch,
    ):
        store.refresh()
        folder = Path(scratch) / "index"
        (folder / archive.SOURCES).mkdir(parents=True)
        (Path(scratch) / "vectors").mkdir()
        known = store.archive.generation()
        keys = known.keys if known else ()
        for key in keys:
            kept = store.archive.page(key)
            archive.keep(folder, key, kept.file, archive.identity(kept.file, kept.text), kept.text, kept.reading)
        archive.keep_generation(folder, store.state, keys)
        _vectors(store, folder)
        return _finished(target, part, _write(folder, part, dict(store.state), Path(scratch) / "vectors"))


@contextmanager
def _begun(target: Path) -> Iterator[Path]:
    """Where the file is written until it is whole; nothing of it is left where that fails. Raises StoreError."""
    part = target.with_name(f".{target.name}.part")
    try:
        yield part
    except OSError as error:
        raise StoreError(f"{target} cannot be written: {error.strerror}. {archive.what_to_do(error)}") from error
    finally:
        if part.exists():  # where nothing may be written, removing what is not there is refused, too
            part.unlink()


def _vectors(store: Store, folder: Path) -> None:
    """Puts the vectors of the passages into a cache in the folder."""
    cache = VectorCache(folder)
    try:
        ids = store.passage_rows.get(where=store.standing(), include=[])["ids"]
        for at in range(0, len(ids), SLICE):
            rows = store.passage_rows.get(ids=ids[at : at + SLICE], include=["embeddings", "metadatas"])
            cache.put([str(meta["context"]) for meta in rows["metadatas"]], rows["embeddings"])
    finally:
        cache.close()


def backup(folder: Path, target: Path, *, wait: bool = False) -> Saved:
    """Writes the index in the folder into ``target``.

    Raises IndexMissing where there is none, StoreBusy where it is being written, StoreError for a full disk.
    """
    if not (folder / "chroma").is_dir():
        raise IndexMissing(f'No index in {folder}: run "jushi ingest" first, or name its folder with --data.')
    if target.resolve().is_relative_to(folder.resolve()):
        raise StoreError(f"{target} lies in the index itself: name another folder for the backup.")
    with _begun(target) as part:
        with ExitStack() as held:
            if os.access(folder, os.W_OK):  # nobody writes what cannot be written
                held.enter_context(Lock(folder, wait=wait))
            known = archive.generation(folder)
            state = dict(known.state) if known else {}
            manifest = _write(folder, part, state, Path(held.enter_context(tempfile.TemporaryDirectory())))
        return _finished(target, part, manifest)


def _finished(target: Path, part: Path, manifest: dict[str, Any]) -> Saved:
    """The file has its name now, and is on the disk."""
    with part.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    part.replace(target)
    files = manifest["files"]
    return Saved(target, digest, len(files), sum(one["bytes"] for one in files.values()), manifest["state"])


def restore(source: Path, folder: Path) -> Saved:
    """Writes what ``source`` holds into ``folder``, which must be empty or not there.

    Raises SourceError where the file is no backup, or damaged, and StoreError where the folder is not empty or the
    disk too full; the folder then is as it was.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise StoreError(f"{folder} is not empty: name another folder (--data), or move that one away.")
    beside = folder.with_name(f".{folder.name}.restoring")
    shutil.rmtree(beside, ignore_errors=True)
    try:
        saved = _unpack(source, beside)
        if folder.exists():
            folder.rmdir()
        beside.rename(folder)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise SourceError(f"{source} is no backup, or is damaged: {error}. Take another copy of it.") from error
    except OSError as error:
        raise StoreError(f"{folder} cannot be written: {error.strerror}. {archive.what_to_do(error)}") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return saved


def _write(folder: Path, part: Path, state: dict[str, Any], scratch: Path) -> dict[str, Any]:
    told: dict[str, dict[str, Any]] = {}
    VectorCache.copy(folder, scratch)
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        for path, name in _files(folder, scratch):
            with path.open("rb") as read, file.open(name, "w", force_zip64=True) as written:
                told[name] = _copied(read, written)
        manifest = {
            "form": _FORM,
            "time": datetime.now(UTC).isoformat("T", "seconds"),
            "state": state,
            "files": told,
        }
        file.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False))
    return manifest


def _files(folder: Path, scratch: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in _LEFT_OUT and not name.startswith(FILE):
            yield path, name
    for path in sorted(scratch.iterdir()):  # others may write it in pieces (-wal), so SQLite has copied it
        yield path, path.name


def _copied(read: IO[bytes], written: IO[bytes], most: int | None = None) -> dict[str, Any]:
    """Copies, and tells hash and size; raises SourceError beyond ``most`` bytes."""
    digest, size = hashlib.sha256(), 0
    while block := read.read(_BLOCK):
        size += len(block)
        if most is not None and size > most:
            raise SourceError("a part of the backup unpacks to more than its manifest says: it was made to do harm.")
        digest.update(block)
        written.write(block)
    return {"sha256": digest.hexdigest(), "bytes": size}


def _unpack(source: Path, beside: Path) -> Saved:
    try:
        opened = source.open("rb")
    except OSError as error:
        raise SourceError(f"{source} cannot be read: {error.strerror}. Check the name.") from error
    with opened as raw, zipfile.ZipFile(raw) as file:
        manifest = _manifest(source, file)
        files: dict[str, dict[str, Any]] = manifest["files"]
        total = sum(int(one["bytes"]) for one in files.values())
        if set(file.namelist()) != {*files, MANIFEST} or len(file.namelist()) != len(files) + 1:
            raise SourceError(f"{source} does not hold the files that its manifest names: take another copy of it.")
        beside.mkdir(parents=True)
        if total > (free := shutil.disk_usage(beside).free):
            raise StoreError(f"{source} unpacks to {bytes_text(total)}, and {bytes_text(free)} are free: make room.")
        for name, one in files.items():
            place = beside / name
            place.parent.mkdir(parents=True, exist_ok=True)
            with file.open(name) as read, place.open("wb") as written:
                found = _copied(read, written, int(one["bytes"]))
                written.flush()
                os.fsync(written.fileno())
            if found != {"sha256": one["sha256"], "bytes": one["bytes"]}:
                raise SourceError(f"{source}: {name} is not what was saved (its hash differs): take another copy.")
        raw.seek(0)
        digest = hashlib.file_digest(raw, "sha256").hexdigest()
    return Saved(source, digest, len(files), total, dict(manifest["state"]))


def _manifest(source: Path, file: zipfile.ZipFile) -> dict[str, Any]:
    """What the file says that it holds. Raises SourceError where it is none of ours, or names a place outside."""
    try:
        if file.getinfo(MANIFEST).file_size > _LARGEST_MANIFEST:
            raise SourceError(f"{source} is no backup of Jushi: its manifest is too long.")
        with file.open(MANIFEST) as member:
            manifest: dict[str, Any] = json.loads(member.read(_LARGEST_MANIFEST))
        if manifest["form"] != _FORM:
            raise SourceError(f"{source} has form {manifest['form']}, this version reads form {_FORM}: update Jushi.")
        files = {str(name): dict(one) for name, one in manifest["files"].items()}
        for name, one in files.items():
            pure = PurePosixPath(name)
            windows = "\\" in name or ":" in name
            if pure.is_absolute() or ".." in pure.parts or windows or int(one["bytes"]) < 0 or not one["sha256"]:
                raise SourceError(f"{source} names the file {name!r}, which is none of an index: it is no backup.")
        return {**manifest, "files": files, "state": dict(manifest["state"])}
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise SourceError(f"{source} is no backup of Jushi: its manifest is missing or damaged.") from error
