"""Query in, Hits out: the passages of vectors, words and claims, fused into one ranking that tells its parts.

    score = word share + 2.4 · nearness + 0.33 · best sentence + 0.04 · lead (+ 0.1 · claim), or the reranker's

Each part is on a scale of its own that no other passage moves, so a question on which the vectors cannot tell passages
apart is decided by the words; where ten passages bear its words about as well, the vectors count for more.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Protocol

from assistant import centred, reprints, sentences
from assistant.claim_index import ClaimIndex, Wanted
from assistant.embed import Embedder
from assistant.lexical import Lexical, folded, terms
from assistant.records import Hit, Passage, Query

if TYPE_CHECKING:
    from assistant.embed import Vectors

# Chosen on fincuge, rageval and news_mrc; hit@1 of each by words alone .863 .597 .729, by these .897 .621 .723. Sums of
# z-scores: .887 .628 .692 (dense .3); ranks summed as 1 / (60 + rank): .801 .639 .522. Z-scores added (fitted by
# softmax) raise rgb from .564 to .607 and rageval by .01, and lose .015 on news_mrc and two answers in a hundred on the
# pages' own questions. A vector for each sentence as well, for twice the embedding: +.01 on news_mrc, nothing on rgb.
_DENSE = 2.4  # a cosine of this embedder tells by differences of hundredths
# What the vectors count beyond that, where the words cannot tell: a step for the tenth passage's share of the first's
# word score beyond _ALIKE. Fitted with _LEAD and the share of asking taken away (assistant.centred) on five sets, each
# left out in turn: four of five choose 8 to 16. hit@1 with it, without: rgb .590 .573, rageval .618 .605, crud_news
# .723 .733, news_mrc and fincuge alike.
_CROWDED = 20.0
_ALIKE = 0.75
_TENTH = 9
_LEAD = 0.04  # a story's first passage tells what the rest explains: news_mrc +.015, crud_news +.01, others ±.003
_SENTENCE = 0.33  # for the share of the question that one sentence bears, headline included
_CLAIM = 0.1  # for a claim of the asked subject whose metric bears all of the question
_WHOLE_FIRST = 6  # passages of the whole question that stand before those of its parts
_PART_ADDS = 3  # passages that each part adds
_POOL = 50  # candidates taken from each ranking before fusion
_READ = 30  # candidates whose sentences are read
_CLAIMED = 10  # passages that claims bring in
_CLAIMS_READ = 400  # claims of a subject looked through for the metric
_LEAST_METRIC = 0.3  # share of the question's words that a claim's metric must bear to bring in its passage
_RERANKED = 20  # candidates that a cross-encoder reads


class Shelf(Protocol):
    """What retrieval needs of a store."""

    def nearest(self, vector: "Vectors", k: int, files: Collection[str] | None = None) -> list[tuple[Passage, float]]:
        """The ``k`` passages of highest cosine similarity, of these files or of all, best first."""

    def get(self, ids: Sequence[str]) -> dict[str, Passage]:
        """The passages of the ids that there are."""

    def pages(self) -> Mapping[str, Mapping[str, Any]]:
        """The record of every page, by file."""


class Reranker(Protocol):
    """What retrieval needs of a cross-encoder."""

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """How well each text answers the question, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Ways:
    """Which parts of retrieval are on; all of them unless it is measured what each is worth."""

    dense: bool = True
    word: bool = True
    sentence: bool = True
    claims: bool = True
    parts: bool = True
    fold: bool = True
    lead: bool = True
    crowded: bool = True
    centred: bool = True


ALL = Ways()


