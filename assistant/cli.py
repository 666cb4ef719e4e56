"""Arguments in, one command run: ``jushi ingest | ask | check | figures | chat | doctor | …``.

Errors end with exit code 2. Nothing heavy is imported before the command that needs it: ``jushi --help`` stays quick.
"""

import argparse
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant import __version__, chat, proofread, settings, upkeep
from assistant.errors import JushiError, SettingError

if TYPE_CHECKING:
    from assistant.listing import Row
    from assistant.models import Progress
    from assistant.records import Answer, Suspicion

EXAMPLES = """examples:
  jushi ingest                       read the pages that come with Jushi (or: jushi ingest ~/pages)
  jushi ask "台江经开区2024年规上工业总产值是多少？"
  jushi check 稿件.docx --against 来源/  check every number of a draft against its sources
  jushi figures 台江经开区 产值        list the figures that the pages print, with who, what and when
  jushi chat                         open the page on http://127.0.0.1:7860
  jushi models pull qwen2.5-coder-1.5b
  jushi evals --model none           score the answers against the gold set
  jushi doctor                       tell what is installed, reachable, damaged; mend what can be mended
  jushi backup ~/jushi.zip           save the index into a file; jushi restore takes it back

"jushi COMMAND --help" tells more. Settings may also stand in the environment (JUSHI_…) or in jushi.toml.
"""
_LISTED = 50  # figures that a terminal shows at a time without scrolling far


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    given = list(sys.argv[1:] if argv is None else argv)
    # These two keep their own parsers, because they also run as "python -m ingest" and "python -m evals".
    if given[:1] == ["ingest"]:
        from ingest.__main__ import main as ingest

        return ingest(given[1:])
    if given[:1] == ["evals"]:
        from evals.command import main as evals

        return evals(given[1:])
    parsed = _parser().parse_args(given)
    try:
        command: Callable[[argparse.Namespace], int] = parsed.command
        return command(parsed)
    except JushiError as error:
        print(f"jushi: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("jushi: 已停止。", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = _described(
        argparse.ArgumentParser,
        "据实：向报纸版面提问，答案里的每个数字都能查到印着它的那一行。",
        EXAMPLES,
        prog="jushi",
    )
    parser.add_argument("--version", action="version", version=f"jushi {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    commands.add_parser("ingest", help="read pages into the index", add_help=False)

    ask = _described(
        commands.add_parser,
        "Answer one question from the index, with citations.",
        'examples:\n  jushi ask "台江经开区2024年规上工业总产值是多少？"\n  jushi ask "…" --model none --json\n',
        name="ask",
        help="answer one question",
    )
    ask.add_argument("question", help="the question, in Chinese or English; - reads it from standard input")
    ask.add_argument("--json", action="store_true", help="print the whole Answer as JSON")
    settings.add_flags(ask, *settings.ASKING)
    ask.set_defaults(command=_ask)

    proofread.add(commands, _described)
    _add_figures(commands)

    chat.add(commands, _described)
    commands.add_parser("evals", help="score the answers against a gold set", add_help=False)

    models = _described(
        commands.add_parser,
        "Local models: what there is, fetch one by content hash, where it lies.",
        "examples:\n  jushi models list\n  jushi models pull qwen2.5-coder-1.5b\n  jushi models path qwen3-4b\n",
        name="models",
        help="list, fetch and find local models",
    )
    actions = models.add_subparsers(title="actions", required=True, metavar="ACTION")
    for name, said, action in (
        ("list", "what can be fetched and what is here", _models_list),
        ("pull", "fetch a model, resuming what was begun", _models_pull),
        ("path", "print where a model lies", _models_path),
    ):
        one = actions.add_parser(name, help=said, description=said)
        if name == "pull":
            one.add_argument("name", nargs="?", help="the model (default: those that the settings choose)")
            settings.add_flags(one, "model", "base_url", "embedder", "reranker")
        elif name == "path":
            one.add_argument("name", help="the model")
        settings.add_flags(one, "models")
        one.set_defaults(command=action)
    upkeep.add(commands, _described)
    return parser


def _add_figures(commands: Any) -> None:
    figures = _described(
        commands.add_parser,
        "List the figures that the pages print, each with whose it is, what it measures and when, and what is doubted.",
        "examples:\n"
        "  jushi figures 台江经开区 总产值\n"
        "  jushi figures --subject 正安经开区 --period 2024 --unit 亿元\n"
        "  jushi figures --metric 增速 --period 2021年以来 --csv > 增速.csv\n"
        "  jushi figures --suspicions\n"
        "  jushi figures 莹月帆 --suspicions --json\n",
        name="figures",
        help="list figures and suspicions",
    )
    figures.add_argument("query", nargs="*", help="words that subject, metric or sentence hold; a date is the period")
    figures.add_argument("--subject", default="", help="whose: a name, part of one, or another name of it")
    figures.add_argument("--metric", default="", help="what is measured, or part of it")
    figures.add_argument(
        "--period", default="", help="when: 2024, 2024-06, 2024年上半年; whatever overlaps it is listed"
    )
    figures.add_argument("--unit", default="", help="as printed (亿元) or the base unit (元)")
    figures.add_argument("--file", default="", help="the file's name, or part of it")
    figures.add_argument("--suspicions", action="store_true", help="list what is doubted, with arithmetic and quotes")
    figures.add_argument(
        "--limit", type=int, help=f"at most so many; 0 for all (default {_LISTED}, or all with --csv, --json)"
    )
    form = figures.add_mutually_exclusive_group()
    form.add_argument("--csv", action="store_true", help="print CSV, with offsets and sentences")
    form.add_argument("--json", action="store_true", help="print JSON")
    settings.add_flags(figures, "data", "chroma", "embedder")
    figures.set_defaults(command=_figures)


def _described(
    make: Callable[..., argparse.ArgumentParser], said: str, examples: str, **more: str
) -> argparse.ArgumentParser:
    name = [more.pop("name")] if "name" in more else []
    return make(*name, description=said, epilog=examples, formatter_class=argparse.RawDescriptionHelpFormatter, **more)


def _ask(given: argparse.Namespace) -> int:
    from assistant import render
    from assistant.ask import Assistant

    question = sys.stdin.read() if given.question == "-" else given.question
    assistant = Assistant.open(settings.from_flags(given))
    try:
        answer = _stoppable(lambda stop: assistant.ask(question, stop=stop))
    finally:
        assistant.close()
    print(render.to_json(answer) if given.json else render.text(answer))
    return 0


def _stoppable(work: "Callable[[threading.Event], Answer]") -> "Answer":
    """What the work gives, done beside, so that Ctrl-C is heard while a model works; its event is then set."""
    from concurrent.futures import ThreadPoolExecutor

    stop = threading.Event()
    with ThreadPoolExecutor(1) as beside:
        try:
            return beside.submit(work, stop).result()
        except KeyboardInterrupt:
            stop.set()
            raise


def _figures(given: argparse.Namespace) -> int:
    from assistant import listing
    from assistant.listing import Listing

    names = ("subject", "metric", "period", "unit", "file")
    asked = listing.wanted(" ".join(given.query), **{name: getattr(given, name) for name in names})
    if given.limit is not None and given.limit < 0:
        raise SettingError(f"--limit {given.limit}: a whole number from 0 (all) is wanted.")
    limit = (given.limit or None) if given.limit is not None else None if given.csv or given.json else _LISTED
    with Listing.open(settings.from_flags(given)) as opened:
        if given.suspicions:
            doubts = opened.suspicions(asked, limit)
            if given.csv or given.json:
                print((listing.suspicions_to_csv if given.csv else listing.suspicions_to_json)(doubts).rstrip("\n"))
            else:
                _print_suspicions(doubts, len(opened.suspicions(asked)))
            return 0
        rows = opened.claims(asked, limit)
        if given.csv or given.json:
            print((listing.to_csv if given.csv else listing.to_json)(rows).rstrip("\n"))
        else:
            _print_claims(rows, opened.count(asked))
    return 0


def _print_claims(rows: "Sequence[Row]", count: int) -> None:
    from rich.console import Console
    from rich.table import Column, Table
    from rich.text import Text

    from assistant import periods
    from assistant.render import line

    console = Console()
    if not rows:
        console.print("没有符合的数字。可少写几个词，或去掉一个条件；jushi figures 列出全部。")
        return
    heads = ("主体", "指标", "时间", "数字", "比较", "出处")
    table = Table(*(Column(head, overflow="fold") for head in heads))  # nothing printed is cut short
    for row in rows:
        claim, told = row.told.claim, row.told
        printed = ("⚠ " if row.doubts else "") + claim.figure.text
        place = " ".join(part for part in (told.paper, told.date, f"{told.file}:{told.start}") if part)
        when = periods.absolute(claim.period) + ("（见报）" if claim.period.label == told.date else "")
        cells = (claim.subject, claim.metric, when, printed, claim.comparison, place)
        table.add_row(*(Text(line(cell)) for cell in cells))
    console.print(table)
    doubted = sum(bool(row.doubts) for row in rows)
    told_all = f"共{count}条" + (f"，列出前{len(rows)}条（--limit 0 列出全部）" if len(rows) < count else "")
    console.print(told_all + (f"；⚠ {doubted}条存疑，详见 --suspicions" if doubted else "") + "。")


def _print_suspicions(doubts: "Sequence[Suspicion]", count: int) -> None:
    from rich.console import Console
    from rich.text import Text

    from assistant.render import line

    console = Console()
    if not doubts:
        console.print("没有存疑之处。")
        return
    for one in doubts:
        figures = "、".join(claim.figure.text for claim in one.claims)
        head = line(f"⚠ {figures} {one.text}" if figures else f"⚠ {one.text}")
        told = [
            ("算式", one.arithmetic),
            ("可能", one.reading),
            *(("原文", f"{quote}（{file}）") for file, quote in one.quotes),
        ]
        console.print(Text(head, style="bold"), soft_wrap=True)
        for name, said in told:
            if said:
                console.print(Text(f"  {name} {line(said)}"), soft_wrap=True)
        console.print()
    console.print(
        f"共{count}处存疑" + (f"，列出前{len(doubts)}处（--limit 0 列出全部）" if len(doubts) < count else "") + "。"
    )


def _models_list(given: argparse.Namespace) -> int:
    from rich.console import Console
    from rich.table import Table

    from assistant import models

    uses = {models.CHAT: "对话", models.EMBEDDER: "嵌入"}
    table = Table("模型", "用途", "大小", "许可", "状态", title=f"本地模型（{settings.from_flags(given).models}）")
    for listed in models.listing(Path(settings.from_flags(given).models)):
        state = "已核对" if listed.verified else "在，未核对" if listed.present else "未下载"
        if listed.partial and not listed.present:
            state = f"下载了 {100 * listed.partial // listed.model.bytes} %"
        size = f"{listed.model.bytes / 1e9:.2f} GB"
        table.add_row(listed.model.name, uses[listed.model.kind], size, listed.model.licence, state)
    Console().print(table)
    return 0


def _models_pull(given: argparse.Namespace) -> int:
    from assistant import models
    from assistant.choosing import needed_models

    chosen = settings.from_flags(given)
    names = (given.name,) if given.name else needed_models(chosen)
    if not names:
        print("当前设置不需要本地模型。")
    for name in names:
        with _DownloadBar() as tell:
            path = models.pull(name, Path(chosen.models), progress=tell)
        print(f"{name}：{path}")
    return 0


def _models_path(given: argparse.Namespace) -> int:
    from assistant import models

    print(models.path(given.name, Path(settings.from_flags(given).models)))
    return 0


class _DownloadBar:
    """A progress bar on stderr that also prints the notes of a download."""

    def __enter__(self) -> "Callable[[Progress], None]":
        from rich.console import Console
        from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn
        from rich.progress import Progress as Bar

        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
        console = Console(stderr=True)
        quiet = not console.is_terminal
        self._bar = Bar(*columns, TimeRemainingColumn(), console=console, transient=True, disable=quiet)
        task = self._bar.add_task("查找", total=None)
        self._bar.start()

        def tell(at: "Progress") -> None:
            if at.note:
                self._bar.console.print(at.note, markup=False, highlight=False)
            self._bar.update(task, description=at.source, completed=at.done, total=at.total)

        return tell

    def __exit__(self, *_: object) -> None:
        self._bar.stop()


if __name__ == "__main__":
    sys.exit(main())
