"""Settings and the passages given to each item in, Jushi as a reader out: its whole chain but for retrieval.

A benchmark of reading hands the passages over, so nothing is embedded or stored: they stand where retrieval's hits
would, in the order of their words' BM25 score, and the word index is that of all passages given in the run.
"""

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from assistant import claims, embed, figures
from assistant.ask import Assistant, Opened
from assistant.choosing import choose_model
from assistant.lexical import Lexical
from assistant.records import Answer, Hit, Passage, Query, Source, Span
from assistant.records import Final as Finished
from assistant.settings import Settings
from assistant.store import Store
from evals.gold import GoldItem
from evals.suites import Text
from evals.systems import Ask, Asked

if TYPE_CHECKING:
    from assistant.llm import Chat


class Reader(Assistant):
    """An assistant that finds what it is given; asked by one thread at a time."""

    def __init__(self, settings: Settings, store: Store, lexical: Lexical, chat: "Callable[[], Chat | None]") -> None:
        """``store`` is empty; ``lexical`` is the word index of the passages that will be given."""
        self._words_of_passages = lexical
        self.given: tuple[Passage, ...] = ()
        super().__init__(settings, store, embed.load(settings.embedder, settings.threads, Path(settings.models)), chat)

    def _derived(self, view: Store) -> Opened:
        return replace(super()._derived(view), lexical=self._words_of_passages)

    def _hits(self, over: Opened, query: Query, k: int) -> tuple[Hit, ...]:
        return hits(query, self.given, over.lexical)[:k]


def hits(query: Query, given: Sequence[Passage], lexical: Lexical) -> tuple[Hit, ...]:
    """The passages given, best first by their words."""
    scores = dict(lexical.nearest(query.text, len(given), {passage.source.file for passage in given}))
    found = [Hit(passage, scores.get(passage.id, 0.0)) for passage in given]
    return tuple(sorted(found, key=lambda hit: -hit.score))


def passage(text: Text) -> Passage:
    """A text of a benchmark as a passage of a page of its own, with its figures and claims."""
    found = figures.find(text.text)
    told = claims.claims(text.text, found, headline=text.title)
    source = Source(text.id, text.title)
    return Passage(text.id, text.id, source, text.text, (Span(0, 0, len(text.text)),), found, told)


@contextmanager
def opened(settings: Settings, given: Mapping[str, Sequence[Text]]) -> Iterator[Ask]:
    """The reader as a function of items, each with the texts given under its id."""
    choose = choose_model(settings)
    texts = {text.id: text for row in given.values() for text in row}
    passages = {identity: passage(text) for identity, text in texts.items()}
    with tempfile.TemporaryDirectory(prefix="jushi-suite-") as folder:
        store = Store.create(Path(folder), settings.embedder)
        reader = Reader(settings, store, Lexical.build(passages.values()), choose)

        def ask(item: GoldItem) -> Asked:
            reader.given = tuple(passages[text.id] for text in given[item.id])
            for event in reader.stream(item.question, item.history):
                if isinstance(event, Finished):
                    answer: Answer = event.answer
                    return Asked(answer, tuple(Hit(one, 0.0) for one in reader.given))
            raise RuntimeError("the chain ended without an answer")

        try:
            yield ask
        finally:
            reader.close()
