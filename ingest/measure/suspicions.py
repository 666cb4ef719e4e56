"""Gold anomalies in, how many the ledger finds out: the ``suspect`` ones caught, the ``ok`` ones flagged all the same.

When a suspicion is of an anomaly: one of the figures that it doubts (not one that it only holds them against) is
printed within one of the anomaly's quotes, by its offsets in the file, and its number is one that the anomaly gives as
misprinted, or the figure is just that (两个月). An anomaly of words (another permit, a namesake) has no misprinted
number: there a sentence that the suspicion quotes must hold the anomaly's quote or be held by it, and both must be of
one kind. A figure of an ``ok`` anomaly is flagged if any suspicion doubts it, whatever the reason.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from assistant.records import Claim, Suspicion
from ingest.measure.ratio import Ratio
from ingest.measure.reading import Reading
from ingest.measure.truth import Gold

_NUMBER: Final = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_Row = Mapping[str, Any]


def suspicions(reading: Reading, gold: Gold) -> Mapping[str, Ratio]:
    """Of the anomalies printed on the page: the suspect ones caught, the others flagged."""
    suspect, fine = _own(reading, gold)
    counted = {
        "suspect caught": Ratio(sum(any(_catching(reading, row)) for row in suspect), len(suspect)),
        "ok flagged": Ratio(sum(any(_flagging(reading, row)) for row in fine), len(fine)),
    }
    return {name: ratio for name, ratio in counted.items() if ratio.of}


def told(reading: Reading, gold: Gold) -> Iterator[str]:
    """A line to each suspicion of the page, with what it catches or wrongly flags (!); then what was missed."""
    suspect, fine = _own(reading, gold)
    for one in reading.doubts:
        caught = [row["id"] for row in suspect if _catches(reading, one, row)]
        wrong = [f"!{row['id']}" for row in fine if _flags(reading, one, row)]
        printed = "、".join(claim.figure.text for claim in one.claims)
        mark = " ".join(caught + wrong) or "–"
        yield f"{mark:<8} {one.kind:<16} {printed}｜{one.text}｜{one.arithmetic}｜{one.reading}"
    for row in suspect:
        if not any(_catching(reading, row)):
            yield f"missed   {row['id']} {row['kind']} {row['printed_value']}"


def _own(reading: Reading, gold: Gold) -> tuple[list[_Row], list[_Row]]:
    """The suspect and the other anomalies of the page: each counts on the one page that prints what it is about."""
    own = [row for row in gold.anomalies if _page(row) == reading.page.file]
    return [row for row in own if row["verdict"] == "suspect"], [row for row in own if row["verdict"] == "ok"]


def _page(row: _Row) -> str:
    """The page of the first quote that holds the misprinted number, else of the first quote."""
    wanted = _numbers(row)
    quotes = [quote for quote in row["quotes"] if wanted & set(_NUMBER.findall(quote["text"]))] or row["quotes"]
    return str(quotes[0]["page"])


def _numbers(row: _Row) -> set[str]:
    return set(_NUMBER.findall(str(row["printed_value"] or "")))


def _catching(reading: Reading, row: _Row) -> Iterator[bool]:
    return (_catches(reading, one, row) for one in reading.doubts)


def _flagging(reading: Reading, row: _Row) -> Iterator[bool]:
    return (_flags(reading, one, row) for one in reading.doubts)


def _catches(reading: Reading, one: Suspicion, row: _Row) -> bool:
    printed, wanted = str(row["printed_value"] or ""), _numbers(row)
    if one.claims:
        return any(
            (wanted & set(_NUMBER.findall(claim.figure.text)) or claim.figure.text == printed)
            and _stands_in(reading, claim, row)
            for claim in one.claims
        )
    if wanted or one.kind != row["kind"]:
        return False
    quoted = [quote["text"] for quote in row["quotes"]]
    return any(words in quote or quote in words for _, words in one.quotes for quote in quoted)


def _flags(reading: Reading, one: Suspicion, row: _Row) -> bool:
    return any(_stands_in(reading, claim, row) for claim in one.claims)


def _stands_in(reading: Reading, claim: Claim, row: _Row) -> bool:
    """Whether the claim's figure is printed within one of the quotes of the reading's page."""
    where = reading.printed(claim)
    if where is None:
        return False
    return any(
        quote["page"] == reading.page.file and quote["char_start"] <= where[0] and where[1] <= quote["char_end"]
        for quote in row["quotes"]
    )
