"""Claims of one story in, those out of what their measure has anywhere out; the ranges are data (``metrics.toml``)."""

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from assistant.checks.doubt import METRICS, Sentence, base, ending, found, reading
from assistant.records import Account, Claim, Suspicion

_TO_VALUE: Final = re.compile(
    r"(?:达到|高达|达|为|约|超过|超|近|是|在|的|从|由|(?:增加|增长|提高|提升|下降|降低|上升|降|升)?[至到]){1,6}$"
)


def capped(account: Account, rows: tuple[Sentence, ...]) -> Iterator[Suspicion]:
    """A share or a rate of a whole above 100 %."""
    exempt = re.compile("|".join(METRICS["words"]["uncapped"].split()))
    for row in rows:
        for claim in row.claims:
            if claim.figure.unit != "%" or claim.figure.value <= 100:
                continue
            before = account.text[max(row.start, claim.figure.start - 20) : claim.figure.start]
            before = re.split("[，；。]", _TO_VALUE.sub("", before))[-1]
            share = re.search("占[^增涨升]{1,20}$", before)
            named = re.search("(?:率|比重|占比|比例)$", before) or (
                "终点" in claim.comparison and re.search("(?:率|比重|占比|比例)$", claim.metric)
            )
            mended = reading(claim, 100)  # 111.58% has its point: what it is a share of must be another thing
            whole = share or named or _of_whole(account, row, claim)
            if mended and whole and not exempt.search(before + claim.metric):
                yield found(
                    account,
                    "above-hundred",
                    "占比或比率不能大于100%",
                    f"{claim.figure.text}>100%",
                    mended,
                    claim,
                )


def _of_whole(account: Account, row: Sentence, claim: Claim) -> bool:
    """583%的煤炭资源: so many per cent of something are a part of it, if they are no growth, price or effort."""
    after = account.text[claim.figure.end : claim.figure.end + 8]
    before = account.text[max(row.start, claim.figure.start - 6) : claim.figure.start]
    return bool(_WHOLE_AFTER.match(after)) and not _CHANGING.search(before)


_WHOLE_AFTER: Final = re.compile(
    "(?:以上)?的(?!增|涨|升|降|溢|关税|税|收益|回报|利润|年化|努力|速|力|比例|比重|幅|率|效|热情|信心|成|投入|支持|产能|负荷"
    "|罚|赔|保)[一-鿿]"
)
_CHANGING: Final = re.compile("增|涨|升|降|减|达|到|高|于|至|率|比|过|超")


def fall(account: Account, rows: tuple[Sentence, ...]) -> Iterator[Suspicion]:
    """A fall of more than the whole: nothing that is counted falls by more than 100 %."""
    for row in rows:
        for claim in row.claims:
            if claim.figure.unit != "%" or claim.figure.value <= 100:
                continue
            before = re.split("[，；。、]", account.text[max(row.start, claim.figure.start - 30) : claim.figure.start])[
                -1
            ]
            mended = reading(claim, 100)
            if mended and _FALL.search(before) and not _BELOW_ZERO.search(before + claim.metric):
                yield found(
                    account,
                    "above-hundred",
                    "降幅不能大于100%",
                    f"{claim.figure.text}>100%",
                    mended,
                    claim,
                )


_FALL: Final = re.compile(
    "(?:下降|减少|降低|回落|缩减|压减|下滑|下跌|跌幅|降幅|锐减|骤降|萎缩|缩小|跌|降)(?:了|近|约|超过?|达到?|为|幅度|高达|逾)*$"
)
_BELOW_ZERO: Final = re.compile(
    "利|盈|亏|收益|现金|差额|顺差|逆差|净额|净值|增速|涨幅|增幅|EPS|每股"
)  # may go below nought


def growth_range(account: Account, rows: tuple[Sentence, ...]) -> Iterator[Suspicion]:
    """A growth that its indicator has hardly ever had."""
    for row in rows:
        for claim in row.claims:
            if claim.figure.unit != "%":
                continue
            joint = account.text[max(row.start, claim.figure.start - 30) : claim.figure.start]
            clause = re.split("[，；。]", joint)[-1]
            if not re.search("增长|增速|下降|上涨|上升|提升|提高|增加", clause) or re.search(
                "占|比重|贡献|翻|以来|完成|从", clause + claim.metric
            ):
                continue
            for entry in METRICS["growth"] if not re.search("[和、与]", claim.metric) else []:
                if re.search(
                    rf"(?:{entry['metric']})(?:同比|名义|实际|累计|总额|年均)*(?:增长率?|增速|下降|上涨|上升|提升|提高|增加)?$",
                    claim.metric.removesuffix("增速"),
                ):
                    if not entry["low"] <= claim.figure.value <= entry["high"]:
                        yield found(
                            account,
                            "range",
                            f"{claim.metric}少有此数：{entry['why']}",
                            claim.figure.text,
                            reading(claim, Fraction(entry["high"]) / 2),
                            claim,
                        )
                    break
            else:
                mended = reading(claim, 100)
                low_base = any(
                    c is not claim and c.figure.unit == "%" and c.figure.value > _LOW_BASE for c in account.claims
                )
                if (
                    mended
                    and not low_base
                    and claim.figure.value >= _WILD
                    and re.search("(?:增长|增速|上涨|增幅|上升|提升|提高|增加)(?:了|达到?|为|约|超过?|高达)*$", clause)
                ):
                    yield found(
                        account,
                        "range",
                        "增幅过千，少见",
                        claim.figure.text,
                        mended,
                        claim,
                    )


_WILD: Final = 1000  # per cent of growth that papers put as 倍, if it is true
_LOW_BASE: Final = 300  # per cent beside which another growth may be as wild: the year before was next to nothing


def ranges(account: Account, rows: tuple[Sentence, ...]) -> Iterator[Suspicion]:
    """A figure out of what its measure has anywhere: 户均增收, 亩产, 气温, 海拔."""
    for row in rows:
        for claim in row.claims:
            before = re.split("[，；。]", account.text[max(row.start, claim.figure.start - 24) : claim.figure.start])[
                -1
            ]
            before = _TO_VALUE.sub("", before)
            for entry in METRICS["range"]:
                if claim.figure.kind != entry["kind"] or not ending(entry["metric"]).search(before):
                    continue
                if claim.figure.unit not in entry.get("unit", claim.figure.unit).split():
                    continue
                if not account.text.startswith(entry.get("after", ""), claim.figure.end):
                    continue
                value = base(claim)[1]
                low, high = Fraction(str(entry["low"])), Fraction(str(entry["high"]))
                if not low <= value <= high:
                    doubt = reading(claim, high, low) if value > high else ""
                    yield found(account, "range", entry["why"], f"{claim.metric}：{claim.figure.text}", doubt, claim)
                break


def unit_fit(account: Account, rows: tuple[Sentence, ...]) -> Iterator[Suspicion]:
    """A unit that does not fit what is measured: vehicles in GWh."""
    for row in rows:
        for claim in row.claims:
            before = re.split("[，；。、]", account.text[row.start : claim.figure.start])[-1]
            before = re.sub(r"(?:达到|突破|超过|高达|约|达|为|超|近|共|完成|累计|已|了){1,6}$", "", before)
            for entry in METRICS["fit"]:
                if ending(entry["metric"]).search(before) and claim.figure.kind not in entry["kinds"].split():
                    yield found(
                        account,
                        "unit",
                        entry["why"],
                        f"{claim.metric}：{claim.figure.text}",
                        "单位或所指之物疑有误",
                        claim,
                    )
