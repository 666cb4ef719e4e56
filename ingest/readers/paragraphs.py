"""Columns in reading order in, a page's text out: paragraphs, headlines marked ``##``, and what each OCR line is worth.

Lines of one paragraph are joined without a space between Han letters, and a number cut by a line end is one again.
"""

import re
from itertools import pairwise
from statistics import median

from ingest.readers.boxes import HEADLINE, Box, Column, body_height

_HAN = re.compile(r"[㐀-鿿]")
_ENDS = "。！？…”』」）)!?；;"
_HEADLINE_LONGEST = 40  # letters; longer large print is a lead or a quotation
_HEADLINE_LEAST = 4  # Han letters: a large 103.62亿元 in a chart is no headline
_INDENT = 1.2  # letters; a paragraph is indented by two, and OCR boxes begin up to half a letter early
_SHORT = 2.0  # letters that a line leaves free: the paragraph ends with it
_GAP = 1.0  # of a line's height, beyond the usual white between lines: a new paragraph
_SIZE = 1.2  # between the heights of lines of one paragraph at most
_SUBHEAD = 0.85  # of its headline's height: what is smaller and stands under it is a heading within its story


class PageText:
    """Gathers the text of pages, with the spans of OCR lines."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.confidence: list[tuple[int, int, float]] = []
        self.pages: list[tuple[int, int]] = []

    def add(self, number: int, columns: tuple[Column, ...]) -> None:
        """Appends a page; ``number`` counts from 1."""
        paragraphs = _paragraphs(columns)
        if not paragraphs:
            return
        if self.length:
            self._write("\n\n")
        self.pages.append((self.length, number))
        for at, (mark, lines) in enumerate(paragraphs):
            self._write("\n\n" if at else "")
            self._write(mark)
            for place, line in enumerate(lines):
                text = line.text.strip()
                if place:
                    self._write(" " if mark else _glue(lines[place - 1].text.rstrip(), text))
                if line.confidence is not None:
                    self.confidence.append((self.length, self.length + len(text), round(line.confidence, 3)))
                self._write(text)

    def _write(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)

    @property
    def text(self) -> str:
        """All that was added, ended by a line end."""
        return "".join(self.parts) + ("\n" if self.parts else "")


def _paragraphs(columns: tuple[Column, ...]) -> list[tuple[str, list[Box]]]:
    """(heading mark or empty, lines) of each paragraph."""
    body = body_height([line for column in columns for line in column])
    found: list[tuple[str, list[Box]]] = []
    headline: Box | None = None
    open_width = 0.0  # of the column before, where its last line reaches its edge; else 0
    for column in columns:
        left, right = _edges(column)
        usual = _usual_gap(column)
        for at, line in enumerate(column):
            heading = _is_headline(line, body)
            if at == 0:
                alike = 0.8 <= (right - left) / open_width <= 1.25 if open_width else False
                begins = not (found and alike and _goes_on(found[-1], line, left))
            else:
                begins = _begins(column[at - 1], line, left, right, usual)
            if heading:
                if found and found[-1][0] and _one_headline(found[-1][1][-1], line):
                    found[-1][1].append(line)
                    continue
                under = headline is not None and _stands_under(headline, line)
                found.append(("### " if under else "## ", [line]))
                headline = headline if under else line
            elif begins or not found or found[-1][0]:
                found.append(("", [line]))
            else:
                found[-1][1].append(line)
            ends_full = not heading and not line.row and right - line.x1 < _SHORT * line.height
            open_width = right - left if ends_full else 0.0
    return found


def _edges(column: Column) -> tuple[float, float]:
    """Where the column's lines begin and end; a headline wider than the rest does not count."""
    body = [line for line in column if line.height < HEADLINE * median(other.height for other in column)]
    return min(line.x0 for line in body), max(line.x1 for line in body)


def _usual_gap(column: Column) -> float:
    gaps = [below.y0 - above.y1 for above, below in pairwise(column)]
    return median(gaps) if gaps else 0.0


def _is_headline(line: Box, body: float) -> bool:
    text = line.text.strip()
    return (
        line.height >= HEADLINE * body
        and len(text) <= _HEADLINE_LONGEST
        and len(_HAN.findall(text)) >= _HEADLINE_LEAST
        and text[-1] not in "。；，、"
        and not line.row
    )


def _begins(above: Box, line: Box, left: float, right: float, usual: float) -> bool:
    size = max(above.height, line.height) / (min(above.height, line.height) or 1.0)
    return (
        line.row
        or above.row
        or line.vertical != above.vertical
        or line.x0 - left >= _INDENT * line.height
        or right - above.x1 >= _SHORT * above.height
        or line.y0 - above.y1 - usual >= _GAP * line.height
        or size > _SIZE
    )


def _goes_on(paragraph: tuple[str, list[Box]], line: Box, left: float) -> bool:
    """Whether the first line of a column belongs to the paragraph that the column before it ended with."""
    mark, lines = paragraph
    last = lines[-1]
    size = max(last.height, line.height) / (min(last.height, line.height) or 1.0)
    return (
        not mark
        and not line.row
        and size <= _SIZE
        and last.text.rstrip()[-1:] not in _ENDS
        and line.x0 - left < _INDENT * line.height
    )


def _one_headline(above: Box, line: Box) -> bool:
    size = max(above.height, line.height) / min(above.height, line.height)
    below = -0.5 * line.height < line.y0 - above.y1 < line.height
    return size <= _SIZE and below and min(above.x1, line.x1) > max(above.x0, line.x0)


def _stands_under(headline: Box, line: Box) -> bool:
    inside = headline.x0 - line.height <= line.x0 and line.x1 <= headline.x1 + line.height
    return inside and line.y0 >= headline.y1 - 0.2 * line.height and line.height <= _SUBHEAD * headline.height


def _glue(before: str, after: str) -> str:
    """What stands between two lines of a paragraph: a space between words of letters, nothing elsewhere."""
    left, right = before[-1:], after[:1]
    if not (left.isascii() and right.isascii()) or left in "-(" or right in ",.;:!?)%":
        return ""
    return "" if right.isdigit() and (left.isdigit() or left == ".") else " "
