"""What every check works with: an account's sentences and their claims, a figure's base value, the words of a doubt."""

import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib import resources
from typing import Any, Final

from assistant import sentences, units
from assistant.records import Account, Bound, Claim, Suspicion

METRICS: Final[dict[str, Any]] = tomllib.loads(
    resources.files("assistant").joinpath("metrics.toml").read_text(encoding="utf-8")
)


@cache
def ending(words: str) -> re.Pattern[str]:
    """What ends in one of the words of an entry of the table."""
    return re.compile(f"(?:{words})$")


NUMBER: Final = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?")


FLOORS: Final = (Bound.AT_LEAST, Bound.MORE_THAN)


CEILINGS: Final = (Bound.AT_MOST, Bound.LESS_THAN)


EXTENSIVE: Final = frozenset(("money", "mass", "count", "energy", "power", "area", "volume"))
"""Kinds whose parts add up: not degrees, ranks or the force of a wind."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an account with its claims."""

    start: int
    end: int
    text: str
    claims: tuple[Claim, ...]


Values = Sequence[Fraction]
Check = Callable[[Account, tuple[Sentence, ...]], Iterator[Suspicion]]


def told(account: Account) -> tuple[Sentence, ...]:
    """The account's sentences that hold claims."""
    rows: list[Sentence] = []
    for start, end in sentences.split(account.text):
        inside = tuple(claim for claim in account.claims if start <= claim.figure.start < end)
        rows.append(Sentence(start, end, account.text[start:end], inside))
    return tuple(rows)


def base(claim: Claim) -> tuple[str, Fraction]:
    """What the claim's figure measures, and its value in the base of that measure."""
    measure, factor = units.measure(claim.figure.unit, claim.figure.kind)
    return measure, Fraction(claim.figure.value) * factor


def reading(claim: Claim, most: Fraction | float, least: Fraction | float = 0) -> str:
    """The figure as it would print with its decimal point back, if one of three places brings it to most ``most``.

    Bounds are in the base of the figure's measure, as ``base`` gives it. Empty if no place mends it.
    """
    printed = NUMBER.search(claim.figure.text)
    if printed is None or ("." in printed.group() and len(printed.group().split(".")[1]) > _DECIMALS):
        return ""
    whole = claim.figure.kind == "count" and not re.search("[万亿]", claim.figure.text)
    for power in (10, 100, 1000):
        if whole and claim.figure.value % power:
            return ""
        if least <= base(claim)[1] / power <= most:
            number = f"{(Decimal(printed.group().replace(',', '')) / power).normalize():f}"
            return f"疑为{number}{claim.figure.text[printed.end() :]}，小数点或脱落"
    return ""


_DECIMALS = 1  # decimals of a number that still may have lost its point: 301.6 for 30.16


def decimals(claim: Claim) -> int:
    """How many digits stand after the point of the printed number."""
    printed = NUMBER.search(claim.figure.text)
    return len(printed.group().partition(".")[2]) if printed else 0


def amount(value: Fraction | float, unit: str = "") -> str:
    """A number for reading: 12753000 → 1275.3万."""
    size = float(value)
    for scale, letter in ((1e8, "亿"), (1e4, "万")):
        if abs(size) >= scale:
            return f"{size / scale:.4g}{letter}{unit}" if size / scale < 1e4 else f"{size / scale:.0f}{letter}{unit}"
    return f"{size:.4g}{unit}"


def quotes(account: Account, *claims: Claim) -> tuple[tuple[str, str], ...]:
    """The words in which the claims are printed, from the first to the last within a sentence."""
    spans = [span for span in sentences.split(account.text) if any(span[0] <= c.figure.start < span[1] for c in claims)]
    return tuple((account.file, account.text[start:end]) for start, end in spans)


def found(
    account: Account,
    kind: str,
    text: str,
    arithmetic: str,
    doubt: str,
    *claims: Claim,
    against: tuple[Claim, ...] = (),
) -> Suspicion:
    """A suspicion over claims of one account, held ``against`` others of it."""
    return Suspicion(kind, text, arithmetic, doubt, claims, against, quotes(account, *claims, *against))


def restored(claims: Sequence[Claim], holds: Callable[[Values], bool]) -> tuple[Claim, Fraction] | None:
    """The one claim whose number, its point put back, makes the equation hold, with that value; else None.

    ``holds`` is given the values of the claims, in their order, in the base of their measures.
    """
    values = [base(claim)[1] for claim in claims]
    mended = [
        (claim, values[at] / power)
        for at, claim in enumerate(claims)
        if not decimals(claim) and re.search("[1-9][0-9]*[1-9]", claim.figure.text)
        for power in (10, 100, 1000)
        if holds([*values[:at], values[at] / power, *values[at + 1 :]])
    ]
    return mended[0] if len(mended) == 1 else None


def unequal(
    account: Account, kind: str, text: str, arithmetic: str, claims: Sequence[Claim], holds: Callable[[Values], bool]
) -> Suspicion:
    """A suspicion over figures of which an equation does not hold: of the one that is ``restored``, else of all."""
    mended = restored(claims, holds)
    if mended is None:
        return found(account, kind, text, arithmetic, "", *claims)
    claim, value = mended
    rest = tuple(one for one in claims if one is not claim)
    return found(account, kind, text, arithmetic, reading(claim, value, value), claim, against=rest)


def alike(one: str, other: str) -> bool:
    """Whether two metrics share at least half of the shorter one's pairs of letters."""
    a, b = ({word[at : at + 2] for at in range(len(word) - 1)} for word in (one, other))
    return bool(a and b) and len(a & b) * 2 >= min(len(a), len(b))
