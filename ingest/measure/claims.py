"""Gold figures in, of how many the page's reading tells the subject, the metric and the period rightly out."""

from collections.abc import Mapping

from ingest.measure import judge
from ingest.measure.figures import found, matches, valued
from ingest.measure.ratio import Ratio
from ingest.measure.reading import Reading
from ingest.measure.truth import Gold


def claims(reading: Reading, gold: Gold) -> Mapping[str, Ratio]:
    """Shares of the gold figures that have a value; one that was not found has nothing right."""
    all_found = found(reading)
    rows = valued(gold)
    right = {"subject": 0, "metric": 0, "period": 0}
    for row in rows:
        told = [one.claim for one in matches(row, all_found)]
        if not told:
            continue
        story = [other for other in rows if other["story_id"] == row["story_id"] and other is not row]
        right["subject"] += all(judge.subject(row, claim, reading.aliases) for claim in told)
        right["metric"] += all(judge.metric(row, claim, story) for claim in told)
        right["period"] += all(judge.period(row, claim, reading.page.date) for claim in told)
    return {f"{name} right": Ratio(hit, len(rows)) for name, hit in right.items()}
