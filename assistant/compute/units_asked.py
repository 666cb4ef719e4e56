"""A question in, the unit that it asks for out: 多少亿元 → 元, 百分之几 → %."""

import re
from typing import Final

from assistant import units
from assistant.compute.words import PART


def unit_asked(text: str) -> str:
    """The unit that the question names: 多少亿元 → 元, 几个百分点 → 个百分点, 百分之几 → %; empty if it names none."""
    if re.search(r"几个?百分点|多少个?百分点", text):
        return "个百分点"
    if re.search(r"多少倍|几倍", text):
        return "倍"
    if re.search(PART, text):
        return "%"
    for asked in _ASKED.finditer(text):
        if text.startswith("钱", asked.end()):
            return "元"
        for end in (asked.start("scale"), asked.end()):  # 千瓦时 is a unit, 千吨 a thousand of one
            if found := units.match(text, end):
                return found[0].name
    return ""


_ASKED: Final = re.compile(r"(?<![这近前后去上好第十])(?:多少|几)(?P<scale>(?:[十百千万]?亿|[十百千万]+)?)(?!何|乎|率)")
