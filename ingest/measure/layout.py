"""Gold stories in, how well the page was cut into stories out: their characters, headlines and kinds."""

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any, Final

from assistant.records import Page, Story
from ingest.measure.ratio import Ratio
from ingest.measure.reading import Reading
from ingest.measure.truth import Gold

_NOISE: Final = re.compile(r"[\W_]+")
_NEAR: Final = 0.8  # likeness of two headlines that are one, and the share of the shorter that the longer holds
_MISSING: Final = ("（标题缺失", "(标题缺失")  # how the gold set says that a headline is lost
_SAME_KIND: Final = {
    **{"photo-story": "photo-news", "orphan": "orphan-tail", "editors": "credits", "masthead": "credits"},
    **{"quote": "quote-box", "first-person": "news"},
}


def boundaries(reading: Reading, gold: Gold) -> Mapping[str, Ratio]:
    """Characters, blanks aside, that are in the story that gold says; stories matched one to one by overlap."""
    ours, theirs = _both(reading, gold)
    hit = sum(len(ours[mine] & theirs[other]) for other, mine in matching(ours, theirs).items())
    return {
        "boundary precision": Ratio(hit, sum(map(len, ours))),
        "boundary recall": Ratio(hit, sum(map(len, theirs))),
    }


def headlines(reading: Reading, gold: Gold) -> Mapping[str, Ratio]:
    """Headlines equal but for blanks and punctuation, or nearly; a lost one is right when none is claimed."""
    exact = near = 0
    for other, mine in matching(*_both(reading, gold)).items():
        headline = str(gold.stories[other]["headline"])
        printed, read = _letters(headline), _letters(reading.stories[mine].source.headline)
        if headline.startswith(_MISSING) or not printed:
            exact, near = exact + (not read), near + (not read)
            continue
        exact += printed == read
        short, long = sorted((printed, read), key=len)
        near += bool(short) and (SequenceMatcher(None, printed, read).ratio() >= _NEAR or short in long)
    return {"headline": Ratio(exact, len(gold.stories)), "headline near": Ratio(near, len(gold.stories))}


def kinds(reading: Reading, gold: Gold) -> Mapping[str, Ratio]:
    """Stories whose kind, and whose completeness, is the gold one."""
    pairs = [(reading.stories[mine], gold.stories[other]) for other, mine in matching(*_both(reading, gold)).items()]
    kind = sum(ours.kind.value == _SAME_KIND.get(theirs["kind"], theirs["kind"]) for ours, theirs in pairs)
    whole = sum(ours.complete == theirs.get("complete", True) for ours, theirs in pairs)
    return {"kind": Ratio(kind, len(gold.stories)), "complete": Ratio(whole, len(gold.stories))}


def _both(reading: Reading, gold: Gold) -> tuple[list[set[int]], list[set[int]]]:
    ours = [offsets(reading.page, story) for story in reading.stories]
    return ours, [_gold_offsets(reading.page, story) for story in gold.stories]


def offsets(page: Page, story: Story) -> set[int]:
    """The offsets of the story's characters that are not blank, marks included."""
    spans = [(span.start, span.end) for block in story.blocks for span in block.spans]
    spans += [block.mark for block in story.blocks if block.mark]
    return _printed(page.text, spans)


def _gold_offsets(page: Page, story: Mapping[str, Any]) -> set[int]:
    names = ("fragments", "caption_fragments", "duplicate_fragments")
    return _printed(page.text, [(span[0], span[1]) for name in names for span in story.get(name, ())])


def _printed(text: str, spans: Iterable[tuple[int, int]]) -> set[int]:
    return {at for start, end in spans for at in range(start, min(end, len(text))) if not text[at].isspace()}


def _letters(text: str) -> str:
    return _NOISE.sub("", text)


def matching(ours: Sequence[set[int]], theirs: Sequence[set[int]]) -> dict[int, int]:
    """For each gold story that has one, the found story that is it; the largest overlaps are taken first."""
    overlaps = sorted(
        ((len(mine & other), at, place) for at, other in enumerate(theirs) for place, mine in enumerate(ours)),
        key=lambda one: (-one[0], one[1], one[2]),
    )
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for size, at, place in overlaps:
        if size and at not in pairs and place not in taken:
            pairs[at] = place
            taken.add(place)
    return pairs
