"""All that was checked in, one HTML file out that needs nothing else: no script, no address, no font.

What pages, file names and errors say is data: ``shown`` escapes it. The figures' details are popovers, which browsers
open without a script; a policy in the file forbids any.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from ingest.check import doubts, lines, wording
from ingest.check.article import article
from ingest.check.lines import Places
from ingest.check.marking import Marking, rows
from ingest.check.original import original
from ingest.check.reading import Checked, CheckedPage
from ingest.check.shown import shown, told
from ingest.check.style import CSS

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_HEADS: Final = ("文件", "日期", "报道", "数字", "接合", "重复", "图说", "OCR 没有把握", "存疑")


def sheet(checked: Checked, made: str) -> str:
    """The report; ``made`` is when it was made."""
    places = [Places(one.page.text) for one in checked.pages]
    return "".join(
        (
            '<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n',
            f'<meta http-equiv="Content-Security-Policy" content="{told(_POLICY)}">\n',
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
            '<meta name="referrer" content="no-referrer">\n',
            f"<title>据实 · 读版检查（{len(checked.pages)} 版）</title>\n<style>{CSS}</style>\n</head>\n<body>\n",
            '<a class="skip" href="#pages">跳到各版</a>\n<div class="wrap">\n',
            *_top(checked, made),
            '<main id="pages">\n',
            *_unreadable(checked),
            *_summary(checked),
            *_doubts(checked, places),
            *(_page(checked, places, at) for at in range(len(checked.pages))),
            "</main>\n<footer>由据实（Jushi）读成。只检查，没有写入索引。数字一律照印；存疑只是提醒，原文未改一字。</footer>\n",
            "</div>\n</body>\n</html>\n",
        )
    )


def _top(checked: Checked, made: str) -> Iterator[str]:
    pages = checked.pages
    yield (
        '<header class="top"><h1>据实 · 读版检查</h1>\n'
        "<p>一边是版面读入时的样子，一边是读成的报道：断开的段落怎样接上，"
        f"重复与装饰怎样放开，每个数字说的是谁、什么、何时。{shown(made)}</p></header>\n"
    )
    tiles = (
        ("版面", len(pages), False),
        ("报道", sum(len(one.stories) for one in pages), False),
        ("数字", sum(len(one.marks) for one in pages), False),
        ("接合的段落", sum(len(one.joined) for one in pages), False),
        ("重复的段落", sum(len(one.repeated) for one in pages), False),
        ("存疑", len(checked.doubts), bool(checked.doubts)),
        ("读不出的文件", len(checked.unreadable), bool(checked.unreadable)),
    )
    look = ' class="bad"'
    cells = (f"<div{look * bad}><dt>{name}</dt><dd>{number}</dd></div>" for name, number, bad in tiles)
    yield f'<dl class="tiles">{"".join(cells)}</dl>\n'
    yield (
        '<ul class="key" aria-label="图例"><li><mark>103家</mark> 数字，点开看所指</li>'
        '<li><mark class="guess">103家</mark> 所指是规则猜的</li><li><mark class="doubt">103家</mark> 存疑</li>'
        '<li><span class="seam">⤷ 45</span> 在此接上第 45 行</li></ul>\n'
    )


def _unreadable(checked: Checked) -> Iterator[str]:
    if checked.unreadable:
        count = len(checked.unreadable)
        yield f'<section aria-labelledby="unreadable"><h2 id="unreadable">读不出的文件（{count}）</h2>'
        yield '<ul class="unreadable">'
        for file, reason in checked.unreadable:
            yield f"<li><b>{shown(file)}</b><p>{shown(reason)}</p></li>"
        yield "</ul></section>\n"


def _summary(checked: Checked) -> Iterator[str]:
    if not checked.pages:
        return
    look = ' class="n"'
    heads = (f'<th scope="col"{look * (at > 1)}>{name}</th>' for at, name in enumerate(_HEADS))
    yield (
        '<section aria-labelledby="summary"><h2 id="summary">各版</h2>'
        '<div class="table" role="region" aria-labelledby="summary" tabindex="0"><table>'
        f"<thead><tr>{''.join(heads)}</tr></thead><tbody>"
    )
    doubted = [0] * len(checked.pages)
    for doubt in checked.doubts:
        for page in doubt.pages:
            doubted[page] += 1
    for at, one in enumerate(checked.pages):
        captions = sum(len(story.captions) for story in one.stories)
        counts = (len(one.stories), len(one.marks), len(one.joined), len(one.repeated), captions, len(_unsure(one)))
        cells = "".join(f'<td class="n">{count or "–"}</td>' for count in counts)
        last = f"<b>{doubted[at]}</b>" if doubted[at] else "–"
        yield (
            f'<tr><th scope="row"><a href="#p{at + 1}">{shown(one.page.file)}</a></th>'
            f'<td>{shown(one.page.date) or "不明"}</td>{cells}<td class="n">{last}</td></tr>'
        )
    yield "</tbody></table></div></section>\n"


def _unsure(one: CheckedPage) -> list[float]:
    return [sure for _, _, sure in one.raw.confidence if sure < lines.UNSURE]


def _doubts(checked: Checked, places: Sequence[Places]) -> Iterator[str]:
    if checked.doubts:
        count = len(checked.doubts)
        yield f'<section aria-labelledby="doubts"><h2 id="doubts">存疑之处（{count}）</h2><ol class="doubts">'
        yield from (doubts.item(checked, places, at, anchor=True) for at in range(len(checked.doubts)))
        yield "</ol></section>\n"


def _page(checked: Checked, places: Sequence[Places], at: int) -> str:
    one, number = checked.pages[at], at + 1
    doubted: dict[int, list[int]] = defaultdict(list)
    for index, doubt in enumerate(checked.doubts):
        for page, figure in doubt.figures:
            if page == at:
                doubted[figure].append(index)
    marks = Marking(one, number, doubted)
    stories = []
    for story in range(len(one.stories)):
        of_story = {index for figure, held in doubted.items() if one.marks[figure].story == story for index in held}
        stories.append(
            article(marks, story, places[at], [doubts.item(checked, places, index) for index in sorted(of_story)])
        )
    return "".join(
        (
            f'<section class="page" id="p{number}" aria-labelledby="p{number}h">',
            f'<h2 id="p{number}h">{shown(one.page.file)}</h2>\n',
            _facts(one),
            '<div class="both">\n',
            original(list(lines.printed(one, places[at])), marks),
            f'<div class="told"><h3>读成的报道（{len(one.stories)}）</h3>\n',
            *stories,
            "</div></div>\n",
            *(_popover(checked, places, marks, figure) for figure in range(len(one.marks))),
            "</section>\n",
        )
    )


def _facts(one: CheckedPage) -> str:
    raw, page = one.raw, one.page
    unsure = len(_unsure(one))
    facts = [
        ("日期", f"{page.date or '不明'}（{wording.basis(page.date_basis)}）"),
        ("报纸", page.paper),
        ("专题", page.theme),
        ("读法", wording.READERS.get(raw.reader, raw.reader) + (f"，{raw.encoding}" if raw.encoding else "")),
        ("页数", str(len(raw.pages)) if raw.pages else ""),
        ("OCR", f"{len(raw.confidence)} 行，其中 {unsure} 行没有把握（低于 {lines.UNSURE}）" if raw.confidence else ""),
        ("读时所记", raw.note),
    ]
    cells = (f"<div><dt>{name}</dt><dd>{shown(words)}</dd></div>" for name, words in facts if words)
    return f'<dl class="facts">{"".join(cells)}</dl>\n'


def _popover(checked: Checked, places: Sequence[Places], marks: Marking, number: int) -> str:
    mark = marks.one.marks[number]
    cells = "".join(f"<dt>{name}</dt><dd>{shown(words)}</dd>" for name, words in rows(mark.claim, days=True))
    line = places[marks.number - 1].line(mark.start)
    held = "".join(doubts.item(checked, places, index) for index in marks.doubted.get(number, ()))
    held = f'<ul class="doubts">{held}</ul>' if held else ""
    return (
        f'<div popover id="{marks.key(number)}" role="dialog" aria-label="{told(mark.claim.figure.text)} 的所指">'
        f'<button class="shut" popovertarget="{marks.key(number)}" popovertargetaction="hide">关闭</button>'
        f"<strong>{shown(mark.claim.figure.text)}</strong><dl>{cells}"
        f'<dt>印在</dt><dd><a href="#p{marks.number}l{line}">第 {line} 行</a></dd></dl>'
        f"{held}</div>\n"
    )
