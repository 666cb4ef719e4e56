"""A site in, its Gradio page out: the conversation's events, the interface for programs, and where it all hangs.

Gradio carries what streams (questions and their answers) and the interface (``ask`` and ``figures``, as endpoints and
as MCP tools). The page's own script (``page.js``) acts on clicks and keys, and speaks to Gradio through one element,
the bridge.
"""

import base64
from collections.abc import AsyncIterator
from datetime import datetime
from importlib import resources
from typing import Any

from assistant.errors import JushiError
from assistant.web import export, interface, layout
from assistant.web.conversation import Conversation
from assistant.web.guard import USER
from assistant.web.kept import Kept
from assistant.web.site import Site
from assistant.web.turns import Turn, history, turn_html, turns_html

TITLE = "据实"
QUEUE = 64  # events of any kind in Gradio's own queue, so that a flood of clicks stays bounded too
MOST_TURNS = 100  # of a conversation: all of them are in the page, and in the server's memory

# The script triggers these events with what was clicked; Gradio finds their names in this text.
_BRIDGE = "window.jushiTrigger = trigger; /* 'ask' 'halt' 'clear' 'goon' 'judge' 'export' */"


def build(site: Site, conversation: Conversation) -> Any:
    """Build the page as ``gr.Blocks``; ``mount`` dresses it."""
    import gradio as gr

    kept = Kept()

    async def ask(
        turns: tuple[Turn, ...], token: str, event: gr.EventData, request: gr.Request
    ) -> AsyncIterator[tuple[Any, ...]]:
        given, before = _told(event), turns
        question, at, model = str(given.get("question", "")).strip(), given.get("at"), str(given.get("model", ""))
        if turns and at == len(turns):  # the last one asked again, or otherwise; an earlier one is asked anew below
            turns = turns[:-1]
        turns = turns[-MOST_TURNS:]
        number, past = len(turns) + 1, turns_html(turns)
        turn = Turn(question)
        async for turn in conversation.ask(question, turns, str(request.session_hash), model):
            if not turn.over:
                yield past, turn_html(turn, number), *(gr.skip(),) * 3
                past = gr.skip()
        turns = (*turns, turn)
        token = kept.put(token, _user(request), before, turns)  # before it is shown as over: a reload finds it
        yield past, turn_html(turn, number), turns, token, token

    async def halt(request: gr.Request) -> None:
        conversation.stop(str(request.session_hash))

    def clear(token: str, request: gr.Request) -> tuple[Any, ...]:
        kept.drop(token, _user(request))
        return "", "", (), ""

    def goon(event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        token = str(_told(event).get("token", ""))
        turns = kept.get(token, _user(request))
        return turns_html(turns), "", turns, token if turns else "", f"{len(turns)}"

    def judge(turns: tuple[Turn, ...], event: gr.EventData) -> str:
        given = _told(event)
        at, right = given.get("turn"), given.get("judged") == "up"
        if not isinstance(at, int) or not 1 <= at <= len(turns) or site.reactions is None:
            return "error"
        answer, before = turns[at - 1].answer, history(turns[: at - 1])
        if answer is None:
            return "error"
        try:
            site.reactions.add(answer, right, str(given.get("reason", "")), site.generation(), before)
        except JushiError as error:
            return f"error {error}"
        return "kept"

    def export_turns(turns: tuple[Turn, ...], event: gr.EventData) -> str:
        kind = "docx" if _told(event).get("kind") == "docx" else "md"
        made = export.word(turns) if kind == "docx" else export.markdown(turns).encode("utf-8")
        return f"jushi-{datetime.now():%Y%m%d-%H%M}.{kind} {base64.b64encode(made).decode('ascii')}"

    # No analytics: this argument also keeps Gradio from asking its maker for the newest version.
    with gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True) as blocks:
        # First, so that no event of the page's own takes their names.
        # Beside Gradio's queue: the door bounds them, and a queued MCP tool calls this page anew, without the password.
        gr.api(interface.ask_of(conversation), api_name="ask", queue=False)
        if site.checking is not None:
            gr.api(interface.check_of(site.checking), api_name="check", queue=False)
        if site.library is not None:
            gr.api(interface.figures_of(site), api_name="figures", queue=False)
        plain: dict[str, Any] = {"apply_default_css": False}
        turns, token = gr.State(()), gr.State("")
        gr.HTML(layout.masthead(site), elem_id="masthead", **plain)
        with gr.Column(elem_id="room-ask", elem_classes="room"):
            gr.HTML(layout.welcome(site), elem_id="welcome", **plain)
            past = gr.HTML("", elem_id="past", **plain)
            live = gr.HTML("", elem_id="live", **plain)
            gr.HTML(layout.frame("composer"), elem_id="composer", **plain)
        if site.checking is not None:
            with gr.Column(elem_id="room-check", elem_classes="room"):
                gr.HTML(layout.frame("check"), **plain)
        if site.library is not None:
            with gr.Column(elem_id="room-figures", elem_classes="room"):
                gr.HTML(layout.frame("figures"), **plain)
            with gr.Column(elem_id="room-library", elem_classes="room"):
                gr.HTML(layout.library(site.intake is not None), **plain)
        if site.bench is not None:
            with gr.Column(elem_id="room-evals", elem_classes="room"):
                gr.HTML(layout.evals(site), **plain)
        gr.HTML(layout.frame("panel"), elem_id="panel", **plain)
        bridge = gr.HTML("", elem_id="bridge", js_on_load=_BRIDGE, **plain)
        saved = gr.Textbox(visible="hidden", elem_id="saved", label="saved")
        judged = gr.Textbox(visible="hidden", elem_id="judged", label="judged")
        held = gr.Textbox(visible="hidden", elem_id="held", label="held")
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        several: dict[str, Any] = {**quiet, "concurrency_limit": None}  # the door limits
        asked = bridge.ask(ask, [turns, token], [past, live, turns, token, held], **several)
        asked.then(None, [held], None, js="(told) => window.jushi.keep(told)", **quiet)
        bridge.halt(halt, None, None, queue=False, **quiet)
        bridge.clear(clear, [token], [past, live, turns, token], queue=False, **quiet)
        again = bridge.goon(goon, None, [past, live, turns, token, held], queue=False, **quiet)
        again.success(None, [held], None, js="(told) => window.jushi.wentOn(told)", **quiet)
        noted = bridge.judge(judge, [turns], [judged], **quiet)
        noted.then(None, [judged], None, js="(told) => window.jushi.judged(told)", **quiet)
        made = bridge.export(export_turns, [turns], [saved], **quiet)
        made.then(None, [saved], None, js="(told) => window.jushi.save(told)", **quiet)
    blocks.queue(max_size=QUEUE)
    return blocks


