"""Question and history in, Query out: by rule, what it asks about, which figures would answer, and what to look up.

    那去年呢？ after 青禾开发区2024年产值是多少？   → text 青禾开发区去年产值是多少？
    青禾開發區GDP多少 来源:青禾日报             → search 青禾开发区GDP 地区生产总值 …, source 青禾日报

No model is called: where a rule is not sure, the question stands as it was asked.
"""

import re
from collections.abc import Sequence

from assistant import asking, asks, periods, thesaurus
from assistant.lexical import terms
from assistant.records import Intent, Period, Query, Synonym
from assistant.thesaurus import Thesaurus

_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile("[A-Za-z]")
_ENGLISH = 2  # Latin letters to a Han one: an English question may name a firm as it is printed (天能贵州)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?:年|\b)")
_FILTER = re.compile(r"(?:^|\s)(来源|日期|source|date)[:：]\s*(\S+)", re.IGNORECASE)

# ---------------------------------------------------------------- what a question leaves out

_FOLLOWS = re.compile(
    r"^(?:那么?|它|他们?|她|该|这|其|呢|同期|再|还|又|另外|and |what about|how about|its? |they |their )", re.IGNORECASE
)
_POINTS_BACK = re.compile(
    r"它们?|该(?:公司|企业|园区|项目|地|县|市|厂)|这[些家个批次种]|那[些家个批次种一]|其中|上述|前者|后者"
)
_SHORTEST_WHOLE = 8  # characters; a shorter question, such as 去年呢？, leans on the one before
_BARE = re.compile(
    r"^(?:那么?|and|what about|how about)?[\s，,]*(?P<rest>.*?)\s{0,4}(?:呢|的话|又?如何|怎么样)?[？?。\s]{0,6}$",
    re.IGNORECASE,
)
_PRONOUN = re.compile(
    r"^(?:那么?|而)?(?:它们?|他们?|她|该(?:公司|企业|园区|项目|地|县|市|厂)|其(?!中|他|它))(?P<own>的)?"
)

# ---------------------------------------------------------------- what is looked up

# Words that ask and that no page answers with. Left out of what is looked up they raise hit@1 by .02 to .03 on rgb,
# news_mrc and fincuge: 多少 stands in few articles, and in those by chance.
_ASKING = re.compile(
    r"请问|请(?:告诉|介绍)(?:我|一下)?|你知道|(?:一共|总共|大概|大约|具体|究竟|到底)?(?:有|是|为|达到?了?)?多少|(?:是|叫|有)?什么(?:时候|样的?|时间)?"
    r"|何时|哪[些个年里家位几]?|(?:是|由)?谁|[有第]?几(?=[家个年月日户项次条台辆座所成倍名人种类天吨亩])|多[大高长久厚深]|为什么|为何|如何|怎[么样]+|吗|呢|是否"
    r"|[？?]"
    r"|\b(?:what|when|where|who|whom|which|why|how|many|much|long|fast|is|are|was|were|do|does|did|the|a|an|of|in|on|at|to|for|and|or|by|per|there|it|its)\b",
    re.IGNORECASE,
)
_MOST_OTHERS = 3  # other names of one word that are looked up: more drown the question's own words
_PART = re.compile(
    r"[，,；;](?:和|与|而|又|还|以及)?|(?:和|与|跟|同|比)(?=.{4,}(?:相比|比较|哪|谁))|\bor\b|\band\b", re.IGNORECASE
)
_LEAST_PART = 6  # characters of a part that is looked up by itself


def understand(text: str, history: Sequence[tuple[str, str]] = (), words: Thesaurus | None = None) -> Query:
    """The Query of a question; ``history`` is (question, answer) pairs, oldest first; ``words`` those of the index."""
    known = words or thesaurus.load()
    typed, filters = _filters(" ".join(text.split()))
    asked = asking.without_trust(typed)
    whole = _condensed(asked, history, known) if history else asked
    kinds, unit, wants_figure = _wanted(asked, whole, history)
    years = tuple(dict.fromkeys(int(year) for year in _YEAR.findall(asked))) or tuple(
        dict.fromkeys(int(year) for year in _YEAR.findall(whole))
    )
    doubts = asked != typed
    if doubts and not asking.asks_number(asked):
        # 一版写288亿元，一版写36亿元，该信哪个？ asks for both
        kinds, unit, wants_figure = (), "", False
    synonyms = known.same(whole)
    fixed, relative = _periods(whole)
    intent = Intent.CONFLICT if doubts else asking.intent(whole, wants_figure=wants_figure)
    if intent in (Intent.COMPARE, Intent.COMPUTE) and not wants_figure:
        kinds = asking.kinds_named(whole)
        wants_figure = bool(kinds)  # what is compared are figures, though the question asks which
    several = asks.split(asked) if intent not in (Intent.COMPARE, Intent.COMPUTE, Intent.CONFLICT) else ()
    return Query(
        text=whole,
        language="en" if len(_LATIN.findall(asked)) >= _ENGLISH * len(_HAN.findall(asked)) else "zh",
        terms=tuple(dict.fromkeys(terms(whole))),
        years=years,
        kinds=kinds,
        wants_figure=wants_figure,
        unit=unit,
        history=tuple(history),
        search=" ".join(_ASKING.sub(" ", whole).split()) or whole,
        others=_others(whole, synonyms),
        intent=intent,
        synonyms=synonyms,
        subjects=tuple(dict.fromkeys((one.others or (one.word,))[0] for one in synonyms if one.name)),
        periods=fixed,
        relative=relative,
        rates=asking.rates(whole),
        wants=asking.beside(asked),
        parts=_parts(whole, intent),
        source=filters.get("source", ""),
        date=filters.get("date", ""),
        asked=asked if whole != asked else "",
        asks=tuple(understand(one, words=known) for one in several),
    )


