"""A store in, the generation that answers now out, with what is derived from it, made once a generation."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from assistant.store import Store

_T = TypeVar("_T")


class Current(Generic[_T]):
    """What ``derive`` makes of each generation of a store, the last one kept. Safe to use from several threads."""

    def __init__(self, store: Store, derive: Callable[[Store], _T]) -> None:
        """``derive`` is given the store held at one generation: what it makes stays true of that, whatever comes."""
        self._store = store
        self._derive = derive
        self._lock = threading.Lock()
        self._opened()

    def _opened(self) -> None:
        view = self._store.view()
        self._made, self._of = self._derive(view), (view.number, view.generation())

    def now(self) -> _T:
        """That of the generation that answers now, whichever process committed it.

        A former one stays open for the thread that still uses it.
        """
        with self._lock:
            self._store.refresh()
            if (self._store.number, self._store.generation()) != self._of:
                self._opened()
            return self._made

    @property
    def held(self) -> _T:
        """The last one that was made."""
        return self._made
