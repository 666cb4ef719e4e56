"""Query and passages in, a Draft whose result the program has worked out; None where nothing is to be reckoned.

    远山园区2024年产值里，除去循环产业，其他只有多少亿元？
    → 其余超1.6亿元：远山园区2024年产值突破80亿元，循环产业78.4亿元[a5aec3]（80亿元−78.4亿元=1.6亿元）。

The words of the question name the operation (``operations``); its sides find their claims (``sides``, ``operands``);
the figures of these are reckoned with as printed, bounds and units with them (``between``, ``points``, ``pieces``, by
``arithmetic``); ``wording`` tells it. Where a side has no claim, or two that differ fit alike, the answer declines and
tells what is there: nothing is guessed.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Final

from assistant import compose
from assistant.compose import REFUSAL, Draft
from assistant.compute import between, operations, parting, pieces, points, rates, shares
from assistant.compute.asked import Asked, Operation
from assistant.compute.lexicon import Lexicon
from assistant.compute.operands import Operand, operands
from assistant.compute.sides import Printed, Room, Unclear, admits
from assistant.compute.wording import label, labelled, tell
from assistant.compute.worked import Worked
from assistant.records import Caveat, CaveatKind, Passage, Query
from assistant.relations import metric_key

__all__ = ["Lexicon", "answer"]

_KEEPS_KIND: Final = frozenset((Operation.SUM, Operation.REST, Operation.AVERAGE))
Find = Callable[[str], Sequence[Passage]]

_MOST_LOOKED: Final = 4  # sides that are looked for by themselves: a search each
_SHORTEST_LOOKED: Final = 8  # letters; of a shorter side (比乙园区) the rest of the question tells what is meant
_MOST_READINGS: Final = 3  # readings that are told where the question may mean several

_WAYS: Final[Mapping[Operation, Callable[[Room], Worked | None]]] = {
    Operation.COMPARE: between.compare,
    Operation.CHANGES: points.changes,
    Operation.DIFFERENCE: between.difference,
    Operation.CHANGE: points.change,
    Operation.REST: between.rest,
    Operation.SUM: between.total,
    Operation.RATIO: between.quotient,
    Operation.SHARE: between.quotient,
    Operation.GROWTH: points.growth,
    Operation.EXCEEDS: between.exceeds,
    Operation.YEARLY: points.yearly,
    Operation.AVERAGE: pieces.average,
    Operation.LASTS: rates.lasts,
    Operation.OVER: rates.over,
    Operation.BY_SHARE: shares.by_share,
    Operation.BEFORE: shares.before,
    Operation.CONVERT: shares.convert,
}


def answer(query: Query, passages: Sequence[Passage], find: Find, lexicon: Lexicon) -> Draft | None:
    """The reckoned answer; a refusal where a side has no claim, or may mean several.

    ``passages`` are those at hand, ``find`` gives those that a side of the question finds by itself. None where the
    question asks for no reckoning, or where its words leave that open and no operands are found: then the page may
    print the result.
    """
    if query.language != "zh" and _RECKONS.search(query.text):
        return Draft(_FOREIGN, (), declined=True)
    # what is to be worked back is not answered by one of the figures that it would be worked out from
    unsolved = _nothing(query.language) if query.wants_figure and _WORKED_BACK.search(query.text) else None
    asked = operations.read(query.text, _last(query))
    if asked is None:
        return unsolved
    room = Room(asked, _pool(asked, passages, find), lexicon)
    try:
        worked = _WAYS[asked.operation](room)
    except Printed as printed:
        return compose.quote(query, printed.by.evidence()) if printed.by else None
    except Unclear as unclear:
        return _unclear(unclear, query.language) if asked.sure else unsolved
    if worked is not None:
        # 签约的金额合计多少: so many projects are no sum of money, and the page may print one
        other = query.kinds and worked.solved.figure.kind not in query.kinds
        return None if other and asked.operation in _KEEPS_KIND else _draft(worked, room, query.language)
    sure = asked.sure or (asked.operation is Operation.SHARE and not between.prints_share(room))
    return (_refusal(room, query.language) if sure else None) or unsolved


_WORKED_BACK: Final = re.compile(
    r"[倒反]推|[倒反]算|推算|减[去掉]|扣掉|照.{1,10}账|每(?:用掉?|消耗|烧掉?|处理|生产)[1一]"
)


def _last(query: Query) -> str:
    """The question itself, where the one before it was put in front of it."""
    before = query.history[-1][0] if query.history else ""
    return query.text[len(before) + 1 :] if before and query.text.startswith(f"{before} ") else query.text


def _pool(asked: Asked, passages: Sequence[Passage], find: Find) -> tuple[Operand, ...]:
    """The claims of the passages at hand and of those found for each side."""
    sides = dict.fromkeys(side for split in asked.splits for side in parting.members(split)[0] if len(split) > 1)
    looked = [
        side if len(side) >= _SHORTEST_LOOKED else f"{side} {asked.context}" for side in list(sides)[:_MOST_LOOKED]
    ]
    more = [passage for side in looked for passage in find(side)]
    return operands((*passages, *more))


# ---------------------------------------------------------------- the draft


def _draft(worked: Worked, room: Room, language: str) -> Draft:
    used = {operand.key: operand.evidence() for operand in worked.found}
    text = tell(worked, language)
    formulas = [solved.formula for _, _, solved in worked.also] + [worked.solved.formula]
    return Draft(
        text,
        tuple(used.values()),
        formulas=tuple(formula for formula in dict.fromkeys(formulas) if formula in text),
        caveats=tuple(_caveats(worked, room)),
    )


_HELD_TOGETHER: Final = frozenset(
    (
        *(Operation.COMPARE, Operation.DIFFERENCE, Operation.EXCEEDS, Operation.RATIO, Operation.SHARE),
        *(Operation.SUM, Operation.REST, Operation.AVERAGE),
    )
)
_PART_AND_WHOLE: Final = frozenset((Operation.DIFFERENCE, Operation.SHARE, Operation.REST, Operation.SUM))


_PAGE_DATE: Final = re.compile(r"[\d-]*")


def _caveats(worked: Worked, room: Room) -> Iterator[Caveat]:
    """What the reckoning cannot see: operands of other times, or of other wholes."""
    operation = room.asked.operation
    if operation not in _HELD_TOGETHER:
        return
    if worked.solved.reason:
        keys = tuple(dict.fromkeys(operand.key for operand in worked.found))
        yield Caveat(CaveatKind.SCOPE, f"结果只能算作约数：{worked.solved.reason}。", keys, worked.solved.formula)
    for a, b in combinations(worked.found, 2):
        keys = tuple(dict.fromkeys((a.key, b.key)))
        one, other = a.claim.period, b.claim.period
        of_one = room.lexicon.aliases.same(a.claim.subject, b.claim.subject)
        # 2024年 less 2021年 of one thing is what was asked for
        same_thing = of_one and metric_key(a.claim.metric) == metric_key(b.claim.metric)
        # what only the page's date tells (2025-09) need not be its time
        dated = all(period.start and not _PAGE_DATE.fullmatch(period.label) for period in (one, other))
        if dated and (one.start, one.end) != (other.start, other.end) and not same_thing:
            yield Caveat(CaveatKind.PERIOD, f"两数时段不同：{one.label}、{other.label}。", keys)
            return
        apart = a.passage.story_id != b.passage.story_id and not of_one
        if apart and operation in _PART_AND_WHOLE and a.claim.subject and b.claim.subject:
            whose = f"{a.claim.subject}、{b.claim.subject}"
            yield Caveat(CaveatKind.SCOPE, f"两数出自两篇报道，分别属{whose}，口径未必一致，只作数值计算。", keys)
            return


# ---------------------------------------------------------------- refusals

_MISSING: Final = {
    "zh": "{refusal}只查到{there}，没有查到{missing}的数字，算不出来。",
    "en": "{refusal} Found: {there}; not found: {missing}. So it cannot be worked out.",
}
# The rules read Chinese; quoting one operand as the answer would be a wrong figure.
_RECKONS: Final = re.compile(
    r"\bhow (?:many|much) more\b|\bcombined\b|\bin total\b|\btotal number\b|\bhow many times\b|\bdifference between\b"
    r"|\bpercentage points\b.{0,40}\b(?:higher|lower|more|less|than)\b"
    r"|\bwhich (?:is|was|grew|rose|has|had)\b.{1,200}\bor\b",
    re.IGNORECASE,
)
_FOREIGN: Final = (
    "The pages may print the figures, but they are worked out only from a question in Chinese: ask it in Chinese."
)
_NOTHING: Final = {
    "zh": "{refusal}计算所需的数字没有找齐，算不出来。",
    "en": "{refusal} The figures that it would be worked out from were not found together.",
}
_EITHER: Final = {
    "zh": "{refusal}问题所指的数字不止一种可能，不敢代为选定：{there}。",
    "en": "{refusal} The question may mean several figures, and none is chosen for it: {there}.",
}


def _nothing(language: str) -> Draft:
    return Draft(_NOTHING[language].format(refusal=REFUSAL[language]), (), declined=True)


def _refusal(room: Room, language: str) -> Draft | None:
    """That a side has no claim, with what the other has; None where the sides name nobody and no time."""
    split, _ = parting.members(room.asked.splits[0])
    if len(split) < 2:
        return _nothing(language)
    sides = room.sides(split)
    best = [room.ranked(side, admits(room.asked.unit))[:1] for side in sides]
    told_unit = room.asked.unit or room.asked.operation is Operation.COMPARE
    if not told_unit and (all(best) or not any(best)):
        return None  # 比乙便宜多少 may be answered by 四成
    if all(best):
        return _nothing(language)
    missing = [label(side.text) for side, found in zip(sides, best, strict=True) if not found]
    there = [(side, found[0][1]) for side, found in zip(sides, best, strict=True) if found]
    if not any(side.names or side.dated for side in sides):
        return None
    if not there:
        return _nothing(language)
    told = "，".join(labelled(side.text, one) for side, one in there)
    used = {one.key: one.evidence() for _, one in there}
    text = _MISSING[language].format(refusal=REFUSAL[language], there=told, missing="、".join(missing))
    return Draft(text, tuple(used.values()), declined=True)


def _unclear(unclear: Unclear, language: str) -> Draft:
    """That the question may mean several figures, with the sentences of the likeliest."""
    found: dict[tuple[str, int], Operand] = {}
    for way in unclear.ways[:_MOST_READINGS]:
        found.update({operand.place: operand for operand in way.found})
    told = "，".join(labelled("", operand) for operand in list(found.values())[: 2 * _MOST_READINGS])
    used = {operand.key: operand.evidence() for operand in list(found.values())[: 2 * _MOST_READINGS]}
    text = _EITHER[language].format(refusal=REFUSAL[language], there=told)
    return Draft(text, tuple(used.values()), declined=True)
