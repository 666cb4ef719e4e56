"""What the words of a question may stand for: names with their other forms, words with their other names, and weights.

A question says GDP or output value, a page 地区生产总值 or 总产值; one says Qinghe, the other 青禾.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from assistant import aliases as names
from assistant.aliases import Aliases
from assistant.records import Mention, NameKind, Synonym

Weight = Callable[[str], float]

_PHRASE: Final = re.compile("[的“”]")  # 甲集团的“乙”项目 is a phrase, of which a page may print a part
_ALL: Final = re.compile(r"全[省市州县国](?![优际营])")


Synonyms = Callable[[str], Sequence[Synonym]]


def none(_: str) -> Sequence[Synonym]:
    """No word goes by another name."""
    return ()


def alike(_: str) -> float:
    """Every term weighs as much."""
    return 1.0


@dataclass(frozen=True)
class Lexicon:
    """``aliases`` are names that the pages teach, ``weight`` tells rare terms, ``synonyms`` other names of words.

    One is made for each question: what it was asked it remembers, since every claim asks the same.
    """

    aliases: Aliases = field(default_factory=Aliases)
    weight: Weight = alike
    synonyms: Synonyms = none
    mentions: Callable[[str], tuple[Mention, ...]] = field(init=False)

    def __post_init__(self) -> None:
        """Remembers what is looked up."""
        object.__setattr__(self, "synonyms", cache(self.synonyms))
        object.__setattr__(self, "weight", cache(self.weight))
        object.__setattr__(self, "mentions", cache(lambda text: tuple(self.aliases.mentions(text))))

    def names(self, text: str) -> tuple[str, ...]:
        """The names that a text bears, as it spells them; 全省 is one where it names no place."""
        found = [mention for mention in self.mentions(text) if self._names(mention)]
        told = [mention.text for mention in found if len(names.short(mention.text)) > 1]
        also = [one.word for one in self.synonyms(text) if one.name and one.others and not _PHRASE.search(one.word)]
        also = [word for word in also if not any(word in name for name in told)]
        # 甲公司贵州 is a firm's branch: the place beside the brand is part of its name
        told = [name for name in told if not any(f"{word}{name}" in text or f"{name}{word}" in text for word in also)]
        told += also
        whole = _ALL.search(text)
        return tuple(dict.fromkeys(told or ([whole[0]] if whole else [])))

    def _names(self, mention: Mention) -> bool:
        """Whether a claim must bear the name: no person's, and of sites (现场签约项目) only one that the pages know."""
        known = mention.text in self.aliases.kinds or names.short(mention.text) in self.aliases.kinds
        loose = mention.kind is NameKind.SITE or _PHRASE.search(mention.text)
        return mention.kind is not NameKind.PERSON and (known or not loose)

    def kind(self, name: str) -> NameKind | None:
        """What the name names."""
        return next((mention.kind for form in self.forms(name) for mention in self.mentions(form)), None)

    def lends(self, name: str) -> bool:
        """Whether a side without a name means this one too: 青禾 in 青禾的甲和乙; not 甲景区 in 甲景区和乙漂流."""
        return all(mention.kind is not NameKind.SITE for mention in self.mentions(name))

    def forms(self, name: str) -> tuple[str, ...]:
        """The name and its other forms."""
        return (name, *(other for one in self.synonyms(name) if one.name for other in one.others))

    def swapped(self, text: str, borne: str) -> str:
        """The text with each word that ``borne`` lacks replaced by a name of it that ``borne`` has, if there is one."""
        for one in self.synonyms(text):
            if one.name or one.word in borne:
                continue
            other = next((other for other in one.others if other in borne), "")
            if other:
                text = text.replace(one.word, other)
        return text
