"""A claim and a question whose words it shares with other claims in, how much of them it bears out."""

from dataclasses import replace
from typing import Final

from assistant import figures, units
from assistant.compute.fitting import coverage, fit
from assistant.compute.operands import Operand, Side, content
from assistant.compute.sides import Room

LEAST_PART: Final = 0.25  # of the question's words, what each of two operands must bear that share them
_LEAST_COUNTED: Final = 0.1  # the same of one that counts what is asked for
_GIVEN: Final = 0.5  # what it counts that the question gives the operand's figure
NO_SIZE: Final = ("share", "multiple", "points")


def covers(side: Side, operand: Operand, room: Room, noun: str = "", least: float = LEAST_PART) -> float | None:
    """How well a claim fits a question whose words it shares with others; None where name or period is another's.

    ``noun``: what it counts, if it bears that, will do in place of the other words.
    """
    given = tuple(figure for figure in side.given if figure.unit == operand.figure.unit)
    if fit(replace(side, given=given), operand, room.lexicon, 0.0) is None:
        return None
    share = coverage(content(side.context, side.names), operand, room.lexicon)
    pinned = any(figures.same(figure, operand.figure, bounds=False) for figure in given)
    # 多少双 asks for what is counted in 双, whatever else its words are
    counted = operand.figure.kind == units.COUNT and operand.figure.unit == room.asked.unit != "个"
    borne = share >= (min(least, _LEAST_COUNTED) if counted else least) or (noun and noun in operand.own)
    return share + (_GIVEN if pinned else 0.0) if borne or pinned else None


def union(side: Side, found: tuple[Operand, ...], room: Room) -> float:
    """How much of the question the claims bear together."""
    together = replace(found[0], own=" ".join(one.own for one in found), others="")
    return coverage(content(side.context, side.names), together, room.lexicon)
