"""``jushi check``: exit codes, forms and files of the report, and clear errors for what cannot be read."""

import io
import json
import sys
from pathlib import Path

import pytest
from conftest import QINGHE, FakeEmbedder

from assistant import cli

TRUE = "2024年，青禾开发区规上工业总产值突破52.36亿元。"
FALSE = "2024年，青禾开发区规上工业总产值突破52.63亿元。"


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    source = tmp_path / "qinghe.md"
    source.write_text(QINGHE, "utf-8")
    return source


def draft(tmp_path: Path, data: str | bytes, name: str = "draft.txt") -> str:
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
    return str(path)


@pytest.mark.parametrize(("text", "more", "code"), [(TRUE, (), 0), (FALSE, (), 1), (FALSE, ("--exit-zero",), 0)])
def test_the_exit_code_tells(
    tmp_path: Path, pages: Path, capsys: pytest.CaptureFixture[str], text: str, more: tuple[str, ...], code: int
) -> None:
    """0 where every number is borne out, 1 where one is not; --exit-zero for those who only want the report."""
    assert cli.main(["check", draft(tmp_path, text), "--against", str(pages), *more]) == code
    assert ("✗" in capsys.readouterr().out) == (text == FALSE)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_encodings(tmp_path: Path, pages: Path, capsys: pytest.CaptureFixture[str], encoding: str) -> None:
    """A draft saved by an old editor reads the same."""
    path = draft(tmp_path, FALSE.encode(encoding))
    assert cli.main(["check", path, "--against", str(pages), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert [one["text"] for one in told["numbers"] if one["verdict"] == "unsupported"] == ["突破52.63亿元"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (bytes(range(256)) * 20, "binary"),
        ("产值5亿元。".encode() * 40_000, "most"),
    ],
)
def test_what_cannot_be_checked_says_why(
    tmp_path: Path, pages: Path, capsys: pytest.CaptureFixture[str], data: bytes, said: str
) -> None:
    """Nothing, no text, too much text: exit code 2 and one line that names the trouble, no traceback."""
    assert cli.main(["check", draft(tmp_path, data), "--against", str(pages)]) == 2
    told = capsys.readouterr()
    assert said in told.err
    assert told.err.count("\n") == 1
    assert told.out == ""


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--against", "nowhere"), "does not exist"),
        (("--data", "nowhere"), "jushi ingest"),
        (("--date", "上周"), "a date is wanted"),
        (("--out", "report.xls"), ".html"),
        (("--out", "nowhere/report.html"), "cannot be written"),
    ],
)
def test_wrong_flags_say_what_is_wanted(
    tmp_path: Path,
    pages: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    more: tuple[str, ...],
    said: str,
) -> None:
    """A missing source or index, a date that is none, a report that cannot be written: exit code 2, and the way out."""
    monkeypatch.chdir(tmp_path)
    against = () if {"--against", "--data"} & set(more) else ("--against", str(pages))
    assert cli.main(["check", draft(tmp_path, TRUE), *against, *more]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "begins"), [("r.html", "<!DOCTYPE html>"), ("r.md", "共"), ("r.json", "{"), ("r.txt", "共")]
)
def test_the_report_is_written(
    tmp_path: Path, pages: Path, capsys: pytest.CaptureFixture[str], name: str, begins: str
) -> None:
    """In the form that its name tells; the summary on the screen says where it lies."""
    out = tmp_path / name
    assert cli.main(["check", draft(tmp_path, FALSE), "--against", str(pages), "--out", str(out)]) == 1
    assert out.read_text("utf-8").startswith(begins)
    assert "52.63亿元" in out.read_text("utf-8")
    assert str(out) in capsys.readouterr().out


@pytest.mark.parametrize(("data", "code"), [(FALSE.encode("gb18030"), 1), (TRUE.encode(), 0), (b"", 2)])
def test_standard_input(
    pages: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], data: bytes, code: int
) -> None:
    """``-`` reads bytes of any encoding; nothing is an error."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert cli.main(["check", "-", "--against", str(pages)]) == code
    assert ("standard input" in capsys.readouterr().err) == (code == 2)


def test_against_the_index(tmp_path: Path, index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without --against the index is the source; neither a model nor an embedder is needed."""
    path = draft(tmp_path, FALSE + "兰亭开发区规上工业总产值为31.07亿元。")
    assert cli.main(["check", path, "--data", str(index), "--embedder", FakeEmbedder.name, "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["counts"]["unsupported"] == 1
    assert {one["source"]["file"] for number in told["numbers"] for one in number["citations"]} == {
        "qinghe.md",
        "lanting-2025-04-02.txt",
    }
