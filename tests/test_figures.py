"""Figures found in text, refusals included; and when two figures agree. Every sentence here was made up."""

from decimal import Decimal
from functools import partial

import pytest
from conftest import steps
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import figures, units
from assistant.records import Bound, Figure

EXACT, ABOUT, LEAST, MORE, MOST, LESS = (
    Bound.EXACT,
    Bound.ABOUT,
    Bound.AT_LEAST,
    Bound.MORE_THAN,
    Bound.AT_MOST,
    Bound.LESS_THAN,
)

# text, the figure as printed in it, value, unit, kind, bound
FOUND = [
    # money
    ("园区产值100.13亿元。", "100.13亿元", "10013000000", "元", "money", EXACT),
    ("签约83573万元", "83573万元", "835730000", "元", "money", EXACT),
    ("募集 100 亿元", "100 亿元", "10000000000", "元", "money", EXACT),
    ("年产值可突破18亿元。", "突破18亿元", "1800000000", "元", "money", MORE),
    ("年省运费超4000万元", "超4000万元", "40000000", "元", "money", MORE),
    ("投入上亿元改造", "上亿元", "100000000", "元", "money", LEAST),
    ("实现百亿元产值", "百亿元", "10000000000", "元", "money", EXACT),
    ("投资超过40个亿，", "超过40个亿", "4000000000", "元", "money", MORE),
    ("产值1800余万元", "1800余万元", "18000000", "元", "money", MORE),
    ("折旧只算2000块，", "2000块", "2000", "元", "money", EXACT),
    ("缴费3亿2000万元", "3亿2000万元", "320000000", "元", "money", EXACT),
    ("财务费用-8.71亿元", "-8.71亿元", "-871000000", "元", "money", EXACT),
    ("出口3.2亿美元", "3.2亿美元", "320000000", "美元", "money", EXACT),
    ("补贴最高13万元", "最高13万元", "130000", "元", "money", MOST),
    # shares, points, multiples
    ("占比98.26%。", "98.26%", "98.26", "%", "share", EXACT),
    ("占比５０％。", "５０％", "50", "%", "share", EXACT),
    ("满足七成需求", "七成", "70", "%", "share", EXACT),
    ("压缩近六成，", "近六成", "60", "%", "share", ABOUT),
    ("约占三成五", "三成五", "35", "%", "share", EXACT),
    ("占三成五金企业", "三成", "30", "%", "share", EXACT),
    ("贡献率超三成", "超三成", "30", "%", "share", MORE),
    ("占百分之三十五", "百分之三十五", "35", "%", "share", EXACT),
    ("占四分之一以上", "四分之一以上", "25", "%", "share", LEAST),
    ("攀升至一半以上，", "一半以上", "50", "%", "share", LEAST),
    ("其中近半是氢气", "近半", "50", "%", "share", ABOUT),
    ("进度过半。", "过半", "50", "%", "share", MORE),
    ("误差4.6‰", "4.6‰", "4.6", "‰", "share", EXACT),
    ("80%以上的客户", "80%以上", "80", "%", "share", LEAST),
    ("置换率在37.5%左右", "37.5%左右", "37.5", "%", "share", ABOUT),
    ("占3/4的人", "3/4", "75", "%", "share", EXACT),
    ("提高4个百分点", "4个百分点", "4", "个百分点", "points", EXACT),
    ("回落0.3百分点", "0.3百分点", "0.3", "个百分点", "points", EXACT),
    ("增长1.5倍", "1.5倍", "1.5", "倍", "multiple", EXACT),
    ("产能将翻一倍，", "翻一倍", "2", "倍", "multiple", EXACT),
    ("收入翻了两番。", "翻了两番", "4", "倍", "multiple", EXACT),
    # physical
    ("每天约400吨", "约400吨", "400", "吨", "mass", ABOUT),
    ("储量2.99亿吨", "2.99亿吨", "299000000", "吨", "mass", EXACT),
    ("卖出约1000斤", "约1000斤", "1000", "斤", "mass", ABOUT),
    ("发电约2590万度", "约2590万度", "25900000", "度", "energy", ABOUT),
    ("售电50亿千瓦时", "50亿千瓦时", "5000000000", "千瓦时", "energy", EXACT),
    ("产能达55GWh", "55GWh", "55", "GWh", "energy", EXACT),
    ("装机突破1亿千瓦", "突破1亿千瓦", "100000000", "千瓦", "power", MORE),
    ("建设400兆瓦光伏", "400兆瓦", "400", "兆瓦", "power", EXACT),
    ("改造220千伏间隔", "220千伏", "220", "千伏", "voltage", EXACT),
    ("长1600多米的", "1600多米", "1600", "米", "length", MORE),
    ("里程6万多公里", "6万多公里", "60000", "公里", "length", MORE),
    ("种了20多亩", "20多亩", "20", "亩", "area", MORE),
    ("屋顶20多万平方米", "20多万平方米", "200000", "平方米", "area", MORE),
    ("应用超过一百万平方米", "超过一百万平方米", "1000000", "平方米", "area", MORE),
    ("瓦斯1400万立方米", "1400万立方米", "14000000", "立方米", "volume", EXACT),
    ("仍有850摄氏度", "850摄氏度", "850", "℃", "temperature", EXACT),
    ("零下5℃", "零下5℃", "-5", "℃", "temperature", EXACT),
    ("平均气温23度", "23度", "23", "度", "temperature", EXACT),
    ("航道为40万吨级", "40万吨级", "400000", "吨", "mass", EXACT),
    ("算力突破100EFlops", "突破100EFlops", "100", "EFlops", "compute", MORE),
    ("售价300元/吨", "300元/吨", "300", "元/吨", "rate", EXACT),
    # durations
    ("48小时内送达", "48小时内", "48", "小时", "duration", MOST),
    ("不到十分钟就办完", "不到十分钟", "10", "分钟", "duration", LESS),
    ("车程近一个小时", "近一个小时", "1", "小时", "duration", ABOUT),
    ("用了两个半小时", "两个半小时", "2.5", "小时", "duration", EXACT),
    ("等了3个多月", "3个多月", "3", "个月", "duration", MORE),
    ("半个月到账", "半个月", "0.5", "个月", "duration", EXACT),
    ("61个工作日", "61个工作日", "61", "个工作日", "duration", EXACT),
    ("15日内答复", "15日内", "15", "天", "duration", MOST),
    ("历时近3年", "近3年", "3", "年", "duration", ABOUT),
    ("提前3天完成", "3天", "3", "天", "duration", EXACT),
    ("成立7年的企业", "7年", "7", "年", "duration", EXACT),
    # counts and ranks
    ("周边五个省份", "五个", "5", "个", "count", EXACT),
    ("两万多个网点", "两万多个", "20000", "个", "count", MORE),
    ("员工340余名", "340余名", "340", "名", "count", MORE),
    ("月产3亿多颗", "3亿多颗", "300000000", "颗", "count", MORE),
    ("日均上千单", "上千单", "1000", "单", "count", LEAST),
    ("每天10组以上", "10组以上", "10", "组", "count", LEAST),
    ("百余家门店", "百余家", "100", "家", "count", MORE),
    ("不低于3家", "不低于3家", "3", "家", "count", LEAST),
    ("至少3万双", "至少3万双", "30000", "双", "count", LEAST),
    ("每月至少生产3万双", "至少生产3万双", "30000", "双", "count", LEAST),
    ("54家上下游企业", "54家", "54", "家", "count", EXACT),
    ("建成两套系统", "两套", "2", "套", "count", EXACT),
    ("项目分三期建设", "三期", "3", "期", "count", EXACT),
    ("100+家门店", "100+家", "100", "家", "count", LEAST),
    ("累计240万，", "240万", "2400000", "", "count", EXACT),
    ("答案是144。", "144", "144", "", "count", EXACT),
    ("排名第27位", "第27位", "27", "位", "rank", EXACT),
    ("稳居全校前50名", "前50名", "50", "名", "rank", MOST),
    ("游云顶山、月牙湖、松子坪三大景区", "三大", "3", "个", "count", EXACT),
    ("发展磷化工、酱酒等六大重点产业", "六大", "6", "个", "count", EXACT),
    ("走好“稳链”“补链”“强链”三大路径", "三大", "3", "个", "count", EXACT),
    ("工业总产值迈上千亿级台阶", "千亿级", "100000000000", "元", "money", LEAST),
    ("税收突破百亿大关", "突破百亿", "10000000000", "元", "money", MORE),
    # English
    ("It made 10.362 billion yuan.", "10.362 billion yuan", "10362000000", "元", "money", EXACT),
    ("worth $5 million", "$5 million", "5000000", "美元", "money", EXACT),
    ("about 2.4 million guitars", "about 2.4 million", "2400000", "", "count", ABOUT),
    ("a share of 98.26 percent", "98.26 percent", "98.26", "%", "share", EXACT),
    ("up 4 percentage points", "4 percentage points", "4", "个百分点", "points", EXACT),
    ("some 1,800 tonnes", "some 1,800 tonnes", "1800", "吨", "mass", ABOUT),
    ("more than 3,200 vehicles", "more than 3,200 vehicles", "3200", "辆", "count", MORE),
    ("it has 54 companies", "54", "54", "", "count", EXACT),
    ("ranked 27th of all", "27th", "27", "位", "rank", EXACT),
    ("one-seventh of the world", "one-seventh", str(Decimal(100) / 7), "%", "share", EXACT),
    ("within 3 hours", "3 hours", "3", "小时", "duration", EXACT),
]

