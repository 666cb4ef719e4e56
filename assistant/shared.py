"""A place in, the one client of it in this process out: shared by all who use it, closed by the last."""

import threading
from collections.abc import Callable, Hashable
from typing import Any, ClassVar, Self


class Shared:
    """A client that knows how many use it. Each class of clients has a lock and a table of its own."""

    _lock: ClassVar[threading.Lock]
    _held: ClassVar[dict[Hashable, Any]]
    _users = 0
    _client: Any

    def __init_subclass__(cls) -> None:
        """Gives the class its lock and its table."""
        cls._lock = threading.Lock()
        cls._held = {}

    @classmethod
    def _of(cls, place: Hashable, made: Callable[[], Self]) -> Self:
        """The client of the place, made where there is none; each call is to be ended by a ``_let_go``."""
        with cls._lock:
            found: Self | None = cls._held.get(place)
            if found is None:
                found = cls._held[place] = made()
            found._users += 1
            return found

    def _let_go(self, place: Hashable) -> None:
        """Ends one use; the last closes the client."""
        with self._lock:
            self._users -= 1
            if self._users == 0:
                self._held.pop(place, None)
                self._client.close()
