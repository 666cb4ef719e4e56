"""Accounts or claims in, suspicions and conflicts out; the print itself is never altered.

    within_story    one story's claims, and its words: what cannot be right (``checks``), a firm above its park
    within_page     the stories of one page: namesakes
    across          claims of any number of pages, each with its sentence: one claim with two values, a part of a year
                    above the year, a firm's figure many times another page's, a growth that the year before belies

The first two are made when a page is parsed, the third over the claims that are stored: it needs no story's text, and
its time grows as the claims do, for it compares only what meets under one key (``relations``).

    >>> [s.kind for s in suspicions([Account("电解铝产能从145万吨提升至20万吨。", claims)])]
    ['direction']
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from assistant import aliases as names
from assistant import checks, sentences
from assistant.aliases import Aliases
from assistant.checks import across as comparisons
from assistant.checks import pages, parks
from assistant.records import Account, Claim, Suspicion, Told


def suspicions(accounts: Sequence[Account], aliases: Aliases | None = None) -> tuple[Suspicion, ...]:
    """Every doubt about these stories' figures and words, those within a story first; each once."""
    known = aliases or names.learn([f"{account.headline}\n{account.text}" for account in accounts])
    doubts = [doubt for account in accounts for doubt in within_story(account, known)]
    by_file: dict[str, list[Account]] = {}
    for account in accounts:
        by_file.setdefault(account.file, []).append(account)
    doubts += [doubt for page in by_file.values() for doubt in within_page(page)]
    every = [one for at, account in enumerate(accounts) for one in told(account, str(at))]
    return once([*doubts, *across(every, known)])


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


def placed(suspicion: Suspicion, claims: Mapping[Claim, Claim]) -> Suspicion:
    """The suspicion with its claims as ``claims`` tells them: those of a story as their passages have them."""
    return replace(
        suspicion,
        claims=tuple(claims.get(claim, claim) for claim in suspicion.claims),
        witnesses=tuple(claims.get(claim, claim) for claim in suspicion.witnesses),
    )


def once(doubts: Iterable[Suspicion]) -> tuple[Suspicion, ...]:
    """Without what tells the same figures of the same doubt again."""
    kept = {(one.kind, one.text, one.arithmetic, one.quotes): one for one in reversed(list(doubts))}
    return tuple(reversed(kept.values()))
