"""A side of a question and a claim in, how well the claim fits out.

A claim fits by its own words (subject, metric, the words about its figure in its clause), then by its sentence, then by
what stands around it. A name that the side bears must be the claim's; a period that it names must not exclude the
claim's; a figure that it gives must be the claim's figure.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from assistant import figures, periods, units
from assistant.compute.lexicon import Lexicon
from assistant.compute.naming import named, subject_is
from assistant.compute.operands import STOP, Operand, Side, content, starts
from assistant.lexical import terms
from assistant.records import Basis, Figure, NameKind, Period
from assistant.relations import metric_key

# What a letter of the side is worth where the claim bears it: in its own words, in its sentence, in its sentence but
# said of another figure of the same kind, in the headline or the sentence before, elsewhere in the passage.
_OWN, _SENTENCE, _OTHERS, _NEAR, _PASSAGE = 1.0, 0.7, 0.46, 0.45, 0.25
_PAIRS: Final = 0.6  # share of pairs of letters in the coverage, the rest being letters: 接待量 and 接待游客量
_OWN_SHARE, _CONTEXT_SHARE = 0.7, 0.3  # of the side's own words and of what the question says beside them
_PERIOD, _KIND, _PINNED, _STARTS = 0.3, 0.2, 0.6, 0.3
_NAMED, _LENT, _UNSURE, _PRECISE = 0.1, 0.25, 0.06, 0.2
_LEAST_SHARED: Final = 0.3  # the same where the side has no words of its own but a name or a year (比2017年)
_LEAST_CLOSE: Final = 0.25  # the same, of what the claim and its sentence bear: a word of the headline proves little
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
LEAST_OWN: Final = 0.38  # coverage of a side's own words below which a claim is not what it means
_GROWTH: Final = re.compile(
    r"增速|增长率|增幅|涨幅|降幅|增长(?!贡献|极|点)|同比|环比|增加值增|grew|growth|rise|rose", re.IGNORECASE
)
_GROWN: Final = re.compile(r"增速|增长率|增幅|涨幅|降幅|增长$")
_YEARLY: Final = re.compile(r"年均|平均每年|每年平均|年复合|a year|per year|annual", re.IGNORECASE)
_GREW_BEFORE: Final = re.compile(r"(?:增长|下降|提升|提高|上升|增加|上涨|回落|减少|降低|增)(?:率|了|约|近|超|达)*$")
_COMPARES: Final = frozenset(("同比", "较上年", "环比", "年均"))
_SHARE_WORD: Final = re.compile(r"占比|比重|比例|份额|占|率(?!先)|share", re.IGNORECASE)
_HINTS: Final = (
    (
        re.compile(
            r"增速|增长率|增幅|涨幅|同比增长|增长[更得最]|占比|比重|比例|贡献率|[利转用回收置换合及覆盖]率|growth|share|rate",
            re.I,
        ),
        ("share", "multiple"),
    ),
    (
        re.compile(
            r"产值|投资|营收|收入|销售额|补贴|运费|金额|贷款|授信|出口额|钱|利润|造价|经费|资金|红利|成本|价格|税收|生产总值|GDP"
            r"|output value|revenue|invest|loan|cost",
            re.I,
        ),
        ("money",),
    ),
    (re.compile(r"[发供售用]电量?|发的电|electric", re.I), ("energy",)),
    (re.compile(r"企业数|企业|项目|人数|户数|辆|家数|firms|companies", re.I), ("count",)),
)


def fit(side: Side, operand: Operand, lexicon: Lexicon, least: float = LEAST_OWN) -> float | None:
    """How well the claim fits the side, about 0 to 2; None where it cannot be what the side means.

    ``least``: the coverage of its own words below which it cannot.
    """
    # 甲公司和乙公司节省的运费, 甲公司卖给乙公司多少: of two firms a claim need not name both
    each = any if all(lexicon.kind(name) in (NameKind.FIRM, None) for name in side.names) else all
    if side.names and not each(named(name, operand, lexicon) for name in side.names):
        return None
    # 甲的产值比乙高多少: what 乙 has no words for, 甲 has
    own = content(side.text, side.names) or content(side.rest, (*side.names, *side.lent))
    shared = content(side.context, (*side.names, *side.lent))
    # 2024年产值是2021年的几倍: whose of 2021, only the other side tells
    bare = not side.names and not content(side.text)
    if bare and side.lent and not any(named(name, operand, lexicon) for name in side.lent):
        return None
    borne = coverage(own or shared, operand, lexicon)
    close = coverage(own or shared, operand, lexicon, close=True)
    least = least if own else min(least, _LEAST_SHARED)
    pinned = [given for given in side.given if figures.same(given, operand.figure, bounds=False)]
    if any(_comparable(given, operand.figure) for given in side.given) and not pinned:
        return None
    if (borne < least or close < min(least, _LEAST_CLOSE)) and not pinned:
        return None
    timed = _timed(side, operand)
    if timed is None:
        return None
    score = _OWN_SHARE * borne + _CONTEXT_SHARE * coverage(shared, operand, lexicon)
    score += _PERIOD * timed + (_PINNED if pinned else 0.0)
    hint = next((kinds for rule, kinds in _HINTS if rule.search(side.text)), None) or next(
        (kinds for rule, kinds in _HINTS if rule.search(side.context)), None
    )
    if hint:
        score += _KIND if operand.figure.kind in hint else -_KIND
    if operand.figure.kind in ("share", "multiple") and growing(f"{side.text} {side.context}") != grown(operand):
        score -= _KIND
    score -= 0.0 if operand.claim.sure else _UNSURE
    if side.role:
        score += _STARTS if starts(operand) == (side.role == "start") else -_STARTS
    elif timed < 1 and starts(operand):
        score -= _STARTS
    if "年均" in operand.claim.comparison and not _YEARLY.search(side.context):
        score -= _KIND
    score += _PRECISE * _precision(side, operand, lexicon)
    score += _NAMED * any(subject_is(name, operand, lexicon) for name in side.names)
    score -= _LENT * (bool(side.lent) and not any(named(name, operand, lexicon) for name in side.lent))
    return score


def _precision(side: Side, operand: Operand, lexicon: Lexicon) -> float:
    """The share of the letters of the claim's metric that the question bears, in another side's words by half."""
    whole = f"{side.text} {side.context}"
    metric = lexicon.swapped(content(operand.claim.metric), whole)
    letters = [letter for letter in dict.fromkeys(metric) if letter not in STOP and not letter.isascii()]
    borne = sum(
        1.0 if letter in side.text or (letter in whole and letter not in side.rest) else 0.5 if letter in whole else 0.0
        for letter in letters
    )
    return borne / len(letters) if letters else 0.5


def coverage(words: str, operand: Operand, lexicon: Lexicon, *, close: bool = False) -> float:
    """The share of the words, by pairs of letters and letters, that the claim bears, less where it bears them less.

    ``close``: only what the claim and its sentence bear.
    """
    foreign = not _HAN.search(words)  # of an English question only what has a Chinese name can be borne
    words = lexicon.swapped(words, f"{operand.own}{operand.sentence}")
    pairs = [(term, lexicon.weight(term)) for term in dict.fromkeys(terms(words)) if not (foreign and term.isascii())]
    letters = [(letter, 1.0) for letter in dict.fromkeys(words) if letter not in STOP and not letter.isascii()]
    return _PAIRS * _borne(pairs, operand, close) + (1 - _PAIRS) * _borne(letters, operand, close)


def _borne(words: Sequence[tuple[str, float]], operand: Operand, close: bool) -> float:
    whole = sum(weight for _, weight in words)
    strong = [(weight, _strength(word, operand)) for word, weight in words]
    return sum(w * strength for w, strength in strong if not close or strength > _NEAR) / whole if whole else 0.0


def _strength(word: str, operand: Operand) -> float:
    if word in operand.own.lower():
        return _OWN
    if word in operand.part.lower():
        return _OTHERS if word in operand.others.lower() else _SENTENCE
    if word in operand.sentence.lower():
        return _OTHERS
    if word in operand.near.lower():
        return _NEAR
    return _PASSAGE if word in operand.passage.text.lower() else 0.0


FALLEN: Final = re.compile(r"下降|减少|回落|降低|下滑")
"""Words before a figure of growth that make it one of decline."""


def growing(text: str) -> bool:
    """Whether the words ask for a rate of growth."""
    return bool(_GROWTH.search(text))


def grown(operand: Operand) -> bool:
    """Whether the claim's figure is a rate of growth."""
    claim = operand.claim
    return bool(
        _COMPARES & set(claim.comparison.split()) or _GROWN.search(claim.metric) or _GREW_BEFORE.search(operand.before)
    )


