"""A formula of operands in, the result worked out; and what an operation hands on to be worded."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant import arithmetic
from assistant.arithmetic import Solved, bare
from assistant.compute.operands import Operand
from assistant.compute.sides import base
from assistant.records import Bound


@dataclass(frozen=True, slots=True)
class Worked:
    """A result with its operands. ``head`` and ``english`` take the result at ``{}``: 合计{}, {} in all.

    ``labels`` name the operands; without them each is quoted in its clause, or with ``span`` the two are told as start
    and end. ``winner`` is the label of what is higher, ``word`` how (高, 快). ``order``, of several
    in falling order: 1 where one is above the next, 0 where they are alike; ``rank`` is by what. ``also`` are results
    that this one rests on, each with what is told of it; ``note`` is said last.
    """

    solved: Solved
    found: tuple[Operand, ...]
    head: str = "{}"
    english: str = "{}"
    labels: tuple[str, ...] = ()
    span: bool = False
    winner: str = ""
    word: str = ""
    order: tuple[int, ...] = ()
    rank: str = ""
    also: tuple[tuple[str, tuple[Operand, ...], Solved], ...] = ()
    note: str = ""


def solve(left: str, unit: str, *found: Operand) -> Solved | None:
    """The formula of these operands worked out; None where it does not come to the unit."""
    known = {}
    for operand in found:
        # beside an exact 5家 a 超5家 may stand: the looser bound is the safe one
        if bare(operand.figure) not in known or operand.figure.bound is not Bound.EXACT:
            known[bare(operand.figure)] = operand.figure
    try:
        return arithmetic.solve(left, unit, known)
    except ValueError:
        return None


def subtract(a: Operand, b: Operand) -> Solved | None:
    """The greater less the smaller, in 个百分点 for shares, else in the unit of the greater."""
    high, low = (a, b) if base(a) >= base(b) else (b, a)
    unit = "个百分点" if high.figure.kind == "share" else high.figure.unit
    return solve(f"{bare(high.figure)}−{bare(low.figure)}", unit, high, low)


def chained(sign: str, found: Sequence[Operand]) -> str:
    """The operands with a sign between them."""
    return sign.join(bare(operand.figure) for operand in found)
