"""A Story in, its Accounts out: each text of it with the claims that its figures make, and where the text is printed.

The body is one account, so that a subject or period carries from sentence to sentence; a headline, a sub-heading and a
caption are read by themselves. Repeats and bylines make no claim.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant import aliases as names
from assistant import claims, figures
from assistant.aliases import Aliases
from assistant.records import Account, Block, Claim, Role, Span, Story

_TOLD: tuple[Role, ...] = (Role.HEADING, Role.CAPTION, Role.FURNITURE)


@dataclass(frozen=True, slots=True)
class Printed:
    """An account and where it is printed: ``spans`` map its text to the file, in order."""

    account: Account
    spans: tuple[Span, ...]

    def at(self, offset: int) -> int:
        """The offset in the file of the letter at ``offset`` of the account's text."""
        held = [span for span in self.spans if span.at <= offset] or [self.spans[0]]
        return held[-1].start + offset - held[-1].at


def learn(stories: Sequence[Story]) -> Aliases:
    """The names of these stories, headlines and captions included."""
    return names.learn(
        [f"{story.source.headline}\n{story.text}" for story in stories]
        + [caption.text for story in stories for caption in story.captions]
    )


def accounts(story: Story, known: Aliases | None = None) -> tuple[Printed, ...]:
    """The story's accounts, the body first; ``known`` are the names learned of the page or of more."""
    known = known or learn([story])
    source = story.source
    body: tuple[Claim, ...] = ()
    found = []
    for role, text, spans, under in _texts(story):
        told = claims.claims(
            text,
            figures.find(text),
            headline=source.headline,
            page_date=source.date,
            aliases=known,
            sections=under,
        )
        if role is Role.BODY:
            body = told
        elif role is Role.HEADING:
            told = tuple(_retold(claim, body) for claim in told)
        found.append(Printed(Account(text, told, source.headline, source.file, source.date), spans))
    return tuple(found)


def _retold(claim: Claim, body: Sequence[Claim]) -> Claim:
    """A headline's figure that the body tells again is that of the body: it has the whole sentence around it."""
    again = next((other for other in body if figures.same(claim.figure, other.figure, bounds=False)), None)
    if again is None:
        return claim
    return replace(again, figure=claim.figure)


_Sections = tuple[tuple[int, str], ...]


def _texts(story: Story) -> Iterator[tuple[Role, str, tuple[Span, ...], _Sections]]:
    if story.text:
        yield Role.BODY, story.text, story.fragments, sections(story)
    for block in story.blocks:
        if block.role in _TOLD and block.text:
            yield block.role, block.text, block.spans, ()


def sections(story: Story) -> _Sections:
    """The story's sub-headings, each with the offset in its text at which what it heads begins."""
    found: list[tuple[int, str]] = []
    at = 0
    for block in story.blocks:
        if block.role is Role.BODY:
            at += len(block.text) + 1
        elif block.role is Role.HEADING and at:
            found.append(_joined(found, at, block))
    return tuple(found)


def _joined(found: list[tuple[int, str]], at: int, block: Block) -> tuple[int, str]:
    """A heading of two lines is one."""
    if found and found[-1][0] == at:
        return at, found.pop()[1] + block.text
    return at, block.text
