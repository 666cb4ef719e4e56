"""A reckoning's sides in, the claims that they stand for out: each side by itself, then those that go together.

Where two ways to read the question fit alike and give other figures, none is taken: ``Unclear`` tells both.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, islice, product
from typing import Final

from assistant import arithmetic, figures, periods, units
from assistant.arithmetic import bare
from assistant.compute import words
from assistant.compute.asked import Asked, Operation
from assistant.compute.fitting import LEAST_OWN, alike, fit
from assistant.compute.lexicon import Lexicon
from assistant.compute.operands import Operand, Side
from assistant.records import Figure

Admits = Callable[[Operand], bool]
Together = Callable[[tuple[Operand, ...]], bool]

_BEST: Final = 8  # claims kept for each side before they are joined
_MOST_JOINED: Final = 3000  # ways to join them that are tried
_MARGIN: Final = 0.05  # two ways to read the question that differ by less, with other figures, cannot be told apart
_OTHER_COUNT: Final = 0.1  # what it costs to count 个 where 家 is asked for


def _any(_: object) -> bool:
    return True


class Printed(Exception):
    """The pages print the result itself: it is to be quoted, not reckoned. ``by`` is what prints it, where one does."""

    def __init__(self, by: Operand | None = None) -> None:
        super().__init__("The pages print the result.")
        self.by = by


class Unclear(Exception):
    """The question may mean one of several figures; ``ways`` are the readings, best first."""

    def __init__(self, ways: "tuple[Joined, ...]") -> None:
        super().__init__("Several figures fit alike.")
        self.ways = ways


@dataclass(frozen=True, slots=True)
class Joined:
    """The claims that the sides of a question stand for, and how well they fit."""

    score: float
    sides: tuple[Side, ...]
    found: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class Room:
    """What a reckoning is done in: the question, the claims at hand, and what its words may mean."""

    asked: Asked
    pool: tuple[Operand, ...]
    lexicon: Lexicon

    def sides(self, split: Sequence[str]) -> tuple[Side, ...]:
        """The sides with their names and periods; what one lacks it has from the others, or from the whole question.

        A period is the side's own, or the question's where it names just one.
        """
        asked, lexicon = self.asked, self.lexicon
        own = [lexicon.names(text) for text in split]
        nameless = [_without(text, names) for text, names in zip(split, own, strict=True)]
        roles = [role(text) for text in split]
        whole_role = "" if any(roles) or len(split) < 2 else role(asked.context)
        shared = next((found for found in own if found), ()) or lexicon.names(asked.context)
        shared = tuple(name for name in shared if lexicon.lends(name))
        whole = [dated.period.label for dated in periods.find(periods.spelt_out(asked.context))]
        sides = []
        for at, (text, told) in enumerate(zip(split, own, strict=True)):
            # 青禾 is no word of what 远山's figure is about
            context = asked.context
            for name in {name for names in own if names != told for name in names}:
                context = context.replace(name, " ")
            inside = " ".join(dated.period.label for dated in periods.find(periods.spelt_out(text)))
            sides.append(
                Side(
                    text,
                    context,
                    names=told,
                    lent=() if told else shared,
                    dated=inside or (whole[0] if len(whole) == 1 else ""),
                    given=tuple(figure for figure in figures.find(text) if not self._assumed(figure)),
                    rest=" ".join(plain for place, plain in enumerate(nameless) if place != at),
                    role=roles[at] or whole_role,
                )
            )
        return tuple(sides)

    def side(self) -> Side:
        """The one side of a reckoning that does not part the question."""
        return self.sides(self.asked.splits[0])[0]

    def _assumed(self, figure: Figure) -> bool:
        """Whether the figure is a length of time that the question tells to reckon with (按30天算)."""
        return figure.kind == "duration" and self.asked.operation in (
            Operation.OVER,
            Operation.LASTS,
            Operation.CHANGE,
        )

    def join(
        self,
        splits: Iterable[Sequence[str]],
        admits: Admits = _any,
        together: Together = _any,
        least: Sequence[float] = (),
    ) -> Joined | None:
        """The claims of the sides; None where a side has none. Raises Unclear."""
        ways: list[Joined] = []
        for split in splits:
            sides = self.sides(split)
            ranked = [self.ranked(side, admits, *least[at : at + 1]) for at, side in enumerate(sides)]
            for choice in islice(product(*ranked), _MOST_JOINED):
                found = tuple(operand for _, operand in choice)
                if len({operand.place for operand in found}) < len(found) or not together(found):
                    continue
                pairs = list(combinations(found, 2))
                score = sum(score for score, _ in choice) / len(choice)
                score += sum(alike(a, b, self.lexicon) for a, b in pairs) / max(1, len(pairs))
                ways.append(Joined(score, sides, found))
        return only(ways)

    def ranked(self, side: Side, admits: Admits, least: float = LEAST_OWN) -> list[tuple[float, Operand]]:
        """The claims that may be the side's, best first."""
        unit = self.asked.unit
        counts = unit in units.UNITS and units.UNITS[unit].kind == units.COUNT
        scored = [
            (score - (_OTHER_COUNT if counts and operand.figure.unit != unit else 0.0), operand)
            for operand in self.pool
            if admits(operand) and (score := fit(side, operand, self.lexicon, least)) is not None
        ]
        return sorted(scored, key=lambda pair: (-pair[0], pair[1].place))[:_BEST]


