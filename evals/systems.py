"""Settings in, a System that answers gold items out: Jushi itself, or anyone's by the one method of ``PeerSystem``.

    class Mine:
        name = "mine"
        def answer(self, question, history):
            return my_chain(question)  # text, or an assistant.records.Answer with citations

``jushi evals --system mypackage.mymodule:Mine`` then asks it the same items and scores it the same way.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Final, Protocol, runtime_checkable

from assistant.errors import SettingError
from assistant.records import Answer, Hit, Retrieved
from assistant.records import Final as Finished
from assistant.settings import Settings
from evals.gold import GoldItem
from evals.reading import declines

JUSHI: Final = "jushi"
STOCK: Final = "langchain"


@dataclass(frozen=True, slots=True)
class Asked:
    """An answer with the passages that retrieval found, where the system tells them."""

    answer: Answer
    hits: tuple[Hit, ...] | None = None


Ask = Callable[[GoldItem], Asked]


@runtime_checkable
class PeerSystem(Protocol):
    """Anyone's system: a name, and a method that answers. ``history`` holds the earlier turns, oldest first."""

    name: str

    def answer(self, question: str, history: Sequence[tuple[str, str]]) -> Answer | str:
        """The answer as text, or as a record where it has citations, evidence or token counts to tell."""


@contextmanager
def opened(name: str, settings: Settings, pages: Path) -> Iterator[Ask]:
    """The system of that name, open as long as it is used: jushi, langchain, or ``module:attribute``."""
    if name == JUSHI:
        with _jushi(settings) as ask:
            yield ask
        return
    yield of_peer(_peer(name, settings, pages))


def of_peer(peer: PeerSystem) -> Ask:
    """A peer as a function of items; a plain text is declined where it says so."""

    def ask(item: GoldItem) -> Asked:
        told = peer.answer(item.question, item.history)
        if isinstance(told, str):
            told = Answer(item.question, told, declined=declines(told), model=peer.name)
        return Asked(told)

    return ask


@contextmanager
def _jushi(settings: Settings) -> Iterator[Ask]:
    from assistant.ask import Assistant

    assistant = Assistant.open(settings)

    def ask(item: GoldItem) -> Asked:
        hits: tuple[Hit, ...] = ()
        for event in assistant.stream(item.question, item.history):
            if isinstance(event, Retrieved):
                hits = event.hits
            elif isinstance(event, Finished):
                return Asked(event.answer, hits)
        raise SettingError("The chain ended without an answer.")

    try:
        yield ask
    finally:
        assistant.close()


def _peer(name: str, settings: Settings, pages: Path) -> PeerSystem:
    if name == STOCK:
        from evals.stock import StockChain

        return StockChain.open(settings, pages)
    module, _, attribute = name.partition(":")
    if not attribute:
        raise SettingError(f"--system {name}: one of {JUSHI}, {STOCK}, or module:class of your own is wanted.")
    try:
        made = getattr(import_module(module), attribute)
    except (ImportError, AttributeError) as error:
        raise SettingError(f"--system {name}: {error}.") from error
    peer = made() if isinstance(made, type) else made
    if not isinstance(peer, PeerSystem):
        raise SettingError(f"--system {name}: it needs a name and a method answer(question, history).")
    return peer
