"""Claims in, questions out that the pages answer, in the pages' own words (青禾开发区2024年总产值是多少？)."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from assistant import mentions, periods
from assistant.records import Claim, NameKind, Told

_NAMED: Final = frozenset((NameKind.FIRM, NameKind.PARK, NameKind.PLACE, NameKind.SITE))
_LONGEST: Final = 34  # characters: two lines of a phone
# What a metric ends with that can be asked for as it stands: 规上工业总产值 can, 突破 and 实现 cannot.
_WANTED: Final = re.compile(
    r"[\u4e00-\u9fff]{0,12}(?:产值|增加值|产量|产能|收入|利润|投资|贷款|销售额|销量|出口额|进出口额|电量|面积|人数|人次|总额|增速"
    r"|比重|占比|规模|企业|整车|订单|用工)"
)


def question(claim: Claim) -> str:
    """The question that the claim answers, or nothing where its subject, metric or period would not make a good one."""
    subject, metric = claim.subject, claim.metric
    if not claim.sure or not subject or not _WANTED.fullmatch(metric) or subject in metric:
        return ""
    if not any(one.kind in _NAMED and one.text == subject for one in mentions.mentions(subject)):
        return ""
    when = _year(claim)
    asked = f"{subject}{when}{metric}{_kind(claim)}"
    return asked if when and len(asked) <= _LONGEST else ""


def suggested(claims: Iterable[Told]) -> Iterator[str]:
    """Questions of the claims, one of each subject, in their order."""
    seen: set[str] = set()
    for told in claims:
        asked = question(told.claim)
        if asked and told.claim.subject not in seen:
            seen.add(told.claim.subject)
            yield asked


def _year(claim: Claim) -> str:
    """The period where it is a year that the page prints or makes plain; 去年 is told as that year."""
    period = claim.period
    if period.start is None or period.end is None:
        return ""
    whole = (period.start.month, period.start.day, period.end.month, period.end.day) == (1, 1, 12, 31)
    return periods.absolute(period) if whole and period.start.year == period.end.year else ""


def _kind(claim: Claim) -> str:
    if "同比" in claim.comparison and claim.figure.unit == "%":
        return "同比增长多少？"
    return "是多少？"
