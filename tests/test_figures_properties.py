"""Figures hold whatever the print: one value in every rendering is one quantity, and no text upsets the finder."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

import pytest
from conftest import steps
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import claims, figures, units
from assistant.records import Bound, Figure

FULL_WIDTH = str.maketrans("0123456789.%,", "０１２３４５６７８９．％，")
LETTERS = "零一二三四五六七八九"


def chinese(number: int) -> str:
    """A whole number below 10^16 in Chinese letters."""
    if number == 0:
        return "零"
    sections, at = [], 0
    while number:
        number, section = divmod(number, 10**4)
        sections.append((section, ["", "万", "亿", "万亿"][at]))
        at += 1
    text = ""
    for at, (section, name) in enumerate(reversed(sections)):
        if not section:
            continue
        digits = ""
        for place, letter in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
            digit = section // place % 10
            if digit:
                digits += LETTERS[digit] + letter
            elif digits and section % place:
                digits += "零" if not digits.endswith("零") else ""
        gap = "零" if text and at and section < 1000 else ""
        text += gap + digits + name
    return text.replace("零零", "零")


def sums(value: Decimal) -> Iterator[str]:
    """A sum of money in yuan, as Chinese and English papers print it."""
    for size, name in ((1, "元"), (10**4, "万元"), (10**8, "亿元")):
        scaled = (value / size).normalize()
        if -int(scaled.as_tuple().exponent) <= 4 and scaled >= Decimal("0.1"):
            yield f"{scaled:f}{name}"
            yield f"{scaled:,f}{name}"
            yield f"{scaled:f}{name}".translate(FULL_WIDTH)
            yield f"{scaled:f} {name}"
            if scaled == scaled.to_integral_value() and scaled < 10**4 and name != "元":
                yield f"{chinese(int(scaled))}{name}"
    for size, name in ((10**6, "million"), (10**9, "billion"), (10**12, "trillion")):
        scaled = (value / size).normalize()
        if -int(scaled.as_tuple().exponent) <= 4 and scaled >= Decimal("0.1"):
            yield f"{scaled:f} {name} yuan"
            yield f"RMB {scaled:f} {name}"
    if value == value.to_integral_value():
        yield f"{int(value):,} yuan"
        yield f"¥{int(value):,}"


def shares(value: Decimal) -> Iterator[str]:
    """A share in percent, in every way that papers print one."""
    printed = f"{value.normalize():f}"
    yield from (f"{printed}%", f"{printed}％", f"{printed}%".translate(FULL_WIDTH), f"{printed} percent")
    yield f"{(value * 10).normalize():f}‰"
    whole, _, decimals = printed.partition(".")
    point = "点" + "".join(LETTERS[int(digit)] for digit in decimals) if decimals else ""
    yield f"百分之{chinese(int(whole))}{point}"
    if value % 10 == 0 and 10 <= value <= 90:
        yield f"{LETTERS[int(value) // 10]}成"
    if value % 10 == 5 and 10 < value < 90:
        yield f"{LETTERS[int(value) // 10]}成五"
    if value == 50:
        yield from ("一半", "半数", "二分之一", "5成")


def one(text: str) -> Figure:
    """The one figure of a sentence around the print, which it must be to the letter."""
    (found,) = figures.find(f"这里写着，为{text}。" if not text.isascii() else f"It was {text}.")
    assert found.text == text
    return found


MONEY = st.one_of(
    st.integers(min_value=2, max_value=10**13).map(Decimal),
    st.decimals(min_value=Decimal("0.01"), max_value=10**5, places=2, allow_nan=False).map(lambda d: d * 10**8),
    st.integers(min_value=1, max_value=10**4).map(lambda n: Decimal(n) * 10**8),
)


@given(MONEY)
@settings(max_examples=600, deadline=None)
def test_a_sum_is_one_in_every_rendering(value: Decimal) -> None:
    """万元, 亿元, full width, thousands, Chinese numerals, million and billion: figures.same holds for all pairs."""
    first = one(f"{value.normalize():f}元")
    assert first.value == value
    for printed in sums(value):
        found = one(printed)
        assert (found.value, found.unit) == (value, "元"), printed
        assert figures.same(first, found)
        assert figures.same(found, first)
        assert not figures.same(first, one(f"{value.normalize():f}美元"))


@given(st.decimals(min_value=Decimal("0.1"), max_value=Decimal("99.9"), places=1, allow_nan=False))
@settings(max_examples=400, deadline=None)
def test_a_share_is_one_in_every_rendering(value: Decimal) -> None:
    """%, ‰, 成, 百分之 and percent tell one share; as many points are another thing."""
    first = one(f"{value.normalize():f}%")
    for printed in shares(value):
        assert figures.same(first, one(printed)), printed
    assert not figures.same(first, one(f"{value.normalize():f}个百分点"))


@given(st.integers(min_value=1, max_value=9), st.integers(min_value=2, max_value=10))
def test_a_fraction_is_its_share(many: int, of: int) -> None:
    """七分之三 is three sevenths to the last decimal that is kept."""
    if many < of:
        found = one(f"{LETTERS[of] if of < 10 else '十'}分之{LETTERS[many]}")
        assert abs(Fraction(found.value) - Fraction(many * 100, of)) < Fraction(1, 10**20)


SCALED = sorted(
    (measure, unit, other)
    for measure, row in units.SCALES.items()
    for unit in row
    for other in row
    if unit != other and "度" not in (unit, other)
)


@given(st.sampled_from(SCALED), st.integers(min_value=2, max_value=999))
@settings(max_examples=600, deadline=None)
def test_a_quantity_is_one_in_every_unit_of_its_measure(scaled: tuple[str, str, str], number: int) -> None:
    """What is converted is the same; what is one step of the last digit away is not."""
    measure, unit, other = scaled
    first = one(f"{number}{unit}")
    converted = figures.convert(first, other)
    assert converted is not None, measure
    assert figures.same(first, converted)
    assert not figures.same(first, Figure("", converted.value * 2, other, converted.kind, Bound.EXACT, 0, 0))


def test_every_unit_is_read_after_full_width_digits() -> None:
    """Each spelling of each unit is found whole, whatever the width of the digits before it."""
    lost = [
        spelling
        for spelling, unit in units.UNITS.items()
        if unit.kind not in ("magnitude", "index") and spelling not in ("期", "强", "首", "手")
        for printed in (f"为37{spelling}，", f"为３７{spelling}，")
        if [(f.value, f.start, f.end) for f in figures.find(printed)] != [(Decimal(37), 1, 3 + len(spelling))]
    ]
    assert lost == []


PROSE = st.sampled_from(
    [
        "山路弯弯，茶香阵阵。",
        "记者走进村里，看到家家户户正忙。",
        "It rained all day. ",
        "（本报讯）\n",
        "他说：“好！”",
        "。",
    ]
)
_WORDS = """
产值 达 约 超 近 30亿元 1.2万吨 三成 七分之一 一半 20 至 到 — 、 和 80元 增长 12% 5个百分点 从 个 多 余
以上 左右 两个半小时 2024年 1至10月 第三批 “30条” 5G ， 。 ； （ ） 其中 企业 家 千瓦时 million yuan about 5 half
万 亿 千 百 十 一 翻一番 倍 ¥ $ - ~ / ① 😀 Ⅳ 数 几
"""
WORDS = _WORDS.split()
TEXT = st.lists(st.sampled_from(WORDS), max_size=24).map("".join)


@given(TEXT, PROSE, PROSE)
@settings(max_examples=800, deadline=None)
def test_what_stands_far_before_changes_nothing(text: str, prose: str, more: str) -> None:
    """The figures of a text are the same, and stand where they stood, whatever prose precedes it."""
    near, far = figures.find(prose + text), figures.find(more + prose + text)
    moved = [(f.text, f.value, f.unit, f.bound, f.start + len(more), f.end + len(more)) for f in near]
    assert [(f.text, f.value, f.unit, f.bound, f.start, f.end) for f in far] == moved


@given(st.text(max_size=60))
@settings(max_examples=800, deadline=None)
def test_spans_lie_in_any_text_in_order(text: str) -> None:
    """Whatever the letters: every span is what the text prints there, after the one before."""
    end = 0
    for found in figures.find(text):
        assert end <= found.start < found.end <= len(text)
        assert text[found.start : found.end] == found.text
        end = found.end


def test_rows_of_digits_beyond_any_amount() -> None:
    """A number of more digits than a Decimal reckons with is read like any other, or is a code."""
    assert figures.find("1" + "0" * 28 + "元")[0].value == Decimal(10) ** 28
    assert figures.find("1" * 60 + "元") == ()


HOSTILE = [
    "1",
    "万亿",
    "1亿",
    "half a ",
    "2024年的1家",
    "分别1亿、",
    "甲、乙、",
    "从1家增长到2家",
    "，会举行",
    "经理李明说",
    "“1",
    "\n1亿元",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_steps_of_claims_grow_with_length_only(piece: str) -> None:
    """Four times the text takes about four times the steps, whatever it repeats."""

    def taken(letters: int) -> int:
        text = piece * (letters // len(piece))
        return steps(lambda: claims.claims(text, figures.find(text), page_date="2025-08"))

    taken(500)  # patterns are compiled, words loaded
    assert taken(8_000) < 6 * taken(2_000)
