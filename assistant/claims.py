"""A story's text and its figures in, their Claims out: whose each figure is, what it measures, when, and against what.

    2024年，远山经开区规上工业产值突破30亿元，同比增长12%。
    → 30亿元: 远山经开区 · 规上工业产值 · 2024    12%: 远山经开区 · 规上工业产值增速 · 2024 · 同比

Offsets are those of the whole story, so a passage's claims come from its story's context: the subject is carried over
clauses and sentences (``subjects``), the metric is cut from the clause (``measured``), and a period holds from where it
is printed until another is. A figure without a period of its own has the page's, INFERRED. Rules only; where one
guessed, ``sure`` is False.
"""

import re
from dataclasses import replace
from datetime import date
from typing import Final

from assistant import aliases as names
from assistant import measured, mentions, periods, sentences, subjects
from assistant.aliases import Aliases
from assistant.records import Basis, Claim, Figure, NameKind, Period
from assistant.subjects import Topic

_NOW: Final = re.compile(r"截?至?目前|截止目前|到目前为止|眼下|当前|如今|迄今|现在|to date|so far")
_PER_YEAR: Final = re.compile(r"每年|一年|年(?:产|排放|节省|省|处理|可)")
_STATISTIC: Final = re.compile(r"同比|增长|累计|完成|实现|达|总产值|增加值|收入|接待|占")
_SHORT: Final = 31  # days of the longest period that is an event's rather than a statistic's
_CARRIES: Final = 3  # sentences that go on with a period printed before them
_HEADING: Final = 30  # letters of the longest heading that stands as a line of its own
_DEALT: Final = re.compile(r"分别|依次|各")
_SPLIT: Final = re.compile(r"[、]|和|与|以及|及")


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
    topics = subjects.topics(text, headline, known, sections)
    dated = list(periods.find(text, page_date))
    holders = [mention for topic in topics for mention in topic.mentions]
    hidden = [(d.start, d.end) for d in dated if not d.compared] + [(m.start, m.end) for m in holders]
    hidden += [m.span() for m in _NOW.finditer(text)]
    told = measured.measured(text, figures, tuple(hidden))
    spans = sentences.split(text)
    # a box headed 2025年成绩单: its figures are that year's
    headed = (d.period for d in periods.find(headline, page_date) if _lasts(d.period) and not d.compared)
    box = next((period for period in headed if period.basis is Basis.PRINTED), None)
    carried = _carried(text, spans, dated)
    found: list[Claim] = []
    for at, (figure, what) in enumerate(zip(figures, told, strict=True)):
        index = next((at for at, span in enumerate(spans) if span[0] <= figure.start < span[1]), None)
        sentence, went = (spans[index], carried[index] or box) if index is not None else ((0, len(text)), None)
        period = _period(text, figure, sentence, dated, page_date, went)
        topic = subjects.at(topics, figure.start)
        subject, sure = (topic.name, topic.sure) if topic else ("", False)
        metric = what.metric
        dealt = _dealt(text, figures, at, sentence, topics)
        if dealt:
            item, is_name = dealt
            if is_name:
                subject, sure = item, True
            elif item not in metric:
                metric = item + metric
        found.append(
            Claim(figure, subject, metric, period, " ".join(dict.fromkeys(what.comparison)), "", sure and what.sure)
        )
    return tuple(found)


def _dealt(
    text: str, figures: tuple[Figure, ...], at: int, sentence: tuple[int, int], topics: tuple[Topic, ...]
) -> tuple[str, bool] | None:
    """Which item the figure is of in A、B分别完成X、Y，同比增长x、y: the item, and whether it is a name."""
    start, end = sentence
    word = None
    for match in _DEALT.finditer(text, start, min(end, figures[at].start)):
        word = match
    if word is None or (word.group() == "各" and text[word.end() : word.end() + 1] not in "增下提完实达"):
        return None
    row = _row(text, figures, at)
    if len(row) < 2:
        return None
    clause = max(text.rfind(mark, start, word.start()) for mark in "，；：。\n") + 1
    phrase = text[max(clause, start) : word.start()]
    items = _items(phrase)
    if len(items) != len(row):
        topic = subjects.at(topics, word.start())
        held = _topic_items(topic, text, start, word.start())
        items = held if len(held) == len(row) else []
    if not items:
        return None
    item = items[row.index(at)]
    return item, any(m.kind is not NameKind.PERSON for m in mentions.mentions(item) if m.end - m.start >= len(item) - 1)


