"""A story's text and its page's date in, when each of its figures holds out.

A figure has the period that its sentence prints before it, else the one that the sentences before go on with, else the
page's own date, INFERRED. A date that belongs to one figure (2022年的15家) is no other's; 目前 and 每年 are the page's.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from assistant import periods
from assistant.periods import Dated
from assistant.records import Basis, Figure, Period

_NOW: Final = re.compile(r"(?:截[至止])?目前|到目前为止|眼下|当前|如今|迄今|现在|to date|so far")
_PER_YEAR: Final = re.compile(r"每年|一年[能可]?|年(?:产(?!能)|排放|节省|省|处理|可)|每[天日月]|月产|日产")
_STATISTIC: Final = re.compile(
    r"同比|增长|累计|完成|实现|达|总产值|增加值|收入|接待|占|实施|组建|设立|新增|建成|培训|发放"
)
_DONE: Final = re.compile(
    "累计|新增|建[成设了]|完成|实现|培[训育养]|引进|招引|引[入育]|签约|投[入资产用]|增|减|升|降|处理|化解|走访|开展|办[理结]|发放|带动|销售|生产|接待|获|修|改造"
    "|种植|出口|吸引|服务|组织|举办|实施|推进|推动|出台|制定|开通|落户|落地|入驻|迁入|搬迁|救助|资助|捐|清理|整治|查处|侦破|破获|调解|受理|审理|转移|就业"
)
_SHORT: Final = 31  # days of the longest period that is an event's rather than a statistic's
_YEAR: Final = 364  # days of the shortest that is a year
_MANY: Final = 60  # dates of one sentence that are looked at, its last: no sentence that is read has more
_LOOKED_AT: Final = 12  # dates before a figure that are looked at
_CARRIES: Final = 3  # sentences that go on with a period printed before them
_STALE: Final = 730  # days before the page at which a period is a base of comparison, and no longer what is told of
_HEADING: Final = 30  # letters of the longest heading that stands as a line of its own
_OWN: Final = 4  # letters between a date and the figure that it belongs to alone: 2022年的15家, 2024年的约9亿元
_RATE_WINDOW: Final = 10  # letters before a figure in which 每年 is of it


class Calendar:
    """The periods of one text, and which of them each figure has."""

    def __init__(
        self,
        text: str,
        headline: str,
        page_date: str,
        spans: Sequence[tuple[int, int]],
        names: Sequence[tuple[int, int]] = (),
    ) -> None:
        self._text = text
        self._spans = spans
        self._starts = [start for start, _ in spans]
        self._dated = _outside(periods.find(text, page_date), names)
        self._offsets = [dated.start for dated in self._dated]
        self._page = replace(periods.of_page(page_date), basis=Basis.INFERRED if page_date else Basis.UNKNOWN)
        # a box headed 2025年成绩单: its figures are that year's
        headed = (d.period for d in periods.find(headline, page_date) if _lasts(d.period) and not d.compared)
        self._box = next((period for period in headed if period.basis is Basis.PRINTED), None)
        self._now = [match.span() for match in _NOW.finditer(text)]
        self._carried, self._long = self._went_on()
        self._told_now: tuple[int, int] = (
            -1,
            -1,
        )  # the sentence and the end of the last figure that the page's date has

    @property
    def hidden(self) -> list[tuple[int, int]]:
        """The spans of date words, which are no part of what a figure measures."""
        return [(dated.start, dated.end) for dated in self._dated if not dated.compared] + self._now

    def period(self, figure: Figure, comparison: Sequence[str]) -> Period:
        """When the figure holds."""
        index = bisect_right(self._starts, figure.start) - 1
        start, end = self._spans[index] if index >= 0 else (0, len(self._text))
        before = self._within(start, figure.start)[-_LOOKED_AT:]
        if spread := _spread(self._text, figure, before):
            return spread
        before = [d for d in before if self._may_hold(d, figure)]
        yearly = _PER_YEAR.search(self._text, max(start, figure.start - _RATE_WINDOW), figure.start)
        if before:
            period = before[-1].period
            if (period.start is None and _NOW.match(period.label)) or self._goes_on_now(index, before[-1].end):
                return self._at_page(index, figure)
            # 2024年初投产，一年能处理8万吨: the event's date is not that of what is done every year
            apart = yearly and self._text.count("，", before[-1].end, yearly.start()) > 1
            if (apart and _days(period) < _YEAR) or self._is_stock(period, figure, start):
                return self._at_page(index, figure)
            return period
        if yearly or self._goes_on_now(index, start) or self._now_in(start, figure.start):
            return self._at_page(index, figure)
        after = next(iter(self._within(figure.end, min(end, figure.end + 2))), None)
        if after and self._text[figure.end : after.start] in ("（", "("):
            return after.period
        return self._from_before(index, start, end, comparison)

    def _at_page(self, index: int, figure: Figure) -> Period:
        self._told_now = (index, figure.end)
        return self._page

    def _goes_on_now(self, index: int, since: int) -> bool:
        """目前有店铺40间，其中连锁店9间: the second holds when the first does, if no date stands between."""
        sentence, end = self._told_now
        return sentence == index and end > since

    def _is_stock(self, period: Period, figure: Figure, start: int) -> bool:
        """“十四五”以来 …，30家作坊在此扎根: what there is at the end, not what was done in those years."""
        if figure.kind != "count" or period.end != self._page.end or _days(period) < _YEAR:
            return False
        clause = max(self._text.rfind(mark, start, figure.start) for mark in "，；：") + 1
        stop = min(
            (at for at in (self._text.find(mark, figure.end) for mark in "，；。") if at > 0), default=figure.end
        )
        return _DONE.search(self._text, max(clause, start), min(stop, figure.end + _OWN * 4)) is None

    def _from_before(self, index: int, start: int, end: int, comparison: Sequence[str]) -> Period:
        """What the sentences before go on with, or the page's own date."""
        if index < 0:
            return self._page
        long = self._long[index]
        if "年均" in comparison and long is not None:
            return replace(long, basis=Basis.INFERRED)
        carried = self._carried[index] or self._box
        if carried is None or not _STATISTIC.search(self._text, start, end):
            return self._page
        return replace(carried, basis=Basis.INFERRED)

    def _within(self, start: int, end: int) -> list[Dated]:
        first, last = bisect_left(self._offsets, start), bisect_left(self._offsets, end)
        return [dated for dated in self._dated[max(first, last - _MANY) : last] if not dated.compared]

    def _now_in(self, start: int, end: int) -> list[tuple[int, int]]:
        first = bisect_left(self._now, (start, start))
        return self._now[first : bisect_left(self._now, (end, end))]

    def _may_hold(self, dated: Dated, figure: Figure) -> bool:
        """Whether a date before the figure is not another figure's own: 从2022年的15家增加到40家."""
        if self._text[dated.end : dated.end + 1] != "的":
            return True
        own = re.compile(r"[0-9一二三四五六七八九十百千万亿两]").search(self._text, dated.end, dated.end + _OWN)
        return own is None or figure.start <= own.start() < figure.end

    def _went_on(self) -> tuple[list[Period | None], list[Period | None]]:
        """For each sentence the period that it goes on with if it prints none, and the last of several years."""
        carried: list[Period | None] = []
        years: list[Period | None] = []
        last: Period | None = None
        long: Period | None = None
        age = 0
        for start, end in self._spans:
            age += 1
            if age > _CARRIES or (self._text[end - 1] not in "。！？”" and end - start < _HEADING):
                last = None
            carried.append(last)
            years.append(long if age <= _CARRIES else None)
            inside = self._within(start, end)
            if inside:
                age = 0
                period = inside[-1].period
                statistic = _lasts(period) and self._recent(period)
                last = period if statistic and _STATISTIC.search(self._text, inside[-1].end, end) else None
                long = next((d.period for d in reversed(inside) if _days(d.period) > 2 * _YEAR), None)
            elif self._now_in(start, end):
                last = None
        return carried, years

    def _recent(self, period: Period) -> bool:
        return self._page.end is None or period.end is None or (self._page.end - period.end).days < _STALE


