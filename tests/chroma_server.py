"""Chroma as a server, a real process; before it, what Chroma Cloud would refuse: a wrong key, more than its quotas.

The quotas are those of https://docs.trychroma.com/cloud/quotas-limits as read in November 2026.
"""

import http.client
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from assistant.address import Address

KEY = "ck-secret-of-the-tests"
TENANT = "team"
_RECORDS = 300  # in a write, and in an answer
_DOCUMENT, _VALUE, _NAME, _KEYS, _COLLECTION_VALUE, _PREDICATES, _ID = 16_384, 4_096, 36, 32, 256, 8, 128


class Chroma:
    """``chroma run`` over a folder, on a port that stays the same when it is started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.start()

    def start(self) -> None:
        command = [str(Path(sys.executable).with_name("chroma")), "run", "--path", str(self.folder / "db")]
        with (self.folder / "log").open("ab") as log:
            self._ran = subprocess.Popen(
                [*command, "--host", "127.0.0.1", "--port", str(self.port)], stdout=log, stderr=log, cwd=self.folder
            )
        until = time.monotonic() + 60
        while not self._answers():
            assert self._ran.poll() is None, (self.folder / "log").read_text("utf-8", "replace")[-500:]
            assert time.monotonic() < until, "chroma run did not come up within a minute"
            time.sleep(0.1)

    def kill(self) -> None:
        self._ran.kill()
        self._ran.wait()

    def _answers(self) -> bool:
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            asked.request("GET", "/api/v2/heartbeat")
            return asked.getresponse().status == 200
        except OSError:
            return False
        finally:
            asked.close()


class Cloud:
    """A door before a server that lets in whoever has the key, and refuses what goes beyond the quotas."""

    def __init__(self, server: Chroma) -> None:
        self.refused: list[str] = []
        self.delay = 0.0  # seconds before each reply
        self.failing = 0  # so many of the next requests get a 503
        self.fixed = False  # whether the key may make no database
        door = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def handle_one_request(self) -> None:
                self.behind: http.client.HTTPConnection | None = getattr(self, "behind", None)
                super().handle_one_request()

            def _passed(self) -> None:
                size = int(self.headers.get("content-length") or 0)
                body = self.rfile.read(size) if size else b""
                time.sleep(door.delay)
                status, reply = door.refusal(self.path, dict(self.headers), body)
                if not status:
                    status, reply = self._asked(body)
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(reply)))
                self.end_headers()
                self.wfile.write(reply)

            def _asked(self, body: bytes) -> tuple[int, bytes]:
                try:
                    if self.behind is None:
                        self.behind = http.client.HTTPConnection("127.0.0.1", server.port)
                    self.behind.request(self.command, self.path, body, {"content-type": "application/json"})
                    got = self.behind.getresponse()
                    return got.status, got.read()
                except (OSError, http.client.HTTPException):
                    self.behind = None
                    return 502, b"Bad Gateway"

            do_GET = do_POST = do_PUT = do_DELETE = _passed

            def log_message(self, *_: object) -> None:
                """Nothing: the tests tell what they see."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.port = self._http.server_address[1]
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def at(self, database: str, key: str = KEY) -> Address:
        """The address of a database behind the door."""
        return Address("127.0.0.1", self.port, False, TENANT, database, key)

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()

    def refusal(self, path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        """Status and reply where the request is refused; 0 where it is not."""
        if self.failing:
            self.failing -= 1
            return 503, b"upstream connect error"
        if {name.lower(): value for name, value in headers.items()}.get("x-chroma-token") != KEY:
            return 401, json.dumps({"error": "AuthError", "message": "Unauthorized"}).encode()
        told = json.loads(body) if body else {}
        if self.fixed and path.endswith("/databases"):
            return 403, json.dumps({"error": "AuthError", "message": "Forbidden"}).encode()
        wrong = _beyond(path, told)
        if wrong:
            self.refused.append(f"{path.rpartition('/')[2]}: {wrong}")
            return 422, json.dumps({"error": "QuotaError", "message": f"Quota exceeded: {wrong}"}).encode()
        return 0, b""


def _beyond(path: str, told: dict[str, Any]) -> str:
    """The quota that the request goes beyond, or nothing."""
    what = path.partition("?")[0].rpartition("/")[2]
    if what == "collections":
        return _collection(told.get("metadata") or {})
    if told.get("new_metadata"):
        return _collection(told["new_metadata"])
    ids = told.get("ids") or []
    if len(ids) > _RECORDS:
        return f"{len(ids)} records"
    if any(len(name.encode()) > _ID for name in ids):
        return "the size of an id"
    if told.get("where") and _predicates(told["where"]) > _PREDICATES:
        return "where predicates"
    if what == "get" and not ids and not 0 < (told.get("limit") or 0) <= _RECORDS:
        return "results"
    if what == "query" and told["n_results"] > _RECORDS:
        return "results"
    if any(len((text or "").encode()) > _DOCUMENT for text in told.get("documents") or []):
        return "the size of a document"
    for meta in told.get("metadatas") or []:
        if len(meta) > _KEYS:
            return f"{len(meta)} metadata keys"
        if any(len(name) > _NAME for name in meta):
            return "the size of a metadata key"
        if any(isinstance(value, str) and len(value.encode()) > _VALUE for value in meta.values()):
            return "the size of a metadata value"
    return ""


def _collection(meta: dict[str, Any]) -> str:
    long = [name for name, value in meta.items() if isinstance(value, str) and len(value.encode()) > _COLLECTION_VALUE]
    return f"the size of a collection's metadata value ({long[0]})" if long or len(meta) > _KEYS else ""


def _predicates(where: dict[str, Any]) -> int:
    return sum(sum(map(_predicates, value)) if name in ("$and", "$or") else 1 for name, value in where.items())
