"""An answer in, how well it cites out: which of its figures a cited sentence bears, which of its citations bear any.

Recall: every figure is cited, and the sentence that the mark beside it points at prints it. Precision: each citation
prints a figure that the answer tells, or words that had to be mentioned, or is what a caveat rests on.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from assistant import figures
from assistant.records import Answer, Citation, Figure, Verdict
from evals.gold import GoldItem
from evals.reading import DATED, mentions, same

_EQUALS: Final = re.compile(r"[=≈]")


@dataclass(frozen=True, slots=True)
class Citing:
    """``borne`` of ``figures`` stand in a sentence cited for them; ``bearing`` of ``citations`` bear anything."""

    figures: int
    borne: int
    citations: int
    bearing: int


def citing(item: GoldItem, answer: Answer) -> Citing:
    """The counts of one answer. Figures that the question or an earlier turn gave need no citation."""
    quotes = {citation.key: tuple(figures.find(citation.quote)) for citation in answer.citations}
    given = [figure for text in (item.question, *sum(item.history, ())) for figure in figures.find(text)]
    marks = _marks(answer)
    bare = _blanked(answer.text, marks)
    told = [
        figure
        for figure in figures.find(bare)
        if figure.unit not in DATED and not any(same(figure, other) for other in given)
    ]
    borne = sum(_borne(figure, answer, quotes, marks) for figure in told)
    warned = {key for caveat in answer.caveats for key in caveat.citations}
    bearing = sum(
        citation.key in warned
        or any(same(figure, other) for figure in told for other in quotes[citation.key])
        or _mentioned(item, citation)
        for citation in answer.citations
    )
    return Citing(len(told), borne, len(answer.citations), bearing)


def _mentioned(item: GoldItem, citation: Citation) -> bool:
    return any(mentions(citation.quote, phrase) for group in item.must_mention for phrase in group)


def _marks(answer: Answer) -> list[tuple[int, str]]:
    """Where the text cites, and what: ``[a1b2c3]``."""
    if not answer.citations:
        return []
    keys = "|".join(re.escape(citation.key) for citation in answer.citations)
    return [(match.start(), match[0]) for match in re.finditer(keys, answer.text)]


def _blanked(text: str, marks: list[tuple[int, str]]) -> str:
    for at, key in marks:
        text = text[:at] + " " * len(key) + text[at + len(key) :]
    return text


def _borne(
    figure: Figure, answer: Answer, quotes: Mapping[str, tuple[Figure, ...]], marks: list[tuple[int, str]]
) -> bool:
    """By the mark that follows the figure, with those that stand right beside it; or by the answer's own check."""
    following = [(at, key) for at, key in marks if at >= figure.end]
    beside = {key for at, key in following if not figures.find(answer.text[following[0][0] : at])}
    checked = {
        check.citation
        for check in answer.checks
        if check.citation and check.figure.start == figure.start and same(check.figure, figure)
    }
    # "缩短到35个" prints its unit before, 由61个工作日: alone, its 35个 reads as another unit, in the same letters
    printed = [other for key in beside | checked for other in quotes.get(key, ())]
    if any(same(figure, other) or (figure.text, figure.value) == (other.text, other.value) for other in printed):
        return True
    return _computed(figure, answer, quotes)


def _computed(figure: Figure, answer: Answer, quotes: Mapping[str, tuple[Figure, ...]]) -> bool:
    """Whether a check tells a formula whose figures, the result aside, all stand in cited sentences."""
    printed = [other for found in quotes.values() for other in found]
    for check in answer.checks:
        if check.verdict is not Verdict.COMPUTED or not same(check.figure, figure):
            continue
        # the left side alone: "150万元÷两辆=75万元/辆" has its result after the sign
        inputs = [other for other in figures.find(_EQUALS.split(check.formula)[0]) if not same(other, figure)]
        if inputs and all(any(same(other, known) for known in printed) for other in inputs):
            return True
    return False
