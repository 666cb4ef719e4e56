"""A folder of pages in Markdown, or the passages of an index in, the Stories that gold items name out.

A story is named ``file#headline``; its text is what stands under ``## headline``, sub-headings included.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from assistant import claims, figures
from assistant.records import Claim, Figure, Passage
from assistant.settings import Settings
from evals.gold import GoldError

_DATE: Final = re.compile(r"(?m)\A---\n(?:.*\n)*?date: *(?P<date>[\d-]+) *$")


@dataclass(frozen=True)
class Story:
    """One story as the linter reads it; ``date`` is its page's, ISO."""

    name: str
    text: str
    date: str = ""

    @property
    def headline(self) -> str:
        """The name without its file."""
        return self.name.partition("#")[2]

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """Every figure of the text."""
        return figures.find(self.text)

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """Who, what and when of each figure."""
        return claims.claims(self.text, self.figures, headline=self.headline, page_date=self.date)


def of_folder(folder: Path) -> dict[str, Story]:
    """The stories of each ``*.md`` of a folder, by name. Raises GoldError where there is none."""
    found: dict[str, Story] = {}
    for path in sorted(folder.glob("*.md")) if folder.is_dir() else []:
        text = path.read_text("utf-8")
        dated = _DATE.search(text)
        for section in text.split("\n## ")[1:]:
            head, _, body = section.partition("\n")
            name = f"{path.name}#{head}"
            found[name] = Story(name, body, dated["date"] if dated else "")
    if not found:
        raise GoldError(f"{folder} holds no page in Markdown with ## headlines: name another folder with --pages.")
    return found


def of_index(settings: Settings) -> dict[str, Story]:
    """The stories of the settings' index. Raises IndexMissing or IndexMismatch."""
    from assistant.store import Store

    store = Store.open(Path(settings.data), settings.embedder, settings.server)
    try:
        return of_passages(store.all())
    finally:
        store.close()


def of_passages(passages: Iterable[Passage]) -> dict[str, Story]:
    """The stories of an index, by name."""
    rows: dict[str, list[Passage]] = {}
    for passage in passages:
        rows.setdefault(f"{passage.source.file}#{passage.source.headline}", []).append(passage)
    return {
        name: Story(name, "\n".join(one.text for one in sorted(row, key=lambda one: one.start)), row[0].source.date)
        for name, row in rows.items()
    }
