"""Formulas: units are reckoned with as numbers are, bounds reach the result, what does not hold is told."""

import pytest

from assistant import figures
from assistant.arithmetic import allows, bare, holds, solve
from assistant.records import Bound, Figure


def printed(text: str) -> Figure:
    """The one figure of a print."""
    (figure,) = figures.find(text)
    return figure


@pytest.mark.parametrize(
    ("left", "unit", "formula"),
    [
        ("12.5%−9.25%", "个百分点", "12.5%−9.25%=3.25个百分点"),
        ("62.5亿元+4800万元", "元", "62.5亿元+4800万元=62.98亿元"),
        ("144家−（20家+17家）", "家", "144家−（20家+17家）=107家"),
        ("9000元÷600斤", "元/斤", "9000元÷600斤=15元/斤"),
        ("240万把÷144家", "把/家", "240万把÷144家≈16667把/家"),
        ("1200万度÷500万千瓦时/天", "天", "1200万度÷500万千瓦时/天=2.4天"),
        ("50吨/天×30天", "吨", "50吨/天×30天=1500吨"),
        ("90万吨÷12个月", "吨/个月", "90万吨÷12个月=7.5万吨/个月"),
        ("900人÷30%", "人", "900人÷30%=3000人"),
        ("5亿吨×40%", "吨", "5亿吨×40%=2亿吨"),
        ("62.5亿元÷（1+25%）", "元", "62.5亿元÷（1+25%）=50亿元"),
        ("（110亿元÷40亿元）^（1÷3）−1", "%", "（110亿元÷40亿元）^（1÷3）−1≈40.1%"),
        ("1+23.9%", "倍", "1+23.9%=1.239倍"),
        ("100%−43.3%", "%", "100%−43.3%=56.7%"),
        ("49个÷93家", "%", "49个÷93家≈52.69%"),
        ("46.5万元÷（3200辆+517辆）", "元/辆", "46.5万元÷（3200辆+517辆）≈125元/辆"),
    ],
)
def test_a_formula_is_worked_out_in_its_unit(left: str, unit: str, formula: str) -> None:
    """The result has the unit asked for, no more digits than the operands allow, and ≈ where it is rounded."""
    solved = solve(left, unit)
    assert solved.formula == formula
    assert holds(formula)


@pytest.mark.parametrize(
    ("left", "unit"),
    [
        ("5亿元+3吨", "元"),
        ("5亿元−30%", "元"),
        ("5亿元÷3亿元", "元"),
        ("50吨×30天", "吨"),
        ("5家÷0家", "倍"),
        ("5亿元+", "元"),
        ("（5亿元+3亿元", "元"),
        ("5亿元÷3家", "元/吨"),
        ("", "元"),
    ],
)
def test_what_does_not_come_out_in_the_unit_is_refused(left: str, unit: str) -> None:
    """Figures of measures that do not go together, division by nought and what is no formula have no result."""
    with pytest.raises(ValueError, match=r"."):
        solve(left, unit)


@pytest.mark.parametrize(
    "formula",
    [
        "12.5%−9.25%=3.35个百分点",
        "5亿元+3亿元=8万元",
        "5亿元+3亿元≈8.1亿元",
        "64家÷23家=2.783倍",
        "50吨×30天=1500吨",
        "5亿元=3亿元=8亿元",
        "约五亿元",
    ],
)
def test_a_formula_that_does_not_come_out_does_not_hold(formula: str) -> None:
    """A wrong digit, unit, rounding told as exact, or no equation at all."""
    assert not holds(formula)


@pytest.mark.parametrize(
    ("left", "unit", "given", "told"),
    [
        ("61.05亿元−57.21亿元", "元", ("突破61.05亿元", "57.21亿元"), "超3.84亿元"),
        ("61.05亿元−57.21亿元", "元", ("61.05亿元", "超57.21亿元"), "不到3.84亿元"),
        ("500万元−400万元", "元", ("超500万元", "超400万元"), "约100万元"),
        ("500万元+400万元", "元", ("超500万元", "超400万元"), "超900万元"),
        ("900人÷30%", "人", ("900人", "近30%"), "约3000人"),
        ("3200辆÷500辆", "倍", ("超3200辆", "500辆"), "超6.4倍"),
    ],
)
def test_bounds_reach_the_result(left: str, unit: str, given: tuple[str, ...], told: str) -> None:
    """More than one less a fixed one is more than their difference; open to both sides, it is about so much."""
    known = {bare(printed(text)): printed(text) for text in given}
    solved = solve(left, unit, known)
    assert solved.figure.text == told
    assert allows(solved.formula, known, printed(told))
    exact = figures.find(solved.formula.partition("=")[2])[0]
    assert exact.bound is Bound.EXACT
    assert not allows(solved.formula, known, exact), "without its bound the result says more than the pages do"
