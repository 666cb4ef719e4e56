"""Printed units → the unit a Figure carries, its kind, and how it converts: data, with the two look-ups over it.

A Figure keeps the printed unit (斤 stays 斤), except that spellings of one unit are written one way (摄氏度 → ℃,
块 → 元, kilometres → 公里). ``SCALES`` says which units measure the same thing, and by how much.
"""

import re
from dataclasses import dataclass
from fractions import Fraction

COUNT = "count"


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit as a Figure names it, and the kind of quantity it measures."""

    name: str
    kind: str


# kind: spellings that mean the first one of their row, rows parted by "|"
_SPELLINGS = {
    "money": "元 块钱 人民币 yuan RMB CNY renminbi|美元 美金 dollars USD|欧元 euros EUR|港元 港币|港仙|日元|英镑"
    "|韩元|卢布",
    "share": "% percent per_cent|‰",
    "points": "个百分点 百分点 percentage_points percentage_point|个千分点",
    "multiple": "倍 times fold",
    "mass": "吨 tonnes tonne tons ton|千克|公斤 kg kilograms kilogram|斤 市斤 jin|克 grams|毫克 mg|微克 μg"
    "|吨标准煤 吨标煤",
    "energy": "千瓦时 kilowatt-hours|度|兆瓦时|吉瓦时|kWh|MWh|GWh|TWh|大卡|千卡|焦耳|千焦|兆焦",
    "power": "瓦 watts|千瓦 kilowatts|兆瓦 megawatts|吉瓦 gigawatts|kW|MW|GW|千伏安|马力|匹马力",
    "voltage": "伏|千伏 kV",
    "length": "公里 kilometres kilometers km 千米|米 metres meters 延米|厘米 cm|毫米 mm|微米 μm|纳米 nm|海里|英里|英寸",
    "area": "平方米 平米 平方 ㎡ m² square_metres square_meters"
    "|平方公里 平方千米 km² square_kilometres square_kilometers|公顷 hectares|亩 mu|平方厘米|平方毫米",
    "volume": "立方米 立方 m³ cubic_metres cubic_meters|升 litres liters|毫升 ml mL|立方厘米|标准立方米 标立方米 标方",
    "temperature": "℃ 摄氏度 °C degrees_Celsius degrees_celsius|℉ 华氏度",
    "duration": "小时 个小时 个钟头 hours hour h|分钟 minutes minute|秒 秒钟 seconds second|毫秒|天 days day"
    "|周 个星期 星期 个礼拜 weeks week|个月 months month|年 years year|个工作日 工作日 working_days working_day"
    "|个交易日 交易日|个季度 quarters|个学期|个世纪",
    "age": "岁 周岁 years_old",
    "speed": "公里每小时|米每秒",
    "data": "KB|MB|GB|TB|PB|EB|Mbps|Gbps|Tbps|兆",
    "compute": "EFlops EFLOPS EFlop/s|PFlops PFLOPS|TFlops TFLOPS|MIPS",
    "frequency": "赫兹 Hz|千赫 kHz|兆赫 MHz|吉赫 GHz",
    "sound": "分贝 dB",
    "magnitude": "级",
    "index": "点",
    "pressure": "帕|千帕 kPa|兆帕 MPa",
}

# Classifiers that a Chinese number may count (三个, 五户), parted by spaces.
_COMMON = (
    "个 家 户 名 人 位 项 条 台 辆 颗 套 棵 株 种 组 件 次 只 头 所 座 栋 幢 间 支 双 把 份 张 篇 本 册 起 宗 "
    "单 笔 款 批 类 层 场 处 艘 架 枚 部 部门 例 人次 批次 场次 车次 班次 架次 台次 辆次 件次 户次 单次 台套 "
    "组件 箱 袋 盒 桶 瓶 朵 匹 粒 尾 羽 盏 罐 桌 列 标段 期 强"
)
# Those that only Arabic digits count: 四面, 六枝, 九省, 五行 are words, 4面 is a count.
_ARABIC_ONLY = (
    "面 道 门 口 节 包 车 队 群 排 行 字 句 集 片 块 对 根 枝 副 幅 盘 杯 碗 卷 届 轮 趟 席 封 页 县 省 市 州 村 "
    "镇 乡 国 案 校 城 站 店 馆 库 团 社 班 课时 学时 学分 分 股 部分 方面 环节 领域 乡镇 街道 社区 行政村 "
    "自然村 区县 县区 市州 省份 网点 岗位 项目 男子 女子 死 伤 重伤 轻伤 注 首 手"
)
_PEOPLE = "people persons person"
_VEHICLES = "vehicles vehicle"

# what must not follow a classifier, lest it be the beginning of a word: 3所谓, 2单元, 10年级
_NOT_BEFORE = {
    "单": "元位",
    "注": "册意入重明定目",
    "首": "先次席都届个批期",
    "手": "机术工段续动",
    "死": "亡者",
    "伤": "亡者员",
    "点": "钟半多左",
    "所": "谓",
    "位": "于一堂数",
    "名": "单称",
    "台": "湾风",
    "家": "庭",
    "本": "地科报",
    "批": "发",
    "起": "来重",
    "部": "分门署委队曲",
    "人": "民均工类",
    "天": "然津气空",
    "次": "年日数生",
    "年": "级代度制版规计行期报初末底",
    "组": "织合建",
    "条": "例",
    "元": "旦素宵",
    "分": "之钟",
    "度": "假",
    "班": "级",
    "秒": "杀",
    "周": "年边岁期",
    "克": "服隆",
    "升": "级至到",
    "米": "兰",
    "期": "间货",
    "包": "括",
    "校": "区长",
    "市": "场",
    "口": "径",
    "节": "点能约",
    "行": "业",
    "集": "团群中",
    "对": "于比接",
    "站": "式",
    "面": "向积对",
    "道": "路",
    "城": "市",
    "港": "口元币",
    "国": "内家际道",
    "案": "例",
    "店": "铺",
    "社": "区会",
    "团": "队",
    "车": "间",
    "队": "员伍",
    "群": "众",
    "字": "形",
    "片": "区",
    "县": "城",
    "省": "份级内",
    "村": "民",
    "乡": "村",
    "镇": "区",
    "门": "店类",
    "股": "份",
    "块": "链",
    "粒": "子",
    "尾": "矿",
    "间": "隔",
    "层": "次面级",
    "类": "似型",
    "处": "理于置",
    "例": "如",
    "支": "付持撑",
    "把": "握",
    "份": "额",
    "款": "项",
    "项": "目",
    "座": "谈",
    "只": "有需要能是",
    "场": "地景所",
    "匹": "配",
    "列": "入为车",
}

CLASSIFIERS = frozenset(_COMMON.split())
"""Classifiers that a Chinese number may count."""

UNITS: dict[str, Unit] = {}
"""Every spelling of every unit."""

for _kind, _rows in _SPELLINGS.items():
    for _group in _rows.split("|"):
        _names = [_name.replace("_", " ") for _name in _group.split()]
        UNITS.update({_name: Unit(_names[0], _kind) for _name in _names})
UNITS.update({_name: Unit(_name, COUNT) for _name in (_COMMON + " " + _ARABIC_ONLY).split()})
UNITS.update({_name: Unit("人", COUNT) for _name in _PEOPLE.split()})
UNITS.update({_name: Unit("辆", COUNT) for _name in _VEHICLES.split()})
UNITS["㎏"] = UNITS["kg"]

_LENGTHS: dict[str, list[int]] = {}
for _name in UNITS:
    _LENGTHS.setdefault(_name[0], []).append(len(_name))
_LENGTHS = {_letter: sorted(set(_lengths), reverse=True) for _letter, _lengths in _LENGTHS.items()}
_ASCII_NAMES = {name.lower(): unit for name, unit in UNITS.items() if name.isascii() and len(name) > 3}
_LATIN = re.compile(r"[A-Za-zμ°]++[²³]?(?:[ -][A-Za-z]++|/s(?![A-Za-z]))?")

# measure: each unit, and how many of the measure's base it is
_ROWS = {
    "mass": "吨 1000 千克 1 公斤 1 斤 1/2 克 1/1000 毫克 1/1000000 微克 1/1000000000",
    "energy": "千瓦时 1 度 1 kWh 1 兆瓦时 1000 MWh 1000 吉瓦时 1000000 GWh 1000000 TWh 1000000000",
    "power": "瓦 1/1000 千瓦 1 kW 1 兆瓦 1000 MW 1000 吉瓦 1000000 GW 1000000",
    "voltage": "伏 1 千伏 1000",
    "length": "公里 1000 米 1 厘米 1/100 毫米 1/1000 微米 1/1000000 纳米 1/1000000000 海里 1852",
    # 1亩 is a fifteenth of a hectare (GB 3100-93)
    "area": "平方米 1 平方公里 1000000 公顷 10000 亩 10000/15 平方厘米 1/10000",
    "volume": "立方米 1 升 1/1000 毫升 1/1000000 立方厘米 1/1000000",
    "temperature": "℃ 1 度 1",
    "time": "小时 3600 分钟 60 秒 1 毫秒 1/1000 天 86400 周 604800",
    "months": "个月 1 个季度 3 年 12",
    "share": "% 1 ‰ 1/10",
    "points": "个百分点 1 个千分点 1/10",
    "people": "人 1 名 1 位 1",
    "plants": "棵 1 株 1",
    "firms": "家 1 户 1",
    "frequency": "赫兹 1 千赫 1000 兆赫 1000000 吉赫 1000000000",
    "pressure": "帕 1 千帕 1000 兆帕 1000000",
    "compute": "EFlops 1000 PFlops 1 TFlops 1/1000",
}


def _row(printed: str) -> dict[str, Fraction]:
    words = printed.split()
    return {unit: Fraction(factor) for unit, factor in zip(words[::2], words[1::2], strict=True)}


SCALES = {_name: _row(_printed) for _name, _printed in _ROWS.items()}
"""What units measure, and how many of the measure's base one unit is. Units of one measure convert."""

