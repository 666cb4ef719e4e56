"""An answer on the page: nothing hostile comes alive, no caveat is lost, every figure leads to its line."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from test_render import (
    FIRST,
    HOSTILE,
    PRINTED,
    SECOND,
    UNSEEN,
    answer,
    cited,
    elements,
    figure,
    poisoned,
)

from assistant import reply
from assistant.records import (
    Answer,
    Basis,
    Bound,
    Caveat,
    CaveatKind,
    Claim,
    Evidence,
    FigureCheck,
    Period,
    Verdict,
)
from assistant.web.answer import answer_html, evidence_html, partial_html

OURS = {"article", "div", "p", "span", "b", "h3", "ol", "ul", "li", "cite", "blockquote", "mark", "button"}
OURS |= {"aside", "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "br"}
ATTRIBUTES = {"class", "id", "title", "role", "open", "scope", "lang", "type", "aria-hidden"}
YEAR = Period(date(2024, 1, 1), date(2024, 12, 31), "2024年", Basis.PRINTED)
CLAIM = Claim(FIRST.figures[0], "青禾开发区", "规上工业总产值", YEAR)
CLAIMED = Evidence("a3f9", replace(FIRST.passage, claims=(CLAIM,)), 0, len(PRINTED), FIRST.figures, 0.9, 0.8)


@pytest.mark.parametrize("words", [*HOSTILE, *UNSEEN])
def test_html_holds_only_our_elements(words: str) -> None:
    """Invariant: whatever the words, the elements are ours, no attribute is an event, and there is no link at all."""
    for html in (
        answer_html(poisoned(words), words),
        answer_html(replace(poisoned(words), declined=False), words),
        evidence_html(poisoned(words).evidence),
        partial_html(words, poisoned(words).evidence),
    ):
        found = elements(html)
        assert found.tags <= OURS
        assert {name for name in found.attributes if not name.startswith("data-")} <= ATTRIBUTES
        assert not found.links


@pytest.mark.parametrize("words", HOSTILE)
def test_html_shows_hostile_words_as_they_are(words: str) -> None:
    """Invariant: escaping alters nothing that the reader sees."""
    seen = "".join(elements(answer_html(poisoned(words), "t")).words.split())
    assert "".join(words.split()) in seen


@pytest.mark.parametrize("words", UNSEEN)
def test_unseen_characters_are_shown(words: str) -> None:
    made = answer_html(poisoned(f"甲{words}乙"), "t")
    assert words[0] not in made
    assert "甲\ufffd" in made


def test_caveats_come_before_the_sources_and_none_is_lost() -> None:
    """Invariant: a reader meets every warning, arithmetic and all, before anything else that follows the text."""
    made = answer_html(answer(), "t")
    for told in ("另一版写作99亿元", "100.13-99=1.13", "模型没有应答。"):
        assert made.index(told) < made.index('class="cards citations"')
    assert made.count('role="note"') == 2


def test_marked_are_the_figures_that_the_answer_states() -> None:
    """Invariant: marked are the stated figure and what the formula uses; not 98.26%, not the tail of 1100.13亿元."""
    made = answer_html(replace(answer(), evidence=(FIRST,)), "t")
    quotation = re.search(r"<blockquote>(园区.*?)</blockquote>", made)
    assert quotation
    assert re.findall(r"<mark>(.*?)</mark>", quotation[1]) == ["突破100.13亿元", "98.39亿元"]


def test_the_same_value_in_other_words_is_marked() -> None:
    """Invariant: 超100.13亿元 in the answer is 突破100.13亿元 on the page."""
    said = "总产值超100.13亿元[a3f9]"
    check = FigureCheck(figure("超100.13亿元", "10013000000", "元", said, Bound.MORE_THAN), Verdict.QUOTED, "a3f9")
    made = answer_html(Answer("问", said, (cited(FIRST),), (check,), evidence=(FIRST,)), "t")
    assert "<mark>突破100.13亿元</mark>；" in made


def test_a_chip_carries_the_place_of_its_sentence() -> None:
    """Invariant: every chip and card of a citation names its file and offsets, and no opaque key is shown."""
    made = answer_html(answer(), "t7")
    citation = cited(FIRST)
    place = f'data-file="000.md" data-from="{citation.start}" data-to="{citation.end}"'
    assert made.count(place) >= 2
    assert "a3f9" not in made
    assert set(re.findall(r'<li id="([^"]+)"', made)) == {"t7-1", "t7-2"}


def test_the_audit_tells_subject_metric_and_period() -> None:
    """Invariant: a quoted figure's row says whose it is, what it measures and when, as the index holds it."""
    made = answer_html(replace(answer(), evidence=(CLAIMED,), caveats=()), "t")
    row = next(row for row in re.findall("<tr>.*?</tr>", made) if ">突破100.13亿元<" in row)
    assert [told in row for told in ("照录", "青禾开发区", "规上工业总产值", "2024年")] == [True] * 4
    other = next(row for row in re.findall("<tr>.*?</tr>", made) if ">约1.74亿元<" in row)
    assert "计算" in other
    assert "100.13亿元-98.39亿元=1.74亿元" in other
    assert "所引原文中没有这个数字" in next(row for row in re.findall("<tr>.*?</tr>", made) if ">9家<" in row)