def retrieve(
    query: Query,
    store: Shelf,
    embedder: Embedder,
    lexical: Lexical,
    k: int,
    *,
    claims: ClaimIndex | None = None,
    reranker: Reranker | None = None,
    ways: Ways = ALL,
) -> tuple[Hit, ...]:
    """The ``k`` best passages, best first.

    Their ``parts`` are ``dense`` (cosine less what all questions share, see ``assistant.centred``), ``word`` (share of
    the best BM25 score that there can be), ``lead``, ``claim``, and as far as they were read ``sentence``, ``rerank``.
    """
    files = _files(query, store)
    asked = [query, *(_part(query, part) for part in query.parts)] if ways.parts else [query]

    def ranked(one: Query) -> list[Hit]:
        return _ranked(one, store, embedder, lexical, files, claims if ways.claims else None, ways)

    if len(asked) == 1:
        hits = ranked(query)
    else:
        with ThreadPoolExecutor(len(asked)) as pool:
            hits = _merged(list(pool.map(ranked, asked)))
    if ways.fold:
        hits = reprints.folded(hits, max(k, _RERANKED) if reranker else k)
    if reranker:
        hits = _reranked(query, hits, reranker)
    return tuple(hits[:k])


def _files(query: Query, store: Shelf) -> frozenset[str] | None:
    """The files that the question's filters leave, or None where it has none."""
    if not query.source and not query.date:
        return None
    return frozenset(
        file
        for file, record in store.pages().items()
        if query.source.lower() in f"{record.get('paper', '')} {file}".lower()
        and str(record.get("date", "")).startswith(query.date)
    )


def _part(query: Query, text: str) -> Query:
    return replace(query, text=text, search=text, others=(), terms=tuple(dict.fromkeys(terms(text))), parts=())


def _ranked(
    query: Query,
    store: Shelf,
    embedder: Embedder,
    lexical: Lexical,
    files: Collection[str] | None,
    claims: ClaimIndex | None,
    ways: Ways,
) -> list[Hit]:
    near = _near(query, store, embedder, files, ways) if ways.dense else []
    passages = {passage.id: passage for passage, _ in near}
    nearness = {passage.id: score for passage, score in near}
    claimed = _claimed(query, lexical, claims) if claims else {}
    search = query.search or query.text
    also = [*passages, *claimed]
    words = dict(lexical.nearest(search, _POOL, files, others=query.others, also=also)) if ways.word else {}
    passages.update(store.get([identity for identity in (*words, *claimed) if identity not in passages]))
    if files is not None:
        passages = {identity: passage for identity, passage in passages.items() if passage.source.file in files}
    ideal = lexical.ideal(search) or 1.0
    dense_counts = _DENSE + (_CROWDED * max(0.0, _crowded(words) - _ALIKE) if ways.crowded else 0.0)
    lowest = min(nearness.values(), default=0.0)  # a passage beyond the pool is no nearer than the last one in it
    hits = []
    for identity, passage in passages.items():
        dense, word, claim = (
            nearness.get(identity, lowest),
            words.get(identity, 0.0) / ideal,
            claimed.get(identity, 0.0),
        )
        lead = float(ways.lead and lexical.leads(identity))
        parts = (("dense", dense), ("word", word), ("lead", lead), ("claim", claim))
        hits.append(Hit(passage, word + dense_counts * dense + _LEAD * lead + _CLAIM * claim, parts))
    hits.sort(key=lambda hit: (-hit.score, hit.passage.id))
    return _with_sentences(search, hits, lexical) if ways.sentence and ways.word else hits


def _near(
    query: Query, store: Shelf, embedder: Embedder, files: Collection[str] | None, ways: Ways
) -> list[tuple[Passage, float]]:
    """The passages nearest to the question, less what all questions share, and how near each is."""
    spoken = _spoken(query)
    vector = centred.vector(spoken, query.language, embedder) if ways.centred else embedder.question(spoken)
    length = float(vector @ vector) ** 0.5 or 1.0  # stores compare directions
    return [(passage, length * score) for passage, score in store.nearest(vector / length, _POOL, files)]


def _crowded(words: Mapping[str, float]) -> float:
    """What share of the best word score the tenth has: near 1 the words do not tell passages apart."""
    scores = sorted(words.values(), reverse=True)
    return scores[_TENTH] / scores[0] if len(scores) > _TENTH and scores[0] > 0 else 0.0


def _spoken(query: Query) -> str:
    """What is embedded: the question; one in English with the Chinese names of what it names."""
    if query.language == "zh" or not query.synonyms:
        return query.text
    named = dict.fromkeys(one.others[0] for one in query.synonyms if one.others)
    return f"{query.text} {' '.join(named)}"


