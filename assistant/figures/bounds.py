"""A number and its unit in, the bound that the words around it set out: 超, 近, 不低于, 余, 以上, 左右, ``at least``.

多, 余 and 超 are MORE_THAN, 近 and 左右 are ABOUT, 上亿元 is AT_LEAST, 48小时内 is AT_MOST; 达 and 高达 say nothing. A
bound word that is the end of another word (节约300元, 附近3家) sets none.
"""

import re

from assistant import units
from assistant.figures.draft import RANKED, Draft
from assistant.records import Bound
from assistant.units import Unit

# words before a number, parted by spaces; "_" stands for a space within one
_BEFORE_ROWS = {
    Bound.ABOUT: "约 大约 大概 大致 约为 约合 约有 近 将近 接近 差不多 ~ ≈ about around nearly almost roughly some"
    " approximately close_to an_estimated",
    Bound.AT_LEAST: "至少 起码 不低于 不少于 不小于 不下 不下于 最少 最低 上 ≥ >= at_least no_less_than no_fewer_than"
    " not_less_than a_minimum_of",
    Bound.MORE_THAN: "超 超过 超过了 突破 突破了 逾 大于 高于 多于 超出 已超 过 > over above exceeding exceeded exceeds"
    " surpassed topped more_than upwards_of in_excess_of",
    Bound.AT_MOST: "不超 不超过 至多 最多 最高 不高于 不大于 不多于 ≤ <= at_most up_to no_more_than not_more_than"
    " a_maximum_of",
    Bound.LESS_THAN: "不到 不足 低于 少于 小于 未满 不满 不及 未到 < under below less_than fewer_than",
}
_BEFORE = {word.replace("_", " "): bound for bound, row in _BEFORE_ROWS.items() for word in row.split()}
_LENGTHS_BEFORE: dict[str, list[int]] = {}
for _word in _BEFORE:
    _LENGTHS_BEFORE.setdefault(_word[-1], []).append(len(_word))
_LENGTHS_BEFORE = {_letter: sorted(set(_lengths), reverse=True) for _letter, _lengths in _LENGTHS_BEFORE.items()}
# 节约300元, 附近3家, 网上200人, 经过3年: the letter is the end of another word
_NOT_AFTER = {
    "约": "节公合签制预简违履契条和盟邀失特续集",
    "近": "附最靠邻临亲就新远贴走",
    "超": "高赶反",
    "~": "0123456789%万亿千百元℃米吨",
    "上": "以向线网年加晚早马跟追路身迈站登跃跨",
    "过": "超通经不",
    "过了": "经",
    "不足": "美",
}
_ONLY_BEFORE_BARE = frozenset("上过")
_LOOSE = re.compile(r"(至少|起码|最少|最多|至多|大约|大概)(?:[需要有能可约达生产便宜投入节省增加减少实现]{1,3})$")
_LOOSE_END = frozenset("需要有能可约达产宜入省加少现")
_AFTER = {
    "以上": Bound.AT_LEAST,
    "及以上": Bound.AT_LEAST,
    "（含）以上": Bound.AT_LEAST,
    "以下": Bound.AT_MOST,
    "及以下": Bound.AT_MOST,
    "以内": Bound.AT_MOST,
    "之内": Bound.AT_MOST,
    "左右": Bound.ABOUT,
    "上下": Bound.ABOUT,
    "有余": Bound.MORE_THAN,
    "开外": Bound.MORE_THAN,
    "出头": Bound.MORE_THAN,
    "多": Bound.MORE_THAN,
    "余": Bound.MORE_THAN,
    "+": Bound.AT_LEAST,
    " or more": Bound.AT_LEAST,
    " or less": Bound.AT_MOST,
    " or so": Bound.ABOUT,
}
_FIRST_AFTER = frozenset(word[0] for word in _AFTER)
_LONGEST_AFTER = max(map(len, _AFTER))
_NOT_WORD_AFTER = {"多": "样元边功媒年数", "余": "额热量下", "上下": "游级班文联车", "内": "容部外蒙陆需涵销存资"}
_INSIDE = frozenset(("duration", "length"))  # 48小时内, 5公里内
_TEMPERATURE = re.compile(r"[温热冷冻烧]|零下|气温")
_ANGLE = re.compile(r"[经纬斜角坡]|视野|全方位|旋转")
_NEGATIVE = re.compile(r"(?:负|零下|minus |(?<![0-9A-Za-z年月日期号%])[-−])$")
_SIGNED = frozenset(("money", "share", "points", "temperature", "index", "multiple"))


