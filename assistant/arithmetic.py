"""A formula of printed figures in, its value with unit, bound and fitting precision out; and whether a formula holds.

    >>> solved = solve("12.5%−9.25%", "个百分点")
    >>> solved.formula, solved.figure.text
    ('12.5%−9.25%=3.25个百分点', '3.25个百分点')
    >>> holds("50吨/天×30天=1500吨"), holds("50吨×30天=1500吨")
    (True, False)

Units are reckoned with as the numbers are: 元 over 斤 is 元/斤, 度 over 度/天 is 天, and what does not come out in the
unit of the result does not hold. ``≈`` stands where the result is rounded. All values are exact until then.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from typing import Final

from assistant import figures, units
from assistant.records import Bound, Figure, Period

# A printed 90亿元 has one digit or two, nobody can tell; three keep 142.9 % from becoming 140 %.
FEWEST_DIGITS: Final = 3
_MOST_DIGITS: Final = 4  # of a quotient: 57.21 ÷ 61.05 is 93.71 %, not 93.710074 %
_FRACTION: Final = Fraction(1, 10**9)
_LONGEST: Final = 200  # letters of a formula that is read

_UP: Final = {Bound.MORE_THAN: 1, Bound.AT_LEAST: 1, Bound.LESS_THAN: -1, Bound.AT_MOST: -1}
_STRICT: Final = frozenset((Bound.MORE_THAN, Bound.LESS_THAN))
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")
_PER: Final = re.compile(r"/([^\d+−×÷^（）=≈/]{1,4})")
_TRAILING: Final = re.compile(r"(?:以上|以下|以内|左右|上下|之多|\+){1,3}$")
_PERIODS: Final = {"月": "个月", "日": "天", "季度": "个季度"}  # 双/月: a month as a unit is 个月 everywhere else
_LIKE: Final = {"count:台": "count:辆", "count:次": "count:回"}  # 26万台 and 26万辆 are one to a reader
_COUNTED: Final = ("firms", "people", "plants")
_ANY_COUNT: Final = "count:个"  # 个 counts whatever the other figure counts


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value in the base unit of each measure, and the measures with their powers: 元/斤 is money 1, mass -1."""

    value: Fraction
    measures: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Node:
    """A leaf (a figure or a number, ``text`` as it stands in the formula, at ``at``) or an operation on two nodes."""

    sign: str = ""
    parts: tuple["Node", ...] = ()
    text: str = ""
    at: int = 0
    figure: Figure | None = None
    per: str = ""
    number: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Solved:
    """A result: ``figure`` as it may be told (bound, rounding), ``formula`` with it, ``operands`` as they stand there.

    ``reason`` says, in Chinese, why the result is told as about so much though no operand is rounded.
    """

    figure: Figure
    formula: str
    operands: tuple[str, ...]
    exact: Fraction
    reason: str = ""


def bare(figure: Figure) -> str:
    """The figure as it stands in a formula: as printed, without its bound: 突破61.05亿元 → 61.05亿元."""
    text = _TRAILING.sub("", figure.text)
    at = re.search(r"[\d零〇一二两三四五六七八九十半]", text)
    text = text[at.start() :] if at else text
    found = figures.find(text)
    if len(found) == 1 and found[0].text == text and _is(found[0], figure):
        return text
    return figures.render(replace(figure, bound=Bound.EXACT))


def months(period: Period) -> int:
    """How many whole months the period is long; 0 where it begins or ends within one, or is open."""
    start, end = period.start, period.end
    if start is None or end is None or start.day != 1 or (end + timedelta(days=1)).day != 1:
        return 0
    return (end.year - start.year) * 12 + end.month - start.month + 1


