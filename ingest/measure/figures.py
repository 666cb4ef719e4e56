"""Gold figures in, how many of them the page's reading found out, and how much it found that is none.

A found figure is the gold one where it stands on it, in one of the places that print it, with its value: equal, or
within a thousandth where the print is a fraction (七分之一). Of a range (20至80元) both ends must be found. What gold
names without a value (好几千元) is left out: nothing can be quoted of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from assistant import units
from assistant.records import Claim, Figure
from ingest.measure.ratio import Ratio
from ingest.measure.reading import Reading
from ingest.measure.truth import Gold

_NEAR: Final = Fraction(1, 1000)  # of a value without end: gold rounds 七分之一 to 14.29
_ENDLESS: Final = 9  # decimals that no print has


@dataclass(frozen=True, slots=True)
class Found:
    """A claim of the reading, and where in the file its figure stands."""

    start: int
    end: int
    claim: Claim


def found(reading: Reading) -> tuple[Found, ...]:
    """Every claim of the page, in the order of the accounts."""
    return tuple(
        Found(printed.at(claim.figure.start), printed.at(claim.figure.end - 1) + 1, claim)
        for printed in reading.accounts
        for claim in printed.account.claims
    )


def valued(gold: Gold) -> list[Mapping[str, Any]]:
    """The gold figures that have a value."""
    return [row for row in gold.figures if row["value"] is not None]


def matches(row: Mapping[str, Any], all_found: Sequence[Found]) -> list[Found]:
    """What was found of a gold figure: one for each value that it has, or nothing if one is not found."""
    kept: list[Found] = []
    on = [one for one in all_found if any(one.start < end and start < one.end for start, end in spans(row))]
    for value in _values(row):
        match = next((one for one in on if one not in kept and _same(value, row["unit"], one.claim.figure)), None)
        if match is None:
            return []
        kept.append(match)
    return kept


def figures(reading: Reading, gold: Gold) -> Mapping[str, Ratio]:
    """Gold figures found, by span and value, and figures found that are gold ones."""
    all_found = found(reading)
    rows = valued(gold)
    hit = sum(bool(matches(row, all_found)) for row in rows)
    right = {one for row in rows for one in _on_any_print(row, all_found)}
    vague = [span for row in gold.figures if row["value"] is None for span in spans(row)]
    counted = [one for one in all_found if one in right or not _within(one, vague)]
    return {"figure precision": Ratio(len(right), len(counted)), "figure recall": Ratio(hit, len(rows))}


def no_figures(reading: Reading, gold: Gold) -> Mapping[str, Ratio]:
    """Places that gold lists as no figure (a date, 5G, 第三批) and that were taken for none."""
    all_found = found(reading)
    clean = sum(not any(_within(one, spans(row)) for one in all_found) for row in gold.nonfigures)
    return {"no figure in a non-figure": Ratio(clean, len(gold.nonfigures))}


def spans(row: Mapping[str, Any]) -> Iterator[tuple[int, int]]:
    """Where the page prints it: the first place, then its repeats."""
    yield row["char_start"], row["char_end"]
    yield from ((start, end) for start, end in row.get("dup_spans", ()))


def _on_any_print(row: Mapping[str, Any], all_found: Sequence[Found]) -> list[Found]:
    on = [one for one in all_found if any(one.start < end and start < one.end for start, end in spans(row))]
    return [one for one in on if any(_same(value, row["unit"], one.claim.figure) for value in _values(row))]


def _within(one: Found, places: Sequence[tuple[int, int]] | Iterator[tuple[int, int]]) -> bool:
    return any(one.start < end and start < one.end for start, end in places)


def _values(row: Mapping[str, Any]) -> list[Decimal]:
    value = row["value"]
    return [Decimal(str(one)) for one in (value if isinstance(value, list) else [value])]


def _same(value: Decimal, unit: str, figure: Figure) -> bool:
    """Whether the figure has the gold value; 5% is not 5个百分点, but of what a count counts, the metric tells."""
    own = unit.partition("/")[0]
    own = units.UNITS[own].name if own in units.UNITS else own
    factor = Fraction(1)
    if own in units.UNITS and units.UNITS[own].kind != units.COUNT and figure.kind != units.COUNT:
        theirs, ours = (
            units.measure(own, units.UNITS[own].kind),
            units.measure(figure.unit.partition("/")[0], figure.kind),
        )
        if theirs[0] != ours[0] and "rate" not in (figure.kind, units.UNITS[own].kind):
            return False
        factor = ours[1] / theirs[1] if theirs[0] == ours[0] else factor
    value_found, exponent = Fraction(figure.value) * factor, figure.value.as_tuple().exponent
    endless = isinstance(exponent, int) and -exponent > _ENDLESS
    return abs(value_found - Fraction(value)) <= (abs(Fraction(value)) * _NEAR if endless else 0)
