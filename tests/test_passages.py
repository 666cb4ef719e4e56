"""Passages: whole sentences of one story, each character traceable, context apart from what is quoted."""

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import tokens
from assistant.records import Page, Passage, Story
from ingest import passages
from ingest.pages import page
from ingest.stories import stories

SENTENCES = (
    "兰亭镇的茶园今年添了新品种。",
    "茶农陈阿水说：“一斤能多卖20元。”\n",
    "全镇茶叶产量达到86吨，比上年多4吨，茶农的收入涨了一成！",
    "白鹭水库蓄水1860万立方米？",
    "下一步，镇里的茶厂还要添两台机器，",
    "工人也要多招一些。\n",
    "（何苇 摄）\n",
)


def cut(text: str, size: int = 300) -> list[tuple[Page, Story, Passage]]:
    one = page("page.md", text, date="2025-04")
    return [(one, story, found) for story in stories(one) for found in passages.passages(one, story, size)]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=30), st.integers(20, 120))
def test_every_span_maps_to_the_file_and_no_passage_is_too_long(parts: list[str], size: int) -> None:
    longest = max(tokens.count(part) for part in parts) + tokens.count("".join(SENTENCES))
    for one, _, found in cut("# 茶\n\n" + "".join(parts), size):
        for span in found.spans:
            assert found.text[span.at : span.at + span.end - span.start] == one.text[span.start : span.end]
        mapped = "".join(one.text[span.start : span.end] for span in found.spans)
        assert "".join(mapped.split()) == "".join(found.text.split())
        assert tokens.count(found.text) <= max(size + 8, longest)


def test_a_joined_paragraph_maps_to_several_spans() -> None:
    text = "# 茶\n\n茶农说，每亩茶园的收入增长\n\n30%，比种粮食强得多。\n"
    ((one, _, found),) = cut(text)
    assert found.text == "茶农说，每亩茶园的收入增长30%，比种粮食强得多。"
    assert [one.text[span.start : span.end] for span in found.spans] == [
        "茶农说，每亩茶园的收入增长",
        "30%，比种粮食强得多。",
    ]
    assert [figure.text for figure in found.figures] == ["30%"]


def test_context_carries_headline_section_and_date_and_the_text_none_of_them() -> None:
    body = "茶农陈阿水说，一斤茶叶能多卖20元。" * 12
    text = f"# 新茶上市\n\n{body}\n\n## 茶厂添了机器\n\n茶厂今年添了两台机器，当天采的茶当天就能加工。\n"
    found = [passage for _, _, passage in cut(text)]
    assert passages.context(found[-1]).startswith("新茶上市｜茶厂添了机器（2025-04）\n")
    assert not any("新茶上市" in passage.text for passage in found)


def test_no_passage_spans_two_stories() -> None:
    found = cut("# 茶\n\n茶叶好。\n\n# 水\n\n水库满了。\n")
    assert [passage.text for _, _, passage in found] == ["茶叶好。", "水库满了。"]
    assert len({story.id for _, story, _ in found}) == 2


def test_captions_and_furniture_are_passages_of_their_kind() -> None:
    text = "茶农种了新茶\n青禾日报记者 林小满\n茶叶好，茶农的日子也好。\n茶农在采茶。 （何苇 摄）\n责任编辑：何苇\n"
    assert [(passage.source.kind, passage.text) for _, _, passage in cut(text)] == [
        ("news", "茶叶好，茶农的日子也好。"),
        ("caption", "茶农在采茶。 （何苇 摄）"),
        ("credits", "责任编辑：何苇"),
    ]


def test_the_last_passage_is_not_a_crumb() -> None:
    body = "茶农陈阿水说，一斤茶叶能多卖20元。" * 20
    sizes = [tokens.count(passage.text) for _, _, passage in cut(f"# 茶\n\n{body}", 300)]
    assert len(sizes) > 1
    assert min(sizes) >= 100
