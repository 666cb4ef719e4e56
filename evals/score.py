"""GoldItem and Answer in, a Score out; pure. A figure counts by value and unit, as ``assistant.figures`` reads it.

Only the answer's text is read for its figures; for a conflict its caveats too. A figure that the question already gave
does not count, neither for the answer nor against it. What the text tells goes before what it shows in quotation
marks: ``15家。原文：“15家，其中规上12家”`` tells 15.

When the expected figure stands beside others that could answer as well (same kind, same unit), what counts is whether
the answer points at it. The sentence with the first such figure is the answering sentence, and the verdict is

- CORRECT when the expected figure is in it, and either comes first, or has a clause to itself (a quoted sentence may
  name whole and part: 总产值突破100.13亿元，其中循环产业98.39亿元), or ends a change (从70%增至92%);
- PARTIAL when another figure shares its clause ahead of it, when more than ``MAX_AHEAD`` come before it (a list to
  choose from), when it comes only in a later sentence, when it is only shown while another one asked for is told, or
  when its bound is told in another sense (约 for 超);
- WRONG, with ``wrong_figure``, when it is nowhere and another stands in its place, be it in another unit; when it is
  there but told of another firm, year or direction (``evals.about``); or when it is an operand of what is told.

A figure that the question gave is offered after all where the text answers with it alone (15家。 to 那规上的有几家？).

WRONG without ``wrong_figure`` is a missing answer, not a false one. Reasons are in Chinese: they are shown in reports.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from assistant import figures
from assistant.records import Answer, Bound, CaveatKind, Figure
from evals.about import Known, astray
from evals.citing import citing
from evals.gold import Fact, GoldItem, Kind, expected
from evals.reading import (
    DATED,
    apart,
    measured,
    mentions,
    near,
    own_text,
    quoted,
    rivals,
    same,
    sentence,
    stated,
    states,
)
from evals.reading import unitless as without_unit


class Outcome(StrEnum):
    """How an answer did. UNSCORED: the item itself cannot be judged, which is not the answer's fault."""

    CORRECT = "correct"
    PARTIAL = "partial"
    WRONG = "wrong"
    DECLINED = "declined"
    UNSCORED = "unscored"


@dataclass(frozen=True, slots=True)
class Score:
    """A verdict with its reasons.

    ``wrong_figure``: a figure is offered as the answer that is not. ``cited``: a quote bears what was expected; None
    where nothing was to be cited, or the answer declined. ``borne`` of the answer's ``figures`` are borne by the
    sentence cited for them (citation recall); ``bearing`` of its ``citations`` bear anything it tells (precision).
    """

    verdict: Outcome
    reasons: tuple[str, ...] = ()
    wrong_figure: bool = False
    cited: bool | None = None
    figures: int = 0
    borne: int = 0
    citations: int = 0
    bearing: int = 0


# Candidates that may precede the expected figure in its sentence. The printed sentences of the pages name up to two
# before the one that is asked for (whole, part, share); longer runs are lists.
MAX_AHEAD: Final = 2

_SENSE: Final = {
    Bound.EXACT: 0,
    Bound.ABOUT: 1,
    **dict.fromkeys((Bound.AT_LEAST, Bound.MORE_THAN), 2),
    **dict.fromkeys((Bound.AT_MOST, Bound.LESS_THAN), 3),
}

DOUBT: Final = (
    *("存疑", "可疑", "疑为", "疑似", "怀疑", "矛盾", "不一致", "不符", "有误", "错误", "不合理", "不合常理", "不可信"),
    *("不可能", "说不通", "小数点", "误印", "印错", "误植", "出入", "冲突", "核实", "谨慎"),
    *("suspect", "suspicious", "implausible", "inconsistent", "contradict", "misprint", "conflict", "doubt"),
    *("questionable", "cannot be right", "impossible", "disagree"),
)
_WORKING: Final = re.compile(r"\s{0,8}[:：]")
_EQUALS: Final = re.compile(r"[=≈]")
_END: Final = re.compile(r"\s{0,8}(?:[。.，,；;！!\[（(]|$)")


def score(item: GoldItem, answer: Answer, known: Known | None = None) -> Score:
    """The verdict on one answer; ``known`` is what the whole set knows."""
    judged = _verdict(item, answer, known)
    if answer.declined:
        return judged
    counts = citing(item, answer)
    return replace(
        judged,
        figures=counts.figures,
        borne=counts.borne,
        citations=counts.citations,
        bearing=counts.bearing,
    )


