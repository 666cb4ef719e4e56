"""Query in, Hits out: the passages of vectors and words, fused into one ranking that tells its parts."""

from assistant.embed import Embedder
from assistant.lexical import Lexical
from assistant.records import Hit, Passage, Query
from assistant.store import Store

# Both rankings' scores are put on one scale by their mean and deviation; dense .5 to .7 did best in the design's probe.
_DENSE_WEIGHT = 0.5
_POOL = 40  # candidates taken from each ranking before fusion


def retrieve(query: Query, store: Store, embedder: Embedder, lexical: Lexical, k: int) -> tuple[Hit, ...]:
    """The ``k`` best passages, best first; ``parts`` are ``dense`` (cosine) and ``word`` (BM25)."""
    dense = store.nearest(embedder.question(query.text), _POOL)
    words = dict(lexical.nearest(query.text, _POOL))
    passages = {passage.id: passage for passage, _ in dense}
    passages.update(store.get([identity for identity in words if identity not in passages]))
    cosine = {passage.id: score for passage, score in dense}
    fused = _fuse(passages, cosine, words)
    best = sorted(fused.items(), key=lambda pair: (-pair[1], pair[0]))[:k]
    return tuple(
        Hit(
            passages[identity],
            score,
            (("dense", cosine.get(identity, 0.0)), ("word", words.get(identity, 0.0))),
        )
        for identity, score in best
    )


def _fuse(passages: dict[str, Passage], cosine: dict[str, float], words: dict[str, float]) -> dict[str, float]:
    dense, word = _standard(cosine), _standard(words)
    lowest_dense = min(dense.values(), default=0.0)
    lowest_word = min(word.values(), default=0.0)
    return {
        identity: _DENSE_WEIGHT * dense.get(identity, lowest_dense)
        + (1 - _DENSE_WEIGHT) * word.get(identity, lowest_word)
        for identity in passages
    }


def _standard(scores: dict[str, float]) -> dict[str, float]:
    """Z-scores: mean nought, deviation one."""
    if not scores:
        return {}
    mean = sum(scores.values()) / len(scores)
    deviation = (sum((score - mean) ** 2 for score in scores.values()) / len(scores)) ** 0.5
    return {identity: (score - mean) / (deviation or 1.0) for identity, score in scores.items()}
