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
    points = list(_points(folded))
    at = 0
    while at < len(points):
        first = points[at]
        last, end, at = first, first.end, at + 1
        # 今年7月至8月, 2021年2月3日至5日: a connector alone between two points makes one period of them
        if at < len(points) and first.joins and points[at].joins and _TO.fullmatch(folded, end, points[at].start):
            last, end, at = points[at], points[at].end, at + 1
        found.append(_dated(text, folded, first, last, end, page, found))
    return tuple(found)


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


_CN_YEAR = "[一二][〇零○一二三四五六七八九]{3}"
_NUMBER = r"(?:[0-9]{1,2}|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_MONTHS = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october"]
_MONTHS += ["november", "december"]
_MONTH_NAME = "|".join(f"{name[:3]}(?:{name[3:]})?" if name != "may" else "may" for name in _MONTHS) + "|sept"
_JOIN = r" ?(?:至|到|—{1,2}|–|-|~|～|〜) ?"
_TO = re.compile(_JOIN + r"| to | through | and ")
_RELATIVE = {
    "今年": 0,
    "本年": 0,
    "本年度": 0,
    "去年": -1,
    "上年": -1,
    "上一年": -1,
    "上年度": -1,
    "前年": -2,
    "同年": 0,
    "当年": 0,
    "次年": 1,
    "翌年": 1,
    "明年": 1,
    "后年": 2,
    "this year": 0,
    "last year": -1,
    "the previous year": -1,
    "next year": 1,
}
_SPOKEN = frozenset(("同年", "当年", "次年", "翌年"))  # of the year that is spoken of, not the page's
_EDGES = {"上旬": (1, 10), "初": (1, 10), "中旬": (11, 20), "下旬": (21, 31), "底": (21, 31), "末": (21, 31)}
_NOW = r"截至目前|截止目前|到目前为止|目前|眼下|当前|如今|迄今|to date|so far"
_LEAP = 2024  # a leap year: 2月29日 may be a day
_HALF_YEAR = 6  # months ahead of the page at which a month without a year is more likely last year's
_FAR_BACK = 9  # months behind it at which it is more likely next year's: 2月 on a page of December
_FIRST_PLAN = 1953  # the first five-year plan began in 1953; the sixth onwards follow each other without a gap
_ENGLISH_ORDER = {"first": 1, "second": 2, "third": 3, "fourth": 4}

# every part is bounded, so a match costs no more than its few dozen letters; what may be empty stands last
_POINT = re.compile(
    r"(?P<iso>(?<![0-9.])(?P<iso_year>(?:19|20)[0-9]{2})(?P<sep>[-/.])(?P<iso_month>0?[1-9]|1[0-2])(?:(?P=sep)"
    r"(?P<iso_day>0?[1-9]|[12][0-9]|3[01]))(?![0-9.]))"
    rf"|(?P<span>(?<![0-9])(?P<from>(?:19|20)[0-9]{{2}}){_JOIN}(?P<till>(?:19|20)[0-9]{{2}})年)"
    rf"|(?P<plan>[“\"]?(?<![第一二三四五六七八九十])(?P<fives>(?:十[一二三四五六七八九]?|[一二三四五六七八九]))五[”\"]?(?P<plan_part>以来|期间|时期|末|初|规划期)?(?![年天个岁人名家万亿届]))"
    rf"|(?P<stretch>(?:近|最近|过去|过去的|未来|今后|此前)(?P<many>{_NUMBER})(?P<step>个月|年|天|周)(?:来|间|以来)?"
    rf"|(?<![0-9.第年每几数])(?P<many_since>{_NUMBER})(?P<step_since>个月|年|天|周)(?:以?来(?![自到源宾])))"
    rf"|(?P<decade>(?:上世纪|20世纪)?(?P<tens>[5-9])0年代)"
    rf"|(?P<now>{_NOW})"
    r"|(?P<english>(?i:"
    r"(?:(?P<e_order>first|second|third|fourth) (?P<e_unit>half|quarter) of |(?P<e_short>[QH][1-4]),? (?:of )?)"
    r"(?:(?P<e_year>(?:19|20)[0-9]{2})|(?P<e_rel>this year|last year))"
    rf"|(?P<e_month>{_MONTH_NAME})\.? (?:(?P<e_day>[0-9]{{1,2}})(?:st|nd|rd|th)?)?,? ?"
    r"(?P<e_my>(?:19|20)[0-9]{2})?(?![0-9])"
    r"|(?<![0-9A-Za-z.,])(?P<e_only>(?:19|20)[0-9]{2})(?= |[,.;:?!)]|$|-|–)(?! ?%)"
    r"|(?P<e_this>this year|last year|the previous year|next year)"
    r"))"
    r"|(?P<point>(?P<until>截至|截止到?|截止至)?(?:"
    rf"(?P<year>(?<![0-9])(?:19|20)[0-9]{{2}}|(?<![〇零一二三四五六七八九]){_CN_YEAR})年(?:度)?"
    r"|(?P<relative>今年|同年|(?<![一-鿿])当年|[次翌]年|本年度?|去年|上一年|上年度?(?![龄级限轻])|(?<![以之])前年|明年|(?<![以之])后年)"
    r")?(?P<part>"
    r"(?P<half>[上下前后]半年)|(?P<same>同期)"
    rf"|(?:第)?(?P<quarter>[一二三四1-4])(?:{_JOIN}(?P<quarter_to>[二三四2-4]))?季度|前(?P<quarters>[一二两三1-3])个?季度"
    rf"|前(?P<months>{_NUMBER})个?月"
    rf"|(?<![0-9.])(?P<month_from>{_NUMBER})月?{_JOIN}(?P<month_to>{_NUMBER})月(?!{_NUMBER}[日号])份?"
    rf"|(?<![0-9.个])(?P<month>{_NUMBER})月(?![球亮饼票薪租均度子光饷])(?:份|(?P<edge>上旬|中旬|下旬|初|底|末)|(?P<day>{_NUMBER})[日号])?"
    rf"|(?<![0-9.])(?P<only_day>[0-9]{{1,2}})日(?![内均游元夜报常用产供间后前元供])"
    r"|年?(?P<year_edge>[初底末])(?=[^0-9]|$)"
    r")?(?P<since>以来|至今|来(?=[，,。；])|起至今)?)"
)
# the first letter of every point: _POINT is costly, and few places can begin one
_BEGIN = re.compile(
    r"[0-9“\"一二三四五六七八九十〇零近最过未今此上下前后同次翌去本明年第截目到眼当如迄末初底]"
    r"|(?<![A-Za-z])[A-Za-z](?=[0-9a-z])"
)
_SINCE_BEFORE = re.compile(r"(?:自从?|从)$")
_SINCE_AFTER = re.compile(r"[^，。；！？\n]{0,24}?(?:以来|至今)")
_COMPARED = re.compile(r"[比较同与]$|than (?:in )?(?:the )?$")
_EVERY = re.compile(r"(?:每年|往年|历年|常年)的?$")
_ENGLISH_YEAR_BEFORE = re.compile(
    r"(?i:\b(?:in|of|since|by|from|to|and|during|until|till|for|vs\.?|between|after|before)) $|[-–] ?$"
)


