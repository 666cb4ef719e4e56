"""A folder of gold in, the Gold of each page out: what a reader found on it by hand.

    figures*.jsonl    every quantity: page, entity, metric, period, value_text, value, unit, char_start, char_end
    stories*.jsonl    every story: page, headline, kind, fragments
    nonfigures*.jsonl what looks like a quantity and is none: page, text, char_start, char_end
    anomalies*.jsonl  figures that cannot be right (``suspect``) or look so and are (``ok``): quotes, each with its page

Offsets are ``str`` offsets into the page as UTF-8, line ends as they are.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Rows = Sequence[Mapping[str, Any]]
_KINDS = ("stories", "figures", "nonfigures", "anomalies")


@dataclass(frozen=True, slots=True)
class Gold:
    """What is known of one page; a kind without a line is not known, and nothing is measured of it."""

    stories: Rows = field(default=())
    figures: Rows = field(default=())
    nonfigures: Rows = field(default=())
    anomalies: Rows = field(default=())


def read(folder: Path) -> dict[str, Gold]:
    """The gold of each page, by the page's file name; empty if the folder holds none."""
    rows: dict[str, dict[str, list[Mapping[str, Any]]]] = {}
    for kind in _KINDS:
        for path in sorted(folder.glob(f"{kind}*.jsonl")):
            for line in path.read_text("utf-8").splitlines():
                if line.strip():
                    row = json.loads(line)
                    for page in _pages(row):
                        rows.setdefault(page, {}).setdefault(kind, []).append(row)
    return {page: Gold(**kinds) for page, kinds in sorted(rows.items())}


def _pages(row: Mapping[str, Any]) -> list[str]:
    """The pages that a line tells of: its own, or those of its quotes."""
    return [row["page"]] if "page" in row else list(dict.fromkeys(quote["page"] for quote in row["quotes"]))
