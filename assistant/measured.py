"""A figure in its clause in, what it measures out: the noun phrase, and the ways of comparing that the words name.

    metric   铝加工产值突破30亿元，同比增长12%  →  铝加工产值; 铝加工产值增速
             集聚15家铸造企业                  →  集聚铸造企业
             从20%提升到35%                    →  the second has the first's metric

A phrase is cut from the clause, never made up: link words, dates and the subject's name are left out of it.
"""

import re
from dataclasses import dataclass, replace
from typing import Final

from assistant.records import Figure

_CUT: Final = frozenset("，；：。！？\n（）()“”")
_LINK: Final = re.compile(
    r"(?:达到了|达到|高达|已达|可达|达成|达|为|是|突破了|突破|超过了|超过|跨越|约为|约|完成了?|实现了?|有望|(?<![拥所])有|近|至|(?<!收)到|升至|降至|增至|仅|共|已经|已|了|将近|将|可|(?<![产功性智节效动热职技])能|能够"
    r"|预计|均|约有|共有|就|只|还|便|也|在|(?<![取获])得|大概|大约|至少|最高|最低|稳定|保持|维持|以|的|连续|最多|分别|累计|均为|提高到|提高至|提升到|提升至|增长到|增长至|增加到"
    r"|增加至|扩大到|扩大为|跃升至|攀升至|压缩至|压缩到|减少到|减少至|下降到|下降至|降低到|降到|升到|裂变为|变为|发展到|缩短至|增至|从|由|[、和与及或至到—–~-])+$"
)
_LEAD: Final = re.compile(
    r"^(?:[\s“”‘’、和与及或至到—]|其中|同时|同期|此外|另外|目前|如今|现在|眼下|当前|截至|截止|据统计|数据显示|据了解|仅|已|还|则|也|将|又|并|且|而|但|共|均|从|由|使|让|把|被|对|即|就|可以|可|能够|能|预计"
    r"|一举|以|并且|的|有|后|前|在|期间|为|是|累计|先后|以来|这批|该[局市县州区院镇村省校社]?|我们|公司|企业(?!数)|园区(?!数)|全年|每年可|只|都|分别|约|近|达(?![成标产])|首个|随后|不到|投产后|全部投产后)+"
)
_CHANGE: Final = re.compile(
    r"(?:同比|环比|[较比与](?:上年|去年|上月|上季度|年初|往年|前年)(?:同期)?|相比|年均|累计|平均|总体|均|将|预计|已|合计)*"
    r"(?P<verb>增长率?|增幅|增速|增加|提升|提高|上升|攀升|下降|降低|减少|缩短|压缩|回落|下滑|缩减|扩大|跌|涨|上涨|升|降|增|减|便宜|节约|节省|降幅|涨幅|翻)"
    r"(?:了|近|约|超过?|达到?|至少|最多|分别|为|逾|均|率)*$"
)
_TO: Final = re.compile(
    r"(?:提高|提升|增长|增加|扩大|跃升|攀升|上升|发展|裂变|变|增|升|下降|降低|减少|压缩|缩短|缩减|回落|下滑|降|减|跌|涨)(?:到了?|至|为)(?:了|近|约|超过?|目前的|现在的|如今的|的|以上)*$"
)
_SHARE: Final = re.compile(
    r"占(?:比|全|[^，；。]{0,18}?(?:比重|比例|总[数量额值]|产量|的))|占比|比重|比例|占[一-鿿]{2,14}$"
)
_RIGHT_STOP: Final = re.compile(
    r"(?:提高|提升|增长|增加|扩大|跃升|攀升|上升|发展|裂变|下降|降低|减少|压缩|缩短)(?:到|至|为)|[，；：。！？\n（）()、]|(?:由|将|被|直接|用于|之间|(?<![售以最])后|(?<![小])时|内(?!容|部|生)|等|并|到|和|与|均|都|可|已|同比|较|比(?!例|重)|为|是|返销|稳定|成为|形成|位居|居|抵达)"
)
_PARALLEL: Final = re.compile(r"(?:、|和|与|至|到|以及|及|—|–|~|-|/|\s)*$")
_RATES: Final = re.compile(
    r"(?:每天|每日|日均|每月|每个月|月均|每年|年均|年|月|日|每吨|每小时|每周|人均|户均|单日)(?=[^0-9]{0,8}$)"
)
_VERB_ONLY: Final = re.compile(
    r"(?:生产|集聚|拥有|投入|投|推出|建成|建设|投资|新增|消化|节省|获得|推介|选派|签约|培育|引进|实施|开展|组织|设立|发布|落地|接到|处理|分解|销售|收获|带动|吸纳|覆盖|辐射|种植|养殖|举办|排放|发放|申请|投放"
    r"|收到|售出|便宜|需要|还有|争取|释放|走访|化解|完成|创造|吸引|提供|成立|打造|推出|配备|安装|改造|招引|贡献|入驻|集中|聚集|产出|加工|回收|利用|减排|种了?|换|卖|买|算|给|开|跑|等)+了?$"
)
_LONGEST: Final = 22
_RIGHT: Final = 16
_RANGE: Final = re.compile("至|到|—{1,2}|-|~|或")
_TAKEN: Final = re.compile(r"[^、和与及]{1,16}(?:、|和|与|及|以及)")
_LOOSE_VERB: Final = re.compile(r"(?:至少|最多|大约|大概|起码|最少)[要需可能]*([一-鿿]{2})(?=[0-9])")
_BRACKET: Final = re.compile(r"([一-鿿A-Za-z0-9]{1,8})[（(]$")
# measures that do not say of what: 销售鲜活蚯蚓1000斤，收益9000元
_BARE_MEASURES: Final = frozenset(["收益", "销售额", "价值", "均价", "利润", "单价", "总价", "金额"])
_KIND_NOUN: Final = {"temperature": "温度", "rank": "排名", "area": "面积", "multiple": "倍数"}
_COMPARISONS: Final = (
    ("同比", re.compile(r"同比|较上年同期|比上年同期|较去年同期|比去年同期")),
    ("较上年", re.compile(r"(?:较|比)(?:上年|去年)(?!同期)")),
    ("环比", re.compile(r"环比|较上[月季]")),
    ("年均", re.compile(r"年均|年平均|复合增长")),
    ("占比", re.compile(r"占|比重|比例")),
    ("累计", re.compile(r"累计|总计|合计")),
    ("每天", re.compile(r"每天|每日|日均|单日|日产|日供|日处理")),
    ("每月", re.compile(r"每个?月|月均|月产")),
    ("每年", re.compile(r"每年|一年(?!级)|年产|年排|年节|年省|年销|年处理|年出口|年供|年均产|年(?=营|交易)|年可")),
    ("每吨", re.compile(r"每吨|吨均|吨铝|吨煤|吨钢")),
    ("人均", re.compile(r"人均|户均|每人|每户")),
    ("预计", re.compile(r"预计|预期|有望|将达|可达|可突破|力争|目标|计划|设计|拟|规划|将(?:超|突破|新增|增|建|投)")),
    ("平均", re.compile(r"平均")),
)


