"""Rows for a Chroma server in, with no value longer than one takes out; and such rows in, the same as before out.

{"claims": 9,000 bytes} ↔ {"claims": …, "claims~1": …, "claims~2": …}

Where that would be too many parts, what a document has beyond its first part is packed (``document~z``): the doubts of
a file of 100 pages have 270 kB.
"""

import zlib
from base64 import b85decode, b85encode
from collections.abc import Mapping
from typing import Any, Final

from assistant.errors import StoreError

DOCUMENT: Final = 16_000  # bytes: Chroma Cloud takes 16,384
VALUE: Final = 4_000  # bytes: Chroma Cloud takes 4,096
KEYS: Final = 32  # values in a row, which Chroma Cloud takes
_MARK: Final = "~"
_TEXT: Final = "document"
_PACKED: Final = f"{_TEXT}{_MARK}z"


def cut(text: str, most: int) -> list[str]:
    """The text in pieces of at most ``most`` bytes of UTF-8 each, none of which ends within a letter."""
    if len(text) * 4 <= most:
        return [text]
    data, pieces, at = text.encode("utf-8"), [], 0
    while at < len(data):
        end = min(at + most, len(data))
        while end < len(data) and data[end] & 0xC0 == 0x80:
            end -= 1
        pieces.append(data[at:end].decode("utf-8"))
        at = end
    return pieces or [""]


def folded(document: str, meta: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The row with what is too long in parts. Raises StoreError where there would be too many."""
    head, *rest = cut(document, DOCUMENT)
    more = "".join(rest)
    told = _cut_up({**meta, **({f"{_TEXT}{_MARK}": more} if more else {})})
    if len(told) > KEYS and more:
        told = _cut_up({**meta, _PACKED: b85encode(zlib.compress(more.encode("utf-8"), 9)).decode("ascii")})
    if len(told) > KEYS:
        raise StoreError(
            f"{meta.get('file', 'A page')!s} has more figures, doubts or text in one record than a Chroma server "
            "takes: ingest it with a smaller --passage-tokens, or cut the file in two."
        )
    return head, told


def _cut_up(meta: Mapping[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for name, value in meta.items():
        first, *others = cut(value, VALUE) if isinstance(value, str) else [value]
        told[name] = first
        told.update({f"{name}{_MARK}{number}": part for number, part in enumerate(others, 1)})
    return told


def unfolded(rows: dict[str, Any]) -> dict[str, Any]:
    """The rows of an answer with their parts joined: lists, of the same length, by name."""
    metas = [_joined(meta) for meta in rows.get("metadatas") or []]
    if metas:
        more = [meta.pop(f"{_TEXT}{_MARK}", "") or _unpacked(meta.pop(_PACKED, "")) for meta in metas]
        rows["metadatas"] = metas
        if rows.get("documents"):
            rows["documents"] = [f"{head}{rest}" for head, rest in zip(rows["documents"], more, strict=True)]
    return rows


def _unpacked(packed: str) -> str:
    return zlib.decompress(b85decode(packed)).decode("utf-8") if packed else ""


def _joined(meta: Mapping[str, Any] | None) -> dict[str, Any]:
    whole: dict[str, Any] = {}
    parts: dict[str, dict[int, str]] = {}
    for name, value in (meta or {}).items():
        stem, mark, number = name.rpartition(_MARK)
        if mark and number.isdecimal():
            parts.setdefault(stem, {})[int(number)] = value
        else:
            whole[name] = value
    for stem, some in parts.items():
        whole[stem] += "".join(some[number] for number in sorted(some))
    return whole
