"""A file in, its text as read out, with the printed page of every part and what OCR was unsure of.

Text, Markdown, HTML, Word, PDF and scans. What a file is, its content says; its name only where the content does not.
Offsets everywhere are into the text that is read out.
"""

from collections.abc import Iterator
from pathlib import Path

from assistant.errors import SourceError
from ingest.readers import kept, text, worker
from ingest.readers.kept import READING
from ingest.readers.kind import TEXT, kind
from ingest.readers.raw import RawText

__all__ = ["READING", "SUFFIXES", "RawText", "files", "read", "read_raw"]

IMAGES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp")
SUFFIXES = (".md", ".txt", ".html", ".htm", ".docx", ".pdf", *IMAGES)
LARGEST_FILE = 512 * 2**20  # bytes: a scanned issue of 16 broadsheet pages has about 100 MB; the file is read whole


def files(paths: list[Path]) -> list[tuple[Path, str]]:
    """Every readable file under the paths, with its name in the index: relative to the folder that was given.

    Raises SourceError for a path that is not there, and where nothing readable is found.
    """
    found: dict[str, Path] = {}
    for path in paths:
        if not path.exists():
            raise SourceError(f"{path} does not exist. Give a file ({', '.join(SUFFIXES)}) or a folder of them.")
        for file, name in _under(path):
            if name in found and found[name].resolve() != file.resolve():
                raise SourceError(f"{file} and {found[name]} would both be called {name} in the index. Rename one.")
            found[name] = file
    if not found:
        where = ", ".join(str(path) for path in paths)
        raise SourceError(f"No page in {where}: put {', '.join(SUFFIXES)} files there, or name another folder.")
    return sorted(((file, name) for name, file in found.items()), key=lambda pair: pair[1])


def _under(path: Path) -> Iterator[tuple[Path, str]]:
    if path.is_file():
        yield path, path.name
        return
    for file in sorted(path.rglob("*")):
        name = file.relative_to(path)
        hidden = any(part.startswith(".") for part in name.parts)
        if file.is_file() and file.suffix.lower() in SUFFIXES and not hidden:
            yield file, name.as_posix()


_BLANK = "\ufeff\u3000 \t\r\n\f\v"  # a byte-order mark and wide spaces are no page


def read(path: Path) -> str:
    """The file's text. Raises SourceError like ``read_raw``."""
    return read_raw(path).text


def read_raw(path: Path, keep: Path | None = None) -> RawText:
    """The file as read. ``keep`` is a folder where a PDF or scan once read is kept, by the hash of its bytes.

    Raises SourceError, with the file, the reason and the next step, for what cannot be read whole: a broken,
    encrypted, oversized or empty file, an unknown format, a scan without the extra ``[ocr]``.
    """
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise SourceError(f"{path} has {size >> 20} MB; {LARGEST_FILE >> 20} is the most. Split it.")
        data = path.read_bytes()
    except OSError as error:
        raise SourceError(
            f"{path} cannot be read: {error.strerror}. Check that it is there and may be read."
        ) from error
    if not data.strip():
        raise SourceError(f"{path} is empty.")
    found = kind(data, path)
    if found == TEXT:
        decoded, encoding = text.decode(data, path)
        if not decoded.strip(_BLANK):
            raise SourceError(f"{path} is empty.")
        return RawText(decoded, TEXT, encoding)
    if keep is None or found not in worker.SLOW:
        return worker.read(path, found)
    raw = kept.load(keep, data)
    if raw is None:
        raw = worker.read(path, found)
        kept.save(keep, data, raw)
    return raw
