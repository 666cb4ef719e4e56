"""What programs may ask of the page, as Gradio endpoints and MCP tools: ``ask``, ``check``, ``figures``, typed.

from gradio_client import Client
Client("http://127.0.0.1:7860").predict("正安经开区一年产销多少把吉他？", api_name="/ask")["text"]
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from assistant import listing, reply
from assistant.check import report
from assistant.errors import JushiError
from assistant.library import Library
from assistant.web.checking import Checking
from assistant.web.conversation import Conversation
from assistant.web.site import Site

MOST_FIGURES = 500  # of one call; a program that wants more narrows what it asks


def ask_of(conversation: Conversation) -> Callable[..., Awaitable[dict[str, Any]]]:
    """The endpoint ``ask``."""
    import gradio as gr

    async def ask(question: str, model: str = "") -> dict[str, Any]:
        """Answer a question about the newspaper pages; every figure in the answer is checked against the page.

        Args:
            question: The question, in Chinese or English, at most 500 characters.
            model: The model to use; empty for the default, "none" to quote without a model.

        Returns:
            An object: text (its citations as [1], [2] …), declined (whether the pages do not say), figures (each with
            verdict, subject, metric, period, source or formula), citations (file, offsets, quote), caveats, model.

        """
        last = None
        async for turn in conversation.ask(question.strip(), (), f"api-{id(asyncio.current_task())}", model):
            last = turn
        if last is None or last.answer is None:
            raise gr.Error(last.trouble if last else "没有答成。")
        return reply.to_dict(last.answer)

    return ask


def check_of(checking: Checking) -> Callable[..., Awaitable[dict[str, Any]]]:
    """The endpoint ``check``."""
    import gradio as gr

    async def check(text: str, date: str = "") -> dict[str, Any]:
        """Check every number of a draft against the newspaper pages.

        Args:
            text: The draft, in Chinese, at most 20,000 letters.
            date: The draft's own date (2025-10 or 2025-10-06), which tells what its 今年 is; may be empty.

        Returns:
            An object: counts by verdict (quoted, computed, unsupported) and numbers, each with its place in the draft,
            verdict, reason or formula, and citations (file, offsets, quote).

        """
        try:
            return report.to_dict(await checking.check(text, date))
        except JushiError as error:
            raise gr.Error(str(error)) from error

    return check


def figures_of(site: Site) -> Callable[..., dict[str, Any]]:
    """The endpoint ``figures``."""
    import gradio as gr

    def figures(
        query: str = "", subject: str = "", metric: str = "", period: str = "", unit: str = "", limit: int = 50
    ) -> dict[str, Any]:
        """List the figures that the pages print, each with whose it is, what it measures, when, and what is doubted.

        Args:
            query: Words that subject, metric or sentence hold.
            subject: Whose figure: a name, part of one, or another name of it.
            metric: What is measured, or part of it.
            period: When: 2024, 2024-06, 2024年上半年; whatever overlaps it is listed.
            unit: The unit as printed (亿元) or the base unit (元).
            limit: At most so many, up to 500.

        Returns:
            An object: count (how many there are), figures (each with value, unit, bound, source file and offsets).

        """
        if site.library is None:
            raise gr.Error("这里没有数字表。（No table of figures here.）")
        try:
            return listed(site.library, query, subject, metric, period, unit, limit)
        except JushiError as error:
            raise gr.Error(str(error)) from error

    return figures


def listed(
    library: Library, query: str, subject: str, metric: str, period: str, unit: str, limit: int
) -> dict[str, Any]:
    """How many figures there are of what is asked, and the first of them. Raises SettingError for what is no period."""
    wanted = listing.wanted(query[:200], subject=subject, metric=metric, period=period, unit=unit)
    opened = library.listing()
    rows = opened.claims(wanted, max(1, min(limit, MOST_FIGURES)))
    return {"count": opened.count(wanted), "figures": json.loads(listing.to_json(rows))}
