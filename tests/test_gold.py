"""The gold set is true to the pages, and a file that is not is refused with file and line."""

import json
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from assistant.records import Bound
from evals import gold
from evals.audit import check, evaluate
from evals.gold import GoldError, GoldItem, Kind, Result

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
ITEMS = gold.load(gold.PROJECT_SET)
BY_ID = {item.id: item for item in ITEMS}


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.id)
def test_every_item_is_true_to_its_story(item: GoldItem) -> None:
    """Each printed figure stands in its story and reads as its value, unit and bound; each formula comes out."""
    assert check([item], SEEDS) == ()


@pytest.mark.parametrize("item", [item for item in ITEMS if item.must_mention], ids=lambda item: item.id)
def test_what_must_be_mentioned_is_printed(item: GoldItem) -> None:
    """A text that an answer must mention can be found on the pages."""
    pages = "".join(path.read_text("utf-8") for path in SEEDS.glob("*.md"))
    assert [group for group in item.must_mention if not any(phrase in pages for phrase in group)] == []


def test_the_set_asks_in_many_ways_about_all_pages() -> None:
    """The mix holds: every type, near misses, other names, English, follow-ups, and all five pages."""
    types = Counter(item.type for item in ITEMS)
    tags = Counter(tag for item in ITEMS for tag in item.tags)
    assert len(ITEMS) >= 60
    assert set(types) == set(Kind)
    assert types[Kind.FIGURE] >= 30
    assert types[Kind.UNANSWERABLE] >= 6
    assert tags["alias"] >= 5
    assert tags["english"] == sum(item.language == "en" for item in ITEMS) >= 4
    assert tags["followup"] == sum(bool(item.history) for item in ITEMS) >= 3
    assert {story.split("#")[0] for item in ITEMS for story in item.stories} == {
        path.name for path in SEEDS.glob("*.md")
    }


def test_no_question_is_asked_twice() -> None:
    """Two items never share id or question."""
    assert len({(item.question, item.history) for item in ITEMS}) == len(BY_ID) == len(ITEMS)


ITEM = next(item for item in ITEMS if item.type is Kind.FIGURE and "家" in item.facts[0].unit)
COMPUTED = next(item for item in ITEMS if item.type is Kind.COMPUTE)
FACT = ITEM.facts[0]


@pytest.mark.parametrize(
    ("item", "fault"),
    [
        (replace(ITEM, facts=(replace(FACT, printed=FACT.printed[1:]),)), "is printed in none"),
        (replace(ITEM, facts=(replace(FACT, value=FACT.value * 10),)), "does not read as"),
        (replace(ITEM, facts=(replace(FACT, unit="吨"),)), "does not read as"),
        (replace(ITEM, facts=(replace(FACT, bound=Bound.MORE_THAN),)), "reads as exact"),
        (replace(ITEM, question=f"是{FACT.printed}吗？"), "gives"),
        (replace(ITEM, stories=(ITEM.stories[0] + "！",)), "no story"),
        (replace(ITEM, stories=("none.md#x",)), "no story"),
        (replace(COMPUTED, result=Result(Decimal(1), "条")), "comes to"),
    ],
)
def test_the_check_finds(item: GoldItem, fault: str) -> None:
    """The check is not blind: one change to a true item is reported."""
    assert any(fault in line for line in check([item], SEEDS))


def test_a_formula_is_arithmetic_only() -> None:
    """A formula adds, subtracts, multiplies and divides facts, in Decimal; it cannot call anything."""
    facts = [replace(FACT, value=Decimal("0.1")), replace(FACT, value=Decimal("0.3"))]
    assert evaluate("(f2 - f1) / f1 * 100", facts) == 200
    for formula in ("f3", "__import__('os')", "f1 ** f2", "f1 * 1.5"):
        with pytest.raises(ValueError, match="no fact"):
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
