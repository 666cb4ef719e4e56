"""Which reckoning a question asks for, and between what; a question for a printed figure asks for none."""

import pytest

from assistant.compute.asked import Operation
from assistant.compute.operations import read

ASKED = [
    ("青禾园区的产值比远山园区高多少亿元？", Operation.DIFFERENCE, ("青禾园区的产值", "远山园区"), "元"),
    ("甲厂和乙厂的用电量相差多少度？", Operation.DIFFERENCE, ("甲厂", "乙厂的用电量"), "度"),
    ("甲厂的订单减去乙厂的订单还差多少万盒？", Operation.DIFFERENCE, ("甲厂的订单", "乙厂的订单"), "盒"),
    ("甲县的茶园比乙县和丙县合起来多多少亩？", Operation.DIFFERENCE, ("甲县的茶园", "乙县\n丙县"), "亩"),
    ("甲厂产量是乙厂的几倍？", Operation.RATIO, ("甲厂产量", "乙厂"), "倍"),
    ("甲厂产量占全县产量的百分之几？", Operation.SHARE, ("甲厂产量", "全县产量"), "%"),
    ("全县的企业里规上企业占多大比例？", Operation.SHARE, ("规上企业", "全县的企业"), "%"),
    ("甲县产值和乙县产值相比，后者是前者的百分之几？", Operation.SHARE, ("乙县产值", "甲县产值"), "%"),
    ("甲厂产值比乙厂高百分之几？", Operation.EXCEEDS, ("甲厂产值", "乙厂"), "%"),
    ("甲厂和乙厂的产值合计多少亿元？", Operation.SUM, ("甲厂", "乙厂的产值"), "元"),
    ("甲厂、乙厂和丙厂的产值加起来是多少？", Operation.SUM, ("甲厂", "乙厂", "丙厂的产值"), ""),
    ("全县产值里，除去纺织产业，其他只有多少亿元？", Operation.REST, ("全县产值", "纺织产业"), "元"),
    ("全县的企业中，规模以下的有几家？", Operation.REST, ("全县的企业中", "全县的企业中，规模以上"), "家"),
    ("甲县和乙县，谁的增速更高？", Operation.COMPARE, ("甲县", "乙县"), ""),
    ("甲县、乙县、丙县的产值从高到低怎么排？", Operation.COMPARE, ("甲县", "乙县", "丙县的产值"), ""),
    ("甲县的用电占比和乙县的用电占比，谁提升得更多？", Operation.CHANGES, ("甲县的用电占比", "乙县的用电占比"), ""),
    ("甲县的次布率降低了几个百分点？", Operation.CHANGE, ("甲县的次布率",), "个百分点"),
    ("甲县产值2021年到2024年平均每年增加多少亿元？", Operation.CHANGE, ("甲县产值2021年到2024年",), "元"),
    ("甲县产值从2021年到2024年年均增长百分之几？", Operation.YEARLY, ("甲县产值从2021年到2024年",), "%"),
    ("茶厂的干茶平均一斤卖多少钱？", Operation.AVERAGE, ("茶厂的干茶平均一斤卖",), "元"),
    ("水库一年放的水，够下游用几天？", Operation.LASTS, ("水库一年放的水", "下游"), "天"),
    ("甲厂每天用75吨棉纱，一个月按30天算要多少吨？", Operation.OVER, None, "吨"),
    ("照900人占30%推算，全镇务工的有多少人？", Operation.BY_SHARE, None, "人"),
    ("甲县产值62.5亿元、同比增长25%，倒推去年同期是多少亿元？", Operation.BEFORE, None, "元"),
    ("甲厂的用电量折合多少千瓦时？", Operation.CONVERT, None, "千瓦时"),
]


@pytest.mark.parametrize(("question", "operation", "split", "unit"), ASKED)
def test_a_question_names_its_operation(
    question: str, operation: Operation, split: tuple[str, ...] | None, unit: str
) -> None:
    """The operation, one of the ways to part the sides, and the unit of the result are read from the words."""
    asked = read(question)
    assert asked is not None
    assert asked.operation is operation
    assert asked.unit == unit
    assert split is None or split in asked.splits


@pytest.mark.parametrize(
    "question",
    [
        "甲县去年的产值是多少亿元？",
        "甲县产值同比增长多少？",
        "甲县产值比上年增长多少？",
        "甲厂有多少名员工？",
        "甲厂的占比是多少？",
        "甲厂为什么换上机械手？",
        "甲县在全省排名第几？",
        "谁是甲厂的总经理？",
        "甲厂和乙厂签了什么合同？",
        "",
        "甲" * 400,
    ],
)
def test_a_question_for_a_printed_figure_asks_for_no_reckoning(question: str) -> None:
    """Growth rates, shares and counts that a page prints are for it to tell; so are names, reasons and ranks."""
    assert read(question) is None


@pytest.mark.parametrize(
    ("question", "sure"),
    [
        ("甲厂产值比乙厂高多少亿元？", True),
        ("甲厂产量占全县产量的百分之几？", False),
        ("甲厂2023年产量占2024年的百分之几？", True),
        ("甲厂的工期压缩了多少天？", False),
        ("茶厂平均每斤干茶卖多少钱？", True),
    ],
)
def test_where_a_page_may_print_the_result_the_words_leave_it_open(question: str, sure: bool) -> None:
    """占…的百分之几 and 压缩了多少天 may be printed; a difference between two, and of two years, seldom is."""
    asked = read(question)
    assert asked is not None
    assert asked.sure is sure
