"""An item with its Answer in, one line of a results file out; a line in, the Answer out, to be judged again.

A line holds all that was answered (text, citations, checks, caveats, evidence, timings, usage) beside the verdict, so a
better scorer, or a corrected gold item, can judge it without asking again.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from assistant import figures
from assistant.records import (
    Answer,
    Bound,
    Caveat,
    CaveatKind,
    Citation,
    Evidence,
    Figure,
    FigureCheck,
    Hit,
    Passage,
    Source,
    Span,
    Verdict,
)
from evals.about import Known
from evals.causes import Reach, cause, reach
from evals.gold import GoldItem
from evals.score import score

Record = dict[str, Any]
NOT_PRINTED: Final = "版面没有写到"  # what a right answer states where the pages do not say


def record(
    item: GoldItem, answer: Answer, seconds: float, hits: Sequence[Hit] | None, known: Known | None = None
) -> Record:
    """The line of one answer: what was asked and answered, and how it was judged."""
    reached = reach(item, hits, answer)
    return {
        "item": item.id,
        "type": item.type.value,
        "question": item.question,
        "history": [list(turn) for turn in item.history],
        "text": answer.text,
        "declined": answer.declined,
        **_judged(item, answer, reached, known),
        "confidence": _confidence(answer),
        "reach": asdict(reached),
        "retrieved": [_hit(hit) for hit in hits or ()],
        "evidence": [_evidence(evidence) for evidence in answer.evidence],
        "citations": [asdict(citation) for citation in answer.citations],
        "checks": [asdict(check) for check in answer.checks],
        "caveats": [asdict(caveat) for caveat in answer.caveats],
        "model": answer.model,
        "timings": answer.timings,
        "usage": answer.usage,
        "tags": list(item.tags),
        "stories": list(item.stories),
        "split": item.split,
        "wanted": wanted(item),
        "seconds": round(seconds, 4),
    }


def judge_again(item: GoldItem, line: Mapping[str, Any], known: Known | None = None) -> Record:
    """The same line with the verdict of today's scorer and of the item as it is now; nothing is asked."""
    answer = answer_of(line)
    reached = Reach(**line["reach"])
    fresh = {"type": item.type.value, "tags": list(item.tags), "stories": list(item.stories), "split": item.split}
    return {**line, **fresh, "wanted": wanted(item), **_judged(item, answer, reached, known)}


def _judged(item: GoldItem, answer: Answer, reached: Reach, known: Known | None) -> Record:
    judged = score(item, answer, known)
    return {
        "verdict": judged.verdict.value,
        "reasons": list(judged.reasons),
        "wrong_figure": judged.wrong_figure,
        "cited": judged.cited,
        "figures": judged.figures,
        "borne": judged.borne,
        "quotes": judged.citations,
        "bearing": judged.bearing,
        "cause": cause(item, answer, judged, reached).value,
    }


def _confidence(answer: Answer) -> float:
    """What the answer's best sentence scored, 0 where none is used: the order in which to trust the answers."""
    used = {citation.key for citation in answer.citations}
    return round(max((evidence.score for evidence in answer.evidence if evidence.key in used), default=0.0), 4)


def wanted(item: GoldItem) -> str:
    """What a right answer states, for whoever reads the report."""
    parts = [fact.printed for fact in item.facts]
    if item.result:
        parts.append(f"= {item.result.value}{item.result.unit}")
    parts += ["/".join(group) for group in item.must_mention]
    return "；".join(parts) or NOT_PRINTED


def _hit(hit: Hit) -> Record:
    source = hit.passage.source
    return {"passage": hit.passage.id, "file": source.file, "headline": source.headline, "score": round(hit.score, 4)}


def _evidence(evidence: Evidence) -> Record:
    """The sentence alone: its passage is told by ``retrieved``."""
    return {
        "key": evidence.key,
        "text": evidence.text,
        "source": asdict(evidence.passage.source),
        "score": round(evidence.score, 4),
        "coverage": round(evidence.coverage, 4),
        "fit": round(evidence.fit, 4),
        "pointed": evidence.pointed.text if evidence.pointed else "",
    }


def answer_of(line: Mapping[str, Any]) -> Answer:
    """The answer that a line files. Its evidence comes back as sentences, each a passage of its own."""
    return Answer(
        question=line["question"],
        text=line["text"],
        citations=tuple(Citation(**{**one, "source": Source(**one["source"])}) for one in line["citations"]),
        checks=tuple(
            FigureCheck(_figure(one["figure"]), Verdict(one["verdict"]), one["citation"], one["formula"])
            for one in line["checks"]
        ),
        caveats=tuple(
            Caveat(CaveatKind(one["kind"]), one["text"], tuple(one["citations"]), one["arithmetic"])
            for one in line["caveats"]
        ),
        declined=line["declined"],
        evidence=tuple(_sentence(one) for one in line["evidence"]),
        model=line["model"],
        timings=dict(line["timings"]),
        usage=dict(line["usage"]),
    )


def _figure(told: Mapping[str, Any]) -> Figure:
    return Figure(**{**told, "value": Decimal(told["value"]), "bound": Bound(told["bound"])})


def _sentence(told: Mapping[str, Any]) -> Evidence:
    text = told["text"]
    found = figures.find(text)
    passage = Passage(told["key"], "", Source(**told["source"]), text, (Span(0, 0, len(text)),), found)
    return Evidence(told["key"], passage, 0, len(text), found, told["score"], told["coverage"], None, told["fit"])


def as_json(value: object) -> str:
    """One line of JSON; a Decimal keeps its digits, a path and a date their text."""
    return json.dumps(value, ensure_ascii=False, default=_as_text)


def _as_text(value: object) -> str:
    if isinstance(value, Decimal | Path | date):
        return str(value)
    raise TypeError(f"{type(value).__name__} is not filed")
