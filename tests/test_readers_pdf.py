"""A PDF's text layer comes out in reading order with every figure intact; a page without one goes to OCR."""

import re
import zlib
from pathlib import Path

import pytest
from printed_pages import HEADLINE, STORY, Item, assembled, pdf, printed, two_columns, width_of

from assistant.errors import SourceError
from ingest import readers
from ingest.readers import pdf as pdf_reader
from ingest.readers import worker


def read(folder: Path, data: bytes) -> readers.RawText:
    path = folder / "page.pdf"
    path.write_bytes(data)
    return readers.read_raw(path)


def refused(folder: Path, data: bytes) -> str:
    with pytest.raises(SourceError) as caught:
        read(folder, data)
    return str(caught.value)


def test_two_columns_come_out_as_they_were_written(tmp_path: Path) -> None:
    """Paragraph for paragraph, the one that goes on in the second column included."""
    raw = read(tmp_path, pdf([two_columns()]))
    assert raw.text == "\n\n".join([f"## {HEADLINE}", *STORY]) + "\n"
    assert (raw.reader, raw.pages, raw.confidence, raw.note) == ("pdf", ((0, 1),), (), "")


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_a_page_stored_turned_is_read_as_it_is_shown(tmp_path: Path, turned: int) -> None:
    assert read(tmp_path, pdf([two_columns()], turned=turned)).text == read(tmp_path, pdf([two_columns()])).text


def test_pages_are_numbered_and_blank_ones_told(tmp_path: Path) -> None:
    page = two_columns()
    raw = read(tmp_path, pdf([page, [], page]))
    half = raw.text.rindex(f"## {HEADLINE}")
    assert raw.pages == ((0, 1), (half, 3))
    assert raw.page_at(half - 3) == 1
    assert raw.note == "page 2 empty"


def test_letters_set_one_by_one_in_any_order(tmp_path: Path) -> None:
    """Some programs place each letter by itself, last line first."""
    letters = [
        Item(item.x + width_of(item.text[:at], item.size), item.y, item.size, letter)
        for item in reversed(two_columns())
        for at, letter in enumerate(item.text)
    ]
    raw = read(tmp_path, pdf([letters]))
    assert re.sub(r"[\s#]", "", raw.text) == printed(two_columns())


def test_bold_print_set_twice_is_read_once(tmp_path: Path) -> None:
    page = two_columns()
    twice = [Item(page[0].x + 0.4, page[0].y, page[0].size, page[0].text), *page]
    assert read(tmp_path, pdf([twice])).text.count(HEADLINE) == 1


def test_vertical_print_is_told(tmp_path: Path) -> None:
    columns = ["青禾开发区纺织车间换新装", "白鹭水库今年蓄水足灌溉忙", "兰亭镇茶叶今年抢了鲜"]
    page = [
        Item(400 - 20 * at, 50 + 12 * row, 11, letter)
        for at, text in enumerate(columns)
        for row, letter in enumerate(text)
    ]
    raw = read(tmp_path, pdf([page]))
    assert re.sub(r"\s", "", raw.text) == "".join(columns)
    assert "page 1 set vertically" in raw.note


def test_an_encrypted_pdf_is_refused(tmp_path: Path) -> None:
    bodies = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 0/Kids[]>>"]
    bodies.append(b"<</Filter/Standard/V 2/R 3/Length 128/P -44/O<" + b"41" * 32 + b">/U<" + b"42" * 32 + b">>>")
    data = assembled(bodies, b"/Encrypt 3 0 R/ID[<" + b"43" * 16 + b"><" + b"43" * 16 + b">]")
    assert "encrypted" in refused(tmp_path, data)


def test_too_many_pages_are_refused(tmp_path: Path) -> None:
    kids = b"3 0 R " * 1001
    bodies = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 1001/Kids[" + kids + b"]>>"]
    bodies.append(b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>")
    assert "1001 pages" in refused(tmp_path, assembled(bodies))


def test_a_stream_that_unpacks_to_gigabytes_is_stopped(tmp_path: Path) -> None:
    """800 MB of operators in 3 MB: over the child's memory, or over its time."""
    unit = b"BT /F1 9 Tf 9 9 Td (" + b"a" * 60 + b") Tj ET\n"
    packer = zlib.compressobj(9)
    stream = b"".join(packer.compress(unit * 10_000) for _ in range(900)) + packer.flush()
    bodies = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    path = tmp_path / "bomb.pdf"
    path.write_bytes(assembled(bodies))
    with pytest.raises(SourceError, match=r"came to a stop|failed"):
        worker.read(path, "pdf", still_seconds=5)


def scanned() -> bytes:
    """A page that is one grey picture, without a text layer."""
    bodies = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Resources<</XObject<</I 5 0 R>>>>/Contents 4 0 R>>",
        b"<</Length 24>>stream\n100 0 0 100 0 0 cm /I Do\nendstream",
        b"<</Type/XObject/Subtype/Image/Width 2/Height 2/BitsPerComponent 8/ColorSpace/DeviceGray/Length 4>>stream\n"
        b"\xff\xff\xff\xff\nendstream",
    ]
    return assembled(bodies)


def test_without_ocr_a_scan_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "rapidocr", None)
    with pytest.raises(SourceError, match=r'page 1 has no text layer.*pip install "jushi\[ocr\]"'):
        pdf_reader.read(scanned(), lambda: None)


def test_a_broken_font_goes_to_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    """Private-use letters: the text layer is garbage, and must never be quoted."""
    monkeypatch.setitem(__import__("sys").modules, "rapidocr", None)
    garbage = pdf([[Item(40, 40 + 20 * row, 11, "\ue123\ue456青禾\ue789" * 6) for row in range(8)]])
    with pytest.raises(SourceError, match=r"jushi\[ocr\]"):
        pdf_reader.read(garbage, lambda: None)
