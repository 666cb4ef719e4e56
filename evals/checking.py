"""Claims with known faults in, how many of them ``assistant.check`` finds out: ``python -m evals.checking PATH…``.

A path is a folder or a file of figures. A folder holds ``passages.jsonl`` (id, text, title, date) and
``queries.jsonl`` (id, question, positive_ids), of either kind, told by what its queries have:

- ``annotations`` (keyword, ok): the question is a claim, its keywords are marked right or wrong. Measured are the
  keywords with digits: of those flagged how many are wrong (precision), of the wrong how many are flagged (recall),
  beside two rules of thumb, and on each half of the claims. A claim of a ``type`` that begins with ``true`` is printed
  in its passage: whatever is flagged there is a false alarm.
- ``answers``: a figure answer is set into its question as a statement (有多少家企业？12家 → 有12家企业). Measured are
  the right figures flagged, and the wrong ones, another figure of the same unit from the same passages in its place.

A file ``….jsonl`` has a figure a line (page, sentence, value_text, entity), its pages are in the index of ``--data``.
Measured are the sentences as they are printed, where all that is flagged is a false alarm, and each with one thing made
wrong (``evals.altered``): held against its own page, and against the whole index.
"""

import argparse
import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from assistant import figures, numerals, settings
from assistant.check import check, held
from assistant.check.indexed import indexed
from assistant.check.sources import Sources
from assistant.claim_index import ClaimIndex
from assistant.errors import JushiError
from assistant.lexical import Lexical
from assistant.records import Checked, CheckedNumber, Fault, Figure, Passage, Source, Span, Verdict
from assistant.store import Store
from evals.altered import altered
from evals.gold import GoldError

_DIGIT: Final = re.compile("[0-9]")
_NUMBER: Final = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_HOW_MANY: Final = re.compile(
    r"(?:大概|大约|约)?(?:是|有|为)?(?:多少|几)(?:[个把吨万亿元家户人名倍度平方米公里千瓦时%％成辆台天小时项位件岁年]|百分点){0,6}"
)
_SENTENCE: Final = 25  # letters of an answer that is a sentence of its own
_LONGEST: Final = 80  # letters of an answer that is not an essay
_OTHERS: Final = 2  # wrong figures tried for each answer
_MOST: Final = 3  # passages that an answer is held against
_NAMES: Final = re.compile(r"[/、，（）()]")
_WHOLE: Final = ("subject", "year", "exchanged", "direction")  # alterations that any number of the sentence may tell

Row = dict[str, Any]


@dataclass(slots=True)
class Tally:
    """Flagged or not, against wrong or not, with the flagged by fault and what was judged amiss."""

    count: Counter[tuple[bool, bool]] = field(default_factory=Counter)
    faults: Counter[tuple[str, bool]] = field(default_factory=Counter)
    amiss: list[str] = field(default_factory=list)

    def add(self, flagged: Sequence[CheckedNumber], wrong: bool, words: str) -> None:
        """Count one number or keyword."""
        self.count[bool(flagged), wrong] += 1
        self.faults.update((one.fault.value, wrong) for one in flagged if one.fault)
        if bool(flagged) != wrong:
            self.amiss.append(f"{'false alarm' if flagged else 'missed'}\t{words}")

    @property
    def precision(self) -> float:
        """Of the flagged how many are wrong."""
        return _share(self.count[True, True], self.count[True, True] + self.count[True, False])

    @property
    def recall(self) -> float:
        """Of the wrong how many are flagged."""
        return _share(self.count[True, True], self.count[True, True] + self.count[False, True])


def keywords(queries: Sequence[Row], passages: Mapping[str, Row]) -> dict[str, Tally]:
    """The claims measured: all, the two halves, the rules of thumb, and the claims that are printed as they stand."""
    found = {name: Tally() for name in ("check", "half a", "half b", "digits absent", "keyword absent", "printed")}
    for query in queries:
        marked = [one for one in query.get("annotations", ()) if _DIGIT.search(numerals.fold(one["keyword"]))]
        printed = str(query.get("type", "")).startswith("true")
        if not marked and not printed:
            continue
        held = [passages[name] for name in query["positive_ids"]]
        numbers = check(query["question"], [_passage(one) for one in held], suspicions=()).numbers
        if printed:
            for one in numbers:
                found["printed"].add(_flagged([one]), False, f"{one.text}\t{query['question']}\t{query['id']}")
        half = "half a" if hashlib.sha256(query["id"].encode()).digest()[0] % 2 else "half b"
        text = numerals.fold("\n".join(f"{one.get('title') or ''}\n{one['text']}" for one in held))
        for one in marked:
            start = query["question"].find(one["keyword"])
            here = [each for each in numbers if start < each.end and each.start < start + len(one["keyword"])]
            words = f"{one['keyword']}\t{one.get('reason', '')}\t{query['question']}\t{query['id']}"
            for name in ("check", half):
                found[name].add(_flagged(here), not one["ok"], words)
            folded = numerals.fold(one["keyword"])
            found["digits absent"].count[_absent(_NUMBER.findall(folded), text), not one["ok"]] += 1
            found["keyword absent"].count[folded not in text, not one["ok"]] += 1
    return found


