"""Claims of many stories in, doubts about those that do not go together out, in time that grows as the claims do.

Every check puts the claims that it is about under keys (subject, metric, period) and compares within a key alone. What
many stories print is taken once, by its value, so a figure that a thousand pages repeat costs no more than one.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Final

from assistant import periods
from assistant.aliases import Aliases
from assistant.checks.doubt import NUMBER, alike, amount, base, decimals, reading
from assistant.records import Bound, Claim, Suspicion, Told
from assistant.relations import (
    FLOWS,
    SHORTEST,
    Subjects,
    counted,
    flow,
    is_flow,
    metric_key,
    one_measure,
    relation,
    whose,
)

Comparison = Callable[[Sequence[Told], Subjects, Aliases], Iterator[Suspicion]]

_YEAR: Final = 360  # days of the shortest period that is a whole year
_LEAP_YEAR: Final = 400  # days of the longest that is no more than one
_HALF: Final = 190  # days of the longest that is a half year
_MONTH: Final = 31
_FAR: Final = 5  # times that one year's figure of a firm may be another's
_COMPARABLE: Final = frozenset(("money", "mass", "count", "energy", "power", "area", "volume", "share", "compute"))
_TENFOLD: Final = (10, 100, 1000)
_VALUES: Final = 5  # values of one claim: with more, the words do not tell what is claimed (a list, a table)
_MANY: Final = 64  # metrics under one key that are compared word by word; with more, only those that are equal


def suspicions(every: Sequence[Told], aliases: Aliases) -> Iterator[Suspicion]:
    """Whatever the comparisons find, in the order of ``COMPARISONS``."""
    subjects = Subjects((told.claim.subject for told in every), aliases)
    for comparison in COMPARISONS:
        yield from comparison(every, subjects, aliases)


def short_above_year(every: Sequence[Told], subjects: Subjects, aliases: Aliases) -> Iterator[Suspicion]:
    """A quarter above its year, or far above the year before: flows only."""
    del aliases
    flows = [told for told in every if is_flow(told.claim) and whose(told.claim)]
    wholes: dict[tuple[str, str, str, int], dict[tuple[object, ...], Told]] = {}
    for told in flows:
        claim, days = told.claim, _days(told.claim)
        if days is None or claim.period.end is None or days > _LEAP_YEAR:
            continue
        of = wholes.setdefault((subjects.key(claim.subject), base(claim)[0], flow(claim), claim.period.end.year), {})
        key = (metric_key(claim.metric), claim.period.start, claim.period.end)
        # of several values the largest: if that is above the part, the others are what is wrong
        if key not in of or base(of[key].claim)[1] < base(claim)[1]:
            of[key] = told
    for told in flows:
        days = _days(told.claim)
        if days is None or days > _HALF:
            continue
        whole = next((w for w in _wholes(told, subjects, wholes) if _above(told.claim, days, w.claim)), None)
        if whole is not None:
            yield _part(told, whole)


def _wholes(
    part: Told, subjects: Subjects, wholes: dict[tuple[str, str, str, int], dict[tuple[object, ...], Told]]
) -> Iterator[Told]:
    """The claims of the same measure for a longer period, of the part's subject or of what bears it."""
    claim = part.claim
    year = claim.period.end.year if claim.period.end else 0
    for key in subjects.wholes(claim.subject):
        for near in (year, year - 1, year + 1):
            of = wholes.get((key, base(claim)[0], flow(claim), near), {})
            many = len(of) > _MANY
            for whole in of.values():
                same = metric_key(whole.claim.metric) == metric_key(claim.metric)
                if same or (not many and one_measure(claim, whole.claim)):
                    yield whole


def _above(part: Claim, days: int, whole: Claim) -> bool:
    long = _days(whole) or 0
    if long <= days + 20 or base(whole)[1] <= 0:
        return False
    inside = periods.contains(whole.period, part.period)
    if inside:
        return base(part)[1] > base(whole)[1] * _ROUNDED and whole.figure.bound not in (Bound.AT_LEAST, Bound.MORE_THAN)
    return long >= _YEAR and base(part)[1] > base(whole)[1] * _GROWN


_ROUNDED: Final = Fraction(101, 100)  # times that a part may be its whole where both are rounded
_GROWN: Final = Fraction(6, 5)  # times that a part of a year may be the whole of the year before, or after


