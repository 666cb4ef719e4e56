"""Claims of one story in, doubts about parts and wholes out: a part above its whole, a share or a sum that is not."""

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from assistant.checks.doubt import (
    CEILINGS,
    EXTENSIVE,
    FLOORS,
    METRICS,
    Sentence,
    alike,
    amount,
    base,
    ending,
    found,
    reading,
    unequal,
)
from assistant.records import Account, Claim, Suspicion

_MEASURES: Final = re.compile(
    "投资|产值|增加值|收入|销售|利润|税|补贴|贷款|授信|资金|余额|成本|价|出口|进口|营收|金额|产量|产能|面积|用量|奖"
)


_NO_WHOLE: Final = re.compile("增|降|减|目标|任务|均|每|涨|超过|高于|低于|至|净|最大|最高")


_SHARED: Final = re.compile(
    r"[，、（(]?(?:占比|所占比重|占总[一-鿿]{0,4}的?(?:比重|比例)?|比重|占)(?:达到?|为|约|近|超过?|的)*"
)


def parts(account: Account, rows: tuple[Sentence, ...]) -> Iterator[Suspicion]:
    """总量甲，其中乙、丙: no part is above 甲. Where a sentence begins with 其中, its whole is in the one before."""
    for at, row in enumerate(rows):
        match = re.search("(?:^|[，；、（(])其中", row.text)
        if match is None:
            continue
        cut = row.start + match.end()
        before = [c for c in row.claims if c.figure.end < cut]
        apart = not before and match.start() == 0 and at > 0
        if apart:
            before = list(rows[at - 1].claims)
        for part in (c for c in row.claims if c.figure.start >= cut):
            if re.search("总|合计|累计", account.text[max(cut, part.figure.start - 8) : part.figure.start]):
                break
            if re.search("其余|另外?|此外|[前上去]一?年", account.text[cut : part.figure.start]):
                break
            if "；" in account.text[cut : part.figure.start] and not any(c.metric == part.metric for c in before):
                break
            small = part.figure.kind == "count" and not re.search("[万亿]", part.figure.text)
            like = [c for c in before if base(c)[0] == base(part)[0]]
            if not like or (apart and small):
                continue
            whole = max(like, key=lambda c: base(c)[1])
            if not _may_be_whole(account, row, whole, part):
                continue
            w = base(whole)[1]
            open_ended = whole.figure.bound in FLOORS or part.figure.bound in CEILINGS
            mended = reading(part, w)
            if base(part)[1] > w and not open_ended and (mended or alike(whole.metric, part.metric)):
                yield found(
                    account,
                    "part-above-whole",
                    "“其中”的部分大于总量",
                    f"{part.figure.text}>{whole.figure.text}",
                    mended,
                    part,
                    against=(whole,),
                )


def _may_be_whole(account: Account, row: Sentence, whole: Claim, part: Claim) -> bool:
    lead = re.split("[，；。、]", account.text[max(0, whole.figure.start - 16) : whole.figure.start])[-1]
    if whole.figure.kind not in EXTENSIVE or _NO_WHOLE.search(lead) or base(whole)[0] != base(part)[0]:
        return False
    own = re.split("[，；。、]", account.text[max(row.start, part.figure.start - 16) : part.figure.start])[-1]
    if not _kin(whole, part) or re.search("价|均|每", own):
        return False
    # 30个省份, 其中84个县: one classifier, two things
    return whole.figure.unit != "个" or alike(whole.metric, part.metric)


def _kin(one: Claim, other: Claim) -> bool:
    """Whether two metrics may be of one family: the same measure named, or one names none."""
    a, b = set(_MEASURES.findall(one.metric)), set(_MEASURES.findall(other.metric))
    return base(one)[0] == base(other)[0] and (not a or not b or bool(a & b))


def shares(account: Account, rows: tuple[Sentence, ...]) -> Iterator[Suspicion]:
    """总量甲，其中乙，占比丙: 乙 ÷ 甲 is 丙."""
    for row in rows:
        for at, whole in enumerate(row.claims[:-2]):
            part, rate = row.claims[at + 1], row.claims[at + 2]
            between = account.text[whole.figure.end : part.figure.start]
            joint = account.text[part.figure.end : rate.figure.start]
            if rate.figure.unit != "%" or not re.search("[，；、（(]其中", between) or not _SHARED.fullmatch(joint):
                continue
            w, p = base(whole)[1], base(part)[1]
            if not _may_be_whole(account, row, whole, part) or w <= 0 or p > w:
                continue
            value = float(p / w) * 100
            if abs(value - float(rate.figure.value)) > max(1.0, 0.03 * value):
                yield unequal(
                    account,
                    "share",
                    f"按部分与总量复算，占比与所印{rate.figure.text}不符",
                    f"{part.figure.text}÷{whole.figure.text}={value:.1f}%",
                    (whole, part, rate),
                    lambda three: three[0] > 0 and abs(three[1] * 100 - three[2] * three[0]) <= three[1],
                )


def within(account: Account, rows: tuple[Sentence, ...]) -> Iterator[Suspicion]:
    """A part that is by its nature not above the whole: profit and output, credit and demand."""
    for row in (row for row in rows if len(row.claims) > 1):
        for entry in METRICS["within"]:
            wholes = [c for c in row.claims if ending(entry["whole"]).search(c.metric)]
            parts = [c for c in row.claims if wholes and ending(entry["part"]).search(c.metric)]
            for whole in wholes:
                for part in parts:
                    if whole is part or base(whole)[0] != base(part)[0] or ending(entry["part"]).search(whole.metric):
                        continue
                    slack = entry.get("slack", 1)
                    if (part.subject != whole.subject and slack == 1) or (whole.figure.bound in FLOORS and slack == 1):
                        continue
                    if slack == 1 and (part.period.start, part.period.end) != (whole.period.start, whole.period.end):
                        continue
                    if base(part)[1] > base(whole)[1] * slack:
                        ratio = amount(base(part)[1] / base(whole)[1])
                        w = base(whole)[1]
                        yield found(
                            account,
                            "part-above-whole",
                            f"“{part.metric}”远大于“{whole.metric}”"
                            if slack > 1
                            else f"“{part.metric}”大于“{whole.metric}”",
                            f"{part.figure.text}÷{whole.figure.text}={ratio}倍",
                            reading(part, w),
                            part,
                            against=(whole,),
                        )


