"""What the page is about: who answers, with which models, over which library, and where reactions are kept."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Protocol

from assistant import suggestions
from assistant.errors import SettingError
from assistant.library import Library
from assistant.records import Event, Told
from assistant.web.bench import Bench
from assistant.web.checking import Checking
from assistant.web.intake import Intake
from assistant.web.reactions import Reactions

_SAMPLED_PAGES = 40  # pages whose claims are looked through for questions to begin with
SUGGESTED = 12  # questions drawn from the corpus; four are shown at a time


class Answering(Protocol):
    """What the page needs of an assistant. ``stream`` is called from several threads at once."""

    @property
    def model(self) -> str:
        """The model's name, or ``none``."""

    @property
    def examples(self) -> tuple[tuple[str, str], ...]:
        """Questions to begin with, each in Chinese and in English."""

    def stream(self, question: str, history: tuple[tuple[str, str], ...]) -> Iterator[Event]:
        """Yield what happens while the question is answered; ``history`` holds (question, answer text)."""


@dataclass(slots=True)
class Site:
    """One page: ``others`` opens the assistant of another model by name.

    ``checking`` holds drafts against the pages; ``bench`` tells how right each model is, and measures it.
    """

    assistant: Answering
    library: Library | None = None
    intake: Intake | None = None
    reactions: Reactions | None = None
    checking: Checking | None = None
    others: Mapping[str, Callable[[], Answering]] = field(default_factory=dict)
    bench: Bench | None = None
    _opened: dict[str, Answering] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    @property
    def models(self) -> tuple[str, ...]:
        """The names of the models to choose from, the default first."""
        return tuple(dict.fromkeys((self.assistant.model, *self.others)))

    def answering(self, model: str) -> Answering:
        """The assistant of that model, opened at its first question. Raises SettingError for a name not offered."""
        if model in ("", self.assistant.model):
            return self.assistant
        if model not in self.others:
            raise SettingError(f"没有名为 {model[:80]!r} 的模型。（No such model.）")
        with self._lock:
            if model not in self._opened:
                self._opened[model] = self.others[model]()
            return self._opened[model]

    def questions(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Questions to begin with, in Chinese and in English: the assistant's own, then those of the claims."""
        told = self.library.sample(_SAMPLED_PAGES) if self.library else ()
        drawn = (suggestions.suggested(told, ask) for ask in (suggestions.question, suggestions.english))
        own = tuple(zip(*self.assistant.examples, strict=True)) or ((), ())
        chinese, english = (
            tuple(dict.fromkeys((*first, *then)))[:SUGGESTED] for first, then in zip(own, drawn, strict=True)
        )
        return chinese, english

    def sample(self) -> Told | None:
        """A figure to show what the page is for: one that a question can be made of."""
        told = self.library.sample(_SAMPLED_PAGES) if self.library else ()
        return next((one for one in told if suggestions.question(one.claim)), None)

    def generation(self) -> str:
        """The name of the set of pages that answers."""
        return self.library.generation().name if self.library else ""
