"""The page as ``jushi chat`` serves it, over the pages that come with Jushi: every path walked as a reader would.

At a laptop's and a phone's size, in both languages. ``JUSHI_PICTURES=folder`` keeps a picture of each step.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import visiting
from visiting import SIZES, Visit, picture

JUSHI = (sys.executable, "-m", "assistant.cli")
QUOTED = "台江经开区2024年规上工业总产值是多少？"
COMPUTED = "水城区铝产业链2025年的产值相当于2020年的几倍？"
DOUBTED = "想引用水城经开区今年一季度的铝及铝加工产值，版面上是多少，可靠吗？"
COUNTED = "水城经开区铝及铝加工产业集群目前有多少家企业？"
FOLLOWING = "其中规上企业是几家？"  # alone it is taken for another park's: 12家
DECLINED = "深圳2024年的GDP是多少？"
PAGE = "# 青禾开发区：纺织换新装\n\n2025年3月5日，青禾开发区通报：2024年规上工业总产值突破52.36亿元，同比增长7.8%。\n"
LONG = 60_000  # milliseconds for what starts a process
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path(visiting.CHROMIUM).exists(), reason=visiting.MISSING),
]


def environment() -> dict[str, str]:
    root = str(Path(__file__).resolve().parent.parent)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("JUSHI_")}
    return {**kept, "PYTHONPATH": os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page over an index of its own, on a port that the system chose."""
    folder = tmp_path_factory.mktemp("walk")
    ingest = [*JUSHI, "ingest", "--data", "index"]
    subprocess.run(ingest, cwd=folder, env=environment(), capture_output=True, check=True)
    command = [*JUSHI, "chat", "--no-browser", "--port", "0", "--model", "none", "--data", "index"]
    with subprocess.Popen(command, cwd=folder, env=environment(), stderr=subprocess.PIPE, text=True) as page:
        assert page.stderr is not None
        found = next(filter(None, (re.search(r"http://127\.0\.0\.1:\d+", line) for line in page.stderr)))
        yield found[0]
        page.terminate()


@pytest.fixture
def browser() -> Iterator[Any]:
    with visiting.browser() as opened:
        yield opened


@dataclass
class Walk:
    """A visit in one size and language; ``says`` picks the words of that language."""

    visit: Visit
    width: int
    english: bool

    @property
    def tab(self) -> Any:
        return self.visit.tab

    def says(self, chinese: str, english: str) -> str:
        return english if self.english else chinese

    def step(self, name: str) -> None:
        """What holds everywhere: nothing is wider than the screen; then a picture."""
        assert self.tab.evaluate("document.documentElement.scrollWidth") <= self.width, name
        picture(self.visit, f"walk-{name}-{self.width}-{'en' if self.english else 'zh'}")

    def asked(self, question: str, number: int) -> None:
        self.visit.ask(question)
        self.tab.wait_for_selector(f"#turn-{number}[data-state=over] .actions")
        self.tab.wait_for_selector("#send")

    def in_sight(self, selector: str) -> bool:
        """Whether the element stands where the reader looks, not beyond an edge."""
        self.tab.wait_for_timeout(400)  # scrolling is smooth
        box = self.tab.locator(selector).first.bounding_box()
        return bool(box) and 0 <= box["y"] < self.tab.viewport_size["height"]

    def saved(self, selector: str) -> bytes:
        with self.tab.expect_download() as download:
            self.tab.click(selector)
        return Path(download.value.path()).read_bytes()


