"""Public sets and gold in, a table of how well retrieval finds what answers out: each of its parts on and off.

    python -m evals.retrieval --sets FOLDER --cache FOLDER
    python -m evals.retrieval --sets FOLDER --only rgb,news_mrc --sample 500 --peers
    python -m evals.retrieval --gold dev.jsonl --data INDEX

Each set is a folder of ``--sets`` with passages.jsonl and queries.jsonl. A hit is a document that answers, at the rank
of its best passage; of gold, a sentence that is its evidence. Intervals are 95 % bootstrap intervals.
"""

import argparse
import random
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from assistant import embed, evidence, question, rerank, retrieve
from assistant import settings as settings_module
from assistant.claim_index import ClaimIndex
from assistant.errors import JushiError
from assistant.lexical import Lexical, terms
from assistant.postings import Postings
from assistant.records import Query
from assistant.retrieve import ALL, Reranker, Ways
from assistant.store import Store
from assistant.thesaurus import Thesaurus
from assistant.thesaurus import load as load_thesaurus
from evals import corpora, gold, peers, ranking, shelf
from evals.corpora import Asked, Corpus
from evals.gold import GoldItem, Kind
from evals.peers import Rank

_KEPT: Final = 50  # passages retrieved to a question: their documents are ranked
_SEED: Final = 7
_REFERENCE: Final = (1.5, 0.75)  # k1 and b as libraries have them


@dataclass
class Scores:
    """One way's measures over the questions of a set, a value a question."""

    hits: dict[int, list[float]] = field(default_factory=lambda: {1: [], 5: [], 10: []})
    mrr: list[float] = field(default_factory=list)
    ndcg: list[float] = field(default_factory=list)
    recall: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def add(self, ranked: Sequence[str], right: frozenset[str], seconds: float) -> None:
        """Counts one question."""
        for k, values in self.hits.items():
            values.append(ranking.hit(ranked, right, k))
        self.mrr.append(ranking.reciprocal(ranked, right, 10))
        self.ndcg.append(ranking.ndcg(ranked, right, 10))
        self.recall.append(ranking.recall(ranked, right, 10))
        self.seconds.append(seconds)

    def row(self, name: str) -> str:
        """The measures as a line of a Markdown table."""
        first = (
            f"{ranking.mean(self.hits[1]):.3f} [{', '.join(f'{end:.3f}' for end in ranking.interval(self.hits[1]))}]"
        )
        means = (self.hits[5], self.hits[10], self.mrr, self.ndcg, self.recall)
        cells = [first, *(f"{ranking.mean(values):.3f}" for values in means)]
        cells += [f"{1000 * ranking.percentile(self.seconds, share):.1f}" for share in (0.5, 0.95)]
        return f"| {name} | {' | '.join(cells)} |"


HEAD: Final = (
    "| way | hit@1 | hit@5 | hit@10 | MRR@10 | nDCG@10 | recall@10 | ms median | ms p95 |\n"
    "|---|---|---|---|---|---|---|---|---|"
)

_BARE: Final = Ways(sentence=False, claims=False, parts=False, fold=False, lead=False, crowded=False, centred=False)
# the default with one part off each, and what is measured beside it
WAYS: Final[tuple[tuple[str, Ways], ...]] = (
    ("words alone", replace(_BARE, dense=False)),
    ("vectors alone", replace(_BARE, word=False)),
    ("vectors less what all questions share", replace(_BARE, word=False, centred=True)),
    ("default hybrid", ALL),
    ("without the vectors", replace(ALL, dense=False)),
    ("without the words", replace(ALL, word=False)),
    ("without taking away what all questions share", replace(ALL, centred=False)),
    ("without more vectors where words crowd", replace(ALL, crowded=False)),
    ("without the lead", replace(ALL, lead=False)),
    ("without best sentence", replace(ALL, sentence=False)),
    ("without parts of a question", replace(ALL, parts=False)),
    ("without folding repeats", replace(ALL, fold=False)),
)
WITHOUT_THESAURUS: Final = "without other names"
RERANKED: Final = "all, read anew by the cross-encoder"
REFERENCE: Final = "BM25 (bigrams, 1.5, .75)"


