"""A small count of a draft in, the things listed beside it out, if they are so many and the sources know them.

甲园区和乙园区两家, 三项检查，分别为甲、乙、丙: no source need print the count.
"""

import re
from typing import Final

from assistant import units
from assistant.check import context
from assistant.check.sources import Sources
from assistant.check.statements import Statement
from assistant.records import Bound, Figure

_PART: Final = re.compile(r"、|以及|(?<=.)[和与及](?=.)")
_CLAUSE: Final = re.compile(r"[^，。；：！？\n]{2,80}$")
_LISTED: Final = re.compile(r"[^。；！？\n]{0,20}?(?:分别(?:是|为|有)|包括|依次(?:是|为)|即|：)([^。；！？\n]{2,120})")
_MOST: Final = 20
_KNOWN: Final = 0.5  # share of an item's words that the sources must have


def listed(statement: Statement, figure: Figure, sources: Sources) -> tuple[str, ...]:
    """The things counted, as the draft words them; empty where it lists another number of them, or strange ones."""
    if figure.kind != units.COUNT or figure.bound is not Bound.EXACT or not 2 <= figure.value <= _MOST:
        return ()
    before = _CLAUSE.search(statement.text, max(0, figure.start - 80), figure.start)
    after = _LISTED.match(statement.text, figure.end)
    for words in (before.group() if before else "", re.sub("，", "、", after[1]) if after else ""):
        items = tuple(item.strip() for item in _PART.split(words) if item.strip())
        if len(items) == figure.value and all(_known(item, sources) for item in items):
            return items
    return ()


def _known(item: str, sources: Sources) -> bool:
    terms = context.terms(item)
    return bool(terms) and sum(term in sources.weight for term in terms) >= _KNOWN * len(terms)
