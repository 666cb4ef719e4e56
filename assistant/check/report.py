"""A Checked draft in, a report for a terminal, Markdown or JSON out; ``sheet`` has the one for a browser.

What is not borne out comes first, with its line in the draft, the reason and the nearest sentence of the sources.
"""

from typing import Any, Final

from assistant.records import Checked, CheckedNumber, Verdict
from assistant.render import VERDICTS, json_of, line, markdown_line, placed, plain

ORDER: Final = (Verdict.UNSUPPORTED, Verdict.COMPUTED, Verdict.QUOTED)
"""Of the verdicts in a report: what needs a look comes first."""

SIGNS: Final = {Verdict.UNSUPPORTED: "✗", Verdict.COMPUTED: "＝", Verdict.QUOTED: "✓"}
_AROUND: Final = 16  # letters of the draft shown on either side of a number


def summary(checked: Checked) -> str:
    """How many numbers were found to be what, in one line."""
    if not checked.numbers:
        return f"稿件里没有要核对的数字（对照{checked.passages}个段落）。"
    count = {verdict: sum(one.verdict is verdict for one in checked.numbers) for verdict in ORDER}
    doubted = sum(bool(one.doubts) for one in checked.numbers)
    told = "，".join(f"{count[verdict]}个{VERDICTS[verdict]}" for verdict in reversed(ORDER))
    doubts = f"；其中{doubted}个来源自身存疑" if doubted else ""
    return f"共{len(checked.numbers)}个数字：{told}{doubts}（对照{checked.passages}个段落）。"


def text(checked: Checked, *, every: bool = False) -> str:
    """For a terminal: what is not borne out, what is computed and what is doubted; with ``every``, all numbers."""
    shown = [one for one in ordered(checked) if every or one.verdict is not Verdict.QUOTED or one.doubts]
    blocks = [summary(checked)]
    for one in shown:
        rows = [f"{SIGNS[one.verdict]} 第{row_of(checked, one)}行 “{line(one.text)}” {line(said(one))}"]
        rows.append(f"    稿件 {line(excerpt(checked, one))}")
        for citation in one.citations:
            rows.append(f"    来源 {line(placed(citation))}")
            rows.append(f"         “{line(citation.quote)}”")
        rows += [f"    ⚠ {line(_doubt(doubt.text, doubt.arithmetic))}" for doubt in one.doubts]
        blocks.append("\n".join(rows))
    return "\n\n".join(blocks) + "\n"


def markdown(checked: Checked) -> str:
    """CommonMark in which nothing from the draft or a source can become a link, an image, HTML or a heading."""
    rows = [summary(checked), "", "| | 稿件 | 核对 | 来源 |", "|---|---|---|---|"]
    for one in ordered(checked):
        cited = "<br>".join(
            f"“{markdown_line(citation.quote)}”（{markdown_line(placed(citation))}）" for citation in one.citations
        )
        doubts = "".join(f"<br>⚠ {markdown_line(_doubt(doubt.text, doubt.arithmetic))}" for doubt in one.doubts)
        words = f"{markdown_line(one.text)}（第{row_of(checked, one)}行）"
        rows.append(f"| {SIGNS[one.verdict]} | {words} | {markdown_line(said(one))}{doubts} | {cited} |")
    return "\n".join(rows) + "\n"


def to_dict(checked: Checked) -> dict[str, Any]:
    """The record in JSON's types, with the counts and each number's line and verdict."""
    told: dict[str, Any] = plain(checked)
    told["counts"] = {verdict.value: sum(one.verdict is verdict for one in checked.numbers) for verdict in ORDER}
    for number, one in zip(told["numbers"], checked.numbers, strict=True):
        number["line"] = row_of(checked, one)
    return told


def to_json(checked: Checked) -> str:
    """``to_dict`` as JSON."""
    return json_of(to_dict(checked))


def ordered(checked: Checked) -> list[CheckedNumber]:
    """The numbers by verdict, then as they stand."""
    return sorted(checked.numbers, key=lambda one: (ORDER.index(one.verdict), one.start))


def said(one: CheckedNumber) -> str:
    """The verdict with its reason or formula; how the source words a figure that the draft words otherwise."""
    words = [VERDICTS[one.verdict]]
    if one.reason or one.formula:
        words.append(one.reason or one.formula)
    elif one.verdict is Verdict.QUOTED and one.printed and one.printed != one.text:
        words.append(f"来源写作{one.printed}")
    return "：".join(words)


def row_of(checked: Checked, one: CheckedNumber) -> int:
    """The line of the draft that a number stands in, from 1."""
    return checked.text.count("\n", 0, one.start) + 1


def excerpt(checked: Checked, one: CheckedNumber) -> str:
    """The number with a few letters of the draft around it."""
    begin, end = max(0, one.start - _AROUND), min(len(checked.text), one.end + _AROUND)
    dots = ("…" if begin else "", "…" if end < len(checked.text) else "")
    return f"{dots[0]}{checked.text[begin : one.start]}【{one.text}】{checked.text[one.end : end]}{dots[1]}"


def _doubt(words: str, arithmetic: str) -> str:
    return f"{words}（{arithmetic}）" if arithmetic else words
