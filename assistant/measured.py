"""A figure in its clause in, what it measures out: the noun phrase, and the ways of comparing that the words name.

    metric   铸造产值突破30亿元，同比增长12%  →  铸造产值; 铸造产值增速
             集聚15家铸造企业                  →  集聚铸造企业
             从20%提升到35%                    →  the second has the first's metric

A phrase is cut from the clause, never made up (``phrases``); where the clause names none, it is the one of the clause
or figure before.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from assistant import phrases
from assistant.phrases import HIDDEN, joined
from assistant.records import Figure

_CUT: Final = re.compile(r"[，；：。！？\n（）()]")
_NOTE: Final = re.compile(r"(?<=[一-鿿])[（(][一-鿿A-Za-z、]{1,6}[）)](?=[一-鿿])")  # 数据（算力）中心
_CLAUSE: Final = 120  # letters of the longest clause, either side of a figure; longer ones have no punctuation
_AFTER: Final = 40  # letters after a figure in which its noun ends
_CHANGE: Final = re.compile(
    r"(?:同比|环比|[较比与](?:上年|去年|上月|上季度|年初|往年|前年)(?:同期)?|相比|年均|累计|平均|总体|分别|均|将|预计|已|合计){0,5}"
    r"(?P<verb>增长率?|增幅|增速|增加|激增|猛增|提升|提高|上升|攀升|飙升|回升|下降|降低|减少|缩短|压缩|回落|下滑|下跌|缩减|扩大|收窄|跌|涨|上涨|升|降|增|减|便宜|节约|节省|降幅|涨幅|翻)"
    r"(?:了|近|约|超过?|达到?|至少|最多|分别|为|逾|均|率){0,5}$"
)
_TO: Final = re.compile(
    r"(?:提高|提升|增长|增加|扩大|跃升|攀升|飙升|回升|上升|发展|裂变|调整|变|增|升|下降|降低|减少|压缩|缩短|缩减|回落|下滑|降|减|跌|涨)(?:到了?|至|为)(?:了|近|约|超过?|目前的?|现在的?|如今的?|的|以上){0,5}$"
)
_SHARE: Final = re.compile(
    r"占(?:比|全|[^，；。]{0,18}?(?:比重|比例|总[数量额值]|产量|的))|占比|比重|比例|占[一-鿿]{2,14}$"
)
_PARALLEL: Final = re.compile(r"(?:、|和|与|至|到|以及|及|—|–|~|-|/|\s)*$")
_RANGE: Final = re.compile("至|到|—{1,2}|-|~|或")
_TAKEN: Final = re.compile(r"[^、和与及]{1,16}(?:、|和|与|及|以及)")
_WORDS_OF_CHANGE: Final = "提升|提高|增长|增加|上升|下降|降低|减少|缩短|压缩|回落"
_NOUNS_OF_CHANGE: Final = frozenset(("增长率", "增速", "增幅", "降幅", "涨幅"))
_LOOSE_VERB: Final = re.compile(r"(?:至少|最多|大约|大概|起码|最少)[要需可能]*([一-鿿]{2})(?=[0-9])")
_BRACKET: Final = re.compile(r"([一-鿿A-Za-z0-9]{1,8})[（(]$")
_MEASURE: Final = (
    r"(?:增速|增长率|增幅|增加值|比重|占比|比例|[一-鿿]{2}率|总?产值|产量|产能|销售额|销量|收入|利润|价格|面积|规模|指数|温度|气温|补贴|补助|奖励|成本|费用"
    r"|电费|运费|工资|租金|贷款|融资|投资|容量|里程|距离|深度|厚度)(?:的?(?:增速|增长率|增幅|占比|比重))?"
)
_NAMED: Final = re.compile(rf"[^，。；！？\n：]{{0,20}}?{_MEASURE}")
_NAMED_LAST: Final = re.compile(rf"[^，。；！？\n：]{{0,24}}?{_MEASURE}")  # to the end of the clause
# measures that do not say of what: 卖出土鸡300只，收益2万元
_BARE_MEASURES: Final = frozenset(["收益", "销售额", "价值", "均价", "利润", "单价", "总价", "金额"])
_CHANGED: Final = frozenset(("share", "points", "multiple", "count", "money", "mass", "energy", "duration"))
_RATES: Final = frozenset(("share", "points", "multiple"))
_KIND_NOUN: Final = {
    "temperature": "温度",
    "rank": "排名",
    "area": "面积",
    "multiple": "倍数",
    "voltage": "电压",
}
_GROWN_ON: Final = {"种": "种植", "栽": "栽种", "养": "养殖"}
# 年排放粉尘27吨、废渣9吨: the verb of the first holds for the others
_ACT: Final = re.compile(
    r"(?:每?[年月日天]均?|累计|新|已|设计|计划|预计|拟|将)?(?:降低|减少|提高|提升|压缩|缩短|增加|节约|节省|排放|减排|生产|种植|培育|建成|新增|完成|实施|引进|招引|发放|集聚|拥有|推出|投放|收购|销售"
    r"|出口|采购|处理|回收|改造|创建|带动|开展|组织|接待|化解|走访|转移|配备|安装|新建|扩建|续建|签约|落地|开工|投产|养殖|存栏|出栏|培训|救助|解答|解决|发现)(?=[一-鿿])"
)
_GIVES: Final = re.compile("(?:投放|发放|拨付|下达|兑付|兑现|争取)$")
_SHORT: Final = 6  # letters of a phrase that is a verb with its adverbs and no more
_GIFT: Final = re.compile("贷款|信贷|补贴|补助|奖励|资金|基金|红利")
# what a share of something goes to, and the something
_GOES_TO: Final = re.compile("流向|用于|投向|来自|分布|配置|采用|选择|进入|销往|出口")
_OF_WHOLE: Final = re.compile(f"([一-鿿]{{2,8}}?)(?:{_GOES_TO.pattern})")
_DONE_WITH: Final = re.compile(rf"[一-鿿]{{0,12}}?{_ACT.pattern}")
_NEAR: Final = 10  # letters between a figure and the rank that it has
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
_ANY_COMPARISON: Final = re.compile("|".join(pattern.pattern for _, pattern in _COMPARISONS))
_ORIGIN: Final = re.compile(r"(?:从|由)[^，。]{0,14}$")


@dataclass(frozen=True, slots=True)
class Measured:
    """What a figure measures: the phrase, the comparisons, and whether the rule was sure of it."""

    metric: str
    comparison: tuple[str, ...]
    sure: bool


@dataclass(frozen=True, slots=True)
class _Room:
    """A figure with its clause ``[start, end)``, and the words of the clause that are left and right of it alone."""

    figure: Figure
    start: int
    end: int
    raw: str  # left of the figure, from the figure before it, without what is hidden
    left: str
    right: str
    masked: str  # raw with what is hidden
    of: str  # what it is said to be of, behind it: 增加值增长34%的是高技术制造业


def measured(text: str, figures: tuple[Figure, ...], hidden: Sequence[tuple[int, int]]) -> tuple[Measured, ...]:
    """What each figure measures. ``hidden`` are spans (dates, names of subjects) that are no part of a metric."""
    masked = _mask(text, hidden)
    rooms = _rooms(text, masked, figures)
    found: list[Measured] = []
    for at, room in enumerate(rooms):
        one = _meant(_one(masked, rooms, at, found), found)
        noun = _KIND_NOUN.get(room.figure.kind, "")
        if noun and noun not in one.metric:
            one = replace(one, metric=_GROWN_ON.get(one.metric, one.metric) + noun)
        if room.figure.kind == "duration" and "一次" in one.metric:  # 三到五天添加一次牛粪
            one = replace(one, metric=one.metric.replace("一次", "") + "间隔")
        found.append(one)
    return tuple(found)


def _meant(one: Measured, found: Sequence[Measured]) -> Measured:
    """这一产值 is the one that was told last: 集群产值."""
    this = _THIS.match(one.metric)
    if this is None:
        return one
    noun = _root(one.metric[this.end() :])
    whole = next((_root(told.metric) for told in reversed(found[-_MEANT:]) if _root(told.metric).endswith(noun)), "")
    return replace(one, metric=whole + one.metric[this.end() + len(noun) :]) if noun and whole else one


_THIS: Final = re.compile("(?:这一|这个|这项|此项|上述|该)(?!些|种|批|公司|企业|集团|[县市区州省镇乡村局])")
_MEANT: Final = 6  # figures back that it may mean


def _mask(text: str, hidden: Sequence[tuple[int, int]]) -> str:
    letters = list(text)
    for start, end in hidden:
        letters[start:end] = HIDDEN * (end - start)
    return "".join(letters)


def _rooms(text: str, masked: str, figures: tuple[Figure, ...]) -> list[_Room]:
    notes = [note.span() for note in _NOTE.finditer(text)]
    within = {edge for start, end in notes for edge in (start, end - 1)}
    cuts = [cut.start() for cut in _CUT.finditer(text) if cut.start() not in within]
    rooms: list[_Room] = []
    for at, figure in enumerate(figures):
        before = bisect_left(cuts, figure.start) - 1
        after = bisect_left(cuts, figure.end)
        start = max(cuts[before] + 1 if before >= 0 else 0, figure.start - _CLAUSE)
        end = min(cuts[after] if after < len(cuts) else len(text), figure.end + _CLAUSE)
        floor = max(start, figures[at - 1].end if at else 0)
        words = masked[floor : figure.start]
        if words.rstrip(" ")[-1:] in ("“", "‘"):
            words = ""  # “26人”: what stands before the quotation is not in it
        following = figures[at + 1].start if at + 1 < len(figures) else len(text)
        left = phrases.before(words)
        right = phrases.after(masked[figure.end : min(following, figure.end + _AFTER)])
        if figure.kind == "share" and not left:
            right = phrases.said(masked[figure.end : min(following, figure.end + _AFTER)]) or right
        of = _IS_THAT_OF.match(masked, figure.end, end)
        if not right and _is_of_next(text, figures, at, end):
            beyond = figures[at + 2].start if at + 2 < len(figures) else len(text)
            right = phrases.after(masked[figures[at + 1].end : min(beyond, figures[at + 1].end + _AFTER)])
        raw = words.replace(HIDDEN, "")
        if right and at and start < figures[at - 1].end and _TAKEN.fullmatch(raw):
            left = ""  # 30家企业和20个项目: the noun between is of the figure before
        if loose := _LOOSE_VERB.match(figure.text):
            right = loose[1] + right
        rooms.append(_Room(figure, start, end, raw, left, right, words, of[1] if of else ""))
    return rooms


_IS_THAT_OF: Final = re.compile(r"的(?:是|有)([一-鿿A-Za-z“”]{2,16})")


def _is_of_next(text: str, figures: tuple[Figure, ...], at: int, end: int) -> bool:
    """Whether the noun after the next figure is this one's too: 20至80元的补贴, 厚3毫米、长90米的钢带."""
    if at + 1 >= len(figures):
        return False
    figure, following = figures[at], figures[at + 1]
    if _RANGE.fullmatch(text, figure.end, following.start):
        return True
    return figure.kind == following.kind == "length" and text[figure.end] == "、" and following.start < end