def bind(text: str, draft: Draft, unit: Unit, floor: int) -> None:
    """Read the words on both sides that bound the value, and take them into the span.

    ``floor`` is where the number before ends: a hyphen there makes a range (50万元-80万元), not a loss.
    """
    negative = _NEGATIVE.search(text, max(0, draft.start - 6), draft.start) if unit.kind in _SIGNED else None
    if negative and not (negative.group() in "-−" and negative.start() <= floor):
        draft.value, draft.start = -draft.value, negative.start()
    before = bound_before(text, draft.start, bare=draft.number.style == "bare")
    if draft.number.more:
        draft.bound = Bound.MORE_THAN
    if unit.name in ("名", "位", "强") and text.endswith("前", 0, draft.start):
        draft.unit, draft.bound, draft.start = Unit(unit.name, RANKED), Bound.AT_MOST, draft.start - 1
        return
    if text.endswith("第", 0, draft.start):
        draft.unit, draft.start = Unit(unit.name, RANKED), draft.start - 1
        return
    if unit.name == "度":
        draft.unit = Unit("度", _degree_kind(text, draft))
    if unit.name == "块" and not text[draft.unit_end : draft.unit_end + 1].isalpha():
        draft.unit = units.UNITS["元"]  # 算您2000块，; but 100块电池 counts
    after = _bound_after(text, draft.unit_end, unit)
    if after and not (draft.number.more and after[0] in (Bound.MORE_THAN, Bound.AT_LEAST)):
        draft.bound, draft.end = after[0], max(draft.end, after[1])
    elif after:
        draft.end = max(draft.end, after[1])
    if before:
        bound, start = before
        draft.start = start
        if bound is not Bound.ABOUT or draft.bound is Bound.EXACT:
            draft.bound = bound


def _degree_kind(text: str, draft: Draft) -> str:
    window = text[max(0, draft.start - 10) : draft.start]
    if _ANGLE.search(window) or draft.value in (360, 180):
        return "angle"
    if draft.value < 0 or _TEMPERATURE.search(window):
        return "temperature"
    return "energy"


def bound_before(text: str, start: int, *, bare: bool) -> tuple[Bound, int] | None:
    """Find the bound word that ends at ``start``, and where it begins."""
    stop = start - 1 if text[start - 1 : start] == " " else start
    for length in _LENGTHS_BEFORE.get(text[stop - 1 : stop].lower(), ()):
        if length > stop:
            continue
        word = text[stop - length : stop]
        bound = _BEFORE.get(word) or (_BEFORE.get(word.lower()) if word.isascii() else None)
        if bound is None:
            continue
        letter = text[stop - length - 1 : stop - length]
        if word in _ONLY_BEFORE_BARE and not bare:
            continue
        if letter and letter in _NOT_AFTER.get(word, ""):
            continue
        # an English word is parted from its neighbours: "discover 5" is not "over 5"
        if word[0].isascii() and word[0].isalpha() and (stop == start or (letter.isascii() and letter.isalpha())):
            continue
        return bound, stop - length
    window = text[max(0, start - 6) : start]
    loose = _LOOSE.search(window) if window[-1:] in _LOOSE_END else None
    if loose:
        return _BEFORE[loose[1]], start - len(window) + loose.start()
    return None


def _bound_after(text: str, end: int, unit: Unit) -> tuple[Bound, int] | None:
    for length in range(_LONGEST_AFTER if text[end : end + 1] in _FIRST_AFTER else 0, 0, -1):
        word = text[end : end + length]
        if word in _AFTER and len(word) == length:
            follows = text[end + length : end + length + 1]
            if follows and follows in _NOT_WORD_AFTER.get(word, ""):
                return None
            if word in ("多", "余") and unit.kind in (units.COUNT, "share", "points"):
                return None
            if word == "+" and follows.isalnum() and follows.isascii():
                return None
            return _AFTER[word], end + length
    if unit.kind in _INSIDE and text.startswith("内", end):
        follows = text[end + 1 : end + 2]
        if not (follows and follows in _NOT_WORD_AFTER["内"]):
            return Bound.AT_MOST, end + 1
    return None
