"""Pages and gold in, how well the pages are read out: stories, figures, claims, doubts; each a share that adds up.

    python -m ingest.measure --shared ../shared
    python -m ingest.measure --shared ../shared --truth more

It measures what ``ingest`` makes, which no index holds, and ``evals`` never imports ``ingest``: so it lives here. A
measure is a function ``(Reading, Gold) → {name: Ratio}`` over everything read of one page and all that is known of it.
It stands in ``MEASURES`` under the kind of gold that it needs, is called for the pages that have that kind, and its
names become rows of the table.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from ingest.measure import claims, figures, layout, suspicions
from ingest.measure.ratio import Ratio
from ingest.measure.reading import Reading
from ingest.measure.truth import Gold

Measure = Callable[[Reading, Gold], Mapping[str, Ratio]]

MEASURES: Final[dict[str, Sequence[Measure]]] = {
    "stories": (layout.boundaries, layout.headlines, layout.kinds),
    "figures": (figures.figures, claims.claims),
    "nonfigures": (figures.no_figures,),
    "anomalies": (suspicions.suspicions,),
}


def measure(reading: Reading, gold: Gold) -> dict[str, Ratio]:
    """Every measure of one page for which there is gold."""
    return {
        name: ratio
        for kind, measures in MEASURES.items()
        if getattr(gold, kind)
        for one in measures
        for name, ratio in one(reading, gold).items()
    }
