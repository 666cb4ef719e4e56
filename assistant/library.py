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
from typing import Any, Self

from assistant.claim_index import ClaimIndex, Wanted
from assistant.current import Current
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


@dataclass(frozen=True, slots=True)
class _Opened:
    """One generation with what is derived from it: whatever is asked is told from one."""

    store: Store
    lexical: Lexical
    claims: ClaimIndex
    records: dict[str, Shelved]


class Library:
    """One open index, to be looked through. Safe to use from several threads."""

    def __init__(self, store: Store) -> None:
        """Prefer ``Library.open``."""
        self._store = store
        self._generation: Generation | None = None
        self._current = Current(store, _derived)

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """The library of the settings' index. Raises IndexMissing or IndexMismatch."""
        return cls(Store.open(Path(settings.data), settings.embedder, settings.server))

    def close(self) -> None:
        """Lets go of the index."""
        self._current.held.claims.close()
        self._store.close()

    def listing(self) -> Listing:
        """The claims of the generation that stands, to be listed; it is closed with the library."""
        over = self._current.now()
        return Listing(over.store, over.claims)

    def generation(self) -> Generation:
        """Which generation answers, and how much it holds."""
        over = self._current.now()
        store = over.store
        known = self._generation
        if known is None or (known.number, known.name) != (store.number, store.generation()):
            figures, doubts = over.claims.count(), len(over.claims.suspicions())
            known = self._generation = Generation(
                store.number, store.generation(), len(over.records), store.count(), figures, doubts
            )
        return known

    def pages(self) -> tuple[Shelved, ...]:
        """The record of every page, by name."""
        return tuple(self._current.now().records.values())

    def holds(self, file: str) -> bool:
        """Whether the index holds a page of that name."""
        return file in self._current.now().records

    def page(self, file: str) -> OpenPage:
        """One page. Raises StoreError where the index does not hold it."""
        over = self._current.now()
        text = over.store.text(file)
        by_story: dict[str, list[Passage]] = {}
        for passage in sorted(over.store.all([file]), key=lambda one: one.start):
            by_story.setdefault(passage.story_id, []).append(passage)
        stories = tuple(Printed(key, _heading(some), tuple(some)) for key, some in by_story.items())
        return OpenPage(over.records[file], text, stories, over.claims.suspicions(file))

    def search(self, words: str) -> tuple[Passage, ...]:
        """The passages that hold all the words, best first; where there is none, those nearest by words."""
        over = self._current.now()
        order = [identity for identity, _ in over.lexical.nearest(words, _NEAREST)]
        by_id = over.store.get(order)
        found = [by_id[identity] for identity in order if identity in by_id]
        return tuple([one for one in found if _holds(one, words.split())] or found)

    def told(self, claim: Claim) -> Told | None:
        """Where the claim is printed; None where the index does not hold its passage any more."""
        inside = self._current.now().claims.find(Wanted(passages=(claim.passage_id,))) if claim.passage_id else ()
        return next((one for one in inside if one.claim.figure.start == claim.figure.start), None)

    def sample(self, most: int) -> tuple[Told, ...]:
        """Claims to show what the pages tell: the first of each of ``most`` pages before the second of any."""
        over = self._current.now()
        by_page = [over.claims.find(Wanted(file=file), _SAMPLED) for file in list(over.records)[:most]]
        longest = max(map(len, by_page), default=0)
        return tuple(some[at] for at in range(longest) for some in by_page if at < len(some))


def _derived(view: Store) -> _Opened:
    records = {file: _shelved(record) for file, record in view.pages().items()}
    return _Opened(view, Lexical.of(view), ClaimIndex.of(view), records)


def _shelved(record: dict[str, Any]) -> Shelved:
    return Shelved(**{name: record.get(name, "") for name in Shelved.__dataclass_fields__})


def _heading(passages: Sequence[Passage]) -> Source:
    """The source of the story itself rather than of one of its captions."""
    own = (one.source for one in passages if one.source.kind != StoryKind.CAPTION.value)
    return next(own, passages[0].source)


def _holds(passage: Passage, words: Sequence[str]) -> bool:
    return all(word in passage.text or word in passage.source.title for word in words)
