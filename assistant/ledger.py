"""Accounts or claims in, suspicions and conflicts out; the print itself is never altered.

    within_story    one story's claims, and its words: what cannot be right (``checks``), a firm above its park
    within_page     the stories of one page: namesakes
    across          claims of any number of pages, each with its sentence: one claim with two values, a part of a year
                    above the year, a firm's figure many times another page's, a growth that the year before belies

The first two (``of_page``) are made when a page is parsed, the third over the claims that are stored: it needs no
story's text, and its time grows as the claims do, for it compares only what meets under one key (``relations``).

    >>> [s.kind for s in suspicions([Account("电解铝产能从145万吨提升至20万吨。", claims)])]
    ['direction']
"""

from collections.abc import Iterable, Iterator, Sequence

from assistant import aliases as names
from assistant import checks, sentences
from assistant.aliases import Aliases
from assistant.checks import across as comparisons
from assistant.checks import pages, parks
from assistant.records import Account, Suspicion, Told


def suspicions(accounts: Sequence[Account], aliases: Aliases | None = None) -> tuple[Suspicion, ...]:
    """Every doubt about these stories' figures and words, page by page first, then between stories; each once."""
    known = aliases or names.learn([f"{account.headline}\n{account.text}" for account in accounts])
    by_file: dict[str, list[Account]] = {}
    for account in accounts:
        by_file.setdefault(account.file, []).append(account)
    doubts = [doubt for page in by_file.values() for doubt in of_page(page, known)]
    every = [one for at, account in enumerate(accounts) for one in told(account, str(at))]
    return once([*doubts, *across(every, known)])


def of_page(accounts: Sequence[Account], aliases: Aliases) -> tuple[Suspicion, ...]:
    """What is doubted of one page when it is parsed: each story by itself, then the stories beside each other."""
    return once([*(doubt for account in accounts for doubt in within_story(account, aliases)), *within_page(accounts)])


def within_story(account: Account, aliases: Aliases) -> tuple[Suspicion, ...]:
    """The doubts about one story by itself."""
    return once([*checks.suspicions(account), *parks.firm_above_park(account, aliases)])


def within_page(accounts: Sequence[Account]) -> tuple[Suspicion, ...]:
    """The doubts about the stories of one page beside each other."""
    return tuple(pages.namesakes(accounts)) if accounts and accounts[0].file else ()


def across(every: Iterable[Told], aliases: Aliases) -> tuple[Suspicion, ...]:
    """The doubts about claims held against those of other stories, of the same page and of others."""
    return once(list(comparisons.suspicions(tuple(every), aliases)))


def told(account: Account, story: str = "") -> Iterator[Told]:
    """The account's claims, each with its sentence, for ``across``; ``story`` is a name of its own."""
    spans = iter(sentences.split(account.text))
    start, end = next(spans, (0, 0))
    for claim in account.claims:
        while claim.figure.start >= end and (following := next(spans, None)):
            start, end = following
        yield Told(claim, account.text[start:end], account.file, account.headline, account.date, story)


def once(doubts: Iterable[Suspicion]) -> tuple[Suspicion, ...]:
    """Without what tells the same figures of the same doubt again."""
    kept = {(one.kind, one.text, one.arithmetic, one.quotes): one for one in reversed(list(doubts))}
    return tuple(reversed(kept.values()))
