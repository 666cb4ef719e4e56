"""Evidence: whole sentences within the budget, best first, and the figure that is asked for pointed at."""

import pytest
from conftest import LANTING, QINGHE

from assistant import sentences, tokens
from assistant.evidence import select
from assistant.lexical import Lexical
from assistant.question import understand
from assistant.records import Evidence, Hit, Passage
from ingest import pages, passages, stories

ALL = tuple(
    passage
    for name, text in (("qinghe.md", QINGHE), ("lanting-2025-04-02.txt", LANTING))
    for page in (pages.page(name, text),)
    for story in stories.stories(page)
    for passage in passages.passages(page, story, 300)
)


def evidence(text: str, *, most: int = 6, budget: int = 300, among: tuple[Passage, ...] = ALL) -> tuple[Evidence, ...]:
    hits = tuple(Hit(passage, 0.0) for passage in among)
    return select(understand(text), hits, Lexical.build(among), most=most, budget=budget)


@pytest.mark.parametrize("most", [1, 2, 6])
@pytest.mark.parametrize("budget", [1, 40, 100, 1000])
def test_evidence_keeps_to_its_number_and_budget(most: int, budget: int) -> None:
    """At most so many sentences of so many tokens; one at least, be it longer."""
    found = evidence("青禾开发区规上工业总产值是多少？", most=most, budget=budget)
    spent = sum(tokens.count(one.text) for one in found)
    assert 1 <= len(found) <= most
    assert spent <= budget or len(found) == 1


def test_evidence_is_whole_sentences_with_their_figures() -> None:
    """Each is one sentence of its passage, with exactly the figures that stand in it; keys differ; scores fall."""
    found = evidence("总产值是多少？", most=50, budget=5000)
    for one in found:
        assert (one.start, one.end) in sentences.split(one.passage.text)
        assert one.text == one.passage.text[one.start : one.end]
        inside = [f for f in one.passage.figures if one.start <= f.start and f.end <= one.end]
        assert list(one.figures) == inside
        assert one.pointed is None or one.pointed in one.figures
        assert len(one.key) == 6
    assert len({one.key for one in found}) == len(found)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("青禾开发区2024年规上工业总产值是多少？", "突破52.36亿元"),
        ("青禾开发区规上工业总产值是多少？", "突破52.36亿元"),
        ("青禾开发区规上工业总产值同比增长百分之几？", "7.8%"),
        ("青禾开发区有多少家纺织企业？", "41家"),
        ("青禾开发区布匹出口额是多少？", "约3.2亿元"),
        ("白鹭水库可灌溉农田多少亩？", "12.5万亩"),
        ("青禾中学新食堂面积多少平方米？", "2400平方米"),
        ("兰亭镇春茶产量达到多少吨？", "86吨"),
        ("兰亭开发区2024年规上工业总产值是多少？", "31.07亿元"),
    ],
)
def test_the_asked_figure_is_pointed_at(text: str, figure: str) -> None:
    """The best sentence is that of the subject asked for, and the figure in it that of the metric asked for."""
    best = evidence(text)[0]
    assert best.pointed is not None
    assert best.pointed.text == figure


def test_no_figure_is_pointed_at_where_none_is_asked_for() -> None:
    """A question for a name gets sentences without a pointed figure."""
    assert all(one.pointed is None for one in evidence("谁是白鹭水库的管理员？"))


def test_a_sentence_printed_twice_on_a_page_is_offered_once() -> None:
    """Repeats of a page do not crowd out other evidence."""
    line = "青禾开发区总产值52.36亿元。"
    page = pages.page("a.md", f"# 一\n{line}别的话。\n# 二\n{line}还有话。\n")
    among = tuple(p for s in stories.stories(page) for p in passages.passages(page, s, 300))
    found = evidence("青禾开发区总产值是多少？", among=among)
    assert [one.text for one in found].count(line) == 1


def test_nothing_retrieved_is_no_evidence() -> None:
    """Without hits there is nothing to offer."""
    assert evidence("青禾开发区总产值是多少？", among=()) == ()


def test_keys_are_of_the_sentence_not_of_the_question() -> None:
    """A sentence has the same key in every answer, so that it can be quoted again."""
    one = {each.text: each.key for each in evidence("总产值是多少？", most=50, budget=5000)}
    other = {each.text: each.key for each in evidence("茶园面积多少亩？", most=50, budget=5000)}
    assert set(one) & set(other)
    assert all(one[text] == other[text] for text in set(one) & set(other))
