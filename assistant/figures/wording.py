"""A Figure in, its words in Chinese or English out, from its value: 超100.13亿元, ``more than 10.013 billion yuan``."""

from decimal import Decimal

from assistant import units
from assistant.figures.draft import RANKED, plain
from assistant.records import Bound, Figure

_SHARE_DIGITS = 6  # more decimals than any print has: the value came of a division such as 七分之一
_CHINESE_BOUND = {
    Bound.EXACT: "",
    Bound.ABOUT: "约",
    Bound.AT_LEAST: "至少",
    Bound.MORE_THAN: "超",
    Bound.AT_MOST: "不超过",
    Bound.LESS_THAN: "不到",
}
_ENGLISH_BOUND = {
    Bound.EXACT: "",
    Bound.ABOUT: "about ",
    Bound.AT_LEAST: "at least ",
    Bound.MORE_THAN: "more than ",
    Bound.AT_MOST: "at most ",
    Bound.LESS_THAN: "less than ",
}


def render(figure: Figure, language: str = "zh") -> str:
    """Word the figure in ``zh`` or ``en`` from its value: 超100.13亿元, ``more than 10.013 billion yuan``.

    ``find`` reads it back to the same quantity and bound. A share that was printed as a fraction comes as a rounded
    percentage with its 约. Counts stand bare in English: the noun is the sentence's.
    """
    value, bound = figure.value, figure.bound
    if figure.kind == "share" and -int(value.as_tuple().exponent) > _SHARE_DIGITS:
        value = plain(round(value, 1))
        bound = Bound.ABOUT if bound is Bound.EXACT else bound
    if language == "en":
        return _render_english(figure, value, bound)
    return _render_chinese(figure, value, bound)


def _render_chinese(figure: Figure, value: Decimal, bound: Bound) -> str:
    if figure.kind == RANKED:
        return f"前{value}{figure.unit}" if bound is Bound.AT_MOST else f"第{value}{figure.unit}"
    sign, size = ("-", -value) if value < 0 else ("", value)
    text = f"{size:f}"
    if figure.kind not in ("share", "points", "temperature"):
        for magnitude, letter in ((10**8, "亿"), (10**4, "万")):
            # 2025家 and 12500元 stay: a magnitude helps where the number is long or round
            if size >= magnitude and (magnitude == 10**8 or size >= 10**5 or size % 1000 == 0):
                text = f"{plain(size / magnitude):f}{letter}"
                break
    return f"{_CHINESE_BOUND[bound]}{sign}{text}{figure.unit}"


def _render_english(figure: Figure, value: Decimal, bound: Bound) -> str:
    if figure.kind == RANKED:
        return f"top {value}" if bound is Bound.AT_MOST else f"ranked {_ordinal(int(value))}"
    sign, size = ("-", -value) if value < 0 else ("", value)
    number = f"{size:,f}"
    for magnitude, word in ((10**12, "trillion"), (10**9, "billion"), (10**6, "million")):
        if size >= magnitude and figure.kind not in ("share", "points"):
            number = f"{plain(size / magnitude):f} {word}"
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
