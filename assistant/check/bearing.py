"""A draft's statement and its sources in, the printed number that bears it out, or what is wrong, out.

What has the right value is held against the words around it. If another figure of the sources has the draft's words
around it, and this one has not, the draft states what is printed of something else: 26分 of one player for 23分 of
another.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from assistant import periods, thesaurus, units
from assistant.check import context, dating, holding
from assistant.check.faults import another_subject, elsewhere, fault
from assistant.check.marks import numbers
from assistant.check.sources import TITLE, Printed, Sources
from assistant.check.statements import Statement
from assistant.records import Claim, Fault, Figure, Stated

# Measured on questions with their answers set in as statements, right ones and other figures of the same passage, and
# on claims that a model wrote, with annotated keywords: python -m evals.checking. With .12 a right figure more of 362
# keywords was flagged, with .15 ten wrong ones fewer of 113.
RIVAL: Final = 0.08  # by so much another figure's words must agree better, where they agree well
DOUBTFUL: Final = 0.13  # and by so much, where they do not
SURE: Final = 0.3  # and so well in all
PLACED: Final = 0.5  # agreement from which words agree well
LOOSE: Final = 0.3  # agreement from which 超2% is taken for what a source prints as 2.27%
STRAY: Final = 0.06  # below this agreement the same digits are a coincidence
MISTAKEN: Final = 0.2  # by so much a figure with a fault must agree better than one without to be what was meant
LIKELY: Final = 24  # passages, those with most of the draft's words, in which another figure is looked for in its place
LABEL: Final = 3  # letters just before a number that tell its place: 采购成本, not 为
_LABEL_MOST: Final = 24
_LETTERS: Final = re.compile(rf"[A-Za-z一-鿿]{{1,{_LABEL_MOST}}}$")
# 现有企业 and 企业数 are one metric, as are 实现的产值 and 产值
_HAVING: Final = re.compile("^(?:现有|共有|已有|拥有|目前|实现|完成|达到)|(?:总数|数量|数)$|的")
_CHANGES: Final = thesaurus.measures("增速") | thesaurus.measures("下降") | thesaurus.measures("占比")
_LEAD: Final = re.compile(r"^(?:园区|公司|企业|集团|全[省市州县区]|当地|该[一-鿿]{1,2})?的?")
_ENDS: Final = re.compile(r"[^，。；、]{0,12}(?:[至到为]|—|–|~|～|-)[^，。；、]{0,4}")


@dataclass(frozen=True, slots=True)
class Bearing:
    """The printed number that a statement was held against, how well its words agree, and what is wrong, if so.

    ``instead`` is the one that is printed in its place, where that is another.
    """

    printed: Printed | None
    agreement: float = 0.0
    fault: Fault | None = None
    instead: Printed | None = None


def find(statement: Statement, sources: Sources, date: str = "") -> Bearing:
    """What the sources say of a statement; ``date`` is the draft's."""
    mark = statement.mark
    if mark.kind is Stated.DATE:
        return _first(_weighed(statement, dating.bearing(mark, sources, date), sources))
    if mark.figure is None:
        return _name(statement, sources)
    return _figure(statement, mark.figure, sources)


def _weighed(statement: Statement, rows: Iterable[Printed], sources: Sources) -> list[Bearing]:
    return [Bearing(one, context.agreement(statement.words, sources.credits(one))) for one in rows]


def _agreement(one: Bearing) -> float:
    return one.agreement


def _first(rows: Sequence[Bearing]) -> Bearing:
    return max(rows, key=_agreement, default=Bearing(None, 0.0, Fault.ABSENT))


def _figure(statement: Statement, figure: Figure, sources: Sources) -> Bearing:
    valued = [one for one in _weighed(statement, sources.valued(figure), sources) if _has_value(figure, one)]
    apart = {id(one.printed) for one in valued}
    likely = sources.likely(statement.words, LIKELY)
    measure = units.measure(figure.unit, figure.kind)[0]  # 3起 is none of what could stand for 50人
    kin = (one for one in sources.measured(figure) if one.passage in likely and one.measure == measure)
    others = _weighed(statement, (one for one in kin if id(one) not in apart), sources)
    right = _told_once(valued, sources)
    if right:
        right = [replace(one, fault=fault(statement, figure, one.printed, sources)) for one in right if one.printed]
    else:
        right = _unread(statement, sources)
    if right:
        return _meant(statement, right, others, sources)
    rival, spelt = _first(others), _first(_weighed(statement, sources.spelt(figure), sources))
    if spelt.printed and spelt.agreement >= max(STRAY, rival.agreement - RIVAL):
        return replace(spelt, fault=Fault.UNIT)
    return _instead(statement, others, sources) or Bearing(None, rival.agreement, Fault.ABSENT)


