"""An assistant's stream of events in, a Runnable of LangChain out: ``invoke``, ``stream``, ``batch``, asynchronous too.

    from assistant import chain
    chain(data="data", model="none").invoke("台江经开区2024年规上工业总产值是多少？").content

In goes a question, ``{"question": …, "history": [(question, answer), …]}``, messages, or ``{"messages": […]}``; out
comes an AIMessage: the answer as Markdown with its warnings and sources, and in ``response_metadata`` the same as data.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from assistant import reply
from assistant.errors import SettingError
from assistant.records import Event
from assistant.records import Final as Finished

if TYPE_CHECKING:
    from langchain_core.messages import AIMessageChunk
    from langchain_core.runnables import Runnable

History = tuple[tuple[str, str], ...]
Streaming = Callable[[str, History, Any, threading.Event | None], Iterator[Event]]
"""Question, history, LangChain's config and what takes the question back in; events out."""

NAME: Final = "jushi"
_PIECE: Final = 16  # characters of a chunk


def runnable(stream: Streaming) -> "Runnable[Any, AIMessageChunk]":
    """The Runnable; callbacks given to it see the chain's steps as its children."""
    from langchain_core.runnables import RunnableConfig, RunnableGenerator

    def told(given: Iterator[Any], config: RunnableConfig) -> "Iterator[AIMessageChunk]":
        question, history = asked(_whole(list(given)))
        for event in stream(question, history, config, None):
            if isinstance(event, Finished):
                yield from _chunks(event)

    async def told_later(given: AsyncIterator[Any], config: RunnableConfig) -> "AsyncIterator[AIMessageChunk]":
        question, history = asked(_whole([piece async for piece in given]))
        stop = threading.Event()
        events = stream(question, history, config, stop)
        try:
            while (event := await asyncio.to_thread(next, events, None)) is not None:
                if isinstance(event, Finished):
                    for chunk in _chunks(event):
                        yield chunk
        finally:
            stop.set()  # the task was cancelled, or nobody reads on: the model is freed

    # LangChain hands its config to whoever takes one, which its types do not tell.
    made: Runnable[Any, AIMessageChunk] = RunnableGenerator(told, told_later, name=NAME)  # type: ignore[arg-type]
    return made


def asked(given: Any) -> tuple[str, History]:
    """The question and what was said before it. Raises SettingError for what is neither."""
    if isinstance(given, str):
        return given, ()
    if isinstance(given, Mapping) and "question" in given:
        try:
            return str(given["question"]), tuple((str(one), str(other)) for one, other in given.get("history") or ())
        except (TypeError, ValueError) as error:
            raise SettingError("history: pairs are wanted, [(question, answer), …].") from error
    messages = given.get("messages") if isinstance(given, Mapping) else given
    if messages is not None and hasattr(messages, "to_messages"):  # what a prompt template makes
        messages = messages.to_messages()
    if hasattr(messages, "content"):
        messages = [messages]
    if not isinstance(messages, Sequence):
        raise SettingError(
            f"{type(given).__name__} is no question: give a text, messages, or "
            '{"question": …, "history": [(question, answer), …]}.'
        )
    from langchain_core.messages import convert_to_messages

    try:
        said = convert_to_messages(messages)
    except (TypeError, ValueError, NotImplementedError, KeyError) as error:
        raise SettingError(f"These are no messages that LangChain reads ({type(error).__name__}).") from error
    return reply.asked((one.type, one.text) for one in said)


def _whole(pieces: list[Any]) -> Any:
    """What came in pieces from the link before, in one."""
    if not pieces:
        raise SettingError("The question is empty.")
    whole = pieces[0]
    for piece in pieces[1:]:
        whole = whole + piece
    return whole


def _chunks(event: Finished) -> "Iterator[AIMessageChunk]":
    """The checked answer in pieces, the last with its data."""
    from langchain_core.messages import AIMessageChunk

    answer = event.answer
    text, _ = reply.words(answer)
    for at in range(0, len(text), _PIECE):
        yield AIMessageChunk(content=text[at : at + _PIECE])
    read, written = (answer.usage.get(name, 0) for name in ("read", "written"))
    yield AIMessageChunk(
        content="",
        response_metadata={"model_name": answer.model, NAME: reply.to_dict(answer)},
        usage_metadata={"input_tokens": read, "output_tokens": written, "total_tokens": read + written},
        chunk_position="last",
    )
