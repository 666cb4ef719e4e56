"""Answers changed in one thing in, what three scorers make of them out: ``python -m evals.mutants``.

Each row changes one thing about a right answer. Beside our scorer stand the two that public harnesses use: substring
(the printed figure is in the answer, as RGB's does) and digits (the number is among the answer's numbers, as numeric
matching does). A scorer that passes a must-fail row would call a wrong newspaper right.
"""

import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from assistant import figures
from assistant.records import Answer, Citation, Source
from evals.gold import Fact, GoldItem, Kind
from evals.score import Outcome, score


@dataclass(frozen=True, slots=True)
class Row:
    """What is asked about a fact, an answer to it, whether that is right, and what was changed."""

    change: str
    printed: str
    text: str
    right: bool
    question: str = "多少？"
    subject: str = ""
    metric: str = ""
    period: str = ""
    quote: str = ""


_PARK: Final = {"subject": "青禾经开区", "metric": "规上工业总产值", "period": "2024"}
_ASKED: Final = "青禾经开区2024年规上工业总产值是多少？"

ROWS: Final = (
    # must fail
    Row("万 for 亿", "103.62亿元", "产值是103.62万元。", False),
    Row("one digit more in front", "103.62亿元", "产值是1103.62亿元。", False),
    Row("one digit fewer in front", "103.62亿元", "产值是3.62亿元。", False),
    Row("one digit more behind", "103.6亿元", "产值是103.62亿元。", False),
    Row("two digits swapped", "103.62亿元", "产值是103.26亿元。", False),
    Row("decimal point lost", "103.62亿元", "产值是10362亿元。", False),
    Row("unit lost", "35%", "占比35。", False),
    Row("% for 百分点", "5.2个百分点", "提高了5.2%。", False),
    Row("百分点 for %", "5.2%", "提高了5.2个百分点。", False),
    Row("倍 for %", "26.1%", "增长26.1倍。", False),
    Row("% for ‰", "3.1‰", "占3.1%。", False),
    Row("longer number, same end", "2.3%", "增长12.3%。", False),
    Row("shorter number, same end", "12.3%", "增长2.3%。", False),
    Row("longer number, same beginning", "2.3%", "增长2.35%。", False),
    Row("ton for yuan", "103.62亿元", "产量是103.62亿吨。", False),
    Row("kilograms for tons", "140万吨", "每年消纳140万公斤。", False),
    Row("million for billion", "18亿元", "It was 1.8 million yuan.", False),
    Row("billion for 亿", "18亿元", "It was 18 billion yuan.", False),
    Row("dollars for yuan", "18亿元", "It was 1.8 billion dollars.", False),
    Row("四成 as 4%", "四成", "低了4%。", False),
    Row("another figure first, the right one later", "58家", "有54家。另有资料称58家。", False),
    Row("a list to choose from", "58家", "有54家、61家、63家、58家。", False),
    Row("rounded and called exact", "103.62亿元", "产值是104亿元。", False),
    Row("rounded to the wrong side", "103.62亿元", "产值约103亿元。", False),
    Row("wrong firm", "103.62亿元", "蓝汀经开区2024年规上工业总产值为103.62亿元。", False, _ASKED, **_PARK),
    Row("wrong firm, after the right one", "36亿元", "青禾公司5亿元，蓝汀公司36亿元。", False, "青禾公司产值多少？",
        "青禾公司", "产值", "2024"),
    Row("wrong year", "103.62亿元", "青禾经开区2023年规上工业总产值为103.62亿元。", False, _ASKED, **_PARK),
    Row("wrong year, in English", "103.62亿元", "It was 10.362 billion yuan in 2023.", False, _ASKED, **_PARK),
    Row("wrong quarter", "8.4%", "2025年三季度增长8.4%。", False, "今年一季度增长多少？", "青禾市", "增长",
        "2025年一季度"),
    Row("wrong direction", "8.4%", "电耗增长8.4%。", False, "电耗变化多少？", "青禾铝业", "电耗下降", "2024"),
    Row("only in the question", "12家", "问的是12家，版面另有说法。", False, "园区的规上企业是12家吗？"),
    Row("only in the quoted evidence", "103.62亿元", "产值很高[1abcde]。", False, quote="产值103.62亿元。"),
    Row("an operand of what is told", "22.75亿元", "合计约617亿元：项目594亿元，需求22.75亿元（两项相加≈617亿元）。",
        False),
    Row("no figure at all", "103.62亿元", "产值创下新高。", False),
    # must pass
    Row("as printed", "103.62亿元", "产值是103.62亿元。", True),
    Row("in 万元", "103.62亿元", "产值为1036200万元。", True),
    Row("in yuan, with commas", "103.62亿元", "It was 10,362,000,000 yuan.", True),
    Row("in billions", "103.62亿元", "It was 10.362 billion yuan.", True),
    Row("in full-width digits", "103.62亿元", "产值是１０３．６２亿元。", True),
    Row("四成 as 40%", "四成", "低了40%。", True),
    Row("40% as 四成", "40%", "低了四成。", True),
    Row("Chinese numerals", "300元", "每吨省三百元。", True),
    Row("约, within rounding", "103.62亿元", "产值约104亿元。", True),
    Row("约, in English", "103.62亿元", "It was about 10.36 billion yuan.", True),
    Row("约 left out", "约400吨", "每天400吨。", True),
    Row("a measure word like it", "81户", "共有81家。", True),
    Row("beside the whole", "98.39亿元", "总产值突破100.13亿元，其中循环产业98.39亿元。", True),
    Row("end of a change", "92%", "设备稼动率从70%增至92%。", True),
    Row("what the question gave, too", "12家", "15家企业中有12家。", True, "15家企业中，规上的有几家？"),
    Row("right firm and year", "103.62亿元", "2024年，青禾经开区规上工业总产值为103.62亿元。", True, _ASKED, **_PARK),
    Row("by its short name", "103.62亿元", "青禾经济开发区的规上工业总产值为103.62亿元。", True, _ASKED, **_PARK),
    Row("another year beside it", "103.62亿元", "由2020年的60亿元增长到2024年的103.62亿元。", True, _ASKED, **_PARK),
    Row("another firm after it", "5亿元", "青禾公司5亿元，蓝汀公司36亿元。", True, "青禾公司产值多少？", "青禾公司",
        "产值", "2024"),
    Row("with its quote and citation", "103.62亿元", "103.62亿元。原文：“产值103.62亿元，占98.2%”[1abcde]", True,
        quote="产值103.62亿元，占98.2%。"),
)  # fmt: skip


