"""Arguments in, one command run: ``jushi ingest | ask | chat | evals | models``. Errors go to stderr with exit code 2.

Nothing heavy is imported before the command that needs it, so ``jushi --help`` stays quick.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant import settings
from assistant.errors import JushiError

if TYPE_CHECKING:
    from assistant.models import Progress

EXAMPLES = """examples:
  jushi ingest                       read the pages that come with Jushi (or: jushi ingest ~/pages)
  jushi ask "台江经开区2024年规上工业总产值是多少？"
  jushi chat                         open the page on http://127.0.0.1:7860
  jushi models pull qwen2.5-coder-1.5b
  jushi evals --model none           score the answers against the gold set

"jushi COMMAND --help" tells more. Settings may also stand in the environment (JUSHI_…) or in jushi.toml.
"""
_ASK = (
    *("data", "model", "base_url", "api_key", "embedder", "models", "threads", "timeout"),
    *("hits", "evidence", "evidence_tokens"),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    given = list(sys.argv[1:] if argv is None else argv)
    # These two keep their own parsers, because they also run as "python -m ingest" and "python -m evals".
    if given[:1] == ["ingest"]:
        from ingest.__main__ import main as ingest

        return ingest(given[1:])
    if given[:1] == ["evals"]:
        from evals.run import main as evals

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
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    commands.add_parser("ingest", help="read pages into the index", add_help=False)

    ask = _described(
        commands.add_parser,
        "Answer one question from the index, with citations.",
        'examples:\n  jushi ask "正安经开区一年产销多少把吉他？"\n  jushi ask "…" --model none --json\n',
        name="ask",
        help="answer one question",
    )
    ask.add_argument("question", help="the question, in Chinese or English; - reads it from standard input")
    ask.add_argument("--json", action="store_true", help="print the whole Answer as JSON")
    settings.add_flags(ask, *_ASK)
    ask.set_defaults(command=_ask)

    chat = _described(
        commands.add_parser,
        "Open the page in the browser.",
        "examples:\n  jushi chat\n  jushi chat --port 8000 --model none\n",
        name="chat",
        help="open the page",
    )
    chat.add_argument("--no-browser", action="store_true", help="serve the page without opening a browser")
    settings.add_flags(chat, *_ASK, "host", "port")
    chat.set_defaults(command=_chat)

    commands.add_parser("evals", help="score the answers against a gold set", add_help=False)

    models = _described(
        commands.add_parser,
        "Local chat models: what there is, fetch one by content hash, where it lies.",
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
            one.add_argument("name", nargs="?", help="the model (default: the one that the settings choose)")
            settings.add_flags(one, "model", "base_url")
        elif name == "path":
            one.add_argument("name", help="the model")
        settings.add_flags(one, "models")
        one.set_defaults(command=action)
    return parser


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
        answer = assistant.ask(question)
    finally:
        assistant.close()
    print(render.to_json(answer) if given.json else render.text(answer))
    return 0


def _chat(given: argparse.Namespace) -> int:
    from assistant.ask import Assistant
    from assistant.web.page import serve

    chosen = settings.from_flags(given)
    assistant = Assistant.open(chosen)
    serve(assistant, chosen.host, chosen.port, open_browser=not given.no_browser)
    return 0


def _models_list(given: argparse.Namespace) -> int:
    from rich.console import Console
    from rich.table import Table

    from assistant import models

    table = Table("模型", "大小", "许可", "状态", title=f"本地模型（{settings.from_flags(given).models}）")
    for listed in models.listing(Path(settings.from_flags(given).models)):
        state = "已核对" if listed.verified else "在，未核对" if listed.present else "未下载"
        if listed.partial and not listed.present:
            state = f"下载了 {100 * listed.partial // listed.model.bytes} %"
        table.add_row(listed.model.name, f"{listed.model.bytes / 1e9:.2f} GB", listed.model.licence, state)
    Console().print(table)
    return 0


def _models_pull(given: argparse.Namespace) -> int:
    from assistant import models
    from assistant.ask import needed_model

    chosen = settings.from_flags(given)
    name = given.name or needed_model(chosen)
    if not name:
        print("当前设置不需要本地模型。")
        return 0
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
