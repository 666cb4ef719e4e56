"""Text in, every number of it with the unit after it out, or refused: left to right, without overlap.

A share is in %, whether printed 四成, 一半, 七分之一 or 40%; 翻一番 is 2 倍; 1小时19分 is two.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from assistant import numerals, units
from assistant.figures.bounds import bound_before
from assistant.figures.draft import BARE, RANKED, SHARE, Draft
from assistant.figures.refusals import is_name, is_no_quantity, is_recent_year
from assistant.numerals import Numeral
from assistant.records import Bound
from assistant.units import Unit

_SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,3})(?![0-9/])(?=(的|以上|左右| of )?)")
_SHARE_BEFORE = re.compile(r"[占约近超的为]$")
_WITHIN_DAYS = re.compile(r"日(?=以?内(?!蒙)|之内)")
_HALF = re.compile(
    r"(?P<share>一半|半数|(?<=[近过超逾])半(?![年个天日月小径夜数晌场程路拉])"
    r"|(?i:(?:(?<=more than )|(?<=over )|(?<=nearly )|(?<=about )|(?<=almost ))half(?![a-z-]))|(?i:half(?= of | the )))"
    r"|(?<![上下前后大多小一每夜这那过近])(?P<time>半(?:个小时|小时|个月|个钟头|年(?![级报度])))"
    r"|(?<![A-Za-z-])(?i:(?P<part>(?P<many>an?|one|two|three|four|five|six|seven|eight|nine)[ -]"
    r"(?P<of>half|third|quarter|fourth|fifth|sixth|seventh|eighth|ninth|tenth)s?(?![a-z-])))"
    r"|(?P<fold>翻(?:了|一)?(?:近|约|超)?(?=[0-9一两二三四五六七八九十]))"
)
_PARTS = {
    **{"half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6},
    **{"seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10},
}
_EXTRA_HALF = re.compile(r"个(?:多|半)(月|小时|钟头|星期|学期|工作日|世纪)|(年|天|倍|周|小时)(?:半)(?![数径个途])")
_COMPOUND = {"月": "个月", "钟头": "小时", "星期": "周", "学期": "个学期", "工作日": "个工作日", "世纪": "个世纪"}
_GRADED = frozenset(("mass", "power", "voltage", "area", "volume", "length"))
_DENOMINATOR = re.compile(r"[/每]")
_PER = re.compile(
    "小时|分钟|公斤|千克|平方米|平方公里|立方米|公里|千瓦时|公顷|日|月|年|人|亩|户|天|吨|斤|度|秒|次|辆|台|株|棵|套|件|米"
)
_SETS = re.compile(
    r"六盘水|六枝|七台河|五家渠|五台|三台县|三台山|三门峡|九部委|五位一体|八项规定|两个确立|两个维护|四个意识|四个自信|四个全面"
    r"|三个代表|两个毫不|一个中心|两个百年|三个务必|四个伟大|五个一批|千家万户|万家灯火|两条腿|三只松鼠|百人会|千人计划|三位一体|四位一体"
)
_TENTH_OF_TENTH = "一二三四五六七八九半"
_NO_SHARE = frozenset("立功效本果员绩长熟都型交品人")  # 三成立, 五成都
_LISTED = re.compile("、|(?<=”)(?=“)|和|与|及")
_MOST_LISTED = 20
_LIST_WINDOW = 80  # letters of the longest list of names
_STEP = re.compile("(?P<unit>级?)新?(?:台阶|大关|关口|门槛)")
_STEPS_OVER = re.compile("(?:跨越|跨上|跨过|跨入|迈上|迈过|迈入|站上|登上|跃上|越过|突破|冲破|冲刺|闯过)了?$")
_MONEY_BEFORE = re.compile("产值|增加值|总值|收入|营收|销售|投资|利润|税收|贷款|存款|进出口|出口|贸易|市值|资产")
_STEP_WINDOW = 24  # letters between the measure and the step
_ENGLISH_NOUN = re.compile(
    r" (?!(?:in|on|at|to|and|or|by|from|of|was|is|the|a|as|for|with|were|when|but|while)\b)[a-z][a-z-]++"
)
_NOT_ENGLISH = re.compile(
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec|January|February|March|April|June|July|August"
    r"|September|October|November|December|[Pp]age|[Nn]o|[Cc]hapter|[Ss]ection|[Aa]rticle|[Ff]igure|[Tt]able"
    r"|[Tt]ype)\.? $"
    r"|(?:the|both|these|those|which|other) $"
)
_ORDINAL_ENGLISH = re.compile(r"(?:st|nd|rd|th)(?![A-Za-z])")
_RANK_WORD = re.compile(r"(?:rank(?:ed|s|ing)?|placed?|came|stood|stands) (?:in |at )?(?:the )?$")
_STATED = re.compile(r"(?:[为是达共计仅到至有:=]|is|was|are|were) ?$")
_STATED_END = re.compile(r" ?(?:$|[，。；、！？）)”\n]|\. |\.$|,)")
_CURRENCY = re.compile(r"(?:US\$|\$|¥|€|RMB|CNY) ?$")


def drafts(text: str) -> Iterator[Draft]:
    """Each number of the text with the unit after it, or refused; left to right, without overlap."""
    at = 0
    # each is searched again only from beyond itself: a text with many of the one and none of the other is read once
    half, token = _HALF.search(text), numerals.TOKEN.search(text)
    while half or token:
        if half and half.start() < at:
            half = _HALF.search(text, at)
            continue
        if token and token.start() < at:
            token = numerals.TOKEN.search(text, at)
            continue
        if half and (token is None or half.start() <= token.start()):
            draft, at = _half_or_fold(text, half)
            if draft:
                yield draft
        elif token:
            draft, at = _numbered(text, token)
            if draft:
                yield draft


def _numbered(text: str, token: re.Match[str]) -> tuple[Draft | None, int]:
    if token.lastgroup == "chinese" and (named := _SETS.match(text, token.start())):
        return None, named.end()
    number = numerals.number(text, token)
    if number is None:
        return None, token.end()
    draft = _fraction(text, number) or _measured(text, number)
    return draft, max(draft.end, token.end())


def _half_or_fold(text: str, half: re.Match[str]) -> tuple[Draft | None, int]:
    start, end = half.span()
    number = Numeral(start, end, Decimal("0.5"), Decimal("0.1"), False, "bare" if half.group() == "半" else "chinese")
    if half["part"]:
        # "one-third" and "a third of", but "a third plant" is none
        if "-" not in half["part"] and not text.startswith(" of ", end):
            return None, end
        many = numerals.parse(half["many"]) or Decimal(1)
        return Draft(number, start, end, many * 100 / _PARTS[half["of"].lower()], SHARE, end, whole=True), end
    if half["share"]:
        return Draft(number, start, end, Decimal(50), SHARE, end, whole=True), end
    if half["time"]:
        unit = {"年": Unit("年", "duration"), "月": Unit("个月", "duration")}.get(half["time"][-1])
        return Draft(number, start, end, Decimal("0.5"), unit or Unit("小时", "duration"), end, whole=True), end
    times = numerals.read(text, end)
    if times is None:
        return None, end
    letter = text[times.end : times.end + 1]
    if letter == "番" and times.value <= 10:
        value = Decimal(2) ** int(times.value)
    elif letter == "倍":
        value = Decimal(2) if times.value == 1 else times.value
    else:
        return None, end
    bound = {"近": Bound.ABOUT, "约": Bound.ABOUT, "超": Bound.MORE_THAN}.get(half["fold"][-1], Bound.EXACT)
    return Draft(times, start, times.end + 1, value, Unit("倍", "multiple"), times.end + 1, bound), times.end + 1


def _fraction(text: str, number: Numeral) -> Draft | None:
    """七分之一 and 百分之三十五, as a share in %; ``None`` if no 分之 follows."""
    if number.style == "arabic":
        return _slashed(text, number) if "/" in text[number.start : number.end + 1] else None
    if number.value == 0 or not text.startswith("分之", number.end):
        return None
    many = numerals.read(text, number.end + 2)
    if many is None:
        return None
    if text.startswith("决赛", many.end):
        return None
    value = many.value * 100 / number.value
    return Draft(replace(many, start=number.start), number.start, many.end, value, SHARE, many.end, whole=True)


def _slashed(text: str, number: Numeral) -> Draft | None:
    """1/7, where the words around it tell that it is a share and no date."""
    parts = _SLASHED.match(text, number.start)
    if parts is None or parts.end(1) != number.end or text[number.start - 1 : number.start] in ("/", "."):
        return None
    many, of = int(parts[1]), int(parts[2])
    if not 0 < many < of:
        return None
    if not (_SHARE_BEFORE.search(text, max(0, number.start - 3), number.start) or parts[3]):
        return None
    value = Decimal(many * 100) / of
    return Draft(number, number.start, parts.end(2), value, SHARE, parts.end(2), whole=True)


def _measured(text: str, number: Numeral) -> Draft:
    draft = Draft(number, number.start, number.end, number.value)
    if is_name(text, number):
        draft.refused = True
        return draft
    at = number.end
    plus = text[at : at + 1] == "+" and number.style == "arabic"
    if plus:
        at = draft.end = draft.end + 1  # 100+家; 5G+ and 13+2 are no numbers of their own
        draft.bound = Bound.AT_LEAST
    gap = at + 1 if text[at : at + 1] in (" ", "-") else at
    if _tenths(text, draft) or _ordinal_english(text, draft) or _listed(text, draft) or _step(text, draft):
        return draft
    extra = _EXTRA_HALF.match(text, at)
    if extra and (extra[1] or number.style != "bare"):
        name = _COMPOUND.get(extra[1] or "", extra[1] or extra[2])
        draft.unit = units.UNITS[name]
        draft.end = draft.unit_end = extra.end()
        if "半" in extra.group():
            draft.value += Decimal("0.5")
        else:
            draft.bound = Bound.MORE_THAN
    elif text.startswith("分", at) and text.endswith("小时", 0, number.start):
        draft.unit = units.UNITS["分钟"]  # 1小时19分
        draft.end = draft.unit_end = at + (2 if text.startswith("分钟", at) else 1)
    elif days := _WITHIN_DAYS.match(text, at):
        draft.unit, draft.unit_end = units.UNITS["天"], days.end()
        draft.end = draft.unit_end
    elif (found := units.match(text, at)) or (gap > at and (found := units.match(text, gap))):
        draft.unit, draft.unit_end = found
        _rate(text, draft)
        draft.end = draft.unit_end
        if draft.unit.kind in _GRADED and text.startswith("级", draft.end):
            draft.unit_end = draft.end = draft.end + 1  # 40万吨级: a class is told by its size
    else:
        draft.unit = BARE if plus and _STATED_END.match(text, at) else _bare(text, number)
        draft.unit_end = draft.end
    if draft.unit is not None:
        _currency(text, draft)
        draft.refused = is_no_quantity(text, draft, draft.unit)
    return draft


def _tenths(text: str, draft: Draft) -> bool:
    """三成, 三成五, 近六成: tenths, as a share in %."""
    at = draft.end
    if not text.startswith("成", at) or draft.value > 10 or draft.number.scaled or draft.number.style == "bare":
        return False
    rest, beyond = text[at + 1 : at + 2], text[at + 2 : at + 3]
    if (rest and rest in _NO_SHARE) or text.startswith("一成不变", draft.start):
        return False
    draft.value *= 10
    draft.end = at + 1
    # 三成五 is 35%, but 三成五金企业 is 30% of them
    if rest and rest in _TENTH_OF_TENTH and (not beyond.isalpha() or beyond in "的左以多余，"):
        draft.value += numerals.chinese(rest) or 5
        draft.end += 1
    draft.unit, draft.unit_end, draft.whole = SHARE, draft.end, True
    return True


def _listed(text: str, draft: Draft) -> bool:
    """甲湖、乙山、丙寨三大景区, and 甲、乙等六大产业: a count of what is listed; 六大基地 by itself is a name."""
    if draft.number.style != "chinese" or draft.value > _MOST_LISTED or not text.startswith("大", draft.end):
        return False
    if text[draft.start] == "二" or text[draft.start - 1 : draft.start] in ("前", "这", "那", "的", "“"):
        return False  # 交警二大队, 前三大股东, “三大产业”
    before = text[max(0, draft.start - _LIST_WINDOW) : draft.start]
    tail = before[max(map(before.rfind, "。；！？，：\n")) + 1 :]
    items = _LISTED.split(tail)
    if not (tail.endswith("等") if len(items) < draft.value else "" not in items and len(items) == draft.value):
        return False
    if len(items) < 2 or not text[draft.end + 1 : draft.end + 2].isalpha():
        return False
    draft.end += 1
    draft.unit, draft.unit_end, draft.whole = units.UNITS["个"], draft.end, True
    return True


def _step(text: str, draft: Draft) -> bool:
    """税收迈上百亿级台阶: a sum of money, where the measure is one; 百亿级园区 tells a class."""
    step = _STEP.match(text, draft.end) if draft.number.scaled else None
    if step is None or not _STEPS_OVER.search(text, max(0, draft.start - 4), draft.start):
        return False
    if not _MONEY_BEFORE.search(text, max(0, draft.start - _STEP_WINDOW), draft.start):
        return False
    draft.bound = Bound.AT_LEAST
    draft.end = step.end("unit")
    draft.unit, draft.unit_end, draft.whole = units.UNITS["元"], draft.end, True
    return True


def _ordinal_english(text: str, draft: Draft) -> bool:
    """``ranked 27th``; any other ordinal is refused."""
    if not _ORDINAL_ENGLISH.match(text, draft.end):
        return False
    if _RANK_WORD.search(text, max(0, draft.start - 20), draft.start):
        draft.unit, draft.end = Unit("位", RANKED), draft.end + 2
        draft.unit_end, draft.whole = draft.end, True
    else:
        draft.refused = True
    return True


def _rate(text: str, draft: Draft) -> None:
    """元/吨 and 公里每小时 are one unit."""
    end = draft.unit_end
    if draft.unit is None or not _DENOMINATOR.match(text, end):
        return
    found = units.match(text, end + 1)
    name = found[0].name if found else text[end + 1 : end + 2]
    stop = found[1] if found else end + 2
    if _PER.fullmatch(name) and (text[end] == "/" or draft.unit.kind == "length"):
        draft.unit, draft.unit_end = Unit(f"{draft.unit.name}/{name}", "rate"), stop


def _bare(text: str, number: Numeral) -> Unit | None:
    """Give the unit of a number that prints none: 240万 and a plainly stated 共15， count, 1468 does not."""
    before = text[max(0, number.start - 12) : number.start]
    after = text[number.end : number.end + 1]
    if after.isascii() and after.isalnum():
        return None
    if number.scaled and text[number.end - 1 : number.end] == "亿" and "个" in text[number.start : number.end]:
        return units.UNITS["元"]  # 40个亿
    english = after == " " and _ENGLISH_NOUN.match(text, number.end, number.end + 40)
    if number.style == "word":
        return BARE if (english or number.scaled) and number.value > 1 and not _NOT_ENGLISH.search(before) else None
    if number.style == "chinese" and number.scaled and _STATED_END.match(text, number.end):
        return BARE  # 突破五万，
    if number.style == "arabic":
        if number.scaled:
            return None if after == "级" else BARE
        if _CURRENCY.search(before):
            return BARE  # ¥1,200
        printed_year = is_recent_year(text, number)
        if english and not printed_year and not _NOT_ENGLISH.search(before):
            return BARE
        whole = number.start == 0 and number.end == len(text)
        stated = whole or _STATED.search(before) or bound_before(text, number.start, bare=False)
        if stated and not printed_year and _STATED_END.match(text, number.end):
            return BARE
    return None


def _currency(text: str, draft: Draft) -> None:
    """¥100, US$5 million, RMB 10 billion: the sign stands before the number."""
    sign = _CURRENCY.search(text, max(0, draft.start - 4), draft.start) if draft.unit is BARE else None
    if sign:
        draft.unit = units.UNITS[{"¥": "元", "R": "元", "C": "元", "€": "欧元"}.get(sign.group()[0], "美元")]
        draft.start = sign.start()
