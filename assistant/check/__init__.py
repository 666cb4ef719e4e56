"""Anyone's text and its sources in, every number of the text checked out: as a function, without an index or a model.

    from assistant import check
    for number in check(draft, [article, another]).unsupported:
        print(number.text, number.reason)

A number is QUOTED where a source prints it, equal in value, unit and bound, of the same subject, metric and period;
COMPUTED where it follows in one step from figures that the sources print; otherwise UNSUPPORTED, with the reason.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Final

from assistant.check import bearing, counted, derived, reasons
from assistant.check.bearing import Bearing
from assistant.check.derived import Derived
from assistant.check.sources import Printed, Sources
from assistant.check.statements import Statement, statements
from assistant.errors import SettingError
from assistant.records import (
    Caveat,
    CaveatKind,
    Checked,
    CheckedNumber,
    Citation,
    Fault,
    Passage,
    Suspicion,
    Verdict,
)

LONGEST: Final = 200_000  # characters of a draft: a long book chapter; beyond, the report serves nobody
_COMPUTABLE: Final = (Fault.ABSENT, Fault.VALUE, Fault.METRIC, Fault.SUBJECT, Fault.UNIT)
# The share of a number's words, by weight, that a sentence must have to be called near. Of 18 drafts of what the pages
# that come with Jushi do not tell, sentences of another matter had .08 to .21 (咖啡馆), those of the same .24 and more.
NEAR: Final = 0.22
_SENTENCES_BACK: Final = 1  # sentences before a figure's own in which its operands may be told


def check(
    text: str, passages: Sequence[Passage | str], *, date: str = "", suspicions: Sequence[Suspicion] | None = None
) -> Checked:
    """Every figure, date and number in a name of the text, held against the passages.

    A passage may be a plain string. ``date`` is the text's own (ISO, as exact as it is known): it tells what its 今年
    is; without it, a date without a year is taken for that of the page it is found on. ``suspicions`` are known doubts
    about the passages' figures; where None is given they are looked for.

    Raises SettingError where there is no text, too long a one, or no passage with any.
    """
    refuse(text, passages)
    return held(text, Sources(passages, suspicions), date)


def refuse(text: str, passages: Sequence[Passage | str]) -> None:
    """Raises SettingError where there is no text, too long a one, or no passage with any."""
    if not text.strip():
        raise SettingError("The text to be checked is empty.")
    if len(text) > LONGEST:
        raise SettingError(f"The text has {len(text)} characters; at most {LONGEST} are checked at once. Split it.")
    if not any((one if isinstance(one, str) else one.text).strip() for one in passages):
        raise SettingError("There is nothing to check the text against: give at least one passage with text.")


def held(text: str, sources: Sources, date: str = "") -> Checked:
    """``check`` against sources that were read before."""
    rows = [(one, bearing.find(one, sources, date)) for one in statements(text, sources, date)]
    numbers = [_number(one, found, _derived(one, found, rows, sources), sources, date) for one, found in rows]
    return Checked(text, tuple(numbers), len(sources.passages))


def _derived(
    statement: Statement, found: Bearing, rows: Sequence[tuple[Statement, Bearing]], sources: Sources
) -> Derived | None:
    figure = statement.mark.figure
    if figure is None or found.fault not in _COMPUTABLE:
        return None
    borne = [
        other.printed
        for one, other in rows
        if one is not statement
        and one.mark.figure
        and other.printed
        and other.fault is None
        and _beside(one, statement)
    ]
    computed = derived.derived(statement, figure, borne, sources)
    if computed is None and (items := counted.listed(statement, figure, sources)):
        return Derived(f"{'、'.join(items)}：{len(items)}", ())
    return computed


def _beside(one: Statement, statement: Statement) -> bool:
    """Whether a figure stands in the same sentence or the one before."""
    return 0 <= statement.at - one.at <= _SENTENCES_BACK


def _number(
    statement: Statement, found: Bearing, computed: Derived | None, sources: Sources, date: str
) -> CheckedNumber:
    mark, claim = statement.mark, statement.claim
    verdict = Verdict.COMPUTED if computed else Verdict.UNSUPPORTED if found.fault else Verdict.QUOTED
    shown = list(computed.operands) if computed else [one for one in (found.instead or found.printed,) if one]
    return CheckedNumber(
        text=mark.text,
        start=mark.start,
        end=mark.end,
        kind=mark.kind,
        verdict=verdict,
        fault=None if computed else found.fault,
        reason="" if computed else reasons.reason(statement, found, sources),
        citations=tuple(dict.fromkeys(_citations(statement, shown, sources))),
        printed="、".join(one.mark.text for one in shown),
        formula=computed.formula if computed else "",
        subject=claim.subject if claim else "",
        metric=claim.metric if claim else "",
        period=claim.period.label if claim and claim.period.label != date else "",
        doubts=tuple(dict.fromkeys(_doubts(shown, sources))) if verdict is not Verdict.UNSUPPORTED else (),
    )


def _citations(statement: Statement, shown: Sequence[Printed], sources: Sources) -> Iterator[Citation]:
    """The sentences of what was found; where nothing was, that of most of the draft's words, if near."""
    for one in shown:
        yield sources.citation(one.passage, one.sentence)
    if not shown:
        whole = math.fsum(statement.words.values())
        for (passage, sentence), shared in sources.nearest(statement.words.items(), 1):
            if shared >= NEAR * whole:
                yield sources.citation(passage, sentence)


def _doubts(shown: Sequence[Printed], sources: Sources) -> Iterator[Caveat]:
    for one in shown:
        for doubt in sources.doubts(one):
            said = f"“{one.mark.text}”：{doubt.text}" + (f"；{doubt.reading}" if doubt.reading else "")
            yield Caveat(CaveatKind.SUSPECT, f"{said}。", (), doubt.arithmetic)
