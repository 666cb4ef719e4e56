"""One Answer in, what a program hears of it out: a plain dictionary, or Markdown with the place of each citation.

Also the way back: the messages of a chat in, the question and what was said before it out.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final
from urllib.parse import urlencode

from assistant import figures, render
from assistant.errors import SettingError
from assistant.records import Answer, Caveat, CaveatKind, Citation, Claim, FigureCheck, Verdict

USER: Final = ("user", "human")
ANSWERER: Final = ("assistant", "ai")
_MARK: Final = re.compile(r"(?<!\\)\[(\d+)\]")  # what pages and models write is escaped: \[1]


@dataclass(frozen=True, slots=True)
class Mark:
    """The mark of a citation, ``words[start:end]`` being ``[number]``."""

    number: int
    start: int
    end: int
    citation: Citation


def to_dict(answer: Answer) -> dict[str, Any]:
    """What a reader sees, without the passages behind it: numbers, strings, and lists of them."""
    number = render.numbers(answer)
    text = render.replaced(answer.text, render.markers(answer.text, number, lambda at: f"[{at}]"), str).strip()
    return {
        "question": answer.question,
        "text": text,
        "declined": answer.declined,
        "figures": [_figure(check, answer, number) for check in render.audited(answer)],
        "citations": [_citation(one, number[one.key]) for one in render.ordered(answer, number)],
        "caveats": [{"kind": one.kind.value, "text": one.text, "arithmetic": one.arithmetic} for one in answer.caveats],
        "formulas": list(answer.formulas),
        "model": answer.model,
        "seconds": answer.timings.get("total", 0.0),
    }


def words(answer: Answer) -> tuple[str, tuple[Mark, ...]]:
    """The answer as Markdown, nothing of it left out, and where in it each citation is marked."""
    number = render.numbers(answer)
    cited = {number[one.key]: one for one in render.ordered(answer, number)}
    text = render.markdown(answer).strip()
    found = ((int(mark[1]), mark.start(), mark.end()) for mark in _MARK.finditer(text))
    return text, tuple(Mark(at, start, end, cited[at]) for at, start, end in found if at in cited)


def place(citation: Citation) -> str:
    """Where a page of Jushi's shows the cited sentence, to be put behind its address."""
    where = {"file": citation.source.file, "from": citation.start, "to": citation.end}
    return f"jushi/source?{urlencode(where)}"


def asked(messages: Iterable[tuple[str, str]]) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The question, and the (question, answer) pairs before it, of a chat's (role, text).

    What a system or a tool says is left out: the pages alone tell what is so, and the program how it is told.
    Raises SettingError where the last word is not the user's.
    """
    said = [(role, text.strip()) for role, text in messages if role in (*USER, *ANSWERER)]
    if not said or said[-1][0] not in USER or not said[-1][1]:
        raise SettingError("The last message has to be the user's question, in words.")
    pairs = [
        (question, answer) for (role, question), (other, answer) in pairwise(said) if role in USER and other in ANSWERER
    ]
    return said[-1][1], tuple(pairs)


def claim_of(check: FigureCheck, answer: Answer) -> Claim | None:
    """The claim that the checked figure makes on the page it is cited from, where the index holds one."""
    for item in answer.evidence:
        if item.key == check.citation:
            for claim in item.passage.claims:
                if item.start <= claim.figure.start < item.end and figures.same(check.figure, claim.figure):
                    return claim
    return None


def verdict(check: FigureCheck, answer: Answer) -> str:
    """``suspect`` where a warning names the figure; otherwise what the check found."""
    if check.verdict is Verdict.QUOTED and warning(check, answer):
        return "suspect"
    return check.verdict.value


def warning(check: FigureCheck, answer: Answer) -> Caveat | None:
    """The warning that doubts the figure, as the page prints it."""
    doubting = (CaveatKind.SUSPECT, CaveatKind.CONFLICT)
    claim = claim_of(check, answer)
    printed = {check.figure.text, claim.figure.text if claim else check.figure.text}
    named = (one for one in answer.caveats if one.kind in doubting and any(f"“{text}”" in one.text for text in printed))
    return next(named, None)


def _citation(one: Citation, number: int) -> dict[str, Any]:
    return {
        "number": number,
        "headline": one.source.headline,
        "paper": one.source.paper,
        "date": one.source.date,
        "file": one.source.file,
        "start": one.start,
        "end": one.end,
        "quote": one.quote,
    }


def _figure(check: FigureCheck, answer: Answer, number: dict[str, int]) -> dict[str, Any]:
    claim = claim_of(check, answer)
    return {
        "figure": check.figure.text,
        "value": f"{check.figure.value:f}",
        "unit": check.figure.unit,
        "verdict": verdict(check, answer),
        "formula": check.formula,
        "citation": number.get(check.citation, 0),
        "subject": claim.subject if claim else "",
        "metric": claim.metric if claim else "",
        "period": claim.period.label if claim else "",
    }
