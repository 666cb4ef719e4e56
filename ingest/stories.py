"""Page in, Stories out: each heading begins one, under Markdown marks or without them; no character is lost.

Without marks a heading is a short line that does not end like a sentence, standing after a line that does.
"""

import hashlib
import re

from assistant.records import Page, Source, Story

_MARKED = re.compile(r"(?m)^(#{1,6})[ \t]+(\S.*?)[ \t#]*\r?$")
_LINE = re.compile(r"[^\r\n]+")
_BYLINE = re.compile(r"^.{0,20}(?:记者|通讯员)[^。，！？]{1,30}$")
_ENDS = "。！？；…”』」）)：，、,.;!?"
_LONGEST_HEADING = 30  # characters; the longest headline line on the pages measured has 27


def stories(page: Page) -> tuple[Story, ...]:
    """The page's stories in reading order; text before the first heading belongs to the page's theme."""
    headings = _marked(page) or _unmarked(page)
    cuts = [(page.body_start, page.body_start, ""), *headings]
    found = []
    for (_, start, headline), (end, _, _) in zip(cuts, [*cuts[1:], (len(page.text), 0, "")], strict=True):
        body = page.text[start:end]
        if not body.strip():
            continue
        identity = hashlib.sha256(f"{page.id}\0{start}\0{headline}".encode()).hexdigest()[:24]
        source = Source(
            file=page.file,
            headline=headline or page.theme,
            paper=page.paper,
            date=page.date,
            date_basis=page.date_basis,
            byline=_byline(body),
        )
        found.append(Story(identity, page.id, source, start, end))
    return tuple(found)


def _marked(page: Page) -> list[tuple[int, int, str]]:
    """(heading's start, body's start, headline with the headings above it) of every ``#`` line."""
    above: dict[int, str] = {}
    found = []
    for match in _MARKED.finditer(page.text, page.body_start):
        level = len(match[1])
        above = {depth: title for depth, title in above.items() if 1 < depth < level}
        above[level] = match[2]
        found.append((match.start(), match.end(), "｜".join(title for _, title in sorted(above.items()))))
    return found


def _unmarked(page: Page) -> list[tuple[int, int, str]]:
    found: list[tuple[int, int, str]] = []
    lines = [match for match in _LINE.finditer(page.text, page.body_start) if match[0].strip()]
    ended = True  # the top of a page stands like the end of a sentence
    for line in lines:
        text = line[0].strip()
        if ended and len(text) <= _LONGEST_HEADING and text[-1] not in _ENDS and not _BYLINE.match(text):
            adjoining = found and not page.text[found[-1][1] : line.start()].strip()
            if adjoining:  # a headline set in two lines
                start, _, first = found.pop()
                found.append((start, line.end(), f"{first} {text}"))
            else:
                found.append((line.start(), line.end(), text))
            continue
        ended = text[-1] in _ENDS or bool(_BYLINE.match(text))
    return found


def _byline(body: str) -> str:
    first = body.strip().splitlines()[0].strip()
    return first if _BYLINE.match(first) else ""