def item(row: Row) -> GoldItem:
    """The row as a gold item of one figure."""
    read = figures.find(row.printed)[0]
    fact = Fact(read.value, read.unit, read.bound, row.printed, row.subject, row.metric, row.period)
    return GoldItem(row.change, row.question, Kind.FIGURE, (fact,))


def answer(row: Row) -> Answer:
    """The row's answer, with its quote as a citation."""
    cited = (Citation("1abcde", "p", Source(""), row.quote, 0, len(row.quote)),) if row.quote else ()
    return Answer(row.question, row.text, cited)


def ours(row: Row) -> bool:
    """``evals.score``."""
    return score(item(row), answer(row)).verdict is Outcome.CORRECT


def substring(row: Row) -> bool:
    """The printed figure is a substring of the answer, spaces and case aside; RGB's rule."""
    return holds(row.printed, row.text)


def digits(row: Row) -> bool:
    """The number, without its unit, is one of the answer's numbers; what numeric matching does."""
    return numbered(row.printed, row.text)


def holds(words: str, text: str) -> bool:
    """Whether the text has the words, spaces and case aside: 12.3% holds 2.3%."""
    return words.lower().replace(" ", "") in text.lower().replace(" ", "")


_DIGITS: Final = re.compile(r"\d+(?:\.\d+)?")


def numbered(words: str, text: str) -> bool:
    """Whether the first number of the words is one of the text's, units aside; words without a number are held."""
    number, read = _DIGITS.search(words), figures.find(words)
    if not number and not read:
        return holds(words, text)
    sought = number[0] if number else str(read[0].value.normalize())
    return sought in _DIGITS.findall(text.replace(",", ""))


SCORERS: Final[tuple[tuple[str, Callable[[Row], bool]], ...]] = (
    ("ours", ours),
    ("substring", substring),
    ("digits", digits),
)


def wrong(scorer: Callable[[Row], bool], rows: Sequence[Row] = ROWS) -> list[Row]:
    """The rows that a scorer gets wrong."""
    return [row for row in rows if scorer(row) is not row.right]


def main() -> int:
    """Print the table; 1 where our scorer errs."""
    from rich.console import Console
    from rich.table import Table

    table = Table("改动", "原文", "答", "应", *(name for name, _ in SCORERS), title="评分器的变异测试（√ 判对）")
    for row in ROWS:
        marks = ["√" if scorer(row) is row.right else "×" for _, scorer in SCORERS]
        table.add_row(row.change, row.printed, row.text, "对" if row.right else "错", *marks)
    table.add_section()
    totals = [f"{len(ROWS) - len(wrong(scorer))}/{len(ROWS)}" for _, scorer in SCORERS]
    table.add_row("判对", "", "", "", *totals, style="bold")
    Console().print(table)
    return 1 if wrong(ours) else 0


if __name__ == "__main__":
    sys.exit(main())
