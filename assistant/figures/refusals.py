"""A number in, whether it is no quantity out: a name, a code, a date, an ordinal, a stretch of the calendar, a word.

5G, CS35, “30条”, 第三批, 世界500强, 近3年, 五年来, 六盘水, 两度, 一家企业, 百亿级.
"""

import re

from assistant import numerals, units
from assistant.figures.bounds import bound_before
from assistant.figures.draft import Draft
from assistant.numerals import Numeral
from assistant.units import Unit

_YEARS = (1000, 2199)
_RECENT = 1900
_HOURS = 24
# 第一批 is no count, whichever number: neither are 初三, 星期三, 高二, No. 5
_ORDINAL = frozenset("第初№")
# 前3年 is a stretch of the calendar, 提前3天 a length of time
_PERIOD_BEFORE = re.compile(
    r"(?:过去|未来|最近|近来|(?<![提目日])前|(?<!落)后|每|头)的?$|(?:past|last|next|coming|previous) $"
)
_PERIOD_AFTER = re.compile(r"[以之]?(?:来(?![自到源宾])|前(?![往来后])|后(?!期))")
_STRETCH = re.compile(r"[时历经了有用花达满短足度]$")
_STRETCH_AFTER = re.compile(r"(?:的)?(?:时间|之久|历史|光阴|时光|工期)")
_LOOKED_AT = frozenset("说看望忆眸")
_DEFINITE = re.compile(r"(?:^|[，。；：！？、“”‘’（）()\s]|[在与和由让使为这那该对将把被从据向给]|成为)$")
_DEMONSTRATIVE = frozenset("这那该此")
_STATED_RANK = re.compile(r"[排居列名]$|[居列名]第$")


def is_name(text: str, number: Numeral) -> bool:
    """Whether the number belongs to a name, an ordinal or a code rather than to a quantity."""
    start, end = number.start, number.end
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    if (before and before in _ORDINAL) or text.endswith(("第 ", "星期", "周第", "No. "), 0, start):
        ranked = before == "第" and after and after in "位名"
        return not (ranked and (number.value > 1 or _STATED_RANK.search(text, max(0, start - 5), start)))
    if number.style in ("chinese", "bare"):
        printed = text[start:end]
        if len(printed) > 1 and all(letter in numerals.DIGIT_LETTERS for letter in printed):
            return True
        if before and before in "数几":
            return printed[0] in "十百千万亿"
        if number.value == 0:
            return True
    if before == ":" and text[start - 2 : start - 1].isdigit():
        return True  # 09:30, 3:1
    # “13+2” is a name
    sum_before = before == "+" and text[start - 2 : start - 1].isdigit()
    return sum_before or (after == "+" and text[end + 1 : end + 2].isdigit())


def is_recent_year(text: str, number: Numeral) -> bool:
    """Whether a bare number is more likely a year than a count: 2017, but not 1097."""
    return _is_year(text, number) and number.value >= _RECENT


def _is_year(text: str, number: Numeral) -> bool:
    return (
        number.end - number.start == 4
        and number.style == "arabic"
        and _YEARS[0] <= number.value <= _YEARS[1]
        and text[number.start : number.end].isdigit()
    )


def is_no_quantity(text: str, draft: Draft, unit: Unit) -> bool:
    """Whether a number with a unit still tells no quantity: a year, a period, an article, a name, a clock time."""
    number, start, end = draft.number, draft.number.start, draft.unit_end
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    counts = unit.kind == units.COUNT
    latin = before.isascii() and before.isalpha()
    if latin and (counts or unit.kind == "duration") and number.style == "arabic":
        return True  # CS35, X90
    if unit.name == "年" and _is_year(text, number) and not number.more:
        return True
    if unit.kind == "magnitude" and not _is_force(text, number, end):
        return True  # 5级, 三级联动: a grade; 3.4级 is an earthquake's size, 8级大风 a wind's
    if unit.kind == "index" and not ("." in text[start : number.end] or number.value > _HOURS):
        return True  # 上午7点, but 3304.69点
    if counts and unit.name == "分" and before and before in "时点":
        return True
    # “30条” in quotes of its own is a document's name
    if counts and before in ("“", "‘", "「", '"') and before and after in ("”", "’", "」", '"') and after:
        return True
    if unit.kind == "duration" and unit.name in ("年", "个月", "天", "周", "个季度") and _is_period(text, start, end):
        return True
    if unit.name == "强" and before != "前":
        return True  # 世界500强
    if number.style in ("arabic", "word") and text.startswith((" plan", " Plan", " action", " Action"), end):
        return True
    if unit.name == "期" and not (before and before in "分共了办展行"):
        return True
    if number.style in ("chinese", "bare"):
        return _is_chinese_word(text, draft, unit)
    if number.style == "word":
        return number.value == 1 and not number.scaled and bound_before(text, start, bare=False) is None
    return False


def _is_force(text: str, number: Numeral, end: int) -> bool:
    """Whether an N级 measures an earthquake or a wind."""
    return (
        "." in text[number.start : number.end]
        or text.startswith(("地震", "风", "大风", "阵风"), end)
        or "风" in text[max(0, number.start - 4) : number.start]
    )


def _is_chinese_word(text: str, draft: Draft, unit: Unit) -> bool:
    number, start, end = draft.number, draft.number.start, draft.unit_end
    printed = text[start : number.end]
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    counts = unit.kind == units.COUNT
    bound = bound_before(text, start, bare=number.style == "bare")
    if after == "级" or text[end - 1] == "级":
        return True  # 百亿级, 千万级, 万吨级
    if unit.name == "度" or (counts and unit.name not in units.CLASSIFIERS):
        return True  # 两度, 十九度, 四面, 九省
    if number.style == "bare":
        if text.endswith(("成百上", "成千上"), 0, start):
            return True
        if number.more or bound:
            return False
        return len(printed) == 1 or (printed == "千万" and counts)  # 千万元 is a sum, 千万个 is "countless"
    if before and before in _DEMONSTRATIVE:
        return True
    if printed == "二":
        return True  # 二期, 二次, 二手: a count of two is 两
    if printed == "一" and not number.more:
        if unit.name in ("小时", "分钟", "倍", "个百分点") or unit.kind == "share":
            return False
        return bound is None
    if printed == "四" and unit.name == "周" and not text.endswith(("期", "了", "用", "近", "约", "后"), 0, start):
        return True  # 四周 is "all around"
    if printed == "两" and unit.name in ("家", "人"):
        # 两家企业合作 speaks of two that are known; 引进两家企业 counts
        return bound is None and _DEFINITE.search(text[max(0, start - 2) : start]) is not None
    return False


def _is_period(text: str, start: int, end: int) -> bool:
    """近3年, 过去五年, 前10个月, 五年来: a stretch of the calendar, not a length of time."""
    before = text[max(0, start - 16) : start]
    if _STRETCH_AFTER.match(text, end):
        return False
    if before[-1:] in _LOOKED_AT and not text[start].isascii():
        return True  # 数说五年, 回望十年
    if before.endswith("近") and not before.endswith(("最近", "将近", "接近")):
        return not _STRETCH.search(before[:-1])
    return _PERIOD_BEFORE.search(before) is not None or _PERIOD_AFTER.match(text, end) is not None
