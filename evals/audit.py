"""Gold items and the folder of pages in, what is wrong with the items out: the gold set must be true to the pages."""

import ast
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Final

from assistant import figures
from evals.gold import Fact, GoldItem, expected

ROUNDING: Final = Decimal("0.0001")  # a result is written down to four digits: 160 / 60 is 2.6667


def check(items: Sequence[GoldItem], pages: Path) -> tuple[str, ...]:
    """What is wrong with items of the project's form, one line each: against the pages in a folder, and in themselves.

    A named story must exist and print each fact; each fact must read as its value and unit, and not stand in the
    question; a formula must come to its result.
    """
    return tuple(f"{item.id}: {fault}" for item in items for fault in _faults(item, pages))


def evaluate(formula: str, facts: Sequence[Fact]) -> Decimal:
    """The value of ``(f2 - f1) / f1 * 100`` over the facts. Raises ValueError for anything but + - * / and numbers."""
    names = {f"f{place}": fact.value for place, fact in enumerate(facts, 1)}
    return _value(ast.parse(formula, mode="eval").body, names)


_OPERATORS: Final[dict[type[ast.operator], Callable[[Decimal, Decimal], Decimal]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def _value(node: ast.expr, names: Mapping[str, Decimal]) -> Decimal:
    match node:
        case ast.BinOp(left, sign, right) if type(sign) in _OPERATORS:
            return _OPERATORS[type(sign)](_value(left, names), _value(right, names))
        case ast.Name(name) if name in names:
            return names[name]
        case ast.Constant(int(number)):
            return Decimal(number)
        case _:
            raise ValueError(f"{ast.unparse(node)} is no fact, number or sum of them")


def _faults(item: GoldItem, pages: Path) -> list[str]:
    faults: list[str] = []
    texts: list[str] = []
    for story in item.stories:
        text = _story(story, pages)
        if text is None:
            faults.append(f"no story {story} in {pages}")
        texts.append(text or "")
    asked = figures.find(item.question)
    for fact in item.facts:
        # "15%" is in "16.15%": the number must begin where the print does
        if not any(re.search(rf"(?<![\d.]){re.escape(fact.printed)}", text) for text in texts):
            faults.append(f"{fact.printed} is printed in none of its stories")
        read = expected(fact)
        if read is None:
            faults.append(f"{fact.printed} does not read as {fact.value} {fact.unit}")
        elif read.bound != fact.bound:
            faults.append(f"{fact.printed} reads as {read.bound}, not {fact.bound}")
        if read is not None and any(figures.same(read, figure, bounds=False) for figure in asked):
            faults.append(f"the question gives {fact.printed} away")
    if item.result:
        value = evaluate(item.formula, item.facts)
        if abs(value - item.result.value) > abs(value) * ROUNDING:
            faults.append(f"{item.formula} comes to {value}, not {item.result.value}")
    return faults


def _story(name: str, pages: Path) -> str | None:
    """The text under a heading ``## headline`` of a page, its subheadings included; None where there is none."""
    file, _, headline = name.partition("#")
    path = pages / file
    if not headline or not path.is_file():
        return None
    sections = path.read_text("utf-8").split("\n## ")[1:]
    return next((body for head, _, body in (part.partition("\n") for part in sections) if head == headline), None)
