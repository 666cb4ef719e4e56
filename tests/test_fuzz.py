"""Whatever text there is, nothing crashes, offsets hold, and what was printed is what is told: properties, drawn."""

import io
import zipfile
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant import compose, figures, instructions, numerals, periods, points, prompts, render
from assistant.errors import SourceError
from ingest import dates, parse
from ingest.readers import docx, html, text
from ingest.readers.raw import RawText

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
TEXTS = st.lists(
    st.one_of(
        st.sampled_from(WORDS),
        st.tuples(st.sampled_from(WORDS), st.integers(2, 60)).map(lambda drawn: drawn[0] * drawn[1]),
        st.integers(0, 10**12).map(str),
        st.text(st.characters(codec="utf-8"), max_size=8),
    ),
    max_size=80,
).map("".join)
DRAWN = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@DRAWN
@given(TEXTS)
def test_figures_are_what_is_printed(drawn: str) -> None:
    """Each is the text between its offsets, in order, without touching another."""
    end = 0
    for figure in figures.find(drawn):
        assert drawn[figure.start : figure.end] == figure.text
        assert figure.start >= end
        end = figure.end
        assert figure.value.is_finite()
    points.points(drawn)
    numerals.parse(drawn[:60])


@DRAWN
@given(TEXTS, st.sampled_from(["", "2025", "2025-09", "2025-09-06"]))
def test_periods_begin_before_they_end(drawn: str, page_date: str) -> None:
    """Each lies in the text, and its days are in order."""
    for one in periods.find(drawn, page_date):
        assert 0 <= one.start < one.end <= len(drawn)
        if one.period.start and one.period.end:
            assert one.period.start <= one.period.end
    found, _ = dates.find("page.md", drawn, date(2025, 9, 6))
    assert found == "" or dates.is_date(found)


@DRAWN
@given(TEXTS, st.sampled_from(["page.md", "2025-09-06 第3版.txt", "名"]))
def test_a_page_is_read_whole(drawn: str, name: str) -> None:
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


@DRAWN
@given(st.binary(max_size=3000))
def test_bytes_of_any_kind_are_text_or_an_error(drawn: bytes) -> None:
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


@DRAWN
@given(TEXTS)
def test_prompts_hold_what_they_are_given(drawn: str) -> None:
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


def test_a_bomb_in_a_word_file_is_refused() -> None:
    """A megabyte that becomes a gigabyte is not unpacked."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * (docx.LARGEST_MEMBER + 10))
    assert len(packed.getvalue()) < 1 << 20
    with pytest.raises(SourceError, match="unpacks to over"):
        docx.read(packed.getvalue())