def _topic_items(topic: Topic | None, text: str, start: int, end: int) -> list[str]:
    if topic is not None and len(topic.names) > 1:
        return list(topic.names)
    before = [clause for clause in re.split(r"[，；：。\n]", text[start:end]) if clause]
    for clause in reversed(before[-2:]):
        found = [m.text for m in mentions.mentions(clause)]
        if len(found) > 1:
            return found
    return []


def _items(phrase: str) -> list[str]:
    phrase = re.sub(r"^(?:其中|同时|目前|\s)+[，]?", "", phrase)
    parts = [part.strip("“” ") for part in _SPLIT.split(phrase) if part.strip()]
    if len(parts) < 2:
        return []
    # 规上工业、服务业营业收入: the last item bears what they share
    return [part if len(part) <= 16 else part[-16:] for part in parts]


def _row(text: str, figures: tuple[Figure, ...], at: int) -> list[int]:
    """The figures that stand beside this one, parted by 、 or 和 alone."""

    def beside(left: int) -> bool:
        return bool(re.fullmatch(r"(?:、|和|与|以及|及|，)?", text[figures[left].end : figures[left + 1].start]))

    first = last = at
    while first > 0 and figures[first - 1].kind == figures[at].kind and beside(first - 1):
        first -= 1
    while last + 1 < len(figures) and figures[last + 1].kind == figures[at].kind and beside(last):
        last += 1
    return list(range(first, last + 1))


def _carried(text: str, spans: list[tuple[int, int]], dated: list[periods.Dated]) -> list[Period | None]:
    """For each sentence the period that it goes on with if it prints none: a statistic's, of those before it."""
    found: list[Period | None] = []
    last: Period | None = None
    age = 0
    for start, end in spans:
        age += 1
        if age > _CARRIES or (text[end - 1] not in "。！？”" and end - start < _HEADING):
            last = None
        found.append(last)
        inside = [d for d in dated if start <= d.start < end and not d.compared]
        if inside:
            period = inside[-1].period
            age = 0
            last = period if _lasts(period) and _STATISTIC.search(text, inside[-1].end, end) else None
        elif _NOW.search(text, start, end):
            last = None
    return found


def _period(
    text: str,
    figure: Figure,
    sentence: tuple[int, int],
    dated: list[periods.Dated],
    page_date: str,
    carried: Period | None,
) -> Period:
    """When the figure holds: as its sentence prints, else as the sentences before did, else when the page came out."""
    start, end = sentence
    page = replace(periods.of_page(page_date), basis=Basis.INFERRED if page_date else Basis.UNKNOWN)
    inside = [d for d in dated if start <= d.start < end and not d.compared]
    before = [d for d in inside if d.start < figure.start]
    if before:
        period = _spread(text, figure, before) or before[-1].period
        return page if period.start is None and _NOW.match(period.label) else period
    if _NOW.search(text, start, figure.start) or _PER_YEAR.search(text[max(start, figure.start - 10) : figure.start]):
        return page
    after = next((d for d in inside if d.start >= figure.end), None)
    if after and text[figure.end : after.start] in ("（", "("):
        return after.period
    if carried is not None and _STATISTIC.search(text, start, end):
        return replace(carried, basis=Basis.INFERRED)
    return page


def _lasts(period: Period) -> bool:
    """Whether the period is a statistic's (a quarter, some months, a year) and so may hold for what follows."""
    if period.start is None or period.end is None:
        return False
    return (period.end - period.start).days > _SHORT


def _spread(text: str, figure: Figure, before: list[periods.Dated]) -> Period | None:
    """从2017年的…到2024年的…，年均增长31.2%: the growth is that of both periods together."""
    if figure.kind not in ("share", "multiple") or len(before) < 2:
        return None
    first, last = before[-2], before[-1]
    between = text[last.end : figure.start]
    if not (
        re.search(r"年均|年平均|复合", between) and re.search(r"从|由", text[max(0, first.start - 2) : first.start])
    ):
        return None
    ends: list[date | None] = [first.period.start, last.period.end]
    if None in ends:
        return None
    return Period(ends[0], ends[1], f"{first.period.label}至{last.period.label}", last.period.basis)
