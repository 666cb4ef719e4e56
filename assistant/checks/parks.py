"""One story's claims in, doubts about a firm and its park out."""

import re
from collections.abc import Iterator
from typing import Final

from assistant import aliases as names
from assistant import mentions, periods
from assistant.aliases import Aliases
from assistant.checks.doubt import base, found, reading
from assistant.records import Account, Claim, NameKind, Suspicion

_NO_TOTAL: Final = re.compile("增速|增长|占|比重|率|每|均|累计|预计|计划|目标|产能|同比|降|升")
_HALF: Final = 190  # days of the longest period that is a half year


def firm_above_park(account: Account, known: Aliases) -> Iterator[Suspicion]:
    """A firm's output above that of the park which the same story is about."""
    wholes: list[Claim] = []
    parts: list[Claim] = []
    for claim in account.claims:
        if (
            claim.figure.unit != "元"
            or "产值" not in claim.metric
            or _NO_TOTAL.search(claim.metric)
            or "预计" in claim.comparison
        ):
            continue
        kind = _kind(claim.subject, known)
        (wholes if kind is NameKind.PARK or "集群" in claim.subject else parts if kind is NameKind.FIRM else []).append(
            claim
        )
    if not wholes:
        return
    years = [claim for claim in wholes if _days(claim) >= _HALF] or wholes
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
                f"{part.subject}{part.figure.text}>{whole.subject}{whole.figure.text}"
                f"（{periods.absolute(whole.period)}）",
                reading(part, limit / 2),
                part,
                against=(whole,),
            )


def _kind(name: str, known: Aliases) -> NameKind | None:
    return known.kinds.get(name) or next((m.kind for m in mentions.mentions(name) if m.text == name), None)


def _days(claim: Claim) -> int:
    if claim.period.start is None or claim.period.end is None:
        return 0
    return (claim.period.end - claim.period.start).days + 1
