"""A page that is served in, a folder of pictures of its rooms out, to be looked at: run by hand, not by pytest.

    jushi chat --model none --no-browser --port 7860
    python tests/photograph_page.py http://127.0.0.1:7860/ pictures [--only answered,doubts] [--look 1440-light-zh]

Every room as a reader comes to it, at a desktop's and a phone's size, light and dark, in Chinese and English, over the
pages that come with Jushi. Two runs of the evals are wanted for the comparison; nothing is changed.
"""

import argparse
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright
from visiting import CHROMIUM, FLAGS

SIZES = ((1440, 900), (390, 844))
QUOTED = "台江经开区2024年规上工业总产值是多少？"
COMPUTED = "水城区铝产业链2025年的产值相当于2020年的几倍？"
DOUBTED = "想引用水城经开区今年一季度的铝及铝加工产值，版面上是多少，可靠吗？"
DECLINED = "深圳2024年的GDP是多少？"
DRAFT = (
    "台江经开区2024年规上工业总产值突破103.10亿元，其中循环经济产业产值98.39亿元，占比98.26%。"
    "水城经开区今年一季度铝及铝加工产值突破301.6亿元，同比增长35.67%。全县新开咖啡馆72家。"
)
PAGE = "# 青禾开发区：纺织换新装\n\n2025年3月5日，青禾开发区通报：2024年规上工业总产值突破52.36亿元，同比增长7.8%。\n"
Shot = Callable[[str], None]


def asked(tab: Any, question: str) -> None:
    number = tab.locator(".turn").count() + 1
    tab.fill("#asked", question)
    tab.press("#asked", "Enter")
    tab.wait_for_selector(f"#turn-{number}[data-state=over] .actions")
    tab.wait_for_selector("#send")


def down(tab: Any) -> None:
    """To the end of the page, or of what scrolls within it."""
    tab.evaluate("scrollTo(0, document.documentElement.scrollHeight)")


def ask(tab: Any, shot: Shot) -> None:
    tab.wait_for_selector("#welcome .offer:visible")
    shot("welcome")
    asked(tab, QUOTED)
    shot("answered")
    down(tab)
    shot("answered-end")
    tab.click("#turn-1 .text .ref")
    tab.wait_for_selector("#cited mark")
    shot("line")
    tab.keyboard.press("Escape")
    for question, name in ((COMPUTED, "computed"), (DOUBTED, "caveat"), (DECLINED, "declined")):
        tab.click("[data-act=clear]")
        tab.wait_for_selector("#welcome .offer:visible")
        asked(tab, question)
        shot(name)
        down(tab)
        shot(f"{name}-end")
    tab.click("[data-act=clear]")
    tab.wait_for_selector("#welcome .offer:visible")


def check(tab: Any, shot: Shot) -> None:
    tab.click("#tab-check")
    tab.fill("#draft", DRAFT)
    tab.click("#proofing .go")
    tab.wait_for_selector(".stated")
    shot("draft")
    down(tab)
    shot("draft-end")


def figures(tab: Any, shot: Shot) -> None:
    tab.click("#tab-figures")
    tab.wait_for_selector("#figures-shown tbody tr")
    shot("figures")
    tab.fill("#filter [name=subject]", "水城经开区")
    tab.press("#filter [name=subject]", "Enter")
    tab.wait_for_selector("#figures-shown .chart .doubtful")
    shot("chart")
    down(tab)
    shot("chart-end")
    tab.evaluate("scrollTo(0, 0)")
    tab.click("#filter [type=reset]")
    tab.click("[data-view=doubts]")
    tab.wait_for_selector(".doubts .pair .side >> nth=1")
    shot("doubts")
    tab.click("[data-view=table]")


def library(tab: Any, shot: Shot) -> None:
    tab.click("#tab-library")
    tab.wait_for_selector(".pages li")
    shot("library")
    tab.fill("#look [name=words]", "吉他")
    tab.press("#look [name=words]", "Enter")
    tab.wait_for_selector("#library-shown mark")
    shot("found")
    tab.fill("#look [name=words]", "")
    tab.press("#look [name=words]", "Enter")
    tab.click(".pages .title >> nth=0")
    tab.wait_for_selector("#library-shown .story")
    shot("page")
    tab.click("#library-shown .back")
    tab.wait_for_selector(".pages")
    tab.set_input_files("#files", [{"name": "青禾.md", "mimeType": "text/markdown", "buffer": PAGE.encode()}])
    tab.wait_for_selector("#batch-files li")
    tab.click("#batch [data-act=preview]")
    tab.wait_for_selector("#report:visible", timeout=60_000)
    tab.frame_locator("#report").locator("body").wait_for()
    shot("preview")
    tab.click("#batch [data-act=drop]")


def evals(tab: Any, shot: Shot) -> None:
    tab.click("#tab-evals")
    tab.wait_for_selector("#runs-shown [data-act=report]")
    shot("evals")
    for at in (0, 1):
        tab.check(f"#runs-shown input >> nth={at}")
    tab.click("[data-act=compare]")
    tab.wait_for_selector("#compared .shares")
    shot("compared")
    tab.click("[data-act=report] >> nth=0")
    tab.frame_locator("#run-report").locator(".tile").first.wait_for()
    shot("report")


ROOMS = (ask, check, figures, library, evals)


def looks() -> Iterator[tuple[int, int, str, str]]:
    for (width, height), scheme, tongue in itertools.product(SIZES, ("light", "dark"), ("zh", "en")):
        yield width, height, scheme, tongue


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="names of pictures, parted by commas")
    parser.add_argument("--look", default="", help="one look alone, such as 390-dark-en")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for width, height, scheme, tongue in looks():
            look = f"{width}-{scheme}-{tongue}"
            if given.look not in ("", look):
                continue
            size: Any = {"width": width, "height": height}
            seen: Any = scheme
            tab = browser.new_context(viewport=size, color_scheme=seen, locale="zh-CN").new_page()
            tab.goto(given.url)
            tab.wait_for_selector("body.ready")
            if tongue == "en":
                tab.click("[data-act=tongue]")

            def shot(name: str, tab: Any = tab, look: str = look) -> None:
                if not given.only or name in given.only.split(","):
                    tab.wait_for_timeout(900)  # scrolling is smooth, and a toast goes
                    tab.screenshot(path=str(given.folder / f"{name}-{look}.png"))

            for room in ROOMS:
                room(tab, shot)
            tab.context.close()
        browser.close()


if __name__ == "__main__":
    main()
