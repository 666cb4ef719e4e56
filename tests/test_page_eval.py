"""The measure of reading pages: right answers score 1, each kind of mistake lowers its own column."""

import json
from pathlib import Path
from typing import Any

import pytest

from ingest import measure
from ingest.pages import page
from ingest.stories import stories

TEXT = "茶叶上市\n\n青禾日报记者 林小满\n\n茶叶好，茶农的日子也好。\n\n水库满了\n\n本报讯（记者 何苇）水库蓄满了水。\n"


def gold() -> list[dict[str, Any]]:
    middle, end = TEXT.index("水库满了"), len(TEXT)
    return [
        {"page": "a.txt", "kind": "news", "headline": "茶叶上市", "fragments": [[0, middle]], "complete": True},
        {"page": "a.txt", "kind": "brief", "headline": "水库满了", "fragments": [[middle, end]], "complete": True},
    ]


def test_a_page_read_rightly_scores_one() -> None:
    measured = measure.measure(page("a.txt", TEXT), gold())
    assert {name for name, ratio in measured.items() if ratio.share < 1} == set()
    assert measure.f1(measured) == 1.0


def test_a_story_glued_to_another_costs_its_characters() -> None:
    whole = [{**gold()[0], "fragments": [[0, len(TEXT)]]}]
    measured = measure.measure(page("a.txt", TEXT), whole)
    assert measured["precision"].share < 1
    assert measured["recall"].share < 1


def test_wrong_headline_and_kind_show_in_their_columns() -> None:
    wrong = [{**gold()[0], "headline": "茶叶上市了", "kind": "brief"}, gold()[1]]
    measured = measure.measure(page("a.txt", TEXT), wrong)
    assert (measured["headline"].hit, measured["headline near"].hit, measured["kind"].hit) == (1, 2, 1)


def test_stories_are_matched_one_to_one_by_overlap() -> None:
    assert measure.matching([{1, 2, 3}, {4}], [{1, 2, 4}, {3, 4}]) == {0: 0, 1: 1}


def test_a_new_measure_stands_in_the_table(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Any) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "gold").mkdir()
    (tmp_path / "seeds" / "a.txt").write_bytes(TEXT.encode())
    lines = "\n".join(json.dumps(story, ensure_ascii=False) for story in gold())
    (tmp_path / "gold" / "stories.jsonl").write_text(lines, "utf-8")
    found = len(stories(page("a.txt", TEXT)))
    monkeypatch.setattr(measure, "MEASURES", [*measure.MEASURES, lambda *_: {"stories": measure.Ratio(found, 2)}])
    assert measure.main(["--shared", str(tmp_path)]) == 0
    shown = capsys.readouterr().out
    assert "| a.txt | 1.0000 |" in shown
    assert "1.000 (2/2)" in shown.splitlines()[-2]


def test_a_missing_gold_file_is_named(tmp_path: Path, capsys: Any) -> None:
    assert measure.main(["--shared", str(tmp_path)]) == 2
    assert "stories.jsonl" in capsys.readouterr().err
