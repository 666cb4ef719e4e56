"""Pages: cut paragraphs whole again, repeats and captions set apart, no character lost, the date with its basis."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assistant.errors import SourceError
from assistant.records import Page, Role
from ingest import dates, lines
from ingest.pages import page
from ingest.stories import stories

TODAY = date(2026, 11, 1)


def made(*paragraphs: str) -> Page:
    return page("page.txt", "\n\n".join(paragraphs), today=TODAY)


def texts(one: Page, role: Role) -> list[str]:
    return [block.text for block in one.blocks if block.role is role and block.text]


def uses(one: Page) -> Counter[int]:
    """How often each offset is in a block, marks included."""
    found: Counter[int] = Counter()
    for block in one.blocks:
        for span in block.spans:
            found.update(range(span.start, span.end))
        if block.mark:
            found.update(range(*block.mark))
    return found


PIECES = (
    "# 青禾日报",
    "## 兰亭镇茶叶抢了鲜",
    "白鹭水库蓄水足",
    "青禾日报记者 林小满",
    "本报讯（记者 何苇）近日，兰亭镇的茶叶卖到了海外，茶农乐开了怀。",
    "“今年的茶好，价钱也好。”茶农陈阿水说，他家的茶园有12.5亩，一年能",
    "收入8万元。",
    "型”转变。镇里还办起了合作社，社员越来越多，收入也越来越高。",
    "从“单打独斗型”向“抱团发展",
    "- ①茶农在采茶。",
    "青禾日报记者 苏晚晴 摄",
    "茶厂的车间里一派繁忙。 （何苇 摄）",
    "责任编辑：何苇",
    "公益广告",
    "爱护每一滴水",
    "数说兰亭",
    "2025年，全镇茶叶产量达到86吨，比上年多了4吨，卖得比往年都好。",
    "> 引文。”",
    "**水满了**",
    "---",
    "！",
    "1. 第一项",
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=24), st.sampled_from(["\n", "\n\n", "\r\n", "\n\u3000\u3000"]))
@example(
    ["青禾日报记者 林小满", PIECES[5], PIECES[1], PIECES[3], PIECES[4]], "\n"
)  # a second byline once took the first's place
def test_every_character_is_in_one_block_and_every_block_in_one_story(pieces: list[str], between: str) -> None:
    one = page("page.txt", between.join(pieces), today=TODAY)
    used = uses(one)
    for at, letter in enumerate(one.text):
        assert used[at] == 1 or (letter.isspace() and used[at] == 0)
    for block in one.blocks:
        for span in block.spans:
            assert block.text[span.at : span.at + span.end - span.start] == one.text[span.start : span.end]
    told = [block for story in stories(one) for block in story.blocks]
    assert sorted(id(block) for block in told) == sorted(id(block) for block in one.blocks)


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("青禾镇的。，“”（）摄记者 \n#-①1年.：\t\u3000\r"), max_size=300))
def test_any_text_is_read_without_loss(text: str) -> None:
    one = page("page.txt", text, today=TODAY)
    used = uses(one)
    assert all(used[at] == 1 for at in range(one.body_start, len(text)) if not text[at].isspace())
    assert sum(len(story.blocks) for story in stories(one)) == len(one.blocks)


def test_a_paragraph_cut_in_mid_sentence_is_joined_to_its_rest() -> None:
    one = made(
        "兰亭镇的茶叶今年卖得好，合作社的社员说，算下来每亩茶园的收入增长",
        "30%，比种粮食强得多。镇里打算再种一些。",
        "目前，镇里的茶厂还在招人。",
    )
    assert texts(one, Role.BODY) == [
        "兰亭镇的茶叶今年卖得好，合作社的社员说，算下来每亩茶园的收入增长30%，比种粮食强得多。镇里打算再种一些。",
        "目前，镇里的茶厂还在招人。",
    ]
    assert len(one.blocks[0].spans) == 2


def test_a_rest_that_stands_elsewhere_is_known_by_its_quotation_marks() -> None:
    one = made(
        "镇里的合作社办了三年，经营的方式逐步从“单打独斗型”向“抱团发展",
        "“我们的茶叶卖到了五个省。”社长陈阿水说，明年还要再建一座茶厂。",
        "目前，镇里的茶厂还在招人，工资按月发放。",
        "型”转变。社员越来越多，收入也越来越高。",
    )
    assert texts(one, Role.BODY)[0].endswith("向“抱团发展型”转变。社员越来越多，收入也越来越高。")


def test_a_heading_dropped_into_a_sentence_is_taken_out() -> None:
    one = made(
        "兰亭镇的茶农听了技术员的介",
        "茶园换了新品种",
        "绍，把老茶树换成了新品种，产量一下子上去了。",
    )
    assert texts(one, Role.HEADING) == ["茶园换了新品种"]
    assert texts(one, Role.BODY) == ["兰亭镇的茶农听了技术员的介绍，把老茶树换成了新品种，产量一下子上去了。"]


def test_where_nothing_fits_the_end_is_missing() -> None:
    one = made(
        "茶厂今年添了两台机器。镇里说，新机器将用于茶叶的开",
        "“我们的茶叶卖到了五个省。”社长陈阿水说，明年还要再建一座茶厂。",
    )
    first, second = one.blocks
    assert first.breaks
    assert not second.opens


def test_a_repeated_paragraph_is_kept_apart_and_one_with_another_figure_is_none() -> None:
    said = "兰亭镇去年的茶叶产量达到86吨，茶农的收入涨了一成。"
    one = made(said, "茶厂还在招人，工资按月发放。", said, said.replace("86", "68"))
    assert texts(one, Role.DUPLICATE) == [said]
    assert texts(one, Role.BODY)[-1] == said.replace("86", "68")


def test_a_caption_takes_the_photographer_below_it() -> None:
    one = made("- ①茶农在茶园采茶。", "青禾日报记者 苏晚晴 摄", "- ②茶厂的车间。", "青禾日报记者 何苇 摄")
    assert texts(one, Role.CAPTION) == [
        "①茶农在茶园采茶。 青禾日报记者 苏晚晴 摄",
        "②茶厂的车间。 青禾日报记者 何苇 摄",
    ]


@pytest.mark.parametrize(
    ("line", "role"),
    [
        ("青禾日报天眼新闻记者 林小满", Role.BYLINE),
        ("通讯员 何苇 陈阿水 青禾日报记者 林小满", Role.BYLINE),
        ("（青禾日报记者 林小满 整理）", Role.BYLINE),
        ("青禾日报记者 林小满 摄影报道", Role.BYLINE),
        ("记者节的早晨，我们走进了茶园。", Role.BODY),
        ("↑茶农在采茶。", Role.CAPTION),
        ("图为茶厂的车间。", Role.CAPTION),
        ("茶厂的车间。（何苇 摄）", Role.CAPTION),
        ("责任编辑：何苇 版式设计：林小满", Role.FURNITURE),
        ("2025年4月2日 星期三", Role.FURNITURE),
        ("（下转第二版）", Role.FURNITURE),
        ("茶叶卖到了五个省", Role.HEADING),
        ("谁来种茶？", Role.HEADING),
        ("在兰亭镇的茶叶加工", Role.BODY),
        ("——三月三日，镇长在茶园调研时强调", Role.BODY),
    ],
)
def test_roles_by_typography(line: str, role: Role) -> None:
    following = "厂里的机器转个不停，新茶的香气飘得很远。" if line.endswith("加工") else "目前，镇里的茶厂还在招人。"
    assert lines.lines(f"{line}\n{following}")[0].role is role


def test_lines_wrapped_at_one_width_are_paragraphs() -> None:
    said = "兰亭镇的茶农陈阿水种了三十年茶他说今年的雨水好茶叶的品相也好价钱比往年高出一截家里的日子越过越红火"
    wrapped = "\n".join(said[at : at + 16] for at in range(0, len(said), 16))
    others = (wrapped.replace("茶", "烟"), wrapped.replace("陈阿水", "赵大川"))
    one = page("page.txt", "".join(f"{each}。\n" for each in (wrapped, *others)), today=TODAY)
    assert len(texts(one, Role.BODY)) == 3
    assert not texts(one, Role.HEADING)


def test_front_matter_names_paper_and_date() -> None:
    one = page("a.md", "---\npaper: 青禾日报\ndate: 2025-03\ndate_basis: 报头\n---\n# 茶\n\n茶好。\n", today=TODAY)
    assert (one.paper, one.date, one.date_basis) == ("青禾日报", "2025-03", "报头")
    assert texts(one, Role.BODY) == ["茶好。"]


@pytest.mark.parametrize(
    ("file", "body", "found", "basis"),
    [
        ("qinghe-2025-04-02.txt", "2023年，茶叶丰收。", "2025-04-02", "file name"),
        ("a.txt", "青禾日报 2025年4月2日 星期三\n茶叶丰收。", "2025-04-02", "printed"),
        ("a.txt", "4月2日，茶园开园。2025年全国茶叶大会将在镇上举行。", "2025-04", "inferred"),
        ("a.txt", "今年，茶园又添了新品种。2024年，茶叶产值达到3亿元。", "2025", "inferred"),
        ("a.txt", "2025年，茶园开园。力争到2026年，产值翻一番。", "2025", "inferred"),
        ("a.txt", "从2025年投放5亿元，到2026年开局即投放2亿元。3月10日，茶园开园。", "2026-03", "inferred"),
        ("a.txt", "2026年1月6日，茶厂开工。去年12月，机器到货。", "2026-01", "inferred"),
        ("a.txt", "茶叶丰收。", "", ""),
    ],
)
def test_date_and_how_it_is_known(file: str, body: str, found: str, basis: str) -> None:
    assert dates.find(file, body, TODAY)[0] == found
    assert dates.find(file, body, TODAY)[1].startswith(basis)


def test_a_given_date_goes_before_all_others() -> None:
    one = page("2024-01-01.txt", "茶好。", date="2025-09", today=TODAY)
    assert (one.date, one.date_basis) == ("2025-09", "given")
    with pytest.raises(SourceError, match="2025-13"):
        page("a.txt", "茶好。", date="2025-13")