def _part(told: Told, whole: Told) -> Suspicion:
    part, against = told.claim, whole.claim
    inside = periods.contains(against.period, part.period)
    text = (
        f"{periods.absolute(part.period)}之数大于{periods.absolute(against.period)}全期之数，部分不应大于整体"
        if inside
        else f"{periods.absolute(part.period)}之数远大于{periods.absolute(against.period)}全年之数"
    )
    sides = (f"{side.figure.text}（{periods.absolute(side.period)}）" for side in (part, against))
    shown = ">".join(sides)
    return _suspicion("part-above-whole", text, shown, reading(part, base(against)[1]), told, against=(whole,))


def same_claim(every: Sequence[Told], subjects: Subjects, aliases: Aliases) -> Iterator[Suspicion]:
    """The same subject, metric and period with another value: each other value against the one that most print."""
    by_key: dict[tuple[object, ...], list[Told]] = {}
    for told in every:
        claim = told.claim
        if claim.sure and claim.figure.kind in _COMPARABLE and whose(claim) and _certain(told):
            when = (claim.period.start, claim.period.end)
            key = (subjects.key(claim.subject), metric_key(claim.metric), base(claim)[0], counted(claim), when)
            by_key.setdefault(key, []).append(told)
    for rows in by_key.values():
        values: dict[Fraction, list[Told]] = {}
        for told in rows:
            values.setdefault(base(told.claim)[1], []).append(told)
        if not 1 < len(values) <= _VALUES:
            continue
        first, *others = sorted(values.values(), key=lambda like: -len({told.file for told in like}))
        for like in others:
            pair = next((pair for pair in _pairs(first, like) if _conflict(*pair, aliases)), None)
            if pair is not None:
                yield _other_value(*pair)


def _pairs(first: Sequence[Told], other: Sequence[Told]) -> Iterator[tuple[Told, Told]]:
    """A few pairs of tellings: of two stories if there are two, else of one."""
    head = first[0]
    apart = next((told for told in other if told.story != head.story), None)
    if apart is not None:
        yield head, apart
    elsewhere = next((told for told in first if told.story != other[0].story), None)
    if elsewhere is not None:
        yield elsewhere, other[0]
    yield head, other[0]


def _conflict(one: Told, other: Told, aliases: Aliases) -> bool:
    if relation(one.claim, other.claim, aliases) != "conflict" or one.sentence == other.sentence:
        return False
    if one.story == other.story and not (
        FLOWS.search(one.claim.metric) and all(told.claim.subject in told.sentence for told in (one, other))
    ):
        return False  # a list's items, whose difference neither metric nor subject caught
    return "起点" not in one.claim.comparison + other.claim.comparison


def _other_value(one: Told, other: Told) -> Suspicion:
    claim = one.claim
    small, large = sorted((base(claim)[1], base(other.claim)[1]))
    tenfold = large / (small or 1) in _TENFOLD
    text = f"同一主体、同一指标、同一时期，所印不同（{claim.subject}·{claim.metric}·{periods.absolute(claim.period)}）"
    doubt = "两数恰差十的整倍，疑有小数点脱落" if tenfold else "孰是孰非，页面未说明"
    shown = f"{claim.figure.text}≠{other.claim.figure.text}"
    return _suspicion("power-of-ten" if tenfold else "conflict", text, shown, doubt, one, other)


def _certain(told: Told) -> bool:
    """Whether a conflict may rest on the claim: its period printed or a statistic's, its metric no bare verb."""
    claim = told.claim
    if claim.period.start is None or claim.period.end is None or told.date == claim.period.label:
        return False
    if (
        claim.figure.kind == "points"
        or re.match("降幅|涨幅|增幅|增速|增长|占|同比|环比", claim.metric)
        or "、" in claim.subject
    ):
        return False  # 降幅扩大0.1个百分点: of what is not in the clause
    return len(metric_key(claim.metric)) > SHORTEST and "预计" not in claim.comparison


def magnitude(every: Sequence[Told], subjects: Subjects, aliases: Aliases) -> Iterator[Suspicion]:
    """A firm's or park's output many times what other stories print of it, a year or two apart."""
    del aliases
    groups: dict[tuple[str, str], list[Told]] = {}
    for told in every:
        claim = told.claim
        if is_flow(claim) and claim.figure.kind == "money" and "产值" in claim.metric and whose(claim):
            if "起点" in claim.comparison or base(claim)[1] <= 0:
                continue
            groups.setdefault(("name", subjects.key(claim.subject)), []).append(told)
            if brand := subjects.brand(claim.subject):
                groups.setdefault(("brand", brand), []).append(told)
    for rows in groups.values():
        distinct = {(metric_key(t.claim.metric), t.claim.period, base(t.claim)[1], t.story): t for t in rows}
        kept = sorted(distinct.values(), key=lambda told: base(told.claim)[1])
        if len(kept) > _MANY:
            continue  # a name that so many print differently is not one firm's
        for big in kept:
            # held against the largest of the others: one that is near bears the figure out
            near = [small for small in kept if _of_one_thing(big, small)]
            if near and base(big.claim)[1] > base(near[-1].claim)[1] * _FAR:
                yield _far_apart(big, near[-1])


