"""Passages in, the claims whose figures a question may mean out, each with the words to know it by."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from assistant import figures, periods, sentences
from assistant.compute import words
from assistant.records import Claim, Evidence, Figure, Passage

STOP: Final = frozenset(
    "的了在是和与跟同及等这那该其为有到从由对于把被又也都还已将并而且或、，。；：“”‘’（）()—-·《》？?！!"
)
_EMPTY: Final = re.compile(
    r"大约|大概|分别|相比|比较|多少|几个?百分点|百分之几|几倍|两者|二者|两项|两家|两个|平均|请问|一共|总共|合计|最新|目前|现在|"
    r"到底|究竟|来推|全年|年度|(?<=企业)数量?|(?<=[人户])数|数量|总量|[一二两三四五六七八九十\d]{1,2}年[前后]|当初|最初|原来|原先|如今|推算|按照|来算|算下来|情况|水平|方面|本身|这几年|[一二两三四五六七八九十\d]{1,2}年(?:间|里|来|内)|近年来|期间|年间"
)
_PARTS: Final = "；;"
_CLAUSE_END: Final = re.compile(r"[，；。！？;!?]|,(?!\d)")
_TO: Final = re.compile(r"(?:到|至|为|→)[^，；。]{0,12}$")
_ASKED_ALL: Final = re.compile(r"全[省市州县国]")


@dataclass(frozen=True, slots=True)
class Operand:
    """A claim with its sentence, ``passage.text[start:end]``, and the words to know it by."""

    claim: Claim
    passage: Passage
    start: int
    end: int
    own: str
    before: str
    others: str
    near: str
    part: str  # of its sentence, between semicolons

    @property
    def figure(self) -> Figure:
        """Its figure, as printed."""
        return self.claim.figure

    @property
    def sentence(self) -> str:
        """Its sentence, as printed."""
        return self.passage.text[self.start : self.end]

    @property
    def place(self) -> tuple[str, int]:
        """What tells it from every other claim."""
        return self.passage.id, self.figure.start

    @property
    def key(self) -> str:
        """The citation key of its sentence, which is that which ``evidence.select`` gives it."""
        return hashlib.sha256(f"{self.passage.id}\0{self.start}".encode()).hexdigest()[:6]

    def evidence(self) -> Evidence:
        """The sentence as evidence, pointing at the figure."""
        inside = tuple(f for f in self.passage.figures if self.start <= f.start and f.end <= self.end)
        return Evidence(self.key, self.passage, self.start, self.end, inside, 1.0, 1.0, self.figure, 1.0)


@dataclass(frozen=True, slots=True)
class Side:
    """What one side of a question says of its figure; ``text`` is its own, ``context`` what the whole question says."""

    text: str
    context: str = ""
    names: tuple[str, ...] = ()
    lent: tuple[str, ...] = ()  # names that only the rest of the question bears, which its claim may lack
    dated: str = ""  # the words that its period is read from; empty where it names none
    strict: bool = True  # whether a claim of another period is out, or only less likely
    given: tuple[Figure, ...] = ()
    rest: str = ""  # the other sides' words, which may lend it a metric
    role: str = ""  # "start" or "end" where it means what a figure started from (五年前) or came to (如今)

    @property
    def words(self) -> str:
        """Its words without dates, figures and what asks."""
        return content(self.text)


def operands(passages: Iterable[Passage]) -> tuple[Operand, ...]:
    """Every claim of the passages whose figure measures something (a rank does not), each passage once."""
    found: list[Operand] = []
    for passage in {passage.id: passage for passage in passages}.values():
        spans = sentences.split(passage.text)
        for claim in passage.claims:
            figure = claim.figure
            if figure.kind == "rank" or passage.text[figure.start : figure.end] != figure.text:
                continue
            at = next((at for at, span in enumerate(spans) if span[0] <= figure.start < span[1]), None)
            if at is not None:
                found.append(_operand(claim, passage, spans, at))
    return tuple(found)


def _operand(claim: Claim, passage: Passage, spans: list[tuple[int, int]], at: int) -> Operand:
    start, end = spans[at]
    before, behind = _about(passage, claim.figure, start, end)
    others = "".join(
        " ".join(_about(passage, other, start, end))
        for other in passage.figures
        if start <= other.start < end and other.kind == claim.figure.kind and other.start != claim.figure.start
    )
    # of what is dealt out the metric names every item
    metric = "" if _dealt(passage, claim.figure, start) else claim.metric
    own = f"{claim.subject} {metric} {claim.comparison} {before} {behind}"
    previous = passage.text[spans[at - 1][0] : spans[at - 1][1]] if at else ""
    near = f"{passage.source.title} {previous}"
    left = max(passage.text.rfind(mark, start, claim.figure.start) for mark in _PARTS) + 1
    right = min((at for mark in _PARTS if (at := passage.text.find(mark, claim.figure.end, end)) >= 0), default=end)
    part = passage.text[max(left, start) : right]
    return Operand(claim, passage, start, end, own, before, others, near, part)


def _about(passage: Passage, figure: Figure, start: int, end: int) -> tuple[str, str]:
    """The words about a figure in its clause: before it, back to the figure before (not in 从…到…), and behind it."""
    text = passage.text
    if (dealt := _dealt(passage, figure, start)) is not None:
        return dealt, ""
    marks = [match.start() for match in _CLAUSE_END.finditer(text, start, end)]
    begin = max([mark + 1 for mark in marks if mark < figure.start], default=start)
    stop = min([mark for mark in marks if mark >= figure.end], default=end)
    earlier = sorted(f.end for f in passage.figures if begin <= f.start and f.end <= figure.start)
    left = earlier[-1] if earlier else begin
    while earlier and _TO.search(text[left : figure.start]):
        earlier.pop()
        left = earlier[-1] if earlier else begin
    later = min([f.start for f in passage.figures if figure.end <= f.start < stop], default=stop)
    # 20家、铝加工企业17家: what follows the comma is said of the next figure
    return text[left : figure.start], text[figure.end : later].partition("、")[0]


def _dealt(passage: Passage, figure: Figure, start: int) -> str | None:
    """The words of a figure that is dealt out: 甲和乙分别完成产值5亿元、3亿元 → 乙完成产值 for 3亿元."""
    text = passage.text
    row = [figure]
    ordered = [one for one in passage.figures if one.kind == figure.kind]
    at = next(place for place, one in enumerate(ordered) if one.start == figure.start)
    for step in (-1, 1):
        place = at + step
        while 0 <= place < len(ordered):
            left, right = sorted((ordered[place], ordered[place - step]), key=lambda one: one.start)
            if not _BESIDE.fullmatch(text, left.end, right.start):
                break
            row.append(ordered[place])
            place += step
    row.sort(key=lambda one: one.start)
    if len(row) < 2 or not (head := _DEALT.search(text, start, row[0].start)):
        return None
    items = [item for item in _ITEMS.split(head["items"]) if item]
    rest = text[head.end() : row[0].start]
    if len(items) != len(row) or "。" in rest:
        return None
    return items[row.index(figure)] + rest


_BESIDE: Final = re.compile(r"[、和与]")
_ITEMS: Final = re.compile(r"[、和与及]|以及")
_DEALT: Final = re.compile(r"(?P<items>[^，。；：]{2,60}?)(?:，)?(?:分别|依次|各)")


@lru_cache(maxsize=512)
def content(text: str, without: tuple[str, ...] = ()) -> str:
    """The words that tell what is meant: no dates, figures, names given, or words that only ask."""
    spans = [(dated.start, dated.end) for dated in periods.find(text)]
    spans += [(figure.start, figure.end) for figure in figures.find(text)]
    kept = "".join(" " if any(a <= at < b for a, b in spans) else letter for at, letter in enumerate(text))
    for name in without:
        kept = kept.replace(name, " ")
    for empty in (_ASKED_ALL, words.ONCE, words.NOW, _EMPTY):
        kept = empty.sub(" ", kept)
    return " ".join("".join(" " if letter in STOP else letter for letter in kept).split())


def starts(operand: Operand) -> bool:
    """Whether the figure is what its sentence starts from, to tell what it came to: 从12%提升到30%."""
    text, figure = operand.passage.text, operand.figure
    return bool(_FROM.search(text, operand.start, figure.start) and _UNTIL.match(text, figure.end, operand.end))


_FROM: Final = re.compile(r"(?:从|由)(?:[^，。；\d]|\d{4}年){0,30}$")
_UNTIL: Final = re.compile(
    r"(?:[^。；，\d]{0,14}|[^。；，\d]{0,10}，(?:仍|还|只|就)(?:有|剩)|，(?:提|增|升|降|减|上|下|扩|压|缩|跃|攀|涨|回)[^。；，\d]{0,6})(?:到|至|为|→|有|剩)"
    r"(?:\d{4}年的?)?[^。；，\d]{0,8}[\d一二两三四五六七八九十百千]"
)
