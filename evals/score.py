"""GoldItem and Answer in, a Score out; pure. A figure counts by value and unit, as ``assistant.figures`` reads it.

Only the answer's text is read, not its citations; for a conflict its caveats too. A figure that the question already
gave does not count, neither for the answer nor against it. What the text tells goes before what it shows in quotation
marks: ``15家。原文：“15家，其中规上12家”`` tells 15.

When the expected figure stands beside others that could answer as well (same kind, same unit), what counts is whether
the answer points at it. The sentence with the first such figure is the answering sentence, and the verdict is

- CORRECT when the expected figure is in it, and either comes first, or has a clause to itself (a quoted sentence may
  name whole and part: 总产值突破100.13亿元，其中循环产业98.39亿元), or ends a change (从70%增至92%);
- PARTIAL when another figure shares its clause ahead of it, when more than ``MAX_AHEAD`` come before it (a list to
  choose from), or when it comes only in a later sentence;
- WRONG, with ``wrong_figure``, when it is nowhere and another stands in its place, be it in another unit.

Which of several expected figures is which (2020 or 2025) is not judged.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from assistant import figures, sentences, units
from assistant.records import Answer, Bound, CaveatKind, Figure
from evals.gold import Fact, GoldItem, Kind, expected


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
    where nothing was to be cited, or the answer declined.
    """

    verdict: Outcome
    reasons: tuple[str, ...] = ()
    wrong_figure: bool = False
    cited: bool | None = None


# Candidates that may precede the expected figure in its sentence. The printed sentences of the pages name up to two
# before the one that is asked for (whole, part, share); longer runs are lists.
MAX_AHEAD: Final = 2

# Measure words that a reader takes for one another: 81户 and 81家, 26万辆 and 26万台.
COUNTERS: Final = (
    frozenset({"家", "户", "个"}),
    frozenset({"辆", "台"}),
    frozenset({"人", "名", "位", "个"}),
    frozenset({"项", "个", "条"}),
    frozenset({"株", "棵"}),
)
SHARES: Final = frozenset({"%", "‰", "个百分点", "倍"})  # each is taken for another when a figure is copied in haste

DOUBT: Final = (
    *("存疑", "可疑", "疑为", "疑似", "怀疑", "矛盾", "不一致", "不符", "有误", "错误", "不合理", "不合常理", "不可信"),
    *("不可能", "说不通", "小数点", "误印", "印错", "误植", "出入", "冲突", "核实", "谨慎"),
    *("suspect", "suspicious", "implausible", "inconsistent", "contradict", "misprint", "conflict", "doubt"),
    *("questionable", "cannot be right", "impossible", "disagree"),
)
_DATED: Final = re.compile(r"^(?:年|月|日|号|时|分|岁|年代|季度)$")
_NUMBER: Final = re.compile(r"(?<![\d.])[0-9]+(?:\.[0-9]+)?(?![\d.])")
_CLAUSE: Final = re.compile(r"[，；：、。]|[,;:](?!\d)|\. ")
_LABEL: Final = re.compile(r"[^\W\d和与及或也]")
_IN_TURN: Final = re.compile(r"分别|依次|各为|各有|各是|respectively")
_CHANGE: Final = re.compile(r"^\D{0,12}(?:至|到|为|→|—|–|-|~|to|from)(?:(?: in)? ?\d{4}年?)?\D{0,4}$")


def score(item: GoldItem, answer: Answer) -> Score:
    """The verdict on one answer."""
    if item.type is Kind.UNANSWERABLE:
        return _unanswerable(item, answer)
    if answer.declined:
        return Score(Outcome.DECLINED, ("declined, though the pages answer it",))
    match item.type:
        case Kind.FIGURE | Kind.MULTI_FIGURE:
            return _figures(item, answer)
        case Kind.COMPARE | Kind.COMPUTE:
            return _result(item, answer)
        case Kind.CONFLICT:
            return _conflict(item, answer)
        case _:
            return _mentions(item, answer)


