"""Doubts over invented stories: what cannot be right is flagged, what can be is not, and the print is never altered."""

import ast
import re

import pytest
from conftest import ROOT

from assistant import aliases, checks, claims, figures, ledger, relations
from assistant.checks import doubt, english
from assistant.records import Account, Suspicion


def account(text: str, headline: str = "", date: str = "2025-08", file: str = "a.txt") -> Account:
    found = claims.claims(text, figures.find(text), headline=headline, page_date=date)
    return Account(text, found, headline, file, date)


def doubts(*texts: str, headline: str = "") -> tuple[Suspicion, ...]:
    return ledger.suspicions([account(text, headline) for text in texts])


# kind, a text that raises it, what the reading or the arithmetic must show, and a text of the same form that does not
PAIRS = [
    ("direction", "年产能从325万吨提升至40万吨。", "32.5万吨", "年产能从32.5万吨提升至40万吨。"),
    ("direction", "审批时间从20天压缩到35天。", "35天", "审批时间从35天压缩到20天。"),
    ("leap", "茶园面积从12.5万亩扩大到1866万亩。", "18.66万亩", "茶园面积从12.5万亩扩大到18.7万亩。"),
    (
        "growth",
        "产值从2020年的10亿元增长到2024年的20亿元，年均增长38.9%。",
        "18.9%",
        "产值从2020年的10亿元增长到2024年的20亿元，年均增长18.9%。",
    ),
    ("growth", "共完成投资12亿元，同比增加2亿元，增长45%。", "20.0%", "共完成投资12亿元，同比增加2亿元，增长20%。"),
    (
        "part-above-whole",
        "签约资金8亿元，其中外资签约资金123亿元。",
        "疑为1.23亿元",
        "签约资金8亿元，其中外资签约资金3亿元。",
    ),
    (
        "part-above-whole",
        "融资需求20亿元，目前已达成授信360亿元。",
        "疑为3.6亿元",
        "融资需求20亿元，目前已达成授信36亿元。",
    ),
    (
        "share",
        "园区产值40亿元，其中铸造产值10亿元，占比52%。",
        "25.0%",
        "园区产值40亿元，其中铸造产值10亿元，占比25%。",
    ),
    (
        "sum",
        "全市地区生产总值500亿元。其中，第一产业增加值60亿元，第二产业增加值140亿元，第三产业增加值30亿元。",
        "230亿",
        "全市地区生产总值500亿元。其中，第一产业增加值60亿元，第二产业增加值140亿元，第三产业增加值300亿元。",
    ),
    ("above-hundred", "全县森林覆盖率达623%。", "62.3%", "全县森林覆盖率达62.3%。"),
    ("range", "全市地区生产总值同比增长58%。", "5.8%", "全市地区生产总值同比增长5.8%。"),
    ("range", "种植户亩产达860吨。", "8.6吨", "种植户亩产达8.6吨。"),
    ("unit", "全省摩托车产能达30GWh。", "30GWh", "全省摩托车产能达30万辆。"),
    (
        "unit-price",
        "全市售出新能源车2000辆，销售额达365亿元。",
        "1825万元",
        "全市售出新能源车2000辆，销售额达3.65亿元。",
    ),
    (
        "subsidy",
        "置换补贴最高有15万元。王先生以16.2万元的价格买了新车。",
        "疑为1.5万元",
        "置换补贴最高有1.5万元。王先生以16.2万元的价格买了新车。",
    ),
    ("physics", "企业利用10万平方米屋顶建设300兆瓦光伏。", "30兆瓦", "企业利用10万平方米屋顶建设15兆瓦光伏。"),
    ("physics", "轧成厚度35毫米、长2000米的铝卷。", "3.5毫米", "轧成厚度0.35毫米、长2000米的铝卷。"),
    ("precision", "年排放烟尘12.35吨、氮氧化物218吨。", "21.8吨", "年排放烟尘12.35吨、氮氧化物21.8吨。"),
    (
        "power-of-ten",
        "今年投资3.46亿元。据介绍，这346亿元用于修路。",
        "疑为3.46亿元",
        "今年投资3.46亿元。据介绍，这3.46亿元用于修路。",
    ),
    ("lost-point", "全县环比上涨04%。", "疑为0.4%", "全县环比上涨0.4%。"),
    ("lost-point", "基金规模达1669303亿元。", "疑为16693.03亿元", "基金规模达16693.03亿元。"),
    ("above-hundred", "全县案件同比下降3548%。", "35.48%", "全县案件同比下降35.48%。"),
    ("above-hundred", "583%的煤炭资源配给民企。", "58.3%", "58.3%的煤炭资源配给民企。"),
    (
        "precision",
        "甲、乙两园加仓额分别为24.18亿元、1711亿元。",
        "疑为17.11亿元",
        "甲、乙两园加仓额分别为24.18亿元、17.11亿元。",
    ),
    (
        "precision",
        "全市出口增长25.4%，进口增长35.9%，投资增长6.8%，工业产值增长391%。",
        "疑为39.1%",
        "全市出口增长25.4%，进口增长35.9%，投资增长6.8%，工业产值增长39.1%。",
    ),
    (
        "share",
        "建成管网3.53万公里，占比约77.83%；在建管网70251公里，占比约15.49%。",
        "疑为7025.1公里",
        "建成管网3.53万公里，占比约77.83%；在建管网7025.1公里，占比约15.49%。",
    ),
    (
        "share",
        "开阳县进出口总值388亿元。保税区进出口1348亿元，占全县进出口比重达34.7%。",
        "疑为134.8亿元",
        "开阳县进出口总值388亿元。保税区进出口134.8亿元，占全县进出口比重达34.7%。",
    ),
    ("difference", "工期从3个月压缩至45天，节省时间两个月。", "1.5", "工期从3个月压缩至45天，节省时间一个半月。"),
    ("difference", "成本从90元降至60元，节约12元。", "30", "成本从90元降至60元，节约30元。"),
    ("range", "全县发生34级地震。", "疑为3.4级", "全县发生3.4级地震。"),
    ("range", "震中位于北纬188度。", "18.8度", "震中位于北纬18.8度。"),
    (
        "unit-price",
        "全县接待游客40.1万人次，实现旅游综合收入3929亿元。",
        "疑为3.929亿元",
        "全县接待游客40.1万人次，实现旅游综合收入3.929亿元。",
    ),
    (
        "unit-price",
        "出口额81亿美元（约合58.1亿元人民币）。",
        "疑为8.1亿美元",
        "出口额8.1亿美元（约合58.1亿元人民币）。",
    ),
    (
        "growth",
        "全年共完成投资125亿元，同比增加2亿元，增长19%。",
        "疑为12.5亿元",
        "全年共完成投资12.5亿元，同比增加2亿元，增长19%。",
    ),
    ("incommensurable", "年节约电费50万元，相当于植树20万棵。", "50万元", "年减排1万吨，相当于植树20万棵。"),
    (
        "rhythm",
        "远岭经开区每天产茶青20吨。远岭经开区每月产茶青30吨。",
        "20倍",
        "远岭经开区每天产茶青20吨。远岭经开区每月产茶青500吨。",
    ),
]