def measured(
    corpus: Corpus,
    embedder: embed.Embedder,
    cache: Path | None,
    told: Any = None,
    *,
    reranker: Reranker | None = None,
    beside: bool = False,
) -> Iterator[tuple[str, Scores]]:
    """Every way's scores over one set; with ``beside``, those of other libraries too."""
    passages = list(shelf.passages(corpus.documents))
    contexts = [f"{one.source.headline}\n{one.text}".strip() for one in passages]
    vectors = shelf.embedded(contexts, embedder, cache, told)
    rows = shelf.Shelf(passages, vectors)
    lexical = Lexical.build(passages)
    words = load_thesaurus()

    def way(ways: Ways, known: Thesaurus, anew: Reranker | None = None) -> Rank:
        def rank(text: str) -> list[str]:
            query = question.understand(text, (), known)
            hits = retrieve.retrieve(query, rows, embedder, lexical, _KEPT, reranker=anew, ways=ways)
            # a text printed twice is one hit, which tells both places: whoever is shown it has either
            return list(dict.fromkeys(one.source.file for hit in hits for one in (hit.passage, *hit.repeats)))

        return rank

    ranks: dict[str, Rank] = {REFERENCE: reference(corpus)}
    ranks |= {name: way(ways, words) for name, ways in WAYS}
    ranks[WITHOUT_THESAURUS] = way(ALL, Thesaurus(()))
    if reranker:
        ranks[RERANKED] = way(ALL, words, reranker)
    for name, rank in ranks.items():
        yield name, scored(rank, corpus.questions)
    if beside:
        for name, rank in peers.peers(passages, contexts, vectors, embedder, _KEPT):
            yield name, scored(rank, corpus.questions)


def scored(rank: Rank, questions: Iterable[Asked]) -> Scores:
    """One way over the questions, one at a time, as a user's are."""
    found = Scores()
    for asked in questions:
        began = time.perf_counter()
        ranked = rank(asked.question)
        found.add(ranked, asked.right, time.perf_counter() - began)
    return found


def reference(corpus: Corpus) -> Rank:
    """BM25 as libraries have it: bigrams of the whole documents."""
    import numpy as np

    numbers: dict[str, int] = {}

    def counted(text: str) -> dict[int, int]:
        counts: dict[int, int] = {}
        for term in terms(text):
            number = numbers.setdefault(term, len(numbers))
            counts[number] = counts.get(number, 0) + 1
        return counts

    def rows() -> Iterator[tuple[Any, Any, int]]:
        for document in corpus.documents:
            counts = counted(f"{document.title}\n{document.text}")
            codes = np.fromiter(counts.keys(), np.uint64, len(counts))
            yield codes, np.fromiter(counts.values(), np.int64, len(counts)), sum(counts.values())

    postings = Postings.of(rows())
    ids = [document.id for document in corpus.documents]

    def rank(text: str) -> list[str]:
        asked = {numbers[term]: float(count) for term, count in _known(terms(text), numbers)}
        scores = postings.scores(asked, k1=_REFERENCE[0], b=_REFERENCE[1])
        best = np.lexsort((np.arange(len(scores)), -scores))[:_KEPT]
        return [ids[at] for at in best if scores[at] > 0]

    return rank