def mentions(text: str, phrase: str) -> bool:
    """Whether the text holds the phrase, width, case and spaces aside; a number in it must be whole.

    >>> mentions("占比12.3%", "2.3%"), mentions("共 30 家", "30家")
    (False, True)
    """
    folded, sought = _fold(text), _fold(phrase)
    before = r"(?<!\d)(?<!\d[.,])" if sought[:1].isdigit() else ""
    after = r"(?![.,]?\d)" if sought[-1:].isdigit() else ""
    return re.search(before + re.escape(sought) + after, folded) is not None


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", plain)
    return re.sub(r"(?<![0-9a-z])\s+|\s+(?![0-9a-z])", "", plain)


def _own_text(answer: Answer) -> str:
    """The answer's text without its citation marks: the 1 of [1] is no figure."""
    if not answer.citations:
        return answer.text
    keys = "|".join(re.escape(citation.key) for citation in answer.citations)
    return re.sub(rf"[\[【](?:{keys})(?:[,，、; ]*(?:{keys}))*[\]】]", "", answer.text)


def _stated(item: GoldItem, answer: Answer) -> list[Figure]:
    """The figures of the answer's own text, without those that the question or an earlier turn gave."""
    given = [figure for text in (item.question, *sum(item.history, ())) for figure in figures.find(text)]
    return [figure for figure in figures.find(_own_text(answer)) if not any(_same(figure, known) for known in given)]


def _same(figure: Figure, other: Figure) -> bool:
    """Equal value and unit, whatever the bound; 81家 will do for 81户."""
    if figures.same(figure, other, bounds=False):
        return True
    return figure.value == other.value and any({figure.unit, other.unit} <= group for group in COUNTERS)


def _rivals(figure: Figure, other: Figure) -> bool:
    """Whether the two could answer the same question: units that convert, or that a reader takes for one another."""
    measures = {units.measure(each.unit, each.kind)[0] for each in (figure, other)}
    bare = figure.unit == "" and other.kind == units.COUNT  # "54 firms"
    return len(measures) == 1 or bare or any({figure.unit, other.unit} <= group for group in COUNTERS)


def _near(figure: Figure, wanted: Figure) -> bool:
    """Whether a figure is the wanted one with its unit lost or changed (35 or 35倍 for 35%), or another share."""
    digits = figure.value.normalize().as_tuple().digits == wanted.value.normalize().as_tuple().digits
    return digits or (figure.unit in SHARES and wanted.unit in SHARES)


def _unitless(text: str, wanted: Figure) -> str:
    """A number of the text with the wanted digits, two or more, that is no figure: the 35 of 占比35 for 35%."""
    sought = wanted.value.normalize().as_tuple().digits
    spans = [(figure.start, figure.end) for figure in figures.find(text)]
    for number in _NUMBER.finditer(text):
        inside = any(start <= number.start() < end for start, end in spans)
        if not inside and len(sought) > 1 and Decimal(number[0]).normalize().as_tuple().digits == sought:
            return number[0]
    return ""


def _figures(item: GoldItem, answer: Answer) -> Score:
    wanted = [(fact, expected(fact)) for fact in item.facts]
    if not wanted or any(figure is None for _, figure in wanted):
        return _acceptable(item, answer)
    stated = _stated(item, answer)
    reasons: list[str] = []
    verdicts: list[Outcome] = []
    wrong = False
    all_wanted = [figure for _, figure in wanted if figure]
    for fact, figure in wanted:
        if figure is None:
            continue
        beside = [other for other in all_wanted if other is not figure]
        verdict, why, mistaken = _pointed(figure, beside, stated, _own_text(answer))
        verdicts.append(verdict)
        wrong = wrong or mistaken
        reasons += [why] if why else []
        reasons += _bound_lost(fact, figure, stated)
    return Score(_joint(verdicts), tuple(reasons), wrong, _cited(all_wanted, answer))


def _joint(verdicts: Sequence[Outcome]) -> Outcome:
    if len(set(verdicts)) == 1:
        return verdicts[0]
    return Outcome.PARTIAL


def _bound_lost(fact: Fact, wanted: Figure, stated: Sequence[Figure]) -> list[str]:
    hits = [figure for figure in stated if _same(figure, wanted)]
    if fact.bound is Bound.EXACT or not hits or any(hit.bound is fact.bound for hit in hits):
        return []
    return [f"the bound differs: printed {fact.printed}, stated {hits[0].text}"]


