"""A gold figure and a claim of it in, whether its subject, metric and period are right out.

Gold tells them in a reader's free words, a claim in the page's own, so neither may be asked to equal the other letter
by letter. The rules are these; what is not right by them is wrong.

subject   Gold may list names (A、B: all are meant; A/B: either) and adds notes in brackets, which do not count unless
          they begin with 即 or 简称. Each name of the claim must be a name of gold, and of A、B all must be claimed.
          Two names are one if the page's aliases say so; if they are equal without quotation marks, legal form and
          words for the whole house (集团, 车行, 工作组); if both are firms of one brand, and of one place and trade
          where both print them; if both are parks and one's name begins with the other's; or, for what is no firm, park
          or place, if the shorter is the longer abbreviated: its letters in order, the same last two.
metric    The claim tells a change (增速, 提升, 降幅) exactly if gold does; where both name measures from ``_MEASURES``
          (产值, 利润, 合格率), one is common to both; no word is exchanged for another amid words that both have
          (规上工业产值, 规上服务业产值); no other gold metric of the story in that unit is as well told by the claim;
          and the claim tells gold's words: more than half of their pairs of letters, or three quarters of their
          letters, or more than half of their letters and nothing else. Words that the unit says (数, 金额, 时长, 比例)
          or the period and comparison (预计, 起步时, 每天 for 每日), and notes in brackets, do not count.
period    Gold of a quarter, some months, a year or years: the same first and last day, neither later than the page.
          An end on the day that the page came out is its date, as exact as that is known. Gold within a month: a claim
          within a month that shares a day with it. Gold at the time of the report
          (报道时, 目前, 截至, 每年, 2025年起): that period, or the page's own date, if the two share a day. Gold that
          names no date, or says that the page does not (未写明): the page's own date, or none. A claim of 近五年 may
          begin a year sooner or later.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from difflib import SequenceMatcher
from typing import Any, Final

from assistant import aliases as names
from assistant import mentions, periods
from assistant.aliases import Aliases
from assistant.records import Claim, NameKind, Period

_BRACKETS: Final = re.compile(r"[（(]([^（()）]*)[）)]")
_MARKS: Final = re.compile(r"[\s“”‘’\"'「」『』《》·,，。：:-]+")

# subject
_ALSO: Final = re.compile(r"^(?:即|简称|下称|又称)")
_HOUSE: Final = re.compile(
    r"(?:有限责任公司|股份有限公司|有限公司|公司|集团|企业|汽车展厅|展厅|车行|抖音直播间|直播间|门店|店|工作组|专班|[两三四五六七八九十]大[^、]{2,8}"
    r"|管理委员会|管委会|漂流)$"
)
_PARK: Final = re.compile(r"(?:区|园|集群|园区|基地)$")
_NAMED: Final = 2  # letters of the shortest name
_ABBREVIATED: Final = 4  # letters of the shortest abbreviation: fewer stand in order within too many names
_ENDING: Final = 2  # its last letters, which tell what the name is a name of: 工程, 大会

# metric
_DIRECTED: Final = re.compile(
    r"(?:提高|提升|增长|增加|扩大|跃升|上升|发展|增|升|下降|降低|减少|压缩|缩短|降|减)(?:到|至|为)|增加值|增值税|新增|增收|增减|升级|减排"
)
_CHANGE: Final = re.compile(
    r"同比|环比|年均增|增速|增长|增幅|涨幅|降幅|增加|提升|提高|上升|攀升|下降|降低|减少|缩短|压缩|回落|下滑|缩减|扩大|上涨|下跌|翻"
)
_RATES: Final = ("share", "points", "multiple")
_MEASURES: Final = (
    "产值",
    "增加值",
    "产量|生产|产出|[日月年]产",
    "产能|能力|规模",
    "销售|销量|售出|出售|卖|营收|营业",
    "收入|收益|增收|营收|营业",
    "利润|盈利",
    "税",
    "投资|投入|投产|投用",
    "成本",
    "价|补贴",
    "面积",
    "温度|气温",
    "长|里程|距离|车程",
    "厚",
    "人数|员工|工人|职工|人员|就业|务工|学生|游客|观众",
    "企业|公司|商户|主体",
    "项目",
    "电耗|能耗|耗能|用电|节电|电费",
    "出口",
    "进口",
    "贷款|授信|融资|资金",
    "签约|订单",
    "排放|减排|废水",
    "专利|产权",
)
_RATE_NAME: Final = re.compile(r"[一-鿿]{1,2}率(?!先)")
_SAME_WORDS: Final = (
    (re.compile(r"每天|每日|日均|单日"), "日"),
    (re.compile(r"每个?月|月均"), "月"),
    (re.compile(r"每年|一年"), "年"),
    (re.compile(r"规模以上"), "规上"),
    (re.compile(r"增幅|涨幅|增长率|增长(?!到|至|为)"), "增速"),
    (re.compile(r"降幅|下降|减少"), "降低"),
    (re.compile(r"折合|相当于"), "折合"),
)
_FILLER: Final = {
    "count": re.compile(r"数量|总数|数$|数目|个数|家数|人次|次数|总量|量$|的|了|所|达|为"),
    "money": re.compile(r"金额|总额|额|的|了|所"),
    "duration": re.compile(r"时长|时间|所需|年限|年数|用时|时|的|了|所"),
    "share": re.compile(r"占比|比例|比重|份额|占|的|了|所"),
}
_FILLED: Final = re.compile(r"总量|量$|的|了|所")
_WHEN: Final = re.compile(r"预计|预期|计划|拟建?|目标|起步时?|^现|(?:全部)?投产后|下一步|上述[^，、]{0,4}中|将|有望")
_HALF: Final = 0.5  # of gold's pairs of letters, or of its letters: more than half must be told
_MOST: Final = 0.75  # of gold's letters
_WORD: Final = 4  # letters of the longest word that is exchanged; longer stretches are worded anew
_FRAME: Final = 2  # letters on both sides of it that stayed

# period
_REPORT: Final = re.compile(r"报道|目前|现在|截至|至今|当前|未写明|每[年月日天吨户亩人周]|常年|日前|近日|起(?:（|$)")
_MONTH: Final = 31
_ROUGHLY: Final = re.compile("近|过去|年来")
_A_YEAR: Final = 366  # days by which 近五年 may begin sooner or later: whether this year is one of them, it leaves open
_YEARS: Final = 730  # days of the shortest period of years


def subject(row: Mapping[str, Any], claim: Claim, known: Aliases) -> bool:
    """Whether the claim's subject is the gold entity."""
    entity = str(row["entity"])
    claimed = [name for name in claim.subject.split("、") if name]
    if not claimed:
        return False
    entity = re.sub("[全我本该]省", known.region or "全省", entity)
    choices = [_BRACKETS.sub("", one) for one in entity.split("/")]
    choices += [_ALSO.sub("", note) for note in _BRACKETS.findall(entity) if _ALSO.match(note)]
    return any(
        _all_named([name for name in re.split("、|以及|和", one) if name], one, claimed, known) for one in choices
    )