def _instead(statement: Statement, others: Sequence[Bearing], sources: Sources) -> Bearing | None:
    """What the sources print in the place of a figure that they do not have, or nothing.

    It is of no other subject and of nothing else. Of no other time goes first, then of the very metric that the draft
    names (and of its year), then what agrees best: of 规上工业总产值100.13亿元，其中循环经济产业98.39亿元 the first.
    """
    own, rows = _bare(statement.claim), []
    for one in others:
        if one.printed is None or one.agreement < SURE or not _alike(own, _metric(one), one.agreement >= PLACED):
            continue
        if another_subject(statement, one.printed, sources) or _told_elsewhere(statement, one.printed):
            continue
        wrong = elsewhere(statement, one.printed, sources)
        named = bool(own) and _metric(one) == own
        rows.append(((wrong is None, named, named and _dated_alike(statement, one.printed), one.agreement), one))
    if not rows:
        return None
    (timely, named, _, agreement), best = max(rows, key=lambda row: row[0])
    placed = Fault.VALUE if timely and (named or agreement >= PLACED) else Fault.ABSENT
    return Bearing(None, agreement, placed, best.printed)


def _alike(stated: str, printed: str, placed: bool) -> bool:
    """Whether two metrics may be one: 税收 and 产值 are not, nor, unless all words agree well, 利率 and 次品率."""
    one, other = (thesaurus.measures(metric) - _CHANGES for metric in (stated, printed))
    if one and other:
        return not one.isdisjoint(other)
    return placed or not (stated and printed) or not context.terms(stated).isdisjoint(context.terms(printed))


def _dated_alike(statement: Statement, printed: Printed) -> bool:
    stated, told = statement.claim, printed.claim
    return stated is not None and told is not None and periods.overlaps(stated.period, told.period)


def _told_elsewhere(statement: Statement, printed: Printed) -> bool:
    """Whether the draft's sentence has the very figure already, and so does not have this one in its place."""
    figure = printed.mark.figure
    return figure is not None and any(holding.equal(one, figure) for one in statement.figures)


def _meant(statement: Statement, right: Sequence[Bearing], others: Sequence[Bearing], sources: Sources) -> Bearing:
    """Of the figures of the right value the one that is meant; or the one whose place it has taken."""
    best = _first(right)
    faultless = _first([one for one in right if one.fault is None])
    if faultless.printed and best.agreement < faultless.agreement + MISTAKEN:
        best = faultless
    if best.fault is not None and (here := _instead(statement, others, sources)):
        # 21.7% of another town's industry, where the very growth that the draft names is printed as 10%
        return here if here.fault is Fault.VALUE and here.agreement >= best.agreement + MISTAKEN else best
    if best.fault is not None or best.printed is None:
        return best
    if taken := _place_taken(statement, best, right, others, sources) or _named(
        statement, best, right, others, sources
    ):
        return replace(best, fault=Fault.METRIC, instead=taken)
    metric = dict.fromkeys(context.terms(statement.claim.metric), 1.0) if statement.claim else {}
    own = context.agreement(metric, sources.credits(best.printed))
    for rival in sorted(others, key=_agreement, reverse=True):
        more = RIVAL if rival.agreement >= PLACED else DOUBTFUL
        if rival.printed is None or rival.agreement < max(SURE, best.agreement + more):
            break
        # what measures something else cannot be what was meant: 投资2亿元 beside 净利润3亿元
        if context.agreement(metric, sources.credits(rival.printed)) < own:
            continue
        if elsewhere(statement, rival.printed, sources) or _told_too(statement, rival.printed, best.printed):
            continue
        if not any(_paired(rival.printed, one.printed, sources) for one in right if one.printed):
            wrong = Fault.SUBJECT if _another_name(best.printed, rival.printed, sources) else Fault.METRIC
            return replace(best, fault=wrong, instead=rival.printed)
    return _placed(statement, best, sources)


def _place_taken(
    statement: Statement, best: Bearing, right: Sequence[Bearing], others: Sequence[Bearing], sources: Sources
) -> Printed | None:
    """The other figure that stands in print just where the draft's does, behind the very same words.

    采购成本25% of 采购成本15%、库存成本25%. Of another sentence it must agree better in all its words, too.
    """
    own = _label(statement.text, statement)
    if best.printed is None or len(own) < LABEL:
        return None
    if any(_label(sources.line(one.printed), one.printed) == own for one in right if one.printed):
        return None
    place = (best.printed.passage, best.printed.sentence)
    for rival in sorted(others, key=_agreement, reverse=True):
        one = rival.printed
        if one is None or ((one.passage, one.sentence) != place and rival.agreement <= best.agreement):
            continue
        if _label(sources.line(one), one) != own or elsewhere(statement, one, sources):
            continue
        if not _told_too(statement, one, best.printed):
            return one
    return None


