"""Local models: a name in, the path of a file of the published SHA-256 out; ``jushi models list | pull NAME``.

A chat model is a GGUF file, used as it is. The embedder is a folder converted from its file (see assistant.convert),
which lies in the environment where its wheel could be installed, and is fetched where not. ``model_list.toml`` gives
each model's file, size, hash and sources. Beside ``<file>`` in the folder may lie:

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
import shutil
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib import metadata, resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant import convert
from assistant.download import (
    MAGIC,
    Part,
    Pip,
    Progress,
    Source,
    SourceFailed,
    Tell,
    beside,
    bytes_text,
    fetch,
    kept_bytes,
    opened,
    run_pip,
)
from assistant.errors import DownloadError, EmbedderError, ModelMissing

if TYPE_CHECKING:
    import httpx

__all__ = ["Listed", "Model", "Progress", "Source", "catalogue", "find", "listing", "path", "pull", "verify"]

CHAT, EMBEDDER = "chat", "embedder"
LOCK_POLL_SECONDS = 0.5
# Room for one wheel twice (pip's temporary copy and ours; the largest has 82 MB), and for the rest of the machine.
MARGIN_BYTES = 256 << 20


@dataclass(frozen=True, slots=True)
class Model:
    """A local model; an empty ``sha256`` is taken from the first source that declares one, and kept."""

    name: str
    file: str
    bytes: int
    sha256: str
    licence: str
    sources: tuple[Source, ...]
    kind: str = CHAT
    carrier: str = ""  # the distribution that has the embedder's file, where it is installed


@dataclass(frozen=True, slots=True)
class Listed:
    """A model and what a folder holds of it: whether its hash was found right, and the bytes of an unfinished pull."""

    model: Model
    path: Path
    present: bool
    verified: bool
    partial: int


@functools.cache
def catalogue() -> tuple[Model, ...]:
    """Read the models of ``model_list.toml``, in its order."""
    listed = tomllib.loads((resources.files("assistant") / "model_list.toml").read_text("utf-8"))
    chats = tuple(_model(listed["hubs"], **entry) for entry in listed["model"])
    return chats + tuple(_model([], kind=EMBEDDER, **entry) for entry in listed["embedder"])


def _model(hubs: list[str], *, file: str, repo: str = "", pypi: dict[str, Any] | None = None, **rest: Any) -> Model:
    urls = [hub.format(repo=repo, file=file) for hub in hubs]
    sources = [Source(url.split("/")[2], url) for url in urls]
    if pypi:
        names = (pypi["name"].format(number=number) for number in range(1, pypi["parts"] + 1))
        parts = tuple(f"{name}=={pypi['version']}" for name in names)
        more = {key: pypi[key] for key in ("part_bytes", "member", "platform") if key in pypi}
        sources.append(Source("PyPI", parts=parts, **more))
    return Model(file=file, sources=tuple(sources), **{"sha256": "", **rest})


def find(name: str, kind: str = "") -> Model:
    """Find the model of that name, of a kind where one is given; raises ModelMissing with the names there are."""
    known = {model.name: model for model in catalogue() if kind in ("", model.kind)}
    if found := known.get(name.strip().lower()):
        return found
    near = difflib.get_close_matches(name.strip().lower(), known, n=3)
    hint = f"Did you mean {' or '.join(near)}? " if near else ""
    names = ", ".join(known)
    raise ModelMissing(f"No local model is called {name!r}. {hint}Give one of {names}, or the path of a .gguf file.")


def path(name: str, folder: Path, kind: str = "") -> Path:
    """Return the file of a chat model by name, the folder of an embedder, or a ``.gguf`` path as given.

    A named model's file is hashed once, and again only when its size or time has changed. Raises ModelMissing where
    the file is not there, is no GGUF file, or is not the published one, or where the name is none of the ``kind``.
    """
    if name.lower().endswith(".gguf"):
        given = Path(name).expanduser()
        if not given.is_file():
            raise ModelMissing(f'There is no file {given}. Correct the path, or take a name of "jushi models list".')
        with given.open("rb") as file:
            if file.read(len(MAGIC[".gguf"])) != MAGIC[".gguf"]:
                raise ModelMissing(f"{given} does not begin with GGUF: it is no model, or is damaged. Give another.")
        return given
    model = find(name, kind)
    target = _place(model, folder)
    pull_it = f'Run "jushi models pull {model.name}" ({bytes_text(model.bytes)}).'
    if model.kind == EMBEDDER:
        if not convert.is_whole(target, model.sha256):
            raise ModelMissing(f"{model.name} is not in {folder}. {pull_it}")
        return target
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
    return tuple(_listed(model, folder) for model in catalogue())


def _listed(model: Model, folder: Path) -> Listed:
    target, partial = _place(model, folder), kept_bytes(folder / model.file)
    if model.kind == EMBEDDER:
        whole = convert.is_whole(target, model.sha256)
        return Listed(model, target, whole, whole, partial)
    return Listed(model, target, target.is_file(), _is_recorded(target, model), partial)


def _place(model: Model, folder: Path) -> Path:
    return folder / (f"{model.name}-{convert.FORM}" if model.kind == EMBEDDER else model.file)


def verify(path: Path, model: Model) -> str:
    """Return the SHA-256 of the whole file; raises DownloadError where it is not the model's."""
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != (expected := _expected(path, model)):
        known = f"not {expected}" if expected else "and none is known to compare it with"
        raise DownloadError(f"{path} is not known to be the published file: its SHA-256 is {found}, {known}.")
    return found


