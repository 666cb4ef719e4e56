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


class Stated(StrEnum):
    """What a checked number of a draft is. NAME: it stands in a name, a score or an ordinal."""

    FIGURE = "figure"
    DATE = "date"
    NAME = "name"


class Fault(StrEnum):
    """Why the sources do not bear a number of a draft. ABSENT: no source prints it, nor anything in its place.

    VALUE: they print another value there; the others: the digits are printed, but not so.
    """

    ABSENT = "absent"
    VALUE = "value"
    UNIT = "unit"
    BOUND = "bound"
    DIRECTION = "direction"
    SUBJECT = "subject"
    METRIC = "metric"
    PERIOD = "period"


class CaveatKind(StrEnum):
    """Why an answer carries a warning. DEGRADED: something, such as the model, could not be reached."""

    CONFLICT = "conflict"
    SUSPECT = "suspect"
    PERIOD = "period"
    SCOPE = "scope"
    DEGRADED = "degraded"


class Role(StrEnum):
    """What a block of a page is. FURNITURE: mastheads, editors' lines, adverts, list marks; DUPLICATE: told before."""

    BODY = "body"
    HEADING = "heading"
    BYLINE = "byline"
    CAPTION = "caption"
    FURNITURE = "furniture"
    DUPLICATE = "duplicate"


class StoryKind(StrEnum):
    """What a story is. ORPHAN_TAIL: its beginning is on another page; HEADLESS: its headline is not on this one."""

    NEWS = "news"
    BRIEF = "brief"
    COMMENTARY = "commentary"
    DATA_BOX = "data-box"
    QUOTE_BOX = "quote-box"
    PHOTO_NEWS = "photo-news"
    PACKAGE_INTRO = "package-intro"
    ORPHAN_TAIL = "orphan-tail"
    HEADLESS = "headless"
    CAPTION = "caption"
    ADVERT = "advert"
    CREDITS = "credits"


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
class Claim:
    """Who, what, when, how much: one figure of a story, as the words around it tell.

    ``subject`` and ``metric`` are in the page's own words; ``comparison`` holds the ways of comparing or counting that
    the words name (同比, 年均, 占比, 累计, 每天, 预计, 起点, 终点 …), parted by spaces. ``sure``: no rule had to guess.
    """

    figure: Figure
    subject: str
    metric: str
    period: Period
    comparison: str = ""
    passage_id: str = ""
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Source:
    """Where a passage was printed. ``date`` is ISO, as exact as it is known: ``2025-09`` or ``2025-09-06``.

    ``section`` is the sub-heading it stands under, or the heading that its story shares with others; ``kind`` is the
    story's, or ``caption``.
    """

    file: str
    headline: str = ""
    paper: str = ""
    date: str = ""
    date_basis: str = ""
    byline: str = ""
    page: int | None = None
    section: str = ""
    kind: str = StoryKind.NEWS.value

    @property
    def title(self) -> str:
        """The headline, with the section under it."""
        return "｜".join(part for part in (self.headline, self.section) if part)


