"""Messages in, the words of a model behind an OpenAI-compatible endpoint out, or one error that says why not.

A call is one bounded time: what is worth it is tried again within (a busy, broken or cut answer), after the pause that
the endpoint asks for or a growing one of our own. An endpoint that goes on failing is left alone for a while.
"""

import asyncio
import json
import logging
import random
import re
import threading
import time
from collections.abc import AsyncIterator, Coroutine
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as Late
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any, Final

from assistant.errors import KeyRefused, ModelError, ModelUnreachable, Stopped
from assistant.llm.breaker import Breaker
from assistant.llm.turn import Messages, Usage, check, wanted

TRIES: Final = 3
FIRST_PAUSE: Final = 0.5  # seconds before the second try, twice that before the third; each up to half more, by chance
LARGEST_REPLY: Final = 4 << 20  # bytes; 400 tokens with their envelope have under 10,000
_AGAIN: Final = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
_POLL: Final = 0.05  # seconds between two looks whether the question was taken back
_TALKATIVE: Final = ("openai", "httpx", "httpcore", "langchain", "langchain_core", "langchain_openai")


def shown(url: str) -> str:
    """The address without ``user:password@``, nor what follows ``?``: it may be shown."""
    return re.sub(r"//[^/@]*@", "//", url).partition("?")[0]


@dataclass(slots=True)
class _Failed(Exception):
    """One try that failed; ``after`` is what the endpoint said of when, ``again`` whether another try may help."""

    error: ModelError | KeyRefused
    again: bool = False
    after: float | None = None


class _TooLong(Exception):
    """A reply that does not end."""


