"""Reading order by geometry: whatever the layout, a story is read whole, column after column, and no box is lost."""

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.readers.boxes import Box
from ingest.readers.columns import reading_order
from ingest.readers.paragraphs import PageText

EM, PITCH, GUTTER, WIDE = 10.0, 15.0, 10.0, 120.0


def column(name: str, x: float, y: float, lines: int, wide: float = WIDE, last: str = "，") -> list[Box]:
    """Lines of body text, named so that their order can be told: a0，a1， … the last ended by ``last``."""
    marks = ["，"] * (lines - 1) + [last]
    return [Box(x, y + at * PITCH, x + wide, y + at * PITCH + EM, f"{name}{at}{mark}") for at, mark in enumerate(marks)]


def head(name: str, x: float, y: float, wide: float, em: float = 22.0) -> list[Box]:
    return [Box(x, y, x + wide, y + em, name)]


def x_of(number: int) -> float:
    return number * (WIDE + GUTTER)


def order(boxes: list[Box]) -> list[str]:
    """The names in reading order, each once: a, b, …; the boxes are shuffled first."""
    shuffled = list(boxes)
    random.Random(7).shuffle(shuffled)
    found = [line.text for lines in reading_order(shuffled) for line in lines]
    assert Counter(found) == Counter(box.text for box in boxes)
    names = [text.rstrip("，。0123456789") for text in found]
    return [name for at, name in enumerate(names) if not at or names[at - 1] != name]


@pytest.mark.parametrize("count", range(1, 7))
def test_columns_are_read_from_left_to_right(count: int) -> None:
    names = "abcdef"[:count]
    page = [box for at, name in enumerate(names) for box in column(name, x_of(at), 0, 20)]
    assert order(page) == list(names)


@pytest.mark.parametrize("count", range(2, 7))
def test_a_headline_over_all_columns_comes_first(count: int) -> None:
    names = "abcdef"[:count]
    page = head("题", 40, 0, x_of(count) - 90) + [
        box for at, name in enumerate(names) for box in column(name, x_of(at), 40, 20)
    ]
    assert order(page) == ["题", *names]


def test_a_short_headline_centred_over_many_columns_comes_first() -> None:
    """The gutters at its sides run up past it."""
    page = head("题", 200, 0, 110) + [box for at in range(4) for box in column("abcd"[at], x_of(at), 40, 20)]
    assert order(page) == ["题", "a", "b", "c", "d"]


def test_stories_side_by_side_are_not_mixed() -> None:
    """Both headlines reach over two columns, at one height."""
    page = head("甲", 10, 0, 220) + column("a", x_of(0), 40, 15) + column("b", x_of(1), 40, 14)
    page += head("乙", x_of(2) + 10, 0, 220) + column("c", x_of(2), 40, 15) + column("d", x_of(3), 40, 15)
    assert order(page) == ["甲", "a", "b", "乙", "c", "d"]


def test_a_story_above_two_others_is_read_whole_first() -> None:
    page = head("甲", 60, 0, 400)
    page += [box for at in range(4) for box in column("abcd"[at], x_of(at), 40, 10)]
    low = 40 + 10 * PITCH + 12
    page += head("乙", 10, low, 230) + column("e", x_of(0), low + 40, 12) + column("f", x_of(1), low + 40, 12)
    page += head("丙", x_of(2), low, 230) + column("g", x_of(2), low + 40, 12) + column("h", x_of(3), low + 40, 12)
    assert order(page) == ["甲", "a", "b", "c", "d", "乙", "e", "f", "丙", "g", "h"]


def test_a_headline_over_two_of_three_columns() -> None:
    """The third column holds another story, whose headline stands lower."""
    page = head("甲", 0, 0, 240) + column("a", x_of(0), 40, 20) + column("b", x_of(1), 40, 20)
    page += column("c", x_of(2), 0, 8, last="。") + head("乙", x_of(2), 8 * PITCH + 12, 110, 16)
    page += column("d", x_of(2), 8 * PITCH + 45, 11)
    assert order(page) == ["甲", "a", "b", "c", "乙", "d"]


