"""A story as understood in, its HTML out: headline, byline, paragraphs with their joins, captions, repeats, figures."""

from collections.abc import Iterator, Sequence
from typing import Final

from assistant.records import Block, Role, Story, StoryKind
from ingest.check import marking, wording
from ingest.check.lines import Places, why
from ingest.check.marking import Marking
from ingest.check.shown import shown, told

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
        *_set(marks, story, Role.CAPTION, "图片说明", places),
        *_set(marks, story, Role.DUPLICATE, "重复，不再计入", places),
    ]
    if doubts:
        parts.append(f'<div class="set"><b>存疑 {len(doubts)} 处</b><ul class="doubts">{"".join(doubts)}</ul></div>')
    parts.append(_claims(marks, at, places))
    return "".join([*parts, "</article>\n"])


def _tags(story: Story) -> str:
    tags = [f'<span class="tag kind">{wording.KINDS[story.kind]}</span>']
    if story.complete:
        tags.append('<span class="tag good">完整</span>')
    else:
        tags.append(f'<span class="tag bad">不完整：缺{wording.lacks(story)}</span>')
    if story.source.section:
        tags.append(f"<span>栏目：{shown(story.source.section)}</span>")
    return "".join(tags)


def _headline(story: Story, key: str) -> str:
    if story.source.headline:
        return f'<h4 id="{key}h">{shown(story.source.headline)}</h4>'
    none = story.kind in (StoryKind.CREDITS, StoryKind.ADVERT, StoryKind.CAPTION)
    return f'<h4 id="{key}h" class="none">{wording.KINDS[story.kind] if none else "（本版上没有它的标题）"}</h4>'


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
    text = '<span class="lost">（前文不在本版）</span>' if block.opens else ""
    for place, span in enumerate(block.spans):
        if place:
            before = block.spans[place - 1]
            reason = why(page[before.start : before.end], page[span.start : span.end])
            title = told(f"此处接上第 {numbers[place]} 行：{reason}")
            text += (
                f'<a class="seam" href="#p{number}l{numbers[place]}" title="{title}">'
                f'<span aria-hidden="true">⤷ </span>{_numbered("接第", numbers[place])}</a>'
            )
        text += marks.text(span.start, span.end, live=True)
    if block.breaks:
        text += '<span class="lost">（后文不在本版）</span>'
    lines = dict.fromkeys(numbers)
    at = "".join(f'<a href="#p{number}l{line}">{_numbered("第", line)}</a>' for line in lines)
    return f'<p><span class="at">{at}</span><span>{text}</span></p>'


def _numbered(word: str, line: int) -> str:
    """The number alone to the eye, 第 23 行 to a screen reader."""
    return f'<span class="vh">{word} </span>{line}<span class="vh"> 行</span>'


def _set(marks: Marking, story: Story, role: Role, name: str, places: Places) -> Iterator[str]:
    blocks = [block for block in story.blocks if block.role is role and block.text]
    if not blocks:
        return
    yield f'<div class="set"><b>{name}（{len(blocks)}）</b><ul>'
    for block in blocks:
        text = " ".join(marks.text(span.start, span.end, live=True) for span in block.spans)
        line = places.line(block.start)
        if role is Role.DUPLICATE:
            text = shown(block.text[:_SHOWN]) + ("…" if len(block.text) > _SHOWN else "")
        yield f'<li>{text} <a href="#p{marks.number}l{line}">第 {line} 行</a></li>'
    yield "</ul></div>"


def _claims(marks: Marking, at: int, places: Places) -> str:
    own = [mark for mark in marks.one.marks if mark.story == at]
    if not own:
        return ""
    heads = ("行", "所印", *(name for name, _ in marking.rows(own[0].claim, days=False)))
    found = [
        f'<details class="claims"><summary>{len(own)} 个数字，逐个列出</summary>'
        f'<div class="table" role="region" aria-label="数字" tabindex="0"><table><thead><tr>'
        + "".join(f'<th scope="col">{head}</th>' for head in heads)
        + "</tr></thead><tbody>"
    ]
    for mark in own:
        line = places.line(mark.start)
        cells = "".join(f"<td>{shown(words)}</td>" for _, words in marking.rows(mark.claim, days=False))
        found.append(
            f'<tr><td class="n"><a href="#p{marks.number}l{line}">{line}</a></td>'
            f'<th scope="row"><mark class="{marks.look(mark).strip()}">{shown(mark.claim.figure.text)}</mark></th>'
            f"{cells}</tr>"
        )
    return "".join([*found, "</tbody></table></div></details>"])
