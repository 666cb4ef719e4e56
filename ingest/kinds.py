"""Drafts of a page's stories in, each with its kind: a brief, a box, a commentary, the introduction to a package."""

from collections.abc import Sequence
from typing import Final

from assistant.records import StoryKind
from ingest import furniture
from ingest.drafts import Draft

BRIEF: Final = 700  # characters of the longest 本报讯 that is a brief; those measured have 280 to 620
_INTRO: Final = 700  # characters of the longest introduction to a package of stories
_QUOTE: Final = 4  # paragraphs of a quotation in a box, its speaker included


def name(drafts: Sequence[Draft]) -> None:
    """Sets each draft's kind, and the heading that several briefs share."""
    signed = sum(1 for draft in drafts if draft.bylines)
    for at, draft in enumerate(drafts):
        paragraphs = draft.paragraphs
        boxes = [kind for block in draft.headings if (kind := furniture.box(block.text))]
        length = len(draft.words)
        following = drafts[at + 1] if at + 1 < len(drafts) else None
        if draft.kind is None:
            if boxes:
                draft.kind = boxes[0]
            elif any("评论员" in block.text for block in (*draft.bylines, *draft.after)):
                draft.kind = StoryKind.COMMENTARY
            elif paragraphs and paragraphs[0].opens and not draft.bylines:
                draft.kind = StoryKind.ORPHAN_TAIL
            elif any("摄影报道" in block.text for block in (*draft.bylines, *draft.after)):
                draft.kind = StoryKind.PHOTO_NEWS
            elif (
                draft.lead if not draft.bylines else any(furniture.is_lead(b.text) for b in draft.bylines)
            ) and length <= BRIEF:
                draft.kind = StoryKind.BRIEF
            elif at == 0 and not draft.bylines and not draft.lead and not draft.after and paragraphs:
                packaged = length <= _INTRO and len(paragraphs) <= 4 and signed > 1
                draft.kind = StoryKind.PACKAGE_INTRO if packaged and following and following.bylines else None
            if 0 < len(paragraphs) <= _QUOTE and furniture.is_saying(paragraphs[-1].text):
                draft.kind = StoryKind.QUOTE_BOX
            elif draft.kind is None and not draft.headed and paragraphs:
                draft.kind = StoryKind.HEADLESS
            elif draft.kind is None and paragraphs and all(b.mark for b in paragraphs) and draft.after:
                draft.kind = StoryKind.DATA_BOX
        draft.kind = draft.kind or StoryKind.NEWS
    _rubrics(drafts)


def _rubrics(drafts: Sequence[Draft]) -> None:
    """A short heading over the headline of the first of several briefs is shared by all of them: 黔东南."""
    shared = ""
    for at, draft in enumerate(drafts):
        if draft.kind is not StoryKind.BRIEF:
            shared = ""
            continue
        following = drafts[at + 1].kind if at + 1 < len(drafts) else None
        if len(draft.headings) > 1 and len(draft.headings[0].text) <= 8 and following is StoryKind.BRIEF:
            shared = furniture.plain(draft.headings[0].text)
        draft.rubric = shared
