"""Draft and Evidence in, checks of every figure out: what no cited sentence bears is UNSUPPORTED.

A figure is borne by a sentence that prints one equal in value and unit, with the same bound. A digit outside figures
and dates of the evidence is the model's own, and so is a word that it took from the question though the pages do not
say it there: 每天约500吨废水, of a sentence that prints 每月约500吨片料. So is a name that neither of the two has.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant import arithmetic, figures, mentions
from assistant.check.answering import Asked
from assistant.check.faults import way
from assistant.lexical import terms
from assistant.records import Bound, Evidence, Figure, FigureCheck, Query, Verdict

_DIGITS = re.compile(r"[0-9０-９]+(?:[.．,][0-9０-９]+)*")
_CHINESE = re.compile(r"[〇零一二两三四五六七八九十百千万亿]{2,}")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_QUOTED = re.compile(r"“([^“”]*)”")
_QUOTES = re.compile(r"[“”‘’\"'\s]")


def check(
    text: str, used: Sequence[Evidence], formulas: Sequence[str] = (), *, asked: Asked | None = None
) -> tuple[FigureCheck, ...]:
    """One check for each figure of the text, in order; the used evidence's keys in brackets are not read as figures.

    The same digits after 增长 that are printed after 下降 are unsupported. Where the question is given, a figure that
    the text states in words of its own must answer it, too: be of its subject, metric and period. Within a formula that
    the text tells, and that holds, a printed figure may stand without its bound; elsewhere its result has the bound
    that the operands leave to it. A formula that does not hold, or of an operand that nothing prints, bears nothing.
    """
    bare = _without_keys(text, used)
    quotes = [(*found.span(), _printed_by(found[1], used)) for found in _QUOTED.finditer(bare)]
    checks = []
    worked: dict[str, dict[str, Figure]] = {}
    for formula in formulas:
        operands = _operands(formula, used, worked)
        if operands is not None and arithmetic.holds(formula):
            worked[formula] = {text: figure for text, (figure, _) in operands.items()}
        for at in _places(formula, bare):
            checks += _of_formula(formula, at, operands if formula in worked else None)
            bare = bare[:at] + " " * len(formula) + bare[at + len(formula) :]
    for figure in figures.find(bare):
        quoted = next((key for start, end, key in quotes if start <= figure.start < end), None)
        bearer = next((e.key for e in used if any(_bears(e, printed, figure, bare) for printed in e.figures)), "")
        bearer = bearer or quoted or ""
        result = next((f for f, known in worked.items() if not bearer and arithmetic.allows(f, known, figure)), "")
        wrong = asked.against(figure.text) if asked and bearer and quoted is None else None
        if wrong:
            checks.append(FigureCheck(figure, Verdict.UNSUPPORTED, reason=wrong.reason))
        else:
            verdict = Verdict.QUOTED if bearer else Verdict.COMPUTED if result else Verdict.UNSUPPORTED
            checks.append(FigureCheck(figure, verdict, bearer, result))
    return tuple(sorted(checks, key=lambda check: check.figure.start))


_Operands = dict[str, tuple[Figure, str]]  # by their text in a formula: the printed figure, and its evidence's key

# Lengths of time that a formula may reckon with though no page prints them.
_CALENDAR = {"天": {7, 30, 31, 365, 366}, "个月": {12, 3, 6}, "小时": {24}, "个季度": {4}, "周": {52}}


def _operands(formula: str, used: Sequence[Evidence], worked: Mapping[str, Mapping[str, Figure]]) -> _Operands | None:
    """What bears each figure of the formula's left side; None where nothing does.

    Printed, the result of a formula before it, the whole (100%), or a length of time that the calendar gives.
    """
    try:
        leaves = arithmetic.leaves(arithmetic.parse(arithmetic.split(formula)[0]))
    except ValueError:
        return None
    found: _Operands = {}
    spans = _year_spans(used)
    for leaf in leaves:
        figure = leaf.figure
        if figure is None:
            if leaf.number != 1 and leaf.number not in spans:
                return None
            continue
        printed = [(each, e.key) for e in used for each in e.figures if figures.same(figure, each, bounds=False)]
        # beside 超5家 an exact 5家 may be printed too: the looser is taken
        printed.sort(key=lambda pair: pair[0].bound is Bound.EXACT)
        calendar = figure.value in _CALENDAR.get(figure.unit, ()) or (figure.unit == "%" and figure.value == 100)
        calendar = calendar or (figure.unit == "年" and figure.value in spans) or _is_length(figure, used)
        results = [arithmetic.result(one, known) for one, known in worked.items()]
        earlier = next((each for each in results if figures.same(figure, each, bounds=False)), None)
        if printed:
            found[leaf.text] = printed[0]
        elif earlier:
            found[leaf.text] = (earlier, "")
        elif calendar:
            found[leaf.text] = (figure, "")
        else:
            return None
    return found


def _is_length(figure: Figure, used: Sequence[Evidence]) -> bool:
    """Whether a claim of the evidence is of a time that is so long: 10个月 of 1至10月, 3年 of 近3年."""
    size = {"个月": 1, "年": 12}.get(figure.unit, 0)
    claims = (claim for e in used for claim in e.passage.claims if e.start <= claim.figure.start < e.end)
    return size > 0 and any(arithmetic.months(claim.period) == figure.value * size for claim in claims)


def _year_spans(used: Sequence[Evidence]) -> set[int]:
    """How many years may lie between two that the evidence prints, or that its page is of."""
    years = {int(year) for e in used for year in _YEAR.findall(f"{e.text} {e.passage.source.date}")}
    return {late - early for early in years for late in years if late > early}


def _places(formula: str, text: str) -> list[int]:
    return [match.start() for match in re.finditer(re.escape(formula), text)]


def _of_formula(formula: str, at: int, operands: _Operands | None) -> list[FigureCheck]:
    """The checks of a formula that stands at ``at``; without ``operands`` none of its figures is borne."""
    left, _, right = arithmetic.split(formula)
    checks = []
    for side, start in ((left, at), (right, at + len(formula) - len(right))):
        for leaf in arithmetic.leaves(arithmetic.parse(side)):
            if leaf.figure is None:
                continue
            begin = start + leaf.at
            figure = replace(leaf.figure, start=begin, end=begin + len(leaf.text))
            key = operands.get(leaf.text, (figure, ""))[1] if operands and side is left else ""
            verdict = Verdict.UNSUPPORTED if operands is None else Verdict.QUOTED if key else Verdict.COMPUTED
            checks.append(FigureCheck(figure, verdict, key, formula if verdict is Verdict.COMPUTED else ""))
    return checks


def _printed_by(quote: str, used: Sequence[Evidence]) -> str:
    """The key of the sentence that prints the quote as it stands; empty where none does.

    “三大”产业 is read as no figure, ‘三大’产业 within a quotation may be.
    """
    return next((e.key for e in used if len(quote) > 1 and _unquoted(quote) in _unquoted(e.text)), "")


def _unquoted(text: str) -> str:
    return _QUOTES.sub("", text)


def own_words(text: str, query: Query, used: Sequence[Evidence]) -> tuple[str, ...]:
    """What a text tells that is neither printed nor, where a name may be, asked: numbers, borrowed words, or names."""
    return stray_digits(text, used) or borrowed_words(text, query, used) or strange_names(text, query, used)


def stray_digits(text: str, used: Sequence[Evidence]) -> tuple[str, ...]:
    """Numbers of the text, in any script or in Chinese characters, that no used sentence, headline or date prints."""
    printed_text = "".join(f"{e.text} {e.passage.source.title} {e.passage.source.date}\n" for e in used)
    printed = set(_DIGITS.findall(printed_text))
    bare = _without_keys(text, used)
    stray = [number for number in _DIGITS.findall(bare) if number not in printed]
    stray += [number for number in _CHINESE.findall(bare) if number not in printed_text]
    # ② and ٣ and ½ are numbers to a reader too; Chinese characters of number are letters to Unicode.
    stray += [letter for letter in bare if not _plain(letter) and letter not in printed_text]
    return tuple(stray)


def borrowed_words(text: str, query: Query, used: Sequence[Evidence]) -> tuple[str, ...]:
    """Word pairs of a Chinese text that the question has and neither the used passages nor their headlines have."""
    if query.language != "zh":
        return ()
    said = set(terms(_without_keys(text, used)))
    borne = {term for e in used for term in terms(f"{e.passage.source.title}\n{e.passage.text[: e.end]}")}
    return tuple(term for term in query.terms if term in said and term not in borne)


def strange_names(text: str, query: Query, used: Sequence[Evidence]) -> tuple[str, ...]:
    """Names that the text tells in words of its own, and neither the question nor the used passages do."""
    own = _QUOTED.sub("", _without_keys(text, used))
    known = "\n".join([query.text, *(f"{e.passage.source.title}\n{e.passage.text}" for e in used)])
    return tuple(name.text for name in mentions.mentions(own) if name.text not in known)


def _bears(evidence: Evidence, printed: Figure, figure: Figure, text: str) -> bool:
    # 由61个工作日缩短到35个: the printed 35个 has its unit from the figure before it, and quoted alone it has none
    alone = figure.text == printed.text and printed.unit.startswith(figure.unit)
    if not figures.same(figure, printed) and not alone:
        return False
    here = way(evidence.passage.text, printed.start, printed.end)
    return {way(text, figure.start, figure.end), here} != {"rise", "fall"}


def _without_keys(text: str, used: Sequence[Evidence]) -> str:
    """The text with the keys of its own evidence blanked, so that offsets stay."""
    for key in {f"[{e.key}]" for e in used}:
        text = text.replace(key, " " * len(key))
    return text


def _plain(letter: str) -> bool:
    """Whether the letter is no number, or one that the other checks read."""
    return letter in "0123456789０１２３４５６７８９" or not unicodedata.category(letter).startswith("N")