def sums(account: Account, rows: tuple[Sentence, ...]) -> Iterator[Suspicion]:
    """A whole beside all its parts: 三次产业 and 地区生产总值."""
    for at, row in enumerate(rows):
        for entry in METRICS["sum"]:
            whole = [
                c for c in row.claims if c.figure.unit in ("元", "美元") and ending(entry["whole"]).search(c.metric)
            ]
            if len(whole) != 1:
                continue
            pool = [c for near in rows[at : at + 3] for c in near.claims if c.figure.unit in ("元", "美元")]
            parts = [
                next((c for c in pool if re.search(rf"(?:^|[^进]){part}(?:增加值|额|总额|总值)?$", c.metric)), None)
                for part in entry["parts"]
            ]
            if any(part is None for part in parts):
                continue
            known = [part for part in parts if part is not None]
            if any(part.period.start != whole[0].period.start for part in known):
                continue
            total = sum((base(part)[1] for part in known), Fraction(0))
            w = base(whole[0])[1]
            every = (whole[0], *known)
            near = abs(total - w) <= w * _ONE_YEAR or any(_mended(w, part, known) for part in every)
            if abs(total - w) > w / 100 and near:
                shown = "+".join(part.figure.text for part in known)
                yield unequal(
                    account,
                    "sum",
                    "各部分之和与总量不符",
                    f"{shown}={amount(total)}元，总量{whole[0].figure.text}",
                    every,
                    lambda values: abs(sum(values[1:], Fraction(0)) - values[0]) * 100 <= values[0],
                )


_ONE_YEAR: Final = Fraction(1, 5)  # share by which a sum may be off and still be of one year and scope with its parts


def _mended(whole: Fraction, one: Claim, parts: list[Claim]) -> bool:
    """Whether the sum holds once a point or a nought is put back in ``one``, the whole or a part."""
    total = sum((base(part)[1] for part in parts), Fraction(0))
    for times in (10, 100, 1000):
        for value in (base(one)[1] / times, base(one)[1] * times):
            both = (whole, total - base(one)[1] + value) if one in parts else (value, total)
            if abs(both[0] - both[1]) <= both[0] / 100:
                return True
    return False


def parts_growth(account: Account, rows: tuple[Sentence, ...]) -> Iterator[Suspicion]:
    """All grew, the whole by g, and the named parts by so much more that the rest must have shrunk at equal weights."""
    for row in rows:
        match = re.search("其中", row.text)
        if not match:
            continue
        cut = row.start + match.start()
        wholes = [
            c
            for c in row.claims
            if c.figure.end <= cut
            and c.figure.unit == "%"
            and "增" in account.text[max(row.start, c.figure.start - 6) : c.figure.start]
        ]
        tail = [c for c in row.claims if c.figure.start > cut and c.figure.unit == "%"]
        if not wholes or len(tail) < 2 or "分别" not in account.text[cut : tail[0].figure.start]:
            continue
        size = re.search(r"([两三四五六七八九])(?:大|个|家|座)", row.text[: match.start()])
        if not size or re.search("占", account.text[cut : tail[-1].figure.start]):
            continue
        number = "〇一两三四五六七八九".index(size[1])
        highest = max(float(c.figure.value) for c in wholes)
        named = [float(c.figure.value) for c in tail]
        if len(named) >= number:
            continue
        rest = (number * highest - sum(named)) / (number - len(named))
        if rest < 0 and min(named) > highest:
            shown = "+".join(c.figure.text for c in tail)
            yield found(
                account,
                "parts-growth",
                f"合计仅增{highest:g}%，而所列{len(named)}项增幅都更高，其余须为负增长；增幅所指（量、收入或单期）亦未说明",
                f"若{number}项等权，其余=({number}×{highest:g}%−{shown})÷{number - len(named)}={rest:.1f}%",
                "口径或数字存疑",
                *tail,
                against=tuple(wholes),
            )


_YIELDED: Final = re.compile("产值|增加值|生产总值|收入|销售|投资|进出口|出口|进口|税|财政|消费|零售")
_STOCK: Final = re.compile(
    "增速|余额|贷款|存款|资产|授信|市值|融资|基金|成交|累计|以来"
)  # what may be above a year's product


def above_region(account: Account, rows: tuple[Sentence, ...]) -> Iterator[Suspicion]:
    """A county's, park's or firm's output above the product of the whole province."""
    for row in rows:
        for claim in row.claims:
            total = _YIELDED.search(claim.metric) and not _STOCK.search(claim.metric)
            if claim.figure.unit != "元" or not total or re.search("全省|全国", claim.metric):
                continue
            for region in METRICS["region"]:
                place = next((place for place in region["inside"].split() if place in claim.subject), "")
                if not place or claim.figure.value <= region["high"]:
                    continue
                high = region["high"]
                yield found(
                    account,
                    "part-above-whole",
                    f"{claim.subject}的{claim.metric}大于{region['why']}",
                    f"{claim.figure.text}>{amount(high)}元",
                    reading(claim, Fraction(high) / 3),
                    claim,
                )
