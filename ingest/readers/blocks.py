"""Boxes that no straight cut parts in, blocks of their lines out, in reading order. Pure geometry."""

from collections.abc import Sequence

from ingest.readers.boxes import HEADLINE, Box, Column, lines_of


def sorted_blocks(boxes: list[Box]) -> list[Column]:
    """Boxes that no cut parts, as blocks of lines, sorted: above before below, left before right.

    A block that stands left of another comes before it unless a third, between the two in height, reaches over both
    (Breuel 2003, "High performance document layout analysis", section 5).
    """
    blocks = _blocks(boxes)
    frames = [_frame(block) for block in blocks]
    before: list[set[int]] = [set() for _ in blocks]
    for one, first in enumerate(frames):
        for two, second in enumerate(frames):
            if one != two and _precedes(first, second, frames):
                before[two].add(one)
    left = set(range(len(blocks)))
    order = []
    while left:
        free = [at for at in left if not before[at] & left] or list(left)  # in a circle: the highest
        at = min(free, key=lambda at: (frames[at].y0, frames[at].x0) if len(free) == len(left) else frames[at].x0)
        order.append(at)
        left.remove(at)
    return [lines_of(blocks[at]) for at in order]


def _blocks(boxes: list[Box]) -> list[list[Box]]:
    """Lines of one size right under one another."""
    blocks: list[list[Box]] = []
    for box in sorted(boxes, key=lambda box: (box.y0, box.x0)):
        home = next((block for block in blocks if _under(block[-1], box)), None)
        if home is None:
            blocks.append([box])
        else:
            home.append(box)
    return blocks


def _under(above: Box, box: Box) -> bool:
    shared = min(above.x1, box.x1) - max(above.x0, box.x0)
    size = max(above.height, box.height) / (min(above.height, box.height) or 1.0)
    close = -0.5 * box.height <= box.y0 - above.y1 <= 1.2 * box.height
    return close and size < HEADLINE and shared >= 0.5 * min(above.x1 - above.x0, box.x1 - box.x0)


def _frame(boxes: Sequence[Box]) -> Box:
    return Box(
        min(box.x0 for box in boxes),
        min(box.y0 for box in boxes),
        max(box.x1 for box in boxes),
        max(box.y1 for box in boxes),
        "",
    )


def _precedes(first: Box, second: Box, all_frames: list[Box]) -> bool:
    if _share(first, second):
        return first.middle < second.middle
    if first.x1 > second.x0 + 0.2 * (second.x1 - second.x0):
        return False
    top, bottom = sorted((first.middle, second.middle))
    return not any(
        top < frame.middle < bottom and _share(frame, first) and _share(frame, second)
        for frame in all_frames
        if frame is not first and frame is not second
    )


def _share(first: Box, second: Box) -> bool:
    """Whether one stands above the other, at least in part."""
    shared = min(first.x1, second.x1) - max(first.x0, second.x0)
    return shared > 0.1 * min(first.x1 - first.x0, second.x1 - second.x0)
