"""The linter of gold sets is not blind: each fault put into a sound item is found, and named in words."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from assistant.figures import find
from assistant.records import Bound, Passage, Source, Span
from evals import lint, pages
from evals.gold import Fact, GoldError, GoldItem, Kind, Result
from evals.pages import Story

PARK = Story(
    "a.md#青禾开发区：产值增长",
    "2024年，青禾开发区规上工业总产值为52.36亿元，同比增长7.8%。2023年，青禾开发区规上工业总产值为48.57亿元。"
    "园区现有纺织企业41家，其中规上企业18家。经理林小满说，每天用水约30吨。",
    "2025-03",
)
OTHER = Story("b.md#工业回顾", "回头看，青禾开发区2024年的规上工业总产值为52.36亿元。", "2025-05")
STORIES = {PARK.name: PARK}


def fact(printed: str, subject: str, metric: str, period: str) -> Fact:
    figure = find(printed)[0]
    return Fact(figure.value, figure.unit, figure.bound, printed, subject, metric, period)


OUTPUT = fact("52.36亿元", "青禾开发区", "规上工业总产值", "2024")
BEFORE = fact("48.57亿元", "青禾开发区", "规上工业总产值", "2023")
ASKED = GoldItem("one", "青禾开发区2024年规上工业总产值是多少？", Kind.FIGURE, (OUTPUT,), (PARK.name,))
EARLIER = GoldItem("two", "青禾开发区2023年规上工业总产值是多少？", Kind.FIGURE, (BEFORE,), (PARK.name,))
GROWN = GoldItem(
    *("three", "青禾开发区2024年规上工业总产值比2023年多多少？", Kind.COMPUTE, (OUTPUT, BEFORE), (PARK.name,)),
    formula="f1 - f2",
    result=Result(Decimal(379000000), "元"),
)
NAMED = GoldItem("four", "青禾开发区的经理是谁？", Kind.TEXT, (), (PARK.name,), (("林小满",),))
SILENT = GoldItem("five", "青禾开发区2022年规上工业总产值是多少？", Kind.UNANSWERABLE, (), (PARK.name,))
SOUND = (ASKED, EARLIER, GROWN, NAMED, SILENT)


def faults(*items: GoldItem, stories: Sequence[Story] = (PARK,)) -> list[str]:
    return [f"{one.kind}: {one.text}" for one in lint.check(items, {story.name: story for story in stories})]


def test_sound_items_have_no_fault() -> None:
    """What is right is left alone, near misses included."""
    assert faults(*SOUND) == []


@pytest.mark.parametrize(
    ("item", "told"),
    [
        (replace(ASKED, facts=(replace(OUTPUT, printed="2.36亿元"),)), "value: 2.36亿元不在所列的报道里"),
        (replace(ASKED, facts=(replace(OUTPUT, value=Decimal(1)),)), "value: 52.36亿元读不出1元"),
        (replace(ASKED, facts=(replace(OUTPUT, unit="吨"),)), "value: 52.36亿元读不出5236000000吨"),
        (replace(ASKED, facts=(replace(OUTPUT, bound=Bound.ABOUT),)), "value: 52.36亿元的界限词读作exact，不是about"),
        (replace(ASKED, question="青禾开发区2024年产值是52.36亿元吗？"), "value: 题目已经说出了52.36亿元"),
        (replace(ASKED, stories=("c.md#没有",)), "value: 版面里没有这一篇：c.md#没有"),
        (replace(GROWN, result=Result(Decimal(1), "元")), "value: f1 - f2算得379000000，不是1"),
        (replace(GROWN, formula="f1 - f9"), "value: 算式不成立：f9 is no fact, number or sum of them"),
        (replace(NAMED, must_mention=(("林大满",),)), "words: 必须提到的林大满不在版面上"),
        (replace(NAMED, language="en"), "words: language是en，与english标签不符"),
        (replace(NAMED, tags=("followup",)), "words: 有前文的题要标followup，没有的不标"),
        (replace(ASKED, question="那2024年的呢？"), "ambiguous: 题目以“那”开头，却没有前文"),
        (replace(ASKED, question="2024年多少？"), "ambiguous: 题目没有点明主体：青禾开发区"),
        (replace(SILENT, question="青禾开发区2024年规上工业总产值是多少亿元？"), "answerable: 版面答得出：青禾开发区"),
        (replace(SILENT, question="青禾开发区有多少家纺织企业？"), "answerable: 版面答得出：青禾开发区"),
    ],
)
def test_one_fault_is_found(item: GoldItem, told: str) -> None:
    """One change to a sound item is reported, with its kind and what to look at."""
    assert any(fault.startswith(told) for fault in faults(item)), faults(item)


@pytest.mark.parametrize(
    "question",
    [
        "青禾开发区2022年规上工业总产值是多少？",
        "白鹭开发区2024年规上工业总产值是多少？",
        "青禾开发区2024年的税收是多少？",
    ],
)
def test_a_near_miss_stays_unanswerable(question: str) -> None:
    """Another year, another park, another metric: the pages do not say it."""
    assert faults(replace(SILENT, question=question)) == []


def test_a_question_that_fits_two_years_is_ambiguous() -> None:
    """Where the set knows two values of one metric, the question has to name the time."""
    assert faults(replace(ASKED, question="青禾开发区的规上工业总产值是多少？"), EARLIER) == [
        "ambiguous: 规上工业总产值另有48.57亿元（2023），题目没有写时间"
    ]


def test_the_same_question_twice_is_a_duplicate() -> None:
    """Marks and spaces do not make another question, nor does a letter; other words do, and so does a first turn."""
    assert faults(ASKED, replace(ASKED, id="six", question="青禾开发区 2024年规上工业总产值是多少")) == [
        "duplicate: 与one的题目相同"
    ]
    assert faults(ASKED, replace(ASKED, id="six", question="青禾开发区2024年规上工业总产值是多少呢？")) == [
        "duplicate: 与one只差几个字，问的是同一个事实"
    ]
    assert faults(ASKED, replace(ASKED, id="six", question="2024年青禾那边的规上工业做出了多大产值？")) == []


def test_a_fact_on_another_page_is_to_be_named() -> None:
    """A quote from there is right too, so the item has to say so."""
    assert faults(ASKED, stories=(PARK, OTHER)) == ["value: 52.36亿元也印在另一篇里，stories应当列上：b.md#工业回顾"]
    assert faults(replace(ASKED, stories=(PARK.name, OTHER.name)), stories=(PARK, OTHER)) == []


def test_a_fact_is_on_one_side_of_the_split() -> None:
    """What was tuned on is not what is tested."""
    other = replace(ASKED, id="six", question="2024年青禾开发区规上工业做出多大产值？", split="test")
    assert faults(replace(ASKED, split="train"), other) == ["split: 与one问同一个数字，却分在test和train两边"]


def test_stories_come_from_an_index_too() -> None:
    """The passages of an index give the same stories as their page, in the order in which they are printed."""
    source = Source("a.md", "青禾开发区：产值增长", date="2025-03")
    half = PARK.text.index("园区")
    rows = [
        Passage("2", "s", source, PARK.text[half:], (Span(0, half, len(PARK.text)),)),
        Passage("1", "s", source, PARK.text[:half], (Span(0, 0, half),)),
    ]
    (story,) = pages.of_passages(rows).values()
    assert story.name == PARK.name
    assert story.text.replace("\n", "") == PARK.text
    assert lint.check(SOUND, {story.name: story}) == ()


def test_a_folder_without_pages_is_refused(tmp_path: Path) -> None:
    """An empty folder is an error that tells what to do."""
    with pytest.raises(GoldError, match="--pages"):
        pages.of_folder(tmp_path)
