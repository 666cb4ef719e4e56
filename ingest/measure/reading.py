"""A page's name and text in, all that ``ingest`` makes of it out, for the measures to hold against gold."""

from dataclasses import dataclass

from assistant.aliases import Aliases
from assistant.records import Page, Story
from ingest import accounts, pages, stories
from ingest.accounts import Printed


@dataclass(frozen=True, slots=True)
class Reading:
    """One page as read: its stories, and the accounts of each with the names that the page teaches."""

    page: Page
    stories: tuple[Story, ...]
    accounts: tuple[Printed, ...]
    aliases: Aliases


def read(name: str, text: str) -> Reading:
    """Reads a page as ``jushi ingest`` does."""
    page = pages.page(name, text)
    found = stories.stories(page)
    known = accounts.learn(found)
    told = tuple(printed for story in found for printed in accounts.accounts(story, known))
    return Reading(page, found, told, known)
