"""The measures of pages in, a Markdown table out: a row to each measure, a column to each page and one to all."""

from collections.abc import Mapping
from typing import Final

from ingest.measure.ratio import Ratio, added, f1

_NAME: Final = 12  # letters of a page's name that head its column
_F1: Final = "boundary F1"


def table(pages: Mapping[str, Mapping[str, Ratio]]) -> str:
    """One table of one or more pages; – where a page has no gold for the measure."""
    columns = dict(pages)
    if len(columns) > 1:
        columns["all"] = added(columns.values())
    names = list(dict.fromkeys(name for measured in columns.values() for name in measured))
    heads = [page if len(page) <= _NAME else page[:_NAME] + "…" for page in columns]
    lines = ["| measure | " + " | ".join(heads) + " |", "|---" * (len(heads) + 1) + "|"]
    if "boundary precision" in names:
        lines.append(f"| {_F1} | " + " | ".join(_score(measured) for measured in columns.values()) + " |")
    lines += [
        f"| {name} | " + " | ".join(_cell(measured.get(name)) for measured in columns.values()) + " |" for name in names
    ]
    return "\n".join(lines)


def _score(measured: Mapping[str, Ratio]) -> str:
    if "boundary precision" not in measured:
        return "–"
    return f"{f1(measured['boundary precision'], measured['boundary recall']):.4f}"


def _cell(ratio: Ratio | None) -> str:
    return f"{ratio.share:.3f} ({ratio.hit}/{ratio.of})" if ratio else "–"