NOT_FIGURES = [
    "2024年9月3日上午8时30分",
    "二〇二四年",
    "1至10月，3、4月份",
    "2021—2024年",
    "2025-09-03 09:30",
    "近3年，过去五年，五年来，3年前，前10个月",
    "5G网络、4K摄像机、6N级、S212线、CS35plus",
    "“1468”项目、“13+2”框架、“8+4”行业",
    "改革“30条”",
    "第三批、第三代、第4、5位、位列第一",
    "数说五年，回望十年",
    "六大基地、三大景区、十四五、一带一路、五位一体、八项规定",
    "六盘水、七台河、千户苗寨、万亩茶园",
    "一个园区、一条产业链、一家企业、一块块电池",
    "百亿级园区、千亿级台阶、跨越千亿级台阶",
    "茶叶、酱酒、辣椒“三大产业”",
    "围绕六大重点产业，茶叶、酱酒六大产业",
    "几千元、好几千元、数百家、几十万、三五天、两三个、七八百人",
    "世界500强",
    "电话0851-88888888，邮编550000",
    "双优大模型1.0",
    "三年行动计划、5年规划",
    "这两个项目",
    "两家企业合作",
    "四周环山、四分之一决赛、三部曲",
    "十九度铝业、两度夺冠",
    "CSR的1:3配比",
    "the 14th Five-Year Plan, September 3, in 2024, Table 3, Page 12",
    "一成不变、三成立",
    "上半年、下半年、半自动",
    "成千上万家",
]


