"""Messages in, a model's words or judgement out: one chat model, embedded (llama.cpp) or behind an OpenAI API.

LangChain's and llama.cpp's own types stay in here.
"""

import json
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from assistant.errors import KeyRefused, ModelError, ModelUnreachable

Messages = Sequence[tuple[str, str]]
_CONTEXT_TOKENS = 4096  # prompts are under 1,000 tokens; the rest is room for longer evidence by setting
_YES, _NO = "是", "否"
_UNSEEN = -12.0  # log-probability given to 是 or 否 where it is not among the likeliest tokens


@dataclass(slots=True)
class Usage:
    """Tokens read and written since it was made."""

    read: int = 0
    written: int = 0


class Chat(Protocol):
    """What composing needs of a model."""

    name: str
    usage: Usage

    def write(self, messages: Messages, *, grammar: str = "", most: int = 200) -> str:
        """The model's words, at most ``most`` tokens; ``grammar`` (GBNF) binds them where the model can be bound."""

    @property
    def judges(self) -> bool:
        """Whether ``judge`` works: the model tells the probabilities of its tokens and can be bound by a grammar."""

    def judge(self, messages: Messages) -> float:
        """Log-odds of the answer 是 against 否."""


def hosted(name: str, base_url: str, api_key: str, timeout: float) -> Chat:
    """A model behind an OpenAI-compatible endpoint."""
    return _Hosted(name, base_url, api_key, timeout)


def embedded(name: str, path: Path, threads: int) -> Chat:
    """A GGUF file run in this process. Raises ModelError where it cannot be loaded."""
    return _Embedded(name, path, threads)


@dataclass(slots=True)
class _Hosted:
    name: str
    base_url: str
    api_key: str
    timeout: float
    usage: Usage = field(default_factory=Usage)
    judges: bool = False

    def write(self, messages: Messages, *, grammar: str = "", most: int = 200) -> str:  # noqa: ARG002
        import openai
        from langchain_openai import ChatOpenAI

        where = re.sub(r"//[^/@]*@", "//", self.base_url)  # http://user:password@host: a secret too
        # Local servers need no key, but the client wants one.
        chat = ChatOpenAI(
            model=self.name,
            base_url=self.base_url,
            api_key=lambda: self.api_key or "none",
            timeout=self.timeout,
            max_retries=1,
            temperature=0,
            max_completion_tokens=most,
        )
        try:
            reply = chat.invoke(list(messages))
        except openai.AuthenticationError as error:
            raise KeyRefused(f"{where} refuses the key (401): check JUSHI_API_KEY.") from error
        except openai.APITimeoutError as error:
            raise ModelUnreachable(
                f"{where} did not answer in {self.timeout:g} s: try later, or raise JUSHI_TIMEOUT."
            ) from error
        except openai.APIConnectionError as error:
            raise ModelUnreachable(f"{where} cannot be reached: check JUSHI_BASE_URL and the network.") from error
        except openai.APIStatusError as error:
            raise ModelUnreachable(
                f"{where} answered {error.status_code} for the model {self.name!r}: check name and quota."
            ) from error
        except (openai.OpenAIError, ValueError, LookupError, TypeError, AttributeError) as error:
            # The client does not check what it parses: a reply without choices is an IndexError there.
            raise ModelUnreachable(f"{where} answered what is no chat completion: {type(error).__name__}.") from error
        told = getattr(reply, "usage_metadata", None) or {}
        self.usage.read += int(told.get("input_tokens", 0))
        self.usage.written += int(told.get("output_tokens", 0))
        return reply.content if isinstance(reply.content, str) else json.dumps(reply.content, ensure_ascii=False)

    def judge(self, messages: Messages) -> float:  # noqa: ARG002
        raise ModelError(f"The hosted model {self.name} is not asked for token probabilities.")


class _Embedded:
    judges = True

    def __init__(self, name: str, path: Path, threads: int) -> None:
        import os

        import xllamacpp

        self.name = name
        self.usage = Usage()
        self._lock = threading.Lock()  # one question at a time: two would only halve each other's speed
        params: Any = xllamacpp.CommonParams()
        params.model.path = str(path)
        params.n_ctx = _CONTEXT_TOKENS
        params.n_parallel = 1
        params.verbosity = -1
        params.cpuparams.n_threads = threads or os.cpu_count() or 1
        try:
            self._server: Any = xllamacpp.Server(params)
        except (RuntimeError, OSError, ValueError) as error:
            raise ModelError(
                f'{path} cannot be loaded as a model ({error}). Fetch it again: "jushi models pull {name}".'
            ) from error

    def write(self, messages: Messages, *, grammar: str = "", most: int = 200) -> str:
        choice = self._complete(messages, max_tokens=most, **({"grammar": grammar} if grammar else {}))
        return str(choice["message"].get("content") or "")

    def judge(self, messages: Messages) -> float:
        choice = self._complete(messages, max_tokens=1, logprobs=True, top_logprobs=20)
        likely = choice["logprobs"]["content"][0]["top_logprobs"]
        seen = {entry["token"]: float(entry["logprob"]) for entry in likely}
        return seen.get(_YES, _UNSEEN) - seen.get(_NO, _UNSEEN)

    def _complete(self, messages: Messages, **options: Any) -> dict[str, Any]:
        request = {
            # Control marks inside a text are broken, so that no page or question can end its own turn.
            "messages": [{"role": role, "content": text.replace("<|", "<\u200b|")} for role, text in messages],
            "temperature": 0.0,
            "seed": 1,
            "cache_prompt": True,
            "chat_template_kwargs": {"enable_thinking": False},
            **options,
        }
        with self._lock:
            try:
                reply = self._server.handle_chat_completions(request)
            except RuntimeError as error:
                raise ModelError(f"The model {self.name} failed: {error}.") from error
        if "choices" not in reply:
            raise ModelError(f"The model {self.name} failed: {reply.get('error', reply)}.")
        told = reply.get("usage", {})
        self.usage.read += int(told.get("prompt_tokens", 0))
        self.usage.written += int(told.get("completion_tokens", 0))
        return dict(reply["choices"][0])
