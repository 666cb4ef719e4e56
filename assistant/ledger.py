"""Accounts (stories with their claims) in, suspicions and conflicts out; the print itself is never altered.

``suspicions`` first runs the checks of each story by itself (``checks``), then compares the stories: the same claim
with another value, a part of a year above the year, a firm above its park, a firm's figure ten times another page's.
A conflict is one only where subject, metric and period agree; ``relation`` tells where the date or the scope differs.

    >>> [s.kind for s in suspicions([Account("电解铝产能从145万吨提升至20万吨。", claims)])]
    ['direction']
"""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Final, Literal

from assistant import aliases as names
from assistant import checks, figures, mentions, periods, sentences, units
from assistant.aliases import Aliases
from assistant.checks.doubt import amount, base, found, quotes, reading
from assistant.records import Account, Bound, Claim, NameKind, Suspicion

Relation = Literal["same", "conflict", "period", "scope", "unrelated"]

_FLOWS: Final = re.compile("产值|产量|销售额|销量|营业收入|收入|出口额|发电量|售电量|税收|利润|增加值|接待游客|投资额")
_NOT_FLOW: Final = re.compile("增速|增长|占|比重|率|每|均|累计|预计|计划|目标|产能|同比|降|升")
_NOBODY: Final = re.compile("(?:全|我|该|本)[省市州县区国镇乡村]|公司|集团|企业|园区")  # whose, only its page knows
_FILLER: Final = re.compile(
    r"集团|公司|企业(?!数)|全[省市州县区]|[该我本][省市州县区]|该|累计|实现了?|完成了?|[了的共达]|总量|规模以上|规上|“|”|\s"
)
_YEAR: Final = 360  # days of the shortest period that is a whole year
_HALF: Final = 190  # days of the longest that is a half year
_FAR: Final = 5  # times that one year's figure of a firm may be another's
_COMPARABLE: Final = frozenset(("money", "mass", "count", "energy", "power", "area", "volume", "share", "compute"))
_SHORTEST: Final = 3  # letters of the shortest metric that tells two claims to be of one thing


def suspicions(accounts: Sequence[Account], aliases: Aliases | None = None) -> tuple[Suspicion, ...]:
    """Every doubt about these stories' figures and words, those within a story first; each claim pair at most once."""
    known = aliases or names.learn([account.headline + "\n" + account.text for account in accounts])
    doubts: list[Suspicion] = []
    for account in accounts:
        doubts += checks.suspicions(account)
        doubts += _firm_above_park(account, known)
    told = [(account, claim) for account in accounts for claim in account.claims]
    doubts += _short_above_year(told, known)
    doubts += _same_claim(told, known)
    doubts += _magnitude(told, known)
    doubts += _last_year(told, known)
    doubts += _namesakes(accounts)
    return _once(doubts)


def relation(one: Claim, other: Claim, aliases: Aliases) -> Relation:
    """How two claims stand to each other: ``same`` and ``conflict`` need subject, metric and period to agree."""
    if base(one)[0] != base(other)[0] or not _same_metric(one, other):
        return "unrelated"
    if not one.subject or not other.subject or _NOBODY.fullmatch(one.subject) or _NOBODY.fullmatch(other.subject):
        return "unrelated"
    if not aliases.same(one.subject, other.subject):
        near = names.short(one.subject) in other.subject or names.short(other.subject) in one.subject
        return "scope" if near or aliases.related(one.subject, other.subject) else "unrelated"
    if (one.period.start, one.period.end) != (other.period.start, other.period.end):
        return "period"
    return "same" if _agree(one, other) else "conflict"


def _same_metric(one: Claim, other: Claim) -> bool:
    a, b = metric_key(one.metric), metric_key(other.metric)
    skip = {"预计", "累计", "起点", "终点"}
    how = {word for word in one.comparison.split() if word not in skip}
    return len(a) >= _SHORTEST and a == b and how == {word for word in other.comparison.split() if word not in skip}


def metric_key(metric: str) -> str:
    """The metric without words that tell nothing of what is measured."""
    return _FILLER.sub("", metric)


def _agree(one: Claim, other: Claim) -> bool:
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


_Told = Sequence[tuple[Account, Claim]]


