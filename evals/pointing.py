"""Questions with known figures in, how rightly a sentence's figure is pointed at and how surely one is offered out.

    python -m evals.pointing --gold evals/gold/seeds.jsonl=INDEX --gold dev.jsonl=INDEX --suite finqa=FOLDER --fit

Two tables: of the sentences of several figures that answer, in how many the figure that answers is the one pointed at;
and of the first figure offered to each question, how well its log-odds tell whether it answers. ``--fit`` fits the
weights of ``assistant.pointing`` and ``assistant.confidence`` anew to the sets named and prints them, with what each
set would get if it were left out of the fit. Nothing is written: whoever takes the weights over does so by hand.
"""

import argparse
import random
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from assistant import compose, confidence, evidence, pointing, question
from assistant import settings as settings_module
from assistant.ask import Assistant
from assistant.errors import JushiError
from assistant.lexical import Lexical
from assistant.records import Evidence, Figure, Hit, Query
from assistant.thesaurus import load as load_thesaurus
from evals import given, gold, ranking, suites
from evals.gold import GoldItem, Kind
from evals.suites import Given

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

_HITS: Final = 12
_MOST: Final = 600  # items of a public set, drawn with one seed
_SEED: Final = 1
_RIDGE: Final = 0.3
_STEPS: Final = 600
_FOLDS: Final = 8


@dataclass(frozen=True, slots=True)
class Case:
    """One question of a set, with what retrieval found."""

    of: str
    item: GoldItem
    query: Query
    hits: tuple[Hit, ...]
    lexical: Lexical
    against: Callable[[Evidence], str]
    """The fault that the check finds in answering with the sentence's figure, or nothing."""

    def answers(self, figure: Figure) -> bool:
        """Whether the figure is one that the item wants."""
        return any((figure.unit, figure.value) == (fact.unit, fact.value) for fact in self.item.facts)


@dataclass(frozen=True, slots=True)
class Rows:
    """Choices of a set: rows of signs, and which of them are right."""

    of: str
    signs: "Numbers"
    right: "NDArray[np.bool_]"


def of_gold(named: str) -> list[Case]:
    """The figure questions and the unanswerable ones of ``FILE=INDEX``."""
    file, _, data = named.partition("=")
    assistant = Assistant.open(settings_module.load({"data": data, "model": "none"}))
    cases = []
    for item in gold.load(Path(file)):
        query = question.understand(item.question, item.history, assistant.words)
        hits = assistant.search(item.question, _HITS, item.history)

        def against(one: Evidence, query: Query = query, hits: tuple[Hit, ...] = hits) -> str:
            found = assistant.objection(query, one, hits)
            return found.fault.value if found else ""

        cases.append(Case(Path(file).stem, item, query, hits, assistant.lexical, against))
    return cases


def of_suite(named: str) -> list[Case]:
    """Those of a public set, at most so many, with the passages that the set hands over."""
    found = list(suites.load(named))
    random.Random(_SEED).shuffle(found)
    found = [one for one in found if one.item.type in (Kind.FIGURE, Kind.UNANSWERABLE)][:_MOST]
    name = named.partition("=")[0]
    return [Case(name, item, query, hits, lexical, lambda _: "") for item, query, hits, lexical in read(found)]


def read(
    found: Sequence[Given], wanted: Callable[[Query], bool] = lambda _: True
) -> Iterator[tuple[GoldItem, Query, tuple[Hit, ...], Lexical]]:
    """The items of a public set that are wanted, with the passages handed over, and the word index of all of those."""
    passages = {text.id: given.passage(text) for one in found for text in one.passages}
    lexical = Lexical.build(list(passages.values()))
    words = load_thesaurus()
    for one in found:
        query = question.understand(one.item.question, words=words)
        if wanted(query):
            yield one.item, query, given.hits(query, [passages[text.id] for text in one.passages], lexical), lexical


# ---------------------------------------------------------------- the figure of a sentence


def sentences(cases: Sequence[Case]) -> list[Rows]:
    """The signs of the figures of each case's best sentence that answers, where it has others beside the right one."""
    import numpy as np

    rows = []
    for case in cases:
        if case.item.type is not Kind.FIGURE or not case.query.wants_figure:
            continue
        best: tuple[float, Evidence] | None = None
        for sentence, signs in evidence.read(case.query, case.hits, case.lexical):
            score = sum(evidence.WEIGHTS[name] * value for name, value in signs.items() if name not in _OF_FIGURE)
            if any(map(case.answers, sentence.figures)) and (best is None or score > best[0]):
                best = (score, sentence)
        if best is None or len({figure.value for figure in best[1].figures}) < 2:
            continue
        span = (best[1].start, best[1].end)
        read = pointing.read(pointing.asked(case.query, cache(case.lexical.weight)), best[1].passage, span)
        signs_of = np.array([[signs[name] for name in pointing.WEIGHTS] for signs in read.values()])
        rows.append(Rows(case.of, signs_of, np.array([case.answers(figure) for figure in read])))
    return rows


