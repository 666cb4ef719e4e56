"""The stories of one page in, doubts about them beside each other out."""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final

from assistant import sentences
from assistant.records import Account, Suspicion

_POLITE: Final = re.compile("[一-鿿](?:先生|女士)")


def namesakes(accounts: Sequence[Account]) -> Iterator[Suspicion]:
    """Two stories that speak of a 李先生 each: they may not be one man."""
    by_name: dict[str, list[Account]] = {}
    for account in accounts:
        for name in sorted(set(_POLITE.findall(account.text))):
            by_name.setdefault(name, []).append(account)
    for name, tellers in by_name.items():
        for one, other in combinations(tellers, 2):
            if one.headline and one.headline == other.headline:
                continue  # a story and its caption speak of one
            before = _before(one.text, name) | _before(other.text, name)
            if len(before) == 1 and before != {""}:
                continue  # 周行远先生 in both: the letter before is part of the name
            quoted = tuple((account.file, _sentence_of(account.text, name)) for account in (one, other))
            text = f"同版两稿各有一位“{name}”，未必是一人"
            yield Suspicion("confusable", text, reading="引用时须说明是哪一稿的", quotes=quoted)


def _before(text: str, name: str) -> set[str]:
    """The letters before each mention of the name; nothing where a mark or a line's end is before it."""
    letters = (text[max(0, match.start() - 1) : match.start()] for match in re.finditer(name, text))
    return {letter if letter.isalpha() else "" for letter in letters}


def _sentence_of(text: str, word: str) -> str:
    at = text.index(word)
    return next(text[start:end] for start, end in sentences.split(text) if start <= at < end)
