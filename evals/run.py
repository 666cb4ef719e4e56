"""Gold items in, a results file and a verdict on the model out: ``python -m evals --model none``.

The file is JSON lines: a header (settings, versions, corpus), then one answer a line as soon as it is given, so a
run that is killed loses one item at most and ``--resume`` goes on where it stopped.
"""

import argparse
import hashlib
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, fields
from datetime import UTC, datetime
from decimal import Decimal
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import python_version
from time import perf_counter
from typing import Any, Final

from assistant.errors import JushiError, SettingError
from assistant.records import Answer, CaveatKind
from assistant.settings import Settings
from assistant.settings import load as load_settings
from evals import gold, report
from evals.gold import GoldItem, Kind
from evals.score import Outcome, score

RESULTS: Final = "evals-results"
SECRET: Final = "api_key"
PACKAGES: Final = ("jushi", "chromadb", "langchain", "onnxruntime", "sentence-transformers", "xllamacpp")

Record = dict[str, Any]


def record(item: GoldItem, answer: Answer, seconds: float) -> Record:
    """One line of the results: the answer as given, and how it was judged."""
    judged = score(item, answer)
    return {
        "item": item.id,
        "type": item.type.value,
        "question": item.question,
        "text": answer.text,
        "declined": answer.declined,
        "verdict": judged.verdict.value,
        "reasons": list(judged.reasons),
        "wrong_figure": judged.wrong_figure,
        "cited": judged.cited,
        "citations": [asdict(citation) for citation in answer.citations],
        "checks": [asdict(check) for check in answer.checks],
        "caveats": [asdict(caveat) for caveat in answer.caveats],
        "model": answer.model,
        "timings": answer.timings,
        "usage": answer.usage,
        "seconds": round(seconds, 4),
    }


def run(
    items: Sequence[GoldItem],
    ask: Callable[[GoldItem], Answer],
    path: Path,
    header: Mapping[str, Any],
    *,
    resume: bool = False,
    told: Callable[[Record], None] | None = None,
) -> list[Record]:
    """Ask each item and file each answer at once; the records in the items' order.

    With ``resume`` the answers that the file holds are kept, and ``told`` hears of them too. Raises SettingError where
    the file exists and is not to be resumed, or was made from other items, settings or index; what ``ask`` raises
    passes through, with all earlier answers filed.
    """
    done: dict[str, Record] = {}
    if path.exists():
        if not resume:
            raise SettingError(f"{path} exists: go on with --resume, or name another folder with --out.")
        done = {line["item"]: line for line in _kept(path, header)}
    path.parent.mkdir(parents=True, exist_ok=True)
    records: list[Record] = []
    with path.open("a", encoding="utf-8") as file:
        if not path.stat().st_size:
            _write(file.fileno(), {"header": dict(header)})
        for item in items:
            line = done.get(item.id)
            if line is None:
                started = perf_counter()
                answer = ask(item)
                line = record(item, answer, perf_counter() - started)
                _write(file.fileno(), line)
            records.append(line)
            if told:
                told(line)
    return records


def read(path: Path) -> tuple[Record, list[Record]]:
    """The header and the records of a results file; a last line that was cut off is left out."""
    lines = path.read_text("utf-8", errors="replace").splitlines(keepends=True)
    whole = [json.loads(line) for line in lines if line.endswith("\n")]
    if not whole or "header" not in whole[0]:
        return {}, []
    return whole[0]["header"], whole[1:]


def _kept(path: Path, header: Mapping[str, Any]) -> list[Record]:
    """The records to go on from, a torn last line cut off the file."""
    data = path.read_bytes()
    whole = data[: data.rfind(b"\n") + 1]
    try:
        before, records = read(path)
    except json.JSONDecodeError as error:
        raise SettingError(f"{path} is not a results file: {error}. Name another folder with --out.") from error
    if whole and not before:
        raise SettingError(f"{path} is not a results file: it has no header. Name another folder with --out.")
    differ = sorted(name for name in {*before, *header} - {"date"} if before.get(name) != _plain(header).get(name))
    if before and differ:
        raise SettingError(f"{path} was made with another {', '.join(differ)}: run without --resume.")
    if len(whole) != len(data):
        os.truncate(path, len(whole))
    return records


def _plain(header: Mapping[str, Any]) -> Record:
    """The header as it reads back from JSON."""
    plain: Record = json.loads(_json(header))
    return plain


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=_as_text)


def _as_text(value: object) -> str:
    if isinstance(value, Decimal | Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} is not filed")


def _write(handle: int, line: Mapping[str, Any]) -> None:
    """Append one line in one call, and have it on the disk before the next item is asked."""
    os.write(handle, (_json(line) + "\n").encode())
    os.fsync(handle)