def _outside(found: Sequence[Dated], names: Sequence[tuple[int, int]]) -> list[Dated]:
    """Without the dates within names: 一季度 of 一季度工业融资对接活动 is not when it was held."""
    starts = [start for start, _ in names]
    kept = []
    for dated in found:
        at = bisect_right(starts, dated.start) - 1
        if at < 0 or names[at][1] < dated.end:
            kept.append(dated)
    return kept


def _days(period: Period) -> int:
    if period.start is None or period.end is None:
        return 0
    return (period.end - period.start).days + 1


def _lasts(period: Period) -> bool:
    """Whether the period is a statistic's (a quarter, some months, a year) and so may hold for what follows."""
    return _days(period) > _SHORT + 1


def _spread(text: str, figure: Figure, before: list[Dated]) -> Period | None:
    """从2017年的…到2024年的…，年均增长9%: the growth is that of both periods together."""
    if figure.kind not in ("share", "multiple") or len(before) < 2:
        return None
    first, last = before[-2], before[-1]
    if not _MEAN.search(text, last.end, figure.start) or not _FROM.search(text, max(0, first.start - 2), first.start):
        return None
    ends: list[date | None] = [first.period.start, last.period.end]
    if None in ends:
        return None
    return Period(ends[0], ends[1], f"{first.period.label}至{last.period.label}", last.period.basis)


_MEAN: Final = re.compile(r"年均|年平均|复合")
_FROM: Final = re.compile(r"从|由")
