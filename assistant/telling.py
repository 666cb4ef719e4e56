"""A question that wants no figure and a sentence in, what tells that the sentence answers out.

    六盘水“智改数转”主题会议的主题是什么？ → 主题为“拥抱人工智能 …” tells it; another shares more words

What is asked for (who, where, which firm, when, why, a list, a result) leaves a mark in the sentence that tells it; the
noun beside what asks (工艺 in 哪种工艺) stands there; and what merely repeats the question tells nothing new.
"""

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from assistant import mentions, periods
from assistant.records import Mention, NameKind, Query

# Fitted as the log-odds of a choice among the sentences of a question, to 1,036 questions of the pages and of two
# public sets: ``python -m evals.telling --fit``.
WEIGHTS: Final[Mapping[str, float]] = {
    "share": 7.58,  # of the question's words, by their weight, in the sentence or around it
    "hit": 5.02,  # a step of the passage's fused score
    "pairs": 5.52,  # share of the question's pairs of letters that the sentence has
    "next": 3.02,  # "share" of the sentence after it: what it begins goes on there
    "noun_told": 1.91,  # 主题为…, 工艺有…: the noun beside what asks, and what it is
    "noun_end": 1.65,  # its last letter stands here: 籍 of 籍贯
    "title": 1.74,  # a title is asked for, and one stands here
    "date": 2.55,  # a date
    "person": 1.46,  # a person whom the question does not name; −1 where none is
    "reason": 1.41,  # 因为, 得益于
    "firm": 1.24,  # a firm or an agency that the question does not name
    "place": 1.07,  # a place
    "list": 1.05,  # marks of a list, a quarter of them and at most 1
    "result": 0.96,  # 使, 导致
    "fresh": 1.18,  # letters that the question has not, a thirtieth of them and at most 1
}
# What a step of ``Evidence.score`` is in log-odds, so that the scores of all questions are of one size.
SCALE: Final = 7.58

_PLACE: Final = re.compile(
    r"哪里|哪儿|何[地处]|什么地[方点]|籍贯|地点|哪[一]?[个座]?(?:省|市|县|区|镇|村|国家|城市|地方|地区|口岸)|哪国|在哪|位于"
    r"|where|which (?:county|city|port|border|village|place)",
    re.IGNORECASE,
)
_FIRM: Final = re.compile(
    r"哪[一]?家(?!.{0,3}省)|(?:哪[一]?[个些]|什么)(?:公司|企业|集团|单位|机构|部门|银行|医院|学校|组织|局)"
    r"|which (?:group|company|firm|agency)",
    re.IGNORECASE,
)
_PERSON: Final = re.compile(r"谁|哪位|哪[一]?[个位]人|叫什么(?:名字)?|姓名|\bwho", re.IGNORECASE)
_REASON: Final = re.compile(r"为什么|为何|原因|因为什么|为啥|凭什么|靠什么|\bwhy\b", re.IGNORECASE)
_RESULT: Final = re.compile(r"什么(?:样的)?(?:后果|影响|结果|作用|意义|变化)|怎么样")
_NOUN: Final = re.compile(
    r"([一-鿿]{2,4})(?:是|为|叫)(?:什么|谁|哪|啥)|(?:什么|哪[一]?种|哪[个些家位]|哪几[个种类家项])(?:样的)?([一-鿿]{2,4})"
)
_CAUSE: Final = re.compile(r"因为|由于|原因|因此|所以|为了|源于|得益于|受[^，。]{1,12}影响|导致|在于|是因")
_EFFECT: Final = re.compile(r"导致|使|造成|因此|从而|结果|影响")
_TITLE: Final = re.compile(mentions.TITLES)
_NAMES: Final[Mapping[str, frozenset[NameKind]]] = {
    "person": frozenset((NameKind.PERSON,)),
    "place": frozenset((NameKind.PLACE, NameKind.SITE, NameKind.PARK)),
    "firm": frozenset((NameKind.FIRM, NameKind.AGENCY, NameKind.PARK)),
}
_LIST_MARKS: Final = 4
_FRESH: Final = 30  # letters


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question asks to be told, read once for all sentences."""

    text: str
    kinds: frozenset[str]
    noun: str
    pairs: frozenset[str]
    letters: frozenset[str]


def wanted(query: Query) -> Wanted:
    """What the question asks for, by the names of ``WEIGHTS``, and the noun beside what asks."""
    own = query.asked or query.text
    rules = {"place": _PLACE, "firm": _FIRM, "person": _PERSON, "reason": _REASON, "result": _RESULT}
    kinds = {name for name, rule in rules.items() if rule.search(own)}
    kinds.update(query.wants)
    noun = _NOUN.search(query.text)
    return Wanted(
        query.text,
        frozenset(kinds),
        (noun[1] or noun[2]) if noun else "",
        frozenset(query.text[at : at + 2] for at in range(len(query.text) - 1)),
        frozenset(query.text),
    )


def signs(asked: Wanted, sentence: str) -> dict[str, float]:
    """The signs of one sentence, by the names of ``WEIGHTS`` but for those that need its surroundings."""
    told: dict[str, float] = {
        "pairs": sum(pair in sentence for pair in asked.pairs) / (len(asked.pairs) or 1),
        "fresh": min(sum(letter not in asked.letters for letter in sentence) / _FRESH, 1.0),
    }
    if asked.noun:
        named = re.search(rf"{re.escape(asked.noun[-2:])}(?:是|为|叫|：|“|《|有|包括)", sentence)
        told["noun_told"] = float(named is not None)
        told["noun_end"] = float(asked.noun[-1] in sentence)
    for kind in asked.kinds & _NAMES.keys():
        new = any(one.kind in _NAMES[kind] and one.text not in asked.text for one in _mentions(sentence))
        told[kind] = float(new) - float(kind == "person" and not new)
    if "reason" in asked.kinds:
        told["reason"] = float(_CAUSE.search(sentence) is not None)
    if "result" in asked.kinds:
        told["result"] = float(_EFFECT.search(sentence) is not None)
    if "list" in asked.kinds:
        told["list"] = min(sentence.count("、"), _LIST_MARKS) / _LIST_MARKS
    return told | beside(asked.kinds, sentence)


def beside(kinds: Container[str], sentence: str) -> dict[str, float]:
    """The signs of what may be asked for beside a figure: a date, a title."""
    told: dict[str, float] = {}
    if "title" in kinds:
        told["title"] = float(_TITLE.search(sentence) is not None)
    if "date" in kinds:
        told["date"] = float(any(dated.period.label for dated in periods.find(sentence) if not dated.compared))
    return told


@lru_cache(maxsize=4096)
def _mentions(sentence: str) -> tuple[Mention, ...]:
    return mentions.mentions(sentence)