@pytest.mark.parametrize("english", [False, True], ids=["zh", "en"])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_path_is_walked(browser: Any, address: str, width: int, height: int, english: bool) -> None:
    """Invariant: each path leads where it says, in both sizes and languages; nobody else is called, nothing fails."""
    visit = Visit(browser, address, viewport={"width": width, "height": height}, accept_downloads=True)
    visit.tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    walk = Walk(visit, width, english)
    if english:
        visit.tab.click("[data-act=tongue]")
        visit.tab.reload()
        visit.tab.wait_for_selector("body.ready.english")
    for path in (welcome, answers, turn, loaded_again, draft, figures, library, evals):
        path(walk)
    assert not visit.foreign
    assert not visit.errors


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_stranger_is_there_in_three_clicks(browser: Any, address: str, width: int, height: int) -> None:
    """Invariant: to a cited answer, on to its line, on to a table on disk: three clicks each at most, and no key."""
    visit = Visit(browser, address, viewport={"width": width, "height": height}, accept_downloads=True)
    tab = visit.tab
    tab.evaluate(
        "addEventListener('click', (event) => { window.clicks = (window.clicks || 0) + event.isTrusted; }, true)"
    )

    def clicks() -> int:
        return int(tab.evaluate("const had = window.clicks || 0; window.clicks = 0; had"))

    tab.click("#welcome .offer:visible >> nth=0")
    tab.wait_for_selector("#turn-1[data-state=over] .citations mark >> text=100.13亿元")
    ways = {"answer": clicks()}
    tab.click("#turn-1 .text .ref")
    tab.wait_for_selector("#cited mark >> text=100.13亿元")
    ways["line"] = clicks()
    if width < 900:  # there the page at its line lies over all else
        tab.click("#beside .shut")
    tab.click("#tab-figures")
    tab.wait_for_selector("#figures-shown tbody tr")
    with tab.expect_download() as download:
        tab.click("#as-csv")
    ways["table"] = clicks()
    assert "100.13" in Path(download.value.path()).read_text("utf-8-sig")
    assert ways == {"answer": 1, "line": 1, "table": 2 + (width < 900)}
    assert not visit.errors


def welcome(walk: Walk) -> None:
    """A figure with its line, and questions to begin with, of which there are others."""
    tab = walk.tab
    walk.step("welcome")
    tab.click("#welcome .sample .open")
    tab.wait_for_selector("#cited mark")
    tab.keyboard.press("Escape")
    first = tab.inner_text("#welcome .offer:visible >> nth=0")
    assert first.endswith(walk.says("？", "?"))
    tab.click("[data-act=others]")
    assert tab.inner_text("#welcome .offer:visible >> nth=0") != first


def answers(walk: Walk) -> None:
    """Quoted, computed, doubted, declined: each with its verdict, its ground and its line."""
    tab = walk.tab
    walk.asked(QUOTED, 1)
    assert "突破100.13亿元" in tab.inner_text("#turn-1 .text")
    assert walk.says("照录", "As printed") in tab.inner_text("#turn-1 .audit")
    walk.step("quoted")
    tab.click("#turn-1 .text .ref")
    tab.wait_for_selector("#cited mark >> text=100.13亿元")
    assert walk.in_sight("#cited mark")
    walk.step("line")
    if walk.width > 900:
        narrow = tab.locator("#beside").bounding_box()["width"]
        tab.click("[data-act=wider]")
        assert tab.locator("#beside").bounding_box()["width"] > narrow
    tab.click("#beside .shut")
    assert not tab.is_visible("#beside")
    walk.asked(COMPUTED, 2)
    computed = tab.inner_text("#turn-2 .audit")
    assert walk.says("计算", "Computed") in computed
    assert "160亿元÷60亿元" in computed
    walk.step("computed")
    walk.asked(DOUBTED, 3)
    warned = tab.inner_text("#turn-3 .caveat.suspect")
    assert walk.says("数字存疑", "Doubtful figure") in warned
    assert walk.says("远大于", "is far above") in warned
    assert walk.says("存疑", "Doubtful") in tab.inner_text("#turn-3 .audit")
    walk.step("doubted")
    walk.asked(DECLINED, 4)
    assert walk.says("报上没有", "Not on these pages") in tab.inner_text("#turn-4 .text")
    assert tab.locator("#turn-4 .citations blockquote").count() >= 1
    walk.step("declined")
    tab.click("#turn-4 .offers .offer:visible >> nth=0")
    tab.wait_for_selector("#turn-5[data-state=over] .audit")


def turn(walk: Walk) -> None:
    """Copied, asked again, asked otherwise, judged, saved, begun anew."""
    tab = walk.tab
    tab.click("#turn-1 [data-act=copy]")
    tab.wait_for_selector(".toast")
    assert "100.13亿元" in tab.evaluate("navigator.clipboard.readText()")
    tab.wait_for_selector("#send")
    tab.click("#turn-5 [data-act=retry]")
    tab.wait_for_selector("#turn-5[data-state=working], #turn-5[data-state=over]")
    tab.wait_for_selector("#turn-5[data-state=over]")
    tab.wait_for_selector("#send")
    tab.click("#turn-5 [data-act=edit]")
    assert tab.input_value("#asked")
    walk.step("editing")
    walk.asked(QUOTED, 5)
    tab.wait_for_selector("#turn-5 .words >> text=台江经开区2024年")
    tab.click("#turn-5 [data-judged=up]")
    tab.wait_for_selector(f".toast >> text={walk.says('已记下', 'Noted')}")
    tab.click("#turn-5 [data-judged=down]")
    tab.keyboard.type("单位")
    walk.step("reason")
    tab.keyboard.press("Enter")
    tab.wait_for_function("!document.querySelector('#turn-5 .reason')")
    saved = walk.saved("[data-kind=md]").decode("utf-8")
    assert saved.count("## 问：") == 5
    assert "突破100.13亿元" in saved
    assert walk.saved("[data-kind=docx]").startswith(b"PK")
    tab.click("[data-act=clear]")
    tab.wait_for_selector("#welcome .offer:visible")


