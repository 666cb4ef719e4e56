"""Bytes in, text out: UTF-8 or another encoding, which is detected. Line ends stay as they are."""

from pathlib import Path

from assistant.errors import SourceError

_HEAD = 65536  # bytes looked at to tell text from other data, and one encoding from another
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# The most frequent letters of newspapers, simplified and traditional: Big5 bytes mostly decode as GB18030 too, but
# as letters that nobody writes.
_FREQUENT = frozenset("的一是在不了有和人年大中上为為国國个個我这這时時来來业業产產经經会會发發到地月日生新")


def decode(data: bytes, path: Path, declared: str = "") -> tuple[str, str]:
    """The text and its encoding as Python names it; ``declared`` is the encoding that the file itself claims.

    Raises SourceError for data that is no text.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding), encoding
            except UnicodeDecodeError as error:
                raise SourceError(
                    f"{path} begins as {encoding} but is not: {error.reason}. Save it as UTF-8."
                ) from error
    if b"\0" in data[:_HEAD]:
        raise SourceError(f"{path} is not text: it holds binary data. Give its text as .txt or .md.")
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass  # not UTF-8: what follows decides
    # Chinese pages that are not UTF-8 are nearly always GBK, which GB18030 contains, or else Big5. Binary data seldom
    # decodes as either, and where it does, shows itself by control characters.
    choices = [
        (_frequent(text), encoding, text)
        for encoding in dict.fromkeys((declared, "gb18030", "big5hkscs"))
        if encoding and (text := _decoded(data, encoding)) is not None
    ]
    if choices:
        _, encoding, text = max(choices, key=lambda choice: choice[0])  # the first of equals
        return text, encoding
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_HEAD]).best()
    if best is None or looks_binary(str(best)):
        raise SourceError(f"{path} is not text in any known encoding. Save it as UTF-8.")
    try:
        return data.decode(best.encoding), best.encoding
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{path} is mostly {best.encoding}, but not at byte {error.start}. Save it as UTF-8."
        ) from error


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None
    return None if looks_binary(text) else text


def _frequent(text: str) -> float:
    letters = [letter for letter in text[:_HEAD] if ord(letter) > 127]
    return sum(letter in _FREQUENT for letter in letters) / len(letters) if letters else 0.0


def looks_binary(text: str) -> bool:
    """Whether the text's head has more control and private-use characters than a printed page ever has."""
    head = text[:_HEAD]
    strange = sum(
        1 for letter in head if (ord(letter) < 32 and letter not in "\t\n\r\f") or 0xE000 <= ord(letter) < 0xF900
    )
    return strange > len(head) // 200