def _of_one_thing(big: Told, small: Told) -> bool:
    one, other = big.claim, small.claim
    if big.story == small.story or base(other)[1] >= base(one)[1] or not one_measure(one, other, 2):
        return False
    if one.period.end is None or other.period.end is None or abs(one.period.end.year - other.period.end.year) > 2:
        return False
    if "集团" in one.subject and "集团" not in other.subject:
        return False  # a group is larger than its firms
    short, long = sorted((_days(claim) or 0) for claim in (one, other))
    return not (_MONTH < short <= _HALF < long)  # a quarter and a year: the other check's


def _far_apart(big: Told, small: Told) -> Suspicion:
    one, other = big.claim, small.claim
    text = f"{one.subject}的{one.metric}，他处所印小得多（名称、年份相近，口径或有不同）"
    shown = f"{one.figure.text}÷{other.figure.text}={amount(base(one)[1] / base(other)[1])}倍"
    return _suspicion("magnitude", text, shown, reading(one, base(other)[1] * 2), big, against=(small,))


def other_years(every: Sequence[Told], subjects: Subjects, aliases: Aliases) -> Iterator[Suspicion]:
    """An indicator without decimals that is ten or a hundred times what all other stories print of it with them."""
    del aliases
    groups: dict[tuple[object, ...], list[Told]] = {}
    for told in every:
        claim = told.claim
        if claim.sure and whose(claim) and claim.figure.kind in _COMPARABLE and base(claim)[1] > 0 and _certain(told):
            key = (subjects.key(claim.subject), metric_key(claim.metric), base(claim)[0], counted(claim))
            groups.setdefault(key, []).append(told)
    for rows in groups.values():
        if len(rows) < 2 or len(rows) > _MANY:
            continue
        for big in rows:
            if decimals(big.claim) or not re.search("[1-9][0-9]+[1-9]", big.claim.figure.text):
                continue
            others = [told for told in rows if told.story != big.story and _close_in_time(told.claim, big.claim)]
            fine = [told for told in others if decimals(told.claim)]
            if fine and all(_lost(big.claim, told.claim) for told in others):
                text = f"{big.claim.subject}的{big.claim.metric}，他处所印都带小数而小得多（时间或有不同）"
                shown = f"{big.claim.figure.text}÷{fine[0].claim.figure.text}={_times(big.claim, fine[0].claim)}倍"
                doubt = reading(big.claim, base(fine[0].claim)[1] * _NEAR_YEARS, base(fine[0].claim)[1] / _NEAR_YEARS)
                yield _suspicion("magnitude", text, shown, doubt, big, against=(fine[0],))


def _lost(big: Claim, small: Claim) -> bool:
    """Whether a point put back in ``big`` brings it near ``small``, from which it is far as printed."""
    if base(big)[1] < base(small)[1] * _TEN_TIMES:
        return False
    return any(1 / _NEAR_YEARS <= base(big)[1] / power / base(small)[1] <= _NEAR_YEARS for power in _TENFOLD)


def _times(big: Claim, small: Claim) -> str:
    return amount(base(big)[1] / base(small)[1])


def _close_in_time(one: Claim, other: Claim) -> bool:
    days = [_days(claim) or 0 for claim in (one, other)]
    ends = [claim.period.end for claim in (one, other)]
    if ends[0] is None or ends[1] is None or min(days) * 5 < max(days) * 4:
        return False
    return abs(ends[0].year - ends[1].year) <= 2


_TEN_TIMES: Final = 8  # times beyond which two years of one indicator differ by a point more likely than by growth
_NEAR_YEARS: Final = Fraction(8, 5)  # times that one year's indicator may be another's


def same_digits(every: Sequence[Told], subjects: Subjects, aliases: Aliases) -> Iterator[Suspicion]:
    """The same row of digits before the same unit in another story, with a point there and without one here."""
    del aliases
    groups: dict[tuple[str, str], list[Told]] = {}
    for told in every:
        number = NUMBER.search(told.claim.figure.text)
        digits = re.sub("[.,]", "", number.group()).strip("0") if number else ""
        if number and len(digits) >= _DIGITS and told.claim.figure.kind in _COMPARABLE:
            groups.setdefault((digits, told.claim.figure.text[number.end() :]), []).append(told)
    for rows in groups.values():
        fine = [told for told in rows if decimals(told.claim)]
        for large in rows if len(fine) <= _MANY else ():
            if decimals(large.claim):
                continue
            small = next((told for told in fine if _one_quantity(large, told, subjects)), None)
            if small is not None:
                text = "他处所印数字全同而有小数点，此处疑脱落"
                shown = f"{large.claim.figure.text}÷{small.claim.figure.text}={_times(large.claim, small.claim)}倍"
                doubt = f"疑为{small.claim.figure.text}"
                yield _suspicion("power-of-ten", text, shown, doubt, large, against=(small,))


