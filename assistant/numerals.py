"""Printed numbers → Decimal: ``3.2万``, ``三千二百``, ``20多万``, ``５０``, ``三成``, ``七分之一``, ``2.4 million``.

Two doors: ``read`` takes the number that stands at one place of a longer text, without its unit, and tells where it
ends; ``parse`` takes a whole string and knows shares too, which it gives as a part of one (``三成`` is 0.3).

A number that has no value (几千, 数百, 三五个, 七八百) is no number here: both doors answer ``None``.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

LONGEST = 40
"""Characters of one number. The longest that a newspaper prints is under 20; beyond, a row of digits is a code."""

_FOLDED = str.maketrans(
    "０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ"
    "ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ．％／＋＄￥＜＞－～：\u00a0\u3000\u2009\u202f",
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.%/+$¥<>-~:    ",
)

_DIGITS = {
    **dict(zip("零一二三四五六七八九", range(10), strict=True)),
    **dict(zip("壹贰叁肆伍陆柒捌玖", range(1, 10), strict=True)),
    "〇": 0,
    "○": 0,
    "两": 2,
}
_SMALL = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_LARGE = {"万": 10**4, "亿": 10**8}
_TENS = {"廿": "二十", "卅": "三十"}
DIGIT_LETTERS = frozenset(_DIGITS)
"""Letters that are a digit: a row of them without a magnitude is a year (二〇二四) or has no value (三五天)."""

_ONES = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen"]
_ONES += ["fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_DECADES = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_WORDS = {word: at for at, word in enumerate(_ONES, 1)} | {word: 10 * at for at, word in enumerate(_DECADES, 2)}
_SCALES = {"hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12, "bn": 10**9}

# Possessive (++, *+) throughout: a row of a million digits is read once, never again from its middle.
TOKEN = re.compile(
    r"(?P<arabic>[0-9]++(?:[.,，][0-9]++)*+)"
    r"|(?P<chinese>[零〇○一二三四五六七八九两十百千万亿廿卅壹贰叁肆伍陆柒捌玖拾佰仟]++(?:点[零〇一二三四五六七八九]++)?+)"
    r"|(?<![A-Za-z])(?P<word>(?:"
    rf"(?:{'|'.join(_DECADES)})(?:-(?:{'|'.join(_ONES[:9])}))?|{'|'.join(sorted(_ONES, key=len, reverse=True))}"
    r"))(?![A-Za-z])",
    re.IGNORECASE,
)
"""Where a number may begin, in folded text. ``read`` says whether one does."""

_THOUSANDS = re.compile(r"[0-9]{1,3}(?:[,，][0-9]{3})++(?:\.[0-9]++)?")
_PLAIN = re.compile(r"[0-9]++(?:\.[0-9]++)?")
_MORE = r"多(?!元化|样|功能|媒体|边|年生|数)|余(?!额|热|姚|杭|下|款)|几(?!乎)|来(?=[个名人家次万亿年天位亩斤吨岁])"
# 5千瓦 is 5 of a unit, 5千元 is 5000: 千 belongs to the unit before these letters, 百 before 百分点.
_MAGNITUDE = re.compile(
    rf"(?P<before>{_MORE})?(?P<article>个(?=多?亿(?!元)))?(?P<large>(?:百(?!分)|千(?![瓦克米伏卡赫焦帕]))?(?:万亿|[万亿])?)"
)
_GOES_ON = frozenset("百千万亿多余几来个 -htmbHTMB")
_TRAILING = re.compile(rf"(?:{_MORE})")
_SCALE_WORD = re.compile(rf"[ -]?({'|'.join(_SCALES)})(?![A-Za-z])", re.IGNORECASE)
_UNIT_THOUSAND = frozenset("瓦克米伏卡赫焦帕")


@dataclass(frozen=True, slots=True)
class Numeral:
    """The number at ``text[start:end]``: its value, and the worth of one unit of its last printed digit (``place``).

    ``more`` tells a 多, 余, 几 or 来 inside it (20多万 is a little over 200,000). ``style`` is ``arabic``, ``chinese``,
    ``bare`` (a magnitude alone: 百万, 千) or ``word`` (English). ``scaled`` tells a printed 万, 亿 or million.
    """

    start: int
    end: int
    value: Decimal
    place: Decimal
    more: bool = False
    style: str = "arabic"
    scaled: bool = False


def fold(text: str) -> str:
    """Make full-width digits, letters and signs half-width; every offset stays where it was."""
    return text.translate(_FOLDED)


def read(text: str, at: int) -> Numeral | None:
    """Read the number that begins at ``text[at]``; ``None`` if none does, or if it has no value. ``text`` is folded."""
    token = TOKEN.match(text, at)
    return number(text, token) if token else None


def number(text: str, token: re.Match[str]) -> Numeral | None:
    """Read the number that begins with a match of ``TOKEN``: magnitude, 多 and 余 are read from what follows."""
    printed = token.group()
    if len(printed) > LONGEST:
        return None
    if token.lastgroup == "chinese":
        return _chinese_numeral(text, token.start(), printed)
    if token.lastgroup == "word":
        return _english_numeral(text, token.start(), token.end(), Decimal(_word(printed.lower())), Decimal(1), "word")
    return _arabic_numeral(text, token.start(), printed)


def parse(text: str) -> Decimal | None:
    """Value a string that is one number and nothing else; shares come as parts of one. ``None`` if it is not.

    ``3.2万`` 32000 · ``二〇二四`` 2024 · ``三成五`` 0.35 · ``4.6‰`` 0.0046 · ``一半`` 0.5 · ``七分之一`` 0.142857…
    """
    whole = fold(text).strip().replace(" ", "")
    if not whole or len(whole) > LONGEST:
        return None
    if whole in ("半", "一半", "半数"):
        return Decimal("0.5")
    for sign, part in (("%", 100), ("‰", 1000)):
        if whole.endswith(sign):
            value = parse(whole[: -len(sign)])
            return None if value is None else value / part
    below, divided, above = whole.partition("分之")
    if divided:
        parts = _whole(below) if below not in ("百", "千", "万") else Decimal(_SMALL.get(below) or _LARGE[below])
        many = _whole(above)
        return many / parts if parts and many is not None else None
    tenths, sign, rest = whole.partition("成")
    if sign:
        value = _whole(tenths)
        extra = Decimal(0) if not rest else Decimal(5) if rest == "半" else _whole(rest)
        if value is None or extra is None or extra >= 10:
            return None
        return (value + extra / 10) / 10
    return _whole(fold(text).strip())


def chinese(printed: str) -> Decimal | None:
    """Value Chinese number letters: 三千二百, 一百〇五, 廿五, 三点五万, 三千二 (3200), 二〇二四 (2024).

    Worked by value, not by pattern, so 十万百 and 百十 are refused. Two digits in a row without a magnitude are a year
    or a code if nothing else stands there (二〇二四); a pair has no value (三五, 三五百).
    """
    for letter, tens in _TENS.items():
        printed = printed.replace(letter, tens)
    whole, dot, decimals = printed.partition("点")
    large = ""
    if dot and decimals:
        if any(letter not in _DIGITS for letter in decimals):
            return None
        value = chinese(whole)
        return None if value is None else value + Decimal("0." + "".join(str(_DIGITS[letter]) for letter in decimals))
    if dot or not whole:
        return None
    if all(letter in _DIGITS for letter in whole):
        if len(whole) == 2 or (len(whole) > 1 and "两" in whole):
            return None
        return Decimal("".join(str(_DIGITS[letter]) for letter in whole))
    total = section = 0
    digit: int | None = None
    magnitude, zero = 10**9, False
    for at, letter in enumerate(whole):
        if letter in _DIGITS:
            if digit is not None:
                return None
            if _DIGITS[letter] == 0:
                zero = True
            else:
                digit = _DIGITS[letter]
        elif letter in _SMALL:
            # 十 may stand alone wherever a section begins (十五万), 百 and 千 only at the very beginning (百万)
            if digit is None and not (at == 0 or (_SMALL[letter] == 10 and (section == 0 or zero))):
                return None
            if _SMALL[letter] >= magnitude:
                return None
            magnitude, zero = _SMALL[letter], False
            section += (1 if digit is None else digit) * magnitude
            digit = None
        else:
            section += digit or 0
            digit = None
            if letter in large or (large and large[-1] == "亿" and letter == "亿"):
                return None
            if letter == "亿":
                if not (total or section or at == 0):
                    return None
                total = (total + section if at else 1) * _LARGE["亿"]
            else:
                if not (section or at == 0):
                    return None
                total += (section if at else 1) * _LARGE["万"]
            large, section, magnitude, zero = ("亿" if letter == "亿" else large + letter), 0, 10**9, False
    if digit is not None:
        last = whole[-2] if len(whole) > 1 else ""
        # 三千二 is 3200 and 两万五 is 25000, but 三千零二 is 3002 and 十二 is 12
        step = _SMALL.get(last) or _LARGE.get(last) or 1
        section += digit * (step // 10 if step > 10 and not zero else 1)
    return Decimal(total + section)


def _whole(text: str) -> Decimal | None:
    found = read(text, 0)
    if found is not None and found.start == 0 and found.end == len(text):
        return found.value
    return None


def _arabic_numeral(text: str, start: int, printed: str) -> Numeral | None:
    if not (_PLAIN.fullmatch(printed) or _THOUSANDS.fullmatch(printed)):
        # 12,15,20家 is a list: its last member may have a unit; 2025.9.3 and 100.200 are dates and codes
        last = printed.replace("，", ",").rpartition(",")[2]
        if last == printed or not _PLAIN.fullmatch(last):
            return None
        start, printed = start + len(printed) - len(last), last
    if printed[0] == "0" and printed[1:2].isdigit():
        return None  # 007, 000 of 1 000: a code, or the rest of a number
    value = Decimal(printed.replace(",", "").replace("，", ""))
    decimals = printed.partition(".")[2]
    place = Decimal((0, (1,), -len(decimals))) if decimals else Decimal(1)
    end = start + len(printed)
    if text[end : end + 1] not in _GOES_ON:
        return Numeral(start, end, value, place)
    english = _english_numeral(text, start, end, value, place, "arabic")
    if english.scaled:
        return english
    value, place, end, more, scale = _magnified(text, end, value, place)
    if scale > 1 and not more:
        value, place, end, more = _continued(text, end, value, place, scale)
    return Numeral(start, end, value, place, more, "arabic", scale > 1)


def _magnified(text: str, end: int, value: Decimal, place: Decimal) -> tuple[Decimal, Decimal, int, bool, int]:
    if text[end : end + 1] == " " and text[end + 1 : end + 2] in _LARGE:
        end += 1  # 100 亿元
    found = _MAGNITUDE.match(text, end)
    more, scale = False, 1
    if found and found.end() > end:
        large = found["large"]
        if large or not found["article"]:
            end, more = found.end(), found["before"] is not None
            for letter in large:
                scale *= _SMALL.get(letter) or _LARGE[letter]
    if not more and (trailing := _TRAILING.match(text, end)):
        more, end = True, trailing.end()
    if scale == 1:
        return value, place, end, more, scale
    return value * scale, place * scale, end, more, scale


def _continued(text: str, end: int, value: Decimal, place: Decimal, scale: int) -> tuple[Decimal, Decimal, int, bool]:
    """Read the rest of 3亿2000万 or 1万2千: a smaller magnitude after a larger one."""
    for _ in range(2):
        token = _PLAIN.match(text, end, end + 8)
        if token is None or (token.end() < len(text) and text[token.end()] in "0123456789.,"):
            break
        digits = Decimal(token.group())
        rest, rest_place, rest_end, more, rest_scale = _magnified(text, token.end(), digits, Decimal(1))
        if not (1 < rest_scale < scale or (rest_scale == 1 and len(token.group()) == len(str(scale)) - 1 < 5)):
            break
        if rest >= scale:
            break
        value, place, end, scale = value + rest, rest_place, rest_end, rest_scale
        if more:
            return value, place, end, True
    return value, place, end, False


def _chinese_numeral(text: str, start: int, printed: str) -> Numeral | None:
    # 二十万千瓦时 counts 千瓦时: the last 千 belongs to the unit; but 近千米 has no other number than 千
    while (
        len(printed) > 1
        and printed[-1] == "千"
        and text[start + len(printed) : start + len(printed) + 1] in (_UNIT_THOUSAND)
    ):
        printed = printed[:-1]
    value = chinese(printed)
    if value is None:
        return None
    scale = Decimal(1)
    for letter in reversed(printed):
        if letter not in _LARGE:
            break
        scale *= _LARGE[letter]
    _, dot, decimals = printed.partition("点")
    if dot and decimals:
        scale = Decimal((0, (1,), -len(decimals)))
    value, place, end, more, large = _magnified(text, start + len(printed), value, scale)
    bare = printed[0] in "百千万亿佰仟"
    return Numeral(start, end, value, place, more, "bare" if bare else "chinese", scale > 1 or large > 1)


def _english_numeral(text: str, start: int, end: int, value: Decimal, place: Decimal, style: str) -> Numeral:
    scaled = False
    for _ in range(2):
        scale = _SCALE_WORD.match(text, end)
        if scale is None:
            break
        factor = _SCALES[scale.group(1).lower()]
        value, place, end, scaled = value * factor, place * factor, scale.end(), True
    return Numeral(start, end, value, place, False, style, scaled)


def _word(word: str) -> int:
    tens, _, ones = word.partition("-")
    return _WORDS[tens] + (_WORDS[ones] if ones else 0)