def _verdict(item: GoldItem, answer: Answer, known: Known | None) -> Score:
    if item.type is Kind.UNANSWERABLE:
        return _unanswerable(item, answer)
    if answer.declined:
        return Score(Outcome.DECLINED, ("版面有答案，却答没有写到",))
    match item.type:
        case Kind.FIGURE | Kind.MULTI_FIGURE:
            return _figures(item, answer, known)
        case Kind.COMPARE | Kind.COMPUTE:
            return _result(item, answer)
        case Kind.CONFLICT:
            return _conflict(item, answer)
        case _:
            return _mentions(item, answer)


# ---------------------------------------------------------------------- printed figures


def _figures(item: GoldItem, answer: Answer, known: Known | None) -> Score:
    wanted = [(fact, expected(fact)) for fact in item.facts]
    if not wanted or any(figure is None for _, figure in wanted):
        return _acceptable(item, answer)
    told = stated(item, answer)
    reasons: list[str] = []
    verdicts: list[Outcome] = []
    wrong = False
    all_wanted = [figure for _, figure in wanted if figure]
    for fact, figure in wanted:
        if figure is None:
            continue
        beside = [other for other in all_wanted if other is not figure]
        verdict, why, mistaken, hit = _pointed(figure, beside, told, own_text(answer))
        if hit and (other := astray(item, fact, hit, answer, known)):
            verdict, why, mistaken = Outcome.WRONG, f"{hit.text}{other}", True
        elif hit and verdict is Outcome.CORRECT and _unbounded(fact, figure, told):
            verdict = Outcome.PARTIAL
        verdicts.append(verdict)
        wrong = wrong or mistaken
        reasons += [why] if why else []
        reasons += _bound_lost(fact, figure, told)
    return Score(_joint(verdicts), tuple(reasons), wrong, _cited(all_wanted, answer))


def _joint(verdicts: Sequence[Outcome]) -> Outcome:
    if len(set(verdicts)) == 1:
        return verdicts[0]
    return Outcome.PARTIAL


def _bound_lost(fact: Fact, wanted: Figure, told: Sequence[Figure]) -> list[str]:
    hits = [figure for figure in told if states(figure, wanted)]
    if fact.bound is Bound.EXACT or not hits or any(hit.bound is fact.bound for hit in hits):
        return []
    return [f"界限词不同：原文{fact.printed}，答{hits[0].text}"]


def _unbounded(fact: Fact, wanted: Figure, told: Sequence[Figure]) -> bool:
    """Whether every telling of the figure gives a printed bound another sense: 约30公里, 不到30公里 for 超30公里.

    A bound that is only left out is told among the reasons, and so is one added to a figure printed without any.
    """
    hits = [figure.bound for figure in told if states(figure, wanted)]
    senses = {_SENSE[fact.bound], _SENSE[Bound.EXACT]}
    return fact.bound is not Bound.EXACT and all(_SENSE[bound] not in senses for bound in hits)


def _pointed(
    wanted: Figure, beside: Sequence[Figure], told: Sequence[Figure], text: str
) -> tuple[Outcome, str, bool, Figure | None]:
    """Verdict, reason, whether a wrong figure is offered, and the figure that hits.

    Those ``beside`` it are expected too, so they do not compete.
    """
    competing = [
        figure
        for figure in told
        if rivals(figure, wanted) and (states(figure, wanted) or not any(states(figure, other) for other in beside))
    ]
    said = [figure for figure in competing if not quoted(text, figure)]
    if said and not any(states(figure, wanted) for figure in said):
        return Outcome.WRONG, f"答的是{said[0].text}，不是{wanted.text}", True, None
    others = [figure for figure in told if not quoted(text, figure) and any(states(figure, one) for one in beside)]
    competing = said or competing
    hits = [figure for figure in competing if states(figure, wanted)]
    if not hits:
        return _missed(wanted, beside, competing, told, text)
    first, hit = competing[0], hits[0]
    if others and not said:
        return Outcome.PARTIAL, f"只答了{others[0].text}，{wanted.text}只在引文里", False, hit
    if sentence(text, first) != sentence(text, hit):
        return Outcome.PARTIAL, f"先答{first.text}，后面的句子才有{wanted.text}", False, hit
    if not states(first, wanted) and _reckoned(text, first):
        return Outcome.WRONG, f"答的是{first.text}，不是{wanted.text}", True, None
    ahead = [figure for figure in competing if figure.start < hit.start]
    if len(ahead) > MAX_AHEAD:
        return Outcome.PARTIAL, f"{wanted.text}列在另外{len(ahead)}个数字之后，没有指明", False, hit
    if ahead and not apart(text, ahead, hit):
        return Outcome.PARTIAL, f"{ahead[-1].text}与{wanted.text}同在一个分句，且在它之前", False, hit
    return Outcome.CORRECT, "", False, hit


