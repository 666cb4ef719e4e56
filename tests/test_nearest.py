"""What a check offers in place of a number that no source prints: of the same subject and thing, or nothing."""

from functools import cache
from pathlib import Path

import pytest
from conftest import ROOT
from test_check import only

from assistant import check
from assistant.records import CheckedNumber, Fault, Passage
from ingest import sources

PAGE = (
    "青禾开发区2024年规上工业总产值突破52.36亿元，其中纺织产业产值40.12亿元，占比76.62%。"
    "远岭集团2025年实现的产值为36亿元。远岭公司产值从1400万元起步，裂变为288亿元。"
    "兰亭开发区规上工业增加值今年上半年同比增长16.1%。次品率降至1%。"
)


@pytest.mark.parametrize(
    ("draft", "number", "fault", "instead"),
    [
        # the very metric, though the draft's other words are those of another figure of the sentence
        (
            "青禾开发区2024年规上工业总产值突破53.26亿元，其中纺织产业产值40.12亿元。",
            "突破53.26亿元",
            Fault.VALUE,
            "突破52.36亿元",
        ),
        ("远岭集团2025年产值为63亿元。", "63亿元", Fault.VALUE, "36亿元"),  # 实现的产值, of that year
        ("青禾开发区2024年税收7.35亿元。", "7.35亿元", Fault.ABSENT, ""),  # no 产值 for 税收
        ("青禾开发区2024年规上工业增加值增长9.4%。", "9.4%", Fault.ABSENT, ""),  # no growth of another's
        ("企业贷款利率降至2.85%。", "2.85%", Fault.ABSENT, ""),  # no 次品率
    ],
)
def test_what_is_offered_is_of_the_same(draft: str, number: str, fault: Fault, instead: str) -> None:
    """Invariant: another subject's figure, or that of another metric, is never told as what stands here."""
    found = only(draft, number, PAGE)
    assert (found.fault, found.printed) == (fault, instead)


def test_what_no_source_tells_of_has_no_nearest_sentence() -> None:
    """Invariant: a sentence that shares a word by chance is not near."""
    assert only("县城新开咖啡馆72家。", "72家", PAGE).citations == ()
    assert only("青禾开发区的纺织产业有员工8620人。", "8620人", PAGE).citations != ()


@cache
def _seeds() -> tuple[Passage, ...]:
    passages, _ = sources.sources([Path(ROOT / "seeds")], 300)
    return tuple(passages)


def _drafted(draft: str, number: str) -> CheckedNumber:
    checked = check(draft, _seeds(), suspicions=())
    return next(one for one in checked.numbers if one.text == number)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("draft", "number", "fault", "told"),
    [
        ("水城经开区2024年规上工业总产值突破100.13亿元。", "突破100.13亿元", Fault.SUBJECT, "台江经开区"),
        ("台江经开区2023年规上工业总产值突破100.13亿元。", "突破100.13亿元", Fault.PERIOD, "2024年"),
        ("台江经开区2024年规上工业总产值突破100.13万元。", "突破100.13万元", Fault.UNIT, "突破100.13亿元"),
        (
            "台江经开区2024年规上工业总产值突破103.10亿元，其中循环经济产业产值98.39亿元，占比98.26%。",
            "突破103.10亿元",
            Fault.VALUE,
            "突破100.13亿元",
        ),
        ("正安经开区一年产销约240万双吉他。", "约240万双", Fault.UNIT, "约240万把"),
        ("莹月帆集团2025年产值为63亿元。", "63亿元", Fault.VALUE, "36亿元"),
        ("六盘水市2025年地区生产总值比上年增长10.3%。", "10.3%", Fault.METRIC, "5.2%"),
        ("台江经开区2024年税收为7.35亿元。", "7.35亿元", Fault.ABSENT, ""),
        ("福泉供电局累计售电量突破83亿千瓦时。", "突破83亿千瓦时", Fault.VALUE, "突破50亿千瓦时"),
        ("水城区2025年铝及铝加工产业链的产值为95.54亿元。", "95.54亿元", Fault.VALUE, "160亿元"),
        ("中国农业银行水城支行2025年投放贷款2900万元。", "2900万元", Fault.PERIOD, "2026年"),
        ("正安经开区有吉他生产企业98家。", "98家", Fault.VALUE, "144家"),
        ("贵阳2024年规上工业增加值增速达21.7%。", "21.7%", Fault.VALUE, "10%左右"),
        ("台江经开区铅蓄电池制造和再生资源循环经济产业产值89.39亿元。", "89.39亿元", Fault.VALUE, "98.39亿元"),
        ("双元铝业厂区面积有200多万平方米。", "200多万平方米", Fault.VALUE, "20多万平方米"),
        ("今年一季度，水城经开区铝及铝加工产值同比下降35.67%。", "35.67%", Fault.DIRECTION, "35.67%"),
        ("全县新开咖啡馆72家。", "72家", Fault.ABSENT, ""),
        ("黎平县2024年茶叶产量1.8万吨。", "1.8万吨", Fault.ABSENT, ""),
    ],
)
def test_drafts_of_the_projects_pages(draft: str, number: str, fault: Fault, told: str) -> None:
    """Right digits of another park, year or unit, made-up figures, figures of another metric: what is told of each."""
    found = _drafted(draft, number)
    assert found.fault is fault
    assert told in found.reason
    assert bool(found.printed) == bool(told)
