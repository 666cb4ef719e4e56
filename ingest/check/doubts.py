"""A suspicion in, an item of a list out: why, the arithmetic, the probable reading, and where it is printed."""

from collections.abc import Sequence
from typing import Final

from assistant.checks import english
from ingest.check import wording
from ingest.check.lines import Places
from ingest.check.reading import Checked
from ingest.check.shown import both, shown

_QUOTES: Final = 3  # places of a suspicion that are shown; the second is what the first is held against


def item(checked: Checked, places: Sequence[Places], at: int, *, anchor: bool = False) -> str:
    """``anchor``: the item that links lead to; ``places`` are those of the pages."""
    one = checked.doubts[at]
    said = one.suspicion
    parts = [
        f'<li id="d{at + 1}">' if anchor else "<li>",
        f'<p class="what"><span class="tag bad">{both(wording.doubt(said.kind))}</span> '
        f"{both((said.text, english.said(said.text)))}</p>",
    ]
    if said.arithmetic:
        parts.append(f'<p class="sum">{shown(said.arithmetic)}</p>')
    if said.reading:
        parts.append(f"<p>{both((said.reading, english.said(said.reading)))}</p>")
    for (page, offset), (_, quote) in list(zip(one.places, said.quotes, strict=False))[:_QUOTES]:
        line = places[page].line(offset)
        file = shown(checked.pages[page].page.file)
        where = both((f"第 {line} 行", f"line {line}"))
        parts.append(f'<p><q>“{shown(quote)}”</q> <a href="#p{page + 1}l{line}">{file} {where}</a></p>')
    return "".join([*parts, "</li>"])
