"""Blocking iterators in, their items out to an event loop; so many at once, so many waiting in line, and no more.

Each iterator runs in a thread of its own and keeps its place until that thread ends, so a stopped question whose model
is still busy is counted. The reader, though, is free at once. Those who wait are let in as they came.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Generic, TypeVar

from assistant.ask import stoppable
from assistant.errors import Busy

BUSY = "现在提问的人太多，请过一会儿再问。（Busy: please ask again in a little while.）"
_PATIENCE = 0.2  # seconds between a waiting thread's looks at whether its reader has left

Item = TypeVar("Item")


class Door:
    """Lets ``at_once`` iterators run and ``waiting`` more wait for them, first come first in."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._at_once = at_once
        self._places = threading.Semaphore(at_once + waiting)
        self._change = threading.Condition()
        self._running = 0
        self._line: list[object] = []

    def read(self, source: Callable[[], Iterator[Item]]) -> "Reading[Item]":
        """Start reading; Busy when all places are taken. Call it within the event loop."""
        if not self._places.acquire(blocking=False):
            raise Busy(BUSY)
        return Reading(source, self)

    def enter(self, who: object, tell: Callable[[int], None], left: threading.Event) -> bool:
        """Wait for a running place, telling how many stand before; False where the reader left meanwhile."""
        told = -1
        with self._change:
            self._line.append(who)
            try:
                while True:
                    ahead = self._line.index(who)
                    if self._running < self._at_once and ahead == 0:
                        self._running += 1
                        return True
                    if left.is_set():
                        return False
                    if ahead + 1 != told:
                        told = ahead + 1
                        tell(told)
                    self._change.wait(_PATIENCE)
            finally:
                self._line.remove(who)
                self._change.notify_all()

    def leave(self) -> None:
        """Give back the running place."""
        with self._change:
            self._running -= 1
            self._change.notify_all()

    def free(self) -> None:
        """Give back the place at the door."""
        self._places.release()


class Reading(Generic[Item]):
    """An iterator read in its own thread: iterate for lists of the items that have come since, until its end.

    ``ahead`` is how many stand before it in the line; a change of it yields an empty list.
    """

    def __init__(self, source: Callable[[], Iterator[Item]], door: Door) -> None:
        self.ahead = 0
        self._loop = asyncio.get_running_loop()
        self._items: list[Item] = []
        self._error: Exception | None = None
        self._over = False
        self._news = asyncio.Event()
        self._left = threading.Event()
        threading.Thread(target=self._work, args=(source, door), name="jushi-answer", daemon=True).start()

    def stop(self) -> None:
        """End the iteration now, without an error; the thread ends at its next item."""
        self._left.set()
        self._over = True
        self._news.set()

    async def __aiter__(self) -> AsyncIterator[list[Item]]:
        """Yield the items in order; raise the iterator's error after those that came before it."""
        told = 0
        try:
            while True:
                await self._news.wait()
                self._news.clear()
                items, self._items = self._items, []
                if (items or self.ahead != told) and not self._left.is_set():
                    told = self.ahead
                    yield items
                if self._over and not self._items:
                    break
            if self._error is not None and not self._left.is_set():
                raise self._error
        finally:
            self._left.set()

    def _work(self, source: Callable[[], Iterator[Item]], door: Door) -> None:
        try:
            if door.enter(self, lambda ahead: self._tell(partial(self._waits, ahead)), self._left):
                self._tell(partial(self._waits, 0))
                try:
                    self._read(source)
                finally:
                    door.leave()
        finally:
            door.free()
            self._tell(self._end)

    def _read(self, source: Callable[[], Iterator[Item]]) -> None:
        items = None
        try:
            with stoppable(self._left):
                items = source()
                for item in items:
                    if self._left.is_set():
                        break
                    self._tell(partial(self._add, item))
        except Exception as error:  # noqa: BLE001 - handed to the reader, who raises it
            self._error = error
        finally:
            # A generator left half-way holds its connection to the model.
            if (close := getattr(items, "close", None)) is not None:
                close()

    def _tell(self, change: Callable[[], None]) -> None:
        def change_there() -> None:
            change()
            self._news.set()

        with suppress(RuntimeError):  # the loop is closed: the page was shut down, and nobody reads
            self._loop.call_soon_threadsafe(change_there)

    def _add(self, item: Item) -> None:
        self._items.append(item)

    def _waits(self, ahead: int) -> None:
        self.ahead = ahead

    def _end(self) -> None:
        self._over = True
