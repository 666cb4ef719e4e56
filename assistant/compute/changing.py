"""Rules for reckonings of one thing, its change, rate or share: a question in, what it asks for out, or None."""

import re
from typing import Final

from assistant import units
from assistant.compute.asked import Asked, Operation
from assistant.compute.parting import around, bare, parted, trimmed
from assistant.compute.units_asked import unit_asked
from assistant.compute.words import ABOUT, MOVE, PART, PRINTED_CHANGE, time_unit

_YEARLY: Final = re.compile(
    r"年均(?:复合)?(?:增长|增速|增幅|增)|年复合增|(?:平均每年|每年平均|一年平均)(?:大约|约)?(?:增长|增加|增|提高)"
)
GREW: Final = re.compile(
    rf"(?P<word>{MOVE})(?:了|过)?{ABOUT}(?P<part>{PART})|(?:总|累计)?(?:增长率|增幅|涨幅|降幅|增长幅度)(?:是|为|有|达)?(?:多少|多大|几)"
)
MOVED: Final = re.compile(rf"(?P<word>{MOVE}|[升降涨减])(?:了|过|出)*{ABOUT}(?:多少|几|多大)")
_EVERY_YEAR: Final = re.compile(r"平均每年|每年平均|(?<!\d)年平均|(?<!\d)年均|每年")
_EACH: Final = re.compile(r"(?:每一?|(?<![\d第十这某同])一)(?!季度)(?P<unit>[^\d，,。？?]{1,4})")
_MEAN: Final = re.compile(r"平均|均价|单价|人均|户均|亩均|车均|折合|合|算下来|摊到")
_MEAN_OF: Final = {"人均": "人", "户均": "户", "亩均": "亩", "车均": "辆"}
_LASTS: Final = re.compile(
    rf"^(?P<a>.{{1,120}}?)[，,]?(?:一共|总共)?(?:够|能供|可供|足够|能让|可以供)(?P<b>.{{1,120}}?)(?:用|烧|吃|消化|消耗|生产|使用|运转|维持){{0,3}}上?{ABOUT}(?:几|多少)"
    r"(?P<unit>天|个月|年|小时|周)"
)
_TAKES: Final = re.compile(
    rf"(?:要|需要|需|得|能)(?:花|用|干|做|生产|消化|跑|加工|赶|排)?{ABOUT}(?:几|多少)(?P<unit>天|个月|年|小时|周)"
)
_RATE: Final = re.compile(r"(?:每|一|单)(?:一)?(?P<unit>天|日|个月|月|年|小时|周)(?!产值)")
_ASSUMED: Final = re.compile(
    r"[（(][^（）()]{0,8}(?<!\d)\d{2,3}天[^（）()]{0,4}[）)]|按照?(?<!\d)\d{2,3}天来?(?:计算|算|计)?"
)
_STRETCH: Final = re.compile(
    r"(?:一个|1个|整个|每个|整|全|一|1|每)(?P<one>月|年|季度|天|日|周)(?![度末底初级])"
    r"|(?<![今去前近明后当每一\d])(?P<short>月|年|日)(?=产|供|均|处理|发电)"
    r"|(?<!\d)(?P<number>\d{1,3})(?P<unit>天|日|个月|年|小时|周)"
)
_RECKON: Final = re.compile(r"推|倒算|反算|测算|估算|折算|换算|按|照|据此|算下来|算来|折合|合多少|相当于多少|根据")
_GROWTH_WORD: Final = re.compile(r"同比|增长|增速|增幅|增长率|上涨|下降|涨幅|降幅|提高")
_GREW_BY: Final = re.compile(
    r"(?:增长|下降|增幅|降幅|增加|减少|提高|上涨)了?(?:约|近|超)?\d{1,3}(?:\.\d{1,3})?[%％][^。]{0,14}"
    r"(?:去年|上年|同期|前一年|上一年|(?:19|20)\d\d年)[^。]{0,16}(?:多少|几)"
)
_MORE_BY: Final = re.compile(r"(?:增加|增长|多|减少|少|下降)了?(?:大约|约)?(?:多少|几)")
_PART_OF: Final = re.compile(r"\d[^，。]{1,14}(?:里面|里|当中|中)[，,]?[^，。]{2,24}(?:约有|有|是|占)?(?:多少|几)")
_SHARE_WORD: Final = re.compile(r"占|[^效频速]率|比例|份额|分之|[%％]|[一二两三四五六七八九]成")
_YEAR_BEFORE: Final = re.compile(r"去年|上年|同期|前一年|上一年|(?:19|20)\d\d年|基数")
_INTO: Final = re.compile(r"(?:折合|换算成|换算为|换算|折成|合成|合|等于|相当于|是)(?:多少|几)(?P<unit>.{1,6})")


def backwards(whole: str, last: str) -> Asked | None:
    """按增长38%推算去年同期多少; 照900人占30%推算总数."""
    if not re.search(r"多少|几", last):
        return None
    if _GREW_BY.search(whole):
        return Asked(Operation.BEFORE, ((bare(whole),),), whole, word="增加" if _MORE_BY.search(last) else "")
    if _PART_OF.search(whole) and unit_asked(last) not in ("", "%", "倍", "个百分点"):
        return Asked(Operation.BY_SHARE, ((bare(whole),),), whole, sure=False)
    if not _RECKON.search(whole):
        return None
    if _GROWTH_WORD.search(whole) and _YEAR_BEFORE.search(whole) and re.search(r"推|倒|反|算", whole):
        return Asked(Operation.BEFORE, ((bare(whole),),), whole)
    if _SHARE_WORD.search(whole) and unit_asked(last) not in ("%", "倍", "个百分点"):
        return Asked(Operation.BY_SHARE, ((bare(whole),),), whole)
    return None


