"""Reckoned answers over an invented page: the right figure, its formula and its citations; or why there is none."""

from pathlib import Path

import pytest
from conftest import FakeEmbedder, assert_true_to_print, ingest

from assistant import settings as settings_module
from assistant.ask import Assistant
from assistant.records import CaveatKind, Verdict
from assistant.store import Store

PAGE = """# 青禾日报 2025年9月12日

## 两个开发区上半年答卷

本报讯（记者 何青）记者从青禾市统计局获悉，2025年上半年，青禾经开区规上工业总产值62.5亿元，同比增长25%，\
其中锦川纺织产业产值18.4亿元。远山经开区规上工业总产值达48.2亿元，同比增长9.6%。

青禾经开区现有纺织企业64家、茶叶加工企业23家，其中规上企业31家。远山经开区集聚陶瓷企业52家，年产瓷砖超3600万片。

青禾经开区工业总产值从2021年的40亿元提高到2024年的110亿元。五年间，远山经开区工业用电占全社会用电比重从22.4%提升到31.9%，青禾经开区工业用电占全社会用电比重从30.5%提升到36.1%。

## 锦川纺织换上机械手

走进锦川纺织有限公司，机械手一刻不停。公司每天要用掉75吨棉纱，全年用水约90万吨。公司现有员工480余人，2024年生产棉布960万米，销售收入1.2亿元。

“换上机械手以后，次布率从2.4%降到0.9%。”公司经理马秋实说，审批时间从45天压缩至20天。

## 兰亭镇的茶卖出好价钱

兰亭镇今年已卖出干茶约300斤，收入45000元。在兰亭镇务工的外地人超900人，占全镇务工人数的近30%。

## 雁回县的货车换了电池

今年上半年，雁回县增加值同比增长34.2%的是装备制造业，货车制造业增长30.1%，货车电池及材料业的增幅为120.9%。雁回县的电动货车与燃油车相比，燃料成本低四成。
"""


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder: Path = tmp_path_factory.mktemp("reckoned")
    (folder / "page.md").write_text(PAGE, encoding="utf-8")
    data = folder / "data"
    ingest(folder / "page.md", data, FakeEmbedder())
    store = Store.open(data, FakeEmbedder.name)
    chosen = settings_module.load({"data": str(data), "model": "none", "embedder": "fake"})
    return Assistant(chosen, store, FakeEmbedder(), lambda: None)


@pytest.mark.parametrize(
    ("question", "told", "formula"),
    [
        (
            "2025年上半年，青禾经开区的规上工业总产值比远山经开区多多少亿元？",
            "多14.3亿元",
            "62.5亿元−48.2亿元=14.3亿元",
        ),
        (
            "2025年上半年，远山经开区的规上工业总产值比青禾经开区多多少亿元？",
            "不是多，而是少14.3亿元",
            "62.5亿元−48.2亿元=14.3亿元",
        ),
        (
            "青禾经开区和远山经开区2025年上半年规上工业总产值合计多少亿元？",
            "合计110.7亿元",
            "62.5亿元+48.2亿元=110.7亿元",
        ),
        (
            "2025年上半年青禾经开区规上工业总产值里，除去锦川纺织产业，其他只有多少亿元？",
            "其余44.1亿元",
            "62.5亿元−18.4亿元=44.1亿元",
        ),
        (
            "青禾经开区的纺织企业比茶叶加工企业和远山经开区的陶瓷企业合起来少多少家？",
            "少11家",
            "（23家+52家）−64家=11家",
        ),
        ("青禾经开区的纺织企业是茶叶加工企业的几倍？", "约2.783倍", "64家÷23家≈2.783倍"),
        ("2024年青禾经开区工业总产值是2021年的多少倍？", "2.75倍", "110亿元÷40亿元=2.75倍"),
        (
            "青禾经开区工业总产值从2021年到2024年年均增长百分之几？",
            "年均增长约40.1%",
            "（110亿元÷40亿元）^（1÷3）−1≈40.1%",
        ),
        (
            "青禾经开区工业总产值2021年到2024年平均每年增加多少亿元？",
            "平均每年增加约23.3亿元",
            "（110亿元−40亿元）÷3年≈23.3亿元/年",
        ),
        (
            "2025年上半年青禾经开区规上工业总产值62.5亿元、同比增长25%，倒推去年同期是多少？",
            "推算50亿元",
            "62.5亿元÷（1+25%）=50亿元",
        ),
        ("锦川纺织的次布率降低了几个百分点？", "降低1.5个百分点", "2.4%−0.9%=1.5个百分点"),
        ("锦川纺织审批时间压缩了多少天？", "压缩25天", "45天−20天=25天"),
        ("锦川纺织2024年平均每名员工生产多少米棉布？", "平均每名不到2万米", "960万米÷480人=2万米/名"),
        ("锦川纺织每天用75吨棉纱，一个月按30天算要用多少吨？", "2250吨", "75吨/天×30天=2250吨"),
        ("锦川纺织全年用水约90万吨，平均每个月多少万吨？", "平均每月约7.5万吨", "90万吨÷12个月=7.5万吨/个月"),
        ("兰亭镇的干茶平均一斤卖多少钱？", "平均每斤约150元", "45000元÷300斤=150元/斤"),
        ("照外地人900人、占近30%推算，兰亭镇务工的一共有多少人？", "推算共约3000人", "900人÷30%=3000人"),
        (
            "五年前，青禾经开区和远山经开区的工业用电占比谁更高？",
            "青禾经开区更高",
            "30.5%−22.4%=8.1个百分点",
        ),
        ("青禾经开区、远山经开区上半年规上工业总产值增速，哪个更快？", "青禾经开区更快", "25%−9.6%=15.4个百分点"),
        ("上半年规上工业总产值，青禾经开区和远山经开区谁涨得快？", "青禾经开区更快", "25%−9.6%=15.4个百分点"),
        (
            "青禾经开区和远山经开区，工业用电占比谁提升得更多？",
            "远山经开区更多",
            "9.5个百分点−5.6个百分点=3.9个百分点",
        ),
    ],
)
def test_a_reckoning_is_told_with_its_formula(assistant: Assistant, question: str, told: str, formula: str) -> None:
    """The result stands first, its formula in the text and in the record, each operand cited where it is printed."""
    answer = assistant.ask(question)
    assert not answer.declined, answer.text
    assert answer.text.startswith(told)
    assert formula in answer.text
    assert formula in answer.formulas
    assert_true_to_print(answer)
    assert any(check.verdict is Verdict.COMPUTED and check.formula == formula for check in answer.checks)


