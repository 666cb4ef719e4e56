"""A Chroma server's database in, the right to write its index out: one process on one machine at a time has it.

The right is a collection called ``writer``, which a server makes only once, and which tells who has it and until when,
by the server's own clock. It is renewed while its holder lives. One whose time has run out is taken away, and the
number of the generation that its holder wrote is made void first: whatever that one still writes, if it was only
frozen, nobody will see, and publish it cannot.

What this does not promise: a holder that stood still in the midst of one request for longer than the lease, and then
goes on, may in that request still delete what a run before it had begun, or end rows that its successor ended, too.
The doctor tells of such rows, and ingesting their page again mends them.
"""

import logging
import os
import socket
import threading
import time
import uuid
from datetime import UTC, datetime
from typing import Any, Final, Self

from assistant.errors import IndexMissing, JushiError, StoreBusy, StoreError
from assistant.served import Served

_log = logging.getLogger("jushi")
NAME: Final = "writer"
SECONDS: Final = 60.0  # that the right lasts from each renewal: what a killed process costs the next
_RENEWALS: Final = 4  # in that time
_SAFE: Final = 0.9  # share of it in which something may be written: a request takes its time
_POLL: Final = 1.0  # seconds between two looks whether the other has ended


class Lease:
    """The right to write the index of a database, until ``release``. Raises StoreBusy where another has it."""

    def __init__(self, served: Served, *, wait: bool = False) -> None:
        """``wait`` for the other to end instead of raising StoreBusy."""
        self.token = uuid.uuid4().hex
        self._served = served
        self._who = {
            "token": self.token,
            "process": os.getpid(),
            "machine": socket.gethostname(),
            "since": datetime.now(UTC).isoformat("T", "seconds"),
        }
        self._held = self._taken(wait=wait)
        self._over = threading.Event()
        served.guard = self.check
        self._renewing = threading.Thread(target=self._renew, name="jushi-lease", daemon=True)
        self._renewing.start()

    def _taken(self, *, wait: bool) -> Any:
        while True:
            self._began = _clock()
            record = {**self._who, "until": self._served.now() + SECONDS}
            if (held := self._served.make(NAME, record)) is not None:
                return held
            other = self._served.find(NAME)
            if other is None:
                continue  # it has just ended
            told = dict(other.metadata or {})
            if not {"token", "until"} <= {*told}:  # somebody's own, which is not ours to take away
                raise StoreError(
                    f"{self._served.address} holds a collection {NAME!r} that is not Jushi's: name another database."
                )
            if (until := float(told["until"])) < self._served.now():
                _log.warning("%s stopped writing without a word: its right has run out.", _named(told))
                self._served.void(until)  # first: one that stops here leaves a lease that is run out, and no more
                self._served.remove(other, f"{NAME}-{told['token']}")
            elif not wait:
                raise StoreBusy(
                    f"The index on {self._served.address} is being written by {_named(told)}. Wait for it to end "
                    f'("jushi ingest --wait"); where it was killed, its right runs out within {SECONDS:.0f} s.'
                )
            else:
                time.sleep(_POLL)

    def check(self) -> None:
        """Raises StoreError where the right has run out, or soon will: another may have it."""
        since, awake = _clock()
        began, woke = self._began
        if max(since - began, awake - woke) > SECONDS * _SAFE:
            raise StoreError(
                f"This process could not renew its right to write {self._served.address} in time, and wrote nothing "
                "since: run it again. What was done is kept."
            )

    def _renew(self) -> None:
        while not self._over.wait(SECONDS / _RENEWALS):
            began = _clock()
            try:
                self._served.write(self._held, {**self._who, "until": self._served.now() + SECONDS})
                now = self._served.find(NAME)
            except IndexMissing:
                return  # another has it, so the time stays run out
            except JushiError as error:  # a key that is refused for a while, too
                _log.warning("The right to write could not be renewed, and is tried again: %s", error)
                continue
            if now is None or now.id != self._held.id:
                return  # it is being taken away: it has another name already
            self._began = began

    def release(self) -> None:
        """Lets the next in."""
        self._over.set()
        self._renewing.join()
        if self._served.guard == self.check:  # not that of a thread that has taken it over
            self._served.guard = lambda: None
        try:
            self._served.remove(self._held, f"{NAME}-{self.token}")
        except JushiError as error:  # what was written stands; the right runs out by itself
            _log.warning("The right to write was not given back, and runs out in %.0f s: %s", SECONDS, error)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def holder(served: Served) -> str:
    """Who says to be writing, or nothing."""
    other = served.find(NAME)
    return _named(dict(other.metadata or {})) if other is not None else ""


def _named(told: dict[str, Any]) -> str:
    return f"process {told.get('process')} on {told.get('machine')} since {told.get('since')}"


def _clock() -> tuple[float, float]:
    """Two clocks: one that nobody sets, one that goes on while the machine sleeps."""
    return time.monotonic(), time.time()
