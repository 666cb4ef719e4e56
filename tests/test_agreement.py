"""Our scorer against answers judged by hand before it had seen them; every difference is explained."""

import json
from pathlib import Path

import pytest
from conftest import FakeChat
from rich.console import Console

from assistant.records import Answer
from evals import agreement, gold, grading
from evals.about import Known
from evals.agreement import Judged, Pair
from evals.gold import Fact, GoldError, GoldItem, Kind
from evals.score import Outcome, Score

ITEMS = {item.id: item for item in gold.load(gold.PROJECT_SET)}
ROWS = agreement.load(agreement.files(), ITEMS)
PAIRS = agreement.held(ROWS, Known.of(ITEMS.values()))


def test_the_scorer_agrees_with_the_hand() -> None:
    """It differs where that is explained, and nowhere else; what the hand calls a false figure, it does too."""
    assert agreement.unexplained(PAIRS) == ()
    assert sum(pair.agrees for pair in PAIRS) >= 202
    told = [pair for pair in PAIRS if pair.judged.false is not None]
    assert len(told) == 102
    assert [pair.judged.item.id for pair in told if pair.judged.false is not pair.score.wrong_figure] == []


def test_the_hand_judgements_are_of_every_kind() -> None:
    """A scorer that always says the same agrees with few of them."""
    shares = {verdict: sum(row.verdict is verdict for row in ROWS) for verdict in Outcome}
    assert max(shares.values()) < 0.75 * len(ROWS)
    assert {row.system for row in ROWS} >= {"none", "qwen2.5-coder-1.5b", "stock chain"}
    assert len({(row.item.id, row.system, row.answer.text) for row in ROWS}) == len(ROWS)


def test_kappa_is_agreement_beyond_chance() -> None:
    """Worked by hand: 3 of 4 agree, and .5 would by chance; who always says the same agrees by chance alone."""
    assert agreement.kappa([("a", "a"), ("a", "a"), ("b", "b"), ("b", "a")]) == pytest.approx((0.75 - 0.5) / 0.5)
    assert agreement.kappa([("a", "a"), ("b", "a")]) == 0
    assert agreement.kappa([("a", "a")]) == 1
    assert agreement.kappa([]) == 0


def row(verdict: Outcome, differs: str = "") -> Judged:
    item = GoldItem("q", "？", Kind.FIGURE)
    return Judged(item, "s", Answer("？", "。"), verdict, differs=differs)


def test_a_difference_is_to_be_explained_and_an_explanation_to_be_one() -> None:
    """What differs without a reason fails, and so does a reason that has outlived its difference."""
    right, wrong = Score(Outcome.CORRECT), Score(Outcome.WRONG)
    sound = [Pair(row(Outcome.CORRECT), right), Pair(row(Outcome.CORRECT, "why"), wrong)]
    faults = [Pair(row(Outcome.CORRECT), wrong), Pair(row(Outcome.CORRECT, "why"), right)]
    assert list(agreement.unexplained([*sound, *faults])) == faults


def test_the_command_fails_where_a_difference_is_not_explained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It prints the answer with both verdicts, and its exit code tells."""
    told = {"item": "figure-143", "system": "s", "judged": "correct", "text": "是60亿元。", "declined": False}
    path = tmp_path / "judged.jsonl"
    path.write_text(json.dumps({**told, "citations": [], "caveats": []}) + "\n", "utf-8")
    assert agreement.main([str(path)]) == 1
    shown = capsys.readouterr().out
    assert "人工correct 评分器wrong" in shown
    assert "没有说明" in shown
    path.write_text(path.read_text("utf-8").replace('"correct"', '"wrong"'), "utf-8")
    assert agreement.main([str(path)]) == 0


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"item": "nobody"}', "nobody"),
        ('{"item": "figure-143", "verdict": "wrong"}', "verdict"),
        ("no json", "1:"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, told: str) -> None:
    """A judgement of an unknown item, with an unknown field, or none at all: file and line are told."""
    path = tmp_path / "judged.jsonl"
    path.write_text(line + "\n", "utf-8")
    with pytest.raises(GoldError, match=told):
        agreement.load([path], ITEMS)
    assert agreement.main([str(path)]) == 2


def test_the_other_scorers_look_for_print() -> None:
    """A substring takes 160亿元 for 60亿元, digits take 60万元; a result may be printed in 万 or 亿."""
    substring, digits = (other for _, other in agreement.OTHERS)
    asked = ITEMS["compute-18"]
    fact = Fact(asked.facts[0].value, "元", printed="60亿元")
    item = GoldItem("q", "？", Kind.FIGURE, (fact,))
    told = [Judged(item, "s", Answer("？", text), Outcome.WRONG) for text in ("是160亿元。", "是60万元。", "是5亿元。")]
    assert [substring(one) for one in told] == [True, False, False]
    assert [digits(one) for one in told] == [False, True, False]
    assert substring(Judged(asked, "s", Answer("？", "多100亿元。"), Outcome.CORRECT))


def test_a_model_grades_what_the_hand_judged() -> None:
    """Words alone, with what a right answer mentions; an answer that two systems gave alike is graded once."""
    item = ITEMS["text-25"]
    rows = [Judged(item, name, Answer("？", "雷征伟。"), Outcome.CORRECT) for name in ("one", "other")]
    (record,) = agreement.records(rows)
    assert (record["verdict"], record["wanted"]) == ("correct", "雷征伟")
    told = grading.grade([record], FakeChat(judgements=[-1.0]))
    assert [(one.right, one.ours) for one in told.grades] == [(False, True)]
    console = Console(record=True, width=200)
    grading.show(told, console, against="人工")
    assert "与人工一致0.0%" in console.export_text()