def loaded_again(walk: Walk) -> None:
    """After a reload the conversation stands there, warning, audit and chip; what is asked next goes on from it."""
    tab = walk.tab
    walk.asked(DOUBTED, 1)
    walk.asked(COUNTED, 2)
    before = [tab.inner_text(f"#turn-{number}") for number in (1, 2)]
    tab.reload()
    tab.wait_for_selector("#turn-2 .audit")
    assert [tab.inner_text(f"#turn-{number}") for number in (1, 2)] == before
    assert walk.in_sight("#turn-2")
    walk.step("loaded-again")
    tab.click("#turn-1 .text .ref")
    tab.wait_for_selector("#cited mark >> text=301.6亿元")
    tab.click("#beside .shut")
    walk.asked(FOLLOWING, 3)
    assert "23家" in tab.inner_text("#turn-3 .text")
    tab.click("[data-act=clear]")
    tab.wait_for_selector("#welcome .offer:visible")


def draft(walk: Walk) -> None:
    """A wrong number of a draft is marked and leads to the line that prints it otherwise."""
    tab = walk.tab
    tab.click("#tab-check")
    tab.fill("#draft", "台江经开区2024年规上工业总产值突破103.10亿元，占比98.26%。")
    tab.click("#proofing .go")
    tab.wait_for_selector(".stated.unsupported >> text=103.10亿元")
    walk.step("check")
    assert walk.says("来源这里写的是", "Here the page prints") in tab.inner_text("#checked .why >> nth=0")
    tab.click(".stated.unsupported")
    tab.click("#proof-2 .open")
    tab.wait_for_selector("#cited mark >> text=100.13亿元")
    tab.keyboard.press("Escape")


def figures(walk: Walk) -> None:
    """Filtered, sorted, drawn, doubted, downloaded; each figure and bar leads to its line."""
    tab = walk.tab
    tab.click("#tab-figures")
    tab.wait_for_selector("#figures-shown tbody tr")
    walk.step("figures")
    for at in range(5):  # no cell is squeezed to a letter's width
        assert tab.locator("#figures-shown tbody tr >> nth=0").locator("td").nth(at).bounding_box()["width"] > 90
    whole = tab.inner_text("#figures-shown .count")
    tab.fill("#filter [name=subject]", "水城经开区")
    tab.press("#filter [name=subject]", "Enter")
    tab.wait_for_function("(former) => document.querySelector('#figures-shown .count').innerText !== former", arg=whole)
    tab.wait_for_selector("#figures-shown .chart .doubtful")
    if walk.width > 620:
        tab.click("#figures-shown [data-sort=figure]")
        tab.wait_for_selector("#figures-shown th[aria-sort=ascending]")
    walk.step("filtered")
    assert b"301.6" in walk.saved("#as-csv")
    assert b"301.6" in walk.saved("#as-json")
    tab.click("#figures-shown .chart [data-act=source] >> nth=0")
    tab.wait_for_selector("#cited mark")
    tab.keyboard.press("Escape")
    tab.check("#filter [name=doubted]")
    tab.wait_for_function("document.querySelectorAll('#figures-shown tbody tr:not(.suspect)').length === 0")
    tab.click("[data-view=doubts]")
    tab.wait_for_selector(".doubts .pair .side >> nth=1")
    walk.step("doubts")
    tab.click(".doubts .open >> nth=0")
    tab.wait_for_selector("#cited mark")
    tab.keyboard.press("Escape")
    tab.click("[data-view=table]")
    tab.click("#filter [type=reset]")
    tab.wait_for_selector(".pager")
    tab.click(".pager [data-act=page]")
    tab.wait_for_selector(f".pager >> text={walk.says('第 2', 'Page 2')}")