_DIGITS: Final = 4  # digits of the shortest number that two stories do not share by chance, where metric or subject do


def _one_quantity(large: Told, small: Told, subjects: Subjects) -> bool:
    one, other = large.claim, small.claim
    if large.story == small.story or base(other)[1] <= 0 or base(one)[1] / base(other)[1] not in _TENFOLD:
        return False
    key = metric_key(one.metric)
    same = len(key) > SHORTEST and key == metric_key(other.metric)
    return same or (subjects.key(one.subject) == subjects.key(other.subject) and alike(one.metric, other.metric))


def last_year(every: Sequence[Told], subjects: Subjects, aliases: Aliases) -> Iterator[Suspicion]:
    """A value and its growth against the value that is printed for the year before."""
    del aliases
    rates: dict[tuple[str, str, str], list[Told]] = {}
    values: dict[tuple[object, ...], list[Told]] = {}
    for told in every:
        claim = told.claim
        if claim.figure.unit == "%" and claim.metric.endswith("增速") and claim.sure:
            rates.setdefault((told.story, claim.passage_id, claim.metric), []).append(told)
        elif claim.figure.bound is Bound.EXACT and whose(claim) and is_flow(claim):
            values.setdefault(_when(claim, subjects, 0), []).append(told)
    for told in (told for rows in values.values() for told in rows):
        claim = told.claim
        near = rates.get((told.story, claim.passage_id, claim.metric + "增速"), [])
        own = next((rate for rate in near if _is_growth_of(rate.claim, claim)), None)
        if own is None or own.claim.figure.value <= -100:
            continue
        before = base(claim)[1] / (1 + Fraction(own.claim.figure.value) / 100)
        printed = values.get(_when(claim, subjects, 1), [])
        # borne out by one, it is not belied by another
        if not printed or any(_near(before, other.claim) for other in printed):
            continue
        other = printed[0]
        shown = f"{claim.figure.text}÷(1+{own.claim.figure.text})={amount(before)}，另处印{other.claim.figure.text}"
        text = f"按所印增速倒推{periods.absolute(other.claim.period)}之数，与所印不符（口径或基数修订亦可致此）"
        yield _suspicion("growth", text, shown, "", told, own, against=(other,))


def _when(claim: Claim, subjects: Subjects, back: int) -> tuple[object, ...]:
    """The key of the claim of as many years before."""
    start, end = claim.period.start, claim.period.end
    days = (
        (start.year - back, start.month, start.day) if start else None,
        (end.year - back, end.month) if end else None,
    )
    return subjects.key(claim.subject), metric_key(claim.metric), base(claim)[0], days


def _near(value: Fraction, claim: Claim) -> bool:
    return abs(value - base(claim)[1]) <= base(claim)[1] * _REVISED


_REVISED: Final = Fraction(15, 100)  # share by which a base year is revised at most, seen in statistical bulletins


def _is_growth_of(rate: Claim, value: Claim) -> bool:
    if rate.subject != value.subject or rate.period != value.period:
        return False
    return (
        bool({"同比", "较上年"} & set(rate.comparison.split())) and 0 < rate.figure.start - value.figure.end < _BESIDE
    )


_BESIDE: Final = 16  # letters between a value and the growth printed with it

COMPARISONS: Final[tuple[Comparison, ...]] = (
    short_above_year,
    same_claim,
    magnitude,
    other_years,
    same_digits,
    last_year,
)
"""Every comparison of stories, in the order in which they are made."""


def _days(claim: Claim) -> int | None:
    if claim.period.start is None or claim.period.end is None:
        return None
    return (claim.period.end - claim.period.start).days + 1


def _suspicion(
    kind: str, text: str, arithmetic: str, doubt: str, *told: Told, against: tuple[Told, ...] = ()
) -> Suspicion:
    quoted = tuple(dict.fromkeys((one.file, one.sentence) for one in (*told, *against)))
    claims, witnesses = (tuple(one.claim for one in side) for side in (told, against))
    return Suspicion(kind, text, arithmetic, doubt, claims, witnesses, quoted)
