"""Passages' claims and suspicions in, rows of the claims' file out, and back again; the file's tables."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Final

from assistant import mentions, sentences
from assistant.checks.doubt import base
from assistant.lexical import terms
from assistant.records import Basis, Bound, Claim, Figure, NameKind, Passage, Period, Told
from assistant.relations import metric_key

FORM: Final = 1  # raised when the tables or what stands in them change, so that a file of the former form is built anew

TABLES: Final = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE pages (file TEXT PRIMARY KEY, version TEXT) WITHOUT ROWID;
CREATE TABLE sentences (id INTEGER PRIMARY KEY, file TEXT, story TEXT, paper TEXT, date TEXT, headline TEXT, text TEXT);
CREATE INDEX sentences_file ON sentences (file);
CREATE TABLE claims (
    id INTEGER PRIMARY KEY, sentence INTEGER, file TEXT, passage TEXT, start INTEGER, end INTEGER, at INTEGER,
    until INTEGER, printed TEXT, value TEXT, unit TEXT, kind TEXT, bound TEXT, subject TEXT, metric TEXT,
    first TEXT, last TEXT, label TEXT, basis TEXT, comparison TEXT, sure INTEGER, measure TEXT, what TEXT
);
CREATE INDEX claims_passage ON claims (passage, start);
CREATE INDEX claims_file ON claims (file, at);
CREATE INDEX claims_sentence ON claims (sentence);
CREATE INDEX claims_subject ON claims (subject, what);
CREATE INDEX claims_what ON claims (what, measure);
CREATE INDEX claims_unit ON claims (unit);
CREATE INDEX claims_kind ON claims (kind);
CREATE INDEX claims_period ON claims (first, last);
CREATE TABLE subjects (name TEXT PRIMARY KEY, key TEXT) WITHOUT ROWID;
CREATE INDEX subjects_key ON subjects (key);
CREATE TABLE names (name TEXT PRIMARY KEY, canonical TEXT, kind TEXT) WITHOUT ROWID;
CREATE TABLE proposed (name TEXT, other TEXT, reason TEXT);
CREATE TABLE suspicions (id INTEGER PRIMARY KEY, file TEXT, kind TEXT, whole TEXT);
CREATE INDEX suspicions_file ON suspicions (file);
CREATE TABLE doubted (suspicion INTEGER, passage TEXT, start INTEGER, end INTEGER, witness INTEGER);
CREATE INDEX doubted_passage ON doubted (passage, start);
CREATE INDEX doubted_suspicion ON doubted (suspicion);
CREATE VIRTUAL TABLE claim_words USING fts5 (subject, metric, content='');
CREATE VIRTUAL TABLE sentence_words USING fts5 (text, content='');
"""

COLUMNS: Final = (
    "c.printed, c.value, c.unit, c.kind, c.bound, c.start, c.end, c.subject, c.metric, c.first, c.last, c.label,"
    " c.basis, c.comparison, c.passage, c.sure, s.text, c.file, s.headline, s.date, s.story, s.paper, c.at, c.until"
)
"""What ``to_told`` reads, of claims c with their sentences s."""

_NAMING: Final = frozenset((NameKind.FIRM, NameKind.PARK, NameKind.AGENCY, NameKind.SITE))


def words(text: str) -> str:
    """The text as the word tables hold it: pairs of letters and whole numbers, so that a phrase is a substring."""
    # a point would part a number in two: 100.13 must not be found by 100 nor by 13
    return " ".join(term.replace(".", "p").replace(",", "k") for term in terms(text))


def phrase(text: str) -> str:
    """What finds the text in a word table as it stands; empty where it has no letter."""
    return f'"{words(text)}"' if words(text) else ""


def of_passage(passage: Passage) -> Iterator[tuple[tuple[Any, ...], list[tuple[Any, ...]]]]:
    """The passage's sentences that claim or name something, each with the claims in it, both as rows."""
    source = passage.source
    named = [mention.start for mention in mentions.mentions(passage.text) if mention.kind in _NAMING]
    for start, end in sentences.split(passage.text):
        inside = [claim for claim in passage.claims if start <= claim.figure.start < end]
        if inside or any(start <= at < end for at in named):
            text = passage.text[start:end]
            row = (source.file, passage.story_id, source.paper, source.date, source.headline, text)
            yield row, [_claim(passage, claim) for claim in inside]


def _claim(passage: Passage, claim: Claim) -> tuple[Any, ...]:
    figure, period = claim.figure, claim.period
    at, until = _printed(passage, figure)
    return (
        *(passage.source.file, passage.id, figure.start, figure.end, at, until),
        *(figure.text, str(figure.value), figure.unit, figure.kind, str(figure.bound), claim.subject, claim.metric),
        *(_day(period.start), _day(period.end), period.label, str(period.basis)),
        *(claim.comparison, claim.sure, base(claim)[0], metric_key(claim.metric)),
    )


def _printed(passage: Passage, figure: Figure) -> tuple[int, int]:
    """Where in the file the figure begins and ends."""
    first = max((span for span in passage.spans if span.at <= figure.start), key=lambda span: span.at)
    last = max((span for span in passage.spans if span.at < figure.end), key=lambda span: span.at)
    return first.start + figure.start - first.at, last.start + figure.end - last.at


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def to_told(row: tuple[Any, ...]) -> Told:
    """What the ``COLUMNS`` of a claim tell."""
    printed, value, unit, kind, bound, start, end, subject, metric, first, last, label, basis, *rest = row
    comparison, passage, sure, sentence, file, headline, day, story, paper, at, until = rest
    figure = Figure(printed, Decimal(value), unit, kind, Bound(bound), start, end)
    since, until_day = (date.fromisoformat(one) if one else None for one in (first, last))
    period = Period(since, until_day, label, Basis(basis))
    claim = Claim(figure, subject, metric, period, comparison, passage, bool(sure))
    return Told(claim, sentence, file, headline, day, story, paper, at, until)