def test_several_are_put_in_order(assistant: Assistant) -> None:
    """从多到少: each with its figure and its citation."""
    answer = assistant.ask("青禾经开区的纺织企业、茶叶加工企业和远山经开区的陶瓷企业，从多到少怎么排？")
    found = [answer.text.index(figure) for figure in ("64家", "52家", "23家")]
    assert found == sorted(found)
    assert_true_to_print(answer)


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("青禾经开区2023年的工业总产值比2024年少多少亿元？", "2023年"),
        ("远山经开区和白鹭经开区，谁的陶瓷企业多？", "白鹭经开区"),
        ("远山经开区2025年上半年的规上工业总产值是白鹭经开区的几倍？", "白鹭经开区"),
    ],
)
def test_where_an_operand_is_missing_that_is_told(assistant: Assistant, question: str, missing: str) -> None:
    """Another year's or another park's figure does not take the place of the one that is asked for."""
    answer = assistant.ask(question)
    assert answer.declined
    assert missing in answer.text
    assert answer.formulas == ()
    assert all(check.verdict is Verdict.QUOTED for check in answer.checks)


def test_what_a_page_does_not_count_has_no_average(assistant: Assistant) -> None:
    """An average of what is not printed is not made up of what is."""
    assert assistant.ask("远山经开区平均每名员工的工资是多少元？").declined
    assert assistant.ask("青禾经开区和白鹭经开区，谁的陶瓷企业多？").declined


def test_operands_of_two_times_are_told_as_such(assistant: Assistant) -> None:
    """A half year's output over a year's is a number, and what it is worth is said beside it."""
    answer = assistant.ask("远山经开区2025年上半年规上工业总产值是青禾经开区2024年工业总产值的几倍？")
    assert [caveat.kind for caveat in answer.caveats] == [CaveatKind.PERIOD]
    assert "2025年上半年" in answer.caveats[0].text


@pytest.mark.parametrize(
    "question",
    [
        "How many more textile firms than tea firms does the Qinghe zone have?",
        "What is the combined output of the Qinghe and Yuanshan zones?",
        "Which was higher in 2025, the output of Qinghe or of Yuanshan?",
    ],
)
def test_english_reckonings_are_declined(assistant: Assistant, question: str) -> None:
    """The rules read Chinese: one operand is not quoted as the result of an English question."""
    answer = assistant.ask(question)
    assert answer.declined
    assert "Chinese" in answer.text


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("雁回县的货车电池及材料业，今年上半年增加值增幅多大？", "120.9%"),
        ("跟烧油的货车比，雁回县的电动货车燃料成本便宜多少？", "四成"),
    ],
)
def test_what_a_page_prints_as_a_share_is_pointed_at(assistant: Assistant, question: str, told: str) -> None:
    """A printed change is chosen by all its signs; where nothing can be reckoned, a printed share still answers."""
    answer = assistant.ask(question)
    assert answer.text.startswith(f"{told}。")
    assert answer.formulas == ()
    assert_true_to_print(answer)


@pytest.mark.parametrize(
    "question",
    [
        "照马秋实的账，锦川纺织一年能省多少棉纱？",  # worked back from figures that are not there
        "锦川纺织每用掉1吨棉纱，能织几米布？",
    ],
)
def test_what_is_to_be_worked_back_is_not_answered_by_an_operand(assistant: Assistant, question: str) -> None:
    assert assistant.ask(question).declined


def test_shares_of_two_wholes_are_not_added(assistant: Assistant) -> None:
    """30% of a town's workers and 9.6% of growth come to nothing."""
    answer = assistant.ask("兰亭镇外地人占比和远山经开区工业用电占比加起来是多少？")
    assert answer.formulas == ()
