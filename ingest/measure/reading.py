"""Pages' names and texts in, all that ``ingest`` makes of them out, for the measures to hold against gold."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from assistant import aliases as names
from assistant import ledger
from assistant.aliases import Aliases
from assistant.records import Claim, Page, Story, Suspicion
from ingest import accounts, pages, stories
from ingest.accounts import Printed


@dataclass(frozen=True, slots=True)
class Reading:
    """One page as read: its stories, the accounts of each with the names that the page teaches, and what is doubted.

    ``doubts`` are the suspicions that quote the page, those over other pages read with it included.
    """

    page: Page
    stories: tuple[Story, ...]
    accounts: tuple[Printed, ...]
    aliases: Aliases
    doubts: tuple[Suspicion, ...] = ()

    def printed(self, claim: Claim) -> tuple[int, int] | None:
        """Where in the file the figure of one of its claims (the object, not its like) is printed."""
        for printed in self.accounts:
            if any(claim is one for one in printed.account.claims):
                return printed.at(claim.figure.start), printed.at(claim.figure.end - 1) + 1
        return None


def read(name: str, text: str) -> Reading:
    """Reads a page as ``jushi ingest`` does."""
    return read_all({name: text})[name]


def read_all(texts: Mapping[str, str]) -> dict[str, Reading]:
    """Reads pages, and holds each against the others."""
    found = {name: _parsed(name, text) for name, text in texts.items()}
    every = [printed.account for one in found.values() for printed in one.accounts]
    doubts = ledger.suspicions(every, names_of(found))
    return {
        name: replace(one, doubts=tuple(doubt for doubt in doubts if any(file == name for file, _ in doubt.quotes)))
        for name, one in found.items()
    }


def names_of(readings: Mapping[str, Reading]) -> Aliases:
    """The names that all the pages teach together."""
    every = [printed.account for one in readings.values() for printed in one.accounts]
    return names.learn([f"{account.headline}\n{account.text}" for account in every])


def _parsed(name: str, text: str) -> Reading:
    page = pages.page(name, text)
    found = stories.stories(page)
    known = accounts.learn(found)
    told = tuple(printed for story in found for printed in accounts.accounts(story, known))
    return Reading(page, found, told, known)
