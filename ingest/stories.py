"""Page in, Stories out: headlines, bylines, bodies, captions and repeats of one article together, in reading order.

A heading with a byline or a 本报讯 under it begins a story; one without goes with the story it stands in, unless it
names a box, shares no words with it, or its mark says otherwise. A headline below its story is known by the story's
lacking one.
"""

import hashlib
import re
from collections.abc import Sequence, Set
from typing import Final

from assistant.records import Block, Page, Role, Source, Story, StoryKind
from ingest import asides, flow, furniture, kinds, lines
from ingest.cohesion import Cohesion, bigrams
from ingest.drafts import Draft
from ingest.kinds import BRIEF
from ingest.words import COMMON

_FEATURE: Final = 60  # characters after which a heading without a byline is more likely a part than a story
_KIN: Final = 0.16  # share of a heading's own words that a story must bear for the heading to be its headline
_SEAM: Final = 9.0  # Cohesion.seam between two stories; it tells where that number was measured
_SEAM_ARRIVAL: Final = 6.0  # where the paragraph begins as stories do
_SEAM_GOING_ON: Final = 14.0  # and where it begins as they do not
_SEAM_SUSPECT: Final = 5.0  # where it may begin in mid-sentence: with no word that sentences begin with
_SEAM_SIGNED: Final = 27.0  # above a heading without a byline, on a page whose stories have bylines
_SEAM_WIDOWED: Final = 3.0  # above a headline that has no text below it, times how much better it fits the text's end
_MORE: Final = 1.5  # times more of its words that a headline must share with the text above it than with that below
_EVEN: Final = 0.05  # added to both of two shares, so that a share of nothing is not infinitely less than a small one
_SEAM_OPEN: Final = 1.5  # where it begins in mid-sentence, and nothing before it lacks its end
_LEAST: Final = 120  # characters of a story without its headline
_LONGEST_STORY: Final = 80  # paragraphs; longer ones are not looked through for seams
_COLUMNS: Final = 2  # columns of a page from which a short marked heading over another is one too
_COLUMN: Final = 8  # characters of such a heading
_BELOW: Final = 20  # blocks under a byline among which its text is looked for
_HEADINGS: Final = 8  # in a row, beyond which they are no headlines of two stories
_LARGE: Final = 3000  # blocks beyond which stories are told by headings alone
_ARRIVAL: Final = re.compile(
    r"(?:[^。]{0,30}(?:记者|笔者)[^。]{0,12}(?:来到|走进|看到|获悉|了解到|走访|见到))|\d{1,2}月\d{1,2}日|[近日]日|日前|连日|走进|清晨|近段时间|眼下|时下|"
    r"[^。，]{0,16}(?:日前|近日)"
)
_SENTENCE: Final = re.compile(r"[。！？；][”’]?(?=(\w\w))")
_HAN: Final = re.compile(r"[\u4e00-\u9fff]{2}")
_GOING_ON: Final = re.compile(
    r"同[时样]|此外|另|与此|其中|不仅|不过|但|然而|而|据|对此|为此|因此|这|该|此|下一步|未来|接下来"
)


def stories(page: Page) -> tuple[Story, ...]:
    """The page's stories in the order in which they begin; every block of the page is in exactly one."""
    texts = [block.text for block in page.blocks if block.role is Role.BODY]
    large = len(page.blocks) > _LARGE
    cohesion = None if large else Cohesion(texts)
    drafts = _sections(flow.reading_order(page.blocks, cohesion))
    loose = [block for block in page.blocks if block.role in flow.ASIDE]
    if cohesion:
        starts = COMMON | _starts(texts)
        drafts = [
            part
            for at, draft in enumerate(drafts)
            for part in _without_headlines(draft, _parts_below(drafts[at + 1 : at + 5]), cohesion, starts)
        ]
        drafts = _reunited(drafts, cohesion)
    drafts = _placed_headings(drafts, cohesion)
    drafts = _merged(drafts, cohesion)
    kinds.name(drafts)
    drafts = asides.complete(drafts, loose, cohesion)
    columns = sum(1 for draft in drafts if draft.headings and _is_column(draft.headings)) >= _COLUMNS
    filled = [draft for draft in drafts if draft.headings or draft.bylines or draft.body or draft.extra]
    found = [_story(page, draft, columns) for draft in filled]
    return tuple(sorted(found, key=lambda story: min(block.start for block in story.blocks)))


