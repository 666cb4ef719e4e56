"""Reckonings along one thing's way: by how much it changed, grew, grew each year; and which of two changed more."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, pairwise
from typing import Final

from assistant import aliases as names
from assistant import periods
from assistant.arithmetic import bare
from assistant.compute import words
from assistant.compute.asked import Operation
from assistant.compute.between import grown
from assistant.compute.fitting import fit
from assistant.compute.operands import Operand, Side, starts
from assistant.compute.sides import Joined, Printed, Room, Unclear, admits, base, called, one_measure, only
from assistant.compute.worked import Worked, solve, subtract
from assistant.records import Basis
from assistant.relations import metric_key


def change(room: Room) -> Worked | None:
    """提高了几个百分点, 增加了多少家."""
    pair = _asked_points(room)
    solved = pair and subtract(*pair)
    if not pair or solved is None:
        return None
    head, english = f"{_moved(room, *pair)}{{}}", _english(*pair)
    if room.asked.per:
        years = _years(*pair)
        each = years and solve(f"（{solved.formula.partition('=')[0]}）÷{years}年", f"{solved.figure.unit}/年", *pair)
        return Worked(each, pair, f"平均每年{head}", f"{english} a year", span=True) if each else None
    return Worked(solved, pair, head, english, span=True)


def growth(room: Room) -> Worked | None:
    """增长了百分之几, of two points; a rate that the page prints itself is for it to tell."""
    pair = _asked_points(room)
    solved = pair and grown(*pair, room.asked.unit or "%")
    if not pair or solved is None:
        return None
    return Worked(solved, pair, f"{_moved(room, *pair)}{{}}", _english(*pair), span=True)


def yearly(room: Room) -> Worked | None:
    """年均增长: the compound rate, (end ÷ start) to the power of one over the years, less one."""
    pair = _asked_points(room)
    years = pair and _years(*pair)
    if not pair or not years:
        return None
    start, end = pair
    if not start.figure.value or base(end) < base(start):
        return None
    left = f"（{bare(end.figure)}÷{bare(start.figure)}）^（1÷{years}）−1"
    solved = solve(left, "%", start, end)
    return Worked(solved, pair, "年均增长{}", "A year it grew by {}", span=True) if solved else None


def _years(start: Operand, end: Operand) -> int:
    """How many years lie between the two; 0 where their periods do not tell."""
    first, last = start.claim.period.start, end.claim.period.end
    if first is None or last is None or start.claim.period == end.claim.period:
        return 0
    return max(0, last.year - first.year)


def changes(room: Room) -> Worked | None:
    """谁提升得更多: each side's change between its own start and end, then which is greater."""
    doubt: Unclear | None = None
    for split in room.asked.splits:
        sides = room.sides(split)
        if len(sides) != 2:
            continue
        try:
            pairs = [pair for side in sides if (pair := points(room, side))]
        except Unclear as unclear:  # 甲和乙，占比 is no way to part 甲和乙，占比; another may be
            doubt = doubt or unclear
            continue
        moved = [solved for pair in pairs if (solved := subtract(*pair))]
        if len(moved) != 2 or moved[0].figure.unit != moved[1].figure.unit:
            continue
        high, low = sorted(moved, key=lambda solved: -solved.exact)
        apart = solve(f"{bare(high.figure)}−{bare(low.figure)}", high.figure.unit)
        if apart is None:
            continue
        first = (moved[0].exact > moved[1].exact) != (room.asked.word in words.LOW)
        same = moved[0].exact == moved[1].exact
        labels = called(sides)
        winner = "" if same else labels[0] if first else labels[1]
        told = list(zip(labels, pairs, moved, strict=True))
        found = tuple(operand for pair in pairs for operand in pair)
        return Worked(apart, found, labels=labels, winner=winner, word=room.asked.word, also=tuple(told))
    if doubt:
        raise doubt
    return None


def _moved(room: Room, start: Operand, end: Operand) -> str:
    """The question's word where it went that way: 提高, otherwise 增加 or 减少."""
    word, fell = room.asked.word, room.asked.word in words.FALLS
    if base(end) == base(start):
        return "没有变化，相差"
    return word if (base(end) > base(start)) != fell else "减少" if base(end) < base(start) else "增加"


def _english(start: Operand, end: Operand) -> str:
    return "It rose by {}" if base(end) >= base(start) else "It fell by {}"


# ---------------------------------------------------------------- start and end

