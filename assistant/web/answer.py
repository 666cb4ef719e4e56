"""An Answer in, its HTML on the page out: text with chips, warnings, the cited sentences, an audit of every figure.

A chip or a card carries the file and offsets of its sentence; ``page.js`` opens the printed page there. Nothing here
holds an address, a script or a style.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from assistant import periods, render, suggestions
from assistant.check import english
from assistant.checks import english as doubts
from assistant.records import Answer, Caveat, CaveatKind, Citation, Claim, Evidence, FigureCheck, Source
from assistant.reply import claim_of, verdict, warning
from assistant.web.words import both, button, escaped, hidden, line, offered, twice

VERDICTS = {
    "quoted": ("照录", "As printed"),
    "computed": ("计算", "Computed"),
    "suspect": ("存疑", "Doubtful"),
    "unsupported": ("未证实", "Not verified"),
}
CAVEATS = {
    CaveatKind.CONFLICT: ("说法不一", "Pages disagree"),
    CaveatKind.SUSPECT: ("数字存疑", "Doubtful figure"),
    CaveatKind.PERIOD: ("时间有别", "Another period"),
    CaveatKind.SCOPE: ("口径有别", "Another scope"),
    CaveatKind.DEGRADED: ("未能如常作答", "Answered without the model"),
}
_HEADS = (
    ("数字", "Figure"),
    ("核对", "Check"),
    ("谁", "Whose"),
    ("什么", "What"),
    ("何时", "When"),
    ("依据", "Ground"),
)
NIL = ' class="nil"'  # an empty cell, which a phone leaves out
_QUOTED = re.compile("“([^“”]{1,40})”")
_DEGRADED = ("模型没有用上，答案由程序直接摘录。", "The model was not used; the program quotes the pages. ")
_SHORT = 16  # letters of a figure that is kept on one line: a phone has room for 19
_OFFERED = 3  # questions offered in place of an answer


def answer_html(answer: Answer, anchor: str) -> str:
    """Write the checked answer; ``anchor`` begins its ids."""
    number = render.numbers(answer)
    cited = {citation.key: citation for citation in answer.citations}

    def chip(shown: int) -> str:
        key = next(key for key, at in number.items() if at == shown)
        return _chip(shown, cited[key])

    pieces = render.markers(answer.text, number, chip)
    pieces += [
        (check.figure.start, check.figure.end, _stated(check, answer))
        for check in answer.checks
        if answer.text[check.figure.start : check.figure.end] == check.figure.text
    ]
    badge = f'<span class="declined">{both("报上没有", "Not on these pages")}</span> ' if answer.declined else ""
    text = render.replaced(answer.text.strip(), render.moved(answer.text, pieces), escaped)
    parts = [f'<div class="text">{badge}{text}</div>']
    parts += [_caveat(caveat, number, chip) for caveat in answer.caveats]
    cards = "".join(
        f'<li id="{line(anchor)}-{number[one.key]}">{_cited(one, number[one.key], answer)}</li>'
        for one in render.ordered(answer, number)
    )
    cited_at = {(one.passage_id, one.quote) for one in answer.citations}
    others = [one for one in answer.evidence if (one.passage.id, one.text) not in cited_at]
    if answer.declined:
        parts.append(_close(answer, cards, others))
    elif cards:
        parts.append(f'<h3>{both("出处", "Sources")}</h3><ol class="cards citations">{cards}</ol>')
    if answer.formulas:
        rows = "".join(f"<li>{line(formula)}</li>" for formula in answer.formulas)
        parts.append(f'<h3>{both("算式", "Worked out")}</h3><ul class="formulas">{rows}</ul>')
    if answer.checks:
        parts.append(_audit(answer, number, chip))
    if others and not answer.declined:
        count = len(others)
        told = both(f"另外检索到的原文 {count} 句", f"{count} more sentences found")
        parts.append(f'<details class="found"><summary>{told}</summary>{evidence_html(others)}</details>')
    return f'<article class="answer">{"".join(parts)}</article>'


def evidence_html(evidence: Iterable[Evidence]) -> str:
    """Write a card for each sentence: headline, paper, date, and the sentence with its figures marked."""
    return f'<ol class="cards evidence">{"".join(map(_near, evidence))}</ol>'


def partial_html(words: str, evidence: Iterable[Evidence]) -> str:
    """Write an answer's text so far: its markers as chips, and a marker that is not yet whole left out."""
    by_key = {item.key: item for item in evidence}
    words = re.sub(r"\[[^\[\]\s]{0,64}\Z", "", words)
    found = [key for key in dict.fromkeys(render.MARKER.findall(words)) if key in by_key]
    number = {key: shown for shown, key in enumerate(found, 1)}
    pieces = render.markers(words, number, lambda shown: f'<span class="ref">{shown}</span>')
    return f'<div class="text">{render.replaced(words, pieces, escaped)}</div>'


