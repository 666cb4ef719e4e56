"""A figure of an answer and the fact that was asked for in, why it is another's figure out: firm, time or direction.

Right digits for the wrong firm or year are wrong: 炉碧经开区有144家 when 正安经开区 was asked about. The answer's own
words decide (the name, the period and 增 or 降 that stand nearest before the figure); where the answer only quotes, the
story that its citation names. Whoever words nothing wrong is not blamed: a figure without name or date is taken to be
about what was asked.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from assistant import aliases, figures, periods, sentences
from assistant import mentions as names
from assistant.records import Answer, Basis, Figure, NameKind, Period
from evals.gold import Fact, GoldItem
from evals.reading import CLAUSE, IN_TURN, own_text, quoted, same

_NAMED: Final = frozenset({NameKind.FIRM, NameKind.PARK, NameKind.PLACE})
_HEADED: Final = re.compile(r"《[^》]*》|[一-鿿]{2,4}(?:日报|晚报|新闻)")
_RISES: Final = re.compile(r"增|上升|上涨|涨|提高|提升|扩大|rose|grew|grow|increas|up by")
_FALLS: Final = re.compile(r"减少|下降|降|下跌|跌|下滑|回落|缩|fell|drop|declin|decreas|down by")
_MONTH: Final = re.compile(r"(?P<iso>\d{4}-\d{2}(?:-\d{2})?)")
_MARKS: Final = re.compile(r"[\W_]")
_BRIEFEST: Final = 2  # letters by which a firm or park is told from another


@dataclass(frozen=True, slots=True)
class _Name:
    start: int
    core: str
    kind: NameKind


def brands(items: Iterable[GoldItem]) -> frozenset[str]:
    """The firms and parks that a set of items is about, by the part of their names that tells them: 莹月帆, 台江."""
    subjects = {fact.subject for item in items for fact in item.facts}
    found = {core for subject in subjects for core in cores(subject, (NameKind.FIRM, NameKind.PARK))}
    return frozenset(core for core in found if core not in names.GAZETTEER)


def cores(text: str, kinds: Collection[NameKind] = _NAMED) -> frozenset[str]:
    """What tells each name in a text from others of its kind: 炉碧 of 炉碧经开区."""
    found = (_core(mention.text, mention.kind) for mention in names.mentions(text) if mention.kind in kinds)
    return frozenset(core for core in found if core)


@dataclass(frozen=True, slots=True)
class Known:
    """What a whole set of items knows, by which one answer is read.

    ``brands`` are the firms and parks that the set is about, by the part of their names that tells them (莹月帆, 台江):
    short names have no suffix to be found by. ``stories`` are all that it names.
    """

    brands: frozenset[str] = frozenset()
    stories: frozenset[str] = frozenset()

    @classmethod
    def of(cls, items: Iterable[GoldItem]) -> "Known":
        """What these items know."""
        rows = tuple(items)
        return cls(brands(rows), frozenset(_place(*_parted(story)) for item in rows for story in item.stories))


def astray(item: GoldItem, fact: Fact, figure: Figure, answer: Answer, known: Known | None = None) -> str:
    """Why the figure is not that of the fact, in words; empty where nothing tells against it."""
    known = known or Known()
    text = own_text(answer)
    if quoted(text, figure):
        return _elsewhere(item, figure, answer, known.stories)
    start, end = next(((a, b) for a, b in sentences.split(text) if a <= figure.start < b), (0, len(text)))
    sentence = _HEADED.sub(lambda match: "·" * len(match[0]), text[start:end])
    at, after = figure.start - start, figure.end - start
    return (
        _wrong_time(item, fact, sentence, at, after, _dated(answer))
        or _wrong_name(item, fact, figure, sentence, at, known.brands)
        or _wrong_way(fact, sentence, at)
        or _elsewhere(item, figure, answer, known.stories)
    )


# ---------------------------------------------------------------------- the period


def period(text: str) -> Period | None:
    """A fact's period as days: ISO dates, or words as ``periods`` reads them; None for 每年 and the like."""
    iso = _MONTH.fullmatch(text.strip())
    if iso:
        return periods.of_page(iso["iso"])
    found = periods.find(text)
    return found[0].period if len(found) == 1 else None


def _wrong_time(item: GoldItem, fact: Fact, sentence: str, at: int, after: int, page_date: str) -> str:
    wanted = period(fact.period)
    if wanted is None or (wanted.start is None and wanted.end is None):
        return ""
    asked = {one.period.label for text in (item.question, *sum(item.history, ())) for one in periods.find(text)}
    told = [
        one for one in periods.find(sentence, page_date) if not one.compared and one.period.basis is not Basis.UNKNOWN
    ]
    before = [one for one in told if one.end <= at]
    beside = [one for one in told if one.start >= after and not CLAUSE.search(sentence, after, one.start)]
    nearest = before[-1] if before else beside[0] if beside else None
    if nearest is None or nearest.period.label in asked or _may_be(nearest.period, wanted):
        return ""
    if IN_TURN.search(sentence) and any(_may_be(one.period, wanted) for one in told):
        return ""
    return f"时间不对：问的是{fact.period}，答的是{nearest.period.label}"


