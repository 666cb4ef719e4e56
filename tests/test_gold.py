"""The gold set is true to the pages, and a file that is not is refused with file and line."""

import json
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from assistant.records import Bound
from evals import gold, lint, pages
from evals.formula import evaluate
from evals.gold import GoldError, Kind, Result

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
ITEMS = gold.load(gold.PROJECT_SET)
BY_ID = {item.id: item for item in ITEMS}
STORIES = pages.of_folder(SEEDS)
FAULTS = lint.check(ITEMS, STORIES)


def test_every_item_is_true_to_its_story() -> None:
    """The linter finds nothing: figures stand in their stories, formulas come out, no question is double or open."""
    assert [str(fault) for fault in FAULTS] == []


def test_the_set_asks_in_many_ways_about_all_pages() -> None:
    """The mix holds: every type, near misses, other names, English, follow-ups, and all five pages."""
    types = Counter(item.type for item in ITEMS)
    tags = Counter(tag for item in ITEMS for tag in item.tags)
    splits = Counter(item.split for item in ITEMS)
    assert len(ITEMS) >= 240
    assert set(types) == set(Kind)
    assert types[Kind.FIGURE] >= 150
    assert types[Kind.UNANSWERABLE] >= 50
    assert min(types.values()) >= 10
    assert tags["alias"] >= 20
    assert tags["english"] == sum(item.language == "en" for item in ITEMS) >= 20
    assert tags["followup"] == sum(bool(item.history) for item in ITEMS) >= 15
    assert set(splits) == set(gold.SPLITS)
    assert min(splits.values()) >= 100
    assert {story.split("#")[0] for item in ITEMS for story in item.stories} == {
        path.name for path in SEEDS.glob("*.md")
    }


FACT = next(item for item in ITEMS if item.type is Kind.FIGURE).facts[0]


def test_a_formula_is_arithmetic_only() -> None:
    """A formula adds, subtracts, multiplies and divides facts, in Decimal; it cannot call anything."""
    facts = [replace(FACT, value=Decimal("0.1")), replace(FACT, value=Decimal("0.3"))]
    assert evaluate("(f2 - f1) / f1 * 100", facts) == 200
    for formula in ("f3", "__import__('os')", "f1 ** f2", "f1 * 1.5", "f1 +", "f1 / 0"):
        with pytest.raises(ValueError, match=r"no fact|no formula|no value"):
            evaluate(formula, facts)


GOOD: dict[str, Any] = {
    "id": "one",
    "question": "？",
    "type": "figure",
    "facts": [
        {
            **{"subject": "某厂", "metric": "产值", "period": "2024"},
            **{"value": "1", "unit": "元", "bound": "exact", "printed": "1元"},
        }
    ],
    "stories": ["a.md#b"],
    "language": "zh",
    "tags": [],
}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "Expecting"),
        ("[]", "one JSON object"),
        (json.dumps({**GOOD, "type": "essay"}), "no type is called 'essay'"),
        (json.dumps({**GOOD, "stroies": []}), "no field is called stroies"),
        (json.dumps({**GOOD, "facts": []}), "one fact"),
        (json.dumps({**GOOD, "facts": [{**GOOD["facts"][0], "value": "1亿"}]}), "no number"),
        (json.dumps({**GOOD, "facts": [{**GOOD["facts"][0], "bound": "maybe"}]}), "maybe"),
        (json.dumps({**GOOD, "type": "unanswerable"}), "no facts"),
        (json.dumps({**GOOD, "type": "text", "facts": []}), "must_mention"),
        (json.dumps({**GOOD, "type": "compute"}), "formula"),
        (json.dumps({**GOOD, "stories": []}), "stories"),
        (json.dumps({**GOOD, "split": "dev"}), "one of train, test"),
        (json.dumps({name: value for name, value in GOOD.items() if name != "question"}), "'question' is missing"),
        (json.dumps(GOOD), "the id one is that of line 1"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, told: str) -> None:
    """Whatever is wrong with a line, the error names the file and the line."""
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(GOOD) + "\n\n" + line + "\n", "utf-8")
    with pytest.raises(GoldError, match=told) as error:
        gold.load(path)
    assert f"{path}:3: " in str(error.value)


def test_a_file_without_items_is_refused(tmp_path: Path) -> None:
    """Nothing to ask is an error, and so is no file."""
    (tmp_path / "empty.jsonl").write_text("\n")
    with pytest.raises(GoldError, match="no items"):
        gold.load(tmp_path / "empty.jsonl")
    with pytest.raises(GoldError, match="--gold"):
        gold.load(tmp_path / "missing.jsonl")


def flat(**fields: object) -> dict[str, object]:
    return {
        **{"id": "q1", "question": "？", "answer_text": "", "answer_type": "figure", "value": None, "unit": ""},
        **{"period": "2024", "tolerance": 0.0, "acceptable": [], "story_ids": ["p1"], "evidence": [], "tags": []},
        **{"lang": "zh", "must_mention": [], "history": []},
        **fields,
    }


def test_the_flat_form_becomes_items(tmp_path: Path) -> None:
    """One answer a line: value and unit become facts or a result, renderings tell the bound, messages become turns."""
    turns = [{"role": "user", "content": "甲？"}, {"role": "assistant", "content": "乙。"}]
    rows = [
        flat(value=2.5e9, unit="元", answer_text="超25亿元", acceptable=["2500000000元"], history=turns),
        flat(id="q2", answer_type="multi_figure", value=[20, 80], unit=["%", "%"], answer_text="从20%到80%"),
        flat(id="q3", answer_type="compute", value=5.5, unit="个百分点", tolerance=0.01, answer_text="5.5个百分点"),
        flat(id="q4", answer_type="conflict", value=3, unit="家", must_mention=[["3家"]], answer_text="3家"),
    ]
    path = tmp_path / "flat.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    items = gold.load(path)
    assert items == gold.load_flat(path)
    first = items[0].facts[0]
    assert (first.value, first.unit, first.bound) == (Decimal(2500000000), "元", Bound.MORE_THAN)
    assert items[0].history == (("甲？", "乙。"),)
    assert [fact.value for fact in items[1].facts] == [20, 80]
    assert items[2].result == Result(Decimal("5.5"), "个百分点", Decimal("0.01"))
    assert items[3].facts == ()