def answers(queries: Sequence[Row], passages: Mapping[str, Row]) -> Tally:
    """Right answers set into their questions, and others in their place."""
    found = Tally()
    for query in queries:
        for text, start, end, wrong in _statements(query, passages):
            held = [_passage(passages[name]) for name in query["positive_ids"][:_MOST]]
            numbers = check(text, held, suspicions=()).numbers
            for one in numbers:
                if one.kind.value == "figure" and start <= one.start < end:
                    found.add(_flagged([one]), wrong, f"{one.text}\t{one.reason}\t{text}\t{query['id']}")
    return found


def _statements(query: Row, passages: Mapping[str, Row]) -> Iterator[tuple[str, int, int, bool]]:
    """Statements, where the answer stands in them, and whether it is wrong."""
    answer = next(iter(query.get("answers", ())), "")
    told = figures.find(answer)
    asks = _HOW_MANY.search(query["question"])
    if not (asks and told and len(answer) <= _LONGEST) or query.get("answer_in_gold") is False:
        return
    texts = [passages[name]["text"] for name in query["positive_ids"][:_MOST]]
    if not any(figures.same(told[0], one, bounds=False) for text in texts for one in figures.find(text)):
        return  # counted or reckoned by whoever answered
    yield _set_in(query["question"], answer, False)
    if len(told) > 1:
        return
    others = {one.value: one for text in texts for one in figures.find(text) if _could_stand(told[0], one)}
    order = sorted(others, key=lambda value: hashlib.sha256(f"{query['id']}\0{value}".encode()).hexdigest())
    for value in order[:_OTHERS]:
        yield _set_in(query["question"], answer.replace(told[0].text, others[value].text), True)


def _could_stand(own: Figure, other: Figure) -> bool:
    return (own.unit, own.kind) == (other.unit, other.kind) and not figures.same(own, other, bounds=False)


def _set_in(question: str, answer: str, wrong: bool) -> tuple[str, int, int, bool]:
    if len(answer) > _SENTENCE:
        return answer, 0, len(answer), wrong
    question = question.rstrip("？?")
    asked = list(_HOW_MANY.finditer(question))[-1]
    text = f"{question[: asked.start()]}{answer}{question[asked.end() :]}。"
    return text, asked.start(), asked.start() + len(answer), wrong


def drafts(rows: Sequence[Row], judge: Callable[[str, str], Checked]) -> dict[str, Tally]:
    """Printed sentences and altered ones, by the way of it; ``judge`` checks a text that is of a page.

    An altered sentence is found out where a number is flagged that was not, of a name or a year any of the sentence.
    """
    found: dict[str, Tally] = {}
    names = sorted({name for row in rows for name in _NAMES.split(row["entity"]) if len(name) > 1})
    before: dict[tuple[str, str], frozenset[tuple[int, str]]] = {}
    seen: set[tuple[str, str]] = set()
    for row in rows:
        page, sentence = row["page"], row["sentence"]
        if (page, sentence) not in before:
            numbers = judge(sentence, page).numbers
            for one in numbers:
                words = f"{one.text}\t{one.reason}\t{sentence}\t{page}"
                found.setdefault("printed", Tally()).add(_flagged([one]), False, words)
            before[page, sentence] = frozenset((one.start, one.text) for one in _flagged(numbers))
        for other in altered(sentence, row["value_text"], names):
            if (page, other.text) in seen:
                continue
            seen.add((page, other.text))
            here = [
                one
                for one in _flagged(judge(other.text, page).numbers)
                if (one.start, one.text) not in before[page, sentence]
                and (other.kind in _WHOLE or (one.start <= other.end and other.start <= one.end))
            ]
            words = f"{other.kind}\t{row['value_text']}\t{other.text}\t{page}"
            found.setdefault(other.kind, Tally()).add(here, True, words)
    return found


def _absent(digits: Sequence[str], text: str) -> bool:
    return not all(re.search(rf"(?<![0-9.]){re.escape(one)}(?![0-9]|\.[0-9])", text) for one in digits)


