"""When each figure of a text holds: its own date, the sentence's, the one told before, or the page's."""

import pytest

from assistant import claims, figures

MONTH = ("2025-08-01", "2025-08-31")


def when(text: str, printed: str, headline: str = "") -> tuple[str, str]:
    found = figures.find(text)
    told = claims.claims(text, found, headline=headline, page_date="2025-08")
    period = next(claim.period for claim in told if claim.figure.text == printed)
    return str(period.start), str(period.end)


@pytest.mark.parametrize(
    ("text", "printed", "days"),
    [
        # a date that belongs to one figure is no other's
        ("企业从2022年的15家增加到40家。", "15家", ("2022-01-01", "2022-12-31")),
        ("企业从2022年的15家增加到40家。", "40家", MONTH),
        ("产值从2021年的9亿元增加到2024年的13亿元，30家作坊在此扎根。", "30家", MONTH),
        # what is there now, and what goes on with it
        ("目前有店铺40间，其中连锁店9间。", "9间", MONTH),
        ("年排放粉尘2吨、废渣1吨。", "1吨", MONTH),
        # an event's date is not that of what is done every year
        ("2023年初，烘干厂建成，正式投产，一年能烘干粮食8万吨。", "8万吨", MONTH),
        ("2024年，全县年产茶叶8万吨。", "8万吨", ("2024-01-01", "2024-12-31")),
        # years of which only the end tells of a stock, but all of what was done
        ("“十四五”以来，全县累计新建茶园5万亩。", "5万亩", ("2021-01-01", "2025-08-31")),
        ("“十四五”以来，全县换了模样，30家作坊在此扎根。", "30家", MONTH),
        # carried from sentence to sentence, but not from years ago
        ("今年上半年，全县产值增长5%。全县出口增长7%。", "7%", ("2025-01-01", "2025-06-30")),
        ("2019年，全县工业占比达18%。电力装机达50万千瓦。", "50万千瓦", MONTH),
        ("过去五年，全县狠抓工业。该县增加值年均增长7%。", "7%", ("2020-09-01", "2025-08-31")),
    ],
)
def test_when(text: str, printed: str, days: tuple[str, str]) -> None:
    assert when(text, printed) == days


def test_a_box_has_the_year_that_heads_it() -> None:
    assert when("工业投资增长12%", "12%", headline="2024年成绩单") == ("2024-01-01", "2024-12-31")
