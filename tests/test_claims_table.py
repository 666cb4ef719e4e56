"""Sentences of the field's kinds, all invented: of one figure each the subject, the words of its metric, its period."""

from datetime import date
from pathlib import Path

import pytest

from assistant import claims, figures
from assistant.records import Claim

PAGE = "2025-08"
MONTH = "2025-08-01 2025-08-31"  # the page's own date
YEAR = "2025-01-01 2025-12-31"
LAST = "2024-01-01 2024-12-31"
HALF = "2025-01-01 2025-06-30"
QUARTER = "2025-01-01 2025-03-31"

TABLE = Path(__file__).with_name("claims_table.txt")


def rows() -> list[tuple[str, ...]]:
    lines = TABLE.read_text("utf-8").splitlines()
    return [tuple(cell.strip() for cell in line.split(" | ")) for line in lines if not line.startswith("#")]


def of(text: str, printed: str) -> Claim:
    told = claims.claims(text, figures.find(text), page_date=PAGE)
    exact = (claim for claim in told if claim.figure.text == printed)
    return next(exact, None) or next(claim for claim in told if claim.figure.text.endswith(printed))


@pytest.mark.parametrize(("text", "printed", "subject", "metric", "period"), rows())
def test_claim(text: str, printed: str, subject: str, metric: str, period: str) -> None:
    """Whose, what and when are those that a reader of the sentence would say; * where he would not be sure."""
    claim = of(text, printed)
    if subject != "*":
        assert claim.subject == subject
    for word in metric.split():
        assert (word[1:] not in claim.metric) if word[0] == "-" else (word in claim.metric), claim.metric
    days = {"MONTH": MONTH, "YEAR": YEAR, "LAST": LAST, "HALF": HALF, "QUARTER": QUARTER}.get(period, period)
    start, end = (None if day == "None" else date.fromisoformat(day) for day in days.split())
    assert (claim.period.start, claim.period.end) == (start, end)
