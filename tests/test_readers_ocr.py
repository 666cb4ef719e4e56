"""Scans: a clean page set from invented news is read in order, with nearly every letter and every figure."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from printed_pages import HEADLINE, chinese_font, pdf, picture, printed, two_columns

from ingest import readers

pytest.importorskip("rapidocr", reason='needs pip install "jushi[ocr]"')
FONT = chinese_font()
pytestmark = [
    pytest.mark.skipif(FONT is None, reason="no Chinese font: apt-get install fonts-noto-cjk"),
]

_FIGURE = re.compile(r"\d+(?:\.\d+)?(?:%|[万亿]?[元吨亩名家个台平立千毫米年月]*)")


def letters(text: str) -> str:
    return re.sub(r"[\s#]", "", text)


def error_rate(truth: str, read: str) -> float:
    """Insertions, deletions and replacements for each letter of the truth (Levenshtein)."""
    row = list(range(len(read) + 1))
    for at, letter in enumerate(truth, 1):
        last, row[0] = row[0], at
        for place, other in enumerate(read, 1):
            last, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, last + (letter != other))
    return row[-1] / len(truth)


def recall(truth: str, read: str) -> float:
    wanted, found = Counter(_FIGURE.findall(truth)), Counter(_FIGURE.findall(read))
    return 1 - sum((wanted - found).values()) / sum(wanted.values())


@pytest.fixture(scope="module")
def page() -> Any:
    assert FONT is not None
    return picture(two_columns(), FONT)


@pytest.mark.parametrize(
    "suffix", ["png", *(pytest.param(one, marks=pytest.mark.slow) for one in ("jpg", "webp", "tif"))]
)
def test_a_clean_page_at_200_dpi(
    tmp_path: Path, page: Any, suffix: str, record_property: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / f"page.{suffix}"
    page.save(path)
    raw = readers.read_raw(path)
    truth = printed(two_columns())
    errors, figures = error_rate(truth, letters(raw.text)), recall(truth, letters(raw.text))
    with capsys.disabled():
        print(f" {suffix}: character error rate {errors:.4f}, figure recall {figures:.3f}", end="")
    assert errors <= 0.02
    assert figures >= 0.9
    assert raw.text.startswith(f"## {HEADLINE}\n")
    assert (raw.reader, raw.pages) == ("ocr", ((0, 1),))
    assert all(raw.text[start:end].strip() and 0.5 <= score <= 1 for start, end, score in raw.confidence)
    assert sum(end - start for start, end, _ in raw.confidence) >= 0.95 * len(letters(raw.text))


def test_a_page_askew(tmp_path: Path, page: Any) -> None:
    path = tmp_path / "askew.png"
    page.rotate(1.5, fillcolor=250, expand=True).save(path)
    truth = printed(two_columns())
    text = letters(readers.read(path))
    assert error_rate(truth, text) <= 0.03
    assert recall(truth, text) >= 0.9


@pytest.mark.slow
def test_a_scan_of_two_pages_and_a_long_strip(tmp_path: Path, page: Any) -> None:
    """A page that is too large for one look is searched in tiles; what two tiles saw is read once."""
    page.save(tmp_path / "two.tif", save_all=True, append_images=[page])
    raw = readers.read_raw(tmp_path / "two.tif")
    assert [number for _, number in raw.pages] == [1, 2]
    assert raw.text.count(HEADLINE) == 2

    from PIL import Image

    strip = Image.new("L", (page.width, page.height * 4), 250)
    for at in range(4):
        strip.paste(page, (0, page.height * at))
    strip.save(tmp_path / "strip.png")
    text = letters(readers.read(tmp_path / "strip.png"))
    assert error_rate(printed(two_columns()) * 4, text) <= 0.03


def test_a_pdf_with_one_page_scanned(tmp_path: Path, page: Any) -> None:
    """Each page is read the way it needs, and only what OCR read has a confidence."""
    import pypdfium2

    page.convert("RGB").save(tmp_path / "scan.pdf", resolution=200)
    (tmp_path / "text.pdf").write_bytes(pdf([two_columns()]))
    both = pypdfium2.PdfDocument.new()
    for name in ("text.pdf", "scan.pdf"):
        both.import_pages(pypdfium2.PdfDocument(tmp_path / name))
    both.save(tmp_path / "both.pdf")
    raw = readers.read_raw(tmp_path / "both.pdf")
    assert raw.reader == "pdf, ocr"
    second = raw.pages[1][0]
    assert [number for _, number in raw.pages] == [1, 2]
    assert min(start for start, _, _ in raw.confidence) >= second
    assert "page 2 read by OCR" in raw.note
    assert recall(printed(two_columns()), letters(raw.text[second:])) >= 0.9
