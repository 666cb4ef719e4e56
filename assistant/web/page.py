"""An assistant in, its Gradio page out: ``jushi chat``, then a browser.

The page fetches nothing from the net, reports to nobody, and listens only where it is told to.
"""

import errno
import html as markup
import logging
import socket
import sys
import threading
import webbrowser
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from functools import partial, reduce
from typing import Any, Protocol

from assistant import render
from assistant.errors import JushiError, SettingError
from assistant.records import Event
from assistant.web import style
from assistant.web.door import Door, Reading
from assistant.web.turns import Turn, heard, history, turn_html, turns_html

TITLE = "据实"
PROMISE = "问报上的数字，答案照原文引用，每个数字都指到它印出来的那一句；报上没有的，就说没有。"
FAULT = "程序出了错，已记入日志。请换个问法再试。"
AT_ONCE = 4  # questions answered at the same time: on two cores a local model gains nothing from more
WAITING = 16  # questions that may wait for those; the next is told that the page is busy
QUEUE = 64  # events of any kind in Gradio's own queue, so that a flood of clicks stays bounded too
LONGEST_QUESTION = 500  # characters; the questions asked of these pages have at most about 80
LAST_PORT = 65535
CLOSING_SECONDS = 1  # open browser tabs hold a connection without end, so a stop must not wait for them

# Directives as loose as Gradio needs (its HTML is evaluated from a template); addresses as strict as can be.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; worker-src 'self' blob:; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)

# Manners that Gradio lacks. A reference leads to its citation without leaving the page, which Gradio's <base> would
# reload; a new turn comes to view.
MANNERS = """() => {
  document.documentElement.lang = 'zh-CN';
  document.addEventListener('click', (event) => {
    const reference = event.target.closest && event.target.closest('a.ref');
    if (!reference) return;
    event.preventDefault();
    const cited = document.getElementById(reference.getAttribute('href').slice(1));
    if (!cited) return;
    cited.scrollIntoView({block: 'nearest', behavior: 'smooth'});
    cited.classList.add('lit');
    setTimeout(() => cited.classList.remove('lit'), 600);
  });
  let newest = '';
  new MutationObserver(() => {
    const turn = document.querySelector('#live .turn');
    if (turn && turn.id !== newest) turn.scrollIntoView({block: 'start', behavior: 'smooth'});
    newest = turn ? turn.id : '';
  }).observe(document.body, {childList: true, subtree: true, attributes: true, attributeFilter: ['id']});
}"""

log = logging.getLogger(__name__)


class Answering(Protocol):
    """What the page needs of an assistant. ``stream`` is called from several threads at once."""

    @property
    def model(self) -> str:
        """The model's name, or ``none``."""

    @property
    def examples(self) -> tuple[str, ...]:
        """Questions to begin with."""

    def stream(self, question: str, history: tuple[tuple[str, str], ...]) -> Iterator[Event]:
        """Yield what happens while the question is answered; ``history`` holds (question, answer text)."""


class Conversation:
    """Asks one assistant on behalf of every open tab, and knows what to stop for whom."""

    def __init__(self, assistant: Answering, door: Door) -> None:
        self._assistant = assistant
        self._door = door
        self._readings: dict[str, Reading[Event]] = {}

    async def ask(self, question: str, turns: tuple[Turn, ...], tab: str) -> AsyncIterator[Turn]:
        """Yield the turn as it grows, the last time with ``over`` true; errors become words in it."""
        turn = Turn(question)
        yield turn
        try:
            if len(question) > LONGEST_QUESTION:
                raise JushiError(f"问题太长：{len(question)} 字，最多 {LONGEST_QUESTION} 字。请只留要问的那一句。")
            reading = self._door.read(partial(self._assistant.stream, question, history(turns)))
            self._readings[tab] = reading
            async for events in reading:
                turn = reduce(heard, events, turn)
                yield turn
            if not turn.over:
                turn = replace(turn, stopped=True)
        except JushiError as error:
            turn = replace(turn, trouble=str(error))
        except Exception:
            log.exception("The question could not be answered: %r", question)
            turn = replace(turn, trouble=FAULT)
        finally:
            self._readings.pop(tab, None)
        yield turn

    def stop(self, tab: str) -> None:
        """Stop the answer that this tab waits for, if any."""
        if (reading := self._readings.get(tab)) is not None:
            reading.stop()


