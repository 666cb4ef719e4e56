"""Stories: each whole, under its own headline, of the right kind, whatever stands between its parts."""

import pytest

from assistant.records import Role, Story, StoryKind
from ingest.pages import page
from ingest.stories import stories

LEAD = "本报讯（记者 何苇）"
TEA = (
    "兰亭镇的茶园今年添了新品种，茶农陈阿水家的茶园里，新茶的嫩芽冒得又快又密。",
    "陈阿水说，新品种的茶叶一斤能多卖20元，茶园的收入比往年多了一成。",
    "镇里的茶厂也添了机器，新茶当天采摘、当天加工，茶农再不用连夜赶路卖茶。",
    "茶农们盘算着，明年把坡上的老茶园也换成新品种。",
)
WATER = (
    "清晨，记者来到白鹭水库，管理员赵大川正在大坝上查看水位标尺。",
    "赵大川守了白鹭水库十二年，水库的水位、闸门的开度，他每天记在本子上。",
    "今年水库的水位比去年高出两米，赵大川说，下游农田的灌溉有了保障。",
    "等到汛期，水库的闸门要随时听调度，赵大川就住在大坝边的小屋里。",
)


def read(*paragraphs: str) -> tuple[Story, ...]:
    return stories(page("page.txt", "\n\n".join(paragraphs)))


def told(*paragraphs: str) -> list[tuple[str, str]]:
    return [(story.kind.value, story.source.headline) for story in read(*paragraphs)]


def test_a_headline_in_two_lines_and_its_byline() -> None:
    (story,) = read("兰亭镇换了新茶树", "茶农的日子有奔头", "青禾日报记者 林小满", *TEA)
    assert story.source.headline == "兰亭镇换了新茶树 茶农的日子有奔头"
    assert story.source.byline == "青禾日报记者 林小满"
    assert story.text == "\n".join(TEA)
    assert story.complete


def test_sub_headed_parts_stay_in_their_story() -> None:
    found = read("兰亭镇换了新茶树", "青禾日报记者 林小满", *TEA[:2], "茶厂：", "机器当天加工新茶", *TEA[2:])
    assert [story.source.headline for story in found] == ["兰亭镇换了新茶树"]
    assert [block.text for block in found[0].blocks if block.role is Role.HEADING][1:] == ["茶厂：", "机器当天加工新茶"]


def test_a_heading_dropped_into_a_sentence_begins_no_story() -> None:
    cut = "茶农们听了技术员的介"
    rest = "绍，把坡上的老茶园换成了新品种。"
    (story,) = read("兰亭镇换了新茶树", "青禾日报记者 林小满", TEA[0], cut, "产业越来越旺", rest, *TEA[1:])
    assert cut + rest in story.text


def test_a_headline_below_its_story() -> None:
    found = told(
        f"{LEAD}{TEA[0]}", *TEA[1:], "兰亭镇茶园添了新品种", "白鹭水库灌溉有保障", f"{LEAD}{WATER[1]}", *WATER[2:]
    )
    assert found == [("brief", "兰亭镇茶园添了新品种"), ("brief", "白鹭水库灌溉有保障")]


def test_a_headline_with_its_byline_below_its_story() -> None:
    found = read("【走基层】", *TEA, "新茶树带来好收成", "青禾日报记者 林小满", "水库蓄满了水", f"{LEAD}{WATER[0]}")
    assert [story.source.headline for story in found] == ["新茶树带来好收成", "水库蓄满了水"]
    assert found[0].source.section == "走基层"


def test_a_story_that_lost_its_headline_is_not_glued_to_the_one_before() -> None:
    first, second = read("兰亭镇换了新茶树", "青禾日报记者 林小满", *TEA, *WATER)
    assert first.text == "\n".join(TEA)
    assert second.text == "\n".join(WATER)
    assert (second.kind, second.source.headline, second.complete) == (StoryKind.HEADLESS, "", False)


