"""Query and Hits in, the few sentences that bear on the question out, best first, within a budget of tokens.

A sentence is judged by the words that it and its surroundings share with the question, by whether it has what would
answer (a figure of the kind asked for, a date), and by what its figures' claims say: whose, when, how counted.
"""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant import periods, sentences, tokens
from assistant.lexical import Lexical, terms
from assistant.mentions import TITLES
from assistant.records import Claim, Evidence, Figure, Hit, Passage, Period, Query

_CONTEXT = 0.7  # what a term counts that stands in the headline, the sentences just before or the claims' subject
# What each sign adds to the share of the question's words. Chosen by reason; on 135 questions halving or doubling any
# one of them moves the share of right first sentences by less than .015, on two public sets by less than .007.
WEIGHTS: dict[str, float] = {
    "share": 1.0,
    "hit": 0.3,  # a step of the passage's fused score
    "figure": 0.4,  # a figure of the wanted kind, when one is asked for
    "label": 0.4,  # a figure whose own words bear the whole question
    "year": 0.1,  # the asked year, printed in the sentence
    "date": 0.2,  # a date, when one is asked for
    "title": 0.15,  # a title, when one is asked for
    "subject": 0.05,  # the claim is of the subject asked for
    "other": -0.05,  # it is surely of another
    "period": 0.2,  # the claim holds for the period asked for
    "elsewhen": -0.1,  # it surely holds for another
    "rate": 0.1,  # it counts as the question counts (每天)
    "otherwise": -0.1,  # it counts otherwise (每月)
}


def select(query: Query, hits: Sequence[Hit], lexical: Lexical, *, most: int, budget: int) -> tuple[Evidence, ...]:
    """At most ``most`` sentences of at most ``budget`` tokens together; at least one where there is a hit.

    ``coverage`` is the share of the question's terms known to the index, weighted by how rare they are, that the
    passage or its headline bears; ``score`` is that of the sentence, with what retrieval, figures and claims tell.
    """
    found: dict[tuple[str, str], Evidence] = {}
    for sentence, signs in read(query, hits, lexical):
        score = sum(WEIGHTS[name] * value for name, value in signs.items())
        sentence = replace(sentence, score=score)
        place = (sentence.passage.source.file, sentence.text)  # a sentence printed twice on a page is offered once
        if place not in found or found[place].score < score:
            found[place] = sentence
    ranked = sorted(found.values(), key=lambda sentence: (-sentence.score, sentence.key))
    chosen: list[Evidence] = []
    spent = 0
    for sentence in ranked[: 3 * most]:
        cost = tokens.count(sentence.text)
        if len(chosen) == most:
            break
        if not chosen or spent + cost <= budget:
            chosen.append(sentence)
            spent += cost
    return tuple(chosen)


# ---------------------------------------------------------------- reading


@dataclass(frozen=True, slots=True)
class _Asked:
    """The question's terms with their weights, and those of them that the index knows."""

    weights: Mapping[str, float]
    known: Mapping[str, float]

    @property
    def whole(self) -> float:
        return sum(self.weights.values()) or 1.0

    @property
    def reachable(self) -> float:
        return sum(self.known.values()) or 1.0


def read(query: Query, hits: Sequence[Hit], lexical: Lexical) -> list[tuple[Evidence, dict[str, float]]]:
    """Every sentence of the hits with its signs, by the names of ``WEIGHTS``; its score is still nought."""
    weights = {term: lexical.weight(term) for term in query.terms}
    spelt = {term for one in query.synonyms if one.others for term in terms(one.word)}
    asked = _Asked(weights, {term: weight for term, weight in weights.items() if term in spelt or lexical.knows(term)})
    best = max((hit.score for hit in hits), default=0.0)
    return [
        (sentence, {**signs, "hit": hit.score - best})
        for hit in hits
        for sentence, signs in _sentences(query, hit.passage, asked, weights.__getitem__)
    ]


