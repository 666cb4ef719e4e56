"""Nothing in, the parsers of the evals' command line out: what may be asked for, with its help and examples."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Final

from assistant.settings import add_flags
from evals import gold, suites, systems
from evals.gold import Kind

RESULTS: Final = "evals-results"
SETTINGS: Final = (
    "data",
    "chroma",
    "base_url",
    "embedder",
    "reranker",
    "models",
    "threads",
    "timeout",
)  # of the assistant that is asked
SEEDS: Final = Path(__file__).resolve().parent.parent / "seeds"


def _count(text: str) -> int:
    number = int(text) if text.isdigit() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text}: at least 1 is wanted")
    return number


def _described(name: str, said: str, examples: str = "") -> argparse.ArgumentParser:
    return argparse.ArgumentParser(
        prog=name, description=said, epilog=examples, formatter_class=argparse.RawDescriptionHelpFormatter
    )


def _gate_flag(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--fail-under", metavar="LIMITS", help="accuracy=.8,wrong=.05,citation=.98")


def run_parser() -> argparse.ArgumentParser:
    """The flags of a run."""
    parser = _described(
        "jushi evals",
        "Ask a set of questions with known answers, and tell how far the figures can be trusted.",
        """examples:
  jushi evals --model none                           the project's set, without a model
  jushi evals --model none,qwen2.5-coder-1.5b --limit 30 --seed 1
  jushi evals --types figure,unanswerable --limit 20
  jushi evals --gold mine.jsonl --out results/mine   questions of your own
  jushi evals --resume                               go on after a stop
  jushi evals --system langchain --model qwen2.5-coder-1.5b
  jushi evals --suite rgb=FOLDER                     a public benchmark
  jushi evals --fail-under accuracy=.8,wrong=.05     exit code 1 when a limit is missed

also: jushi evals lint | draft | score | report | compare | grade (each with --help)

names for --fail-under: accuracy, cited, citation, precision (at least); wrong, seconds (at most; seconds is the
95th percentile); citation is the share of figures that a sentence cited beside them bears""",
    )
    parser.add_argument("--gold", type=Path, default=gold.PROJECT_SET, metavar="FILE", help="questions (JSONL)")
    parser.add_argument("--suite", metavar="NAME=FOLDER", help=f"instead of --gold: {', '.join(suites.NAMES)}")
    add_flags(parser, *SETTINGS)
    parser.add_argument("--pages", type=Path, default=SEEDS, metavar="FOLDER", help="pages that a peer reads")
    parser.add_argument("--system", default=systems.JUSHI, metavar="NAME", help="jushi, langchain, or module:class")
    parser.add_argument("--model", metavar="NAMES", help="auto, none, local, .gguf or hosted models; a,b asks both")
    parser.add_argument("--types", metavar="NAMES", help=f"only these types: {', '.join(Kind)}")
    parser.add_argument("--split", choices=gold.SPLITS, help="only this side of the set's split")
    parser.add_argument("--limit", type=_count, metavar="N", help="only the first N questions")
    parser.add_argument("--seed", type=int, metavar="N", help="draw the --limit at random, the same for the same N")
    parser.add_argument("--workers", type=_count, default=1, metavar="N", help="questions asked at a time (1)")
    parser.add_argument("--price", metavar="R,W", help="price of a million tokens read and written, for the cost")
    parser.add_argument("--out", default=RESULTS, metavar="FOLDER", help=f"where results are filed ({RESULTS})")
    parser.add_argument("--junit", type=Path, metavar="FILE", help="also write JUnit XML")
    parser.add_argument("--resume", action="store_true", help="go on with the last run of this set and model")
    parser.add_argument("--json", action="store_true", help="tell the progress as JSON lines, for a program")
    _gate_flag(parser)
    return parser


def lint_parser() -> argparse.ArgumentParser:
    """Those of ``lint``."""
    parser = _described("jushi evals lint", "Tell what is wrong with a gold set, against its pages and in itself.")
    parser.add_argument("--gold", type=Path, default=gold.PROJECT_SET, metavar="FILE", help="questions (JSONL)")
    parser.add_argument("--pages", type=Path, default=SEEDS, metavar="FOLDER", help="Markdown pages with ## headlines")
    parser.add_argument("--data", metavar="FOLDER", help="instead of --pages: the stories of this index")
    return parser


def draft_parser() -> argparse.ArgumentParser:
    """Those of ``draft``."""
    parser = _described(
        "jushi evals draft",
        "Propose questions from the claims of a story, or from what readers thought of answers, for a person to edit.",
        """examples:
  jushi evals draft 台江经开区                  every story whose file or headline has these words
  jushi evals draft page.md --out mine.jsonl
  jushi evals draft --reactions data/reactions.jsonl --out mine.jsonl""",
    )
    parser.add_argument("story", metavar="STORY", nargs="?", help="words of its file#headline")
    parser.add_argument("--reactions", type=Path, metavar="FILE", help="instead: the thumbs that the page has kept")
    parser.add_argument("--data", metavar="FOLDER", help="folder of the index")
    parser.add_argument("--limit", type=_count, metavar="N", help="at most N questions")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write there instead of printing")
    return parser


def score_parser() -> argparse.ArgumentParser:
    """Those of ``score``."""
    parser = _described("jushi evals score", "Judge the answers of a results file again, without asking again.")
    parser.add_argument("results", type=Path, metavar="RESULTS")
    parser.add_argument("--gold", type=Path, default=gold.PROJECT_SET, metavar="FILE", help="the set that was asked")
    parser.add_argument("--out", type=Path, metavar="FILE", help="where the new results go (RESULTS-rescored.jsonl)")
    _gate_flag(parser)
    return parser


def report_parser() -> argparse.ArgumentParser:
    """Those of ``report``."""
    parser = _described("jushi evals report", "The table of a run, and its page for the browser.")
    parser.add_argument("results", type=Path, metavar="RESULTS")
    for name, said in (("html", "one page, nothing loaded"), ("csv", "a row an item"), ("json", "the summary")):
        parser.add_argument(f"--{name}", type=Path, metavar="FILE", help=said)
    parser.add_argument("--junit", type=Path, metavar="FILE", help="a test case an item")
    _gate_flag(parser)
    return parser


def compare_parser() -> argparse.ArgumentParser:
    """Those of ``compare``."""
    parser = _described("jushi evals compare", "Two runs on the same items: paired differences, and what changed.")
    parser.add_argument("first", type=Path, metavar="A")
    parser.add_argument("second", type=Path, metavar="B")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser


def grade_parser() -> argparse.ArgumentParser:
    """Those of ``grade``."""
    parser = _described("jushi evals grade", "What a model thinks of the text answers, beside the verdicts.")
    told = "answers of a run; without it, the answers judged by hand that come with Jushi"
    parser.add_argument("results", type=Path, nargs="?", metavar="RESULTS", help=told)
    parser.add_argument("--model", metavar="NAME", help="a local, .gguf or hosted model")
    parser.add_argument("--base-url", metavar="URL", help="OpenAI-compatible endpoint (its key: JUSHI_API_KEY)")
    parser.add_argument("--price", metavar="R,W", help="price of a million tokens read and written, for the cost")
    return parser


PARSERS: Final[dict[str, Callable[[], argparse.ArgumentParser]]] = {
    "lint": lint_parser,
    "draft": draft_parser,
    "score": score_parser,
    "report": report_parser,
    "compare": compare_parser,
    "grade": grade_parser,
}
