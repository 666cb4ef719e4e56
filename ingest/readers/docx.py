"""A Word file's bytes in, its RawText out: headings marked, paragraphs, tables as rows, text boxes, notes.

Read with the standard library alone: of the archive only four members are unpacked, and none further than its bound;
pictures and embedded files never are. Deleted text of tracked changes is not read.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree import ElementTree

from assistant.errors import SourceError
from ingest.readers.kind import DOCX
from ingest.readers.raw import RawText

LARGEST_MEMBER = 128 * 2**20  # bytes unpacked; the XML of a book of a million letters has about 15 MB
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"  # says again what Choice says
_SKIPPED = frozenset({_W + "del", _W + "moveFrom", _W + "instrText", _W + "delText", _W + "pPr", _W + "rPr", _FALLBACK})
_HEADING = re.compile(r"(?i)(?:heading|标题|標題)\s*([1-9])")
_TITLE = re.compile(r"(?i)(?:title|标题|標題)")
_MOST_NESTED = 5  # tables or text boxes within one another


def read(data: bytes) -> RawText:
    """The file's text. Raises SourceError for one that is broken, encrypted, or unpacks to too much."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            document = _xml(archive, "word/document.xml")
            styles = _xml(archive, "word/styles.xml")
            notes = [_xml(archive, f"word/{name}.xml") for name in ("footnotes", "endnotes")]
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise SourceError(f"the .docx file is broken or truncated ({error}). Save it again") from error
    except RuntimeError as error:  # what zipfile raises for an encrypted member
        raise SourceError("the .docx file is encrypted. Save it without a password") from error
    if document is None:
        raise SourceError("the .docx file has no document in it. Save it again")
    writer = _Writer(_headings(styles))
    body = document.find(_W + "body")
    writer.blocks(document if body is None else body, 0)
    for root in notes:
        if root is not None:
            for note in root:
                if note.get(_W + "type") is None:  # the others are separators
                    writer.blocks(note, 0)
    return writer.raw()


def _xml(archive: zipfile.ZipFile, name: str) -> ElementTree.Element | None:
    if name not in archive.namelist():
        return None
    with archive.open(name) as member:
        data = member.read(LARGEST_MEMBER + 1)  # the size in the header may lie
    if len(data) > LARGEST_MEMBER:
        raise SourceError(f"{name} in the .docx file unpacks to over {LARGEST_MEMBER >> 20} MB. Split the file")
    # Word writes no DOCTYPE; entities, the means of XML bombs and of reading other files, can be declared only there
    if b"<!DOCTYPE" in data or b"<\0!\0D\0O\0C" in data or b"\0<\0!\0D\0O" in data:
        raise SourceError(f"{name} in the .docx file declares a DOCTYPE, which Word never does. Save it again in Word")
    try:
        return ElementTree.fromstring(data)
    except ElementTree.ParseError as error:
        raise SourceError(f"{name} in the .docx file is broken ({error}). Save it again") from error


def _headings(styles: ElementTree.Element | None) -> dict[str, int]:
    """Style id → level, 1 for a title; by the style's name or outline level, or those of the style it is based on."""
    levels: dict[str, int] = {}
    bases: dict[str, str] = {}
    for style in styles.iter(_W + "style") if styles is not None else ():
        key, named = style.get(_W + "styleId", ""), style.find(_W + "name")
        name = named.get(_W + "val", "") if named is not None else ""
        based = style.find(_W + "basedOn")
        if based is not None:
            bases[key] = based.get(_W + "val", "")
        outline = style.find(f"{_W}pPr/{_W}outlineLvl")
        if match := _HEADING.fullmatch(name):
            levels[key] = int(match[1]) + 1
        elif _TITLE.fullmatch(name):
            levels[key] = 1
        elif outline is not None and outline.get(_W + "val", "").isdigit() and int(outline.get(_W + "val", "")) < 9:
            levels[key] = int(outline.get(_W + "val", "")) + 2
    for key in bases:
        at, seen = key, {key}
        while at not in levels and bases.get(at) and bases[at] not in seen:
            at = bases[at]
            seen.add(at)
        if at in levels:
            levels[key] = levels[at]
    return levels


class _Writer:
    def __init__(self, headings: dict[str, int]) -> None:
        self.headings = headings
        self.parts: list[str] = []
        self.length = 0
        self.number = 1
        self.pages: list[tuple[int, int]] = [(0, 1)]

    def raw(self) -> RawText:
        text = "\n\n".join(self.parts) + ("\n" if self.parts else "")
        # Word notes where its pages broke when it last showed them; without a note nothing is known
        pages = tuple(self.pages) if len(self.pages) > 1 else ()
        return RawText(text, DOCX, pages=pages, note="pages as Word last broke them" if pages else "")

    def blocks(self, parent: ElementTree.Element, depth: int) -> None:
        for child in parent:
            if child.tag == _W + "p":
                self.paragraph(child, depth)
            elif child.tag == _W + "tbl":
                self.table(child, depth)
            elif child.tag not in _SKIPPED and len(child):  # content controls and the like hold blocks
                self.blocks(child, depth)

    def paragraph(self, paragraph: ElementTree.Element, depth: int) -> None:
        text, boxes = "".join(self.pieces(paragraph)).strip(), list(_text_boxes(paragraph))
        if text:
            level = self.level(paragraph)
            mark = "#" * min(level, 6) + " " if level else ""
            self.write(mark + (" ".join(text.split()) if mark else text))
        if depth < _MOST_NESTED:
            for box in boxes:
                self.blocks(box, depth + 1)

    def pieces(self, node: ElementTree.Element) -> Iterator[str]:
        for child in node:
            if child.tag in _SKIPPED or child.tag == _W + "txbxContent":
                continue
            if child.tag == _W + "t":
                yield child.text or ""
            elif child.tag == _W + "tab":
                yield "\t"
            elif child.tag in (_W + "br", _W + "cr"):
                yield "\n" if child.get(_W + "type") in (None, "textWrapping") else ""
            elif child.tag == _W + "noBreakHyphen":
                yield "-"
            elif child.tag == _W + "lastRenderedPageBreak":
                self.number += 1
                self.pages.append((self.length + (2 if self.parts else 0), self.number))
            else:
                yield from self.pieces(child)

    def level(self, paragraph: ElementTree.Element) -> int:
        own = paragraph.find(f"{_W}pPr/{_W}outlineLvl")
        if own is not None and own.get(_W + "val", "").isdigit() and int(own.get(_W + "val", "")) < 9:
            return int(own.get(_W + "val", "")) + 2
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        return self.headings.get(style.get(_W + "val", ""), 0) if style is not None else 0

    def table(self, table: ElementTree.Element, depth: int) -> None:
        rows = []
        for row in table.iter(_W + "tr"):
            cells = [self.cell(cell) for cell in row.iter(_W + "tc")]
            if any(cells):
                rows.append("| " + " | ".join(cells) + " |")
        if rows and depth <= _MOST_NESTED:
            self.write("\n".join(rows))

    def cell(self, cell: ElementTree.Element) -> str:
        lines = ("".join(self.pieces(paragraph)) for paragraph in cell.iter(_W + "p"))
        return " ".join(" ".join(lines).split())

    def write(self, text: str) -> None:
        self.length += len(text) + (2 if self.parts else 0)
        self.parts.append(text)


def _text_boxes(node: ElementTree.Element) -> Iterator[ElementTree.Element]:
    for child in node:
        if child.tag == _W + "txbxContent":
            yield child
        elif child.tag not in _SKIPPED:
            yield from _text_boxes(child)