def solve(left: str, unit: str, printed: Mapping[str, Figure] | None = None) -> Solved:
    """The formula worked out in ``unit``; ``printed`` gives, by their bare text, the printed figures with their bounds.

    Raises ValueError where it cannot be read, divides by nought, or does not come out in that unit.
    """
    tree = parse(left)
    known = dict(printed or {})
    quantity = evaluate(tree)
    value = _in(quantity, unit)
    bound, reason = bound_of(tree, known)
    operands = tuple(leaf.text for leaf in leaves(tree) if leaf.figure is not None)
    shown = _rounded(value, tree, known, unit, bound)
    written = _rounded(value, tree, known, unit, Bound.EXACT, exact=True)
    if bound is Bound.EXACT and Fraction(shown) != value:
        bound = Bound.ABOUT
    equals = "=" if Fraction(written) == value else "≈"
    result = _figure(written, unit, Bound.EXACT)
    told = _figure(shown, unit, bound)
    return Solved(told, f"{left}{equals}{result.text}", operands, value, reason)


def holds(formula: str) -> bool:
    """Whether the left side comes to the right side: exactly after ``=``, to its last printed digit after ``≈``."""
    try:
        left, equals, right = split(formula)
        value = evaluate(parse(left))
        told = parse(right)
        result = evaluate(told)
        unit = told.figure.unit + (f"/{told.per}" if told.per else "") if told.figure else ""
        worked, said = _in(value, unit), _in(result, unit)
        place = Fraction(figures.place(told.figure)) if told.figure else Fraction(1)
    except ValueError:
        return False
    return worked == said if equals == "=" else abs(worked - said) * 2 <= place


def allows(formula: str, printed: Mapping[str, Figure], figure: Figure) -> bool:
    """Whether the formula, of these printed operands, lets its result be told as this figure: value, unit and bound.

    A result that is rounded or open to both sides is told as about so much; 3000万元/吨 may be told as 3000万元.
    """
    try:
        left, _, right = split(formula)
        tree, told = parse(left), parse(right)
        if told.figure is None:
            return False
        unit = f"{told.figure.unit}/{told.per}" if told.per else told.figure.unit
        if figure.unit not in (told.figure.unit, unit):
            return False
        exact = _in(evaluate(tree), unit)
        bound, _ = bound_of(tree, printed)
    except ValueError:
        return False
    value, place = Fraction(figure.value), Fraction(figures.place(figure))
    if bound is Bound.ABOUT and figure.bound is not Bound.ABOUT:
        return False
    if figure.bound is Bound.ABOUT:
        return abs(value - exact) <= place
    way = _UP.get(bound, 0)
    if _UP.get(figure.bound, 0) != way:
        return False
    return value == exact if not way else 0 <= (exact - value) * way <= place


def result(formula: str, printed: Mapping[str, Figure]) -> Figure:
    """The right side's figure with the bound that these operands leave to it. Raises ValueError for no equation."""
    left, _, right = split(formula)
    told = parse(right).figure
    if told is None:
        raise ValueError(f"{formula!r} comes to no figure")
    return replace(told, bound=bound_of(parse(left), printed)[0])


def split(formula: str) -> tuple[str, str, str]:
    """Left side, = or ≈, right side. Raises ValueError where it is no equation."""
    parts = re.split(r"([=≈])", formula)
    if len(parts) != 3 or not parts[0] or not parts[2]:
        raise ValueError(f"{formula!r} is no equation")
    return parts[0], parts[1], parts[2]


# ---------------------------------------------------------------- reading


def parse(text: str) -> Node:
    """The tree of one side. Raises ValueError for what is no expression of figures, numbers and + − × ÷ ^ （）."""
    if len(text) > _LONGEST:
        raise ValueError("The formula is too long to be one.")
    reader = _Reader(text)
    tree = reader.sum()
    if reader.at != len(text):
        raise ValueError(f"{text[reader.at :]!r} cannot be read in {text!r}")
    return tree