_TOLD: Final = 0.75  # how well a claim must fit the question for the change that it prints to be the one asked for


_CHANGED: Final = re.compile(rf"(?:{words.MOVES})(?:了|率|约|近|超|达)*$")


def _asked_points(room: Room) -> tuple[Operand, Operand] | None:
    """Start and end of what is asked. Raises Printed where a page prints the change, Unclear where several fit."""
    if _told(room):
        raise Printed
    if found := points(room, room.side()):
        return found
    text = room.asked.splits[0][0]
    if not (parted := _FROM_TO.search(text)):
        return None
    # 企业从2016年的1家到如今增加了多少家: printed in two sentences
    what = text[: parted.start()] + text[parted.end() :]
    split = (f"{what}{parted['start']}", f"{what}{parted['end']}")
    joined = room.join([split], admits(room.asked.unit), one_measure)
    return (joined.found[0], joined.found[1]) if joined else None


_FROM_TO: Final = re.compile(r"(?:从|由)(?P<start>[^，。]{2,14}?)(?:到|至)(?P<end>[^，。]{2,8}?)(?=，|$)")


def _told(room: Room) -> bool:
    """Whether a page prints the change itself (缩短26天, 年均增长7.5%): then it is to be pointed at, not reckoned."""
    asked, side = room.asked, replace(room.side(), given=())
    for operand in room.pool:
        claim = operand.claim
        yearly = "年均" in claim.comparison
        printed = yearly if asked.operation is Operation.YEARLY else not yearly and _CHANGED.search(operand.before)
        if not printed or starts(operand) or not _of_result(room.asked.unit, operand):
            continue
        score = fit(side, operand, room.lexicon)
        if score is not None and score >= _TOLD:
            return True
    return False


def _of_result(unit: str, operand: Operand) -> bool:
    """Whether the figure is in the unit that the change is asked for in."""
    figure = operand.figure
    if unit == "个百分点":
        return figure.kind == "points"
    return figure.unit == unit if unit else figure.kind not in ("duration", "rank")


def points(room: Room, side: Side) -> tuple[Operand, Operand] | None:
    """Start and end of what the side tells: printed in one sentence, or the claims of two years. Raises Unclear.

    Years that the question names must be theirs.
    """
    spans = [found.period for found in periods.find(periods.spelt_out(side.text))]
    years = sorted({day.year for span in spans for day in (span.start, span.end) if day})
    loose = replace(side, dated="", given=())
    fits = admits(room.asked.unit if room.asked.unit != "%" else "")
    ways = []
    for start, end in _pairs(room.pool):
        if not fits(start) or (years and not _in_years(start, end, years)):
            continue
        scores = [fit(loose, operand, room.lexicon) for operand in (start, end)]
        if best := max((score for score in scores if score is not None), default=None):
            ways.append(Joined(best, (side,), (start, end)))
    joined = only(ways)
    return (joined.found[0], joined.found[1]) if joined else None


def _pairs(pool: Sequence[Operand]) -> Iterator[tuple[Operand, Operand]]:
    """从2020年的3亿元增长至2025年的9亿元; or one metric of one subject in two printed years."""
    ordered = sorted(pool, key=lambda one: one.place)
    for one, other in pairwise(ordered):
        beside = one.passage.id == other.passage.id and one.start == other.start
        if beside and starts(one) and one_measure((one, other)):
            yield one, other
    groups: dict[tuple[str, str, str], list[Operand]] = {}
    for one in ordered:
        key = (names.short(one.claim.subject), metric_key(one.claim.metric), one.figure.unit)
        if all(key[:2]) and one.claim.period.basis is Basis.PRINTED and one.claim.period.start:
            groups.setdefault(key, []).append(one)
    for group in groups.values():
        for one, other in combinations(group, 2):
            early, late = sorted((one, other), key=lambda each: str(each.claim.period.start))
            if early.claim.period.start != late.claim.period.start:
                yield early, late


def _in_years(start: Operand, end: Operand, years: Sequence[int]) -> bool:
    """Whether start and end are of the years that the question names, as far as the claims tell years."""
    first, last = start.claim.period.start, end.claim.period.end
    if not first or not last:
        return False
    if len(years) > 1:
        told = start.claim.period.basis is end.claim.period.basis is Basis.PRINTED
        return told and first.year == years[0] and last.year == years[-1]
    return years[0] in (first.year, last.year)
