"""A page's name and text in, its date out, as exactly as it can be told (``2025-09``), with how it is known."""

import re
from collections import Counter
from datetime import date
from typing import Final

_ISO: Final = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
_IN_NAME: Final = re.compile(r"(?<!\d)((?:19|20)\d{2})[-_.年]?(0[1-9]|1[0-2])[-_.月]?(0[1-9]|[12]\d|3[01])(?!\d)")
_MASTHEAD: Final = re.compile(
    r"((?:19|20)\d{2})[ 　]?年[ 　]?(\d{1,2})[ 　]?月[ 　]?(\d{1,2})[ 　]?日[ 　，,]{0,3}"
    r"(?:星期|农历|周[一二三四五六日])"
)
# when a web page came out, as it says itself at its head or foot: 2023-08-11 09:18, 发布时间：2023年8月11日
_STAMP: Final = re.compile(
    r"(?<!\d)((?:19|20)\d{2})[-/.](\d{1,2})[-/.](\d{1,2})[ 　T]{1,3}\d{1,2}:\d{2}|"
    r"(?:发布|发表|更新|刊发|见报)(?:时间|日期|于)[：: 　]{0,3}((?:19|20)\d{2})[-/.年](\d{1,2})[-/.月](\d{1,2})"
)
_HEAD: Final = 300  # characters of the head and of the foot in which a stamp is the page's own
_YEAR: Final = re.compile(
    r"(?<!\d)((?:19|20)\d{2})(?:年(?:(\d{1,2})月)?(?:(\d{1,2})日)?|(?=\D{1,8}(?:大会|博览会|论坛|赛)))"
)
_GOAL: Final = re.compile(r"(?:到|至|目标|规划|计划|预计|力争|有望|预期|将于|确保|拟于)[在于]?$")
_BEGUN: Final = re.compile(r"年[^，。；]{0,4}(?:开局|以来|已|伊始|春[天季节耕]|新春|上半年|[一二三]季度)")
_DAY: Final = re.compile(r"(?<![\d年])(\d{1,2})月(\d{1,2}日|初|上旬|中旬|下旬|底|末)")
_DONE: Final = re.compile(
    r"年(?:底|末|全年|度)?[，,]?(?:的)?[^。；]{0,30}?(?:达到?|实现|增长|突破|完成|为)[^。；]{0,6}\d"
)
_WITHIN: Final = re.compile(
    r"年(?:[春夏秋冬][季节]|[上下]半年|[前一二三四]{1,2}季度|度?.{0,8}(?:大会|论坛|项目|活动|开局))"
)
_WHOLE: Final = 200_000  # characters looked at: a page has ten thousand


def is_date(text: str) -> bool:
    """Whether it is an ISO date, whole or in part, of a day that exists."""
    if not _ISO.fullmatch(text):
        return False
    parts = [int(part) for part in text.split("-")]
    try:
        date(*[*parts, 1, 1][:3])
    except ValueError:
        return False
    return True


def find(file: str, body: str, today: date) -> tuple[str, str]:
    """The date and its basis; two empty strings where nothing tells it. A year after ``today`` is not the page's."""
    if named := _IN_NAME.search(file):
        found = f"{named[1]}-{named[2]}-{named[3]}"
        if is_date(found):
            return found, "file name"
    body = body[:_WHOLE]
    if (printed := _MASTHEAD.search(body)) and is_date(
        found := f"{printed[1]}-{int(printed[2]):02d}-{int(printed[3]):02d}"
    ):
        return found, "printed"
    for part in (body[:_HEAD], body[-_HEAD:]):
        if stamped := _STAMP.search(part):
            year, month, date_of = (int(number) for number in stamped.groups() if number)
            if is_date(found := f"{year}-{month:02d}-{date_of:02d}"):
                return found, "printed"
    return _from_events(body, today)


def _from_events(body: str, today: date) -> tuple[str, str]:
    # A goal (力争到2030年) lies after the page, so goals do not count; the latest other year is its own.
    years = [
        match
        for match in _YEAR.finditer(body)
        if int(match[1]) <= today.year
        # 力争到2030年 lies ahead; 到2026年开局即投放 does not
        and (_BEGUN.match(body, match.end() - 1) or not _GOAL.search(body[max(0, match.start() - 6) : match.start()]))
    ]
    if not years:
        return "", ""
    year = max(int(match[1]) for match in years)
    own = [match for match in years if int(match[1]) == year]
    basis = f"inferred: {year} is the latest year printed"
    within = any(match[2] or _WITHIN.match(body, match.end() - 1) for match in own)
    over = sum(1 for match in own if _DONE.match(body, match.end() - 1))
    if "今年" in body and not within and over * 2 > len(own):
        # 2024年，总产值突破…: a year with its total is over, and 今年 is the next one.
        basis = f"inferred: {year} is told with its total, and 今年 follows it"
        year += 1
        own = []
    months = {int(match[2]) for match in own if match[2] and 1 <= int(match[2]) <= 12}
    # 9月3日 without a year is news of the page's own month or the one before.
    days = Counter(int(match[1]) for match in _DAY.finditer(body) if 1 <= int(match[1]) <= 12)
    near = months | {month for month, _ in days.most_common(3)}
    if not near:
        return str(year), basis
    if near & {1, 2} and near & {11, 12} and (days[1] or days[2] or months & {1, 2}):
        near -= {9, 10, 11, 12}  # in January, December's news is last year's
    frequent = days.most_common(1)[0][0] if days else max(months)
    month = frequent if frequent in near else max(near)
    # 3月30日 told twice and 4月2日 once: the later of two neighbouring months is the page's. 4月上旬 may lie ahead.
    exact = {int(match[1]) for match in _DAY.finditer(body) if match[2].endswith("日")}
    month = max([month, *(other for other in near & exact if other - month == 1)])
    shown = next((match[0] for match in _DAY.finditer(body) if int(match[1]) == month), f"{month}月")
    return f"{year}-{month:02d}", f"{basis}, with news of {shown}"