def _starts(texts: Sequence[str]) -> set[str]:
    """The first two characters of the sentences within paragraphs: those of no paragraph cut in mid-sentence."""
    return {start for text in texts for start in _SENTENCE.findall(text)}


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


def _reunited(drafts: list[Draft], cohesion: Cohesion) -> list[Draft]:
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


def _placed_headings(drafts: list[Draft], cohesion: Cohesion | None) -> list[Draft]:
    """Gives the headlines that stand below their stories to them."""
    found: list[Draft] = []
    for at, draft in enumerate(drafts):
        before = found[-1] if found else None
        following = drafts[at + 1] if at + 1 < len(drafts) else None
        if not draft.body:
            if before is not None and before.body and not before.headed and not before.bylines:
                before.headings += draft.headings
                before.bylines += draft.bylines
                continue
            if draft.bylines and (story := _unheaded(found)):
                story.headings += draft.headings
                story.bylines += draft.bylines
                continue
            if draft.bylines and before is not None and cohesion and (tail := _told_above(before, draft, cohesion)):
                found.append(tail)
                continue
            if following is not None and not following.bylines and following.body and not following.lead:
                following.headings = draft.headings + following.headings
                following.bylines = draft.bylines
                continue
        elif draft.lead and draft.bylines and before is not None and before.body and not before.headed:
            # 本报讯（记者 …） names its writer: the byline, and the headline with it, are the story's above
            before.headings, before.bylines = [*before.headings, *draft.headings], [*before.bylines, *draft.bylines]
            draft.headings, draft.bylines = [], []
        elif before is not None and cohesion and _signed_below(before, draft, cohesion):
            before.headings, before.bylines = [*before.headings, *draft.headings], draft.bylines
            draft.headings, draft.bylines = [], []
        elif before is not None and before.body and not before.headed and draft.headings:
            first = before is found[0] and not before.lead
            cut = _above(before, draft, cohesion, first) if cohesion and len(draft.headings) <= _HEADINGS else 0
            before.headings, draft.headings = [*before.headings, *draft.headings[:cut]], draft.headings[cut:]
        found.append(draft)
    return found


def _signed_below(before: Draft, draft: Draft, cohesion: Cohesion) -> bool:
    """Whether the headline and byline between two bodies, the upper one without either, are the upper one's."""
    if not (before.body and draft.headings and draft.bylines) or before.headed or before.bylines or before.after:
        return False
    words = set().union(*(bigrams(block.text) for block in draft.headings))
    above, below = cohesion.share(words, bigrams(before.words)), cohesion.share(words, bigrams(draft.words))
    return above > max(_KIN, _MORE * below)


def _told_above(before: Draft, draft: Draft, cohesion: Cohesion) -> Draft | None:
    """The story of a headline and byline with no text below: the end of the text above, which is taken away from it."""
    if len(before.body) > _LONGEST_STORY or before.after:
        return None
    words = set().union(*(bigrams(block.text) for block in draft.headings))
    sets = [bigrams(block.text) if block.role is Role.BODY else set() for block in before.body]
    best, at = _SEAM_WIDOWED, 0
    for place in range(1, len(sets)):
        above, below = (cohesion.share(words, set().union(*part)) for part in (sets[:place], sets[place:]))
        if below > above:
            score = cohesion.seam(sets[:place], sets[place:]) * (below + _EVEN) / (above + _EVEN)
            if score > best:
                best, at = score, place
    if not at:
        return None
    tail = Draft(draft.headings, draft.bylines, before.body[at:])
    before.body = before.body[:at]
    return tail


def _unheaded(found: Sequence[Draft]) -> Draft | None:
    """The last story that has no headline, if nothing but its sub-headed parts follow it."""
    for draft in reversed(found):
        if draft.body and not draft.headed and not draft.bylines and not draft.lead:
            return draft
        if draft.bylines or draft.lead or draft.after:
            return None
    return None