@dataclass(frozen=True, slots=True)
class Measured:
    """What a figure measures: the phrase, the comparisons, and whether the rule was sure of it."""

    metric: str
    comparison: tuple[str, ...]
    sure: bool
    item: str = ""  # which of A、B the figure is of, where 分别 deals them out
    inherited: bool = False


@dataclass(frozen=True, slots=True)
class _Room:
    """The clause of a figure: its bounds, and the text left and right of the figure up to the figures beside it."""

    start: int
    end: int
    left: str
    right: str


def measured(text: str, figures: tuple[Figure, ...], hidden: tuple[tuple[int, int], ...]) -> tuple[Measured, ...]:
    """What each figure measures. ``hidden`` are spans (dates, names of subjects) that are no part of a metric."""
    found: list[Measured] = []
    rooms = _rooms(text, figures)
    masked = _mask(text, hidden)
    for at, figure in enumerate(figures):
        one = _one(text, masked, figures, rooms, at, found)
        noun = _KIND_NOUN.get(figure.kind, "")
        if noun and noun not in one.metric:
            one = replace(one, metric=one.metric + noun)
        found.append(one)
    return tuple(found)


def _mask(text: str, hidden: tuple[tuple[int, int], ...]) -> str:
    letters = list(text)
    for start, end in hidden:
        letters[start:end] = "\x00" * (end - start)
    return "".join(letters)


def _rooms(text: str, figures: tuple[Figure, ...]) -> list[_Room]:
    rooms: list[_Room] = []
    for at, figure in enumerate(figures):
        start = figure.start
        while start > 0 and text[start - 1] not in _CUT:
            start -= 1
        end = figure.end
        while end < len(text) and text[end] not in _CUT:
            end += 1
        if start > 0 and text[start - 1] in "”“" and text[start : figure.start].strip() != "":
            start = _over_quote(text, start, figures[at - 1].end if at else 0)
        previous = figures[at - 1].end if at else 0
        following = figures[at + 1].start if at + 1 < len(figures) else len(text)
        rooms.append(
            _Room(start, end, text[max(start, previous) : figure.start], text[figure.end : min(end, following)])
        )
    return rooms