def place(evidence: Evidence) -> tuple[int, int]:
    """Where in the file the sentence begins and ends."""
    inside = [
        (span.start + max(evidence.start - span.at, 0), span.start + min(evidence.end - span.at, span.end - span.start))
        for span in evidence.passage.spans
        if span.at < evidence.end and span.at + span.end - span.start > evidence.start
    ]
    return (inside[0][0], inside[-1][1]) if inside else (evidence.passage.start, evidence.passage.start)


# ------------------------------------------------------------------ pieces


def _chip(shown: int, citation: Citation) -> str:
    place = f'data-act="source" data-file="{line(citation.source.file)}" data-from="{citation.start}"'
    label = hidden("出处", "source")
    return f'<button type="button" class="ref" {place} data-to="{citation.end}">{label}{shown}</button>'


def _stated(check: FigureCheck, answer: Answer) -> str:
    found = verdict(check, answer)
    name = VERDICTS[found][0] + (f"：{render.line(check.formula)}" if check.formula else "")
    sign = (
        f'<span class="sign" aria-hidden="true">⚠</span>{hidden("（存疑）", "(doubtful)")}'
        if found == "suspect"
        else ""
    )
    short = " short" if len(check.figure.text) <= _SHORT else ""
    return f'<b class="figure {found}{short}" title="{line(name)}">{escaped(check.figure.text)}</b>{sign}'


def _caveat(caveat: Caveat, number: Mapping[str, int], chip: "render.Shown") -> str:
    turned = replace(caveat, text=in_english(caveat.text))
    told = twice(*(render.warned(one, number, escaped, chip) for one in (caveat, turned)))
    return (
        f'<aside class="caveat {caveat.kind.value}" role="note"><b><span aria-hidden="true">⚠</span> '
        f"{both(*CAVEATS[caveat.kind])}</b> <span>{told}</span></aside>"
    )


def in_english(words: str) -> str:
    """What a caveat says, in English; one of no known form unchanged."""
    if (told := doubts.warned(words)) != words:
        return told
    if words.startswith(_DEGRADED[0]):
        return _DEGRADED[1] + words.removeprefix(_DEGRADED[0])
    figure, parted, reason = words.removesuffix("。").partition("”：")
    told = english.reason(reason)
    return f"{figure}”: {told}." if parted and told != reason else words


def _close(answer: Answer, cards: str, others: Sequence[Evidence]) -> str:
    """What is near to the question that was declined: sentences, and questions that the pages do answer."""
    nearest = others[: max(render.NEAREST - len(answer.citations), 0)]
    parts = []
    if cards or nearest:
        parts.append(f"<h3>{both('报上最接近的原文', 'The nearest that the pages print')}</h3>")
        parts.append(f'<ol class="cards citations">{cards}{"".join(map(_near, nearest))}</ol>')
    chinese, english = (list(_offered(answer, ask)) for ask in (suggestions.question, suggestions.english))
    if chinese:
        head = both("可以改问（报上有）", "The pages do answer")
        parts.append(f"<h3>{head}</h3>{offered(chinese, english)}")
    return "".join(parts)


def _near(item: Evidence) -> str:
    return f"<li>{_card(item.passage.source, *place(item), _marked(item))}</li>"


def _offered(answer: Answer, ask: Callable[[Claim], str]) -> Iterator[str]:
    """Questions of the claims that the sentences found make, then of those that stand around them."""
    seen = {answer.question}
    inside = [(item, claim) for item in answer.evidence for claim in item.passage.claims]
    inside.sort(key=lambda one: not one[0].start <= one[1].figure.start < one[0].end)
    for _, claim in inside:
        question = ask(claim)
        if question and question not in seen and len(seen) <= _OFFERED:
            seen.add(question)
            yield question


