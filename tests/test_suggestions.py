"""Questions made of claims: in the pages' words, with a year, and only where the claim answers them."""

from datetime import date
from decimal import Decimal

import pytest

from assistant.records import Basis, Bound, Claim, Figure, Period, Told
from assistant.suggestions import question, suggested

YEAR = Period(date(2024, 1, 1), date(2024, 12, 31), "去年", Basis.INFERRED)
QUARTER = Period(date(2024, 1, 1), date(2024, 3, 31), "一季度", Basis.PRINTED)
UNKNOWN = Period(None, None, "", Basis.UNKNOWN)
MONEY = Figure("52亿元", Decimal("5.2E9"), "元", "money", Bound.EXACT, 0, 4)
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
