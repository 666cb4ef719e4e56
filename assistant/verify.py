"""Draft and Evidence in, checks of every figure out: what no cited sentence bears is UNSUPPORTED.

A figure is borne by a sentence that prints one equal in value and unit, with the same bound. A digit outside figures
and dates of the evidence is the model's own, and so is a word that it took from the question though the pages do not
say it there: 每天约500吨废水, of a sentence that prints 每月约500吨片料.
"""

import re
from collections.abc import Sequence

from assistant import figures
from assistant.lexical import terms
from assistant.records import Evidence, FigureCheck, Query, Verdict

_KEY = re.compile(r"\[[0-9a-f]{6}\]")
_DIGITS = re.compile(r"[0-9０-９]+(?:[.．,][0-9０-９]+)*")


def check(text: str, used: Sequence[Evidence]) -> tuple[FigureCheck, ...]:
    """One check for each figure of the text, in order; citation keys in brackets are not read as figures."""
    bare = _KEY.sub(lambda match: " " * len(match[0]), text)
    checks = []
    for figure in figures.find(bare):
        bearer = next((e for e in used if any(figures.same(figure, printed) for printed in e.figures)), None)
        verdict = Verdict.QUOTED if bearer else Verdict.UNSUPPORTED
        checks.append(FigureCheck(figure, verdict, bearer.key if bearer else ""))
    return tuple(checks)


def stray_digits(text: str, used: Sequence[Evidence]) -> tuple[str, ...]:
    """Numbers of the text that no used sentence, nor its headline or date, prints."""
    bare = _KEY.sub("", text)
    printed = {
        number
        for e in used
        for number in _DIGITS.findall(f"{e.text} {e.passage.source.headline} {e.passage.source.date}")
    }
    return tuple(number for number in _DIGITS.findall(bare) if number not in printed)


def borrowed_words(text: str, query: Query, used: Sequence[Evidence]) -> tuple[str, ...]:
    """Word pairs of a Chinese text that the question has and neither the used passages nor their headlines have."""
    if query.language != "zh":
        return ()
    said = set(terms(_KEY.sub("", text)))
    borne = {term for e in used for term in terms(f"{e.passage.source.headline}\n{e.passage.text[: e.end]}")}
    return tuple(term for term in query.terms if term in said and term not in borne)
