"""A Checked draft in, one self-contained HTML page out: the draft with each number marked, its source a hover away.

No script and no address: pointing at a number shows what the sources say of it, a click leads to its entry in the list.
"""

from html import escape
from typing import Final

from assistant.check import report
from assistant.records import Checked, CheckedNumber, Verdict
from assistant.render import VERDICTS, clean, line, marked, placed, replaced

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE: Final = """
:root { --ink: #1c1c1a; --soft: #6b6a66; --paper: #fbfaf7; --card: #fff; --rule: #dedbd2;
  --quoted: #2f6f4f; --computed: #2a5d9f; --unsupported: #b3261e; --doubt: #8a5a00; }
@media (prefers-color-scheme: dark) { :root { --ink: #ece9e2; --soft: #a5a198; --paper: #191917; --card: #23221f;
  --rule: #3d3b36; --quoted: #7cc6a0; --computed: #8cb8f0; --unsupported: #ff8a80; --doubt: #f0c060; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.75 "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif; }
header, main { max-width: 76rem; margin: 0 auto; padding: 1rem 1.5rem; }
h1 { font-size: 1.25rem; margin: .5rem 0; overflow-wrap: anywhere; }
header p { margin: .2rem 0; color: var(--soft); }
main { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 2rem; align-items: start; }
.draft { overflow-wrap: anywhere; }
.list { position: sticky; top: 0; max-height: 100vh; overflow: auto; padding-right: .25rem; }
.list ol { list-style: none; margin: 0; padding: 0; }
.card { background: var(--card); border: 1px solid var(--rule); border-left: .25rem solid var(--tone);
  border-radius: .3rem; padding: .6rem .8rem; margin: 0 0 .7rem; scroll-margin-top: .5rem; overflow-wrap: anywhere; }
.card:target, a.number:target { outline: 2px solid var(--tone); }
.card h2 { font-size: 1rem; margin: 0; } .card h2 a { color: inherit; }
.card p, .tip p { margin: .2rem 0; } .verdict { color: var(--tone); font-weight: 600; }
.source { color: var(--soft); font-size: .85rem; } .doubt { color: var(--doubt); }
blockquote { margin: .2rem 0; padding-left: .6rem; border-left: 2px solid var(--rule); font-size: .92rem; }
mark { background: color-mix(in srgb, var(--tone) 22%, transparent); color: inherit; }
.quoted { --tone: var(--quoted); } .computed { --tone: var(--computed); } .unsupported { --tone: var(--unsupported); }
a.number { position: relative; color: inherit; text-decoration: none; border-bottom: 2px solid var(--tone);
  background: color-mix(in srgb, var(--tone) 12%, transparent); }
a.unsupported.number { border-bottom-style: wavy; text-decoration: underline wavy var(--tone); border-bottom: 0; }
.tip { display: none; position: absolute; left: 0; top: 1.8em; z-index: 2; width: min(26rem, 80vw);
  padding: .5rem .7rem; background: var(--card); border: 1px solid var(--rule); border-radius: .3rem;
  box-shadow: 0 4px 18px #0004; font-size: .9rem; white-space: normal; pointer-events: none; }
a.number:hover .tip, a.number:focus .tip { display: block; }
#only:checked ~ ol .quoted:not(.doubted) { display: none; }
@media (max-width: 52rem) { main { grid-template-columns: minmax(0, 1fr); }
  .list { position: static; max-height: none; } }
@media print { .list { position: static; max-height: none; } #only, label { display: none; } }
"""


def html(checked: Checked, title: str = "") -> str:
    """The page. ``title`` is the draft's name."""
    name = escaped(line(title)) if title else "稿件"
    numbers = list(enumerate(checked.numbers, 1))
    pieces = [(one.start, one.end, _number(at, one)) for at, one in numbers]
    by_start = {one.start: at for at, one in numbers}
    cards = "".join(_card(by_start[one.start], checked, one) for one in report.ordered(checked))
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>数字核对：{name}</title><style>{_STYLE}</style></head><body>"
        f"<header><h1>数字核对：{name}</h1><p>{escaped(report.summary(checked))}</p></header>"
        f'<main><article class="draft">{replaced(checked.text, pieces, escaped)}</article>'
        f'<section class="list"><input type="checkbox" id="only"> <label for="only">只看要看的</label>'
        f"<ol>{cards}</ol></section></main></body></html>\n"
    )


def _number(at: int, one: CheckedNumber) -> str:
    tip = f'<span class="tip" role="tooltip">{_told(one)}</span>'
    return (
        f'<a class="number {one.verdict.value}" id="m{at}" href="#n{at}" aria-describedby="n{at}">'
        f"{escaped(one.text)}{tip}</a>"
    )


def _card(at: int, checked: Checked, one: CheckedNumber) -> str:
    doubted = " doubted" if one.doubts else ""
    about = " · ".join(part for part in (one.subject, one.metric, one.period) if part)
    read = f'<p class="source">稿件读作：{escaped(line(about))}</p>' if about else ""
    return (
        f'<li class="card {one.verdict.value}{doubted}" id="n{at}"><h2><a href="#m{at}">{escaped(line(one.text))}</a> '
        f'<span class="source">第{report.row_of(checked, one)}行</span></h2>{read}{_told(one, block=True)}</li>'
    )


def _told(one: CheckedNumber, *, block: bool = False) -> str:
    """The verdict, what the sources print, and their doubts: in paragraphs, or in the spans that a link may hold."""
    tag, quote = ("p", "blockquote") if block else ("span", "span")
    gap = "" if block else "<br>"
    reason = report.said(one).removeprefix(VERDICTS[one.verdict])
    parts = [f'<{tag}><span class="verdict">{VERDICTS[one.verdict]}</span>{escaped(line(reason))}</{tag}>']
    nearest = "最近的原文：" if one.verdict is Verdict.UNSUPPORTED else ""
    for citation in one.citations:
        parts.append(f"<{quote}>{marked(citation.quote, one.printed.split('、'), escaped)}</{quote}>")
        parts.append(f'<{tag} class="source">{nearest}{escaped(line(placed(citation)))}</{tag}>')
    for doubt in one.doubts:
        words = f"{doubt.text}（{doubt.arithmetic}）" if doubt.arithmetic else doubt.text
        parts.append(f'<{tag} class="doubt">⚠ {escaped(line(words))}</{tag}>')
    return gap.join(parts)


def escaped(words: str) -> str:
    """Escape the text for HTML, line ends as breaks."""
    return escape(clean(words), quote=True).replace("\n", "<br>")
