"""A run's header and records in, the forms that other programs read out: CSV, JSON, JUnit XML."""

import csv as writer
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final
from xml.etree import ElementTree

from evals import report
from evals.gold import Kind
from evals.intervals import interval
from evals.score import Outcome

COLUMNS: Final = (
    *("item", "type", "split", "tags", "question", "wanted", "text", "verdict", "reasons", "wrong_figure", "declined"),
    *("cause", "cited", "figures", "borne", "quotes", "bearing", "confidence", "seconds", "model"),
)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet runs a cell that begins so
_CONTROL: Final = dict.fromkeys((*range(9), 11, 12, *range(14, 32)))  # no XML may hold them


def csv(_: Mapping[str, Any], records: Sequence[Mapping[str, Any]]) -> str:
    """A row an item under ``COLUMNS``; cells that a spreadsheet would run begin with an apostrophe."""
    text = io.StringIO()
    rows = writer.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    for record in records:
        rows.writerow([_cell(record[name]) for name in COLUMNS])
    return text.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        value = "；".join(value)
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def summary(header: Mapping[str, Any], records: Sequence[Mapping[str, Any]]) -> str:
    """The figures of the report: the whole, each type, tag and page, with 95 % intervals; and the header."""
    made = {
        "header": dict(header),
        "all": shares(records),
        **{name: groups(records, name) for name in ("type", "tag", "page", "split")},
        "causes": report.causes(records),
        "risk_coverage": report.risks(records),
    }
    return json.dumps(made, ensure_ascii=False, indent=1) + "\n"


def groups(records: Sequence[Mapping[str, Any]], name: str) -> dict[str, dict[str, Any]]:
    """The shares of each type, tag, page or split."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for record in records:
        for value in _values(record, name):
            found.setdefault(value, []).append(record)
    order = {kind.value: place for place, kind in enumerate(Kind)}
    return {value: shares(found[value]) for value in sorted(found, key=lambda one: (order.get(one, 99), one))}


def _values(record: Mapping[str, Any], name: str) -> list[str]:
    if name == "tag":
        return list(record["tags"]) or ["–"]
    if name == "page":
        return sorted({story.partition("#")[0] for story in record["stories"]}) or ["–"]
    return [record[name] or "–"]


def shares(records: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The summary of some records, with its shares and the intervals of accuracy and wrong."""
    whole = report.summarise(records)
    scored = [record for record in records if record["verdict"] != Outcome.UNSCORED]
    return {
        **asdict(whole),
        "accuracy": whole.accuracy,
        "accuracy_interval": interval([float(record["verdict"] == Outcome.CORRECT) for record in scored]),
        "wrong": whole.wrong,
        "wrong_interval": interval([float(record["wrong_figure"]) for record in scored]),
        "citation": whole.citation,
        "precision": whole.precision,
    }


def junit(header: Mapping[str, Any], records: Sequence[Mapping[str, Any]]) -> str:
    """A test case an item: failed where the answer is not right, skipped where it cannot be judged."""
    return junits([(header, records)])


def junits(runs: Iterable[tuple[Mapping[str, Any], Sequence[Mapping[str, Any]]]]) -> str:
    """The same of several runs, each a suite of its own."""
    suites = ElementTree.Element("testsuites")
    for header, records in runs:
        _suite(suites, header, records)
    ElementTree.indent(suites)
    return ElementTree.tostring(suites, "unicode", xml_declaration=True) + "\n"


def _suite(suites: ElementTree.Element, header: Mapping[str, Any], records: Sequence[Mapping[str, Any]]) -> None:
    failed = [record for record in records if record["verdict"] not in (Outcome.CORRECT, Outcome.UNSCORED)]
    skipped = [record for record in records if record["verdict"] == Outcome.UNSCORED]
    suite = ElementTree.SubElement(
        suites,
        "testsuite",
        name=f"{header.get('gold', '')} {header.get('model', '')}".strip(),
        tests=str(len(records)),
        failures=str(len(failed)),
        skipped=str(len(skipped)),
        time=f"{sum(float(record['seconds']) for record in records):.3f}",
    )
    for record in records:
        case = ElementTree.SubElement(
            suite, "testcase", classname=record["type"], name=record["item"], time=f"{record['seconds']:.3f}"
        )
        reasons = _xml("；".join(record["reasons"]))
        if record["verdict"] == Outcome.UNSCORED:
            ElementTree.SubElement(case, "skipped", message=reasons)
        elif record["verdict"] != Outcome.CORRECT:
            failure = ElementTree.SubElement(case, "failure", type=record["verdict"], message=reasons)
            failure.text = _xml(f"问：{record['question']}\n答：{record['text']}\n应：{record['wanted']}")


def _xml(text: str) -> str:
    return text.translate(_CONTROL)
