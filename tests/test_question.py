"""Questions: language, years and kinds are read by rule, and a follow-up is read with what came before it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import aliases, thesaurus
from assistant.question import understand
from assistant.records import Intent

HISTORY = (("青禾开发区2024年规上工业总产值是多少？", "突破52.36亿元。"),)


@pytest.mark.parametrize(
    ("text", "wants", "kind", "unit"),
    [
        ("青禾开发区2024年规上工业总产值是多少？", True, "money", ""),
        ("春茶产量是多少吨？", True, "mass", "吨"),
        ("园区有多少家企业？", True, "count", "家"),
        ("布匹出口占比多少？", True, "share", ""),
        ("总产值同比增长了百分之几？", True, "share", ""),
        ("利用率提高了几个百分点？", True, "points", "个百分点"),
        ("水库建设要多久？", True, "duration", ""),
        ("青禾镇排名第几？", True, "rank", ""),
        ("How much is the output value of Qinghe?", True, "money", ""),
        ("How many tons of tea were picked?", True, "mass", "吨"),
        ("谁是水库的管理员？", False, "", ""),
        ("为什么茶农高兴？", False, "", ""),
        ("Who runs the reservoir?", False, "", ""),
        ("水库一年排多少颗粒物？", True, "", ""),  # 颗粒 is a word, 颗 no unit here
        ("贡献率从多少升到多少？", True, "share", ""),  # nor is 升 in 升到
        ("两家一年省下多少运输费？", True, "money", ""),
        ("园区有哪几类产品出口？", False, "", ""),
        ("新厂房有多大？", True, "area", ""),
        ("供电所多供出多少电？", True, "energy", ""),
        ("园区造电池的能力有多大？", True, "", ""),  # nothing that has an area
        ("What is the value of the agreement signed in 2024?", True, "money", ""),
        ("食堂是什么时候启用的？", False, "", ""),
        ("哪年建成，投资多少？", True, "money", ""),
        ("介绍一下青禾中学", False, "", ""),
    ],
)
def test_what_a_question_wants(text: str, wants: bool, kind: str, unit: str) -> None:
    """Whether a figure is asked for, of which kind first, and of which unit where one is named."""
    query = understand(text)
    assert (query.wants_figure, (query.kinds or ("",))[0], query.unit) == (wants, kind, unit)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("产值是多少？", "zh"),
        ("What is Taijiang's output?", "en"),
        ("GDP多少", "zh"),
        ("2024?", "en"),
        ("What is 镓?", "en"),
        ("How many shops has 松石集团?", "en"),
        ("PCB是什么？", "zh"),
    ],
)
def test_the_language_is_that_of_the_question(text: str, language: str) -> None:
    """An English question may name things as they are printed; the answer's fixed words follow it."""
    assert understand(text).language == language


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2024年产值？", (2024,)),
        ("2023年和2024年的产值各是多少？", (2023, 2024)),
        ("output in 2024", (2024,)),
        ("产值是多少？", ()),
        ("投资12024年？", ()),
        ("编号20245的项目", ()),
    ],
)
def test_years(text: str, years: tuple[int, ...]) -> None:
    """Years are those printed as years, in order, each once."""
    assert understand(text).years == years


@pytest.mark.parametrize("text", ["那去年呢？", "它的增速是多少？", "占比呢？", "what about 2023?"])
def test_a_follow_up_is_read_with_what_came_before(text: str) -> None:
    """A question that leaves out its subject has the subject of the question before."""
    query = understand(text, HISTORY)
    assert "青禾" in query.terms
    assert query.history == HISTORY


def test_a_follow_ups_own_year_stands() -> None:
    """The year of the follow-up is asked, not that of the question before it."""
    assert understand("那2023年呢？", HISTORY).years == (2023,)
    assert understand("那同比增长多少？", HISTORY).years == (2024,)


def test_a_whole_question_stands_alone() -> None:
    """A question with its own subject is not mixed with the one before."""
    query = understand("兰亭开发区的春茶产量是多少吨？", HISTORY)
    assert query.text == "兰亭开发区的春茶产量是多少吨？"
    assert "青禾" not in query.terms


BEFORE = (("远山经开区2024年规上工业总产值是多少？", "突破52.36亿元。"),)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("那2023年呢？", "远山经开区2023年规上工业总产值是多少？"),
        ("去年呢？", "远山经开区去年规上工业总产值是多少？"),
        ("它的主任是谁？", "远山经开区的主任是谁？"),
        ("该园区有多少企业？", "远山经开区有多少企业？"),
        ("其中规上企业有几家？", "远山经开区2024年规上工业总产值是多少？ 其中规上企业有几家？"),
        ("那白鹭经开区呢？", "白鹭经开区2024年规上工业总产值是多少？"),
        ("那白鹭经开区一年省下多少电费？", "白鹭经开区一年省下多少电费？"),
        ("碳排放一年能少多少？", "远山经开区碳排放一年能少多少？"),
        ("全省的碳排放少了多少？", "全省的碳排放少了多少？"),
        ("晨曦纺织公司这批订单有多少？", "晨曦纺织公司这批订单有多少？"),
    ],
)
def test_what_a_follow_up_leaves_out_is_put_in(text: str, whole: str) -> None:
    """A period takes the place of the one before, a pronoun that of the subject; otherwise both are read together."""
    known = thesaurus.load(known=aliases.learn(["远山经开区总产值52亿元。", "晨曦纺织公司投产。"]))
    assert understand(text, BEFORE, known).text == whole


