"""What was found of a draft's number in, why it is not borne out, in words, out: in Chinese, a clause or two."""

from typing import Final

from assistant.check import pace
from assistant.check.bearing import Bearing
from assistant.check.sources import Printed, Sources
from assistant.check.statements import Statement
from assistant.records import Bound, Fault, Figure, Stated

_ABSENT: Final = {
    Stated.FIGURE: "来源里没有这个数字",
    Stated.DATE: "来源里没有这个日期",
    Stated.NAME: "来源里没有这个编号、比分或名称",
}
_BOUNDS: Final = {
    Bound.EXACT: "确数",
    Bound.ABOUT: "约数",
    Bound.AT_LEAST: "下限",
    Bound.MORE_THAN: "超过",
    Bound.AT_MOST: "上限",
    Bound.LESS_THAN: "不到",
}


def reason(statement: Statement, found: Bearing, sources: Sources) -> str:
    """Why the number is not borne out; empty where it is."""
    fault, printed = found.fault, found.printed
    if fault is None:
        return ""
    if found.instead is None:
        return _words(statement, fault, printed, sources)
    here = found.instead.mark.text
    if printed:
        return f"{_words(statement, fault, printed, sources)}；来源这里写的是{here}"
    return f"来源这里写的是{here}" if fault is Fault.VALUE else f"{_ABSENT[statement.mark.kind]}，相近处写的是{here}"


def _words(statement: Statement, fault: Fault, printed: Printed | None, sources: Sources) -> str:
    if printed is None:
        return _ABSENT[statement.mark.kind]
    text, claim = printed.mark.text, printed.claim
    if fault is Fault.UNIT:
        return _unit(statement.mark.figure, printed.mark.figure, text)
    if fault is Fault.BOUND:
        return _bound(statement.mark.figure, printed.mark.figure, text)
    if fault is Fault.DIRECTION:
        return f"升降相反：来源说的是另一个方向的{text}"
    if fault is Fault.PERIOD:
        return f"数字在，时间不同：来源说的是{_when(statement, printed, sources)}"
    if fault is Fault.SUBJECT:
        return "数字在，主体不同" + (f"：来源说的是{claim.subject}" if claim and claim.subject else "")
    if fault is Fault.METRIC:
        return "数字在，说的是别的事" + (f"：{claim.metric}" if claim and claim.metric else "")
    return _ABSENT[statement.mark.kind]


def _when(statement: Statement, printed: Printed, sources: Sources) -> str:
    """By which stretch of time the print counts, where the draft has another; otherwise the period of its claim."""
    stated = pace.pace(statement.text, statement.mark.start)
    said = pace.pace(sources.line(printed), printed.mark.start)
    if pace.another(stated, said):
        told = [word for name, word in pace.SHOWN.items() if name in said - stated]
        return "、".join(told) or "另一种平均"
    return (printed.claim.period.label if printed.claim else "") or "另一时间"


def _unit(stated: Figure | None, printed: Figure | None, text: str) -> str:
    if stated and printed and {stated.kind, printed.kind} == {"share", "points"}:
        return f"百分比与百分点不同：来源是{text}"
    if stated and printed and (stated.unit, stated.kind) == (printed.unit, printed.kind):
        return f"数字相同，数量级不同：来源是{text}"
    return f"数字相同，单位不同：来源是{text}"


def _bound(stated: Figure | None, printed: Figure | None, text: str) -> str:
    if stated is None or printed is None:
        return f"来源是{text}"
    return f"来源是{text}（{_BOUNDS[printed.bound]}），稿中写成{_BOUNDS[stated.bound]}"
