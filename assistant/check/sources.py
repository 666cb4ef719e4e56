"""Passages in, all that they print out, found by value, by digits or by words; read once for a whole draft."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Final

from assistant import aliases as names
from assistant import claims, figures, ledger, numerals, periods, units
from assistant.aliases import Aliases
from assistant.check import context, holding
from assistant.check.context import Words
from assistant.check.marks import Mark, marks, numbers
from assistant.mentions import KIND_OF
from assistant.records import (
    Account,
    Bound,
    Citation,
    Claim,
    Figure,
    NameKind,
    Passage,
    Source,
    Span,
    Stated,
    Suspicion,
    Told,
)

_MANTISSA: Final = re.compile(r"[0-9]+(?:[,，][0-9]{3})*(?:\.[0-9]+)?")
TITLE: Final = -1
_COMMON: Final = 400  # sentences of a term beyond which it does not help to find the nearest one


@dataclass(frozen=True, slots=True)
class Printed:
    """A mark of a passage: the passage's number among the sources, its sentence, and the claim of its figure.

    ``sentence`` is TITLE where the headline prints it; the mark's offsets are then the headline's. A figure's ``base``
    is its value in the base of what it measures.
    """

    mark: Mark
    passage: int
    sentence: int
    claim: Claim | None = None
    measure: str = ""
    base: Fraction = Fraction(0)


class Sources:
    """The passages of one check."""

    def __init__(
        self,
        passages: Sequence[Passage | str],
        suspicions: Sequence[Suspicion] | None = None,
        aliases: Aliases | None = None,
    ) -> None:
        """``suspicions`` are the doubts about the passages' claims, ``aliases`` the names that are known.

        Either is looked for in the passages where None is given.
        """
        given = [_passage(at, one) if isinstance(one, str) else one for at, one in enumerate(passages)]
        self.aliases = aliases or names.learn([f"{one.source.title}\n{one.text}" for one in given])
        self.passages = tuple(_read(one, self.aliases) for one in given)
        self.words = tuple(Words(one.text, one.source.title) for one in self.passages)
        self.suspicions = tuple(self._doubts() if suspicions is None else suspicions)
        self._credits: dict[tuple[int, int, int, int], Mapping[str, float]] = {}
        self._headlines: dict[tuple[str, str], tuple[Mark, ...]] = {}
        self._stories: dict[str, str] = {}
        self._count()

    def _count(self) -> None:
        seen: Counter[str] = Counter()
        self._postings: dict[str, list[tuple[int, int]]] = {}
        for at, words in enumerate(self.words):
            for number, terms in enumerate(words.sentences):
                seen.update(terms)
                for term in terms:
                    self._postings.setdefault(term, []).append((at, number))
        self._holders: dict[str, list[int]] = {}
        for at, words in enumerate(self.words):
            for term in words.all:
                self._holders.setdefault(term, []).append(at)
        count = sum(len(words.sentences) for words in self.words)
        self.weight = {term: context.rarity(many, count) for term, many in seen.items()}
        self.unseen = context.rarity(0, count)

    # ------------------------------------------------------------------ what is printed

    @cached_property
    def figures(self) -> tuple[Printed, ...]:
        """Every figure, with its claim."""
        found = []
        for at, passage in enumerate(self.passages):
            by_start = {claim.figure.start: claim for claim in passage.claims}
            for one in passage.figures:
                mark = Mark(Stated.FIGURE, one.text, one.start, one.end, figure=one)
                found.append(_figure(mark, one, at, self.words[at].at(one.start), by_start.get(one.start)))
            found += [_figure(mark, mark.figure, at, TITLE) for mark in self._headline(at) if mark.figure]
        return tuple(found)

    @cached_property
    def dates(self) -> tuple[Printed, ...]:
        """Every date, as it falls by the date of its page."""
        found = []
        for at, passage in enumerate(self.passages):
            for dated in periods.find(passage.text, passage.source.date[:10]):
                mark = Mark(Stated.DATE, dated.period.label, dated.start, dated.end, dated=dated)
                found.append(Printed(mark, at, self.words[at].at(dated.start)))
            found += [Printed(mark, at, TITLE) for mark in self._headline(at) if mark.dated]
        return tuple(found)

    @cached_property
    def _numbers(self) -> dict[tuple[Decimal, ...], list[Printed]]:
        found: dict[tuple[Decimal, ...], list[Printed]] = {}
        for at, passage in enumerate(self.passages):
            for mark in numbers(passage.text):
                found.setdefault(mark.numbers, []).append(Printed(mark, at, self.words[at].at(mark.start)))
            for mark in numbers(passage.source.title):
                found.setdefault(mark.numbers, []).append(Printed(mark, at, TITLE))
        return found

    def _headline(self, at: int) -> tuple[Mark, ...]:
        source = self.passages[at].source
        key = (source.title, source.date[:10])
        if key not in self._headlines:
            self._headlines[key] = marks(*key)
        return self._headlines[key]

    def numbered(self, values: tuple[Decimal, ...]) -> list[Printed]:
        """Where these numbers stand together."""
        return self._numbers.get(values, [])

    def read_as_figure(self, printed: Printed) -> bool:
        """Whether the number of a passage is part of a figure there: 1800 of 1800余万元."""
        figures = self.passages[printed.passage].figures
        mark = printed.mark
        return printed.sentence != TITLE and any(one.start < mark.end and mark.start < one.end for one in figures)

    @cached_property
    def _by_measure(self) -> dict[str, list[Printed]]:
        found: dict[str, list[Printed]] = {}
        for printed in self.figures:
            for measure in _measures(printed.mark.figure):
                found.setdefault(measure, []).append(printed)
        return found

    @cached_property
    def _by_digits(self) -> dict[str, list[Printed]]:
        found: dict[str, list[Printed]] = {}
        for printed in self.figures:
            if digits := mantissa(printed.mark.text):
                found.setdefault(digits, []).append(printed)
        return found

    def measured(self, figure: Figure) -> list[Printed]:
        """The figures that measure the same, whatever their value."""
        rows = {id(one): one for measure in _measures(figure) for one in self._by_measure.get(measure, ())}
        return list(rows.values())

    def likely(self, wanted: Mapping[str, float], most: int) -> set[int]:
        """The passages that have most of the wanted words, by weight."""
        score: dict[int, float] = {}
        for term, weight in wanted.items():
            for at in self._holders.get(term, ()):
                score[at] = score.get(at, 0.0) + weight
        return set(sorted(score, key=lambda at: (-score[at], at))[:most])

    def valued(self, figure: Figure) -> list[Printed]:
        """Those of them that may have its value: equal in the base, or told as about so much."""
        if figure.bound is not Bound.EXACT:
            return self.measured(figure)
        base = holding.base(figure)
        rows = ((one, one.mark.figure) for one in self.measured(figure))
        return [
            one
            for one, printed in rows
            if printed and (one.base == base or printed.bound is Bound.ABOUT or printed.value == figure.value)
        ]

    def spelt(self, figure: Figure) -> list[Printed]:
        """The figures of the same digits, whatever their unit: 103.62 of 103.62万元."""
        return self._by_digits.get(mantissa(figure.text), [])

    def literal(self, text: str) -> Iterator[Printed]:
        """Where the text stands as it is, no part of a longer number: what was read as no figure in the sources."""
        folded = numerals.fold(text)
        edge = re.compile(rf"(?<![0-9.]){re.escape(folded)}(?![0-9]|\.[0-9])")
        for at, passage in enumerate(self.passages):
            for found in edge.finditer(numerals.fold(passage.text)):
                mark = Mark(Stated.NAME, found.group(), *found.span())
                yield Printed(mark, at, self.words[at].at(found.start()))

    # ------------------------------------------------------------------ words and places

    def credits(self, printed: Printed) -> Mapping[str, float]:
        """What each word around a printed number counts, by how near it stands, for ``context.agreement``."""
        key = (printed.passage, printed.sentence, printed.mark.start, printed.mark.end)
        if key not in self._credits:
            self._credits[key] = self._read_credits(printed)
        return self._credits[key]

    def _read_credits(self, printed: Printed) -> dict[str, float]:
        words, mark = self.words[printed.passage], printed.mark
        if printed.sentence == TITLE:
            rows: tuple[tuple[Iterable[str], float], ...] = (
                (words.sentences[0], context.SENTENCE),
                (words.title, context.OWN),
            )
        else:
            rows = (
                (words.near(printed.sentence), context.NEAR),
                (words.sentences[printed.sentence], context.SENTENCE),
                (words.own(mark.start, mark.end), context.IN_CLAUSE),
                (words.ahead(mark.start), context.AHEAD),
                (self._label(printed), context.OWN),
            )
        found = dict.fromkeys(words.all, context.PASSAGE)
        for terms, credit in rows:  # the nearest last: what it says counts
            found.update(dict.fromkeys(terms, credit))
        return found

    def _label(self, printed: Printed) -> set[str]:
        """A number's own words: those of its clause from the number before it to the one after, and its claim's."""
        words, mark = self.words[printed.passage], printed.mark
        begin, stop = words.clause(mark.start, mark.end)
        figures = self.passages[printed.passage].figures
        begin = max([begin, *(one.end for one in figures if one.end <= mark.start)])
        stop = min([stop, *(one.start for one in figures if one.start >= mark.end)])
        own = context.terms(f"{words.text[begin : mark.start]}，{words.text[mark.end : stop]}")
        if printed.claim:
            own |= context.terms(f"{printed.claim.subject}，{printed.claim.metric}")
        return own

    def story(self, passage: int) -> str:
        """The headline and all passages of a passage's story, in the letters that names are compared by."""
        identity = self.passages[passage].story_id
        if identity not in self._stories:
            of_it = [one for one in self.passages if one.story_id == identity]
            said = "\n".join([f"{one.source.title}\n{one.source.byline}\n{one.text}" for one in of_it])
            self._stories[identity] = names.short(said)
        return self._stories[identity]

    def said(self, printed: Printed, before: int = 0) -> str:
        """The sentence, or the headline, that prints a mark, with so many sentences before it."""
        if printed.sentence == TITLE:
            return self.passages[printed.passage].source.title
        spans = self.words[printed.passage].spans
        start, end = spans[max(0, printed.sentence - before)][0], spans[printed.sentence][1]
        return self.passages[printed.passage].text[start:end]

    def clause(self, printed: Printed) -> str:
        """The clause that prints a mark."""
        begin, stop = self.words[printed.passage].clause(printed.mark.start, printed.mark.end)
        return self.said(printed) if printed.sentence == TITLE else self.passages[printed.passage].text[begin:stop]

    def kind(self, name: str) -> NameKind | None:
        """What a name names; None where it is not known for a name."""
        return next((one.kind for one in self.aliases.mentions(name) if one.end == len(name)), None)

    @cached_property
    def brands(self) -> re.Pattern[str]:
        """The brands of the firms that are named: 远山 of 远山铝业."""
        firms = [name for name, kind in self.aliases.kinds.items() if kind is NameKind.FIRM]
        found = {names.parts(self.aliases.canonical(name)).brand for name in firms}
        kept = sorted((one for one in found if len(one) > 1 and not self.says_kind(one)), key=len, reverse=True)
        return re.compile("|".join(map(re.escape, kept)) or "(?!)")

    @staticmethod
    def says_kind(word: str) -> bool:
        """Whether a word tells what kind a name is, and no more: 经开区."""
        return word in KIND_OF

    def nearest(self, wanted: Iterable[tuple[str, float]], most: int) -> list[tuple[tuple[int, int], float]]:
        """The sentences that have most of the wanted words, best first: (passage, sentence), and the weight shared."""
        score: dict[tuple[int, int], float] = {}
        for term, weight in wanted:
            for place in self._postings.get(term, ())[:_COMMON]:
                score[place] = score.get(place, 0.0) + weight
        return sorted(score.items(), key=lambda item: (-item[1], item[0]))[:most]

    def line(self, printed: Printed) -> str:
        """The text that a printed mark's offsets are in."""
        passage = self.passages[printed.passage]
        return passage.source.title if printed.sentence == TITLE else passage.text

    def citation(self, passage: int, sentence: int) -> Citation:
        """A sentence with its place in the file."""
        one = self.passages[passage]
        if sentence == TITLE:
            key = hashlib.sha256(f"{one.id}\0title".encode()).hexdigest()[:6]
            return Citation(key, one.id, one.source, one.source.title, one.start, one.start)
        start, end = self.words[passage].spans[sentence]
        inside = [
            (span.start + max(start - span.at, 0), span.start + min(end - span.at, span.end - span.start))
            for span in one.spans
            if span.at < end and span.at + span.end - span.start > start
        ] or [(start, end)]
        key = hashlib.sha256(f"{one.id}\0{start}".encode()).hexdigest()[:6]
        return Citation(key, one.id, one.source, one.text[start:end], inside[0][0], inside[-1][1])

    def doubts(self, printed: Printed) -> tuple[Suspicion, ...]:
        """What casts doubt on a printed figure."""
        one, passage = printed.mark, self.passages[printed.passage]
        return tuple(
            doubt
            for doubt in self.suspicions
            if any(
                claim.passage_id == passage.id and claim.figure.start < one.end and one.start < claim.figure.end
                for claim in doubt.claims
            )
        )

    def _doubts(self) -> tuple[Suspicion, ...]:
        found: list[Suspicion] = []
        told: list[Told] = []
        for one in self.passages:
            source = one.source
            account = Account(one.text, one.claims, source.headline, source.file, source.date)
            found += ledger.within_story(account, self.aliases)
            told += ledger.told(account, one.story_id)
        return ledger.once([*found, *ledger.across(told, self.aliases)])