@dataclass(frozen=True, slots=True)
class Span:
    """``text[at : at + end - start]`` of the block, story or passage that holds it is ``page.text[start:end]``."""

    at: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, byline or caption, whole again where layout had cut it: ``spans`` map it to the file.

    ``level`` is that of its heading mark (0: none); ``opens`` and ``breaks``: it begins or ends in mid-sentence, and
    the rest is not on the page. ``mark`` is the stretch of the file taken by its mark (``## ``, ``- ``), which is not
    in its text.
    """

    role: Role
    text: str
    spans: tuple[Span, ...]
    level: int = 0
    opens: bool = False
    breaks: bool = False
    mark: tuple[int, int] | None = None

    @property
    def start(self) -> int:
        """The offset in the file at which the block begins."""
        return self.spans[0].start


@dataclass(frozen=True, slots=True)
class Page:
    """One file as read. ``id`` is a hash of its name and text; ``body_start`` is where its front matter ends.

    ``blocks`` hold every character of the body that is not blank exactly once, in the order of their beginnings.
    """

    id: str
    file: str
    text: str
    body_start: int = 0
    paper: str = ""
    date: str = ""
    date_basis: str = ""
    theme: str = ""
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Story:
    """One article of a page, or one box, set of captions, advert: ``blocks`` is all of it, in reading order.

    ``complete`` is False where its headline, beginning, end or a part between is not on the page.
    """

    id: str
    page_id: str
    source: Source
    kind: StoryKind
    blocks: tuple[Block, ...]
    complete: bool = True

    @property
    def text(self) -> str:
        """The body: its paragraphs, a line each."""
        return "\n".join(block.text for block in self.blocks if block.role is Role.BODY)

    @property
    def fragments(self) -> tuple[Span, ...]:
        """Where ``text`` stands in the file, in reading order."""
        found: list[Span] = []
        at = 0
        for block in self.blocks:
            if block.role is Role.BODY:
                found += [Span(at + span.at, span.start, span.end) for span in block.spans]
                at += len(block.text) + 1
        return tuple(found)

    @property
    def captions(self) -> tuple[Block, ...]:
        """The captions of its pictures."""
        return tuple(block for block in self.blocks if block.role is Role.CAPTION)

    @property
    def duplicates(self) -> tuple[Span, ...]:
        """Where the page prints parts of it again."""
        return tuple(span for block in self.blocks if block.role is Role.DUPLICATE for span in block.spans)


@dataclass(frozen=True, slots=True)
class Passage:
    """A few whole sentences of one story; ``spans`` map its text back to the file, in order.

    ``claims`` say of each figure whose it is, what it measures and when; their offsets are in ``text``. ``confidence``
    is that of the least sure line that OCR read of it, 0 to 1; None where no OCR was needed.
    """

    id: str
    story_id: str
    source: Source
    text: str
    spans: tuple[Span, ...]
    figures: tuple[Figure, ...] = ()
    claims: tuple[Claim, ...] = ()
    confidence: float | None = None

    @property
    def start(self) -> int:
        """The offset in the file at which the passage begins."""
        return self.spans[0].start


class Intent(StrEnum):
    """What kind of answer a question wants. FACT: a name, a date, a place, words; REASON: why or how."""

    FIGURE = "figure"
    SEVERAL = "several"
    COMPARE = "compare"
    COMPUTE = "compute"
    LIST = "list"
    REASON = "reason"
    CONFLICT = "conflict"
    YES_NO = "yes_no"
    FACT = "fact"


@dataclass(frozen=True, slots=True)
class Synonym:
    """``text[start:end]`` of a question and what a page may say in its place; ``name``: it is a name."""

    start: int
    end: int
    word: str
    others: tuple[str, ...]
    name: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A question as the program reads it; ``years``, ``kinds`` (of figures), ``unit`` are empty where it names none.

    ``text`` is whole in itself: what a follow-up leaves out is put in, and ``asked`` then has the words asked just now.
    ``search`` is what is looked up: ``text`` without the words that only ask; ``others`` are other names of what it
    names. ``subjects`` are the names in it, each in the fullest form that the pages print; ``periods`` those that its
    words alone fix, ``relative`` its words for those that a page's date fixes (去年). ``rates`` are ways of counting
    that it names (每天, 同比), ``wants`` what beside a figure would answer (``date``, ``title``, ``list``). ``parts``
    are the questions that it is made of, where it is made of several, ``asks`` those of one figure each; ``source``
    and ``date`` are filters that were typed.
    """

    text: str
    language: str
    terms: tuple[str, ...]
    years: tuple[int, ...]
    kinds: tuple[str, ...]
    wants_figure: bool
    unit: str = ""
    history: tuple[tuple[str, str], ...] = ()
    search: str = ""
    others: tuple[str, ...] = ()
    intent: Intent = Intent.FACT
    synonyms: tuple[Synonym, ...] = ()
    subjects: tuple[str, ...] = ()
    periods: tuple[Period, ...] = ()
    relative: tuple[str, ...] = ()
    rates: tuple[str, ...] = ()
    wants: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    source: str = ""
    date: str = ""
    asks: tuple["Query", ...] = ()
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved passage; ``parts`` are the scores that ``score`` was fused from, by name.

    ``repeats`` are passages that print the same text again, as far as they were looked at.
    """

    passage: Passage
    score: float
    parts: tuple[tuple[str, float], ...] = ()
    repeats: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sentence offered as evidence: ``passage.text[start:end]``, its figures, and how well it matches.

    ``coverage`` and ``fit`` are shares of the question's weighted terms: those that its passage and headline bear, and
    those that stand around ``pointed``, the figure that the question seems to ask for. ``sure`` is the log-odds that
    this figure answers. ``told`` are the figures that answer the questions which the question is made of: the number of
    each in ``Query.asks``, and its figure.
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
    sure: float = 0.0
    told: tuple[tuple[int, Figure], ...] = ()

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
    """One figure of an answer's text, and what bears it: a citation's key, or a formula; or why nothing does."""

    figure: Figure
    verdict: Verdict
    citation: str = ""
    formula: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Caveat:
    """A warning that travels with an answer wherever it is shown."""

    kind: CaveatKind
    text: str
    citations: tuple[str, ...] = ()
    arithmetic: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What ``ask()`` returns. ``timings`` are seconds by step; ``usage`` is tokens by name.

    ``formulas`` are what the program worked out, as they stand in the text: 5亿元+3亿元=8亿元.
    """

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
    formulas: tuple[str, ...] = ()


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


@dataclass(frozen=True, slots=True)
class CheckedNumber:
    """One number of a draft, ``draft[start:end]``, and what the sources say of it.

    ``citations`` are the sentences that bear it or, where none does, the nearest one; ``printed`` are the words there
    that it was held against. ``formula`` tells how it was COMPUTED. ``subject``, ``metric`` and ``period`` are those
    that the draft's own words give a figure. ``doubts`` are the sources' own: what casts doubt on the printed figure.
    """

    text: str
    start: int
    end: int
    kind: Stated
    verdict: Verdict
    fault: Fault | None = None
    reason: str = ""
    citations: tuple[Citation, ...] = ()
    printed: str = ""
    formula: str = ""
    subject: str = ""
    metric: str = ""
    period: str = ""
    doubts: tuple[Caveat, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft as given, with every number of it checked, in order. ``passages`` is how many it was held against."""

    text: str
    numbers: tuple[CheckedNumber, ...]
    passages: int

    @property
    def unsupported(self) -> tuple[CheckedNumber, ...]:
        """The numbers that the sources do not bear."""
        return tuple(number for number in self.numbers if number.verdict is Verdict.UNSUPPORTED)


class NameKind(StrEnum):
    """What a name names."""

    FIRM = "firm"
    PARK = "park"
    PLACE = "place"
    AGENCY = "agency"
    SITE = "site"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Mention:
    """A name at ``text[start:end]`` of the text it was found in."""

    start: int
    end: int
    text: str
    kind: NameKind


@dataclass(frozen=True, slots=True)
class Alias:
    """Two names that may be one, and why it is thought so; no more than a proposal."""

    name: str
    other: str
    reason: str


@dataclass(frozen=True, slots=True)
class Account:
    """A story's text with the claims it makes: what the ledger reads. ``file`` and ``date`` are its page's."""

    text: str
    claims: tuple[Claim, ...]
    headline: str = ""
    file: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A claim with the sentence that prints it: all that comparing it with other pages' claims needs.

    ``headline``, ``paper`` and ``date`` are those of its story, ``story`` tells which: claims of one story are told
    apart by it. ``file[start:end]`` is the figure, where that is known.
    """

    claim: Claim
    sentence: str
    file: str = ""
    headline: str = ""
    date: str = ""
    story: str = ""
    paper: str = ""
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A printed figure or word that may be wrong, or two that disagree; the print itself is never altered.

    ``text`` says why, ``arithmetic`` shows the sum, ``reading`` the probable value, worded as a doubt. ``claims`` are
    those in doubt, ``witnesses`` those that they are held against; ``quotes`` the words concerned, each with its file.
    """

    kind: str
    text: str
    arithmetic: str = ""
    reading: str = ""
    claims: tuple[Claim, ...] = ()
    witnesses: tuple[Claim, ...] = ()
    quotes: tuple[tuple[str, str], ...] = ()
