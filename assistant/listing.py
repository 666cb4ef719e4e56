"""What of the claims is wanted in, the claims or suspicions of the index out: as rows, CSV or JSON.

with Listing.open(settings) as listing:
    for row in listing.claims(wanted("远山经开区 产值", period="2024")):
        print(row.told.claim.figure.text, row.doubts)
"""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from assistant import mentions, periods
from assistant.claim_index import ClaimIndex, Wanted
from assistant.errors import SettingError
from assistant.records import Claim, Period, Suspicion, Told
from assistant.render import json_of
from assistant.settings import Settings
from assistant.store import Store

_ISO = re.compile(r"[0-9]{4}(?:-[0-9]{1,2}){0,2}")

COLUMNS = (
    *("subject", "metric", "period", "start", "end", "figure", "value", "unit", "bound", "comparison", "sure"),
    *("paper", "date", "headline", "file", "offset", "offset_end", "sentence", "suspicions"),
)
"""Of the CSV: ``figure`` is as printed; ``value`` is in ``unit``; offsets are letters of the file."""


@dataclass(frozen=True, slots=True)
class Row:
    """One claim with what casts doubt on its figure."""

    told: Told
    doubts: tuple[Suspicion, ...]


def wanted(
    query: str = "",
    *,
    subject: str = "",
    metric: str = "",
    period: str = "",
    unit: str = "",
    file: str = "",
    suspect: bool = False,
) -> Wanted:
    """What the words ask for. A date among the words of ``query`` is the period, a name in them a word of its own.

    Raises SettingError for a period that is none.
    """
    words: list[str] = []
    when = _period(period) if period else None
    for piece in query.split():
        dated = () if when else tuple(one for one in periods.find(piece) if one.period.start or one.period.end)
        if dated:
            when = dated[0].period
            piece = piece[: dated[0].start] + " " + piece[dated[0].end :]
        words += [word for part in piece.split() for word in _parted(part)]
    return Wanted(tuple(words), subject, metric, when, unit, "", file, (), suspect)


def _period(text: str) -> Period:
    found = periods.of_page(text if _ISO.fullmatch(text) else "")
    if found.start is None and found.end is None:
        whole = (one for one in periods.find(text) if (one.start, one.end) == (0, len(text)))
        found = next((one.period for one in whole), found)
    if found.start is None and found.end is None:
        raise SettingError(f"{text!r} is no period: write 2024, 2024-06, 2024-06-30, 2024年上半年 or 2021年以来.")
    return found


def _parted(word: str) -> list[str]:
    """远山经开区产值 → 远山经开区, 产值: whoever writes both together does not mean that they stand together."""
    found: list[str] = []
    at = 0
    for mention in mentions.mentions(word):
        found += [word[at : mention.start], mention.text]
        at = mention.end
    return [part for part in (*found, word[at:]) if part.strip("的、，。？?")]


class Listing:
    """The claims of an index, opened to be listed."""

    def __init__(self, store: Store, index: ClaimIndex) -> None:
        self._store = store
        self._index = index

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """The claims of the settings' index. Raises IndexMissing or IndexMismatch."""
        store = Store.open(Path(settings.data), settings.embedder, settings.server)
        return cls(store, ClaimIndex.of(store))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._index.close()
        self._store.close()

    def count(self, asked: Wanted) -> int:
        """How many claims there are of what is asked."""
        return self._index.count(asked)

    def claims(self, asked: Wanted, limit: int | None = None) -> tuple[Row, ...]:
        """The claims, by file and place, each with its doubts; at most ``limit``."""
        found = self._index.find(asked, -1 if limit is None else limit)
        return tuple(Row(told, self._doubts(told.claim)) for told in found)

    def suspicions(self, asked: Wanted, limit: int | None = None) -> tuple[Suspicion, ...]:
        """The suspicions that touch such a claim; where nothing is asked, all, those of words alone included."""
        found = self._index.suspicions(wanted=None if asked == Wanted() else asked)
        return found[:limit]

    def _doubts(self, claim: Claim) -> tuple[Suspicion, ...]:
        return self._index.doubts(claim.passage_id, claim.figure.start, claim.figure.end)


def to_csv(rows: Sequence[Row]) -> str:
    """The rows under ``COLUMNS``, a line each."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        doubts = "；".join(_said(doubt) for doubt in row.doubts)
        writer.writerow({name: _cell(value) for name, value in {**_fields(row.told), "suspicions": doubts}.items()})
    return text.getvalue()


def to_json(rows: Sequence[Row]) -> str:
    """The rows as a list of objects with the ``COLUMNS`` as keys, each suspicion an object of its own."""
    return json_of([{**_fields(row.told), "suspicions": [_doubt(one) for one in row.doubts]} for row in rows])


def suspicions_to_csv(suspicions: Sequence[Suspicion]) -> str:
    """The suspicions, a line each; quotes are parted by line ends within the cell."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["kind", "text", "arithmetic", "reading", "figures", "witnesses", "quotes"])
    for one in suspicions:
        figures = ("、".join(claim.figure.text for claim in side) for side in (one.claims, one.witnesses))
        quotes = "\n".join(f"{file}：{words}" for file, words in one.quotes)
        writer.writerow(map(_cell, (one.kind, one.text, one.arithmetic, one.reading, *figures, quotes)))
    return text.getvalue()


def suspicions_to_json(suspicions: Sequence[Suspicion]) -> str:
    """The suspicions as a list of objects."""
    return json_of([_doubt(one) for one in suspicions])


def _fields(told: Told) -> dict[str, Any]:
    claim, period = told.claim, told.claim.period
    values = (
        *(claim.subject, claim.metric, period.label, _day(period.start), _day(period.end)),
        *(claim.figure.text, _plain(claim.figure.value), claim.figure.unit, str(claim.figure.bound)),
        *(claim.comparison, claim.sure, told.paper, told.date, told.headline, told.file, told.start, told.end),
        told.sentence,
    )
    return dict(zip(COLUMNS, values, strict=False))


def _doubt(one: Suspicion) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "text": one.text,
        "arithmetic": one.arithmetic,
        "reading": one.reading,
        "figures": [claim.figure.text for claim in one.claims],
        "witnesses": [claim.figure.text for claim in one.witnesses],
        "quotes": [{"file": file, "text": words} for file, words in one.quotes],
    }


def _said(one: Suspicion) -> str:
    return "，".join(part for part in (one.text, one.arithmetic, one.reading) if part)


def _day(day: Any) -> str:
    return day.isoformat() if day else ""


def _plain(value: Decimal) -> str:
    """Without an exponent: 1E+8 is no number to a reader of tables."""
    return f"{value:f}"


def _cell(value: Any) -> Any:
    """What a spreadsheet must not take for a formula is told to be text; numbers stay."""
    text = str(value)
    if text[:1] in ("=", "@", "\t", "\r") or (text[:1] in ("+", "-") and not text[1:2].isdigit()):
        return f"'{text}"
    return value