def pull(
    model: Model | str,
    folder: Path,
    *,
    progress: Tell | None = None,
    client: "httpx.Client | None" = None,
    pip: Pip = run_pip,
) -> Path:
    """Have the model in the folder, from the first source that gives the published content; return its path.

    A file that was verified costs no request and no hashing. What a cut pull left is resumed; a second process waits
    for the first. Raises ModelMissing for an unknown name, and DownloadError with every source's reason where none
    gave the file, or where the folder has no room or cannot be written.
    """
    model = find(model) if isinstance(model, str) else model
    tell = progress or (lambda _: None)
    if model.kind == EMBEDDER:
        return _pull_converted(model, folder, tell, client, pip)
    return _pull_file(model, folder, tell, client, pip)


def _pull_converted(model: Model, folder: Path, tell: Tell, client: "httpx.Client | None", pip: Pip) -> Path:
    """Have the embedder's folder, converted from its file, which is not kept if it had to be fetched."""
    target = _place(model, folder)
    if convert.is_whole(target, model.sha256):
        return target
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(target, model, tell):
            if convert.is_whole(target, model.sha256):  # made by the process that was waited for
                return target
            shutil.rmtree(target, ignore_errors=True)
            source = _carried(model) or _pull_file(model, folder, tell, client, pip)
            tell(Progress(model.name, 0, 0, f"首次使用：正在转换嵌入模型 {model.name}，约需几秒 → {target}"))
            convert.convert(source, target, model.sha256)
            if source.parent == folder:
                for one in (source, beside(source, "json"), beside(source, "lock")):
                    one.unlink(missing_ok=True)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _no_room(target, model) from error
        raise DownloadError(f"{folder} cannot take {target.name}: {error}. Give another folder (--models).") from error
    except EmbedderError as error:
        raise DownloadError(f"{model.name} cannot be converted: {error}") from error
    return target


def _carried(model: Model) -> Path | None:
    """Find the model's file in the installed distribution that carries it, none of whose code is run."""
    try:
        listed = metadata.distribution(model.carrier).files or []
    except metadata.PackageNotFoundError:
        return None
    for entry in listed:
        file = Path(str(entry.locate()))
        if file.name == model.file and file.is_file():
            with file.open("rb") as content:
                if hashlib.file_digest(content, "sha256").hexdigest() == model.sha256:
                    return file
    return None


def _pull_file(model: Model, folder: Path, tell: Tell, client: "httpx.Client | None", pip: Pip) -> Path:
    target = folder / model.file
    if _is_recorded(target, model):
        return target
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
    reasons: dict[str, str] = {}
    shutil.rmtree(beside(target, "pip"), ignore_errors=True)  # left by a killed process
    with Part(target, model.bytes, progress) as part, opened(client) as http:
        if shutil.disk_usage(target.parent).free < model.bytes - part.size + MARGIN_BYTES:
            raise _no_room(target, model)
        for source in model.sources:
            if reasons:
                part.say(f"来源 {part.label} 不可用：{reasons[part.label]}，改试 {source.label}")
            part.label = source.label
            try:
                found = fetch(source, model.sha256, part, http, pip)
            except SourceFailed as error:
                reasons[source.label] = " ".join(str(error).split())
                continue
            part.finish(target)
            _record(target, found)
            means = "与公布的一致" if model.sha256 else f"由 {source.label} 声明，已记下，今后以它为准"
            part.say(f"{model.file} 的 SHA-256 {found[:12]}… {means}")
            return
    lines = "".join(f"\n  {label}: {reason}" for label, reason in reasons.items())
    raise DownloadError(
        f'No source gave {model.name}:{lines}\nWhen one can be reached, run "jushi models pull {model.name}" again '
        f"({bytes_text(kept_bytes(target))} of {bytes_text(model.bytes)} are kept), "
        f"or put {model.file} into {target.parent} yourself."
    )


@contextmanager
def _alone(target: Path, model: Model, progress: Tell) -> Iterator[None]:
    """Hold the model's lock; while another process has it, wait and show how far that one is."""
    with beside(target, "lock").open("a") as lock:
        while not _try_lock(lock.fileno()):
            progress(Progress("", kept_bytes(target), model.bytes, "另一个进程正在下载，等它完成"))
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


def _read_record(target: Path) -> dict[str, Any]:
    """Read what is on record of the file; nothing where there is no record, or a torn one."""
    try:
        return dict(json.loads(beside(target, "json").read_text("utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return {}


def _record(target: Path, sha256: str) -> None:
    found = {"sha256": sha256, "bytes": target.stat().st_size, "mtime_ns": target.stat().st_mtime_ns}
    beside(target, "json").write_text(json.dumps(found) + "\n", "utf-8")


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
    need, free = model.bytes - kept_bytes(target) + MARGIN_BYTES, shutil.disk_usage(target.parent).free
    return DownloadError(
        f"{model.name} needs {bytes_text(need)} in {target.parent}, and {bytes_text(free)} are free. "
        f'Make room, or give another folder (--models), and run "jushi models pull {model.name}" again: '
        "what has come is kept."
    )
