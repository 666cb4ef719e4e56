"""Boxes of printed lines in, the columns they stand in out, in the order in which a newspaper is read. Pure geometry.

The page is cut along the white between its parts, again and again, until what is left is one column. Three rules
decide where, since a page can nearly always be cut two ways:

1. A wide horizontal gap with a headline under it ends whatever stands above it: cut there first. What one headline
   tops belongs to it.
2. Otherwise a vertical gap parts columns: cut there, and read left to right.
3. Otherwise something (a headline, a caption, a box) bars the gutters: cut above and below it. Where the columns run
   on beneath it and their sentences show it, they are put together again, and what barred them is read after.

What cannot be cut at all (parts interlocked like a pinwheel) is ordered by "above before below, left before right".
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from ingest.readers.blocks import sorted_blocks
from ingest.readers.boxes import (
    HEADLINE,
    OWN_WHITE,
    SHRINK,
    Box,
    Column,
    body_height,
    joined,
    lines_of,
    same_line,
)

_GUTTER = 0.45  # of the body's height: the least white between columns; OCR boxes eat some of a gutter of one letter
_COLUMN = 5.0  # letters: no column is narrower
_STORY_GAP = 0.9  # of the body's height: the least white above a headline; between lines it is 0.2 to 0.6
_BAND = 3.0  # heights under a gap in which its headline begins: a kicker may stand above it
_FIGURE = re.compile(r"[-+−<>≥≤约超]?[\d.,，]+\s*(?:%|％|‰|[万亿]?[^\d\s。，；]{0,3})|[-—–]+")
_CAPTION = re.compile(r"[摄攝][)）]?$|(?:供图|資料圖|资料图|图片?)[)）]?$|^[(（]?图[:：为]|^↑|^▲|^◀|^▶")
_ENDS = "。！？…”』」）)!?；;：:"


def reading_order(boxes: Sequence[Box]) -> tuple[Column, ...]:
    """Every box, once, in columns in reading order; pieces of one line are joined into one box.

    A caption that bars the columns under a picture comes after the column it stands in. A table is one column of rows.
    """
    body = body_height(boxes)
    return tuple(column for column in _cut(_whole_headlines(boxes, body), body, 0) if column)


def _whole_headlines(boxes: Sequence[Box], body: float) -> list[Box]:
    """The boxes with the pieces of a headline joined, where the white between them is a quotation mark's own.

    It can stand over a gutter, and would be taken for it.
    """
    found = [box for box in boxes if box.vertical or box.height < HEADLINE * body]
    large: list[Box] = []
    for box in sorted((box for box in boxes if not box.vertical and box.height >= HEADLINE * body), key=lambda b: b.x0):
        left = next((other for other in reversed(large) if _one_headline(other, box)), None)
        if left is not None:
            large.remove(left)
            box = joined([left, box])
        large.append(box)
    return found + large


def _one_headline(left: Box, right: Box) -> bool:
    carried = left.text[-1:] in OWN_WHITE or right.text[:1] in OWN_WHITE
    return same_line(left, right) and right.x0 - left.x1 <= (1.3 if carried else 0.35) * left.height


_DEEPEST = 60  # cuts within cuts; a page of a hundred stories needs about ten


def _cut(boxes: list[Box], body: float, depth: int) -> list[Column]:
    if len(boxes) < 2:
        return [tuple(boxes)]
    if depth > _DEEPEST:
        return sorted_blocks(boxes)
    rows = _bands(boxes)
    if stories := _at_headlines(rows, body):
        return [column for story in stories for column in _cut(story, body, depth + 1)]
    if _is_headed(rows, body):
        return [tuple(rows[0]), *_cut([box for row in rows[1:] for box in row], body, depth + 1)]
    parts = _columns(boxes, body)
    if len(parts) > 1:
        if table := _table(parts):
            return [table]
        if all(box.vertical for box in boxes):
            parts.reverse()  # vertical lines follow one another to the left
        if not _is_one_line(parts):
            return [column for part in parts for column in _cut(part, body, depth + 1)]
    if _is_column(rows, body):
        return [lines_of(boxes)]
    groups = _by_gutters(rows, body)
    if len(groups) > 1 and not any(_severs(above.boxes, below.boxes, body) for above, below in pairwise(groups)):
        return _around_insets(groups, body, depth)
    return sorted_blocks(boxes)


def _gaps(spans: list[tuple[float, float]], least: float) -> list[tuple[float, float]]:
    """The white between spans of one axis, as (end, start) of at least ``least``."""
    spans.sort()
    found, reach = [], spans[0][1]
    for start, end in spans[1:]:
        if start - reach >= least:
            found.append((reach, start))
        reach = max(reach, end)
    return found


def _bands(boxes: list[Box]) -> list[list[Box]]:
    """The boxes parted at every white line that runs through all of them from left to right."""
    ordered = sorted(boxes, key=lambda box: box.y0 + SHRINK * box.height)
    bands = [[ordered[0]]]
    reach = ordered[0].y1 - SHRINK * ordered[0].height
    for box in ordered[1:]:
        if box.y0 + SHRINK * box.height >= reach:
            bands.append([])
        bands[-1].append(box)
        reach = max(reach, box.y1 - SHRINK * box.height)
    return bands


def _at_headlines(rows: list[list[Box]], body: float) -> list[list[Box]]:
    """The boxes parted where a headline begins under a wide gap; empty where there is none."""
    gaps = [min(b.y0 for b in below) - max(b.y1 for b in above) for above, below in pairwise(rows)]
    if not gaps:
        return []
    usual = median(gaps)
    found, part = [], list(rows[0])
    for at, gap in enumerate(gaps, 1):
        wide = gap >= max(_STORY_GAP * body, 1.8 * usual if len(gaps) > 2 else 0)
        if wide and _headline_leads(rows[at:], body):
            found.append(part)
            part = []
        part = part + rows[at]
    return [*found, part] if found else []


def _is_headed(rows: list[list[Box]], body: float) -> bool:
    """Whether a single headline tops all that follows, however short it is: centred, it need not reach every column."""
    if len(rows) < 2 or len(rows[0]) > 1 or rows[0][0].height < HEADLINE * body:
        return False
    first, second = rows[0][0], rows[1][0]
    beside = second.height >= HEADLINE * body and (second.x0 > first.x1 or second.x1 < first.x0)
    return not (beside and len(rows[1]) == 1)  # another story's headline, set a little lower


def _headline_leads(rows: list[list[Box]], body: float) -> bool:
    top = min(box.y0 for box in rows[0])
    band = [box for row in rows[:4] for box in row if box.y0 <= top + _BAND * body]
    large = [box for box in band if box.height >= HEADLINE * body]
    return _cover(large) >= 0.5 * _cover(band)


def _cover(boxes: list[Box]) -> float:
    """The length of the x axis that the boxes cover."""
    total, reach = 0.0, float("-inf")
    for box in sorted(boxes, key=lambda box: box.x0):
        total += max(0.0, box.x1 - max(box.x0, reach))
        reach = max(reach, box.x1)
    return total


def _columns(boxes: list[Box], body: float) -> list[list[Box]]:
    """The boxes parted at every white line that runs through all of them from top to bottom."""
    cuts = [(left + right) / 2 for left, right in _gaps([(box.x0, box.x1) for box in boxes], _GUTTER * body)]
    parts: list[list[Box]] = [[] for _ in range(len(cuts) + 1)]
    for box in boxes:
        parts[sum(box.x0 > cut for cut in cuts)].append(box)
    return parts


def _is_one_line(parts: list[list[Box]]) -> bool:
    """Whether the parts are not columns but pieces of one line: 记者　吴运镇　摄."""
    alone = all(len(part) == 1 for part in parts) and all(same_line(a[0], b[0]) for a, b in pairwise(parts))
    return alone and _are_short([part[0] for part in parts])


def _are_short(row: list[Box]) -> bool:
    """Whether all but one box of a row are too short for lines of columns."""
    return sum(box.x1 - box.x0 >= _COLUMN * box.height for box in row) < 2


def _is_column(rows: list[list[Box]], body: float) -> bool:
    """Whether no two boxes stand side by side, but for pieces of lines whose white is nowhere one under the other."""
    above: list[tuple[float, float]] = []
    body_rows = [row for row in rows if min(box.height for box in row) < HEADLINE * body]
    if len(body_rows) == 1 and not _are_short(body_rows[0]):
        return False
    for row in rows:
        ordered = sorted(row, key=lambda box: box.x0)
        if not all(same_line(left, right) for left, right in pairwise(ordered)):
            return False
        white = _gutters(row, body)
        if any(min(a[1], b[1]) - max(a[0], b[0]) >= _GUTTER * body for a in above for b in white):
            return False
        above = white
    return True


def _table(parts: list[list[Box]]) -> Column:
    """The parts as rows, where they are a table: rows in line with one another, and a column of figures.

    Read by columns, a table would set a figure beside another row's name. Body text never fails to be told from it:
    its lines are not figures.
    """
    lines = [lines_of(part) for part in parts]
    numbers = [sum(bool(_FIGURE.fullmatch(line.text.strip())) for line in part) / len(part) for part in lines]
    if min(len(part) for part in lines) < 2 or max(numbers) < 0.6:
        return ()
    longest = max(lines, key=len)
    rows: list[list[Box]] = [[] for _ in longest]
    for part in lines:
        for cell in part:
            at = min(range(len(longest)), key=lambda row: abs(longest[row].middle - cell.middle))
            if abs(longest[at].middle - cell.middle) > 0.7 * cell.height:
                return ()
            rows[at].append(cell)
    if sum(len(row) for row in rows) < 0.7 * len(rows) * len(parts):
        return ()
    return tuple(replace(joined(row), text=" | ".join(cell.text for cell in row), row=True) for row in rows)


@dataclass(slots=True)
class _Group:
    """Bands under one another with the same gutters; without gutters where one part fills the width."""

    boxes: list[Box]
    gutters: list[tuple[float, float]]


def _by_gutters(rows: list[list[Box]], body: float) -> list[_Group]:
    """Neighbouring bands put together as long as they keep a gutter, or as long as they have none."""
    groups: list[_Group] = []
    for row in rows:
        if groups:
            last = groups[-1]
            both = last.boxes + row
            gutters = _gutters(both, body)
            alone = _gutters(row, body)
            if (last.gutters and gutters) or (not last.gutters and not alone):
                groups[-1] = _Group(both, gutters)
                continue
        groups.append(_Group(list(row), _gutters(row, body)))
    return groups


def _severs(above: list[Box], below: list[Box], body: float) -> bool:
    """Whether a cut between the two would part lines of one column that stand as close as lines do."""
    edge = max(box.y1 for box in above)
    last = [box for box in above if box.y1 > edge - 2 * body]
    first = [box for box in below if box.y0 < edge + _STORY_GAP * body]
    return any(
        abs(one.x0 - two.x0) < 0.5 * body and abs(one.x1 - two.x1) < 0.5 * body and two.y0 - one.y1 < _STORY_GAP * body
        for one in last
        for two in first
    )


def _gutters(boxes: list[Box], body: float) -> list[tuple[float, float]]:
    return _gaps([(box.x0, box.x1) for box in boxes], _GUTTER * body)


def _around_insets(groups: list[_Group], body: float, depth: int) -> list[Column]:
    """The columns of the groups; those that run on under an inset are joined, with the inset after them."""
    found: list[Column] = []
    at = 0
    while at < len(groups):
        above = groups[at]
        insets: list[Column] = []
        while at + 2 < len(groups) and above.gutters and _runs_on(above, groups[at + 1], groups[at + 2], body):
            insets += _cut(groups[at + 1].boxes, body, depth + 1)
            both = above.boxes + groups[at + 2].boxes
            above = _Group(both, _gutters(both, body))
            at += 2
        found += _cut(above.boxes, body, depth + 1)
        found += insets
        at += 1
    return found


def _runs_on(above: _Group, inset: _Group, below: _Group, body: float) -> bool:
    """Whether the columns above an inset go on in those below it, each in its own."""
    both = _gutters(above.boxes + below.boxes, body)
    if len(both) != len(above.gutters) or len(below.gutters) != len(above.gutters):
        return False
    tops, bottoms = _columns(above.boxes, body), _columns(below.boxes, body)
    if _headline_leads([below.boxes], body) or len(tops) != len(bottoms):
        return False
    pairs = list(zip(tops, bottoms, strict=True))
    down = [_fits(top, bottom, body) for top, bottom in pairs]
    down += [_fits(bottom, top, body) for (_, bottom), (top, _) in pairwise(pairs)]
    across = [_fits(*pair, body) for side in (tops, bottoms) for pair in pairwise(side)]
    across.append(_fits(tops[-1], bottoms[0], body))
    here, there = sum(down) / len(down), sum(across) / len(across)
    words = max(inset.boxes, key=lambda box: box.y1).text.strip()
    return here > there or (here == there and bool(_CAPTION.search(words)))


def _fits(first: list[Box], then: list[Box], body: float) -> bool:
    """Whether the text of one column can go on in the other: both in mid-sentence, or neither."""
    last, top = lines_of(first)[-1], lines_of(then)[0]
    ended = last.text.rstrip()[-1:] in _ENDS
    indented = top.x0 - min(box.x0 for box in then) >= body
    return ended == indented
