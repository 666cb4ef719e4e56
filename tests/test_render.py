"""Every form of an answer: nothing hostile comes alive, no caveat is lost, keys become numbers."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from assistant import render
from assistant.records import (
    Answer,
    Bound,
    Caveat,
    CaveatKind,
    Citation,
    Evidence,
    Figure,
    FigureCheck,
    Passage,
    Source,
    Span,
    Verdict,
)

PRINTED = "园区2024年的规上工业总产值突破100.13亿元；其中的产值高达98.39亿元，占比98.26%，另有1100.13亿元。"
OTHER = "企业已聚集15家，其中12家属于规模以上企业。"
SOURCE = Source("000.md", "旧电池循环再生", "贵州日报", "2025-09", "inferred", page=3)

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg/onload=alert(1)>',
    "' onmouseover='alert(1)",
    "[x](javascript:alert(1))",
    "![x](http://evil.example/a.png)",
    "[x]: http://evil.example",
    "<http://evil.example>",
    "&lt;script&gt;&#106;avascript:",
    "`<b>`\\[x](javascript:alert(1))",
    "$\\href{javascript:alert(1)}{x}$",
    "\n\n# 标题\n\n    代码\n\n- 项\n1. 项\n---\n===\n| a | b |\n|---|---|\n",
]
UNSEEN = [
    "\u202e",
    "\u202a",
    "\u2066",
    "\u2069",
    "\u200f",
    "\u200b",
    "\x00",
    "\x1b[31m",
    "\x07",
    "\x9b",
    "\x7f",
    "\u2028",
]


def figure(printed: str, value: str, unit: str, within: str, bound: Bound = Bound.EXACT) -> Figure:
    at = within.index(printed)
    return Figure(printed, Decimal(value), unit, "money", bound, at, at + len(printed))


def sentence(key: str, printed: str, figures: tuple[Figure, ...] = (), source: Source = SOURCE) -> Evidence:
    passage = Passage(f"p-{key}", "s", source, printed, (Span(0, 40, 40 + len(printed)),), figures)
    return Evidence(key, passage, 0, len(printed), figures, 0.9, 0.8)


def cited(evidence: Evidence) -> Citation:
    start = evidence.passage.start
    return Citation(
        evidence.key, evidence.passage.id, evidence.passage.source, evidence.text, start, start + len(evidence.text)
    )


FIRST = sentence(
    "a3f9",
    PRINTED,
    (
        figure("突破100.13亿元", "10013000000", "元", PRINTED, Bound.MORE_THAN),
        figure("98.39亿元", "9839000000", "元", PRINTED),
        figure("98.26%", "98.26", "%", PRINTED),
    ),
)
SECOND = sentence("77c0", OTHER)
TEXT = "企业有12家[77c0]，总产值突破100.13亿元，相差约1.74亿元。[a3f9]"


def answer() -> Answer:
    checks = (
        FigureCheck(figure("12家", "12", "家", TEXT), Verdict.QUOTED, "77c0"),
        FigureCheck(figure("突破100.13亿元", "10013000000", "元", TEXT, Bound.MORE_THAN), Verdict.QUOTED, "a3f9"),
        FigureCheck(figure("约1.74亿元", "1.74E+8", "元", TEXT), Verdict.COMPUTED, "", "100.13亿元-98.39亿元=1.74亿元"),
        FigureCheck(Figure("9家", Decimal(9), "家", "count", Bound.EXACT, 0, 2), Verdict.UNSUPPORTED),
    )
    caveats = (
        Caveat(CaveatKind.CONFLICT, "另一版写作99亿元[a3f9]。", ("a3f9", "77c0"), "100.13-99=1.13"),
        Caveat(CaveatKind.DEGRADED, "模型没有应答。"),
    )
    return Answer(
        "问",
        TEXT,
        (cited(FIRST), cited(SECOND)),
        checks,
        caveats,
        False,
        (FIRST, SECOND),
        "none",
        {"total": 0.5},
        {},
        ("100.13亿元-98.39亿元=1.74亿元",),
    )


def poisoned(words: str) -> Answer:
    """Put the hostile words in every place that a page, a question or a model can write to."""
    source = Source(words, words, words, words, words, words)
    evidence = sentence("a3f9", words, (Figure(words, Decimal(1), words, words, Bound.EXACT, 0, len(words)),), source)
    text = f"{words}[a3f9]{words}"
    check = FigureCheck(
        Figure(words, Decimal(1), words, words, Bound.EXACT, 0, len(words)), Verdict.COMPUTED, "", words
    )
    caveat = Caveat(CaveatKind.SUSPECT, f"{words}[a3f9](javascript:x)", ("a3f9",), words)
    return Answer(words, text, (cited(evidence),), (check,), (caveat,), True, (evidence,), words, {}, {}, (words,))


class Elements(HTMLParser):
    """The elements and attributes that a browser would make."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.words += data


def elements(html: str) -> Elements:
    parsed = Elements()
    parsed.feed(html)
    parsed.close()
    return parsed


FORMS = {"text": render.text, "markdown": render.markdown, "json": render.to_json}


@pytest.mark.parametrize("words", [*HOSTILE, *UNSEEN])
@pytest.mark.parametrize("dialect", ["commonmark", "gfm-like"])
def test_markdown_makes_nothing_live(words: str, dialect: str) -> None:
    """Invariant: rendered with raw HTML allowed, no link, image, heading, table or element of the words' own."""
    made = MarkdownIt(dialect, {"html": True, "linkify": False}).render(render.markdown(poisoned(words)))
    found = elements(made)
    assert found.tags <= {"p", "strong", "blockquote", "ul", "li", "br"}
    assert not found.attributes


