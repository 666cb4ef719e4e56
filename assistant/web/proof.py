"""A Checked draft in, its HTML out: the draft with every number marked, beside it what the pages say of each.

What is not borne out comes first; each number opens the page that bears it, or the nearest line that the pages print.
"""

from collections.abc import Iterator

from assistant import render
from assistant.check import english, report
from assistant.records import Checked, CheckedNumber, Verdict
from assistant.web.answer import VERDICTS, in_english, source_html
from assistant.web.words import both, button, escaped, line

_NEAREST = ("报上最接近的原文", "The nearest that the pages print")
_NEAR = ("词句最接近的原文", "Nearest in words")


def checked_html(checked: Checked) -> str:
    """The draft and its numbers; a number of the draft and its card lead to each other."""
    if not checked.numbers:
        told = both("稿件里没有要核对的数字。", "There is no number to check in the draft.")
        return f'<p class="none" role="status">{told}</p>'
    places = {one.start: at for at, one in enumerate(checked.numbers, 1)}
    pieces = [(one.start, one.end, _number(places[one.start], one)) for one in checked.numbers]
    cards = "".join(f"<li>{_card(places[one.start], one)}</li>" for one in report.ordered(checked))
    return (
        f'<p class="count" role="status">{_summary(checked)}</p><div class="proof">'
        f'<article class="draft">{render.replaced(checked.text, pieces, escaped)}</article>'
        f'<ol class="cards">{cards}</ol></div>'
    )


def look(one: CheckedNumber) -> str:
    """``suspect`` where the pages bear the number and are themselves in doubt; otherwise the verdict."""
    return "suspect" if one.doubts and one.verdict is not Verdict.UNSUPPORTED else one.verdict.value


def _summary(checked: Checked) -> str:
    looks = [look(one) for one in checked.numbers]
    counts = [(name, looks.count(name)) for name in VERDICTS if name in looks]
    parts = "".join(f'<span class="verdict {name}">{both(*VERDICTS[name])} {count}</span> ' for name, count in counts)
    count, passages = len(looks), checked.passages
    told = both(f"{count} 个数字，对照 {passages} 个段落：", f"{count} numbers, held against {passages} passages:")
    return f"{told} {parts}"


def _number(at: int, one: CheckedNumber) -> str:
    to = f'data-act="to" data-to="proof-{at}"'
    return f'<button type="button" class="stated {look(one)}" id="stated-{at}" {to}>{escaped(one.text)}</button>'


def _card(at: int, one: CheckedNumber) -> str:
    about = " · ".join(part for part in (one.subject, one.metric, one.period) if part)
    read = f'<p class="soft">{both("稿件读作", "Read as")} {line(about)}</p>' if about else ""
    reason = report.said(one).partition("：")[2]
    why = f'<p class="why">{both(reason, english.reason(reason))}</p>' if reason else ""
    return (
        f'<div class="card" id="proof-{at}" tabindex="-1"><h3><button type="button" data-act="to" '
        f'data-to="stated-{at}">{line(one.text)}</button> <span class="verdict {look(one)}">'
        f"{both(*VERDICTS[look(one)])}</span></h3>{why}{read}{''.join(_borne(one))}</div>"
    )


def _borne(one: CheckedNumber) -> Iterator[str]:
    if one.verdict is Verdict.UNSUPPORTED and one.citations:
        yield f'<p class="soft">{both(*(_NEAREST if one.printed else _NEAR))}</p>'
    for citation in one.citations:
        place: dict[str, str | int] = {"act": "source", "file": citation.source.file, "from": citation.start}
        opens = button("翻到原版", "Open the page", "open", **place, to=citation.end)
        quote = render.marked(citation.quote, one.printed.split("、"), escaped)
        yield f"{source_html(citation.source)}<blockquote>{quote}</blockquote>{opens}"
    for doubt in one.doubts:
        arithmetic = f"（{line(doubt.arithmetic)}）" if doubt.arithmetic else ""
        told = both(doubt.text, in_english(doubt.text))
        yield f'<p class="doubt"><span aria-hidden="true">⚠</span> {told}{arithmetic}</p>'
