"""A question's words in, what it wants out: figures of which kind and unit, a date, a list; to compare, to compute."""

import re

from assistant import units
from assistant.records import Intent

# What a question asks to be told where it names no unit, as the kinds of figures.py; the first that matches decides.
_KINDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"百分点|percentage points?", ("points",)),
    (
        r"百分之几|几分之[几一]|几个?点(?=[？?，]|$)|百分比|占比|股比|持股比|比重|比例|增速|增幅|涨幅|降幅|增长率?(?:了|是)?多少(?!倍)|[涨降]了?多少(?![十百千万亿]?[元吨家亩])"
        r"|同比|几成|利用率|回收率|贡献率|置换率|次品率|what (?:share|percent|proportion)|how fast|growth rate|percent"
        r"|how much .{0,90}\b(?:grow|rise|increase|fall|drop|decline)\b",
        ("share", "multiple", "points"),
    ),
    (r"几倍|how many times", ("multiple", "share")),
    (
        r"产值|投资|营收|收入|销售额|补贴|运费|金额|贷款|授信|出口额|贸易额|多少钱|花了?多少|利润|造价|经费|花费|资金|预算|工资|薪酬"
        r"|多少[一-鿿]{0,6}[费款钱额金]|红利|纳税|税收|亏损|补助|how much (?:money|did)"
        r"|output value|(?:what|how much) (?:is|was) the (?:total )?value of|revenue|invest|worth|cost",
        ("money",),
    ),
    (r"价格|成本|便宜|售价|单价", ("money", "share")),
    (r"产量|产能|how many (?:tons|tonnes)", ("mass", "count", "energy", "power")),
    (r"发电量|售电量|供电量|用电量|多少电(?![费价池器])", ("energy",)),
    (r"兆瓦|装机|千瓦", ("power",)),
    (r"多长时间|多久|how long", ("duration",)),
    (r"第几|排名|排第|rank", ("rank",)),
    (r"温度|temperature", ("temperature",)),
    (r"多长|多厚|多深|厚度|长度|多宽|how (?:thick|far|deep)", ("length",)),
    (r"面积|占地|多大的?(?:地|院|馆|厂|园|场)|(?:地块|[院馆厂园场区]|厂房|车间|基地)有?多大(?=[？?]|$)", ("area",)),
    (r"数量|人数|户数|[业项家]数(?![字据一])|how many", ("count",)),
    (r"多少|几|多大|多高|how much|number of", ()),
)
_KIND_RULES = tuple((re.compile(pattern, re.IGNORECASE), kinds) for pattern, kinds in _KINDS)
# 这组数字说得通吗？ asks of the pages whether to trust them, and names nothing to look up
_TRUST = re.compile(
    r"[，,。；;？?、](?:版面上?)?(?:怎么|如何)写的?(?=[，,。；;？?]|$)"
    r"|(?:[，,。；;？?、]\s?(?:(?:这|那|它|两)?(?:[组个些]|么写|样写|版|者)?(?:的?(?:数字?|说法|数据|写法))?|放在一起)"
    r"|(?:这|那)[个些组](?:数字?|说法|数据|写法))(?:能|可以)?"
    r"(?:说得通|对得上|站得住|靠得住|可靠|合理|可信|有没有(?:出入|矛盾|问题)|(?:直接)?引用|准确|一致|该信哪(?:[个一]个?|一?版)?)"
    r"(?:吗|么|呢)?(?=[，,。；;？?]|$)"
)
NOT_FIGURE = re.compile(
    r"谁|为什么|为何|怎么|怎样|如何|什么|哪(?!年)|是否|吗|who|why|how (?!much|many|fast|long)"
    r"|what(?! (?:share|percent|was|is|were))|which|where|when",
    re.IGNORECASE,
)
_HOW_MANY = re.compile(r"(?:多少|几)(?:[十百千万亿]+)?|(?:how many|多大|多少) ", re.IGNORECASE)
_ASKS_NUMBER = re.compile(
    r"多少|几(?![天时])|多大|多高|多长|多久|多厚|多深|how (?:much|many|fast|long)|what (?:share|percent)", re.IGNORECASE
)
# 交易金额是什么: a noun that names a figure makes 什么 ask for it
_FIGURE_IS_WHAT = re.compile(
    r"(?:金额|数量|人数|户数|[总余数差]额|比例?|占比|比重|[^效]率|价格?|股价|规模|产[值量能]|收入|利润|亏损|成本|费用?|面积|长度|温度"
    r"|增[速幅]|涨幅|降幅)(?:分别)?(?:是|为)(?:什么|啥)(?=[呢？?，,。\s]|$)"
)
_DATE_KIND = re.compile(
    r"什么时候|何时|哪[一几]?[年月天日]|几[月号日]|几时|哪个(?:年份|月|季度)"
    r"|when|what (?:year|date|month)|which (?:year|month)",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"(?:大概|大约|约|一共|总共|共|到底|究竟)?(?:有|是|为|达到?|能有)?(?:多少(?:个?百分点)?|百分之几|几成|多[大高长久重深]"
    r"|几(?=[个家户人名条件项类种台辆次天年吨米位元倍]))"
)
_JOINING = re.compile(
    r"[的了着过把被给跟和与及或在从到对为以于向就都也还又才很最更请问那这其些们它他她我你您是有能会可要应该里上下中去来再已将让等]"
    r"|一共|总共|大概|大约|左右|如今|现在|目前|[?？！!，,。、；;：:“”‘’（）()《》\s]"
)