@pytest.mark.parametrize(
    ("named", "kind", "expected"),
    [
        ("突破100.13亿元", CaveatKind.SUSPECT, "suspect"),
        ("突破100.13亿元", CaveatKind.SCOPE, "quoted"),
        ("13亿元", CaveatKind.SUSPECT, "quoted"),
    ],
)
def test_a_figure_that_a_warning_names_is_doubtful(named: str, kind: CaveatKind, expected: str) -> None:
    """Invariant: 存疑 stands where a warning quotes just this figure, with the warning's sum.

    Not where the warning is about another scope, nor where the warned figure is a part of this one.
    """
    doubted = replace(answer(), caveats=(Caveat(kind, f"“{named}”：或有误。", ("a3f9",), "1>2"),), evidence=(CLAIMED,))
    check = doubted.checks[1]
    assert reply.verdict(check, doubted) == expected
    row = next(row for row in re.findall("<tr>.*?</tr>", answer_html(doubted, "t")) if ">突破100.13亿元<" in row)
    assert ("1&gt;2" in row) == (expected == "suspect")


def test_a_declined_answer_offers_what_the_pages_do_answer() -> None:
    """Invariant: in an answer's place stand the nearest sentences, each once, and questions made of their claims."""
    declined = Answer("月球基地2024年产值是多少？", "版面上没有写到这一点。", declined=True, evidence=(CLAIMED, SECOND))
    made = answer_html(declined, "t")
    assert 'data-question="青禾开发区2024年规上工业总产值是多少？"' in made
    assert made.count("企业已聚集") == 1
    assert "报上没有" in made


def test_a_figure_stated_twice_is_audited_once() -> None:
    twice = replace(answer(), checks=answer().checks * 2)
    assert answer_html(twice, "t").count("未证实") == 1


def test_a_marker_that_is_not_whole_is_hidden() -> None:
    evidence = (FIRST, SECOND)
    assert elements(partial_html("突破100.13亿元。[a3", evidence)).words == "突破100.13亿元。"
    assert elements(partial_html("甲[77c0]乙[a3f9]", evidence)).words == "甲1乙2"


def test_the_empty_answer_is_shown() -> None:
    assert "<article" in answer_html(Answer("", ""), "t")


def test_decimal_values_are_never_rounded_for_show() -> None:
    """Invariant: a figure is shown by its printed text, not by its value."""
    said = "产值1.0000000000000000001亿元[a3f9]"
    check = FigureCheck(
        replace(figure("1.0000000000000000001亿元", "1", "元", said), value=Decimal("100000000.00000000001")),
        Verdict.QUOTED,
        "a3f9",
    )
    assert "1.0000000000000000001亿元" in answer_html(Answer("问", said, (cited(FIRST),), (check,)), "t")


def test_what_a_warning_holds_a_figure_against_is_marked() -> None:
    """Invariant: the figure of the other page, which the answer does not state, stands out in its own sentence."""
    caveat = Caveat(CaveatKind.CONFLICT, "“突破100.13亿元”“15家”：两处不同。", ("a3f9", "77c0"))
    made = answer_html(replace(answer(), caveats=(caveat,)), "t")
    assert "企业已聚集<mark>15家</mark>，" in made
