"""The library's pages in, their list, a page beside its stories and search results as HTML out."""

from collections.abc import Collection, Sequence

from assistant.checks.english import said
from assistant.library import Generation, OpenPage, Shelved
from assistant.records import Passage, Suspicion
from assistant.web.answer import source_html
from assistant.web.source import page_view
from assistant.web.words import both, button, escaped, hidden, line

_SHOWN = 200  # pages listed at a time; search finds the others
_FOUND = 30  # passages that a search shows


def generation_html(now: Generation) -> str:
    """Which generation answers, and what it holds."""
    held = f"{now.pages} 版，{now.passages} 个段落，{now.figures} 个数字，{now.suspicions} 处存疑"
    english = f"{now.pages} pages, {now.passages} passages, {now.figures} figures, {now.suspicions} doubts"
    told = both(f"第 {now.number} 代索引正在作答：{held}。", f"Generation {now.number} answers: {english}.")
    return f'<p class="generation" role="status">{told} <code>{line(now.name)}</code></p>'


def list_html(pages: Sequence[Shelved], kept: Collection[str], writable: bool) -> str:
    """The pages, each with what can be done to it."""
    if not pages:
        return f'<p class="none">{both("还没有版面。", "There is no page yet.")}</p>'
    rows = "".join(_row(one, one.file in kept, writable) for one in pages[:_SHOWN])
    more = len(pages) - _SHOWN
    rest = both(f"还有 {more} 版没有列出，请用上面的查找。", f"{more} more pages: search for them.") if more > 0 else ""
    return f'<ul class="pages">{rows}</ul><p class="soft">{rest}</p>'


def _row(one: Shelved, kept: bool, writable: bool) -> str:
    counts = both(
        f"{one.stories} 篇报道 · {one.figures} 个数字" + (f" · {one.suspicions} 处存疑" if one.suspicions else ""),
        f"{one.stories} stories · {one.figures} figures" + (f" · {one.suspicions} doubts" if one.suspicions else ""),
    )
    acts = ""
    if writable:
        again = button("重新读入", "Read anew", act="again", file=one.file) if kept else ""
        acts = f'<span class="acts">{again}{button("删除", "Delete", "danger", act="remove", file=one.file)}</span>'
    title = line(one.theme) or line(one.file)
    where = " ".join(part for part in (line(one.paper), line(one.date)) if part) or both("日期不明", "no date")
    return (
        f'<li><button type="button" class="title" data-act="open" data-file="{line(one.file)}">{title}</button>'
        f'<span class="where">{where}</span><span class="soft">{counts}</span><code>{line(one.file)}</code>{acts}</li>'
    )


def found_html(found: Sequence[Passage], words: str) -> str:
    """The passages that a search found, the words marked."""
    if not found:
        return f'<p class="none" role="status">{both("没有找到。", "Nothing was found.")}</p>'
    cards = "".join(f"<li>{_found(one, words.split())}</li>" for one in found[:_FOUND])
    count = both(f"找到 {len(found)} 段", f"{len(found)} passages")
    return f'<p class="count" role="status">{count}</p><ol class="cards">{cards}</ol>'


def _found(one: Passage, words: Sequence[str]) -> str:
    quote = escaped(one.text)
    for word in sorted({escaped(word) for word in words}, key=len, reverse=True)[:8]:
        if word and "&" not in word and word not in "<mark></mark>":
            quote = quote.replace(word, f"<mark>{word}</mark>") if "<mark>" not in quote else _outside(quote, word)
    place: dict[str, str | int] = {"act": "source", "file": one.source.file, "from": one.start, "to": one.spans[-1].end}
    opens = button("翻到原版", "Open the page", "open", **place)
    return f'<div class="card">{source_html(one.source)}<blockquote>{quote}</blockquote>{opens}</div>'


def _outside(quote: str, word: str) -> str:
    """Mark the word where no mark of another word is."""
    parts = quote.split("<mark>")
    done = [parts[0].replace(word, f"<mark>{word}</mark>")]
    for part in parts[1:]:
        inside, _, after = part.partition("</mark>")
        done.append(f"{inside}</mark>{after.replace(word, f'<mark>{word}</mark>')}")
    return "<mark>".join([done[0], *done[1:]])


def _text(doubt: Suspicion) -> str:
    return doubt.text


def page_html(page: OpenPage) -> str:
    """One page: its record, then its lines beside its stories."""
    one = page.shelved
    facts = (
        (("日期", "Date"), (f"{one.date or '–'} {one.date_basis}",) * 2),
        (("报纸", "Paper"), (one.paper,) * 2),
        (("存疑", "Doubts"), ("；".join(map(_text, page.doubts)), "; ".join(said(_text(one)) for one in page.doubts))),
    )
    rows = "".join(
        f"<div><dt>{both(*name)}</dt><dd>{both(*words)}</dd></div>" for name, words in facts if words[0].strip()
    )
    back = button("← 全部版面", "← All pages", "back", act="shelves")
    return (
        f'{back}<h2 tabindex="-1">{line(one.theme) or line(one.file)} {hidden("版面", "page")}</h2>'
        f'<dl class="facts"><div><dt>{both("文件", "File")}</dt><dd><code>{line(one.file)}</code></dd></div>{rows}</dl>'
        f"{page_view(page)}"
    )