def _wanted(asked: str, whole: str, history: Sequence[tuple[str, str]]) -> tuple[tuple[str, ...], str, bool]:
    """``asking.figures`` of the question, or of what it follows where it leaves out what it asks."""
    own = asking.figures(asked)
    if whole == asked or asking.NOT_FIGURE.search(asked):
        return own
    if not own[2]:
        return asking.figures(whole)
    before = asking.figures(history[-1][0])
    # 旅游收入呢？ after how much 接待人数 grew asks for a growth; 产值呢？ after how many 双 asks for money
    grows = before[0][:1] == ("share",) and not asking.asks_number(asked)
    return before if grows else own


def _filters(asked: str) -> tuple[str, dict[str, str]]:
    """The question without the filters typed into it, and these: 来源:贵州日报 日期:2025-09."""
    names = {"来源": "source", "日期": "date"}
    found = {names.get(name, name.lower()): value for name, value in _FILTER.findall(asked)}
    return _FILTER.sub(" ", asked).strip() or asked, found


def _condensed(asked: str, history: Sequence[tuple[str, str]], known: Thesaurus) -> str:
    """The question with what it leaves out, from the question before it."""
    before = history[-1][0]
    own = [one.word for one in known.same(asked) if one.name]
    former = [one.word for one in known.same(before) if one.name]
    named = bool(own)
    if named and former and own[0] != former[0] and (turned := _of_another(asked, own[0], before, former[0])):
        return turned
    bare_metric = _HAN.match(asked) and not _FOLLOWS.match(asked) and not _OWN_SCOPE.match(asked)
    if not named and former and len(asked) <= _LONGEST_BARE and asking.asks_number(asked) and bare_metric:
        return f"{former[0]}{asked}"  # 碳排放一年能少多少？ is still asked of the same mine
    follows = _FOLLOWS.match(asked) or len(asked) < _SHORTEST_WHOLE or (_POINTS_BACK.search(asked) and not named)
    if not follows:
        return asked
    bare = _BARE.match(asked)
    rest = bare["rest"] if bare else asked
    dated = periods.find(rest)
    # 那去年呢？ is the question before with another period
    if len(dated) == 1 and dated[0].end - dated[0].start == len(rest):
        when = periods.find(before)
        if when:
            return f"{before[: when[0].start]}{rest}{before[when[-1].end :]}"
        return f"{rest}{before}"
    pronoun = _PRONOUN.match(asked)
    if pronoun and former:  # 它的总经理是谁？
        return f"{former[0]}{pronoun['own'] or ''}{asked[pronoun.end() :]}"
    return f"{before} {asked}"


_LONGEST_BARE = 14
# what a question that stands by itself begins with: a place or a time of its own; or what was said before
_OWN_SCOPE = re.compile(r"前者|后者|全[省国市州县区]|贵州|我国|[本当]地|\d|[今去明前]年|上半年|下半年|一季度")
_LEAD = re.compile(r"^(?:那么?|而|再看看?|and |what about |how about )[\s，,]*", re.IGNORECASE)


def _of_another(asked: str, name: str, before: str, former: str) -> str:
    """The question turned to somebody else, or nothing: 那乙厂呢？ is the one before of 乙厂, 那乙厂产几吨？ whole."""
    lead = _LEAD.match(asked)
    if not lead:
        return ""
    own = asked[lead.end() :]
    bare = _BARE.match(own)
    if bare and bare["rest"] == name:
        return before.replace(former, name)
    return own if asking.asks_number(own) and own.startswith(name) else ""


def _periods(text: str) -> tuple[tuple[Period, ...], tuple[str, ...]]:
    """The periods that the question's words fix, and its words for those that a page's date would."""
    fixed: list[Period] = []
    relative: list[str] = []
    for dated in periods.find(periods.spelt_out(text)):
        if dated.compared:
            continue
        if dated.period.start or dated.period.end:
            fixed.append(dated.period)
        else:
            relative.append(dated.period.label)
    return tuple(dict.fromkeys(fixed)), tuple(dict.fromkeys(relative))


def _others(text: str, synonyms: Sequence[Synonym]) -> tuple[str, ...]:
    """The other names that are looked up beside the question's own words."""
    found = (other for one in synonyms for other in one.others[:_MOST_OTHERS] if other not in text)
    return tuple(dict.fromkeys(found))


def _parts(text: str, intent: Intent) -> tuple[str, ...]:
    """The questions that one comparison or one question of several is made of, or none."""
    if intent not in (Intent.COMPARE, Intent.COMPUTE, Intent.SEVERAL, Intent.CONFLICT):
        return ()
    found = tuple(part.strip() for part in _PART.split(text) if len(part.strip()) >= _LEAST_PART)
    return found if len(found) > 1 else ()
