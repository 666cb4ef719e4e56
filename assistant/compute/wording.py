"""A reckoning in, the sentence that tells it out: result, operands with their citations, formula.

合计8亿元：远山园区产值5亿元[a1b2c3]，青禾园区3亿元[d4e5f6]（5亿元+3亿元=8亿元）。
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from assistant import figures
from assistant.arithmetic import Solved
from assistant.compute import parting, words
from assistant.compute.operands import Operand
from assistant.compute.worked import Worked
from assistant.records import Basis, Bound, Figure

_LONGEST_LABEL: Final = 32  # letters of a side of the question that are told as its name
_LONGEST_CLAUSE: Final = 80  # letters of a quoted clause; a longer one is told by its claim
_DANGLING: Final = "的是为约超近达有共仅、，, "
_UP: Final = (Bound.MORE_THAN, Bound.AT_LEAST)


def tell(worked: Worked, language: str) -> str:
    """The answer's sentence in the question's language, with keys in brackets behind what they bear."""
    solved = worked.solved
    if worked.winner or worked.word:
        return _compared(worked, language)
    if worked.order:
        return _ordered(worked, language)
    operands = (
        _span(worked.found, language) if worked.span else _named(worked) if worked.labels else _quoted(worked.found)
    )
    head = _filled(worked.head if language == "zh" else worked.english, solved.figure)
    if language != "zh":
        note = f"; {worked.note}" if worked.note else ""
        return f"{head}: {operands} ({solved.formula}){note}."
    note = f"；{worked.note}" if worked.note else ""
    return f"{head}：{operands}（{solved.formula}）{note}。"


def label(text: str) -> str:
    """A side of the question as a name for its figure: without figures of its own, which would be told twice."""
    text = parting.trimmed(text)
    for figure in reversed(figures.find(text)):
        text = f"{text[: figure.start]}{text[figure.end :]}"
    return parting.trimmed(text)[:_LONGEST_LABEL].rstrip(_DANGLING)


def printed(figure: Figure) -> str:
    """The figure as printed, or in other words with the same bound where a verb stands in it (至少生产5000吨)."""
    plain = figures.render(figure)
    found = figures.find(figure.text)
    alone = len(found) == 1 and found[0].value == figure.value and found[0].unit == figure.unit
    return figure.text if alone and len(figure.text) <= len(plain) + 2 else plain


def labelled(text: str, operand: Operand) -> str:
    """A side's name, its figure, and the key of the sentence that prints it."""
    return f"{label(text)}{printed(operand.figure)}[{operand.key}]"


# ---------------------------------------------------------------- heads


def _filled(head: str, figure: Figure) -> str:
    """多{} with 超5亿元 is 多5亿元以上, and 合计{} 合计超5亿元."""
    before = head.partition("{}")[0]
    if head.startswith(_EACH) or head.endswith(" a year"):  # 平均每斤9元, not 平均每斤9元/斤
        figure = replace(figure, text=figure.text.partition("/")[0])
    if figure.bound in _UP and len(before) == 1:
        return head.replace("{}", f"{figures.render(replace(figure, bound=Bound.EXACT))}以上")
    return head.replace("{}", figure.text)


_EACH: Final = ("平均每", "For each")


def _compared(worked: Worked, language: str) -> str:
    apart = _filled(f"{worked.word}{{}}", worked.solved.figure)
    told = "，".join(_moved(*one) for one in worked.also) if worked.also else _named(worked)
    formula = worked.solved.formula
    winner = label(worked.winner)
    if language != "zh":
        head = f"{winner} is ahead" if winner else "Both are the same"
        note = f"; {worked.note}" if worked.note else ""
        return f"{head}: {told}, {worked.solved.figure.text} apart ({formula}){note}."
    note = f"；{worked.note}" if worked.note else ""
    if not winner:
        return f"两者相同：{told}（{formula}）{note}。"
    return f"{winner}更{worked.word}：{told}，{apart}（{formula}）{note}。"


def _moved(side: str, pair: tuple[Operand, ...], solved: Solved) -> str:
    return f"{label(side)}{_span(pair, 'zh')}，变化{solved.figure.text}（{solved.formula}）"


def _ordered(worked: Worked, language: str) -> str:
    signs = {1: "<" if worked.rank in words.LOW else ">", 0: "="}
    told = labelled(worked.labels[0], worked.found[0])
    for at in range(1, len(worked.found)):
        told += f" {signs[worked.order[at - 1]]} {labelled(worked.labels[at], worked.found[at])}"
    if language != "zh":
        return f"{label(worked.labels[0])} comes first: {told}."
    note = f"；{worked.note}" if worked.note else ""
    return f"{label(worked.labels[0])}最{worked.rank}：{told}{note}。"


# ---------------------------------------------------------------- operands


def _named(worked: Worked) -> str:
    """Each operand by its name; a sentence that bears several in a row is cited behind the last."""
    keys = [operand.key for operand in worked.found]
    told = []
    for at, (name, operand) in enumerate(zip(worked.labels, worked.found, strict=True)):
        cited = "" if keys[at : at + 2] == [keys[at]] * 2 else f"[{keys[at]}]"
        told.append(f"{label(name)}{printed(operand.figure)}{cited}")
    return "，".join(told)


def _span(pair: Sequence[Operand], language: str) -> str:
    """从2020年的3亿元到2025年的9亿元."""
    start, end = pair
    first = "" if start.key == end.key else f"[{start.key}]"
    labels = ["", ""]
    spans = [operand.claim.period for operand in pair]
    if all(period.basis is Basis.PRINTED for period in spans) and spans[0].label != spans[1].label:
        labels = [f"{period.label}的" if language == "zh" else f"{period.label} " for period in spans]
    one, other = f"{labels[0]}{printed(start.figure)}{first}", f"{labels[1]}{printed(end.figure)}[{end.key}]"
    return f"从{one}到{other}" if language == "zh" else f"from {one} to {other}"


def _quoted(found: Sequence[Operand]) -> str:
    """Each operand in the words of its clause, a clause that bears two told once."""
    told: list[tuple[str, str]] = []
    for operand in found:
        clause = _clause(operand)
        if (clause, operand.key) not in told:
            told.append((clause, operand.key))
    shown = []
    for at, (clause, key) in enumerate(told):
        cited = "" if at + 1 < len(told) and told[at + 1][1] == key else f"[{key}]"
        shown.append(f"“{clause}”{cited}")
    return "，".join(shown)


def _clause(operand: Operand) -> str:
    text, figure = operand.passage.text, operand.figure
    starts = [match.end() for match in _MARK.finditer(text, operand.start, figure.start)]
    ends = [match.start() for match in _MARK.finditer(text, figure.end, operand.end)]
    start, end = max(starts, default=operand.start), min(ends, default=operand.end)
    clause = re.sub(r"\s+", "", text[start:end]).replace("“", "‘").replace("”", "’").strip("。")
    return clause if len(clause) <= _LONGEST_CLAUSE else printed(figure)


_MARK: Final = re.compile(r"[，；。：!！?？]|,(?!\d)")
