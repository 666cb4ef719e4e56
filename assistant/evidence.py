"""Query and Hits in, the few sentences that bear on the question out, best first, within a budget of tokens."""

import hashlib
from collections.abc import Sequence

from assistant import sentences, tokens
from assistant.lexical import Lexical, terms
from assistant.records import Evidence, Hit, Query

_CONTEXT = 0.5  # what a term counts that stands only in the headline or the sentences just before, not in the sentence
_FIGURE = 0.15  # what a figure of the wanted kind adds, when one is asked for
_YEAR = 0.15  # what the asked year, printed in the sentence, adds
_RETRIEVAL = 0.1  # what a standard deviation of the passage's fused score adds


def select(query: Query, hits: Sequence[Hit], lexical: Lexical, *, most: int, budget: int) -> tuple[Evidence, ...]:
    """At most ``most`` sentences of at most ``budget`` tokens together; at least one where there is a hit.

    ``coverage`` is the share of the question's terms, weighted by how rare they are, that the sentence or its context
    bears; ``score`` adds to it what retrieval, figures and years tell.
    """
    weights = {term: lexical.weight(term) for term in query.terms}
    whole = sum(weights.values()) or 1.0
    found: dict[tuple[str, str], Evidence] = {}
    for hit in hits:
        text = hit.passage.text
        head = set(terms(f"{hit.passage.source.headline} {hit.passage.source.date}"))
        spans = sentences.split(text)
        for at, (start, end) in enumerate(spans):
            own = set(terms(text[start:end]))
            near = head | {term for begin, stop in spans[max(0, at - 2) : at] for term in terms(text[begin:stop])}
            coverage = sum(
                weight * (1.0 if term in own else _CONTEXT) for term, weight in weights.items() if term in own | near
            )
            coverage /= whole
            figures = tuple(figure for figure in hit.passage.figures if start <= figure.start and figure.end <= end)
            score = coverage + _RETRIEVAL * hit.score
            if query.wants_figure and any(not query.kinds or figure.kind in query.kinds for figure in figures):
                score += _FIGURE
            if query.years and any(str(year) in text[start:end] for year in query.years):
                score += _YEAR
            key = hashlib.sha256(f"{hit.passage.id}\0{start}".encode()).hexdigest()[:6]
            sentence = Evidence(key, hit.passage, start, end, figures, score, coverage)
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
