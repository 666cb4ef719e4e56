"""A story's text and its figures in, their Claims out: whose each figure is, what it measures, when, and against what.

    2024年，远山经开区规上工业产值突破30亿元，同比增长12%。
    → 30亿元: 远山经开区 · 规上工业产值 · 2024    12%: 远山经开区 · 规上工业产值增速 · 2024 · 同比

Offsets are those of the whole story, so a passage's claims come from its story's context: the subject is carried over
clauses and sentences (``subjects``), the metric is cut from the clause (``measured``), and the period holds from where
it is printed until another is (``times``). Rules only; where one guessed, ``sure`` is False.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from assistant import aliases as names
from assistant import measured, mentions, phrases, sentences, subjects, times
from assistant.aliases import Aliases
from assistant.measured import Measured
from assistant.records import Claim, Figure, NameKind
from assistant.subjects import Topic

_DEALT: Final = re.compile(r"分别|依次|各(?=[增下提完实达])")
_SPLIT: Final = re.compile(r"[、]|和|与|以及|及")
_ROW: Final = re.compile(r"(?:、|和|与|以及|及|，)?")
_LONGEST_ROW: Final = 20  # figures that 分别 deals out at most
_ITEM: Final = 16  # letters of the longest item
_CLAUSES: Final = 60  # letters before 分别 in which the items are named
_LEADING: Final = re.compile(r"^(?:其中|同时|目前|\s)+[，]?")
_DONE: Final = re.compile(r"^(?:[完实]成了?|实现了?|达到?|为|共|约|累计)+")
_GROWN: Final = re.compile(r"(?:同比|环比|比上年|较上年)?(?:增长|上升|提高|下降|降低|减少|提升|增加)(?:了|到|至)?$")


def claims(
    text: str,
    figures: tuple[Figure, ...],
    *,
    headline: str = "",
    page_date: str = "",
    aliases: Aliases | None = None,
    sections: tuple[tuple[int, str], ...] = (),
) -> tuple[Claim, ...]:
    """One Claim to each figure, in order. ``page_date`` is ISO, as exact as it is known.

    ``sections`` are the story's sub-headings, each with the offset in ``text`` at which what it heads begins.
    """
    if not figures:
        return ()
    known = aliases or names.learn([headline, text])
    spans = sentences.split(text)
    topics = subjects.topics(text, headline, known, sections, spans)
    calendar = times.Calendar(text, headline, page_date, spans)
    heads = [(mention.start, mention.end) for topic in topics for mention in topic.mentions]
    told = measured.measured(text, figures, (*calendar.hidden, *heads))
    found: list[Claim] = []
    dealer = _Dealer(text, figures, spans, topics, told)
    for at, figure in enumerate(figures):
        topic = subjects.at(topics, figure.start)
        subject, sure = (topic.name, topic.sure) if topic else ("", False)
        what = told[at]
        metric = what.metric
        dealt = dealer.item(at)
        if dealt:
            subject, sure = (dealt.subject, True) if dealt.subject else (subject, sure)
            metric = dealt.metric or metric
        period = calendar.period(figure, what.comparison)
        comparison = " ".join(dict.fromkeys(what.comparison))
        found.append(Claim(figure, subject, metric, period, comparison, "", sure and what.sure))
    return tuple(found)


class _Dealt:
    """What 分别 deals to one figure: a subject of its own, or a metric."""

    __slots__ = ("metric", "subject")

    def __init__(self, subject: str = "", metric: str = "") -> None:
        self.subject = subject
        self.metric = metric


class _Dealer:
    """Which item each figure is of in A、B分别完成X、Y，同比分别增长x、y."""

    def __init__(
        self,
        text: str,
        figures: tuple[Figure, ...],
        spans: Sequence[tuple[int, int]],
        topics: tuple[Topic, ...],
        told: tuple[Measured, ...],
    ) -> None:
        self.text = text
        self.figures = figures
        self.topics = topics
        self.told = told
        self.words = [match.span() for match in _DEALT.finditer(text)]
        self.ends = [end for _, end in spans]
        self._rows: dict[int, list[_Dealt]] = {}

    def item(self, at: int) -> _Dealt | None:
        """What is dealt to the figure; ``None`` where nothing is."""
        if not self.words:
            return None
        if at not in self._rows:
            row = self._row(at)
            for place, dealt in zip(row, self._deal(row), strict=True):
                self._rows[place] = [dealt] if dealt else []
        return next(iter(self._rows[at]), None)

    def _row(self, at: int) -> list[int]:
        """The figures that stand beside this one, parted by 、 or 和 alone."""
        first = last = at
        while first > 0 and at - first < _LONGEST_ROW and self._beside(first - 1, at):
            first -= 1
        while last + 1 < len(self.figures) and last - at < _LONGEST_ROW and self._beside(last, at):
            last += 1
        return list(range(first, last + 1))

    def _beside(self, left: int, at: int) -> bool:
        one, other = self.figures[left], self.figures[left + 1]
        return one.kind == other.kind == self.figures[at].kind and bool(_ROW.fullmatch(self.text, one.end, other.start))

    def _deal(self, row: list[int]) -> list[_Dealt | None]:
        nothing: list[_Dealt | None] = [None] * len(row)
        start = self.figures[row[0]].start
        if len(row) < 2:
            return nothing
        index = bisect_right(self.ends, start)
        floor = self.ends[index - 1] if index else 0
        at = bisect_right(self.words, (start, start)) - 1
        word = self.words[at] if at >= 0 else None
        if word is None or word[0] < floor or word[1] > start:
            return nothing
        clause = max(self.text.rfind(mark, floor, word[0]) for mark in "，；：。\n") + 1
        items = _items(self.text[max(clause, floor) : word[0]])
        tail = self.text[word[1] : start]
        if len(items) != len(row):
            items = self._named(floor, word[0])
        if len(items) != len(row):
            # 产值60亿元、45亿元，同比分别增长11%、38%: what grew is what was dealt before
            before = self._rows_before(row)
            return (
                [_Dealt(one.subject, _grown(one.metric, tail)) if one else None for one in before]
                if before
                else nothing
            )
        topic = subjects.at(self.topics, word[0])
        held = topic.name if topic else ""
        return [self._dealt(item, tail, self.told[at], held) for item, at in zip(items, row, strict=True)]

    def _dealt(self, item: str, tail: str, what: Measured, subject: str) -> _Dealt:
        inner = item.removeprefix(subject) or item
        if any(m.kind is not NameKind.PERSON and m.end - m.start >= len(inner) - 1 for m in mentions.mentions(inner)):
            return _Dealt(subject=inner)
        measure = _DONE.sub("", phrases.before(tail))
        if _GROWN.search(tail):
            return _Dealt(metric=_grown(inner, tail))
        return _Dealt(metric=phrases.joined(inner, measure) if measure not in inner else inner)

    def _named(self, floor: int, end: int) -> list[str]:
        topic = subjects.at(self.topics, end)
        if topic is not None and len(topic.names) > 1:
            return list(topic.names)
        clauses = [
            clause for clause in re.split(r"[，；：。\n]", self.text[max(floor, end - _CLAUSES) : end]) if clause
        ]
        for clause in reversed(clauses[-2:]):
            found = [m.text for m in mentions.mentions(clause)]
            if len(found) > 1:
                return found
        return []

    def _rows_before(self, row: list[int]) -> list[_Dealt | None]:
        """What was dealt to the row of as many figures just before this one."""
        first = row[0] - len(row)
        before = [next(iter(self._rows.get(at, [])), None) for at in range(max(first, 0), row[0])]
        return before if first >= 0 and all(before) else []


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
