"""Reading files: every usual encoding comes out as the same text, and what is no page is refused by name."""

import codecs
import os
import random
from contextlib import suppress
from pathlib import Path

import pytest
from conftest import LANTING, QINGHE

from assistant.errors import SourceError
from ingest import readers

TRADITIONAL = "青禾鎮今年的茶葉產量達到八十六噸，較去年減少四噸。茶農說，價格還算穩定，收入沒有下降。" * 8


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", codecs.BOM_UTF8),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
        ("gb18030", b""),
        ("gbk", b""),
    ],
)
@pytest.mark.parametrize("text", [QINGHE, LANTING, "产值100.13亿元"], ids=["long", "unmarked", "short"])
def test_an_encoding_does_not_change_the_text(tmp_path: Path, encoding: str, mark: bytes, text: str) -> None:
    """Whatever the encoding, the same characters come out, without the byte order mark."""
    path = tmp_path / "a.txt"
    path.write_bytes(mark + text.encode(encoding))
    assert readers.read(path) == text


def test_traditional_pages_in_big5_are_not_misread(tmp_path: Path) -> None:
    """Big5 is read as itself or refused: a page of wrong letters would be indexed as if it were true."""
    path = tmp_path / "a.txt"
    path.write_bytes(TRADITIONAL.encode("big5"))
    with suppress(SourceError):
        assert readers.read(path) == TRADITIONAL


def test_line_ends_are_kept(tmp_path: Path) -> None:
    """Offsets run over the text as read, so CRLF stays two characters."""
    path = tmp_path / "a.txt"
    path.write_bytes("一行\r\n二行\r三行\n".encode())
    assert readers.read(path) == "一行\r\n二行\r三行\n"


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + random.Random(1).randbytes(4000),
        b"%PDF-1.7\n" + random.Random(2).randbytes(4000),
        b"PK\x03\x04" + random.Random(3).randbytes(4000),
        random.Random(4).randbytes(4000).replace(b"\0", b"\1"),
        bytes(range(1, 256)) * 8,
        "产值".encode() + b"\0" + "亿元".encode(),
        codecs.BOM_UTF16_LE + b"\x00",
        codecs.BOM_UTF8 + b"\xff\xfe\xfd",
    ],
    ids=["png", "pdf", "zip", "noise", "every-byte", "nul", "half-utf16", "false-bom"],
)
def test_data_that_is_no_text_is_refused_by_name(tmp_path: Path, data: bytes) -> None:
    """Binary data under the name of a page is an error that names the file, not a page of rubbish."""
    path = tmp_path / "photo.txt"
    path.write_bytes(data)
    with pytest.raises(SourceError, match=r"photo\.txt"):
        readers.read(path)


@pytest.mark.parametrize("data", [b"", b" \n\t\r\n "])
def test_an_empty_file_is_refused(tmp_path: Path, data: bytes) -> None:
    """A file with nothing in it has no page, and is named."""
    path = tmp_path / "blank.md"
    path.write_bytes(data)
    with pytest.raises(SourceError, match=r"blank\.md is empty"):
        readers.read(path)


@pytest.mark.parametrize("data", [codecs.BOM_UTF8, codecs.BOM_UTF16_LE, "\u3000\n\u3000".encode()])
def test_a_file_of_marks_and_wide_spaces_is_empty(tmp_path: Path, data: bytes) -> None:
    """A byte order mark or full-width spaces are no page either."""
    path = tmp_path / "blank.md"
    path.write_bytes(data)
    with pytest.raises(SourceError, match=r"blank\.md is empty"):
        readers.read(path)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    """A file without permission is an error that names it."""
    path = tmp_path / "locked.md"
    path.write_text("一页", "utf-8")
    path.chmod(0)
    with pytest.raises(SourceError, match=r"locked\.md"):
        readers.read(path)


def test_a_vanished_file_is_named(tmp_path: Path) -> None:
    """A file that goes between listing and reading is a SourceError."""
    with pytest.raises(SourceError, match=r"gone\.md"):
        readers.read(tmp_path / "gone.md")


def test_a_path_that_is_not_there_is_named(tmp_path: Path) -> None:
    """The path given is in the message."""
    with pytest.raises(SourceError, match="nowhere"):
        readers.files([tmp_path / "nowhere"])


@pytest.mark.parametrize("names", [[], ["a.exe"], [".hidden.md"], [".git/a.md"], ["readme"]])
def test_a_folder_without_pages_is_named(tmp_path: Path, names: list[str]) -> None:
    """No page in a folder is an error that names it and tells which files are wanted."""
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x", "utf-8")
    with pytest.raises(SourceError, match=r"No page in .*\.md, \.txt") as raised:
        readers.files([tmp_path])
    assert str(tmp_path) in str(raised.value)


def test_files_are_named_by_their_place(tmp_path: Path) -> None:
    """Names are relative to the folder given, sorted, in any case of suffix; hidden files and folders are left out."""
    for name in ("b.md", "a.TXT", "2025/09/c.md", ".x.md", ".cache/d.md", "e.exe"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x", "utf-8")
    assert [name for _, name in readers.files([tmp_path])] == ["2025/09/c.md", "a.TXT", "b.md"]
    assert [name for _, name in readers.files([tmp_path / "2025"])] == ["09/c.md"]
    assert [name for _, name in readers.files([tmp_path / "b.md"])] == ["b.md"]


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    """Two files that would have one name in the index clash; one file given twice does not."""
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.md").write_text(folder, "utf-8")
    with pytest.raises(SourceError, match=r"a\.md"):
        readers.files([tmp_path / "one", tmp_path / "two"])
    assert len(readers.files([tmp_path / "one", tmp_path / "one" / "a.md"])) == 1
