"""One Answer in; out it comes as terminal text, Markdown or JSON; its HTML is the page's (``assistant.web.answer``).

All that pages, questions and models have written is data: it is cleaned of control and direction-changing characters
and escaped for the form it enters. Citation keys, opaque in ``answer.text`` (``…100.13亿元。[a3f9]``), are shown as
numbers in order of appearance (``…100.13亿元。[1]``). No form leaves a caveat out.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from assistant.records import Answer, Caveat, CaveatKind, Citation, Evidence, Figure, FigureCheck, Source, Verdict

VERDICTS = {Verdict.QUOTED: "照录", Verdict.COMPUTED: "计算", Verdict.UNSUPPORTED: "未证实"}
CAVEATS = {
    CaveatKind.CONFLICT: "说法不一",
    CaveatKind.SUSPECT: "数字存疑",
    CaveatKind.PERIOD: "时间有别",
    CaveatKind.SCOPE: "口径有别",
    CaveatKind.DEGRADED: "未能如常作答",
}
DECLINED = "未作答"
NOT_FOUND = "所引原文中没有这个数字"
NEAREST = 3  # sentences shown in place of an answer

MARKER = re.compile(r"\[([^\[\]\s]{1,64})\]")
_DIRECTION = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # they reorder what a reader sees: ‮31.001 for 100.13
_INVISIBLE = "\u200b-\u200d\u2060\ufeff"  # they part a figure's digits unseen
_CONTROL = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029{_DIRECTION}{_INVISIBLE}\ud800-\udfff]")
_JSON_CONTROL = re.compile(f"[\x7f-\x9f\u2028\u2029{_DIRECTION}{_INVISIBLE}\ud800-\udfff]")
_MARKDOWN = re.compile(r"[\\`*_\[\]|~$]")
_MARKDOWN_LINE = re.compile(r"^([^\S\n]*)([#+=-]|\d+[.)](?=\s|$))", re.M)
_BARE_LINK = re.compile(r"(?i)(?<=www)\.|(?=://):|@")  # 见http://… has no word boundary before its scheme
_CHINESE_DIGITS = "零〇一二两三四五六七八九十百千万亿"

Shown = Callable[[int], str]  # how the number of a citation is shown
Piece = tuple[int, int, str]  # a span of a text, and what stands in its place, already escaped


def clean(words: str) -> str:
    """Show control, direction-changing and invisible characters as U+FFFD; line ends become line feeds."""
    return _CONTROL.sub("\ufffd", words.replace("\r\n", "\n"))


def line(words: str) -> str:
    """Clean the text and put it on one line, so that a quotation cannot pose as a second entry."""
    return " ".join(clean(words).split())


def numbers(answer: Answer) -> dict[str, int]:
    """Give each citation's key its number: the text's as they appear, then the caveats', the checks' and the rest."""
    known = {citation.key for citation in answer.citations}
    keys = MARKER.findall(answer.text)
    keys += [key for caveat in answer.caveats for key in (*MARKER.findall(caveat.text), *caveat.citations)]
    keys += [check.citation for check in answer.checks]
    keys += [citation.key for citation in answer.citations]
    return {key: number for number, key in enumerate(dict.fromkeys(key for key in keys if key in known), 1)}


# --- plain text ---------------------------------------------------------------------------------------------------


def text(answer: Answer) -> str:
    """Write for a terminal: the answer, its caveats after ⚠, citations with their sentences, each figure's check."""
    number = numbers(answer)
    body = replaced(answer.text, markers(answer.text, number, _bracketed), clean).strip()
    blocks = [f"【{DECLINED}】{body}" if answer.declined else body]
    if answer.caveats:
        rows = [f"⚠ {CAVEATS[caveat.kind]}：{warned(caveat, number, line, _bracketed)}" for caveat in answer.caveats]
        blocks.append("\n".join(rows))
    if answer.citations:
        rows = []
        for citation in ordered(answer, number):
            rows.append(f"[{number[citation.key]}] {line(placed(citation))}")
            rows.append(f"    “{line(citation.quote)}”")
        blocks.append("\n".join(["出处", *rows]))
    if answer.formulas:
        blocks.append("\n".join(["算式", *map(line, answer.formulas)]))
    if answer.checks:
        rows = [f"{line(check.figure.text)}  {_borne(check, number, line)}" for check in audited(answer)]
        blocks.append("\n".join(["数字核对", *rows]))
    if nearest := _nearest(answer):
        rows = [f"· {line(_printed(item.passage.source))}\n    “{line(item.text)}”" for item in nearest]
        blocks.append("\n".join(["最接近的原文", *rows]))
    return "\n\n".join(block for block in blocks if block) + "\n"


