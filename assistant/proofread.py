"""``jushi check``: a draft and its sources in, what is borne out of its numbers on the screen or in a file out.

    jushi check 稿件.docx --against 采访/ --out 核对.html

Neither a model nor an embedder is opened: against the index, the word index finds what is near.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assistant import settings
from assistant.errors import SettingError
from assistant.records import Checked
from assistant.settings import Settings

_EXAMPLES = """examples:
  jushi check 稿件.txt --against 来源.pdf 采访/      对照这些文件和文件夹
  jushi check 稿件.docx                              对照索引（jushi ingest 读入的全部版面）
  jushi check 稿件.docx --out 核对.html              写成网页（.md、.json、.txt 亦可）
  jushi check - --against 来源.md --date 2025-09-06  稿件从标准输入读，稿件的日期是 2025-09-06
  jushi check 稿件.md --against 来源/ --json | jq '.counts'

exit code: 0 every number is borne out, 1 some are not (0 with --exit-zero), 2 an error
"""
_SUFFIXES = (".html", ".htm", ".md", ".json", ".txt")


def add(commands: Any, described: Callable[..., argparse.ArgumentParser]) -> None:
    """Gives the command to the parser."""
    check = described(
        commands.add_parser,
        "核对一篇稿件：每个数字、日期，逐一对照来源。Check every number of a draft against its sources: QUOTED (照录), "
        "COMPUTED (计算) or UNSUPPORTED (未证实), with the reason and the nearest sentence.",
        _EXAMPLES,
        name="check",
        help="check every number of a draft against its sources",
    )
    check.add_argument("file", metavar="FILE", help="the draft (txt, md, html, docx, pdf); - reads standard input")
    check.add_argument(
        "--against", nargs="+", type=Path, metavar="PATH", help="files and folders (default: the index of --data)"
    )
    check.add_argument("--date", default="", help="the draft's own date, which tells what its 今年 is: 2025-09-06")
    check.add_argument("--all", action="store_true", help="list the numbers that are borne out, too")
    check.add_argument("--out", type=Path, metavar="PATH", help="write the report: .html, .md, .json or .txt")
    check.add_argument("--exit-zero", action="store_true", help="end with 0 though a number is not borne out")
    form = check.add_mutually_exclusive_group()
    form.add_argument("--markdown", action="store_true", help="print Markdown")
    form.add_argument("--json", action="store_true", help="print JSON")
    settings.add_flags(check, "data", "chroma", "embedder", "passage_tokens")
    check.set_defaults(command=_check)


def _check(given: argparse.Namespace) -> int:
    from assistant import periods
    from assistant.check import report
    from ingest import sources

    chosen = settings.from_flags(given)
    if given.date and periods.of_page(given.date).start is None:
        raise SettingError(f"--date {given.date}: a date is wanted, as exact as is known: 2025, 2025-09, 2025-09-06.")
    if given.out and given.out.suffix.lower() not in _SUFFIXES:
        raise SettingError(f"--out {given.out}: a name that ends in {', '.join(_SUFFIXES)} is wanted.")
    text = sources.decoded(sys.stdin.buffer.read()) if given.file == "-" else sources.draft(Path(given.file))
    checked = _checked(text, given, chosen)
    if given.out:
        try:
            given.out.write_text(_written(checked, given), "utf-8")
        except OSError as error:
            raise SettingError(f"--out {given.out} cannot be written: {error.strerror}.") from error
        print(f"{report.summary(checked)} → {given.out}")
    elif given.json or given.markdown:
        print((report.to_json if given.json else report.markdown)(checked).rstrip("\n"))
    else:
        print(report.text(checked, every=given.all).rstrip("\n"))
    return 1 if checked.unsupported and not given.exit_zero else 0


def _checked(text: str, given: argparse.Namespace, chosen: Settings) -> Checked:
    """The text held against the given files, or the index."""
    if given.against:
        from assistant.check import check
        from ingest import sources

        passages, doubts = sources.sources(given.against, chosen.passage_tokens)
        return check(text, passages, date=given.date, suspicions=doubts)
    from assistant.check.indexed import indexed
    from assistant.claim_index import ClaimIndex
    from assistant.lexical import Lexical
    from assistant.store import Store

    store = Store.open(Path(chosen.data), chosen.embedder, chosen.server)
    try:
        lexical = Lexical.of(store)
        return indexed(text, store, lexical, ClaimIndex.of(store), given.date)
    finally:
        store.close()


def _written(checked: Checked, given: argparse.Namespace) -> str:
    """The report in the form that the name of ``--out`` tells."""
    from assistant.check import report, sheet

    suffix = given.out.suffix.lower()
    if suffix in (".html", ".htm"):
        return sheet.html(checked, "" if given.file == "-" else Path(given.file).name)
    if suffix == ".txt":
        return report.text(checked, every=given.all)
    return report.to_json(checked) if suffix == ".json" else report.markdown(checked)