def lasting(whole: str, last: str) -> Asked | None:
    """A够B用几天; 按每天B，A要几天."""
    if found := _LASTS.match(whole):
        a, b = trimmed(found["a"]), trimmed(found["b"])
        if a and b:
            return Asked(Operation.LASTS, ((a, b),), whole, unit=found["unit"])
    cue = _TAKES.search(last)
    if cue and _RATE.search(whole):
        ways = parted(trimmed(around(whole, last, cue)[0]))
        return Asked(Operation.LASTS, (*ways, (bare(whole),)), whole, unit=cue["unit"])
    return None


def over(whole: str, last: str) -> Asked | None:
    """每天A，一个月按30天算多少; 一个月A，平均每天多少: a rate, and a stretch of time that it does not itself name.

    ``per`` is the time that the rate is of, ``word`` the stretch asked for: 1个月, 30天, 1天.
    """
    if not (asked := re.search(r"多少|几(?!个?月|天|年)", last)):
        return None
    at = len(whole) - len(last) + asked.start() if whole.endswith(last) else asked.start()
    plain = _ASSUMED.sub(lambda found: "\0" * len(found[0]), whole)
    stretches = list(_STRETCH.finditer(plain))
    target = next((stretch for stretch in reversed(stretches) if stretch.end() <= at), None)
    basis = next((stretch for stretch in stretches if stretch["one"] or stretch["short"]), None)
    if basis is None or target is None or target.start() == basis.start():
        return None
    own = time_unit(basis["one"] or basis["short"])
    unit = time_unit(target["one"] or target["short"] or target["unit"])
    if own == unit and not target["number"]:
        return None
    if not re.search(r"平均|按|照|算|能|可|要|得|该|应|等于|就是|多少", plain[target.end() : at + 2]):
        return None
    return Asked(Operation.OVER, ((bare(whole),),), whole, per=own, word=f"{target['number'] or 1}{unit}")


def yearly(whole: str, last: str) -> Asked | None:
    """年均增长百分之几."""
    if not (cue := _YEARLY.search(last)):
        return None
    if unit_asked(last) not in ("", "%"):
        return None
    return Asked(Operation.YEARLY, ((trimmed(around(whole, last, cue)[0]),),), whole, unit="%", sure=False)


def moved(whole: str, last: str) -> Asked | None:
    """提高了几个百分点, 增加了多少家, 增长了百分之几. A growth rate on the year before is only ever printed."""
    if PRINTED_CHANGE.search(last):
        return None
    if cue := GREW.search(last):
        body = trimmed(around(whole, last, cue)[0])
        word = cue["word"] or "增长"
        return Asked(Operation.GROWTH, ((body,),), whole, unit="" if "倍" in cue[0] else "%", word=word, sure=False)
    cue = MOVED.search(last)
    if not cue or (cue["word"] in ("增长", "下降", "上涨") and not unit_asked(last)):  # a rate is asked for
        return None
    if (each := _EVERY_YEAR.search(last)) and unit_asked(last) not in ("%", "倍", "个百分点"):
        body = trimmed(_EVERY_YEAR.sub("", around(whole, last, cue)[0]))
        return Asked(Operation.CHANGE, ((body,),), whole, word=cue["word"], per="年" if each else "")
    return Asked(Operation.CHANGE, ((trimmed(around(whole, last, cue)[0]),),), whole, word=cue["word"], sure=False)


def average(whole: str, last: str) -> Asked | None:
    """平均每家多少, 一斤卖多少钱, 人均多少."""
    if not re.search(r"多少|几|多大|多高", last) or PRINTED_CHANGE.search(last):
        return None
    mean = _MEAN.search(last)
    for short, unit in _MEAN_OF.items():
        if short in last:
            return Asked(Operation.AVERAGE, ((bare(whole),),), whole, per=unit, sure=False)
    for each in _EACH.finditer(last):
        unit = next(
            (name for name in (time_unit(each["unit"][:2]), time_unit(each["unit"][:1])) if name in _LENGTH), ""
        )
        if not unit and (found := units.match(last, each.start("unit"))):
            unit = found[0].name
        if unit and (mean or unit not in _LENGTH):
            return Asked(Operation.AVERAGE, ((bare(whole),),), whole, per=unit, sure=bool(mean))
    return None


def stretched(whole: str, last: str) -> Asked | None:
    """一年返销多少吨, where the page may print it for a month: told by what is found."""
    if not (asked := re.search(r"(?:多少|几)(?!个?月|天|年|倍|成)", last)) or PRINTED_CHANGE.search(last):
        return None
    stretches = [
        one
        for one in _STRETCH.finditer(last, 0, asked.start())
        if one["one"] or (one["number"] and _WILL.search(last, one.end(), asked.start()))
    ]
    if len(stretches) != 1 or unit_asked(last) in ("", "%", "倍", "个百分点"):
        return None
    one = stretches[0]
    return Asked(
        Operation.OVER,
        ((bare(whole),),),
        whole,
        word=f"{one['number'] or 1}{time_unit(one['one'] or one['unit'])}",
        sure=False,
    )


_WILL: Final = re.compile(r"能|可|会|要|得")  # 5年能产多少; 近5年产了多少 is for the page to tell


def converted(whole: str, last: str) -> Asked | None:
    """折合多少公斤."""
    cue = _INTO.search(last)
    if not cue or not re.search("折|换算|合|等于|相当于", cue[0]) or not (unit := unit_asked(last)):
        return None
    return Asked(Operation.CONVERT, ((trimmed(around(whole, last, cue)[0]),),), whole, unit=unit, sure=False)


_LENGTH: Final = {"小时": 1, "天": 24, "周": 168, "个月": 720, "个季度": 2160, "年": 8760}
