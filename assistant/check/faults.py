"""A draft's figure and a printed one of the same value in, what is wrong with taking the one for the other out.

The gravest first: another period or subject, the other direction, a bound that says more than the print.
"""

import re
from typing import Final

from assistant import aliases as names
from assistant import periods
from assistant.check import holding, pace
from assistant.check.sources import Printed, Sources
from assistant.check.statements import Statement
from assistant.records import Basis, Fault, Figure, NameKind, Period

_RISES: Final = r"增(?!加值|值税|速)|升|涨|提高|扩大|上扬|多了|rose|grew|increas|\bup "
_FALLS: Final = r"降|减|跌|下滑|回落|缩|少了|fell|drop|declin|decreas|\bdown "
_WAY: Final = re.compile(f"(?P<rise>{_RISES})|(?P<fall>{_FALLS})")
_BEFORE: Final = 8  # letters before a figure in which its direction is looked for: 同比增长约1.4%
_AFTER: Final = 4  # letters after it: 1.4%的降幅
_DATED: Final = 16  # letters before a figure in which its own date stands
_CLAUSE: Final = re.compile("[，。；、]")
# kinds of what lies within others: what a park has is no firm's, while what a firm has may be told of its park
_NARROWER: Final = {NameKind.PLACE: (NameKind.FIRM,), NameKind.PARK: (NameKind.FIRM,)}
_ABBREVIATED: Final = 4  # letters of the shortest name that may have letters left out: 黔南州 is none of 黔东南州
_BRAND: Final = 2  # letters of the shortest part of a name that tells a firm: 天河 of 天河集团


def fault(statement: Statement, figure: Figure, one: Printed, sources: Sources) -> Fault | None:
    """What is wrong, or nothing."""
    if one.mark.figure is None:
        return None
    if wrong := elsewhere(statement, one, sources):
        return wrong
    stated, printed = statement.mark, one.mark
    if _opposed(way(statement.text, stated.start, stated.end), way(sources.line(one), printed.start, printed.end)):
        return Fault.DIRECTION
    return None if holding.bears(figure, one.mark.figure) else Fault.BOUND


def elsewhere(statement: Statement, one: Printed, sources: Sources) -> Fault | None:
    """Whether a printed figure, whatever its value, is of another period or subject than the draft's."""
    page_date = sources.passages[one.passage].source.date
    stated = statement.claim
    told = one.claim.period if one.claim else None
    differ = stated is not None and told is not None and _another_period(stated.period, told, page_date)
    if differ and told and not _dated_beside(statement, told, page_date):
        return Fault.PERIOD
    if pace.another(pace.pace(statement.text, statement.mark.start), pace.pace(sources.line(one), one.mark.start)):
        return Fault.PERIOD
    if another_subject(statement, one, sources):
        return Fault.SUBJECT
    return None


def way(text: str, start: int, end: int) -> str:
    """``rise`` or ``fall``, by the word that stands nearest to a figure; empty where none does."""
    before = list(_WAY.finditer(_CLAUSE.split(text[max(0, start - _BEFORE) : start])[-1]))
    after = _WAY.search(_CLAUSE.split(text[end : end + _AFTER])[0])
    found = before[-1] if before else after
    return str(found.lastgroup) if found else ""


def _opposed(stated: str, printed: str) -> bool:
    return {stated, printed} == {"rise", "fall"}


def _another_period(stated: Period, printed: Period, page_date: str) -> bool:
    """Whether both are told, and are not one. A figure that has only its page's date is told by none."""
    if Basis.UNKNOWN in (stated.basis, printed.basis) or printed.label == page_date:
        return False
    if not (stated.start and stated.end and printed.start and printed.end):
        return False
    if not periods.overlaps(stated, printed):
        return True
    # 2017到2023年 and 2017到2024年: an average over one is not the other's
    spans = [(stated.start.year, stated.end.year), (printed.start.year, printed.end.year)]
    return spans[0] != spans[1] and all(first < last for first, last in spans)


def _dated_beside(statement: Statement, printed: Period, page_date: str) -> bool:
    """Whether the words just before the figure name the print's period, though its sentence has another.

    2023年 of 2024年产值3亿元，比2023年的2亿元多.
    """
    start = statement.mark.start
    clause = _CLAUSE.split(statement.text[max(0, start - _DATED) : start])[-1]
    return any(periods.overlaps(one.period, printed) for one in periods.find(clause, page_date[:10]))


def another_subject(statement: Statement, one: Printed, sources: Sources) -> bool:
    """Whether the draft's names are none of the story's, or its subject is another of the same kind than the print's.

    A name that the rules do not know for one is looked for the other way round: the print's in the draft's sentence.
    """
    printed = one.claim.subject if one.claim else ""
    if not statement.who or (printed and names.short(printed) in names.short(statement.sentence)):
        return False
    title = names.short(sources.passages[one.passage].source.headline)
    if title and title in names.short(statement.sentence):
        return False
    if not any(_known(name, printed, sources.story(one.passage), sources) for name in statement.who):
        return True
    return _in_place_of(statement, one, sources)


def _known(name: str, printed: str, story: str, sources: Sources) -> bool:
    short, brand = names.short(name), names.parts(name).brand
    if short in story or (len(brand) >= _BRAND and not sources.says_kind(brand) and brand in story):
        return True
    return _one(name, printed, sources)


def _one(name: str, other: str, sources: Sources) -> bool:
    """Whether two names are one, or a group and its part, or one with letters left out: 青岛法院."""
    brief, full = sorted((names.short(name), names.short(other)), key=len)
    if not brief or brief in full:
        return bool(brief)
    if len(brief) >= _ABBREVIATED and (brief[0], brief[-1]) == (full[0], full[-1]):
        letters = iter(full)
        if all(letter in letters for letter in brief):
            return True
    return sources.aliases.same(name, other) or sources.aliases.related(name, other)


def _in_place_of(statement: Statement, one: Printed, sources: Sources) -> bool:
    """Whether the draft names another firm, park or place where the print names its own, though the story has both.

    240万把 of one park is not another's of the same story, nor a firm's. A name that the printed sentence has may be
    meant as well; a subject that stands farther off than the sentence before may have been read wrongly.
    """
    stated, printed = statement.claim, one.claim
    if not (stated and printed and stated.subject and printed.subject and printed.sure):
        return False
    said, near = names.short(sources.said(one)), names.short(sources.said(one, before=1))
    clause = names.short(sources.clause(one))
    if any(names.short(other) in clause for other in printed.subject.split("、")):
        said = clause  # 甲园区产值3亿元，乙园区240万台: the sentence names both, each in its clause
    others = [(other, sources.kind(other)) for other in printed.subject.split("、") if names.short(other) in near]
    for name in stated.subject.split("、"):
        kind = sources.kind(name)
        if not any(kind and other and (kind is other or kind in _NARROWER.get(other, ())) for _, other in others):
            return False
        if names.short(name) in said or any(_one(name, other, sources) for other, _ in others):
            return False
    return True