def _missed(
    wanted: Figure, beside: Sequence[Figure], competing: Sequence[Figure], told: Sequence[Figure], text: str
) -> tuple[Outcome, str, bool, None]:
    others = [figure for figure in told if not any(same(figure, other) for other in beside)]
    if offered := list(competing) or [figure for figure in others if near(figure, wanted)]:
        return Outcome.WRONG, f"答的是{offered[0].text}，不是{wanted.text}", True, None
    if lead := next((figure for figure in others if _leads(text, figure)), None):
        return Outcome.WRONG, f"答的是{lead.text}，不是{wanted.text}", True, None
    given = [one for one in figures.find(text) if rivals(one, wanted) and _leads(text, one)]
    if given and not any(states(given[0], other) for other in (wanted, *beside)):
        return Outcome.WRONG, f"答的是{given[0].text}，不是{wanted.text}", True, None
    if number := without_unit(text, wanted):
        return Outcome.WRONG, f"答的是{number}，丢了{wanted.text}的单位", True, None
    return Outcome.WRONG, f"没有答出{wanted.text}", False, None


def _leads(text: str, figure: Figure) -> bool:
    """Whether the text answers with the figure alone: 200人左右。 for 70台 is offered, whatever its unit."""
    return not text[: figure.start].strip() and _END.match(text, figure.end) is not None


def _reckoned(text: str, figure: Figure) -> bool:
    """Whether the figure is a result, its working behind a colon: 合计约617亿元：…（594亿元+22.75亿元=616.75亿元）."""
    return _WORKING.match(text, figure.end) is not None and _EQUALS.search(text, figure.end) is not None


def _acceptable(item: GoldItem, answer: Answer) -> Score:
    """The verdict by renderings, for a fact whose unit no figure has."""
    text = own_text(answer)
    if item.must_mention:
        return _mentions(item, answer)
    if not item.acceptable:
        return Score(Outcome.UNSCORED, ("题目的数字读不出来，无法评",))
    shown = any(mentions(citation.quote, phrase) for citation in answer.citations for phrase in item.acceptable)
    if any(mentions(text, phrase) for phrase in item.acceptable):
        return Score(Outcome.CORRECT, cited=shown)
    return Score(Outcome.WRONG, (f"没有答出{'、'.join(item.acceptable)}",), bool(stated(item, answer)), shown)


# ---------------------------------------------------------------------- results


def _result(item: GoldItem, answer: Answer) -> Score:
    """A comparison or computation: its result within the tolerance, and whatever words it must name.

    Where ``must_mention`` itself lists numbers, these will do in place of the result: who is faster may be answered
    by both rates.
    """
    if item.result is None:
        return _mentions(item, answer)
    result, text, told = item.result, own_text(answer), stated(item, answer)
    slack = abs(result.value) * result.tolerance
    printed = f"{result.value}{result.unit}"
    wanted = next(iter(figures.find(printed)), Figure(printed, result.value, result.unit, "", Bound.EXACT, 0, 0))
    competing = [figure for figure in told if rivals(figure, wanted)]
    hits = [figure for figure in competing if abs(measured(figure, wanted) - result.value) <= slack]
    numbers = [group for group in item.must_mention if any(char.isdigit() for phrase in group for char in phrase)]
    words = [group for group in item.must_mention if group not in numbers]
    named = all(any(mentions(text, phrase) for phrase in group) for group in words)
    by_numbers = bool(numbers) and all(any(mentions(text, phrase) for phrase in group) for group in numbers)
    inputs = [figure for fact in item.facts if (figure := expected(fact))]
    given = inputs + [figure for shown in item.evidence for figure in figures.find(shown)]
    cited = _cited(inputs, answer) if inputs else None
    if (hits or by_numbers) and named:
        return Score(Outcome.CORRECT, cited=cited)
    if hits or by_numbers:
        return Score(Outcome.PARTIAL, ("没有提到" + "；".join("/".join(group) for group in words),), cited=cited)
    # a sentence that is only shown in quotation marks offers nothing; a figure that stands alone is the answer given
    said = [figure for figure in told if not quoted(text, figure)]
    fresh = [figure for figure in said if not any(same(figure, other) for other in given)]
    alone = [figure for figure in said if _leads(text, figure)] or _only(said, competing, inputs)
    if offered := alone or [one for one in fresh if one in competing] or [one for one in fresh if near(one, wanted)]:
        return Score(Outcome.WRONG, (f"答的是{offered[0].text}，不是{wanted.text}",), True, cited)
    if inputs and all(any(same(other, figure) for figure in told) for other in inputs):
        return Score(Outcome.PARTIAL, (f"只列出算{wanted.text}要用的数字，没有算出结果",), cited=cited)
    return Score(Outcome.WRONG, (f"没有答出{wanted.text}",), cited=cited)


