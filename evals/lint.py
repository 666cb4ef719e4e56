"""Gold items and the stories of the pages in, what is wrong with the items out: a gold set must be true to its pages.

``jushi evals lint`` finds an item that is no item (a value that its story does not print, a formula that does not come
out), one that asks badly (twice the same, without a name, without the year where the pages print several), and one
said to be unanswerable that the pages answer. What it says is in Chinese, for whoever edits the set.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from itertools import combinations
from typing import Final

from assistant import figures, periods, units
from assistant import mentions as names
from assistant.records import Claim, Figure
from evals import about
from evals.formula import evaluate
from evals.gold import Fact, GoldItem, Kind, expected
from evals.pages import Story
from evals.reading import mentions

ROUNDING: Final = Decimal("0.0001")  # a result is written down to four digits: 160 / 60 is 2.6667
ALIKE: Final = 0.9  # share of letters in common; 2020年的产值 and 2025年的产值 differ in more when years are set apart
BORNE: Final = 0.8  # share of a metric's letter pairs that stand in a question which asks for it
TELLING: Final = 3  # digits of a value that is no chance find in another story: 130.32, not 20

_REFERS: Final = re.compile(r"^(?:那|其中|它|该|这|又|And |What about )")
_NO_NAME: Final = re.compile(r"[^\w一-鿿]")
_UNIT_ASKED: Final = re.compile(r"(?:多少|几)(?=[^\s，。？多少])")
_FILLER: Final = re.compile(r"^(?:现有|已有|共有|目前|每年|每月|每天|有|已|共)")  # 现有纺织企业 is 纺织企业
_LATIN_NAME: Final = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+")
_WHEN: Final = re.compile(r"今年|去年|前年|目前|现在|如今|眼下|现有|最新|以后|之后|改造后|提升后|[年月日季]|\d{4}")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with an item; ``kind`` is one of duplicate, answerable, value, ambiguous, split, words."""

    item: str
    kind: str
    text: str

    def __str__(self) -> str:
        return f"{self.item} [{self.kind}] {self.text}"


def check(items: Sequence[GoldItem], stories: Mapping[str, Story]) -> tuple[Fault, ...]:
    """Every fault of the items, in their order: against the stories, against each other and in themselves."""
    found = [
        Fault(item.id, kind, text)
        for item in items
        for kind, text in (
            *_values(item, stories),
            *_words(item, stories),
            *_ambiguous(item, items, stories),
            *_answerable(item, stories),
        )
    ]
    found += [*_duplicates(items), *_leaks(items)]
    order = {item.id: place for place, item in enumerate(items)}
    return tuple(sorted(found, key=lambda fault: order[fault.item]))


# ---------------------------------------------------------------------- values


def _values(item: GoldItem, stories: Mapping[str, Story]) -> Iterator[tuple[str, str]]:
    """A named story exists and prints each fact, which reads as its value; a formula comes to its result."""
    for name in item.stories:
        if name not in stories:
            yield "value", f"版面里没有这一篇：{name}"
    told = [stories[name] for name in item.stories if name in stories]
    asked = figures.find(item.question)
    for fact in item.facts:
        # "15%" is in "16.15%": the number must begin where the print does
        printed = re.compile(rf"(?<![\d.]){re.escape(fact.printed)}")
        if told and not any(printed.search(story.text) for story in told):
            yield "value", f"{fact.printed}不在所列的报道里"
        read = expected(fact)
        if read is None:
            yield "value", f"{fact.printed}读不出{fact.value}{fact.unit}"
            continue
        if read.bound != fact.bound:
            yield "value", f"{fact.printed}的界限词读作{read.bound}，不是{fact.bound}"
        if any(figures.same(read, figure, bounds=False) for figure in asked):
            yield "value", f"题目已经说出了{fact.printed}"
        for name in _also(fact, read, item, stories):
            yield "value", f"{fact.printed}也印在另一篇里，stories应当列上：{name}"
    if item.result and item.formula:
        try:
            value = evaluate(item.formula, item.facts)
        except ValueError as error:
            yield "value", f"算式不成立：{error}"
            return
        if abs(value - item.result.value) > max(abs(value) * ROUNDING, abs(value) * item.result.tolerance / 10):
            yield "value", f"{item.formula}算得{value:f}，不是{item.result.value}"


def _expected(fact: Fact) -> Figure | None:
    return expected(fact)


def _also(fact: Fact, read: Figure, item: GoldItem, stories: Mapping[str, Story]) -> Iterator[str]:
    """Other stories that print the value of the same firm, park or place."""
    if len(read.value.normalize().as_tuple().digits) < TELLING:
        return
    names = _cores(fact.subject)
    for name, story in stories.items():
        if name in item.stories or not any(figures.same(read, figure, bounds=False) for figure in story.figures):
            continue
        if names and any(core in story.text for core in names):
            yield name


# ---------------------------------------------------------------------- words


def _words(item: GoldItem, stories: Mapping[str, Story]) -> Iterator[tuple[str, str]]:
    """What must be mentioned is printed; tags and language agree."""
    pages = "\n".join(story.text + story.headline for story in stories.values())
    for group in item.must_mention:
        if not any(mentions(pages, phrase) for phrase in group):
            yield "words", f"必须提到的{'/'.join(group)}不在版面上"
    if ("english" in item.tags) != (item.language == "en"):
        yield "words", f"language是{item.language}，与english标签不符"
    if ("followup" in item.tags) != bool(item.history):
        yield "words", "有前文的题要标followup，没有的不标"


