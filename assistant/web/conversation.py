"""A question from a tab in, its growing turn out; one assistant for every open tab, and who may be stopped by whom."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator
from contextlib import aclosing
from dataclasses import replace
from functools import reduce

from assistant.errors import JushiError, SettingError
from assistant.records import Event
from assistant.settings import NONE
from assistant.web.door import Door, Reading
from assistant.web.site import Site
from assistant.web.turns import Turn, heard, history

FAULT = "程序出了错，已记入日志。请换个问法再试。（A fault of the program; it is in the log.）"
FAULTY = "Fault"  # what a turn's error is called that is none of ours
AT_ONCE = 4  # questions answered at the same time: on two cores a local model gains nothing from more
WAITING = 16  # questions that may wait for those; the next is told that the page is busy
# Likewise where no model answers, in hundredths of a second: a room full of people is answered before it notices, and
# need not wait behind those who ask a model.
QUICK_WAITING = 240
LONGEST_QUESTION = 500  # characters; the questions asked of these pages have at most about 80

log = logging.getLogger(__name__)


class Conversation:
    """Asks on behalf of every open tab, and knows what to stop for whom."""

    def __init__(self, site: Site, door: Door, quick: Door | None = None) -> None:
        """``quick`` lets in those who ask no model; they too go through ``door`` where it is not given."""
        self._site = site
        self._door = door
        self._quick = quick or door
        self._readings: dict[str, Reading[Event]] = {}

    async def ask(self, question: str, turns: tuple[Turn, ...], tab: str, model: str = "") -> AsyncIterator[Turn]:
        """Yield the turn as it grows, the last time with ``over`` true; errors become words in it."""
        turn = Turn(question[:LONGEST_QUESTION])
        yield turn
        reading: Reading[Event] | None = None
        try:
            if len(question) > LONGEST_QUESTION:
                raise SettingError(
                    f"问题太长：{len(question)} 字，最多 {LONGEST_QUESTION} 字。请只留要问的那一句。"
                    f"（The question has {len(question)} letters; {LONGEST_QUESTION} are the most.）"
                )

            def source() -> Iterator[Event]:
                return self._site.answering(model).stream(question, history(turns))

            door = self._quick if (model or self._site.assistant.model) == NONE else self._door
            reading = door.read(source)
            self._readings[tab] = reading
            async for events in reading:
                turn = replace(reduce(heard, events, turn), ahead=reading.ahead)
                yield turn
            if not turn.over:
                turn = replace(turn, stopped=True)
        except JushiError as error:
            turn = replace(turn, trouble=str(error), error=type(error).__name__)
        except Exception:
            log.exception("A question could not be answered.")  # the question itself is its asker's
            turn = replace(turn, trouble=FAULT, error=FAULTY)
        finally:
            if reading is not None:
                reading.stop()  # whoever asked may have gone
                if self._readings.get(tab) is reading:
                    del self._readings[tab]
        yield turn

    def stop(self, tab: str) -> None:
        """Stop the answer that this tab waits for, if any."""
        if (reading := self._readings.get(tab)) is not None:
            reading.stop()


def conversation(site: Site) -> Conversation:
    """The one conversation of a site, which the page and every program go through."""
    return Conversation(site, Door(AT_ONCE, WAITING), Door(AT_ONCE, QUICK_WAITING))


async def paced(turns: AsyncIterator[Turn], seconds: float) -> AsyncGenerator[Turn | None, None]:
    """The turns as they come, and None whenever none came for so long; closing it stops the answer."""
    coming = asyncio.ensure_future(anext(turns, None))
    try:
        while True:
            done, _ = await asyncio.wait({coming}, timeout=seconds)
            if not done:
                yield None
                continue
            if (turn := coming.result()) is None:
                return
            yield turn
            coming = asyncio.ensure_future(anext(turns, None))
    finally:
        coming.cancel()


async def last(turns: AsyncIterator[Turn], gone: Callable[[], Awaitable[bool]], seconds: float = 0.5) -> Turn:
    """The turn when it is over, or as far as it got when whoever asked was found ``gone``; looked for so often."""
    turn, looked = Turn(""), time.monotonic()
    async with aclosing(paced(turns, seconds)) as coming:
        async for one in coming:
            turn = one or turn
            if time.monotonic() - looked >= seconds:
                looked = time.monotonic()
                if await gone():
                    break
    return turn
