"""A subject or a metric as pages print it in, its English out, of words that questions are read by, or nothing.

    台江经开区 → Taijiang Economic Development Zone      规上工业总产值 → industrial output value above designated size

Only places are spelt by their sound, those whose English is their pinyin. What a firm calls itself in English cannot be
told by its letters (吉利 is Geely), so a firm keeps its printed name.
"""

from functools import lru_cache
from typing import Final

from assistant import mentions, thesaurus
from assistant.records import NameKind

# Their English is not the pinyin that the letters have by themselves: Inner Mongolia, Shaanxi
_NOT_BY_SOUND: Final = frozenset(("内蒙古", "西藏", "陕西", "香港", "澳门"))
_PLACES: Final = (mentions.PROVINCES | mentions.PREFECTURES | mentions.COUNTIES) - _NOT_BY_SOUND
_UNITS: Final = {"": "", "市": "", "省": "", "县": " County", "区": " District"}
_PARKS: Final = {
    "经济技术开发区": " Economic and Technological Development Zone",
    "经济开发区": " Economic Development Zone",
    "经开区": " Economic Development Zone",
    "高新区": " High-tech Zone",
    "综保区": " Bonded Zone",
    "开发区": " Development Zone",
}
_OF: Final = "的"
_SIZE: Final = "above designated size"  # stands behind what it tells of
_RATE: Final = "growth rate"  # stands before it
_BEFORE_OTHERS: Final = {"industry": "industrial"}


def subject(name: str) -> str:
    """The name in English, the printed one where it is a firm's or a site's, nothing for any other."""
    kinds = {one.kind for one in mentions.mentions(name) if one.text == name}
    if kinds & {NameKind.FIRM, NameKind.SITE}:
        return name
    for endings in (_PARKS, _UNITS):
        for ending, english in endings.items():
            place = name.removesuffix(ending)
            if name.endswith(ending) and place in _PLACES:
                return f"{thesaurus.spelling(place)}{english}"
            if ending in _PARKS and name.endswith(ending) and place[:-1] in _PLACES and place[-1:] in _UNITS:
                return f"{thesaurus.spelling(place[:-1])}{_UNITS[place[-1]]}{english}"
    return ""


def metric(printed: str) -> str:
    """The metric in English: 铝及铝加工产业链的产值 is output value of the aluminium industrial chain."""
    parts = [_words(part) for part in printed.split(_OF)]
    if not all(parts) or parts[-1][-1] not in _measures():
        return ""  # 生产整车 would be a "production car"
    *before, last = parts
    rate = last[-1] == _RATE
    told = _phrase(last[:-1] if rate else last)
    for part in reversed(before):
        whose = _phrase(part) if _SIZE in part else f"the {_phrase(part)}"
        told = f"{told} of {whose}" if told else _phrase(part)
    return f"{_RATE} of {told}" if rate and told else told or _RATE


def _phrase(words: list[str]) -> str:
    *first, last = [word for word in words if word != _SIZE] or [""]
    told = " ".join((*(_BEFORE_OTHERS.get(word, word) for word in first), last))
    return f"{told} {_SIZE}" if _SIZE in words else told


def _words(printed: str) -> list[str]:
    """The English of each word, in their order; empty where a letter belongs to no known word."""
    known, found, at = _english(), [], 0
    longest = max(map(len, known))
    while at < len(printed):
        word = next((printed[at:end] for end in range(at + longest, at, -1) if printed[at:end] in known), "")
        if not word:
            return []
        found.append(known[word])
        at += len(word)
    return found


@lru_cache(maxsize=1)
def _english() -> dict[str, str]:
    """Each Chinese word of the thesaurus to the first English one of its row."""
    rows = ((word, row.english[0]) for row in thesaurus.shipped() if row.english for word in row.chinese)
    known: dict[str, str] = {}
    for word, english in rows:
        known.setdefault(word, english)
    return known


@lru_cache(maxsize=1)
def _measures() -> frozenset[str]:
    """The first English word of each row that figures are of."""
    return frozenset(row.english[0] for row in thesaurus.shipped() if row.measure and row.english)
