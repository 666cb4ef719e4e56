"""Question and history in, Query out: by rule, what language it is in, which years and units it asks about.

A follow-up that leaves out its subject (那去年呢？) is read together with the question before it.
"""

import re
from collections.abc import Sequence

from assistant import units
from assistant.lexical import terms
from assistant.records import Query

_HAN = re.compile(r"[\u3400-\u9fff]")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?:年|\b)")
_FOLLOWS = re.compile(
    r"^(?:那么?|它|他们?|她|该|这|其|呢|同期|再|还|又|另外|and |what about|how about|its? |they |their )", re.IGNORECASE
)
_SHORTEST_WHOLE = 8  # characters; a shorter question, such as 去年呢？, leans on the one before

# What a question asks to be told where it names no unit, as the kinds of figures.py; the first that matches decides.
_KINDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"百分点|percentage points?", ("points",)),
    (
        r"百分之几|几分之几|百分比|占比|比重|比例|增速|增幅|增长率?(?:了|是)?多少(?!倍)|同比|几成|利用率|回收率|贡献率"
        r"|置换率|次品率|what (?:share|percent|proportion)|how fast|growth rate|percent",
        ("share", "multiple"),
    ),
    (r"几倍|how many times", ("multiple", "share")),
    (
        r"产值|投资|营收|收入|销售额|补贴|运费|金额|贷款|授信|出口额|多少钱|花了?多少|利润|造价|经费|花费|资金|预算|工资|薪酬"
        r"|how much (?:money|did)|output value|revenue|invest|worth|cost",
        ("money",),
    ),
    (r"价格|成本", ("money", "share")),
    (r"产量|产能|how many (?:tons|tonnes)", ("mass", "count", "energy", "power")),
    (r"发电量|售电量|供电量|用电量", ("energy",)),
    (r"兆瓦|装机|千瓦", ("power",)),
    (r"多长时间|多久|how long", ("duration",)),
    (r"第几|排名|排第|rank", ("rank",)),
    (r"温度|temperature", ("temperature",)),
    (r"多长|多厚|厚度|多宽|how (?:thick|far)", ("length",)),
    (r"面积|多大", ("area",)),
    (r"how many", ("count",)),
    (r"多少|几|多大|多高|how much|number of", ()),
)
_KIND_RULES = tuple((re.compile(pattern, re.IGNORECASE), kinds) for pattern, kinds in _KINDS)
_NOT_FIGURE = re.compile(
    r"谁|为什么|为何|怎么|怎样|如何|什么|哪(?!年)|是否|吗|who|why|how (?!much|many|fast|long)"
    r"|what(?! (?:share|percent|was|is|were))|which|where",
    re.IGNORECASE,
)

_HOW_MANY = re.compile(r"(?:多少|几)(?:[十百千万亿]+)?|(?:how many|多大|多少) ", re.IGNORECASE)
_ASKS_NUMBER = re.compile(
    r"多少|几|多大|多高|多长|多久|多厚|how (?:much|many|fast|long)|what (?:share|percent)", re.IGNORECASE
)


def understand(text: str, history: Sequence[tuple[str, str]] = ()) -> Query:
    """The Query of a question; ``history`` is (question, answer) pairs, oldest first."""
    asked = " ".join(text.split())
    whole = asked
    if history and (_FOLLOWS.match(asked) or len(asked) < _SHORTEST_WHOLE):
        whole = f"{history[-1][0]} {asked}"
    kinds, unit, wants_figure = _wanted(asked)
    if not wants_figure and whole != asked and not _NOT_FIGURE.search(asked):
        kinds, unit, wants_figure = _wanted(whole)
    years = tuple(dict.fromkeys(int(year) for year in _YEAR.findall(asked))) or tuple(
        dict.fromkeys(int(year) for year in _YEAR.findall(whole))
    )
    return Query(
        text=whole,
        language="zh" if _HAN.search(asked) else "en",
        terms=tuple(dict.fromkeys(terms(whole))),
        years=years,
        kinds=kinds,
        wants_figure=wants_figure,
        unit=unit,
        history=tuple(history),
    )


def _wanted(text: str) -> tuple[tuple[str, ...], str, bool]:
    """The kinds of figure that the question asks for, the unit that it names (多少吨), and whether it asks for any."""
    if _NOT_FIGURE.search(text) and not _ASKS_NUMBER.search(text):
        return (), "", False
    for asked in _HOW_MANY.finditer(text):
        if found := units.match(text, asked.end()):
            # 多少度 may be asked of electricity or of heat
            either = ("temperature", "energy") if found[0].name == "度" else (found[0].kind,)
            return either, found[0].name, True
    for rule, kinds in _KIND_RULES:
        if rule.search(text):
            return kinds, "", True
    return (), "", False