def mantissa(printed: str) -> str:
    """The digits of a printed figure without separators and the zeros that say nothing: 103.62 of 超103.620万元."""
    found = _MANTISSA.search(numerals.fold(printed))
    if found is None:
        return ""
    digits = re.sub("[,，]", "", found.group())
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def _figure(mark: Mark, figure: Figure, passage: int, sentence: int, claim: Claim | None = None) -> Printed:
    measure = units.measure(figure.unit, figure.kind)[0]
    return Printed(mark, passage, sentence, claim, measure, holding.base(figure))


def _measures(figure: Figure | None) -> tuple[str, ...]:
    """Under which measures a figure is found: a bare 2.4 million may be any count, and yuan."""
    if figure is None:
        return ()
    found = [units.measure(figure.unit, figure.kind)[0]]
    if figure.kind == units.COUNT or figure.unit == "元":
        found.append("bare")
    if figure.unit == "度":
        found += ["energy", "temperature"]
    return tuple(found)


def _passage(at: int, text: str) -> Passage:
    identity = hashlib.sha256(f"{at}\0{text}".encode("utf-8", "surrogatepass")).hexdigest()[:24]
    return Passage(identity, identity, Source(file=f"来源{at + 1}"), text, (Span(0, 0, len(text)),))


def _read(passage: Passage, aliases: Aliases) -> Passage:
    """The passage with its figures and claims, if it was given without."""
    if passage.claims:
        return passage
    found = passage.figures or figures.find(passage.text)
    told = claims.claims(
        passage.text, found, headline=passage.source.headline, page_date=passage.source.date[:10], aliases=aliases
    )
    return replace(passage, figures=found, claims=tuple(replace(claim, passage_id=passage.id) for claim in told))
