"""Right digits of another firm, year, direction or story are wrong; an answer that names none is not blamed."""

import pytest

from assistant.figures import find
from assistant.records import Answer, Citation, Source
from evals import about
from evals.about import Known
from evals.gold import Fact, GoldItem, Kind


def item(question: str, subject: str, metric: str, period: str, printed: str, *stories: str) -> GoldItem:
    figure = find(printed)[0]
    fact = Fact(figure.value, figure.unit, figure.bound, printed, subject, metric, period)
    return GoldItem("i", question, Kind.FIGURE, (fact,), stories)


def told(asked: GoldItem, text: str, known: Known | None = None, *cited: Citation) -> str:
    """Why the text's last figure with the fact's value is astray."""
    (fact,) = asked.facts
    figure = [one for one in find(text) if one.value == fact.value][-1]
    return about.astray(asked, fact, figure, Answer(asked.question, text, cited), known)


GUITARS = item("正安经开区的吉他企业有多少家？", "正安经开区", "吉他企业", "2025-11", "144家")
BATTERY = item("莹月帆去年的产值？", "贵州莹月帆科技集团有限公司", "产值", "2025", "36亿元")


@pytest.mark.parametrize(
    ("asked", "text", "why"),
    [
        (GUITARS, "正安经开区有144家。", ""),
        (GUITARS, "正安有144家。", ""),
        (GUITARS, "当地有144家。", ""),
        (GUITARS, "炉碧经开区有144家。", "炉碧"),
        (GUITARS, "正安经开区与炉碧经开区不同，有144家。", ""),
        (GUITARS, "据《贵阳日报》报道，有144家。", ""),
        (GUITARS, "贵州正安有144家。", ""),
        (GUITARS, "2022年有144家。", "2022年"),
        (GUITARS, "2025年有144家。", ""),
        (GUITARS, "比2022年多，有144家。", ""),
        (BATTERY, "莹月帆2025年产值36亿元。", ""),
        (BATTERY, "云睿电子2025年产值36亿元。", "云睿"),
        (BATTERY, "莹月帆5亿元，云睿电子36亿元。", "云睿"),
        (BATTERY, "云睿电子5亿元，莹月帆36亿元。", ""),
        (BATTERY, "2024年和2025年分别为30亿元和36亿元。", ""),
        (BATTERY, "产值36亿元（2024年）。", "2024年"),
        (BATTERY, "产值36亿元，比2024年多6亿元。", ""),
    ],
)
def test_the_nearest_name_and_period_decide(asked: GoldItem, text: str, why: str) -> None:
    """Whose and when is read from the words around the figure, and told in the reason."""
    reason = told(asked, text, Known(frozenset({"云睿", "莹月帆"})))
    assert (why in reason) if why else reason == "", reason


def test_this_year_is_that_of_the_cited_page() -> None:
    """今年 on a page of 2026 is 2026: without the citation nothing is known against it."""
    cited = Citation("a", "p", Source("p.md", date="2026-03"), "今年36亿元", 0, 6)
    assert told(BATTERY, "今年产值36亿元。") == ""
    assert "今年" in told(BATTERY, "今年产值36亿元。", None, cited)


def test_a_quote_of_another_story_is_no_proof() -> None:
    """The same digits in a story without the fact are another fact's; an unknown story proves nothing."""
    asked = item("增长多少？", "某市", "产值增长", "2025", "15%", "a.md#甲区工业")
    other = item("多少？", "乙县", "占比", "2025", "3%", "a.md#乙县教育")
    known = Known.of([asked, other])

    def cited(file: str, headline: str) -> Citation:
        return Citation("a", "p", Source(file, headline), "增长15%", 0, 5)

    text = "原文：“增长15%”"
    assert told(asked, text, known, cited("a.md", "甲区工业")) == ""
    assert told(asked, text, known, cited("a.txt", "甲区·工业")) == ""
    assert "乙县教育" in told(asked, text, known, cited("a.md", "乙县教育"))
    assert told(asked, text, known, cited("a.md", "乙县教育"), cited("a.md", "甲区工业")) == ""
    assert told(asked, text, known, cited("a.md", "丙镇")) == ""
    assert told(asked, text, None, cited("a.md", "乙县教育")) == ""
    assert told(asked, text, known) == ""


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2025-09", ("2025-09-01", "2025-09-30")),
        ("2025", ("2025-01-01", "2025-12-31")),
        ("2025年上半年", ("2025-01-01", "2025-06-30")),
        ("每年", None),
    ],
)
def test_a_period_of_a_fact_is_read_as_days(text: str, days: tuple[str, str] | None) -> None:
    """ISO months and words both; a repeated period has no days."""
    period = about.period(text)
    assert (period and (str(period.start), str(period.end))) == days


def test_brands_are_names_that_tell() -> None:
    """Firms and parks give their telling part, places and kinds of things none."""
    facts = [item("？", subject, "产值", "2025", "1亿元") for subject in
             ("贵州莹月帆科技集团有限公司", "六盘水市", "三大漂流项目", "贵州云睿电子科技有限公司")]  # fmt: skip
    assert about.brands(facts) == {"莹月帆", "云睿"}
