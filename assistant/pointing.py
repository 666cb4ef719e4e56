"""A question read by ``asked`` and a sentence in, the figure of it that the question asks for out, and how it fits.

Each figure has signs: what its own words share with the question, what its neighbours' do, its unit, whose and when.
Their weights are those of a conditional logit, fitted to which of its figures a sentence answers with: see ``WEIGHTS``.
"""

import re
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from assistant import agreement, asking, figures, units
from assistant.lexical import terms
from assistant.records import Claim, Figure, Passage, Query

Weight = Callable[[str], float]
Span = tuple[int, int]

# Fitted by ``python -m evals.pointing --fit`` to 493 sentences of several figures, one of which answers: those of the
# pages' questions and of three public sets. Left out of the fit in turn, each set is pointed at rightly in .90 to .97.
# ``present`` was set by reason: too few of these questions say 目前.
WEIGHTS: Final[Mapping[str, float]] = {
    "own": 0.80,  # share of the question's words that stand before the figure, from the figure or clause before it on
    "after": 0.46,  # that stand after it, up to the next figure or the clause's end
    "apart": 1.37,  # share of the question's words that some figures of the sentence have and others lack
    "letters_apart": 1.25,  # the same of its letters: 绿电 and 绿色用电 share two of them and no pair
    "elsewhere": -1.75,  # share that later figures' words bear, and neither this one's nor what stands before it
    "inherited": 1.18,  # share that stands earlier in the sentence, where its own words share something too
    "strange_before": -1.12,  # of its own words before it, the share that the question has not
    "strange_after": -1.21,
    "bare_before": -0.23,  # it has no words before it
    "asked_after": 2.69,  # what the question has right after 多少人 (受伤) stands right after the figure
    "asked_before": 2.27,  # what it has right before 多少 stands right before the figure
    "asked_across": 1.09,  # what it has right after stands right before: 多少度电 for 电1700万度
    "in_question": -0.63,  # the question itself tells this figure
    "wanted": 2.42,  # of the unit asked for, or of the first kind asked for that the sentence has
    "unit": 1.15,
    "other_unit": -1.05,  # a unit is asked for, and this one counts other things
    "kind": 1.34,
    "first_kind": 1.30,
    "plain_count": -0.95,  # a count where the question tells no kind
    "plain_money": 1.21,  # money where the question tells no kind
    "start": -0.63,  # where a change began
    "first": -1.26,  # the sentence's first figure
    "subject": 0.75,  # its claim is of the subject asked for
    "period": 1.69,  # its claim holds for the period asked for
    "elsewhen": -1.68,
    "rate": 0.65,  # its claim counts as the question counts (每天)
    "year": 0.72,  # an asked year stands before it
    "change": 0.70,  # the question asks for a change, and the figure is one
    "present": 2.0,  # the question is of now, and so is the figure; −1 where it is of a year that is over
    "per_one": -2.17,  # of each one (每股, 单价) where the question asks of no such, or of all where it asks of one
    "other_industry": -3.0,  # 五金产业 is asked of, and 铝产业 spoken of last; set by reason, as few questions show it
    "respective": 1.16,  # its place in 分别为 is that of the name asked for; −1 where it is another's
}


# ---------------------------------------------------------------- the question's own words


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the weights of its terms, those that stand right before and after what asks, its own figures.

    ``industries`` are those that it names. ``weight`` is that of any term, as the word index has it.
    """

    query: Query
    weights: Mapping[str, float]
    weight: Weight
    before: frozenset[str]
    after: frozenset[str]
    told: tuple[Figure, ...]
    industries: tuple[str, ...]
    letters: frozenset[str]

    def share(self, found: Set[str]) -> float:
        """The share of the question's words, by weight, that is among these."""
        return sum(self.weights.get(term, 0.0) for term in found) / (sum(self.weights.values()) or 1.0)

    def strange(self, label: frozenset[str]) -> float:
        """The share of a label, by weight, that the question has not."""
        own = {term: self.weight(term) for term in label if len(term) > 1}
        whole = sum(own.values())
        return sum(each for term, each in own.items() if term not in self.weights) / whole if whole else 0.0

    def precedes(self, found: frozenset[str]) -> float:
        """The share of the words right before what asks that is among these."""
        return self.of(self.before, found)

    def follows(self, found: frozenset[str]) -> float:
        """The share of the words right after it."""
        return self.of(self.after, found)

    def of(self, part: frozenset[str], found: frozenset[str]) -> float:
        """The share of the part, by weight, that is among these."""
        whole = sum(map(self.weight, part))
        return sum(map(self.weight, part & found)) / whole if whole else 0.0


