"""The site as a model behind OpenAI's interface: ``/v1/models``, ``/v1/chat/completions``, streamed or whole.

    from openai import OpenAI
    page = OpenAI(base_url="http://127.0.0.1:7860/v1", api_key="-")
    page.chat.completions.create(model="jushi", messages=[{"role": "user", "content": "…"}])

The content is the checked answer as Markdown with its warnings and sources; each mark such as [1] is an annotation
(``url_citation``) that leads to the page at its line; ``jushi`` holds the same as data. What a system message orders is
not obeyed: how an answer is made is not the asker's to say. Where with a name and a password: ``api_key`` is the Base64
of ``name:password``.
"""

import json
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from assistant import reply
from assistant.errors import SettingError
from assistant.records import Answer
from assistant.web import shapes
from assistant.web.conversation import Conversation, last, paced
from assistant.web.refusals import refused, trouble, untold
from assistant.web.site import Site
from assistant.web.turns import Turn

if TYPE_CHECKING:
    from fastapi import FastAPI

DEFAULT: Final = "jushi"  # the model's name for whatever answers by itself
_OWNER: Final = "jushi"
_WAIT: Final = 0.5  # seconds for a first event before the headers go out: a full door tells itself at once
_KEEP: Final = 10.0  # seconds between comments that keep a waiting connection open
_PIECE: Final = 16  # characters of a chunk
_TEXT: Final = ("text", "input_text")


@dataclass(frozen=True)
class Message:
    """What was said, by ``user``, ``assistant``, or others, who are not heard."""

    role: str
    content: Any = None


@dataclass(frozen=True)
class Asked:
    """A chat so far. What is not named here (``temperature`` …) changes nothing."""

    messages: list[Message]
    model: str = DEFAULT
    stream: bool | None = False
    stream_options: dict[str, Any] | None = None
    n: int | None = 1
    tool_choice: Any = None
    response_format: dict[str, Any] | None = None


@dataclass(frozen=True)
class _Reply:
    """One completion being told: its head, whom the links are for, and whether its tokens are told in a stream."""

    model: str
    address: str
    usage: bool = False
    identity: str = field(default_factory=lambda: f"chatcmpl-{uuid4().hex}")
    created: int = field(default_factory=lambda: int(time.time()))

    def head(self, kind: str) -> dict[str, Any]:
        return {"id": self.identity, "object": kind, "created": self.created, "model": self.model}


def add(app: "FastAPI", site: Site, conversation: Conversation, root_path: str = "") -> None:
    """Add the addresses to a FastAPI application."""
    from fastapi import Request
    from starlette.responses import StreamingResponse

    @app.get("/v1/models", summary="The models", tags=["openai"])
    async def models() -> dict[str, Any]:
        return {"object": "list", "data": [_model(name) for name in names(site)]}

    @app.get("/v1/models/{name:path}", responses=shapes.REFUSALS, summary="A model", tags=["openai"])
    async def one_model(name: str) -> Any:
        return _model(name) if name in names(site) else _unknown(name)

    @app.post("/v1/chat/completions", responses=shapes.REFUSALS, summary="Ask as OpenAI's clients do", tags=["openai"])
    async def complete(asked: Asked, request: Request) -> Any:
        """Answer the last message of a chat; with ``stream`` in server-sent events."""
        if asked.model not in names(site):
            return _unknown(asked.model)
        question, history = understood(asked)
        before = tuple(Turn(one, answer=Answer(one, other)) for one, other in history)
        model = "" if asked.model == DEFAULT else asked.model
        turns = conversation.ask(question, before, uuid4().hex, model)
        usage = bool((asked.stream_options or {}).get("include_usage"))
        reply_ = _Reply(asked.model, f"{str(request.base_url).rstrip('/')}{root_path}/", usage)
        if not asked.stream:
            turn = await last(turns, request.is_disconnected)
            return completion(turn.answer, reply_) if turn.answer else untold(turn)
        await anext(turns)  # the question as it was asked
        coming = paced(turns, _WAIT)
        first = await anext(coming, None)
        if first is not None and first.trouble:
            return untold(first)
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        return StreamingResponse(_events(first, coming, reply_), media_type="text/event-stream", headers=headers)


