"""The scorer itself is tried: an answer changed in one thing must fail, the same fact told otherwise must pass."""

import re

import pytest
from conftest import ROOT

from evals import mutants
from evals.mutants import ROWS, Row
from evals.score import score


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.change)
def test_each_row_is_judged_right(row: Row) -> None:
    """Our scorer makes no mistake on the table."""
    assert mutants.ours(row) is row.right, score(mutants.item(row), mutants.answer(row)).reasons


@pytest.mark.parametrize("row", [row for row in ROWS if not row.right], ids=lambda row: row.change)
def test_a_wrong_row_tells_why(row: Row) -> None:
    """What fails has a reason in Chinese words."""
    reasons = score(mutants.item(row), mutants.answer(row)).reasons
    assert any("一" <= letter <= "鿿" for letter in "".join(reasons))


def test_a_false_figure_is_told_from_a_missing_one() -> None:
    """Only rows that state a figure are false; those that state none are missing."""
    missing = {
        row.change for row in ROWS if not row.right and not score(mutants.item(row), mutants.answer(row)).wrong_figure
    }
    assert missing == {
        "another figure first, the right one later",
        "a list to choose from",
        "only in the question",
        "only in the quoted evidence",
        "no figure at all",
    }


def test_the_table_is_not_easy() -> None:
    """The scorers that public harnesses use fail on many rows, in both directions."""
    for scorer in (mutants.substring, mutants.digits):
        failed = mutants.wrong(scorer)
        assert len(failed) >= 15
        assert {row.right for row in failed} == {True, False}


def test_the_table_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """The script shows every row with the totals, and its exit code is 0 as long as ours is right."""
    assert mutants.main() == 0
    shown = capsys.readouterr().out
    assert f"{len(ROWS)}/{len(ROWS)}" in shown


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md", "evals/README.md"])
def test_the_readmes_tell_todays_counts(readme: str) -> None:
    """How many answers there are, and how many of them the other scorers judge right."""
    told = (ROOT / readme).read_text("utf-8").partition("`python -m evals.mutants`")[2]
    numbers = re.findall(r"\b\d\d\b", told[:400], re.ASCII)
    right = [len(ROWS) - len(mutants.wrong(scorer)) for scorer in (mutants.substring, mutants.digits)]
    assert {str(count) for count in (len(ROWS), *right)} <= set(numbers)