def describe(settings: Settings, items: Sequence[GoldItem], gold_file: Path, corpus: Mapping[str, Any]) -> Record:
    """The header of a results file. The key for the endpoint is never in it, nor a password within its URL."""
    from assistant.ask import model_name

    told = {field.name: getattr(settings, field.name) for field in fields(settings) if field.name != SECRET}
    told["base_url"] = re.sub(r"//[^/@]*@", "//", settings.base_url)
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "gold": gold_file.name,
        "items": hashlib.sha256("\n".join(repr(item) for item in items).encode()).hexdigest()[:16],
        "model": model_name(settings),
        "settings": told,
        "versions": {"python": python_version(), **{name: _version(name) for name in PACKAGES}},
        "corpus": dict(corpus),
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def main(argv: Sequence[str] | None = None) -> int:
    """Run from the command line. 0: done; 1: the gate failed; 2: an error, told on stderr; 130: stopped."""
    options = _parser().parse_args(argv)
    try:
        limits = report.parse_gate(options.fail_under) if options.fail_under else {}
        settings = load_settings({"data": options.data, "model": options.model, "base_url": options.base_url})
        items = choose(gold.load(options.gold), options.types, options.limit)
        header = describe(settings, items, options.gold, corpus(settings))
        path = _results(Path(options.out), header, resume=options.resume)
        with asking(settings) as ask, _progress(len(items)) as told:
            records = run(items, ask, path, header, resume=options.resume, told=told)
    except JushiError as error:
        print(f"jushi evals: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"jushi evals: {error.filename}: {error.strerror}. Name another folder with --out.", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("jushi evals: stopped; go on with --resume.", file=sys.stderr)
        return 130
    return conclude(records, path, limits)


def choose(items: Sequence[GoldItem], types: str | None, limit: int | None) -> tuple[GoldItem, ...]:
    """The items of the types named (``figure,compute``), and of these the first ``limit``. Raises SettingError."""
    wanted = [name.strip() for name in types.split(",")] if types else list(Kind)
    if unknown := sorted(set(wanted) - set(Kind)):
        raise SettingError(f"--types: no type is called {', '.join(unknown)}; the types: {', '.join(Kind)}.")
    chosen = tuple(item for item in items if item.type in wanted)[:limit]
    if not chosen:
        raise SettingError("No items are left to ask: name other --types, or a greater --limit.")
    return chosen


def conclude(records: Sequence[Record], path: Path, limits: Mapping[str, float]) -> int:
    """Print the table and where the answers are; 1 where a limit fails, 2 where the model was not reached, else 0."""
    from rich.console import Console

    console = Console()
    console.print(report.table(records))
    console.print(f"逐题结果：{path}", soft_wrap=True)
    if degraded := sum(any(one["kind"] == CaveatKind.DEGRADED for one in line["caveats"]) for line in records):
        print(f"jushi evals: {degraded} answers were given without the model: they say nothing of it.", file=sys.stderr)
        return 2
    failures = report.gate(report.summarise(records), limits)
    for failure in failures:
        print(f"jushi evals: {failure}.", file=sys.stderr)
    return 1 if failures else 0


def _results(folder: Path, header: Mapping[str, Any], *, resume: bool) -> Path:
    """A new file for this run, or with ``resume`` the newest of the same gold file and model."""
    model = re.sub(r"[^\w.]", "_", Path(header["model"]).name)
    name = f"{Path(header['gold']).stem}-{model}"
    if resume and (known := sorted(folder.glob(f"{name}-*.jsonl"))):
        return known[-1]
    stamp = str(header["date"]).translate(str.maketrans("", "", "-:"))[:15]
    return folder / f"{name}-{stamp}.jsonl"


def corpus(settings: Settings) -> Record:
    """What was asked about: pages, passages and the generation of the index."""
    from assistant.store import Store

    store = Store.open(Path(settings.data), settings.embedder)
    try:
        return {"pages": len(store.pages()), "passages": store.count(), "generation": store.generation()}
    finally:
        store.close()


@contextmanager
def asking(settings: Settings) -> Iterator[Callable[[GoldItem], Answer]]:
    """The assistant of these settings as a function of items, open as long as it is used."""
    from assistant.ask import Assistant

    assistant = Assistant.open(settings)
    try:
        yield lambda item: assistant.ask(item.question, item.history)
    finally:
        assistant.close()


@contextmanager
def _progress(items: int) -> Iterator[Callable[[Record], None]]:
    """A bar on stderr with the accuracy so far."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("正确 –", total=items)
        right = asked = 0

        def told(line: Record) -> None:
            nonlocal right, asked
            asked += 1
            right += line["verdict"] == Outcome.CORRECT
            bar.update(task, advance=1, description=f"正确 {right / asked:.0%}")

        yield told


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text}: at least 1 is wanted")
    return number


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="jushi evals",
        description="Ask a set of questions with known answers, and tell how far the figures can be trusted.",
        epilog="""examples:
  jushi evals --model none                           the project's set, without a model
  jushi evals --types figure,unanswerable --limit 20
  jushi evals --gold mine.jsonl --out results/mine   questions of your own
  jushi evals --resume                               go on after a stop
  jushi evals --fail-under accuracy=.8,wrong=.05     exit code 1 when a limit is missed

names for --fail-under: accuracy, cited (at least); wrong, seconds (at most; seconds is the 95th percentile)""",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--gold", type=Path, default=gold.PROJECT_SET, metavar="FILE", help="questions (JSONL)")
    parser.add_argument("--data", metavar="FOLDER", help="folder of the index")
    parser.add_argument("--model", metavar="NAME", help="auto, none, a local model or .gguf file, or a hosted model")
    parser.add_argument("--base-url", metavar="URL", help="OpenAI-compatible endpoint (its key: JUSHI_API_KEY)")
    parser.add_argument("--types", metavar="NAMES", help=f"only these types: {', '.join(Kind)}")
    parser.add_argument("--limit", type=_count, metavar="N", help="only the first N questions")
    parser.add_argument("--out", default=RESULTS, metavar="FOLDER", help=f"where results are filed ({RESULTS})")
    parser.add_argument("--fail-under", metavar="LIMITS", help="accuracy=.8,wrong=.05")
    parser.add_argument("--resume", action="store_true", help="go on with the last run of this set and model")
    return parser
