"""Boxes of printed lines: their record, and what tells that two of them are pieces of one line. Pure geometry."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

HEADLINE = 1.3  # a headline's letters are so many times as tall as the body's; OCR boxes of one size vary by 1.2
SHRINK = 0.15  # of its height that a box loses above and below, since OCR boxes of neighbouring lines overlap
PIECE_GAP = 2.5  # letters of white within a line at most: 记者　吴运镇　　摄
OWN_WHITE = "，。、；：！？“”‘’（）《》〈〉【】「」『』"  # half their square is white


@dataclass(frozen=True, slots=True)
class Box:
    """A printed line or a piece of one: left, top, right and bottom, y growing downwards, in any one unit."""

    x0: float
    y0: float
    x1: float
    y1: float
    text: str
    confidence: float | None = None  # None: not by OCR
    vertical: bool = False  # its letters stand one under the other
    row: bool = False  # a row of a table, its cells already parted by " | "

    @property
    def height(self) -> float:
        """The size of its letters."""
        return self.x1 - self.x0 if self.vertical else self.y1 - self.y0

    @property
    def middle(self) -> float:
        """The y of its middle."""
        return (self.y0 + self.y1) / 2


Column = tuple[Box, ...]  # lines from top to bottom, one box each


def body_height(boxes: Sequence[Box]) -> float:
    """The height of the line that the median letter stands in; 1.0 for no boxes."""
    heights = sorted((box.height, len(box.text)) for box in boxes)
    half, seen = sum(length for _, length in heights) / 2, 0
    for height, length in heights:
        seen += length
        if seen >= half:
            return height or 1.0
    return 1.0


def same_line(left: Box, right: Box) -> bool:
    """Whether the two can be pieces of one line, a few letters apart."""
    size = max(left.height, right.height)
    near = max(left.x0, right.x0) - min(left.x1, right.x1) <= PIECE_GAP * size
    level = abs(left.middle - right.middle) <= 0.4 * min(left.height, right.height)
    return near and level and not left.vertical and not right.vertical


def lines_of(boxes: list[Box]) -> Column:
    """The boxes of one column as lines, pieces of one line joined."""
    found: list[list[Box]] = []
    for box in sorted(boxes, key=lambda box: box.middle):
        if found and not box.vertical and _beside(found[-1], box):
            found[-1].append(box)
        else:
            found.append([box])
    return tuple(joined(line) for line in found)


def _beside(line: list[Box], box: Box) -> bool:
    return any(abs(box.middle - other.middle) <= 0.4 * min(box.height, other.height) for other in line)


def joined(line: list[Box]) -> Box:
    """The pieces of a line as one box, as sure as the least sure of them."""
    if len(line) == 1:
        return line[0]
    line = sorted(line, key=lambda box: box.x0)
    text = line[0].text
    for left, right in pairwise(line):
        # A space was printed there, or the pieces would be one; but 。“ and （ carry their own white, and a number
        # has none (52. 36亿元)
        apart = right.x0 - left.x1 > 0.3 * min(left.height, right.height)
        number = "." in (text[-1:], right.text[:1]) and (text[-1:].isdigit() or right.text[:1].isdigit())
        carried = text[-1:] in OWN_WHITE or right.text[:1] in OWN_WHITE
        text += (" " if apart and not number and not carried else "") + right.text
    scores = [box.confidence for box in line if box.confidence is not None]
    return replace(
        line[0],
        y0=min(box.y0 for box in line),
        x1=max(box.x1 for box in line),
        y1=max(box.y1 for box in line),
        text=text,
        confidence=min(scores, default=None),
    )
