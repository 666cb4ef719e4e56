"""Clean texts in, what the ledger says of them and what it says when a decimal point is lost out.

A clean text's figures are nearly all right, so nearly every suspicion of one is a false alarm. Then one decimal point
of one figure is dropped at a time, as OCR does (12.3万吨 → 123万吨), the page is read anew, and the loss is caught if a
suspicion that was not there before doubts the figure that stands at that very place. No loss is left out because no
check could see it: a lone figure that nothing else on the page bears on counts as missed.
"""

import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from assistant import ledger
from assistant.aliases import Aliases
from assistant.records import Claim, Suspicion, Told
from ingest.measure import reading
from ingest.measure.reading import Reading

_POINT: Final = re.compile(r"(?<![0-9.,])[0-9][0-9,]*\.[0-9]+(?![0-9.])")


@dataclass(frozen=True, slots=True)
class Loss:
    """One point dropped: the figure as printed, and the suspicion that noticed, if any."""

    file: str
    at: int
    claim: Claim
    number: str
    caught: Suspicion | None

    @property
    def mended(self) -> bool:
        """Whether the probable reading is the number that was printed."""
        return self.caught is not None and f"疑为{self.number}" in self.caught.reading


def read(path: Path) -> dict[str, str]:
    """Texts by name: of a folder of .txt files, or of a .jsonl file with an id and a text a line."""
    if path.is_dir():
        return {one.name: one.read_bytes().decode("utf-8") for one in sorted(path.glob("*.txt"))}
    rows = (json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip())
    return {f"{row['id']}.txt": str(row["text"]) for row in rows}


def losses(texts: Mapping[str, str], most: int = 0, seed: int = 0) -> Iterator[Loss]:
    """Each decimal point of a figure dropped by itself; of ``most`` of them, chosen by ``seed``, or of all (0)."""
    readings = reading.read_all(texts)
    known = reading.names_of(readings)
    points = [
        (name, match, claim)
        for name, one in readings.items()
        for match in _POINT.finditer(texts[name])
        if (claim := _claim_at(one, match.start(), match.group())) is not None
    ]
    if most and most < len(points):
        points = sorted(random.Random(seed).sample(points, most), key=lambda point: (point[0], point[1].start()))
    told = {name: _told(one) for name, one in readings.items()}
    for name, match, claim in points:
        number = match.group()
        new = number.replace(".", "")
        text = texts[name][: match.start()] + new + texts[name][match.end() :]
        others = [one for file, some in told.items() if file != name for one in some]
        before = {_said(doubt) for doubt in readings[name].doubts}
        caught = _noticed(name, text, match.start(), new, others, known, before)
        yield Loss(name, match.start(), claim, number, caught)


def _noticed(
    name: str, text: str, at: int, new: str, others: Sequence[Told], known: Aliases, before: set[tuple[str, ...]]
) -> Suspicion | None:
    damaged = reading.read(name, text)
    lost = re.compile(rf"(?<![0-9.]){re.escape(new)}(?![0-9.])")
    accounts = [printed.account for printed in damaged.accounts]
    doubts = [*ledger.of_page(accounts, damaged.aliases), *ledger.across([*_told(damaged), *others], known)]
    for doubt in doubts:
        if _said(doubt) in before:
            continue
        spans = [damaged.printed(claim) for claim in doubt.claims]
        # 04% is no figure any more, so nothing is claimed by it: then the doubt must name it
        named = not doubt.claims and lost.search(doubt.arithmetic)
        if named or any(span and span[0] <= at < span[1] for span in spans):
            return doubt
    return None


def _claim_at(one: Reading, at: int, number: str) -> Claim | None:
    """The claim whose figure prints the number at that place of the file."""
    for printed in one.accounts:
        for claim in printed.account.claims:
            start, end = printed.at(claim.figure.start), printed.at(claim.figure.end - 1) + 1
            if start <= at < end and number in claim.figure.text:
                return claim
    return None


def _told(one: Reading) -> list[Told]:
    return [
        told
        for at, printed in enumerate(one.accounts)
        for told in ledger.told(printed.account, f"{one.page.file}#{at}")
    ]


def _said(doubt: Suspicion) -> tuple[str, ...]:
    return (doubt.kind, doubt.text, *(claim.figure.text for claim in doubt.claims))


def report(texts: Mapping[str, str], most: int = 0, seed: int = 0) -> Iterator[str]:
    """The suspicions of the clean texts by 100 figures, each listed; with ``most`` of 0 or more, the losses caught."""
    readings = reading.read_all(texts)
    figures = sum(len(printed.account.claims) for one in readings.values() for printed in one.accounts)
    doubts = list(dict.fromkeys(doubt for one in readings.values() for doubt in one.doubts))
    rate = 100 * len(doubts) / figures if figures else 0.0
    yield f"{len(texts)} texts, {figures} figures, {len(doubts)} suspicions: {rate:.2f} to 100 figures"
    for doubt in doubts:
        printed = "、".join(claim.figure.text for claim in doubt.claims)
        files = " ".join(dict.fromkeys(file for file, _ in doubt.quotes))
        yield f"  {doubt.kind:<16} {printed}｜{doubt.text}｜{doubt.arithmetic}｜{doubt.reading}｜{files}"
    if most < 0:
        return
    found = list(losses(texts, most, seed))
    caught = [loss for loss in found if loss.caught]
    yield (
        f"{len(found)} points dropped (seed {seed}): {len(caught)} caught ({len(caught) / max(1, len(found)):.3f}),"
        f" {sum(loss.mended for loss in caught)} with the right reading"
    )
    yield from _shares("kind of figure", [(loss.claim.figure.kind, loss) for loss in found])
    yield from _shares("check", [(loss.caught.kind, loss) for loss in found if loss.caught], whole=False)


def _shares(head: str, rows: Sequence[tuple[str, Loss]], *, whole: bool = True) -> Iterator[str]:
    yield f"\n| {head} | caught |" + (" of |" if whole else "") + "\n|---|---|" + ("---|" if whole else "")
    counts: dict[str, list[Loss]] = {}
    for name, loss in rows:
        counts.setdefault(name, []).append(loss)
    for name, some in sorted(counts.items(), key=lambda one: -len(one[1])):
        of = f" {len(some)} |" if whole else ""
        yield f"| {name} | {sum(loss.caught is not None for loss in some)} |{of}"
