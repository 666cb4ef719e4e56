"""Raw text in, Page out: paragraphs whole again, repeats, captions and furniture set apart, the page's date found.

Front matter is the ``key: value`` lines between two ``---`` lines at the top: paper, date, date_basis, theme.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date as day

from assistant.errors import SourceError
from assistant.records import Block, Page, Role, Span
from ingest import dates, joins, lines
from ingest.lines import Line

_FRONT = re.compile(r"---\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|$)", re.DOTALL)


def page(file: str, text: str, *, date: str = "", today: day | None = None) -> Page:
    """The page of a file named ``file`` in the index, whose text is ``text``.

    ``date`` (ISO, whole or in part) is the page's, whatever the page says. Raises SourceError where it is none.
    """
    if date and not dates.is_date(date):
        raise SourceError(f"{date!r} is no date for {file}: write 2025, 2025-09 or 2025-09-06.")
    head, body_start = _front_matter(text)
    known, basis = date, "given"
    if not known:
        known, basis = head.get("date", ""), head.get("date_basis", "front matter")
    if not dates.is_date(known):
        known, basis = dates.find(file, text[body_start:], today or day.today())
    identity = hashlib.sha256(f"{file}\0{text}".encode()).hexdigest()[:24]
    found = blocks(lines.lines(text, body_start))
    return Page(identity, file, text, body_start, head.get("paper", ""), known, basis, head.get("theme", ""), found)


def blocks(read: Sequence[Line]) -> tuple[Block, ...]:
    """The lines as blocks: each chain of cut paragraphs is one, at the place of its first line."""
    found: list[Block] = []
    chained = joins.chains(read)
    for chain in chained:
        text, spans = "", []
        for at in chain:
            line = read[at]
            if text and text[-1].isascii() and text[-1].isalnum() and line.text[0].isascii() and line.text[0].isalpha():
                text += " "  # English words wrapped at a line's end
            spans.append(Span(len(text), line.start, line.end))
            text += line.text
        first, last = read[chain[0]], read[chain[-1]]
        begun = lines.unstarted(first.text) and not first.item
        breaks = not lines.ends(last.text) and not last.item and not first.text.startswith("—") and _lost(text)
        found.append(Block(Role.BODY, text, tuple(spans), first.level, begun, breaks, first.mark))
        found += [_mark(read[at]) for at in chain[1:] if read[at].mark]
    repeated = joins.repeats([block.text for block in found])
    found = [
        replace(block, role=Role.DUPLICATE) if at in repeated and block.role is Role.BODY else block
        for at, block in enumerate(found)
    ]
    found += _others(read)
    return tuple(sorted(found, key=lambda block: block.start))


def _lost(text: str) -> bool:
    """Whether a paragraph without a full stop was cut; an item or a short line is whole as it stands."""
    return "。" in text or lines.balance(text)[1] > 0 or len(text) > lines.LONGEST_HEADING or text[-1] in "，、"


def _others(read: Sequence[Line]) -> list[Block]:
    """Headings, bylines, captions and furniture, a line each; a caption takes the photographer's line below it."""
    found: list[Block] = []
    caption = -1  # the place in ``found`` of a caption that the line just read ended
    for line in read:
        if line.role is Role.BODY:
            caption = -1
            continue
        span = Span(0, line.start, line.end)
        if line.credit and caption >= 0:
            above = found[caption]
            added = Span(len(above.text) + 1, line.start, line.end)
            found[caption] = replace(above, text=f"{above.text} {line.text}", spans=(*above.spans, added))
            if line.mark:
                found.append(_mark(line))
            caption = -1
            continue
        found.append(Block(line.role, line.text, (span,), line.level, mark=line.mark))
        caption = len(found) - 1 if line.role is Role.CAPTION and not line.credit else -1
    return found


def _mark(line: Line) -> Block:
    """The mark of a line that is no block of its own."""
    start, end = line.mark or (line.start, line.start)
    return Block(Role.FURNITURE, "", (Span(0, start, start),), mark=(start, end))


def _front_matter(text: str) -> tuple[dict[str, str], int]:
    match = _FRONT.match(text)
    pairs = [line.partition(":") for line in match[1].splitlines() if line.strip()] if match else []
    if not match or not pairs or not all(colon for _, colon, _ in pairs):
        return {}, 0  # two rules with text between them
    return {key.strip(): value.strip() for key, _, value in pairs}, match.end()