@pytest.mark.parametrize(("text", "printed", "value", "unit", "kind", "bound"), FOUND)
def test_found(text: str, printed: str, value: str, unit: str, kind: str, bound: Bound) -> None:
    """The figure is found with its whole print, its value in the base unit, and what is said of it."""
    (found,) = figures.find(text)
    assert (found.text, found.value, found.unit, found.kind, found.bound) == (
        printed,
        Decimal(value),
        unit,
        kind,
        bound,
    )
    assert text[found.start : found.end] == printed


@pytest.mark.parametrize("text", NOT_FIGURES)
def test_refused(text: str) -> None:
    """Names, dates, ordinals and numbers without a value are no figures."""
    assert figures.find(text) == ()


# text, then the figures as (print, value, unit)
SEVERAL = [
    ("售价20至80元", [("20", 20, "元"), ("80元", 80, "元")]),
    ("投资3500万至5000万元", [("3500万", 35000000, "元"), ("5000万元", 50000000, "元")]),
    ("奖励3至5万元", [("3", 30000, "元"), ("5万元", 50000, "元")]),
    ("奖励500至1万元", [("500", 500, "元"), ("1万元", 10000, "元")]),
    ("三到五天", [("三", 3, "天"), ("五天", 5, "天")]),
    ("5—10年工夫", [("5", 5, "年"), ("10年", 10, "年")]),
    ("达20%和70%以上", [("20%", 20, "%"), ("70%以上", 70, "%")]),
    ("56.75亿元、49.34亿元", [("56.75亿元", 5675000000, "元"), ("49.34亿元", 4934000000, "元")]),
    ("分别为12、15和20家", [("12", 12, "家"), ("15", 15, "家"), ("20家", 20, "家")]),
    ("由1097增加到2095人", [("1097", 1097, "人"), ("2095人", 2095, "人")]),
    ("从40个工作日压缩至25个，", [("40个工作日", 40, "个工作日"), ("25个", 25, "个工作日")]),
    ("从3个月延长到5个项目", [("3个月", 3, "个月"), ("5个", 5, "个")]),
    ("50万元-80万元", [("50万元", 500000, "元"), ("80万元", 800000, "元")]),
    ("from 10 to 20 tonnes", [("10", 10, "吨"), ("20 tonnes", 20, "吨")]),
]


