"""``python -m ingest.measure --shared FOLDER [--truth FOLDER]…``: a table for each folder of gold."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from ingest import measure
from ingest.measure import reading, truth
from ingest.measure.table import table


def main(argv: Sequence[str] | None = None) -> int:
    """Prints one table for each folder of gold; 2 where there is no gold, or no page to it."""
    parser = argparse.ArgumentParser("python -m ingest.measure", description="How well pages are read, against gold.")
    parser.add_argument("--shared", type=Path, required=True, help="a folder with seeds/*.txt and gold/*.jsonl")
    parser.add_argument("--truth", type=Path, action="append", default=[], help="a folder with more gold of such pages")
    parser.add_argument("--pages", type=Path, help="the folder of the pages, if not seeds")
    given = parser.parse_args(argv)
    pages = given.pages or given.shared / "seeds"
    for folder in [given.shared / "gold", *given.truth]:
        gold = truth.read(folder)
        missing = [name for name in gold if not (pages / name).is_file()]
        if not gold or missing:
            lack = f"no {missing[0]} in {pages}" if missing else f"no gold (figures*.jsonl, stories*.jsonl) in {folder}"
            print(f"ingest.measure: {lack}: name a folder that has it.", file=sys.stderr)
            return 2
        # line ends as they are: the gold offsets count them
        texts = {name: (pages / name).read_bytes().decode("utf-8") for name in gold}
        rows = {name: measure.measure(reading.read(name, text), gold[name]) for name, text in texts.items()}
        print(f"{folder}\n{table(rows)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
