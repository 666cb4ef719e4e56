"""Text → Figures, every printed quantity with its value, unit, kind and bound; and whether two Figures agree.

One finder reads pages and answers, Chinese and English: 超100.13亿元, 近六成, 20多万平方米, 翻一番, 3500万至5000万元
(two figures), ``about 2.4 million guitars``. What names a thing or a time is no figure: dates, 5G, 第三批, “30条”,
六大基地, 十四五.

    >>> [(f.text, f.value, f.unit, f.bound.value) for f in find("年产约240万把，占七分之一以上")]
    [('约240万把', Decimal('2400000'), '把', 'about'), ...]

How a value is told: 多, 余 and 超 are MORE_THAN, 近 and 左右 are ABOUT, 上亿元 is AT_LEAST, 48小时内 is AT_MOST; 达
and 高达 say nothing. A share is in %, whether printed 四成, 一半, 七分之一 or 40%; 翻一番 is 2 倍. What has no value is
left out: 几千元, 数百家, 三五天.
"""

from assistant import numerals
from assistant.figures.bounds import bind
from assistant.figures.compare import convert, place, same
from assistant.figures.draft import BARE, RANKED, SHARE, plain
from assistant.figures.ranges import share_bounds, share_classifiers, share_units
from assistant.figures.scan import drafts
from assistant.figures.wording import render
from assistant.records import Figure

__all__ = ["BARE", "RANKED", "SHARE", "convert", "find", "place", "render", "same"]


def find(text: str) -> tuple[Figure, ...]:
    """Every quantity in the text, in order. ``text[f.start:f.end] == f.text`` holds for each.

    Time grows with the length of the text and no faster: each number is read once, and only a fixed window around it.
    """
    folded = numerals.fold(text)
    read = list(drafts(folded))
    share_units(folded, read)
    share_classifiers(folded, read)
    floor = -1
    for draft in read:
        if not draft.refused and draft.unit is not None:
            bind(folded, draft, draft.unit, floor)
        floor = max(draft.end, draft.unit_end)
    share_bounds(folded, read)
    found: list[Figure] = []
    previous_end = 0
    for draft in read:
        if draft.refused or draft.unit is None or draft.start < previous_end:
            continue
        previous_end = draft.end
        found.append(
            Figure(
                text=text[draft.start : draft.end],
                value=plain(draft.value),
                unit=draft.unit.name,
                kind=draft.unit.kind,
                bound=draft.bound,
                start=draft.start,
                end=draft.end,
            )
        )
    return tuple(found)
