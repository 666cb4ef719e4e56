"""Questions that want no figure in, how often the sentence that answers is quoted, and the fit of its signs, out.

    python -m evals.telling --gold evals/gold/seeds.jsonl=INDEX --suite squad=FOLDER --fit

One row a set: the share of questions whose answer stands in the first sentence; in what is quoted, which is the next
one too where it may as well be what answers; and how often that is. ``--fit`` fits the weights of ``assistant.telling``
anew to the sets named and prints them, with what each set would get if it were left out of the fit. Nothing is written.
"""

import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from assistant import compose, evidence, question, telling
from assistant import settings as settings_module
from assistant.ask import Assistant
from assistant.errors import JushiError
from assistant.lexical import Lexical
from assistant.records import Hit, Query
from evals import gold, suites
from evals.gold import GoldItem, Kind
from evals.pointing import Rows, chosen_sets, fit_choice, listed, read

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

_HITS: Final = 12
_MOST: Final = 900  # items of a public set, drawn with one seed
_SEED: Final = 1
_OWN_PAGES: Final = 3  # how often a question of a gold set counts in the fit: it is asked of pages such as are asked


@dataclass(frozen=True, slots=True)
class Case:
    """One question: its sentences' signs (sentences × ``telling.WEIGHTS``), their texts, which of them answer."""

    rows: Rows
    texts: tuple[str, ...]
    item: GoldItem
    gold: bool

    def told(self, texts: Sequence[str]) -> bool:
        """Whether these together have all that the answer must mention."""
        whole = " ".join(texts)
        return all(any(word in whole for word in group) for group in self.item.must_mention)


def of_gold(named: str) -> list[Case]:
    """The text and list questions of ``FILE=INDEX``."""
    file, _, data = named.partition("=")
    assistant = Assistant.open(settings_module.load({"data": data, "model": "none"}))
    cases = []
    for item in gold.load(Path(file)):
        query = question.understand(item.question, item.history, assistant.words)
        if item.type in (Kind.TEXT, Kind.LIST) and not query.wants_figure:
            hits = assistant.search(item.question, _HITS, item.history)
            cases += _case(Path(file).stem, item, query, hits, assistant.lexical, gold=True)
    return cases


def of_suite(named: str) -> list[Case]:
    """Those of a public set, at most so many, whose passages have the answer in one sentence."""
    found = [one for one in suites.load(named) if one.item.type is Kind.TEXT and one.item.must_mention]
    random.Random(_SEED).shuffle(found)
    name = named.partition("=")[0]
    cases = [
        case
        for item, query, hits, lexical in read(found[:_MOST], lambda query: not query.wants_figure)
        for case in _case(name, item, query, hits, lexical, gold=False)
    ]
    return [case for case in cases if any(case.told((text,)) for text in case.texts)]


def _case(of: str, item: GoldItem, query: Query, hits: Sequence[Hit], lexical: Lexical, *, gold: bool) -> list[Case]:
    import numpy as np

    offered = evidence.read(query, hits, lexical)
    if not offered:
        return []
    signs = np.array([[own.get(name, 0.0) for name in telling.WEIGHTS] for _, own in offered])
    texts = tuple(sentence.text for sentence, _ in offered)
    met = np.array([sum(any(word in text for word in group) for group in item.must_mention) for text in texts])
    return [Case(Rows(of, signs, met == max(met.max(), 1)), texts, item, gold)]


def quoted(case: Case, weights: "Numbers") -> tuple[str, ...]:
    """What is quoted without a model: the best sentence, and the next other one if it is as good."""
    odds = case.rows.signs @ weights
    order = sorted(range(len(odds)), key=lambda at: -odds[at])
    best = order[0]
    other = next((at for at in order[1:] if case.texts[at] != case.texts[best]), best)
    near = other != best and odds[best] - odds[other] <= compose.AS_WELL * telling.SCALE
    return (case.texts[best], case.texts[other]) if near else (case.texts[best],)


def _fit(cases: Sequence[Case]) -> "Numbers":
    import numpy as np

    known = [case for case in cases if case.rows.right.any() and not case.rows.right.all()]
    rows = [case.rows for case in known for _ in range(_OWN_PAGES if case.gold else 1)]
    return fit_choice(rows, np.zeros(len(telling.WEIGHTS)))


def _row(cases: Sequence[Case], weights: "Numbers") -> str:
    told = [quoted(case, weights) for case in cases]
    first = sum(case.told(texts[:1]) for case, texts in zip(cases, told, strict=True)) / len(cases)
    whole = sum(case.told(texts) for case, texts in zip(cases, told, strict=True)) / len(cases)
    return f"{first:.3f} first, {whole:.3f} quoted, two in {sum(len(texts) > 1 for texts in told) / len(cases):.2f}"


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; 2 for what cannot be read."""
    import numpy as np

    chosen = chosen_sets("evals.telling", __doc__, arguments)
    try:
        sets = [of_gold(one) for one in chosen.gold] + [of_suite(one) for one in chosen.suite]
    except JushiError as error:
        print(error, file=sys.stderr)
        return 2
    weights = np.array(list(telling.WEIGHTS.values()))
    for own in filter(None, sets):
        print(f"{own[0].rows.of:10} {len(own):4} questions  {_row(own, weights)}")
        rest = [case for other in sets if other is not own for case in other]
        if chosen.fit and rest:
            print(f"{'':10} left out of the fit: {_row(own, _fit(rest))}")
    if chosen.fit:
        print("weights of telling:", listed(telling.WEIGHTS, _fit([case for own in sets for case in own])))
    return 0


if __name__ == "__main__":
    sys.exit(main())