def content(text: str) -> str:
    """The question's words with a space for what asks and for what only joins: no pair of letters goes across."""
    return _JOINING.sub(" ", _ASKS.sub(" ", text))


_TITLE_KIND = re.compile(r"什么(?:职务|身份|职位)|what (?:position|title|post)", re.IGNORECASE)
_LIST_KIND = re.compile(
    r"哪些|哪[几两二三四五六七八九十多][^年月天日]|有什么|什么(?:做法|措施|仪式|产品|行业|领域)"
    r"|which .*s|what are",
    re.IGNORECASE,
)

_INTENTS: tuple[tuple[Intent, str], ...] = (
    (
        Intent.CONFLICT,
        r"矛盾|不一致|对得上|对不上|该信|信哪|到底|究竟|合理吗|可信吗|为什么.{0,20}(?:却|只)"
        r"|conflict|contradict|consistent|which .*(?:right|correct)",
    ),
    (
        Intent.COMPARE,
        r"相比|比较|谁(?:更|的.{1,12}更|提升得更|增长得更)|哪[个家]?(?:更|高|多|大|快)|高还是低|差距|哪[家个].{0,8}(?:更|最)[多少高低快慢大小]"
        r"|compared?|than|which .*(?:faster|more|higher|larger|bigger)|difference between",
    ),
    (
        Intent.COMPUTE,
        r"合计|总共|一共.{0,6}加|加起来|减去|除去|相差|差多少|还差|平均一|平均每|(?<![提降升减增])(?:高|低|多|少)(?:出|了)?(?:几个百分点|多少|几倍)"
        r"|够.{1,12}几|几倍|推算|按.{2,30}算|altogether|in total|sum of|average per",
    ),
    (
        Intent.SEVERAL,
        r"分别|各(?:是|为|有|占)|从.{0,16}到.{0,8}多少|多少.{0,12}[，,、和又].{0,12}(?:多少|几)|前后|respectively|each",
    ),
    (Intent.LIST, _LIST_KIND.pattern),
    (Intent.REASON, r"为什么|为何|原因|怎么|怎样|如何|靠什么|凭什么|why|how (?!much|many|fast|long|far|thick|deep)"),
    (Intent.YES_NO, r"吗[？?]?\s*$|是否|是不是|有没有|^(?:is|are|was|were|did|does|do|has|have) "),
)
_INTENT_RULES = tuple((intent, re.compile(pattern, re.IGNORECASE)) for intent, pattern in _INTENTS)
_RATES = re.compile(
    r"(?P<每天>每天|每日|日均|一天|单日|日产|per day|a day|daily)"
    r"|(?P<每月>每个?月|月均|月产|一个月|per month|a month|monthly)"
    r"|(?P<每年>每年|一年(?!级)|年产|年销|per year|a year|annual)"
    r"|(?P<每吨>每吨|一吨|per ton)|(?P<人均>人均|户均|每人|每户|per capita)"
    r"|(?P<同比>同比|较上年|比上年|year.on.year)|(?P<年均>年均)|(?P<累计>累计)|(?P<占比>占(?!地)|比重|比例|share of)",
    re.IGNORECASE,
)