@pytest.mark.parametrize(("text", "expected"), SEVERAL)
def test_ranges_and_lists(text: str, expected: list[tuple[str, int, str]]) -> None:
    """Each number of a range or list is a figure of its own, with the unit that they share."""
    assert [(f.text, int(f.value), f.unit) for f in figures.find(text)] == expected


def test_bound_of_a_range() -> None:
    """What is said of one end of a range is said of both."""
    assert [f.bound for f in figures.find("约3至5天")] == [ABOUT, ABOUT]
    assert [f.bound for f in figures.find("3至5天左右")] == [ABOUT, ABOUT]
    assert [f.bound for f in figures.find("200毫米～400毫米")] == [EXACT, EXACT]


@pytest.mark.parametrize("text", ["节约300元", "附近3家", "网上200人", "最近5个", "公约3条"])
def test_words_that_only_look_like_bounds(text: str) -> None:
    """The last letter of another word says nothing about the number after it."""
    assert figures.find(text)[0].bound is EXACT


SAME = [
    ("103.62亿元", "1036200万元"),
    ("103.62亿元", "10,362,000,000 yuan"),
    ("103.62亿元", "10.362 billion yuan"),
    ("四成", "40%"),
    ("四成", "百分之四十"),
    ("一半", "50%"),
    ("4.6‰", "0.46%"),
    ("2590万度", "25.9GWh"),
    ("2590万度", "2590万千瓦时"),
    ("1亿千瓦", "100GW"),
    ("1吨", "2000斤"),
    ("1吨", "1000公斤"),
    ("48小时", "两天"),
    ("850摄氏度", "850℃"),
    ("850度", "850℃"),
    ("72名", "72人"),
    ("81户", "81家"),
    ("56.75亿", "56.75亿元"),
    ("10.362 billion", "103.62亿元"),
    ("15亩", "1公顷"),
    ("一年", "12个月"),
    ("240万把", "2.4 million"),
    ("超1亿元", "1亿元以上"),
    ("340余名", "more than 340 people"),
    ("约14.3%", "约七分之一"),
    ("近40万双", "约40万双"),
]
DIFFERENT = [
    ("5%", "5个百分点"),
    ("26.1倍", "26.1%"),
    ("3家", "3个"),
    ("5家", "5名"),
    ("240", "240元"),
    ("12.3%", "2.3%"),
    ("100.13亿元", "130.32亿元"),
    ("240万把", "240,000"),
    ("14.3%", "七分之一"),
    ("约400吨", "约403吨"),
    ("5元", "5美元"),
    ("5元", "5%"),
    ("30天", "1个月"),
    ("第2位", "2位"),
    ("超1亿元", "1亿元"),
    ("约400吨", "400吨"),
    ("不到5家", "5家以上"),
]


def one(text: str) -> Figure:
    (found,) = figures.find("超过一年" if text == "一年" else text)
    return Figure(found.text, found.value, found.unit, found.kind, EXACT, 0, 0) if text == "一年" else found


@pytest.mark.parametrize(("a", "b"), SAME)
def test_same(a: str, b: str) -> None:
    """One quantity in two renderings is one quantity, either way round."""
    assert figures.same(one(a), one(b))
    assert figures.same(one(b), one(a))


@pytest.mark.parametrize(("a", "b"), DIFFERENT)
def test_different(a: str, b: str) -> None:
    """Another value, measure or bound is another quantity."""
    assert not figures.same(one(a), one(b))
    assert not figures.same(one(b), one(a))


def test_same_without_bounds() -> None:
    """Bounds can be left out of the comparison; an ABOUT still widens it by half a step of its last digit."""
    assert figures.same(one("超1亿元"), one("1亿元"), bounds=False)
    assert figures.same(one("约3万双"), one("32000双"), bounds=False)
    assert not figures.same(one("约3万双"), one("36000双"), bounds=False)
    assert figures.same(one("约14.3%"), one("七分之一"), bounds=False)


