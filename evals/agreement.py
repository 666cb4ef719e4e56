"""Answers judged by hand and our scorer in, how far they agree out: ``python -m evals.agreement [FILE…]``.

``evals/judged/*.jsonl`` hold real answers of several systems to questions of the project's set, an answer a line. Each
was judged by one reader, as an editor would, before the scorer had seen it::

    {"item": "figure-32", "system": "none", "judged": "wrong", "false": true, "text": "30.1%。原文：…",
     "declined": false, "citations": [{"key": …, "quote": …, "file": …, "headline": …}], "caveats": [], "differs": ""}

``judged`` is a verdict of ``evals.score``; ``false`` tells that a figure is offered which is not the answer, where the
reader told it; ``differs`` explains, afterwards, why the scorer's verdict is another. Beside the scorer stand the two
that public harnesses use. Exit code 1 where an answer differs without an explanation, or is explained and does not.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from assistant.errors import JushiError
from assistant.records import Answer, Caveat, CaveatKind, Citation, Source
from evals import gold, mutants
from evals.about import Known
from evals.filed import Record, wanted
from evals.gold import GoldError, GoldItem, Kind
from evals.intervals import interval
from evals.score import Outcome, Score, score

FOLDER: Final = Path(__file__).resolve().parent / "judged"
_FIELDS: Final = frozenset({"item", "system", "judged", "text", "declined", "citations", "caveats", "false", "differs"})


@dataclass(frozen=True, slots=True)
class Judged:
    """One answer with the reader's verdict; ``false`` is None where the reader did not say, ``differs`` the reason."""

    item: GoldItem
    system: str
    answer: Answer
    verdict: Outcome
    false: bool | None = None
    differs: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """A judgement by hand and the scorer's."""

    judged: Judged
    score: Score

    @property
    def agrees(self) -> bool:
        """Whether both came to the same verdict."""
        return self.judged.verdict is self.score.verdict


def files() -> list[Path]:
    """The judgements that come with the project."""
    return sorted(FOLDER.glob("*.jsonl"))


def load(paths: Iterable[Path], items: Mapping[str, GoldItem]) -> tuple[Judged, ...]:
    """The judgements of the files, in order. Raises GoldError naming file and line."""
    found: list[Judged] = []
    for path in paths:
        try:
            lines = path.read_text("utf-8").splitlines()
        except OSError as error:
            raise GoldError(f"{path} cannot be read: {error.strerror}. Name a file of judgements.") from error
        for number, line in enumerate(lines, 1):
            try:
                found.append(_judged(json.loads(line), items))
            except (KeyError, TypeError, ValueError) as error:
                raise GoldError(f"{path}:{number}: {type(error).__name__} {error}.") from error
    return tuple(found)


def _judged(row: Mapping[str, Any], items: Mapping[str, GoldItem]) -> Judged:
    if unknown := sorted(set(row) - _FIELDS):
        raise ValueError(f"no field is called {', '.join(unknown)}")
    item = items[row["item"]]
    cited = tuple(
        Citation(one["key"], "", Source(one["file"], one["headline"]), one["quote"], 0, len(one["quote"]))
        for one in row["citations"]
    )
    doubts = tuple(Caveat(CaveatKind(one["kind"]), one["text"]) for one in row["caveats"])
    answer = Answer(item.question, row["text"], cited, caveats=doubts, declined=row["declined"])
    return Judged(item, row["system"], answer, Outcome(row["judged"]), row.get("false"), row.get("differs", ""))


def held(rows: Iterable[Judged], known: Known) -> tuple[Pair, ...]:
    """Each judgement beside that of today's scorer."""
    return tuple(Pair(row, score(row.item, row.answer, known)) for row in rows)


def records(rows: Iterable[Judged]) -> list[Record]:
    """The answers as those of a run, the hand's verdict on each; what several systems answered alike stands once."""
    once = {(row.item.id, row.answer.text): row for row in rows}
    return [
        {
            **{"item": f"{row.item.id} {row.system}", "type": row.item.type.value, "verdict": row.verdict.value},
            **{"question": row.item.question, "wanted": wanted(row.item), "text": row.answer.text},
        }
        for row in once.values()
    ]


def unexplained(pairs: Iterable[Pair]) -> tuple[Pair, ...]:
    """Those that differ and do not say why, and those that say why and do not differ."""
    return tuple(pair for pair in pairs if pair.agrees is bool(pair.judged.differs))


def kappa(pairs: Sequence[tuple[Hashable, Hashable]]) -> float:
    """Cohen's kappa: agreement beyond what two judges with these shares of each verdict would have by chance.

    0 of nothing; 1 where both say the same one thing throughout.
    """
    if not pairs:
        return 0.0
    agreed = sum(one == other for one, other in pairs) / len(pairs)
    ones, others = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    chance = sum(count * others[name] for name, count in ones.items()) / len(pairs) ** 2
    return (agreed - chance) / (1 - chance) if chance < 1 else 1.0


# ---------------------------------------------------------------------- the other scorers


