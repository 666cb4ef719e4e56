"""Query and Hits in, the few sentences that bear on the question out, best first, within a budget of tokens.

A sentence is judged by the words that it and its surroundings share with the question, by whether it has what would
answer (a figure of the kind asked for, a date), and by what its figures' claims say: whose, when, how counted. Where no
figure is asked for, by the signs of ``assistant.telling``.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import product

from assistant import agreement, confidence, pointing, sentences, telling, tokens
from assistant.agreement import borne
from assistant.lexical import Lexical, terms
from assistant.records import Evidence, Figure, Hit, Passage, Query
from assistant.retrieve import beside_place

_CONTEXT = 0.7  # what a term counts that stands in the headline, the sentences just before or the claims' subject
# What each sign adds to the share of the question's words. Chosen by reason; on 135 questions halving or doubling any
# one of them moves the share of right first sentences by less than .015, on two public sets by less than .007.
WEIGHTS: dict[str, float] = {
    "share": 1.0,
    "hit": 0.3,  # a step of the passage's fused score
    "figure": 0.4,  # a figure of the wanted kind, when one is asked for
    "label": 0.4,  # a figure whose own words bear the whole question
    "year": 0.1,  # the asked year, printed in the sentence
    "unit": 0.1,  # the figure is of the unit asked for; −1 where it counts other things
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
        score = scored(query, signs)
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
    weight = cache(lexical.weight)
    asked = pointing.asked(query, weight)
    told = _told(query, chosen, weight)
    return tuple(
        replace(
            sentence,
            sure=confidence.log_odds(asked, chosen, at) if sentence.pointed else 0.0,
            told=tuple((ask, figure) for ask, (where, figure) in told.items() if where == at),
        )
        for at, sentence in enumerate(chosen)
    )


def scored(query: Query, signs: Mapping[str, float]) -> float:
    """What the signs of a sentence come to; all of the question's words and nothing else come to 1."""
    weights, scale = (WEIGHTS, 1.0) if query.wants_figure else (telling.WEIGHTS, telling.SCALE)
    return sum(weights[name] * value for name, value in signs.items()) / scale


_FIT = 0.1  # what a step of a figure's fit counts beside its sentence's score
_TOGETHER = 0.6  # what it counts that one sentence has them all
_CANDIDATES = 4  # figures that may answer one of several questions


def _joint(way: Sequence[tuple[float, int, Figure]]) -> float:
    return sum(score for score, _, _ in way) + (_TOGETHER if len({at for _, at, _ in way}) == 1 else 0.0)


def _told(query: Query, chosen: Sequence[Evidence], weight: Callable[[str], float]) -> dict[int, tuple[int, Figure]]:
    """The sentence and the figure that answer each of the questions which the question is made of.

    No figure answers two. Empty where one finds none: what is told of half of them looks like the whole.
    """
    offered: list[list[tuple[float, int, Figure]]] = []
    for ask in query.asks:
        asked = pointing.asked(ask, weight)
        fits = [
            (sentence.score + _FIT * fit, at, figure)
            for at, sentence in enumerate(chosen)
            for figure, fit in pointing.fits(asked, sentence.passage, (sentence.start, sentence.end)).items()
        ]
        offered.append(sorted(fits, key=lambda one: -one[0])[:_CANDIDATES])
    ways = [
        way for way in product(*offered) if len({(at, figure.start) for _, at, figure in way}) == len(query.asks) > 0
    ]
    best = max(ways, key=_joint, default=())
    return {number: (at, figure) for number, (_, at, figure) in enumerate(best)}


# ---------------------------------------------------------------- reading


@dataclass(frozen=True, slots=True)
class _Known:
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
    """Every sentence of the hits with its signs, by the names of ``WEIGHTS``; its score is still nought.

    Where no figure is asked for, by those of ``telling.WEIGHTS``.
    """
    weight = cache(lexical.weight)
    fresh = frozenset(terms(query.asked))
    weights = {term: weight(term) * (pointing.FRESH if term in fresh else 1.0) for term in query.terms}
    spelt = {term for one in query.synonyms if one.others for term in terms(one.word)}
    known = _Known(weights, {term: each for term, each in weights.items() if term in spelt or lexical.knows(term)})
    asked = pointing.asked(query, weight)
    told = None if query.wants_figure else telling.wanted(query)
    worth = [beside_place(hit) for hit in hits]
    best = max(worth, default=0.0)
    found = []
    for hit, score in zip(hits, worth, strict=True):
        own = _sentences(asked, told, hit.passage, known)
        after = [*(signs["share"] for _, signs in own[1:]), 0.0]
        for (sentence, signs), share in zip(own, after, strict=True):
            signs["hit"] = score - best
            if told:
                signs["next"] = share
            found.append((sentence, signs))
    return found


def _sentences(
    asked: pointing.Asked, told: telling.Wanted | None, passage: Passage, known: _Known
) -> list[tuple[Evidence, dict[str, float]]]:
    text, query = passage.text, asked.query
    spans = sentences.split(text)
    head = borne(query, f"{passage.source.title} {passage.source.date}")
    own = [borne(query, text[start:end]) for start, end in spans]
    everywhere = head.union(*own)
    coverage = sum(weight for term, weight in known.known.items() if term in everywhere) / known.reachable
    found = []
    for at, (start, end) in enumerate(spans):
        figures = tuple(figure for figure in passage.figures if start <= figure.start and figure.end <= end)
        claims = {claim.figure: claim for claim in passage.claims if start <= claim.figure.start < end}
        subjects = borne(query, " ".join({claim.subject for claim in claims.values()}))
        near = head.union(subjects, *own[max(0, at - 2) : at])
        share = sum(
            weight * (1.0 if term in own[at] else _CONTEXT if term in near else 0.0)
            for term, weight in known.known.items()
        )
        point = None if told else pointing.pointed(asked, passage, (start, end))
        fit = pointing.share(asked, passage, (start, end), point.figure) if point else 0.0
        signs = {"share": share / known.whole}
        if told:
            signs |= telling.signs(told, text[start:end])
        else:
            signs |= {
                "figure": float(point is not None),
                "label": fit,
                "unit": pointing.unit(query, point.figure) if point else 0.0,
                "year": float(any(str(year) in text[start:end] for year in query.years)),
                **telling.beside(query.wants, text[start:end]),
                **agreement.signs(query, passage, claims.get(point.figure) if point else None),
            }
        key = hashlib.sha256(f"{passage.id}\0{start}".encode()).hexdigest()[:6]
        found.append(
            (Evidence(key, passage, start, end, figures, 0.0, coverage, point.figure if point else None, fit), signs)
        )
    return found
