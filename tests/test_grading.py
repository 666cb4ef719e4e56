"""A model as judge is told question, points and answer; it is reported beside our verdicts, and decides nothing."""

from typing import Any

import pytest
from conftest import FakeChat
from rich.console import Console

from assistant.errors import SettingError
from evals import grading
from evals.filed import Record


def row(number: int, verdict: str, kind: str = "text") -> Record:
    text = {"question": f"第{number}问？", "wanted": "林小满", "text": f"第{number}答"}
    return {"item": f"q{number}", "type": kind, "verdict": verdict, **text}


ROWS = [row(1, "correct"), row(2, "wrong"), row(3, "correct", "list"), row(4, "wrong"), row(5, "correct", "figure")]


def test_only_words_are_graded_and_held_against_ours() -> None:
    """Figures are none of its business; a reply that is neither 是 nor 否 is no grade; tokens are those of this run."""
    chat = FakeChat("是", "否。", "No", "也许")
    told = grading.grade(ROWS, chat)
    assert [(one.item, one.right, one.ours) for one in told.grades] == [
        *(("q1", True, True), ("q2", False, False), ("q3", False, True), ("q4", None, False))
    ]
    assert told.agreement == pytest.approx(2 / 3)
    assert told.kappa == pytest.approx((2 / 3 - 4 / 9) / (5 / 9))
    assert (told.read, told.written) == (40, 4)
    asked: Any = chat.written[0][-1][1]
    assert all(part in asked for part in ("第1问？", "林小满", "第1答"))


def test_log_odds_decide_where_the_model_has_them() -> None:
    """An embedded model is asked for the probability of 是 against 否, and writes nothing."""
    chat = FakeChat(judgements=[2.0, -1.0, 3.0, -0.5])
    told = grading.grade(ROWS, chat)
    assert [one.right for one in told.grades] == [True, False, True, False]
    assert (told.agreement, told.kappa) == (1.0, 1.0)
    assert chat.written == []


def test_differences_and_cost_are_shown() -> None:
    """Each answer on which they differ is printed with both, and the price of the tokens."""
    console = Console(record=True, width=200)
    grading.show(grading.grade(ROWS, FakeChat("是")), console, (1000.0, 2000.0))
    shown = console.export_text()
    assert "一致50.0%" in shown
    assert "费用0.0480" in shown
    assert "q2 模型判对：第2问？" in shown
    assert "q1 模型判" not in shown


def test_nothing_to_grade_is_told() -> None:
    """Results without words are an error, not an agreement of nothing."""
    with pytest.raises(SettingError, match="nothing to grade"):
        grading.grade([ROWS[4]], FakeChat("是"))