def _one(text: str, rooms: list[_Room], at: int, found: list[Measured]) -> Measured:
    room, figure, raw = rooms[at], rooms[at].figure, rooms[at].raw
    previous = rooms[at - 1].figure if at else None
    last = found[-1] if found else None
    in_clause = previous is not None and room.start < previous.end
    around = raw[-24:] + "|" + room.right[:6]
    comparison = _comparisons(raw if in_clause else around, around)
    near = previous is not None and not _parted(text, previous.end, figure.start)
    base = last.metric if last is not None and near else ""
    if last and previous and in_clause and _PARALLEL.fullmatch(raw) is not None:
        if previous.kind in _RATES and figure.kind not in _RATES and raw.strip() in ("至", "到"):
            return Measured(_root(last.metric), ("终点",), last.sure)  # 产量减少3.4%至3170万吨
        same = figure.kind == previous.kind or _RANGE.fullmatch(raw)
        if same or not room.right[:1].isalpha():
            return last
    ends = _TO.search(raw)
    if ends:
        noun = phrases.without_origin(phrases.before(_upto(room, ends.start())))
        if last and previous and near and not noun and figure.kind == previous.kind:
            return Measured(last.metric, (*(name for name in last.comparison if name != "起点"), "终点"), last.sure)
        if noun:
            return Measured(joined(noun, room.right), (*comparison,), len(noun) > 1)
    change = _CHANGE.search(raw) if not ends and figure.kind in _CHANGED else None
    if change:
        noun = room.of + phrases.before(_upto(room, change.start()))
        # 收入增长8%，其中甲、乙领跑，增长率分别达11%和30%: of what, the page does not say
        apart = previous is not None and text.count("，", previous.end, room.start) > 1
        if not noun and apart and change["verb"] in _NOUNS_OF_CHANGE:
            return Measured(change["verb"], comparison, False)
        return _changed(figure, change, noun, base or _named_before(text, room.start), room.right, comparison)
    if figure.kind in ("share", "multiple") and (share := _SHARE.search(raw)):
        return _shared(room, share, base, comparison)
    if last and previous and in_clause and previous.kind == figure.kind and raw[:1] in ("、", "和") and room.left:
        act = _ACT.match(last.metric)
        if act and not _ACT.match(room.left) and not room.right:
            return Measured(joined(act.group(), room.left), last.comparison, last.sure)
    if last and previous and in_clause and previous.kind == figure.kind and room.right and not room.left:
        # 园区集聚30家企业和20个项目: what was done with the first was done with the second
        act = _DONE_WITH.match(last.metric)
        if act and _TAKEN.fullmatch(raw):
            return Measured(joined(act.group(), room.right), last.comparison, last.sure)
    if figure.kind == "rank" and base and previous and figure.start - previous.end < _NEAR:
        # 增长6%，在全市排第3位
        among = _RANKED.sub("", room.left)
        return Measured(joined(base, "" if among in base else among, room.right), comparison, True)
    return _plain(text, rooms, at, base, comparison, found)


