"""Figures that 分别 deals out in, whose each is, or what each measures, out: A、B分别完成X、Y，同比分别增长x、y.

What is dealt to are names (each figure gets its own subject) or things measured (each gets its own metric); where the
words before 分别 name as many as there are figures, and where the row of figures before was dealt out so.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from assistant import mentions, phrases, subjects
from assistant.records import Figure, NameKind
from assistant.subjects import Topic

_WORD: Final = re.compile(r"分别|依次|各(?=[增下提完实达])")
_SPLIT: Final = re.compile(r"[、]|和|与|以及|及")
_BESIDE: Final = re.compile(r"(?:、|和|与|以及|及|，)?")
_LONGEST_ROW: Final = 20  # figures that are dealt out at most
_ITEM: Final = 16  # letters of the longest item
_CLAUSES: Final = 60  # letters before the word in which the items are named
_LEADING: Final = re.compile(r"^(?:其中|同时|目前|\s)+[，]?")
_DONE: Final = re.compile(r"^(?:[完实]成了?|实现了?|达到?|为|共|约|累计)+")
_GROWN: Final = re.compile(r"(?:同比|环比|[比较]上年)?(?:增长|上升|提高|下降|降低|减少|提升|增加)(?:了|到|至)?$")


@dataclass(frozen=True, slots=True)
class Dealt:
    """What one figure gets: a subject of its own or a metric; the other is empty."""

    subject: str = ""
    metric: str = ""


class Dealer:
    """The rows of one text's figures, each dealt out when its first figure is asked for."""

    def __init__(
        self, text: str, figures: tuple[Figure, ...], spans: Sequence[tuple[int, int]], topics: tuple[Topic, ...]
    ) -> None:
        self._text = text
        self._figures = figures
        self._topics = topics
        self._words = [match.span() for match in _WORD.finditer(text)]
        self._ends = [end for _, end in spans]
        self._found: dict[int, Dealt | None] = {}

    def item(self, at: int) -> Dealt | None:
        """What is dealt to the figure; ``None`` where nothing is. Figures are asked for in order."""
        if not self._words:
            return None
        if at not in self._found:
            row = self._row(at)
            self._found.update(zip(row, self._deal(row), strict=True))
        return self._found[at]

    def _row(self, at: int) -> list[int]:
        """The figures that stand beside this one, parted by 、 or 和 alone."""
        last = at
        while last + 1 < len(self._figures) and last - at < _LONGEST_ROW and self._stand_beside(last):
            last += 1
        return list(range(at, last + 1))

    def _stand_beside(self, left: int) -> bool:
        one, other = self._figures[left], self._figures[left + 1]
        return one.kind == other.kind and _BESIDE.fullmatch(self._text, one.end, other.start) is not None

    def _deal(self, row: list[int]) -> list[Dealt | None]:
        nothing: list[Dealt | None] = [None] * len(row)
        start = self._figures[row[0]].start
        index = bisect_right(self._ends, start)
        floor = self._ends[index - 1] if index else 0
        nearest = bisect_right(self._words, (start, start)) - 1
        if len(row) < 2 or nearest < 0:
            return nothing
        begin, end = self._words[nearest]
        if begin < floor or end > start:
            return nothing
        clause = max(self._text.rfind(mark, floor, begin) for mark in "，；：。\n") + 1
        items = _items(self._text[max(clause, floor) : begin])
        tail = self._text[end:start]
        if len(items) != len(row):
            items = self._named(floor, begin)
        if len(items) == len(row):
            topic = subjects.at(self._topics, begin)
            return [_dealt(item, tail, topic.name if topic else "") for item in items]
        # 产值60亿元、45亿元，同比分别增长11%、38%: what grew is what was dealt before
        before = [self._found.get(at) for at in range(row[0] - len(row), row[0])]
        return [Dealt(one.subject, _grown(one.metric, tail)) if one else None for one in before]

    def _named(self, floor: int, end: int) -> list[str]:
        """The names of the topic, or of the last clauses before the word that have several."""
        topic = subjects.at(self._topics, end)
        if topic is not None and len(topic.names) > 1:
            return list(topic.names)
        clauses = [words for words in re.split(r"[，；：。\n]", self._text[max(floor, end - _CLAUSES) : end]) if words]
        for words in reversed(clauses[-2:]):
            found = [m.text for m in mentions.mentions(words)]
            if len(found) > 1:
                return found
        return []


def _dealt(item: str, tail: str, subject: str) -> Dealt:
    inner = item.removeprefix(subject) or item
    if any(m.kind is not NameKind.PERSON and m.end - m.start >= len(inner) - 1 for m in mentions.mentions(inner)):
        return Dealt(subject=inner)
    if _GROWN.search(tail):
        return Dealt(metric=_grown(inner, tail))
    measure = _DONE.sub("", phrases.before(tail))
    return Dealt(metric=phrases.joined(inner, measure) if measure not in inner else inner)


def _grown(metric: str, tail: str) -> str:
    """What a dealt figure's growth is of: 产值 and 同比分别增长 give 产值增速."""
    grown = _GROWN.search(tail)
    if not grown or not metric:
        return metric
    verb = re.sub("同比|环比|[比较]上年|了|到|至", "", grown.group())
    return metric + ("增速" if verb == "增长" else verb)


def _items(phrase: str) -> list[str]:
    parts = [part.strip("“” ") for part in _SPLIT.split(_LEADING.sub("", phrase)) if part.strip()]
    if len(parts) < 2:
        return []
    # 规上工业、服务业营业收入: the last item bears what they share
    return [part if len(part) <= _ITEM else part[-_ITEM:] for part in parts]
