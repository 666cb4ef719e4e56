"""Pages: front matter, and the date with how it is known."""

from datetime import date

import pytest
from conftest import PAGES, QINGHE

from ingest import dates, pages

TODAY = date(2026, 1, 2)


def test_front_matter_is_read_and_left_out_of_the_body() -> None:
    """Paper, date, its basis and theme come from the front matter; the text keeps every character."""
    page = pages.page("qinghe.md", QINGHE)
    assert (page.paper, page.date, page.date_basis, page.theme) == ("青禾日报", "2025-03-15", "报头", "青禾经济简讯")
    assert page.text == QINGHE
    assert page.text[page.body_start :].lstrip().startswith("# 青禾开发区")


@pytest.mark.parametrize(
    "text",
    [
        "产值52亿元。",
        "---\n没有结尾\n正文",
        "--- 正文\n---\n",
        "正文\n---\npaper: 某报\n---\n",
        "----\npaper: 某报\n----\n",
    ],
)
def test_without_front_matter_all_is_body(text: str) -> None:
    """Dashes that do not open the page, or are never closed, are text."""
    page = pages.page("a.md", text)
    assert (page.body_start, page.paper) == (0, "")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_front_matter_in_either_line_end(end: str) -> None:
    """CRLF pages have front matter too."""
    page = pages.page("a.md", QINGHE.replace("\n", end))
    assert (page.paper, page.date) == ("青禾日报", "2025-03-15")
    assert "paper" not in page.text[page.body_start :]


@pytest.mark.parametrize(
    ("file", "text", "found", "known_by"),
    [
        ("a.md", "---\ndate: 2025\n---\n2024年3月", "2025", "front matter"),
        ("a.md", "---\ndate: 2025-09\n---\n", "2025-09", "front matter"),
        ("2023-01-01.md", "---\ndate: 2025-09-06\n---\n", "2025-09-06", "front matter"),
        ("2025-04-02.md", "去年3月", "2025-04-02", "file name"),
        ("paper/20250402_03.txt", "2019年", "2025-04-02", "file name"),
        ("兰亭2025.04.02.txt", "", "2025-04-02", "file name"),
        ("123202504025.txt", "没有日期", "", ""),
        ("a.md", "---\ndate: 九月\n---\n2025年9月发布", "2025-09", "printed"),
        ("a.md", "2024年总产值，2025年春季", "2025", "latest year printed"),
        ("a.md", "2025年秋，9月3日开工，9月5日完工，8月2日动员", "2025-09", "printed"),
        ("a.md", "2025年3月发布，力争到2030年翻番", "2025-03", "printed"),
        ("a.md", "2019年动工，到2099年收回", "2019", "latest year printed"),
        ("a.md", "没有任何日期", "", ""),
    ],
)
def test_the_date_and_how_it_is_known(file: str, text: str, found: str, known_by: str) -> None:
    """Front matter over file name over what is printed; goals and years to come are no dates of the page."""
    page = pages.page(file, text, today=TODAY)
    assert page.date == found
    assert known_by in page.date_basis
    assert bool(page.date_basis) == bool(page.date)


@pytest.mark.parametrize("given", ["2025-13", "2025-02-30", "2025-00-01"])
def test_a_day_that_does_not_exist_is_no_date(given: str) -> None:
    """A mistyped date in front matter is not taken over: periods are reckoned from it."""
    assert pages.page("a.md", f"---\ndate: {given}\n---\n正文", today=TODAY).date != given


def test_identity_is_of_name_and_text() -> None:
    """Another name or another character is another page; the same is the same, day by day."""
    page = pages.page("a.md", QINGHE, today=TODAY)
    assert page.id == pages.page("a.md", QINGHE, today=date(2030, 5, 5)).id
    others = {pages.page("b.md", QINGHE).id, pages.page("a.md", QINGHE + " ").id}
    assert len({page.id, *others}) == 3


def test_the_corpus_has_a_date_each() -> None:
    """The invented pages are dated by front matter and by file name."""
    assert {pages.page(name, text).date for name, text in PAGES.items()} == {"2025-03-15", "2025-04-02"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2023-08-11 09:18，正文：原标题：茶园添新路8月9日，兰亭镇的新路通车。", "2023-08-11"),
        ("青禾网 2024/3/5 8:30\n兰亭镇的新路通车，2025年再修一条。", "2024-03-05"),
        ("兰亭镇的新路通车。\n发布时间：2024年03月05日", "2024-03-05"),
        ("兰亭镇的新路2023年通车，全长36公里。", "2023"),
        ("2023-18-41 09:18 兰亭镇的新路2022年通车。", "2022"),
        ("比分2023-12-11，9月3日，兰亭队2022年夺冠。", "2022-09"),
    ],
)
def test_a_web_page_tells_when_it_came_out(text: str, found: str) -> None:
    """A date with a time of day, or named as that of publishing, at the head or foot; other numbers are none."""
    assert dates.find("page.txt", text, TODAY)[0] == found
