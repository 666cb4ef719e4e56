"""What a user writes becomes what is wanted; what is printed of it can be read by a program, and runs in none."""

import csv
import io
import json
from datetime import date

import pytest

from assistant import claims, figures, listing
from assistant.claim_index import Wanted
from assistant.errors import SettingError
from assistant.listing import Row
from assistant.records import Period, Suspicion, Told


def told(text: str, **more: object) -> Told:
    found = claims.claims(text, figures.find(text), page_date="2025-08")
    return Told(found[0], text, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("query", "words", "start", "end"),
    [
        ("", (), None, None),
        ("清镇经开区 产值", ("清镇经开区", "产值"), None, None),
        ("清镇经开区产值", ("清镇经开区", "产值"), None, None),
        ("清镇经开区2024年的产值", ("清镇经开区", "产值"), date(2024, 1, 1), date(2024, 12, 31)),
        ("产值 2024年上半年", ("产值",), date(2024, 1, 1), date(2024, 6, 30)),
        ("100.13", ("100.13",), None, None),
    ],
)
def test_words_that_are_asked_for(query: str, words: tuple[str, ...], start: date | None, end: date | None) -> None:
    """Names and the rest are words of their own; a date is the period."""
    asked = listing.wanted(query)
    assert tuple(word.strip("的") for word in asked.words) == words
    assert (asked.period.start, asked.period.end) == (start, end) if asked.period else start is None


@pytest.mark.parametrize(
    ("period", "start", "end"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-06", date(2024, 6, 1), date(2024, 6, 30)),
        ("2024-06-05", date(2024, 6, 5), date(2024, 6, 5)),
        ("2024年一季度", date(2024, 1, 1), date(2024, 3, 31)),
    ],
)
def test_periods_that_are_asked_for(period: str, start: date, end: date) -> None:
    """As ISO, short or long, and as the pages write them."""
    asked = listing.wanted(period=period)
    assert asked.period
    assert (asked.period.start, asked.period.end) == (start, end)


@pytest.mark.parametrize("period", ["今年", "24", "2024-13", "上古"])
def test_a_period_that_is_none(period: str) -> None:
    """今年 is none without a page that says which year."""
    with pytest.raises(SettingError, match=period):
        listing.wanted(period=period)


def test_a_period_flag_is_above_a_date_among_the_words() -> None:
    """What is said outright counts; the words stay as they are then."""
    asked = listing.wanted("2024年 产值", period="2023")
    assert (
        asked.period == Period(date(2023, 1, 1), date(2023, 12, 31), "2023", asked.period.basis) if asked.period else 0
    )
    assert asked.words == ("2024年", "产值")
    assert listing.wanted() == Wanted()


def test_csv_and_json_tell_the_same() -> None:
    """Every column in both, the value without an exponent, the figure and the sentence as printed."""
    doubt = Suspicion("range", "少见", "1>0", "疑为0.1万亩", (), (), (("a.md", "茶园面积2.3万亩。"),))
    row = Row(told("全县茶园面积2.3万亩。", file="a.md", start=6, end=11), (doubt,))
    (line,) = csv.DictReader(io.StringIO(listing.to_csv([row])))
    (entry,) = json.loads(listing.to_json([row]))
    assert tuple(line) == listing.COLUMNS == tuple(entry)
    assert {name: str(value) for name, value in entry.items() if name != "suspicions"} == {
        name: value for name, value in line.items() if name != "suspicions"
    }
    assert (line["figure"], line["value"], line["sentence"]) == ("2.3万亩", "23000", "全县茶园面积2.3万亩。")
    assert line["suspicions"] == "少见，1>0，疑为0.1万亩"
    assert entry["suspicions"][0]["quotes"] == [{"file": "a.md", "text": "茶园面积2.3万亩。"}]


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=HYPERLINK(1)有茶园3亩。", "'=HYPERLINK(1)有茶园3亩。"),
        ("@SUM有茶园3亩。", "'@SUM有茶园3亩。"),
        ("-1.8%的降幅。", "-1.8%的降幅。"),
        ("茶园3亩。", "茶园3亩。"),
    ],
)
def test_a_page_cannot_write_a_formula_into_a_spreadsheet(text: str, cell: str) -> None:
    """A cell that a spreadsheet would run is told to be text; JSON has it as printed."""
    row = Row(told(text), ())
    assert next(csv.DictReader(io.StringIO(listing.to_csv([row]))))["sentence"] == cell
    assert json.loads(listing.to_json([row]))[0]["sentence"] == text
