"""What programs send and hear at ``/ask``, ``/check`` and ``/figures``, as OpenAPI tells it."""

from dataclasses import dataclass, field
from typing import Any

from assistant.web.checking import LONGEST
from assistant.web.conversation import LONGEST_QUESTION


def _told(description: str, **limits: Any) -> dict[str, Any]:
    return {"description": description, **limits}


@dataclass(frozen=True)
class Said:
    """A question that was asked before, and how it was answered."""

    question: str
    answer: str


@dataclass(frozen=True)
class Question:
    """A question about the pages."""

    question: str = field(metadata=_told(f"In Chinese or English; at most {LONGEST_QUESTION} letters.", min_length=1))
    model: str = field(default="", metadata=_told('The model; empty for the default, "none" to quote without one.'))
    history: list[Said] = field(default_factory=list, metadata=_told("What was said before, for 那去年呢？"))


@dataclass(frozen=True)
class Stated:
    """A figure of the answer, and what bears it."""

    figure: str = field(metadata=_told("As the answer states it."))
    value: str = field(metadata=_told("A decimal number in the base unit; a string, so that no digit is lost."))
    unit: str
    verdict: str = field(metadata=_told("quoted, computed, suspect or unsupported."))
    formula: str
    citation: int = field(metadata=_told("The number of the citation that prints it; 0 for none."))
    subject: str
    metric: str
    period: str


@dataclass(frozen=True)
class Cited:
    """A sentence as printed, with its place: letters of the page's text."""

    number: int
    headline: str
    paper: str
    date: str
    file: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True)
class Warned:
    """A warning that goes with the answer."""

    kind: str
    text: str
    arithmetic: str


@dataclass(frozen=True)
class Answered:
    """The checked answer."""

    question: str
    text: str = field(metadata=_told("Citations stand in it as [1], [2] …"))
    declined: bool = field(metadata=_told("Whether the pages do not say."))
    figures: list[Stated]
    citations: list[Cited]
    caveats: list[Warned]
    formulas: list[str]
    model: str
    seconds: float


@dataclass(frozen=True)
class Draft:
    """A text whose numbers are to be checked against the pages."""

    text: str = field(metadata=_told(f"The draft, at most {LONGEST} letters."))
    date: str = field(default="", metadata=_told("Its own date (2025-10), which tells what its 今年 is."))


@dataclass(frozen=True)
class Proved:
    """The draft checked: ``counts`` by verdict, and every number with its place, verdict, reason and citations."""

    text: str
    counts: dict[str, int]
    numbers: list[dict[str, Any]]
    passages: int = field(metadata=_told("How many passages it was held against."))


@dataclass(frozen=True)
class Listed:
    """Figures that the pages print: ``count`` is how many there are, of which the first are listed."""

    count: int
    figures: list[dict[str, Any]]


@dataclass(frozen=True)
class Trouble:
    """Why there is no answer."""

    message: str
    type: str
    code: str
    param: None = None


@dataclass(frozen=True)
class Refusal:
    """What is told in place of an answer."""

    error: Trouble


REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": Refusal, "description": told}
    for status, told in (
        ("4XX", "Not to be answered as it is asked"),
        (401, "A name and a password are wanted"),
        (429, "Busy: ask again after the seconds of Retry-After"),
        (503, "The index or the model is out of order"),
    )
}