@dataclass(frozen=True, slots=True)
class _Point:
    """One date word: the year it prints (or how far from the page's), its months and days, and what surrounds it."""

    match: re.Match[str]
    start: int
    end: int
    year: int | None = None
    offset: int | None = None
    months: tuple[int, int] | None = None
    days: tuple[int, int] | None = None
    joins: bool = True
    until: bool = False
    since: bool = False


def _points(text: str) -> list[_Point]:
    points: list[_Point] = []
    end = 0
    for begin in _BEGIN.finditer(text):
        if begin.start() < end:
            continue
        match = _POINT.match(text, begin.start())
        if match is None or match.end() == match.start():
            continue
        end = match.end()
        point = _english(text, match) if match["english"] else _chinese(text, match)
        if point is not None:
            points.append(point)
    return points


def _chinese(text: str, match: re.Match[str]) -> _Point | None:
    start, end = match.span()
    if match["iso"]:
        month, day = int(match["iso_month"]), int(match["iso_day"])
        return _Point(match, start, end, int(match["iso_year"]), None, (month, month), (day, day))
    if match["point"] is None:
        return _Point(match, start, end, joins=False)
    year = _year(match["year"]) if match["year"] else None
    offset = _RELATIVE.get(match["relative"] or "")
    part = match["part"]
    if year is None and offset is None and _EVERY.search(text, max(0, start - 3), start):
        return None  # 每年一季度 is every year's
    if not part and year is None and offset is None:
        return None
    months: tuple[int, int] | None = None
    days: tuple[int, int] | None = None
    if match["half"]:
        months = (1, 6) if match["half"][0] in "上前" else (7, 12)
    elif match["quarter"]:
        first = _small(match["quarter"])
        last = _small(match["quarter_to"]) if match["quarter_to"] else first
        months = (3 * first - 2, 3 * last)
    elif match["quarters"]:
        months = (1, 3 * _small(match["quarters"]))
    elif match["months"]:
        months = (1, _small(match["months"]))
    elif match["month_from"]:
        months = (_small(match["month_from"]), _small(match["month_to"]))
    elif match["month"]:
        months = (_small(match["month"]),) * 2
        if match["day"]:
            days = (_small(match["day"]),) * 2
        elif match["edge"]:
            days = _EDGES[match["edge"]]
    elif match["only_day"]:
        days = (int(match["only_day"]),) * 2
    elif match["year_edge"]:
        if year is None and offset is None:
            if not part.startswith("年"):
                return None
            offset = 0
        months = (1, 1) if match["year_edge"] == "初" else (12, 12)
    elif match["same"] and year is None and offset is None:
        return None  # 同期 alone says no more than the period before it
    if months and not (1 <= months[0] <= 12 and 1 <= months[1] <= 12):
        return None
    if days and not 1 <= days[0] <= (monthrange(_LEAP, months[0])[1] if months and match["day"] else 31):
        return None
    since = bool(match["since"])
    if not since and _SINCE_BEFORE.search(text, max(0, start - 2), start):
        since = _SINCE_AFTER.match(text, end, end + 30) is not None
    return _Point(match, start, end, year, offset, months, days, True, bool(match["until"]), since)