@dataclass(slots=True)
class _Reader:
    text: str
    at: int = 0
    figures: dict[int, Figure] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # one by one: beside each other 35辆+60辆 would read as 35辆 and more
        at = 0
        for piece in re.split(r"([+−×÷^（）])", self.text):
            if piece and piece not in "+−×÷^（）":
                found = figures.find(piece)
                if found and found[0].start == 0 and not _NUMBER.fullmatch(piece):
                    self.figures[at] = found[0]
            at += len(piece)

    def sum(self) -> Node:
        node = self.product()
        while self._next("+−"):
            node = Node(self._take(), (node, self.product()))
        return node

    def product(self) -> Node:
        node = self.power()
        while self._next("×÷"):
            node = Node(self._take(), (node, self.power()))
        return node

    def power(self) -> Node:
        node = self.atom()
        if self._next("^"):
            return Node(self._take(), (node, self.atom()))
        return node

    def atom(self) -> Node:
        if self._next("（"):
            self._take()
            node = self.sum()
            if not self._next("）"):
                raise ValueError(f"A bracket is not closed in {self.text!r}")
            self._take()
            return node
        if (figure := self.figures.get(self.at)) is not None:
            begin, self.at = self.at, self.at + len(figure.text)
            unit, _, per = figure.unit.partition("/")
            if not per and (slash := _PER.match(self.text, self.at)):
                per, self.at = slash[1], slash.end()
            kind = units.UNITS[unit].kind if figure.kind == "rate" and unit in units.UNITS else figure.kind
            printed = self.text[begin : self.at]
            whole = printed[: -len(per) - 1] if per else printed
            return Node(text=whole, at=begin, figure=replace(figure, unit=unit, kind=kind, text=whole), per=per)
        if number := _NUMBER.match(self.text, self.at):
            self.at = number.end()
            return Node(text=number[0], number=Fraction(number[0]))
        raise ValueError(f"Neither a figure nor a number at {self.text[self.at : self.at + 8]!r} in {self.text!r}")

    def _next(self, signs: str) -> bool:
        return self.at < len(self.text) and self.text[self.at] in signs

    def _take(self) -> str:
        self.at += 1
        return self.text[self.at - 1]


def leaves(tree: Node) -> list[Node]:
    """The figures and numbers of a tree, in order."""
    return [leaf for part in tree.parts for leaf in leaves(part)] if tree.parts else [tree]


# ---------------------------------------------------------------- reckoning


def evaluate(tree: Node) -> Quantity:
    """The value with its measures. Raises ValueError where measures do not go together, or nought divides."""
    if not tree.parts:
        return _leaf(tree)
    one, other = (evaluate(part) for part in tree.parts)
    if tree.sign in "+−":
        one, other = _alike(one, other)
        value = one.value + other.value if tree.sign == "+" else one.value - other.value
        return Quantity(value, one.measures)
    one, other = _plain(one), _plain(other)
    if tree.sign == "^":
        if one.measures or other.measures or one.value <= 0:
            raise ValueError("Only a ratio can be raised to a power")
        return Quantity(_power(one.value, other.value))
    if tree.sign == "÷":
        if _counts(one, other):
            one, other = _alike(one, other)
        if not other.value:
            raise ValueError("Nought divides")
        other = Quantity(1 / other.value, tuple((name, -power) for name, power in other.measures))
    powers = dict(one.measures)
    for name, power in other.measures:
        powers[name] = powers.get(name, 0) + power
    return Quantity(one.value * other.value, tuple(sorted((n, p) for n, p in powers.items() if p)))


def _leaf(leaf: Node) -> Quantity:
    if leaf.figure is None:
        return Quantity(leaf.number)
    name, factor = _measure(leaf.figure.unit, leaf.figure.kind)
    value, measures = Fraction(leaf.figure.value) * factor, [(name, 1)]
    if leaf.per:
        below, divisor = _measure(leaf.per)
        value /= divisor
        measures.append((below, -1))
    return Quantity(value, tuple(sorted(measures)))


def _measure(unit: str, kind: str = "") -> tuple[str, Fraction]:
    unit = _PERIODS.get(unit, unit)
    name, factor = units.measure(unit, kind or (units.UNITS[unit].kind if unit in units.UNITS else units.COUNT))
    return _LIKE.get(name, name), factor


