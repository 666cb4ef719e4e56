"""Story in, Passages out: whole sentences packed up to a number of tokens, with their Figures, Claims and offsets.

A passage never spans two stories. Captions are passages of their own, and so are adverts and editors' lines, told by
``source.kind``; what a passage is embedded as (``context``) is kept apart from what it quotes (``text``).
"""

import hashlib
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant import claims, figures, sentences, tokens
from assistant.records import Block, Claim, Page, Passage, Role, Source, Span, Story, StoryKind
from ingest import accounts
from ingest.accounts import Printed

_LEAST = 150  # tokens of a passage before a sub-heading ends it, and of the last one before it is evened out
_LONGEST_SENTENCE = 600  # characters; longer runs (tables, text without full stops) are cut there


def passages(page: Page, story: Story, size: int, told: Sequence[Printed] | None = None) -> tuple[Passage, ...]:
    """The story's passages of at most ``size`` tokens each (a single longer sentence stands alone).

    ``told`` are the story's accounts; they are made here where the caller has none.
    """
    by_place = {printed.spans[0].start: printed.account.claims for printed in told or accounts.accounts(story)}
    body = _as_one([block for block in story.blocks if block.role is Role.BODY])
    found: list[Passage] = []
    if body.text:
        found += _cut(page, story, story.source, body, by_place[body.start], accounts.sections(story), size)
    for caption in story.captions:
        source = replace(story.source, kind=StoryKind.CAPTION.value)
        found += _cut(page, story, source, caption, by_place[caption.start], (), size)
    if not found:
        # A headline whose story is elsewhere, an advert, an editors' line: its words are all there is of it.
        words = _as_one([block for block in story.blocks if block.text and block.role is not Role.DUPLICATE])
        if words.text:
            source = story.source
            own = claims.claims(words.text, figures.find(words.text), headline=source.headline, page_date=source.date)
            found += _cut(page, story, source, words, own, (), size)
    return tuple({passage.id: passage for passage in found}.values())  # a repeated passage is kept once


def context(passage: Passage) -> str:
    """What a passage is embedded as: its headline, section and date, which it does not say itself, then its text."""
    source = passage.source
    date = f"（{source.date}）" if source.date else ""
    return f"{source.title}{date}\n{passage.text}" if source.title or date else passage.text


def _cut(
    page: Page,
    story: Story,
    source: Source,
    whole: Block,
    told: Sequence[Claim],
    sections: Sequence[tuple[int, str]],
    size: int,
) -> Iterator[Passage]:
    spans = list(_sentences(whole.text))
    costs = [tokens.count(whole.text[start:end]) for start, end in spans]
    starts = [at for at, _ in sections]
    for first, last in _packed(spans, costs, set(starts), size):
        begin, end = spans[first][0], spans[last - 1][1]
        under = bisect_right(starts, begin)
        named = replace(source, section=sections[under - 1][1]) if under else source
        yield _passage(page, story, named, whole, told, begin, end)


def _packed(
    spans: Sequence[tuple[int, int]], costs: Sequence[int], breaks: set[int], size: int
) -> Iterator[tuple[int, int]]:
    """Half-open runs of sentences of at most ``size`` tokens; the last two of a section share evenly."""
    least = min(_LEAST, size // 2)
    runs: list[tuple[int, int]] = []
    begin = used = 0
    for at, cost in enumerate(costs):
        if used and (used + cost > size or (spans[at][0] in breaks and used >= least)):
            runs.append((begin, at))
            begin, used = at, 0
        used += cost
    if begin < len(costs):
        runs.append((begin, len(costs)))
    if len(runs) > 1 and sum(costs[runs[-1][0] :]) < least and spans[runs[-1][0]][0] not in breaks:
        runs[-2:] = _evened(costs, runs[-2][0], runs[-1][1], size)
    yield from runs


def _evened(costs: Sequence[int], begin: int, end: int, size: int) -> list[tuple[int, int]]:
    """The sentences from ``begin`` to ``end`` in two runs as equal as may be, neither above ``size``."""
    total = sum(costs[begin:end])
    fits = [at for at in range(begin + 1, end) if max(sum(costs[begin:at]), sum(costs[at:end])) <= size]
    if not fits:
        fits = [max(range(begin + 1, end), key=lambda at: sum(costs[begin:at]) <= size)]
    middle = min(fits, key=lambda at: abs(total - 2 * sum(costs[begin:at])))
    return [(begin, middle), (middle, end)]


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    for start, end in sentences.split(text):
        for cut in range(start, end, _LONGEST_SENTENCE):
            yield cut, min(end, cut + _LONGEST_SENTENCE)


def _as_one(blocks: Sequence[Block]) -> Block:
    """The blocks' texts, a line each, and their spans in it."""
    text, spans = "", []
    for block in blocks:
        text += "\n" if text else ""
        spans += [Span(len(text) + span.at, span.start, span.end) for span in block.spans]
        text += block.text
    return Block(Role.BODY, text, tuple(spans))


def _passage(
    page: Page, story: Story, source: Source, whole: Block, told: Sequence[Claim], begin: int, end: int
) -> Passage:
    body = whole.text[begin:end].rstrip()
    end = begin + len(body)
    spans = tuple(
        Span(max(span.at, begin) - begin, span.start + max(begin - span.at, 0), span.start + min(end - span.at, length))
        for span in whole.spans
        if span.at < end and span.at + (length := span.end - span.start) > begin
    )
    own = tuple(_moved(claim, begin) for claim in told if begin <= claim.figure.start and claim.figure.end <= end)
    identity = hashlib.sha256(f"{page.id}\0{spans}\0{source.headline}\0{body}".encode()).hexdigest()[:24]
    return Passage(identity, story.id, source, body, spans, tuple(claim.figure for claim in own), own)


def _moved(claim: Claim, begin: int) -> Claim:
    """The claim with its figure's offsets counted from ``begin``."""
    figure = claim.figure
    return replace(claim, figure=replace(figure, start=figure.start - begin, end=figure.end - begin))
