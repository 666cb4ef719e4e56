"""A conversation in, a Markdown or Word file of it out, its citations and warnings with it.

A Word file is a ZIP of XML parts (ECMA-376); the four that a reader needs are written here.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from html import escape

from assistant import render
from assistant.web.turns import Turn

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PARTS = {
    "[Content_Types].xml": (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_TYPE}.document.main+xml"/>'
        f'<Override PartName="/word/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
    ),
    "word/_rels/document.xml.rels": (
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
    ),
    "word/styles.xml": (
        f'{_HEAD}<w:styles xmlns:w="{_WORD}"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Times New Roman" '
        'w:hAnsi="Times New Roman" w:eastAsia="SimSun"/><w:sz w:val="22"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>'
        '<w:spacing w:after="120" w:line="340" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>'
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/>'
        '<w:pPr><w:keepNext/><w:spacing w:before="320"/><w:outlineLvl w:val="0"/></w:pPr>'
        '<w:rPr><w:b/><w:sz w:val="28"/></w:rPr>'
        '</w:style><w:style w:type="paragraph" w:styleId="Quote"><w:name w:val="Quote"/><w:basedOn w:val="Normal"/>'
        '<w:pPr><w:ind w:left="440"/></w:pPr></w:style></w:styles>'
    ),
}
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # characters that XML cannot hold


def markdown(turns: Iterable[Turn]) -> str:
    """Write the conversation as CommonMark; what pages and models wrote cannot become a link or HTML."""
    parts = []
    for turn in turns:
        parts.append(f"## 问：{render.markdown_line(turn.question)}")
        parts.append(render.markdown(turn.answer).strip() if turn.answer else _unanswered(turn))
    return "\n\n".join(["# 据实：问答记录", *parts]) + "\n"


def word(turns: Iterable[Turn]) -> bytes:
    """Write the conversation as a Word file."""
    rows = [_paragraph("据实：问答记录", "Heading1")]
    for turn in turns:
        rows.append(_paragraph(f"问：{render.line(turn.question)}", "Heading1"))
        rows += _answer_rows(turn)
    body = "".join(rows)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, part in _PARTS.items():
            file.writestr(name, part)
        document = f'{_HEAD}<w:document xmlns:w="{_WORD}"><w:body>{body}<w:sectPr/></w:body></w:document>'
        file.writestr("word/document.xml", document.encode("utf-8"))
    return made.getvalue()


def _unanswered(turn: Turn) -> str:
    return f"没有答成：{render.line(turn.trouble)}" if turn.trouble else "已停止。"


def _answer_rows(turn: Turn) -> Iterator[str]:
    if turn.answer is None:
        yield _paragraph(_unanswered(turn))
        return
    for row in render.text(turn.answer).splitlines():
        if row.strip():
            yield _paragraph(row.strip(), "Quote" if row.startswith("    ") else "Normal")


def _paragraph(words: str, style: str = "Normal") -> str:
    told = escape(_NO_XML.sub("\ufffd", words), quote=False)
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t xml:space="preserve">{told}</w:t></w:r></w:p>'