def _pointed(
    wanted: Figure, beside: Sequence[Figure], stated: Sequence[Figure], text: str
) -> tuple[Outcome, str, bool]:
    """Verdict, reason and whether a wrong figure is offered; ``beside`` are expected too, so they do not compete."""
    rivals = [
        figure
        for figure in stated
        if _rivals(figure, wanted) and (_same(figure, wanted) or not any(_same(figure, other) for other in beside))
    ]
    told = [figure for figure in rivals if not _quoted(text, figure)]
    if told and not any(_same(figure, wanted) for figure in told):
        return Outcome.WRONG, f"tells {told[0].text}, not {wanted.text}", True
    hits = [figure for figure in told or rivals if _same(figure, wanted)]
    if not hits:
        offered = rivals or [
            figure for figure in stated if _near(figure, wanted) and not any(_same(figure, other) for other in beside)
        ]
        if offered:
            return Outcome.WRONG, f"states {offered[0].text}, not {wanted.text}", True
        if number := _unitless(text, wanted):
            return Outcome.WRONG, f"states {number} without the unit of {wanted.text}", True
        return Outcome.WRONG, f"does not state {wanted.text}", False
    rivals = told or rivals
    first, hit = rivals[0], hits[0]
    if _sentence(text, first) != _sentence(text, hit):
        return Outcome.PARTIAL, f"states {first.text} first, and {wanted.text} only in a later sentence", False
    ahead = [figure for figure in rivals if figure.start < hit.start]
    if len(ahead) > MAX_AHEAD:
        return Outcome.PARTIAL, f"{wanted.text} stands in a list after {len(ahead)} others", False
    if ahead and not _apart(text, ahead, hit):
        return Outcome.PARTIAL, f"{ahead[-1].text} shares the clause of {wanted.text}, ahead of it", False
    return Outcome.CORRECT, "", False


def _quoted(text: str, figure: Figure) -> bool:
    """Whether the figure stands in quotation marks, which may hold others and may not be closed."""
    before = text[: figure.start]
    return before.count("“") > before.count("”") or before.count("「") > before.count("」")


def _sentence(text: str, figure: Figure) -> int:
    spans = sentences.split(text)
    return next((place for place, (start, end) in enumerate(spans) if start <= figure.start < end), -1)


def _apart(text: str, ahead: Sequence[Figure], hit: Figure) -> bool:
    """Whether the hit has words of its own: a labelled clause, what another changed to, a place in 分别为20家、17家."""
    between = text[ahead[-1].end : hit.start]
    if _CHANGE.match(between):
        return True
    clauses = _CLAUSE.split(between)
    if len(clauses) > 1 and _LABEL.search("".join(clauses[1:])):
        return True
    spans = sentences.split(text)
    start = next((start for start, end in spans if start <= hit.start < end), 0)
    return _IN_TURN.search(text, start, hit.start) is not None


def _acceptable(item: GoldItem, answer: Answer) -> Score:
    """The verdict by renderings, for a fact whose unit no figure has."""
    text = _own_text(answer)
    if item.must_mention:
        return _mentions(item, answer)
    if not item.acceptable:
        return Score(Outcome.UNSCORED, ("no figure can be read from the gold fact",))
    quoted = any(mentions(citation.quote, phrase) for citation in answer.citations for phrase in item.acceptable)
    if any(mentions(text, phrase) for phrase in item.acceptable):
        return Score(Outcome.CORRECT, cited=quoted)
    return Score(Outcome.WRONG, (f"states none of {', '.join(item.acceptable)}",), bool(_stated(item, answer)), quoted)


