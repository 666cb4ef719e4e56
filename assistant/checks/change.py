"""Claims of one story in, doubts about change out: a direction that is wrong, a growth that does not follow."""

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Final

from assistant.checks.doubt import Sentence, Values, alike, amount, base, found, reading, unequal
from assistant.records import Account, Suspicion

_UP: Final = "提升|提高|增长|增加|扩大|跃升|攀升|上升|发展|裂变|增|升|扩|拓展|壮大"


_DOWN: Final = "下降|降低|减少|压缩|缩短|缩减|回落|下滑|降|减|缩"


_MOVED: Final = re.compile(
    rf"[^。；]{{0,16}}?(?:(?P<up>{_UP})|(?P<down>{_DOWN}))了?(?:到了?|至|为)[^。，；0-9]{{0,10}}(?:[0-9]{{4}}年[^。，；0-9]{{0,6}})?"
)


def direction(account: Account, rows: tuple[Sentence, ...]) -> Iterator[Suspicion]:
    """从甲提升到乙 with 乙 below 甲, or 从甲降到乙 with 乙 above."""
    for row in rows:
        for one, other in pairwise(row.claims):
            between = account.text[one.figure.end : other.figure.start]
            moved = _MOVED.fullmatch(between)
            before = account.text[max(row.start, one.figure.start - 12) : one.figure.start]
            if not moved or not re.search("[从由]", before) or re.search("下降|负|-|亏", before):
                continue
            (measure, first), (like, last) = base(one), base(other)
            if measure != like or (one.figure.kind in ("rank", "temperature", "duration") and moved["up"]):
                continue
            if (moved["up"] and last < first) or (moved["down"] and last > first):
                word = moved["up"] or moved["down"]
                rises = bool(moved["up"])
                doubt = reading(one, last * _UNDER) if rises else reading(other, first * _UNDER)
                # where a point put back mends it, the figure that lost it is doubted, else both
                doubted, rest = ((one,), (other,)) if rises else ((other,), (one,))
                yield found(
                    account,
                    "direction",
                    f"文称“{word}”，而前后两数方向相反",
                    f"{one.figure.text}{'>' if rises else '<'}{other.figure.text}",
                    doubt,
                    *(doubted if doubt else (one, other)),
                    against=rest if doubt else (),
                )
                continue
            small, large = (one, other) if first < last else (other, one)
            if (
                not min(first, last) > 0
                or max(first, last) / min(first, last) < _LEAP
                or (one.figure.kind == "share" and large.figure.value <= 100)
            ):
                continue
            if (
                "." in small.figure.text
                and "." not in large.figure.text
                and re.search("[1-9]$|[1-9](?=[^0-9]*$)", large.figure.text)
            ):
                low = min(first, last)
                ratio = amount(max(first, last) / low)
                yield found(
                    account,
                    "leap",
                    "前后两数一有小数、一无小数，而相差悬殊",
                    f"{large.figure.text}÷{small.figure.text}={ratio}倍",
                    reading(large, low * 10),
                    large,
                    against=(small,),
                )


_LEAP: Final = (
    20  # times: a pair further apart, one with decimals and one without, has lost a point more likely than grown
)


_UNDER = Fraction(999, 1000)  # a little less than a figure, where it must be less and not the same


def growth(account: Account, rows: tuple[Sentence, ...]) -> Iterator[Suspicion]:
    """从甲到乙，年均增长丙: the growth recomputed, with room for rounding and for a year more or less."""
    for row in rows:
        for one, other, rate in zip(row.claims, row.claims[1:], row.claims[2:], strict=False):
            if rate.figure.unit != "%" or base(one)[0] != base(other)[0] or one.figure.kind in ("share", "points"):
                continue
            between = account.text[other.figure.end : rate.figure.start]
            if not re.fullmatch(
                r"[^。；]{0,6}?[，、]?(?:年均|年平均|平均每年|累计|同比)?(?:复合)?(?:增长|增速|增幅|提高)率?(?:达到?|为|约|超过?)?",
                between,
            ):
                continue
            if "终点" not in other.comparison or base(one)[1] <= 0:
                continue
            ratio = float(base(other)[1] / base(one)[1])
            printed = float(rate.figure.value) / 100
            years = 1
            if "年均" in between or "平均" in between:
                if one.period.end is None or other.period.end is None:
                    continue
                years = other.period.end.year - one.period.end.year
                options = [n for n in (years, years - 1, years + 1) if n > 0]
                values = [ratio ** (1 / n) - 1 for n in options]
                shown = f"({other.figure.text}÷{one.figure.text})^(1/{years})−1" if years > 0 else ""
            else:
                values, shown = [ratio - 1], f"{other.figure.text}÷{one.figure.text}−1"
            if (
                not values
                or not shown
                or min(abs(value - printed) for value in values) <= max(0.012, 0.08 * abs(printed))
            ):
                continue
            yield unequal(
                account,
                "growth",
                f"按前后两数复算，增幅与所印{rate.figure.text}不符",
                f"{shown}={values[0] * 100:.1f}%，不是{rate.figure.text}",
                (one, other, rate),
                lambda three, years=years: _grows(three, years),  # type: ignore[misc]
            )


