"""Citation recall and precision count figures and citations, mark by mark."""

import pytest

from assistant.figures import find
from assistant.records import Answer, Caveat, CaveatKind, Citation, FigureCheck, Source, Verdict
from evals.citing import Citing, citing
from evals.gold import GoldItem, Kind

ITEM = GoldItem("i", "15家里有几家？", Kind.FIGURE)


def cited(**quotes: str) -> tuple[Citation, ...]:
    return tuple(Citation(key, "p", Source("f"), quote, 0, len(quote)) for key, quote in quotes.items())


TWO = cited(aaaaaa="规上12家。", bbbbbb="产值98.39亿元。")


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("规上12家[aaaaaa]。", Citing(1, 1, 2, 1)),
        ("规上12家[aaaaaa]，产值98.39亿元[bbbbbb]。", Citing(2, 2, 2, 2)),
        ("规上12家[bbbbbb]，产值98.39亿元[aaaaaa]。", Citing(2, 0, 2, 2)),
        ("规上12家，产值98.39亿元[aaaaaa][bbbbbb]。", Citing(2, 2, 2, 2)),
        ("规上12家，产值98.39亿元。", Citing(2, 0, 2, 2)),
        ("规上13家[aaaaaa]。", Citing(1, 0, 2, 0)),
        ("15家里有一些[aaaaaa]。", Citing(0, 0, 2, 0)),
    ],
)
def test_a_figure_is_borne_by_the_mark_beside_it(text: str, counts: Citing) -> None:
    """What the sentence marked does not print is not borne, even where another cited sentence does."""
    assert citing(ITEM, Answer("？", text, TWO)) == counts


def test_a_caveat_and_a_word_make_a_citation_bear() -> None:
    """A sentence cited for a warning, or for words that had to be mentioned, is no idle citation."""
    warned = Answer("？", "见下。", TWO, caveats=(Caveat(CaveatKind.CONFLICT, "不一致", ("aaaaaa",)),))
    assert citing(ITEM, warned).bearing == 1
    words = GoldItem("i", "？", Kind.TEXT, must_mention=(("规上",),))
    assert citing(words, Answer("？", "见下。", TWO)).bearing == 1


def test_a_computed_figure_is_borne_by_its_inputs() -> None:
    """A result is borne where a check shows its formula and every input is cited."""
    quotes = cited(aaaaaa="2020年60亿元。", bbbbbb="2025年160亿元。")
    text = "多100亿元。"
    check = FigureCheck(find(text)[0], Verdict.COMPUTED, formula="160亿元 - 60亿元 = 100亿元")
    assert citing(ITEM, Answer("？", text, quotes, (check,))).borne == 1
    rate = FigureCheck(find("约80亿元")[0], Verdict.COMPUTED, formula="160亿元÷60亿元≈80亿元/年")
    assert citing(ITEM, Answer("？", "平均80亿元。", quotes, (rate,))).borne == 1
    assert citing(ITEM, Answer("？", text, quotes[:1], (check,))).borne == 0
    assert citing(ITEM, Answer("？", text, quotes)).borne == 0
