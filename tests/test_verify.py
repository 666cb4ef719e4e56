"""The check: what no cited sentence prints is unsupported, in value, unit and bound."""

import pytest
from conftest import sentence_evidence

from assistant import verify
from assistant.records import Verdict

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