def build(assistant: Answering) -> Any:
    """Build the page as ``gr.Blocks``; ``application`` dresses and ``serve`` serves it."""
    import gradio as gr

    conversation = Conversation(assistant, Door(AT_ONCE, WAITING))

    async def ask(question: str, turns: tuple[Turn, ...], request: gr.Request) -> AsyncIterator[tuple[Any, ...]]:
        question = question.strip()
        if not question:
            yield (gr.skip(),) * 8
            return
        still = (gr.skip(),) * 6
        number = len(turns) + 1
        begun = (gr.update(value=""), *_buttons(gr, asking=True, turns=turns), gr.skip())
        turn = Turn(question)
        async for turn in conversation.ask(question, turns, str(request.session_hash)):
            told = turn_html(turn, number)
            yield (turns_html(turns), told, *begun) if begun else (gr.skip(), told, *still)
            begun = ()
        turns = (*turns, turn)
        yield (gr.skip(), gr.skip(), gr.skip(), *_buttons(gr, asking=False, turns=turns), turns)

    async def halt(request: gr.Request) -> None:
        conversation.stop(str(request.session_hash))

    def clear() -> tuple[Any, ...]:
        return ("", "", gr.update(value=""), *_buttons(gr, asking=False, turns=()), ())

    # No analytics: this argument also keeps Gradio from asking its maker for the newest version.
    with gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True) as blocks:
        turns = gr.State(())
        gr.HTML(_masthead(assistant.model), elem_id="masthead", apply_default_css=False)
        with gr.Column(elem_id="welcome") as welcome:
            gr.HTML('<p class="hint">试着问：</p>', apply_default_css=False)
            buttons = [(gr.Button(render.line(example)), example) for example in assistant.examples]
        past = gr.HTML("", elem_id="past", apply_default_css=False)
        live = gr.HTML("", elem_id="live", apply_default_css=False)
        with gr.Row(elem_id="composer"):
            box = gr.Textbox(
                elem_id="question",
                show_label=False,
                label="问题",
                placeholder="想查哪个数字？回车发送",
                lines=1,
                max_lines=5,
                max_length=LONGEST_QUESTION,
                container=False,
                autofocus=True,
            )
            send = gr.Button("发送", elem_id="send")
            stop = gr.Button("停止", elem_id="halt", visible=False)
            renew = gr.Button("清空", elem_id="clear", visible=False)
        shown = [past, live, box, send, stop, renew, welcome, turns]
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        several: dict[str, Any] = {**quiet, "concurrency_limit": None}  # the door limits
        gr.on([box.submit, send.click], ask, [box, turns], shown, **several)
        for button, example in buttons:
            chosen = button.click(partial(str, example), None, box, queue=False, **quiet)
            chosen.then(ask, [box, turns], shown, **several)
        stop.click(halt, None, None, queue=False, **quiet)
        renew.click(clear, None, shown, queue=False, **quiet)
    blocks.queue(max_size=QUEUE)
    return blocks


def application(assistant: Answering, host: str, port: int) -> Any:
    """Dress the page as an ASGI application: theme, style, manners, and a policy against foreign addresses."""
    import gradio as gr
    from fastapi import FastAPI

    fonts = [*(gr.themes.Font(name) for name in style.SANS), "system-ui", "sans-serif"]
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    mounted = gr.mount_gradio_app(
        app,
        build(assistant),
        path="/",
        server_name=host,
        server_port=port,
        theme=gr.themes.Base(font=fonts, font_mono=["ui-monospace", "Consolas", "monospace"]),
        css=style.CSS,
        js=MANNERS,
        footer_links=[],
        run_history=False,  # else every question is kept in the browser's storage
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
        show_error=False,
        max_file_size="1kb",  # nothing is to be uploaded
    )
    return _Guarded(mounted)


def serve(assistant: Answering, host: str, port: int, *, open_browser: bool = False) -> None:
    """Serve the page on this host and port alone until interrupted; port 0 takes a free one.

    Raises SettingError for a port that is taken or not allowed, and for a host that is not this machine's.
    """
    import uvicorn

    listener = listen(host, port)
    port = listener.getsockname()[1]
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    config = uvicorn.Config(
        application(assistant, host, port), log_level="warning", timeout_graceful_shutdown=CLOSING_SECONDS
    )
    print(f"{TITLE}：{address}（Ctrl+C 停止）", file=sys.stderr, flush=True)
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


class _Guarded:
    """An ASGI application whose every answer carries POLICY, so that not even a flaw could call another address."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def send_guarded(message: Any) -> None:
            if message["type"] == "http.response.start":
                added = [
                    (b"content-security-policy", POLICY.encode("ascii")),
                    (b"referrer-policy", b"no-referrer"),
                    (b"x-content-type-options", b"nosniff"),
                ]
                message = {**message, "headers": [*message.get("headers", []), *added]}
            await send(message)

        await self._app(scope, receive, send_guarded)


def _masthead(model: str) -> str:
    using = "未配置模型：只检索，照录原文" if model in ("", "none") else f"模型 {model}"
    return f'<h1>{TITLE}</h1><p>{PROMISE}</p><p class="model">{markup.escape(render.line(using), quote=True)}</p>'


def _buttons(gr: Any, *, asking: bool, turns: tuple[Turn, ...]) -> tuple[Any, ...]:
    """Show 发送 or 停止, 清空 where there is something to clear, and the examples before the first question."""
    return (
        gr.update(visible=not asking),
        gr.update(visible=asking),
        gr.update(visible=bool(turns) and not asking),
        gr.update(visible=not turns and not asking),
    )
