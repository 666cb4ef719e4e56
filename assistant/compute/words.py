"""Words that the rules share: how figures are compared and change, what part is asked for; and their opposites."""

import re
from typing import Final

_HIGH: Final = "高|多|大|快|长|强|贵|重|远|深|厚|宽|热"
_LOW: Final = "低|少|小|慢|短|弱|便宜|轻|近|浅|薄|窄"
SIZE: Final = f"{_HIGH}|{_LOW}"
_RISE: Final = "提高|提升|上升|增加|增长|增多|增至|扩大|升高|上涨|攀升|跃升|抬升|新增|多出"
_FALL: Final = "减少|下降|降低|缩短|压缩|回落|下滑|缩减|缩小|减轻|压减"
MOVE: Final = f"{_RISE}|{_FALL}"
LOW: Final = frozenset(_LOW.split("|"))
"""Words that ask for the smaller."""
FALLS: Final = frozenset(_FALL.split("|"))
"""Words of a change downwards."""
MOVES: Final = f"{MOVE}|节约|节省|增|涨|降|减|高|低|多|少|快|慢|便宜"
"""What stands before a change that is printed itself (a regular expression): 提升20%, 便宜300元."""
PART: Final = (
    "多少倍|几倍|百分之几|百分之多少|几分之几|几分之一|几成|多少[%％]"
    "|多大(?:的)?(?:比例|比重|份额)|多少(?:的)?(?:比例|比重)"
)
ABOUT: Final = "(?:大约|大概|约为|约|差不多|大致|到底|究竟)?"
# 占比, 同比 and 比重 are no comparison; 比上年增长 asks for a growth rate that the page prints
THAN: Final = r"(?<![占同环相对之评百])比(?!重|例|较|率|值|如|分|赛|武|价|起|上年|去年|前年|往年|同期|上一年)"
WHICH: Final = "谁|哪(?:一?[个家边方者项年座类种条样所]|里|儿|地|国|省|市|县|区|款|次|块|处)|孰"
PRINTED_CHANGE: Final = re.compile(r"同比|环比|[比较]上年|[比较]去年|年均|[比较]上一年|同期")


def time_unit(name: str) -> str:
    """The unit of a stretch of time as ``units`` names it: 月 → 个月."""
    return {"日": "天", "月": "个月", "季度": "个季度", "星期": "周"}.get(name, name)


def stretch(word: str) -> tuple[int, str]:
    """How many of which unit of time: 30天 → 30 and 天."""
    number, unit = re.fullmatch(r"(\d+)(.+)", word).groups()  # type: ignore[union-attr]
    return int(number), unit


def opposite(word: str) -> str:
    """低 for 高, 减少 for 增加."""
    for pair in _OPPOSITES:
        if word in pair:
            return pair[1 - pair.index(word)]
    return "相差"


_OPPOSITES: Final = (
    *(("高", "低"), ("多", "少"), ("大", "小"), ("快", "慢"), ("长", "短"), ("贵", "便宜"), ("重", "轻"), ("强", "弱")),
    *(("远", "近"), ("深", "浅"), ("厚", "薄"), ("增加", "减少"), ("提高", "降低"), ("上升", "下降"), ("增长", "下降")),
    *(("提升", "降低"), ("增", "减"), ("涨", "跌")),
)

ONCE: Final = re.compile(
    r"[一二两三四五六七八九十\d]{1,2}年(?:之|以)?前|当初|起初|最初|原来|原先|过去|以前"
    r"|(?:改造|升级|压缩|提升|调整|改革|技改|变化)(?:之|以)?前"
)
"""Words that mean what a figure started from."""
NOW: Final = re.compile(
    r"[一二两三四五六七八九十\d]{1,2}年(?:之|以)?后|如今|现在|目前|最新|眼下"
    r"|(?:改造|升级|压缩|提升|调整|改革|技改|变化)(?:之|以)?后"
)
"""Words that mean what it came to."""
