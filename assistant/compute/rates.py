"""Reckonings over time: how long a stock lasts, what a rate makes in a month, what a year's is a month."""

import re
from dataclasses import replace
from typing import Final

from assistant import arithmetic, figures
from assistant.arithmetic import Solved, bare
from assistant.compute import words
from assistant.compute.covering import NO_SIZE, covers
from assistant.compute.operands import Operand
from assistant.compute.sides import Joined, Printed, Room, admits, one_measure, only
from assistant.compute.worked import Worked, solve
from assistant.records import Bound, Figure

RATES: Final = {"每天": "天", "每日": "天", "每月": "个月", "每年": "年", "每小时": "小时", "每周": "周"}
_RATE_BEFORE: Final = re.compile(
    r"(?P<unit>日|月|年)(?:均|产|供|处理|消)[^，。；]{0,8}$|[每一全](?:个)?(?P<each>天|日|月|年|小时|周)(?!前|后|来|度|内)[^，。；]{0,12}$"
)
_RATE_AHEAD: Final = re.compile(
    r"每(?:个)?(?P<each>天|日|月|年)(?:(?!(?:19|20)\d\d年|[今去]年|累计|已|目前|[今去]后?|其中|[。；]).){1,36}$"
)
_LENGTHS: Final = {
    ("天", "个月"): 30,
    ("天", "年"): 365,
    ("个月", "年"): 12,
    ("天", "周"): 7,
    ("个季度", "年"): 4,
    ("小时", "天"): 24,
}


def rate(operand: Operand) -> str:
    """The time that the figure is of, empty where it is of none: 每天50吨, 日供电量90万千瓦时."""
    for word in operand.claim.comparison.split():
        if word in RATES:
            return RATES[word]
    if found := _RATE_BEFORE.search(operand.before):
        return words.time_unit(found["unit"] or found["each"])
    # 每年可利用瓦斯5万立方米，发电9万度: the second is of a year too
    spread = _RATE_AHEAD.search(operand.passage.text, operand.start, operand.figure.start)
    return words.time_unit(spread["each"]) if spread else ""


def lasts(room: Room) -> Worked | None:
    """A够B用几天: a stock over a rate."""
    splits = [split for split in room.asked.splits if len(split) == 2]

    def matched(found: tuple[Operand, ...]) -> bool:
        return one_measure(found) and bool(rate(found[1])) and rate(found[0]) in ("", "年")

    # who uses it up need not be said with what: 青禾电网 alone may have a daily rate
    joined = room.join(splits, lambda one: one.figure.kind not in NO_SIZE, matched, (0.3, 0.0))
    if joined is None:
        return None
    stock, use = joined.found
    solved = solve(f"{bare(stock.figure)}÷{bare(use.figure)}/{rate(use)}", rate(use), stock, use)
    return Worked(solved, joined.found, labels=tuple(side.text for side in joined.sides)) if solved else None


def over(room: Room) -> Worked | None:
    """每天50吨，一个月多少吨: a rate over a longer stretch, or shared out over a shorter one."""
    asked, side = room.asked, room.side()
    number, unit = words.stretch(asked.word)
    fits = admits(asked.unit)
    ways = [
        Joined(score, (side,), (one,))
        for one in room.pool
        if fits(one) and asked.per in ("", rate(one)) and (score := covers(side, one, room)) is not None
    ]
    own = asked.per or _best_rate(ways, unit if number == 1 else "")
    joined = only([way for way in ways if rate(way.found[0]) == own]) if own else None
    times = _times(own, number, unit, asked.context)
    if joined is None or joined.score < _LEAST_ONE or times is None:
        return None
    paced, (count, into, multiplied) = joined.found[0], times
    if multiplied:
        solved = solve(f"{bare(paced.figure)}/{own}×{count}{into}", paced.figure.unit, paced)
        head = "{}"
    else:
        solved = solve(f"{bare(paced.figure)}÷{count}{into}", f"{paced.figure.unit}/{into}", paced)
        head = f"平均每{into.removeprefix('个')}{{}}"
    if solved is None:
        return None
    against = _against(room, solved)
    if against is None:
        return Worked(solved, (paced,), head)
    other, verdict = against
    return Worked(solved, (paced, other), head, note=verdict)


