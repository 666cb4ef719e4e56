"""Gold stories of pages in, a table of how well the pages are read out.

    python -m ingest.measure --shared ../shared
    python -m ingest.measure --shared ../shared --truth more/stories.jsonl

It measures what ``ingest`` makes, stories and blocks that no index holds, and ``evals`` never imports ``ingest``: so it
lives here. A measure is a function ``(Page, stories, gold) → {name: Ratio}``; add it to ``MEASURES``, and its columns
stand in the table.
"""

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, Final

from assistant.records import Page, Story
from ingest import pages
from ingest.stories import stories

_NOISE: Final = re.compile(r"[\W_]+")
_NEAR: Final = 0.8  # likeness of two headlines that are one, and the share of the shorter that the longer holds
_MISSING: Final = ("（标题缺失", "(标题缺失")  # how the gold set says that a headline is lost
_SAME_KIND: Final = {"photo-story": "photo-news", "orphan": "orphan-tail", "editors": "credits", "quote": "quote-box"}


@dataclass(frozen=True, slots=True)
class Ratio:
    """``hit`` of ``of``, added up over pages before it is divided."""

    hit: int
    of: int

    def __add__(self, other: "Ratio") -> "Ratio":
        return Ratio(self.hit + other.hit, self.of + other.of)

    @property
    def share(self) -> float:
        """0 to 1; 1 of nothing."""
        return self.hit / self.of if self.of else 1.0


Gold = Sequence[Mapping[str, Any]]  # the lines of stories.jsonl that tell of one page
Measure = Callable[[Page, Sequence[Story], Gold], Mapping[str, Ratio]]


def boundaries(page: Page, found: Sequence[Story], gold: Gold) -> Mapping[str, Ratio]:
    """Characters, blanks aside, that are in the story that gold says; stories matched one to one by overlap."""
    ours, theirs = [offsets(page, story) for story in found], [_gold_offsets(page, story) for story in gold]
    pairs = matching(ours, theirs)
    hit = sum(len(ours[mine] & theirs[other]) for other, mine in pairs.items())
    return {
        "precision": Ratio(hit, sum(map(len, ours))),
        "recall": Ratio(hit, sum(map(len, theirs))),
    }


def headlines(page: Page, found: Sequence[Story], gold: Gold) -> Mapping[str, Ratio]:
    """Headlines equal but for blanks and punctuation, or nearly; a lost one is right when none is claimed."""
    exact = near = 0
    pairs = matching([offsets(page, story) for story in found], [_gold_offsets(page, story) for story in gold])
    for other, mine in pairs.items():
        printed, read = _letters(str(gold[other]["headline"])), _letters(found[mine].source.headline)
        if str(gold[other]["headline"]).startswith(_MISSING) or not printed:
            exact, near = exact + (not read), near + (not read)
            continue
        exact += printed == read
        short, long = sorted((printed, read), key=len)
        near += bool(short) and (SequenceMatcher(None, printed, read).ratio() >= _NEAR or short in long)
    return {"headline": Ratio(exact, len(gold)), "headline near": Ratio(near, len(gold))}


def kinds(page: Page, found: Sequence[Story], gold: Gold) -> Mapping[str, Ratio]:
    """Stories whose kind, and whose completeness, is the gold one."""
    pairs = matching([offsets(page, story) for story in found], [_gold_offsets(page, story) for story in gold])
    kind = sum(
        found[mine].kind.value == _SAME_KIND.get(gold[other]["kind"], gold[other]["kind"])
        for other, mine in pairs.items()
    )
    whole = sum(found[mine].complete == gold[other].get("complete", True) for other, mine in pairs.items())
    return {"kind": Ratio(kind, len(gold)), "complete": Ratio(whole, len(gold))}


MEASURES: Final[list[Measure]] = [boundaries, headlines, kinds]


