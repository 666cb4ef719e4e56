"""A question in, what is to be reckoned and between what out, by rule; None where it asks for no reckoning.

    >>> asked = read("A园区产值比B园区高多少亿元？")
    >>> asked.operation, asked.splits, asked.unit
    (<Operation.DIFFERENCE: 'difference'>, (('A园区产值', 'B园区'),), '元')

A question for a printed figure (同比增长多少, 占比是多少) has the same words as one for a reckoning. What is told apart
here is only what the words can tell: ``sure`` is False where the page may print the result, which has to be looked for
first. Where 和 may part two sides or belong to a name, each way of parting them is in ``splits``.
"""

import re
from dataclasses import replace
from typing import Final

from assistant.compute.asked import Asked, Operation
from assistant.compute.changing import average, backwards, converted, lasting, moved, over, stretched, yearly
from assistant.compute.comparing import (
    apart,
    below,
    bigger,
    compared,
    latter,
    less,
    ordered,
    ratio,
    together,
    whether,
    without,
)
from assistant.compute.parting import LEAD
from assistant.compute.units_asked import unit_asked
from assistant.compute.words import PART, SIZE, WHICH

_RANKS: Final = re.compile(r"排名|名次|位次|第几")  # nothing is added to a rank
_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_LONGEST: Final = 300  # letters of a question with the one before it: the rules' time grows faster than its length


def read(text: str, asked: str = "") -> Asked | None:
    """What the question asks to be reckoned. ``asked`` is its last turn, where ``text`` has the one before it too."""
    if len(text) > _LONGEST or _RANKS.search(text):
        return None
    whole = _clean(text)
    last = _clean(asked) if asked else whole
    for rule in _RULES:
        found = rule(whole, last)
        if found:
            unit = found.unit or unit_asked(last)
            sure = found.sure or any(_years_apart(split) for split in found.splits)
            sure = sure or (found.operation is Operation.CHANGE and bool(unit) and len(set(_YEAR.findall(whole))) > 1)
            return replace(found, unit=unit, context=_without_cues(whole), sure=sure)
    return None


def _years_apart(split: tuple[str, ...]) -> bool:
    """Whether each side names a year of its own: what two years come to is seldom printed."""
    years = [re.findall(r"(?<!\d)(?:19|20)\d\d(?=年)", side) for side in split]
    return len(split) > 1 and all(years) and len({named[0] for named in years}) == len(split)


_RULES: Final = (
    *(latter, ordered, compared, backwards, lasting, without, below, less, bigger, ratio),
    *(yearly, over, together, apart),
    *(moved, average, whether, converted, stretched),
)


def _clean(text: str) -> str:
    """One line without spaces between Han letters, question marks, or what introduces it."""
    text = re.sub(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])", "", " ".join(text.split()))
    return LEAD.sub("", re.sub(r"[？?]+(?=.)", "，", text).rstrip("？?。 "))


_CUES: Final = re.compile(
    rf"(?:{WHICH})|{PART}|多少|几个?|多大|合计|总计|共计|加起来|之和|一共|总共|相差|差距|平均|相比|对比|比较|分别|大约|大概|"
    rf"(?:更|最|还要|还)(?:{SIZE})|(?:{SIZE})(?:出|了)|(?:提升|提高|增加|增长|下降|减少)得|"
    r"推算|倒推|反推|算下来|来推|后者|前者|最新|除去|减去|还差|其他|其余|只有|折合|换算|相当于|请问|算|？|\?"
)


def _without_cues(text: str) -> str:
    return _CUES.sub(" ", text)
