"""A site in, its page served on a host and port: ``jushi chat``, then a browser.

The page fetches nothing from the net, reports to nobody, and listens only where it is told to.
"""

import errno
import ipaddress
import logging
import socket
import sys
import threading
import webbrowser
from typing import Any

from assistant import __version__
from assistant.errors import SettingError
from assistant.web import conversation, page, programs, routes, trials
from assistant.web.guard import Guard
from assistant.web.site import Site
from assistant.web.users import Users

LAST_PORT = 65535
CLOSING_SECONDS = 1  # open browser tabs hold a connection without end, so a stop must not wait for them


def application(site: Site, host: str, port: int, *, users: Users | None = None, root_path: str = "") -> Any:
    """The guarded ASGI application: Gradio's page, the page's own addresses, those for programs, and MCP."""
    from fastapi import FastAPI

    servers = [{"url": root_path}] if root_path else None
    # No page of documents: FastAPI's own fetch their scripts from afar.
    app = FastAPI(title=page.TITLE, version=__version__, servers=servers, docs_url=None, redoc_url=None)
    talk = conversation.conversation(site)
    programs.add(app, site, talk, root_path)
    if site.library is not None:
        routes.add(app, routes.Rooms(site.library, site.intake, site.checking))
    if site.bench is not None:
        trials.add(app, site.bench, site.models)
    mounted = page.mount(app, site, talk, host, port, root_path)
    # Behind a proxy the names differ: then the proxy says who may come.
    return Guard(mounted, users, local=is_local(host) and users is None and not root_path)


def is_local(host: str) -> bool:
    """Whether only this machine reaches the host."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def allowed(host: str, users: Users | None, public: bool) -> None:
    """Raises SettingError where others could come in unasked."""
    if not is_local(host) and users is None and not public:
        raise SettingError(
            f"{host} can be reached from other machines: name a file of users with --auth "
            '(write it with "jushi password NAME"), or add --public to let everybody in, who can then read and ask, '
            "and change nothing."
        )


def serve(
    site: Site,
    host: str,
    port: int,
    *,
    users: Users | None = None,
    public: bool = False,
    root_path: str = "",
    open_browser: bool = False,
) -> None:
    """Serve the page on this host and port alone until interrupted; port 0 takes a free one.

    Raises SettingError for a port that is taken or not allowed, a host that is not this machine's, and one that other
    machines reach where neither ``users`` nor ``public`` is given.
    """
    import uvicorn

    allowed(host, users, public)
    listener = listen(host, port)
    port = listener.getsockname()[1]
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    config = uvicorn.Config(
        application(site, host, port, users=users, root_path=root_path),
        log_level="warning",
        timeout_graceful_shutdown=CLOSING_SECONDS,
    )
    print(f"{page.TITLE}：{address}（Ctrl+C 停止）", file=sys.stderr, flush=True)
    if open_browser:
        # The socket already listens, so the browser's request waits for the server.
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
    server = uvicorn.Server(config)
    # Tabs still open are cut off when it stops; each would leave a traceback that helps nobody.
    logging.getLogger("uvicorn.error").addFilter(lambda _: not server.should_exit)
    try:
        server.run(sockets=[listener])
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()


def listen(host: str, port: int) -> socket.socket:
    """Open the listening socket, so that a taken port is told before anything heavy is built."""
    if not 0 <= port <= LAST_PORT:  # getaddrinfo would take 70000 for 4464
        raise SettingError(f"Port {port} does not exist: choose one up to {LAST_PORT} with --port.")
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise SettingError(f"Host {host!r} is not known: choose another with --host.") from error
    listener = socket.socket(family, kind, protocol)
    try:
        if sys.platform != "win32":  # there it would let two servers share the port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(where)
        listener.listen()
    except OSError as error:
        listener.close()
        flag = "--host" if error.errno == errno.EADDRNOTAVAIL else "--port"
        raise SettingError(f"Cannot listen on {host} port {port}: {error.strerror}. Choose another {flag}.") from error
    return listener
