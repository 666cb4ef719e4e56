"""The command of the evals in, runs of a gold set out: started, followed, stopped, gone on with, opened, compared.

Evals are another package, which the page does not know: it is handed the command (``python -m evals``), reads the
results files as data, and shows the report that the command writes in a frame that can reach nothing.
"""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from assistant.errors import JushiError
from assistant.web.job import Job, Jobs
from assistant.web.measured import Results, Run

KINDS: Final = {
    "figure": ("数字", "one figure"),
    "multi_figure": ("多个数字", "several figures"),
    "compare": ("比较", "comparisons"),
    "compute": ("计算", "computations"),
    "text": ("文字", "text"),
    "list": ("列举", "lists"),
    "conflict": ("存疑", "doubts"),
    "unanswerable": ("版面未写", "not on the pages"),
}
SIZES: Final = (20, 50, 100)  # questions of a shorter run; 0 asks all
_SEED: Final = "1"  # the same questions for the same number, so that two such runs can be compared
_PATIENCE: Final = 60.0  # seconds for a report to be written: 440 answers take 2


class Bench:
    """What one folder of results holds, and, where ``flags`` are given, what more is measured into it.

    ``flags`` are the settings of the assistant that is asked; None forbids to run, not to read. ``sets`` is the folder
    where gold sets of one's own lie; the set that comes with Jushi is always there.
    """

    def __init__(self, results: Path, command: Sequence[str], flags: Sequence[str] | None, sets: Path) -> None:
        self.results = Results(results)
        self._command = tuple(command)
        self._flags = flags
        self._sets = sets
        self._jobs = Jobs(command, "正在考另一轮，请等它做完，或先停止。（Another run is going on.）", self._bare)
        self._writing = asyncio.Lock()

    @property
    def writable(self) -> bool:
        """Whether runs may be started here."""
        return self._flags is not None

    @property
    def running(self) -> Job | None:
        """The run that is going on."""
        return self._jobs.running

    def sets(self) -> tuple[str, ...]:
        """The names of the gold sets of one's own."""
        return tuple(sorted(one.name for one in self._sets.glob("*.jsonl")))

    async def run(self, model: str, kind: str, size: str, own: str) -> Job:
        """Ask the questions of a kind, or all; ``size`` of them, or all; of the set of that name, or Jushi's.

        Raises JushiError for what is not offered, and while another run goes on.
        """
        if kind not in ("", *KINDS) or size not in ("", *map(str, SIZES)) or own not in ("", *self.sets()):
            raise JushiError("没有这样的题。（No such questions.）")
        drawn = [f"--types={kind}"] if kind else []
        drawn += [f"--limit={size}", f"--seed={_SEED}"] if size else []
        drawn += [f"--gold={self._sets / own}"] if own else []
        return await self._start([f"--model={model}", *drawn])

    async def resume(self, name: str) -> Job:
        """Go on with a run that was stopped. Raises JushiError where it cannot be."""
        runs = self.results.runs()
        run = next((one for one in runs if one.name == name), None)
        if run is None or not self.resumable(run, runs):
            raise JushiError("这一轮不能接着考了，请另考一轮。（It cannot be gone on with.）")
        given = [f"--{name}={run.drawn[name]}" for name in ("types", "split", "limit") if run.drawn.get(name)]
        given += [f"--seed={run.seed}"] if run.seed is not None else []
        given += [f"--gold={self._sets / run.gold}"] if run.gold in self.sets() else []
        return await self._start([f"--model={run.model}", *given, "--resume"])

    def resumable(self, run: Run, runs: Sequence[Run]) -> bool:
        """Whether the run was stopped and is the last of its set, system and model: the command goes on with that.

        ``runs`` are all of them, the newest first.
        """

        def kind(one: Run) -> tuple[str, str, str]:
            return one.gold, one.system, one.model

        last = next((one for one in runs if kind(one) == kind(run)), None)
        return self.writable and not run.whole and self.running is None and last == run

    async def _start(self, given: Sequence[str]) -> Job:
        if self._flags is None:
            raise JushiError("这里只能看评测，不能开考。（Reports can be read here, not made.）")
        return await self._jobs.start("evals", [*given, f"--out={self.results.folder}", "--json", *self._flags])

    async def stop(self) -> bool:
        """End the run; what was answered is kept. Whether there was one."""
        return await self._jobs.cancel()

    # ------------------------------------------------------------------ reading

    async def report(self, name: str) -> Path:
        """The page of a run, written where it is not there yet. Raises JushiError for a run that there is not."""
        path = self._path(name)
        page = path.with_suffix(".html")
        async with self._writing:
            if not page.is_file() or page.stat().st_mtime < path.stat().st_mtime:
                await self._told("report", str(path), "--html", str(page))
        return page

    async def compare(self, first: str, second: str) -> dict[str, Any]:
        """Two runs side by side, as ``jushi evals compare --json`` tells it."""
        paths = [str(self._path(name)) for name in (first, second)]
        async with self._writing:
            try:
                told: dict[str, Any] = json.loads(await self._told("compare", *paths, "--json"))
            except JushiError as error:
                raise JushiError(f"这两轮对比不了：{error}") from error
        return told

    def _path(self, name: str) -> Path:
        path = self.results.path(name)
        if path is None:
            raise JushiError(f"没有 {name[:120]!r} 这一轮评测。（No such run.）")
        return path

    async def _told(self, *arguments: str) -> str:
        """What the command prints. Raises JushiError where it fails."""
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            *self._command, *arguments, stdin=asyncio.subprocess.DEVNULL, stdout=pipe, stderr=pipe
        )
        try:
            said, errors = await asyncio.wait_for(process.communicate(), _PATIENCE)
        except TimeoutError as error:
            process.kill()
            raise JushiError("评测报告写得太久，请稍后再开。（The report takes too long.）") from error
        if process.returncode:
            raise JushiError(self._bare(errors.decode("utf-8", "replace").strip()) or "评测报告写不出来。")
        return said.decode("utf-8")

    def _bare(self, words: str) -> str:
        """The words without the folders of this machine."""
        for folder in (self.results.folder, self._sets):
            for told in {str(folder), str(folder.resolve())}:
                words = words.replace(f"{told}/", "")
        return words
