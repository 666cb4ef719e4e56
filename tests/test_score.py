"""What an answer must state to be right, as a table: each row can only pass by value, unit and place."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from assistant.figures import find
from assistant.records import Answer, Caveat, CaveatKind, Citation, Source
from evals import gold
from evals.gold import Fact, GoldItem, Kind, Result, expected
from evals.reading import mentions
from evals.score import Outcome, score

CORRECT, PARTIAL, WRONG, DECLINED = Outcome.CORRECT, Outcome.PARTIAL, Outcome.WRONG, Outcome.DECLINED


def fact(printed: str) -> Fact:
    figure = find(printed)[0]
    return Fact(figure.value, figure.unit, figure.bound, printed)


def asked(kind: Kind, *printed: str, question: str = "多少？", **more: object) -> GoldItem:
    return replace(GoldItem("i", question, kind, tuple(map(fact, printed))), **more)  # type: ignore[arg-type]


def answered(text: str, quotes: Sequence[str] = (), **more: object) -> Answer:
    cited = tuple(Citation(f"{n}abcde", "p", Source("f"), quote, 0, len(quote)) for n, quote in enumerate(quotes, 1))
    return replace(Answer("？", text, cited), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("printed", "text", "verdict", "wrong"),
    [
        ("103.62亿元", "产值是103.62亿元。", CORRECT, False),
        ("103.62亿元", "产值为1036200万元。", CORRECT, False),
        ("103.62亿元", "产值是103.62万元。", WRONG, True),
        ("103.62亿元", "产值是1103.62亿元。", WRONG, True),
        ("103.62亿元", "产值是103.6亿元。", WRONG, True),
        ("103.62亿元", "产值是103.62亿吨。", WRONG, True),
        ("103.62亿元", "产值很高。", WRONG, False),
        ("18亿元", "It was 1.8 billion yuan.", CORRECT, False),
        ("18亿元", "It was 18 billion yuan.", WRONG, True),
        ("35%", "占比35%。", CORRECT, False),
        ("35%", "占比35。", WRONG, True),
        ("35%", "上升了35个百分点。", WRONG, True),
        ("35个百分点", "上升了35%。", WRONG, True),
        ("26.1%", "增长26.1倍。", WRONG, True),
        ("2.3%", "增长12.3%。", WRONG, True),
        ("12.3%", "增长2.3%。", WRONG, True),
        ("四成", "低了40%。", CORRECT, False),
        ("40%", "低了四成。", CORRECT, False),
        ("四成", "低了40个百分点。", WRONG, True),
        ("81户", "共有81家。", CORRECT, False),
        ("54家", "There are 54 companies.", CORRECT, False),
        ("54家", "有54吨。", WRONG, True),
        ("70台", "200人左右。", WRONG, True),
        ("70台", "展厅里观众200人左右。", WRONG, False),
        ("约400吨", "每天400吨。", CORRECT, False),
        # beside others
        ("98.39亿元", "总产值突破100.13亿元，其中循环产业产值98.39亿元。", CORRECT, False),
        ("100.13亿元", "总产值突破100.13亿元，其中循环产业产值98.39亿元。", CORRECT, False),
        ("92%", "设备稼动率从70%增至92%。", CORRECT, False),
        ("160亿元", "由2020年的60亿元增长至2025年的160亿元。", CORRECT, False),
        ("17家", "玻璃和铝加工企业分别为20家、17家。", CORRECT, False),
        ("92%", "是70%和92%。", PARTIAL, False),
        ("4%", "甲占1%，乙占2%，丙占3%，丁占4%。", PARTIAL, False),
        ("98.39亿元", "产值是100.13亿元。循环产业是98.39亿元。", PARTIAL, False),
        ("98.39亿元", "产值98.39亿元，占比98.26%，运费4000万元。", CORRECT, False),
        # what the answer tells goes before what it quotes
        ("98.39亿元", "98.39亿元。原文：“总产值突破100.13亿元，其中产值98.39亿元”", CORRECT, False),
        ("98.39亿元", "100.13亿元。原文：“总产值突破100.13亿元，其中产值98.39亿元”", WRONG, True),
        ("98.39亿元", "原文：“总产值突破100.13亿元；产值高达98.39亿元，占比98.26%。”", CORRECT, False),
        # an operand of what the answer tells is not what it tells
        ("22.75亿元", "合计约617亿元：项目594亿元，需求22.75亿元（594亿元+22.75亿元=616.75亿元）。", WRONG, True),
        ("22.75亿元", "需求22.75亿元：项目594亿元，合计约617亿元（594亿元+22.75亿元=616.75亿元）。", CORRECT, False),
        ("22.75亿元", "金额单位亿元：项目594亿元，需求22.75亿元。", CORRECT, False),
    ],
)
def test_a_figure_counts_by_value_unit_and_place(printed: str, text: str, verdict: Outcome, wrong: bool) -> None:
    """Right digits in the wrong unit, magnitude or longer number are wrong, and told as a wrong figure."""
    judged = score(asked(Kind.FIGURE, printed), answered(text))
    assert (judged.verdict, judged.wrong_figure) == (verdict, wrong), judged.reasons


def test_the_quote_is_not_the_answer() -> None:
    """A figure in a citation alone does not make the answer right; in the text alone, the answer is not cited."""
    item = asked(Kind.FIGURE, "98.39亿元")
    in_quote = score(item, answered("产值很高[1abcde]。", ["产值98.39亿元。"]))
    in_text = score(item, answered("产值98.39亿元[1abcde]。", ["产值100.13亿元。"]))
    in_both = score(item, answered("产值98.39亿元[1abcde]。", ["产值98.39亿元。"]))
    assert (in_quote.verdict, in_quote.cited) == (WRONG, True)
    assert (in_text.verdict, in_text.cited) == (CORRECT, False)
    assert (in_both.verdict, in_both.cited) == (CORRECT, True)


def test_a_citation_mark_is_no_figure() -> None:
    """The digits of a key in brackets are never read as an answer."""
    item = asked(Kind.FIGURE, "3个")
    answer = replace(answered("没有说清[3]。"), citations=(Citation("3", "p", Source("f"), "3个", 0, 2),))
    assert score(item, answer).verdict is WRONG


def test_a_figure_of_the_question_is_no_answer() -> None:
    """What the question or an earlier turn gave counts neither for nor against the answer."""
    item = asked(Kind.FIGURE, "12家", question="15家企业中，规上的有几家？")
    assert score(item, answered("15家企业中有12家。")).verdict is CORRECT
    repeated = score(item, answered("15家企业中有一些。"))
    assert (repeated.verdict, repeated.wrong_figure) == (WRONG, False)
    followed = asked(Kind.FIGURE, "517辆", history=(("置换多少？", "超3200辆。"),))
    assert score(followed, answered("置换超3200辆，报废517辆。")).verdict is CORRECT
    given = asked(Kind.FIGURE, "12家", question="是12家吗？")
    assert score(given, answered("12家。")).verdict is not CORRECT


@pytest.mark.parametrize(
    ("text", "wrong"),
    [("15家。原文：“企业已聚集15家”", True), ("在15家企业里。", False), ("15家企业。", False)],
)
def test_a_given_figure_told_alone_is_the_answer(text: str, wrong: bool) -> None:
    """To 那规上的有几家？ after 15家, whoever says 15家 and no more has told a wrong figure."""
    item = asked(Kind.FIGURE, "12家", history=(("企业有几家？", "15家。"),))
    assert (score(item, answered(text)).verdict, score(item, answered(text)).wrong_figure) == (WRONG, wrong)
    both = asked(Kind.MULTI_FIGURE, "15家", "12家", question="15家里规上的几家？")
    assert not score(both, answered("15家。")).wrong_figure


def test_a_lost_bound_is_told() -> None:
    """约400吨 stated as 400吨 is right, with the difference among the reasons."""
    item = asked(Kind.FIGURE, "超4000万元")
    assert score(item, answered("省4000万元。")).reasons == ("界限词不同：原文超4000万元，答4000万元",)
    assert score(item, answered("省超4000万元。")).reasons == ()


@pytest.mark.parametrize(
    ("printed", "text", "verdict"),
    [
        ("超30公里", "全程约30公里。", PARTIAL),
        ("超30公里", "全程不到30公里。", PARTIAL),
        ("超30公里", "全程至少30公里。", CORRECT),
        ("超30公里", "全程30公里。", CORRECT),
        ("约400吨", "每天超400吨。", PARTIAL),
        ("30公里", "全程约30公里。", CORRECT),
    ],
)
def test_a_bound_of_another_sense_is_half_right(printed: str, text: str, verdict: Outcome) -> None:
    """约 or 不到 for 超 says something else; one left out, or added to a figure without, will do."""
    assert score(asked(Kind.FIGURE, printed), answered(text)).verdict is verdict


def test_one_operand_in_the_place_of_the_result_is_a_false_figure() -> None:
    """增长了160亿元 for the difference of 160 and 60; both operands told are half of it."""
    item = asked(Kind.COMPUTE, "60亿元", "160亿元", result=Result(Decimal(10_000_000_000), "元"))
    for text, verdict, wrong in (
        ("2025年比2020年增长了160亿元，年均21.7%。", WRONG, True),
        ("产量大约是36万吨。", WRONG, True),
        ("2020年60亿元，2025年160亿元。", PARTIAL, False),
        ("多出不少。", WRONG, False),
    ):
        judged = score(item, answered(text))
        assert (judged.verdict, judged.wrong_figure) == (verdict, wrong), text


@pytest.mark.parametrize(
    ("text", "verdict", "wrong"),
    [
        ("2020年60亿元，2025年160亿元。", CORRECT, False),
        ("从60亿元增长到160亿元。", CORRECT, False),
        ("2025年160亿元。", PARTIAL, False),
        ("160亿元。", PARTIAL, False),
        ("从60亿元增长到180亿元。", PARTIAL, True),
        ("从50亿元增长到180亿元。", WRONG, True),
        ("大有增长。", WRONG, False),
        ("60亿元。原文：“从60亿元增长到160亿元”", PARTIAL, False),
        ("原文：“从60亿元增长到160亿元”", CORRECT, False),
        ("从60亿元增长到160亿元。原文：“从60亿元增长到160亿元”", CORRECT, False),
    ],
)
def test_several_figures_are_all_needed(text: str, verdict: Outcome, wrong: bool) -> None:
    """Some of the figures make an answer partial; one in the place of a missing one is a wrong figure."""
    judged = score(asked(Kind.MULTI_FIGURE, "60亿元", "160亿元"), answered(text))
    assert (judged.verdict, judged.wrong_figure) == (verdict, wrong), judged.reasons


RESULT = Result(Decimal("10.04"), "个百分点", Decimal(0))


@pytest.mark.parametrize(
    ("text", "verdict", "wrong"),
    [
        ("漂流更快，18.41%对8.37%，快10.04个百分点。", CORRECT, False),
        ("漂流更快，快10.04%。", WRONG, True),
        ("漂流更快，快11.04个百分点。", WRONG, True),
        ("快10.04个百分点。", PARTIAL, False),
        ("漂流18.41%，景区8.37%。", PARTIAL, False),
        ("漂流更快。", WRONG, False),
        ("18.41%。漂流如此。", WRONG, True),
        ("原文：“漂流18.41%，景区8.37%，高过河20%”", PARTIAL, False),
    ],
)
def test_a_comparison_needs_its_result(text: str, verdict: Outcome, wrong: bool) -> None:
    """The difference and the winner are both needed; the inputs alone are half of it, and never a wrong figure."""
    item = asked(Kind.COMPARE, "8.37%", "18.41%", result=RESULT, must_mention=(("漂流",),))
    judged = score(item, answered(text))
    assert (judged.verdict, judged.wrong_figure) == (verdict, wrong), judged.reasons


def test_a_computation_is_right_within_its_tolerance() -> None:
    """160 / 60 may be told as 2.67倍, not as 2.6倍 or 267%."""
    item = asked(Kind.COMPUTE, "60亿元", "160亿元", result=Result(Decimal("2.6667"), "倍", Decimal("0.01")))
    assert score(item, answered("是2.67倍（160亿元÷60亿元）。")).verdict is CORRECT
    for text in ("是2.6倍。", "是267%。"):
        judged = score(item, answered(text))
        assert (judged.verdict, judged.wrong_figure) == (WRONG, True), text


@pytest.mark.parametrize(
    ("text", "caveats", "verdict", "wrong"),
    [
        ("版面印作301.6亿元，存疑。", (), CORRECT, False),
        ("301.6亿元。", (Caveat(CaveatKind.SUSPECT, "比全年还多。"),), CORRECT, False),
        ("301.6亿元。", (Caveat(CaveatKind.PERIOD, "今年指2025年。"),), PARTIAL, False),
        ("301.6亿元。", (), PARTIAL, False),
        ("30.16亿元。", (), WRONG, True),
        ("见版面。", (Caveat(CaveatKind.SUSPECT, "301.6亿元比全年还多。"),), CORRECT, False),
    ],
)
def test_a_suspect_figure_needs_its_doubt(
    text: str, caveats: tuple[Caveat, ...], verdict: Outcome, wrong: bool
) -> None:
    """A misprint stated without a word of doubt is half an answer; a silently corrected one is a wrong figure."""
    judged = score(asked(Kind.CONFLICT, "301.6亿元"), answered(text, caveats=caveats))
    assert (judged.verdict, judged.wrong_figure) == (verdict, wrong), judged.reasons


def test_a_contradiction_is_told_by_both_values_when_pages_differ() -> None:
    """Two pages' values told together show the contradiction; two values of one sentence need the doubt."""
    pages = asked(Kind.CONFLICT, "54家", "58家", stories=("a.md#x", "b.md#y"))
    sentence = replace(pages, stories=("a.md#x",))
    assert score(pages, answered("4月称54家，11月称58家。")).verdict is CORRECT
    assert score(sentence, answered("从54家到58家。")).verdict is PARTIAL
    assert score(sentence, answered("从54家到58家，前后矛盾。")).verdict is CORRECT


