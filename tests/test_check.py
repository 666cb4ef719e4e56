"""The check of drafts: what the sources print, so and of that, is borne out; anything else is told, with its reason."""

import pytest

from assistant import check
from assistant.check import LONGEST
from assistant.check.pace import another, pace
from assistant.errors import SettingError
from assistant.records import Checked, CheckedNumber, Fault, Passage, Source, Span, Stated, Verdict

PAGE = (
    "2024年，青禾开发区规上工业总产值突破52.36亿元，同比增长7.8%。园区现有纺织企业41家、印染企业18家。"
    "青禾开发区的远岭织造公司每天出布约400匹，单日最高出布900匹。\n"
    "兰亭开发区2024年规上工业总产值为31.07亿元，同比下降1.4%。兰亭开发区年产茶机240万台，产品销往30多个国家。\n"
    "远岭织造公司采购成本降低15%、库存成本降低25%，次品率从3.6%降到1.2%，提高2.4个百分点的良品率。"
)
BEFORE = "2023年，青禾开发区规上工业总产值为48.57亿元。"


def passage(text: str, date: str = "2025-03-15", headline: str = "") -> Passage:
    return Passage(
        text[:8], text[:8], Source(file="page.md", headline=headline, date=date), text, (Span(0, 0, len(text)),)
    )


def only(draft: str, number: str, *sources: str) -> CheckedNumber:
    """The draft's number of these words, checked."""
    numbers = check(draft, [passage(one) for one in sources or (PAGE,)], suspicions=()).numbers
    return next(one for one in numbers if one.text == number)


@pytest.mark.parametrize(
    ("draft", "number"),
    [
        ("2024年青禾开发区规上工业总产值突破52.36亿元。", "突破52.36亿元"),
        ("青禾开发区去年的规上工业总产值超过52.36亿元。", "超过52.36亿元"),
        ("青禾开发区规上工业总产值超52亿元。", "超52亿元"),
        ("青禾开发区规上工业总产值增长7.8%。", "7.8%"),
        ("兰亭开发区规上工业总产值为310700万元。", "310700万元"),
        ("兰亭开发区规上工业总产值约31亿元。", "约31亿元"),
        ("兰亭开发区规上工业总产值下降1.4%。", "1.4%"),
        ("远岭织造库存成本降低25%。", "25%"),
        ("远岭织造日均出布约400匹。", "约400匹"),
    ],
)
def test_what_a_source_prints_is_quoted(draft: str, number: str) -> None:
    """In other words, another unit or less exactly, so long as it says no more than the print; with its sentence."""
    found = only(draft, number)
    assert (found.verdict, found.fault, found.reason) == (Verdict.QUOTED, None, "")
    assert found.citations[0].quote in PAGE


@pytest.mark.parametrize(
    ("draft", "number", "fault", "told"),
    [
        ("青禾开发区规上工业总产值突破52.63亿元。", "突破52.63亿元", Fault.VALUE, "突破52.36亿元"),
        ("青禾开发区规上工业总产值突破52.36万元。", "突破52.36万元", Fault.UNIT, "数量级不同"),
        ("青禾开发区规上工业总产值增长7.8个百分点。", "7.8个百分点", Fault.UNIT, "百分比与百分点不同"),
        ("青禾开发区规上工业总产值52.36亿元。", "52.36亿元", Fault.BOUND, "稿中写成确数"),
        ("兰亭开发区规上工业总产值增长1.4%。", "1.4%", Fault.DIRECTION, "升降相反"),
        ("2023年，兰亭开发区规上工业总产值为31.07亿元。", "31.07亿元", Fault.PERIOD, "2024年"),
        ("青禾开发区年产茶机240万台。", "240万台", Fault.SUBJECT, "兰亭开发区"),
        ("远岭织造公司年产茶机240万台。", "240万台", Fault.SUBJECT, "兰亭开发区"),
        ("白鹭开发区年产茶机240万台。", "240万台", Fault.SUBJECT, "兰亭开发区"),
        ("远岭织造公司采购成本降低25%、库存成本降低15%。", "25%", Fault.METRIC, "15%"),
        ("远岭织造公司每月出布约400匹。", "约400匹", Fault.PERIOD, "每天"),
        ("远岭织造公司平均每天出布900匹。", "900匹", Fault.PERIOD, "最高值"),
        ("青禾开发区现有纺织企业18家。", "18家", Fault.METRIC, "41家"),
        ("青禾开发区出口额达9.9亿元。", "9.9亿元", Fault.ABSENT, ""),
    ],
)
def test_what_no_source_prints_so_is_told(draft: str, number: str, fault: Fault, told: str) -> None:
    """A wrong digit, magnitude, unit, bound, direction, year, firm, thing or pace is a fault, told in Chinese."""
    found = only(draft, number)
    assert (found.verdict, found.fault) == (Verdict.UNSUPPORTED, fault)
    assert told in found.reason
    assert any("一" <= letter <= "鿿" for letter in found.reason)


