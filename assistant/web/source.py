"""A page of the index and a stretch of it in, the page with that stretch marked out as HTML: what a citation opens.

The lines of the cited story stand as they are printed, each with its number; the lines of other stories between them
are folded away, and unfold where they are.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby

from assistant.library import OpenPage, Printed
from assistant.records import Passage
from assistant.web.answer import source_html
from assistant.web.words import both, escaped, line

_FRONT = re.compile(r"---\n(?:(?!---\n).*\n){0,40}---\n")  # what a page's file says of itself before it begins


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file: its number from 1, where it stands, and which of the page's stories it belongs to."""

    number: int
    start: int
    end: int
    story: int | None


def lines(page: OpenPage) -> list[Line]:
    """The page's lines that are not blank, after its front matter; a headline's line is its story's."""
    spans = sorted((start, end, at) for at, story in enumerate(page.stories) for start, end in story.spans)
    heads = {story.source.headline: at for at, story in enumerate(page.stories) if story.source.headline}
    starts = [start for start, _, _ in spans]
    front = _FRONT.match(page.text)
    body = front.end() if front else 0
    found, at = [], 0
    for number, text in enumerate(page.text.split("\n"), 1):
        start, end = at, at + len(text)
        at = end + 1
        bare = text.strip().lstrip("#").strip()
        if not bare or end < body:
            continue
        index = bisect_right(starts, end - 1) - 1
        within = index >= 0 and spans[index][1] > start
        story = spans[index][2] if within else heads.get(bare)
        found.append(Line(number, start, end, story))
    return _filled(found)


def _filled(found: Sequence[Line]) -> list[Line]:
    """The same, a byline or sub-heading between two lines of one story given to that story."""
    before = list(accumulate((one.story for one in found), _kept))
    after = list(accumulate((one.story for one in reversed(found)), _kept))[::-1]
    return [
        replace(one, story=earlier) if one.story is None and earlier == later else one
        for one, earlier, later in zip(found, before, after, strict=True)
    ]


def _kept(last: int | None, story: int | None) -> int | None:
    return last if story is None else story


def source_panel(page: OpenPage, start: int, end: int) -> str:
    """The panel: what is cited, then the page around it, the line marked ``id="cited"``."""
    every = lines(page)
    story = next((one.story for one in every if one.start <= start <= one.end), None)
    source = page.stories[story].source if story is not None else None
    number = next((one.number for one in every if one.start <= start <= one.end), 0)
    where = both(f"第 {number} 行", f"line {number}") if number else ""
    head = source_html(source) if source else f'<div class="source"><cite>{line(page.shelved.file)}</cite></div>'
    place = f'<p class="place"><code>{line(page.shelved.file)}</code> {where}</p>'
    body = "".join(_run(page, key, list(some), (start, end)) for key, some in groupby(every, _same(story)))
    return f'<header>{head}{place}</header><div class="printed">{body}</div>'


def _same(story: int | None) -> Callable[[Line], bool]:
    """Tells the lines of the story from others; where there is none, the whole page is shown."""
    return lambda one: story is None or one.story == story


def _run(page: OpenPage, own: bool, some: Sequence[Line], cited: tuple[int, int]) -> str:
    rows = "".join(_row(page, one, cited) for one in some)
    if own:
        return f'<ol class="lines">{rows}</ol>'
    titles = [title for title in dict.fromkeys(_title(page.stories, one.story) for one in some) if title]
    told = "、".join(f"《{title}》" for title in titles[:2]) + ("……" if len(titles) > 2 else "")
    count = both(f"另外 {len(some)} 行", f"{len(some)} other lines")
    return (
        f'<details class="folded"><summary>{count} <span>{line(told)}</span></summary>'
        f'<ol class="lines">{rows}</ol></details>'
    )


def _title(stories: Sequence[Printed], story: int | None) -> str:
    return stories[story].source.headline if story is not None else ""


def _row(page: OpenPage, one: Line, cited: tuple[int, int]) -> str:
    start, end = max(one.start, cited[0]), min(one.end, cited[1])
    words = page.text
    if start < end:
        before, cut, after = words[one.start : start], words[start:end], words[end : one.end]
        text = f"{escaped(before)}<mark>{escaped(cut)}</mark>{escaped(after)}"
        here = ' class="here" id="cited"' if one.start <= cited[0] <= one.end else ' class="here"'
    else:
        text, here = escaped(words[one.start : one.end]), ""
    return (
        f'<li{here} value="{one.number}"><span class="no" aria-hidden="true">{one.number}</span><bdi>{text}</bdi></li>'
    )


def page_view(page: OpenPage) -> str:
    """The page beside its stories: left its lines in the colour of their story, right the stories as understood."""
    every = lines(page)
    left = "".join(
        f'<li value="{one.number}" {_hue(one.story)} id="line-{one.number}"><span class="no" aria-hidden="true">'
        f"{one.number}</span><bdi>{escaped(page.text[one.start : one.end])}</bdi></li>"
        for one in every
    )
    first = {one.story: one.number for one in reversed(every) if one.story is not None}
    right = "".join(_story(at, story, first.get(at, 0)) for at, story in enumerate(page.stories))
    read = both("读入的版面", "The page as read")
    told = both(f"读成的报道（{len(page.stories)} 篇）", f"Its stories as understood ({len(page.stories)})")
    return (
        f'<div class="beside"><section aria-label="page"><h3>{read}</h3><ol class="lines">{left}</ol></section>'
        f'<section aria-label="stories"><h3>{told}</h3>{right}</section></div>'
    )


def _hue(story: int | None) -> str:
    """Eight hues, defined in the style, taken in turn: neighbours differ."""
    return 'class="aside"' if story is None else f'class="s{story % 8}"'


def _story(at: int, story: Printed, number: int) -> str:
    from_line = both(f"第 {number} 行起", f"from line {number}") if number else ""
    figures = both(f"{story.figures} 个数字", f"{story.figures} figures")
    body = "".join(f"<p>{_figures(one.text, _places(one))}</p>" for one in story.passages)
    title = line(story.source.title) or both("（本版上没有它的标题）", "(its headline is not on this page)")
    jump = f'<button type="button" class="jump" data-act="line" data-line="{number}">{from_line}</button>'
    return (
        f'<article class="story s{at % 8}"><h4>{title}</h4><p class="facts">{jump} <span>{figures}</span></p>'
        f"<details><summary>{both('读全文', 'Read it')}</summary>{body}</details></article>"
    )


def _places(passage: Passage) -> Iterator[tuple[int, int]]:
    return ((figure.start, figure.end) for figure in passage.figures)


def _figures(words: str, places: Iterator[tuple[int, int]]) -> str:
    done, at = [], 0
    for start, end in sorted(places):
        if start >= at:
            done += [escaped(words[at:start]), f"<mark>{escaped(words[start:end])}</mark>"]
            at = end
    return "".join([*done, escaped(words[at:])])