@pytest.mark.parametrize(("kind", "wrong", "shown", "right"), PAIRS)
def test_what_cannot_be_right_is_flagged_and_its_like_is_not(kind: str, wrong: str, shown: str, right: str) -> None:
    found = [s for s in doubts(wrong) if s.kind == kind]
    assert found, doubts(wrong)
    assert shown in found[0].arithmetic + found[0].reading
    assert doubts(right) == ()


def test_a_firm_is_not_above_its_park() -> None:
    story = "2024年，清镇经开区产值达50亿元。贵州远岭铝业有限公司产值达240亿元。"
    (found,) = doubts(story, headline="清镇经开区的新气象")
    assert found.kind == "part-above-whole"
    assert found.claims[0].figure.text == "240亿元"
    assert found.witnesses[0].figure.text == "50亿元"
    assert "24亿元" in found.reading


def test_a_quarter_is_not_above_the_year_of_another_page() -> None:
    quarter = account("今年一季度，清镇经开区铸造产值突破201.5亿元。", date="2025-04", file="a.txt")
    year = account("2024年，清镇经开区铸造产值达90.3亿元。", date="2025-11", file="b.txt")
    (found,) = ledger.suspicions([quarter, year])
    assert found.kind == "part-above-whole"
    assert "20.15亿元" in found.reading
    assert {file for file, _ in found.quotes} == {"a.txt", "b.txt"}


def test_a_conflict_needs_subject_metric_and_period_to_agree() -> None:
    one = account("2024年，清镇经开区规上工业总产值达90.3亿元。", file="a.txt")
    other = account("2024年，清镇经开区规上工业总产值达84.1亿元。", file="b.txt")
    later = account("2023年，清镇经开区规上工业总产值达70亿元。", file="b.txt")
    elsewhere = account("2024年，修文经开区规上工业总产值达84.1亿元。", file="b.txt")
    assert [s.kind for s in ledger.suspicions([one, other])] == ["conflict"]
    assert ledger.suspicions([one, later]) == ()
    assert ledger.suspicions([one, elsewhere]) == ()
    known = aliases.learn([one.text, other.text, later.text, elsewhere.text])
    assert relations.relation(one.claims[0], other.claims[0], known) == "conflict"
    assert relations.relation(one.claims[0], later.claims[0], known) == "period"
    assert relations.relation(one.claims[0], elsewhere.claims[0], known) == "unrelated"