def test_the_printed_page_itself_raises_no_alarm() -> None:
    """Every number of a source, word for word, is borne out by it."""
    assert check(PAGE, [passage(PAGE)]).unsupported == ()


@pytest.mark.parametrize(
    ("draft", "number", "formula"),
    [
        (
            "2024年，青禾开发区规上工业总产值51.07亿元，比2023年的48.57亿元增加2.5亿元。",
            "2.5亿元",
            "51.07亿元 - 48.57亿元",
        ),
        (
            "2024年，青禾开发区规上工业总产值51.07亿元，兰亭开发区31.07亿元，合计82.14亿元。",
            "82.14亿元",
            "51.07亿元 + 31.07亿元",
        ),
    ],
)
def test_what_follows_in_one_step_is_computed(draft: str, number: str, formula: str) -> None:
    """A difference or a sum that the draft's words ask for is shown with its formula and its operands' sentences."""
    sources = (BEFORE, "2024年，青禾开发区规上工业总产值为51.07亿元。", "2024年，兰亭开发区规上工业总产值为31.07亿元。")
    found = only(draft, number, *sources)
    assert (found.verdict, found.fault, found.reason, found.formula) == (Verdict.COMPUTED, None, "", formula)
    assert len(found.citations) == 2
    off = number.replace("82.14", "82.41").replace("2.5", "2.6")
    assert only(draft.replace(number, off), off, *sources).verdict is Verdict.UNSUPPORTED


def test_a_text_without_numbers_has_nothing_to_check() -> None:
    """Words alone are no figures."""
    assert check("青禾开发区规上工业总产值再创新高，远岭织造立了功。", [PAGE]).numbers == ()


@pytest.mark.parametrize(
    ("date", "verdict"), [("2025-03-20", Verdict.QUOTED), ("2026-03-20", Verdict.UNSUPPORTED), ("", Verdict.QUOTED)]
)
def test_the_drafts_own_date_tells_its_year(date: str, verdict: Verdict) -> None:
    """去年3月 of a draft of 2026 is none of a page of 2025; without a date it is taken for the page's."""
    source = passage("今年3月1日，青禾中学启用新食堂。")
    numbers = check("3月1日，青禾中学启用新食堂。", [source], date=date, suspicions=()).numbers
    assert [one.verdict for one in numbers] == [verdict]


@pytest.mark.parametrize("stated", ["2022年4月到2024年2月", "2023年4月到2024年3月"])
def test_both_ends_of_a_stretch_are_told(stated: str) -> None:
    """A stretch within a longer one is no print of the longer one."""
    source = "从2023年4月到2024年2月，分解了秸秆100余吨。"
    assert only(f"从{stated}，分解了秸秆100余吨。", stated, source).verdict is Verdict.UNSUPPORTED
    assert only(source, "2023年4月到2024年2月", source).verdict is Verdict.QUOTED