def _alike(one: Quantity, other: Quantity) -> tuple[Quantity, Quantity]:
    """Two quantities that may be added: of one measure, or 1 and 38.24%, or 3个 and 3家, or % and 个百分点."""
    if one.measures == other.measures:
        return one, other
    names = {name for name, _ in (*one.measures, *other.measures)}
    if names == {"share"}:
        return _plain(one), _plain(other)
    both = len(one.measures) == len(other.measures) == 1
    if both and names == {"share", "points"}:
        return one, Quantity(other.value, one.measures)
    counted = all(name.startswith("count:") or name in _COUNTED for name in names)
    if both and counted and _ANY_COUNT in names:
        named = one if one.measures[0][0] != _ANY_COUNT else other
        return replace(one, measures=named.measures), replace(other, measures=named.measures)
    raise ValueError(f"{'、'.join(sorted(names))} cannot be added")


def _counts(one: Quantity, other: Quantity) -> bool:
    """Whether both count things, one of them in 个: 49个 over 93家 is a share; 9双 over 3家 is 3双/家."""
    both = [{name for name, power in quantity.measures if power == 1} for quantity in (one, other)]
    single = all(len(quantity.measures) == 1 for quantity in (one, other))
    return (
        single
        and one.measures != other.measures
        and any(names == {_ANY_COUNT} for names in both)
        and all(all(name.startswith("count:") or name in _COUNTED for name in names) for names in both)
    )


def _plain(quantity: Quantity) -> Quantity:
    """A share or a multiple as a number: 15% is 0.15."""
    if quantity.measures == (("share", 1),):
        return Quantity(quantity.value / 100)
    if quantity.measures == (("multiple:倍", 1),):
        return Quantity(quantity.value)
    return quantity


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    with localcontext() as context:
        context.prec = 40
        number = Decimal(base.numerator) / Decimal(base.denominator)
        return Fraction(number ** (Decimal(exponent.numerator) / Decimal(exponent.denominator)))


def _in(quantity: Quantity, unit: str) -> Fraction:
    """The value in the unit. Raises ValueError where the quantity is of another measure."""
    name, _, per = unit.partition("/")
    if not unit and not quantity.measures:
        return quantity.value
    if unit in ("%", "倍") and not quantity.measures:
        return quantity.value * (100 if unit == "%" else 1)
    if unit == "个百分点" and quantity.measures in ((("share", 1),), (("points", 1),)):
        return quantity.value
    kind = "energy" if any(measure == "energy" for measure, _ in quantity.measures) and name == "度" else ""
    above, factor = _measure(name, kind)
    wanted = [(above, 1)]
    if per:
        below, divisor = _measure(per)
        wanted, factor = sorted([*wanted, (below, -1)]), factor / divisor
    if list(quantity.measures) != wanted:
        raise ValueError(f"The formula does not come to {unit}")
    return quantity.value / factor


# ---------------------------------------------------------------- bound and precision


def bound_of(tree: Node, known: Mapping[str, Figure]) -> tuple[Bound, str]:
    """The bound that the operands' bounds leave to the result, all being positive, and why it is ABOUT if two clash.

    超100亿元 less 98亿元 is more than 2亿元; 超500万元 less 超400万元 is open to both sides: about 100万元.
    """
    ways: dict[str, set[int]] = {}
    for leaf, way in _ways(tree, 1):
        ways.setdefault(leaf.text, set()).add(way)
    pulls: set[int] = set()
    strict = False
    for text, own in ways.items():
        bound = known[text].bound if text in known else Bound.EXACT
        if bound is Bound.ABOUT:
            return Bound.ABOUT, "原文是约数"
        if bound is not Bound.EXACT:
            pulls |= {way * _UP[bound] for way in own}
            strict = strict or bound in _STRICT
    if len(pulls) > 1:
        return Bound.ABOUT, "原文只给出界限（超、不到之类），差商两头都不能定"
    if not pulls:
        return Bound.EXACT, ""
    if pulls == {1}:
        return (Bound.MORE_THAN if strict else Bound.AT_LEAST), ""
    return (Bound.LESS_THAN if strict else Bound.AT_MOST), ""


def _ways(tree: Node, way: int) -> list[tuple[Node, int]]:
    """Each figure, and whether the result grows (1) or falls (-1) as it grows."""
    if not tree.parts:
        return [(tree, way)] if tree.figure is not None else []
    one, other = tree.parts
    return _ways(one, way) + _ways(other, -way if tree.sign in "−÷" else way)


