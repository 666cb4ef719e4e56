"""Whose the text is at each place: names at the head of a clause, pronouns, speakers. Every name was made up."""

import pytest

from assistant import aliases, subjects

COMPANY = "贵州远岭铝业有限公司"


def of(text: str, word: str, headline: str = "", page: str = "") -> str:
    known = aliases.learn([headline, text, page])
    topic = subjects.at(subjects.topics(text, headline, known), text.index(word))
    return topic.name if topic else ""


@pytest.mark.parametrize(
    ("text", "word", "subject"),
    [
        ("全省茶园稳步扩大。", "扩大", "贵州"),
        ("我省开发区不断进阶，开发区企业增多。", "增多", "贵州开发区"),
        ("我省开发区不断进阶。统计显示，清镇经开区、修文经开区等30家开发区成立了公司。", "成立", "贵州开发区"),
        ("记者从修文县供电局获悉，今年该局售电3亿千瓦时。", "售电", "修文县供电局"),
        ("贵州省修文县扎佐镇应急管理局开展检查。目前，该县已检查企业。", "检查企业", "贵州省修文县"),
        (f"新工艺使{COMPANY}的成本降低。", "降低", COMPANY),
        (f"龙头企业{COMPANY}落户开阳县。", "落户", COMPANY),
        (f"记者走进{COMPANY}。该公司产值翻番。", "翻番", COMPANY),
        ("贵阳贵安算力规模居前。", "居前", "贵阳贵安"),
        ("贵州镇远的桃子熟了。", "熟了", "镇远"),
        ("山上的桐木坡秸秆发电项目投产了。项目每年可发电。", "发电。", "桐木坡秸秆发电项目"),
        ("清镇市摩天岭磷矿投产。", "投产", "清镇市摩天岭磷矿"),
        ("广东湛江港吞吐量大增。", "大增", "广东湛江港"),
    ],
)
def test_whose(text: str, word: str, subject: str) -> None:
    """The page is about Guizhou: other texts of it name the province."""
    assert of(text, word, page="贵州各地的消息。贵州省内。") == subject


def test_who_tells_the_story_is_we() -> None:
    """我们 in a story that a firm's head tells is that firm, whatever was named since."""
    text = "集团投入很大。贵州双峰电缆有限公司也来了。我们推出了新产品。"
    assert of(text, "推出", headline=f"{COMPANY}董事长顾行舟：让铝更轻") == COMPANY


def test_what_was_told_before_this_is_its_firms() -> None:
    text = "两台崭新的无人机交付客商。这是贵州远岭通航有限公司卖出的首批产品。"
    assert of(text, "交付") == "贵州远岭通航有限公司"


def test_a_shop_named_after_a_man_is_what_he_speaks_of() -> None:
    text = "在周明汽车展厅里，新车摆放整齐。车商周明说，生意不错。周明说，月月有客。周明每月卖车40台。"
    assert of(text, "卖车") == "周明汽车展厅"


def test_a_page_about_one_place_is_that_places() -> None:
    """A box without a name on a page about one town is the town's, by guess."""
    known = aliases.learn(["修文县的茶。修文县的果。修文县的路。"])
    (topic,) = subjects.topics("工业投资增长12%", "2024年成绩单", known)
    assert (topic.name, topic.sure) == ("修文", False)


def test_what_is_made_in_a_place_is_not_the_place() -> None:
    text = "修文县的路通了。“贵州造”大巴驶向海外。"
    assert of(text, "驶向") == "修文县"
