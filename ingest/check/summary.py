"""All that was checked in, a few lines for the terminal out."""

from collections.abc import Iterator
from typing import Final

from ingest.check import wording
from ingest.check.lines import UNSURE, Places
from ingest.check.reading import Checked
from ingest.check.shown import plain

_SHOWN: Final = 12  # suspicions, and pages, that are told; the report has all


def summary(checked: Checked) -> Iterator[str]:
    """What was read, what could not be, and what is doubted, a line each."""
    pages = checked.pages
    joined, repeated = sum(len(one.joined) for one in pages), sum(len(one.repeated) for one in pages)
    yield (
        f"{len(pages)} 版：{sum(len(one.stories) for one in pages)} 篇报道，"
        f"{sum(len(one.marks) for one in pages)} 个数字，"
        f"接合 {joined} 段，重复 {repeated} 段，存疑 {len(checked.doubts)} 处"
        + (f"；{len(checked.unreadable)} 个文件读不出" if checked.unreadable else "")
    )
    for one in pages[:_SHOWN]:
        unsure = sum(1 for _, _, sure in one.raw.confidence if sure < UNSURE)
        note = f"，OCR 没有把握 {unsure} 行" if unsure else ""
        date = one.page.date or "日期不明"
        yield f"  {plain(one.page.file)}  {date}  {len(one.stories)} 篇，{len(one.marks)} 个数字{note}"
    yield from _rest(len(pages), "版")
    for doubt in checked.doubts[:_SHOWN]:
        said = doubt.suspicion
        places = [
            f"{plain(pages[at].page.file)} 第 {Places(pages[at].page.text).line(start)} 行"
            for at, start in doubt.places[:1]
        ]
        arithmetic = f"：{plain(said.arithmetic)}" if said.arithmetic else ""
        reading = f"，{plain(said.reading)}" if said.reading else ""
        yield f"? {wording.doubt(said.kind)[0]}  {''.join(places)}  {plain(said.text)}{arithmetic}{reading}"
    yield from _rest(len(checked.doubts), "处")
    for _, reason in checked.unreadable:
        yield f"! {plain(reason)}"


def _rest(count: int, unit: str) -> Iterator[str]:
    if count > _SHOWN:
        yield f"  …… 还有 {count - _SHOWN} {unit}，见报告"
