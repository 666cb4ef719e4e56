"""A command in, what it tells line by line out: one process at a time, which any number follow and any may cancel.

Ingestion and evals run this way: they are other packages, which the page does not know and is handed the commands of.
Answering goes on beside them, and to cancel is to end the process.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from assistant.errors import JushiError

_MOST_LINES: Final = 5000  # of a job's report that are kept: progress of a long one
_LONGEST_LINE: Final = 1 << 20  # bytes
_MOST_TROUBLE: Final = 2000  # letters of what a failed process said last
_END_SECONDS: Final = 5.0  # given to a cancelled process before it is killed

Told = dict[str, Any]


@dataclass(slots=True)
class Job:
    """A running process and what it has told so far, an object a line; ``over`` when nothing more comes."""

    what: str
    process: asyncio.subprocess.Process
    told: list[Told] = field(default_factory=list)
    over: bool = False
    cancelled: bool = False
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, **told: Any) -> None:
        """Add a line for those who follow."""
        if len(self.told) < _MOST_LINES or self.over:
            self.told.append(told)
        news, self._news = self._news, asyncio.Event()  # a new one each time: what one follower hears no other misses
        news.set()

    async def follow(self) -> AsyncIterator[Told]:
        """Yield what was told from the first line on, and what is being told, until the job is over."""
        at = 0
        while True:
            news = self._news
            while at < len(self.told):
                yield self.told[at]
                at += 1
            if self.over:
                return
            await news.wait()


class Jobs:
    """Runs a command's jobs, one at a time.

    ``busy`` is told where one runs already; ``bare`` takes out of a failed job's last words what is not to be told.
    """

    def __init__(self, command: Sequence[str], busy: str, bare: Callable[[str], str] = str) -> None:
        self._command = tuple(command)
        self._busy = busy
        self._bare = bare
        self._lock = asyncio.Lock()
        self.job: Job | None = None

    @property
    def running(self) -> Job | None:
        """The job that is not over, if any."""
        return self.job if self.job is not None and not self.job.over else None

    async def start(
        self,
        what: str,
        arguments: Sequence[str],
        heard: Callable[[Told], Told] = dict,
        ended: Callable[[int], bool] = lambda code: code == 0,
    ) -> Job:
        """Start the command. ``heard`` sees each line before it is told; ``ended`` says whether the exit code is good.

        Raises JushiError while another job runs.
        """
        async with self._lock:
            if self.running is not None:
                raise JushiError(self._busy)
            process = await asyncio.create_subprocess_exec(
                *self._command,
                *arguments,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                limit=_LONGEST_LINE,
            )
            self.job = Job(what, process)
            task = asyncio.create_task(self._follow(self.job, heard, ended))
            task.add_done_callback(lambda done: done.exception())
        return self.job

    async def cancel(self) -> bool:
        """End the running process. Whether there was one."""
        job = self.running
        if job is None:
            return False
        job.cancelled = True
        job.process.terminate()
        try:
            await asyncio.wait_for(job.process.wait(), _END_SECONDS)
        except TimeoutError:
            job.process.kill()
        return True

    async def _follow(self, job: Job, heard: Callable[[Told], Told], ended: Callable[[int], bool]) -> None:
        """Read what the process tells until it ends, and say how it ended."""
        began = time.monotonic()
        process = job.process
        if process.stdout is None or process.stderr is None:
            raise JushiError("The process was started without its pipes.")
        errors = asyncio.create_task(process.stderr.read())
        async for row in process.stdout:
            try:
                told = json.loads(row)
            except ValueError:  # lines for people, which stand elsewhere too
                continue
            if isinstance(told, dict):
                job.tell(**heard(told))
        code = await process.wait()
        said = (await errors).decode("utf-8", "replace").strip()
        seconds = round(time.monotonic() - began, 1)
        if job.cancelled:
            end: Told = {"event": "cancelled"}
        elif ended(code):
            end = {"event": "end", "ok": True}
        else:
            end = {"event": "end", "ok": False, "trouble": self._bare(said)[-_MOST_TROUBLE:] or f"进程以 {code} 结束。"}
        job.over = True
        job.tell(**end, seconds=seconds)
