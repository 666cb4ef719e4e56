"""``python -m ingest [PATHS]``, the same as ``jushi ingest``: pages in, an index out.

python -m ingest                       the project's own pages
python -m ingest ~/pages a.txt         a folder and a file
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from assistant import embed, settings
from assistant.errors import JushiError
from assistant.store import Store
from ingest import load

EXAMPLES = """examples:
  jushi ingest                                the pages that come with Jushi
  jushi ingest ~/pages                        every page of a folder
  jushi ingest ~/pages --data ~/index         into another index
  jushi ingest page.txt --date 2025-09-06     a page that does not tell its date
  JUSHI_EMBEDDER=BAAI/bge-m3 jushi ingest ~/pages --data ~/bge
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Ingests and prints a summary; 0 when done, 2 on an error, which changes nothing."""
    parser = argparse.ArgumentParser(
        "jushi ingest",
        description="Read pages into the index. Files that have not changed are left alone; a cut run goes on.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "paths", nargs="*", type=Path, help="files and folders (default: the pages that come with Jushi)"
    )
    parser.add_argument("--date", default="", help="the pages' date, where they do not tell it: 2025-09 or 2025-09-06")
    parser.add_argument("--skip-unreadable", action="store_true", help="go on without the files that cannot be read")
    settings.add_flags(parser, "data", "embedder", "passage_tokens", "threads")
    given = parser.parse_args(argv)
    try:
        return _run(given)
    except JushiError as error:
        print(f"jushi ingest: {error}", file=sys.stderr)
        return 2


def _run(given: argparse.Namespace) -> int:
    chosen = settings.from_flags(given)

    @cache
    def embedder() -> embed.Embedder:
        return embed.load(chosen.embedder, chosen.threads)

    with _bar() as progress:
        done = load.ingest(
            given.paths or [seeds()],
            lambda: Store.create(Path(chosen.data), chosen.embedder),
            embedder,
            folder=Path(chosen.data),
            size=chosen.passage_tokens,
            date=given.date,
            skip_unreadable=given.skip_unreadable,
            progress=progress,
        )
    for reason in done.skipped:
        print(f"skipped: {reason}", file=sys.stderr)
    print(
        f"{done.files} 个文件（{done.unchanged} 个未变），{done.stories} 篇报道，{done.passages} 个段落"
        f"（新写入 {done.embedded}，替换 {done.removed}），{done.figures} 个数字，"
        f"用时 {done.seconds['total']:.1f} 秒 → {chosen.data}"
    )
    return 0


def seeds() -> Path:
    """The folder of the pages that come with Jushi."""
    import seeds as package

    return Path(package.__path__[0])


@contextmanager
def _bar() -> "Iterator[load.Report]":
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("读取", total=None)
        yield lambda at: bar.update(task, description=at.file, completed=at.done, total=at.total)


if __name__ == "__main__":
    sys.exit(main())