def test_numbers_in_names_and_scores_are_checked() -> None:
    """第7车间 is not 第8车间, 3比2 is not 3比1."""
    source = "青禾队以3比2战胜兰亭队，第7车间获奖。"
    wrong = check("青禾队以3比1战胜兰亭队，第8车间获奖。", [source]).unsupported
    assert [(one.kind, one.text) for one in wrong] == [(Stated.NAME, "3比1"), (Stated.NAME, "第8")]
    assert check("青禾队以3比2战胜兰亭队，第7车间获奖。", [source]).unsupported == ()


def test_a_figure_that_the_source_gives_reason_to_doubt_says_so() -> None:
    """What a source prints is quoted as printed; what its own arithmetic says against it stands beside."""
    source = "青禾布匹产量从145万吨提升至20万吨，增长12%。"
    found = only("青禾布匹产量提升至20万吨。", "20万吨", source)
    assert found.verdict is Verdict.QUOTED
    doubted = check("青禾布匹产量提升至20万吨。", [source]).numbers
    assert any(one.doubts for one in doubted)


def test_offsets_are_those_of_the_draft() -> None:
    """Each number stands where it says, and they are in order."""
    draft = "第一行没有。\n2024年，青禾开发区总产值突破52.36亿元，同比增长7.8%。"
    numbers = check(draft, [PAGE]).numbers
    assert [draft[one.start : one.end] for one in numbers] == [one.text for one in numbers]
    assert [one.start for one in numbers] == sorted(one.start for one in numbers)


def test_an_english_draft_of_a_chinese_page() -> None:
    """Equal values are found across the languages, and so is a digit that is wrong."""
    found: Checked = check("In 2024, output exceeded 5.236 billion yuan, 41 firms.", [PAGE], suspicions=())
    assert [one.verdict for one in found.numbers if "billion" in one.text] == [Verdict.QUOTED]
    found = check("In 2024, output exceeded 5.336 billion yuan.", [PAGE], suspicions=())
    assert [one.verdict for one in found.numbers if "billion" in one.text] == [Verdict.UNSUPPORTED]


@pytest.mark.parametrize(
    ("text", "passages", "said"),
    [
        ("", [PAGE], "empty"),
        (" \n", [PAGE], "empty"),
        ("产值5亿元。", [], "at least one passage"),
        ("产值5亿元。", ["  "], "at least one passage"),
        ("长" * (LONGEST + 1), [PAGE], "at most"),
    ],
)
def test_what_cannot_be_checked_is_refused(text: str, passages: list[str], said: str) -> None:
    """No text, too much of it, or nothing to hold it against is an error that tells what to do."""
    with pytest.raises(SettingError, match=said):
        check(text, passages)


def test_the_order_of_the_passages_changes_no_verdict() -> None:
    """The same numbers are borne out, whichever source comes first."""
    draft = "2023年，青禾开发区规上工业总产值为48.57亿元；兰亭开发区规上工业总产值为31.07亿元，园区企业99家。"
    one = check(draft, [PAGE, BEFORE], suspicions=())
    other = check(draft, [BEFORE, PAGE], suspicions=())
    assert [number.verdict for number in one.numbers] == [number.verdict for number in other.numbers]


@pytest.mark.parametrize(
    ("stated", "printed", "differ"),
    [
        ("每月出货", "每天出货", True),
        ("日均出货", "每天出货", False),
        ("平均每天出货", "单日最高出货", True),
        ("出货", "每天出货", False),
        ("每年出货", "年产", False),
    ],
)
def test_pace(stated: str, printed: str, differ: bool) -> None:
    """A month's figure is not a day's, a peak is no average; where one of them names none, nothing is told."""
    assert another(pace(stated, len(stated)), pace(printed, len(printed))) is differ


def test_values_are_exact() -> None:
    """A figure of 25 digits is held to the last of them: no float comes between."""
    source = "总量1000000000000000000000001吨。"
    assert only("总量1000000000000000000000001吨。", "1000000000000000000000001吨", source).verdict is Verdict.QUOTED
    wrong = only("总量1000000000000000000000002吨。", "1000000000000000000000002吨", source)
    assert wrong.verdict is Verdict.UNSUPPORTED
