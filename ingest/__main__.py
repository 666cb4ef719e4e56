"""``python -m ingest [PATHS]``, the same as ``jushi ingest``: pages in, an index out.

python -m ingest                       the project's own pages
python -m ingest ~/pages a.txt         a folder and a file
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import cache, partial
from pathlib import Path
from typing import Any

from assistant import embed, settings
from assistant.errors import JushiError
from assistant.store import Store
from ingest import check, load, watch
from ingest.engines import Engine, Local
from ingest.tally import Progress, Summary

EXAMPLES = """examples:
  jushi ingest                                the pages that come with Jushi
  jushi ingest ~/pages                        every page of a folder
  jushi ingest ~/pages --data ~/index         into another index
  jushi ingest ~/scans --workers 2            two files are read at a time
  jushi ingest ~/pages --engine ray --workers 8   by Ray's workers, here or on a cluster (RAY_ADDRESS)
  jushi ingest ~/pages --watch                and whatever comes, changes or goes there, until Ctrl-C
  jushi ingest ~/pages --mirror               and take out the pages that are not there any more
  jushi ingest --remove 2025-03-01.txt        take a page out of the index
  jushi ingest page.txt --date 2025-09-06     a page that does not tell its date
  jushi ingest ~/pages --check --open         read and report, write no index; show the report
  JUSHI_EMBEDDER=BAAI/bge-m3 jushi ingest ~/pages --data ~/bge
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Ingests and prints a summary; 0 when done, 2 on an error, which changes nothing, 130 when stopped."""
    given = _parser().parse_args(argv)
    try:
        return _run(given)
    except JushiError as error:
        print(f"jushi ingest: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("jushi ingest: 已停止；没做完的不算数，再运行一次就接着做。", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "jushi ingest",
        description="Read pages into the index. Files that have not changed are left alone; a stopped run goes on.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "paths", nargs="*", type=Path, help="files and folders (default: the pages that come with Jushi)"
    )
    parser.add_argument("--date", default="", help="the pages' date, where they do not tell it: 2025-09 or 2025-09-06")
    parser.add_argument("--skip-unreadable", action="store_true", help="go on without the files that cannot be read")
    parser.add_argument("--wait", action="store_true", help="wait for another process that is writing the index")
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--watch", action="store_true", help="go on, and read in every change under the paths")
    way.add_argument("--mirror", action="store_true", help="take out the pages that are not under the paths")
    way.add_argument(
        "--check", action="store_true", help="read and report how each page was understood; no index is made"
    )
    way.add_argument("--remove", nargs="+", metavar="NAME", help="take pages out, by their names in the index")
    parser.add_argument("--report", type=Path, default=check.REPORT, metavar="FILE", help="of --check: %(default)s")
    parser.add_argument("--open", action="store_true", help="of --check: show the report in the browser")
    parser.add_argument("--english", action="store_true", help="of --check: the report opens in English")
    parser.add_argument("--json", action="store_true", help="tell progress and result as JSON, an object a line")
    parser.add_argument(
        "--engine",
        choices=("local", "ray"),
        default="local",
        help='who reads and embeds: processes here, or Ray\'s workers (pip install "jushi[ray]")',
    )
    settings.add_flags(parser, "data", "chroma", "embedder", "passage_tokens", "models", "threads", "workers")
    return parser


def _run(given: argparse.Namespace) -> int:
    if given.check:
        with _bar(given.json) as progress:
            paths = given.paths or [seeds()]
            return check.run(paths, given.date, given.report, given.open, progress, english=given.english)
    chosen = settings.from_flags(given)
    folder = Path(chosen.data)
    if given.remove:
        summary = load.remove(given.remove, Store.open(folder, chosen.embedder, chosen.server), wait=given.wait)
        removed = summary.removed
        if given.json:
            _tell_json("done", asdict(summary))
            return 0
        print(f"移除 {len(given.remove)} 页，{removed} 个段落 → {chosen.where}")
        return 0

    @cache
    def embedder() -> embed.Embedder:
        return embed.load(chosen.embedder, chosen.threads, Path(chosen.models))

    @cache
    def index() -> Store:
        return Store.create(folder, chosen.embedder, chosen.server)

    def engine() -> Engine:
        if given.engine == "local":
            return Local(chosen.workers)
        from ingest.spread import Spread

        # a core to a worker, unless it is said otherwise
        load_embedder = partial(embed.load, chosen.embedder, chosen.threads or 1, Path(chosen.models).absolute())
        return Spread(chosen.workers, load_embedder)

    paths = given.paths or [seeds()]

    def once(gone: Sequence[str] = ()) -> Summary:
        with _bar(given.json) as progress:
            return load.ingest(
                paths,
                index,
                embedder,
                folder=folder,
                size=chosen.passage_tokens,
                date=given.date,
                engine=engine(),
                skip_unreadable=given.skip_unreadable or given.watch,
                mirror=given.mirror,
                gone=gone,
                wait=given.wait or given.watch,
                progress=progress,
            )

    if not given.watch:
        summary = once()
        if given.json:
            _tell_json("done", asdict(summary))
        else:
            _tell(summary, chosen.where)
        return 0
    watch.check(paths)
    print("按 Ctrl-C 停止。", file=sys.stderr)
    for done in watch.watch(paths, once):
        if isinstance(done, JushiError):
            print(f"jushi ingest: {done}", file=sys.stderr)
        elif done.committed or done.skipped:
            _tell(done, chosen.where)
    return 0


def _tell(done: Summary, where: str) -> None:
    for reason in done.skipped:
        print(f"skipped: {reason}", file=sys.stderr)
    for note in done.notes:
        print(f"note: {note}", file=sys.stderr)
    print(
        f"{done.files} 个文件（{done.unchanged} 个未变），{done.stories} 篇报道，{done.passages} 个段落"
        f"（新写入 {done.embedded}，替换 {done.removed}），{done.figures} 个数字（存疑 {done.suspicions} 处），"
        f"用时 {done.seconds['total']:.1f} 秒 → {where}"
    )
    stages = (("look", "查看"), ("parse", "解析"), ("embed", "向量"), ("write", "写入"), ("commit", "提交"))
    told = " · ".join(f"{word} {done.seconds[stage]:.2f}" for stage, word in stages if stage in done.seconds)
    print(f"各步秒数：{told}")


def seeds() -> Path:
    """The folder of the pages that come with Jushi."""
    import seeds as package

    return Path(package.__path__[0])


def _tell_json(what: str, told: dict[str, Any]) -> None:
    print(json.dumps({"event": what, **told}, ensure_ascii=True), flush=True)


@contextmanager
def _bar(as_json: bool = False) -> "Iterator[load.Report]":
    if as_json:

        def tell(at: Progress) -> None:
            _tell_json("progress", asdict(at))

        yield tell
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Bar(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("读取", total=None)
        yield lambda at: bar.update(task, description=at.file, completed=at.done, total=at.total)


if __name__ == "__main__":
    sys.exit(main())
