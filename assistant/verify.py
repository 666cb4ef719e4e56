"""Draft and Evidence in, checks of every figure out: what no cited sentence bears is UNSUPPORTED.

A figure is borne by a sentence that prints one equal in value and unit, with the same bound. A digit outside figures
and dates of the evidence is the model's own, and so is a word that it took from the question though the pages do not
say it there: 每天约500吨废水, of a sentence that prints 每月约500吨片料.
"""

import re
import unicodedata
from collections.abc import Sequence

from assistant import figures
from assistant.lexical import terms
from assistant.records import Evidence, Figure, FigureCheck, Query, Verdict

_DIGITS = re.compile(r"[0-9０-９]+(?:[.．,][0-9０-９]+)*")
_CHINESE = re.compile(r"[〇零一二两三四五六七八九十百千万亿]{2,}")
_RISES = re.compile(r"增|升|涨|提高|扩大|上扬|rose|grew|increas|up ")
_FALLS = re.compile(r"降|减|跌|下滑|回落|缩|fell|drop|declin|decreas|down ")
_NEAR = 8  # characters before a figure in which its direction is looked for (同比增长约1.4%)


def check(text: str, used: Sequence[Evidence]) -> tuple[FigureCheck, ...]:
    """One check for each figure of the text, in order; the used evidence's keys in brackets are not read as figures.

    The same digits after 增长 that are printed after 下降 are unsupported.
    """
    bare = _without_keys(text, used)
    checks = []
    for figure in figures.find(bare):
        bearer = next((e for e in used if any(_bears(e, printed, figure, bare) for printed in e.figures)), None)
        verdict = Verdict.QUOTED if bearer else Verdict.UNSUPPORTED
        checks.append(FigureCheck(figure, verdict, bearer.key if bearer else ""))
    return tuple(checks)


def stray_digits(text: str, used: Sequence[Evidence]) -> tuple[str, ...]:
    """Numbers of the text, in any script or in Chinese characters, that no used sentence, headline or date prints."""
    printed_text = "".join(f"{e.text} {e.passage.source.title} {e.passage.source.date}\n" for e in used)
    printed = set(_DIGITS.findall(printed_text))
    bare = _without_keys(text, used)
    stray = [number for number in _DIGITS.findall(bare) if number not in printed]
    stray += [number for number in _CHINESE.findall(bare) if number not in printed_text]
    # ② and ٣ and ½ are numbers to a reader too; Chinese characters of number are letters to Unicode.
    stray += [letter for letter in bare if not _plain(letter) and letter not in printed_text]
    return tuple(stray)


def borrowed_words(text: str, query: Query, used: Sequence[Evidence]) -> tuple[str, ...]:
    """Word pairs of a Chinese text that the question has and neither the used passages nor their headlines have."""
    if query.language != "zh":
        return ()
    said = set(terms(_without_keys(text, used)))
    borne = {term for e in used for term in terms(f"{e.passage.source.title}\n{e.passage.text[: e.end]}")}
    return tuple(term for term in query.terms if term in said and term not in borne)


def _bears(evidence: Evidence, printed: Figure, figure: Figure, text: str) -> bool:
    # 由61个工作日缩短到35个: the printed 35个 has its unit from the figure before it, and quoted alone it has none
    alone = figure.text == printed.text and printed.unit.startswith(figure.unit)
    if not figures.same(figure, printed) and not alone:
        return False
    said = text[max(0, figure.start - _NEAR) : figure.start]
    at = evidence.passage.text[max(evidence.start, printed.start - _NEAR) : printed.start]
    return not (
        (_RISES.search(said) and _FALLS.search(at) and not _RISES.search(at))
        or (_FALLS.search(said) and _RISES.search(at) and not _FALLS.search(at))
    )


def _without_keys(text: str, used: Sequence[Evidence]) -> str:
    """The text with the keys of its own evidence blanked, so that offsets stay."""
    for key in {f"[{e.key}]" for e in used}:
        text = text.replace(key, " " * len(key))
    return text


def _plain(letter: str) -> bool:
    """Whether the letter is no number, or one that the other checks read."""
    return letter in "0123456789０１２３４５６７８９" or not unicodedata.category(letter).startswith("N")
