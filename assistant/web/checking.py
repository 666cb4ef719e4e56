"""A draft in, the draft checked out, so many at a time and no more: what the page and the interface both go through."""

import asyncio
from collections.abc import Callable
from typing import Final

from assistant.errors import Busy, SettingError
from assistant.records import Checked
from assistant.web.door import BUSY

LONGEST: Final = 20_000  # letters: a page of a newspaper has about 6,000
AT_ONCE: Final = 2  # drafts checked at the same time, each by a core
WAITING: Final = 8


class Checking:
    """Checks drafts for every open tab and every program."""

    def __init__(self, check: Callable[[str, str], Checked]) -> None:
        """``check`` takes a draft and its date, or an empty one; it is called in threads."""
        self._check = check
        self._places = asyncio.Semaphore(AT_ONCE)
        self._inside = 0

    async def check(self, text: str, date: str) -> Checked:
        """The draft, checked. Raises SettingError for too long a draft, and Busy when too many wait."""
        if len(text) > LONGEST:
            raise SettingError(
                f"稿件有 {len(text)} 字，一次最多核对 {LONGEST} 字，请分开贴。"
                f"（The draft has {len(text)} letters; {LONGEST} are checked at a time.）"
            )
        if self._inside >= AT_ONCE + WAITING:
            raise Busy(BUSY)
        self._inside += 1
        try:
            async with self._places:
                return await asyncio.to_thread(self._check, text, date)
        finally:
            self._inside -= 1