@dataclass(slots=True)
class Hosted:
    """One endpoint and model; safe to use from several threads."""

    name: str
    base_url: str
    api_key: str = field(repr=False)
    timeout: float
    usage: Usage = field(default_factory=Usage)
    judges: bool = False
    breaker: Breaker = field(default_factory=Breaker, repr=False)
    _loop: "_Loop | None" = field(default=None, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def judge(self, messages: Messages) -> float:  # noqa: ARG002
        """Not asked of endpoints, most of which do not tell the probabilities of their tokens."""
        raise ModelError(f"The hosted model {self.name} is not asked for token probabilities.")

    def write(self, messages: Messages, *, grammar: str = "", most: int = 200) -> str:  # noqa: ARG002
        """The model's words. Raises ModelUnreachable, KeyRefused, or Stopped where the question was taken back."""
        check()
        if pause := self.breaker.wait():
            raise ModelUnreachable(
                f"{shown(self.base_url)} failed several times in a row: it is asked again in {pause:.0f} s."
            )
        try:
            words = self._tried(messages, most)
        except _Failed as failed:
            if isinstance(failed.error, KeyRefused):
                self.breaker.succeeded()  # it answers
            else:
                self.breaker.failed(failed.after or 0.0)
            raise failed.error from None  # what is behind it holds the request, and the key
        except BaseException:
            self.breaker.left()
            raise
        self.breaker.succeeded()
        return words

    def _tried(self, messages: Messages, most: int) -> str:
        """The words of the first try that gives some. Raises the _Failed of the last."""
        end = time.monotonic() + self.timeout
        for number in range(1, TRIES + 1):
            try:
                return self._once(messages, most, end)
            except _Failed as failed:
                pause = FIRST_PAUSE * 2 ** (number - 1) * random.uniform(1, 1.5)
                if failed.after is not None:
                    pause = max(pause, failed.after)
                if not failed.again or number == TRIES or time.monotonic() + pause >= end:
                    raise
            if wanted().wait(pause):
                raise Stopped("The question was taken back.")
        raise AssertionError("the last try returns or raises")

    def _once(self, messages: Messages, most: int, end: float) -> str:
        """One request, ended when the time is over or the question is taken back: then the connection is closed."""
        with self._lock:
            if self._loop is None:
                self._loop = _Loop()
        call = self._loop.start(self._ask(messages, most))
        stop = wanted()
        while True:
            try:
                return call.result(timeout=min(_POLL, max(end - time.monotonic(), 0.001)))
            except Late:
                if call.done():
                    raise
                late = time.monotonic() >= end
                if stop.is_set() or late:
                    call.cancel()
                    if stop.is_set():
                        raise Stopped("The question was taken back.") from None
                    raise _Failed(
                        ModelUnreachable(
                            f"{shown(self.base_url)} did not answer in {self.timeout:g} s: "
                            "try later, or raise JUSHI_TIMEOUT."
                        )
                    ) from None
            except CancelledError as error:
                raise _Failed(ModelUnreachable(f"The call of {shown(self.base_url)} was cut off.")) from error

    async def _ask(self, messages: Messages, most: int) -> str:
        import httpx
        import openai
        from langchain_openai import ChatOpenAI

        _quieten()
        where = shown(self.base_url)
        try:
            async with httpx.AsyncClient(
                timeout=httpx.Timeout(None), follow_redirects=False, event_hooks={"response": [_bound]}
            ) as client:
                chat = ChatOpenAI(
                    model=self.name,
                    base_url=self.base_url,
                    api_key=lambda: self.api_key or "none",  # local servers need no key, but the client wants one
                    timeout=self.timeout,
                    max_retries=0,
                    temperature=0,
                    max_completion_tokens=most,
                    http_async_client=client,
                )
                reply = await chat.ainvoke(list(messages))
        except openai.AuthenticationError:
            raise _Failed(KeyRefused(f"{where} refuses the key (401): check JUSHI_API_KEY.")) from None
        except openai.APITimeoutError as error:
            raise _Failed(
                ModelUnreachable(f"{where} did not answer in {self.timeout:g} s: try later, or raise JUSHI_TIMEOUT.")
            ) from error
        except openai.APIConnectionError as error:
            if isinstance(error.__cause__, _TooLong):
                raise _Failed(ModelUnreachable(f"{where} answered more than {LARGEST_REPLY >> 20} MB.")) from None
            raise _Failed(
                ModelUnreachable(f"{where} cannot be reached: check JUSHI_BASE_URL and the network."), again=True
            ) from None
        except openai.APIStatusError as error:
            status = error.status_code
            after = _after(error.response.headers)
            wish = f", and wants to be asked again in {after:.0f} s" if after else ""
            raise _Failed(
                ModelUnreachable(f"{where} answered {status} for the model {self.name!r}{wish}: check name and quota."),
                again=status in _AGAIN,
                after=after,
            ) from None
        except _TooLong:
            raise _Failed(ModelUnreachable(f"{where} answered more than {LARGEST_REPLY >> 20} MB.")) from None
        except (openai.OpenAIError, httpx.HTTPError, ValueError, LookupError, TypeError, AttributeError) as error:
            # The client does not check what it parses: a reply without choices is an IndexError there.
            raise _Failed(
                ModelUnreachable(f"{where} answered what is no chat completion: {type(error).__name__}.")
            ) from None
        told = getattr(reply, "usage_metadata", None) or {}
        with self._lock:
            self.usage.count(int(told.get("input_tokens", 0)), int(told.get("output_tokens", 0)))
        return reply.content if isinstance(reply.content, str) else json.dumps(reply.content, ensure_ascii=False)


class _Loop:
    """A thread that runs calls until the program ends; a call that is cancelled closes its connection at once."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, name="hosted", daemon=True).start()

    def start(self, call: Coroutine[Any, Any, str]) -> "Future[str]":
        return asyncio.run_coroutine_threadsafe(call, self._loop)


async def _bound(response: Any) -> None:
    """Lets the body of the response be read up to the bound."""
    import httpx

    whole = response.stream

    class Counted(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            size = 0
            async for chunk in whole:
                size += len(chunk)
                if size > LARGEST_REPLY:
                    raise _TooLong
                yield chunk

        async def aclose(self) -> None:
            await whole.aclose()

    response.stream = Counted()


def _after(headers: Any) -> float | None:
    """Seconds that the endpoint wants to be left alone for, or None where it does not say, or says nonsense."""
    told = str(headers.get("retry-after") or "").strip()
    try:
        milliseconds = headers.get("retry-after-ms")
        seconds = float(milliseconds) / 1000 if milliseconds else float(told)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(told).timestamp() - time.time()
        except (ValueError, TypeError, OverflowError):
            return None
    return min(seconds, 86400.0) if seconds >= 0 else None


def _quieten() -> None:
    """The libraries on the way write requests into their logs, questions and pages with them: only where one asks it.

    Who wants them sets the level of that very logger, as ``OPENAI_LOG=debug`` does.
    """
    for name in _TALKATIVE:
        logger = logging.getLogger(name)
        if logger.level == logging.NOTSET:
            logger.setLevel(logging.WARNING)


def reach(base_url: str, api_key: str, timeout: float) -> tuple[str, ...]:
    """The models that the endpoint lists; none where it lists none. Raises ModelUnreachable, KeyRefused."""
    import httpx

    where = shown(base_url)
    try:
        headers = {"Authorization": f"Bearer {api_key or 'none'}"}
        with httpx.stream("GET", f"{base_url.rstrip('/')}/models", headers=headers, timeout=timeout) as reply:
            if reply.status_code == 401:
                raise KeyRefused(f"{where} refuses the key (401): check JUSHI_API_KEY.")
            if reply.status_code in (404, 405):  # many a local server
                return ()
            if reply.status_code >= 400:
                raise ModelUnreachable(f"{where} answered {reply.status_code}: check its state and your quota.")
            body = b""
            for chunk in reply.iter_bytes():
                body += chunk
                if len(body) > LARGEST_REPLY:
                    raise ModelUnreachable(f"{where} answered more than {LARGEST_REPLY >> 20} MB.")
    except httpx.TimeoutException as error:
        raise ModelUnreachable(f"{where} did not answer in {timeout:g} s.") from error
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise ModelUnreachable(f"{where} cannot be reached: check JUSHI_BASE_URL and the network.") from error
    try:
        return tuple(str(one["id"]) for one in json.loads(body)["data"])
    except (ValueError, KeyError, TypeError):
        return ()
