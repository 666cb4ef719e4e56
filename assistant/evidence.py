"""Query and Hits in, the few sentences that bear on the question out, best first, within a budget of tokens."""

import hashlib
import re
from collections.abc import Callable, Sequence

from assistant import sentences, tokens
from assistant.lexical import Lexical, terms
from assistant.records import Evidence, Figure, Hit, Passage, Query

_CONTEXT = 0.7  # what a term counts that stands in the headline or the sentences just before, not within
_FIGURE = 0.3  # what a figure of the wanted kind adds, when one is asked for
_LABEL = 0.6  # what a figure adds whose own words bear the whole question
_YEAR = 0.15  # what the asked year, printed in the sentence, adds
_RETRIEVAL = 0.1  # what a standard deviation of the passage's fused score adds


def select(query: Query, hits: Sequence[Hit], lexical: Lexical, *, most: int, budget: int) -> tuple[Evidence, ...]:
    """At most ``most`` sentences of at most ``budget`` tokens together; at least one where there is a hit.

    ``coverage`` is the share of the question's terms known to the index, weighted by how rare they are, that the
    passage or its headline bears; ``score`` is that of the sentence, with what retrieval, figures and years tell.
    """
    weights = {term: lexical.weight(term) for term in query.terms}
    whole = sum(weights.values()) or 1.0
    known = {term: weight for term, weight in weights.items() if lexical.knows(term)}
    found: dict[tuple[str, str], Evidence] = {}
    for hit in hits:
        text = hit.passage.text
        head = set(terms(f"{hit.passage.source.title} {hit.passage.source.date}"))
        borne = head.union(terms(text))
        coverage = sum(weight for term, weight in known.items() if term in borne) / (sum(known.values()) or 1.0)
        spans = sentences.split(text)
        for at, (start, end) in enumerate(spans):
            own = set(terms(text[start:end]))
            near = head | {term for begin, stop in spans[max(0, at - 2) : at] for term in terms(text[begin:stop])}
            share = sum(
                weight if term in own else _CONTEXT * weight for term, weight in known.items() if term in own | near
            )
            figures = tuple(figure for figure in hit.passage.figures if start <= figure.start and figure.end <= end)
            score = share / whole + _RETRIEVAL * hit.score
            best = pointed(query, hit.passage, (start, end), lexical.weight)
            fit = label(query, hit.passage, (start, end), best, lexical.weight) if best else 0.0
            score += _FIGURE + _LABEL * fit if best else 0.0
            if query.years and any(str(year) in text[start:end] for year in query.years):
                score += _YEAR
            key = hashlib.sha256(f"{hit.passage.id}\0{start}".encode()).hexdigest()[:6]
            sentence = Evidence(key, hit.passage, start, end, figures, score, coverage, best, fit)
            place = (hit.passage.source.file, sentence.text)  # a sentence printed twice on a page is offered once
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
    own = set(terms(_before(passage, sentence, figure)))
    behind = set(terms(passage.text[figure.end : min([*later, stop])]))
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
