"""A file is read as what it is, whatever its name; what cannot be read whole is refused with the reason and a step."""

import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from printed_pages import HEADLINE, STORY, pdf, two_columns

from assistant.errors import SourceError
from ingest import readers
from ingest.readers import worker

TEXT = HEADLINE + "\n" + "\n".join(STORY) + "\n"


def put(folder: Path, name: str, data: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def refused(path: Path) -> str:
    with pytest.raises(SourceError) as caught:
        readers.read_raw(path)
    assert str(path) in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    raw = readers.read_raw(put(tmp_path, "page.txt", TEXT.encode(encoding)))
    assert (raw.text, raw.reader, raw.pages, raw.confidence) == (TEXT, "text", (), ())
    assert raw.encoding == {"gbk": "gb18030"}.get(encoding, encoding)


def test_big5_is_not_taken_for_gb18030(tmp_path: Path) -> None:
    """Most Big5 text decodes as GB18030 too, into letters that nobody writes."""
    text = (
        "青禾開發區的工業總產值去年達到52.36億元，比上年增長7.8%。這是園區發展以來的最高值，企業用電的成本也在下降。\n"
        * 3
    )
    raw = readers.read_raw(put(tmp_path, "page.txt", text.encode("big5")))
    assert raw.text == text
    assert raw.encoding == "big5hkscs"


def test_line_ends_and_markdown_stay_as_they_are(tmp_path: Path) -> None:
    text = "# 青禾\r\n\r\n<b>52.36</b>亿元\r\n"
    assert readers.read(put(tmp_path, "page.md", text)) == text


def test_large_text_is_read(tmp_path: Path) -> None:
    text = TEXT * (50 * 2**20 // len(TEXT.encode()))
    assert readers.read(put(tmp_path, "large.txt", text)) == text


HTML = f"""<!DOCTYPE html><html><head><meta charset="CHARSET"><title>青禾新闻网</title>
<style>p{{color:red}}</style><script>var 产值 = "99.99亿元";</script></head><body>
<nav><a href="/">首页 11.11亿元</a></nav><header>今日头条</header>
<ul><li><a href="1">要闻一则在这里</a></li><li><a href="2">要闻二则在这里</a></li></ul>
<h1>{HEADLINE}</h1><p>{STORY[0]}</p><h2>白鹭水库</h2><p>{STORY[3]}<br>第二行</p><p hidden>隐藏的77.77亿元</p>
<table><tr><th>园区</th><th>产值</th></tr><tr><td>青禾</td><td>52.36亿元</td></tr></table>
<ul><li>清单里的话没有链接，当然要读。</li></ul><footer>版权所有</footer></body></html>"""


@pytest.mark.parametrize(("charset", "encoding"), [("utf-8", "utf-8"), ("gbk", "gb18030"), ("gb2312", "gb18030")])
def test_html(tmp_path: Path, charset: str, encoding: str) -> None:
    raw = readers.read_raw(put(tmp_path, "page.html", HTML.replace("CHARSET", charset).encode(charset)))
    assert raw.text.split("\n\n") == [
        f"# {HEADLINE}",
        STORY[0],
        "## 白鹭水库",
        STORY[3],
        "第二行",
        "| 园区 | 产值 |\n| 青禾 | 52.36亿元 |",
        "清单里的话没有链接，当然要读。\n",
    ]
    assert (raw.reader, raw.encoding) == ("html", encoding)


def test_html_reads_the_article_alone(tmp_path: Path) -> None:
    page = f"<html><body><div>旁边的话</div><article><header><h1>{HEADLINE}</h1></header>" + "".join(
        f"<p>{paragraph}</p>" for paragraph in STORY
    )
    assert (
        readers.read(put(tmp_path, "page.html", page + "</article></body></html>"))
        == "\n\n".join([f"# {HEADLINE}", *STORY]) + "\n"
    )


def test_html_without_a_heading_takes_its_title(tmp_path: Path) -> None:
    page = f"<html><head><title>{HEADLINE}</title></head><body><div>{STORY[0]}</div></body></html>"
    assert readers.read(put(tmp_path, "page.htm", page)).startswith(f"# {HEADLINE}\n\n{STORY[0]}")


def docx(folder: Path) -> Path:
    from docx import Document

    document = Document()
    document.add_heading("青禾日报", 0)
    document.add_heading(HEADLINE, 1)
    document.add_paragraph(STORY[0])
    document.add_heading("白鹭水库", 2)
    run = document.add_paragraph("蓄水").add_run("1860")
    run.add_text("万立方米。")
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ("园区", "产值", "青禾", "52.36亿元"), strict=True):
        cell.text = text
    path = folder / "page.docx"
    document.save(str(path))
    return path


def rewritten(path: Path, change: dict[str, bytes]) -> bytes:
    """The archive with some members replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change.get(name, old.read(name)))
    return out.getvalue()


def test_docx(tmp_path: Path) -> None:
    raw = readers.read_raw(docx(tmp_path))
    assert raw.text == (
        f"# 青禾日报\n\n## {HEADLINE}\n\n{STORY[0]}\n\n### 白鹭水库\n\n蓄水1860万立方米。\n\n"
        "| 园区 | 产值 |\n| 青禾 | 52.36亿元 |\n"
    )
    assert (raw.reader, raw.pages) == ("docx", ())


def test_docx_text_boxes_once_page_breaks_and_no_deleted_text(tmp_path: Path) -> None:
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    box = "<w:txbxContent><w:p><w:r><w:t>框里的12.5万亩</w:t></w:r></w:p></w:txbxContent>"
    body = (
        "<w:p><w:r><w:t>第一页</w:t></w:r><w:del><w:r><w:delText>删去的</w:delText></w:r></w:del><w:r>"
        f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
        "</w:r></w:p><w:p><w:r><w:lastRenderedPageBreak/><w:t>第二页</w:t></w:r></w:p>"
    )
    xml = f'<w:document xmlns:w="{w}" xmlns:mc="{mc}"><w:body>{body}</w:body></w:document>'
    raw = readers.read_raw(put(tmp_path, "x.docx", rewritten(docx(tmp_path), {"word/document.xml": xml.encode()})))
    assert raw.text == "第一页\n\n框里的12.5万亩\n\n第二页\n"
    assert raw.page_at(raw.text.index("第一")) == 1
    assert raw.page_at(raw.text.index("第二")) == 2


@pytest.mark.parametrize("name", ["page.pdf", "page.txt", "page.docx", "page"])
def test_a_wrong_suffix_is_read_all_the_same(tmp_path: Path, name: str) -> None:
    word = docx(tmp_path).read_bytes()
    cases = ((pdf([two_columns()]), "pdf"), (word, "docx"), (HTML.encode(), "html"))
    for number, (data, reader) in enumerate(cases):
        (tmp_path / str(number)).mkdir()
        raw = readers.read_raw(put(tmp_path / str(number), name, data))
        assert raw.reader == reader
        assert "52.36亿元" in raw.text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"\x00\x01\x02\x03" * 100, "is not text"),
        (bytes(range(128, 256)) * 50, "is not text"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "password"),
        (b"{\\rtf1 x}", "RTF"),
        (b"\x1f\x8b\x08" + b"\0" * 50, "gzip"),
        (b"GIF89a" + b"\0" * 50, "GIF"),
        (b"BM" + b"\0" * 60, "BMP"),
        (b"From: <Saved by Blink>\nMIME-Version: 1.0\n", "MHTML"),
        (b"PK\x03\x04" + b"\0" * 100, "broken or truncated"),
        (b"%PDF-1.7\n" + b"junk" * 50, "broken or truncated"),
    ],
)
def test_what_is_not_read_is_refused_by_name(tmp_path: Path, data: bytes, reason: str) -> None:
    assert reason in refused(put(tmp_path, "page.txt", data))


def archive(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("member", "what"),
    [
        ("xl/workbook.xml", "Excel"),
        ("ppt/presentation.xml", "PowerPoint"),
        ("content.xml", "OpenDocument"),
        ("a.txt", "zip"),
    ],
)
def test_other_archives_are_refused_by_name(tmp_path: Path, member: str, what: str) -> None:
    assert what in refused(put(tmp_path, "page.docx", archive(member)))


def test_a_docx_bomb_is_refused(tmp_path: Path) -> None:
    bomb = rewritten(docx(tmp_path), {"word/document.xml": b"<a>" + b" " * (200 * 2**20)})
    assert len(bomb) < 2**20
    assert "unpacks to over 128 MB" in refused(put(tmp_path, "bomb.docx", bomb))


def test_a_docx_that_declares_entities_is_refused(tmp_path: Path) -> None:
    for external in ('<!ENTITY x SYSTEM "file:///etc/passwd">', '<!ENTITY x "ha">'):
        xml = f"<!DOCTYPE a [{external}]><a>&x;</a>".encode()
        path = put(tmp_path, "x.docx", rewritten(docx(tmp_path), {"word/document.xml": xml}))
        assert "DOCTYPE" in refused(path)


def test_truncated_files_are_refused(tmp_path: Path) -> None:
    whole = docx(tmp_path).read_bytes()
    assert "truncated" in refused(put(tmp_path, "half.docx", whole[: len(whole) // 2]))
    page = pdf([two_columns()])
    # Where only the place of its table is lost, PDFium finds the objects again; where the table is, it does not
    assert "52.36亿元" in readers.read(put(tmp_path, "tail.pdf", page[:-20]))
    assert "truncated" in refused(put(tmp_path, "half.pdf", page[: len(page) // 2]))


def test_deeply_nested_html_is_refused(tmp_path: Path) -> None:
    assert "nested" in refused(put(tmp_path, "deep.html", "<html><body>" + "<div>" * 5000 + "52.36亿元"))


def test_a_reader_that_stands_still_is_ended(tmp_path: Path) -> None:
    path = put(tmp_path, "deep.html", "<html><body>" + "<div>" * 400_000 + "52.36亿元")
    with pytest.raises(SourceError, match="came to a stop"):
        worker.read(path, "html", still_seconds=2)


def test_a_reader_that_crashes_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "_START", "import sys; sys.path[:] = {path!r}; import os; os.abort()")
    assert "reading it failed" in refused(put(tmp_path, "page.html", HTML))


def test_html_without_text_is_refused(tmp_path: Path) -> None:
    assert "holds no text" in refused(put(tmp_path, "page.html", "<html><body><script>1</script></body></html>"))


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def test_picture_bombs_and_broken_pictures_are_refused(tmp_path: Path) -> None:
    pytest.importorskip("rapidocr", reason='needs pip install "jushi[ocr]"')
    assert "pixels" in refused(put(tmp_path, "bomb.png", png(60_000, 60_000)))
    assert "pixels" in refused(put(tmp_path, "large.png", png(15_000, 15_000)))
    assert "truncated" in refused(put(tmp_path, "cut.png", png(500, 500)))
    assert "truncated" in refused(put(tmp_path, "junk.jpg", b"\xff\xd8\xff\xe0" + b"junk" * 50))


def test_files_lists_every_format_and_keeps_names_apart(tmp_path: Path) -> None:
    for name in ("a.md", "b.TXT", "c.html", "d.docx", "e.pdf", "f.JPG", "g.xlsx", ".h.md"):
        put(tmp_path, name, "x")
    assert [name for _, name in readers.files([tmp_path])] == ["a.md", "b.TXT", "c.html", "d.docx", "e.pdf", "f.JPG"]
    with pytest.raises(SourceError, match="does not exist"):
        readers.files([tmp_path / "none"])


def test_the_record_tells_page_and_confidence() -> None:
    raw = readers.RawText("甲" * 30, "ocr", "", ((0, 1), (10, 2)), ((0, 5, 0.9), (5, 10, 0.6), (12, 20, 0.99)))
    assert [raw.page_at(offset) for offset in (0, 9, 10, 29)] == [1, 1, 2, 2]
    assert raw.confidence_in(0, 6) == 0.6
    assert raw.confidence_in(10, 12) is None
    assert raw.confidence_in(11, 13) == 0.99
    assert readers.RawText("甲", "text").page_at(0) is None


def test_what_was_read_is_kept_by_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, keep = put(tmp_path, "page.pdf", pdf([two_columns()])), tmp_path / "keep"
    first = readers.read_raw(path, keep)
    monkeypatch.setattr(worker, "read", lambda *_: pytest.fail("read again"))
    assert readers.read_raw(put(tmp_path, "renamed.pdf", path.read_bytes()), keep) == first
    monkeypatch.undo()
    next(keep.glob("*.json")).write_text('{"text": ')  # cut off by a crash
    assert readers.read_raw(path, keep) == first
