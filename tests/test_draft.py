"""Drafts are proposals in the project's own form: they load, name their story, and say what wants reading."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import FakeEmbedder

from assistant.figures import find
from assistant.records import Basis, Claim, Period, Told
from evals import command, draft, gold, lint, pages
from evals.filed import as_json

TEXT = "2024年，青禾开发区规上工业总产值突破52.36亿元，同比增长7.8%。园区现有纺织企业41家。"
STORY = pages.Story("a.md#青禾开发区：纺织换新装", TEXT, "2025-03")


def told(number: int, **more: object) -> Told:
    claim = replace(STORY.claims[number], **more)  # type: ignore[arg-type]
    return Told(claim, TEXT, "a.md", "青禾开发区：纺织换新装", "2025-03")


def test_a_draft_is_an_item_that_passes_the_linter(tmp_path: Path) -> None:
    """Each claim gives a question with its fact; the file loads, and the linter finds nothing on such plain pages."""
    rows = [(told(number), False) for number in range(3)]
    made = draft.items(rows)
    assert [item["question"] for item in made] == [
        "青禾开发区2024年规上工业总产值是多少？",
        "青禾开发区2024年规上工业总产值增速是多少？",
        "青禾开发区现有纺织企业有多少家？",
    ]
    path = tmp_path / "mine.jsonl"
    path.write_text("".join(as_json(item) + "\n" for item in made), "utf-8")
    items = gold.load(path)
    assert [item.facts[0].printed for item in items] == ["突破52.36亿元", "7.8%", "41家"]
    assert lint.check(items, {STORY.name: STORY}) == ()


def test_what_wants_reading_is_tagged() -> None:
    """A guess and a doubted figure are proposed with their tags, and with the printed sentence."""
    guessed, doubted = draft.items([(told(0, sure=False), False), (told(1), True)])
    assert (guessed["tags"], doubted["tags"]) == (["unsure"], ["suspect"])
    assert guessed["note"] == TEXT


def test_what_makes_no_question_is_left_out() -> None:
    """No subject or metric, one cut off in a quotation, a date: nothing to ask. None is asked twice, --limit holds."""
    day = Claim(find("2024年共12年")[-1], "青禾", "历时", Period(None, None, "", Basis.UNKNOWN))
    rows = [(told(0, subject=""), False), (told(0, metric="的"), False), (told(0, metric="就会“换新装"), False)]
    rows += [(replace(told(0), claim=day), False)]
    assert draft.items(rows) == []
    assert len(draft.items([(told(0), False), (told(0), False)])) == 1
    assert len(draft.items([(told(0), False), (told(1), False)], most=1)) == 1


def test_the_command_proposes_from_an_index(
    index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Words of file or headline choose the story; the draft goes to a file; an unknown story lists those there are."""
    monkeypatch.setenv("JUSHI_EMBEDDER", FakeEmbedder.name)
    out, data = tmp_path / "mine.jsonl", ["--data", str(index)]
    assert command.main(["draft", "青禾开发区：", "--out", str(out), *data]) == 0
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert rows
    assert all("青禾开发区" in row["stories"][0] for row in rows)
    assert {row["facts"][0]["printed"] for row in rows} >= {"突破52.36亿元"}
    assert command.main(["draft", "不存在的报道", *data]) == 2
    assert "白鹭水库" in capsys.readouterr().err


def test_the_linter_reads_an_index(
    index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """0 and a line where nothing is wrong, 1 and a line a fault where something is."""
    monkeypatch.setenv("JUSHI_EMBEDDER", FakeEmbedder.name)
    out, data = tmp_path / "mine.jsonl", ["--data", str(index)]
    assert command.main(["draft", "青禾开发区：", "--out", str(out), "--limit", "1", *data]) == 0
    capsys.readouterr()
    assert command.main(["lint", "--gold", str(out), *data]) == 0
    assert capsys.readouterr().out == "mine.jsonl：1题，没有问题。\n"
    out.write_text(out.read_text("utf-8").replace("突破52.36亿元", "突破52.63亿元"), "utf-8")
    assert command.main(["lint", "--gold", str(out), *data]) == 1
    assert "[value] 突破52.63亿元不在所列的报道里" in capsys.readouterr().out