def _cited(citation: Citation, shown: int, answer: Answer) -> str:
    warned = (one for one in answer.caveats if citation.key in one.citations)
    named = {words for one in warned for words in _QUOTED.findall(one.text)}  # what a warning holds it against
    quote = render.marked(citation.quote, render.stated_in(citation, answer) | named, escaped)
    return _card(citation.source, citation.start, citation.end, quote, shown)


def _card(source: Source, start: int, end: int, quote: str, shown: int = 0) -> str:
    number = f'<span class="number">{shown}</span>' if shown else ""
    where: dict[str, str | int] = {"act": "source", "file": source.file, "from": start, "to": end}
    opens = button("翻到原版", "Open the page", "open", **where)
    return f'<div class="card">{number}{source_html(source)}<blockquote>{quote}</blockquote>{opens}</div>'


def source_html(source: Source) -> str:
    """Name headline, paper, page and date; a date that the page does not print is said to be inferred."""
    headline = f"<cite>{line(source.headline)}</cite>" if source.headline else ""
    page = both(f"第{source.page}页", f"p. {source.page}") if source.page is not None else ""
    inferred = "" if source.date_basis in ("", "printed", "报头") else both("（推断）", " (inferred)")
    date = f"{line(source.date)}{inferred}" if source.date else ""
    where = " ".join(f"<span>{part}</span>" for part in (line(source.paper), page, date) if part)
    return f'<div class="source">{headline}{where}</div>'


def marked_once(words: str, figure: str) -> str:
    """Escape the words, on one line, and mark the figure where it first stands in them."""
    before, found, after = words.partition(figure)
    mark = f"<mark>{line(found)}</mark>" if found else ""
    return f"{line(before)}{mark}{line(after)}"


def _marked(item: Evidence) -> str:
    pieces = []
    for figure in item.figures:
        for start, end in ((figure.start - item.start, figure.end - item.start), (figure.start, figure.end)):
            if start >= 0 and item.text[start:end] == figure.text:
                pieces.append((start, end, f"<mark>{escaped(figure.text)}</mark>"))
                break
    return render.replaced(item.text, pieces, escaped)


def _audit(answer: Answer, number: Mapping[str, int], chip: "render.Shown") -> str:
    heads = (
        ("数字", "Figure"),
        ("核对", "Check"),
        ("谁", "Whose"),
        ("什么", "What"),
        ("何时", "When"),
        ("依据", "Ground"),
    )
    head = "".join(f'<th scope="col">{both(*one)}</th>' for one in heads)
    rows = "".join(_audited(check, answer, number, chip) for check in render.audited(answer))
    return (
        f"<h3>{both('数字核对', 'Every figure checked')}</h3>"
        f'<table class="audit"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
    )


def _audited(check: FigureCheck, answer: Answer, number: Mapping[str, int], chip: "render.Shown") -> str:
    claim = claim_of(check, answer)
    found = verdict(check, answer)
    bearing = [f"<span>{line(check.formula)}</span>"] if check.formula else []
    doubt = warning(check, answer) if found == "suspect" else None
    if doubt and doubt.arithmetic:
        bearing.append(f"<span>{line(doubt.arithmetic)}</span>")
    if check.citation in number:
        bearing.append(chip(number[check.citation]))
    if check.reason:
        bearing.append(both(check.reason, english.reason(check.reason)))
    ground = " ".join(bearing) or both("所引原文中没有这个数字", "Not in the cited sentences")
    told = (claim.subject, claim.metric, periods.absolute(claim.period)) if claim else ("", "", "")
    cells = "".join(
        f'<td{"" if words else NIL} data-head="{zh}" data-head-en="{en}">{line(words) or "–"}</td>'
        for (zh, en), words in zip(_HEADS[2:5], told, strict=True)
    )
    return (
        f'<tr><th scope="row">{line(check.figure.text)}</th>'
        f'<td><span class="verdict {found}">{both(*VERDICTS[found])}</span></td>{cells}'
        f'<td data-head="依据" data-head-en="Ground">{ground}</td></tr>'
    )
