"""The vocabulary that every room shares: frozen records in, frozen records out; standard library only.

Offsets are Python ``str`` offsets, half-open, into the text that the docstring names. Sequences are tuples.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Bound(StrEnum):
    """What the printed words around a figure say about its value: 超1亿元 is MORE_THAN, 约400吨 is ABOUT."""

    EXACT = "exact"
    ABOUT = "about"
    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    AT_MOST = "at_most"
    LESS_THAN = "less_than"


class Basis(StrEnum):
    """How a period or a page's date is known."""

    PRINTED = "printed"
    INFERRED = "inferred"
    UNKNOWN = "unknown"


class Verdict(StrEnum):
    """What the check of one figure in an answer found."""

    QUOTED = "quoted"
    COMPUTED = "computed"
    UNSUPPORTED = "unsupported"


class CaveatKind(StrEnum):
    """Why an answer carries a warning. DEGRADED: something, such as the model, could not be reached."""

    CONFLICT = "conflict"
    SUSPECT = "suspect"
    PERIOD = "period"
    SCOPE = "scope"
    DEGRADED = "degraded"


@dataclass(frozen=True, slots=True)
class Figure:
    """One printed quantity: ``text[start:end]`` of the text it was found in, its bound word included.

    ``value`` is in ``unit``, the base unit of ``kind``: 100.13亿元 is 10013000000 元, kind ``money``.
    Shares stay in their own unit: 98.26% is 98.26 ``%``; 5个百分点 is 5 ``个百分点``.
    """

    text: str
    value: Decimal
    unit: str
    kind: str
    bound: Bound
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days, both ends included; ``None`` where an end is not known."""

    start: date | None
    end: date | None
    label: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class Source:
    """Where a passage was printed. ``date`` is ISO, as exact as it is known: ``2025-09`` or ``2025-09-06``."""

    file: str
    headline: str = ""
    paper: str = ""
    date: str = ""
    date_basis: str = ""
    byline: str = ""
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One file as read. ``id`` is a hash of its name and text; ``body_start`` is where its front matter ends."""

    id: str
    file: str
    text: str
    body_start: int = 0
    paper: str = ""
    date: str = ""
    date_basis: str = ""
    theme: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """One article of a page: its body is ``page.text[start:end]``."""

    id: str
    page_id: str
    source: Source
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Span:
    """``passage.text[at : at + end - start]`` is ``page.text[start:end]``."""

    at: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A few whole sentences of one story; ``spans`` map its text back to the file, in order."""

    id: str
    story_id: str
    source: Source
    text: str
    spans: tuple[Span, ...]
    figures: tuple[Figure, ...] = ()

    @property
    def start(self) -> int:
        """The offset in the file at which the passage begins."""
        return self.spans[0].start


@dataclass(frozen=True, slots=True)
class Query:
    """A question as the program reads it; ``years``, ``kinds`` (of figures), ``unit`` are empty where it names none."""

    text: str
    language: str
    terms: tuple[str, ...]
    years: tuple[int, ...]
    kinds: tuple[str, ...]
    wants_figure: bool
    unit: str = ""
    history: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved passage; ``parts`` are the scores that ``score`` was fused from, by name."""

    passage: Passage
    score: float
    parts: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sentence offered as evidence: ``passage.text[start:end]``, its figures, and how well it matches.

    ``coverage`` and ``fit`` are shares of the question's weighted terms: those that its passage and headline bear, and
    those that stand around ``pointed``, the figure that the question seems to ask for.
    """

    key: str
    passage: Passage
    start: int
    end: int
    figures: tuple[Figure, ...]
    score: float
    coverage: float
    pointed: Figure | None = None
    fit: float = 0.0

    @property
    def text(self) -> str:
        """The sentence as printed."""
        return self.passage.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Citation:
    """A quoted sentence: ``quote`` is ``page.text[start:end]`` of ``source.file``; ``key`` stands in the answer."""

    key: str
    passage_id: str
    source: Source
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class FigureCheck:
    """One figure of an answer's text, and what bears it: a citation's key, or a formula."""

    figure: Figure
    verdict: Verdict
    citation: str = ""
    formula: str = ""


@dataclass(frozen=True, slots=True)
class Caveat:
    """A warning that travels with an answer wherever it is shown."""

    kind: CaveatKind
    text: str
    citations: tuple[str, ...] = ()
    arithmetic: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What ``ask()`` returns. ``timings`` are seconds by step; ``usage`` is tokens by name."""

    question: str
    text: str
    citations: tuple[Citation, ...] = ()
    checks: tuple[FigureCheck, ...] = ()
    caveats: tuple[Caveat, ...] = ()
    declined: bool = False
    evidence: tuple[Evidence, ...] = ()
    model: str = "none"
    timings: dict[str, float] = field(default_factory=dict)
    usage: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Retrieved:
    """Event: the passages that retrieval found."""

    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class EvidenceFound:
    """Event: the sentences chosen from them."""

    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Token:
    """Event: a verified piece of the answer's text, to be appended to the pieces before it."""

    text: str


@dataclass(frozen=True, slots=True)
class Final:
    """Event: the checked answer. Its text is what the tokens spelt."""

    answer: Answer


Event = Retrieved | EvidenceFound | Token | Final
