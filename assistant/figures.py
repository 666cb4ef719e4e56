"""Text → Figures, every printed quantity with its value, unit, kind and bound; and whether two Figures agree.

One finder reads pages and answers, Chinese and English: 超100.13亿元, 近六成, 20多万平方米, 翻一番, 3500万至5000万元
(two figures), ``about 2.4 million guitars``. What names a thing or a time is no figure: dates, 5G, 第三批, “30条”,
六大基地, 十四五.

    >>> [(f.text, f.value, f.unit, f.bound.value) for f in find("年产约240万把，占七分之一以上")]
    [('约240万把', Decimal('2400000'), '把', 'about'), ...]

How a value is told: 多, 余 and 超 are MORE_THAN, 近 and 左右 are ABOUT, 上亿元 is AT_LEAST, 48小时内 is AT_MOST; 达
and 高达 say nothing. A share is in %, whether printed 四成, 一半, 七分之一 or 40%; 翻一番 is 2 倍. What has no value is
left out: 几千元, 数百家, 三五天.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from assistant import numerals, units
from assistant.numerals import Numeral
from assistant.records import Bound, Figure
from assistant.units import Unit

SHARE = Unit("%", "share")
BARE = Unit("", units.COUNT)
RANKED = "rank"

_ABOUT, _LEAST, _MORE, _MOST, _LESS, _EXACT = (
    Bound.ABOUT,
    Bound.AT_LEAST,
    Bound.MORE_THAN,
    Bound.AT_MOST,
    Bound.LESS_THAN,
    Bound.EXACT,
)

# words before a number, parted by spaces; "_" stands for a space within one
_BEFORE_ROWS = {
    _ABOUT: "约 大约 大概 大致 约为 约合 约有 近 将近 接近 差不多 ~ ≈ about around nearly almost roughly some"
    " approximately close_to an_estimated",
    _LEAST: "至少 起码 不低于 不少于 不小于 不下 不下于 最少 最低 上 ≥ >= at_least no_less_than no_fewer_than"
    " not_less_than a_minimum_of",
    _MORE: "超 超过 超过了 突破 突破了 逾 大于 高于 多于 超出 已超 过 > over above exceeding exceeded exceeds surpassed"
    " topped more_than upwards_of in_excess_of",
    _MOST: "不超 不超过 至多 最多 最高 不高于 不大于 不多于 ≤ <= at_most up_to no_more_than not_more_than a_maximum_of",
    _LESS: "不到 不足 低于 少于 小于 未满 不满 不及 未到 < under below less_than fewer_than",
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
    "上": "以向线网年加晚早马跟追路身",
    "过": "超通经不",
    "过了": "经",
    "不足": "美",
}
_ONLY_BEFORE_BARE = frozenset("上过")
_LOOSE = re.compile(r"(至少|起码|最少|最多|至多|大约|大概)(?:[需要有能可约达生产便宜投入节省增加减少实现]{1,3})$")
_LOOSE_END = frozenset("需要有能可约达产宜入省加少现")

_AFTER = {
    "以上": _LEAST,
    "及以上": _LEAST,
    "（含）以上": _LEAST,
    "以下": _MOST,
    "及以下": _MOST,
    "以内": _MOST,
    "之内": _MOST,
    "左右": _ABOUT,
    "上下": _ABOUT,
    "有余": _MORE,
    "开外": _MORE,
    "出头": _MORE,
    "多": _MORE,
    "余": _MORE,
    "+": _LEAST,
    " or more": _LEAST,
    " or less": _MOST,
    " or so": _ABOUT,
}
_FIRST_AFTER = frozenset(word[0] for word in _AFTER)
_LONGEST_AFTER = max(map(len, _AFTER))
_NOT_WORD_AFTER = {"多": "样元边功媒年数", "余": "额热量下", "上下": "游级班文联车", "内": "容部外蒙陆需涵销存资"}
_INSIDE = frozenset(("duration", "length"))  # 48小时内, 5公里内

_RANGE = re.compile(r" ?(?:至|到|—|——|–|-|--|~|～|〜|to) ?")
_LIST = re.compile(
    r" ?(?:、|和|与|及|或|以及|and|or) ?"
    r"|(?:增加|增长|提高|提升|上升|下降|减少|降低|扩大|缩短|压缩|升|增|降|减|涨|跌)[到至为]"
)
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
_SCALED = re.compile("[万亿]|million|billion|trillion")
_EXTRA_HALF = re.compile(r"个(?:多|半)(月|小时|钟头|星期|学期|工作日|世纪)|(年|天|倍|周|小时)(?:半)(?![数径个途])")
_COMPOUND = {"月": "个月", "钟头": "小时", "星期": "周", "学期": "个学期", "工作日": "个工作日", "世纪": "个世纪"}
_GRADED = frozenset(("mass", "power", "voltage", "area", "volume", "length"))
_DENOMINATOR = re.compile(r"[/每]")
_PER = re.compile(
    "小时|分钟|公斤|千克|平方米|平方公里|立方米|公里|千瓦时|公顷|日|月|年|人|亩|户|天|吨|斤|度|秒|次|辆|台|株|棵|套|件|米"
)

# 第一批 is no count, whichever number: neither are 初三, 星期三, 高二, No. 5
_ORDINAL = frozenset("第初№")
_SETS = re.compile(
    r"六盘水|六枝|七台河|五家渠|五台|三台县|三台山|三门峡|九部委|五位一体|八项规定|两个确立|两个维护|四个意识|四个自信|四个全面"
    r"|三个代表|两个毫不|一个中心|两个百年|三个务必|四个伟大|五个一批|千家万户|万家灯火|两条腿|三只松鼠|百人会|千人计划|三位一体|四位一体"
)
_TENTH_OF_TENTH = "一二三四五六七八九半"
_NO_SHARE = frozenset("立功效本果员绩长熟都型交品人")  # 三成立, 五成都
# 前3年 is a stretch of the calendar, 提前3天 a length of time
_PERIOD_BEFORE = re.compile(
    r"(?:过去|未来|最近|近来|(?<![提目日])前|(?<!落)后|每|头)的?$|(?:past|last|next|coming|previous) $"
)
_PERIOD_AFTER = re.compile(r"[以之]?(?:来(?![自到源宾])|前(?![往来后])|后(?!期))")
_STRETCH = re.compile(r"[时历经了有用花达满短足度]$")
_STRETCH_AFTER = re.compile(r"(?:的)?(?:时间|之久|历史|光阴|时光|工期)")
_DEFINITE = re.compile(r"(?:^|[，。；：！？、“”‘’（）()\s]|[在与和由让使为这那该对将把被从据向给]|成为)$")
_DEMONSTRATIVE = frozenset("这那该此")
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
_TEMPERATURE = re.compile(r"[温热冷冻烧]|零下|气温")
_ANGLE = re.compile(r"[经纬斜角坡]|视野|全方位|旋转")
_NEGATIVE = re.compile(r"(?:负|零下|minus |(?<![0-9A-Za-z年月日期号%])[-−])$")
_SIGNED = frozenset(("money", "share", "points", "temperature", "index", "multiple"))
_CURRENCY = re.compile(r"(?:US\$|\$|¥|€|RMB|CNY) ?$")
_YEARS = (1000, 2199)
_RECENT = 1900
_HOURS = 24


@dataclass(slots=True)
class _Draft:
    """A number under reading: ``start`` to ``end`` grow as words around it are taken in."""

    number: Numeral
    start: int
    end: int
    value: Decimal
    unit: Unit | None = None
    unit_end: int = 0
    bound: Bound = _EXACT
    refused: bool = False
    whole: bool = False  # a complete expression, such as 七分之一, that no unit follows


def find(text: str) -> tuple[Figure, ...]:
    """Every quantity in the text, in order. ``text[f.start:f.end] == f.text`` holds for each.

    Time grows with the length of the text and no faster: each number is read once, and only a fixed window around it.
    """
    folded = numerals.fold(text)
    drafts = list(_drafts(folded))
    _share_units(folded, drafts)
    floor = -1
    for draft in drafts:
        if not draft.refused and draft.unit is not None:
            _bind(folded, draft, draft.unit, floor)
        floor = max(draft.end, draft.unit_end)
    _share_bounds(folded, drafts)
    found: list[Figure] = []
    previous_end = 0
    for draft in drafts:
        if draft.refused or draft.unit is None or draft.start < previous_end:
            continue
        previous_end = draft.end
        found.append(
            Figure(
                text=text[draft.start : draft.end],
                value=_plain(draft.value),
                unit=draft.unit.name,
                kind=draft.unit.kind,
                bound=draft.bound,
                start=draft.start,
                end=draft.end,
            )
        )
    return tuple(found)


def same(a: Figure, b: Figure, *, bounds: bool = True) -> bool:
    """Whether two figures state the same quantity.

    Units convert (83573万元 is 8.3573亿元, 2590万度 is 25.9 GWh), but not across measures: 5% is not 5个百分点, 26.1倍
    not 26.1%, 3家 not 3个. 名, 人 and 位 are one, as are 家 and 户. A number that stands bare (``2.4 million``) agrees
    with any count, and with 元 if it prints its 万 or 亿; 850度 agrees with 850℃ as with 850千瓦时.

    Values must be equal; only where a bound is ABOUT may the other value be any that rounds to its last printed digit
    (约14.3% and 七分之一).

    With ``bounds`` the bounds must point the same way too: 超1亿元 and 1亿元以上 do, 超1亿元 and 1亿元 do not.
    """
    if bounds and _side(a.bound) != _side(b.bound):
        return False
    measure_a, factor_a = units.measure(a.unit, a.kind)
    measure_b, factor_b = units.measure(b.unit, b.kind)
    if "度" in (a.unit, b.unit) and {measure_a, measure_b} == {"energy", "temperature"}:
        # 850度 alone does not tell what it measures: it is taken for what the other figure measures
        factor_a, factor_b = (Fraction(1) if f.unit == "度" else g for f, g in ((a, factor_a), (b, factor_b)))
        measure_a = measure_b
    if measure_a != measure_b:
        if not (_agrees_bare(a, b) or _agrees_bare(b, a)):
            return False
        factor_a = factor_b = Fraction(1)
    value_a, value_b = Fraction(a.value) * factor_a, Fraction(b.value) * factor_b
    if value_a == value_b:
        return True
    gap = abs(value_a - value_b)
    return (a.bound is _ABOUT and gap * 2 <= Fraction(place(a)) * factor_a) or (
        b.bound is _ABOUT and gap * 2 <= Fraction(place(b)) * factor_b
    )


def _agrees_bare(a: Figure, b: Figure) -> bool:
    """Whether ``a`` prints no unit and so may be what ``b`` is: a count, or a sum of money if 万 or 亿 is printed."""
    if a.unit or a.kind != units.COUNT:
        return False
    return b.kind == units.COUNT or (b.unit == "元" and _SCALED.search(a.text) is not None)


def place(figure: Figure) -> Decimal:
    """Tell the worth of one step of the last printed digit, in the unit: 10000 for 约240万把, 0.1 for 约14.3%."""
    folded = numerals.fold(figure.text)
    for token in numerals.TOKEN.finditer(folded):
        number = numerals.number(folded, token)
        if number and number.value == figure.value:
            return number.place
        if number and figure.unit == SHARE.name and folded.startswith("成", number.end):
            return Decimal(10)
    exponent = figure.value.as_tuple().exponent
    return Decimal((0, (1,), exponent)) if isinstance(exponent, int) and exponent < 0 else Decimal(1)


def convert(figure: Figure, unit: str) -> Figure | None:
    """Convert to another unit of the same measure (2590万度 is 25.9 GWh); ``None`` if the units do not convert.

    ``text`` and the span stay those of the print.
    """
    target = units.UNITS.get(unit, Unit(unit, figure.kind))
    measure_from, factor_from = units.measure(figure.unit, figure.kind)
    measure_to, factor_to = units.measure(target.name, figure.kind if target.name == "度" else target.kind)
    if measure_from != measure_to:
        return None
    ratio = factor_from / factor_to
    value = figure.value * ratio.numerator / ratio.denominator
    return replace(figure, value=_plain(value), unit=target.name)


def render(figure: Figure, language: str = "zh") -> str:
    """Word the figure in ``zh`` or ``en`` from its value: 超100.13亿元, ``more than 10.013 billion yuan``.

    ``find`` reads it back to the same quantity and bound. A share that was printed as a fraction comes as a rounded
    percentage with its 约. Counts stand bare in English: the noun is the sentence's.
    """
    value, bound = figure.value, figure.bound
    if figure.kind == "share" and -int(value.as_tuple().exponent) > _SHARE_DIGITS:
        value = _plain(round(value, 1))
        bound = _ABOUT if bound is _EXACT else bound
    if language == "en":
        return _render_english(figure, value, bound)
    return _render_chinese(figure, value, bound)


_SHARE_DIGITS = 6  # more decimals than any print has: the value came of a division such as 七分之一
_CHINESE_BOUND = {_EXACT: "", _ABOUT: "约", _LEAST: "至少", _MORE: "超", _MOST: "不超过", _LESS: "不到"}
_ENGLISH_BOUND = {
    _EXACT: "",
    _ABOUT: "about ",
    _LEAST: "at least ",
    _MORE: "more than ",
    _MOST: "at most ",
    _LESS: "less than ",
}


def _render_chinese(figure: Figure, value: Decimal, bound: Bound) -> str:
    if figure.kind == RANKED:
        return f"前{value}{figure.unit}" if bound is _MOST else f"第{value}{figure.unit}"
    sign, size = ("-", -value) if value < 0 else ("", value)
    text = f"{size:f}"
    if figure.kind not in ("share", "points", "temperature"):
        for magnitude, letter in ((10**8, "亿"), (10**4, "万")):
            # 2025家 and 12500元 stay: a magnitude helps where the number is long or round
            if size >= magnitude and (magnitude == 10**8 or size >= 10**5 or size % 1000 == 0):
                text = f"{_plain(size / magnitude):f}{letter}"
                break
    return f"{_CHINESE_BOUND[bound]}{sign}{text}{figure.unit}"


def _render_english(figure: Figure, value: Decimal, bound: Bound) -> str:
    if figure.kind == RANKED:
        return f"top {value}" if bound is _MOST else f"ranked {_ordinal(int(value))}"
    sign, size = ("-", -value) if value < 0 else ("", value)
    number = f"{size:,f}"
    for magnitude, word in ((10**12, "trillion"), (10**9, "billion"), (10**6, "million")):
        if size >= magnitude and figure.kind not in ("share", "points"):
            number = f"{_plain(size / magnitude):f} {word}"
            break
    unit = units.ENGLISH.get(figure.unit, "" if figure.kind == units.COUNT else figure.unit)
    if figure.unit == "度" and figure.kind != "energy":
        unit = "℃" if figure.kind == "temperature" else "degrees"
    gap = "" if unit in ("%", "‰", "℃", "") else " "
    return f"{_ENGLISH_BOUND[bound]}{sign}{number}{gap}{unit}"


def _ordinal(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def _side(bound: Bound) -> str:
    """超 and 以上 both set a floor, 不到 and 以内 a ceiling: they differ at one point that no print can tell."""
    return {_MORE: "floor", _LEAST: "floor", _LESS: "ceiling", _MOST: "ceiling"}.get(bound, bound.value)


def _plain(value: Decimal) -> Decimal:
    """Strip the value of trailing zeros and of an exponent: 3.20E+4 → 32000."""
    whole = value.to_integral_value()
    return whole.quantize(Decimal(1)) if whole == value else value.normalize()


def _drafts(text: str) -> Iterator[_Draft]:
    """Each number of the text with the unit after it, or refused; left to right, without overlap."""
    at = 0
    half = _HALF.search(text)
    while True:
        token = numerals.TOKEN.search(text, at)
        if half and half.start() < at:
            half = _HALF.search(text, at)
        if half and (token is None or half.start() <= token.start()):
            draft, at = _half_or_fold(text, half)
            if draft:
                yield draft
            continue
        if token is None:
            return
        if token.lastgroup == "chinese" and (named := _SETS.match(text, token.start())):
            at = named.end()
            continue
        number = numerals.number(text, token)
        if number is None:
            at = token.end()
            continue
        draft = _fraction(text, number) or _measured(text, number)
        yield draft
        at = max(draft.end, token.end())


def _half_or_fold(text: str, half: re.Match[str]) -> tuple[_Draft | None, int]:
    start, end = half.span()
    number = Numeral(start, end, Decimal("0.5"), Decimal("0.1"), False, "bare" if half.group() == "半" else "chinese")
    if half["part"]:
        # "one-third" and "a third of", but "a third plant" is none
        if "-" not in half["part"] and not text.startswith(" of ", end):
            return None, end
        many = numerals.parse(half["many"]) or Decimal(1)
        return _Draft(number, start, end, many * 100 / _PARTS[half["of"].lower()], SHARE, end, whole=True), end
    if half["share"]:
        return _Draft(number, start, end, Decimal(50), SHARE, end, whole=True), end
    if half["time"]:
        unit = {"年": Unit("年", "duration"), "月": Unit("个月", "duration")}.get(half["time"][-1])
        return _Draft(number, start, end, Decimal("0.5"), unit or Unit("小时", "duration"), end, whole=True), end
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
    bound = {"近": _ABOUT, "约": _ABOUT, "超": _MORE}.get(half["fold"][-1], _EXACT)
    return _Draft(times, start, times.end + 1, value, Unit("倍", "multiple"), times.end + 1, bound), times.end + 1


def _fraction(text: str, number: Numeral) -> _Draft | None:
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
    return _Draft(replace(many, start=number.start), number.start, many.end, value, SHARE, many.end, whole=True)


def _slashed(text: str, number: Numeral) -> _Draft | None:
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
    return _Draft(number, number.start, parts.end(2), value, SHARE, parts.end(2), whole=True)


def _measured(text: str, number: Numeral) -> _Draft:
    draft = _Draft(number, number.start, number.end, number.value)
    if _is_name(text, number):
        draft.refused = True
        return draft
    at = number.end
    plus = text[at : at + 1] == "+" and number.style == "arabic"
    if plus:
        at = draft.end = draft.end + 1  # 100+家; 5G+ and 13+2 are no numbers of their own
        draft.bound = _LEAST
    gap = at + 1 if text[at : at + 1] in (" ", "-") else at
    if _tenths(text, draft) or _ordinal_english(text, draft):
        return draft
    extra = _EXTRA_HALF.match(text, at)
    if extra and (extra[1] or number.style != "bare"):
        name = _COMPOUND.get(extra[1] or "", extra[1] or extra[2])
        draft.unit = units.UNITS[name]
        draft.end = draft.unit_end = extra.end()
        if "半" in extra.group():
            draft.value += Decimal("0.5")
        else:
            draft.bound = _MORE
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
        draft.refused = _is_no_quantity(text, draft, draft.unit)
    return draft


def _tenths(text: str, draft: _Draft) -> bool:
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


def _ordinal_english(text: str, draft: _Draft) -> bool:
    """``ranked 27th``; any other ordinal is refused."""
    if not _ORDINAL_ENGLISH.match(text, draft.end):
        return False
    if _RANK_WORD.search(text, max(0, draft.start - 20), draft.start):
        draft.unit, draft.end = Unit("位", RANKED), draft.end + 2
        draft.unit_end, draft.whole = draft.end, True
    else:
        draft.refused = True
    return True


def _rate(text: str, draft: _Draft) -> None:
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
        printed_year = _is_recent_year(text, number)
        if english and not printed_year and not _NOT_ENGLISH.search(before):
            return BARE
        whole = number.start == 0 and number.end == len(text)
        stated = whole or _STATED.search(before) or _bound_before(text, number.start, bare=False)
        if stated and not printed_year and _STATED_END.match(text, number.end):
            return BARE
    return None


def _currency(text: str, draft: _Draft) -> None:
    """¥100, US$5 million, RMB 10 billion: the sign stands before the number."""
    sign = _CURRENCY.search(text, max(0, draft.start - 4), draft.start) if draft.unit is BARE else None
    if sign:
        draft.unit = units.UNITS[{"¥": "元", "R": "元", "C": "元", "€": "欧元"}.get(sign.group()[0], "美元")]
        draft.start = sign.start()


def _is_year(text: str, number: Numeral) -> bool:
    return (
        number.end - number.start == 4
        and number.style == "arabic"
        and _YEARS[0] <= number.value <= _YEARS[1]
        and text[number.start : number.end].isdigit()
    )


def _is_recent_year(text: str, number: Numeral) -> bool:
    """Whether a bare number is more likely a year than a count: 2017, but not 1097."""
    return _is_year(text, number) and number.value >= _RECENT


def _is_name(text: str, number: Numeral) -> bool:
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


_STATED_RANK = re.compile(r"[排居列名]$|[居列名]第$")


def _is_no_quantity(text: str, draft: _Draft, unit: Unit) -> bool:
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
        return number.value == 1 and not number.scaled and _bound_before(text, start, bare=False) is None
    return False


def _is_force(text: str, number: Numeral, end: int) -> bool:
    """Whether an N级 measures an earthquake or a wind."""
    return (
        "." in text[number.start : number.end]
        or text.startswith(("地震", "风", "大风", "阵风"), end)
        or "风" in text[max(0, number.start - 4) : number.start]
    )


def _is_chinese_word(text: str, draft: _Draft, unit: Unit) -> bool:
    number, start, end = draft.number, draft.number.start, draft.unit_end
    printed = text[start : number.end]
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    counts = unit.kind == units.COUNT
    bound = _bound_before(text, start, bare=number.style == "bare")
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
    if before.endswith("近") and not before.endswith(("最近", "将近", "接近")):
        return not _STRETCH.search(before[:-1])
    return _PERIOD_BEFORE.search(before) is not None or _PERIOD_AFTER.match(text, end) is not None


def _share_units(text: str, drafts: list[_Draft]) -> None:
    """20至80元, 12、15和20家: a number without a unit takes the one of the next number, from right to left.

    3至5万元 is 3万 to 5万: the magnitude is shared too, where it makes the range rise.
    """
    for at in range(len(drafts) - 2, -1, -1):
        draft, following = drafts[at], drafts[at + 1]
        if draft.refused and not following.refused and _LIST.fullmatch(text, draft.end, following.start):
            # 第4、5位: an ordinal's list is ordinal
            if text[draft.start - 1 : draft.start] == "第" and draft.unit is None:
                following.refused = True
            continue
        if draft.refused or draft.whole or following.refused or following.unit is None or following.whole:
            continue
        if draft.unit is not None and not (draft.unit is BARE and draft.number.style == "arabic"):
            continue
        before = text[draft.start - 1 : draft.start] if draft.start else ""
        if before.isascii() and before.isalpha():
            continue
        ranged = _RANGE.fullmatch(text, draft.end, following.start)
        listed = _LIST.fullmatch(text, draft.end, following.start) and not _is_recent_year(text, draft.number)
        if not (ranged or listed):
            continue
        if draft.number.style in ("chinese", "bare") and not ranged:
            continue
        if draft.number.style == "word" and following.unit is BARE and not ranged:
            continue
        draft.unit, draft.unit_end = following.unit, draft.end
        scale = _magnitude(text, following.number)
        if ranged and scale > 1 and not draft.number.scaled and draft.value * scale < following.value:
            draft.value *= scale


def _magnitude(text: str, number: Numeral) -> int:
    scale = 1
    for letter in reversed(text[number.start : number.end]):
        if letter in "万亿":
            scale *= 10**4 if letter == "万" else 10**8
        elif letter not in "多余几来":
            break
    return scale


def _share_bounds(text: str, drafts: list[_Draft]) -> None:
    """约3至5天, 3至5天左右: what is said of one end of a range is said of both."""
    for draft, following in pairwise(drafts):
        if draft.refused or following.refused or draft.unit is None or following.unit is None:
            continue
        if not _RANGE.fullmatch(text, draft.unit_end, following.number.start):
            continue
        if _ABOUT in (draft.bound, following.bound) and {draft.bound, following.bound} <= {_ABOUT, _EXACT}:
            draft.bound = following.bound = _ABOUT


def _bind(text: str, draft: _Draft, unit: Unit, floor: int) -> None:
    """Read the words on both sides that bound the value, and take them into the span.

    ``floor`` is where the number before ends: a hyphen there makes a range (50万元-80万元), not a loss.
    """
    negative = _NEGATIVE.search(text, max(0, draft.start - 6), draft.start) if unit.kind in _SIGNED else None
    if negative and not (negative.group() in "-−" and negative.start() <= floor):
        draft.value, draft.start = -draft.value, negative.start()
    before = _bound_before(text, draft.start, bare=draft.number.style == "bare")
    if draft.number.more:
        draft.bound = _MORE
    if unit.name in ("名", "位", "强") and text.endswith("前", 0, draft.start):
        draft.unit, draft.bound, draft.start = Unit(unit.name, RANKED), _MOST, draft.start - 1
        return
    if text.endswith("第", 0, draft.start):
        draft.unit, draft.start = Unit(unit.name, RANKED), draft.start - 1
        return
    if unit.name == "度":
        draft.unit = Unit("度", _degree_kind(text, draft))
    if unit.name == "块" and not text[draft.unit_end : draft.unit_end + 1].isalpha():
        draft.unit = units.UNITS["元"]  # 算您2000块，; but 100块电池 counts
    after = _bound_after(text, draft.unit_end, unit)
    if after and not (draft.number.more and after[0] in (_MORE, _LEAST)):
        draft.bound, draft.end = after[0], max(draft.end, after[1])
    elif after:
        draft.end = max(draft.end, after[1])
    if before:
        bound, start = before
        draft.start = start
        if bound is not _ABOUT or draft.bound is _EXACT:
            draft.bound = bound


def _degree_kind(text: str, draft: _Draft) -> str:
    window = text[max(0, draft.start - 10) : draft.start]
    if _ANGLE.search(window) or draft.value in (360, 180):
        return "angle"
    if draft.value < 0 or _TEMPERATURE.search(window):
        return "temperature"
    return "energy"


def _bound_before(text: str, start: int, *, bare: bool) -> tuple[Bound, int] | None:
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
            return _MOST, end + 1
    return None