def test_text_is_judged_by_what_it_mentions() -> None:
    """All groups are correct, some partial, none wrong; no figures are counted."""
    item = GoldItem("i", "谁？", Kind.LIST, must_mention=(("南宁",), ("北海", "Beihai")))
    verdicts = [score(item, answered(text)).verdict for text in ("南宁和北海", "南宁、beihai", "北海市", "桂林")]
    assert verdicts == [CORRECT, CORRECT, PARTIAL, WRONG]


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.UNANSWERABLE])
def test_declining_is_its_own_verdict(kind: Kind) -> None:
    """To decline what the pages answer is neither right nor a wrong figure, even when near figures are shown."""
    judged = score(asked(kind, "3个", must_mention=(("x",),)), answered("没有写到，最接近的是4个。", declined=True))
    assert (judged.verdict, judged.wrong_figure, judged.cited) == (DECLINED, False, None)


def test_what_the_pages_do_not_say_must_be_declined() -> None:
    """Only declining is right; a figure offered instead is a wrong figure, a year or the question's own is not."""
    item = GoldItem("i", "2023年的58家产值多少？", Kind.UNANSWERABLE)
    assert score(item, answered("版面上没有写到。", declined=True)).verdict is CORRECT
    offered = score(item, answered("2023年产值是5亿元。"))
    assert (offered.verdict, offered.wrong_figure) == (WRONG, True)
    vague = score(item, answered("2023年58家产值不详。"))
    assert (vague.verdict, vague.wrong_figure) == (WRONG, False)


