"""The claims of stories in, gold items proposed from them out, for a person to accept, edit or throw away.

Each claim whose subject and metric are known makes one question of a plain form; the fact is as printed. What a rule
had to guess is tagged ``unsure``, a figure that the ledger doubts ``suspect``: these want reading first. A proposal is
no item until somebody has read it beside the page: ``jushi evals lint`` then tells what is still wrong.
"""

import re
from collections.abc import Iterable
from typing import Any, Final

from assistant import periods
from assistant.errors import SettingError
from assistant.records import Claim, Told
from assistant.settings import Settings
from evals.reading import DATED

Item = dict[str, Any]

_RATES: Final = ("增速", "增幅", "增长", "占比", "比重", "贡献率", "率")
_PLAIN_METRIC: Final = re.compile(r"[\w“”（）+/·—-]{2,24}")


def told(settings: Settings, story: str) -> list[tuple[Told, bool]]:
    """Each claim of the stories whose ``file#headline`` has all the words, and whether it is doubted.

    Raises IndexMissing, and SettingError where no story has them.
    """
    from assistant.listing import Listing, wanted

    words = story.split()
    with Listing.open(settings) as listing:
        rows = listing.claims(wanted())
    found = [
        (row.told, bool(row.doubts))
        for row in rows
        if all(word in f"{row.told.file}#{row.told.headline}" for word in words)
    ]
    if not found:
        names = sorted({f"{row.told.file}#{row.told.headline}" for row in rows})
        known = "\n  ".join(names[:20]) + (f"\n  … {len(names)} in all" if len(names) > 20 else "")
        raise SettingError(f"No story with figures is called {story}. The stories:\n  {known}")
    return found


def items(rows: Iterable[tuple[Told, bool]], most: int | None = None) -> list[Item]:
    """The proposals in the project's form, in the order of the claims; at most ``most``."""
    made: list[Item] = []
    asked: set[str] = set()
    for one, doubted in rows:
        if most is not None and len(made) == most:
            break
        item = _item(one, doubted, len(made) + 1)
        if item and item["question"] not in asked:
            asked.add(item["question"])
            made.append(item)
    return made


def fact(one: Told) -> Item:
    """The claim as a fact of the project's form: as printed, its value in the base unit."""
    claim, figure = one.claim, one.claim.figure
    known = bool(claim.period.start or claim.period.end)
    return {
        "subject": claim.subject or "未写明",
        "metric": claim.metric or "未写明",
        "period": periods.absolute(claim.period) if known else one.date or "未写明",
        "value": format(figure.value, "f"),
        "unit": figure.unit,
        "bound": figure.bound.value,
        "printed": figure.text,
    }


def _item(one: Told, doubted: bool, number: int) -> Item | None:
    claim, figure = one.claim, one.claim.figure
    torn = any(claim.metric.count(opening) != claim.metric.count(closing) for opening, closing in ("“”", "（）"))
    if (
        not claim.subject
        or torn
        or not _PLAIN_METRIC.fullmatch(claim.metric)
        or figure.unit in DATED
        or not figure.unit
    ):
        return None
    when = periods.absolute(claim.period)
    known = bool(claim.period.start or claim.period.end)
    return {
        "id": f"draft-{number:03d}",
        "question": _question(claim, when if known and claim.period.label != one.date else ""),
        "type": "figure",
        "facts": [fact(one)],
        "stories": [f"{one.file}#{one.headline}"],
        "language": "zh",
        "note": one.sentence,
        "tags": [*(["unsure"] if not claim.sure else []), *(["suspect"] if doubted else [])],
    }


def _question(claim: Claim, when: str) -> str:
    """甲公司2024年产值是多少？ with 多少家 for counts, so that the unit is clear."""
    figure = claim.figure
    counted = f"有多少{figure.unit}" if figure.kind == "count" and figure.unit else "是多少"
    metric = claim.metric
    if claim.comparison and figure.unit in ("%", "个百分点", "倍") and not metric.endswith(_RATES):
        metric += claim.comparison.split()[0]
    return f"{claim.subject}{when}{metric}{counted}？"
