"""Text + the page's date → Periods: 2024年, 今年一季度, 1至10月, “十四五”以来, 去年同期, ``the first half of 2025``.

    >>> [(d.period.label, d.period.start, d.period.end, d.period.basis.value) for d in find("今年1至10月", "2025-11")]
    [('今年1至10月', datetime.date(2025, 1, 1), datetime.date(2025, 10, 31), 'inferred')]

The basis is PRINTED where the words alone fix the days, INFERRED where they rest on the page's date, and UNKNOWN (with
both ends ``None``) where they would need a date that the page does not give. A month without a year is the one nearest
to the page: 12月 on a page of January is last year's, 5月底 on a page of March is to come.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from assistant import numerals
from assistant.points import JOIN, SPOKEN, Point, points, small
from assistant.records import Basis, Period


@dataclass(frozen=True, slots=True)
class Dated:
    """A period and where its words stand: ``text[start:end] == period.label``.

    ``compared`` tells that the words name what a figure is held against (比上年, 较去年同期), not when it holds.
    """

    period: Period
    start: int
    end: int
    compared: bool = False


def find(text: str, page_date: str = "") -> tuple[Dated, ...]:
    """Every period in the text, in order. ``page_date`` is ISO, as exact as it is known: 2025, 2025-09, 2025-09-06."""
    folded = numerals.fold(text)
    page = _page_days(page_date)
    found: list[Dated] = []
    row = list(points(folded))
    at = 0
    while at < len(row):
        first = row[at]
        last, end, at = first, first.end, at + 1
        # 今年7月至8月, 2021年2月3日至5日: a connector alone between two points makes one period of them
        if at < len(row) and first.joins and row[at].joins and _TO.fullmatch(folded, end, row[at].start):
            last, end, at = row[at], row[at].end, at + 1
        found.append(_dated(text, folded, first, last, end, page, found))
    return tuple(found)


_FIRST_MONTHS = re.compile(r"[前头](\d{1,2}|十[一二]?|[二两三四五六七八九])个?月")
_YEARS = re.compile(r"(?<!\d)((?:19|20)\d\d)\s?[–—~-]\s?((?:19|20)\d\d)(?!\d|年)")


def spelt_out(text: str) -> str:
    """Stretches as ``find`` reads them: 前10个月 is 1至10月, 2020–2025 is 2020年至2025年."""
    text = _FIRST_MONTHS.sub(lambda found: f"1至{found[1]}月", text)
    return _YEARS.sub(lambda found: f"{found[1]}年至{found[2]}年", text)


def of_page(page_date: str) -> Period:
    """Give the days that a page's date leaves open: 2025-09 is the whole of September 2025."""
    days = _page_days(page_date)
    if days is None:
        return Period(None, None, page_date, Basis.UNKNOWN)
    return Period(*days, page_date, Basis.PRINTED)


def overlaps(a: Period, b: Period) -> bool:
    """Whether the periods may share a day. An unknown end is open; a period with no known end overlaps nothing."""
    if (a.start is None and a.end is None) or (b.start is None and b.end is None):
        return False
    return (a.start or date.min) <= (b.end or date.max) and (b.start or date.min) <= (a.end or date.max)


def contains(outer: Period, inner: Period) -> bool:
    """Whether every day of ``inner`` lies in ``outer``; both ends of both must be known."""
    if outer.start is None or outer.end is None or inner.start is None or inner.end is None:
        return False
    return outer.start <= inner.start and inner.end <= outer.end


def years(period: Period) -> tuple[int, ...]:
    """List the calendar years that the period touches; with one end unknown, the year of the other."""
    ends = [end.year for end in (period.start, period.end) if end is not None]
    return tuple(range(min(ends), max(ends) + 1)) if ends else ()


def absolute(period: Period) -> str:
    """The days in words that hold on any page: ``今年一季度`` of a page of 2025 is ``2025年一季度``.

    An end that is not known stays open: ``2021年起``, ``至2025年9月``. With neither known, the words as printed.
    """
    first, last = period.start, period.end
    if first is None or last is None:
        known = first or last
        if known is None:
            return period.label
        whole = known == date(known.year, 1, 1) if first else known == date(known.year, 12, 31)
        named = f"{known.year}年" if whole else f"{known.year}年{known.month}月"
        return f"{named}起" if first else f"至{named}"
    if first.day == 1 and last == _day(last.year, last.month, 31):
        return _months(first, last)
    return _date(first) if first == last else f"{_date(first)}至{_date(last)}"