def spread(room: Room) -> Worked | None:
    """平均每月多少, where a page tells it of a year or of ten months. Raises Printed where it tells it of a month."""
    asked, side = room.asked, room.side()
    if worked := over(replace(room, asked=replace(asked, word=f"1{asked.per}", per=""))):
        return worked
    fits = admits(asked.unit)
    ways = [
        Joined(score, (side,), (one,))
        for one in room.pool
        if fits(one) and not rate(one) and (score := covers(side, one, room)) is not None
    ]
    joined = only(ways)
    if joined is None or joined.score < _LEAST_ONE:
        return None
    months = arithmetic.months(joined.found[0].claim.period)
    count, rest = divmod(months, 12) if asked.per == "年" else (months, 0)
    if count < 2 or rest or asked.per not in ("年", "个月"):
        return None
    whole = joined.found[0].figure
    solved = solve(f"{bare(whole)}÷{count}{asked.per}", f"{whole.unit}/{asked.per}", *joined.found)
    return Worked(solved, joined.found, f"平均每{asked.per.removeprefix('个')}{{}}") if solved else None


def _best_rate(ways: list[Joined], unit: str) -> str:
    """The time that what fits best is of; empty where that, or what fits about as well, is of none.

    Raises Printed where it is of the unit asked for itself.
    """
    best = max((way.score for way in ways), default=0.0)
    near = [way.found[0] for way in ways if best - way.score < _ALIKE]
    rates = {rate(one) for one in near if not _MOST.search(one.before)}
    if unit in rates:
        raise Printed
    return rates.pop() if len(rates) == 1 else ""


def _times(own: str, number: int, unit: str, context: str) -> tuple[int, str, bool] | None:
    """By how many of which unit the rate is multiplied, or else divided: the question's own count of days if any."""
    days = re.search(r"(?<!\d)(\d{2,3})天", context)
    if unit == own:
        return number, unit, True
    if (own, unit) in _LENGTHS:
        return number * (int(days[1]) if days and own == "天" else _LENGTHS[own, unit]), own, True
    if (unit, own) in _LENGTHS:
        return (int(days[1]) if days and unit == "天" else _LENGTHS[unit, own]), unit, False
    return None


_LEAST_ONE: Final = 0.45  # of the question's words, what an operand must bear that bears them alone
_MOST: Final = re.compile(r"最高|最多|最大|峰值|高峰")  # the most of a day is not what it is on average
_ALIKE: Final = 0.1  # of the question's words: what bears so much less is not what is asked for
_AGREES: Final = re.compile(r"对得上|一致|吻合|相符|符合|矛盾")


def _against(room: Room, solved: Solved) -> tuple[Operand, str] | None:
    """The figure of the question that the result is to be held against (对得上吗), and how they agree."""
    if not _AGREES.search(room.asked.context):
        return None
    for given in figures.find(room.asked.context):
        for operand in room.pool:
            figure = operand.figure
            same = figures.same(given, figure, bounds=False) and figure.unit == solved.figure.unit
            if same and bare(given) not in solved.operands:
                return operand, "两数大致对得上" if _agree(figure, solved) else "两数对不上"
    return None


def _agree(figure: Figure, solved: Solved) -> bool:
    """Within a tenth, or beyond a printed bound on the side that it leaves open."""
    low, high = figure.value, solved.figure.value
    floor, ceiling = (Bound.MORE_THAN, Bound.AT_LEAST), (Bound.LESS_THAN, Bound.AT_MOST)
    open_to = (figure.bound in floor and high >= low) or (figure.bound in ceiling and high <= low)
    return open_to or abs(high - low) * 10 <= low
