"""The measure of the check: what is altered is wrong, what is left is not, and the counts add up."""

import json
from pathlib import Path

import pytest
from conftest import FakeEmbedder

from evals import checking
from evals.altered import altered

NAMES = ("青禾开发区", "兰亭开发区", "远岭公司")
SENTENCE = "2024年，青禾开发区总产值约52.36亿元，同比增长7.8%，利润3.5亿元，税收2.1亿元。"


@pytest.mark.parametrize(
    ("printed", "kind", "text"),
    [
        ("约52.36亿元", "power", "约52.36万元"),
        ("约52.36亿元", "bound", "总产值52.36亿元"),
        ("7.8%", "points", "7.8个百分点"),
        ("7.8%", "direction", "同比下降7.8%"),
        ("3.5亿元", "exchanged", "利润2.1亿元，税收3.5亿元"),
        ("7.8%", "subject", "兰亭开发区总产值"),
    ],
)
def test_one_thing_is_made_wrong(printed: str, kind: str, text: str) -> None:
    """Each way changes what it says and nothing else, always alike, at the place that it names."""
    (one,) = (each for each in altered(SENTENCE, printed, NAMES) if each.kind == kind)
    assert text in one.text
    assert one == next(each for each in altered(SENTENCE, printed, NAMES) if each.kind == kind)
    assert 0 <= one.start <= one.end <= len(one.text)


def test_digits_and_years_are_others() -> None:
    """A digit takes another's place, a year its neighbour's; the rest of the sentence stays."""
    found = {each.kind: each for each in altered(SENTENCE, "7.8%", NAMES)}
    for kind in ("digit", "year"):
        assert found[kind].text != SENTENCE
        assert len(found[kind].text) == len(SENTENCE)
    assert "2024年" not in found["year"].text
    assert list(altered("没有这个数字。", "7.8%", NAMES)) == []


def test_figures_of_an_index_are_measured(index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Against its page and the index: the printed sentence raises no alarm, the altered ones are found out."""
    row = {
        "page": "qinghe.md",
        "sentence": "2024年，青禾开发区规上工业总产值突破52.36亿元，同比增长7.8%。",
        "value_text": "52.36亿元",
        "entity": "青禾开发区",
    }
    path = tmp_path / "figures.jsonl"
    path.write_text(json.dumps(row, ensure_ascii=False), "utf-8")
    flags = ["--data", str(index), "--embedder", FakeEmbedder.name]
    assert checking.main([str(path), *flags]) == 0
    told = capsys.readouterr().out
    assert told.count("printed    0 of 3 flagged") == 2
    assert told.count("power      1 of 1 flagged") == 2
    assert told.count("year       1 of 1 flagged") == 2


def test_annotated_claims_are_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Keywords with digits: the wrong one flagged, the right one not, the printed claim without alarm."""
    passage = {"id": "p", "text": "青禾中学食堂面积2400平方米，可供1200名学生用餐。"}
    queries = [
        {
            "id": "a",
            "type": "claim",
            "question": "青禾中学食堂面积2400平方米，可供1500名学生用餐。",
            "positive_ids": ["p"],
            "annotations": [{"keyword": "2400平方米", "ok": True}, {"keyword": "1500名学生", "ok": False}],
        },
        {"id": "b", "type": "true", "question": passage["text"], "positive_ids": ["p"]},
    ]
    (tmp_path / "passages.jsonl").write_text(json.dumps(passage, ensure_ascii=False), "utf-8")
    (tmp_path / "queries.jsonl").write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in queries), "utf-8")
    assert checking.main([str(tmp_path)]) == 0
    told = capsys.readouterr().out
    assert "check            precision 1.000  recall 1.000  (1 wrong of 2)" in told
    assert "printed as they stand: 0 of 2 numbers flagged" in told


def test_a_missing_folder_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2 and the path."""
    assert checking.main([str(tmp_path / "nowhere")]) == 2
    assert "nowhere" in capsys.readouterr().err
