"""A JSONL file in, GoldItems out: what is asked, and the facts that a right answer must state.

The project's own form, one item a line (``evals/gold/seeds.jsonl``), names facts, not sentences::

    {"id": "figure-01", "question": "…", "type": "figure",
     "facts": [{"subject": "正安经开区", "metric": "吉他年产销", "period": "每年", "value": "2400000",
                "unit": "把", "bound": "about", "printed": "约240万把"}],
     "stories": ["004_b23befc8af8cd454.md#落一子…"], "language": "zh", "tags": []}

``value`` is in the base unit of ``unit``. ``must_mention`` is an AND of OR-lists; ``formula`` computes ``result`` from
the facts in order (``f2 / f1``); ``history`` is a list of (question, answer); ``split`` is train or test; ``note``
is for whoever edits the set. The flat
form, one answer a line (``answer_type``, ``value``, ``unit``, ``acceptable``), is read as well.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from assistant import figures
from assistant.errors import JushiError
from assistant.records import Bound, Figure

SPLITS: Final = ("train", "test")  # what may be tuned on, and what may not
PROJECT_SET: Final = Path(__file__).resolve().parent / "gold" / "seeds.jsonl"


class GoldError(JushiError):
    """A gold file that cannot be used; the message names file and line."""


class Kind(StrEnum):
    """What a question asks for, and so how its answer is judged."""

    FIGURE = "figure"
    MULTI_FIGURE = "multi_figure"
    COMPARE = "compare"
    COMPUTE = "compute"
    TEXT = "text"
    LIST = "list"
    CONFLICT = "conflict"
    UNANSWERABLE = "unanswerable"


@dataclass(frozen=True, slots=True)
class Fact:
    """One printed claim: ``value`` is in the base unit, ``printed`` is how the story prints it, its bound included."""

    value: Decimal
    unit: str
    bound: Bound = Bound.EXACT
    printed: str = ""
    subject: str = ""
    metric: str = ""
    period: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What a comparison or computation comes to; ``tolerance`` is relative."""

    value: Decimal
    unit: str
    tolerance: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class GoldItem:
    """One question with what a right answer states. ``evidence`` are sentences whose figures may stand beside it."""

    id: str
    question: str
    type: Kind
    facts: tuple[Fact, ...] = ()
    stories: tuple[str, ...] = ()
    must_mention: tuple[tuple[str, ...], ...] = ()
    formula: str = ""
    result: Result | None = None
    history: tuple[tuple[str, str], ...] = ()
    language: str = "zh"
    tags: tuple[str, ...] = ()
    split: str = ""
    acceptable: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


def load(path: Path) -> tuple[GoldItem, ...]:
    """The items of a file in either form, in order. Raises GoldError naming file and line."""
    return _read(path, lambda record: _flat(record) if "answer_type" in record else _own(record))


def load_flat(path: Path) -> tuple[GoldItem, ...]:
    """The items of a file in the flat form. Raises GoldError naming file and line.

    It has ``answer_type``, ``value`` and ``unit`` (lists for several figures), ``answer_text`` and ``acceptable``
    renderings, ``evidence`` sentences, and ``history`` as chat messages.
    """
    return _read(path, _flat)


def expected(fact: Fact) -> Figure | None:
    """The fact as a figure of its printed words, or None where they do not read as its value and unit."""
    found = figures.find(fact.printed)
    return next((figure for figure in found if figure.value == fact.value and figure.unit == fact.unit), None)


def _read(path: Path, item: Callable[[dict[str, Any]], GoldItem]) -> tuple[GoldItem, ...]:
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise GoldError(f"{path} cannot be read: {error}. Name a JSONL file with --gold.") from error
    items: list[GoldItem] = []
    known: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line, parse_float=Decimal, parse_int=Decimal)
            if not isinstance(record, dict):
                raise ValueError("one JSON object a line is wanted")
            items.append(item(record))
        except (KeyError, TypeError, ValueError, InvalidOperation) as error:
            why = f"the field {error} is missing" if isinstance(error, KeyError) else error
            raise GoldError(f"{path}:{number}: {why}.") from error
        if first := known.get(items[-1].id):
            raise GoldError(f"{path}:{number}: the id {items[-1].id} is that of line {first}.")
        known[items[-1].id] = number
    if not items:
        raise GoldError(f"{path} holds no items.")
    return tuple(items)


_FIELDS: Final = {
    *("id", "question", "type", "facts", "stories", "must_mention"),
    *("formula", "result", "history", "language", "tags", "split", "note"),
}


def _own(record: dict[str, Any]) -> GoldItem:
    if unknown := sorted(set(record) - _FIELDS):
        raise ValueError(f"no field is called {', '.join(unknown)}")
    result = record.get("result")
    item = GoldItem(
        id=_text(record, "id"),
        question=_text(record, "question"),
        type=_kind(record["type"]),
        facts=tuple(_fact(fact) for fact in record["facts"]),
        stories=_texts(record, "stories"),
        must_mention=_groups(record),
        formula=record.get("formula", ""),
        result=Result(_number(result["value"]), result["unit"], _number(result["tolerance"])) if result else None,
        history=tuple((str(asked), str(answered)) for asked, answered in record.get("history", ())),
        language=_text(record, "language"),
        tags=_texts(record, "tags"),
        split=_split(record.get("split", "")),
    )
    if fault := _shape(item):
        raise ValueError(fault)
    return item


