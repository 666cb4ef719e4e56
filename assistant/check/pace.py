"""The words before a figure in, by what stretch of time it counts out: 每天 of 每天400吨, an average or a peak.

>>> pace("园区日均处理400吨", 6), pace("每月出货3车", 4), pace("单日最高900件", 4)
({'day', 'mean'}, {'month'}, {'day', 'peak'})
"""

import re
from typing import Final

_WORDS: Final = {
    "hour": r"每小时|一小时|每个小时|an hour|per hour|hourly",
    "day": r"每天|每日|日均|单日|一天|平均一天|a day|per day|daily",
    "week": r"每周|每星期|一周|周均|a week|per week|weekly",
    "month": r"每月|每个月|一个月|月均|单月|a month|per month|monthly",
    "quarter": r"每季度|每个季度|季均|per quarter|quarterly",
    "year": r"每年|一年|年均|年产|年节省|年排放|a year|per year|annually|yearly",
    "mean": r"平均|[日月年周]均",
    "peak": r"最高|最多|峰值|顶峰|at most|peak",
}
_WORD: Final = re.compile("|".join(f"(?P<{name}>{words})" for name, words in _WORDS.items() if name != "mean"))
_MEAN: Final = re.compile(_WORDS["mean"])
_CLAUSE: Final = re.compile(r"[，。；：！？\n]")
_REACH: Final = 24  # letters before a figure in which its clause tells its pace
STRETCHES: Final = frozenset(("hour", "day", "week", "month", "quarter", "year"))
SHOWN: Final = {
    "hour": "每小时",
    "day": "每天",
    "week": "每周",
    "month": "每月",
    "quarter": "每季度",
    "year": "每年",
    "mean": "平均值",
    "peak": "最高值",
}


def pace(text: str, start: int) -> set[str]:
    """The stretches of time that the clause before a figure names, ``mean`` for an average, ``peak`` for the most."""
    clause = _CLAUSE.split(text[max(0, start - _REACH) : start])[-1]
    found = {str(one.lastgroup) for one in _WORD.finditer(clause)}
    return found | ({"mean"} if _MEAN.search(clause) else set())


def another(stated: set[str], printed: set[str]) -> bool:
    """Whether both name a stretch and it is not the same, or one is an average and the other a peak."""
    one, other = stated & STRETCHES, printed & STRETCHES
    if one and other and not one & other:
        return True
    kinds = [{"mean", "peak"} & told for told in (stated, printed)]
    return all(kinds) and not kinds[0] & kinds[1]