def test_columns_run_on_under_a_captioned_picture() -> None:
    """The picture, with its caption, stands in mid-story over both columns; the sentences go on beneath it."""
    page = head("题", 20, 0, 200)
    page += column("a", x_of(0), 40, 8) + column("b", x_of(1), 40, 8)
    page += [Box(30, 300, 220, 309, "工人检修织机。林小满 摄")]
    page += [Box(x_of(0), 330, 120, 340, "a8，"), *column("a", x_of(0), 345, 8, last="，")[1:]]
    page += column("b", x_of(1), 330, 8, last="。")
    found = [line.text for lines in reading_order(page) for line in lines]
    assert found.index("a8，") < found.index("b0，")
    assert found[-1].endswith("摄")


def test_a_boxed_story_within_a_story_stays_whole() -> None:
    """Its columns are off the page's grid and it has its own headline."""
    page = column("a", x_of(0), 0, 30) + column("d", x_of(3), 0, 30)
    page += column("b", x_of(1), 0, 8) + column("c", x_of(2), 0, 8, last="。")
    page += head("盒", x_of(1) + 20, 150, 200, 18)
    page += column("x", x_of(1) + 10, 190, 10, 100) + column("y", x_of(1) + 130, 190, 10, 100, last="。")
    found = order(page)
    assert found[0] == "a"
    assert found[-1] == "d"
    at = found.index("盒")
    assert found[at : at + 3] == ["盒", "x", "y"]


def test_columns_of_mixed_width() -> None:
    page = head("甲", 0, 0, 300) + column("a", 0, 40, 10, 185) + column("b", 195, 40, 10, 185, last="。")
    low = 40 + 10 * PITCH + 12
    page += head("乙", 0, low, 300)
    page += [box for at in range(3) for box in column("cde"[at], x_of(at), low + 40, 10)]
    assert order(page) == ["甲", "a", "b", "乙", "c", "d", "e"]


def test_columns_of_uneven_length() -> None:
    page = head("题", 0, 0, 350)
    page += column("a", x_of(0), 40, 20) + column("b", x_of(1), 40, 13) + column("c", x_of(2), 40, 7, last="。")
    assert order(page) == ["题", "a", "b", "c"]


def test_parts_like_a_pinwheel_are_each_read_whole() -> None:
    """No straight cut parts them."""
    page = column("a", 0, 0, 4, 250) + column("b", 260, 0, 12, 120)
    page += column("d", 0, 75, 12, 120) + column("c", 130, 195, 4, 250) + column("e", 140, 75, 6, 100)
    assert order(page) == ["a", "d", "e", "b", "c"]


def test_vertical_lines_are_read_from_right_to_left() -> None:
    page = [Box(x, 0, x + EM, 200, text, vertical=True) for x, text in ((0, "丙"), (15, "乙"), (30, "甲"))]
    assert order(page) == ["甲", "乙", "丙"]


def test_a_table_is_read_by_rows() -> None:
    """By columns, each figure would stand beside another park's name."""
    cells = [("青禾园区", "52.36亿元", "7.8%"), ("白鹭园区", "31.07亿元", "1.4%"), ("兰亭园区", "8.9亿元", "—")]
    page = [
        Box(200.0 * at, 20.0 * row, 200.0 * at + 60, 20.0 * row + EM, text)
        for row, texts in enumerate(cells)
        for at, text in enumerate(texts)
    ]
    (table,) = reading_order(page)
    assert [row.text for row in table] == [" | ".join(texts) for texts in cells]


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        (("记者", 12.0, "林小满"), "记者 林小满"),
        (("产值52.", 4.0, "36亿元"), "产值52.36亿元"),
        (("产值52", 4.0, ".36亿元"), "产值52.36亿元"),
        (("他说，", 6.0, "“好"), "他说，“好"),
    ],
)
def test_pieces_of_a_line(pieces: tuple[str, float, str], text: str) -> None:
    left, gap, right = pieces
    end = len(left) * EM
    page = [Box(0, 0, end, EM, left), Box(end + gap, 0, end + gap + len(right) * EM, EM, right)]
    assert [line.text for lines in reading_order(page) for line in lines] == [text]


