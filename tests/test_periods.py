"""Periods found in text against a page's date. Every sentence here was made up."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import periods
from assistant.records import Basis, Period

PRINTED, INFERRED, UNKNOWN = Basis.PRINTED, Basis.INFERRED, Basis.UNKNOWN

# text, the page's date, the label as printed, first day, last day, basis
FOUND = [
    ("2024年产值增长", "", "2024年", "2024-01-01", "2024-12-31", PRINTED),
    ("二〇二四年建成", "", "二〇二四年", "2024-01-01", "2024-12-31", PRINTED),
    ("2023年度名单", "", "2023年度", "2023-01-01", "2023-12-31", PRINTED),
    ("2025年上半年", "", "2025年上半年", "2025-01-01", "2025-06-30", PRINTED),
    ("2025年下半年", "", "2025年下半年", "2025-07-01", "2025-12-31", PRINTED),
    ("2025年1至11月出口", "", "2025年1至11月", "2025-01-01", "2025-11-30", PRINTED),
    ("2025年第三季度", "", "2025年第三季度", "2025-07-01", "2025-09-30", PRINTED),
    ("2025年10月成立", "", "2025年10月", "2025-10-01", "2025-10-31", PRINTED),
    ("2026年1月16日签约", "", "2026年1月16日", "2026-01-16", "2026-01-16", PRINTED),
    ("２０２６年１月１６日签约", "", "２０２６年１月１６日", "2026-01-16", "2026-01-16", PRINTED),
    ("2021年2月3日至5日", "", "2021年2月3日至5日", "2021-02-03", "2021-02-05", PRINTED),
    ("2017年到2024年", "", "2017年到2024年", "2017-01-01", "2024-12-31", PRINTED),
    ("2020—2025年", "", "2020—2025年", "2020-01-01", "2025-12-31", PRINTED),
    ("2024年初投产", "", "2024年初", "2024-01-01", "2024-01-31", PRINTED),
    ("2024年底前", "", "2024年底", "2024-12-01", "2024-12-31", PRINTED),
    ("2024年2月下旬", "", "2024年2月下旬", "2024-02-21", "2024-02-29", PRINTED),
    ("2025-09-03 讯", "", "2025-09-03", "2025-09-03", "2025-09-03", PRINTED),
    ("截至2023年3月31日", "", "截至2023年3月31日", None, "2023-03-31", PRINTED),
    ("“十四五”期间", "", "“十四五”期间", "2021-01-01", "2025-12-31", PRINTED),
    ("十三五末", "", "十三五末", "2020-01-01", "2020-12-31", PRINTED),
    ("一五时期", "", "一五时期", "1953-01-01", "1957-12-31", PRINTED),
    ("上世纪90年代", "", "上世纪90年代", "1990-01-01", "1999-12-31", PRINTED),
    ("“十四五”以来", "2025-11", "“十四五”以来", "2021-01-01", "2025-11-30", INFERRED),
    ("2012年至今", "2025-09", "2012年至今", "2012-01-01", "2025-09-30", INFERRED),
    ("今年产值", "2025-09", "今年", "2025-01-01", "2025-12-31", INFERRED),
    ("去年推出", "2026-01", "去年", "2025-01-01", "2025-12-31", INFERRED),
    ("去年9月", "2026-03", "去年9月", "2025-09-01", "2025-09-30", INFERRED),
    ("今年一季度", "2025-04", "今年一季度", "2025-01-01", "2025-03-31", INFERRED),
    ("今年以来", "2025-09-06", "今年以来", "2025-01-01", "2025-09-06", INFERRED),
    ("今年7月至8月", "2025-09", "今年7月至8月", "2025-07-01", "2025-08-31", INFERRED),
    ("今年初", "2025-09", "今年初", "2025-01-01", "2025-01-31", INFERRED),
    ("年底投产", "2025-04", "年底", "2025-12-01", "2025-12-31", INFERRED),
    ("一季度销量", "2025-04", "一季度", "2025-01-01", "2025-03-31", INFERRED),
    ("前三季度", "2025-11", "前三季度", "2025-01-01", "2025-09-30", INFERRED),
    ("前10个月", "2025-11", "前10个月", "2025-01-01", "2025-10-31", INFERRED),
    ("1—10月", "2025-11", "1—10月", "2025-01-01", "2025-10-31", INFERRED),
    ("9月3日", "2025-09", "9月3日", "2025-09-03", "2025-09-03", INFERRED),
    ("4月24日至25日", "2025-04", "4月24日至25日", "2025-04-24", "2025-04-25", INFERRED),
    ("3月下旬至4月上旬", "2026-03", "3月下旬至4月上旬", "2026-03-21", "2026-04-10", INFERRED),
    ("12月入冬", "2026-01", "12月", "2025-12-01", "2025-12-31", INFERRED),
    ("排到5月底", "2026-03", "5月底", "2026-05-21", "2026-05-31", INFERRED),
    ("近3年释放产能", "2026-03", "近3年", "2023-04-01", "2026-03-31", INFERRED),
    ("五年来累计投入", "2026-01", "五年来", "2021-02-01", "2026-01-31", INFERRED),
    ("十五年来", "2025-08", "十五年来", "2010-09-01", "2025-08-31", INFERRED),
    ("过去五年", "2026-01", "过去五年", "2021-02-01", "2026-01-31", INFERRED),
    ("未来三年", "2026-01", "未来三年", "2026-02-01", "2029-01-31", INFERRED),
    ("截至目前", "2025-11", "截至目前", None, "2025-11-30", INFERRED),
    ("2024年4月到今年2月", "2025-04", "2024年4月到今年2月", "2024-04-01", "2025-02-28", INFERRED),
    ("今年以来，", "2025", "今年以来", "2025-01-01", "2025-12-31", INFERRED),
    ("一季度", "", "一季度", None, None, UNKNOWN),
    ("今年", "", "今年", None, None, UNKNOWN),
    ("1至10月", "", "1至10月", None, None, UNKNOWN),
    ("近3年", "", "近3年", None, None, UNKNOWN),
    ("目前", "rubbish", "目前", None, None, UNKNOWN),
    ("the first half of 2025", "", "first half of 2025", "2025-01-01", "2025-06-30", PRINTED),
    ("in Q1 2026", "", "Q1 2026", "2026-01-01", "2026-03-31", PRINTED),
    ("on September 3, 2025.", "", "September 3, 2025", "2025-09-03", "2025-09-03", PRINTED),
    ("from 2017 to 2024", "", "2017 to 2024", "2017-01-01", "2024-12-31", PRINTED),
    ("output last year", "2026-03", "last year", "2025-01-01", "2025-12-31", INFERRED),
]

NOT_PERIODS = [
    "7年时间",
    "几十年来",
    "每年来这里",
    "三年来自各地",
    "10年期",
    "五年级",
    "3个月工期",
    "60岁以上年龄",
    "13月",
    "2月30日",
    "每年一季度",
    "第十五五届",
    "5月球",
    "2024家企业",
    "1,800 tonnes",
    "同期",
    "底部",
]


@pytest.mark.parametrize(("text", "page", "label", "start", "end", "basis"), FOUND)
def test_found(text: str, page: str, label: str, start: str | None, end: str | None, basis: Basis) -> None:
    """The days are those that a reader of that page would take the words to mean."""
    (found,) = periods.find(text, page)
    days = tuple(date.fromisoformat(day) if day else None for day in (start, end))
    assert (found.period.label, (found.period.start, found.period.end), found.period.basis) == (label, days, basis)
    assert text[found.start : found.end] == label


@pytest.mark.parametrize("text", NOT_PERIODS)
def test_refused(text: str) -> None:
    """Lengths of time, grades and impossible dates are no periods."""
    assert periods.find(text, "2025-03") == ()


def test_since_reaches_the_page() -> None:
    """自 … 以来 opens a period that runs to the page's date, though words stand between."""
    (found,) = periods.find("自今年4月迁入园区以来", "2025-11")
    assert (found.period.start, found.period.end) == (date(2025, 4, 1), date(2025, 11, 30))


