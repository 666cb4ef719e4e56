"""Reckonings by a share: the whole from a part, the part from a whole, the year before from a growth; other units."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from assistant import figures
from assistant.arithmetic import bare
from assistant.compute.covering import NO_SIZE, covers, union
from assistant.compute.fitting import FALLEN, alike, fit
from assistant.compute.operands import Operand
from assistant.compute.sides import Joined, Room, admits, only
from assistant.compute.worked import Worked, solve
from assistant.relations import metric_key

_NEIGHBOURS: Final = 120  # letters between a whole and the share of it, in one passage


def by_share(room: Room) -> Worked | None:
    """900人占30%: the whole is the part over its share; 5亿吨的40%: the part is that share of the whole."""
    side = room.side()
    fits = admits(room.asked.unit)
    ways = []
    for amount, share in _beside(room, _NEIGHBOURS):
        if not 0 < share.figure.value <= 100 or not fits(amount):
            continue
        one, other = covers(side, share, room), covers(side, amount, room)
        if one is not None and other is not None:
            score = one + other + alike(share, amount, room.lexicon) + union(side, (share, amount), room)
            ways.append(Joined(score, (side,), (amount, share)))
    joined = only(ways)
    if joined is None:
        return None
    amount, share = joined.found
    between = amount.passage.text[amount.figure.end : share.figure.start]
    part = bool(re.match(r"[^。；]{0,4}[，,]?(?:约|大约|只|仅)?占", between))
    solved = solve(
        f"{bare(amount.figure)}{'÷' if part else '×'}{bare(share.figure)}", amount.figure.unit, amount, share
    )
    head, english = ("推算共{}", "That makes {} in all") if part else ("折算{}", "That makes {}")
    return Worked(solved, joined.found, head, english) if solved else None


def before(room: Room) -> Worked | None:
    """同比增长15%: the year before is this year's figure over 1 and that growth."""
    side = replace(room.side(), dated="")
    fits = admits(room.asked.unit)
    ways = []
    for amount, rate in _beside(room, _NEIGHBOURS):
        if not {"同比", "较上年"} & set(rate.claim.comparison.split()) or not fits(amount):
            continue
        # 甲产值5亿元，乙产值3亿元，增长2%: whose growth it is
        one, other = metric_key(amount.claim.metric), metric_key(rate.claim.metric).removesuffix("增速")
        own = amount.start == rate.start and (other in one or one in other)
        if not own and not _same_head(one, other):
            continue
        a, b = covers(side, rate, room), covers(side, amount, room)
        if a is not None and b is not None:
            ways.append(Joined(a + b + alike(rate, amount, room.lexicon), (side,), (amount, rate)))
    joined = only(ways)
    if joined is None:
        return None
    amount, rate = joined.found
    falls = FALLEN.search(rate.before)
    left = f"{bare(amount.figure)}÷（1{'−' if falls else '+'}{bare(rate.figure)}）"
    if room.asked.word:  # by how much it grew, not what it was
        left = f"{left}−{bare(amount.figure)}" if falls else f"{bare(amount.figure)}−{left}"
        head = "减少{}" if falls else "增加{}"
    else:
        head = "推算{}"
    solved = solve(left, amount.figure.unit, amount, rate)
    return Worked(solved, joined.found, head, "That makes {}") if solved else None


def _same_head(one: str, other: str) -> bool:
    """矿产精深加工总产值 and 矿产精深加工: all but the last word."""
    return len(other) >= 4 and one.startswith(other[:-1])


def _beside(room: Room, most: int) -> Iterator[tuple[Operand, Operand]]:
    """Amounts with the shares printed near them in one passage."""
    shares = [one for one in room.pool if one.figure.kind == "share"]
    for amount in room.pool:
        if amount.figure.kind in (*NO_SIZE, "duration"):
            continue
        for share in shares:
            if share.passage.id == amount.passage.id and abs(share.figure.start - amount.figure.end) <= most:
                yield amount, share


def convert(room: Room) -> Worked | None:
    """折合多少公斤."""
    side, unit = room.side(), room.asked.unit
    ways = [
        Joined(score, (side,), (one,))
        for one in room.pool
        if figures.convert(one.figure, unit) is not None and (score := fit(side, one, room.lexicon)) is not None
    ]
    joined = only(ways)
    if joined is None or joined.found[0].figure.unit == unit:
        return None
    solved = solve(bare(joined.found[0].figure), unit, *joined.found)
    return Worked(solved, joined.found, "折算{}", "That makes {}") if solved else None
