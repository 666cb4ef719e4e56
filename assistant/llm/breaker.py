"""Failed calls in, a pause out: after some in a row an endpoint is left alone, then tried by one call at a time."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

FAILURES: Final = 2  # calls in a row, each of them tried again already
PAUSE_SECONDS: Final = 30.0  # the first pause; each failed trial after it doubles it
LONGEST_SECONDS: Final = 300.0  # a reader who asks again after five minutes is to find it working


@dataclass(slots=True)
class Breaker:
    """Safe to use from several threads. ``clock`` counts seconds."""

    clock: Callable[[], float] = time.monotonic
    _failed: int = 0
    _closed_until: float = 0.0
    _pause: float = PAUSE_SECONDS
    _trying: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self) -> float:
        """Seconds for which the endpoint is not to be asked; 0 lets this call try, which then must tell its end."""
        with self._lock:
            left = self._closed_until - self.clock()
            if self._failed < FAILURES and left <= 0:
                return 0.0
            if left > 0:
                return left
            if self._trying:
                return self._pause
            self._trying = True
            return 0.0

    def succeeded(self) -> None:
        """The call got its words: the endpoint is well."""
        with self._lock:
            self._failed, self._closed_until, self._pause, self._trying = 0, 0.0, PAUSE_SECONDS, False

    def failed(self, after: float = 0.0) -> None:
        """The call got nothing; ``after`` is in how many seconds the endpoint wants to be asked again."""
        with self._lock:
            self._failed, self._trying = self._failed + 1, False
            pause = min(after, LONGEST_SECONDS)
            if self._failed >= FAILURES:
                pause = max(pause, self._pause)
                self._pause = min(2 * self._pause, LONGEST_SECONDS)
            self._closed_until = max(self._closed_until, self.clock() + pause)

    def left(self) -> None:
        """The call was taken back: it says nothing of the endpoint."""
        with self._lock:
            self._trying = False