_OF_FIGURE: Final = ("label", "figure", "unit")  # signs of a sentence that tell which figure it points at


def choose(rows: Sequence[Rows], weights: "Numbers") -> float:
    """The share of sentences whose best figure is right."""
    return sum(bool(one.right[int((one.signs @ weights).argmax())]) for one in rows) / (len(rows) or 1)


def fit_choice(rows: Sequence[Rows], start: "Numbers") -> "Numbers":
    """The weights of a conditional logit, with a ridge."""
    import numpy as np

    def loss(weights: "Numbers") -> "tuple[float, Numbers]":
        total, slope = _RIDGE * float(weights @ weights), 2 * _RIDGE * weights
        for one in rows:
            scores = one.signs @ weights
            shares = np.exp(scores - scores.max())
            shares /= shares.sum()
            held = float(shares[one.right].sum()) + 1e-12
            total -= float(np.log(held))
            slope = slope - one.signs.T @ (np.where(one.right, shares / held, 0.0) - shares)
        return total, slope

    return _descend(loss, start * 0, np.full(start.shape, -np.inf), np.full(start.shape, np.inf))


# ---------------------------------------------------------------- whether it answers


_FAULTS: Final = ("subject", "period")  # what the check tells; signs in the fit, asked afterwards in the product
_POSITIVE: Final = frozenset(("fit", "lead", "margin", "year"))


def offers(cases: Sequence[Case]) -> list[Rows]:
    """The signs of the first figure offered to each case, and whether it answers: one row each, and a last 1."""
    import numpy as np

    rows = []
    for case in cases:
        asked = case.item.type in (Kind.FIGURE, Kind.UNANSWERABLE) and case.query.wants_figure and not case.query.asks
        found = evidence.select(case.query, case.hits, case.lexical, most=6, budget=300) if asked else ()
        if not found or found[0].pointed is None:
            continue
        signs = confidence.read(pointing.asked(case.query, cache(case.lexical.weight)), found, 0)
        fault = case.against(found[0])
        told = [signs[name] for name in confidence.WEIGHTS] + [float(fault == name) for name in _FAULTS] + [1.0]
        right = case.item.type is Kind.FIGURE and case.answers(found[0].pointed)
        rows.append(Rows(case.of, np.array([told]), np.array([right, case.item.type is Kind.FIGURE])))
    return rows


def fit_offer(rows: Sequence[Rows]) -> "Numbers":
    """The weights of a logistic regression, each held to its sign, with a ridge; the last is the base."""
    import numpy as np

    signs = np.concatenate([one.signs for one in rows])
    right = np.array([float(one.right[0]) for one in rows])
    positive = np.array([name in _POSITIVE for name in confidence.WEIGHTS] + [False] * len(_FAULTS))
    low = np.append(np.where(positive, 0.0, -np.inf), -np.inf)
    high = np.append(np.where(positive, np.inf, 0.0), np.inf)

    def loss(weights: "Numbers") -> "tuple[float, Numbers]":
        odds = signs @ weights
        total = float(np.logaddexp(0, odds).sum() - right @ odds + _RIDGE * (weights[:-1] @ weights[:-1]))
        slope = signs.T @ (1 / (1 + np.exp(-odds)) - right)
        slope[:-1] += 2 * _RIDGE * weights[:-1]
        return total, slope

    return _descend(loss, np.zeros(signs.shape[1]), low, high)


def _descend(
    loss: "Callable[[Numbers], tuple[float, Numbers]]", start: "Numbers", low: "Numbers", high: "Numbers"
) -> "Numbers":
    """The least of a convex loss between bounds: projected steps down its slope, each as long as still helps."""
    import numpy as np

    at, step = start, 1.0
    value, slope = loss(at)
    for _ in range(_STEPS):
        while True:
            there = np.clip(at - step * slope, low, high)
            lower, steep = loss(there)
            moved = there - at
            if lower <= value + float(slope @ moved) / 2 or step < 1e-9:
                break
            step /= 2
        at, value, slope, step = there, lower, steep, step * 1.5
        if float(abs(moved).max()) < 1e-5:
            break
    return at