def _sentences(
    query: Query, passage: Passage, asked: _Asked, weight: Callable[[str], float]
) -> list[tuple[Evidence, dict[str, float]]]:
    text = passage.text
    spans = sentences.split(text)
    head = borne(query, f"{passage.source.title} {passage.source.date}")
    own = [borne(query, text[start:end]) for start, end in spans]
    everywhere = head.union(*own)
    coverage = sum(weight for term, weight in asked.known.items() if term in everywhere) / asked.reachable
    found = []
    for at, (start, end) in enumerate(spans):
        figures = tuple(figure for figure in passage.figures if start <= figure.start and figure.end <= end)
        claims = {claim.figure: claim for claim in passage.claims if start <= claim.figure.start < end}
        subjects = borne(query, " ".join({claim.subject for claim in claims.values()}))
        near = head.union(subjects, *own[max(0, at - 2) : at])
        share = sum(
            weight * (1.0 if term in own[at] else _CONTEXT if term in near else 0.0)
            for term, weight in asked.known.items()
        )
        point = pointed(query, passage, (start, end), weight)
        fit = label(query, passage, (start, end), point, weight) if point else 0.0
        signs = {
            "share": share / asked.whole,
            "figure": float(point is not None),
            "label": fit,
            "year": float(any(str(year) in text[start:end] for year in query.years)),
            **_answering(query, text[start:end]),
            **_claimed(query, passage, claims.get(point) if point else None),
        }
        key = hashlib.sha256(f"{passage.id}\0{start}".encode()).hexdigest()[:6]
        found.append((Evidence(key, passage, start, end, figures, 0.0, coverage, point, fit), signs))
    return found


def borne(query: Query, text: str) -> frozenset[str]:
    """The terms of the text, with the question's own for what the text calls by another name."""
    own = set(terms(text))
    for one in query.synonyms:
        if any(other in text for other in one.others):
            own.update(terms(one.word))
    return frozenset(own)


_TITLE = re.compile(TITLES)


def _answering(query: Query, sentence: str) -> dict[str, float]:
    """Whether the sentence has what the question wants beside figures."""
    signs = {}
    if "date" in query.wants:
        signs["date"] = float(any(dated.period.label for dated in periods.find(sentence) if not dated.compared))
    if "title" in query.wants:
        signs["title"] = float(bool(_TITLE.search(sentence)))
    return signs


# ---------------------------------------------------------------- what a claim says


def _claimed(query: Query, passage: Passage, claim: Claim | None) -> dict[str, float]:
    """How the claim of the pointed figure agrees with the question: whose, when, how counted."""
    if claim is None:
        return {}
    signs = {}
    if query.subjects and claim.subject:
        agrees = same_subject(query, claim.subject)
        signs["subject" if agrees else "other"] = 1.0 if agrees else float(claim.sure)
    when = agrees_when(query, passage, claim.period)
    if when:
        signs["period" if when > 0 else "elsewhen"] = abs(when)
    if query.rates:
        counted = set(claim.comparison.split())
        if counted & set(query.rates):
            signs["rate"] = 1.0
        elif counted & _COUNTS and set(query.rates) & _COUNTS:
            signs["otherwise"] = 1.0
    return signs


_COUNTS = {"每天", "每月", "每年", "每吨", "人均"}  # ways of counting that exclude each other


def same_subject(query: Query, subject: str) -> bool:
    """Whether the subject goes by a name that the question has."""
    names = {name for one in query.synonyms if one.name for name in (one.word, *one.others)}
    return any(name in subject or subject in name for name in names)


def agrees_when(query: Query, passage: Passage, period: Period) -> float:
    """1 for a period asked for, ½ for one that lies within it or holds it, −1 for one that misses it, 0 unknown."""
    asked = [*query.periods, *_resolved(query.relative, passage.source.date)]
    if not asked or (period.start is None and period.end is None):
        return 0.0
    best = -1.0
    for one in asked:
        if (one.start, one.end) == (period.start, period.end):
            return 1.0
        if periods.contains(one, period) or periods.contains(period, one):
            best = max(best, 0.5)
        elif periods.overlaps(one, period):
            best = max(best, 0.0)
    return best


@lru_cache(maxsize=512)
def _resolved(words: tuple[str, ...], page_date: str) -> tuple[Period, ...]:
    """The periods that a question's words mean on a page of that date: 去年 on one of 2025 is 2024."""
    found = [dated.period for word in words for dated in periods.find(word, page_date)]
    return tuple(period for period in found if period.start or period.end)