_MEASURE_OF = {unit: measure for measure, row in SCALES.items() for unit in row if unit != "度"}

_ENGLISH_ROWS = """
元 yuan|美元 dollars|欧元 euros|% %|个百分点 percentage points|倍 times|吨 tonnes|公斤 kg|千克 kg|斤 jin|克 grams
千瓦时 kWh|度 kWh|千瓦 kW|兆瓦 MW|吉瓦 GW|瓦 watts|千伏 kV|公里 km|米 metres|厘米 cm|毫米 mm|平方米 square metres
平方公里 square kilometres|公顷 hectares|亩 mu|立方米 cubic metres|升 litres|毫升 ml|℃ ℃|小时 hours|分钟 minutes
秒 seconds|天 days|周 weeks|个月 months|年 years|个工作日 working days|岁 years old|人 people|名 people|位 people
辆 vehicles|个季度 quarters
"""
ENGLISH: dict[str, str] = {}
"""A unit's name in English. A count without an entry stands bare (240万把 → 2.4 million): the noun is the text's."""

for _line in _ENGLISH_ROWS.replace("\n", "|").strip("|").split("|"):
    _name, _, _english = _line.partition(" ")
    ENGLISH[_name] = _english


def match(text: str, at: int) -> tuple[Unit, int] | None:
    """Find the longest unit that stands at ``text[at]``, and where it ends; ``None`` if none does."""
    if at >= len(text):
        return None
    if (text[at].isascii() and text[at].isalpha()) or text[at] in "μ°":
        return _latin(text, at)
    for length in _LENGTHS.get(text[at], ()):
        spelling = text[at : at + length]
        unit = UNITS.get(spelling)
        if unit is None or at + length > len(text):
            continue
        after = text[at + length : at + length + 1]
        if after and after in _NOT_BEFORE.get(spelling, ""):
            continue
        return unit, at + length
    return None


def measure(unit: str, kind: str) -> tuple[str, Fraction]:
    """Tell what a unit measures, and how many of the measure's base it is: 吨 is 1000 of ``mass``.

    Units of one measure convert. 度 is energy or temperature, as the figure's kind says; a unit that nothing converts
    to is its own measure.
    """
    if unit == "度":
        return ("temperature" if kind == "temperature" else "energy" if kind == "energy" else "angle"), Fraction(1)
    if kind == "rank":
        return "rank", Fraction(1)
    name = _MEASURE_OF.get(unit)
    return (name, SCALES[name][unit]) if name else (f"{kind}:{unit}", Fraction(1))


def _latin(text: str, at: int) -> tuple[Unit, int] | None:
    word = _LATIN.match(text, at, at + 40)
    if word is None:
        return None
    for end in (word.end(), *(at + word.group().find(mark) for mark in " -/")):
        spelling = text[at:end] if end > at else ""
        unit = UNITS.get(spelling) or _ASCII_NAMES.get(spelling.lower())
        after = text[end : end + 1] if spelling else ""
        if unit and not (after.isascii() and after.isalnum()):
            return unit, end
    return None
