"""The check: what no cited sentence prints is unsupported, in value, unit and bound."""

import pytest
from conftest import sentence_evidence

from assistant import aliases, verify
from assistant.check.answering import Asked
from assistant.question import understand
from assistant.records import Fault, Verdict

PRINTED = "2024年，园区总产值突破52.36亿元，同比增长7.8%，约240万把，企业41家，比上年提高5个百分点。"
USED = (sentence_evidence(PRINTED),)


def unsupported(text: str) -> bool:
    """Whether either check finds something that the evidence does not print; what is unsupported cites nothing."""
    wrong = [check for check in verify.check(text, USED) if check.verdict is Verdict.UNSUPPORTED]
    assert all(check.citation == "" for check in wrong)
    return bool(wrong or verify.stray_digits(text, USED))


@pytest.mark.parametrize(
    "text",
    [
        "总产值突破52.36亿元。",
        "总产值超52.36亿元。",
        "总产值超过523600万元。",
        "增长7.8%，企业41家。",
        "约240万把。",
        "提高5个百分点。",
        "more than 5.236 billion yuan",
        "没有数字。",
        "",
    ],
)
def test_a_figure_of_the_evidence_is_quoted(text: str) -> None:
    """Equal value, unit and bound, however written, are borne by the sentence and name it."""
    checks = verify.check(text, USED)
    assert all(check.verdict is Verdict.QUOTED and check.citation == USED[0].key for check in checks)


@pytest.mark.parametrize(
    "text",
    [
        "总产值突破52.63亿元。",
        "总产值突破52.36万元。",
        "总产值52.36亿元。",
        "总产值不到52.36亿元。",
        "总产值约52.36亿元。",
        "增长7.8个百分点。",
        "提高5%。",
        "增长78%。",
        "增长12.7.8%。",
        "企业410家。",
        "企业四十二家。",
        "240万把。",
        "总产值翻了一番。",
        "超过六成。",
        "5.236 billion yuan",
        "总产值是上年的52.36倍。",
    ],
)
def test_any_other_figure_is_unsupported(text: str) -> None:
    """Another digit, magnitude, unit or bound is not what was printed."""
    assert unsupported(text)


def test_nothing_cited_bears_nothing() -> None:
    """Without evidence every figure is unsupported and every digit astray."""
    assert {check.verdict for check in verify.check("突破52.36亿元，41家", ())} == {Verdict.UNSUPPORTED}
    assert verify.stray_digits("52.36", ()) == ("52.36",)


def test_checks_are_in_order_with_their_places() -> None:
    """One check a figure, left to right, each at its place in the text; keys in brackets are no figures."""
    text = f"企业41家，[{USED[0].key}]增长7.8%，企业99家。[123456]"
    checks = verify.check(text, USED)
    assert [check.figure.text for check in checks] == ["41家", "7.8%", "99家"]
    assert all(text[check.figure.start : check.figure.end] == check.figure.text for check in checks)
    assert [check.verdict for check in checks] == [Verdict.QUOTED, Verdict.QUOTED, Verdict.UNSUPPORTED]


@pytest.mark.parametrize(
    ("text", "stray"),
    [
        ("2024年企业41家", ()),
        ("2025年03月", ()),  # the page's date is 2025-03
        ("编号7", ("7",)),
        ("41", ()),
        ("4 1", ("4", "1")),
        ("52.36和52.3", ("52.3",)),
        ("７.８", ("７.８",)),
        ("G318国道", ("318",)),
        (f"企业41家[{USED[0].key}]", ()),
    ],
)
def test_a_number_outside_figures_must_be_printed_too(text: str, stray: tuple[str, ...]) -> None:
    """Years, codes and bare numbers that the sentence, its headline and its date do not print are astray."""
    assert verify.stray_digits(text, USED) == stray


@pytest.mark.parametrize("text", ["总产值[523600]亿元", "企业[410000]家"])
def test_only_the_keys_of_the_evidence_are_keys(text: str) -> None:
    """A number that a model puts in brackets is a number."""
    assert unsupported(text)


@pytest.mark.parametrize("digit", ["٣", "३", "②", "²", "½", "Ⅷ", "㈤", "𝟗"])
def test_digits_of_other_scripts_are_astray(digit: str) -> None:
    """A reader takes ② and ٣ for numbers, so a model must not write them either."""
    assert verify.stray_digits(f"总产值{digit}", USED) == (digit,)


TWO_PARKS = (
    "2024年，青禾开发区规上工业总产值突破52.36亿元，同比增长7.8%，兰亭开发区年产茶机240万台。"
    "青禾开发区现有纺织企业41家，其中规上企业18家，每天出布约400匹。"
)


def asked(question: str) -> Asked:
    evidence = sentence_evidence(TWO_PARKS)
    return Asked(question, [evidence.passage], aliases.learn([TWO_PARKS]))


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        ("青禾开发区2024年规上工业总产值是多少？", "突破52.36亿元"),
        ("青禾开发区的规上工业总产值增长了多少？", "7.8%"),
        ("兰亭开发区一年产多少台茶机？", "240万台"),
        ("青禾开发区有几家规上企业？", "18家"),
        ("青禾开发区一天出多少匹布？", "约400匹"),
        ("What was the output value in 2024?", "突破52.36亿元"),
    ],
)
def test_a_figure_that_answers_meets_no_objection(question: str, figure: str) -> None:
    """Of the asked subject, year and metric, however the question words them."""
    assert asked(question).against(figure) is None