# ---------------------------------------------------------------------- ambiguous questions


def _ambiguous(item: GoldItem, items: Sequence[GoldItem], stories: Mapping[str, Story]) -> Iterator[tuple[str, str]]:
    """A question that points back to nothing, names nobody, or fits several values of different years."""
    if item.history:
        return
    if refers := _REFERS.match(item.question):
        yield "ambiguous", f"题目以“{refers[0]}”开头，却没有前文"
    if item.facts and not _named(item, stories):
        yield "ambiguous", f"题目没有点明主体：{item.facts[0].subject}"
    if item.type is not Kind.FIGURE or _WHEN.search(item.question):
        return
    (fact,) = item.facts
    for other in {other for one in items for other in one.facts}:
        if (
            (other.subject, other.metric, other.unit) == (fact.subject, fact.metric, fact.unit)
            and other.value != fact.value
            and other.period != fact.period
        ):
            yield "ambiguous", f"{fact.metric}另有{other.printed}（{other.period}），题目没有写时间"


def _named(item: GoldItem, stories: Mapping[str, Story]) -> bool:
    """Whether the question names whom it asks about: by two letters of the subject or headline, or by another name.

    The name may be a person or a site that the story tells of, or in English any word with a capital (Guizhou).
    """
    known = " ".join((*(fact.subject for fact in item.facts), *item.stories))
    pairs = (item.question[at : at + 2] for at in range(len(item.question) - 1))
    if any(pair in known for pair in pairs if not _NO_NAME.search(pair)):
        return True
    texts = "".join(stories[name].text for name in item.stories if name in stories)
    if any(mention.text in texts for mention in names.mentions(item.question)):
        return True
    return item.language == "en" and bool(_LATIN_NAME.search(item.question))


# ---------------------------------------------------------------------- unanswerable


def _answerable(item: GoldItem, stories: Mapping[str, Story]) -> Iterator[tuple[str, str]]:
    """A claim of the pages about the same name, metric, time and unit answers what is said to be unanswerable."""
    if item.type is not Kind.UNANSWERABLE:
        return
    unit = _asked_unit(item.question)
    for name, story in stories.items():
        for claim in story.claims:
            if _answers(item.question, unit, claim, story):
                when = periods.absolute(claim.period)
                told = "，".join(part for part in (claim.subject, claim.metric, when, claim.figure.text) if part)
                yield "answerable", f"版面答得出：{told}（{name}）"


def _answers(question: str, unit: str, claim: Claim, story: Story) -> bool:
    cores = _cores(claim.subject)
    if not cores or not any(core in question for core in cores):
        return False
    metric = _FILLER.sub("", _NO_NAME.sub("", claim.metric))
    pairs = [metric[at : at + 2] for at in range(len(metric) - 1)]
    if not pairs or sum(pair in question for pair in pairs) < BORNE * len(pairs):
        return False
    if unit and units.measure(claim.figure.unit, claim.figure.kind)[0] != unit:
        return False
    asked = [one.period for one in periods.find(question, story.date) if not one.compared]
    told = claim.period
    if told.start is None or told.end is None:
        return not asked or any(periods.overlaps(one, told) for one in asked)
    # 一季度 is not answered by 上半年, though they share days
    return not asked or any(periods.contains(one, told) for one in asked)


def _asked_unit(question: str) -> str:
    """The measure that 多少亿元 or 几家 asks for; empty where the question names none."""
    for found in _UNIT_ASKED.finditer(question):
        read = figures.find("1" + question[found.end() : found.end() + 6])
        if read and read[0].start == 0 and read[0].unit:
            return units.measure(read[0].unit, read[0].kind)[0]
    return ""


def _cores(subject: str) -> frozenset[str]:
    """What tells the names of a subject; the subject itself where it has none."""
    return about.cores(subject) or frozenset({subject} if len(subject) > 1 else ())


# ---------------------------------------------------------------------- against each other


def _duplicates(items: Sequence[GoldItem]) -> Iterator[Fault]:
    plain = {item.id: _NO_NAME.sub("", item.question) for item in items}
    for one, other in combinations(items, 2):
        if one.history != other.history or one.language != other.language:
            continue
        if plain[one.id] == plain[other.id]:
            yield Fault(other.id, "duplicate", f"与{one.id}的题目相同")
        elif one.facts == other.facts and one.type is other.type and one.stories == other.stories:
            ratio = SequenceMatcher(None, plain[one.id], plain[other.id], autojunk=False)
            if ratio.real_quick_ratio() >= ALIKE and ratio.ratio() >= ALIKE:
                yield Fault(other.id, "duplicate", f"与{one.id}只差几个字，问的是同一个事实")


def _leaks(items: Iterable[GoldItem]) -> Iterator[Fault]:
    """The first fact of an item is asked about on one side of the split only."""
    sides: dict[tuple[str, Decimal, str], GoldItem] = {}
    for item in items:
        if not item.facts or not item.split:
            continue
        fact = item.facts[0]
        first = sides.setdefault((item.stories[0] if item.stories else "", fact.value, fact.printed), item)
        if first.split != item.split:
            yield Fault(item.id, "split", f"与{first.id}问同一个数字，却分在{item.split}和{first.split}两边")