def _all_named(meant: Sequence[str], whole: str, claimed: Sequence[str], known: Aliases) -> bool:
    if len(claimed) == 1 and one_name(whole, claimed[0], known):
        return True
    return all(any(one_name(name, other, known) for name in meant) for other in claimed) and all(
        any(one_name(name, other, known) for other in claimed) for name in meant
    )


def one_name(gold: str, claimed: str, known: Aliases) -> bool:
    """Whether two names are one, by the rules for subjects."""
    one, other = _MARKS.sub("", _BRACKETS.sub("", gold)), _MARKS.sub("", re.sub("[（()）]", "", claimed))
    if len(one) < _NAMED or len(other) < _NAMED:
        return False
    if known.same(one, other) or known.same(_house(one), _house(other)) or _one_firm(one, other):
        return True
    short, long = sorted((one, other), key=len)
    if _PARK.search(short) and _PARK.search(long) and long.startswith(short):
        return True
    kinds = {known.kinds.get(name) or _kind(name) for name in (one, other)}
    if kinds & {NameKind.FIRM, NameKind.PARK, NameKind.PLACE}:
        return False
    return len(short) >= _ABBREVIATED and short[-_ENDING:] == long[-_ENDING:] and _in_order(short, long)


def _one_firm(one: str, other: str) -> bool:
    """远山集团贵州铝业科技有限公司 and 远山铝业公司: one brand, and nothing that both print differs."""
    if NameKind.FIRM not in (_kind(one), _kind(other)):
        return False
    a, b = names.parts(one), names.parts(other)
    if len(a.brand) < _NAMED or a.brand != b.brand:
        return False
    return all(not x or not y or x in y or y in x for x, y in ((a.place, b.place), (a.trade, b.trade)))


def _house(name: str) -> str:
    """The name without the words for the whole house; a name that is all such words stays."""
    while (match := _HOUSE.search(name)) and match.start() >= _NAMED:
        name = name[: match.start()]
    return names.short(name)


def _kind(name: str) -> NameKind | None:
    if mentions.PLACE_NAME.fullmatch(name):
        return NameKind.PLACE
    return next((kind for suffix, kind in mentions.KIND_OF.items() if name.endswith(suffix)), None)


def _in_order(short: str, long: str) -> bool:
    letters = iter(long)
    return all(letter in letters for letter in short)


