"""``python -m ingest.measure --shared FOLDER [--truth FOLDER]… [--doubts]``: a table for each folder of gold."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from ingest import measure
from ingest.measure import reading, suspicions, truth
from ingest.measure.table import table


def main(argv: Sequence[str] | None = None) -> int:
    """Prints one table for each folder of gold; 2 where there is no gold, or no page to it."""
    parser = argparse.ArgumentParser("python -m ingest.measure", description="How well pages are read, against gold.")
    parser.add_argument("--shared", type=Path, required=True, help="a folder with seeds/*.txt and gold/*.jsonl")
    parser.add_argument("--truth", type=Path, action="append", default=[], help="a folder with more gold of such pages")
    parser.add_argument("--pages", type=Path, help="the folder of the pages, if not seeds")
    parser.add_argument("--doubts", action="store_true", help="list every suspicion, and the anomalies missed")
    given = parser.parse_args(argv)
    pages = given.pages or given.shared / "seeds"
    # line ends as they are: the gold offsets count them
    texts = {path.name: path.read_bytes().decode("utf-8") for path in sorted(pages.glob("*.txt"))}
    readings = reading.read_all(texts)
    for folder in [given.shared / "gold", *given.truth]:
        gold = truth.read(folder)
        missing = [name for name in gold if name not in readings]
        if not gold or missing:
            lack = f"no {missing[0]} in {pages}" if missing else f"no gold (figures*.jsonl, stories*.jsonl) in {folder}"
            print(f"ingest.measure: {lack}: name a folder that has it.", file=sys.stderr)
            return 2
        print(f"{folder}\n{table({name: measure.measure(readings[name], gold[name]) for name in gold})}\n")
        if given.doubts:
            for name, known in gold.items():
                print(name, *suspicions.told(readings[name], known), "", sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