def test_same_period_of_last_year() -> None:
    """去年同期 is the period named before it, a year earlier, and is marked as the one compared with."""
    now, then = periods.find("今年一季度销量比去年同期高", "2025-04")
    assert (then.period.start, then.period.end) == (date(2024, 1, 1), date(2024, 3, 31))
    assert then.compared
    assert not now.compared


def test_the_year_before_the_one_spoken_of() -> None:
    """上年 rests on the year in the text, 去年 on the page."""
    _, before = periods.find("2025年成绩单：比上年增长", "2026-03")
    assert (before.period.start, before.compared) == (date(2024, 1, 1), True)


def test_the_same_year_is_the_one_spoken_of() -> None:
    """同年 and 次年 rest on the year in the text, and say nothing without one."""
    _, same, after = periods.find("2021年6月开工，同年11月停工，次年3月复工", "2025-08")
    assert (same.period.start, after.period.start) == (date(2021, 11, 1), date(2022, 3, 1))
    assert same.period.basis is PRINTED
    (alone,) = periods.find("同年11月", "2025-08")
    assert alone.period.basis is UNKNOWN


def test_of_page() -> None:
    """A page's date is as wide as it is known."""
    assert periods.of_page("2025-09").end == date(2025, 9, 30)
    assert periods.of_page("2025-09-06").start == date(2025, 9, 6)
    assert periods.of_page("").basis is UNKNOWN


