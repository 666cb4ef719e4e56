"""A question and a figure offered as its answer in, what speaks against it out: the check of drafts, of answers.

The question with the figure set into it is a statement like any draft's: 莹石铝业2024年产值是多少？with 3亿元 that the
page prints of 2025 states what no page says.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from assistant.aliases import Aliases
from assistant.asks import of_either
from assistant.check import bearing, reasons
from assistant.check.sources import Sources
from assistant.check.statements import statements
from assistant.records import Fault, Figure, Passage

_ASKS: Final = re.compile(
    r"(?:大概|大约|约)?(?:多少|几)(?:[十百千万亿个把吨元家户人名倍度平方米公里瓦时%％成辆台天小项位件岁年]|百分点){0,6}"
)
_END: Final = re.compile(r"(?<![？?。\s])[？?。\s]+$")
# What a question's own words can tell amiss. A bound or a unit is the question's to leave open.
_TOLD: Final = (Fault.SUBJECT, Fault.PERIOD, Fault.METRIC, Fault.DIRECTION)


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a figure does not answer a question, in words; ``instead`` is the figure of ``passage_id`` that would."""

    fault: Fault
    reason: str
    passage_id: str = ""
    instead: Figure | None = None


class Asked:
    """A question, with the passages that its answer may rest on."""

    def __init__(self, question: str, passages: Sequence[Passage], aliases: Aliases, asks: Sequence[str] = ()) -> None:
        """``passages`` are those of the evidence and others of their stories, each but once.

        ``asks`` are the questions of one figure each that the question is made of, if it is.
        """
        self._questions = tuple(_END.sub("", one) for one in (asks or (question,)))
        self._sources = Sources(passages, (), aliases)

    def against(self, figure: str) -> Objection | None:
        """The objection to answering with a figure that the passages print, in these words; None where none is.

        Of several questions the figure need answer but one.
        """
        found = [self._against(question, figure) for question in self._questions]
        return None if None in found else found[0]

    def _against(self, question: str, figure: str) -> Objection | None:
        question = of_either(question)  # the year of the one end is not that of the other
        asks = list(_ASKS.finditer(question))
        begin, end = asks[-1].span() if asks else (len(question), len(question))
        said = f"{question[:begin]}{figure}{question[end:]}。"
        told = [one for one in statements(said, self._sources) if one.mark.figure]
        own = next((one for one in told if one.mark.start < begin + len(figure) and begin < one.mark.end), None)
        found = bearing.find(own, self._sources) if own else None
        if own is None or found is None or found.fault not in _TOLD:
            return None
        if found.fault is Fault.METRIC and found.instead is None:
            return None  # few words in common: 卖了多少钱 is asked of what is printed as 收益
        if found.fault is Fault.SUBJECT and self._named(question, found):
            # it is named, if not where a statement's subject stands: 莹月帆要投产的铝材项目，规模多少万吨？
            return None
        where = found.instead
        passage = self._sources.passages[where.passage].id if where else ""
        return Objection(
            found.fault, reasons.reason(own, found, self._sources), passage, where.mark.figure if where else None
        )

    def _named(self, question: str, found: bearing.Bearing) -> bool:
        """Whether the question names whom the source speaks of."""
        subject = found.printed.claim.subject if found.printed and found.printed.claim else ""
        aliases = self._sources.aliases
        return bool(subject) and any(aliases.same(one.text, subject) for one in aliases.mentions(question))
