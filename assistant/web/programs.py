"""A site in, its addresses for programs: ``/ask``, ``/check``, ``/figures``, ``/openapi.json``, ``/v1``, ``/health``.

    curl -d '{"question": "正安经开区一年产销多少把吉他？"}' -H 'content-type: application/json' http://127.0.0.1:7860/ask

They go through the same door as the page: so many at once, so many waiting, the next is told that all are busy (429).
"""

import asyncio
from typing import TYPE_CHECKING, Annotated, Any
from uuid import uuid4

from assistant import reply
from assistant.check import report
from assistant.errors import JushiError
from assistant.library import Library
from assistant.records import Answer
from assistant.web import completions, interface, shapes
from assistant.web.conversation import Conversation, last
from assistant.web.guard import HEALTH
from assistant.web.refusals import refused, untold
from assistant.web.site import Site
from assistant.web.turns import Turn

if TYPE_CHECKING:
    from fastapi import FastAPI


def add(app: "FastAPI", site: Site, conversation: Conversation, root_path: str = "") -> None:
    """Add the addresses to a FastAPI application."""
    from fastapi import Request
    from fastapi.exceptions import RequestValidationError

    @app.exception_handler(RequestValidationError)
    async def misshapen(_: Request, error: RequestValidationError) -> Any:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"] if part != "body")
        return refused("SettingError", f"{place or 'body'}: {first['msg']}")

    @app.exception_handler(JushiError)
    async def told(_: Request, error: JushiError) -> Any:
        return refused(type(error).__name__, str(error))

    @app.get(HEALTH, summary="Whether the index answers", tags=["jushi"])
    async def health() -> dict[str, str]:
        await asyncio.to_thread(site.generation)
        return {"status": "ok"}

    more: dict[str, Any] = {"responses": shapes.REFUSALS, "tags": ["jushi"]}

    @app.post("/ask", response_model=shapes.Answered, summary="Ask the pages", **more)
    async def ask(asked: shapes.Question, request: Request) -> Any:
        """Answer a question; every figure in the answer is checked against the page that prints it."""
        before = tuple(Turn(one.question, answer=Answer(one.question, one.answer)) for one in asked.history)
        turns = conversation.ask(asked.question.strip(), before, uuid4().hex, asked.model)
        turn = await last(turns, request.is_disconnected)
        return reply.to_dict(turn.answer) if turn.answer else untold(turn)

    if (checking := site.checking) is not None:

        @app.post("/check", response_model=shapes.Proved, summary="Check a draft", **more)
        async def check(draft: shapes.Draft) -> Any:
            """Hold every number of a draft against the pages: quoted, computed, or not borne out and why."""
            return report.to_dict(await checking.check(draft.text, draft.date))

    if (library := site.library) is not None:
        _figures(app, library, more)
    completions.add(app, site, conversation, root_path)


def _figures(app: "FastAPI", library: Library, more: dict[str, Any]) -> None:
    from fastapi import Query

    @app.get("/figures", response_model=shapes.Listed, summary="List figures", **more)
    async def figures(
        query: Annotated[str, Query(description="Words that subject, metric or sentence hold.")] = "",
        subject: Annotated[str, Query(description="Whose: a name, part of one, or another name of it.")] = "",
        metric: Annotated[str, Query(description="What is measured, or part of it.")] = "",
        period: Annotated[str, Query(description="When: 2024, 2024-06, 2024年上半年.")] = "",
        unit: Annotated[str, Query(description="As printed (亿元) or the base unit (元).")] = "",
        limit: Annotated[int, Query(ge=1, le=interface.MOST_FIGURES)] = 50,
    ) -> Any:
        """List what the pages print, each figure with whose it is, what it measures, when, and what is doubted."""
        given = (query, subject, metric, period, unit, limit)
        return await asyncio.to_thread(interface.listed, library, *given)