def _without(text: str, names: Iterable[str]) -> str:
    for name in names:
        text = text.replace(name, " ")
    return text


def called(sides: Sequence[Side]) -> tuple[str, ...]:
    """What the sides are called: by their names where these differ, otherwise by their words."""
    own = [tuple(name for name in side.names if name in side.text) for side in sides]
    if all(len(names) == 1 for names in own) and len({names[0] for names in own}) == len(own):
        return tuple(names[0] for names in own)
    return tuple(side.text for side in sides)


def role(text: str) -> str:
    """Whether the words mean what a figure started from (五年前: start) or came to (如今: end); empty for neither."""
    return "start" if words.ONCE.search(text) else "end" if words.NOW.search(text) else ""


def only(ways: list[Joined], margin: float = _MARGIN) -> Joined | None:
    """The best of the ways, None where there is none. Raises Unclear where another is as good with other figures."""
    ways.sort(key=lambda way: (-way.score, tuple(operand.place for operand in way.found)))
    rivals = [way for way in ways if ways[0].score - way.score < margin and _values(way) != _values(ways[0])]
    if rivals:
        raise Unclear((ways[0], *rivals))
    return ways[0] if ways else None


def _values(joined: Joined) -> list[tuple[Decimal, str]]:
    return [(operand.figure.value, operand.figure.unit) for operand in joined.found]


def one_measure(found: tuple[Operand, ...]) -> bool:
    """Whether the figures can be added: 亿元 and 万元, 个 and 家; not 亿元 and %."""
    try:
        arithmetic.evaluate(arithmetic.parse("+".join(bare(operand.figure) for operand in found)))
    except ValueError:
        return False
    return True


def admits(unit: str) -> Admits:
    """Which claims can come to a result in the asked unit by being added or subtracted."""
    if unit == "个百分点":
        return lambda operand: operand.figure.kind in ("share", "points")
    if unit in ("", "%", "倍") or unit not in units.UNITS:
        return _any
    asked = units.UNITS[unit]
    measure = units.measure(unit, asked.kind)[0]

    def fits(operand: Operand) -> bool:
        figure = operand.figure
        if asked.kind == units.COUNT:
            return figure.kind == units.COUNT
        return units.measure(figure.unit, figure.kind)[0] == measure

    return fits


def base(operand: Operand) -> Decimal:
    """The figure's value in the base of its measure, to compare 万元 with 亿元."""
    factor = units.measure(operand.figure.unit, operand.figure.kind)[1]
    return operand.figure.value * factor.numerator / factor.denominator
