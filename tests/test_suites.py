"""Public benchmarks' files become items with the passages that their protocol gives; wrong folders are told."""

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import SettingError
from assistant.records import Passage, Query
from assistant.settings import Settings
from evals import command, filed, given, suites
from evals.gold import GoldItem, Kind
from evals.suites import Text


def folder(path: Path, passages: dict[str, str], queries: list[dict[str, Any]]) -> str:
    """A set in its converted form."""
    path.mkdir(exist_ok=True)
    rows = [{"id": identity, "text": text} for identity, text in passages.items()]
    (path / "passages.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    (path / "queries.jsonl").write_text("".join(json.dumps(row) + "\n" for row in queries), "utf-8")
    return str(path)


RIGHT = {f"r{n}": f"青禾厂去年产布{n}60万米。" for n in range(1, 7)}
NOISE = {f"n{n}": f"兰亭镇有茶园{n}处。" for n in range(1, 9)}
ASKED = {"id": "q1", "question": "青禾厂产布多少？", "answers": ["160万米"], "positive_ids": list(RIGHT)}


def test_rgb_is_asked_at_each_rate_of_noise_and_refused_with_noise_alone(tmp_path: Path) -> None:
    """Five rates with their share of passages that answer, a refusal without any, planted passages as they are."""
    queries: list[dict[str, Any]] = [
        {**ASKED, "type": "noise", "negative_ids": list(NOISE), "answer_groups": [["160万米"]]},
        {
            **{**ASKED, "id": "q2", "type": "integration", "negative_ids": list(NOISE)},
            **{"answer_groups": [["160"], ["260"]], "positive_groups": [["r1", "r3"], ["r2"]]},
        },
        {
            **{**ASKED, "id": "q3", "type": "counterfactual", "negative_ids": list(NOISE)},
            **{"answer_groups": [["160"]], "counterfactual_ids": ["r6"], "fake_answer": "660"},
        },
    ]
    rows = suites.load(f"rgb={folder(tmp_path / 'rgb', {**RIGHT, **NOISE}, queries)}")
    by_tag = {row.item.tags[0]: row for row in rows}
    assert list(by_tag) == [
        *(f"noise-{rate}" for rate in suites.NOISE),
        "rejection",
        *(f"integration-{rate}" for rate in suites.NOISE),
        "counterfactual",
    ]
    right = [sum(text.id in RIGHT for text in by_tag[f"noise-{rate}"].passages) for rate in suites.NOISE]
    assert right == [5, 4, 3, 2, 1]
    assert {len(row.passages) for row in rows} == {suites.READ}
    assert by_tag["rejection"].item.type is Kind.UNANSWERABLE
    assert not any(text.id in RIGHT for text in by_tag["rejection"].passages)
    assert {"r1", "r2"} <= {text.id for text in by_tag["integration-0.6"].passages}
    assert "r6" in {text.id for text in by_tag["counterfactual"].passages}
    assert len({row.item.id for row in rows}) == len(rows)
    assert rows == suites.load(f"rgb={tmp_path / 'rgb'}")


def test_finqa_is_one_passage_and_may_have_to_be_declined(tmp_path: Path) -> None:
    """What upstream calls 无相应参数 is unanswerable; other answers are to be named."""
    queries = [
        {"id": "q1", "question": "增持多少股？", "answers": ["597.2万"], "positive_ids": ["a"], "type": "entity"},
        {"id": "q2", "question": "减持多少股？", "answers": ["无相应参数"], "positive_ids": ["a"], "type": "no_answer"},
        {"id": "q3", "question": "花了多少钱？", "answers": ["5200万元"], "positive_ids": ["a"], "type": "entity"},
    ]
    named, silent, priced = suites.load(f"finqa={folder(tmp_path / 'f', {'a': '增持597.2万股。'}, queries)}")
    assert (named.item.type, named.item.must_mention) == (Kind.TEXT, (("597.2万",),))
    assert priced.item.type is Kind.FIGURE
    assert [(fact.value, fact.unit) for fact in priced.item.facts] == [(Decimal(52_000_000), "元")]
    assert (silent.item.type, silent.item.must_mention) == (Kind.UNANSWERABLE, ())
    assert named.passages == (Text("a", "增持597.2万股。"),)


def test_rageval_is_judged_by_figures_where_it_has_them(tmp_path: Path) -> None:
    """Figures that the question gave do not count, short words do, and prose without either is left unscored."""

    def asked(number: int, answer: str, kind: str = "fact") -> dict[str, Any]:
        right = [] if kind == "unanswerable" else ["r1"]
        question = f"青禾厂12家店去年如何{number}？"
        return {"id": f"q{number}", "question": question, "answers": [answer], "positive_ids": right, "type": kind}

    queries = [
        asked(1, "营业收入为100亿元。"),
        asked(2, "12家店产布160万米，增长7%。"),
        asked(3, "青禾厂。"),
        asked(4, "首先公司开会讨论章程，其后调整了今后的经营方向。", "summary"),
        asked(5, "无法回答", "unanswerable"),
    ]
    rows = suites.load(f"rageval={folder(tmp_path / 'e', {**RIGHT, **NOISE}, queries)}")
    assert [row.item.type for row in rows] == [
        *(Kind.FIGURE, Kind.MULTI_FIGURE, Kind.TEXT, Kind.TEXT, Kind.UNANSWERABLE)
    ]
    assert [fact.printed for fact in rows[1].item.facts] == ["160万米", "7%"]
    assert rows[2].item.must_mention == (("青禾厂",),)
    assert rows[3].item.must_mention == ()
    assert Counter(text.id for text in rows[0].passages)["r1"] == 1
    assert len(rows[0].passages) == 1 + suites.BESIDE


def test_squad_files_are_read_in_both_forms(tmp_path: Path) -> None:
    """The original's nested JSON gives what the converted form gives; no answer is unanswerable."""
    converted = folder(
        tmp_path / "c",
        {"p": "青禾厂在镇东。"},
        [{"id": "q1", "question": "在哪？", "answers": ["镇东"], "positive_ids": ["p"], "type": "span"}],
    )
    original = tmp_path / "o"
    original.mkdir()
    asked = [
        {"id": "q1", "question": "在哪？", "answers": [{"text": "镇东"}, {"text": "镇东"}]},
        {"id": "q2", "question": "谁建的？", "answers": []},
    ]
    data = {"data": [{"title": "", "paragraphs": [{"id": "p", "context": "青禾厂在镇东。", "qas": asked}]}]}
    (original / "dev.json").write_text(json.dumps(data), "utf-8")
    first, second = suites.load(f"squad={original}")
    assert suites.load(f"squad={converted}") == (first,)
    assert second.item.type is Kind.UNANSWERABLE
    (original / "dev.json").write_text("[]", "utf-8")
    with pytest.raises(SettingError, match="no SQuAD file"):
        suites.load(f"squad={original}")


@pytest.mark.parametrize("named", ["rgb", "cmrc=folder", "rgb=nowhere", "squad=nowhere"])
def test_a_wrong_name_or_folder_is_told(named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A suite that cannot be read is an error of its own, never an empty run."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingError):
        suites.load(named)


def test_the_benchmarks_own_scores_stand_beside_ours() -> None:
    """Substring passes 12.3% for 2.3%, as RGB's does; F1 is that of the longest run of letters in common."""
    item = GoldItem("q", "？", Kind.TEXT, must_mention=(("2.3%",),), acceptable=("镇东头",))
    assert suites.substring(item, "增长12.3%。") == 1.0
    assert suites.overlap(item, "在镇东。") == pytest.approx(2 * (2 / 3) * (2 / 3) / (2 / 3 + 2 / 3))
    assert suites.overlap(item, "") == 0.0


def test_the_reader_answers_from_what_it_is_given() -> None:
    """Jushi without retrieval: the same words answer from one passage, and are declined or differ from another."""
    item = GoldItem("q1", "青禾厂去年产布多少？", Kind.TEXT, must_mention=(("160万米",),))
    other = GoldItem("q2", "青禾厂去年产布多少？", Kind.UNANSWERABLE)
    noise, right = Text("n", "兰亭镇有茶园3处。"), Text("r", "青禾厂去年产布160万米。")
    texts = {"q1": (noise, right), "q2": (noise,)}
    with given.opened(Settings(model="none"), texts) as ask:
        asked = ask(item)
        assert "160万米" in asked.answer.text
        assert [citation.source.file for citation in asked.answer.citations] == ["r"]
        assert "160万米" not in ask(other).answer.text
        assert filed.record(item, asked.answer, 1.0, asked.hits)["verdict"] == "correct"


def test_given_passages_come_by_their_words() -> None:
    """All of them come, the one that bears the question first."""
    from assistant.lexical import Lexical, terms

    rows: list[Passage] = [given.passage(Text("n", "兰亭镇有茶园3处。")), given.passage(Text("r", "青禾厂产布。"))]
    query = Query("青禾厂产布多少？", "zh", tuple(terms("青禾厂产布多少？")), (), (), True)
    assert [hit.passage.id for hit in given.hits(query, rows, Lexical.build(rows))] == ["r", "n"]


def test_uhgeval_is_asked_of_the_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its claims ask nothing: the keywords with digits are held against their article; no folder, no exit code 0."""
    marked = [{"keyword": "2400平方米", "ok": True}, {"keyword": "1500名学生", "ok": False}]
    query = {"id": "a", "type": "claim", "question": "青禾中学食堂面积2400平方米，可供1500名学生用餐。"}
    place = folder(
        tmp_path / "uhgeval",
        {"p": "青禾中学食堂面积2400平方米，可供1200名学生用餐。"},
        [{**query, "positive_ids": ["p"], "annotations": marked}],
    )
    assert command.main(["--suite", f"uhgeval={place}"]) == 0
    assert "precision 1.000  recall 1.000  (1 wrong of 2)" in capsys.readouterr().out
    assert command.main(["--suite", f"uhgeval={tmp_path / 'nowhere'}"]) == 2
    assert command.main(["--suite", "uhgeval"]) == 2
    assert "uhgeval=FOLDER" in capsys.readouterr().err
