"""What the page says, in Chinese and in English, in; HTML that holds both out: the reader's switch shows one of them.

Both are in the page, so that switching redraws nothing and asks nobody: ``page.css`` hides the one that is not wanted.
"""

import html as markup
from collections.abc import Sequence

from assistant import render


def both(chinese: str, english: str) -> str:
    """Write the words in both languages; they are ours, and are escaped all the same."""
    return f'<span class="zh">{escaped(chinese)}</span><span class="en" lang="en">{escaped(english)}</span>'


def twice(chinese: str, english: str) -> str:
    """Hold two pieces of HTML, the same in both languages; one alone where they do not differ."""
    if chinese == english:
        return chinese
    return f'<span class="zh">{chinese}</span><span class="en" lang="en">{english}</span>'


def offered(chinese: Sequence[str], english: Sequence[str], shown: int = 0) -> str:
    """Questions that a click asks, in the reader's language if it has any; ``shown`` of them at first (0: all)."""
    if not english:
        return _questions(chinese, "", shown)
    return _questions(chinese, " zh", shown) + _questions(english, ' en" lang="en', shown)


def _questions(questions: Sequence[str], language: str, shown: int) -> str:
    items = (
        f'<li{" hidden" if shown and at >= shown else ""}><button type="button" class="offer" data-act="ask" '
        f'data-question="{line(one)}">{line(one)}</button></li>'
        for at, one in enumerate(questions)
    )
    return f'<ul class="offers{language}">{"".join(items)}</ul>'


def hidden(chinese: str, english: str) -> str:
    """The same for a screen reader alone: what a sign such as ✕ does."""
    return f'<span class="vh">{both(chinese, english)}</span>'


def escaped(words: str) -> str:
    """Escape the words, which may be a page's, a question's or a model's, for text and for attributes."""
    return markup.escape(render.clean(words), quote=True).replace("\n", "<br>")


def line(words: str) -> str:
    """The same on one line: fit for a heading, a cell, an attribute."""
    return markup.escape(render.line(words), quote=True)


def button(chinese: str, english: str, look: str = "", **data: str | int) -> str:
    """A button that ``page.js`` acts on by its data: ``data-act="copy"``."""
    given = "".join(f' data-{name.replace("_", "-")}="{line(str(value))}"' for name, value in data.items())
    return f'<button type="button" class="{look}"{given}>{both(chinese, english)}</button>'