def _right(row: Judged, has: Callable[[str, str], bool]) -> bool:
    """What a scorer that looks for printed words makes of an answer; the unanswerable must be declined."""
    if row.item.type is Kind.UNANSWERABLE:
        return row.answer.declined
    result = row.item.result
    printed = [(fact.printed,) for fact in row.item.facts]
    sought = printed if result is None else [_renderings(result.value, result.unit)]
    return all(any(has(words, row.answer.text) for words in group) for group in (*sought, *row.item.must_mention))


def _renderings(value: Any, unit: str) -> tuple[str, ...]:
    """A result as it may be printed: 100亿元 for 10000000000元."""
    plain = format(value.normalize(), "f")
    return (f"{plain}{unit}", *(f"{format((value / size).normalize(), 'f')}{name}{unit}" for name, size in _POWERS))


_POWERS: Final = (("万", 10**4), ("亿", 10**8))
OTHERS: Final[tuple[tuple[str, Callable[[Judged], bool]], ...]] = (
    ("子串", partial(_right, has=mutants.holds)),
    ("只比数字", partial(_right, has=mutants.numbered)),
)


# ---------------------------------------------------------------------- the terminal


def show(pairs: Sequence[Pair], console: Any) -> None:
    """Print agreement by system, the confusion of verdicts, and each answer on which reader and scorer differ."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    caption = "对不对：正确与其余；子串、只比数字：公开评测的做法，只判对不对"
    table = partial(Table, box=box.SIMPLE_HEAD, collapse_padding=True, pad_edge=False)
    agreement = table(title="评分器与人工判定", caption=caption)
    for label in ("系统", "答案", "一致", "95%区间", "kappa", "错数一致", "对不对", *(name for name, _ in OTHERS)):
        agreement.add_column(label, justify="left" if label == "系统" else "right")
    groups = {name: [pair for pair in pairs if pair.judged.system == name] for name in systems(pairs)}
    for name, group in (*groups.items(), ("全部", list(pairs))):
        agreement.add_row(name, *_cells(group), end_section=name == list(groups)[-1])
    console.print(agreement)
    outcomes = [one for one in Outcome if any(one in (pair.judged.verdict, pair.score.verdict) for pair in pairs)]
    confusion = table(title="行：人工；列：评分器")
    for label in ("", *(one.value for one in outcomes)):
        confusion.add_column(label, justify="right" if label else "left")
    counts = Counter((pair.judged.verdict, pair.score.verdict) for pair in pairs)
    for row in outcomes:
        confusion.add_row(row.value, *(str(counts[row, column] or "·") for column in outcomes))
    console.print(confusion)
    for pair in pairs:
        if pair.agrees and not pair.judged.differs:
            continue
        one, said = pair.judged, "；".join(pair.score.reasons) or "–"
        console.print(Text(f"{one.item.id} {one.system} 人工{one.verdict} 评分器{pair.score.verdict}", style="bold"))
        console.print(Text(f"  {one.item.question}\n  {' '.join(one.answer.text.split())}"), soft_wrap=True)
        console.print(Text(f"  评分器：{said}\n  为何：{one.differs or '没有说明'}"), soft_wrap=True)


def systems(pairs: Iterable[Pair]) -> tuple[str, ...]:
    """The systems, in the order of the answers."""
    return tuple(dict.fromkeys(pair.judged.system for pair in pairs))


def _cells(pairs: Sequence[Pair]) -> tuple[str, ...]:
    agreed = [float(pair.agrees) for pair in pairs]
    low, high = interval(agreed)
    told = [(pair.judged.false, pair.score.wrong_figure) for pair in pairs if pair.judged.false is not None]
    hands = [pair.judged.verdict is Outcome.CORRECT for pair in pairs]
    ours = [pair.score.verdict is Outcome.CORRECT for pair in pairs]
    return (
        str(len(pairs)),
        f"{sum(agreed) / len(pairs):.1%}",
        f"{low:.1%}–{high:.1%}",
        f"{kappa([(pair.judged.verdict, pair.score.verdict) for pair in pairs]):.2f}",
        _same(told),
        _same(list(zip(hands, ours, strict=True))),
        *(_same([(hand, other(pair.judged)) for hand, pair in zip(hands, pairs, strict=True)]) for _, other in OTHERS),
    )


def _same(pairs: Sequence[tuple[object, object]]) -> str:
    return f"{sum(one == other for one, other in pairs) / len(pairs):.1%}" if pairs else "–"


def main(argv: Sequence[str] | None = None) -> int:
    """Print the agreement; 1 where a difference is not explained, 2 for a file that cannot be read."""
    from rich.console import Console

    parser = argparse.ArgumentParser(
        prog="python -m evals.agreement", description="The scorer against hand judgements."
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="judgements (JSONL; those of evals/judged)")
    parser.add_argument("--gold", type=Path, default=gold.PROJECT_SET, metavar="FILE", help="the set that was asked")
    options = parser.parse_args(argv)
    try:
        items = gold.load(options.gold)
        rows = load(options.files or files(), {item.id: item for item in items})
    except JushiError as error:
        print(f"agreement: {error}", file=sys.stderr)
        return 2
    pairs = held(rows, Known.of(items))
    show(pairs, Console())
    return 1 if unexplained(pairs) else 0


if __name__ == "__main__":
    sys.exit(main())
