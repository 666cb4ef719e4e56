"""Reckonings between two sides or more: which is higher, how far apart, together, the rest, how many times over."""

import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Final

from assistant import figures, units
from assistant.arithmetic import Solved, bare
from assistant.compute import parting, words
from assistant.compute.asked import Operation
from assistant.compute.fitting import FALLEN, fit, growing
from assistant.compute.fitting import grown as is_growth
from assistant.compute.operands import Operand
from assistant.compute.sides import Admits, Joined, Printed, Room, Together, admits, base, called, one_measure, only
from assistant.compute.worked import Worked, chained, solve, subtract
from assistant.records import Bound

_NO_SIZE: Final = ("share", "multiple", "points")
_PACE: Final = frozenset("快慢")
_DOUBT: Final = "原文只给出约数或界限，按印出的数比"


def compare(room: Room) -> Worked | None:
    """谁更高: the sides' figures, and by how much; of several, their order."""
    asked = room.asked
    quick = asked.word in _PACE and not asked.unit
    # 谁涨得快 is asked of rates of growth, wherever both sides have one
    joined = (_longest(room, is_growth) if quick else None) or _longest(room, admits(asked.unit))
    if joined is None:
        return None
    word = asked.word
    low = word in words.LOW
    told = sorted(zip(labels(joined), called(joined.sides), joined.found, strict=True), key=lambda one: base(one[2]))
    told = told if low else told[::-1]
    solved = subtract(told[0][2], told[1][2])
    if solved is None:
        return None
    doubt = all(_certain(one[2], other[2]) for one, other in pairwise(told))
    note = "" if doubt else _DOUBT
    if len(told) > 2:
        steps = tuple(int(base(one[2]) != base(other[2])) for one, other in pairwise(told))
        found = tuple(operand for _, _, operand in told)
        return Worked(solved, found, labels=tuple(name for _, name, _ in told), order=steps, rank=word, note=note)
    winner = "" if base(told[0][2]) == base(told[1][2]) else told[0][1]
    return Worked(solved, joined.found, labels=called(joined.sides), winner=winner, word=word, note=note)


def _longest(room: Room, fits: Admits, matched: Together = one_measure) -> Joined | None:
    """The claims of the sides, where they can be three or more (甲、乙和丙) of these."""
    longer = [[split] for split in room.asked.splits if len(split) > 2]
    shortest: list[tuple[str, ...]] = [split for split in room.asked.splits if len(split) == 2]
    ways: list[list[tuple[str, ...]]] = [*longer, shortest]
    for splits in ways:
        joined = room.join(splits, fits, matched)
        if joined is not None and len(joined.found) > 1:
            return joined
    return None


def _certain(a: Operand, b: Operand) -> bool:
    """Whether the bounds leave no doubt which is greater: 超500 is above 400; 超400 may be above it too."""
    high, low = (a, b) if base(a) >= base(b) else (b, a)
    up = (Bound.EXACT, Bound.MORE_THAN, Bound.AT_LEAST)
    down = (Bound.EXACT, Bound.LESS_THAN, Bound.AT_MOST)
    return high.figure.bound in up and low.figure.bound in down


def labels(joined: Joined) -> tuple[str, ...]:
    """The sides in the question's words."""
    return tuple(side.text for side in joined.sides)


def difference(room: Room) -> Worked | None:
    """A比B多多少; where it is the other way round, that is said. Raises Printed where a page tells it."""
    asked = room.asked
    if printed := _printed_difference(room):
        raise Printed(printed)
    joined, sizes = _of_groups(room, admits(asked.unit))
    if joined is None:
        return None
    one, other = _groups(joined.found, sizes)
    a, b = (sum(base(operand) for operand in group) for group in (one, other))
    high, low = (one, other) if a >= b else (other, one)
    kind, unit = high[0].figure.kind, high[0].figure.unit
    left = f"{_added(high)}−{_added(low)}"
    solved = solve(left, "个百分点" if kind == "share" else unit, *joined.found)
    if solved is None:
        return None
    falls = asked.word in words.LOW or asked.word in words.FALLS
    if asked.word in ("", "差"):
        head, english = "相差{}", "The difference is {}"
    elif a == b or (a < b) == falls:
        head, english = f"{asked.word}{{}}", "The difference is {}"
    else:
        head = f"不是{asked.word}，而是{words.opposite(asked.word)}{{}}"
        english = "It is the other way round, by {}"
    return Worked(solved, joined.found, head, english, labels=labels(joined))