def between(start: str, end: str) -> Period:
    return Period(date.fromisoformat(start) if start else None, date.fromisoformat(end) if end else None, "", PRINTED)


def test_overlaps() -> None:
    """Periods overlap if they may share a day; a period of which nothing is known overlaps none."""
    year = between("2024-01-01", "2024-12-31")
    assert periods.overlaps(year, between("2024-12-31", "2025-01-05"))
    assert not periods.overlaps(year, between("2025-01-01", "2025-12-31"))
    assert periods.overlaps(year, between("", "2024-03-01"))
    assert not periods.overlaps(year, between("", "2023-03-01"))
    assert not periods.overlaps(year, between("", ""))


def test_contains() -> None:
    """A year contains its quarters, and nothing contains a period whose end is open."""
    year, quarter = between("2024-01-01", "2024-12-31"), between("2024-01-01", "2024-03-31")
    assert periods.contains(year, quarter)
    assert not periods.contains(quarter, year)
    assert not periods.contains(year, between("2024-01-01", ""))


def test_years() -> None:
    """The years that a period touches, in order."""
    assert periods.years(between("2023-05-01", "2025-02-01")) == (2023, 2024, 2025)
    assert periods.years(between("", "2025-02-01")) == (2025,)
    assert periods.years(between("", "")) == ()


PIECES = st.sampled_from(
    [
        *"0123456789年月日至到—-，。 上下前近初底末一二三四五六七八九十〇",
        *["今年", "去年", "同期", "以来", "季度", "半年", "截至", "目前", "“十四五”", "个月", "2024", "2025年"],
        *["12月", "31日"],
        *["from ", "2024 ", "to ", "May ", "Q1 ", "last year"],
    ]
)


@given(
    st.lists(PIECES, max_size=25).map("".join),
    st.sampled_from(["", "2025", "2025-02", "2024-02-29", "0000-00", "2025-13"]),
)
@settings(max_examples=800, deadline=None)
def test_spans(text: str, page: str) -> None:
    """No text raises; spans are what is printed there, in order; no period ends before it begins."""
    at = 0
    for found in periods.find(text, page):
        assert text[found.start : found.end] == found.period.label
        assert found.start >= at
        at = found.end
        if found.period.start and found.period.end:
            assert found.period.start <= found.period.end


@pytest.mark.parametrize(
    ("text", "page", "told"),
    [
        ("今年一季度", "2025-04", "2025年一季度"),
        ("今年1至10月", "2025-11", "2025年1至10月"),
        ("今年上半年", "2025-09", "2025年上半年"),
        ("“十四五”以来", "2025-11", "2021年1月至2025年11月"),
        ("“十四五”期间", "", "2021年至2025年"),
        ("9月3日", "2025-09", "2025年9月3日"),
        ("2021年2月3日至5日", "", "2021年2月3日至2021年2月5日"),
        ("截至2023年3月31日", "", "至2023年3月"),
        ("截至2023年底", "", "至2023年"),
        ("今年", "", "今年"),
    ],
)
def test_a_period_is_told_in_words_that_hold_on_any_page(text: str, page: str, told: str) -> None:
    (found,) = periods.find(text, page)
    assert periods.absolute(found.period) == told


@pytest.mark.parametrize(
    ("text", "spelt"),
    [
        ("前10个月", "1至10月"),
        ("2025年头十一个月", "2025年1至十一月"),
        ("2020–2025", "2020年至2025年"),
        ("近3个月", "近3个月"),
    ],
)
def test_stretches_are_spelt_out(text: str, spelt: str) -> None:
    assert periods.spelt_out(text) == spelt
