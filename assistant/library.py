"""An index in, its pages as they stand out: records, texts, stories, what is doubted on them, and search.

    library = Library.open(settings)
    library.pages()                      → the record of every page
    library.page("000.md").stories       → its stories, each with the places in the file that it takes
    library.search("再生铅")             → the passages that hold the words, or the nearest to them

Every answer is of the generation that stands now: what another process commits is seen at the next call.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, Self

from assistant.claim_index import ClaimIndex, Wanted
from assistant.lexical import Lexical
from assistant.listing import Listing
from assistant.records import Claim, Passage, Source, StoryKind, Suspicion, Told
from assistant.settings import Settings
from assistant.store import Store

_SAMPLED = 100  # claims of one page that are looked through for good examples
_NEAREST = 60  # passages that a search looks at: some pages of a list, and more than anybody reads


@dataclass(frozen=True, slots=True)
class Shelved:
    """The record of a page in the index; the counts are of its stories, passages, figures and suspicions."""

    file: str
    paper: str
    date: str
    date_basis: str
    theme: str
    stories: int
    passages: int
    figures: int
    suspicions: int
    data: str  # SHA-256 of the file that it was read from


@dataclass(frozen=True, slots=True)
class Printed:
    """A story as the index holds it: its passages in the order of the file, and the stretches of the file they take."""

    id: str
    source: Source
    passages: tuple[Passage, ...]

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """Where in the file it is printed, in the order of the file."""
        return tuple(sorted({(span.start, span.end) for one in self.passages for span in one.spans}))

    @property
    def figures(self) -> int:
        """How many figures its passages claim."""
        return sum(len(one.claims) for one in self.passages)


@dataclass(frozen=True, slots=True)
class OpenPage:
    """A page of the index, opened: its record, its text as it was read, its stories, what is doubted of it."""

    shelved: Shelved
    text: str
    stories: tuple[Printed, ...]
    doubts: tuple[Suspicion, ...]


@dataclass(frozen=True, slots=True)
class Generation:
    """Which state of the index answers: ``number`` counts up, ``name`` tells the exact set of pages."""

    number: int
    name: str
    pages: int
    passages: int
    figures: int
    suspicions: int


class Library:
    """One open index, to be looked through. Safe to use from several threads."""

    def __init__(self, store: Store) -> None:
        """Prefer ``Library.open``."""
        self._store = store
        self._lock = Lock()
        self._derive()

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """The library of the settings' index. Raises IndexMissing or IndexMismatch."""
        return cls(Store.open(Path(settings.data), settings.embedder, settings.server))

    def close(self) -> None:
        """Lets go of the index."""
        self._claims.close()
        self._store.close()

    def _derive(self) -> None:
        self._generation: Generation | None = None
        self._lexical = Lexical.of(self._store)
        self._claims = ClaimIndex.of(self._store)
        self._records = {file: _shelved(record) for file, record in self._store.pages().items()}

    def _current(self) -> tuple[Lexical, ClaimIndex, dict[str, Shelved]]:
        """What is derived from the generation that stands; another thread's former one stays open while it is used."""
        with self._lock:
            if self._store.refresh():
                self._derive()
            return self._lexical, self._claims, self._records

    def listing(self) -> Listing:
        """The claims of the generation that stands, to be listed; it is closed with the library."""
        _, claims, _ = self._current()
        return Listing(self._store, claims)

    def generation(self) -> Generation:
        """Which generation answers, and how much it holds."""
        _, claims, records = self._current()
        if self._generation is None:
            figures, doubts, store = claims.count(), len(claims.suspicions()), self._store
            self._generation = Generation(
                store.number, store.generation(), len(records), store.count(), figures, doubts
            )
        return self._generation

    def pages(self) -> tuple[Shelved, ...]:
        """The record of every page, by name."""
        return tuple(self._current()[2].values())

    def holds(self, file: str) -> bool:
        """Whether the index holds a page of that name."""
        return file in self._current()[2]

    def page(self, file: str) -> OpenPage:
        """One page. Raises StoreError where the index does not hold it."""
        _, claims, records = self._current()
        text = self._store.text(file)
        by_story: dict[str, list[Passage]] = {}
        for passage in sorted(self._store.all([file]), key=lambda one: one.start):
            by_story.setdefault(passage.story_id, []).append(passage)
        stories = tuple(Printed(key, _heading(some), tuple(some)) for key, some in by_story.items())
        return OpenPage(records[file], text, stories, claims.suspicions(file))

    def search(self, words: str) -> tuple[Passage, ...]:
        """The passages that hold all the words, best first; where there is none, those nearest by words."""
        lexical, _, _ = self._current()
        order = [identity for identity, _ in lexical.nearest(words, _NEAREST)]
        by_id = self._store.get(order)
        found = [by_id[identity] for identity in order if identity in by_id]
        return tuple([one for one in found if _holds(one, words.split())] or found)

    def told(self, claim: Claim) -> Told | None:
        """Where the claim is printed; None where the index does not hold its passage any more."""
        _, claims, _ = self._current()
        inside = claims.find(Wanted(passages=(claim.passage_id,))) if claim.passage_id else ()
        return next((one for one in inside if one.claim.figure.start == claim.figure.start), None)

    def sample(self, most: int) -> tuple[Told, ...]:
        """Claims to show what the pages tell: the first of each of ``most`` pages before the second of any."""
        _, claims, records = self._current()
        by_page = [claims.find(Wanted(file=file), _SAMPLED) for file in list(records)[:most]]
        longest = max(map(len, by_page), default=0)
        return tuple(some[at] for at in range(longest) for some in by_page if at < len(some))


def _shelved(record: dict[str, Any]) -> Shelved:
    return Shelved(**{name: record.get(name, "") for name in Shelved.__dataclass_fields__})


def _heading(passages: Sequence[Passage]) -> Source:
    """The source of the story itself rather than of one of its captions."""
    own = (one.source for one in passages if one.source.kind != StoryKind.CAPTION.value)
    return next(own, passages[0].source)


def _holds(passage: Passage, words: Sequence[str]) -> bool:
    return all(word in passage.text or word in passage.source.title for word in words)