# --- Markdown -----------------------------------------------------------------------------------------------------


def markdown(answer: Answer) -> str:
    """Write CommonMark in which nothing from a page or a model can become a link, an image, HTML or a heading."""
    number = numbers(answer)
    body = replaced(answer.text, markers(answer.text, number, _bracketed), markdown_words).strip()
    body = "\n".join(row.strip() for row in _unlink_numbers(body).split("\n"))
    blocks = [f"**{DECLINED}** {body}" if answer.declined else body]
    for caveat in answer.caveats:
        told = warned(caveat, number, markdown_line, _bracketed)
        blocks.append(f"> ⚠ **{CAVEATS[caveat.kind]}**　{_unlink_numbers(told)}")
    if answer.citations:
        blocks.append("**出处**")
    for citation in ordered(answer, number):
        place = f"[{number[citation.key]}] {markdown_line(placed(citation))}"
        blocks.append(f"{place}\n\n> “{markdown_line(citation.quote)}”")
    if answer.formulas:
        blocks.append("**算式**\n\n" + "\n".join(f"- {markdown_line(formula)}" for formula in answer.formulas))
    if answer.checks:
        rows = [
            f"- {markdown_line(check.figure.text)}　{_borne(check, number, markdown_line)}" for check in audited(answer)
        ]
        blocks.append("**数字核对**\n\n" + "\n".join(rows))
    if nearest := _nearest(answer):
        blocks.append("**最接近的原文**")
        blocks += [f"{markdown_line(_printed(i.passage.source))}\n\n> “{markdown_line(i.text)}”" for i in nearest]
    return "\n\n".join(block for block in blocks if block) + "\n"


def markdown_words(words: str) -> str:
    """Escapes what Markdown would read; figures such as 100.13亿元 stay as they are, so that they can be searched."""
    words = _MARKDOWN.sub(r"\\\g<0>", clean(words))
    words = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    words = _BARE_LINK.sub(r"\\\g<0>", words)
    return _MARKDOWN_LINE.sub(lambda found: f"{found[1]}{found[2][:-1]}\\{found[2][-1]}", words)


def markdown_line(words: str) -> str:
    """The same on one line."""
    return markdown_words(line(words))


def _unlink_numbers(words: str) -> str:
    """Part a shown number from what follows it, which could make it a link: [1](javascript:…)."""
    return re.sub(r"(\[\d+\])([(:])", r"\1\\\2", words)


# --- JSON ---------------------------------------------------------------------------------------------------------


def to_dict(answer: Answer) -> dict[str, Any]:
    """Turn the record into JSON's types, in its own order: Decimals as plain strings, dates ISO, enums by value."""
    told: dict[str, Any] = plain(answer)
    return told


def to_json(answer: Answer) -> str:
    """Write ``to_dict`` as JSON."""
    return json_of(to_dict(answer))


def json_of(value: Any) -> str:
    """Write the value as JSON; direction-changing and invisible characters become escapes, and read back the same."""
    return _JSON_CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False, indent=2))


