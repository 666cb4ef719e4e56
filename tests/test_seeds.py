"""The retold pages: every printed figure is there, and no sentence of the originals is.

The originals lie outside the project, in ``$JUSHI_SHARED/seeds``; without them the comparison is skipped.
"""

import os
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT / "seeds"
ORIGINALS = Path(os.environ.get("JUSHI_SHARED", ROOT.parent / "shared")) / "seeds"
COPIED_RUN = 25  # characters, counted without punctuation and spaces

_UNIT = (
    "个百分点|个百分比|百分点|%|％|‰|亿元|万元|亿千瓦时|千瓦时|万千瓦|亿千瓦|千瓦|千伏|兆瓦|万度|亿度|度|GWh|EFlops|"
    "万吨|吨|摄氏度|℃|平方米|平方公里|毫米|公里|厘米|米|公顷|亩|个亿|亿|元|块|家|户|条|辆|台|双|把|颗|项|个|人次|人|名|位|"
    "所|套|次|款|种|倍|分|斤|级|期|组|座|株|棵|岁|季度|个月|年|月|日|天|小时|分钟|时|K|N|G"
)
_ARABIC = re.compile(rf"(?<![\d.])\d+(?:[.,]\d+)*(?:[余多])?(?:[千百]?[万亿])?(?:[余多])?(?:{_UNIT})?")
_CHINESE = re.compile(
    r"[一二三四五六七八九两]成|[一二三四五六七八九十]分之[一二三四五六七八九]|一半以上|近半|翻一倍|"
    r"[两三四五六七八九十百千]+(?:万|百万|千万|亿)(?:余|多)?[个家户人平]|百亿级|千亿级|上亿元|上千单"
)
_NOISE = re.compile(r"[\s“”\"'‘’「」『』（）()\[\]【】，。、：；！？,.:;!?—\-–~·…#>*《》&+/①②③④⑤↑→]")

PAGES = sorted(path.stem for path in ORIGINALS.glob("*.txt")) if ORIGINALS.is_dir() else []
needs_originals = pytest.mark.skipif(not PAGES, reason=f"no original pages in {ORIGINALS}: set JUSHI_SHARED")


def printed(text: str) -> set[str]:
    """Every number in the text with its unit, as it is printed."""
    return set(_ARABIC.findall(text)) | set(_CHINESE.findall(text))


def runs(text: str) -> set[str]:
    """Every run of COPIED_RUN characters, punctuation and spaces aside."""
    letters = _NOISE.sub("", text)
    return {letters[at : at + COPIED_RUN] for at in range(len(letters) - COPIED_RUN + 1)}


@needs_originals
@pytest.mark.parametrize("page", PAGES)
def test_every_printed_figure_is_retold(page: str) -> None:
    original = (ORIGINALS / f"{page}.txt").read_text("utf-8")
    retold = (SEEDS / f"{page}.md").read_text("utf-8")
    assert sorted(printed(original) - printed(retold)) == []


@needs_originals
@pytest.mark.parametrize("page", PAGES)
def test_no_sentence_of_an_original_is_copied(page: str) -> None:
    retold = runs((SEEDS / f"{page}.md").read_text("utf-8"))
    copied = {run for name in PAGES for run in runs((ORIGINALS / f"{name}.txt").read_text("utf-8")) & retold}
    assert sorted(copied) == []


@pytest.mark.parametrize("path", sorted(SEEDS.glob("*.md")), ids=lambda path: path.stem)
def test_front_matter_names_paper_source_date_theme(path: Path) -> None:
    head = path.read_text("utf-8").split("---\n")[1]
    keys = {line.split(":", 1)[0] for line in head.splitlines() if ":" in line}
    assert keys >= {"paper", "source", "date", "date_basis", "theme"}
    assert f"source: {path.stem}.txt" in head
