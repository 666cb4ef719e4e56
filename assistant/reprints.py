"""Hits in, hits out: a passage that prints again what a better one prints stands with it, not beside it.

Two passages are one text printed twice when nine in ten of their pairs of letters are the same and every number is: a
report that differs in a single figure is another report, and may be the one that contradicts.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from typing import Final

from assistant.records import Hit

_ALIKE: Final = 0.9  # share of the pairs of two texts that both have
_NUMBER: Final = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
_LETTERS: Final = re.compile(r"\W+")
_Print = tuple[frozenset[tuple[str, str]], list[str]]


def folded(hits: Iterable[Hit], k: int) -> list[Hit]:
    """The hits, best first, until ``k`` are kept; each that was printed again carries it as one of its ``repeats``.

    Hits beyond the ``k``-th kept one are not looked at, and not returned.
    """
    kept: list[Hit] = []
    seen: list[_Print] = []
    for hit in hits:
        own = _print(hit.passage.text)
        at = next((at for at, other in enumerate(seen) if _same(own, other)), None)
        if at is not None:
            kept[at] = replace(kept[at], repeats=(*kept[at].repeats, hit.passage))
        elif len(kept) < k:
            kept.append(hit)
            seen.append(own)
        else:
            break
    return kept


def _print(text: str) -> _Print:
    """The text's pairs of letters, and its numbers in order."""
    return frozenset(pairwise(_LETTERS.sub("", text))), sorted(_NUMBER.findall(text))


def _same(one: _Print, other: _Print) -> bool:
    (pairs, numbers), (others, their) = one, other
    short, long = sorted((len(pairs), len(others)))
    if short < _ALIKE * long or numbers != their:
        return False
    both = len(pairs & others)
    return both >= _ALIKE * (short + long - both)
