"""A checked page in, its lines out, each with what became of it: whose it is, joined to what, set apart or left out."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from assistant.records import Block, Role
from ingest import furniture, lines
from ingest.check.reading import CheckedPage
from ingest.check.shown import Both
from ingest.words import COMMON

UNSURE: Final = 0.8  # OCR's own score of a line below which a figure of it is to be checked; wrong lines had .5 to .8
_LOOKED: Final = 500  # paragraphs of a page up to which a repeat is looked for within longer ones
CAPTION: Final = ("图片说明", "caption")
REPEAT: Final = ("重复，不再计入", "repeated, not counted again")
BEFORE: Final = ("前文不在本版", "what goes before is not on this page")
AFTER: Final = ("后文不在本版", "what follows is not on this page")
_SHOWN: Final = 10  # characters of another piece that are shown to know it by


@dataclass(frozen=True, slots=True)
class Note:
    """What is said of a line: ``kind`` is join, cut, repeat, caption, aside, lost or unsure; ``line`` is another's."""

    kind: str
    text: Both
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Printed:
    """A line of the file, counted from 1: ``text[start:end]`` without blanks at its ends, ``mark`` (## ) before it."""

    number: int
    start: int
    end: int
    story: int | None
    role: Role | None
    notes: tuple[Note, ...]
    mark: tuple[int, int] | None = None


class Places:
    """Which line of the file holds an offset."""

    def __init__(self, text: str) -> None:
        self._starts = [0]
        for at, letter in enumerate(text):
            if letter == "\n":
                self._starts.append(at + 1)

    def line(self, offset: int) -> int:
        """The number of the line, from 1."""
        return bisect_right(self._starts, offset)


def printed(one: CheckedPage, places: Places) -> Iterator[Printed]:
    """The lines of the file that are not blank, its front matter included."""
    text = one.page.text
    for start, end in _stripped(text, 0, one.page.body_start):
        yield Printed(places.line(start), start, end, None, None, (Note("aside", ("文件头", "front matter")),))
    blocks = [(at, block) for at, story in enumerate(one.stories) for block in story.blocks]
    marks = {block.mark[1]: block.mark for _, block in blocks if block.mark}
    repeats = _repeats([block for _, block in blocks])
    found = []
    for at, block in blocks:
        if not block.text:
            continue  # the mark of a line that was joined to another: it is shown with that line
        for place, span in enumerate(block.spans):
            notes = (*_of_block(one, block, place, places, repeats), *_sure(one, span.start, span.end))
            mark = marks.get(span.start)
            found.append(Printed(places.line(span.start), span.start, span.end, at, block.role, notes, mark))
    yield from sorted(found, key=lambda line: line.start)


def _stripped(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    for line in text[start:end].splitlines(keepends=True):
        body = line.strip()
        if body:
            begin = at + line.index(body)
            yield begin, begin + len(body)
        at += len(line)


def _of_block(one: CheckedPage, block: Block, place: int, places: Places, repeats: Mapping[int, int]) -> Iterator[Note]:
    text = one.page.text
    if block.role is Role.DUPLICATE:
        same = repeats.get(block.start)
        yield Note("repeat", REPEAT, None if same is None else places.line(same))
    elif block.role is Role.CAPTION and place == 0:
        yield Note("caption", CAPTION)
    elif block.role is Role.FURNITURE:
        yield Note("aside", _furniture(block.text))
    if block.opens and place == 0:
        yield Note("lost", BEFORE)
    if place:
        before, here = block.spans[place - 1], block.spans[place]
        left, right = text[before.start : before.end], text[here.start : here.end]
        if block.role is Role.CAPTION:
            yield Note("join", ("图说的署名，接上一行", "credit of the caption, joined"), places.line(before.start))
        else:
            reason, end = why(left, right), left[-_SHOWN:]
            yield Note(
                "join", (f"接“…{end}”：{reason[0]}", f"joined to “…{end}”: {reason[1]}"), places.line(before.start)
            )
    if place + 1 < len(block.spans) and block.role is not Role.CAPTION:
        after = block.spans[place + 1]
        start = text[after.start : after.end][:_SHOWN]
        yield Note("cut", (f"下接“{start}…”", f"goes on with “{start}…”"), places.line(after.start))
    if block.breaks and place + 1 == len(block.spans):
        yield Note("lost", AFTER)


def _repeats(blocks: Sequence[Block]) -> dict[int, int]:
    """For each repeat, by where it begins, where the page prints the same: as a paragraph, or within one."""
    told = [block for block in blocks if block.role is Role.BODY]
    first = {_letters(block.text): block.start for block in reversed(told)}
    found = {}
    for block in blocks:
        if block.role is Role.DUPLICATE:
            own = _letters(block.text)
            holders = told if len(told) <= _LOOKED else ()
            start = first.get(own) or next((other.start for other in holders if own in _letters(other.text)), None)
            if start is not None:
                found[block.start] = start
    return found


def _letters(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum())


def _furniture(text: str) -> Both:
    if furniture.is_editors(text):
        return ("编辑署名", "editors' names")
    if furniture.is_advert(text):
        return ("广告", "advert")
    if lines.is_rule(text):
        return ("分隔线、图片", "rule or picture")
    if furniture.is_furniture(text):
        return ("报头、版次或广告", "masthead, page number or advert")
    return ("不是稿件", "no part of a story")


def _sure(one: CheckedPage, start: int, end: int) -> Iterator[Note]:
    sure = one.raw.confidence_in(start, end)
    if sure is not None and sure < UNSURE:
        yield Note("unsure", (f"OCR 没有把握（{sure:.2f}）", f"OCR is unsure ({sure:.2f})"))


def why(left: str, right: str) -> Both:
    """Why two lines are thought to be one paragraph."""
    if lines.balance(left)[1] and lines.balance(right)[0]:
        return ("引号或括号在此闭合", "a quotation or bracket is closed here")
    if left[-1] + right[0] in COMMON:
        word = left[-1] + right[0]
        return (f"“{word}”一词被切断", f"the word “{word}” is cut")
    if right[0].isdigit() and not left[-1].isdigit():
        return ("数字与它所说的事被切开", "a figure is cut from what it is about")
    if lines.unstarted(right):
        return ("下一段不像段首", "the next does not begin like a paragraph")
    return ("上一段没有句末标点", "the former ends without a full stop")