def _over_quote(text: str, start: int, floor: int) -> int:
    """“专精特新”企业: the quotation marks are within the phrase, not its end."""
    while start > floor and text[start - 1] not in "，；：。！？\n（）()":
        start -= 1
    return start


def _one(
    text: str, masked: str, figures: tuple[Figure, ...], rooms: list[_Room], at: int, found: list[Measured]
) -> Measured:
    figure, room = figures[at], rooms[at]
    previous = figures[at - 1] if at else None
    floor = max(room.start, previous.end if previous else 0)
    raw = masked[floor : figure.start].replace("\x00", "")
    real = [at for at, letter in enumerate(masked[floor : figure.start]) if letter != "\x00"]  # raw's letters in masked
    left = _clean(masked[floor : figure.start])
    right = _right(masked, figure, figures[at + 1].start if at + 1 < len(figures) else len(text))
    if not right and at + 1 < len(figures) and _RANGE.fullmatch(text, figure.end, figures[at + 1].start):
        right = _right(masked, figures[at + 1], figures[at + 2].start if at + 2 < len(figures) else len(text))
    if right and previous and room.start < previous.end and _TAKEN.fullmatch(raw):
        left = ""  # 70家企业和80个项目: the noun between is of the figure before
    if loose := _LOOSE_VERB.match(figure.text):
        right = loose[1] + right
    around = raw[-24:] + "|" + right[:6]
    comparison = _comparisons(raw if previous and previous.start >= room.start else around, around)
    last = found[-1] if found else None
    near = (
        previous is not None
        and "。" not in text[previous.end : figure.start]
        and "\n" not in text[previous.end : figure.start]
    )
    base = last.metric if last is not None and near else ""
    beside = previous is not None and room.start < previous.end and _PARALLEL.fullmatch(raw) is not None
    if (
        beside
        and previous
        and last
        and (not right[:1].isalpha() or figure.kind == previous.kind or _RANGE.fullmatch(raw))
    ):
        return Measured(last.metric, last.comparison, last.sure, inherited=True)
    ends = _TO.search(raw)
    ends = ends if (ends and room.start <= (previous.end if previous else 0)) or (ends and near) else None
    if ends and near and last and previous and not _clean(raw[: ends.start()]):
        return Measured(last.metric, (*_without(last.comparison, "起点"), "终点"), last.sure, inherited=True)
    if ends and not _clean(raw[: ends.start()]) and near and previous and last and _same_family(figure, previous):
        return Measured(last.metric, (*comparison, "终点"), last.sure, inherited=True)
    change = _CHANGE.search(raw)
    if change and figure.kind in ("share", "points", "multiple", "count", "money", "mass", "energy", "duration"):
        return _changed(figure, change, _clean(masked[floor : floor + real[change.start()]]), base, right, comparison)
    if figure.kind in ("share", "multiple") and (share := _SHARE.search(raw)):
        noun = _clean(masked[floor : floor + real[share.start()]])
        phrase = raw[share.start() :]
        phrase = re.sub(r"(?:从|由|的|达|达到|为|超过?|近|约|已|高达|总体|则|逾)+$", "", phrase)
        stem = noun or _root(base)
        return Measured(_cap(stem + phrase), (*comparison,), bool(stem), inherited=not noun)
    return _plain(text, figure, left, right, base, comparison, at, figures, room, found)


def _plain(
    text: str,
    figure: Figure,
    left: str,
    right: str,
    base: str,
    comparison: tuple[str, ...],
    at: int,
    figures: tuple[Figure, ...],
    room: _Room,
    found: list[Measured],
) -> Measured:
    counted = figure.kind == "count"
    inside = (
        _BRACKET.search(text, max(0, room.start - 10), room.start)
        if text[room.start - 1 : room.start] in "（("
        else None
    )
    if inside and not left and not right and text[room.end : room.end + 1] in "）)":
        noun = re.match(r"[一-鿿A-Za-z0-9]{0,10}", text[room.end + 1 :])
        return Measured(_cap(inside[1] + (noun.group() if noun else "")), comparison, False)
    if base and left in _BARE_MEASURES and not right:
        return Measured(_cap(_root(base) + left), comparison, True)
    if len(left) == 1 and base and not right:
        return Measured(base, comparison, False, inherited=True)
    if left and right:
        return Measured(_cap(left + right), comparison, True)
    if left:
        return Measured(_cap(left), comparison, len(left) > 1)
    if right:
        return Measured(_cap(right + ("占比" if figure.kind == "share" else "")), comparison, counted)
    if base and _same_kind_word(figure, base):
        return Measured(base, comparison, False, inherited=True)
    following = _next_clause(text, room.end)
    before = _clause_before(text, room.start)
    if figure.kind == "duration":
        phrase = following or before
        return Measured(_cap(phrase) + "所需时间" if phrase else "时长", comparison, False)
    # 其中甲区60亿元: what is measured was told with the last figure of its kind
    kin = next(
        (
            one.metric
            for one, like in zip(reversed(found), reversed(figures[:at]), strict=False)
            if like.unit == figure.unit
        ),
        "",
    )
    return Measured(_cap(before or kin or base), comparison, False, inherited=True)


