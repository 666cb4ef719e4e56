"""Numbers as printed, and what they are worth; strings without a value are refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import numerals

VALUES = [
    ("50", "50"),
    ("５０", "50"),
    ("３．２万", "32000"),
    ("10,362,000,000", "10362000000"),
    ("１，５００", "1500"),
    ("3.2万", "32000"),
    ("20多万", "200000"),
    ("1800余万", "18000000"),
    ("4000余", "4000"),
    ("1.5亿", "150000000"),
    ("1.2万亿", "1200000000000"),
    ("5千", "5000"),
    ("3亿2000万", "320000000"),
    ("1万2千", "12000"),
    ("40个亿", "4000000000"),
    ("三千二百", "3200"),
    ("三千二", "3200"),
    ("三千零二", "3002"),
    ("两万", "20000"),
    ("两万五", "25000"),
    ("三百余", "300"),
    ("一百〇五", "105"),
    ("一百一十", "110"),
    ("十五", "15"),
    ("廿", "20"),
    ("廿五", "25"),
    ("卅六", "36"),
    ("三点五万", "35000"),
    ("五千五百五十五万", "55550000"),
    ("一万三千亿", "1300000000000"),
    ("两万亿", "2000000000000"),
    ("百万", "1000000"),
    ("二〇二四", "2024"),
    ("一九九八", "1998"),
    ("叁拾伍", "35"),
    ("三成", "0.3"),
    ("三成五", "0.35"),
    ("三成半", "0.35"),
    ("35%", "0.35"),
    ("4.6‰", "0.0046"),
    ("百分之三十五", "0.35"),
    ("百分之98.26", "0.9826"),
    ("千分之五", "0.005"),
    ("四分之一", "0.25"),
    ("半", "0.5"),
    ("一半", "0.5"),
    ("10.362 billion", "10362000000"),
    ("twenty-five", "25"),
    ("three hundred", "300"),
    ("two million", "2000000"),
]

WITHOUT_VALUE = [
    "",
    "几千",
    "数百",
    "三五",
    "两三",
    "三五百",
    "七八十",
    "百十",
    "十万百",
    "亿亿",
    "万万",
    "三点",
    "5千瓦",
    "2025.9.3",
    "1.2.3",
    "007",
    "1,2,3",
    "1,23",
    "近六成",
    "三成成",
    "零分之一",
    "9" * 50,
    "一" * 50,
    "abc",
]


@pytest.mark.parametrize(("printed", "value"), VALUES)
def test_value(printed: str, value: str) -> None:
    """A printed number has the value that a reader gives it."""
    assert numerals.parse(printed) == Decimal(value)


@pytest.mark.parametrize("printed", WITHOUT_VALUE)
def test_no_value(printed: str) -> None:
    """What has no value, or is more than one number, is refused and never guessed at."""
    assert numerals.parse(printed) is None


def test_seventh() -> None:
    """A fraction keeps all the digits that a Decimal holds."""
    assert numerals.parse("七分之一") == Decimal(1) / Decimal(7)


@pytest.mark.parametrize(
    ("text", "end", "place"),
    [
        ("3.2万辆", 4, "1000"),
        ("240万把", 4, "10000"),
        ("98.26%", 5, "0.01"),
        ("二十万千瓦时", 3, "10000"),
        ("5千瓦", 1, "1"),
        ("5千元", 2, "1000"),
        ("五个百分点", 1, "1"),
        ("20多样", 2, "1"),
        ("30余额", 2, "1"),
        ("100 亿元", 5, "100000000"),
    ],
)
def test_where_it_ends(text: str, end: int, place: str) -> None:
    """A number takes its own magnitude, and leaves the unit's 千 and the next word's 多 to them."""
    found = numerals.read(text, 0)
    assert found is not None
    assert (found.end, found.place) == (end, Decimal(place))


@given(st.integers(min_value=1, max_value=10**12 - 1))
def test_chinese_is_read_back(number: int) -> None:
    """Every number written out in Chinese has its value."""
    assert numerals.chinese(_written(number)) == number


@given(st.integers(min_value=0, max_value=10**15))
def test_separators_change_nothing(number: int) -> None:
    """1,234 is 1234."""
    assert numerals.parse(f"{number:,}") == number


@given(st.text(alphabet="0123456789０９.,，一两三十百千万亿点零〇半成分之%‰多余几个 oneb", max_size=60))
def test_never_raises(text: str) -> None:
    """No string, however broken, raises; offsets of a number lie inside the text."""
    numerals.parse(text)
    folded = numerals.fold(text)
    assert len(folded) == len(text)
    for at in range(len(folded)):
        found = numerals.read(folded, at)
        assert found is None or at <= found.start < found.end <= len(folded)


def _written(number: int) -> str:
    if number >= 10**8:
        high, rest, unit, gap = number // 10**8, number % 10**8, "亿", 10**7
    elif number >= 10**4:
        high, rest, unit, gap = number // 10**4, number % 10**4, "万", 10**3
    else:
        return _thousands(number)
    zero = "零" if 0 < rest < gap else ""
    return _written(high) + unit + zero + (_written(rest) if rest else "")


def _thousands(number: int) -> str:
    letters, pending = "", False
    for size, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // size % 10
        if digit:
            letters += ("零" if pending and letters else "") + "零一二三四五六七八九"[digit] + unit
            pending = False
        else:
            pending = True
    return letters
