"""An HTML page's bytes in, its RawText out: the main text, a line a block, headings marked, tables as rows.

What is dropped: scripts, styles, menus, forms, hidden parts, page headers and footers, and lists of links. Where the
page marks its text (``article``, ``main``), nothing else is read.
"""

import re
from pathlib import Path
from typing import Any

from assistant.errors import SourceError
from ingest.readers import text
from ingest.readers.kind import HTML
from ingest.readers.raw import RawText

LARGEST = 64 * 2**20  # bytes; 50 MB take 6 s and 0.8 GB of memory
_META = re.compile(rb"""(?i)<meta[^>]{0,200}?charset\s*=\s*["']?\s*([a-z0-9_\-]+)""")
_DROPPED = re.compile(
    r"script|style|noscript|template|iframe|object|svg|math|canvas|nav|aside|form|button|select|input|"
    r"textarea|label|dialog|audio|video|head|map|menu"
)
_FRAME = frozenset({"header", "footer"})  # of the page; those of an article hold its headline
_BLOCK = re.compile(
    r"address|article|aside|blockquote|body|br|center|dd|details|div|dl|dt|fieldset|figcaption|figure|"
    r"footer|header|hr|html|li|main|ol|p|pre|section|summary|table|tbody|td|tfoot|th|thead|tr|ul|caption|"
    r"h[1-6]"
)
_HIDDEN = re.compile(r"(?i)display\s*:\s*none|visibility\s*:\s*hidden")
_SPACES = re.compile(r"[ \t\r\n\f\u00a0\u3000]+")
_MARKED = 0.5  # of the body's letters that an article must hold to be the page's text
_LINKS = 0.6  # of a list's letters in links: a menu
_MENU_LONGEST = 60  # letters outside links; a longer list says something
_CELL_LONGEST = 120  # letters; longer cells are paragraphs that a table arranges
_DEEPEST = 2000  # nested tags; browsers stop at 512


def read(data: bytes, path: Path) -> RawText:
    """The page's text. Raises SourceError for one that is too large, too deeply nested, or no text."""
    from selectolax.lexbor import LexborHTMLParser

    if len(data) > LARGEST:
        raise SourceError(f"the HTML page has {len(data) >> 20} MB; {LARGEST >> 20} are the most. Split it")
    declared = _META.search(data[:8192])
    name = declared[1].decode("ascii").lower() if declared else ""
    name = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}.get(name, name)
    source, encoding = text.decode(data, path, name)
    tree = LexborHTMLParser(source)
    body = tree.body
    if body is None:
        raise SourceError("the HTML page has no body. Give its text as .txt")
    roots = _main(tree, body)
    writer = _Writer(inside=roots != [body])
    for root in roots:
        writer.walk(root)
    lines = writer.finish()
    title = tree.css_first("title")
    if title is not None and not any(line.startswith("#") for line in lines):
        named = _SPACES.sub(" ", title.text()).strip()
        lines = [f"# {named}", *lines] if named and lines else lines
    return RawText("\n\n".join(lines) + ("\n" if lines else ""), HTML, encoding)


def _main(tree: Any, body: Any) -> list[Any]:
    """The elements that the page marks as its text; its body where it marks none."""
    whole = len(_SPACES.sub("", body.text()))
    for selector in ("article", "main, [role=main]"):
        marked = {node.mem_id: node for node in tree.css(selector)}
        found = [node for node in marked.values() if not _inside(node, marked)]
        if found and sum(len(_SPACES.sub("", node.text())) for node in found) >= _MARKED * whole:
            return found
    return [body]


def _inside(node: Any, marked: dict[int, Any]) -> bool:
    parent = node.parent
    while parent is not None and parent.mem_id not in marked:
        parent = parent.parent
    return parent is not None


class _Writer:
    """Walks the tree without recursion and gathers lines."""

    def __init__(self, inside: bool) -> None:
        self.inside = inside  # an article, whose header holds its headline
        self.lines: list[str] = []
        self.open: list[str] = []
        self.mark = ""

    def walk(self, root: Any) -> None:
        stack: list[tuple[Any, bool, int]] = [(root, False, 0)]
        while stack:
            node, leaving, depth = stack.pop()
            if node.is_text_node:
                self.open.append(node.text_content or "")
                continue
            if not node.is_element_node:
                continue
            tag = node.tag or ""
            if leaving:
                self.end()
                continue
            if depth > _DEEPEST:
                raise SourceError(f"its tags are nested over {_DEEPEST} deep. Give its text as .txt")
            if self.dropped(node, tag):
                continue
            if tag == "table" and (rows := _rows(node)):
                self.end()
                self.lines += ["\n".join(rows)]
                continue
            if _BLOCK.fullmatch(tag):
                self.end()
                if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
                    self.mark = "#" * int(tag[1]) + " "
                stack.append((node, True, depth))
            child = node.last_child
            while child is not None:
                stack.append((child, False, depth + 1))
                child = child.prev

    def dropped(self, node: Any, tag: str) -> bool:
        if _DROPPED.fullmatch(tag) or (tag in _FRAME and not self.inside):
            return True
        attributes = node.attributes
        if "hidden" in attributes or _HIDDEN.search(attributes.get("style") or ""):
            return True
        if tag in ("ul", "ol", "dl"):
            letters = len(_SPACES.sub("", node.text()))
            linked = sum(len(_SPACES.sub("", link.text())) for link in node.css("a"))
            return linked > _LINKS * letters and letters - linked < _MENU_LONGEST
        return False

    def end(self) -> None:
        """Ends the line."""
        line = _SPACES.sub(" ", "".join(self.open)).strip()
        self.open = []
        if line:
            self.lines.append(self.mark + line)
            self.mark = ""

    def finish(self) -> list[str]:
        self.end()
        return self.lines


def _rows(table: Any) -> list[str]:
    """The rows of a table of short cells; none for a table that only arranges the page."""
    if table.css_first("table table, h1, h2, h3, ul, ol, form") is not None or len(table.css("table")) > 1:
        return []
    rows = []
    for row in table.css("tr"):
        cells = [_SPACES.sub(" ", cell.text(separator=" ")).strip() for cell in row.iter() if cell.tag in ("td", "th")]
        if any(len(cell) > _CELL_LONGEST for cell in cells):
            return []
        if any(cells):
            rows.append("| " + " | ".join(cells) + " |")
    if sum(row.count("|") > 2 for row in rows) * 2 < len(rows):
        return []
    caption = table.css_first("caption")
    named = _SPACES.sub(" ", caption.text()).strip() if caption is not None else ""
    return [named, *rows] if named else rows
