"""Thumbs become gold items: what was stated and found right, what was not stated where it was found wrong."""

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import PAGES, FakeEmbedder

from assistant.errors import SettingError
from assistant.records import Answer, Citation, FigureCheck, Source, Verdict
from assistant.web.reactions import FILE, Reactions
from evals import command, gold, reactions

FILE_NAME = "qinghe.md"
PAGE = PAGES[FILE_NAME]
QUESTION = "青禾开发区2024年规上工业总产值是多少？"


def cited(sentence: str) -> Citation:
    at = PAGE.index(sentence)
    return Citation("k", "p", Source(FILE_NAME, "", "", ""), sentence, at, at + len(sentence))


def answer(sentence: str, *printed: str, question: str = QUESTION, declined: bool = False) -> Answer:
    from assistant.figures import find

    text = "、".join(printed) or "版面上没有写到这一点。"
    checks = tuple(FigureCheck(figure, Verdict.QUOTED, "k") for figure in find(text))
    return Answer(question, text, (cited(sentence),), checks, declined=declined)


def sentence_of(words: str) -> str:
    """The sentence of the page that holds the words."""
    start = max(PAGE.rfind(sign, 0, PAGE.index(words)) for sign in "。\n") + 1
    return PAGE[start : PAGE.index("。", start) + 1]


def drafted(index: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    monkeypatch.setenv("JUSHI_EMBEDDER", FakeEmbedder.name)
    given = ["draft", "--reactions", str(index / FILE), "--out", str(out), "--data", str(index)]
    assert command.main(given) == 0
    return [json.loads(line) for line in out.read_text("utf-8").splitlines()]


def test_thumbs_become_items_that_load(index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A right answer gives the claim it stated; a right refusal what the pages do not say; the last thumb counts."""
    kept = Reactions(index)
    sentence = sentence_of("52.36亿元")
    kept.add(answer(sentence, "突破52.36亿元"), False, "看错了", "g")
    kept.add(answer(sentence, "突破52.36亿元"), True, "", "g")
    kept.add(answer(sentence, question="青禾开发区有几所学校？", declined=True), True, "确实没有", "g", [("问", "答")])
    stated, declined = drafted(index, tmp_path / "mine.jsonl", monkeypatch)
    assert (stated["question"], stated["type"]) == (QUESTION, "figure")
    assert [(one["printed"], one["unit"]) for one in stated["facts"]] == [("突破52.36亿元", "元")]
    assert stated["tags"] == ["reader"]
    assert (declined["type"], declined["facts"], declined["history"]) == ("unanswerable", [], [["问", "答"]])
    assert "确实没有" in declined["note"]
    assert [item.id for item in gold.load(tmp_path / "mine.jsonl")] == ["reader-001", "reader-002"]


def test_a_wrong_answer_proposes_what_it_did_not_state(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The facts beside the wrong figure are proposed, to be read; where there are none a person is told the reason."""
    sentence = sentence_of("52.36亿元")
    kept = Reactions(index)
    kept.add(answer(sentence, "增长7.8%"), False, "答成了增速", "g")
    kept.add(answer("青禾", "3家", question="几家？"), False, "是四家", "g")
    (proposed,) = drafted(index, tmp_path / "mine.jsonl", monkeypatch)
    assert "突破52.36亿元" in [one["printed"] for one in proposed["facts"]]
    assert "7.8%" not in [one["printed"] for one in proposed["facts"]]
    assert "unsure" in proposed["tags"]
    assert "答成了增速" in proposed["note"]
    assert "几家？：是四家" in capsys.readouterr().err


def test_a_file_of_other_things_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / FILE
    for content, told in (
        ("", "no reactions yet"),
        ("[]\n", "missing"),
        ("x\n", "no reaction"),
        ("1\n", "no reaction"),
    ):
        path.write_text(content, "utf-8")
        with pytest.raises(SettingError, match=told):
            reactions.read(path)
    with pytest.raises(SettingError, match="cannot be read"):
        reactions.read(tmp_path / "none.jsonl")
    assert command.main(["draft"]) == 2
    assert "Name a story" in capsys.readouterr().err
