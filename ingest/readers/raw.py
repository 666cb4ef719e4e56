"""RawText: a file's text as read, with what the passage will need to say where and how surely it was read."""

from bisect import bisect_right
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RawText:
    """Offsets count characters of ``text``.

    ``reader``: "text", "html", "docx", "pdf", "ocr", or "pdf, ocr" where only some pages had a text layer.
    ``encoding``: of a text or HTML file, as Python names it.
    ``pages``: (offset where it begins, page number from 1), ascending; empty where the format has no pages.
    ``confidence``: (start, end, 0 to 1) of each line that OCR read, ascending; text outside them was not OCR's.
    ``note``: what a reader of the answers should know, in English; empty where nothing is amiss.
    """

    text: str
    reader: str
    encoding: str = ""
    pages: tuple[tuple[int, int], ...] = ()
    confidence: tuple[tuple[int, int, float], ...] = ()
    note: str = ""

    def page_at(self, offset: int) -> int | None:
        """The printed page that holds the character, or None where the format has no pages."""
        at = bisect_right(self.pages, offset, key=lambda page: page[0])
        return self.pages[at - 1][1] if at else None

    def confidence_in(self, start: int, end: int) -> float | None:
        """The least sure OCR line that the span touches, or None where OCR read nothing of it."""
        first = bisect_right(self.confidence, start, key=lambda line: line[1])
        touched = []
        for begin, _, score in self.confidence[first:]:
            if begin >= end:
                break
            touched.append(score)
        return min(touched, default=None)
