"""Files and folders in, their passages and what is doubted of them out, without an index: what a draft is held against.

``jushi check DRAFT --against PATHS`` reads its sources so; ``jushi ingest`` reads the same into an index.
"""

from collections.abc import Sequence
from pathlib import Path

from assistant import aliases as names
from assistant import ledger
from assistant.errors import SourceError
from assistant.records import Account, Passage, Suspicion
from ingest import parse, readers
from ingest.parse import Job
from ingest.readers import text


def draft(path: Path) -> str:
    """The text of one file. Raises SourceError where it cannot be read."""
    return readers.read(path)


def decoded(data: bytes) -> str:
    """The text of what was piped in. Raises SourceError for nothing, and for what is no text."""
    if not data.strip():
        raise SourceError("Nothing came through standard input: pipe the draft's text into it.")
    return text.decode(data, Path("standard input"))[0]


def sources(paths: Sequence[Path], size: int, date: str = "") -> tuple[tuple[Passage, ...], tuple[Suspicion, ...]]:
    """The passages of at most ``size`` tokens, and the suspicions, of all files under the paths.

    ``date`` is the pages', where they do not tell it. Raises SourceError for a path or file that cannot be read.
    """
    passages: list[Passage] = []
    doubts: list[Suspicion] = []
    for path, name in readers.files(list(paths)):
        page = parse.parse(Job(path, name, size, date))
        passages += page.passages
        doubts += page.suspicions
    known = names.learn([f"{one.source.headline}\n{one.text}" for one in passages])
    told = [claim for one in passages for claim in ledger.told(_account(one), one.story_id)]
    return tuple(passages), ledger.once([*doubts, *ledger.across(told, known)])


def _account(passage: Passage) -> Account:
    source = passage.source
    return Account(passage.text, passage.claims, source.headline, source.file, source.date)