def test_trade_with_one_country_is_not_trade_with_another() -> None:
    one = account("2024年，贵州的双边贸易额为9.3亿元，对象是老挝。", file="a.txt")
    other = account("2024年，贵州的双边贸易额为41.2亿元，对象是越南。", file="b.txt")
    assert ledger.suspicions([one, other]) == ()


def test_growth_is_held_against_the_value_of_the_year_before() -> None:
    now = account("2024年，清镇经开区规上工业总产值达90亿元，同比增长20%。", file="a.txt")
    then = account("2023年，清镇经开区规上工业总产值达50亿元。", file="b.txt")
    fine = account("2023年，清镇经开区规上工业总产值达75亿元。", file="b.txt")
    assert [s.kind for s in ledger.suspicions([now, then])] == ["growth"]
    assert ledger.suspicions([now, fine]) == ()


def test_words_that_disagree_are_flagged() -> None:
    found = doubts("县文旅局为店主办理了娱乐经营许可。", headline="办理餐饮经营许可更快了")
    assert [s.kind for s in found] == ["text-conflict"]


def test_a_rate_that_is_no_term_is_doubted() -> None:
    (found,) = doubts("设备利耗率达91%。")
    assert (found.kind, found.reading) == ("term", "疑为“设备利用率”")
    assert doubts("设备利用率达91%。") == ()


def test_two_namesakes_of_one_page_are_not_taken_for_one() -> None:
    assert [s.kind for s in doubts("周先生买了茶。", "周先生办了证。")] == ["confusable"]
    apart = [account("周先生买了茶。", file="a.txt"), account("周先生办了证。", file="b.txt")]
    assert ledger.suspicions(apart) == ()


def test_a_headline_that_prints_ten_times_the_text_is_flagged() -> None:
    found = doubts("全县新增茶园3.6万亩。", headline="新增茶园36万亩")
    assert "power-of-ten" in {s.kind for s in found}


def test_every_check_has_a_docstring_and_no_check_alters_the_text() -> None:
    assert all(check.__doc__ for check in checks.CHECKS)
    told = account("年产能从325万吨提升至40万吨。")
    before = (told.text, told.claims)
    list(checks.suspicions(told))
    assert (told.text, told.claims) == before


def test_entries_of_the_table_of_what_can_be_give_their_reason() -> None:
    for table in ("price", "growth", "fit", "range", "region"):
        assert all(entry["why"] for entry in doubt.METRICS[table])
    assert all(entry["low"] < entry["high"] for table in ("price", "growth", "range") for entry in doubt.METRICS[table])


def _worded() -> set[str]:
    """The texts that the checks can give, 甲乙丙… in place of what they name."""
    found: set[str] = set()
    for path in (ROOT / "assistant" / "checks").glob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        parts = {id(one) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for one in node.values}
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                names = iter("甲乙丙丁戊")
                found.add(
                    "".join(
                        str(one.value) if isinstance(one, ast.Constant) else next(names, "己") for one in node.values
                    )
                )
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
                found.add(node.value)
    # no pattern, no docstring, no example, no word alone
    return {one for one in found if re.search("[一-鿿]{4}", one) and not re.search(r"[|\[*?+a-zA-Z=÷]", one)}


def test_every_doubt_has_its_english() -> None:
    """Whatever a check says, its English keeps what it names and none of the Chinese around it."""
    worded = _worded() - {"〇一两三四五六七八九", "局委厅院"}
    assert len(worded) > 45
    for chinese in worded:
        told = english.said(chinese)
        assert sorted(re.sub("[^甲乙丙丁戊]", "", told)) == sorted(re.sub("[^甲乙丙丁戊]", "", chinese)), chinese
        assert not re.search("[一-鿿]", re.sub("[甲乙丙丁戊元每]", "", told)), (chinese, told)
    assert english.said("未曾见过的疑点") == "未曾见过的疑点"
    caveat = "“突破301.6亿元”“130.32亿元”：2025年一季度之数远大于2024年全年之数；疑为30.16亿元，小数点或脱落。"
    assert english.warned(caveat) == (
        "“突破301.6亿元”“130.32亿元”: the figure of 2025年一季度 is far above that of the whole year 2024年; "
        "30.16亿元 may be meant: a decimal point may have been lost."
    )
    assert english.warned("只算规上企业。") == "只算规上企业。"
