"""A draft's text and its sources in, its statements out: each mark with whose it is, what it measures, its words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from assistant import aliases as names
from assistant import claims, periods
from assistant.check import context
from assistant.check.context import Words
from assistant.check.marks import Mark, marks
from assistant.check.sources import Sources
from assistant.records import Claim, Figure, NameKind, Period
from assistant.relations import names_somebody

# 多于两家企业的4000万元: of whom it is, the words do not tell
_COMPARED: Final = re.compile(r"[多少高低大小快慢]于|相比|比(?!重|例|率)")
_YEAR: Final = re.compile(r"^[0-9]{4}年度?")  # 2020年远山公司: the year is none of the name


@dataclass(frozen=True, slots=True)
class Statement:
    """A mark of ``text`` with what its words tell.

    ``at`` is the number of its sentence, ``figures`` are those in it; ``who`` are the names that it may be of;
    ``words`` are those around it, by weight.
    """

    mark: Mark
    text: str
    at: int
    sentence: str
    figures: tuple[Figure, ...]
    claim: Claim | None
    who: tuple[str, ...]
    words: Mapping[str, float]


def statements(text: str, sources: Sources, date: str = "") -> tuple[Statement, ...]:
    """The draft's statements in order. ``date`` is the draft's own, ISO; its dateline states nothing of the sources."""
    found = [mark for mark in marks(text, date) if not (date and mark.dated and _is(mark.dated.period, date))]
    figures = tuple(mark.figure for mark in found if mark.figure)
    told = claims.claims(text, figures, page_date=date, aliases=sources.aliases)
    by_start = {claim.figure.start: claim for claim in told}
    words = Words(text)
    rows = []
    for mark in found:
        claim = _own(by_start.get(mark.start), text) if mark.figure else None
        about = f"{claim.subject}，{claim.metric}" if claim else ""
        weighed = context.weighed(words, mark.start, mark.end, about, sources.weight, sources.unseen)
        first, last = words.spans[words.at(mark.start)]
        begin, stop = words.clause(mark.start, mark.end)
        compared = _COMPARED.search(text, begin, mark.start)
        who = _who(text[begin:stop], "" if compared else text[first:begin], None if compared else claim, sources)
        beside = tuple(one for one in figures if first <= one.start < last)
        rows.append(Statement(mark, text, words.at(mark.start), text[first:last], beside, claim, who, weighed))
    return tuple(rows)


def _is(period: Period, date: str) -> bool:
    own = periods.of_page(date)
    return (period.start, period.end) == (own.start, own.end)


def _own(claim: Claim | None, text: str) -> Claim | None:
    """The claim without a subject that the draft does not name: the sources' own town fills in for none there."""
    if claim is None or all(names.short(one) in names.short(text) for one in claim.subject.split("、")):
        return claim
    return replace(claim, subject="")


def _who(clause: str, before: str, claim: Claim | None, sources: Sources) -> tuple[str, ...]:
    """The names in a figure's clause; else the last before it in the sentence; else those that its claim carries on."""
    found = _names(clause, sources) or _names(before, sources)[-1:] or (claim.subject.split("、") if claim else [])
    return tuple(name for name in (_YEAR.sub("", name) for name in found) if names_somebody(name))


def _names(text: str, sources: Sources) -> list[str]:
    """The names of the text but persons'; a firm's brand before a place is one: 远山 of 远山贵州, a short form."""
    kinds = [one for one in sources.aliases.mentions(text) if one.kind is not NameKind.PERSON]
    found = {(one.start, one.end): one.text for one in kinds if names_somebody(one.text)}
    for brand in sources.brands.finditer(text):
        start, end = brand.span()
        if any(one.start < end and start < one.end for one in kinds):
            continue
        beside = next((one for one in kinds if one.start == end and one.kind is NameKind.PLACE), None)
        if beside:
            found.pop((beside.start, beside.end), None)
        found[start, end] = brand.group()
    return [found[place] for place in sorted(found)]
