"""Text in, the date words in it out: 2024年, 今年一季度, 1至10月, “十四五”以来, 去年同期, ``the first half of 2025``.

What each says of year, months and days is read here; what days it means on a page is for ``periods``.
"""

import re
from calendar import monthrange
from dataclasses import dataclass

from assistant import numerals

_CN_YEAR = "[一二][〇零○一二三四五六七八九]{3}"
_NUMBER = r"(?:[0-9]{1,2}|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_MONTHS = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october"]
_MONTHS += ["november", "december"]
_MONTH_NAME = "|".join(f"{name[:3]}(?:{name[3:]})?" if name != "may" else "may" for name in _MONTHS) + "|sept"
JOIN = r" ?(?:至|到|—{1,2}|–|-|~|～|〜) ?"
RELATIVE = {
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
SPOKEN = frozenset(("同年", "当年", "次年", "翌年"))  # of the year that is spoken of, not the page's
_EDGES = {"上旬": (1, 10), "初": (1, 10), "中旬": (11, 20), "下旬": (21, 31), "底": (21, 31), "末": (21, 31)}
_NOW = r"截至目前|截止目前|到目前为止|目前|眼下|当前|如今|迄今|to date|so far"
_LEAP = 2024  # a leap year: 2月29日 may be a day
_ENGLISH_ORDER = {"first": 1, "second": 2, "third": 3, "fourth": 4}

# every part is bounded, so a match costs no more than its few dozen letters; what may be empty stands last
_POINT = re.compile(
    r"(?P<iso>(?<![0-9.])(?P<iso_year>(?:19|20)[0-9]{2})(?P<sep>[-/.])(?P<iso_month>0?[1-9]|1[0-2])(?:(?P=sep)"
    r"(?P<iso_day>0?[1-9]|[12][0-9]|3[01]))(?![0-9.]))"
    rf"|(?P<span>(?<![0-9])(?P<from>(?:19|20)[0-9]{{2}}){JOIN}(?P<till>(?:19|20)[0-9]{{2}})年)"
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
    rf"|(?:第)?(?P<quarter>[一二三四1-4])(?:{JOIN}(?P<quarter_to>[二三四2-4]))?季度|前(?P<quarters>[一二两三1-3])个?季度"
    rf"|前(?P<months>{_NUMBER})个?月"
    rf"|(?<![0-9.])(?P<month_from>{_NUMBER})月?{JOIN}(?P<month_to>{_NUMBER})月(?!{_NUMBER}[日号])份?"
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
_EVERY = re.compile(r"(?:每年|往年|历年|常年)的?$")
_ENGLISH_YEAR_BEFORE = re.compile(
    r"(?i:\b(?:in|of|since|by|from|to|and|during|until|till|for|vs\.?|between|after|before)) $|[-–] ?$"
)


@dataclass(frozen=True, slots=True)
class Point:
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


def points(text: str) -> list[Point]:
    """Every date word of folded text, in order, without overlap."""
    found: list[Point] = []
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
            found.append(point)
    return found


def _chinese(text: str, match: re.Match[str]) -> Point | None:
    start, end = match.span()
    if match["iso"]:
        month, day = int(match["iso_month"]), int(match["iso_day"])
        return Point(match, start, end, int(match["iso_year"]), None, (month, month), (day, day))
    if match["point"] is None:
        return Point(match, start, end, joins=False)
    year = _year(match["year"]) if match["year"] else None
    offset = RELATIVE.get(match["relative"] or "")
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
        first = small(match["quarter"])
        last = small(match["quarter_to"]) if match["quarter_to"] else first
        months = (3 * first - 2, 3 * last)
    elif match["quarters"]:
        months = (1, 3 * small(match["quarters"]))
    elif match["months"]:
        months = (1, small(match["months"]))
    elif match["month_from"]:
        months = (small(match["month_from"]), small(match["month_to"]))
    elif match["month"]:
        months = (small(match["month"]),) * 2
        if match["day"]:
            days = (small(match["day"]),) * 2
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
    return Point(match, start, end, year, offset, months, days, True, bool(match["until"]), since)


def _english(text: str, match: re.Match[str]) -> Point | None:
    start, end = match.span()
    while text[end - 1] in " ,":
        end -= 1
    if match["e_this"]:
        return Point(match, start, end, offset=RELATIVE[match["e_this"].lower()])
    if match["e_only"]:
        if not (_ENGLISH_YEAR_BEFORE.search(text, max(0, start - 8), start) or start == 0):
            return None
        return Point(match, start, end, int(match["e_only"]))
    if match["e_month"]:
        month = next(at for at, name in enumerate(_MONTHS, 1) if name[:3] == match["e_month"][:3].lower())
        # "may" and "march" are words too: a year or a day must stand beside them
        if not (match["e_day"] or match["e_my"]) and not match["e_month"][0].isupper():
            return None
        day = int(match["e_day"]) if match["e_day"] else None
        if day is not None and not 1 <= day <= 31:
            return None
        year = int(match["e_my"]) if match["e_my"] else None
        return Point(match, start, end, year, None, (month, month), (day, day) if day else None)
    year = int(match["e_year"]) if match["e_year"] else None
    offset = None if year else RELATIVE[match["e_rel"].lower()]
    half = (match["e_unit"] or "").lower() == "half" or (match["e_short"] or "")[:1].upper() == "H"
    order = _ENGLISH_ORDER[match["e_order"].lower()] if match["e_order"] else int(match["e_short"][1])
    size = 6 if half else 3
    if order * size > 12:
        return None
    return Point(match, start, end, year, offset, (size * (order - 1) + 1, size * order))


def _year(printed: str) -> int:
    value = numerals.chinese(printed) if not printed.isdigit() else None
    return int(printed) if value is None else int(value)


def small(printed: str) -> int:
    """The value of a number of months, days or years; 0 if it has none."""
    if printed.isdigit():
        return int(printed)
    return int(numerals.chinese(printed) or 0)