def _english(text: str, match: re.Match[str]) -> _Point | None:
    start, end = match.span()
    while text[end - 1] in " ,":
        end -= 1
    if match["e_this"]:
        return _Point(match, start, end, offset=_RELATIVE[match["e_this"].lower()])
    if match["e_only"]:
        if not (_ENGLISH_YEAR_BEFORE.search(text, max(0, start - 8), start) or start == 0):
            return None
        return _Point(match, start, end, int(match["e_only"]))
    if match["e_month"]:
        month = next(at for at, name in enumerate(_MONTHS, 1) if name[:3] == match["e_month"][:3].lower())
        # "may" and "march" are words too: a year or a day must stand beside them
        if not (match["e_day"] or match["e_my"]) and not match["e_month"][0].isupper():
            return None
        day = int(match["e_day"]) if match["e_day"] else None
        if day is not None and not 1 <= day <= 31:
            return None
        year = int(match["e_my"]) if match["e_my"] else None
        return _Point(match, start, end, year, None, (month, month), (day, day) if day else None)
    year = int(match["e_year"]) if match["e_year"] else None
    offset = None if year else _RELATIVE[match["e_rel"].lower()]
    half = (match["e_unit"] or "").lower() == "half" or (match["e_short"] or "")[:1].upper() == "H"
    order = _ENGLISH_ORDER[match["e_order"].lower()] if match["e_order"] else int(match["e_short"][1])
    size = 6 if half else 3
    if order * size > 12:
        return None
    return _Point(match, start, end, year, offset, (size * (order - 1) + 1, size * order))


def _dated(
    text: str,
    folded: str,
    first: _Point,
    last: _Point,
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


def _between(first: _Point, last: _Point, page: tuple[date, date] | None, found: list[Dated]) -> _Days:
    """Take the days from the first point to the last, which takes the year and month that it does not print itself."""
    end_months = last.months or (first.months if last.days else None)
    year, basis = _year_of(first, page, end_months, found)
    if year is None:
        return _UNKNOWN
    end_year = year
    if last is not first and last.match["relative"] in _SPOKEN:
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
    point: _Point, page: tuple[date, date] | None, months: tuple[int, int] | None, found: list[Dated]
) -> tuple[int | None, Basis]:
    if point.year is not None:
        return point.year, Basis.PRINTED
    if (point.match["relative"] or "").startswith("上"):
        # 上年 is the year before the one that is spoken of, 去年 the one before the page's
        spoken = next((d.period for d in reversed(found) if d.period.end and not d.compared), None)
        if spoken is not None and spoken.end is not None:
            return spoken.end.year - 1, Basis.INFERRED
    if point.match["relative"] in _SPOKEN:
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


def _unjoined(point: _Point, page: tuple[date, date] | None) -> _Days:
    match = point.match
    if match["span"]:
        return date(int(match["from"]), 1, 1), date(int(match["till"]), 12, 31), Basis.PRINTED
    if match["decade"]:
        decade = 1900 + 10 * int(match["tens"])
        return date(decade, 1, 1), date(decade + 9, 12, 31), Basis.PRINTED
    if match["now"]:
        return (None, page[1], Basis.INFERRED) if page else _UNKNOWN
    if match["plan"]:
        return _plan(match, page)
    if page is None:
        return _UNKNOWN
    many, step = _small(match["many"] or match["many_since"]), match["step"] or match["step_since"]
    if many == 0:
        return _UNKNOWN  # 近0个月 is no stretch
    size = {"年": 12, "个月": 1}.get(step, 0)
    days = timedelta(days=many * {"天": 1, "周": 7}.get(step, 0))
    if match["stretch"].startswith(("未来", "今后")):
        begin = page[1] + timedelta(days=1)
        return begin, _months_on(begin, many * size) + days - timedelta(days=1), Basis.INFERRED
    return _months_on(page[1] + timedelta(days=1), -many * size) - days, page[1], Basis.INFERRED


def _plan(match: re.Match[str], page: tuple[date, date] | None) -> _Days:
    number = _small(match["fives"])
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


def _same_period(point: _Point, page: tuple[date, date] | None, found: list[Dated]) -> _Days:
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


def _year(printed: str) -> int:
    value = numerals.chinese(printed) if not printed.isdigit() else None
    return int(printed) if value is None else int(value)


def _small(printed: str) -> int:
    if printed.isdigit():
        return int(printed)
    return int(numerals.chinese(printed) or 0)
