"""Drafts in, the same parted where one holds two stories, and put together where one stands in two places.

A story that lost its headline is glued to the end of the one above it; the end of one that breaks off begins in
mid-sentence elsewhere. Both are told by the words that paragraphs share (``Cohesion.seam``).
"""

import re
from collections.abc import Sequence, Set
from typing import Final

from assistant.records import Block
from ingest import furniture, lines
from ingest.cohesion import Cohesion, bigrams
from ingest.drafts import Draft
from ingest.words import COMMON

_SEAM: Final = 9.0  # Cohesion.seam between two stories; it tells where that number was measured
_SEAM_ARRIVAL: Final = 6.0  # where the paragraph begins as stories do
_SEAM_GOING_ON: Final = 14.0  # and where it begins as they do not
_SEAM_SUSPECT: Final = 5.0  # where it may begin in mid-sentence: with no word that sentences begin with
_MORE: Final = 1.5  # times more that a text must share with the story it goes on with than with any other
_SEAM_OPEN: Final = 1.5  # where it begins in mid-sentence, and nothing before it lacks its end
_LEAST: Final = 120  # characters of a story without its headline
LONGEST: Final = 80  # paragraphs; longer ones are not looked through for seams
_ARRIVAL: Final = re.compile(
    r"(?:[^。]{0,30}(?:记者|笔者)[^。]{0,12}(?:来到|走进|看到|获悉|了解到|走访|见到))|\d{1,2}月\d{1,2}日|[近日]日|日前|连日|走[进在近]|站在|清[晨早]|[上下中]午|"
    r"傍晚|夜里|入[春夏秋冬]|开春|每[周逢]|近段时间|眼下|时下|"
    r"[^。，]{0,16}(?:日前|近日)"
)
_SENTENCE: Final = re.compile(r"[。！？；][”’]?(?=(\w\w))")
_HAN: Final = re.compile(r"[\u4e00-\u9fff]{2}")
_GOING_ON: Final = re.compile(
    r"同[时样]|此外|另|与此|其中|不仅|不过|但|然而|而|据|对此|为此|因此|这|该|此|下一步|未来|接下来"
)


def parted(drafts: Sequence[Draft], texts: Sequence[str], cohesion: Cohesion) -> list[Draft]:
    """The drafts, and the stories glued to their ends; ``texts`` are the page's paragraphs."""
    starts = COMMON | _starts(texts)
    return [
        part
        for at, draft in enumerate(drafts)
        for part in _parted(draft, _parts_below(drafts[at + 1 : at + 5]), cohesion, starts)
    ]


def _starts(texts: Sequence[str]) -> set[str]:
    """The first two characters of the sentences within paragraphs: those of no paragraph cut in mid-sentence."""
    return {start for text in texts for start in _SENTENCE.findall(text)}


def reunited(drafts: list[Draft], cohesion: Cohesion) -> list[Draft]:
    """Gives a text that begins in mid-sentence to the story above that breaks off, if it tells of the same."""
    found: list[Draft] = []
    for draft in drafts:
        if found and draft.body and not draft.headings and not draft.bylines and draft.body[0].opens:
            words = bigrams(draft.words)
            shares = [cohesion.share(words, bigrams(other.words)) for other in found]
            broken = [at for at, other in enumerate(found) if other.paragraphs and other.paragraphs[-1].breaks]
            best = max(broken, key=lambda at: shares[at], default=None)
            if best is not None and shares[best] > _MORE * max(
                (share for at, share in enumerate(shares) if at != best), default=0.0
            ):
                found[best].body += draft.body
                found[best].after += draft.after
                continue
        found.append(draft)
    return found


def _parts_below(drafts: Sequence[Draft]) -> list[Block]:
    """The paragraphs under headings that may be parts of the story above them: no byline, no 本报讯, no box."""
    found: list[Block] = []
    for draft in drafts:
        if draft.bylines or draft.after or draft.lead or any(furniture.box(block.text) for block in draft.headings):
            break
        found += draft.paragraphs
    return found


def _parted(draft: Draft, below: Sequence[Block], cohesion: Cohesion, starts: Set[str]) -> list[Draft]:
    """The draft, and the stories glued to its end: one that begins in mid-sentence, one whose headline is elsewhere."""
    if len(draft.body) > LONGEST:
        return [draft]
    sets, parts = [bigrams(block.text) for block in draft.body], [bigrams(block.text) for block in below]
    best, at = 1.0, 0
    for place in range(1, len(draft.body)):
        for more in ([], parts) if parts else ([],):
            wanted = _seam_wanted(draft.body, place, below if more else (), starts)
            if more and not _kin(sets[:place], sets[place:], more, cohesion):
                continue
            if wanted and (seam := cohesion.seam(sets[:place], [*sets[place:], *more]) / wanted) > best:
                best, at = seam, place
    if not at:
        return [draft]
    tail = Draft(body=draft.body[at:], after=draft.after)
    draft.body, draft.after = draft.body[:at], []
    return [*_parted(draft, (), cohesion, starts), *_parted(tail, below, cohesion, starts)]


def _kin(
    before: Sequence[frozenset[str]], own: Sequence[frozenset[str]], more: Sequence[frozenset[str]], cohesion: Cohesion
) -> bool:
    """Whether the paragraphs at a text's end are more like the part under the next heading than like the text."""
    middle = set().union(*own)
    return cohesion.likeness(middle, set().union(*more)) > 2 * cohesion.likeness(middle, set().union(*before))


def _seam_wanted(body: Sequence[Block], at: int, below: Sequence[Block], starts: Set[str]) -> float:
    """The seam (see Cohesion.seam) at which the paragraphs from ``at`` on are another story; 0: never here."""
    if body[at].opens:
        return _SEAM_OPEN
    before, after = body[:at], [*body[at:], *below]
    whole = len(before) > 1 or furniture.is_lead(before[0].text)
    if not whole or len(after) < 2 or sum(len(block.text) for block in after) < _LEAST:
        return 0.0
    text = body[at].text
    if _ARRIVAL.match(text):
        return _SEAM_ARRIVAL
    if _GOING_ON.match(text):
        return _SEAM_GOING_ON
    return _SEAM if lines.clean(text) or text[:2] in starts or not _HAN.match(text) else _SEAM_SUSPECT