def _result(item: GoldItem, answer: Answer) -> Score:
    """A comparison or computation: its result within the tolerance, and whatever words it must name.

    Where ``must_mention`` itself lists numbers, these will do in place of the result: who is faster may be answered
    by both rates.
    """
    if item.result is None:
        return _mentions(item, answer)
    result, text, stated = item.result, _own_text(answer), _stated(item, answer)
    slack = abs(result.value) * result.tolerance
    printed = f"{result.value}{result.unit}"
    wanted = next(iter(figures.find(printed)), Figure(printed, result.value, result.unit, "", Bound.EXACT, 0, 0))
    rivals = [figure for figure in stated if _rivals(figure, wanted)]
    hits = [figure for figure in rivals if abs(_measured(figure, wanted) - result.value) <= slack]
    numbers = [group for group in item.must_mention if any(char.isdigit() for phrase in group for char in phrase)]
    words = [group for group in item.must_mention if group not in numbers]
    named = all(any(mentions(text, phrase) for phrase in group) for group in words)
    by_numbers = bool(numbers) and all(any(mentions(text, phrase) for phrase in group) for group in numbers)
    inputs = [figure for fact in item.facts if (figure := expected(fact))]
    known = inputs + [figure for sentence in item.evidence for figure in figures.find(sentence)]
    cited = _cited(inputs, answer) if inputs else None
    if (hits or by_numbers) and named:
        return Score(Outcome.CORRECT, cited=cited)
    if hits or by_numbers:
        return Score(Outcome.PARTIAL, ("does not name " + "; ".join("/".join(group) for group in words),), cited=cited)
    others = [figure for figure in rivals if not any(_same(figure, other) for other in known)]
    near = [figure for figure in stated if _near(figure, wanted) and not any(_same(figure, other) for other in known)]
    if offered := others or near:
        return Score(Outcome.WRONG, (f"states {offered[0].text}, not {wanted.text}",), True, cited)
    if inputs and all(any(_same(figure, other) for figure in stated) for other in inputs):
        return Score(Outcome.PARTIAL, (f"states what {wanted.text} comes from, but not {wanted.text}",), cited=cited)
    return Score(Outcome.WRONG, (f"does not state {wanted.text}",), cited=cited)


def _measured(figure: Figure, like: Figure) -> Decimal:
    """The figure's value in the unit of the other, where it converts."""
    converted = figures.convert(figure, like.unit)
    return figure.value if converted is None else converted.value


def _conflict(item: GoldItem, answer: Answer) -> Score:
    """A suspect figure or a contradiction: a printed value with the doubt told, or what each of the stories prints."""
    warned = any(caveat.kind in (CaveatKind.CONFLICT, CaveatKind.SUSPECT) for caveat in answer.caveats)
    text = "\n".join([_own_text(answer), *(f"{caveat.text}\n{caveat.arithmetic}" for caveat in answer.caveats)])
    if not item.facts:
        return _groups(item, text, warned, answer)
    wanted = [figure for fact in item.facts if (figure := expected(fact))]
    stated = figures.find(text)
    told = [figure for figure in wanted if any(_same(other, figure) for other in stated)]
    doubted = warned or any(mentions(text, word) for word in DOUBT)
    both = len(item.stories) > 1 and len(told) == len(wanted) > 1
    cited = _cited(wanted, answer)
    if told and (doubted or both):
        return Score(Outcome.CORRECT, cited=cited)
    if told:
        return Score(Outcome.PARTIAL, (f"states {told[0].text} without a word of doubt",), cited=cited)
    rivals = [figure for figure in _stated(item, answer) if any(_rivals(figure, other) for other in wanted)]
    if rivals:
        return Score(Outcome.WRONG, (f"states {rivals[0].text}, not {wanted[0].text}",), True, cited)
    return Score(Outcome.WRONG, ("neither the printed value nor a doubt",), cited=cited)


def _mentions(item: GoldItem, answer: Answer) -> Score:
    return _groups(item, _own_text(answer), False, answer)


def _groups(item: GoldItem, text: str, warned: bool, answer: Answer) -> Score:
    """Every group of ``must_mention`` by one of its phrases; a caveat tells the doubt, whatever its words."""
    if not item.must_mention:
        return Score(Outcome.UNSCORED, ("nothing to look for",))
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
    return Score(verdict, tuple(f"does not mention {'/'.join(group[:3])}" for group in missing), cited=cited)


def _unanswerable(item: GoldItem, answer: Answer) -> Score:
    if answer.declined:
        return Score(Outcome.CORRECT)
    offered = [figure for figure in _stated(item, answer) if not _DATED.match(figure.unit)]
    why = f"states {offered[0].text}" if offered else "does not decline"
    return Score(Outcome.WRONG, (f"{why}, though the pages do not say",), bool(offered))


def _cited(wanted: Iterable[Figure], answer: Answer) -> bool:
    """Whether each expected figure stands in a cited quote."""
    quoted = [figure for citation in answer.citations for figure in figures.find(citation.quote)]
    return all(any(_same(figure, other) for figure in quoted) for other in wanted)