def mount(app: Any, site: Site, conversation: Conversation, host: str, port: int, root_path: str = "") -> Any:
    """Hang the page into a FastAPI application: theme, style, script, and nothing that calls a foreign address."""
    import gradio as gr

    fonts = [*(gr.themes.Font(name) for name in layout.SANS), "system-ui", "sans-serif"]
    return gr.mount_gradio_app(
        app,
        build(site, conversation),
        path="/",
        server_name=host,
        server_port=port,
        root_path=root_path or None,
        theme=gr.themes.Base(font=fonts, font_mono=["ui-monospace", "Consolas", "monospace"]),
        js=text("page.js"),
        head=f"{layout.HEAD}<style>{text('page.css')}</style>",  # Gradio's css= would change the selectors
        footer_links=["api"],  # else Gradio would not show the interface (?view=api)
        run_history=False,  # else every question is kept in the browser's storage
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=True,
        show_error=False,  # gr.Error is told all the same; others stay in the log
        max_file_size="1kb",  # nothing is to be uploaded through Gradio
    )


def text(name: str) -> str:
    """A file that lies beside this one."""
    return (resources.files("assistant.web") / name).read_text("utf-8")


def _user(request: Any) -> str:
    """Who sends it, by the guard; empty where nobody is asked for a name."""
    return str(request.request.scope.get(USER, "")) if request.request else ""


def _told(event: Any) -> dict[str, Any]:
    """What the script triggered the event with."""
    given = event._data
    return given if isinstance(given, dict) else {}