def _months(first: date, last: date) -> str:
    """Whole months from the first of one to the last of another."""
    if first.year != last.year:
        if (first.month, last.month) == (1, 12):
            return f"{first.year}年至{last.year}年"
        return f"{first.year}年{first.month}月至{last.year}年{last.month}月"
    within = (first.month, last.month)
    months = f"{first.month}月" if first.month == last.month else f"{first.month}至{last.month}月"
    return f"{first.year}年{_PARTS.get(within, months)}"


_PARTS = {
    **{(1, 12): "", (1, 6): "上半年", (7, 12): "下半年"},
    **{(1, 3): "一季度", (4, 6): "二季度", (7, 9): "三季度", (10, 12): "四季度"},
}


def _date(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


_HALF_YEAR = 6  # months ahead of the page at which a month without a year is more likely last year's
_FAR_BACK = 9  # months behind it at which it is more likely next year's: 2月 on a page of December
_FIRST_PLAN = 1953  # the first five-year plan began in 1953; the sixth onwards follow each other without a gap
_COMPARED = re.compile(r"[比较同与]$|than (?:in )?(?:the )?$")
_TO = re.compile(JOIN + r"| to | through | and ")


def _dated(
    text: str,
    folded: str,
    first: Point,
    last: Point,
    end: int,
    page: tuple[date, date] | None,
    found: list[Dated],
) -> Dated:
    compared = _COMPARED.search(folded, max(0, first.start - 10), first.start) is not None
    label = text[first.start : end]
    if first.match["same"]:
        start_day, end_day, basis = _same_period(first, page, found)
    elif not first.joins:
        start_day, end_day, basis = _unjoined(first, page)
    else:
        start_day, end_day, basis = _between(first, last, page, found)
    return Dated(Period(start_day, end_day, label, basis), first.start, end, compared)


_Days = tuple[date | None, date | None, Basis]
_UNKNOWN: _Days = (None, None, Basis.UNKNOWN)


def _between(first: Point, last: Point, page: tuple[date, date] | None, found: list[Dated]) -> _Days:
    """Take the days from the first point to the last, which takes the year and month that it does not print itself."""
    end_months = last.months or (first.months if last.days else None)
    year, basis = _year_of(first, page, end_months, found)
    if year is None:
        return _UNKNOWN
    end_year = year
    if last is not first and last.match["relative"] in SPOKEN:
        end_year = year + (last.offset or 0)
    elif last.year is not None or last.offset is not None:
        last_year, end_basis = _year_of(last, page, end_months, found)
        if last_year is None:
            return _UNKNOWN
        end_year = last_year
        basis = basis if basis is end_basis else Basis.INFERRED
    months = first.months
    if months is None and first.days:
        if page is None or page[0].month != page[1].month:
            return _UNKNOWN
        months = end_months = (page[0].month,) * 2
    begin = _day(year, months[0] if months else 1, first.days[0] if first.days else 1)
    if last is first:
        end_months = months
    finish = _day(end_year, end_months[1] if end_months else 12, last.days[1] if last.days else 31)
    if finish < begin:
        if last.year is None and last.offset is None and last is not first:
            finish = _day(end_year + 1, finish.month, finish.day)  # 12月至次年2月
        else:
            return _UNKNOWN
    if first.until:
        return None, finish, basis
    if first.since or last.since:
        return (begin, page[1], Basis.INFERRED) if page and begin <= page[1] else (begin, None, basis)
    return begin, finish, basis


def _year_of(
    point: Point, page: tuple[date, date] | None, months: tuple[int, int] | None, found: list[Dated]
) -> tuple[int | None, Basis]:
    if point.year is not None:
        return point.year, Basis.PRINTED
    if (point.match["relative"] or "").startswith("上"):
        # 上年 is the year before the one that is spoken of, 去年 the one before the page's
        spoken = next((d.period for d in reversed(found) if d.period.end and not d.compared), None)
        if spoken is not None and spoken.end is not None:
            return spoken.end.year - 1, Basis.INFERRED
    if point.match["relative"] in SPOKEN:
        # 2021年6月 … 同年11月: the year that is spoken of
        spoken = next((d.period for d in reversed(found) if d.period.start and not d.compared), None)
        if spoken is None or spoken.start is None:
            return None, Basis.UNKNOWN
        return spoken.start.year + (point.offset or 0), spoken.basis
    if page is None:
        return None, Basis.UNKNOWN
    if point.offset is not None:
        return page[1].year + point.offset, Basis.INFERRED
    year, month = page[1].year, page[1].month
    if months and page[0].month == page[1].month:
        ahead = months[1] - month
        if ahead >= _HALF_YEAR:
            year -= 1
        elif ahead < -_FAR_BACK and not point.until:
            year += 1
    return year, Basis.INFERRED


def _unjoined(point: Point, page: tuple[date, date] | None) -> _Days:
    match = point.match
    if match["span"]:
        begin, finish = date(int(match["from"]), 1, 1), date(int(match["till"]), 12, 31)
        return (begin, finish, Basis.PRINTED) if begin < finish else _UNKNOWN  # 2025-2024年 is a slip of the pen
    if match["decade"]:
        decade = 1900 + 10 * int(match["tens"])
        return date(decade, 1, 1), date(decade + 9, 12, 31), Basis.PRINTED
    if match["now"]:
        return (None, page[1], Basis.INFERRED) if page else _UNKNOWN
    if match["plan"]:
        return _plan(match, page)
    if page is None:
        return _UNKNOWN
    many, step = small(match["many"] or match["many_since"]), match["step"] or match["step_since"]
    if many == 0:
        return _UNKNOWN  # 近0个月 is no stretch
    size = {"年": 12, "个月": 1}.get(step, 0)
    days = timedelta(days=many * {"天": 1, "周": 7}.get(step, 0))
    if match["stretch"].startswith(("未来", "今后")):
        begin = page[1] + timedelta(days=1)
        return begin, _months_on(begin, many * size) + days - timedelta(days=1), Basis.INFERRED
    return _months_on(page[1] + timedelta(days=1), -many * size) - days, page[1], Basis.INFERRED


def _plan(match: re.Match[str], page: tuple[date, date] | None) -> _Days:
    number = small(match["fives"])
    # 一五 1953–57, 二五 1958–62, three years without a plan, 三五 1966–70, and so on without a gap
    begin = _FIRST_PLAN + 5 * (number - 1) + (3 if number > 2 else 0)
    first, last = date(begin, 1, 1), date(begin + 4, 12, 31)
    if match["plan_part"] == "以来":
        reached = page is not None and first <= page[1]
        return (first, min(last, page[1]), Basis.INFERRED) if page and reached else (first, None, Basis.PRINTED)
    if match["plan_part"] == "末":
        return date(begin + 4, 1, 1), last, Basis.PRINTED
    if match["plan_part"] == "初":
        return first, date(begin, 12, 31), Basis.PRINTED
    return first, last, Basis.PRINTED


def _same_period(point: Point, page: tuple[date, date] | None, found: list[Dated]) -> _Days:
    """去年同期 is the last period named before it, moved to that year."""
    before = next((d.period for d in reversed(found) if d.period.start and d.period.end and not d.compared), None)
    year, basis = _year_of(point, page, None, found)
    if before is None or before.start is None or before.end is None:
        return (None, None, basis)
    moved = year if year is not None else before.end.year - 1
    shift = moved - before.end.year
    return (
        _day(before.start.year + shift, before.start.month, before.start.day),
        _day(before.end.year + shift, before.end.month, before.end.day),
        Basis.INFERRED,
    )


def _page_days(page_date: str) -> tuple[date, date] | None:
    """Read the first and last day that the page's date leaves open; ``None`` if it is empty or no date."""
    parts = page_date.split("-") if page_date else []
    if not 1 <= len(parts) <= 3 or not all(part.isdecimal() for part in parts) or not "1000" <= parts[0] <= "2999":
        return None
    numbers = [int(part) for part in parts]
    try:
        if len(numbers) == 1:
            return date(numbers[0], 1, 1), date(numbers[0], 12, 31)
        if len(numbers) == 2:
            return date(numbers[0], numbers[1], 1), _day(numbers[0], numbers[1], 31)
        day = date(*numbers)
    except ValueError:
        return None
    return day, day


def _day(year: int, month: int, day: int) -> date:
    """Make that day, or the month's last if it is shorter."""
    return date(year, month, min(day, monthrange(year, month)[1]))


def _months_on(day: date, months: int) -> date:
    whole = day.year * 12 + day.month - 1 + months
    return _day(whole // 12, whole % 12 + 1, day.day)
