"""Claims of one story in, doubts about prices out: money over goods, subsidy over price, output over workers."""

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from math import log, sqrt
from typing import Final

from assistant import units
from assistant.checks.doubt import METRICS, Sentence, amount, base, found, reading, unequal
from assistant.records import Account, Claim, Suspicion


def unit_price(account: Account, rows: tuple[Sentence, ...]) -> Iterator[Suspicion]:
    """A sum of money over a number or weight of goods, against the prices of the trade and of the same story."""
    for row in rows:
        text = row.text
        if len(row.claims) < 2 or not any(c.figure.unit == "元" for c in row.claims):
            continue
        for entry in METRICS["price"]:
            if not re.search(entry["goods"], text):
                continue
            goods = [
                c
                for c in row.claims
                if c.figure.unit in entry["units"].split() and _of_goods(account, row, c, entry["goods"])
            ]
            money = [
                c
                for c in row.claims
                if c.figure.unit == "元"
                and re.search(entry.get("money", "产值|销售额|销售收入|成交额|货值|价值"), c.metric)
                and not re.search("每|均", c.metric)
            ]
            if not goods or len(money) != 1 or (goods[0].figure.start > money[0].figure.start and len(goods) > 1):
                continue
            if "新增" in text and "投资" in text:
                continue
            per = entry.get("per", goods[0].figure.unit)
            factor = units.measure(per, goods[0].figure.kind)[1]
            kept = goods if goods[0].figure.kind == "count" else [_total(account, goods)]
            number = sum((base(c)[1] for c in kept), Fraction(0)) / factor
            if number <= 0:
                continue
            price = base(money[0])[1] / number
            low, high = Fraction(str(entry["low"])), Fraction(str(entry["high"]))
            if low <= price <= high:
                continue
            names = "+".join(c.figure.text for c in kept)
            if price > high:
                doubted, rest = tuple(money), tuple(kept)
                doubt = _priced(account, money[0], number, low, high)
            else:
                doubted, rest = tuple(kept), tuple(money)
                doubt = reading(kept[0], base(money[0])[1] / low * factor) if len(kept) == 1 else ""
            yield found(
                account,
                "unit-price",
                f"合每{per}{amount(price)}元，与行情不符：{entry['why']}",
                f"{money[0].figure.text}÷({names})={amount(price)}元/{per}",
                doubt,
                *doubted,
                against=rest,
            )


def _priced(account: Account, money: Claim, number: Fraction, low: Fraction, high: Fraction) -> str:
    """The reading whose unit price is nearest to one that the story prints, or to the middle of the trade's."""
    prices = [
        base(c)[1]
        for c in account.claims
        if account.text.startswith("的价格", c.figure.end) and low <= base(c)[1] <= high
    ]
    middle = float(prices[0]) if prices else sqrt(float(low) * float(high))
    options = [power for power in (10, 100, 1000) if low <= base(money)[1] / power / number <= high]
    if not options:
        return ""
    best = min(options, key=lambda power: abs(log(float(base(money)[1] / power / number) / middle)))
    return reading(money, base(money)[1] / best)


def _of_goods(account: Account, row: Sentence, claim: Claim, goods: str) -> bool:
    near = account.text[max(row.start, claim.figure.start - 24) : min(row.end, claim.figure.end + 12)]
    return re.search(goods, near) is not None or re.search(goods, claim.metric) is not None or claim.figure.unit == "吨"


def _total(account: Account, goods: list[Claim]) -> Claim:
    """The weight that the others are part of: what is called 总, else the largest."""
    for claim in goods:
        if "总" in account.text[max(0, claim.figure.start - 4) : claim.figure.start]:
            return claim
    return max(goods, key=lambda claim: base(claim)[1])


def subsidy(account: Account, rows: tuple[Sentence, ...]) -> Iterator[Suspicion]:
    """A subsidy of at least half the price that the same story prints."""
    given: list[Claim] = []
    prices: list[Claim] = []
    for row in rows:
        for claim in row.claims:
            if claim.figure.unit != "元":
                continue
            before = account.text[max(row.start, claim.figure.start - 16) : claim.figure.start]
            after = account.text[claim.figure.end : claim.figure.end + 4]
            if re.search("补贴|补助|优惠", before) and not re.search("合计|累计|总|共|发放|拉动|[0-9]", before):
                given.append(claim)
            elif after.startswith("的价格") or re.search(
                "(?:售价|成交价|车价|裸车价|单价|房价|价格)(?:为|是|约|达|在)?$", before
            ):
                prices.append(claim)
    for grant in given:
        near = [p for p in prices if abs(p.figure.start - grant.figure.start) < _NEAR]
        if near and base(grant)[1] * 2 >= base(near[0])[1]:
            ratio = float(base(grant)[1] / base(near[0])[1]) * 100
            price = base(near[0])[1]
            yield found(
                account,
                "subsidy",
                "补贴接近所购之物的价格本身",
                f"{grant.figure.text}÷{near[0].figure.text}={ratio:.1f}%",
                reading(grant, price / 3),
                grant,
                against=(near[0],),
            )


_NEAR: Final = 300  # letters within which a price and a subsidy are of one thing


def workers(account: Account, rows: tuple[Sentence, ...]) -> Iterator[Suspicion]:
    """A firm's output over its workers."""
    least, most = METRICS["physics"]["output_of_a_worker"]
    every = [claim for row in rows for claim in row.claims if claim.subject]
    people = [c for c in every if base(c)[0] == "people" and re.search("员工|工人|职工", c.metric)]
    output = [c for c in every if c.figure.unit == "元" and c.metric.endswith("产值") and "起点" not in c.comparison]
    for one in people:
        for other in output:
            if one.subject != other.subject or not one.figure.value:
                continue
            number = base(one)[1]
            each = base(other)[1] / number
            if not least <= each <= most:
                doubt = reading(other, most * number) if each > most else ""
                yield found(
                    account,
                    "unit-price",
                    "人均产值悬殊，少有此数",
                    f"{other.figure.text}÷{one.figure.text}={amount(each)}元/人",
                    doubt,
                    other,
                    against=(one,),
                )


def conversion(account: Account, rows: tuple[Sentence, ...]) -> Iterator[Suspicion]:
    """8亿美元（约合57亿元人民币）: the rate between the two is one that there has been."""
    for row in rows:
        for one, other in pairwise(row.claims):
            between = account.text[one.figure.end : other.figure.start]
            if other.figure.unit != "元" or not _CONVERTED.fullmatch(between) or one.figure.value <= 0:
                continue
            entry = next((entry for entry in METRICS["currency"] if entry["unit"] == one.figure.unit), None)
            if entry is None:
                continue
            rate = base(other)[1] / Fraction(one.figure.value)
            low, high = Fraction(str(entry["low"])), Fraction(str(entry["high"]))
            if not low <= rate <= high:
                yield unequal(
                    account,
                    "unit-price",
                    f"折算的汇率少有此数：{entry['why']}",
                    f"{other.figure.text}÷{one.figure.text}={amount(rate)}元/{entry['unit']}",
                    (one, other),
                    lambda two, low=low, high=high: two[0] > 0 and low <= two[1] / two[0] <= high,  # type: ignore[misc]
                )


_CONVERTED: Final = re.compile("[（(，]?(?:当前|现|目前)?(?:大?约合?|折合|合|约折合|约为)?(?:人民币)?")
