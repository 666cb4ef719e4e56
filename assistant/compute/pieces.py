"""Reckonings of a piece: what each costs, makes or holds, one figure over another of another unit."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Final

from assistant import figures, units
from assistant.arithmetic import bare
from assistant.compute.covering import LEAST_PART, NO_SIZE, covers, union
from assistant.compute.fitting import alike
from assistant.compute.operands import Operand, Side
from assistant.compute.rates import RATES, rate, spread
from assistant.compute.sides import Joined, Printed, Room, Unclear, admits, only
from assistant.compute.worked import Worked, chained, solve

_APART: Final = 0.15  # the margin for what is divided: 90吨 planned and 70吨 built stand in one sentence


def average(room: Room) -> Worked | None:
    """平均每斤多少钱: 600元 over 200斤. Raises Printed where the page prints what a piece costs (每吨30至50元)."""
    asked, side = room.asked, room.side()
    per = units.UNITS.get(asked.per)
    if per is None:
        return None
    if per.kind == "duration":
        return spread(room)
    below = units.measure(asked.per, per.kind)[0]
    fits = admits(asked.unit) if asked.unit else _is_money
    uppers = [one for one in room.pool if fits(one) and one.figure.kind not in (*NO_SIZE, "duration")]
    if any(_each(one) and covers(side, one, room) is not None for one in uppers):
        raise Printed
    lowers = [
        one
        for one in room.pool
        if units.measure(one.figure.unit, one.figure.kind)[0] == below
        and one.figure.value
        and not _each(one, asked.per)
    ]
    ways = list(_divided(side, uppers, lowers, room))
    joined = only(ways)
    if joined is None:
        return None
    up, low = joined.found
    beside = [way for way in ways if way.found[0] == up and way.found[1].start == low.start]
    near = [way for way in beside if joined.score - way.score < _APART]
    parts = tuple(dict.fromkeys(way.found[1] for way in near))
    if len({part.figure.value for part in parts}) < 2:
        parts = (low,)
    elif not _TOTAL.search(f"{up.claim.comparison} {up.before}"):
        raise Unclear(tuple(near))
    below_line = bare(low.figure) if len(parts) == 1 else f"（{chained('+', parts)}）"
    solved = solve(f"{bare(up.figure)}÷{below_line}", f"{up.figure.unit}/{asked.per}", up, *parts)
    head, english = f"平均每{asked.per}{{}}", f"For each {_english(asked.per)} {{}}"
    return Worked(solved, (up, *parts), head, english) if solved else None


_TOTAL: Final = re.compile(r"累计|合计|共|总")  # of all that the sentence lists: 甲5辆、乙7辆，累计销售额60万元


def _divided(side: Side, uppers: list[Operand], lowers: list[Operand], room: Room) -> Iterator[Joined]:
    """Each pair of what may be divided by what, of one story and one stretch of time."""
    each = re.search(rf"每一?{re.escape(room.asked.per)}(?P<noun>[^\d，。的产]{{2}})", room.asked.context)
    counted = each["noun"] if each else ""
    for up, low in product(uppers, lowers):
        if up.place == low.place or up.passage.story_id != low.passage.story_id:
            continue
        asked_pace = rate(up) and rate(up).removeprefix("个") in room.asked.context and not rate(low)
        if {rate(up), rate(low)} - {"", "年"} and rate(up) != rate(low) and not asked_pace:
            continue  # a year's worth over a month's pieces
        given = any(figures.same(figure, up.figure, bounds=False) for figure in side.given)
        beside = given and (up.passage.id, up.start) == (low.passage.id, low.start)
        # the workers of today made last year's shoes: that the times differ is told beside it
        loose = replace(side, strict=False)
        one = covers(side, up, room)
        other = covers(loose, low, room, counted, 0.0 if beside else LEAST_PART)
        if one is not None and other is not None:
            score = union(side, (up, low), room) + alike(up, low, room.lexicon) + 0.2 * (one + other)
            yield Joined(score, (side,), (up, low))


def _is_money(operand: Operand) -> bool:
    return operand.figure.kind == "money"


def _each(operand: Operand, but: str = "") -> bool:
    """Whether the figure is already of one piece or one day (每吨300元, 人均2万元)."""
    counted = operand.claim.comparison.split()
    told = {word for word in counted if word.startswith("每") or word in ("人均", "户均", "亩均")}
    return bool(told - {*RATES, f"每{but}"})


def _english(unit: str) -> str:
    return units.ENGLISH.get(unit, unit).removesuffix("s")