_RANKED: Final = re.compile("(?:排名?|居|列|位列|位居|名列){1,3}$")


def _parted(text: str, start: int, end: int) -> bool:
    return text.find("。", start, end) >= 0 or text.find("\n", start, end) >= 0


def _upto(room: _Room, offset: int) -> str:
    """The words left of the figure, hidden ones kept, up to an offset in ``raw``."""
    if HIDDEN not in room.masked:
        return room.masked[:offset]
    seen = 0
    for at, letter in enumerate(room.masked):
        if seen == offset:
            return room.masked[:at]
        seen += letter != HIDDEN
    return room.masked


def _shared(room: _Room, share: re.Match[str], base: str, comparison: tuple[str, ...]) -> Measured:
    whole = _IN_WHOLE.search(room.raw, 0, share.start())
    # 外地学生有6600人，在学生总数中占15%: the part was told before, the whole stands here
    noun = _root(base) if whole and base else phrases.before(_upto(room, share.start()))
    phrase = re.sub(r"(?:从|由|的|达|达到|为|超过?|近|约|已|高达|总体|则|逾|就){1,6}$", "", room.raw[share.start() :])
    if whole and base:
        phrase = whole["whole"] + phrase
    stem = noun or _root(base)
    return Measured(joined(stem, phrase), comparison, bool(stem))


