"""The words around a number in, how well two numbers' words agree out: what tells 26 of one player from 26 of another.

The words of a draft's number are weighed by how near they stand (its clause, what stands before it in the sentence, the
rest) and by how rare they are in the sources. A source's number gets credit for each by how near it has them too.
"""

import math
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Mapping
from typing import Final

from assistant import sentences

_RUN: Final = re.compile(r"[a-z]+|[一-鿿]+")
_CLAUSE_END: Final = re.compile(r"[，；：。！？!?;\n]|[,:](?![0-9])")
_MASK: Final = re.compile(r"[0-9０-９]+(?:[.,][0-9]+)*")

CLAUSE, BEFORE, REST = 1.0, 0.6, 0.25  # weight of a draft's word in the clause, before it in the sentence, elsewhere
# credit of a source's word: beside the number, before it in the sentence, in its clause, anywhere in the sentence, two
# sentences around it, in the passage
OWN, AHEAD, IN_CLAUSE, SENTENCE, NEAR, PASSAGE = 1.0, 0.9, 0.85, 0.7, 0.5, 0.2
NEIGHBOURS: Final = 2


def terms(text: str) -> set[str]:
    """Pairs of Chinese letters and Latin words; numbers are left out, for they are what is compared."""
    found: set[str] = set()
    for run in _RUN.findall(unicodedata.normalize("NFKC", text).lower()):
        if run[0].isascii() or len(run) == 1:
            found.add(run)
        else:
            found.update(run[at : at + 2] for at in range(len(run) - 1))
    return found


class Words:
    """A text's terms by sentence and clause, read once."""

    def __init__(self, text: str, title: str = "") -> None:
        """``title`` stands near every sentence."""
        self.text = text
        self.spans = sentences.split(text) or [(0, len(text))]
        self._starts = [start for start, _ in self.spans]
        self.sentences = [terms(text[start:end]) for start, end in self.spans]
        self.title = terms(title)
        self.all = self.title.union(*self.sentences)
        self._clauses: dict[tuple[int, int], frozenset[str]] = {}

    def at(self, offset: int) -> int:
        """Which sentence holds the offset."""
        return max(0, bisect_right(self._starts, offset) - 1)

    def clause(self, start: int, end: int) -> tuple[int, int]:
        """The clause around a number: 同比增长12%, of a longer sentence."""
        first, last = self.spans[self.at(start)]
        begin = first
        stop = max(last, end)
        for mark in _CLAUSE_END.finditer(self.text, first, last):
            if mark.end() <= start:
                begin = mark.end()
            elif mark.start() >= end:
                stop = mark.start()
                break
        return begin, stop

    def own(self, start: int, end: int) -> frozenset[str]:
        """The terms of that clause."""
        span = self.clause(start, end)
        if span not in self._clauses:
            self._clauses[span] = frozenset(terms(self.text[span[0] : span[1]]))
        return self._clauses[span]

    def ahead(self, start: int) -> set[str]:
        """The terms that stand before a number in its sentence: what a later clause goes on with."""
        return terms(self.text[self.spans[self.at(start)][0] : start])

    def near(self, at: int) -> set[str]:
        """The terms of the sentences beside one, and of the title."""
        return self.title.union(*self.sentences[max(0, at - NEIGHBOURS) : at + NEIGHBOURS + 1])


def weighed(
    words: Words, start: int, end: int, about: str, rarity: Mapping[str, float], unseen: float
) -> dict[str, float]:
    """The words of a draft's number, each with its weight; those of ``about`` count as its clause's.

    ``rarity`` is that of the sources' words, ``unseen`` that of a word that they do not have.
    """
    at = words.at(start)
    first, last = words.spans[at]
    begin, stop = words.clause(start, end)
    found: dict[str, float] = {}
    for text, much in (
        (words.text[begin:stop] + "，" + about, CLAUSE),
        (words.text[first:begin], BEFORE),
        (words.text[stop:last], REST),
    ):
        for term in terms(text):
            found.setdefault(term, much * rarity.get(term, unseen))
    return found


def agreement(wanted: Mapping[str, float], credit: Mapping[str, float]) -> float:
    """The share of the wanted words, by weight, that a source's number has, each counted by its credit there."""
    # fsum: the order of a set's words is another in each process, and must not tip a figure over a threshold
    whole = math.fsum(wanted.values())
    return math.fsum(much * credit.get(term, 0.0) for term, much in wanted.items()) / whole if whole else 0.0


def rarity(seen: int, count: int) -> float:
    """Inverse document frequency, as BM25 has it, of a term that ``seen`` of ``count`` sentences have."""
    return math.log(1 + (count - seen + 0.5) / (seen + 0.5))
