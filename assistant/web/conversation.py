"""A question from a tab in, its growing turn out; one assistant for every open tab, and who may be stopped by whom."""

import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from functools import reduce

from assistant.errors import JushiError
from assistant.records import Event
from assistant.web.door import Door, Reading
from assistant.web.site import Site
from assistant.web.turns import Turn, heard, history

FAULT = "程序出了错，已记入日志。请换个问法再试。（A fault of the program; it is in the log.）"
LONGEST_QUESTION = 500  # characters; the questions asked of these pages have at most about 80

log = logging.getLogger(__name__)


class Conversation:
    """Asks on behalf of every open tab, and knows what to stop for whom."""

    def __init__(self, site: Site, door: Door) -> None:
        self._site = site
        self._door = door
        self._readings: dict[str, Reading[Event]] = {}

    async def ask(self, question: str, turns: tuple[Turn, ...], tab: str, model: str = "") -> AsyncIterator[Turn]:
        """Yield the turn as it grows, the last time with ``over`` true; errors become words in it."""
        turn = Turn(question[:LONGEST_QUESTION])
        yield turn
        reading: Reading[Event] | None = None
        try:
            if len(question) > LONGEST_QUESTION:
                raise JushiError(f"问题太长：{len(question)} 字，最多 {LONGEST_QUESTION} 字。请只留要问的那一句。")

            def source() -> Iterator[Event]:
                return self._site.answering(model).stream(question, history(turns))

            reading = self._door.read(source)
            self._readings[tab] = reading
            async for events in reading:
                turn = replace(reduce(heard, events, turn), ahead=reading.ahead)
                yield turn
            if not turn.over:
                turn = replace(turn, stopped=True)
        except JushiError as error:
            turn = replace(turn, trouble=str(error))
        except Exception:
            log.exception("A question could not be answered.")  # the question itself is its asker's
            turn = replace(turn, trouble=FAULT)
        finally:
            if reading is not None and self._readings.get(tab) is reading:
                del self._readings[tab]
        yield turn

    def stop(self, tab: str) -> None:
        """Stop the answer that this tab waits for, if any."""
        if (reading := self._readings.get(tab)) is not None:
            reading.stop()