def _shape(item: GoldItem) -> str:
    match item.type:
        case Kind.FIGURE if len(item.facts) != 1:
            return "a figure item has one fact"
        case Kind.MULTI_FIGURE if len(item.facts) < 2:
            return "a multi_figure item has two facts or more"
        case Kind.COMPARE | Kind.COMPUTE if not (item.facts and item.formula and item.result):
            return f"a {item.type} item has facts, formula and result"
        case Kind.TEXT | Kind.LIST if not item.must_mention or item.facts:
            return f"a {item.type} item has must_mention and no facts"
        case Kind.CONFLICT if not item.facts:
            return "a conflict item has the facts that are in doubt"
        case Kind.UNANSWERABLE if item.facts or item.must_mention:
            return "an unanswerable item has no facts and no must_mention"
        case _:
            return "" if item.stories else "an item names the stories it is about"


def _fact(record: dict[str, Any]) -> Fact:
    return Fact(
        value=_number(record["value"]),
        unit=record["unit"],
        bound=Bound(record["bound"]),
        printed=_text(record, "printed"),
        subject=_text(record, "subject"),
        metric=_text(record, "metric"),
        period=_text(record, "period"),
    )


def _flat(record: dict[str, Any]) -> GoldItem:
    kind = _kind(record["answer_type"])
    values = record["value"] if isinstance(record["value"], list) else [record["value"]]
    units = record["unit"] if isinstance(record["unit"], list) else [record["unit"]] * len(values)
    if len(values) != len(units):
        raise ValueError(f"{len(values)} values but {len(units)} units")
    pairs = [(_number(value), str(unit)) for value, unit in zip(values, units, strict=True) if value is not None]
    renderings = (_text(record, "answer_text"), *_texts(record, "acceptable"), *_texts(record, "evidence"))
    figured = kind in (Kind.FIGURE, Kind.MULTI_FIGURE)
    tolerance = _number(record["tolerance"])
    computed = kind in (Kind.COMPARE, Kind.COMPUTE) and len(pairs) == 1
    return GoldItem(
        id=_text(record, "id"),
        question=_text(record, "question"),
        type=kind,
        facts=tuple(_flat_fact(*pair, str(record["period"]), renderings) for pair in pairs) if figured else (),
        stories=_texts(record, "story_ids"),
        must_mention=_groups(record),
        result=Result(*pairs[0], tolerance) if computed else None,
        history=_turns(record.get("history", ())),
        language=_text(record, "lang"),
        tags=_texts(record, "tags"),
        acceptable=_texts(record, "acceptable"),
        evidence=_texts(record, "evidence"),
    )


def _flat_fact(value: Decimal, unit: str, period: str, renderings: Sequence[str]) -> Fact:
    """The fact as the first rendering that prints it; a rendering that reads as another unit (40% for 四成) will do."""
    found = [(figure, text) for text in renderings for figure in figures.find(text) if figure.value == value]
    best = next((pair for pair in found if pair[0].unit == unit), found[0] if found else None)
    if best is None:
        return Fact(value, unit, period=period)
    figure, text = best
    bounds = [other.bound for other, _ in found if other.unit == figure.unit]
    bound = next((bound for bound in bounds if bound is not Bound.EXACT), Bound.EXACT)
    return Fact(value, figure.unit, bound, text, period=period)


def _turns(messages: Sequence[Mapping[str, str]]) -> tuple[tuple[str, str], ...]:
    asked = [message["content"] for message in messages if message["role"] == "user"]
    answered = [message["content"] for message in messages if message["role"] == "assistant"]
    return tuple(zip(asked, answered, strict=True))


def _kind(name: str) -> Kind:
    if name not in set(Kind):
        raise ValueError(f"no type is called {name!r}; the types: {', '.join(Kind)}")
    return Kind(name)


def _split(name: object) -> str:
    if name not in ("", *SPLITS):
        raise ValueError(f"split = {name!r}: one of {', '.join(SPLITS)} is wanted")
    return str(name)


def _number(value: object) -> Decimal:
    if not isinstance(value, str | Decimal):
        raise ValueError(f"{value!r} is no number")
    try:
        return Decimal(value)
    except InvalidOperation as error:
        raise ValueError(f"{value!r} is no number") from error


def _text(record: Mapping[str, Any], name: str) -> str:
    value = record[name]
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name} = {value!r}: a text is wanted")
    return value


def _texts(record: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = record[name]
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise ValueError(f"{name} = {value!r}: a list of texts is wanted")
    return tuple(value)


def _groups(record: Mapping[str, Any]) -> tuple[tuple[str, ...], ...]:
    groups = record.get("must_mention", [])
    if not all(isinstance(group, list) and group for group in groups):
        raise ValueError("must_mention: a list of lists of texts is wanted")
    return tuple(tuple(group) for group in groups)