def _of_groups(room: Room, fits: Admits) -> tuple[Joined | None, tuple[int, ...]]:
    """The claims of two sides, of which one may be several that are added up, and of how many each is."""
    known = dict(parting.members(split) for split in room.asked.splits)
    joined = room.join(list(known), fits, one_measure)
    if joined is None:
        return None, ()
    sizes = known[tuple(side.text for side in joined.sides)]
    return (joined, sizes) if len(sizes) == 2 else (None, ())


def _groups(found: tuple[Operand, ...], sizes: tuple[int, ...]) -> tuple[tuple[Operand, ...], tuple[Operand, ...]]:
    return found[: sizes[0]], found[sizes[0] :]


def _added(group: tuple[Operand, ...]) -> str:
    """（20家+17家）."""
    return bare(group[0].figure) if len(group) == 1 else f"（{chained('+', group)}）"


_PRINTED: Final = (
    0.6  # how well a claim must fit the question for the difference that it prints to be the one asked for
)
_THAN: Final = re.compile(
    rf"比(?P<other>[^，。；]{{1,16}}?)(?:至少|大约|约|还|更|要)*(?:{words.MOVES})(?:了|约|近|超|至少|达|出)*$"
)


_BEFORE: Final = re.compile(r"上年|去年|前年|同期|往年|以往|上月|年初")


def _printed_difference(room: Room) -> Operand | None:
    """What prints the difference: 每吨成本比邻省便宜300元."""
    found: list[tuple[float, Operand]] = []
    fits = admits(room.asked.unit)
    for operand in room.pool:
        text, figure = operand.passage.text, operand.figure
        digit = re.search(r"[\d一二两三四五六七八九十百千半]", figure.text)
        told = _THAN.search(text, operand.start, figure.start + (digit.start() if digit else 0))
        points = room.asked.unit != "个百分点" or figure.kind == "points"
        if not told or not fits(operand) or not points or (figure.kind == "share" and _BEFORE.search(told["other"])):
            continue
        for split in room.asked.splits:
            sides = room.sides(split)
            against = any(letter in sides[-1].text for letter in told["other"])  # 燃油车 is 烧油的 as well
            score = fit(replace(sides[0], given=()), operand, room.lexicon, 0.0)
            if against and score is not None and score >= _PRINTED:
                found.append((score, operand))
    return max(found, key=lambda pair: pair[0])[1] if found else None


def total(room: Room) -> Worked | None:
    """合计: the sides' figures added up; a list in one sentence, where the question does not part it."""
    asked = room.asked
    if len(asked.splits[0]) == 1:
        return _listed(room)
    joined = _longest(room, admits(asked.unit))
    if joined is None or _of_other_wholes(joined.found):
        return None
    solved = solve(chained("+", joined.found), joined.found[0].figure.unit, *joined.found)
    return Worked(solved, joined.found, "合计{}", "Together {}", labels=labels(joined)) if solved else None


def _of_other_wholes(found: Sequence[Operand]) -> bool:
    """Whether these are shares that are not told together: 43% of one whole and 38% of another come to nothing."""
    return found[0].figure.kind == "share" and len({(one.passage.id, one.start) for one in found}) > 1


def _listed(room: Room) -> Worked | None:
    """生产线60条、50条、3条: one sentence's figures of the asked unit, of one subject."""
    unit = room.asked.unit
    if unit not in units.UNITS:
        return None
    rows: dict[tuple[str, int], list[Operand]] = {}
    for _, operand in room.ranked(room.side(), lambda one: one.figure.unit == unit):
        rows.setdefault((operand.passage.id, operand.start), []).append(operand)
    lists = [row for row in rows.values() if len(row) > 1]
    if len(lists) != 1 or len({operand.claim.subject for operand in lists[0]}) != 1:
        return None
    row = tuple(sorted(lists[0], key=lambda one: one.place))
    solved = solve(chained("+", row), unit, *row)
    return Worked(solved, row, "合计{}", "Together {}") if solved else None


def rest(room: Room) -> Worked | None:
    """A whole without its parts; of shares, what is left of 100 %."""
    asked = room.asked
    if asked.unit == "%":
        return _rest_of_all(room)
    joined = _longest(room, admits(asked.unit), _has_parts)
    if joined is None:
        return None
    solved = solve(chained("−", joined.found), joined.found[0].figure.unit, *joined.found)
    return Worked(solved, joined.found, "其余{}", "The rest is {}", labels=labels(joined)) if solved else None


