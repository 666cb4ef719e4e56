"""A run's header and records in, one page for the browser out: everything in one file, nothing loaded.

The page is ``page.html`` with the run as JSON inside; its script draws it, in Chinese or English as its switch, the
browser's memory or the address (``#en``) say. Texts of pages and models are data: the JSON cannot end its element, the
script sets them as text, and a content policy forbids the page any address.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from typing import Any, Final

from assistant.records import Verdict
from evals import english, export, report
from evals.causes import LABELS
from evals.filed import NOT_PRINTED
from evals.report import TYPES
from evals.score import Outcome

PLACE: Final = "__RUN__"
VERDICTS: Final = {
    Outcome.CORRECT: "正确",
    Outcome.PARTIAL: "部分",
    Outcome.WRONG: "错误",
    Outcome.DECLINED: "拒答",
    Outcome.UNSCORED: "未评",
}
LABELS_OF: Final = {
    **TYPES,
    Verdict.QUOTED.value: "照录",
    Verdict.COMPUTED.value: "算得",
    Verdict.UNSUPPORTED.value: "无据",
}
# What the page shows of an item; hits are told by their story alone.
SHOWN: Final = (
    *("item", "type", "question", "history", "text", "declined", "verdict", "wrong_figure", "cause"),
    *("confidence", "reach", "tags", "stories", "split", "wanted", "seconds", "timings", "usage"),
)


def page(header: Mapping[str, Any], records: Sequence[Mapping[str, Any]]) -> str:
    """The page."""
    summary = json.loads(export.summary(header, records))
    run = {
        **summary,
        "cost": report.cost(report.summarise(records), header),
        "verdicts": {verdict.value: (label, english.OUTCOMES[verdict]) for verdict, label in VERDICTS.items()},
        "cause_labels": {cause.value: (label, english.CAUSES[cause]) for cause, label in LABELS.items()},
        "labels": {name: (label, english.LABELS[name]) for name, label in LABELS_OF.items()},
        "items": [_item(record) for record in records],
    }
    template = (resources.files("evals") / "page.html").read_text("utf-8")
    return template.replace(PLACE, escaped(run))


def escaped(value: object) -> str:
    """JSON that can stand within a script element, whatever its texts: ``</script>`` becomes ``\\u003c/script>``."""
    text = json.dumps(value, ensure_ascii=False)
    for letter in ("<", ">", "&", "\u2028", "\u2029"):
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text


def _counted(stories: Iterable[str]) -> list[str]:
    """Each story once, in the order of its first passage, with how many passages of it there are."""
    return [f"{story} ×{count}" if count > 1 else story for story, count in Counter(stories).items()]


def _item(record: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **{name: record[name] for name in SHOWN},
        "reasons": [(one, english.reason(one)) for one in record["reasons"]],
        "unprinted": record["wanted"] == NOT_PRINTED,
        "retrieved": _counted(f"{hit['file']}#{hit['headline']}" for hit in record["retrieved"]),
        "evidence": [
            {"key": one["key"], "text": one["text"], "headline": one["source"]["headline"], "pointed": one["pointed"]}
            for one in record["evidence"]
        ],
        "citations": [
            {
                "key": one["key"],
                "quote": one["quote"],
                "headline": one["source"]["headline"],
                "file": one["source"]["file"],
            }
            for one in record["citations"]
        ],
        "checks": [
            {"text": one["figure"]["text"], "verdict": one["verdict"], "formula": one["formula"]}
            for one in record["checks"]
        ],
        "caveats": [
            {"kind": one["kind"], "text": one["text"], "arithmetic": one["arithmetic"]} for one in record["caveats"]
        ],
    }
