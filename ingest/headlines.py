"""Drafts in, each with the headline that is its own, wherever that stands; the words of a headline out.

A headline below its story is known by the story's lacking one, and by the words that they share.
"""

from collections.abc import Sequence
from typing import Final

from assistant.records import Block, Role
from ingest import furniture, lines
from ingest.cohesion import Cohesion, bigrams
from ingest.drafts import Draft
from ingest.seams import LONGEST

_KIN: Final = 0.16  # share of a heading's own words that a story must bear for the heading to be its headline
_SEAM_WIDOWED: Final = 3.0  # above a headline that has no text below it, times how much better it fits the text's end
_MORE: Final = 1.5  # times more of its words that a headline must share with the text above it than with that below
_EVEN: Final = 0.05  # added to both of two shares, so that a share of nothing is not infinitely less than a small one
_COLUMN: Final = 8  # characters of such a heading
_HEADINGS: Final = 8  # in a row, beyond which they are no headlines of two stories


def placed(drafts: list[Draft], cohesion: Cohesion | None) -> list[Draft]:
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
    words = frozenset[str]().union(*(bigrams(block.text) for block in draft.headings))
    above, below = cohesion.share(words, bigrams(before.words)), cohesion.share(words, bigrams(draft.words))
    return above > max(_KIN, _MORE * below)


def _told_above(before: Draft, draft: Draft, cohesion: Cohesion) -> Draft | None:
    """The story of a headline and byline with no text below: the end of the text above, which is taken away from it."""
    if len(before.body) > LONGEST or before.after:
        return None
    words = frozenset[str]().union(*(bigrams(block.text) for block in draft.headings))
    sets = [bigrams(block.text) if block.role is Role.BODY else frozenset[str]() for block in before.body]
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


def is_column(headings: Sequence[Block]) -> bool:
    """Whether the first heading names a column of the page: ## 实干者说 over an unmarked headline, ## 书记的话."""
    over = len(headings) > 1 and not headings[1].level
    return bool(headings[0].level) and (over or furniture.box(headings[0].text) is not None)


def advert(texts: Sequence[str]) -> str:
    """公益广告：爱护每一滴水: what a short advertisement says."""
    said = " ".join(texts[1:])
    return f"{texts[0]}：{said}" if said and len(said) <= lines.LONGEST_HEADING else texts[0]


def named(headings: Sequence[Block], columns: bool) -> tuple[list[Block], list[str]]:
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


def joined(titles: Sequence[str]) -> str:
    """A headline set in several lines as one; no blank after a colon or within a quotation."""
    text = ""
    for title in titles:
        text += title if not text or text[-1] in "：:" or lines.balance(text) != (0, 0) else f" {title}"
    return text