place = st.floats(0, 500, allow_nan=False)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(place, place, st.floats(5, 200), st.floats(4, 40)), max_size=25), st.floats(0.1, 20))
def test_no_box_is_lost_and_no_unit_matters(places: list[tuple[float, float, float, float]], scale: float) -> None:
    page = [Box(x, y, x + wide, y + high, f"字{at}号") for at, (x, y, wide, high) in enumerate(places)]
    found = "".join(line.text for lines in reading_order(page) for line in lines)
    for box in page:
        assert found.count(box.text) == 1
    larger = [Box(b.x0 * scale, b.y0 * scale, b.x1 * scale, b.y1 * scale, b.text) for b in page]
    assert len("".join(line.text for lines in reading_order(larger) for line in lines)) == len(found)


def text_of(boxes: list[Box]) -> str:
    page = PageText()
    page.add(1, reading_order(boxes))
    return page.text


def lines(*rows: tuple[float, str], y: float = 0.0) -> list[Box]:
    """Lines of a column 200 wide: (left, text), each letter one em."""
    return [Box(x, y + at * PITCH, x + len(text) * EM, y + at * PITCH + EM, text) for at, (x, text) in enumerate(rows)]


def test_lines_of_a_paragraph_are_joined_without_spaces_and_indents_begin_one() -> None:
    text = text_of(
        lines(
            (20, "青禾开发区去年的工业总产值突破五十二亿"),
            (0, "元，其中布匹出口约三亿元，占全市的六成还多一"),
            (0, "些。"),
            (20, "园区现有纺织企业四十一家，其中规模以上"),
            (0, "的十八家。"),
        )
    )
    assert text == (
        "青禾开发区去年的工业总产值突破五十二亿元，其中布匹出口约三亿元，占全市的六成还多一些。\n\n"
        "园区现有纺织企业四十一家，其中规模以上的十八家。\n"
    )


def test_a_number_cut_by_a_line_end_is_one_again() -> None:
    page = [
        Box(0, 0, 200, EM, "去年青禾开发区规上工业总产值突破52."),
        Box(0, PITCH, 200, PITCH + EM, "36亿元，同比增长百分之七还多一点点。"),
    ]
    assert "突破52.36亿元" in text_of(page)


def test_a_sentence_goes_on_in_the_next_column() -> None:
    page = column("甲", 0, 0, 5) + column("乙", x_of(1), 0, 5, last="。")
    assert text_of(page).count("\n") == 1


def test_headlines_are_marked_and_a_large_figure_is_not() -> None:
    """A subheading under its headline is one level lower, so the story keeps its headline."""
    page = head("青禾开发区换新装", 0, 0, 200, 24)
    page += (
        column("甲", 0, 60, 6, last="。") + head("纺织车间忙生产", 0, 165, 100, 14) + column("乙", 0, 195, 6, last="。")
    )
    page += head("52.36亿元", 0, 310, 110, 24)
    text = text_of(page)
    assert "## 青禾开发区换新装\n" in text
    assert "### 纺织车间忙生产\n" in text
    assert "\n52.36亿元" in text


def test_a_headline_in_two_lines_is_one() -> None:
    page = head("青禾开发区的纺织车间", 0, 0, 220) + head("今年换了新装", 40, 28, 140) + column("甲", 0, 70, 8)
    assert text_of(page + column("乙", x_of(1), 70, 8)).startswith("## 青禾开发区的纺织车间 今年换了新装\n\n甲0")


def test_the_spans_of_ocr_lines_hold_their_text() -> None:
    page = PageText()
    read = [Box(0, at * PITCH, 200, at * PITCH + EM, f"第{at}行的字写在这里没有别的话了", 0.9) for at in range(5)]
    page.add(1, reading_order(read))
    page.add(2, reading_order(read))
    assert [page.text[start:end] for start, end, _ in page.confidence] == [box.text for box in read] * 2
    assert [page.text[offset:].startswith("第0行") for offset, _ in page.pages] == [True, True]
