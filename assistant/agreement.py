"""Query and a text or a claim in, how they agree out: which of the question's words it bears, whose it is, and when."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from assistant import periods
from assistant.lexical import terms
from assistant.records import Claim, Passage, Period, Query


def borne(query: Query, text: str) -> frozenset[str]:
    """The terms of the text, with the question's own for what the text calls by another name."""
    own = set(terms(text))
    for one in query.synonyms:
        if any(other in text for other in one.others):
            own.update(terms(one.word))
    return frozenset(own)


def letters(text: str) -> frozenset[str]:
    """The text's Han letters."""
    return frozenset(letter for letter in text if "\u3400" <= letter <= "\u9fff")


def letters_borne(query: Query, text: str) -> frozenset[str]:
    """The letters of the text, with those of the question's words for what the text calls by another name."""
    own = letters(text)
    return own.union(*(letters(one.word) for one in query.synonyms if any(other in text for other in one.others)))


def signs(query: Query, passage: Passage, claim: Claim | None) -> dict[str, float]:
    """How the claim of the pointed figure agrees with the question: whose, when, how counted."""
    if claim is None:
        return {}
    found = {}
    if query.subjects and claim.subject:
        agrees = same_subject(query, claim.subject)
        found["subject" if agrees else "other"] = 1.0 if agrees else float(claim.sure)
    when = agrees_when(query, passage, claim.period)
    if when:
        found["period" if when > 0 else "elsewhen"] = abs(when)
    if query.rates:
        counted = set(claim.comparison.split())
        if counted & set(query.rates):
            found["rate"] = 1.0
        elif counted & _COUNTS and set(query.rates) & _COUNTS:
            found["otherwise"] = 1.0
    return found


_COUNTS = {"每天", "每月", "每年", "每吨", "人均"}  # ways of counting that exclude each other


def same_subject(query: Query, subject: str) -> bool:
    """Whether the subject goes by a name that the question has."""
    names = {name for one in query.synonyms if one.name for name in (one.word, *one.others)}
    return any(name in subject or subject in name for name in names)


def agrees_when(query: Query, passage: Passage, period: Period) -> float:
    """1 for a period asked for, ½ for one within it or for years that hold it, −1 for one that misses it, 0 unknown."""
    asked = [*query.periods, *_resolved(query.relative, passage.source.date)]
    if not asked or (period.start is None and period.end is None):
        return 0.0
    best = -1.0
    for one in asked:
        if (one.start, one.end) == (period.start, period.end):
            return 1.0
        if periods.contains(period, one) and _one_year(period):
            continue  # what is told of half a year or of all of it is not told of its first quarter
        if periods.contains(one, period) or periods.contains(period, one):
            best = max(best, 0.5)
        elif periods.overlaps(one, period):
            best = max(best, 0.0)
    return best


def _one_year(period: Period) -> bool:
    return period.start is not None and period.end is not None and period.start.year == period.end.year


@lru_cache(maxsize=512)
def _resolved(words: tuple[str, ...], page_date: str) -> tuple[Period, ...]:
    """The periods that a question's words mean on a page of that date: 去年 on one of 2025 is 2024."""
    found = [dated.period for word in words for dated in periods.find(word, page_date)]
    return tuple(period for period in found if period.start or period.end)


_INDUSTRY: Final = re.compile(r"([一-鿿]{1,8}?)(?:产业|集群|行业)")
_BEFORE_NAME: Final = re.compile(
    r"^.*(?:[的是为有在对从将把由到了中以等家年月]|经开区|开发区|高新区|园区|[省市州县区]|目前|如今|其中)"
)
_NO_NAME: Final = re.compile(
    "该|这[一个些]|[一二两三五几多]?[十百千万亿]{1,3}元?级|[一二三四五六七八九十两]大|首位|战略性|新兴|主导|优势|特色|重点|传统|现代|上下游|相关|配套|支柱|规上|规模以上"
)


def industries(text: str) -> list[str]:
    """What the text's industries are called, in order: 铝及铝加工 of 水城区铝及铝加工产业集群; none for 该产业."""
    names = (_NO_NAME.sub("", _BEFORE_NAME.sub("", match[1])) for match in _INDUSTRY.finditer(text))
    return [name for name in names if name]


def other_industry(asked: Sequence[str], before: str) -> bool:
    """Whether the industry spoken of last before a figure has no letter of those that the question names."""
    told = industries(before) if asked else []
    return bool(told) and not any(set(name) & set(told[-1]) for name in asked)
