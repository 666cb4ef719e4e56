"""Claims of one story in, doubts about the equations that they should satisfy out.

Two parts with their shares of one whole, a part with the whole that it is a share of: where the figures do not go
together, the one is doubted whose number makes them do so once its point is put back; where none does, or several do,
nothing is said, since the words may tell of other things than it seems.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Final

from assistant.checks.doubt import EXTENSIVE, Sentence, Values, amount, base, found, restored, unequal
from assistant.records import Account, Claim, Suspicion

_ROUNDING: Final = Fraction(1, 100)  # share by which an equation of rounded figures, one of them restored, may be off
_LOOSE: Final = Fraction(8, 100)  # share within which figures are taken to go together as they are printed


def _near(one: Fraction, other: Fraction, share: Fraction) -> bool:
    return abs(one - other) <= max(abs(one), abs(other)) * share


def _doubted(
    account: Account, claims: Sequence[Claim], holds: Callable[[Values], bool], text: str, shown: str
) -> Iterator[Suspicion]:
    if restored(claims, holds) is not None:
        yield unequal(account, "share", text, shown, claims, holds)


_PARTED: Final = EXTENSIVE | {"length"}  # kinds that have parts
_SHARE_ONLY: Final = re.compile("[，、（(]?(?:约|共|各)?占比(?:约|达到?|为|近|超过?|分别为)*")


def shares_of_one(account: Account, rows: tuple[Sentence, ...]) -> Iterator[Suspicion]:
    """甲3.5万公里，占比约78%；乙7000公里，占比约15%: both shares are of one whole."""
    for row in rows:
        pairs = [
            (part, rate)
            for part, rate in zip(row.claims, row.claims[1:], strict=False)
            if rate.figure.unit == "%"
            and part.figure.kind in _PARTED
            and _SHARE_ONLY.fullmatch(account.text[part.figure.end : rate.figure.start])
            and min(base(part)[1], base(rate)[1]) > 0
        ]
        for (part, rate), (other, like) in pairwise(pairs):
            if base(part)[0] != base(other)[0]:
                continue
            four = (part, rate, other, like)
            if _one_whole([base(claim)[1] for claim in four], _LOOSE):
                continue
            wholes = [amount(base(a)[1] * 100 / base(b)[1]) for a, b in ((part, rate), (other, like))]
            yield from _doubted(
                account,
                four,
                lambda values: _one_whole(values, _ROUNDING),
                "由两部分及其占比反推的总量不一",
                f"{part.figure.text}÷{rate.figure.text}={wholes[0]}，{other.figure.text}÷{like.figure.text}={wholes[1]}",
            )


def _one_whole(values: Values, share: Fraction) -> bool:
    part, rate, other, like = values
    return _near(part * like, other * rate, share) and rate + like <= _HUNDRED


_HUNDRED: Final = Fraction(101)  # per cent that shares of one whole come to at most, rounded
_SHARE_OF: Final = re.compile(
    r"[，,（(]?(?:约|就|共)?占(?P<of>[^，。；、0-9增涨]{2,20}?)(?:的?(?:比重|比例|份额))?(?:的|约|达到?|为|近|超过?|仅|已)*$"
)
_ROUGH: Final = re.compile("全[国省市州县区]|总|的|规模以上|规上|当年|同期|其|额|值|量|比重")


def share_of_another(account: Account, rows: tuple[Sentence, ...]) -> Iterator[Suspicion]:
    """甲134.8亿元，增长39%，占全省进出口34.7%, and the story prints 全省进出口: the share is the quotient."""
    for row in rows:
        for at, rate in enumerate(row.claims):
            part = next((one for one in reversed(row.claims[:at]) if one.figure.kind in _PARTED), None)
            if part is None or rate.figure.unit != "%":
                continue
            before = account.text[part.figure.end : rate.figure.start]
            match = _SHARE_OF.search(before)
            if match is None or "；" in before:
                continue
            core = _ROUGH.sub("", match["of"])
            wholes = [claim for claim in account.claims if claim is not part and _is_whole(claim, part, core)]
            if not wholes or len({base(claim)[1] for claim in wholes}) > 1 or _share(wholes[0], part, rate):
                continue
            value = amount(base(part)[1] * 100 / base(wholes[0])[1])
            yield from _doubted(
                account,
                (wholes[0], part, rate),
                lambda values: _near(values[1] * 100, values[2] * values[0], _ROUNDING),
                f"按同文所印总量复算，占比与所印{rate.figure.text}不符",
                f"{part.figure.text}÷{wholes[0].figure.text}={value}%",
            )


def _is_whole(claim: Claim, part: Claim, core: str) -> bool:
    metric = _ROUGH.sub("", claim.metric)
    if base(claim)[0] != base(part)[0] or base(claim)[1] <= 0 or min(len(core), len(metric)) < _TELLING:
        return False
    ends = [period for one in (claim, part) if (period := (one.period.start, one.period.end)) != (None, None)]
    return (metric.endswith(core) or core.endswith(metric)) and len(set(ends)) < 2


_TELLING: Final = 2  # letters of the shortest words that tell what a share is of


def _share(whole: Claim, part: Claim, rate: Claim) -> bool:
    return _near(base(part)[1] * 100, base(rate)[1] * base(whole)[1], _LOOSE)


def difference(account: Account, rows: tuple[Sentence, ...]) -> Iterator[Suspicion]:
    """从甲压缩至乙，节省丙: 丙 is 甲 − 乙."""
    for row in rows:
        for one, other, more in zip(row.claims, row.claims[1:], row.claims[2:], strict=False):
            sizes = [_size(claim) for claim in (one, other, more)]
            if len({measure for measure, _ in sizes}) > 1 or one.figure.kind in ("share", "points", "rank"):
                continue
            first = account.text[one.figure.end : other.figure.start]
            second = account.text[other.figure.end : more.figure.start]
            before = account.text[max(row.start, one.figure.start - 12) : one.figure.start]
            if not re.search("[从由]", before) or not _BROUGHT_TO.search(first) or not _BY.search(second):
                continue
            (_, start), (_, end), (_, printed) = sizes
            if start > end and printed > 0 and not _near(printed, start - end, _CAREFUL):
                real = amount(Fraction(more.figure.value) * (start - end) / printed, more.figure.unit)
                yield found(
                    account,
                    "difference",
                    f"前后两数之差与所印{more.figure.text}不符（或另有所指）",
                    f"{one.figure.text}−{other.figure.text}，合{real}，不是{more.figure.text}",
                    "",
                    more,
                    against=(one, other),
                )


_DAY: Final = 86400  # seconds
_MONTH: Final = 30 * _DAY  # as a term of so many months is counted


def _size(claim: Claim) -> tuple[str, Fraction]:
    """The measure and value; months and days are of one measure here."""
    measure, value = base(claim)
    return ("time", value * _MONTH) if measure == "months" else (measure, value)


_BROUGHT_TO: Final = re.compile("(?:压缩|缩短|减少|降低|下降|降|缩减|精简|减)(?:到了?|至|为)[^，。；]{0,6}$")
_BY: Final = re.compile("^[^。；]{0,30}(?:节省|节约|缩短|减少|压缩|提前|便宜|省下?)了?[^，。；0-9]{0,8}$")
_CAREFUL: Final = Fraction(15, 100)  # share by which a month counted as 30 days, or 两个月 for 50 days, may be off
