"""An item, its answer and what retrieval found in, where the chain lost it out: the first step that failed.

The steps are those of the chain: the right passage is retrieved, its sentence becomes evidence, the answer points at
it, the figures pass the check. An answer that is right has no cause; of one that is not, the first broken link counts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant import figures
from assistant.records import Answer, CaveatKind, Hit, Verdict
from evals.gold import GoldItem, Kind, expected
from evals.reading import mentions, same
from evals.score import Outcome, Score


class Cause(StrEnum):
    """Why an answer is not right; the empty one is of those that are."""

    NONE = ""
    NOT_RETRIEVED = "not_retrieved"
    NOT_IN_EVIDENCE = "not_in_evidence"
    WRONGLY_DECLINED = "wrongly_declined"
    CHECK_FAILED = "check_failed"
    NOT_COMPUTED = "not_computed"
    NOT_DOUBTED = "not_doubted"
    WRONG_POINTER = "wrong_pointer"
    NOT_DECLINED = "not_declined"


LABELS = {
    Cause.NOT_RETRIEVED: "没有检索到",
    Cause.NOT_IN_EVIDENCE: "没有选进证据",
    Cause.WRONGLY_DECLINED: "有证据却拒答",
    Cause.CHECK_FAILED: "数字核对未过",
    Cause.NOT_COMPUTED: "有数字没算对",
    Cause.NOT_DOUBTED: "没有提示存疑",
    Cause.WRONG_POINTER: "指错了地方",
    Cause.NOT_DECLINED: "该拒没有拒",
}


@dataclass(frozen=True, slots=True)
class Reach:
    """Whether what the item needs was among the passages retrieved, and among the evidence; None: not known."""

    hits: bool | None
    evidence: bool | None


def reach(item: GoldItem, hits: Sequence[Hit] | None, answer: Answer) -> Reach:
    """How far the needed facts came; ``hits`` is None for a system that does not tell what it retrieved."""
    if item.type is Kind.UNANSWERABLE:
        return Reach(None, None)
    offered = [evidence.text for evidence in answer.evidence]
    retrieved = (
        None if hits is None else bears(item, [f"{hit.passage.source.title}\n{hit.passage.text}" for hit in hits])
    )
    return Reach(retrieved, bears(item, offered) if offered or hits is not None else None)


def bears(item: GoldItem, texts: Iterable[str]) -> bool:
    """Whether the texts together print every fact of the item, and words of every group that must be mentioned."""
    whole = "\n".join(texts)
    printed = figures.find(whole)
    wanted = [figure for fact in item.facts if (figure := expected(fact))]
    if wanted:
        return all(any(same(figure, other) for other in printed) for figure in wanted)
    return all(any(mentions(whole, phrase) for phrase in group) for group in item.must_mention)


def cause(item: GoldItem, answer: Answer, judged: Score, reached: Reach) -> Cause:
    """The first link that broke; NONE for what is right or cannot be judged."""
    if judged.verdict in (Outcome.CORRECT, Outcome.UNSCORED):
        return Cause.NONE
    if item.type is Kind.UNANSWERABLE:
        return Cause.NOT_DECLINED
    if reached.hits is False:
        return Cause.NOT_RETRIEVED
    if reached.evidence is False:
        return Cause.NOT_IN_EVIDENCE
    if answer.declined:
        return Cause.WRONGLY_DECLINED
    if any(check.verdict is Verdict.UNSUPPORTED for check in answer.checks):
        return Cause.CHECK_FAILED
    if item.type in (Kind.COMPUTE, Kind.COMPARE):
        return Cause.NOT_COMPUTED
    warned = any(caveat.kind in (CaveatKind.CONFLICT, CaveatKind.SUSPECT) for caveat in answer.caveats)
    if item.type is Kind.CONFLICT and not warned:
        return Cause.NOT_DOUBTED
    return Cause.WRONG_POINTER
