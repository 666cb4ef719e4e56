"""Passages: their text is the page's own, in whole sentences, within the size."""

import pytest
from conftest import LANTING, PAGES
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import figures, sentences, tokens
from assistant.records import Page, Passage
from ingest import pages, passages, stories

PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            ["# 青禾纺织", "产值52.36亿元。", "同比增长7.8%，", "茶农说", "“好。”", "\n", "\n\n", "\r\n", "  "]
        ),
        st.sampled_from(
            ["去年出口额约3.2亿元，占六成以上！", "（完）", "\u3000\u3000", "\t", "…", "1.", "2", "；", "——"]
        ),
        st.text(max_size=30),
    ),
    max_size=16,
)


def cut(page: Page, size: int) -> list[Passage]:
    return [passage for story in stories.stories(page) for passage in passages.passages(page, story, size)]


def of(text: str, size: int = 300) -> list[Passage]:
    return cut(pages.page("a.md", text), size)


@settings(deadline=None)
@given(PIECES, st.integers(1, 80))
def test_a_passages_text_is_what_its_spans_say_of_the_page(pieces: list[str], size: int) -> None:
    """Every character comes from the page by a span, but for line feeds put between paragraphs."""
    page = pages.page("a.md", "".join(pieces))
    for passage in cut(page, size):
        letters = ["\n"] * len(passage.text)
        last = 0
        for span in passage.spans:
            assert last <= span.start < span.end
            last = span.end
            assert span.at >= 0
            assert span.at + span.end - span.start <= len(passage.text)
            letters[span.at : span.at + span.end - span.start] = page.text[span.start : span.end]
        assert "".join(letters) == passage.text
        assert passage.start == passage.spans[0].start


@settings(deadline=None)
@given(PIECES, st.integers(1, 80))
def test_no_character_of_a_story_is_lost(pieces: list[str], size: int) -> None:
    """Joined paragraphs have all of the body, and every sentence of them stands whole in a passage."""
    page = pages.page("a.md", "".join(pieces))
    for story in stories.stories(page):
        whole, _ = passages._joined(page, story)
        assert "".join(whole.split()) == "".join(page.text[story.start : story.end].split())
        found = passages.passages(page, story, size)
        assert all(any(whole[start:end] in one.text for one in found) for start, end in sentences.split(whole))


@settings(deadline=None)
@given(PIECES, st.integers(1, 80))
def test_passages_keep_to_the_size(pieces: list[str], size: int) -> None:
    """A passage of several sentences has at most ``size`` tokens, and none is blank or repeated."""
    found = of("".join(pieces), size)
    assert len({passage.id for passage in found}) == len(found)
    for passage in found:
        assert passage.text.strip()
        spans = sentences.split(passage.text)
        assert len(spans) <= 1 or sum(tokens.count(passage.text[start:end]) for start, end in spans) <= size


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("size", [1, 20, 60, 1000])
def test_no_sentence_is_cut(name: str, size: int) -> None:
    """At any size each sentence of a story stands whole in one passage, with its figures."""
    page = pages.page(name, PAGES[name])
    for story in stories.stories(page):
        found = passages.passages(page, story, size)
        whole, _ = passages._joined(page, story)
        for start, end in sentences.split(whole):
            assert any(whole[start:end] in passage.text for passage in found)
    for passage in cut(page, size):
        assert passage.figures == figures.find(passage.text)
        assert all(passage.text[figure.start : figure.end] == figure.text for figure in passage.figures)


def test_only_an_overlong_sentence_is_cut() -> None:
    """A run without full stops, such as a table, is cut at a length; the parts spell the whole."""
    run = "".join(f"产值{number}、" for number in range(600))
    found = of(f"短句。{run}末句。", 100)
    assert found[0].text == "短句。"
    assert "".join(passage.text for passage in found) == f"短句。{run}末句。"
    assert len(found) > 2


def test_a_sentence_cut_by_layout_is_joined() -> None:
    """A paragraph that ends in mid-sentence goes on in the next: one sentence, two spans."""
    page = pages.page("lanting-2025-04-02.txt", LANTING)
    joined = next(passage for passage in cut(page, 300) if "1280元" in passage.text)
    assert "1280元，茶农们笑得合不拢嘴。" in joined.text
    assert any(page.text[span.start : span.end].endswith("1280元，") for span in joined.spans)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\n\n"])
def test_a_figure_cut_by_layout_is_read_whole(end: str) -> None:
    """A figure that a line's end cuts from its unit is one figure."""
    (passage,) = of(f"走进青禾开发区，织机声此起彼伏，厂长说去年一年里全区纺织业完成的产值是52.36{end}亿元。")
    assert [figure.text for figure in passage.figures] == ["52.36亿元"]


def test_whole_paragraphs_stay_apart() -> None:
    """A paragraph that ends like a sentence is not run into the next."""
    (passage,) = of("青禾开发区产值52.36亿元。\n兰亭开发区产值31.07亿元。")
    assert passage.text == "青禾开发区产值52.36亿元。\n兰亭开发区产值31.07亿元。"


def test_identity_is_of_words_not_of_place() -> None:
    """A passage that moves in its file keeps its id, so it is not embedded again; other words have another."""
    first = of("# 一\n产值52亿元。\n")[0]
    moved = of("# 新\n新闻。\n# 一\n产值52亿元。\n")[1]
    other = of("# 一\n产值53亿元。\n")[0]
    assert first.id == moved.id
    assert first.start != moved.start
    assert first.id != other.id


def test_context_tells_what_the_passage_does_not() -> None:
    """What is embedded has the headline and the date, which the sentences leave out."""
    passage = cut(pages.page("qinghe.md", PAGES["qinghe.md"]), 300)[0]
    told = passages.context(passage)
    assert passage.source.headline in told
    assert "2025-03-15" in told
    assert told.endswith(passage.text)
