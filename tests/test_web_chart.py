"""Charts: what is drawn and what is not, and that a bar is as long as its figure says."""

import re
from datetime import date
from decimal import Decimal

from assistant.records import Basis, Bound, Claim, Figure, Period, Told
from assistant.web.chart import charts


def told(year: int, value: str, *, subject: str = "青禾开发区", comparison: str = "", unit: str = "元") -> Told:
    text = f"{value}{unit}"
    figure = Figure(text, Decimal(value), unit, "money", Bound.EXACT, 0, len(text))
    period = Period(date(year, 1, 1), date(year, 12, 31), f"{year}年", Basis.PRINTED)
    return Told(Claim(figure, subject, "产值", period, comparison, "p"), text, "a.md", start=year, end=year + 1)


def bars(html: str) -> list[tuple[float, float]]:
    """The left end and width of each bar."""
    found = re.findall(r'<rect class="bar" x="([\d.]+)" y="\d+" width="([\d.]+)"', html)
    return [(float(left), float(wide)) for left, wide in found]


def test_a_bar_is_as_long_as_its_figure() -> None:
    """Invariant: bars begin at nought, in the order of time, twice the value twice as long, each with its print."""
    html = charts([told(2024, "200"), told(2022, "50"), told(2023, "100")])
    (first, *_), widths = bars(html), [wide for _, wide in bars(html)]
    assert widths[1] / widths[0] == 2
    assert widths[2] / widths[1] == 2
    assert {left for left, _ in bars(html)} == {first[0]}
    assert re.findall(r'class="figure"[^>]*>([^<]*)', html) == ["50元", "100元", "200元"]
    assert 'data-from="2022"' in html


def test_a_fall_below_nought_goes_the_other_way() -> None:
    (up, wide), (down, other) = bars(charts([told(2022, "30"), told(2023, "-10")]))
    assert round(down + other, 1) == up
    assert round(wide / other) == 3


def test_only_what_can_be_compared_is_put_together() -> None:
    """Invariant: one time, another subject, unit or way of comparing makes no chart; the ends of a change are times."""
    assert charts([told(2024, "1")]) == ""
    assert charts([told(2023, "1"), told(2024, "2", subject="兰亭镇")]) == ""
    assert charts([told(2023, "1"), told(2024, "2", unit="%")]) == ""
    assert charts([told(2023, "1"), told(2024, "2", comparison="同比")]) == ""
    assert len(bars(charts([told(2023, "1", comparison="起点"), told(2024, "2", comparison="终点")]))) == 2


def test_one_time_printed_differently_stands_twice() -> None:
    """Invariant: what two pages print alike stands once, what they print differently is not hidden."""
    html = charts([told(2023, "1"), told(2023, "1"), told(2024, "2"), told(2024, "3")])
    assert re.findall(r'class="figure"[^>]*>([^<]*)', html) == ["1元", "2元", "3元"]


def test_names_are_escaped() -> None:
    html = charts([told(year, "1", subject="<script>x</script>") for year in (2023, 2024)])
    assert "<script" not in html


def test_a_doubtful_figure_weighs_less() -> None:
    """Invariant: its bar is told from the others, to the eye and to a screen reader; the note says what it means."""
    sure, doubted = told(2023, "1"), told(2024, "200")
    html = charts([sure, doubted], {doubted})
    assert html.count('class="doubtful"') == 1
    assert "存疑 doubtful" in html
    assert "空心" in html
    assert "doubtful" not in charts([sure, doubted])