def test_a_tail_from_another_page_is_told_by_its_beginning() -> None:
    tail = "满满的水。”白鹭水库的管理员赵大川说，下游的农田喝饱了水。"
    found = read("兰亭镇换了新茶树", "青禾日报记者 林小满", *TEA, tail, *WATER[1:])
    assert [story.kind for story in found] == [StoryKind.NEWS, StoryKind.ORPHAN_TAIL]
    assert not found[1].complete


@pytest.mark.parametrize(
    ("heading", "last", "kind"),
    [
        ("数说兰亭", "青禾日报记者 林小满 整理", StoryKind.DATA_BOX),
        ("2025年成绩单", "（青禾日报记者 林小满 整理）", StoryKind.DATA_BOX),
        ("短评", "茶好，水也好，日子才好。", StoryKind.COMMENTARY),
        ("书记的话", "——三月三日，镇党委书记在茶园调研时强调", StoryKind.QUOTE_BOX),
    ],
)
def test_boxes_between_stories(heading: str, last: str, kind: StoryKind) -> None:
    found = read("兰亭镇换了新茶树", "青禾日报记者 林小满", *TEA, heading, "全镇茶叶产量达到86吨，比上年多4吨。", last)
    assert [story.kind for story in found] == [StoryKind.NEWS, kind]
    assert found[1].source.headline == heading


def test_briefs_share_the_heading_over_the_first() -> None:
    first, second = read("青禾县", "兰亭镇换了新茶树", f"{LEAD}{TEA[0]}", "白鹭水库蓄满了水", f"{LEAD}{WATER[1]}")
    assert first.source.headline == "青禾县 兰亭镇换了新茶树"
    assert (second.source.headline, second.source.section) == ("白鹭水库蓄满了水", "青禾县")
    assert (second.kind, second.source.byline) == (StoryKind.BRIEF, "记者 何苇")


def test_a_caption_goes_to_the_story_it_tells_of() -> None:
    caption = "白鹭水库的管理员赵大川在大坝上查看水位。 青禾日报记者 苏晚晴 摄"
    tea, water = read(
        "兰亭镇换了新茶树",
        "青禾日报记者 林小满",
        TEA[0],
        caption,
        *TEA[1:],
        "水库蓄满了水",
        "青禾日报记者 何苇",
        *WATER,
    )
    assert not tea.captions
    assert [block.text for block in water.captions] == [caption]


def test_an_introduction_to_a_package_and_its_picture_story() -> None:
    found = told(
        "青禾县的春天",
        "近年来，青禾县一手种茶，一手修水库，日子越过越好。",
        "兰亭镇换了新茶树",
        "青禾日报记者 林小满",
        *TEA,
        "水库放水忙",
        "青禾日报记者 何苇 摄影报道",
        *WATER,
    )
    assert found == [("package-intro", "青禾县的春天"), ("news", "兰亭镇换了新茶树"), ("photo-news", "水库放水忙")]


def test_editors_and_adverts_are_stories_of_their_own() -> None:
    found = told(
        "兰亭镇换了新茶树", "青禾日报记者 林小满", *TEA, "责任编辑：何苇", "公益广告", "爱护每一滴水", "留住每一片绿"
    )
    assert found == [("news", "兰亭镇换了新茶树"), ("credits", ""), ("advert", "公益广告：爱护每一滴水 留住每一片绿")]


def test_marked_headings_a_page_title_stories_and_parts() -> None:
    text = f"# 青禾日报选\n\n## 茶\n\n{TEA[0]}\n\n### 茶厂\n\n{TEA[2]}\n\n## 水\n\n{WATER[0]}\n"
    found = stories(page("page.md", text))
    assert [(story.source.headline, story.text) for story in found] == [("茶", f"{TEA[0]}\n{TEA[2]}"), ("水", WATER[0])]


def test_a_marked_column_over_an_unmarked_headline() -> None:
    (story,) = read("## 实干者说", "茶厂厂长陈阿水：让每片茶叶都卖上好价钱", *TEA, "（青禾日报记者 林小满 整理）")
    assert story.source.headline == "茶厂厂长陈阿水：让每片茶叶都卖上好价钱"
    assert (story.source.section, story.source.byline) == ("实干者说", "青禾日报记者 林小满 整理")