def asked(query: Query, weight: Weight) -> Asked:
    """The question, read once for all the sentences that it is held against."""
    before, after, told = _sides(query.asked or query.text)
    fresh = set(terms(query.asked.translate(_JOINS)))
    own = dict.fromkeys(terms(query.text.translate(_JOINS)))
    weights = {term: weight(term) * (FRESH if term in fresh else 1.0) for term in own}
    beside = agreement.borne(query, before), agreement.borne(query, after)
    return Asked(
        query,
        weights,
        weight,
        *beside,
        told,
        tuple(agreement.industries(query.text)),
        agreement.letters(asking.content(query.text)),
    )


FRESH: Final = 2.0  # what a word counts that was asked just now, against one that the question before put in


@lru_cache(maxsize=256)
def _sides(question: str) -> tuple[str, str, tuple[Figure, ...]]:
    return *asking.beside_the_asking(question.translate(_JOINS)), figures.find(question)


# ---------------------------------------------------------------- the figure


@dataclass(frozen=True, slots=True)
class Pointed:
    """A figure, its fit (a sum of weighted signs, about −6 to 15), its lead over the next one, and its signs."""

    figure: Figure
    fit: float
    lead: float
    signs: Mapping[str, float]


def pointed(asked: Asked, passage: Passage, sentence: Span) -> Pointed | None:
    """The figure of the sentence that the question asks for: of the wanted unit or kind, whose own words fit best.

    None where the question asks for none, or where the sentence has none of the wanted kinds.
    """
    signs = _of_the_wanted(asked, passage, sentence)
    fit = {figure: _weighed(one) for figure, one in signs.items()}
    best = min(fit, key=lambda figure: (-fit[figure], figure.start), default=None)
    if best is None:
        return None
    others = [other for figure, other in fit.items() if not figures.same(figure, best)]
    return Pointed(best, fit[best], fit[best] - max(others) if others else _ALONE, signs[best])


def fits(asked: Asked, passage: Passage, sentence: Span) -> dict[Figure, float]:
    """How well each figure of the sentence fits that is of the wanted unit or kind; empty where none is wanted."""
    return {figure: _weighed(signs) for figure, signs in _of_the_wanted(asked, passage, sentence).items()}


def _of_the_wanted(asked: Asked, passage: Passage, sentence: Span) -> dict[Figure, dict[str, float]]:
    candidates = wanted(asked.query, passage, sentence) if asked.query.wants_figure else ()
    if not candidates:
        return {}
    return {figure: signs for figure, signs in read(asked, passage, sentence).items() if figure in candidates}


def _weighed(signs: Mapping[str, float]) -> float:
    return sum(WEIGHTS[name] * value for name, value in signs.items())


_ALONE: Final = 10.0  # the lead of a figure that stands alone


def wanted(query: Query, passage: Passage, sentence: Span) -> tuple[Figure, ...]:
    """The sentence's figures of the asked unit, otherwise of the first asked kind that it has, otherwise none."""
    found = _figures(passage, sentence)
    if not query.kinds:
        return found
    if same := tuple(figure for figure in found if _same_unit(figure, query)):
        return same
    # what is made is counted, weighed or measured by its power: 产能55GWh、产量25万辆, and none goes before the other
    rows = [query.kinds] if len(query.kinds) > _MOST_RANKED else [(kind,) for kind in query.kinds]
    for kinds in rows:
        if those := tuple(figure for figure in found if figure.kind in kinds):
            return those
    return ()


