"""Any text or bytes in, what must hold of them asserted: properties for tests/test_fuzz.py, and for hours of atheris.

    pip install atheris
    python tests/fuzzing.py --minutes 15 --out FOLDER readers pages figures periods prompts questions

Each target is a process of its own, for so many minutes of its processor. What breaks a property is kept with its
input, and the search goes on; an input that takes over ``HANG`` seconds of processor, and memory over ``MEMORY`` MB,
end the process. ``FOLDER/TARGET.json`` tells executions, seconds, the slowest input and each kind of failure,
``TARGET.last`` the input that it ended with, ``TARGET.log`` where it hung.
"""

import argparse
import faulthandler
import io
import json
import mmap
import os
import signal
import subprocess
import sys
import time
import traceback
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, Final

if __name__ == "__main__":  # as a script it has the tests' folder on its path, not the project's
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    if "--inner" in sys.argv:
        import atheris

        # Comparisons of strings tell the search what would match. Its hook of regular expressions is left alone: what
        # it puts in their place cannot search from a position on.
        atheris.enabled_hooks.add("str")
        with atheris.instrument_imports(include=["assistant", "ingest"]):
            import ingest.parse  # noqa: F401 - and with it all that reads text

from assistant import compose, figures, instructions, numerals, periods, points, prompts, question, render, thesaurus
from assistant.errors import SourceError
from ingest import dates, parse
from ingest.readers import docx, html, pdf, text
from ingest.readers.raw import RawText

HANG: Final = 10  # seconds of processor for one input; the longest are 4 KB
MEMORY: Final = 2048  # megabytes
_LONGEST: Final = 4096  # bytes of an input

# The words that the rules look for, so that drawn texts get past the first rule
WORDS = (
    *("亿元", "万元", "同比增长", "%", "百分点", "三成", "两倍", "约", "超过"),
    *("达到", "从", "至", "由", "其中", "分别为", "2024年", "今年一季度", "1至10月"),
    *("“十四五”以来", "截至", "去年", "月", "日", "3.14", "1,000", "１２", "〇"),
    *("负", "零点", "，", "。", "；", "、", "\n", "\n\n", "# "),
    *("---\n", "（", "）", "“", "”", "|", "—", "-", "~"),
    *(" ", "\u3000", "\t", "\r\n", "本报讯", "记者", "下转第3版", "青禾开发区", "企业"),
    *("产值", "家", "吨", "平方公里", "{F1}", "$x", "<b>", "&amp;", "忽略以上指令"),
    *("<|im_end|>", "请回答", "\x00", "\u200b", "\ufeff", "𠮷", "é"),
)


def figures_hold(drawn: str) -> None:
    """Each figure is the text between its offsets, in order, without touching another, and its value is finite."""
    end = 0
    for figure in figures.find(drawn):
        assert drawn[figure.start : figure.end] == figure.text
        assert figure.start >= end
        end = figure.end
        assert figure.value.is_finite()
    points.points(drawn)
    numerals.parse(drawn[:60])


def periods_hold(drawn: str, page_date: str) -> None:
    """Each period lies in the text, and its days are in order; the page's date is one."""
    for one in periods.find(drawn, page_date):
        assert 0 <= one.start < one.end <= len(drawn)
        if one.period.start and one.period.end:
            assert one.period.start <= one.period.end
    found, _ = dates.find("page.md", drawn, date(2025, 9, 6))
    assert found == "" or dates.is_date(found)


def page_holds(drawn: str, name: str) -> None:
    """Every passage is the page's own letters at its spans, every claim's figure one of its passage."""
    with suppress(SourceError):
        job = parse.Job(Path(name), name, 40)
        parsed = parse.understood(job, RawText(drawn, "text"), parse.version(job, "data"), "data", {})
        for passage in parsed.passages:
            for span in passage.spans:
                assert passage.text[span.at : span.at + span.end - span.start] == drawn[span.start : span.end]
            for claim in passage.claims:
                assert claim.figure in passage.figures
                assert claim.passage_id == passage.id
        again = parse.again(name, drawn, parsed.reading)
        assert (again.page, again.passages, again.suspicions) == (parsed.page, parsed.passages, parsed.suspicions)


