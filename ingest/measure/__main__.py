"""A table for each folder of gold, and what is doubted of clean texts.

python -m ingest.measure --shared FOLDER [--truth FOLDER]… [--doubts]
python -m ingest.measure --clean TEXTS [--damage [N]] [--seed S]
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from ingest import measure
from ingest.measure import damage, reading, suspicions, truth
from ingest.measure.table import table


def main(argv: Sequence[str] | None = None) -> int:
    """Prints one table for each folder of gold; 2 where there is no gold, or no page to it."""
    parser = argparse.ArgumentParser("python -m ingest.measure", description="How well pages are read, against gold.")
    parser.add_argument("--shared", type=Path, help="a folder with seeds/*.txt and gold/*.jsonl")
    parser.add_argument("--truth", type=Path, action="append", default=[], help="a folder with more gold of such pages")
    parser.add_argument("--pages", type=Path, help="the folder of the pages, if not seeds")
    parser.add_argument("--doubts", action="store_true", help="list every suspicion, and the anomalies missed")
    parser.add_argument("--clean", type=Path, help="a folder of .txt or a .jsonl of right texts: list their suspicions")
    parser.add_argument(
        *("--damage",),
        type=int,
        nargs="?",
        const=0,
        default=-1,
        metavar="N",
        help="drop N of their points (all), one by one",
    )
    parser.add_argument("--seed", type=int, default=0, help="which points, where not all")
    given = parser.parse_args(argv)
    if given.clean:
        if not given.clean.exists():
            print(f"ingest.measure: no {given.clean}: name a folder of .txt files, or a .jsonl.", file=sys.stderr)
            return 2
        for line in damage.report(damage.read(given.clean), given.damage, given.seed):
            print(line)
    if given.shared is None:
        if not given.clean:
            parser.error("--shared or --clean is wanted")
        return 0
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