def names(site: Site) -> tuple[str, ...]:
    """What may be asked for: whatever answers by itself first, then each model by its name."""
    return (DEFAULT, *site.models)


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 0, "owned_by": _OWNER}


def _unknown(name: str) -> Any:
    return refused("NotFound", f"There is no model {name[:80]!r}: see /v1/models.", "model_not_found")


def understood(asked: Asked) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The question and what was said before it. Raises SettingError for what is not offered."""
    if asked.n not in (None, 1):
        raise SettingError(f"n: {asked.n} answers are not offered, one is.")
    if (asked.response_format or {}).get("type", "text") != "text":
        raise SettingError("response_format: answers are text; the same as data is in their field “jushi”.")
    if asked.tool_choice not in (None, "none", "auto"):
        raise SettingError("tool_choice: no tool is called here.")
    return reply.asked((one.role, _text(one)) for one in asked.messages)


def _text(message: Message) -> str:
    if message.role not in (*reply.USER, *reply.ANSWERER) or message.content is None:
        return ""
    if isinstance(message.content, str):
        return message.content
    parts = message.content if isinstance(message.content, list) else []
    if not parts or not all(isinstance(part, dict) and part.get("type") in _TEXT for part in parts):
        raise SettingError("content: text is read, nothing else.")
    return "\n".join(str(part.get("text", "")) for part in parts)


def completion(answer: Answer, told: _Reply) -> dict[str, Any]:
    """The answer whole."""
    text, annotations = _told(answer, told)
    message = {"role": "assistant", "content": text, "refusal": None, "annotations": annotations}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    more = {"usage": _usage(answer), DEFAULT: reply.to_dict(answer)}
    return {**told.head("chat.completion"), "choices": [choice], **more}


async def _events(first: Turn | None, coming: AsyncGenerator[Turn | None, None], told: _Reply) -> AsyncIterator[bytes]:
    """The answer as server-sent events; nothing of it is told before it is checked, so until then comments."""
    yield _chunk(told, {"role": "assistant", "content": ""})
    turn, waited = first or Turn(""), 0.0
    async with aclosing(coming):
        async for one in coming:
            turn = one or turn
            waited = waited + _WAIT if one is None else 0.0
            if waited >= _KEEP:
                waited = 0.0
                yield b": waiting\n\n"
    if turn.answer is None:
        yield _line({"error": trouble(turn.error or "Stopped", turn.trouble)})
        return
    text, annotations = _told(turn.answer, told)
    for at in range(0, len(text), _PIECE):
        yield _chunk(told, {"content": text[at : at + _PIECE]})
    yield _chunk(told, {"annotations": annotations})
    yield _chunk(told, {}, finish_reason="stop", more={DEFAULT: reply.to_dict(turn.answer)})
    if told.usage:
        yield _line({**told.head("chat.completion.chunk"), "choices": [], "usage": _usage(turn.answer)})
    yield b"data: [DONE]\n\n"


def _chunk(told: _Reply, delta: dict[str, Any], finish_reason: str | None = None, more: Any = None) -> bytes:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
    usage = {"usage": None} if told.usage else {}  # as OpenAI has it: told once, after the last of these
    return _line({**told.head("chat.completion.chunk"), "choices": [choice], **usage, **(more or {})})


def _line(told: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(told, ensure_ascii=False)}\n\n".encode()


def _told(answer: Answer, told: _Reply) -> tuple[str, list[dict[str, Any]]]:
    """The answer's words, and where in them which sentence of which page is cited."""
    text, marks = reply.words(answer)
    annotations = [
        {
            "type": "url_citation",
            "url_citation": {
                "start_index": mark.start,
                "end_index": mark.end,
                "title": mark.citation.source.headline or mark.citation.source.file,
                "url": told.address + reply.place(mark.citation),
            },
        }
        for mark in marks
    ]
    return text, annotations


def _usage(answer: Answer) -> dict[str, int]:
    """Tokens that the model read and wrote for the answer: none without a model."""
    read, written = (answer.usage.get(name, 0) for name in ("read", "written"))
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