_MOST_RANKED: Final = 3  # kinds that are asked for in the order of their likelihood


def read(asked: Asked, passage: Passage, sentence: Span) -> dict[Figure, dict[str, float]]:
    """The sentence's figures, in order, each with its signs by the names of ``WEIGHTS``."""
    query = asked.query
    found = _figures(passage, sentence)
    words = [_words(query, one) for one in labels(passage, sentence)]
    claims = {claim.figure: claim for claim in passage.claims if sentence[0] <= claim.figure.start < sentence[1]}
    preferred = wanted(query, passage, sentence)
    bags = [(one.before | one.after) & asked.weights.keys() for one in words]
    spelt = [one.letters & asked.letters for one in words]
    parting, parting_letters = _parting(bags), _parting(spelt)
    each = [bool(_PER_ONE.search(own.text)) for own in words]
    asks_each = any(each) and bool(_ASKS_PER_ONE.search(query.text))
    before: set[str] = set()
    signs = {}
    for at, (figure, own) in enumerate(zip(found, words, strict=True)):
        mine = own.before | own.after
        later: set[str] = set().union(*(one.before | one.after for one in words[at + 1 :]))
        signs[figure] = {
            "own": asked.share(own.before),
            "after": asked.share(own.after - own.before),
            "apart": asked.of(parting, mine),
            # an English question has no letters of the print: its words stand for them
            "letters_apart": asked.of(parting_letters, spelt[at]) if asked.letters else asked.of(parting, mine),
            "elsewhere": asked.share(later - mine - before),
            "inherited": asked.share(before - mine) if asked.share(own.before) else 0.0,
            "strange_before": asked.strange(own.before),
            "strange_after": asked.strange(own.after),
            "bare_before": float(not any(len(term) > 1 for term in own.before)),
            "asked_after": asked.follows(own.right_after),
            "asked_before": asked.precedes(own.right_before),
            "asked_across": asked.follows(own.right_before),
            "in_question": float(any(figures.same(figure, told) for told in asked.told)),
            "wanted": float(figure in preferred),
            "first": float(at == 0),
            "year": float(any(str(year) in own.text for year in query.years)),
            "change": float(bool(_CHANGE.search(query.text)) and bool(_CHANGED.search(own.text))),
            "present": _present(query, passage, own.text),
            "per_one": float(each[at] != asks_each),
            "other_industry": float(
                agreement.other_industry(asked.industries, passage.text[sentence[0] : figure.start])
            ),
            "respective": _respective(query, passage.text, sentence, found, at),
            **_measured(query, figure),
            **_told(query, passage, claims.get(figure)),
        }
        before |= mine
    return signs


def _parting(bags: Sequence[frozenset[str]]) -> frozenset[str]:
    """What some of the bags hold and others lack."""
    return frozenset(each for bag in bags for each in bag if not all(each in other for other in bags))


def _figures(passage: Passage, sentence: Span) -> tuple[Figure, ...]:
    return tuple(
        sorted(
            (figure for figure in passage.figures if sentence[0] <= figure.start and figure.end <= sentence[1]),
            key=lambda figure: figure.start,
        )
    )


_AFTER: Final = 0.7  # what words count that follow the figure in its clause (约500吨再生铅), against those before it


def share(asked: Asked, passage: Passage, sentence: Span, figure: Figure) -> float:
    """How much of the question the figure's own words bear, from nought to one."""
    own = label(passage, sentence, figure)
    before, after = agreement.borne(asked.query, own.before), agreement.borne(asked.query, own.after)
    whole = {term: asked.weight(term) for term in asked.query.terms}
    found = sum(each * (1.0 if term in before else _AFTER) for term, each in whole.items() if term in before | after)
    return found / (sum(whole.values()) or 1.0)