def _may_be(told: Period, wanted: Period) -> bool:
    return periods.overlaps(told, wanted) or bool(
        {*periods.years(told)} & {*periods.years(wanted)} and Basis.INFERRED in (told.basis, wanted.basis)
    )


def _dated(answer: Answer) -> str:
    """The date of the page that the answer cites, where it cites one page; it tells what 今年 is."""
    dates = {citation.source.date for citation in answer.citations if citation.source.date}
    return dates.pop() if len(dates) == 1 else ""


# ---------------------------------------------------------------------- the name


def _wrong_name(item: GoldItem, fact: Fact, figure: Figure, sentence: str, at: int, known: frozenset[str]) -> str:
    asked = " ".join((fact.subject, item.question, *sum(item.history, ())))
    places = any(mention.kind is NameKind.PLACE for mention in names.mentions(fact.subject))
    found = [name for name in _names(sentence, known) if name.kind is not NameKind.PLACE or places]
    before = [name for name in found if name.start < at]
    clause_end = CLAUSE.search(sentence, at)
    beside = [name for name in found if at <= name.start < (clause_end.start() if clause_end else len(sentence))]
    told = before or beside
    if not told:
        return ""
    akin = [name for name in told if _akin(name.core, asked)]
    if not akin:
        return f"主体不对：问的是{fact.subject}，答的是{told[-1].core}"
    if before and not _akin(before[-1].core, asked):
        # 莹月帆5亿元，云睿电子36亿元: the name that was asked about has a figure of its own before the other name
        last = max(name.start for name in akin)
        between = figures.find(sentence[last : before[-1].start])
        if any(other.unit == figure.unit for other in between):
            return f"主体不对：问的是{fact.subject}，答的是{before[-1].core}"
    return ""


def _names(sentence: str, known: frozenset[str]) -> list[_Name]:
    found = [
        _Name(mention.start, core, mention.kind)
        for mention in names.mentions(sentence)
        if mention.kind in _NAMED and (core := _core(mention.text, mention.kind))
    ]
    found += [
        _Name(match.start(), brand, NameKind.FIRM)
        for brand in known
        for match in re.finditer(re.escape(brand), sentence)
    ]
    return sorted(found, key=lambda name: name.start)


def _core(name: str, kind: NameKind) -> str:
    """What tells the name from others of its kind: 炉碧 of 炉碧经开区; empty for a province, and for 该公司."""
    brief = aliases.short(name)
    if kind is NameKind.PLACE:
        return "" if brief in names.PROVINCES else brief
    for suffix in sorted(names.KIND_OF, key=len, reverse=True):
        if brief.endswith(suffix) and len(brief) > len(suffix):
            brief = brief.removesuffix(suffix)
            break
    took = aliases.parts(brief)
    core = took.brand if len(took.brand) >= _BRIEFEST else took.place or brief
    return core if len(core) >= _BRIEFEST and core not in names.PROVINCES else ""


def _akin(core: str, asked: str) -> bool:
    """Whether two letters of the name in a row stand in what was asked: 其亚 of 其亚贵州集团."""
    return any(core[place : place + _BRIEFEST] in asked for place in range(len(core) - _BRIEFEST + 1))


# ---------------------------------------------------------------------- the direction


def _wrong_way(fact: Fact, sentence: str, at: int) -> str:
    """增长 for what fell, within the figure's clause; only where the fact's own words tell one direction."""
    wanted = (bool(_RISES.search(fact.metric)), bool(_FALLS.search(fact.metric)))
    clause = CLAUSE.split(sentence[:at])[-1]
    told = (bool(_RISES.search(clause)), bool(_FALLS.search(clause)))
    if wanted == (True, False) and told == (False, True):
        return f"方向相反：{fact.metric}，答的是下降"
    if wanted == (False, True) and told == (True, False):
        return f"方向相反：{fact.metric}，答的是增加"
    return ""


# ---------------------------------------------------------------------- the story


def _elsewhere(item: GoldItem, figure: Figure, answer: Answer, stories: frozenset[str]) -> str:
    """Whether every cited sentence with the figure is of another story that the set knows, without the fact.

    A story that the set does not know (a page under another name, another cut of its headlines) proves nothing.
    """
    bearing = [
        citation for citation in answer.citations if any(same(other, figure) for other in figures.find(citation.quote))
    ]
    own = {_place(*_parted(story)) for story in item.stories}
    places = [_place(citation.source.file, citation.source.headline) for citation in bearing]
    if not places or any(place in own or place not in stories for place in places):
        return ""
    return f"引自别处：《{bearing[0].source.headline}》，所问的数字不在这一篇"


def _parted(story: str) -> tuple[str, str]:
    file, _, headline = story.partition("#")
    return file, headline


def _place(file: str, headline: str) -> str:
    """A story's name, marks aside, so that it is found by what a reader would compare."""
    return f"{PurePath(file).stem}#{_MARKS.sub('', headline)}"