def test_filters_are_taken_out() -> None:
    """来源: and 日期: are no words of the question."""
    query = understand("青禾开发区产值多少？ 来源:青禾日报 日期：2025-03")
    assert (query.text, query.source, query.date) == ("青禾开发区产值多少？", "青禾日报", "2025-03")


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("青禾开发区2024年规上工业总产值是多少？", Intent.FIGURE),
        ("布匹和茶叶的产量分别是多少？", Intent.SEVERAL),
        ("青禾和兰亭的增速相比，谁更快？", Intent.COMPARE),
        ("两项产值合计多少亿元？", Intent.COMPUTE),
        ("园区有哪些企业？", Intent.LIST),
        ("茶农为什么高兴？", Intent.REASON),
        ("青禾到底有多少家企业？", Intent.CONFLICT),
        ("食堂启用了吗？", Intent.YES_NO),
        ("水库的管理员是谁？", Intent.FACT),
    ],
)
def test_intent(text: str, intent: Intent) -> None:
    """What kind of answer is wanted."""
    assert understand(text).intent is intent


def test_what_is_compared_are_figures() -> None:
    """The question asks which, and its answer needs the growth of both, each looked up by itself."""
    query = understand("青禾开发区2024年产值增速和兰亭开发区2025年上半年相比，谁更快？")
    assert query.wants_figure
    assert "share" in query.kinds
    assert len(query.parts) > 1


@pytest.mark.parametrize(
    ("text", "search"),
    [
        ("青禾开发区的产值是多少？", "青禾开发区的产值"),
        ("请问水库的管理员是谁？", "水库的管理员"),
        ("多少？", "多少？"),
    ],
)
def test_words_that_only_ask_are_not_looked_up(text: str, search: str) -> None:
    """What is left is looked up; where nothing is left, the question itself."""
    assert understand(text).search == search


def test_periods_fixed_and_relative() -> None:
    """2025年上半年 is fixed by its words; 去年 waits for a page's date."""
    query = understand("2025年上半年的产值和利润，去年是多少？")
    assert [period.label for period in query.periods] == ["2025年上半年"]
    assert query.relative == ("去年",)


@given(st.text(max_size=200), st.lists(st.tuples(st.text(max_size=30), st.text(max_size=30)), max_size=2))
def test_any_text_is_a_query(text: str, history: list[tuple[str, str]]) -> None:
    """No question, however odd, is an error; blank runs in it are one space."""
    query = understand(text, history)
    assert query.language in ("zh", "en")
    assert len(set(query.terms)) == len(query.terms)
    assert not query.unit or query.wants_figure


@pytest.mark.parametrize(
    ("asked", "rest"),
    [
        ("松石集团的产值，一版写288亿元，一版写36亿元，该信哪个？", "松石集团的产值，一版写288亿元，一版写36亿元？"),
        (
            "竹溪一季度卖车卖了474亿元，平均一辆车要多少钱？这合理吗？",
            "竹溪一季度卖车卖了474亿元，平均一辆车要多少钱？",
        ),
        (
            "青禾园区的企业数，4月与11月的版面各写多少？放在一起有没有出入？",
            "青禾园区的企业数，4月与11月的版面各写多少？",
        ),
        ("当天达成的授信有多少，能直接引用吗？", "当天达成的授信有多少？"),
        ("一季度的累计销售额，版面怎么写的，这数字合理吗？", "一季度的累计销售额？"),
    ],
)
def test_whether_the_pages_are_to_be_trusted_is_not_looked_up(asked: str, rest: str) -> None:
    """What doubts the pages is taken off what is looked up, and the question is one of conflict."""
    query = understand(asked)
    assert query.text == rest
    assert query.intent is Intent.CONFLICT


@pytest.mark.parametrize(
    "asked", ["该信哪个？", "这样的工艺可靠吗？", "竹溪厂合理用电靠的是什么？", "园区有没有问题企业？"]
)
def test_what_asks_nothing_else_stands(asked: str) -> None:
    """Nothing would be left to look up, or the word is the question's own."""
    assert understand(asked).text == asked


def test_why_a_figure_grew_is_no_figure() -> None:
    """为什么 is not 为 and 什么."""
    assert not understand("青禾园区的总产值为什么增长？").wants_figure
    assert understand("青禾园区的总产值为什么？").wants_figure
