"""An answer's figures in, the warnings that the claims of all pages give of them out, with the sentences they rest on.

A figure that cannot be right is quoted as printed; the warning beside it shows the arithmetic and the probable reading,
worded as a doubt. Where another page makes the same claim with another value, the warning cites that page.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence

from assistant import figures, sentences
from assistant.claim_index import ClaimIndex
from assistant.records import Caveat, CaveatKind, Claim, Evidence, Figure, FigureCheck, Passage, Suspicion

_MOST = 3  # warnings of one answer: more would hide each other
_CONFLICTS = ("conflict", "power-of-ten", "magnitude")  # kinds of suspicion in which two pages disagree

Get = Callable[[Sequence[str]], Mapping[str, Passage]]


def find(
    checks: Sequence[FigureCheck], used: Sequence[Evidence], index: ClaimIndex, get: Get, *, whole: bool = False
) -> tuple[tuple[Caveat, ...], tuple[Evidence, ...]]:
    """The warnings, and the sentences beyond the used ones that they cite; ``get`` gives passages by their ids.

    ``whole``: of every figure in the used sentences, as is asked for where the question doubts what the pages say.
    """
    found: dict[str, Suspicion] = {}
    everything = [(evidence, figure) for evidence in used for figure in evidence.figures]
    for evidence, figure in everything if whole else _printed(checks, used):
        for doubt in index.doubts(evidence.passage.id, figure.start, figure.end, witnesses=True):
            # 从145万吨提升至20万吨: whichever of the two is asked for, the sentence that is quoted prints the other
            if any(_within(claim, evidence) for claim in doubt.claims):
                found.setdefault(f"{doubt.kind}\0{doubt.text}\0{doubt.arithmetic}", doubt)
    caveats, more = [], {evidence.key: evidence for evidence in used}
    for doubt in list(found.values())[:_MOST]:
        cited = [_sentence(claim, more, get) for claim in (*doubt.claims, *doubt.witnesses)]
        keys = tuple(dict.fromkeys(one.key for one in cited if one))
        more.update({one.key: one for one in cited if one})
        kind = CaveatKind.CONFLICT if doubt.kind in _CONFLICTS and len(keys) > 1 else CaveatKind.SUSPECT
        said = f"{_names(doubt)}{doubt.text}" + (f"；{doubt.reading}" if doubt.reading else "")
        caveats.append(Caveat(kind, f"{said}。", keys, doubt.arithmetic))
    known = {evidence.key for evidence in used}
    return tuple(caveats), tuple(evidence for key, evidence in more.items() if key not in known)


def _within(claim: Claim, evidence: Evidence) -> bool:
    return claim.passage_id == evidence.passage.id and evidence.start <= claim.figure.start < evidence.end


def _names(doubt: Suspicion) -> str:
    """The figures in doubt and those that they are held against, as printed, before what is said of them."""
    printed = dict.fromkeys(claim.figure.text for claim in (*doubt.claims, *doubt.witnesses))
    return f"“{'”“'.join(printed)}”：" if printed else ""


def _printed(checks: Sequence[FigureCheck], used: Sequence[Evidence]) -> Iterator[tuple[Evidence, Figure]]:
    """Where the answer's figures are printed."""
    by_key = {evidence.key: evidence for evidence in used}
    for check in checks:
        evidence = by_key.get(check.citation)
        for figure in evidence.figures if evidence else ():
            if evidence and figures.same(check.figure, figure):
                yield evidence, figure


def _sentence(claim: Claim, known: Mapping[str, Evidence], get: Get) -> Evidence | None:
    """The sentence that prints the claim's figure; a headline's figure has none."""
    at = claim.figure.start
    for evidence in known.values():
        if evidence.passage.id == claim.passage_id and evidence.start <= at < evidence.end:
            return evidence
    passage = get([claim.passage_id]).get(claim.passage_id) if claim.passage_id else None
    if passage is None:
        return None
    start, end = next(span for span in sentences.split(passage.text) if span[0] <= at < span[1])
    inside = tuple(figure for figure in passage.figures if start <= figure.start and figure.end <= end)
    key = hashlib.sha256(f"{passage.id}\0{start}".encode()).hexdigest()[:6]
    return Evidence(key, passage, start, end, inside, 0.0, 0.0)
