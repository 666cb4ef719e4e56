"""Page in, Stories out: headlines, bylines, bodies, captions and repeats of one article together, in reading order.

A heading with a byline or a 本报讯 under it begins a story; one without goes with the story it stands in, unless it
names a box, shares no words with it, or its mark says otherwise. A headline below its story is known by the story's
lacking one.
"""

import hashlib
from collections.abc import Sequence
from typing import Final

from assistant.records import Block, Page, Role, Source, Story, StoryKind
from ingest import asides, flow, furniture, headlines, kinds, seams
from ingest.cohesion import Cohesion, bigrams
from ingest.drafts import Draft
from ingest.kinds import BRIEF

_FEATURE: Final = 60  # characters after which a heading without a byline is more likely a part than a story
_SEAM: Final = 9.0  # Cohesion.seam between two stories; it tells where that number was measured
_SEAM_SIGNED: Final = 27.0  # above a heading without a byline, on a page whose stories have bylines
_COLUMNS: Final = 2  # columns of a page from which a short marked heading over another is one too
_BELOW: Final = 20  # blocks under a byline among which its text is looked for
_LARGE: Final = 3000  # blocks beyond which stories are told by headings alone


def stories(page: Page) -> tuple[Story, ...]:
    """The page's stories in the order in which they begin; every block of the page is in exactly one."""
    texts = [block.text for block in page.blocks if block.role is Role.BODY]
    large = len(page.blocks) > _LARGE
    cohesion = None if large else Cohesion(texts)
    drafts = _sections(flow.reading_order(page.blocks, cohesion))
    loose = [block for block in page.blocks if block.role in flow.ASIDE]
    if cohesion:
        drafts = seams.reunited(seams.parted(drafts, texts, cohesion), cohesion)
    drafts = headlines.placed(drafts, cohesion)
    drafts = _merged(drafts, cohesion)
    kinds.name(drafts)
    drafts = asides.complete(drafts, loose, cohesion)
    columns = sum(1 for draft in drafts if draft.headings and headlines.is_column(draft.headings)) >= _COLUMNS
    filled = [draft for draft in drafts if draft.headings or draft.bylines or draft.body or draft.extra]
    found = [_story(page, draft, columns) for draft in filled]
    return tuple(sorted(found, key=lambda story: min(block.start for block in story.blocks)))


def _sections(blocks: Sequence[Block]) -> list[Draft]:
    """Stretches of headings, bylines and body."""
    found = [Draft()]
    for at, block in enumerate(blocks):
        now = found[-1]
        if block.role is Role.HEADING:
            if now.body or now.after or now.bylines:
                found.append(now := Draft())
            now.headings.append(block)
        elif block.role is Role.BYLINE:
            below = blocks[at + 1 : at + 1 + _BELOW]
            following = next((other for other in below if other.role in (Role.BODY, Role.HEADING)), None)
            top = not now.body
            if (
                not top
                and following is not None
                and following.role is Role.BODY
                and not furniture.is_lead(following.text)
            ):
                # a byline in the middle of a text: what follows it is a story whose headline stands elsewhere
                closing = furniture.closes(block.text)
                found[-1].after += [block] if closing else []
                found.append(now := Draft())
                if not closing:
                    now.bylines.append(block)
            elif top:
                now.bylines.append(block)
            else:
                now.after.append(block)
        elif block.role is Role.BODY:
            if now.after or (now.body and furniture.is_lead(block.text)):
                found.append(now := Draft())
            now.body.append(block)
    return [draft for draft in found if draft.headings or draft.bylines or draft.body]


def _merged(drafts: list[Draft], cohesion: Cohesion | None) -> list[Draft]:
    """Puts sub-headed parts into their stories."""
    found: list[Draft] = []
    signed = sum(1 for draft in drafts if draft.headed and (draft.bylines or draft.lead or draft.after))
    seam = _SEAM_SIGNED if signed > 1 else _SEAM
    for draft in drafts:
        if found and _is_part(found[-1], draft, cohesion, seam):
            found[-1].body += [*draft.headings, *draft.bylines, *draft.body]
            found[-1].after += draft.after
        else:
            found.append(draft)
    return found


def _is_part(story: Draft, draft: Draft, cohesion: Cohesion | None, seam: float) -> bool:
    if draft.bylines or draft.after or draft.lead or not story.headed or story.after:
        return False
    if (
        not draft.headings
        or not story.paragraphs
        or (draft.paragraphs and furniture.is_saying(draft.paragraphs[-1].text))
    ):
        return False
    if any(furniture.box(block.text) or furniture.is_rubric(block.text) for block in draft.headings):
        return False
    if any(furniture.box(block.text) for block in story.headings) and not draft.level:
        return False
    if story.level and draft.level:
        # ## a story, ### its part; but a page's title (#) has stories (##) under it, with nothing of its own
        return bool(draft.level > story.level and story.paragraphs)
    if story.level and not draft.level and not story.bylines:
        return False
    if _dropped_in(story, draft):
        return True
    paragraphs = story.paragraphs
    length = sum(len(block.text) for block in paragraphs)
    if story.lead and not story.bylines and length <= BRIEF:
        return False
    if story.bylines or story.lead:
        if length < _FEATURE * (1 if len(paragraphs) > 1 else 2):
            return False
        sides = [[bigrams(block.text) for block in one[-seams.LONGEST :]] for one in (paragraphs, draft.paragraphs)]
        return not (cohesion and draft.body and cohesion.seam(sides[0], sides[1]) > seam)
    return False  # a page without bylines: each heading a story


def _dropped_in(story: Draft, draft: Draft) -> bool:
    """Whether the heading stands amid a sentence of the story: …型企业的介 ｜ 促进产业集聚 ｜ 绍，…."""
    start = draft.headings[0].start
    return any(
        len(block.spans) > 1
        and any(span.start < start for span in block.spans)
        and any(span.start > start for span in block.spans)
        for block in (*story.paragraphs[-seams.LONGEST :], *draft.paragraphs[: seams.LONGEST])
    )


def _story(page: Page, draft: Draft, columns: bool) -> Story:
    named, series = headlines.named(draft.headings, columns)
    headline = headlines.joined([furniture.plain(block.text) for block in named])
    if draft.kind is StoryKind.ADVERT:
        headline = headlines.advert([block.text for block in draft.extra])
    byline = "；".join(block.text.strip("（()） ") for block in (*draft.bylines, *draft.after))
    if not byline and draft.paragraphs:
        byline = furniture.lead_byline(draft.paragraphs[0].text)
    kind = draft.kind or StoryKind.NEWS
    extra = sorted(draft.extra, key=lambda block: block.start)
    blocks = (*draft.headings, *draft.bylines, *draft.body, *draft.after, *extra)
    whole = bool(draft.headed) or kind in (StoryKind.CAPTION, StoryKind.ADVERT, StoryKind.CREDITS)
    cut = any(block.opens or block.breaks for block in draft.paragraphs)
    source = Source(
        file=page.file,
        headline=headline or page.theme,
        paper=page.paper,
        date=page.date,
        date_basis=page.date_basis,
        byline=byline,
        section=draft.rubric or "｜".join(series),
        kind=kind.value,
    )
    first = min(block.start for block in blocks)
    identity = hashlib.sha256(f"{page.id}\0{first}\0{headline}".encode()).hexdigest()[:24]
    return Story(identity, page.id, source, kind, blocks, whole and not cut and bool(draft.body or extra))