def test_an_item_without_anything_to_look_for_is_unscored() -> None:
    """A gold item that cannot be judged does not count against the answer."""
    item = GoldItem("i", "？", Kind.FIGURE, (Fact(Decimal(2017), "年"),))
    assert score(item, answered("2017年。")).verdict is Outcome.UNSCORED
    assert score(replace(item, acceptable=("2017年",)), answered("2017年。")).verdict is CORRECT
    assert score(replace(item, acceptable=("2017",)), answered("20171年。")).verdict is WRONG


@pytest.mark.parametrize(
    ("text", "phrase", "held"),
    [
        ("占比12.3%", "2.3%", False),
        ("占比12.3%", "12.3", True),
        ("占比12.34%", "12.3", False),
        ("共1,200家", "1200家", True),
        ("共1,200家", "200家", False),
        ("共 ３０ 家", "30家", True),
        ("GB", "g b", False),
        ("第5G网", "5g", True),
    ],
)
def test_a_phrase_is_held_by_whole_numbers(text: str, phrase: str, held: bool) -> None:
    """A number in a phrase never matches inside a longer one; width, case and spaces around Chinese do not matter."""
    assert mentions(text, phrase) is held


@pytest.mark.parametrize("item", gold.load(gold.PROJECT_SET), ids=lambda item: item.id)
def test_the_gold_set_accepts_its_own_answer(item: GoldItem) -> None:
    """An answer that states just the facts is right for every item of the project's set, one ten times off is not."""
    words = "、".join(group[0] for group in item.must_mention)
    parts = [f"{one.subject}{one.metric}{one.printed}" for one in item.facts]
    if item.result:
        parts.append(f"{words}，结果{item.result.value}{item.result.unit}")
    text = "；".join(parts) or words
    if item.type is Kind.CONFLICT:
        text += "，存疑"
    assert score(item, answered(text, declined=item.type is Kind.UNANSWERABLE)).verdict is CORRECT
    if item.type in (Kind.FIGURE, Kind.MULTI_FIGURE):
        figures = [figure for one in item.facts if (figure := expected(one))]
        wrong = "；".join(f"{figure.value * 10}{figure.unit}" for figure in figures)
        judged = score(item, answered(wrong))
        assert (judged.verdict, judged.wrong_figure) == (WRONG, True)