def _grows(values: Values, years: int) -> bool:
    """Whether the first grows to the second at the third's rate, in per cent a year, rounded."""
    first, last, rate = map(float, values)
    if min(first, last, years) <= 0:
        return False
    value = (float((last / first) ** (1 / years)) - 1) * 100
    return abs(value - rate) <= max(_PLACE, _EXACT * abs(rate))


_PLACE: Final = 0.06  # points by which a rate of one decimal is rounded
_EXACT: Final = 0.005  # share by which a rate recomputed from rounded values is off


def increase(account: Account, rows: tuple[Sentence, ...]) -> Iterator[Suspicion]:
    """达甲，比上年增加乙，增长丙: 乙 ÷ (甲 − 乙) is 丙."""
    for row in rows:
        for one, more, rate in zip(row.claims, row.claims[1:], row.claims[2:], strict=False):
            if rate.figure.unit != "%" or base(one)[0] != base(more)[0] or one.figure.kind in ("share", "points"):
                continue
            first = account.text[one.figure.end : more.figure.start]
            second = account.text[more.figure.end : rate.figure.start]
            if not re.fullmatch(
                r"[，,](?:同比|比上年同?期?|较上年同?期?|比去年同?期?|较去年同?期?|净|共)*(?:增加|增长|增收|新增|净增)(?:了|约)?",
                first,
            ):
                continue
            if not re.fullmatch(r"[，,、](?:同比)?(?:增长|增幅|增速)(?:率)?(?:达到?|为|约)?", second):
                continue
            whole, part = base(one)[1], base(more)[1]
            if whole <= part:
                yield found(
                    account,
                    "part-above-whole",
                    "增加额不小于增加后的总额",
                    f"{more.figure.text}≥{one.figure.text}",
                    reading(more, whole * _UNDER),
                    more,
                    against=(one,),
                )
                continue
            value = float(part / (whole - part))
            if abs(value - float(rate.figure.value) / 100) > max(0.012, 0.08 * value):
                yield unequal(
                    account,
                    "growth",
                    f"按增加额复算，增幅与所印{rate.figure.text}不符",
                    f"{more.figure.text}÷({one.figure.text}−{more.figure.text})={value * 100:.1f}%",
                    (one, more, rate),
                    lambda three: _grows((three[0] - three[1], three[0], three[2]), 1),
                )


def rhythm(account: Account, rows: tuple[Sentence, ...]) -> Iterator[Suspicion]:
    """The same output a day, a month and a year: they agree within a factor of five."""
    days = {"每天": 30, "每月": 1}
    every = [
        (c, days[word])
        for row in rows
        for c in row.claims
        for word in c.comparison.split()
        if word in days and "点" not in c.comparison and c.figure.kind in ("count", "mass")
    ]
    for at, (one, per) in enumerate(every):
        for other, like in every[at + 1 :]:
            if (
                per == like
                or base(one)[0] != base(other)[0]
                or one.subject != other.subject
                or one.period != other.period
                or not alike(one.metric, other.metric)
            ):
                continue
            ratio = base(one)[1] * per / (base(other)[1] * like)
            if ratio > 5 or ratio < Fraction(1, 5):
                yield found(
                    account,
                    "rhythm",
                    "日产与月产相差悬殊",
                    f"{one.figure.text}与{other.figure.text}，折成同期相差{amount(max(ratio, 1 / ratio))}倍",
                    "",
                    one,
                    other,
                )