def metric(row: Mapping[str, Any], claim: Claim, others: Iterable[Mapping[str, Any]] = ()) -> bool:
    """Whether the claim's metric is the gold one; ``others`` are the gold figures of the same story."""
    gold = str(row["metric"])
    kind = claim.figure.kind
    told = f"{claim.metric}{claim.figure.text}{claim.comparison}"
    if _changes(f"{gold} {row.get('comparison', '')}", kind) != _changes(
        f"{claim.metric} {claim.comparison} {claim.figure.text if kind == 'multiple' else ''}", kind
    ):
        return False
    meant, named = _measures(gold), _measures(told)
    if meant and named and not meant & named:
        return False
    if _exchanged(_plain(gold, kind), _plain(claim.metric, kind)):
        return False
    own = _told(gold, told, kind)
    adds = set(_plain(claim.metric, kind)) - set(_plain(gold, kind))
    if not (own[0] > _HALF or own[1] >= _MOST or (own[1] > _HALF and not adds)):
        return False
    for other in others:
        phrase = str(other["metric"])
        # a metric that gold's own words tell too (企业 in 规上企业) tells nothing against the claim
        if other["unit"] == row["unit"] and _told(phrase, gold, kind)[1] < 1 and _told(phrase, told, kind) >= own:
            return False
    return True


def _changes(words: str, kind: str) -> bool:
    words = _DIRECTED.sub("", _BRACKETS.sub("", words))
    if kind in _RATES:
        return _CHANGE.search(words) is not None
    return re.search(rf"(?:{_CHANGE.pattern})(?:[额量数]|幅度)?$", words.partition(" ")[0]) is not None


def _exchanged(gold: str, told: str) -> bool:
    blocks = SequenceMatcher(None, gold, told, autojunk=False).get_opcodes()
    return any(
        op == "replace" and max(b - a, d - c) <= _WORD and b0 - a0 >= _FRAME and b2 - a2 >= _FRAME
        for (_, a0, b0, _, _), (op, a, b, c, d), (_, a2, b2, _, _) in zip(blocks, blocks[1:], blocks[2:], strict=False)
    )


def _measures(words: str) -> set[str]:
    words = _BRACKETS.sub("", words)
    named = {group for group in _MEASURES if re.search(group, words)}
    return named | {"rate " + name[-2:] for name in _RATE_NAME.findall(words) if name[-2:] != "长率"}


def _told(gold: str, told: str, kind: str) -> tuple[float, float]:
    """The share of gold's pairs of letters, and of its letters, that stand in what is told."""
    meant, words = _plain(gold, kind), _plain(told, kind)
    pairs = {meant[at : at + 2] for at in range(len(meant) - 1)}
    letters = set(meant)
    return (
        sum(pair in words for pair in pairs) / len(pairs) if pairs else 0.0,
        sum(letter in words for letter in letters) / len(letters) if letters else 1.0,
    )


def _plain(words: str, kind: str) -> str:
    """The words without brackets, marks and what the unit says; every day, month and year in one way."""
    words = _MARKS.sub("", _BRACKETS.sub("", words))
    for pattern, word in _SAME_WORDS:
        words = pattern.sub(word, words)
    words = _WHEN.sub("", words)
    return _FILLER.get(kind, _FILLED).sub("", words)


def period(row: Mapping[str, Any], claim: Claim, page_date: str) -> bool:
    """Whether the claim's period is the gold one; ``page_date`` is the page's as read."""
    text = str(row["period"])
    outside = _BRACKETS.sub("", text)
    own = periods.of_page(page_date)
    meant = _stretch(outside, page_date)
    at_report = _REPORT.search(text) is not None or meant is None
    if at_report:
        notes = "" if "未写明" in text else " ".join(_BRACKETS.findall(text))
        said = meant or _stretch(notes, page_date)
        is_page = (claim.period.start in (own.start, None)) and claim.period.end == own.end
        if is_page and (said is None or _shares_a_day(said, own)):
            return True
    if meant is None or claim.period.end is None:
        return False
    if _days(meant) <= _MONTH:
        return _days(claim.period) <= _MONTH and _shares_a_day(meant, claim.period)
    last = own.end or date.max
    if _ROUGHLY.search(claim.period.label) and claim.period.start and meant.start and _days(meant) > _YEARS:
        near = abs((claim.period.start - meant.start).days) <= _A_YEAR
        return near and min(claim.period.end, last) == min(meant.end or last, last)
    if own.start and meant.end and own.start <= meant.end <= last and claim.period.end == last:
        return claim.period.start == meant.start
    return claim.period.start == meant.start and min(claim.period.end, last) == min(meant.end or last, last)


def _stretch(text: str, page_date: str) -> Period | None:
    """From the first day that the words tell to the last; ``None`` if they tell none."""
    told = [dated.period for dated in periods.find(text, page_date) if dated.period.end]
    if not told:
        return None
    starts = [one.start for one in told if one.start]
    ends = [one.end for one in told if one.end]
    return Period(min(starts, default=None), max(ends), text, told[0].basis)


def _days(one: Period) -> int:
    if one.start is None or one.end is None:
        return 0
    return (one.end - one.start).days + 1


def _shares_a_day(one: Period, other: Period) -> bool:
    return periods.overlaps(one, other)