def _is_sum(tree: Node) -> bool:
    return not tree.parts or (tree.sign in "+−" and all(_is_sum(part) for part in tree.parts))


def _rounded(
    value: Fraction, tree: Node, known: Mapping[str, Figure], unit: str, bound: Bound, exact: bool = False
) -> Decimal:
    """The value with no more digits than the operands allow; a lower bound is rounded down, an upper one up.

    ``exact``: all digits of a sum, as its formula shows it.
    """
    operands = [leaf for leaf in leaves(tree) if leaf.figure is not None]
    told = [known.get(leaf.text, leaf.figure) for leaf in operands]
    size = _size(value)
    exact_places = [Fraction(figures.place(figure)) for figure in told if figure]
    if _is_sum(tree) and min(exact_places, default=Fraction(1)) > _FRACTION:  # a seventh has no last digit
        # beside a number a share is one too: 1+23.9% is 1.239
        part = Fraction(1, 100 if len(operands) < len(leaves(tree)) else 1)
        scale = [_measure(leaf.figure.unit, leaf.figure.kind)[1] * part for leaf in operands if leaf.figure]
        places = [
            Fraction(figures.place(figure)) * factor for figure, factor in zip(told, scale, strict=True) if figure
        ]
        _, own = _measure(unit.partition("/")[0])
        fine, coarse = (_size(place / own) for place in (min(places), max(places)))
        last = fine if exact else min(coarse, size - FEWEST_DIGITS + 1) if fine != coarse else fine
    else:
        counts = [_digits(figure) for figure in told if figure is not None]
        digits = min([count for count in counts if count] or [_MOST_DIGITS])
        last = size - max(FEWEST_DIGITS, min(digits, _MOST_DIGITS)) + 1
        if unit == "%":
            last = max(last, -2)
    modes = {1: ROUND_FLOOR, -1: ROUND_CEILING}
    mode = modes.get(_UP.get(bound, 0), ROUND_HALF_UP)
    with localcontext() as context:
        context.prec = 60
        exact_value = Decimal(value.numerator) / Decimal(value.denominator)
        for place in range(last, min(last, 0) - 1, -1):
            step = Decimal(1).scaleb(place)
            rounded = (exact_value / step).quantize(Decimal(1), rounding=mode) * step
            # 16667 rounded to 16700 prints as if it were exact to the unit
            if figures.place(_figure(rounded, unit, Bound.EXACT)) >= step:
                break
        return rounded


def _digits(figure: Figure) -> int:
    """How many digits the print gives; 0 for what is counted or is a fraction, which is exact as it stands."""
    place = figures.place(figure)
    if (figure.kind == units.COUNT and figure.bound is Bound.EXACT and place == 1) or place < Decimal("1e-9"):
        return 0
    return max(_size(Fraction(figure.value)) - _size(Fraction(place)) + 1, 1) if figure.value else 1


def _size(value: Fraction) -> int:
    """The power of ten of the first digit: 2 for 100 and 999, -2 for 0.05; 0 for nought."""
    if not value:
        return 0
    with localcontext() as context:
        context.prec = 40
        return (Decimal(value.numerator) / Decimal(value.denominator)).adjusted()


def _figure(value: Decimal, unit: str, bound: Bound) -> Figure:
    """A figure of this value, worded; ``text`` is found again as the same figure."""
    name, _, per = unit.partition("/")
    kind = units.UNITS[name].kind if name in units.UNITS else units.COUNT
    plain = value.normalize() if value else Decimal(0)
    plain = plain.quantize(Decimal(1)) if plain == plain.to_integral_value() else plain
    figure = Figure("", plain, name, kind, bound, 0, 0)
    text = figures.render(figure) + (f"/{per}" if per else "")
    return replace(figure, text=text, end=len(text))


def _is(one: Figure, other: Figure) -> bool:
    return one.value == other.value and one.unit == other.unit and one.bound is Bound.EXACT
