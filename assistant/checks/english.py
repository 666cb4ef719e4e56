"""What a doubt says in Chinese in, the same in English out: figures, names and periods as printed.

For a suspicion's text and its reading (``said``), and for a caveat, which joins both behind the figures (``warned``).
"""

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Final

from assistant.forms import turned

_NAMED: Final = re.compile("((?:“[^“”]{1,40}”){1,12}：)?(.*)。", re.DOTALL)


@cache
def _forms() -> tuple[tuple[str, str], ...]:
    """Those of ``doubts.toml``, in its order."""
    text = (resources.files("assistant") / "doubts.toml").read_text("utf-8")
    return tuple(tomllib.loads(text)["forms"].items())


def said(chinese: str) -> str:
    """A suspicion's text or reading in English; one of no known form unchanged."""
    return turned(chinese, _forms()) or chinese


def warned(chinese: str) -> str:
    """A caveat's text in English; one of no known form unchanged."""
    found = _NAMED.fullmatch(chinese)
    if not found:
        return chinese
    names, text = (found[1] or "").removesuffix("："), found[2]
    whole = turned(text, _forms())
    if whole is None:
        first, parted, reading = text.rpartition("；")
        told, read = turned(first, _forms()), turned(reading, _forms())
        if not parted or told is None or read is None:
            return chinese
        whole = f"{told}; {read}"
    return f"{names}: {whole}." if names else f"{whole[:1].upper()}{whole[1:]}."