def _known(found: Sequence[str], numbers: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    for term in dict.fromkeys(found):
        if term in numbers:
            yield term, found.count(term)


# ---------------------------------------------------------------- gold: the sentence that is the evidence


def sentences_found(items: Sequence[GoldItem], settings: settings_module.Settings) -> dict[str, Scores]:
    """Of each tag, and of all, how high the first numbered sentence stands that is gold's evidence."""
    store = Store.open(Path(settings.data), settings.embedder, settings.server)
    try:
        embedder = embed.load(settings.embedder, settings.threads, Path(settings.models))
        claims, lexical = ClaimIndex.of(store), Lexical.of(store)
        words = load_thesaurus(store.home, claims.aliases)
        found: dict[str, Scores] = {"all": Scores()}
        for item in items:
            if not item.evidence:
                continue
            began = time.perf_counter()
            query: Query = question.understand(item.question, item.history, words)
            hits = retrieve.retrieve(query, store, embedder, lexical, settings.hits, claims=claims)
            told = evidence.select(query, hits, lexical, most=settings.evidence, budget=settings.evidence_tokens)
            seconds = time.perf_counter() - began
            ranked = [str(at) for at, one in enumerate(told)]
            right = frozenset(str(at) for at, one in enumerate(told) if _is(one.text, item.evidence))
            # nothing answers an unanswerable question: its evidence is what comes near
            answered = () if item.type is Kind.UNANSWERABLE else ("answerable",)
            for tag in ("all", *answered, str(item.type), *item.tags):
                found.setdefault(tag, Scores()).add(ranked, right or frozenset(("none",)), seconds)
    finally:
        store.close()
    return found


_PLAIN: Final = re.compile(r"[^0-9A-Za-z一-鿿]")
_SHORTEST: Final = 12  # letters of a shared run by which a cut sentence is told


def _is(text: str, wanted: Sequence[str]) -> bool:
    """Whether the sentence is one of gold's, or the greater part of it: layout may have cut either."""
    own = _PLAIN.sub("", text)
    for one in wanted:
        gold = _PLAIN.sub("", one)
        short, long = sorted((own, gold), key=len)
        if short and short in long and (short == gold or len(short) >= min(len(gold) / 2, _SHORTEST)):
            return True
    return False


# ---------------------------------------------------------------- command


def main(argv: Sequence[str] | None = None) -> int:
    """Prints the tables; 2 where there is nothing to measure."""
    parser = argparse.ArgumentParser(
        "python -m evals.retrieval", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sets", type=Path, help="a folder of sets: NAME/passages.jsonl, NAME/queries.jsonl")
    parser.add_argument("--only", default="", help="names of sets, parted by commas")
    parser.add_argument("--sample", type=int, default=0, help="so many questions of each set, drawn at random")
    parser.add_argument("--cache", type=Path, help="a folder in which vectors are kept between runs")
    parser.add_argument("--peers", action="store_true", help="LangChain, LlamaIndex and Haystack beside it")
    parser.add_argument("--gold", type=Path, help="questions with their evidence (JSONL), asked of --data")
    settings_module.add_flags(
        parser, "data", "chroma", "embedder", "reranker", "models", "threads", "hits", "evidence", "evidence_tokens"
    )
    given = parser.parse_args(argv)
    try:
        settings = settings_module.from_flags(given)
        if not given.sets and not given.gold:
            raise JushiError("Nothing to measure: name a folder of sets (--sets), or gold (--gold).")
        if given.sets:
            reranker = rerank.load(settings.reranker, settings.threads)
            embedder = embed.load(settings.embedder, settings.threads, Path(settings.models))
            wanted = [name for name in given.only.split(",") if name]
            for name in corpora.names(given.sets):
                if not wanted or name in wanted:
                    corpus = _drawn(corpora.load(given.sets, name), given.sample)
                    if corpus.questions:
                        _tell(
                            corpus,
                            measured(corpus, embedder, given.cache, _told(name), reranker=reranker, beside=given.peers),
                        )
        if given.gold:
            _tell_gold(given.gold, sentences_found(gold.load(given.gold), settings))
    except JushiError as error:
        print(f"evals.retrieval: {error}", file=sys.stderr)
        return 2
    return 0


def _drawn(corpus: Corpus, many: int) -> Corpus:
    """The corpus with at most so many of its questions; all of its documents stay."""
    if not many or many >= len(corpus.questions):
        return corpus
    return replace(corpus, questions=tuple(random.Random(_SEED).sample(corpus.questions, many)))


def _told(name: str) -> Callable[[int], None]:
    def told(done: int) -> None:
        print(f"\r{name}: {done} passages embedded", end="", file=sys.stderr, flush=True)

    return told


def _tell(corpus: Corpus, found: Iterable[tuple[str, Scores]]) -> None:
    print(
        f"\n{corpus.name}: {len(corpus.documents)} documents, {len(corpus.questions)} questions\n\n{HEAD}", flush=True
    )
    for name, scores in found:
        print(scores.row(name), flush=True)


def _tell_gold(path: Path, found: Mapping[str, Scores]) -> None:
    print(f"\n{path.name}: the first numbered sentence that is gold's evidence\n")
    print(
        "| tag | questions | first | among the first 5 | MRR@10 | ms median | ms p95 |\n|---|---|---|---|---|---|---|"
    )
    for tag, scores in found.items():
        first, five, mrr = (ranking.mean(values) for values in (scores.hits[1], scores.hits[5], scores.mrr))
        slow = [f"{1000 * ranking.percentile(scores.seconds, share):.1f}" for share in (0.5, 0.95)]
        print(f"| {tag} | {len(scores.mrr)} | {first:.3f} | {five:.3f} | {mrr:.3f} | {' | '.join(slow)} |")


if __name__ == "__main__":
    sys.exit(main())
