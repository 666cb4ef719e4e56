"""The report of pages as they were read: both languages in one file without a script, hostile pages as words."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
import visiting
from conftest import PAGES

from ingest.check import reading, sheet

HOSTILE = (
    "# <script>alert(1)</script>青禾开发区\n\n2024年，青禾开发区<img src=x onerror=alert(1)>产值突破52.36亿元，\n\n"
    "同比增长7.8%。\n"
)


def written(folder: Path, *, english: bool = False) -> str:
    for name, text in {**PAGES, "b&<i>x\"'.md": HOSTILE}.items():
        (folder / name).write_text(text, "utf-8")
    return sheet.sheet(reading.check([folder], ""), "2026-11-26 08:00", english=english)


class Tongues(HTMLParser):
    """The words that are said in each language, and all elements."""

    def __init__(self) -> None:
        super().__init__()
        self.inside: list[str] = []
        self.said: dict[str, list[str]] = {"zh": [], "en": []}
        self.elements: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        if tag == "span":
            look = dict(attrs).get("class") or ""
            self.inside.append(look)
            if look in self.said:
                self.said[look].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "span":
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if self.inside and self.inside[-1] in self.said:
            self.said[self.inside[-1]][-1] += data


def test_all_that_is_ours_is_said_twice(tmp_path: Path) -> None:
    """Each Chinese word of ours has its English beside it, which holds Chinese only where a page is quoted."""
    read = Tongues()
    read.feed(written(tmp_path))
    assert len(read.said["zh"]) == len(read.said["en"]) > 60
    for words in ("Its stories as understood", "The page as read", "Printed in", "whole", "Close", "doubtful"):
        assert any(one.startswith(words) for one in read.said["en"]), words
    kept = [
        one for one in read.said["en"] if re.search("[一-鿿]", one) and not re.search("[“(]|than|exactly|about", one)
    ]
    assert set(kept) <= {"中文"}  # the switch


def test_a_hostile_page_is_words_in_it(tmp_path: Path) -> None:
    """No element of a page or of a file's name is made, and no script at all."""
    read = Tongues()
    made = written(tmp_path)
    read.feed(made)
    assert not read.elements & {"script", "img", "i"}
    assert "&lt;script&gt;" in made
    assert "default-src &#x27;none&#x27;" in made


@pytest.mark.slow
@pytest.mark.skipif(not Path(visiting.CHROMIUM).exists(), reason=visiting.MISSING)
@pytest.mark.parametrize("english", [False, True])
def test_the_switch_needs_no_script(tmp_path: Path, english: bool) -> None:
    """Without scripts a click and a key change the language; links in the page leave it; axe-core is content."""
    pages = tmp_path / "pages"
    pages.mkdir()
    path = tmp_path / "sheet.html"
    path.write_text(written(pages, english=english), "utf-8")
    titles = ("据实 · 读版检查", "Jushi · pages as read")
    with visiting.browser() as browser:
        tab = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844}).new_page()
        tab.goto(path.as_uri())
        assert tab.inner_text("h1") == titles[english]
        tab.click("table a >> nth=0")
        assert tab.inner_text("h1") == titles[english]
        tab.click(".tongue")
        assert tab.inner_text("h1") == titles[not english]
        tab.focus("#english")
        tab.keyboard.press("Space")
        assert tab.inner_text("h1") == titles[english]
        seen = browser.new_context(bypass_csp=True, color_scheme="dark").new_page()
        seen.goto(path.as_uri())
        seen.evaluate(visiting.axe())
        broken = seen.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        assert [(rule["id"], rule["nodes"][0]["html"]) for rule in broken] == []