@pytest.mark.parametrize("words", ["见http://evil.example/x", "见WWW.evil.example", "a@evil.example"])
def test_markdown_links_no_bare_address(words: str) -> None:
    """Invariant: an address in the words is broken before a renderer that links bare addresses sees it."""
    made = render.markdown(poisoned(words))
    assert not re.search(r"(?i)http://|www\.|[a-z]@", made)
    assert words in elements(MarkdownIt().render(made)).words


def test_markdown_keeps_figures_searchable() -> None:
    assert "突破100.13亿元，相差约1.74亿元。[2]" in render.markdown(answer())


def test_markdown_number_before_parenthesis_is_no_link() -> None:
    """Invariant: [1](…) is never left as a link, though both halves are harmless alone."""
    hostile = replace(answer(), text="产值12家[a3f9](javascript:alert(1))", checks=())
    assert "<a" not in MarkdownIt().render(render.markdown(hostile))


@pytest.mark.parametrize("form", ["text", "markdown"])
@pytest.mark.parametrize("words", UNSEEN)
def test_unseen_characters_are_shown(form: str, words: str) -> None:
    """Invariant: no character that moves the cursor or reorders the line reaches the reader."""
    made = FORMS[form](poisoned(f"甲{words}乙"))
    assert words[0] not in made
    assert "甲\ufffd" in made


@pytest.mark.parametrize("form", FORMS)
def test_caveats_are_in_every_form(form: str) -> None:
    """Invariant: a warning is never lost."""
    made = FORMS[form](answer())
    for told in ("另一版写作99亿元", "100.13-99=1.13", "模型没有应答。"):
        assert told in made
    if form != "json":
        assert made.count("⚠") == 2
        assert "说法不一" in made


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_caveats_survive_a_declined_answer(form: str) -> None:
    made = FORMS[form](replace(answer(), declined=True, citations=(), checks=()))
    assert "未作答" in made
    assert "模型没有应答。" in made
    assert "规上工业总产值" in made  # the nearest sentence stands in the answer's place


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_keys_become_numbers_in_order_of_appearance(form: str) -> None:
    """Invariant: no opaque key is shown; the first citation in the text is [1] wherever it is listed."""
    made = FORMS[form](answer())
    assert "a3f9" not in made
    assert "77c0" not in made
    assert "12家[1]，" in made
    assert made.index("企业已聚集15家") < made.index("突破100.13亿元；")


def test_numbers_of_uncited_and_unknown_keys() -> None:
    """Invariant: a citation that the text does not name still gets a number; a bracket that is no key stays."""
    made = replace(answer(), text="甲[zz9]乙[a3f9]丙[a3f9]", checks=(), caveats=())
    assert render.numbers(made) == {"a3f9": 1, "77c0": 2}
    assert render.text(made).startswith("甲[zz9]乙[1]丙[1]\n")


def test_text_lists_place_and_quotation() -> None:
    made = render.text(answer())
    place = f"[2] 《旧电池循环再生》 贵州日报 第3页 2025-09（推断） 000.md:40-{40 + len(PRINTED)}\n    “{PRINTED}”"
    assert place in made
    assert "⚠ 说法不一：另一版写作99亿元[2]。[1]（100.13-99=1.13）" in made
    assert "约1.74亿元  计算 100.13亿元-98.39亿元=1.74亿元" in made
    assert "12家  照录 [1]" in made
    assert "9家  未证实" in made


def test_text_quotation_cannot_pose_as_an_entry() -> None:
    """Invariant: a quotation with line ends stays on its line."""
    forged = sentence("a3f9", "真的。\n[2] 《假的》 人民日报\n    “假话”")
    made = render.text(Answer("问", "甲[a3f9]", (cited(forged),)))
    assert not re.search(r"^\[2\]", made, re.M)


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_a_figure_stated_twice_is_audited_once(form: str) -> None:
    twice = replace(answer(), checks=answer().checks * 2)
    assert FORMS[form](twice).count("未证实") == 1
    assert len(render.to_dict(twice)["checks"]) == 8


def test_json_round_trip() -> None:
    """Invariant: JSON reads back as to_dict, whatever characters it holds, with keys in the record's order."""
    for given in (answer(), poisoned("".join(UNSEEN) + "\ud800"), Answer("问", "答")):
        assert json.loads(render.to_json(given)) == render.to_dict(given)
    plain = render.to_dict(answer())
    assert list(plain)[:5] == ["question", "text", "citations", "checks", "caveats"]
    check = plain["checks"][2]
    assert (check["figure"]["value"], check["verdict"], check["figure"]["bound"]) == ("174000000", "computed", "exact")
    assert plain["caveats"][0]["kind"] == "conflict"
    assert Decimal(plain["checks"][1]["figure"]["value"]) == answer().checks[1].figure.value


@pytest.mark.parametrize("form", [render.text, render.markdown])
def test_each_formula_is_shown(form: Callable[[Answer], str]) -> None:
    """Invariant: what was worked out has its formula under a heading of its own."""
    shown = form(answer())
    assert "算式" in shown
    assert "100.13亿元-98.39亿元=1.74亿元" in shown.partition("算式")[2].replace("\\", "")
    assert "算式" not in form(Answer("问", "答"))
    assert render.to_dict(answer())["formulas"] == ["100.13亿元-98.39亿元=1.74亿元"]


def test_json_escapes_unseen_characters() -> None:
    """Invariant: JSON printed to a terminal reorders nothing; it reads back the same."""
    made = render.to_json(poisoned("\u202e31.001"))
    assert "\u202e" not in made
    assert json.loads(made)["text"].startswith("\u202e")


def test_the_empty_answer_has_every_form() -> None:
    for form in FORMS.values():
        assert form(Answer("", ""))
