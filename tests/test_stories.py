"""Stories: where one begins, under marks or without them, and that nothing of a page falls between two."""

import pytest
from conftest import LANTING, QINGHE
from hypothesis import given
from hypothesis import strategies as st

from ingest import pages, stories

LINES = st.lists(
    st.one_of(
        st.sampled_from(
            ["", "   ", "# 青禾纺织", "## 车间 ##", "####### 七个", "#没有空格", "#", "---", "paper: 某报"]
        ),
        st.sampled_from(["产值52.36亿元。", "记者 林小满", "茶农说，", "“好。”", "布匹出口", "# # #", "\t# 缩进", "…"]),
        st.text(max_size=40),
    ),
    max_size=12,
)
ENDS = st.sampled_from(["\n", "\r\n", "\r", "\n\n"])


def headlines(text: str, file: str = "a.md") -> list[str]:
    return [story.source.headline for story in stories.stories(pages.page(file, text))]


def test_marked_headings_begin_stories() -> None:
    """Each ``#`` line is a story's headline, with paper, date and byline beside it."""
    page = pages.page("qinghe.md", QINGHE)
    found = stories.stories(page)
    assert [story.source.headline for story in found] == [
        "青禾开发区：纺织车间换了新装",
        "白鹭水库：蓄水足，灌溉忙",
        "青禾中学：新食堂启用",
    ]
    assert [story.source.byline for story in found] == ["青禾日报 记者 林小满", "青禾日报 记者 何苇", ""]
    assert {(story.source.paper, story.source.date) for story in found} == {("青禾日报", "2025-03-15")}
    assert all("52.36" not in page.text[story.start : story.end] for story in found[1:])


def test_unmarked_headings_begin_stories() -> None:
    """Without marks, a short line after a full stop that ends like no sentence is a headline."""
    assert headlines(LANTING) == ["兰亭镇茶叶抢了鲜", "兰亭镇开发区产值公布"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("# 上\n\n## 一\n甲。\n\n## 二\n乙。\n", ["一", "二"]),
        ("## 一\n甲。\n### 细\n乙。\n## 二\n丙。", ["一", "一｜细", "二"]),
        ("前言。\n# 一\n甲。", ["", "一"]),
        ("---\ntheme: 主题\n---\n前言。\n# 一\n甲。", ["主题", "一"]),
        ("# 空的\n# 一\n甲。", ["一"]),
        ("标题分作\n两行来排\n正文从这里开始，说了很久，终于说完了。", ["标题分作 两行来排"]),
        ("正文一句话。\n记者 林小满\n又一句话。", [""]),
        ("## 一 ##\r\n甲。\r\n", ["一"]),
    ],
)
def test_headlines(text: str, found: list[str]) -> None:
    """A heading carries those above it, apart from the page's title; text before the first belongs to the theme."""
    assert headlines(text) == found


@given(LINES, ENDS)
def test_no_character_of_a_page_is_lost(lines: list[str], end: str) -> None:
    """Each non-blank character of the body stands in one story's body or in one heading, never in both or neither."""
    page = pages.page("a.md", end.join(lines))
    bodies = [(story.start, story.end) for story in stories.stories(page)]
    headings = [(start, body) for start, body, _ in stories._marked(page) or stories._unmarked(page)]
    times = [0] * len(page.text)
    for start, stop in (*bodies, *headings):
        assert page.body_start <= start <= stop <= len(page.text)
        for at in range(start, stop):
            times[at] += 1
    assert {times[at] for at in range(page.body_start, len(page.text)) if not page.text[at].isspace()} <= {1}
    assert bodies == sorted(bodies)


@given(LINES, ENDS)
def test_a_headline_says_what_its_heading_says(lines: list[str], end: str) -> None:
    """A headline has the letters of its heading on the page, so that what it prints can be found and quoted."""
    page = pages.page("a.md", end.join(lines))
    for start, body, headline in stories._marked(page) or stories._unmarked(page):
        own = headline.rpartition("｜")[2]
        assert "".join(own.split()) in "".join(page.text[start:body].split())
        assert own.strip()


@pytest.mark.xfail(strict=True, reason="a heading without a body begins no story and is no headline: it is lost")
@pytest.mark.parametrize("text", ["# 青禾产值突破52亿元\n# 一\n甲。", "# 青禾产值突破52亿元\n\n## 一\n甲。"])
def test_a_headline_without_a_story_is_found(text: str) -> None:
    """A headline that stands alone, a page's title or a box with only a figure, is in the index too."""
    page = pages.page("a.md", text)
    assert any(
        "52亿元" in story.source.headline + page.text[story.start : story.end] for story in stories.stories(page)
    )