def _same_claim(told: _Told, known: Aliases) -> Iterator[Suspicion]:
    """The same subject, metric and period with another value."""
    by_key: dict[tuple[str, str], list[tuple[Account, Claim]]] = {}
    for account, claim in told:
        if claim.sure and claim.subject and claim.figure.kind in _COMPARABLE:
            by_key.setdefault((metric_key(claim.metric), base(claim)[0]), []).append((account, claim))
    for rows in by_key.values():
        for (where, one), (there, other) in combinations(rows, 2):
            if relation(one, other, known) != "conflict" or not _certain(where, one) or not _certain(there, other):
                continue
            if where is there and not _FLOWS.search(one.metric):
                continue
            if "起点" in one.comparison + other.comparison or quotes(where, one) == quotes(there, other):
                continue
            if where is there and not (_names_its_subject(where, one) and _names_its_subject(there, other)):
                continue  # a list's items, whose difference neither metric nor subject caught
            ratio = max(base(one)[1], base(other)[1]) / (min(base(one)[1], base(other)[1]) or 1)
            tenfold = ratio in (10, 100, 1000)
            kind = "power-of-ten" if tenfold else "conflict"
            text = f"同一主体、同一指标、同一时期，所印不同（{one.subject}·{one.metric}·{one.period.label}）"
            doubt = "两数恰差十的整倍，疑有小数点脱落" if tenfold else "孰是孰非，页面未说明"
            yield _suspicion(kind, text, f"{one.figure.text}≠{other.figure.text}", doubt, (where, one), (there, other))


def _names_its_subject(account: Account, claim: Claim) -> bool:
    return any(claim.subject in quote for _, quote in quotes(account, claim))


def _certain(account: Account, claim: Claim) -> bool:
    """Whether a conflict may rest on the claim: its period printed or a statistic's, its metric no bare verb."""
    if claim.period.start is None or claim.period.end is None or account.date == claim.period.label:
        return False
    if (
        claim.figure.kind == "points"
        or re.match("降幅|涨幅|增幅|增速|增长|占|同比|环比", claim.metric)
        or "、" in claim.subject
    ):
        return False  # 降幅扩大0.1个百分点: of what is not in the clause
    return len(metric_key(claim.metric)) >= _SHORTEST + 1 and "预计" not in claim.comparison


def _short_above_year(told: _Told, known: Aliases) -> Iterator[Suspicion]:
    """A quarter above its year, or far above the year before: flows only."""
    flows = [(account, claim) for account, claim in told if _is_flow(claim)]
    for where, part in flows:
        days = _days(part)
        if days is None or days > _HALF:
            continue
        for there, whole in flows:
            long = _days(whole)
            if long is None or long <= days + 20 or base(part)[0] != base(whole)[0] or not _one_measure(part, whole):
                continue
            if not _same_or_part(part.subject, whole.subject, known):
                continue
            inside = periods.contains(whole.period, part.period)
            beside = long >= _YEAR and long <= 400 and _apart(part, whole) <= 1
            if (inside and base(part)[1] > base(whole)[1] * Fraction(101, 100)) or (
                beside and base(part)[1] > base(whole)[1] * Fraction(6, 5)
            ):
                if whole.figure.bound in (Bound.AT_LEAST, Bound.MORE_THAN) and inside:
                    continue
                limit = base(whole)[1]
                text = (
                    f"{part.period.label}之数大于{whole.period.label}全期之数，部分不应大于整体"
                    if inside
                    else f"{part.period.label}之数远大于{whole.period.label}全年之数"
                )
                yield _suspicion(
                    "part-above-whole",
                    text,
                    f"{part.figure.text}（{part.period.label}）>{whole.figure.text}（{whole.period.label}）",
                    reading(part, limit),
                    (where, part),
                    against=((there, whole),),
                )
                break


def _is_flow(claim: Claim) -> bool:
    if claim.figure.kind not in ("money", "mass", "energy", "count") or claim.period.start is None:
        return False
    how = claim.comparison.split()
    return (
        bool(_FLOWS.search(claim.metric))
        and not _NOT_FLOW.search(claim.metric)
        and not {"预计", "每天", "每月", "每吨", "人均", "累计"} & set(how)
    )


