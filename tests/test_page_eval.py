"""The measure of reading pages: right answers score 1, each kind of mistake lowers its own column."""

import json
from pathlib import Path
from typing import Any

import pytest

from ingest import measure
from ingest.measure import layout, reading
from ingest.measure.__main__ import main
from ingest.measure.ratio import Ratio, f1
from ingest.measure.truth import Gold

TEXT = "茶叶上市\n\n青禾日报记者 林小满\n\n茶叶好，茶农的日子也好。\n\n水库满了\n\n本报讯（记者 何苇）水库蓄满了水。\n"


def stories() -> list[dict[str, Any]]:
    middle, end = TEXT.index("水库满了"), len(TEXT)
    return [
        {"page": "a.txt", "kind": "news", "headline": "茶叶上市", "fragments": [[0, middle]], "complete": True},
        {"page": "a.txt", "kind": "brief", "headline": "水库满了", "fragments": [[middle, end]], "complete": True},
    ]


def measured(gold: list[dict[str, Any]]) -> dict[str, Ratio]:
    return measure.measure(reading.read("a.txt", TEXT), Gold(stories=gold))


def test_a_page_read_rightly_scores_one() -> None:
    found = measured(stories())
    assert {name for name, ratio in found.items() if ratio.share < 1} == set()
    assert f1(found["boundary precision"], found["boundary recall"]) == 1.0


def test_a_story_glued_to_another_costs_its_characters() -> None:
    found = measured([{**stories()[0], "fragments": [[0, len(TEXT)]]}])
    assert found["boundary precision"].share < 1
    assert found["boundary recall"].share < 1


def test_wrong_headline_and_kind_show_in_their_columns() -> None:
    found = measured([{**stories()[0], "headline": "茶叶上市了", "kind": "brief"}, stories()[1]])
    assert (found["headline"].hit, found["headline near"].hit, found["kind"].hit) == (1, 2, 1)


def test_stories_are_matched_one_to_one_by_overlap() -> None:
    assert layout.matching([{1, 2, 3}, {4}], [{1, 2, 4}, {3, 4}]) == {0: 0, 1: 1}


def shared(folder: Path, gold: list[dict[str, Any]]) -> list[str]:
    """The arguments for a folder with the page and its gold."""
    (folder / "seeds").mkdir()
    (folder / "gold").mkdir()
    (folder / "seeds" / "a.txt").write_bytes(TEXT.encode())
    lines = "\n".join(json.dumps(story, ensure_ascii=False) for story in gold)
    (folder / "gold" / "stories_a.jsonl").write_text(lines, "utf-8")
    return ["--shared", str(folder)]


def test_a_measure_stands_in_the_table_for_the_pages_that_have_its_gold(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def count(read: reading.Reading, gold: Gold) -> dict[str, Ratio]:
        return {"counted": Ratio(len(read.stories), len(gold.stories))}

    monkeypatch.setitem(measure.MEASURES, "stories", [*measure.MEASURES["stories"], count])
    monkeypatch.setitem(measure.MEASURES, "anomalies", [lambda *_: pytest.fail("there are none")])
    assert main(shared(tmp_path, stories())) == 0
    shown = capsys.readouterr().out
    assert "| boundary F1 | 1.0000 |" in shown
    assert "| counted | 1.000 (2/2) |" in shown


def test_more_gold_has_a_table_of_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    more = tmp_path / "more"
    more.mkdir()
    (more / "stories.jsonl").write_text(json.dumps(stories()[0], ensure_ascii=False), "utf-8")
    assert main([*shared(tmp_path, stories()), "--truth", str(more)]) == 0
    first, second = capsys.readouterr().out.strip().split("\n\n")
    assert first.startswith(str(tmp_path / "gold"))
    assert second.startswith(str(more))
    assert "(1/1)" in second


@pytest.mark.parametrize("lost", ["gold/stories_a.jsonl", "seeds/a.txt"])
def test_what_is_missing_is_named(lost: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = shared(tmp_path, stories())
    (tmp_path / lost).unlink()
    assert main(arguments) == 2
    assert lost.split("/")[0] in capsys.readouterr().err