# ---------------------------------------------------------------- the figures' own words

_CLAUSE_END = re.compile(r"[，；。！？,;!?、](?![0-9])")
_TO = re.compile(r"(?:到|至|为)[^，；。]{0,8}$")
_FROM = re.compile(r"(?:从|由)[^，；。]{0,12}$")
_REACHED = re.compile(r"[^，；。、]{0,8}(?:到|至|为|成|超过?|突破)[^，；。、]{0,4}")
_BESIDE = 8  # letters that stand right before or after a figure


@dataclass(frozen=True, slots=True)
class Label:
    """The words of one figure: before it from the figure or clause before, after it to the next or the clause's end."""

    before: str
    after: str


def label(passage: Passage, sentence: Span, figure: Figure) -> Label:
    """The own words of one figure of the sentence."""
    return labels(passage, sentence)[_figures(passage, sentence).index(figure)]


def labels(passage: Passage, sentence: Span) -> list[Label]:
    """The own words of each figure of the sentence, in order: 中小企业 of 81户 in 112户、中小企业81户、2户."""
    found = _figures(passage, sentence)
    text = passage.text
    clauses = [match.end() for match in _CLAUSE_END.finditer(text, *sentence)]
    told: list[Label] = []
    for at, figure in enumerate(found):
        stop = min(
            [other.start for other in found if other.start >= figure.end]
            + [end for end in clauses if end > figure.end]
            + [sentence[1]]
        )
        before = _before(text, sentence, clauses, [one.end for one in found[:at] if one.end <= figure.start], figure)
        between = text[found[at - 1].end : figure.start] if at else ""
        if at and _FROM.search(told[-1].before) and _REACHED.fullmatch(between):
            # 贡献率从17.1%提升到35.1%: both are of the words before the pair, and 提升 is told of the second
            before = told[-1].before + between
            told[-1] = Label(told[-1].before, "")
        told.append(Label(before, text[figure.end : stop]))
    return told


def _before(text: str, sentence: Span, clauses: list[int], ends: list[int], figure: Figure) -> str:
    left = ends[-1] if ends else 0
    clause = max([end for end in clauses if end <= figure.start], default=sentence[0])
    while left > clause and _TO.search(text[left : figure.start]):  # 17.9%提升到35.5%: the words stand before the pair
        left = max([end for end in ends if end < left], default=0)
    if figure.start - clause < 2 and clause > sentence[0]:  # 、81户: the words stand before the mark
        clause = max([end for end in clauses if end < clause], default=sentence[0])
    return text[max(left, clause) : figure.start]


@dataclass(frozen=True, slots=True)
class _Words:
    """A label as terms and letters; ``right_before`` and ``right_after`` are those of the few letters beside it."""

    text: str
    before: frozenset[str]
    after: frozenset[str]
    right_before: frozenset[str]
    right_after: frozenset[str]
    letters: frozenset[str]


_JOINS = str.maketrans("", "", "的了")  # letters that join words: 的总 of 完成的总产值 is no word to agree in


def _words(query: Query, label: Label) -> _Words:
    label = Label(label.before.translate(_JOINS), label.after.translate(_JOINS))
    before, after = agreement.borne(query, label.before), agreement.borne(query, label.after)
    return _Words(
        label.before,
        before,
        after,
        frozenset(terms(label.before[-_BESIDE:])),
        frozenset(terms(label.after[:_BESIDE])),
        agreement.letters_borne(query, label.before + label.after),
    )


# ---------------------------------------------------------------- units, claims, lists

_PEOPLE: Final = frozenset("名人位")
# counting words of which a question may use one and a page another
_KIN: Final = tuple(
    map(
        frozenset,
        (
            "名人位个口",
            "家户个间",
            "台辆部架",
            "起件例宗桩",
            "个项类种款条",
            "个道",
            "次回趟",
            "头只羽尾条匹",
            "张份单封",
            "座栋幢个",
            "支队个",
        ),
    )
)
_PER_ONE = re.compile("每|[均单]价|最[高低]价|[高低]价")
_ASKS_PER_ONE = re.compile(f"{_PER_ONE.pattern}|一[吨斤亩株颗度辆台件双把](?:能|可|要|得|卖|多少)|一公斤|一平方")
_CHANGE = re.compile("[增涨升提降下减缩]")
_CHANGED = re.compile("[增涨升提降下减缩][^，。；、]{0,6}$")


