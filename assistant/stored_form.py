"""Passages and suspicions in, what Chroma can keep of them out (flat metadata, JSON), and back again unchanged."""

import json
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from assistant.records import Basis, Bound, Claim, Figure, Passage, Period, Source, Span, Suspicion


def to_metadata(passage: Passage) -> dict[str, Any]:
    """The passage without its id and text, as Chroma's metadata: numbers and strings."""
    source = {name: value for name, value in asdict(passage.source).items() if value is not None}
    kept: dict[str, Any] = {
        **source,
        "story": passage.story_id,
        "start": passage.start,
        "spans": json.dumps([(span.at, span.start, span.end) for span in passage.spans]),
        "figures": _dumped([_figure_out(figure) for figure in passage.figures]),
        # a claim's figure is one of the passage's: its place says which
        "claims": _dumped([[passage.figures.index(claim.figure), *_told(claim)] for claim in passage.claims]),
    }
    if passage.confidence is not None:
        kept["confidence"] = passage.confidence
    return kept


def to_passage(identity: str, text: str, meta: dict[str, Any]) -> Passage:
    """What ``to_metadata`` was made of."""
    source = Source(**{name: meta[name] for name in Source.__dataclass_fields__ if name in meta})
    figures = tuple(_figure_in(figure) for figure in json.loads(meta["figures"]))
    claims = tuple(_claim(figures[at], [*told[:-1], identity]) for at, *told in json.loads(meta["claims"]))
    spans = tuple(Span(*numbers) for numbers in json.loads(meta["spans"]))
    return Passage(identity, meta["story"], source, text, spans, figures, claims, meta.get("confidence"))


def dump(suspicions: tuple[Suspicion, ...]) -> str:
    """The suspicions as JSON."""
    return _dumped(
        [
            {
                **{name: getattr(one, name) for name in ("kind", "text", "arithmetic", "reading", "quotes")},
                "claims": [_claim_out(claim) for claim in one.claims],
                "witnesses": [_claim_out(claim) for claim in one.witnesses],
            }
            for one in suspicions
        ]
    )


def load(kept: str) -> tuple[Suspicion, ...]:
    """What ``dump`` was given."""
    return tuple(
        Suspicion(
            kind=one["kind"],
            text=one["text"],
            arithmetic=one["arithmetic"],
            reading=one["reading"],
            claims=tuple(_claim_in(claim) for claim in one["claims"]),
            witnesses=tuple(_claim_in(claim) for claim in one["witnesses"]),
            quotes=tuple((file, words) for file, words in one["quotes"]),
        )
        for one in json.loads(kept)
    )


def _figure_out(figure: Figure) -> list[Any]:
    return [figure.text, str(figure.value), figure.unit, figure.kind, str(figure.bound), figure.start, figure.end]


def _figure_in(kept: list[Any]) -> Figure:
    text, value, unit, kind, bound, start, end = kept
    return Figure(text, Decimal(value), unit, kind, Bound(bound), start, end)


def _claim_out(claim: Claim) -> list[Any]:
    return [_figure_out(claim.figure), *_told(claim)]


def _claim_in(kept: list[Any]) -> Claim:
    figure, *told = kept
    return _claim(_figure_in(figure), told)


def _told(claim: Claim) -> list[Any]:
    """The claim without its figure."""
    period = claim.period
    ends = [day.isoformat() if day else "" for day in (period.start, period.end)]
    when = [*ends, period.label, str(period.basis)]
    return [claim.subject, claim.metric, when, claim.comparison, claim.sure, claim.passage_id]


def _claim(figure: Figure, told: list[Any]) -> Claim:
    subject, metric, (start, end, label, basis), comparison, sure, passage_id = told
    first, last = (date.fromisoformat(day) if day else None for day in (start, end))
    return Claim(figure, subject, metric, Period(first, last, label, Basis(basis)), comparison, passage_id, sure)


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
