"""Files in, what ``ingest`` makes of each out: its stories, their figures with claims, and what is doubted.

Nothing is written. A file that cannot be read is told with its reason, and the others are read.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from assistant import ledger
from assistant.aliases import Aliases
from assistant.errors import SourceError
from assistant.records import Block, Claim, Page, Role, Story, Suspicion
from ingest import accounts, pages, readers, stories
from ingest.accounts import Printed
from ingest.readers import RawText
from ingest.tally import Progress


@dataclass(frozen=True, slots=True)
class Mark:
    """A figure on the page: ``spans`` are where the file prints it (two where a column's end cut it)."""

    number: int
    claim: Claim
    story: int
    spans: tuple[tuple[int, int], ...]

    @property
    def start(self) -> int:
        """The offset in the file at which it begins."""
        return self.spans[0][0]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A suspicion and where it is printed: (page, figure) of the claims in doubt, then of their witnesses.

    ``places`` are (page, offset in the file) of its quotes; both count pages of the ``Checked`` and figures of a page.
    """

    suspicion: Suspicion
    figures: tuple[tuple[int, int], ...]
    witnesses: tuple[tuple[int, int], ...]
    places: tuple[tuple[int, int], ...]

    @property
    def pages(self) -> set[int]:
        """The pages that it speaks of."""
        return {page for page, _ in (*self.figures, *self.witnesses, *self.places)}


@dataclass(frozen=True, slots=True)
class CheckedPage:
    """One page: as read (``raw``), as cleaned (``page``), as understood."""

    raw: RawText
    page: Page
    stories: tuple[Story, ...]
    marks: tuple[Mark, ...]
    accounts: tuple[Printed, ...]

    @property
    def joined(self) -> list[Block]:
        """The paragraphs that stand on the page in pieces."""
        return [block for block in self.page.blocks if block.role is Role.BODY and len(block.spans) > 1]

    @property
    def repeated(self) -> list[Block]:
        """The paragraphs that the page prints again."""
        return [block for block in self.page.blocks if block.role is Role.DUPLICATE]


@dataclass(frozen=True, slots=True)
class Checked:
    """All that was read; ``unreadable`` are (file, reason)."""

    pages: tuple[CheckedPage, ...]
    doubts: tuple[Doubt, ...]
    unreadable: tuple[tuple[str, str], ...]


def check(paths: Sequence[Path], date: str = "", progress: Callable[[Progress], None] = lambda _: None) -> Checked:
    """Reads every file under the paths as ``jushi ingest`` does. Raises SourceError where there is none."""
    found: list[CheckedPage] = []
    unreadable: list[tuple[str, str]] = []
    listed = readers.files(list(paths))
    sizes = [path.stat().st_size for path, _ in listed]
    for (path, name), done in zip(listed, accumulate(sizes, initial=0), strict=False):
        progress(Progress(name, done, sum(sizes)))
        try:
            raw = readers.read_raw(path)
            page = pages.page(name, raw.text, date=date)
        except SourceError as error:
            unreadable.append((name, str(error)))
        else:
            found.append(_checked(raw, page))
    known = accounts.learn([story for one in found for story in one.stories])
    return Checked(tuple(found), tuple(_doubts(found, known)), tuple(unreadable))


def _checked(raw: RawText, page: Page) -> CheckedPage:
    told = stories.stories(page)
    known = accounts.learn(told)
    printed: list[Printed] = []
    marks: list[Mark] = []
    for at, story in enumerate(told):
        for one in accounts.accounts(story, known):
            printed.append(one)
            for claim in one.account.claims:
                marks.append(Mark(len(marks), claim, at, tuple(_spans(one, claim))))
    return CheckedPage(raw, page, told, tuple(marks), tuple(printed))


def _spans(printed: Printed, claim: Claim) -> Iterator[tuple[int, int]]:
    """Where in the file the claim's figure is printed."""
    figure = claim.figure
    for span in printed.spans:
        begin, end = max(figure.start, span.at), min(figure.end, span.at + span.end - span.start)
        if begin < end:
            yield span.start + begin - span.at, span.start + end - span.at


def _doubts(found: Sequence[CheckedPage], known: Aliases) -> Iterator[Doubt]:
    every = [printed.account for one in found for printed in one.accounts]
    figures = {id(mark.claim): (at, mark.number) for at, one in enumerate(found) for mark in one.marks}
    numbers = {one.page.file: at for at, one in enumerate(found)}
    for suspicion in ledger.suspicions(every, known):
        places = [
            (numbers[file], at)
            for file, quote in suspicion.quotes
            if file in numbers and (at := _place(found[numbers[file]], quote)) is not None
        ]
        held, against = (
            [figures[id(claim)] for claim in claims if id(claim) in figures]
            for claims in (suspicion.claims, suspicion.witnesses)
        )
        yield Doubt(suspicion, tuple(held), tuple(against), tuple(places))


def _place(one: CheckedPage, quote: str) -> int | None:
    """The offset in the file of a quoted sentence, which may have been joined from pieces."""
    for printed in one.accounts:
        if (at := printed.account.text.find(quote)) >= 0:
            return printed.at(at)
    at = one.page.text.find(quote)
    return at if at >= 0 else None
