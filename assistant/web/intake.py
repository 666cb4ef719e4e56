"""Files from a browser in, a new generation of the index out: kept, looked at, ingested or refused, one at a time.

The work is done by a process of its own (``python -m ingest``, the command is handed in), so answering goes on beside
it, and to cancel is to end that process: ingestion is made so that a stop changes nothing and the next run goes on.

    <data>/incoming/<token>/   what was dropped and not yet taken in
    <data>/uploads/            the files of pages taken in, so that they can be read anew
"""

import re
import secrets
import shutil
import unicodedata
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any, Final

from assistant.errors import JushiError
from assistant.web.job import Job, Jobs, Told

SUFFIXES: Final = (".md", ".txt", ".html", ".htm", ".docx", ".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp")
MOST_FILES: Final = 50  # of one drop: an issue has 8 to 16 pages
_LARGEST_DROP: Final = 512 << 20  # bytes of all its files: as many as ingestion reads of one
_MOST_WAITING: Final = 20  # drops kept for those who have not yet said yes or no; older ones go
_LONGEST_NAME: Final = 120  # bytes of UTF-8; file systems take 255, the index adds to it
_REPORT: Final = "check.html"
_TOKEN: Final = re.compile(r"[0-9a-f]{24}")
_UNWANTED: Final = re.compile(
    r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]'
)


def cleaned(name: str) -> str:
    """The name without folders, signs that systems forbid, and what cannot be seen; JushiError where none is left.

    ``../../etc/passwd.txt`` is ``passwd.txt``; a suffix that no reader takes is refused.
    """
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    name = _UNWANTED.sub("", name).strip().strip(".").strip()
    stem, dot, suffix = name.rpartition(".")
    if not dot or not stem.strip(". ") or f".{suffix.lower()}" not in SUFFIXES:
        raise JushiError(f"{name or '（无名）'}：不收这种文件，收（not taken; these are）{'、'.join(SUFFIXES)}。")
    while len(stem.encode("utf-8")) > _LONGEST_NAME:
        stem = stem[:-1]
    return f"{stem.strip('. ')}.{suffix.lower()}"