def _comparable(given: Figure, figure: Figure) -> bool:
    return units.measure(given.unit, given.kind)[0] == units.measure(figure.unit, figure.kind)[0]


def _timed(side: Side, operand: Operand) -> float | None:
    """1 where the claim holds for just the side's period, less where it only may; None: it cannot; 0: not asked."""
    asked = period(side.dated, operand.passage.source.date)
    if asked is None:
        return 0.0
    claimed = operand.claim.period
    if (claimed.start, claimed.end) == (asked.start, asked.end):
        return 1.0
    if not periods.overlaps(asked, claimed):
        printed = claimed.basis is Basis.INFERRED and side.dated[:4] in operand.sentence and side.dated[:4].isdigit()
        return 0.3 if printed else None if side.strict else -1.0
    # the first quarter is no answer for the year, nor seven years for ten months; the page's own date may be
    if claimed.label == operand.passage.source.date:
        return 0.3
    printed = claimed.basis is Basis.PRINTED and bool(periods.find(side.text))
    return None if printed and side.strict else -1.0


@lru_cache(maxsize=256)
def period(words: str, page_date: str) -> Period | None:
    """The period that the words name, read as a page of that date would; None where they name none."""
    found = [dated.period for dated in periods.find(words, page_date) if dated.period.start or dated.period.end]
    if not found:
        return None
    # 2025年…前10个月: the narrowest is meant
    return min(found, key=lambda one: (one.end - one.start).days if one.start and one.end else 10**6)


def alike(one: Operand, other: Operand, lexicon: Lexicon) -> float:
    """How much two claims speak for each other as the operands of one reckoning, 0 to about .4."""
    score = 0.0
    a, b = metric_key(one.claim.metric), metric_key(other.claim.metric)
    if a and b:
        shared = len(set(terms(a)) & set(terms(b))) / max(1, min(len(set(terms(a))), len(set(terms(b)))))
        score += 0.2 * shared
    if one.passage.id == other.passage.id and one.start == other.start:
        score += 0.12
    elif one.passage.story_id == other.passage.story_id:
        score += 0.06
    if one.claim.subject and lexicon.aliases.same(one.claim.subject, other.claim.subject):
        score += 0.05
    if (one.claim.period.start, one.claim.period.end) == (other.claim.period.start, other.claim.period.end):
        score += 0.05
    if one.figure.unit == other.figure.unit:
        score += 0.05
    if one.figure.kind in ("share", "multiple") and grown(one) != grown(other):
        score -= 0.2
    return score