def _days(claim: Claim) -> int | None:
    if claim.period.start is None or claim.period.end is None:
        return None
    return (claim.period.end - claim.period.start).days + 1


def _apart(one: Claim, other: Claim) -> int:
    if one.period.end is None or other.period.end is None:
        return 99
    return abs(one.period.end.year - other.period.end.year)


def _one_measure(one: Claim, other: Claim, least: int = _SHORTEST) -> bool:
    a, b = metric_key(one.metric), metric_key(other.metric)
    if a == b:
        return True
    tail = _FLOWS.findall(a)[-1:] == _FLOWS.findall(b)[-1:]
    # 铝及铝加工产值 and 规上工业总产值 are not one: all pairs of letters of the shorter must be in the longer
    short, long = sorted((a, b), key=len)
    return tail and all(short[at : at + 2] in long for at in range(len(short) - 1)) and len(short) >= least


def _same_or_part(part: str, whole: str, known: Aliases) -> bool:
    if not part or not whole or _NOBODY.fullmatch(part) or _NOBODY.fullmatch(whole):
        return False
    if known.same(part, whole):
        return True
    a, b = names.short(part), names.short(whole)
    return (a in b or b in a) and min(len(a), len(b)) >= 4


def _kind(name: str, known: Aliases) -> NameKind | None:
    return known.kinds.get(name) or next((m.kind for m in mentions.mentions(name) if m.text == name), None)


def _firm_above_park(account: Account, known: Aliases) -> Iterator[Suspicion]:
    """A firm's output above that of the park which the same story is about."""
    wholes: list[Claim] = []
    parts: list[Claim] = []
    for claim in account.claims:
        if (
            claim.figure.unit != "元"
            or "产值" not in claim.metric
            or _NOT_FLOW.search(claim.metric)
            or "预计" in claim.comparison
        ):
            continue
        kind = _kind(claim.subject, known)
        (wholes if kind is NameKind.PARK or "集群" in claim.subject else parts if kind is NameKind.FIRM else []).append(
            claim
        )
    if not wholes:
        return
    years = [claim for claim in wholes if (_days(claim) or 0) >= _HALF] or wholes
    whole = max(
        years, key=lambda claim: ((claim.period.end is not None and claim.period.end.toordinal()) or 0, base(claim)[1])
    )
    if not any(word in account.headline + account.text[:200] for word in (names.short(whole.subject), whole.subject)):
        return
    for part in parts:
        if base(part)[1] > base(whole)[1]:
            limit = base(whole)[1]
            yield found(
                account,
                "part-above-whole",
                f"园区一家企业的产值大于整个园区（{whole.subject}）的产值",
                f"{part.subject}{part.figure.text}>{whole.subject}{whole.figure.text}（{whole.period.label}）",
                reading(part, limit / 2),
                part,
                against=(whole,),
            )


def _magnitude(told: _Told, known: Aliases) -> Iterator[Suspicion]:
    """A firm's or park's output many times what another story prints of it, a year or two apart."""
    rows = [(a, c) for a, c in told if _is_flow(c) and c.figure.kind == "money" and "产值" in c.metric and c.subject]
    for (where, one), (there, other) in combinations(rows, 2):
        (where, one), (there, other) = sorted(((where, one), (there, other)), key=lambda row: -base(row[1])[1])
        if where is there or _apart(one, other) > 2 or "起点" in one.comparison + other.comparison:
            continue
        long = [(_days(c) or 0) for c in (one, other)]
        if not (
            known.same(one.subject, other.subject) or known.related(one.subject, other.subject)
        ) or not _one_measure(one, other, 2):
            continue
        if min(long) <= _HALF and max(long) > _HALF and min(long) > 31:
            continue  # a quarter and a year: the other check's
        big, small = one, other
        if base(small)[1] and base(big)[1] > base(small)[1] * _FAR:
            limit = base(small)[1] * 2
            yield _suspicion(
                "magnitude",
                f"{big.subject}的{big.metric}，他处所印小得多（名称、年份相近，口径或有不同）",
                f"{big.figure.text}÷{small.figure.text}={amount(base(big)[1] / base(small)[1])}倍",
                reading(big, limit),
                (where, one),
                against=((there, other),),
            )


