"""A conversation in, a token out; the token in, the conversation out: so that a reload of the page loses nothing.

The browser keeps the token alone. What it kept itself would have to be believed when it comes back, and an answer that
is shown as checked must have been checked here; nor does anything of what was asked lie in a browser that others use.
So a token is no key to read or to guess, it opens nothing for another user, and all ends with the process.
"""

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock
from typing import Final

from assistant.web.turns import Turn

LIFE: Final = 12 * 3600.0  # seconds since it was last shown or gone on with: a working day with its evening
MOST_KEPT: Final = 500  # conversations
MOST_TURNS_KEPT: Final = 3000  # of all of them: a turn with its evidence takes 25 kB (mean of 45), so 75 MB
_TOKEN_BYTES: Final = 32  # not to be guessed

Turns = tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class _Conversation:
    user: str
    turns: Turns
    used: float


class Kept:
    """The conversations of all readers, each under its token; safe to use from several threads.

    ``clock`` tells seconds. The longest unused go first where there are too many, or too many turns in all.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._held: OrderedDict[str, _Conversation] = OrderedDict()  # the longest unused first

    def put(self, token: str, user: str, before: Turns, turns: Turns) -> str:
        """Keep the turns of that user, ``before`` this one was added, and return their token.

        That is the same token where it still leads to ``before``. Otherwise (a first turn, or another tab that went on
        from the same turns meanwhile) it is a new one, so that two tabs never overwrite each other's.
        """
        with self._lock:
            held = self._found(token, user)
            if held is None or held.turns != before:
                token = secrets.token_urlsafe(_TOKEN_BYTES)
            self._held[token] = _Conversation(user, turns, self._clock())
            self._held.move_to_end(token)
            self._bound()
            return token

    def get(self, token: str, user: str) -> Turns:
        """The turns; none for an unknown token, one that has expired, and one of another user, all alike."""
        with self._lock:
            held = self._found(token, user)
            if held is None:
                return ()
            self._held[token] = replace(held, used=self._clock())
            self._held.move_to_end(token)
            return held.turns

    def drop(self, token: str, user: str) -> None:
        """Forget the conversation, if it is that user's."""
        with self._lock:
            if self._found(token, user):
                del self._held[token]

    def _found(self, token: str, user: str) -> _Conversation | None:
        while self._held and next(iter(self._held.values())).used + LIFE < self._clock():
            self._held.popitem(last=False)
        held = self._held.get(token)
        return held if held and held.user == user else None

    def _bound(self) -> None:
        turns = sum(len(one.turns) for one in self._held.values())
        while len(self._held) > 1 and (len(self._held) > MOST_KEPT or turns > MOST_TURNS_KEPT):
            _, oldest = self._held.popitem(last=False)
            turns -= len(oldest.turns)
