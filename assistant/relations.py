"""Two claims in, how they stand to each other out; and the keys under which claims that may be compared meet.

``relation`` tells same, conflict, or what differs (period, scope). What it takes for one metric or one subject has one
``metric_key``, one ``Subjects.key``: so claims are compared within a group, never each with each.
"""

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Final, Literal

from assistant import aliases as names
from assistant import figures, units
from assistant.aliases import Aliases
from assistant.checks.doubt import base
from assistant.mentions import KIND_OF, PLACE_NAME
from assistant.records import Bound, Claim

Relation = Literal["same", "conflict", "period", "scope", "unrelated"]

FLOWS: Final = re.compile("产值|产量|销售额|销量|营业收入|收入|出口额|发电量|售电量|税收|利润|增加值|接待游客|投资额")
_NOT_FLOW: Final = re.compile("增速|增长|占|比重|率|每|均|累计|预计|计划|目标|产能|同比|降|升")
# whose, only its page knows
_NOBODY: Final = re.compile(
    "(?:全|我|该|本)[省市州县区国镇乡村]|(?:[0-9]{4}年|约?占|该|本|母|子|上述|标的|上市|目标|控股|参股|全资)*(?:公司|集团|企业|园区)"
)
_FILLER: Final = re.compile(
    r"集团|公司|企业(?!数)|全[省市州县区]|[该我本][省市州县区]|该|累计|实现了?|完成了?|[了的共达]|总量|规模以上|规上|“|”|\s"
)
_UNTOLD: Final = frozenset(("预计", "累计", "起点", "终点"))  # ways of counting that make no other metric
SHORTEST: Final = 3  # letters of the shortest metric that tells two claims to be of one thing
_SHORTEST_NAME: Final = 4  # letters of the shortest name that another is held to be part of because it bears it
_LONGEST_NAME: Final = 24  # letters of a name that are looked through for the names that it bears
_AGENCY: Final = "局委厅院"  # ends of names that are abbreviated by leaving out letters


def relation(one: Claim, other: Claim, aliases: Aliases) -> Relation:
    """How two claims stand to each other: ``same`` and ``conflict`` need subject, metric and period to agree."""
    if base(one)[0] != base(other)[0] or not same_metric(one, other):
        return "unrelated"
    if not names_somebody(one.subject) or not names_somebody(other.subject):
        return "unrelated"
    if not aliases.same(one.subject, other.subject):
        near = names.short(one.subject) in other.subject or names.short(other.subject) in one.subject
        return "scope" if near or aliases.related(one.subject, other.subject) else "unrelated"
    if (one.period.start, one.period.end) != (other.period.start, other.period.end):
        return "period"
    return "same" if agree(one, other) else "conflict"


def names_somebody(subject: str) -> bool:
    """Whether the subject says on any page whose the figure is: 全市 and 该公司 do only on their own."""
    return bool(subject) and not _NOBODY.fullmatch(subject)


def whose(claim: Claim) -> bool:
    """Whether the subject may be trusted over pages: a place's net profit is some firm's, whose name begins so."""
    place = PLACE_NAME.fullmatch(claim.subject) or claim.subject in ("中国", "全国", "我国")
    of_others = _OF_TWO.search(claim.metric) or (place and _OF_FIRMS.search(claim.metric))
    return names_somebody(claim.subject) and not of_others


_OF_FIRMS: Final = re.compile(
    "(?<!规上)(?<!企业)(?<!工业)(?<!服务业)(?:营业?收入?|营收|主营|净利|利润|净亏损|毛利|市值|股价|股份|净资产|总资产)"
)
_OF_TWO: Final = re.compile("双边|两国|两地|双方|彼此")  # of the subject and of another, who is not known


def same_metric(one: Claim, other: Claim) -> bool:
    """Whether both measure one thing and count it alike."""
    key = metric_key(one.metric)
    return len(key) >= SHORTEST and key == metric_key(other.metric) and counted(one) == counted(other)


def metric_key(metric: str) -> str:
    """The metric without words that tell nothing of what is measured."""
    return _FILLER.sub("", metric)


def counted(claim: Claim) -> frozenset[str]:
    """The ways of comparing or counting that make a metric another: 同比, 人均, 每天."""
    return frozenset(claim.comparison.split()) - _UNTOLD


