"""Questions made of claims: in the pages' words, with a year, and only where the claim answers them."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from assistant.ask import EXAMPLES, ask
from assistant.library import Library
from assistant.records import Basis, Bound, Claim, Figure, Period, Told
from assistant.settings import Settings
from assistant.suggestions import english, question, suggested

YEAR = Period(date(2024, 1, 1), date(2024, 12, 31), "去年", Basis.INFERRED)
QUARTER = Period(date(2024, 1, 1), date(2024, 3, 31), "一季度", Basis.PRINTED)
UNKNOWN = Period(None, None, "", Basis.UNKNOWN)
MONEY = Figure("52亿元", Decimal("5.2E9"), "元", "money", Bound.EXACT, 0, 4)
CARS = Figure("52辆", Decimal(52), "辆", "count", Bound.EXACT, 0, 3)
SHARE = Figure("7.8%", Decimal("7.8"), "%", "share", Bound.EXACT, 0, 4)


def claim(
    subject: str, metric: str, period: Period = YEAR, comparison: str = "", sure: bool = True, figure: Figure = MONEY
) -> Claim:
    return Claim(figure, subject, metric, period, comparison, "p", sure)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (claim("青禾开发区", "规上工业总产值"), "青禾开发区2024年规上工业总产值是多少？"),
        (claim("青禾开发区", "总产值", comparison="同比", figure=SHARE), "青禾开发区2024年总产值同比增长多少？"),
        (claim("青禾开发区", "突破"), ""),  # no measure
        (claim("青禾开发区", "总产值", QUARTER), ""),  # a question of the year would not be answered by it
        (claim("青禾开发区", "总产值", UNKNOWN), ""),
        (claim("青禾开发区", "总产值", sure=False), ""),  # a rule had to guess whose it is
        (claim("这家企业", "总产值"), ""),  # no name
        (claim("", "总产值"), ""),
        (claim("青禾开发区", "实现的总产值"), "青禾开发区2024年总产值是多少？"),
        (claim("青禾开发区", "总产值", comparison="预计"), "青禾开发区2024年总产值预计是多少？"),
        (claim("青禾铝业公司", "投放贷款"), "青禾铝业公司2024年投放贷款多少？"),
        (claim("青禾铝业公司", "生产整车", figure=CARS), "青禾铝业公司2024年生产整车多少辆？"),
        (claim("青禾开发区", "面积", figure=MONEY), ""),  # of what?
        (claim("青禾开发区", "全省所占比重", comparison="占比", figure=SHARE), ""),
        (claim("青禾开发区", "工业投资固定资产投资比重", comparison="占比", figure=SHARE), ""),
        (claim("青禾开发区", "总产值增速", comparison="年均", figure=SHARE), ""),  # of more years than that one
        (claim("青禾开发区", "一开局就投放贷款"), ""),
        (claim("青禾开发区", "青禾开发区总产值"), ""),
        (claim("青禾开发区", "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午总产值"), ""),
    ],
)
def test_a_claim_makes_a_question_or_none(given: Claim, expected: str) -> None:
    """Invariant: a question names a known name, a year and a measure; a claim that lacks one makes none."""
    assert question(given) == expected


def test_each_subject_is_asked_about_once() -> None:
    first, second = claim("青禾开发区", "总产值"), claim("青禾开发区", "出口额")
    other = claim("兰亭开发区", "总产值")
    asked = list(suggested(Told(one, "句子") for one in (first, second, other)))
    assert asked == ["青禾开发区2024年总产值是多少？", "兰亭开发区2024年总产值是多少？"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            claim("台江经开区", "规上工业总产值"),
            "What was the industrial output value above designated size of Taijiang Economic Development Zone in 2024?",
        ),
        (claim("青禾铝业公司", "实现的产值"), "What was the output value of 青禾铝业公司 in 2024?"),
        (
            claim("遵义市", "产值", comparison="同比", figure=SHARE),
            "How much did the output value of Zunyi grow in 2024?",
        ),
        (claim("遵义市", "产值", comparison="预计"), ""),
        (claim("遵义市", "生产整车", figure=CARS), ""),
        (claim("遵义市", "售出的产值"), ""),  # a word without English
        (claim("遵义市", "产值", QUARTER), ""),
    ],
)
def test_english_ones(given: Claim, expected: str) -> None:
    """Invariant: English throughout, but for the name of a firm; or no question."""
    assert english(given) == expected


def test_what_is_suggested_is_answered(seeds_index: Path, all_seeds_index: Path) -> None:
    """Invariant: each question that a claim makes, in either language, is answered in it, by the claim's figure."""
    for index in (seeds_index, all_seeds_index):
        library = Library.open(Settings(data=str(index), model="none"))
        told = library.sample(100)
        library.close()
        asked = [(make(one.claim), one.claim.figure.text) for one in told for make in (question, english)]
        asked = [one for one in asked if one[0]]
        assert len(asked) > 1
        for text, figure in asked:
            answer = ask(text, data=str(index), model="none")
            assert not answer.declined, text
            assert figure in answer.text, text
            assert ("As printed" in answer.text) == text.startswith(("What", "How")), text


@pytest.mark.parametrize("text", [text for both in EXAMPLES for text in both])
def test_the_examples_are_answered(all_seeds_index: Path, text: str) -> None:
    answer = ask(text, data=str(all_seeds_index), model="none")
    assert not answer.declined
    assert ("As printed" in answer.text) == text.startswith(("What", "How"))


@pytest.mark.parametrize("text", ["台江经开区2024年税收是多少？", "莹月帆集团2025年出口额是多少？"])
def test_what_the_pages_do_not_measure_is_declined(all_seeds_index: Path, text: str) -> None:
    """Neither park's nor group's output is told for its taxes or its exports."""
    assert ask(text, data=str(all_seeds_index), model="none").declined