# ---------------------------------------------------------------- what is printed


def _report(cases: Sequence[Case], *, fit: bool) -> None:
    import numpy as np

    chosen, offered = sentences(cases), offers(cases)
    names = list(dict.fromkeys(case.of for case in cases))
    weights = np.array(list(pointing.WEIGHTS.values()))
    print("the figure of a sentence: share pointed at rightly")
    for name in names:
        own = [one for one in chosen if one.of == name]
        rest = [one for one in chosen if one.of != name]
        left_out = (
            f"   left out of the fit: {choose(own, fit_choice(rest, weights)):.3f}" if fit and own and rest else ""
        )
        print(f"  {name:12} {len(own):4} sentences  {choose(own, weights):.3f}{left_out}")
    sure = np.array([*confidence.WEIGHTS.values(), 0.0, 0.0, confidence.BASE])
    print("the figure offered: how its log-odds tell what answers")
    for name in names:
        own = [one for one in offered if one.of == name]
        odds_held = _left_out(own, [one for one in offered if one.of != name]) if fit and own else None
        for told, odds in (
            ("as it is", [float(one.signs[0] @ sure) for one in own]),
            ("left out of the fit", odds_held),
        ):
            if odds:
                print(f"  {name:12} {len(own):4} offers  {told}: {_told(own, odds)}")
    if fit:
        print("weights of pointing:", listed(pointing.WEIGHTS, fit_choice(chosen, weights)))
        whole = fit_offer(offered)
        print("weights of confidence:", listed((*confidence.WEIGHTS, *_FAULTS, "base"), whole))


def _left_out(own: Sequence[Rows], rest: Sequence[Rows]) -> list[float]:
    """The log-odds of each offer by a fit without its eighth of the set."""
    odds = [0.0] * len(own)
    order = list(range(len(own)))
    random.Random(_SEED).shuffle(order)
    for fold in range(_FOLDS):
        held = set(order[fold::_FOLDS])
        weights = fit_offer([*rest, *(one for at, one in enumerate(own) if at not in held)])
        for at in held:
            odds[at] = float(own[at].signs[0] @ weights)
    return odds


def _told(rows: Sequence[Rows], odds: Sequence[float]) -> str:
    right = [bool(one.right[0]) for one in rows]
    answerable = [bool(one.right[1]) for one in rows]
    declined = [one < compose.LEAST_SURE for one in odds]
    near = [gone for gone, known in zip(declined, answerable, strict=True) if not known]
    lost = [gone for gone, answers in zip(declined, right, strict=True) if answers]
    good = [one for one, answers in zip(odds, right, strict=True) if answers]
    bad = [one for one, answers in zip(odds, right, strict=True) if not answers]
    return (
        f"AUC {ranking.auc(good, bad):.3f}; of unanswerable declined {sum(near)}/{len(near)}; "
        f"of right ones declined {sum(lost)}/{len(lost)}"
    )


def listed(names: "Sequence[str] | Mapping[str, float]", weights: "Numbers") -> str:
    """The weights by their names, as they stand in the code."""
    return ", ".join(f"{name} {value:.2f}" for name, value in zip(names, weights, strict=True))


def chosen_sets(module: str, told: str | None, arguments: Sequence[str] | None) -> argparse.Namespace:
    """The sets that are named, and whether to fit; ``told`` is the module's own word of itself."""
    parser = argparse.ArgumentParser(prog=f"python -m {module}", description=(told or "").splitlines()[0])
    parser.add_argument("--gold", action="append", default=[], metavar="FILE=INDEX", help="a gold set, and its index")
    parser.add_argument("--suite", action="append", default=[], metavar="NAME=FOLDER", help="a public set")
    parser.add_argument("--fit", action="store_true", help="fit the weights anew and print them")
    chosen = parser.parse_args(arguments)
    if not (chosen.gold or chosen.suite):
        parser.error("name a set: --gold FILE=INDEX or --suite NAME=FOLDER")
    return chosen


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; 2 for what cannot be read."""
    chosen = chosen_sets("evals.pointing", __doc__, arguments)
    try:
        cases = [case for one in chosen.gold for case in of_gold(one)]
        cases += [case for one in chosen.suite for case in of_suite(one)]
    except JushiError as error:
        print(error, file=sys.stderr)
        return 2
    _report(cases, fit=chosen.fit)
    return 0


if __name__ == "__main__":
    sys.exit(main())
