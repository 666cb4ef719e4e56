"""Drafts of stories in, and what stands outside of the text: captions, repeats, furniture; each given to its story."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

from assistant.records import Block, Role, StoryKind
from ingest import furniture
from ingest.cohesion import Cohesion, bigrams
from ingest.drafts import Draft

_HERE: Final = 0.06  # what standing in a story counts for a caption, beside the share of its words that the story bears
_NEXT: Final = 0.03  # and standing above it
_ELSEWHERE: Final = 0.1  # how much more of its words another story must bear to take it away
_PICTURE_PAGE: Final = 3  # numbered captions from which they are a set of their own


def complete(drafts: list[Draft], loose: Sequence[Block], cohesion: Cohesion | None) -> list[Draft]:
    """Gives each of ``loose`` to its story; what belongs to none becomes a story of its own. None is left out."""
    own: list[Draft] = []
    # a line each, for a story may go on below another: what stands between its lines is its own
    lines = sorted(
        (span.start, at)
        for at, draft in enumerate(drafts)
        for block in (*draft.headings, *draft.bylines, *draft.body, *draft.after)
        for span in block.spans
    )
    words = [bigrams(draft.words) for draft in drafts] if cohesion else []
    holders = {block.text: draft for draft in drafts for block in draft.paragraphs}
    numbered = {block.start for block in loose if block.role is Role.CAPTION and furniture.is_numbered(block.text)}
    for block in (block for block in loose if block.text):
        place = bisect_left(lines, (block.start, -1))
        here = lines[max(0, place - 1)][1] if drafts else 0
        below = lines[min(place, len(lines) - 1)][1] if drafts else 0
        if block.role is Role.DUPLICATE and drafts:
            (holders.get(block.text) or _holder(block, drafts, here, cohesion)).extra.append(block)
        elif block.role is Role.CAPTION:
            a_set = block.start in numbered and len(numbered) >= _PICTURE_PAGE
            # numbered pictures of a package stand under its introduction
            under = drafts and a_set and drafts[here].kind is StoryKind.PACKAGE_INTRO
            if under or (drafts and drafts[here].kind is StoryKind.CAPTION):
                drafts[here].extra.append(block)
            elif not drafts or a_set:
                _into(own, StoryKind.CAPTION, block)
            else:
                drafts[_told(block, here, below, words, cohesion)].extra.append(block)
        else:
            goes_on = bool(own) and own[-1].kind is StoryKind.ADVERT and not furniture.is_editors(block.text)
            advert = furniture.is_advert(block.text) or goes_on
            _into(own, StoryKind.ADVERT if advert else StoryKind.CREDITS, block)
    _marks([*drafts, *own], [block for block in loose if not block.text])
    return [*drafts, *own]


def _into(own: list[Draft], kind: StoryKind, block: Block) -> None:
    if not own or own[-1].kind is not kind:
        own.append(Draft(kind=kind))
    own[-1].extra.append(block)


def _marks(drafts: Sequence[Draft], marks: Sequence[Block]) -> None:
    """Gives the marks of lines that were joined to others to the stories of those lines."""
    if not marks:
        return
    owner = {
        span.start: draft
        for draft in drafts
        for block in (*draft.headings, *draft.bylines, *draft.body, *draft.after, *draft.extra)
        for span in block.spans
    }
    for block in marks:
        end = block.mark[1] if block.mark else block.start
        owner.get(end, drafts[0]).extra.append(block)


def _holder(block: Block, drafts: Sequence[Draft], here: int, cohesion: Cohesion | None) -> Draft:
    """The draft that prints the repeated text within a longer paragraph, or the one it stands in."""
    if cohesion is None:
        return drafts[here]
    return next((draft for draft in drafts if block.text.rstrip("。") in draft.words), drafts[here])


def _told(block: Block, here: int, below: int, words: Sequence[frozenset[str]], cohesion: Cohesion | None) -> int:
    """The place of the draft that a caption tells of: by its words, unless they fit where it stands nearly as well."""
    shown = furniture.credit(block.text)
    pairs = bigrams(block.text[: shown[0]] if shown and shown[0] else block.text)
    if cohesion is None or not pairs:
        return here
    scores = [cohesion.share(pairs, story) for story in words]
    best = max(range(len(words)), key=lambda at: scores[at] + _HERE * (at == here) + _NEXT * (at == below))
    return best if scores[best] > scores[here] + _ELSEWHERE else here
