"""Whatever text there is, nothing crashes, offsets hold, and what was printed is what is told: properties, drawn."""

import io
import zipfile

import fuzzing
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant import periods
from assistant.errors import SourceError
from ingest.readers import docx

TEXTS = st.lists(
    st.one_of(
        st.sampled_from(fuzzing.WORDS),
        st.tuples(st.sampled_from(fuzzing.WORDS), st.integers(2, 60)).map(lambda drawn: drawn[0] * drawn[1]),
        st.integers(0, 10**12).map(str),
        st.text(st.characters(codec="utf-8"), max_size=8),
    ),
    max_size=80,
).map("".join)
DRAWN = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@DRAWN
@given(TEXTS)
def test_figures_are_what_is_printed(drawn: str) -> None:
    fuzzing.figures_hold(drawn)


@DRAWN
@given(TEXTS, st.sampled_from(["", "2025", "2025-09", "2025-09-06"]))
def test_periods_begin_before_they_end(drawn: str, page_date: str) -> None:
    fuzzing.periods_hold(drawn, page_date)


def test_years_that_run_backwards_are_no_period() -> None:
    """Found by atheris: it began after its end, and every comparison with it came out wrong."""
    fuzzing.periods_hold("2025-2024年", "2025-09-06")
    (dated,) = periods.find("2025-2024年", "2025-09-06")
    assert (dated.period.start, dated.period.end) == (None, None)


@DRAWN
@given(TEXTS, st.sampled_from(["page.md", "2025-09-06 第3版.txt", "名"]))
def test_a_page_is_read_whole(drawn: str, name: str) -> None:
    fuzzing.page_holds(drawn, name)


@DRAWN
@given(st.binary(max_size=3000))
def test_bytes_of_any_kind_are_text_or_an_error(drawn: bytes) -> None:
    fuzzing.bytes_hold(drawn)


@DRAWN
@given(TEXTS)
def test_prompts_hold_what_they_are_given(drawn: str) -> None:
    fuzzing.prompts_hold(drawn)


@settings(DRAWN, max_examples=15)
@given(TEXTS)
def test_any_question_is_read(drawn: str) -> None:
    fuzzing.question_holds(drawn)


def test_a_bomb_in_a_word_file_is_refused() -> None:
    """A megabyte that becomes a gigabyte is not unpacked."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * (docx.LARGEST_MEMBER + 10))
    assert len(packed.getvalue()) < 1 << 20
    with pytest.raises(SourceError, match="unpacks to over"):
        docx.read(packed.getvalue())