def plain(value: Any) -> Any:
    """The value in JSON's types; a Decimal as a string, so that no digit is lost."""
    if is_dataclass(value):
        return {item.name: plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return format(value, "f")  # 10013000000, not 1.0013E+10
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return value


# --- shared by the forms ------------------------------------------------------------------------------------------


def _bracketed(number: int) -> str:
    return f"[{number}]"


def markers(words: str, number: Mapping[str, int], shown: Callable[[int], str]) -> list[Piece]:
    """Find the citation markers of a text, each with its number; other brackets are words like any others."""
    return [(m.start(), m.end(), shown(number[m[1]])) for m in MARKER.finditer(words) if m[1] in number]


def replaced(words: str, pieces: Iterable[Piece], escape: Callable[[str], str]) -> str:
    """Escape the words and put the pieces in their places; of two that overlap the earlier, then the longer, stays."""
    done, at = [], 0
    for start, end, shown in sorted(pieces, key=lambda piece: (piece[0], -piece[1])):
        if start >= at and end > start:
            done += [escape(words[at:start]), shown]
            at = end
    return "".join([*done, escape(words[at:])])


def moved(words: str, pieces: Iterable[Piece]) -> list[Piece]:
    """Place the pieces of a text in that text without the blanks it begins with."""
    blank = len(words) - len(words.lstrip())
    return [(start - blank, end - blank, shown) for start, end, shown in pieces]


def warned(caveat: Caveat, number: Mapping[str, int], escape: Callable[[str], str], shown: Callable[[int], str]) -> str:
    """Write a caveat's text, the citations that its text does not name, and its arithmetic."""
    words = replaced(caveat.text, markers(caveat.text, number, shown), escape)
    named = set(MARKER.findall(caveat.text))
    others = [key for key in dict.fromkeys(caveat.citations) if key in number and key not in named]
    arithmetic = f"（{escape(caveat.arithmetic)}）" if caveat.arithmetic else ""
    return words + "".join(shown(number[key]) for key in others) + arithmetic


def _borne(check: FigureCheck, number: Mapping[str, int], escape: Callable[[str], str]) -> str:
    """Name what bears a figure: 照录 [1], or 计算 100.13亿元-98.39亿元=1.74亿元, or 未证实."""
    parts = [VERDICTS[check.verdict]]
    if check.formula:
        parts.append(escape(check.formula))
    if check.citation in number:
        parts.append(f"[{number[check.citation]}]")
    return " ".join(parts)


def ordered(answer: Answer, number: Mapping[str, int]) -> list[Citation]:
    """The citations, once each, in the order of their numbers."""
    return sorted({c.key: c for c in answer.citations}.values(), key=lambda citation: number[citation.key])


def audited(answer: Answer) -> list[FigureCheck]:
    """Choose the checks to list: a figure that the text states twice, and bears the same way, once."""
    told = {(c.figure.text, c.verdict, c.citation, c.formula): c for c in reversed(answer.checks)}
    return list(told.values())[::-1]


def _nearest(answer: Answer) -> tuple[Evidence, ...]:
    return answer.evidence[:NEAREST] if answer.declined and not answer.citations else ()


def _where(source: Source) -> str:
    """Name paper, page and date; a date that the page does not print is said to be inferred."""
    page = "" if source.page is None else f"第{source.page}页"
    inferred = "" if source.date_basis in ("", "printed") else "（推断）"
    return " ".join(part for part in (source.paper, page, f"{source.date}{inferred}" if source.date else "") if part)


def _printed(source: Source) -> str:
    return f"《{source.headline}》 {_where(source)}".strip() if source.headline else _where(source)


def placed(citation: Citation) -> str:
    """Where a citation was printed: headline, paper, date, page, and its place in the file."""
    return f"{_printed(citation.source)} {citation.source.file}:{citation.start}-{citation.end}".strip()


def marked(words: str, figures: Iterable[str], escape: Callable[[str], str]) -> str:
    """Escape the words for HTML and put each of the figures, wherever it is printed, in ``<mark>``."""
    pieces = [
        (found.start(), found.end(), f"<mark>{escape(found[0])}</mark>")
        for figure in sorted(set(figures), key=len, reverse=True)
        for found in _whole(figure).finditer(words)
    ]
    return replaced(words, pieces, escape)


def _whole(figure: str) -> re.Pattern[str]:
    """Find the figure where it is not the end or the beginning of another: 3家 is not in 13家."""
    before = rf"(?<![\d.{_CHINESE_DIGITS}])" if figure[:1].isdigit() or figure[:1] in _CHINESE_DIGITS else ""
    after = r"(?![\d.]?\d)" if figure[-1:].isdigit() else ""
    return re.compile(before + re.escape(figure) + after)


def stated_in(citation: Citation, answer: Answer) -> set[str]:
    """Choose the figures of a quotation that the answer states, or computes with, as the quotation prints them."""
    checks = [check for check in answer.checks if check.verdict is not Verdict.UNSUPPORTED]
    near = [check for check in checks if check.citation in ("", citation.key)]
    printed = {check.figure.text for check in near if check.figure.text}
    formulas = [check.formula for check in near if check.formula]
    for item in answer.evidence:
        if item.passage.id == citation.passage_id:
            printed |= {figure.text for figure in item.figures if figure.text and _is_used(figure, near, formulas)}
    return printed


def _is_used(figure: Figure, checks: Iterable[FigureCheck], formulas: Iterable[str]) -> bool:
    """Tell whether a check's figure has this one's value and unit (超 is 突破), or a formula prints it."""
    same = any((check.figure.value, check.figure.unit) == (figure.value, figure.unit) for check in checks)
    return same or any(_whole(figure.text).search(formula) for formula in formulas)
