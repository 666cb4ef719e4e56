"""A story as understood in, its HTML out: headline, byline, paragraphs with their joins, captions, repeats, figures."""

from collections.abc import Iterator, Sequence
from typing import Final

from assistant.records import Block, Role, Story, StoryKind
from ingest.check import marking, wording
from ingest.check.lines import AFTER, BEFORE, CAPTION, REPEAT, Places, why
from ingest.check.marking import Marking
from ingest.check.shown import Both, both, shown, told

_HUE: Final = 137  # degrees of colour between one story and the next, the golden angle: neighbours differ most
_SHOWN: Final = 24  # characters of a repeat that are shown


def hue(story: int) -> int:
    """The colour of a story, in degrees."""
    return (story * _HUE + 210) % 360


def article(marks: Marking, at: int, places: Places, doubts: Sequence[str]) -> str:
    """The story; ``doubts`` are items of a list."""
    story = marks.one.stories[at]
    key = f"p{marks.number}s{at + 1}"
    parts = [
        f'<article id="{key}" aria-labelledby="{key}h" style="--h:{hue(at)}">',
        f'<div class="tags">{_tags(story)}</div>',
        _headline(story, key),
    ]
    if story.source.byline:
        parts.append(f'<p class="by">{shown(story.source.byline)}</p>')
    parts.append(f'<div class="body">{"".join(_body(marks, story, places))}</div>')
    parts += [
        *_set(marks, story, Role.CAPTION, CAPTION, places),
        *_set(marks, story, Role.DUPLICATE, REPEAT, places),
    ]
    if doubts:
        head = both((f"存疑 {len(doubts)} 处", f"{len(doubts)} doubts"))
        parts.append(f'<div class="set"><b>{head}</b><ul class="doubts">{"".join(doubts)}</ul></div>')
    parts.append(_claims(marks, at, places))
    return "".join([*parts, "</article>\n"])


def _tags(story: Story) -> str:
    tags = [f'<span class="tag kind">{both(wording.KINDS[story.kind])}</span>']
    if story.complete:
        tags.append(f'<span class="tag good">{both(("完整", "whole"))}</span>')
    else:
        chinese, english = wording.lacks(story)
        tags.append(f'<span class="tag bad">{both((f"不完整：缺{chinese}", f"incomplete, lacks: {english}"))}</span>')
    if story.source.section:
        tags.append(f"<span>{both(('栏目：', 'Section: '))}{shown(story.source.section)}</span>")
    return "".join(tags)


def _headline(story: Story, key: str) -> str:
    if story.source.headline:
        return f'<h4 id="{key}h">{shown(story.source.headline)}</h4>'
    none = story.kind in (StoryKind.CREDITS, StoryKind.ADVERT, StoryKind.CAPTION)
    words = wording.KINDS[story.kind] if none else ("（本版上没有它的标题）", "(its headline is not on this page)")
    return f'<h4 id="{key}h" class="none">{both(words)}</h4>'


def _body(marks: Marking, story: Story, places: Places) -> Iterator[str]:
    begun = False
    for block in story.blocks:
        if not block.text:
            continue
        if block.role is Role.BODY or block.role is Role.FURNITURE:
            begun = True
            yield _paragraph(marks, block, places)
        elif block.role is Role.HEADING and begun:
            yield f"<h5>{''.join(marks.text(span.start, span.end, live=True) for span in block.spans)}</h5>"


def _paragraph(marks: Marking, block: Block, places: Places) -> str:
    number, page = marks.number, marks.one.page.text
    numbers = [places.line(span.start) for span in block.spans]
    text = f'<span class="lost">{_bracketed(BEFORE)}</span>' if block.opens else ""
    for place, span in enumerate(block.spans):
        if place:
            before = block.spans[place - 1]
            reason = why(page[before.start : before.end], page[span.start : span.end])
            title = told(f"此处接上第 {numbers[place]} 行：{reason[0]} / joined to line {numbers[place]}: {reason[1]}")
            text += (
                f'<a class="seam" href="#p{number}l{numbers[place]}" title="{title}">'
                f'<span aria-hidden="true">⤷ </span>{_numbered(("接第", "joined to line"), numbers[place])}</a>'
            )
        text += marks.text(span.start, span.end, live=True)
    if block.breaks:
        text += f'<span class="lost">{_bracketed(AFTER)}</span>'
    lines = dict.fromkeys(numbers)
    at = "".join(f'<a href="#p{number}l{line}">{_numbered(("第", "line"), line)}</a>' for line in lines)
    return f'<p><span class="at">{at}</span><span>{text}</span></p>'


def _numbered(word: Both, line: int) -> str:
    """The number alone to the eye, 第 23 行 to a screen reader."""
    return f'<span class="vh">{both(word)} </span>{line}<span class="vh">{both((" 行", ""))}</span>'


def _bracketed(words: Both) -> str:
    return both((f"（{words[0]}）", f"({words[1]})"))


def _set(marks: Marking, story: Story, role: Role, name: Both, places: Places) -> Iterator[str]:
    blocks = [block for block in story.blocks if block.role is role and block.text]
    if not blocks:
        return
    yield f'<div class="set"><b>{both((f"{name[0]}（{len(blocks)}）", f"{name[1]} ({len(blocks)})"))}</b><ul>'
    for block in blocks:
        text = " ".join(marks.text(span.start, span.end, live=True) for span in block.spans)
        line = places.line(block.start)
        if role is Role.DUPLICATE:
            text = shown(block.text[:_SHOWN]) + ("…" if len(block.text) > _SHOWN else "")
        yield f'<li>{text} <a href="#p{marks.number}l{line}">{both((f"第 {line} 行", f"line {line}"))}</a></li>'
    yield "</ul></div>"


def _claims(marks: Marking, at: int, places: Places) -> str:
    own = [mark for mark in marks.one.marks if mark.story == at]
    if not own:
        return ""
    heads = (("行", "Line"), ("所印", "As printed"), *(name for name, _ in marking.rows(own[0].claim, days=False)))
    told_of = both((f"{len(own)} 个数字，逐个列出", f"{len(own)} figures, one by one"))
    found = [
        f'<details class="claims"><summary>{told_of}</summary>'
        f'<div class="table" role="region" aria-label="数字 figures" tabindex="0"><table><thead><tr>'
        + "".join(f'<th scope="col">{both(head)}</th>' for head in heads)
        + "</tr></thead><tbody>"
    ]
    for mark in own:
        line = places.line(mark.start)
        cells = "".join(f"<td>{both(words)}</td>" for _, words in marking.rows(mark.claim, days=False))
        found.append(
            f'<tr><td class="n"><a href="#p{marks.number}l{line}">{line}</a></td>'
            f'<th scope="row"><mark class="{marks.look(mark).strip()}">{shown(mark.claim.figure.text)}</mark></th>'
            f"{cells}</tr>"
        )
    return "".join([*found, "</tbody></table></div></details>"])