def _same_unit(figure: Figure, query: Query) -> bool:
    """Whether the figure counts by the unit that the question asks for, or by one that converts to it."""
    if not query.unit:
        return False
    if figure.unit == query.unit or {figure.unit, query.unit} <= _PEOPLE:
        return True
    asked = {units.measure(query.unit, kind)[0] for kind in query.kinds}
    return units.measure(figure.unit, figure.kind)[0] in asked


def _kin(figure: Figure, query: Query) -> bool:
    """Whether a question that counts by one word may be answered by a figure with another: 多少台 by 12辆."""
    return _same_unit(figure, query) or any({figure.unit, query.unit} <= family for family in _KIN)


_NOW: Final = re.compile("目前|眼下|现在|如今|当前|现有|已有|已达")
YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?=年)")


def _present(query: Query, passage: Passage, before: str) -> float:
    """1 for 目前58家 and −1 for 2021年20家 on a page of 2025, where the question asks of now; otherwise 0."""
    if not _NOW.search(query.text):
        return 0.0
    if _NOW.search(before):
        return 1.0
    years = YEAR.findall(before)
    return -1.0 if years and passage.source.date and max(years) < passage.source.date[:4] else 0.0


def _measured(query: Query, figure: Figure) -> dict[str, float]:
    """How the figure's unit and kind stand to those asked for."""
    return {
        "unit": float(_same_unit(figure, query)),
        "other_unit": float(bool(query.unit) and not _kin(figure, query)),
        "kind": float(figure.kind in query.kinds),
        "first_kind": float(bool(query.kinds) and figure.kind == query.kinds[0]),
        "plain_count": float(not query.kinds and figure.kind == units.COUNT),
        "plain_money": float(not query.kinds and figure.kind == "money"),
    }


def unit(query: Query, figure: Figure) -> float:
    """1 where the figure is of the unit asked for, −1 where it counts other things, otherwise 0."""
    signs = _measured(query, figure)
    return signs["unit"] - signs["other_unit"]


def _told(query: Query, passage: Passage, claim: Claim | None) -> dict[str, float]:
    """How the figure's claim agrees with the question."""
    agrees = agreement.signs(query, passage, claim)
    return {
        **{name: agrees.get(name, 0.0) for name in ("subject", "period", "elsewhen", "rate")},
        "start": float(claim is not None and "起点" in claim.comparison.split()),
    }


_RESPECTIVE = re.compile("分别")
_SENTENCE_PART = re.compile("[；。]")
_NAMES = re.compile("、|和|与|及")


def _respective(query: Query, text: str, sentence: Span, found: tuple[Figure, ...], at: int) -> float:
    """1 where 镇远和肇兴分别达20%和70% gives the figure to the name asked for, −1 where to another, 0 untold."""
    marks = [match.end() for match in _RESPECTIVE.finditer(text, sentence[0], found[at].start)]
    if not marks:
        return 0.0
    run = [one for one in found if one.start >= marks[-1] and not _SENTENCE_PART.search(text[marks[-1] : one.start])]
    if found[at] not in run:
        return 0.0
    for part in reversed(re.split("[，；。：]", text[sentence[0] : marks[-1]])):
        names = _NAMES.split(part)
        if part and len(names) == len(run):
            shared = [len(set(terms(name)) & set(query.terms)) for name in names]
            if len(run) < 2 or sorted(shared)[-1] == sorted(shared)[-2]:
                return 0.0
            return 1.0 if run[shared.index(max(shared))] == found[at] else -1.0
    return 0.0
