"""A text printed twice is one hit that tells both places; a text that differs in a figure is another."""

from assistant import reprints
from assistant.records import Hit, Passage, Source, Span

TEXT = "远山经开区今年前三季度完成规上工业总产值98.6亿元，同比增长12.4%，新引进企业31家，道路和污水处理厂同时完工。"


def hits(*texts: str) -> list[Hit]:
    return [
        Hit(Passage(f"p{at}", "s", Source(f"{at}.md"), text, (Span(0, 0, len(text)),)), 1 - at / 10)
        for at, text in enumerate(texts)
    ]


def files(found: list[Hit]) -> list[list[str]]:
    return [[one.source.file for one in (hit.passage, *hit.repeats)] for hit in found]


def test_a_text_printed_twice_is_one_hit_that_tells_both_places() -> None:
    found = reprints.folded(hits(TEXT, "别的报道，说的是另一件事。", f"（记者 张三）{TEXT}"), 5)
    assert files(found) == [["0.md", "2.md"], ["1.md"]]


def test_a_text_that_differs_in_one_figure_is_another() -> None:
    """It may be the one that contradicts, so it must stand beside the first."""
    found = reprints.folded(hits(TEXT, TEXT.replace("98.6", "96.8"), TEXT.replace("31家", "13家")), 5)
    assert files(found) == [["0.md"], ["1.md"], ["2.md"]]


def test_repeats_take_no_place_among_the_first_k() -> None:
    others = [f"第{word}件事，与前面说的都不相同：{word * 9}" for word in "甲乙丙"]
    found = reprints.folded(hits(TEXT, TEXT, TEXT, *others), 3)
    assert files(found) == [["0.md", "1.md", "2.md"], ["3.md"], ["4.md"]]


def test_nothing_and_texts_without_letters() -> None:
    assert reprints.folded([], 3) == []
    assert files(reprints.folded(hits("", "。", ""), 3)) == [["0.md", "1.md", "2.md"]]
