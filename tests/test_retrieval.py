"""The table of retrieval over an invented set: every way ranks, the default finds what answers, bad input is told."""

import json
from pathlib import Path

import pytest
from conftest import FakeEmbedder

from evals import corpora, retrieval, shelf

DOCUMENTS = [
    {"id": "d1", "title": "茶园", "text": "修文县的茶园今年扩大到三万亩。茶农增收明显。"},
    {"id": "d2", "title": "铝业", "text": "远岭铝业的铝棒产量达到九万吨。厂区在清镇市。"},
    {"id": "d3", "title": "猕猴桃", "text": "顾明远种了十二年猕猴桃。果园在龙场镇。"},
]
QUESTIONS = [
    {"id": "q1", "question": "修文县的茶园有多少亩？", "positive_ids": ["d1"], "type": "fact"},
    {"id": "q2", "question": "远岭铝业的铝棒产量是多少？", "positive_ids": ["d2"], "type": "fact"},
]


@pytest.fixture
def sets(tmp_path: Path) -> Path:
    folder = tmp_path / "sets" / "small"
    folder.mkdir(parents=True)
    for name, rows in (("passages", DOCUMENTS), ("queries", QUESTIONS)):
        lines = (json.dumps(row, ensure_ascii=False) for row in rows)
        (folder / f"{name}.jsonl").write_text("\n".join(lines), "utf-8")
    return tmp_path / "sets"


def test_every_way_ranks_and_the_default_finds(sets: Path, tmp_path: Path) -> None:
    found = dict(retrieval.measured(corpora.load(sets, "small"), FakeEmbedder(), tmp_path / "cache"))
    assert {name for name, _ in retrieval.WAYS} < found.keys()
    for name in (retrieval.REFERENCE, "words alone", "default hybrid"):
        assert found[name].hits[1] == [1.0, 1.0], name
    assert found["default hybrid"].row("x").count("|") == retrieval.HEAD.splitlines()[0].count("|")


def test_vectors_are_kept_between_runs(tmp_path: Path) -> None:
    first, second = FakeEmbedder(), FakeEmbedder()
    told: list[int] = []
    one = shelf.embedded(["甲", "乙"], first, tmp_path, told.append)
    other = shelf.embedded(["甲", "乙"], second, tmp_path)
    assert (one == other).all()
    assert (told, second.texts) == ([2], [])


def test_passages_are_whole_sentences_up_to_a_size() -> None:
    document = corpora.Document("d", "题", "".join(f"第{at}句说的是修文县的茶园。" for at in range(30)))
    found = list(shelf.passages([document], size=60))
    assert len(found) > 1
    assert "".join(one.text for one in found) == document.text
    assert all(one.text.endswith("。") and one.source.file == "d" for one in found)


def test_a_shelf_gives_the_nearest_of_the_files_asked_for() -> None:
    documents = [corpora.Document(row["id"], row["title"], row["text"]) for row in DOCUMENTS]
    passages = list(shelf.passages(documents))
    embedder = FakeEmbedder()
    rows = shelf.Shelf(passages, embedder.passages([one.text for one in passages]))
    (best, score), *_ = rows.nearest(embedder.passages([DOCUMENTS[1]["text"]])[0], 3)
    assert best.source.file == "d2"
    assert score == pytest.approx(1, abs=1e-5)
    asked = rows.nearest(embedder.question("铝棒"), 3, ["d3"])
    assert [one.source.file for one, _ in asked] == ["d3"]


def test_nothing_to_measure_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert retrieval.main([]) == 2
    assert "--sets" in capsys.readouterr().err
    assert retrieval.main(["--sets", str(tmp_path)]) == 2
    assert "has no sets" in capsys.readouterr().err
