"""Story in, Passages out: whole sentences packed up to a number of tokens, with their Figures and offsets.

A paragraph that layout cut in mid-sentence is joined to the next one; the spans still map every character to the file.
"""

import hashlib
import re
from collections.abc import Iterator

from assistant import figures, sentences, tokens
from assistant.records import Page, Passage, Span, Story

_PARAGRAPH = re.compile(r"[^\r\n]+")
_ENDS = "。！？；…”』」）)：!?;"
_LONGEST_SENTENCE = 600  # characters; longer runs (tables, text without full stops) are cut there


def passages(page: Page, story: Story, size: int) -> tuple[Passage, ...]:
    """The story's passages of at most ``size`` tokens each (a single longer sentence stands alone)."""
    text, spans = _joined(page, story)
    found: list[Passage] = []
    begin = at = used = 0
    for start, end in _sentences(text):
        cost = tokens.count(text[start:end])
        if used and used + cost > size:
            found.append(_passage(page, story, text, spans, begin, at))
            begin, used = start, 0
        at, used = end, used + cost
    if text[begin:at].strip():
        found.append(_passage(page, story, text, spans, begin, at))
    return tuple({passage.id: passage for passage in found}.values())  # a repeated passage is kept once


def context(passage: Passage) -> str:
    """What a passage is embedded as: its headline and date, which it does not say itself, then its text."""
    return f"{passage.source.headline}（{passage.source.date}）\n{passage.text}"


def _joined(page: Page, story: Story) -> tuple[str, tuple[Span, ...]]:
    text = ""
    spans: list[Span] = []
    for paragraph in _PARAGRAPH.finditer(page.text, story.start, story.end):
        left = len(paragraph[0]) - len(paragraph[0].lstrip())
        piece = paragraph[0].strip()
        if not piece:
            continue
        start = paragraph.start() + left
        if text and (text[-1] in _ENDS or len(text) - spans[-1].at < 12):
            text += "\n"
        spans.append(Span(len(text), start, start + len(piece)))
        text += piece
    return text, tuple(spans)


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    for start, end in sentences.split(text):
        for cut in range(start, end, _LONGEST_SENTENCE):
            yield cut, min(end, cut + _LONGEST_SENTENCE)


def _passage(page: Page, story: Story, text: str, spans: tuple[Span, ...], begin: int, end: int) -> Passage:
    body = text[begin:end].rstrip()
    end = begin + len(body)
    own = tuple(
        Span(max(span.at, begin) - begin, span.start + max(begin - span.at, 0), span.start + min(end - span.at, length))
        for span in spans
        if span.at < end and span.at + (length := span.end - span.start) > begin
    )
    identity = hashlib.sha256(f"{page.file}\0{story.source.headline}\0{body}".encode()).hexdigest()[:24]
    return Passage(identity, story.id, story.source, body, own, figures.find(body))
