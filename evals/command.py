"""The command line of the evals: ``jushi evals [run options] | lint | draft | score | report | compare | grade``.

Exit codes: 0 done, 1 a gate failed or the linter found faults, 2 an error, told on stderr, 130 stopped.
"""

import argparse
import random
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.errors import JushiError, SettingError
from assistant.records import CaveatKind
from assistant.settings import Settings
from assistant.settings import load as load_settings
from evals import (
    compare,
    draft,
    export,
    flags,
    gold,
    grading,
    html,
    lint,
    pages,
    progress,
    reactions,
    report,
    run,
    suites,
    systems,
)
from evals import given as reading
from evals.filed import Record, as_json
from evals.gold import GoldItem, Kind


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    given = list(sys.argv[1:] if argv is None else argv)
    commands = {
        "lint": _lint,
        "draft": _draft,
        "score": _score,
        "report": _report,
        "compare": _compare,
        "grade": _grade,
    }
    name = given[0] if given and given[0] in commands else ""
    try:
        if name:
            options = flags.PARSERS[name]().parse_args(given[1:])
            return commands[name](options)
        return _run(flags.run_parser().parse_args(given))
    except JushiError as error:
        print(f"jushi evals: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"jushi evals: {error.filename}: {error.strerror}. Name another folder with --out.", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("jushi evals: stopped; go on with --resume.", file=sys.stderr)
        return 130


# ---------------------------------------------------------------------- asking


def _run(options: argparse.Namespace) -> int:
    suite, _, folder = (options.suite or "").partition("=")
    if suite == suites.CLAIMS:
        return _claims(folder)
    limits = report.parse_gate(options.fail_under) if options.fail_under else {}
    price = _price(options.price)
    codes, asked = [], []
    for model in (options.model or "").split(","):
        records, path, header = _ask_all(options, model.strip() or None, price)
        codes.append(conclude(records, path, header, limits, quiet=options.json))
        if options.suite and not options.json:
            _console().print(suites.table(records, {one.item.id: one.item for one in suites.load(options.suite)}))
        asked.append((header, records))
        if options.junit:
            options.junit.write_text(export.junits(asked), "utf-8")
    return max(codes)


def _claims(folder: str) -> int:
    from evals import checking

    if not folder:
        raise SettingError(f"--suite {suites.CLAIMS}: write {suites.CLAIMS}=FOLDER.")
    return checking.main([folder])


def _ask_all(
    options: argparse.Namespace, model: str | None, price: tuple[float, float] | None
) -> tuple[list[Record], Path, Record]:
    settings = load_settings({"model": model, **{name: getattr(options, name) for name in flags.SETTINGS}})
    given = {one.item.id: one for one in suites.load(options.suite)} if options.suite else {}
    every = [one.item for one in given.values()] if options.suite else gold.load(options.gold)
    items = choose(every, options.types, options.limit, split=options.split, seed=options.seed)
    source = Path(options.suite.partition("=")[0]) if options.suite else options.gold
    if options.suite and (options.system != systems.JUSHI or options.workers > 1):
        raise SettingError("--suite hands the passages over: only Jushi reads them, one question at a time.")
    about = _corpus(options, settings, len(given))
    drawn = {"types": options.types or "", "split": options.split or "", "limit": options.limit or 0}
    header = run.describe(
        settings, items, source, about, system=options.system, seed=options.seed, price=price, drawn=drawn
    )
    if options.suite:
        opening = reading.opened(settings, {item.id: given[item.id].passages for item in items})
    else:
        opening = systems.opened(options.system, settings, options.pages)
    path = results(Path(options.out), header, resume=options.resume)
    with opening as ask, (progress.lines if options.json else progress.bar)(len(items)) as told:
        records = run.run(items, ask, path, header, resume=options.resume, told=told, workers=options.workers)
    return records, path, header


def _corpus(options: argparse.Namespace, settings: Settings, questions: int) -> Record:
    if options.suite:
        return {"suite": options.suite.partition("=")[0], "questions": questions}
    return run.corpus(settings) if options.system == systems.JUSHI else {"folder": options.pages.name}


def choose(
    items: Sequence[GoldItem],
    types: str | None,
    limit: int | None,
    *,
    split: str | None = None,
    seed: int | None = None,
) -> tuple[GoldItem, ...]:
    """The items of the types named (``figure,compute``) and the split, and of these the first ``limit``.

    With ``seed`` the ``limit`` are drawn at random, the same for the same seed, in the set's order. Raises
    SettingError.
    """
    wanted = [name.strip() for name in types.split(",")] if types else list(Kind)
    if unknown := sorted(set(wanted) - set(Kind)):
        raise SettingError(f"--types: no type is called {', '.join(unknown)}; the types: {', '.join(Kind)}.")
    chosen = [item for item in items if item.type in wanted and (not split or item.split == split)]
    if seed is not None and limit is not None and limit < len(chosen):
        drawn = random.Random(seed).sample(range(len(chosen)), limit)
        chosen = [chosen[place] for place in sorted(drawn)]
    chosen = chosen[:limit]
    if not chosen:
        raise SettingError("No items are left to ask: name other --types, --split, or a greater --limit.")
    return tuple(chosen)


def results(folder: Path, header: Mapping[str, Any], *, resume: bool) -> Path:
    """A new file for this run, or with ``resume`` the newest of the same gold file, system and model."""
    model = re.sub(r"[^\w.]", "_", Path(header["model"]).name)
    system = "" if header["system"] == systems.JUSHI else re.sub(r"\W", "_", header["system"]) + "-"
    name = f"{Path(header['gold']).stem}-{system}{model}"
    dated = re.compile(re.escape(name) + r"-\d{8}T\d{6}(?:-\d+)?\.jsonl")
    if resume and (known := sorted(path for path in folder.glob(f"{name}-*.jsonl") if dated.fullmatch(path.name))):
        return known[-1]
    stamp = str(header["date"]).translate(str.maketrans("", "", "-:"))[:15]
    path = folder / f"{name}-{stamp}.jsonl"
    place = 2
    while path.exists():
        path = folder / f"{name}-{stamp}-{place}.jsonl"
        place += 1
    return path


def conclude(
    records: Sequence[Record],
    path: Path,
    header: Mapping[str, Any],
    limits: Mapping[str, float],
    *,
    quiet: bool = False,
) -> int:
    """Print the table, write the page beside the answers; 1 where a limit fails, 2 where the model was not reached.

    ``quiet`` prints a JSON line in the table's place.
    """
    shown = path.with_suffix(".html")
    shown.write_text(html.page(header, records), "utf-8")
    if quiet:
        progress.tell(event="done", results=path.name, report=shown.name)
    else:
        _console().print(report.table(records, header))
        _console().print(f"逐题结果：{path}\n报告：{shown}", soft_wrap=True)
    if degraded := sum(any(one["kind"] == CaveatKind.DEGRADED for one in line["caveats"]) for line in records):
        print(f"jushi evals: {degraded} answers were given without the model: they say nothing of it.", file=sys.stderr)
        return 2
    failures = report.gate(report.summarise(records), limits)
    for failure in failures:
        print(f"jushi evals: {failure}.", file=sys.stderr)
    return 1 if failures else 0


# ---------------------------------------------------------------------- gold sets


def _lint(options: argparse.Namespace) -> int:
    """Tell what is wrong with a gold set; 1 where anything is."""
    items = gold.load(options.gold)
    faults = lint.check(items, _stories(options))
    for fault in faults:
        print(fault)
    counts: dict[str, int] = {}
    for fault in faults:
        counts[fault.kind] = counts.get(fault.kind, 0) + 1
    told = "，".join(f"{kind} {count}" for kind, count in sorted(counts.items()))
    print(f"{options.gold.name}：{len(items)}题，" + (f"{len(faults)}处问题（{told}）。" if faults else "没有问题。"))
    return 1 if faults else 0


def _draft(options: argparse.Namespace) -> int:
    """Print items proposed from the claims of a story or from reactions, for a person to accept or edit."""
    if bool(options.story) == bool(options.reactions):
        raise SettingError("Name a story, or a file of --reactions.")
    settings = load_settings({"data": options.data})
    if options.reactions:
        proposed, left = reactions.items(reactions.read(options.reactions), draft.told(settings, ""))
        proposed = proposed[: options.limit]
        for line in left:
            print(f"没有成题 {line}", file=sys.stderr)
    else:
        proposed = draft.items(draft.told(settings, options.story), most=options.limit)
    lines = "".join(as_json(item) + "\n" for item in proposed)
    if options.out:
        options.out.write_text(lines, "utf-8")
        print(
            f"{len(proposed)}题草稿：{options.out}。逐题读过、改好，再用 jushi evals lint --gold {options.out} 检查。"
        )
    else:
        print(lines, end="")
    return 0


def _stories(options: argparse.Namespace) -> Mapping[str, pages.Story]:
    if options.data:
        return pages.of_index(load_settings({"data": options.data}))
    return pages.of_folder(options.pages)


# ---------------------------------------------------------------------- results


def _score(options: argparse.Namespace) -> int:
    """Judge the filed answers again, without asking."""
    header, before = run.opened(options.results)
    records = run.rescore(gold.load(options.gold), before)
    path = options.out or options.results.with_name(f"{options.results.stem}-rescored.jsonl")
    run.write(path, header, records)
    changed = [(old, new) for old, new in zip(before, records, strict=True) if old["verdict"] != new["verdict"]]
    for old, new in changed:
        print(f"{new['item']}：{old['verdict']} → {new['verdict']} {'；'.join(new['reasons'])}")
    print(f"重评{len(records)}题，改判{len(changed)}题。")
    limits = report.parse_gate(options.fail_under) if options.fail_under else {}
    return conclude(records, path, header, limits)


def _report(options: argparse.Namespace) -> int:
    """The table of a run, and its page, CSV, JSON or JUnit file where asked for."""
    header, records = run.opened(options.results)
    _console().print(report.table(records, header))
    for path, made in (
        (options.html, html.page),
        (options.csv, export.csv),
        (options.json, export.summary),
        (options.junit, export.junit),
    ):
        if path:
            path.write_text(made(header, records), "utf-8")
            print(path)
    limits = report.parse_gate(options.fail_under) if options.fail_under else {}
    failures = report.gate(report.summarise(records), limits)
    for failure in failures:
        print(f"jushi evals: {failure}.", file=sys.stderr)
    return 1 if failures else 0


def _compare(options: argparse.Namespace) -> int:
    """Two runs side by side, on the items that both asked."""
    first, second = run.opened(options.first), run.opened(options.second)
    told = compare.compare(first[1], second[1], (options.first.stem, options.second.stem))
    if options.json:
        print(compare.to_json(told))
    else:
        compare.show(told, _console())
    return 0


def _grade(options: argparse.Namespace) -> int:
    """A model's opinion of the text answers, held against ours; without results, against judgements by hand."""
    from assistant.choosing import choose_model
    from evals import agreement

    if options.results:
        records, against = run.opened(options.results)[1], "评分器"
    else:
        items = {item.id: item for item in gold.load(gold.PROJECT_SET)}
        records, against = agreement.records(agreement.load(agreement.files(), items)), "人工"
    chat = choose_model(load_settings({"model": options.model, "base_url": options.base_url}))()
    if chat is None:
        raise SettingError("A model is needed to grade with: name one with --model.")
    grading.show(grading.grade(records, chat), _console(), _price(options.price), against)
    return 0


def _price(text: str | None) -> tuple[float, float] | None:
    if not text:
        return None
    try:
        read, written = (float(part) for part in text.split(","))
    except ValueError as error:
        raise SettingError(f"--price {text}: two numbers are wanted, as in --price 0.5,2.") from error
    return read, written


def _console() -> Any:
    from rich.console import Console

    return Console()
