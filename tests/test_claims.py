"""Claims of invented stories: whose, what, when, against what; and that every figure has exactly one."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import claims, figures
from assistant.records import Basis, Claim


def read(text: str, headline: str = "", page_date: str = "2025-08") -> tuple[Claim, ...]:
    return claims.claims(text, figures.find(text), headline=headline, page_date=page_date)


def of(text: str, printed: str, headline: str = "") -> Claim:
    return next(claim for claim in read(text, headline) if printed in claim.figure.text)


@pytest.mark.parametrize(
    ("text", "printed", "subject", "metric"),
    [
        ("2024年，清镇经开区规上工业产值突破30亿元，同比增长12%。", "30亿元", "清镇经开区", "规上工业产值"),
        ("2024年，清镇经开区规上工业产值突破30亿元，同比增长12%。", "12%", "清镇经开区", "规上工业产值增速"),
        ("清镇经开区产值达30亿元，其中铸造产业产值6亿元，占比20%。", "6亿元", "清镇经开区", "铸造产业产值"),
        ("清镇经开区产值达30亿元，其中铸造产业产值6亿元，占比20%。", "20%", "清镇经开区", "铸造产业产值占比"),
        ("贵州远岭铝业有限公司建成投产。目前，该公司有员工80人。", "80人", "贵州远岭铝业有限公司", "员工"),
        ("记者来到贵州远岭铝业有限公司。公司拥有15项专利。", "15项", "贵州远岭铝业有限公司", "拥有专利"),
        ("“我们每天生产3吨茶青。”贵州远岭茶业有限公司经理周行远介绍。", "3吨", "贵州远岭茶业有限公司", "茶青"),
        ("云顶山与月牙湖景色好。清镇市、修文县分别完成投资5亿元、7亿元。", "7亿元", "修文县", "完成投资"),
        ("开阳县钢铁和水泥分别完成产值5亿元、7亿元，同比增长3%、8%。", "8%", "开阳县", "水泥"),
        ("远岭铝业产能从12万吨提升至20万吨。", "20万吨", "", "产能"),
        ("蒸汽输送到贵州远岭铝业有限公司，使其年节省电费200万元。", "200万元", "贵州远岭铝业有限公司", "节省电费"),
    ],
)
def test_whose_a_figure_is_and_what_it_measures(text: str, printed: str, subject: str, metric: str) -> None:
    claim = of(text, printed)
    assert subject in claim.subject
    assert metric in claim.metric


def test_the_metric_of_a_pair_is_shared_and_its_ends_are_marked() -> None:
    first, second = read("开阳县茶园面积从2万亩扩大到5万亩。")
    assert first.metric == second.metric
    assert "起点" in first.comparison
    assert "终点" in second.comparison


def test_the_headline_gives_the_subject_that_the_text_does_not_name() -> None:
    claim = of("目前，园区已集聚企业40家。", "40家", headline="清镇经开区：小园区大产业")
    assert claim.subject == "清镇经开区"
    assert not of("产量达到3万吨。", "3万吨", headline="清镇经开区：小园区大产业").sure


def test_a_sub_heading_gives_the_subject_of_what_it_heads() -> None:
    text = "清镇经开区铸造产值突破30亿元。\n年产铸件5万吨。"
    sections = ((text.index("年产"), "远岭铸造公司：走出去"),)
    found = claims.claims(text, figures.find(text), page_date="2025-08", sections=sections)
    assert [claim.subject for claim in found] == ["清镇经开区", "远岭铸造公司"]


def test_figures_told_before_their_firm_is_named_are_its() -> None:
    text = "年产铸件5万吨，合格率达98%。在贵州远岭铸造有限公司，经理给记者看了这样一组数据。"
    assert {claim.subject for claim in read(text, headline="清镇经开区的新气象")} == {"贵州远岭铸造有限公司"}


@pytest.mark.parametrize(
    ("text", "printed", "start", "end", "basis"),
    [
        ("2023年，全县产值达30亿元。", "30亿元", date(2023, 1, 1), date(2023, 12, 31), Basis.PRINTED),
        ("今年上半年，开阳县产值达30亿元。全县出口增长5%。", "5%", date(2025, 1, 1), date(2025, 6, 30), Basis.INFERRED),
        (
            "2018年落户后，开阳县不断发展。目前，有企业40家。",
            "40家",
            date(2025, 8, 1),
            date(2025, 8, 31),
            Basis.INFERRED,
        ),
        (
            "产值从2019年的10亿元增长到2024年的20亿元，年均增长14.9%。",
            "14.9%",
            date(2019, 1, 1),
            date(2024, 12, 31),
            Basis.PRINTED,
        ),
    ],
)
def test_when_a_figure_holds(text: str, printed: str, start: date, end: date, basis: Basis) -> None:
    period = of(text, printed).period
    assert (period.start, period.end, period.basis) == (start, end, basis)


def test_without_a_date_the_period_is_unknown() -> None:
    (claim,) = claims.claims("全县有企业40家。", figures.find("全县有企业40家。"))
    assert claim.period.basis is Basis.UNKNOWN


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("全县产值同比增长5%。", "同比"),
        ("全县产值年均增长5%。", "年均"),
        ("全县每天处理垃圾40吨。", "每天"),
        ("预计全年产值可达5亿元。", "预计"),
        ("全县工业占全市比重达40%。", "占比"),
        ("每吨可节约成本300元。", "每吨"),
    ],
)
def test_comparisons_are_named(text: str, word: str) -> None:
    assert word in read(text)[0].comparison.split()


WORDS = (
    "清镇经开区 ， 。 “ ” 分别 其中 从 到 同比增长 5% 30亿元 、 和 （ ） 贵州远岭铝业有限公司 该公司 全县 2024年 达 "
    "12家 企业 占 说 总经理周行远 2万亩 至"
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(WORDS.split()),
        max_size=30,
    )
)
def test_every_figure_has_one_claim_whatever_the_text(words: list[str]) -> None:
    text = "".join(words)
    found = figures.find(text)
    assert [claim.figure for claim in claims.claims(text, found, headline="清镇", page_date="2025-08")] == list(found)