def _with_sentences(search: str, hits: list[Hit], lexical: Lexical) -> list[Hit]:
    """The first hits anew, by how much of what is looked up their best sentence bears, or their headline."""
    weights = lexical.weights(search)
    whole = sum(weights.values()) or 1.0
    read = []
    for hit in hits[:_READ]:
        head = folded(f"{hit.passage.source.title} {hit.passage.source.date}")
        text = hit.passage.text
        best = 0.0
        for start, end in sentences.split(text):
            there = f"{head}\n{folded(text[start:end])}"
            best = max(best, sum(weight for term, weight in weights.items() if bears(there, term)))
        parts = (*hit.parts, ("sentence", best / whole))
        read.append(Hit(hit.passage, hit.score + _SENTENCE * best / whole, parts))
    read.sort(key=lambda hit: (-hit.score, hit.passage.id))
    return read + hits[_READ:]


def beside_place(hit: Hit) -> float:
    """The hit's score without what its place in the story adds, which tells of the passage and of no line in it."""
    parts = dict(hit.parts)
    return hit.score if "rerank" in parts else hit.score - _LEAD * parts.get("lead", 0.0)


def bears(text: str, term: str) -> bool:
    """Whether the folded text has the term, a number or Latin word as a whole: 100.13 has no 100.1."""
    if term not in text:
        return False
    return not term[0].isascii() or bool(re.search(rf"(?<![0-9a-z.,]){re.escape(term)}(?![0-9a-z]|[.,][0-9])", text))


def _claimed(query: Query, lexical: Lexical, claims: ClaimIndex) -> dict[str, float]:
    """Passages with a claim of an asked subject and period whose metric bears the other words, with how much."""
    if not query.wants_figure or not query.subjects:
        return {}
    named = {term for subject in query.subjects for term in terms(subject)}
    named |= {term for one in query.synonyms if one.name for term in terms(one.word)}
    weights = {term: lexical.weight(term) for term in query.terms if term not in named and lexical.knows(term)}
    whole = sum(weights.values())
    if not whole:
        return {}
    found: dict[str, float] = {}
    for subject in query.subjects:
        wanted = Wanted(subject=subject, period=query.periods[0] if len(query.periods) == 1 else None)
        for told in claims.find(wanted, _CLAIMS_READ):
            borne = set(terms(told.claim.metric))
            share = sum(weight for term, weight in weights.items() if term in borne) / whole
            if share >= _LEAST_METRIC:
                found[told.claim.passage_id] = max(found.get(told.claim.passage_id, 0.0), share)
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:_CLAIMED])


def _merged(rankings: list[list[Hit]]) -> list[Hit]:
    """The whole question's hits, and after the first of them those that its parts add, each part's in turn.

    A part's scores are no measure beside the whole's: with fewer words a passage bears more of them. Taken by score
    they cost .14 of hit@1 on rageval.
    """
    whole, *parts = rankings
    first = whole[:_WHOLE_FIRST]
    seen = {hit.passage.id for hit in first}
    least = first[-1].score if first else 0.0
    added = []
    for turn in zip_longest(*(hits[:_PART_ADDS] for hits in parts)):
        for hit in turn:
            if hit and hit.passage.id not in seen:
                seen.add(hit.passage.id)
                added.append(replace(hit, score=least))
    rest = [replace(hit, score=min(hit.score, least)) for hit in whole[_WHOLE_FIRST:] if hit.passage.id not in seen]
    return [*first, *added, *rest]


def _reranked(query: Query, hits: list[Hit], reranker: Reranker) -> list[Hit]:
    read = hits[:_RERANKED]
    texts = [f"{hit.passage.source.title}\n{hit.passage.text}".strip() for hit in read]
    scores = reranker.scores(query.text, texts)
    anew = [
        replace(hit, score=score, parts=(*hit.parts, ("rerank", score)))
        for hit, score in zip(read, scores, strict=True)
    ]
    return sorted(anew, key=lambda hit: (-hit.score, hit.passage.id))
