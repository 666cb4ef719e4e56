"""One file in, all that the index keeps of it out: its page, passages with figures and claims, and suspicions."""

import hashlib
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from assistant import ledger
from assistant.aliases import Aliases
from assistant.errors import SourceError
from assistant.records import Account, Claim, Page, Passage, Span, Story, Suspicion
from ingest import accounts, pages, passages, readers, stories
from ingest.accounts import Printed
from ingest.readers import RawText, kept

PIPELINE = 4  # raised when the same file would be read into something else


@dataclass(frozen=True, slots=True)
class Job:
    """What one file is read as. ``name`` is its name in the index, ``date`` the page's where it is given.

    ``size`` is tokens in a passage at most; ``keep`` a folder where what a PDF or scan was read as is kept.
    """

    path: Path
    name: str
    size: int
    date: str = ""
    keep: Path | None = None


@dataclass(frozen=True, slots=True)
class Parsed:
    """``page`` is without its blocks; ``seconds`` are those of each stage; ``note`` is the reader's.

    ``key`` is the version's, ``data`` the SHA-256 of the file's bytes. ``reading`` is what ``again`` needs beside the
    page's text.
    """

    key: str
    data: str
    page: Page
    passages: tuple[Passage, ...]
    suspicions: tuple[Suspicion, ...]
    stories: int
    note: str
    reading: dict[str, Any]
    seconds: dict[str, float] = field(default_factory=dict)


def key(job: Job) -> tuple[str, str]:
    """A name for the file's bytes as this pipeline reads them, and their SHA-256: the same need not be read again."""
    with job.path.open("rb") as file:
        data = hashlib.file_digest(file, "sha256").hexdigest()
    return version(job, data), data


def version(job: Job, data: str) -> str:
    """A name for the bytes of that SHA-256 as this pipeline reads them."""
    told = f"{PIPELINE}\0{job.size}\0{readers.READING}\0{job.date}\0{job.name}\0{data}"
    return hashlib.sha256(told.encode("utf-8", "surrogateescape")).hexdigest()[:24]


def fault(job: Job) -> str:
    """What is wrong with the file, or nothing."""
    try:
        readers.read_raw(job.path, job.keep)
    except SourceError as error:
        return str(error)
    return ""


def parse(job: Job) -> Parsed:
    """The file read, cleaned, cut and counted. Raises SourceError where it cannot be read."""
    seconds: dict[str, float] = {}
    name, data = key(job)
    with _timed(seconds, "read"):
        raw = readers.read_raw(job.path, job.keep)
    return understood(job, raw, name, data, seconds)


def understood(job: Job, raw: RawText, name: str, data: str, seconds: dict[str, float]) -> Parsed:
    """The same of a file that is read already; ``name`` is its version's, ``data`` its SHA-256."""
    with _timed(seconds, "page"):
        page = pages.page(job.name, raw.text, date=job.date)
    with _timed(seconds, "stories"):
        found = stories.stories(page)
    with _timed(seconds, "claims"):
        known = accounts.learn(found)
        told = [accounts.accounts(story, known) for story in found]
    with _timed(seconds, "passages"):
        cut = _passages(page, found, told, raw, job.size, name)
    with _timed(seconds, "checks"):
        doubts = _doubts([printed for of_story in told for printed in of_story], cut, known)
    return Parsed(
        name, data, replace(page, blocks=()), cut, doubts, len(found), raw.note, _reading(job, raw, data), seconds
    )


def _reading(job: Job, raw: RawText, data: str) -> dict[str, Any]:
    told = {name: value for name, value in asdict(raw).items() if name != "text"}
    return {"date": job.date, "size": job.size, "data": data, "raw": told}


def again(file: str, text: str, reading: Mapping[str, Any]) -> Parsed:
    """A page of that name parsed from its text and the ``reading`` that was kept with it. Raises SourceError."""
    try:
        job = Job(Path(file), file, int(reading["size"]), str(reading["date"]))
        raw, data = kept.from_json({**reading["raw"], "text": text}), str(reading["data"])
    except (KeyError, TypeError, ValueError) as error:
        raise SourceError(f"How {file} was read is not kept with the index: ingest the page again.") from error
    return understood(job, raw, version(job, data), data, {})


def _passages(
    page: Page, found: Sequence[Story], told: Sequence[Sequence[Printed]], raw: RawText, size: int, name: str
) -> tuple[Passage, ...]:
    """The passages of all stories, each with its printed page and how surely it was read."""
    cut: dict[str, Passage] = {}
    for story, of_story in zip(found, told, strict=True):
        for passage in passages.passages(page, story, size, of_story):
            identity = hashlib.sha256(f"{name}\0{passage.id}".encode()).hexdigest()[:24]
            sure = [raw.confidence_in(span.start, span.end) for span in passage.spans]
            cut[identity] = replace(
                passage,
                id=identity,
                source=replace(passage.source, page=raw.page_at(passage.start)),
                claims=tuple(replace(claim, passage_id=identity) for claim in passage.claims),
                confidence=min((one for one in sure if one is not None), default=None),
            )
    return tuple(cut.values())


def _doubts(told: Sequence[Printed], cut: Sequence[Passage], known: Aliases) -> tuple[Suspicion, ...]:
    """The page's suspicions, their claims those of the passages that hold them."""
    printed = {_in_file(passage.spans, claim): claim for passage in cut for claim in passage.claims}
    held: dict[tuple[str, int], Claim] = {}  # by passage and offset in the account
    placed: list[Account] = []
    for one in told:
        own = [printed.get(one.at(claim.figure.start)) for claim in one.account.claims]
        both = list(zip(one.account.claims, own, strict=True))
        held.update({(there.passage_id, here.figure.start): there for here, there in both if there})
        claims = tuple(replace(here, passage_id=there.passage_id) if there else here for here, there in both)
        placed.append(replace(one.account, claims=claims))

    def moved(claims: tuple[Claim, ...]) -> tuple[Claim, ...]:
        return tuple(held.get((claim.passage_id, claim.figure.start), claim) for claim in claims)

    return tuple(
        replace(doubt, claims=moved(doubt.claims), witnesses=moved(doubt.witnesses))
        for doubt in ledger.of_page(placed, known)
    )


def _in_file(spans: Sequence[Span], claim: Claim) -> int:
    """The offset in the file at which the claim's figure begins."""
    start = claim.figure.start
    return next(span.start + start - span.at for span in spans if span.at <= start < span.at + span.end - span.start)


@contextmanager
def _timed(seconds: dict[str, float], stage: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    seconds[stage] = time.perf_counter() - began
