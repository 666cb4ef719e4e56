"""The measure of reading pages: right answers score 1, each kind of mistake lowers its own column."""

import json
from pathlib import Path
from typing import Any

import pytest

from ingest import measure
from ingest.measure import claims, figures, layout, reading
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


PRINTED = (
    "茶园丰收\n\n青禾日报记者 林小满\n\n2024年，清镇经开区产值达30亿元，同比增长12%。每斤茶青卖20至80元，已是第三批。\n"
)


def row(printed: str, value: object, unit: str, **told: str) -> dict[str, Any]:
    at = PRINTED.index(printed)
    text = {"entity": "清镇经开区", "metric": "产值", "period": "2024年", **told}
    return {**text, "story_id": "s", "value": value, "unit": unit, "char_start": at, "char_end": at + len(printed)}


GOLD = [
    row("30亿元", 3000000000, "元"),
    row("12%", 12, "%", metric="产值增速"),
    row("20至80元", [20, 80], "元/斤", metric="茶青每斤卖价", period="—"),
]


def counted(gold: Gold) -> dict[str, tuple[int, int]]:
    found = reading.read("2024-12 a.txt", PRINTED)
    measures = (figures.figures, figures.no_figures, claims.claims)
    return {name: (r.hit, r.of) for one in measures for name, r in one(found, gold).items()}


def test_figures_are_found_by_span_and_value() -> None:
    assert counted(Gold(figures=GOLD))["figure precision"] == (4, 4)
    assert counted(Gold(figures=GOLD))["figure recall"] == (3, 3)


@pytest.mark.parametrize(
    "wrong",
    [
        {"value": 3000000001},
        {"value": 300000000},
        {"unit": "吨"},
        {"char_start": 0, "char_end": 4},
    ],
)
def test_another_value_unit_or_place_is_not_found(wrong: dict[str, Any]) -> None:
    now = counted(Gold(figures=[{**GOLD[0], **wrong}, *GOLD[1:]]))
    assert now["figure precision"] == (3, 4)
    assert now["figure recall"] == (2, 3)


def test_a_range_is_found_with_both_its_ends() -> None:
    now = counted(Gold(figures=[*GOLD[:2], {**GOLD[2], "value": [20, 90]}]))
    assert now["figure recall"] == (2, 3)
    assert now["figure precision"] == (3, 4)


def test_a_figure_without_a_value_counts_neither_way() -> None:
    now = counted(Gold(figures=[{**GOLD[0], "value": None}, *GOLD[1:]]))
    assert (now["figure precision"], now["figure recall"]) == ((3, 3), (2, 2))


def test_a_fraction_is_found_though_gold_rounds_it() -> None:
    text = "茶园丰收\n\n青禾日报记者 林小满\n\n七分之一的茶园在山上。\n"
    at = text.index("七分")
    third = {**GOLD[1], "value": 14.29, "char_start": at, "char_end": at + 4}
    assert figures.figures(reading.read("a.txt", text), Gold(figures=[third]))["figure recall"].hit == 1
    wrong = Gold(figures=[{**third, "value": 14.2}])
    assert figures.figures(reading.read("a.txt", text), wrong)["figure recall"].hit == 0


def test_a_repeat_of_a_figure_is_the_figure() -> None:
    at = GOLD[0]["char_start"]
    moved = {**GOLD[0], "char_start": 0, "char_end": 2, "dup_spans": [[at, at + 4]]}
    assert counted(Gold(figures=[moved, *GOLD[1:]]))["figure recall"] == (3, 3)


def test_what_is_found_in_a_non_figure_is_told() -> None:
    third, thirty = PRINTED.index("第三批"), PRINTED.index("30亿元")
    places = [{"char_start": third, "char_end": third + 3}, {"char_start": thirty, "char_end": thirty + 4}]
    assert counted(Gold(nonfigures=places))["no figure in a non-figure"] == (1, 2)


def test_a_claim_of_a_missed_figure_has_nothing_right() -> None:
    names = ("subject right", "metric right", "period right")
    right = counted(Gold(figures=GOLD[:2]))
    assert [right[name] for name in names] == [(2, 2)] * 3
    missed = counted(Gold(figures=[{**GOLD[0], "value": 7}, GOLD[1]]))
    assert [missed[name] for name in names] == [(1, 2)] * 3
