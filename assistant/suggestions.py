"""Claims in, questions that they answer out: in the pages' own words (青禾开发区2024年总产值是多少？), and in English.

English is asked where every word of the subject and the metric has one that questions are read by; a firm keeps its
printed name: What was the output value of 青禾铝业公司 in 2024?
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from assistant import mentions, translation, units
from assistant.records import Claim, NameKind, Told

_NAMED: Final = frozenset((NameKind.FIRM, NameKind.PARK, NameKind.PLACE, NameKind.SITE))
_LONGEST: Final = 34  # characters: two lines of a phone
_LONGEST_ENGLISH: Final = 120
# What a metric ends with that can be asked for as it stands: 规上工业总产值 can, 突破 and 实现 cannot.
_WANTED: Final = re.compile(
    r"[\u4e00-\u9fff]{0,12}(?:产值|增加值|产量|产能|收入|利润|投资|贷款|销售额|销量|出口额|进出口额|电量|面积|人数|人次|总额|增速"
    r"|比重|占比|规模|企业|整车|订单|用工)"
)
# A measure that does not say of what: 面积 may be that of a plant or of a roof, and 全省所占比重 that of anything.
_OF_NOTHING: Final = re.compile(r"(?:在?全?[省市州县区国])?(?:所?占|总)?的?(?:面积|规模|企业|比重|占比|增速|订单)")
_REACHED: Final = re.compile("^(?:实现|完成|达到)的?")  # 实现的产值 is 产值
_DOES: Final = re.compile("生产|销售|投放|发放|申请|接待|吸纳|带动|新增|培育|引进|建成|拥有|聚集|入驻|出口|完成")
_SPANS: Final = frozenset(("年均", "月均", "日均", "每年", "每月", "每天"))  # of more, or of less, than the year
_FORECAST: Final = "预计"
_BEGINNING: Final = re.compile("^一?开[局年]")  # 一开局就投放贷款 is not of the year


def question(claim: Claim) -> str:
    """The question that the claim answers, or nothing where its subject, metric or period would not make a good one."""
    metric = _metric(claim)
    if not metric:
        return ""
    asked = f"{claim.subject}{_year(claim)}年{metric}{_ending(claim, metric)}"
    return asked if len(asked) <= _LONGEST else ""


def english(claim: Claim) -> str:
    """The same in English, or nothing where the metric or the subject has none."""
    metric = _metric(claim)
    if not metric or claim.figure.kind == units.COUNT or _FORECAST in claim.comparison:
        return ""
    whose, what = translation.subject(claim.subject), translation.metric(metric)
    if not whose or not what:
        return ""
    grew = _grew(claim)
    asked = f"How much did the {what} of {whose} grow in {_year(claim)}?" if grew else ""
    asked = asked or f"What was the {what} of {whose} in {_year(claim)}?"
    return asked if len(asked) <= _LONGEST_ENGLISH else ""


def suggested(claims: Iterable[Told], ask: Callable[[Claim], str] = question) -> Iterator[str]:
    """Questions of the claims, one of each subject, in their order; ``ask`` makes them: ``question`` or ``english``."""
    seen: set[str] = set()
    for told in claims:
        asked = ask(told.claim)
        if asked and told.claim.subject not in seen:
            seen.add(told.claim.subject)
            yield asked


def _metric(claim: Claim) -> str:
    """What the claim measures, as it can be asked for; empty where the claim makes no good question."""
    subject, metric = claim.subject, _REACHED.sub("", claim.metric)
    if not claim.sure or not subject or not _WANTED.fullmatch(metric) or subject in metric:
        return ""
    if "占比" in claim.comparison and "占" not in metric:
        return ""  # 工业投资固定资产投资比重: which is the share of which is lost
    if _OF_NOTHING.fullmatch(metric) or _BEGINNING.match(metric) or _SPANS.intersection(claim.comparison.split()):
        return ""
    if not any(one.kind in _NAMED and one.text == subject for one in mentions.mentions(subject)):
        return ""
    return metric if _year(claim) else ""


def _year(claim: Claim) -> int:
    """The period where it is a year that the page prints or makes plain, 去年 as that year; otherwise 0."""
    period = claim.period
    if period.start is None or period.end is None:
        return 0
    whole = (period.start.month, period.start.day, period.end.month, period.end.day) == (1, 1, 12, 31)
    return period.start.year if whole and period.start.year == period.end.year else 0


def _grew(claim: Claim) -> bool:
    return "同比" in claim.comparison and claim.figure.unit == "%"


def _ending(claim: Claim, metric: str) -> str:
    if _grew(claim):
        return "同比增长多少？"
    if _FORECAST in claim.comparison:
        return "预计是多少？"
    if _DOES.match(metric) and not metric.endswith(("额", "量", "值", "收入", "增速")):  # 生产整车多少辆？
        return f"多少{claim.figure.unit if claim.figure.kind == units.COUNT else ''}？"
    return "是多少？"