def _last_year(told: _Told, known: Aliases) -> Iterator[Suspicion]:
    """A value and its growth against the value that is printed for the year before."""
    rates = [(a, c) for a, c in told if c.figure.unit == "%" and c.metric.endswith("增速") and c.sure]
    for where, one in told:
        if (
            not _is_flow(one)
            or one.period.start is None
            or one.period.end is None
            or one.figure.bound is not Bound.EXACT
        ):
            continue
        own = next((r for a, r in rates if a is where and _is_growth_of(r, one)), None)
        if own is None or own.figure.value <= -100:
            continue
        before = base(one)[1] / (1 + Fraction(own.figure.value) / 100)
        for there, other in told:
            if (
                not _a_year_before(other, one)
                or base(other)[0] != base(one)[0]
                or other.figure.bound is not Bound.EXACT
            ):
                continue
            if metric_key(other.metric) != metric_key(one.metric) or not known.same(one.subject, other.subject):
                continue
            printed = base(other)[1]
            if printed > 0 and abs(before - printed) > printed * _REVISED:
                shown = f"{one.figure.text}÷(1+{own.figure.text})={amount(before)}，另处印{other.figure.text}"
                text = f"按所印增速倒推{other.period.label}之数，与所印不符（口径或基数修订亦可致此）"
                yield _suspicion("growth", text, shown, "", (where, one), (where, own), against=((there, other),))


_REVISED: Final = Fraction(15, 100)  # share by which a base year is revised at most, seen in statistical bulletins


def _is_growth_of(rate: Claim, value: Claim) -> bool:
    if rate.subject != value.subject or rate.period != value.period or rate.metric != value.metric + "增速":
        return False
    return (
        bool({"同比", "较上年"} & set(rate.comparison.split())) and 0 < rate.figure.start - value.figure.end < _BESIDE
    )


_BESIDE: Final = 16  # letters between a value and the growth printed with it


def _a_year_before(other: Claim, one: Claim) -> bool:
    a, b = other.period, one.period
    if a.start is None or a.end is None or b.start is None or b.end is None:
        return False
    return (a.start.year, a.end.year) == (b.start.year - 1, b.end.year - 1) and (
        (a.start.month, a.end.month) == (b.start.month, b.end.month)
    )


_POLITE: Final = re.compile("[一-鿿](?:先生|女士)")


def _namesakes(accounts: Sequence[Account]) -> Iterator[Suspicion]:
    """Two stories of one page that speak of a 李先生 each: they may not be one man."""
    for one, other in combinations(accounts, 2):
        if not one.file or one.file != other.file:
            continue
        for name in sorted(set(_POLITE.findall(one.text)) & set(_POLITE.findall(other.text))):
            quoted = tuple((account.file, _sentence_of(account.text, name)) for account in (one, other))
            text = f"同版两稿各有一位“{name}”，未必是一人"
            yield Suspicion("confusable", text, reading="引用时须说明是哪一稿的", quotes=quoted)


def _sentence_of(text: str, word: str) -> str:
    at = text.index(word)
    return next(text[start:end] for start, end in sentences.split(text) if start <= at < end)


def _suspicion(
    kind: str,
    text: str,
    arithmetic: str,
    doubt: str,
    *told: tuple[Account, Claim],
    against: tuple[tuple[Account, Claim], ...] = (),
) -> Suspicion:
    quoted = tuple(quote for account, claim in (*told, *against) for quote in quotes(account, claim))
    witnesses = tuple(claim for _, claim in against)
    return Suspicion(kind, text, arithmetic, doubt, tuple(claim for _, claim in told), witnesses, quoted)


def _once(doubts: Sequence[Suspicion]) -> tuple[Suspicion, ...]:
    """Without what tells the same figures of the same doubt again."""
    kept: list[Suspicion] = []
    seen: set[tuple[object, ...]] = set()
    for suspicion in doubts:
        key = (suspicion.kind, suspicion.text, suspicion.arithmetic, suspicion.quotes)
        if key not in seen:
            seen.add(key)
            kept.append(suspicion)
    return tuple(kept)
