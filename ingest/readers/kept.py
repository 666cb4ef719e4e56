"""What a PDF or scan was read as, kept by the hash of its bytes: OCR takes half a minute a page, and runs once.

``keep/<sha256 of the file>-<READING>.json``. A kept file that cannot be read is read anew from its source.
"""

import hashlib
import json
from collections.abc import Collection
from dataclasses import asdict
from pathlib import Path
from typing import Any

from assistant.errors import SourceError
from ingest.readers.raw import RawText

READING = 1  # raised when the same bytes would be read into another text


def load(keep: Path, data: bytes) -> RawText | None:
    """The kept text, or None."""
    try:
        return from_json(json.loads(_file(keep, data).read_text("utf-8")))
    except (OSError, ValueError, TypeError, KeyError):
        return None  # not there, or cut off by a crash


def save(keep: Path, data: bytes, raw: RawText) -> None:
    """Keeps the text, whole or not at all. Raises SourceError where the folder cannot be written."""
    file = _file(keep, data)
    part = file.with_suffix(".part")
    try:
        keep.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(asdict(raw), ensure_ascii=False), "utf-8")
        part.replace(file)
    except OSError as error:
        raise SourceError(f"{keep} cannot be written: {error.strerror}. Free it, or name another folder.") from error


def prune(keep: Path, needed: Collection[str]) -> None:
    """Deletes what was kept of files whose SHA-256 is not among the needed ones."""
    for file in keep.glob("*.json"):
        if file.name.partition("-")[0] not in needed:
            file.unlink(missing_ok=True)


def from_json(fields: dict[str, Any]) -> RawText:
    """A RawText from its fields as JSON has them, where tuples are lists."""
    return RawText(
        text=str(fields["text"]),
        reader=str(fields["reader"]),
        encoding=str(fields["encoding"]),
        pages=tuple((int(offset), int(number)) for offset, number in fields["pages"]),
        confidence=tuple((int(start), int(end), float(score)) for start, end, score in fields["confidence"]),
        note=str(fields["note"]),
    )


def _file(keep: Path, data: bytes) -> Path:
    return keep / f"{hashlib.sha256(data).hexdigest()}-{READING}.json"