_IN_WHOLE: Final = re.compile(r"(?:^|，)在(?P<whole>[^，。]{2,20}?)(?:里|之?中|内|当中)(?:的|所|就)?$")


def _plain(
    text: str, rooms: list[_Room], at: int, base: str, comparison: tuple[str, ...], found: list[Measured]
) -> Measured:
    room = rooms[at]
    figure, left, right = room.figure, room.left, room.right
    inside = (
        _BRACKET.search(text, max(0, room.start - 10), room.start)
        if text[room.start - 1 : room.start] in "（("
        else None
    )
    if inside and not left and not right and text[room.end : room.end + 1] in "）)":
        noun = phrases.after(text[room.end + 1 : room.end + 13])
        return Measured(joined(inside[1], noun, "纯度" if _PURE.search(inside[1]) else ""), comparison, False)
    if base and left in _BARE_MEASURES and not right:
        return Measured(joined(_root(base), left), comparison, True)
    if len(left) == 1 and base and not right:
        return Measured(base, comparison, False)
    if not right and len(left) <= _SHORT and _GIVES.search(left) and (given := _given(text, room)):
        return Measured(joined(left, given), comparison, True)
    if left:
        if "起点" in comparison and _BEGINS.fullmatch(right):
            right = ""
        return Measured(joined(left, right), comparison, bool(right) or len(left) > 1)
    if right and figure.kind == "share" and (whole := _OF_WHOLE.match(base)) and _GOES_TO.match(right):
        return Measured(joined(whole[1], right, "占比"), comparison, True)  # 六成的资源配置给国企，三成流向民企
    if right:
        share = "占比" if figure.kind == "share" else ""
        return Measured(joined(right, share), comparison, figure.kind == "count")
    named = _named_before(text, room.start)
    if named and _fits(figure, named):
        return Measured(named, comparison, True)  # 外贸增速连月回升，6月达到8%
    for known in (base, _root(base)):  # 产值同比增长35%，突破30亿元
        if known and _fits(figure, known):
            return Measured(known, comparison, False)
    before = _clause_before(text, room.start)
    if figure.kind == "duration":
        phrase = _next_clause(text, room.end) or before
        return Measured(joined(phrase) + "所需时间" if phrase else "时长", comparison, False)
    # 其中甲区60亿元: what is measured was told with the last figure of its kind
    kin = next(
        (
            one.metric
            for one, like in zip(reversed(found), reversed(rooms[:at]), strict=False)
            if like.figure.unit == figure.unit
        ),
        "",
    )
    return Measured(joined(before or kin or base), comparison, False)


