"""Blocks as they stand on the page in, the same in reading order out: what follows a paragraph's far rest follows it.

    …市场驱动 ｜ another column … ｜ 型”转变。 ｜ 同时，…        同时，… goes on after …型”转变。

A column that was read out late begins with the rest of a sentence; the paragraphs below that rest are the story's too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, islice
from typing import Final

from assistant.records import Block, Role
from ingest import furniture
from ingest.cohesion import Cohesion, bigrams

ASIDE: Final = (Role.CAPTION, Role.FURNITURE, Role.DUPLICATE)  # what stands outside of the text
_AROUND: Final = 3  # paragraphs above a place that tell which story is told there
_BACK: Final = (
    0.1  # how much more a paragraph below a rest must share with what stands above the rest to stay with that
)


@dataclass(slots=True)
class _Column:
    """A stretch of the page that is read in one go, after the block ``after`` (-1: the page's own order)."""

    after: int
    blocks: list[int] = field(default_factory=list)


def reading_order(blocks: Sequence[Block], cohesion: Cohesion | None) -> list[Block]:
    """``blocks`` without those that stand outside of the text, in the order in which they are to be read."""
    told = [block for block in blocks if block.role not in ASIDE]
    lines = sorted((span.start, at, place) for at, block in enumerate(told) for place, span in enumerate(block.spans))
    begins = _beginnings(told)
    columns = [_Column(-1)]
    now = columns[0]
    holder: dict[int, _Column] = {}
    above: list[int] = []  # the blocks of the lines read so far
    back: dict[int, _Column] = {}  # where the column above a rest goes on below it
    for number, (_, at, place) in enumerate(lines):
        block = told[at]
        now = back.pop(number, now)
        if place:
            between = above[-1:] != [at] and not (above[-2:-1] == [at] and told[above[-1]].role is Role.HEADING)
            if between and place == len(block.spans) - 1:
                goes_on = _goes_on(told, begins, lines, number, above, cohesion)
                if goes_on:
                    back[goes_on] = now
                column = _Column(at)
                # a sub-heading right above the rest was dropped into its column: it stands over what follows
                while above and above[-1:] == now.blocks[-1:] and _is_part(told, begins, above[-1]):
                    column.blocks.insert(0, now.blocks.pop())
                    holder[above.pop()] = column
                columns.append(now := column)
        else:
            if begins[at] or _circular(at, now, holder):
                now = columns[0]
            now.blocks.append(at)
            holder[at] = now
        above.append(at)
    return [told[at] for at in _read(columns)]


def _circular(at: int, column: _Column, holder: dict[int, _Column]) -> bool:
    """Whether the column follows a block that itself would follow ``at``."""
    seen: _Column | None = column
    while seen is not None and seen.after >= 0:
        if seen.after == at:
            return True
        seen = holder.get(seen.after)
    return False


def _read(columns: Sequence[_Column]) -> Iterator[int]:
    below: dict[int, list[_Column]] = {}
    for column in columns:
        below.setdefault(column.after, []).append(column)
    todo = [(column, 0) for column in reversed(below[-1])]
    while todo:
        column, place = todo.pop()
        if place < len(column.blocks):
            at = column.blocks[place]
            yield at
            todo.append((column, place + 1))
            todo += [(other, 0) for other in reversed(below.get(at, ()))]


def _beginnings(told: Sequence[Block]) -> list[bool]:
    """Of each block whether a story begins with it, a headline, byline or 本报讯, so that no column goes on in it."""
    found = []
    below: Block | None = None  # the next block that is no heading
    for block in reversed(told):
        if block.role is Role.BODY:
            begins = furniture.is_lead(block.text)
        elif block.role is Role.BYLINE:
            begins = below is not None and below.role is Role.BODY and not furniture.closes(block.text)
        else:
            signed = below is not None and (below.role is Role.BYLINE or furniture.is_lead(below.text))
            begins = signed or furniture.box(block.text) is not None
        found.append(begins)
        below = below if block.role is Role.HEADING else block
    return found[::-1]


def _is_part(told: Sequence[Block], begins: Sequence[bool], at: int) -> bool:
    return told[at].role is Role.HEADING and not begins[at]


def _goes_on(
    told: Sequence[Block],
    begins: Sequence[bool],
    lines: Sequence[tuple[int, int, int]],
    number: int,
    above: Sequence[int],
    cohesion: Cohesion | None,
) -> int:
    """The line below the rest that ``lines[number]`` is with which the text above it goes on, or 0."""
    if cohesion is None or not above:
        return 0
    host = lines[number][1]
    run = []
    for _, at, place in islice(lines, number + 1, None):
        if place or told[at].role is not Role.BODY or begins[at]:
            break
        run.append(at)
    theirs = _words(told, [at for at in above if at <= host][-_AROUND:])
    ours = _words(told, above[-_AROUND:])
    words = [bigrams(told[at].text) for at in run]
    gains = [cohesion.share(one, theirs) - cohesion.share(one, ours) + _BACK for one in words]
    kept = list(accumulate(gains, initial=0.0))  # by going back after so many paragraphs
    cut = max(range(len(kept)), key=lambda at: (kept[at], at))
    return number + 1 + cut if cut < len(gains) else 0


def _words(told: Sequence[Block], places: Sequence[int]) -> frozenset[str]:
    return frozenset[str]().union(*(bigrams(told[at].text) for at in places if told[at].role is Role.BODY))