def test_convert() -> None:
    """A figure converts within its measure and no further; its print stays."""
    found = one("约2590万度")
    converted = figures.convert(found, "GWh")
    assert converted is not None
    assert (converted.value, converted.unit, converted.text) == (Decimal("25.9"), "GWh", "约2590万度")
    assert figures.convert(found, "吨") is None
    assert figures.convert(one("3家"), "个") is None


RENDERED = [
    ("超100.13亿元", "超100.13亿元", "more than 10.013 billion yuan"),
    ("约240万把", "约240万把", "about 2.4 million"),
    ("83573万元", "8.3573亿元", "835.73 million yuan"),
    ("12500元", "12500元", "12,500 yuan"),
    ("近六成", "约60%", "about 60%"),
    ("七分之一", "约14.3%", "about 14.3%"),
    ("4个百分点", "4个百分点", "4 percentage points"),
    ("第27位", "第27位", "ranked 27th"),
    ("前50名", "前50名", "top 50"),
    ("不到4小时", "不到4小时", "less than 4 hours"),
    ("340余名", "超340名", "more than 340 people"),
    ("零下5℃", "-5℃", "-5℃"),
]


@pytest.mark.parametrize(("printed", "chinese", "english"), RENDERED)
def test_render(printed: str, chinese: str, english: str) -> None:
    """A figure is worded from its value in either language."""
    assert figures.render(one(printed)) == chinese
    assert figures.render(one(printed), "en") == english


UNITS = sorted(
    {(unit.name, unit.kind) for unit in units.UNITS.values() if unit.kind not in ("magnitude", "index")}
    - {("期", "count"), ("块", "count"), ("强", "count")}
)
VALUES = st.one_of(
    st.integers(min_value=2, max_value=10**13).map(Decimal),
    st.decimals(min_value=Decimal("0.01"), max_value=10**6, places=2, allow_nan=False).filter(bool),
)


@given(VALUES, st.sampled_from(UNITS), st.sampled_from(list(Bound)), st.sampled_from(["zh", "en"]))
@settings(max_examples=1500, deadline=None)
def test_round_trip(value: Decimal, unit: tuple[str, str], bound: Bound, language: str) -> None:
    """What is rendered is found again as the same quantity with the same bound."""
    name, kind = unit
    if name == "年" and value == value.to_integral_value() and 1000 <= value < 2200:
        value += 5000  # 2024年 is a year
    figure = Figure("", value, name, kind, bound, 0, 0)
    text = figures.render(figure, language)
    found = figures.find(text)
    assert len(found) == 1, text
    assert found[0].value == value, text
    assert found[0].text == text
    if figure.unit != "度":
        assert figures.same(figure, found[0]), (text, found[0])


PIECES = st.sampled_from(
    [
        *"0123456789０９.,，。、一两三十百千万亿点半成分之%‰多余近超约第前年月日时至到—-~～+/个家元吨度倍翻了“”\n aAGN",
        *["以上", "左右", "内", "个百分点", "亿元", "万吨", "千瓦时", " billion yuan", "about ", "half ", "one-third"],
        *["2024年", "三成", "七分之一", "上亿", "数百", "几", "两个半小时", "20至80元", "percent", "million "],
    ]
)


@given(st.lists(PIECES, max_size=40).map("".join))
@settings(max_examples=800, deadline=None)
def test_spans(text: str) -> None:
    """No text raises; every span is what the text prints there, in order, without overlap."""
    end = 0
    for found in figures.find(text):
        assert text[found.start : found.end] == found.text
        assert found.text
        assert found.start >= end
        end = found.end


HOSTILE = ["1", "一", "亿", "近约超", "半", "翻", " ", "a", "k", "十", "more than ", "1,", "1.", "点"]


@pytest.mark.parametrize(
    "piece",
    [
        *HOSTILE,
        *("1亿", "翻了一", "1 million "),
        *(pytest.param(each, marks=pytest.mark.slow) for each in ("1、", "1至", "三成", "三分之", "1元、", "1个多")),
    ],
)
def test_steps_grow_with_length_only(piece: str) -> None:
    """Four times the text takes about four times the steps, whatever it repeats; a megabyte is read to its end."""
    figures.find(piece * 500)  # patterns are compiled
    few, many = (steps(partial(figures.find, piece * times)) for times in (2_000, 8_000))
    assert many < 6 * max(few, 100)
    figures.find(piece * (1_000_000 // len(piece.encode())))