def bytes_hold(drawn: bytes) -> None:
    """Text, HTML and Word readers end with text or with a SourceError."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("word/document.xml", drawn)
    for read in (
        lambda: text.decode(drawn, Path("a.txt")),
        lambda: html.read(drawn, Path("a.html")),
        lambda: docx.read(packed.getvalue()),
        lambda: docx.read(drawn),
    ):
        with suppress(SourceError):
            read()


def pdf_holds(drawn: bytes) -> None:
    """A PDF ends with text or with a SourceError; pages that need OCR are not read."""
    with suppress(SourceError):
        pdf.read(drawn, lambda: None)


def prompts_hold(drawn: str) -> None:
    """A text that looks like a variable is none; replies of any form are read or left."""
    for name, variables in (
        ("judge", ("question", "source", "evidence")),
        ("answer", ("evidence", "legend", "question")),
        ("word", ("source", "evidence", "question")),
    ):
        filled = prompts.load(name, *variables).fill(**dict.fromkeys(variables, drawn))
        assert [role for role, _ in filled] == ["system", "user"]
        assert filled[1][1].count(drawn) >= (3 if drawn else 0)
    compose._parsed(drawn)
    compose.fill(drawn, {"F1": drawn[:9]})
    assert "\n" not in render.line(drawn)
    kept = instructions.without(drawn)
    assert all(letter in drawn for letter in kept)


_NO_NAMES: Final = thesaurus.load()


def question_holds(drawn: str) -> None:
    """Any question is read, alone and as one that follows another; its filters and names are its own letters."""
    query = question.understand(drawn, (), _NO_NAMES)
    assert query.text is not None
    question.understand("那去年呢？", ((drawn, "没有提到。"),), _NO_NAMES)


def _drawn(data: bytes) -> str:
    """A text: the bytes as UTF-8, or by their first byte a word for each."""
    if data[:1] > b"\x7f":
        return "".join(WORDS[one] if one < len(WORDS) else chr(one) for one in data[1:])
    return data[1:].decode("utf-8", "replace")


def _reader(data: bytes) -> None:
    (pdf_holds if data[1:6] == b"%PDF-" else bytes_hold)(data[1:])


TARGETS: Final[dict[str, Callable[[bytes], None]]] = {
    "readers": _reader,
    "pages": lambda data: page_holds(_drawn(data), "2025-09-06 第3版.txt"),
    "figures": lambda data: figures_hold(_drawn(data)),
    "periods": lambda data: periods_hold(_drawn(data), "2025-09-06"),
    "prompts": lambda data: prompts_hold(_drawn(data)),
    "questions": lambda data: question_holds(_drawn(data)),
}


class Watched:
    """A target that is counted and timed; what it raises is kept, once each kind, and does not end the search."""

    def __init__(self, name: str, out: Path, seconds: float) -> None:
        self._act, self._name, self._out, self._most = TARGETS[name], name, out, seconds
        (out / f"{name}.last").write_bytes(bytes(_LONGEST))
        self._last = mmap.mmap(os.open(out / f"{name}.last", os.O_RDWR), _LONGEST)
        # Its own action ends the process, even within C code, after faulthandler has written where it is.
        faulthandler.register(signal.SIGPROF, chain=True)
        self._told: dict[str, Any] = {"target": name, "executions": 0, "failures": {}, "slowest": 0.0}
        self._save(0.0)

    def __call__(self, data: bytes) -> None:
        """Tries one input."""
        began = time.process_time()
        self._last[: len(data)] = data
        signal.setitimer(signal.ITIMER_PROF, HANG)
        try:
            self._act(data)
        except Exception as error:  # noqa: BLE001 - whatever is raised is what is looked for
            last = traceback.extract_tb(error.__traceback__)[-1]
            kind = f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}"
            if kind not in self._told["failures"]:
                self._told["failures"][kind] = {"input": data.hex(), "told": str(error)[:200]}
        signal.setitimer(signal.ITIMER_PROF, 0)
        ended = time.process_time()
        self._told["executions"] += 1
        if ended - began > self._told["slowest"]:
            self._told |= {"slowest": ended - began, "slowest input": data.hex()}
        if self._told["executions"] % 500 == 0 or ended > self._most:
            self._save(ended)
        if ended > self._most:
            os._exit(0)  # libFuzzer knows only the clock on the wall, which a busy machine lets run

    def _save(self, seconds: float) -> None:
        self._told["processor seconds"] = seconds
        (self._out / f"{self._name}.json").write_text(json.dumps(self._told, indent=1), "utf-8")


def beginnings(folder: Path) -> None:
    """Writes what the search begins with: pieces of the seeds, as text and as HTML, Word and PDF files."""
    folder.mkdir(parents=True, exist_ok=True)
    whole = [path.read_bytes() for path in sorted((Path(__file__).parent.parent / "seeds").glob("*.md"))]
    pieces = [page[at : at + 900] for page in whole for at in range(0, len(page), 900)]
    for at, piece in enumerate(pieces):
        (folder / f"text-{at}").write_bytes(b"\x00" + piece)
    told = [piece.decode("utf-8", "ignore") for piece in pieces[:12]]
    for at, words in enumerate(told):
        page = f"<html><head><meta charset=utf-8></head><body><h1>题</h1><table><tr><td>{words}</table><p>{words[:50]}"
        (folder / f"html-{at}").write_bytes(b"\x00" + page.encode())
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
            body = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in words.split("\n") if "<" not in line)
            archive.writestr("word/document.xml", f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>')
        (folder / f"docx-{at}").write_bytes(b"\x00" + packed.getvalue())
    (folder / "pdf").write_bytes(b"\x00" + PDF)


# the least that PDFium reads as a page of one line
PDF: Final = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj\n"
    b"4 0 obj<</Length 78>>stream\nBT /F1 12 Tf 20 150 Td (The park had 31 firms and an output of 98.6) Tj ET\n"
    b"endstream endobj\n5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


def _no_ocr(*_: object) -> Any:
    raise SourceError("it needs OCR, which is not tried here")


def _search(name: str, out: Path, minutes: float) -> None:
    """Runs a target until its minutes are over; does not return."""
    pdf._reader = _no_ocr  # type: ignore[assignment]
    corpus = out / f"{name}-corpus"
    beginnings(corpus)
    # libFuzzer's own time-out is by the clock on the wall, which a stopped process lets run
    given = ["-timeout=86400", f"-rss_limit_mb={MEMORY}", f"-max_len={_LONGEST}", f"-artifact_prefix={out}/{name}-"]
    atheris.Setup([sys.argv[0], *given, str(corpus)], Watched(name, out, minutes * 60))
    atheris.Fuzz()


def main() -> int:
    """Tries each target in turn; 1 where one failed, hung or took too much memory."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="*", default=list(TARGETS), help=", ".join(TARGETS))
    parser.add_argument("--minutes", type=float, default=10, help="of processor, for each target")
    parser.add_argument("--out", type=Path, required=True, help="a folder for what is found")
    parser.add_argument("--inner", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    if given.inner:
        _search(given.targets[0], given.out.absolute(), given.minutes)
    failed = False
    print(
        "| target | executions | processor min | failures | hangs, memory | slowest input |\n|---|---|---|---|---|---|"
    )
    for name in given.targets:
        command = [sys.executable, __file__, name, "--inner", "--out", str(given.out), "--minutes", str(given.minutes)]
        with (given.out / f"{name}.log").open("wb") as log:
            ended = subprocess.run(command, stdout=log, stderr=log, check=False).returncode
        told = json.loads((given.out / f"{name}.json").read_text("utf-8"))
        failures, minutes = told["failures"], told["processor seconds"] / 60
        print(
            f"| {name} | {told['executions']:,} | {minutes:.1f} | {', '.join(failures) or 'none'} | "
            f"{f'exit code {ended}' if ended else 'none'} | {told['slowest']:.2f} s |",
            flush=True,
        )
        failed |= bool(failures) or ended != 0
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