def _changed(
    figure: Figure, change: re.Match[str], noun: str, base: str, right: str, comparison: tuple[str, ...]
) -> Measured:
    verb = change["verb"]
    stem = noun or _root(base)
    if figure.kind in ("share", "points", "multiple") or not right:
        word = "增速" if verb.startswith("增") and figure.kind == "share" and not verb.endswith(("率", "幅")) else verb
        if figure.kind == "share" and right and not noun and verb not in ("增长", "增速", "增长率"):
            return Measured(_cap(right + verb), comparison, True)
        if word == "增速" and (stem.endswith(("增速", "增长", "增长率"))):
            word = ""
        if figure.kind == "multiple" and stem.endswith(verb):
            word = ""
        return Measured(_cap(stem + word), comparison, bool(stem), inherited=not noun)
    return Measured(_cap(noun + verb + right), comparison, True)


def _comparisons(own: str, around: str) -> tuple[str, ...]:
    names = [
        name for name, pattern in _COMPARISONS if pattern.search(own) or (name != "占比" and pattern.search(around))
    ]
    if re.search(r"(?:从|由)[^，。]{0,14}$", own):
        names.append("起点")
    if _TO.search(own):
        names.append("终点")
    return tuple(names)


def _without(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    return tuple(other for other in names if other != name)


def _clean(left: str) -> str:
    """The phrase left of a figure without what links it, leads it in, or was hidden."""
    left = re.sub(r"\x00+的?(?=\x00|$)", "", left)
    left = left.split("\x00")[-1] if "\x00" in left and len(left.split("\x00")[-1]) > 1 else left.replace("\x00", "")
    before = None
    while before != left:
        before = left
        left = _LEAD.sub("", _LINK.sub("", left)).strip(" “”‘’的")
    return left[-_LONGEST:] if len(left) > _LONGEST else left


def _right(masked: str, figure: Figure, following: int) -> str:
    """The noun phrase right of a figure: 15家从事铸造的企业 → 从事铸造的企业."""
    end = figure.end
    rest = re.sub(r"[（(][^（()）]{1,8}[）)]", "", masked[end : min(following, end + 40)]).split("\x00")[0]
    rest = re.sub(r"^(?:的|多|余|以上|左右|不等|进行|用来|来|\s)+", "", rest)
    if rest[:1] in "“‘":
        closing = min((at for at in (rest.find("”"), rest.find("’")) if at > 0), default=-1)
        rest = rest[1:closing] + rest[closing + 1 :] if 0 < closing < 14 else ""
    stop = _RIGHT_STOP.search(rest)
    rest = rest[: stop.start()] if stop else rest
    rest = rest.replace("”", "").replace("“", "").strip()
    return rest[:_RIGHT] if rest[:1].isalnum() or rest[:1] == "“" else ""


def _root(metric: str) -> str:
    """The metric whose growth or share another figure tells: 产值增速 → 产值."""
    return re.sub(r"(?:增速|占比|占.{2,20}|提升|降低|下降)$", "", metric)


def _cap(metric: str) -> str:
    metric = metric.strip("的、和与，“” ")
    return metric if len(metric) <= _LONGEST + _RIGHT else metric[-_LONGEST + _RIGHT :]


def _same_family(a: Figure, b: Figure) -> bool:
    return a.kind == b.kind


def _same_kind_word(figure: Figure, base: str) -> bool:
    return figure.kind in ("share", "points") and base.endswith(("率", "增速", "比重"))


def _next_clause(text: str, end: int) -> str:
    match = re.compile(r"[，,]([^，。；！？\n]{2,24})").match(text, end)
    return re.sub(r"^(?:便|就|即|才|它们|将)+", "", match[1]).strip("“”") if match else ""


def _clause_before(text: str, start: int) -> str:
    match = re.search(r"([^，。；！？\n]{2,18})[，：]$", text[max(0, start - 24) : start])
    return match[1].strip("“”") if match else ""
