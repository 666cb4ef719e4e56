"""Pages in, one HTML file out that shows how each was read, beside the page itself; the index is not touched.

    python -m ingest ~/pages --check --report check.html

``reading``: what was made of a page. ``lines``: what became of each of its lines. ``sheet``: all of it as HTML.
``summary``: a few lines for the terminal.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from assistant.errors import SourceError
from ingest.check import reading, sheet, summary
from ingest.tally import Progress

__all__ = ["REPORT", "run"]

REPORT = Path("jushi-check.html")


def run(
    paths: Sequence[Path],
    date: str,
    report: Path,
    show: bool,
    progress: Callable[[Progress], None] = lambda _: None,
    *,
    english: bool = False,
) -> int:
    """Writes the report and prints its summary; 0 when every file was read, 1 when some could not be.

    ``date`` is the pages', where it is given; ``show`` opens the report in the browser, ``english``: in English. Raises
    SourceError where there is nothing to read, or the report cannot be written.
    """
    checked = reading.check(paths, date, progress)
    part = report.with_name(f"{report.name}.part")
    try:
        part.write_text(sheet.sheet(checked, f"{datetime.now():%Y-%m-%d %H:%M}", english=english), "utf-8")
        part.replace(report)
    except OSError as error:
        raise SourceError(f"{report} cannot be written: {error.strerror}. Name another file with --report.") from error
    for line in summary.summary(checked):
        print(line)
    print(f"报告：{report}（没有写入索引）")
    if show:
        import webbrowser

        webbrowser.open(report.resolve().as_uri())
    return 1 if checked.unreadable else 0
