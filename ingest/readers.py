"""A file in, its text as read out: ``.md`` and ``.txt``, in UTF-8 or another encoding, which is detected.

Offsets everywhere are into this text; line ends stay as they are.
"""

from collections.abc import Iterator
from pathlib import Path

from assistant.errors import SourceError

SUFFIXES = (".md", ".txt")
_HEAD = 65536  # bytes looked at to tell text from other data, and one encoding from another


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
        raise SourceError(f"No page in {where}: put {' or '.join(SUFFIXES)} files there, or name another folder.")
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


def read(path: Path) -> str:
    """The file's text. Raises SourceError for data that is no text, an empty file, or an unreadable one."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SourceError(
            f"{path} cannot be read: {error.strerror}. Check that it is there and may be read."
        ) from error
    text = _decode(data, path) if data.strip() else ""
    if not text.strip("\ufeff \t\r\n\f\v\u3000"):
        raise SourceError(f"{path} is empty.")
    return text


def _decode(data: bytes, path: Path) -> str:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as error:
                raise SourceError(f"{path} begins as {encoding} but is not: {error.reason}.") from error
    if b"\0" in data[:_HEAD]:
        raise SourceError(f"{path} is not text: it holds binary data. Give its text as .txt or .md.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass  # not UTF-8: what follows decides
    try:
        # Chinese pages that are not UTF-8 are nearly always GBK, which GB18030 contains. Binary data seldom decodes
        # as it, and where it does, shows itself by control characters.
        text = data.decode("gb18030")
        if not _looks_binary(text):
            return text
    except UnicodeDecodeError:
        pass  # not GB18030 either
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_HEAD]).best()
    if best is None or _looks_binary(str(best)):
        raise SourceError(f"{path} is not text in any known encoding. Save it as UTF-8.")
    try:
        return data.decode(best.encoding)
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{path} is mostly {best.encoding}, but not at byte {error.start}. Save it as UTF-8."
        ) from error


def _looks_binary(text: str) -> bool:
    head = text[:_HEAD]
    strange = sum(
        1 for letter in head if (ord(letter) < 32 and letter not in "\t\n\r\f") or 0xE000 <= ord(letter) < 0xF900
    )
    return strange > len(head) // 200
