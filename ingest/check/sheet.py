"""All that was checked in, one HTML file out that needs nothing else: no script, no address, no font.

It holds both languages; a box at its head, which needs no script either, changes from one to the other.
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
from ingest.check.shown import Both, both, shown, told
from ingest.check.style import CSS

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_HEADS: Final = (
    ("文件", "File"),
    ("日期", "Date"),
    ("报道", "Stories"),
    ("数字", "Figures"),
    ("接合", "Joined"),
    ("重复", "Repeated"),
    ("图说", "Captions"),
    ("OCR 没有把握", "OCR unsure"),
    ("存疑", "Doubts"),
)


def sheet(checked: Checked, made: str, *, english: bool = False) -> str:
    """The report; ``made`` is when it was made, ``english``: it opens in English."""
    places = [Places(one.page.text) for one in checked.pages]
    return "".join(
        (
            '<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n',
            f'<meta http-equiv="Content-Security-Policy" content="{told(_POLICY)}">\n',
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
            '<meta name="referrer" content="no-referrer">\n',
            f"<title>据实 · 读版检查 Jushi · pages as read（{len(checked.pages)}）</title>\n",
            f"<style>{CSS}</style>\n</head>\n<body>\n",
            f'<a class="skip" href="#pages">{both(("跳到各版", "Skip to the pages"))}</a>\n',
            '<div class="wrap">\n',
            *_top(checked, made, english),
            '<main id="pages">\n',
            *_unreadable(checked),
            *_summary(checked),
            *_doubts(checked, places),
            *(_page(checked, places, at) for at in range(len(checked.pages))),
            f"</main>\n<footer>{both(_FOOT)}</footer>\n",
            "</div>\n</body>\n</html>\n",
        )
    )


_UNKNOWN: Final = ("不明", "unknown")
_CLOSE: Final = ("关闭", "Close")
_LEAD: Final = (
    "一边是版面读入时的样子，一边是读成的报道：断开的段落怎样接上，重复与装饰怎样放开，每个数字说的是谁、什么、何时。",
    "The page as it was read beside its stories as understood: how broken paragraphs were joined, repeats and "
    "ornaments set apart, and what each figure is about, whose and when.",
)
_FOOT: Final = (
    "由据实（Jushi）读成。只检查，没有写入索引。数字一律照印；存疑只是提醒，原文未改一字。",
    "Read by Jushi (据实). Checked only, not taken into the index. Figures stay as printed; a doubt is a hint, "
    "and no letter of the page is changed.",
)


def _top(checked: Checked, made: str, english: bool) -> Iterator[str]:
    pages = checked.pages
    state = " checked" if english else ""
    yield (
        '<header class="top"><label class="tongue">'
        f'<input type="checkbox" id="english" lang="en"{state}>{both(("English", "中文"))}</label>'
        f"<h1>{both(('据实 · 读版检查', 'Jushi · pages as read'))}</h1>\n"
        f"<p>{both(_LEAD)} {shown(made)}</p></header>\n"
    )
    tiles = (
        (("版面", "Pages"), len(pages), False),
        (("报道", "Stories"), sum(len(one.stories) for one in pages), False),
        (("数字", "Figures"), sum(len(one.marks) for one in pages), False),
        (("接合的段落", "Joined"), sum(len(one.joined) for one in pages), False),
        (("重复的段落", "Repeated"), sum(len(one.repeated) for one in pages), False),
        (("存疑", "Doubts"), len(checked.doubts), bool(checked.doubts)),
        (("读不出的文件", "Unreadable"), len(checked.unreadable), bool(checked.unreadable)),
    )
    look = ' class="bad"'
    cells = (f"<div{look * bad}><dt>{both(name)}</dt><dd>{number}</dd></div>" for name, number, bad in tiles)
    yield f'<section aria-label="总数 totals"><dl class="tiles">{"".join(cells)}</dl>\n'
    yield (
        '<ul class="key" aria-label="图例 key">'
        f"<li><mark>103家</mark> {both(('数字，点开看所指', 'a figure; opens what it is about'))}</li>"
        f'<li><mark class="guess">103家</mark> {both(("所指是规则猜的", "what it is about was guessed"))}</li>'
        f'<li><mark class="doubt">103家</mark> {both(("存疑", "doubtful"))}</li>'
        f'<li><span class="seam">⤷ 45</span> {both(("在此接上第 45 行", "line 45 is joined here"))}</li>'
        "</ul></section>\n"
    )


def _unreadable(checked: Checked) -> Iterator[str]:
    if checked.unreadable:
        count = len(checked.unreadable)
        head = both((f"读不出的文件（{count}）", f"Unreadable files ({count})"))
        yield f'<section aria-labelledby="unreadable"><h2 id="unreadable">{head}</h2>'
        yield '<ul class="unreadable">'
        for file, reason in checked.unreadable:
            yield f"<li><b>{shown(file)}</b><p>{shown(reason)}</p></li>"
        yield "</ul></section>\n"


def _summary(checked: Checked) -> Iterator[str]:
    if not checked.pages:
        return
    look = ' class="n"'
    heads = (f'<th scope="col"{look * (at > 1)}>{both(name)}</th>' for at, name in enumerate(_HEADS))
    yield (
        f'<section aria-labelledby="summary"><h2 id="summary">{both(("各版", "The pages"))}</h2>'
        '<div class="table" role="region" aria-label="各版一览 table of the pages" tabindex="0"><table>'
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
            f'<td>{shown(one.page.date) or both(_UNKNOWN)}</td>{cells}<td class="n">{last}</td></tr>'
        )
    yield "</tbody></table></div></section>\n"


def _unsure(one: CheckedPage) -> list[float]:
    return [sure for _, _, sure in one.raw.confidence if sure < lines.UNSURE]


def _doubts(checked: Checked, places: Sequence[Places]) -> Iterator[str]:
    if checked.doubts:
        count = len(checked.doubts)
        head = both((f"存疑之处（{count}）", f"Doubts ({count})"))
        yield f'<section aria-labelledby="doubts"><h2 id="doubts">{head}</h2><ol class="doubts">'
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
    stories, head = [], both((f"读成的报道（{len(one.stories)}）", f"Its stories as understood ({len(one.stories)})"))
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
            f'<div class="told"><h3>{head}</h3>\n',
            *stories,
            "</div></div>\n",
            *(_popover(checked, places, marks, figure) for figure in range(len(one.marks))),
            "</section>\n",
        )
    )


def _facts(one: CheckedPage) -> str:
    raw, page = one.raw, one.page
    unsure = len(_unsure(one))
    how = wording.basis(page.date_basis)
    date = page.date or _UNKNOWN[0], page.date or _UNKNOWN[1]
    reader = wording.READERS.get(raw.reader, (raw.reader, raw.reader))
    encoding = f", {raw.encoding}" if raw.encoding else ""
    lines_read = len(raw.confidence)
    ocr = (
        f"{lines_read} 行，其中 {unsure} 行没有把握（低于 {lines.UNSURE}）",
        f"{lines_read} lines, unsure of {unsure} (below {lines.UNSURE})",
    )
    facts: list[tuple[Both, Both]] = [
        (("日期", "Date"), (f"{date[0]}（{how[0]}）", f"{date[1]} ({how[1]})")),
        (("报纸", "Paper"), (page.paper, page.paper)),
        (("专题", "Theme"), (page.theme, page.theme)),
        (("读法", "Read as"), (f"{reader[0]}{encoding}", f"{reader[1]}{encoding}")),
        (("页数", "Pages"), (str(len(raw.pages)) if raw.pages else "",) * 2),
        (("OCR", "OCR"), ocr if raw.confidence else ("", "")),
        (("读时所记", "Noted"), (raw.note, raw.note)),
    ]
    cells = (f"<div><dt>{both(name)}</dt><dd>{both(words)}</dd></div>" for name, words in facts if words[0])
    return f'<dl class="facts">{"".join(cells)}</dl>\n'


def _popover(checked: Checked, places: Sequence[Places], marks: Marking, number: int) -> str:
    mark = marks.one.marks[number]
    cells = "".join(f"<dt>{both(name)}</dt><dd>{both(words)}</dd>" for name, words in rows(mark.claim, days=True))
    line = places[marks.number - 1].line(mark.start)
    held = "".join(doubts.item(checked, places, index) for index in marks.doubted.get(number, ()))
    held = f'<ul class="doubts">{held}</ul>' if held else ""
    label = f"{told(mark.claim.figure.text)} 的所指 what it is about"
    return (
        f'<div popover id="{marks.key(number)}" role="dialog" aria-label="{label}">'
        f'<button class="shut" popovertarget="{marks.key(number)}" popovertargetaction="hide">{both(_CLOSE)}</button>'
        f"<strong>{shown(mark.claim.figure.text)}</strong><dl>{cells}"
        f"<dt>{both(('印在', 'Printed in'))}</dt>"
        f'<dd><a href="#p{marks.number}l{line}">{both((f"第 {line} 行", f"line {line}"))}</a></dd></dl>'
        f"{held}</div>\n"
    )