class Intake:
    """What one index takes in. ``command`` runs ingestion, ``flags`` are its settings."""

    def __init__(self, data: Path, command: Sequence[str], flags: Sequence[str] = ()) -> None:
        self._data = data
        self._flags = tuple(flags)
        self._jobs = Jobs(
            command, "正在处理另一批文件，请等它做完，或先取消。（Other files are being read.）", self._bare
        )

    # ------------------------------------------------------------------ files

    def begin(self) -> str:
        """A token for one drop of files."""
        token = secrets.token_hex(12)
        incoming = self._data / "incoming"
        incoming.mkdir(parents=True, exist_ok=True)
        waiting = sorted((one for one in incoming.iterdir() if one.is_dir()), key=lambda one: one.stat().st_mtime)
        for former in waiting[: max(len(waiting) - _MOST_WAITING + 1, 0)]:
            shutil.rmtree(former, ignore_errors=True)
        (incoming / token / "files").mkdir(parents=True)
        return token

    async def keep(self, token: str, name: str, chunks: AsyncIterator[bytes], most: int) -> dict[str, Any]:
        """Keep one file of a drop. Raises JushiError for a name or a size that cannot be taken."""
        folder = self._files(token)
        name = cleaned(name)
        sizes = [one.stat().st_size for one in folder.iterdir()]
        if len(sizes) >= MOST_FILES or sum(sizes) > _LARGEST_DROP:
            bound = f"{MOST_FILES} 个文件，共 {_LARGEST_DROP >> 20} MB"
            raise JushiError(f"一次最多 {bound}。（At most {MOST_FILES} files of {_LARGEST_DROP >> 20} MB at a time.）")
        path = folder / name
        size = 0
        try:
            with path.open("wb") as file:
                async for chunk in chunks:
                    size += len(chunk)
                    if size > most:
                        raise JushiError(f"{name}：大于 {most >> 20} MB，请拆开。（Too large.）")
                    file.write(chunk)
        except JushiError:
            path.unlink(missing_ok=True)
            raise
        if not size:
            path.unlink(missing_ok=True)
            raise JushiError(f"{name}：空文件。（Empty.）")
        return {"name": name, "bytes": size}

    def _files(self, token: str) -> Path:
        folder = self._data / "incoming" / token / "files"
        if not _TOKEN.fullmatch(token) or not folder.is_dir():
            raise JushiError("这批文件已经不在了，请重新拖入。（These files are gone: drop them again.）")
        return folder

    def drop(self, token: str) -> None:
        """Forget a drop."""
        shutil.rmtree(self._files(token).parent, ignore_errors=True)

    def report(self, token: str) -> Path:
        """The report that ``preview`` made of a drop."""
        path = self._files(token).parent / _REPORT
        if not path.is_file():
            raise JushiError("这批文件还没有预览。（Not previewed yet.）")
        return path

    def kept(self) -> frozenset[str]:
        """The names of the files that can be read anew."""
        folder = self._data / "uploads"
        return frozenset(one.name for one in folder.iterdir()) if folder.is_dir() else frozenset()

    # ------------------------------------------------------------------ jobs

    async def preview(self, token: str, *, english: bool = False) -> Job:
        """Read the files of a drop and report how each is understood; the index is not touched.

        ``english``: the report opens in English.
        """
        files = self._files(token)
        report = files.parent / _REPORT
        tongue = ["--english"] if english else []
        given = [str(files), "--check", "--report", str(report), "--json", *tongue]
        return await self._start("preview", given, report=report)

    async def ingest(self, token: str) -> Job:
        """Take the files of a drop into the index; files that cannot be read are told and left out."""
        files = self._files(token)
        return await self._start("ingest", [str(files), "--skip-unreadable", "--json", *self._flags], files)

    async def again(self, name: str) -> Job:
        """Read a page's file anew."""
        if name not in self.kept():
            raise JushiError(f"{name}：原文件不在这里，请重新拖入。（Its file is not here: drop it again.）")
        path = self._data / "uploads" / name
        return await self._start("again", [str(path), "--json", *self._flags])

    async def remove(self, name: str) -> Job:
        """Take a page out of the index, and its file, where it came by this way."""
        if name in self.kept():
            (self._data / "uploads" / name).unlink(missing_ok=True)
        return await self._start("remove", ["--json", *self._flags, f"--remove={name}"])

    async def cancel(self) -> bool:
        """End the running process; the index stays as it is. Whether there was one."""
        return await self._jobs.cancel()

    async def _start(
        self, what: str, arguments: Sequence[str], files: Path | None = None, report: Path | None = None
    ) -> Job:
        unread = set[Path]()

        def heard(told: Told) -> Told:
            if skipped := [str(one) for one in told.get("skipped", ())]:
                if files is not None:
                    unread.update(path for path in files.iterdir() if any(str(path) in one for one in skipped))
                told["skipped"] = [self._bare(one) for one in skipped]
            return told

        def ended(code: int) -> bool:
            if code != 0 and not (what == "preview" and code == 1):  # 1: the preview found what wants a look
                return False
            if report is not None:
                report.write_text(self._bare(report.read_text("utf-8")), "utf-8")
            if files is not None:
                self._archive(files, unread)
            return True

        return await self._jobs.start(what, arguments, heard, ended)

    def _bare(self, words: str) -> str:
        """The words without the folders of this machine."""
        return re.sub(rf"{re.escape(str(self._data))}[^\s:]*/", "", words)

    def _archive(self, files: Path, unread: set[Path]) -> None:
        uploads = self._data / "uploads"
        uploads.mkdir(exist_ok=True)
        for one in files.iterdir():
            if one not in unread:
                one.replace(uploads / one.name)
        shutil.rmtree(files.parent, ignore_errors=True)
