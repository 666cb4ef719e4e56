"""A draft's date and the sources in, the printed dates that bear it out.

A date is borne by the same one, by one within it (2014年9月 by 9月5日 of a page of 2014), or by the page's own.
Where the draft has no date, each page's own tells which year its 9月5日 is of.
"""

import re
from collections.abc import Iterator
from typing import Final

from assistant import periods
from assistant.check.marks import Mark, numbers
from assistant.check.sources import TITLE, Printed, Sources
from assistant.records import Basis, Period

_STRETCH: Final = re.compile(r"近|过去|未来|今后|此前|[年月天周]来|last|past|next")

_RANGE: Final = re.compile(r"[0-9一二三四五六七八九十年月日号][至到—–~～-]")  # 2024年4月到今年2月: both ends are told


def bearing(mark: Mark, sources: Sources, date: str = "") -> tuple[Printed, ...]:
    """Where the sources print the date; ``date`` is the draft's own, ISO."""
    if _STRETCH.search(mark.text):
        return tuple(_stretches(mark, sources)) or tuple(sources.literal(mark.text))
    found = tuple(_found(mark, sources, date))
    if found or (date and _resolved(mark, date)):
        return (
            found  # 3月1日 of a draft of 2026 is another than that of a page of 2025, though the letters are the same
        )
    return tuple(sources.literal(mark.text))


def _stretches(mark: Mark, sources: Sources) -> Iterator[Printed]:
    """A length that ends today (近3年, 25年来) is no calendar's: another of the same length bears it."""
    for own in numbers(mark.text):
        for one in sources.numbered(own.numbers):
            if own.after and one.mark.after == own.after:
                yield one


def _found(mark: Mark, sources: Sources, date: str) -> Iterator[Printed]:
    by_day: dict[str, Period | None] = {}
    pages: dict[str, Period] = {}

    def stated(page_date: str) -> Period | None:
        day = date or page_date
        if day not in by_day:
            by_day[day] = _resolved(mark, day)
        return by_day[day]

    for one in sources.dates:
        held = stated(sources.passages[one.passage].source.date[:10])
        if one.mark.dated and held and falls(held, one.mark.dated.period):
            yield one
    for at, passage in enumerate(sources.passages):
        held, day = stated(passage.source.date[:10]), passage.source.date[:10]
        if day not in pages:
            pages[day] = periods.of_page(day)
        if held and _of_page(held, pages[day]):
            yield Printed(mark, at, TITLE)


def _resolved(mark: Mark, page_date: str) -> Period | None:
    """The days of the draft's date by a page's date; None where they are not told."""
    if mark.dated is not None and mark.dated.period.basis is Basis.PRINTED:
        return mark.dated.period
    found = next(iter(periods.find(mark.text, page_date)), None)
    return found.period if found and (found.period.start or found.period.end) else None


def falls(stated: Period, printed: Period) -> bool:
    """Whether the printed period is the stated one, or within it; one that is open at an end, the same end."""
    if stated.start is None or stated.end is None:
        known = (stated.start, printed.start) if stated.start else (stated.end, printed.end)
        return known[0] is not None and known[0] == known[1]
    if _RANGE.search(stated.label) and printed.start and printed.end:
        return (stated.start, stated.end) == (printed.start, printed.end)
    if printed.start == stated.start and (printed.end is None or stated.label.endswith("来")):
        return True  # 1981年以来 ends with the page's day
    return periods.contains(stated, printed)


def _of_page(stated: Period, page: Period) -> bool:
    """Whether the page's own date bears the draft's: 2015年以来 of a page of 2015."""
    if stated.start is not None and stated.end is None and page.start is not None:
        return (stated.start.month, stated.start.day) == (1, 1) and stated.start.year == page.start.year
    return falls(stated, page)