def figures(text: str) -> tuple[tuple[str, ...], str, bool]:
    """The kinds of figure that the question asks for, the unit that it names (多少吨), and whether it asks for any."""
    if _LIST_KIND.search(text) and not re.search("多少|how (?:much|many)", text):
        return (), "", False
    if _DATE_KIND.search(text) and not _ASKS_NUMBER.search(_DATE_KIND.sub("", text)):
        return (), "", False
    if NOT_FIGURE.search(text) and not _ASKS_NUMBER.search(text) and not _FIGURE_IS_WHAT.search(text):
        return (), "", False
    for asked in _HOW_MANY.finditer(text):
        found = units.match(text, asked.end())
        if found and not _WORD.match(text, asked.end()):
            # 多少度 may be asked of electricity or of heat
            either = ("temperature", "energy") if found[0].name == "度" else (found[0].kind,)
            return either, found[0].name, True
    for rule, kinds in _KIND_RULES:
        if rule.search(text):
            return kinds, "", True
    return (), "", False


# 多少颗粒物, 多少人工, 多少项目: the letter after 多少 begins a word and is no unit
_WORD = re.compile(
    "瓦斯|个?点(?![心名])|颗粒|人工|人力|项目|个体|家庭|家电|户籍|名额|名气|条件|度假|件事|层级|所得|份额|批发|米粉|斤两|天然|分红|年货|起步"
)


_ASKS = re.compile(
    r"(?:百分之)?(?:多少|几)(?:[十百千万亿]+)?|多[大高长久厚深]|(?:是|为|有)?什么(?=[？?]?$)", re.IGNORECASE
)
_FILLS = re.compile(r"(?:一共|总共|大概|大约|达到?|有|是|为|到|了|约){1,4}$")
_ELLIPSIS = re.compile(r"(?:那么?|其中|而|又){0,3}(?P<rest>.{1,30}?)的?呢[？?。\s]*$")
_NEAR = 6  # letters of the question beside what asks


def beside_the_asking(text: str) -> tuple[str, str]:
    """The words of a Chinese question right before what asks its number, and right after that and its unit.

    造成多少人受伤？ has 造成 and 受伤, 那旅游收入呢？ has 旅游收入. What asks last counts; the words
    are empty where nothing stands there.
    """
    found = list(_ASKS.finditer(text))
    if not found:
        ellipsis = _ELLIPSIS.match(text)
        return (ellipsis["rest"][-_NEAR:], "") if ellipsis else ("", "")
    asks = found[-1]
    unit = units.match(text, asks.end())
    end = unit[1] if unit and not _WORD.match(text, asks.end()) else asks.end()
    before = _FILLS.sub("", text[: asks.start()])[-_NEAR:]
    return before, re.split("[？?。，]", text[end:])[0][:_NEAR]


def without_trust(text: str) -> str:
    """The question without what asks whether the pages are to be trusted; itself where nothing else is asked."""
    rest, found = _TRUST.subn("", text)
    rest = rest.strip("，,。；;？? ")
    return f"{rest}？" if found and len(rest) >= _LEAST_REST else text


_LEAST_REST = 4  # letters


def asks_number(text: str) -> bool:
    """Whether the words themselves ask for a number, as 多少 and 几家 do; 旅游收入呢？ does not."""
    return bool(_ASKS_NUMBER.search(text))


def beside(text: str) -> tuple[str, ...]:
    """What beside a figure would answer: ``date``, ``title``, ``list``."""
    rules = (("date", _DATE_KIND), ("title", _TITLE_KIND), ("list", _LIST_KIND))
    return tuple(name for name, rule in rules if rule.search(text))


def intent(text: str, *, wants_figure: bool) -> Intent:
    """What kind of answer the question wants, by the first rule that matches."""
    for found, rule in _INTENT_RULES:
        if rule.search(text):
            return found
    return Intent.FIGURE if wants_figure else Intent.FACT


def kinds_named(text: str) -> tuple[str, ...]:
    """The kinds of figure that the question's words name, whatever it asks."""
    return next((kinds for rule, kinds in _KIND_RULES if kinds and rule.search(text)), ())


def rates(text: str) -> tuple[str, ...]:
    """The ways of comparing or counting that the question names, as claims name them: 每天, 同比."""
    return tuple(dict.fromkeys(match.lastgroup or "" for match in _RATES.finditer(text)))
