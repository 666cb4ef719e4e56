"""Messages in, the words or the judgement of a GGUF model out, run in this process by llama.cpp."""

import threading
from pathlib import Path
from typing import Any, Final

from assistant.errors import ModelError, Stopped
from assistant.llm.turn import Messages, Usage, check, wanted

CONTEXT_TOKENS: Final = 4096  # prompts are under 1,000 tokens; the rest is room for longer evidence by setting
_YES, _NO = "是", "否"
_UNSEEN: Final = -12.0  # log-probability given to 是 or 否 where it is not among the likeliest tokens
# Tokens of a prompt read at a time. Between two of them a question that was taken back is let go: after 64 tokens, a
# second of the default model, instead of after all.
_READ_AT_ONCE: Final = 64
_BESIDES: Final = 300 << 20  # bytes that a model needs beside its file: what it has read, and room to compute
_POLL: Final = 0.05  # seconds between two looks whether a question that waits was taken back


def too_big(path: Path) -> str:
    """Why the model cannot be loaded into what memory is free, or nothing; nothing too where that cannot be told.

    Without it the system would end the whole program, page and all.
    """
    free, needed = _free(), path.stat().st_size + _BESIDES
    if free is None or needed <= free:
        return ""
    return f"{path.name} needs {needed / 1e9:.1f} GB of memory, and {free / 1e9:.1f} GB are free: take a smaller model."


def _free() -> int | None:
    """Bytes of memory that a program can have here, by the system and by the bound of its container."""
    try:
        lines = dict(line.split(":", 1) for line in Path("/proc/meminfo").read_text().splitlines())
        free = int(lines["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError, ValueError):  # another system
        return None
    try:
        bound = int(Path("/sys/fs/cgroup/memory.max").read_text())
        used = int(Path("/sys/fs/cgroup/memory.current").read_text())
    except (OSError, ValueError):  # no container, or one without a bound
        return free
    return min(free, max(bound - used, 0))


class Local:
    """A model that judges: it tells the probabilities of its tokens, and can be bound by a grammar."""

    judges = True

    def __init__(self, name: str, path: Path, threads: int) -> None:
        """Raises ModelError where the file is no model, or too big for the memory."""
        import os

        import xllamacpp

        self.name = name
        self.usage = Usage()
        self._lock = threading.Lock()  # one question at a time: two would only halve each other's speed
        if reason := too_big(path):
            raise ModelError(reason)
        params: Any = xllamacpp.CommonParams()
        params.model.path = str(path)
        params.n_ctx = CONTEXT_TOKENS
        params.n_batch = params.n_ubatch = _READ_AT_ONCE
        params.n_parallel = 1
        params.verbosity = -1
        params.cpuparams.n_threads = threads or os.cpu_count() or 1
        try:
            self._server: Any = xllamacpp.Server(params)
        except (RuntimeError, OSError, ValueError, MemoryError) as error:
            raise ModelError(
                f'{path} cannot be loaded as a model ({error}). Fetch it again: "jushi models pull {name}".'
            ) from error

    def write(self, messages: Messages, *, grammar: str = "", most: int = 200) -> str:
        """The model's words, bound by the grammar where one is given. Raises ModelError, Stopped."""
        chunks = self._complete(messages, max_tokens=most, **({"grammar": grammar} if grammar else {}))
        return "".join(str(_choice(chunk).get("delta", {}).get("content") or "") for chunk in chunks)

    def judge(self, messages: Messages) -> float:
        """Log-odds of 是 against 否 as the first token. Raises ModelError, Stopped."""
        for chunk in self._complete(messages, max_tokens=1, logprobs=True, top_logprobs=20):
            told = (_choice(chunk).get("logprobs") or {}).get("content") or []
            if told:
                seen = {entry["token"]: float(entry["logprob"]) for entry in told[0]["top_logprobs"]}
                return seen.get(_YES, _UNSEEN) - seen.get(_NO, _UNSEEN)
        raise ModelError(f"The model {self.name} does not tell the probabilities of its tokens: take another.")

    def _complete(self, messages: Messages, **options: Any) -> list[dict[str, Any]]:
        """The pieces of the completion, in order."""
        request = {
            # Control marks inside a text are broken, so that no page or question can end its own turn.
            "messages": [{"role": role, "content": text.replace("<|", "<\u200b|")} for role, text in messages],
            "temperature": 0.0,
            "seed": 1,
            "cache_prompt": True,
            "chat_template_kwargs": {"enable_thinking": False},
            "stream": True,
            "stream_options": {"include_usage": True},
            "return_progress": True,  # so that a piece comes after each batch of the prompt too
            **options,
        }
        stop, chunks = wanted(), []

        def heard(chunk: dict[str, Any]) -> bool:
            """Whether the model is to stop."""
            chunks.append(chunk)
            return stop.is_set()

        while not self._lock.acquire(timeout=_POLL):
            check()
        try:
            check()
            failed = self._server.handle_chat_completions(request, heard)
        except (RuntimeError, MemoryError) as error:
            raise ModelError(f"The model {self.name} failed: {error}.") from error
        finally:
            self._lock.release()
        for chunk in [failed or {}, *chunks]:
            if fault := chunk.get("error"):
                raise ModelError(f"The model {self.name} failed: {_told(fault)}.")
            told = chunk.get("usage") or {}
            self.usage.count(int(told.get("prompt_tokens", 0)), int(told.get("completion_tokens", 0)))
        if stop.is_set():
            raise Stopped("The question was taken back.")
        return chunks


def _choice(chunk: dict[str, Any]) -> dict[str, Any]:
    return dict(chunk["choices"][0]) if chunk.get("choices") else {}


def _told(fault: Any) -> str:
    """What llama.cpp says of its failure, without its message, which may repeat what it was given."""
    if not isinstance(fault, dict):
        return "an error of its own"
    if fault.get("type") == "exceed_context_size_error":
        return f"{fault.get('n_prompt_tokens')} tokens to read, where {fault.get('n_ctx')} are the most"
    return f"{fault.get('type', 'error')} {fault.get('code', '')}".strip()
