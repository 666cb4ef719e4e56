"""A formula over facts in, its value out: ``(f2 - f1) / f1 * 100``; Decimal arithmetic and nothing else."""

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Final

from evals.gold import Fact

_OPERATORS: Final[dict[type[ast.operator], Callable[[Decimal, Decimal], Decimal]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def evaluate(formula: str, facts: Sequence[Fact]) -> Decimal:
    """The value, ``f1`` being the first fact's. Raises ValueError for anything but + - * / over facts and integers."""
    names = {f"f{place}": fact.value for place, fact in enumerate(facts, 1)}
    try:
        tree = ast.parse(formula, mode="eval").body
    except SyntaxError as error:
        raise ValueError(f"{formula} is no formula: {error.msg}") from error
    return _value(tree, names)


def _value(node: ast.expr, names: Mapping[str, Decimal]) -> Decimal:
    match node:
        case ast.BinOp(left, sign, right) if type(sign) in _OPERATORS:
            try:
                return _OPERATORS[type(sign)](_value(left, names), _value(right, names))
            except ArithmeticError as error:
                raise ValueError(f"{ast.unparse(node)} has no value") from error
        case ast.Name(name) if name in names:
            return names[name]
        case ast.Constant(int(number)):
            return Decimal(number)
        case _:
            raise ValueError(f"{ast.unparse(node)} is no fact, number or sum of them")