def _flagged(numbers: Sequence[CheckedNumber]) -> list[CheckedNumber]:
    return [one for one in numbers if one.verdict is Verdict.UNSUPPORTED]


def _passage(row: Row) -> Passage:
    text = row["text"]
    source = Source(file=row["id"], headline=row.get("title") or "", date=(row.get("date") or "")[:10])
    return Passage(row["id"], row["id"], source, text, (Span(0, 0, len(text)),))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def read(folder: Path) -> tuple[list[Row], dict[str, Row]]:
    """The queries and the passages of a folder. Raises GoldError naming file and line."""
    return _lines(folder / "queries.jsonl"), {row["id"]: row for row in _lines(folder / "passages.jsonl")}


def _lines(path: Path) -> list[Row]:
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise GoldError(f"{path} cannot be read: {error}. Name a folder that holds it.") from error
    try:
        return [json.loads(line) for line in lines]
    except ValueError as error:
        raise GoldError(f"{path} is no JSON lines: {error}.") from error


def main(argv: Sequence[str] | None = None) -> int:
    """Prints the figures of each folder; 2 on an error."""
    parser = argparse.ArgumentParser("python -m evals.checking", description="Measure the check of figures.")
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a folder, or figures as .jsonl")
    settings.add_flags(parser, "data", "chroma", "embedder")
    parser.add_argument("--amiss", action="store_true", help="list what was judged amiss")
    given = parser.parse_args(argv)
    try:
        for path in given.paths:
            if path.suffix == ".jsonl":
                _tell_drafts(path, settings.from_flags(given), given.amiss)
            else:
                _tell(path, given.amiss)
    except JushiError as error:
        print(f"evals.checking: {error}", file=sys.stderr)
        return 2
    return 0


def _tell(folder: Path, amiss: bool) -> None:
    queries, passages = read(folder)
    began = perf_counter()
    if any("annotations" in query for query in queries):
        found = keywords(queries, passages)
        print(f"{folder.name}: keywords with digits, {perf_counter() - began:.1f} s")
        for name, tally in found.items():
            if name != "printed":
                wrong = tally.count[True, True] + tally.count[False, True]
                print(
                    f"  {name:<16} precision {tally.precision:.3f}  recall {tally.recall:.3f}"
                    f"  ({wrong} wrong of {tally.count.total()})"
                )
        alarms = found["printed"].count
        print(f"  printed as they stand: {alarms[True, False]} of {alarms.total()} numbers flagged")
        shown = [found["check"], found["printed"]]
    else:
        tally = answers(queries, passages)
        count = tally.count
        bound = tally.faults[Fault.BOUND.value, False]
        print(f"{folder.name}: answers as statements, {perf_counter() - began:.1f} s")
        print(
            f"  right: {count[True, False]} of {count[True, False] + count[False, False]} flagged ({bound} for bounds)"
        )
        print(f"  wrong: {count[True, True]} of {count[True, True] + count[False, True]} flagged ({tally.recall:.3f})")
        shown = [tally]
    told: Counter[str] = Counter()
    for tally in shown:
        for (name, _), many in tally.faults.items():
            told[name] += many
    print(f"  flagged by fault: {', '.join(f'{name} {many}' for name, many in told.most_common())}")
    if amiss:
        print("\n".join(f"  {line}" for tally in shown for line in tally.amiss))


def _tell_drafts(path: Path, chosen: settings.Settings, amiss: bool) -> None:
    rows = _lines(path)
    store = Store.open(Path(chosen.data), chosen.embedder, chosen.server)
    lexical, claims = Lexical.of(store), ClaimIndex.of(store)
    try:
        passages: dict[str, list[Passage]] = {}
        for passage in store.all():
            passages.setdefault(passage.source.file, []).append(passage)
        pages = {page: Sources(of_it, ()) for page, of_it in passages.items()}
        ways: dict[str, Callable[[str, str], Checked]] = {
            "its page": lambda text, page: held(text, pages[page]),
            "the index": lambda text, _: indexed(text, store, lexical, claims),
        }
        for name, judge in ways.items():
            began = perf_counter()
            found = drafts(rows, judge)
            print(f"{path.name} against {name}, {perf_counter() - began:.1f} s")
            for kind, tally in found.items():
                flagged, whole = tally.count[True, kind != "printed"], tally.count.total()
                told = ", ".join(f"{fault} {many}" for (fault, _), many in tally.faults.most_common())
                print(f"  {kind:<10} {flagged} of {whole} flagged ({_share(flagged, whole):.3f})  {told}")
            if amiss:
                print("\n".join(f"  {line}" for tally in found.values() for line in tally.amiss))
    finally:
        store.close()


if __name__ == "__main__":
    sys.exit(main())
