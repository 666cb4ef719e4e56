"""What a call of a model is made of: its messages, the tokens it took, and the word that it is wanted no more."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from assistant.errors import Stopped

Messages = Sequence[tuple[str, str]]

_stop: ContextVar[threading.Event | None] = ContextVar("stop", default=None)


@dataclass(slots=True)
class Usage:
    """Tokens read and written since it was made."""

    read: int = 0
    written: int = 0

    def count(self, read: int, written: int) -> None:
        """Adds what a call took, to this and to the present question's own."""
        for usage in filter(None, (self, _spent.get())):
            usage.read += read
            usage.written += written


_spent: ContextVar[Usage | None] = ContextVar("spent", default=None)


@contextmanager
def counted() -> Iterator[Usage]:
    """Within, what models take is counted for this question alone: many ask one model at the same time."""
    usage = Usage()
    token = _spent.set(usage)
    try:
        yield usage
    finally:
        _spent.reset(token)


@contextmanager
def stoppable(stop: threading.Event | None) -> Iterator[None]:
    """Within, every call of a model ends with Stopped as soon as ``stop`` is set, and the model is free.

    None leaves it to the event that is set already, if any.
    """
    token = _stop.set(stop or _stop.get())
    try:
        yield
    finally:
        _stop.reset(token)


def wanted() -> threading.Event:
    """The event that takes the present question back; one that nobody sets where there is none."""
    return _stop.get() or threading.Event()


def check() -> None:
    """Raises Stopped where the present question is taken back."""
    if wanted().is_set():
        raise Stopped("The question was taken back.")