def offsets(page: Page, story: Story) -> set[int]:
    """The offsets of the story's characters that are not blank, marks included."""
    spans = [(span.start, span.end) for block in story.blocks for span in block.spans]
    spans += [block.mark for block in story.blocks if block.mark]
    return _printed(page.text, spans)


def _gold_offsets(page: Page, story: Mapping[str, Any]) -> set[int]:
    names = ("fragments", "caption_fragments", "duplicate_fragments")
    return _printed(page.text, [(span[0], span[1]) for name in names for span in story.get(name, ())])


def _printed(text: str, spans: Iterable[tuple[int, int]]) -> set[int]:
    return {at for start, end in spans for at in range(start, min(end, len(text))) if not text[at].isspace()}


def _letters(text: str) -> str:
    return _NOISE.sub("", text)


def matching(ours: Sequence[set[int]], theirs: Sequence[set[int]]) -> dict[int, int]:
    """For each gold story that has one, the found story that is it; the largest overlaps are taken first."""
    overlaps = sorted(
        ((len(mine & other), at, place) for at, other in enumerate(theirs) for place, mine in enumerate(ours)),
        key=lambda one: (-one[0], one[1], one[2]),
    )
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for size, at, place in overlaps:
        if size and at not in pairs and place not in taken:
            pairs[at] = place
            taken.add(place)
    return pairs


def measure(page: Page, gold: Gold) -> dict[str, Ratio]:
    """Every measure of one page."""
    found = stories(page)
    return {name: ratio for one in MEASURES for name, ratio in one(page, found, gold).items()}


def added(measured: Iterable[Mapping[str, Ratio]]) -> dict[str, Ratio]:
    """The measures of several pages as one."""
    total: dict[str, Ratio] = {}
    for one in measured:
        for name, ratio in one.items():
            total[name] = total.get(name, Ratio(0, 0)) + ratio
    return total


def f1(measured: Mapping[str, Ratio]) -> float:
    """The harmonic mean of precision and recall."""
    precision, recall = measured["precision"].share, measured["recall"].share
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def table(rows: Mapping[str, Mapping[str, Ratio]]) -> str:
    """The measures of pages, a row each, and of all together."""
    rows = {**rows, "all": added(rows.values())} if len(rows) > 1 else rows
    names = list(next(iter(rows.values()), {}))
    lines = ["| page | boundary F1 | " + " | ".join(names) + " |", "|---|" + "---|" * (len(names) + 1)]
    for page, measured in rows.items():
        cells = [f"{measured[name].share:.3f} ({measured[name].hit}/{measured[name].of})" for name in names]
        lines.append(f"| {page} | {f1(measured):.4f} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def read_gold(path: Path) -> dict[str, list[dict[str, Any]]]:
    """The gold stories of each page, by the page's file name."""
    found: dict[str, list[dict[str, Any]]] = {}
    for line in path.read_text("utf-8").splitlines():
        if line.strip():
            story = json.loads(line)
            found.setdefault(story["page"], []).append(story)
    return found


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8")  # line ends as they are: the gold offsets count them


def main(argv: Sequence[str] | None = None) -> int:
    """Prints one table for each gold file; 2 where a file is not there."""
    parser = argparse.ArgumentParser("python -m ingest.measure", description="How well pages are read, against gold.")
    parser.add_argument("--shared", type=Path, required=True, help="a folder with seeds/*.txt and gold/stories.jsonl")
    parser.add_argument("--truth", type=Path, action="append", default=[], help="more gold stories of those pages")
    parser.add_argument("--pages", type=Path, help="the folder of the pages, if not seeds")
    given = parser.parse_args(argv)
    folder = given.pages or given.shared / "seeds"
    for path in [given.shared / "gold" / "stories.jsonl", *given.truth]:
        if not path.is_file():
            print(f"ingest.measure: no gold stories in {path}: name a folder that has them.", file=sys.stderr)
            return 2
        rows = {}
        for name, gold in read_gold(path).items():
            rows[name] = measure(pages.page(name, _text(folder / name)), gold)
        print(f"{path}\n{table(rows)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