def _above(before: Draft, draft: Draft, cohesion: Cohesion, first: bool) -> int:
    """How many of the headings between two bodies, the upper one without a headline, are the upper one's."""
    upper, lower = bigrams(before.words), bigrams(draft.words)
    words = [bigrams(block.text) for block in draft.headings]
    gains = [cohesion.share(one, upper) - cohesion.share(one, lower) for one in words]
    # All of them only between two 本报讯, where each body is a story of its own and the lower may lack its headline.
    most = len(words) if before.lead and draft.lead else len(words) - 1
    cut = max(range(most + 1), key=lambda at: (sum(gains[:at]) - sum(gains[at:]), -at))
    if cut == len(words) and cohesion.share(words[0], upper) < 2 * max(_KIN, cohesion.share(words[0], lower)):
        cut = 0
    if cut and cohesion.share(set().union(*words[:cut]), upper) > _KIN:
        return cut
    levels = [block.level for block in draft.headings]
    # ## under the introduction that opens the page, ### over its first story
    return 1 if first and len(levels) > 1 and 0 < levels[0] < levels[1] else 0


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
        sides = [[bigrams(block.text) for block in one[-_LONGEST_STORY:]] for one in (paragraphs, draft.paragraphs)]
        return not (cohesion and draft.body and cohesion.seam(sides[0], sides[1]) > seam)
    return False  # a page without bylines: each heading a story


def _dropped_in(story: Draft, draft: Draft) -> bool:
    """Whether the heading stands amid a sentence of the story: …型企业的介 ｜ 促进产业集聚 ｜ 绍，…."""
    start = draft.headings[0].start
    return any(
        len(block.spans) > 1
        and any(span.start < start for span in block.spans)
        and any(span.start > start for span in block.spans)
        for block in (*story.paragraphs[-_LONGEST_STORY:], *draft.paragraphs[:_LONGEST_STORY])
    )


def _parts_below(drafts: Sequence[Draft]) -> list[Block]:
    """The paragraphs under headings that may be parts of the story above them: no byline, no 本报讯, no box."""
    found: list[Block] = []
    for draft in drafts:
        if draft.bylines or draft.after or draft.lead or any(furniture.box(block.text) for block in draft.headings):
            break
        found += draft.paragraphs
    return found


def _without_headlines(draft: Draft, below: Sequence[Block], cohesion: Cohesion, starts: Set[str]) -> list[Draft]:
    """The draft, and the stories glued to its end: one that begins in mid-sentence, one whose headline is elsewhere."""
    if len(draft.body) > _LONGEST_STORY:
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
    return [*_without_headlines(draft, (), cohesion, starts), *_without_headlines(tail, below, cohesion, starts)]


def _kin(before: Sequence[set[str]], own: Sequence[set[str]], more: Sequence[set[str]], cohesion: Cohesion) -> bool:
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


def _story(page: Page, draft: Draft, columns: bool) -> Story:
    named, series = _headline(draft.headings, columns)
    headline = _joined([furniture.plain(block.text) for block in named])
    if draft.kind is StoryKind.ADVERT:
        headline = _advert([block.text for block in draft.extra])
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


def _is_column(headings: Sequence[Block]) -> bool:
    """Whether the first heading names a column of the page: ## 实干者说 over an unmarked headline, ## 书记的话."""
    over = len(headings) > 1 and not headings[1].level
    return bool(headings[0].level) and (over or furniture.box(headings[0].text) is not None)


def _advert(texts: Sequence[str]) -> str:
    """公益广告：爱护每一滴水: what a short advertisement says."""
    said = " ".join(texts[1:])
    return f"{texts[0]}：{said}" if said and len(said) <= lines.LONGEST_HEADING else texts[0]


def _headline(headings: Sequence[Block], columns: bool) -> tuple[list[Block], list[str]]:
    """The headings that are the story's own, and the names of the series and pages that stand over it."""
    named = [block for block in headings if not furniture.is_rubric(block.text)]
    # A page's title (#) over the first story's headline (##) is the page's; a marked heading (实践者说) over one
    # without a mark is a series'; and ——… with nothing before it is what remains of a series' title.
    if len(named) > 1 and named[0].level == 1 and named[1].level > 1:
        named = named[1:]
    if columns and len(named) > 1 and 0 < named[0].level == named[1].level and len(named[0].text) <= _COLUMN:
        named = named[1:]
    if any(block.level for block in named) and not all(block.level for block in named):
        named = [block for block in named if not block.level]
    if len(named) < len(headings) and len(named) == 1 and named[0].text.startswith("——"):
        named = [block for block in headings if block is not named[0]]
    elif len(named) > 1 and named[0].text.startswith("——"):
        named = named[1:]
    named = named or list(headings)
    own = {block.start for block in named}
    return named, [furniture.plain(block.text).lstrip("—") for block in headings if block.start not in own]


def _joined(titles: Sequence[str]) -> str:
    """A headline set in several lines as one; no blank after a colon or within a quotation."""
    text = ""
    for title in titles:
        text += title if not text or text[-1] in "：:" or lines.balance(text) != (0, 0) else f" {title}"
    return text
