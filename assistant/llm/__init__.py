"""Messages in, a model's words or judgement out: one chat model, embedded (llama.cpp) or behind an OpenAI API.

    with stoppable(event): chat.write(messages)      → Stopped as soon as the event is set

LangChain's and llama.cpp's own types stay in here.
"""

from pathlib import Path
from typing import Protocol

from assistant.llm.endpoint import Hosted, reach, shown
from assistant.llm.local import Local, too_big
from assistant.llm.turn import Messages, Usage, check, counted, stoppable

__all__ = [
    "Chat",
    "Messages",
    "Usage",
    "check",
    "counted",
    "embedded",
    "hosted",
    "reach",
    "shown",
    "stoppable",
    "too_big",
]


class Chat(Protocol):
    """What composing needs of a model."""

    name: str
    usage: Usage

    def write(self, messages: Messages, *, grammar: str = "", most: int = 200) -> str:
        """The model's words, at most ``most`` tokens; ``grammar`` (GBNF) binds them where the model can be bound."""

    @property
    def judges(self) -> bool:
        """Whether ``judge`` works: the model tells the probabilities of its tokens and can be bound by a grammar."""

    def judge(self, messages: Messages) -> float:
        """Log-odds of the answer 是 against 否."""


def hosted(name: str, base_url: str, api_key: str, timeout: float) -> Chat:
    """A model behind an OpenAI-compatible endpoint; a call takes ``timeout`` seconds at most, with its retries."""
    return Hosted(name, base_url, api_key, timeout)


def embedded(name: str, path: Path, threads: int) -> Chat:
    """A GGUF file run in this process. Raises ModelError where it cannot be loaded."""
    return Local(name, path, threads)
