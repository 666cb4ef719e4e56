"""The judge of claims against free-worded gold: pairs that are right, and pairs that must fail. All invented."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from assistant import aliases, figures
from assistant.records import Basis, Claim, Period
from ingest.measure import judge

KNOWN = aliases.learn(
    [
        "贵州远山铝业有限责任公司投产。远山铝业今年产值3亿元。贵州远川铝业有限责任公司也投产了。",
        "清镇经济开发区管委会介绍，清镇经开区有企业40家。",
        "清镇市人力资源和社会保障局带队，清镇市人社局组织招聘。",
    ]
)
PAGE = "2025-08"


def claim(metric: str = "", printed: str = "3家", subject: str = "", comparison: str = "", *days: str | None) -> Claim:
    (figure,) = figures.find(printed)
    start, end = (date.fromisoformat(day) if day else None for day in (days or (None, None)))
    return Claim(figure, subject, metric, Period(start, end, "", Basis.PRINTED), comparison)


@pytest.mark.parametrize(
    ("gold", "claimed"),
    [
        ("贵州远山铝业有限责任公司", "远山铝业"),
        ("远山铝业", "贵州远山铝业有限责任公司"),
        ("远山铝业公司", "远山铝业有限公司"),
        ("清镇经济开发区", "清镇经开区"),
        ("清镇经开区", "清镇经开区管委会"),
        ("清镇经开区铝产业园", "清镇经开区"),
        ("清镇市", "清镇"),
        ("清镇市人社局工作组", "清镇市人力资源和社会保障局"),
        ("周明车行", "周明汽车展厅"),
        ("远山铝业/远川铝业", "远川铝业"),
        ("清镇市、修文县", "修文县、清镇市"),
        ("青禾村合作社（以下各户）", "青禾村合作社"),
        ("某铸造企业（即远山铝业）", "远山铝业"),
        ("“青禾杯”采茶大赛", "第三届“青禾杯”清镇采茶大赛"),
    ],
)
def test_one_name(gold: str, claimed: str) -> None:
    assert judge.subject({"entity": gold}, claim(subject=claimed), KNOWN)


@pytest.mark.parametrize(
    ("gold", "claimed"),
    [
        ("远山铝业", "远川铝业"),  # another firm
        ("远山铝业", "远山煤业"),  # another trade
        ("清镇远山铝业", "修文远山铝业"),  # another place
        ("远山铝业", "清镇经开区"),  # the park of the firm
        ("清镇经开区", "清镇市"),  # the town of the park
        ("清镇市", "清镇市人民法院"),
        ("清镇经开区", "修文经开区"),
        ("清镇市、修文县", "修文县"),  # one of two that are meant
        ("修文县", "清镇市、修文县"),  # two where one is meant
        ("周明之女", "周明"),
        ("远山铝业", ""),
        ("青禾村蚯蚓基地", "青禾村"),
        ("某铸造企业（远山铝业提供）", "远山铝业"),  # a note, no other name
        ("采茶大赛", "采茶大赛组委会"),
    ],
)
def test_another_name_must_fail(gold: str, claimed: str) -> None:
    assert not judge.subject({"entity": gold}, claim(subject=claimed), KNOWN)


@pytest.mark.parametrize(
    ("gold", "metric", "printed", "comparison"),
    [
        ("规上工业总产值", "规上工业总产值", "5亿元", ""),
        ("规模以上工业总产值", "规上工业总产值", "5亿元", ""),
        ("铸造产业产值增速", "铸造产业产值", "5%", "同比"),
        ("铸造企业数", "集聚铸造企业", "5家", ""),
        ("电容器日产量", "每天可以生产电容器", "5万颗", "每天"),
        ("项目总产能", "总产能", "5万吨", ""),
        ("预计年产值（全部投产后）", "年产值", "5亿元", "预计"),
        ("手续办理时长", "办理手续所需时间", "5天", ""),
        ("电费降幅", "电费降低", "5%", ""),
        ("绿电占比", "绿电占企业用电", "5%", "占比"),
        ("设备开动率（改造后）", "设备开动率增至", "5%", "终点"),
    ],
)
def test_one_metric(gold: str, metric: str, printed: str, comparison: str) -> None:
    assert judge.metric({"metric": gold, "unit": ""}, claim(metric, printed, "", comparison))


@pytest.mark.parametrize(
    ("gold", "metric", "printed", "comparison"),
    [
        ("规上工业总产值", "规上工业利润", "5亿元", ""),  # another measure
        ("规上工业总产值", "规上工业增加值", "5亿元", ""),
        ("规上工业总产值", "规上服务业总产值", "5亿元", ""),  # of another trade
        ("铸造产值增速", "铸造产值占比", "5%", "占比"),  # a share for a growth
        ("铸造产值占比", "铸造产值", "5%", "同比"),  # a growth for a share
        ("库存成本降幅", "库存成本", "5%", ""),  # a level for a change
        ("产品合格率", "产品回收率", "5%", ""),
        ("铸造企业数", "企业", "5家", ""),  # of what is lost
        ("铸造产业产值", "产值", "5亿元", ""),
        ("铸造企业数", "铸造项目", "5个", ""),
        ("新车成交价", "给您算", "5万元", ""),
        ("入户道路长度", "厚", "5米", ""),
        ("茶园面积", "", "5亩", ""),
    ],
)
def test_another_metric_must_fail(gold: str, metric: str, printed: str, comparison: str) -> None:
    assert not judge.metric({"metric": gold, "unit": ""}, claim(metric, printed, "", comparison))


def test_a_metric_that_tells_another_of_the_story_as_well_must_fail() -> None:
    """甲和乙分别完成产值: whose of the two it is has to be told."""
    row, other = ({"metric": f"{name}产值", "unit": "元"} for name in ("金属铸造", "再生橡胶"))
    both = claim("金属铸造和再生橡胶分别完成产值", "5亿元")
    assert judge.metric(row, both)
    assert not judge.metric(row, both, [other])
    assert judge.metric(row, claim("金属铸造产值", "5亿元"), [other])
    assert judge.metric(row, both, [{**other, "unit": "吨"}])


@pytest.mark.parametrize(
    ("gold", "start", "end"),
    [
        ("2024年", "2024-01-01", "2024-12-31"),
        ("2025年上半年（“今年上半年”）", "2025-01-01", "2025-06-30"),
        ("2024年4月至2025年2月", "2024-04-01", "2025-02-28"),
        ("2021年至2025年", "2021-01-01", "2025-08-31"),  # 2021年以来, told up to the page
        ("2021—2024年", "2021-01-01", "2024-12-31"),
        ("2025年（“今年计划”）", "2025-01-01", "2025-12-31"),
        ("2025年7月12日", "2025-07-12", "2025-07-12"),
        ("2025年7月12日", "2025-07-01", "2025-07-31"),
        ("2025年8月（报道时）", "2025-08-01", "2025-08-31"),
        ("2025年（报道时）", "2025-08-01", "2025-08-31"),
        ("每年（2025年报道）", "2025-08-01", "2025-08-31"),
        ("截至2025年8月（“目前”）", None, "2025-08-31"),
        ("—", "2025-08-01", "2025-08-31"),
        ("改造前", "2025-08-01", "2025-08-31"),
    ],
)
def test_one_period(gold: str, start: str | None, end: str) -> None:
    assert judge.period({"period": gold}, claim("", "3家", "", "", start, end), PAGE)


@pytest.mark.parametrize(
    ("gold", "start", "end"),
    [
        ("2024年", "2023-01-01", "2023-12-31"),  # another year
        ("2024年", "2024-01-01", "2024-06-30"),  # half of it
        ("2025年上半年", "2025-01-01", "2025-03-31"),
        ("2025年上半年", "2025-08-01", "2025-08-31"),  # the page's date for a period that is told
        ("2024年", "2025-08-01", "2025-08-31"),
        ("2021—2024年", "2024-01-01", "2024-12-31"),
        ("2025年7月12日", "2025-01-01", "2025-12-31"),
        ("2025年7月12日", "2025-08-01", "2025-08-31"),
        ("每年（2025年报道）", "2025-01-01", "2025-03-31"),  # a quarter that was told of something else
        ("每年（2024年报道）", "2025-08-01", "2025-08-31"),  # the page is misdated
        ("—", "2024-01-01", "2024-12-31"),  # a period that nothing tells
        ("2024年", None, None),
    ],
)
def test_another_period_must_fail(gold: str, start: str | None, end: str | None) -> None:
    assert not judge.period({"period": gold}, claim("", "3家", "", "", start, end), PAGE)


def test_a_page_without_a_date_dates_nothing() -> None:
    undated = replace(claim(), period=Period(None, None, "", Basis.UNKNOWN))
    assert judge.period({"period": "报道时"}, undated, "")
    row: dict[str, Any] = {"period": "2024年"}
    assert not judge.period(row, undated, "")
