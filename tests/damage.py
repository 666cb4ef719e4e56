"""An index in, the same index damaged out: each way in which a file of it can go bad, by name."""

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path


def _segment(data: Path) -> Path:
    """The folder of the passages' vectors."""
    return next(path.parent for path in (data / "chroma").glob("*/index_metadata.pickle"))


def _noise(path: Path, start: int, size: int) -> None:
    with path.open("r+b") as file:
        file.seek(start)
        file.write(random.Random(7).randbytes(size))


def _put(path: Path, data: bytes) -> None:
    with path.open("r+b") as file:
        file.write(data)


# What Chroma holds: each of these is to be made again from the pages
CHROMA: dict[str, Callable[[Path], None]] = {
    "database cut": lambda data: os.truncate(data / "chroma" / "chroma.sqlite3", 40_000),
    "database empty": lambda data: os.truncate(data / "chroma" / "chroma.sqlite3", 0),
    "database gone": lambda data: (data / "chroma" / "chroma.sqlite3").unlink(),
    "database overwritten": lambda data: _put(data / "chroma" / "chroma.sqlite3", b"no database " * 900),
    "database's first page zero": lambda data: _put(data / "chroma" / "chroma.sqlite3", bytes(4096)),
    "all of Chroma gone": lambda data: shutil.rmtree(data / "chroma"),
    "vectors gone": lambda data: shutil.rmtree(_segment(data)),
    "vectors cut": lambda data: os.truncate(_segment(data) / "data_level0.bin", 1000),
    "vectors overwritten": lambda data: _noise(_segment(data) / "data_level0.bin", 100_000, 50_000),
    "vectors' header overwritten": lambda data: _noise(_segment(data) / "header.bin", 0, 100),
    "vectors' names empty": lambda data: os.truncate(_segment(data) / "index_metadata.pickle", 0),
}


def _each(folder: Path, pattern: str, spoil: Callable[[Path], None]) -> None:
    for path in folder.glob(pattern):
        spoil(path)


# What is derived: these are made again as soon as they are wanted
DERIVED: dict[str, Callable[[Path], None]] = {
    "claims overwritten": lambda data: _each(data, "claims/*.sqlite", lambda path: _noise(path, 0, 8192)),
    "claims overwritten within": lambda data: _each(
        data, "claims/*.sqlite", lambda path: _noise(path, 8192, path.stat().st_size - 8192)
    ),
    "claims empty": lambda data: _each(data, "claims/*.sqlite", lambda path: os.truncate(path, 0)),
    "claims gone": lambda data: shutil.rmtree(data / "claims"),
    "words empty": lambda data: _each(data, "lexical/*/*", lambda path: os.truncate(path, 0)),
    "words cut": lambda data: _each(data, "lexical/*/*", lambda path: os.truncate(path, path.stat().st_size // 2)),
    "words gone": lambda data: shutil.rmtree(data / "lexical"),
    "cache overwritten": lambda data: _noise(data / "vectors.sqlite", 0, 4096),
    "cache overwritten within": lambda data: _noise(
        data / "vectors.sqlite", 4096, (data / "vectors.sqlite").stat().st_size - 4096
    ),
    "cache gone": lambda data: (data / "vectors.sqlite").unlink(),
}