@pytest.mark.parametrize(
    ("question", "figure", "fault", "told"),
    [
        ("青禾开发区2023年规上工业总产值是多少？", "突破52.36亿元", Fault.PERIOD, "2024年"),
        ("白鹭开发区2024年规上工业总产值是多少？", "突破52.36亿元", Fault.SUBJECT, "青禾开发区"),
        ("青禾开发区一年产多少台茶机？", "240万台", Fault.SUBJECT, "兰亭开发区"),
        ("青禾开发区每月出多少匹布？", "约400匹", Fault.PERIOD, "每天"),
        ("青禾开发区的规上工业总产值下降了多少？", "7.8%", Fault.DIRECTION, "升降相反"),
    ],
)
def test_a_figure_of_another_thing_answers_nothing(question: str, figure: str, fault: Fault, told: str) -> None:
    """A wrong subject, year or pace is an objection though the digits stand on the page, with what they are of."""
    found = asked(question).against(figure)
    assert found is not None
    assert found.fault is fault
    assert told in found.reason


def test_the_figure_in_its_place_is_named() -> None:
    """Where the sentence prints what was asked beside what was answered, the objection carries it."""
    found = asked("青禾开发区其中规上企业有几家？").against("41家")
    assert found is not None
    assert found.instead is not None
    assert (found.instead.text, found.passage_id) == ("18家", sentence_evidence(TWO_PARKS).passage.id)


def test_the_check_holds_the_answer_against_the_question() -> None:
    """What the text states in its own words is judged; what it quotes is only held against the print."""
    used = (sentence_evidence(TWO_PARKS),)
    text = f"突破52.36亿元。原文：“2024年，青禾开发区规上工业总产值突破52.36亿元”[{used[0].key}]"
    right = verify.check(text, used, asked=asked("青禾开发区2024年规上工业总产值是多少？"))
    wrong = verify.check(text, used, asked=asked("青禾开发区2023年规上工业总产值是多少？"))
    assert [check.verdict for check in right] == [Verdict.QUOTED, Verdict.QUOTED]
    assert [check.verdict for check in wrong] == [Verdict.UNSUPPORTED, Verdict.QUOTED]
    assert "2024年" in wrong[0].reason
    assert right[0].reason == ""


def test_a_quotation_as_it_stands_is_borne_by_its_sentence() -> None:
    """“三大”产业 is no figure in print; within other marks it may read as one, and is still the page's own."""
    printed = "青禾“三大”特色产业同步推进。"
    used = (sentence_evidence(printed),)
    checks = verify.check(f"原文：“青禾‘三大’特色产业同步推进”[{used[0].key}]", used)
    assert {check.verdict for check in checks} <= {Verdict.QUOTED}
    changed = verify.check(f"原文：“青禾‘五大’特色产业同步推进”[{used[0].key}]", used)
    assert Verdict.QUOTED not in {check.verdict for check in changed}


TWO = (
    sentence_evidence("甲园区产值突破61.05亿元。", key="aaa111"),
    sentence_evidence("乙园区产值57.21亿元，占比近30%。", key="bbb222"),
)


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("多3.84亿元以上（61.05亿元−57.21亿元=3.84亿元）。", "61.05亿元−57.21亿元=3.84亿元"),
        ("合计超118.26亿元（61.05亿元+57.21亿元=118.26亿元）。", "61.05亿元+57.21亿元=118.26亿元"),
        ("约190.7亿元（57.21亿元÷30%=190.7亿元）。", "57.21亿元÷30%=190.7亿元"),
        ("乙园区占比近30%，其余约70%（100%−30%=70%）。", "100%−30%=70%"),
    ],
)
def test_what_a_formula_of_printed_figures_comes_to_is_computed(text: str, formula: str) -> None:
    """The result is COMPUTED by its formula; each operand within it is QUOTED from the sentence that prints it."""
    checks = verify.check(text, TWO, [formula])
    assert {check.verdict for check in checks} == {Verdict.QUOTED, Verdict.COMPUTED}
    assert [check.figure.start for check in checks] == sorted(check.figure.start for check in checks)
    for check in checks:
        assert text[check.figure.start : check.figure.end] == check.figure.text
        assert (check.formula == formula) is (check.verdict is Verdict.COMPUTED)


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("多3.84亿元（61.05亿元−57.21亿元=3.84亿元）。", "61.05亿元−57.21亿元=3.84亿元"),  # the bound is lost
        ("超3.85亿元（61.05亿元−57.21亿元=3.85亿元）。", "61.05亿元−57.21亿元=3.85亿元"),  # does not come out
        ("超2.05亿元（61.05亿元−59亿元=2.05亿元）。", "61.05亿元−59亿元=2.05亿元"),  # an operand that nothing prints
        ("约190.7亿元（57.21亿元÷30%=190.7亿元），共9亿元。", "57.21亿元÷30%=190.7亿元"),  # a figure beside it
        ("约14.3亿元（57.21亿元÷4≈14.3亿元）。", "57.21亿元÷4≈14.3亿元"),  # a number that is no span of years
    ],
)
def test_what_a_formula_does_not_bear_is_unsupported(text: str, formula: str) -> None:
    """A wrong result, a bound that is lost, an operand or a number from nowhere, a figure that it does not give."""
    checks = verify.check(text, TWO, [formula])
    assert any(check.verdict is Verdict.UNSUPPORTED for check in checks)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("松石集团有限公司由王松负责。", ()),
        ("竹溪集团有限公司由王松负责。", ("竹溪集团有限公司",)),
        ("原文：“竹溪集团有限公司由王松负责”", ()),
        ("青禾经开区总经理李四说了。", ("李四",)),
    ],
)
def test_a_name_that_nobody_told_is_the_models_own(text: str, names: tuple[str, ...]) -> None:
    """A firm that neither the question nor the pages name is found; what is quoted is held against the print."""
    query = understand("青禾经开区的松石集团有限公司由谁负责？")
    evidence = sentence_evidence("松石集团有限公司的总经理是王松。")
    assert verify.strange_names(text, query, [evidence]) == names