def _named(
    statement: Statement, best: Bearing, right: Sequence[Bearing], others: Sequence[Bearing], sources: Sources
) -> Printed | None:
    """The other figure of the same sentence whose metric is the very one that the draft names, as no right one's is.

    规上企业18家 for 规上企业41家 of 现有企业41家，其中规上企业18家.
    """
    own = _bare(statement.claim)
    if best.printed is None or not own or any(_metric(one) == own for one in right):
        return None
    place = (best.printed.passage, best.printed.sentence)
    for rival in others:
        one = rival.printed
        if one is None or (one.passage, one.sentence) != place or _metric(rival) != own:
            continue
        if elsewhere(statement, one, sources) or _told_too(statement, one, best.printed):
            continue
        if rival.agreement >= best.agreement and not _paired(one, best.printed, sources):
            return one
    return None


def _metric(one: Bearing) -> str:
    return _bare(one.printed.claim if one.printed else None)


def _bare(claim: Claim | None) -> str:
    return _HAVING.sub("", claim.metric) if claim else ""


def _label(text: str, of: Statement | Printed) -> str:
    """The letters just before a number, back to the last mark or digit, without whose it is: 现有纺织企业 of 甲园区."""
    start = of.mark.start
    found = _LETTERS.search(text, max(0, start - _LABEL_MOST), start)
    label = found.group() if found else ""
    subject = of.claim.subject if of.claim else ""
    whose = [*subject.split("、"), *(of.who if isinstance(of, Statement) else ())]
    for name in sorted(filter(None, whose), key=len, reverse=True):
        label = label.removeprefix(name)
    return _LEAD.sub("", label)


def _placed(statement: Statement, best: Bearing, sources: Sources) -> Bearing:
    """With a fault where the words agree so little that the same digits are a coincidence.

    Words that the sources do not have at all tell nothing: an English draft of Chinese pages.
    """
    stray = best.agreement < STRAY and any(term in sources.weight for term in statement.words)
    return replace(best, fault=Fault.METRIC) if stray else best


def _has_value(figure: Figure, one: Bearing) -> bool:
    printed = one.printed.mark.figure if one.printed else None
    if printed is None:
        return False
    return holding.equal(figure, printed) or (one.agreement >= LOOSE and holding.weaker(figure, printed))


def _told_once(right: Sequence[Bearing], sources: Sources) -> list[Bearing]:
    """Without headlines whose story prints the figure too: the story tells more of it."""
    printed = [(one, one.printed) for one in right if one.printed]
    told = {sources.passages[at.passage].story_id for _, at in printed if at.sentence != TITLE}
    return [one for one, at in printed if at.sentence != TITLE or sources.passages[at.passage].story_id not in told]


def _told_too(statement: Statement, rival: Printed, own: Printed) -> bool:
    """Whether the draft's sentence tells the rival as well, on the same side: 被宣判的9人中8名 of 9人中有8名."""
    if (rival.passage, rival.sentence) != (own.passage, own.sentence) or rival.mark.figure is None:
        return False
    return any(
        holding.equal(one, rival.mark.figure)
        and (one.start < statement.mark.start) == (rival.mark.start < own.mark.start)
        for one in statement.figures
    )


def _paired(one: Printed, other: Printed, sources: Sources) -> bool:
    """Whether they are the ends of one statement: 从5%上调至5.25%, 2.4万至3万人."""
    if (one.passage, one.sentence) != (other.passage, other.sentence):
        return False
    first, last = sorted((one.mark, other.mark), key=lambda mark: mark.start)
    return _ENDS.fullmatch(sources.line(one), first.end, last.start) is not None


def _another_name(one: Printed, other: Printed, sources: Sources) -> bool:
    if not (one.claim and other.claim and one.claim.subject and other.claim.subject):
        return False
    return not sources.aliases.same(one.claim.subject, other.claim.subject)


def _unread(statement: Statement, sources: Sources) -> list[Bearing]:
    """The same number before the same letter, where the sources' is read as no figure: 三十年来 beside 30年."""
    mark = statement.mark
    own = [one for one in numbers(statement.text[mark.start : mark.end + 1]) if len(one.numbers) == 1 and one.after]
    rows = [
        one
        for number in own[:1]
        for one in sources.numbered(number.numbers)
        if (one.mark.before, one.mark.after) == (number.before, number.after) and not sources.read_as_figure(one)
    ]
    return _weighed(statement, rows, sources)


def _name(statement: Statement, sources: Sources) -> Bearing:
    """A score or an ordinal: the same numbers, either way round, beside the same letters where it is a single one."""
    mark = statement.mark
    rows = [one for order in {mark.numbers, mark.numbers[::-1]} for one in sources.numbered(order)]
    fits = [
        one for one in rows if len(mark.numbers) > 1 or (one.mark.before, one.mark.after) == (mark.before, mark.after)
    ]
    best = _first(_weighed(statement, fits, sources))
    return best if best.fault else _placed(statement, best, sources)