def library(walk: Walk) -> None:
    """Searched, opened beside its stories; a file looked at, taken in, read anew, taken out again."""
    tab = walk.tab
    tab.click("#tab-library")
    tab.wait_for_selector(".pages li:nth-child(5)")
    walk.step("library")
    before = tab.inner_text(".generation")
    tab.fill("#look [name=words]", "吉他")
    tab.press("#look [name=words]", "Enter")
    tab.wait_for_selector("#library-shown mark >> text=吉他")
    walk.step("found")
    tab.fill("#look [name=words]", "")
    tab.press("#look [name=words]", "Enter")
    tab.click(".pages .title >> nth=0")
    tab.wait_for_selector("#library-shown .story")
    tab.click("#library-shown .story [data-act=line] >> nth=1")
    assert walk.in_sight("#library-shown .lines .lit, #library-shown .lines li")
    walk.step("page")
    tab.click("#library-shown .back")
    tab.wait_for_selector(".pages")
    file = [{"name": "../青禾.md", "mimeType": "text/markdown", "buffer": PAGE.encode()}]
    tab.set_input_files("#files", file)
    tab.wait_for_selector("#batch-files li >> text=青禾.md")
    tab.click("#batch [data-act=preview]")
    tab.wait_for_selector("#report:visible", timeout=LONG)
    read = tab.frame_locator("#report")
    assert "52.36亿元" in read.locator("body").text_content(timeout=LONG)
    assert walk.says("读版检查", "pages as read") in read.locator("h1").inner_text()
    walk.step("preview")
    tab.click("#batch [data-act=ingest]")
    added = ".pages li:has(code:text-is('青禾.md'))"
    tab.wait_for_selector(added, timeout=LONG)
    assert tab.inner_text(".generation") != before
    tab.click(f"{added} [data-act=again]")
    tab.wait_for_selector(f"#job-said >> text={walk.says('收好了', 'Ingested')}", timeout=LONG)
    tab.once("dialog", lambda dialog: dialog.accept())
    tab.click(f"{added} [data-act=remove]")
    tab.wait_for_selector(f"#job-said >> text={walk.says('已删去', 'Deleted')}", timeout=LONG)
    tab.wait_for_function("![...document.querySelectorAll('.pages code')].some((one) => one.innerText === '青禾.md')")
    walk.step("removed")


def evals(walk: Walk) -> None:
    """Twenty questions asked to the end, others stopped and gone on with; a report opened, two compared."""
    tab = walk.tab
    tab.click("#tab-evals")
    tab.wait_for_selector("#runs-shown > *")
    tab.click("#trial .go")
    tab.wait_for_selector(f"#trial-said >> text={walk.says('考完了', 'Done')}", timeout=LONG)
    walk.step("evals")
    tab.select_option("#trial [name=size]", "")
    tab.click("#trial .go")
    tab.wait_for_selector("#trial-said >> text=/440")
    walk.step("running")
    tab.click("#trial-job .cancel")
    tab.wait_for_selector(f"#trial-said >> text={walk.says('停下了', 'Stopped')}")
    tab.wait_for_selector("[data-act=resume]")
    tab.click("[data-act=resume]")
    tab.wait_for_selector("#trial-said >> text=/440")
    tab.click("#trial-job .cancel")
    tab.wait_for_selector("[data-act=resume]")
    tab.select_option("#trial [name=size]", "20")
    tab.click("#trial .go")
    tab.wait_for_selector(f"#trial-said >> text={walk.says('考完了', 'Done')}", timeout=LONG)
    tab.wait_for_selector("#runs-shown[aria-busy=false] [data-act=report]")
    for at in (0, 2):  # both of the twenty; between them that which was stopped
        tab.check(f"#runs-shown input >> nth={at}")
    tab.evaluate("scrollTo(0, 0)")
    assert walk.in_sight(".pairing .go")
    tab.click("[data-act=compare]")
    tab.wait_for_selector("#compared .shares")
    assert walk.in_sight("#compared .head")
    walk.step("compared")
    tab.click("[data-act=report] >> nth=0")
    report = tab.frame_locator("#run-report")
    assert report.locator(".tile").first.inner_text(timeout=LONG)
    assert walk.in_sight("#opened-name")
    walk.step("report")
    titles = ("评测报告", "evaluation report")
    for turned in (False, True):  # in the page's language, and in the other one as soon as the page is
        assert titles[walk.english != turned] in report.locator("h1").inner_text()
        tab.click("[data-act=tongue]")
        report.locator("h1", has_text=titles[walk.english == turned]).wait_for()
    tab.click("[data-act=unopen]")
    assert not tab.is_visible("#opened-run")
    tab.click("#tab-ask")
    tab.wait_for_selector("#trust:visible")