_PURE: Final = re.compile("[2-9]N")  # 6N（99.9999%）: so many nines of purity
_BEGINS: Final = re.compile("起步|起|开始|出发|增长|发展|提升|攀升|一路.{0,4}")  # 产值从300万元起步


def _given(text: str, room: _Room) -> str:
    """What is given where only the verb stands by the sum: 去年投放3000万元，贷款户添了信心."""
    start = max(text.rfind(mark, 0, room.figure.start) for mark in "。！？\n") + 1
    stop = min((at for at in (text.find(mark, room.figure.end) for mark in "。！？\n") if at >= 0), default=len(text))
    window = max(start, room.figure.start - _CLAUSE), min(stop, room.figure.end + _CLAUSE)
    given = _GIFT.search(text, *window)
    return given.group() if given else ""


def _changed(
    figure: Figure, change: re.Match[str], noun: str, base: str, right: str, comparison: tuple[str, ...]
) -> Measured:
    verb = change["verb"]
    if not noun and verb in ("节省", "节约") and figure.kind not in _RATES:
        base = ""  # 成本每吨便宜300元，一年节省600万元
    stem = noun or _root(base)
    if figure.kind in _RATES or not right:
        word = "增速" if verb.startswith("增") and figure.kind == "share" and not verb.endswith(("率", "幅")) else verb
        if figure.kind == "share" and right and not noun and verb not in ("增长", "增速", "增长率"):
            return Measured(joined(right, verb), comparison, True)
        if word == "增速" and (stem.endswith(("增速", "增长", "增长率"))):
            word = ""
        if figure.kind == "multiple" and stem.endswith(verb):
            word = ""
        return Measured(joined(stem, word), comparison, bool(stem))
    return Measured(joined(noun, verb, right), comparison, True)


def _comparisons(own: str, around: str) -> tuple[str, ...]:
    names = []
    if _ANY_COMPARISON.search(own) or _ANY_COMPARISON.search(around):
        names = [
            name for name, pattern in _COMPARISONS if pattern.search(own) or (name != "占比" and pattern.search(around))
        ]
    ends = _TO.search(own)
    if _ORIGIN.search(own) and not ends:
        names.append("起点")
    if ends:
        names.append("终点")
    return tuple(names)


def _root(metric: str) -> str:
    """The metric whose growth or share another figure tells: 产值增速 → 产值."""
    return re.sub(rf"(?:增速|占比|占.{{2,20}}|{_WORDS_OF_CHANGE})$", "", metric)


def _fits(figure: Figure, phrase: str) -> bool:
    """Whether a phrase that stood before may be what a figure measures: a share is a rate's, and nothing else is."""
    rate = re.search("(?:率|增速|增幅|比重|占比|比例)$", phrase) is not None
    return (
        rate if figure.kind in ("share", "points") else not rate and figure.kind in ("money", "mass", "area", "energy")
    )


def _named_before(text: str, start: int) -> str:
    """What the clause before tells a measure of, if it has no figure: 外贸增速连月回升，6月达到8%."""
    if text[start - 1 : start] != "，":
        return ""
    floor = max(text.rfind(mark, max(0, start - _CLAUSE), start - 1) for mark in "，。；！？\n：") + 1
    clause = text[floor : start - 1]
    if re.search("[0-9]", clause):
        return ""
    named = _NAMED_LAST.fullmatch(clause) or _NAMED.match(clause)
    return phrases.before(named.group()) if named else ""


def _next_clause(text: str, end: int) -> str:
    match = _NEXT.match(text, end)
    return re.sub(r"^(?:便|就|即|才|它们|将)+", "", match[1].replace(HIDDEN, "")).strip("“”") if match else ""


_NEXT: Final = re.compile(r"[，,]([^，。；！？\n]{2,24})")
_HAS_FIGURE: Final = re.compile("[0-9]|[两二三四五六七八九十百千万]{1,6}[个家项种条]")
_BEFORE: Final = re.compile(r"([^，。；！？\n]{2,18})[，：]$")


def _clause_before(text: str, start: int) -> str:
    match = _BEFORE.search(text, max(0, start - 24), start)
    if match is None or _HAS_FIGURE.search(match[1]):
        return ""
    return match[1].replace(HIDDEN, "").strip("“”")