def _only(said: Sequence[Figure], competing: Sequence[Figure], inputs: Sequence[Figure]) -> list[Figure]:
    """One operand of several told in the place of the result: 增长了160亿元 for 100亿元; or one figure and no other."""
    told = [figure for figure in said if figure.unit not in DATED]
    offered = [figure for figure in told if figure in competing] or told
    return offered if len(offered) == 1 and len(inputs) > 1 else []


# ---------------------------------------------------------------------- conflicts


def _conflict(item: GoldItem, answer: Answer) -> Score:
    """A suspect figure or a contradiction: both halves, the printed values and the doubt.

    Every value that the item names must be told, and a doubt of them; where two pages differ, their two values told
    side by side are the doubt.
    """
    warned = any(caveat.kind in (CaveatKind.CONFLICT, CaveatKind.SUSPECT) for caveat in answer.caveats)
    text = "\n".join([own_text(answer), *(f"{caveat.text}\n{caveat.arithmetic}" for caveat in answer.caveats)])
    if not item.facts:
        return _groups(item, text, warned, answer)
    wanted = [figure for fact in item.facts if (figure := expected(fact))]
    found = figures.find(text)
    told = [figure for figure in wanted if any(same(other, figure) for other in found)]
    missing = [figure for figure in wanted if figure not in told]
    doubted = warned or any(mentions(text, word) for word in DOUBT)
    both = len(item.stories) > 1 and len(told) > 1
    cited = _cited(wanted, answer)
    if told and not missing and (doubted or both):
        return Score(Outcome.CORRECT, cited=cited)
    if told and (doubted or both):
        return Score(Outcome.PARTIAL, (f"指出了疑点，但没有答出{missing[0].text}",), cited=cited)
    if told:
        return Score(Outcome.PARTIAL, (f"照答{told[0].text}，没有提示存疑",), cited=cited)
    offered = [figure for figure in stated(item, answer) if any(rivals(figure, other) for other in wanted)]
    if offered:
        return Score(Outcome.WRONG, (f"答的是{offered[0].text}，不是{wanted[0].text}",), True, cited)
    return Score(Outcome.WRONG, ("既没有答出印出的数字，也没有提示存疑",), cited=cited)


# ---------------------------------------------------------------------- words


def _mentions(item: GoldItem, answer: Answer) -> Score:
    return _groups(item, own_text(answer), False, answer)


def _groups(item: GoldItem, text: str, warned: bool, answer: Answer) -> Score:
    """Every group of ``must_mention`` by one of its phrases; a caveat tells the doubt, whatever its words."""
    if not item.must_mention:
        return Score(Outcome.UNSCORED, ("题目没有写要找什么，无法评",))
    missing = [
        group
        for group in item.must_mention
        if not any(mentions(text, phrase) for phrase in group) and not (warned and set(group) & set(DOUBT))
    ]
    quotes = [citation.quote for citation in answer.citations]
    cited = any(mentions(quote, phrase) for quote in quotes for group in item.must_mention for phrase in group)
    if not missing:
        return Score(Outcome.CORRECT, cited=cited)
    verdict = Outcome.PARTIAL if len(missing) < len(item.must_mention) else Outcome.WRONG
    return Score(verdict, tuple(f"没有提到{'/'.join(group[:3])}" for group in missing), cited=cited)


# ---------------------------------------------------------------------- what the pages do not say


def _unanswerable(item: GoldItem, answer: Answer) -> Score:
    if answer.declined:
        return Score(Outcome.CORRECT)
    offered = [figure for figure in stated(item, answer) if figure.unit not in DATED]
    why = f"答的是{offered[0].text}" if offered else "没有说明版面未写"
    return Score(Outcome.WRONG, (f"{why}，而版面没有写到",), bool(offered))


def _cited(wanted: Iterable[Figure], answer: Answer) -> bool:
    """Whether each expected figure stands in a cited quote."""
    shown = [figure for citation in answer.citations for figure in figures.find(citation.quote)]
    return all(any(same(figure, other) for figure in shown) for other in wanted)