def _rest_of_all(room: Room) -> Worked | None:
    parts = sorted({split[1:] for split in room.asked.splits}, key=len, reverse=True)
    for size in sorted({len(part) for part in parts}, reverse=True):
        shares = room.join(
            [part for part in parts if len(part) == size],
            lambda one: one.figure.kind == "share" and not is_growth(one),
            lambda found: sum(operand.figure.value for operand in found) <= 100,
        )
        if shares is not None:
            solved = solve(f"100%−{chained('−', shares.found)}", "%", *shares.found)
            return Worked(solved, shares.found, "其余占{}", "The rest is {}", labels=labels(shares)) if solved else None
    return None


def _has_parts(found: tuple[Operand, ...]) -> bool:
    return one_measure(found) and base(found[0]) >= sum(base(part) for part in found[1:])


def quotient(room: Room) -> Worked | None:
    """A是B的几倍, A占B的百分之几."""
    asked = room.asked
    times = asked.operation is Operation.RATIO
    # the share of a share is seldom meant by 占, but a share may be twice what it was
    no_size = _NO_SIZE[1:] if times else _NO_SIZE
    rates = growing(asked.context)
    joined, sizes = _of_groups(room, lambda one: one.figure.kind not in no_size and (rates or not is_growth(one)))
    if joined is None:
        return _from_growth(room) if times else None
    one, other = _groups(joined.found, sizes)
    if not sum(operand.figure.value for operand in other):
        return None
    solved = solve(f"{_added(one)}÷{_added(other)}", "倍" if times else "%", *joined.found)
    if solved is None or (not times and not asked.sure and solved.exact > 100):
        return None
    if not times and _prints_share(one[0], solved, room):
        raise Printed
    head, english = ("{}", "{}") if times else ("占比{}", "The share is {}")
    return Worked(solved, joined.found, head, english, labels=labels(joined))


def _prints_share(part: Operand, solved: Solved, room: Room) -> bool:
    """Whether the part's own sentence prints the share that was reckoned: 乙产业40亿元，占比25%."""
    for operand in room.pool:
        figure = operand.figure
        beside = (operand.passage.id, operand.start) == (part.passage.id, part.start)
        printed = beside and figure.kind == "share" and not is_growth(operand)
        if printed and abs(Fraction(figure.value) - solved.exact) <= Fraction(figures.place(figure)):
            return True
    return False


def prints_share(room: Room) -> bool:
    """Whether a page prints a share that may be the one asked for (占比25%)."""
    side = replace(room.side(), text=room.asked.context, given=())
    shares = (one for one in room.pool if one.figure.kind == "share" and not is_growth(one))
    return any(fit(side, one, room.lexicon) is not None for one in shares)


def _from_growth(room: Room) -> Worked | None:
    """2024年是2021年的几倍, where only the growth between the two is printed: 1 and that growth."""
    for split in room.asked.splits:
        years = [re.findall(r"(?<!\d)((?:19|20)\d\d)年", side) for side in split]
        if len(split) != 2 or not all(years):
            continue
        late, early = (int(found[0]) for found in years)
        side = replace(room.side(), dated="", strict=False, given=())
        ways = []
        for operand in room.pool:
            start, end = operand.claim.period.start, operand.claim.period.end
            spans = start and end and (start.year, end.year) == (early, late)
            if operand.figure.kind != "share" or not spans or not is_growth(operand):
                continue
            if (score := fit(side, operand, room.lexicon)) is not None:
                ways.append(Joined(score, (side,), (operand,)))
        joined = only(ways)
        if joined:
            falls = FALLEN.search(joined.found[0].before)
            solved = solve(f"1{'−' if falls else '+'}{bare(joined.found[0].figure)}", "倍", *joined.found)
            return Worked(solved, joined.found) if solved else None
    return None


def exceeds(room: Room) -> Worked | None:
    """A比B多百分之几, A比B多几倍."""
    asked = room.asked
    joined = room.join(asked.splits, lambda one: one.figure.kind not in ("share", "points"), one_measure)
    if joined is None or len(joined.found) != 2:
        return None
    a, b = joined.found
    solved = grown(b, a, "倍" if asked.unit == "倍" else "%")
    word = asked.word
    if (base(a) < base(b)) != (word in words.LOW or word in words.FALLS):
        word = words.opposite(word)
    return (
        Worked(solved, joined.found, f"{word}{{}}", "The difference is {}", labels=labels(joined)) if solved else None
    )


def grown(start: Operand, end: Operand, unit: str) -> Solved | None:
    """By what share, or how many times over, the end exceeds the start (or falls short of it)."""
    if not start.figure.value:
        return None
    high, low = (end, start) if base(end) >= base(start) else (start, end)
    return solve(f"（{bare(high.figure)}−{bare(low.figure)}）÷{bare(start.figure)}", unit, start, end)