# ---------------------------------------------------------------- which figure of a sentence

_CLAUSE_END = re.compile(r"[，；。！？,;!?、](?![0-9])")
_REACHES = re.compile(r"(?:升|涨|达|增|提高|增长|压缩|降|减|做|跃升)(?:到|至|成|为)|达到")
_TO = re.compile(r"(?:到|至|为)[^，；。]{0,8}$")
_AFTER = 0.7  # what words count that follow the figure in its clause (约500吨再生铅), against those before it
_PREFERENCE = 0.5  # what the asked year before a figure, or 到 where the question asks what was reached, speaks for it
_SIZES = ("长", "厚", "宽", "高", "深", "重", "大")


def pointed(query: Query, passage: Passage, sentence: tuple[int, int], weight: Callable[[str], float]) -> Figure | None:
    """The figure of the sentence that the question asks for: of the wanted unit or kind, whose own words fit best.

    None where the question asks for none, or where the sentence has none of the wanted kinds.
    """
    if not query.wants_figure:
        return None
    candidates = wanted(query, passage, sentence)

    def fits(figure: Figure) -> tuple[float, int]:
        bonus = 0.0 if len(candidates) == 1 else _preference(query, _before(passage, sentence, figure))
        return label(query, passage, sentence, figure, weight) + bonus, -figure.start

    return max(candidates, key=fits, default=None)


def wanted(query: Query, passage: Passage, sentence: tuple[int, int]) -> tuple[Figure, ...]:
    """The sentence's figures of the asked unit, otherwise of the first asked kind that it has, otherwise none."""
    figures = [figure for figure in passage.figures if sentence[0] <= figure.start and figure.end <= sentence[1]]
    if not query.kinds:
        return tuple(figures)
    if query.unit and (same := tuple(figure for figure in figures if figure.unit == query.unit)):
        return same
    for kind in query.kinds:
        if found := tuple(figure for figure in figures if figure.kind == kind):
            return found
    return ()


def label(
    query: Query, passage: Passage, sentence: tuple[int, int], figure: Figure, weight: Callable[[str], float]
) -> float:
    """How much of the question a figure's own words bear, from nought to one.

    Its own words run from the figure or clause before it to the one after: 中小企业81户 in 112户、中小企业81户、2户.
    """
    later = [other.start for other in passage.figures if other.start >= figure.end]
    stop = min([end for end in _clauses(passage, sentence) if end > figure.end], default=sentence[1])
    asked = {term: weight(term) for term in query.terms}
    own = borne(query, _before(passage, sentence, figure))
    behind = borne(query, passage.text[figure.end : min([*later, stop])])
    found = sum(each * (1.0 if term in own else _AFTER) for term, each in asked.items() if term in own | behind)
    return found / (sum(asked.values()) or 1.0)


def _before(passage: Passage, sentence: tuple[int, int], figure: Figure) -> str:
    """The figure's own words that stand before it."""
    text = passage.text
    ends = sorted(other.end for other in passage.figures if other is not figure and other.end <= figure.start)
    left = ends[-1] if ends else 0
    clauses = _clauses(passage, sentence)
    clause = max([end for end in clauses if end <= figure.start], default=sentence[0])
    while left > clause and _TO.search(
        text[left : figure.start]
    ):  # 从17.9%提升到35.5%: the words stand before the pair
        left = max([end for end in ends if end < left], default=0)
    if figure.start - clause < 2 and clause > sentence[0]:  # 、81户: the words stand before the mark
        clause = max([end for end in clauses if end < clause], default=sentence[0])
    return text[max(left, clause) : figure.start]


def _clauses(passage: Passage, sentence: tuple[int, int]) -> list[int]:
    return [match.end() for match in _CLAUSE_END.finditer(passage.text, sentence[0], sentence[1])]


def _preference(query: Query, before: str) -> float:
    """What speaks for one figure of a sentence against its neighbours, beside the words that it shares."""
    reasons = (
        any(str(year) in before for year in query.years),
        bool(_REACHES.search(query.text) and _TO.search(before)),
        any(size in query.text and before.endswith(size) for size in _SIZES),
    )
    return _PREFERENCE * sum(reasons)