def one_measure(one: Claim, other: Claim, least: int = SHORTEST) -> bool:
    """Whether two metrics are one, or one of them the other with words before or within: 产值 and 规上工业总产值."""
    a, b = metric_key(one.metric), metric_key(other.metric)
    if a == b:
        return True
    # 铝及铝加工产值 and 规上工业总产值 are not one: all pairs of letters of the shorter must be in the longer
    short, long = sorted((a, b), key=len)
    return (
        flow(one) == flow(other)
        and all(short[at : at + 2] in long for at in range(len(short) - 1))
        and len(short) >= least
    )


def flow(claim: Claim) -> str:
    """The word that tells the metric to add up over time, the last if there are several; empty if none does."""
    found = FLOWS.findall(metric_key(claim.metric))
    return str(found[-1]) if found else ""


def is_flow(claim: Claim) -> bool:
    """Whether the figure is what a known period brought, as it came: no share, no plan, no average."""
    if claim.figure.kind not in ("money", "mass", "energy", "count") or claim.period.start is None:
        return False
    how = claim.comparison.split()
    return (
        bool(FLOWS.search(claim.metric))
        and not _NOT_FLOW.search(claim.metric)
        and not {"预计", "每天", "每月", "每吨", "人均", "累计"} & set(how)
    )


def agree(one: Claim, other: Claim) -> bool:
    """Whether the values may be one: equal, equal when rounded as printed, or within what a bound leaves open."""
    if figures.same(one.figure, other.figure, bounds=False):
        return True
    (_, a), (_, b) = base(one), base(other)
    step = max(figures.place(one.figure), figures.place(other.figure))
    if abs(a - b) <= Fraction(step) * units.measure(one.figure.unit, one.figure.kind)[1]:
        return True
    low, high = (one, other) if a < b else (other, one)
    return low.figure.bound in (Bound.AT_LEAST, Bound.MORE_THAN) or high.figure.bound in (
        Bound.AT_MOST,
        Bound.LESS_THAN,
    )


class Subjects:
    """The names of many claims under keys: names that ``Aliases.same`` takes for one have one key."""

    def __init__(self, subjects: Iterable[str], aliases: Aliases) -> None:
        self._aliases = aliases
        self._keys: dict[str, str] = {}
        agencies: dict[tuple[str, str, str], list[str]] = {}
        for name in dict.fromkeys(subjects):
            canonical = aliases.canonical(name)
            self._keys[name] = names.short(canonical)
            place = PLACE_NAME.match(canonical)
            if place and canonical.endswith(tuple(_AGENCY)):
                rest = canonical[place.end() :]
                agencies.setdefault((names.short(place.group()), rest[:1], canonical[-1]), []).append(name)
        for alike in agencies.values():
            self._join(alike)
        self._known = frozenset(self._keys.values())

    def _join(self, agencies: list[str]) -> None:
        """黔东南州人社局 gets the key of 黔东南州人力资源和社会保障局: the fullest comes first."""
        full: list[str] = []
        for name in sorted(agencies, key=lambda one: (-len(one), one)):
            whole = next((other for other in full if self._aliases.same(name, other)), None)
            if whole is None:
                full.append(name)
            else:
                self._keys[name] = self._keys[whole]

    def key(self, name: str) -> str:
        """The key of a name, whether it is one of those that were given or not."""
        return self._keys.get(name) or names.short(self._aliases.canonical(name))

    def wholes(self, name: str) -> Iterator[str]:
        """The keys of the names that this one bears, its own first: 水城经开区铝产业集群 → 水城经开区."""
        own = self.key(name)
        yield own
        letters = names.short(name)[:_LONGEST_NAME]
        for start in range(len(letters)):
            for end in range(start + _SHORTEST_NAME, len(letters) + 1):
                if letters[start:end] in self._known and letters[start:end] != own:
                    yield letters[start:end]

    def brand(self, name: str) -> str:
        """What a group and its firms have in common; empty where the name has no such part."""
        brand = names.parts(self._aliases.canonical(name)).brand
        return brand if len(brand) >= _SHORTEST_BRAND and brand not in KIND_OF else ""


_SHORTEST_BRAND: Final = 2
