"""Why a program gets no answer in, the response that says so out: its status, and words in the form of OpenAI's."""

from typing import Any, Final

from assistant.web.conversation import FAULTY
from assistant.web.turns import Turn

RETRY_SECONDS: Final = 5  # until another knock at a busy door is worth it: an answer with a model takes 5.7 s (median)
_STATUS: Final = {"Busy": 429, "SettingError": 400, "NotFound": 404, "KeyRefused": 502, FAULTY: 500}
_OTHERWISE: Final = 503  # an index that is missing or damaged, a model that cannot be used
STOPPED: Final = "已停止。（Stopped.）"


def refused(name: str, words: str, code: str = "") -> Any:
    """The response for the error of that name."""
    from starlette.responses import JSONResponse

    headers = {"retry-after": str(RETRY_SECONDS)} if name == "Busy" else {}
    return JSONResponse({"error": trouble(name, words, code)}, _STATUS.get(name, _OTHERWISE), headers)


def untold(turn: Turn) -> Any:
    """The response for a turn without an answer."""
    return refused(turn.error or "Stopped", turn.trouble or STOPPED)


def trouble(name: str, words: str, code: str = "") -> dict[str, str | None]:
    """The error as data; ``param`` is of OpenAI's form, and never told apart from the words."""
    return {"message": words, "type": name, "param": None, "code": code or name}
