"""A story being put together: what ``stories`` fills, ``kinds`` names and ``asides`` completes."""

from dataclasses import dataclass, field

from assistant.records import Block, Role, StoryKind
from ingest import furniture


@dataclass(slots=True)
class Draft:
    """A story being put together; ``blocks`` are the heading's, then the body's, as they come."""

    headings: list[Block] = field(default_factory=list)
    bylines: list[Block] = field(default_factory=list)
    body: list[Block] = field(default_factory=list)  # with sub-headings
    after: list[Block] = field(default_factory=list)  # bylines at the end
    extra: list[Block] = field(default_factory=list)  # captions, repeats
    kind: StoryKind | None = None
    rubric: str = ""  # the heading shared with other stories

    @property
    def paragraphs(self) -> list[Block]:
        """The body without its sub-headings."""
        return [block for block in self.body if block.role is Role.BODY]

    @property
    def words(self) -> str:
        """The paragraphs, a line each."""
        return "\n".join(block.text for block in self.paragraphs)

    @property
    def lead(self) -> bool:
        """Whether it begins as the paper's own reports do: 本报讯."""
        return any(furniture.is_lead(block.text) for block in self.paragraphs[:1])

    @property
    def headed(self) -> bool:
        """Whether it has a headline of its own; the name of a series is none."""
        return any(not furniture.is_rubric(block.text) for block in self.headings)

    @property
    def level(self) -> int:
        """That of its own headline; a page's title or a rubric may stand above it."""
        return next((block.level for block in reversed(self.headings) if block.level), 0)
