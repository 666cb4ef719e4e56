"""An ASGI application in, the same behind a guard out: who may come in, from where, with how much; and safe headers.

Everything is behind it: the page, Gradio's interface and MCP alike.
"""

import asyncio
import base64
import binascii
from typing import Any, Final

from assistant.web.users import Users

# Directives as loose as Gradio needs (its HTML is evaluated from a template); addresses as strict as can be.
POLICY: Final = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; worker-src 'self' blob:; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
LARGEST_REQUEST: Final = 1 << 20  # bytes of any request but an upload: a question of 500 letters in JSON has 4,000
LARGEST_UPLOAD: Final = 64 << 20  # bytes of one file: a scanned broadsheet page has about 6 MB
UPLOAD: Final = "/jushi/upload"
HEALTH: Final = "/health"  # tells whoever watches over the process that it answers, and nothing else
# Clients of OpenAI's interface know a key alone: theirs is what browsers send for a name and a password.
_METHODS: Final = ("basic", "bearer")
_CLOSED: Final = ("/gradio_api/upload",)  # nothing of Gradio's own is uploaded here
_LOCAL_NAMES: Final = frozenset(("localhost", "127.0.0.1", "[::1]"))
USER: Final = "jushi.user"  # where in a request's scope its handlers find the name that came in
_PAUSE: Final = 1.0  # seconds before a wrong password is told so
_CHECKED_AT_ONCE: Final = 2  # passwords checked at the same time: a flood of guesses leaves the cores to the readers


class Guard:
    """``users``: None lets everybody in. ``local``: only requests to this machine's own names are answered."""

    def __init__(self, app: Any, users: Users | None = None, *, local: bool = False) -> None:
        self._app = app
        self._users = users
        self._local = local
        self._checking = asyncio.Semaphore(_CHECKED_AT_ONCE)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer the request, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        refusal = self._refused(scope, headers)
        user: str | None = ""
        if refusal is None and self._users is not None and scope["path"] != HEALTH:
            user = await self._user(self._users, headers.get("authorization", ""))
            if user is None:
                refusal = (401, "请用户名和密码。 A name and a password are wanted.")
        if refusal is not None:
            await _refuse(scope, send, *refusal)
            return
        most = LARGEST_UPLOAD if scope["path"].endswith(UPLOAD) else LARGEST_REQUEST
        await self._app({**scope, USER: user}, _bounded(receive, most), _with_headers(send))

    def _refused(self, scope: Any, headers: dict[str, str]) -> tuple[int, str] | None:
        host = headers.get("host", "")
        # A foreign name that leads here is how a web site reads what listens on its visitor's own machine.
        if self._local and host.rsplit(":", 1)[0].lower() not in _LOCAL_NAMES and host.lower() not in _LOCAL_NAMES:
            return 421, f"This page answers as 127.0.0.1 or localhost, not as {host!r}."
        if scope["type"] == "websocket":
            return 403, "No web socket is offered."
        if scope["method"] not in ("GET", "HEAD", "OPTIONS") and _foreign(headers):
            return 403, "A request from another site is not answered."
        if scope["path"].endswith(_CLOSED):
            return 404, "Nothing is uploaded here."
        most = LARGEST_UPLOAD if scope["path"].endswith(UPLOAD) else LARGEST_REQUEST
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > most:
            return 413, f"At most {most} bytes are taken."
        return None

    async def _user(self, users: Users, given: str) -> str | None:
        """The name that the header's credentials are right for; None for wrong ones and for none."""
        method, _, told = given.partition(" ")
        if method.lower() not in _METHODS:
            return None
        try:
            name, _, password = base64.b64decode(told, validate=True).decode("utf-8").partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        async with self._checking:
            if await asyncio.to_thread(users.knows, name, password):
                return name
            await asyncio.sleep(_PAUSE)
            return None


def _foreign(headers: dict[str, str]) -> bool:
    """Whether a browser says that another site's page sends the request."""
    if headers.get("sec-fetch-site", "same-origin") in ("cross-site", "same-site"):
        return True
    origin = headers.get("origin", "")
    names = {headers.get("host", ""), headers.get("x-forwarded-host", "")} - {""}
    return bool(origin) and origin.partition("://")[2] not in names  # "null", of a sandboxed page, is in none


def _bounded(receive: Any, most: int) -> Any:
    """``receive`` that ends the request after ``most`` bytes, where no header told of so many."""
    read = 0

    async def receive_bounded() -> Any:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        return message if read <= most else {"type": "http.disconnect"}

    return receive_bounded


def _with_headers(send: Any) -> Any:
    async def send_guarded(message: Any) -> None:
        if message["type"] == "http.response.start":
            given = {name.lower() for name, _ in message.get("headers", [])}
            added = [
                (b"content-security-policy", POLICY.encode("ascii")),
                (b"referrer-policy", b"no-referrer"),
                (b"x-content-type-options", b"nosniff"),
            ]
            own = [one for one in added if one[0] not in given]
            message = {**message, "headers": [*message.get("headers", []), *own]}
        await send(message)

    return send_guarded


async def _refuse(scope: Any, send: Any, status: int, words: str) -> None:
    body = words.encode("utf-8")
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"x-content-type-options", b"nosniff"),
    ]
    if status == 401:
        headers.append((b"www-authenticate", b'Basic realm="Jushi", charset="UTF-8"'))
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
