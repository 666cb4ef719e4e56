"""A checked page in, any stretch of it as HTML with its figures marked, and what each figure is about, out."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence

from assistant.records import Claim
from ingest.check import wording
from ingest.check.reading import CheckedPage, Mark
from ingest.check.shown import Both, shown, told


class Marking:
    """The figures of the page numbered ``number``; ``doubted`` are those under suspicion, by number, with whose."""

    def __init__(self, one: CheckedPage, number: int, doubted: Mapping[int, Sequence[int]]) -> None:
        self.one, self.number, self.doubted = one, number, doubted
        pieces = sorted((start, end, mark.number) for mark in one.marks for start, end in mark.spans)
        self._pieces: list[tuple[int, int, int]] = []
        for piece in pieces:
            if not self._pieces or piece[0] >= self._pieces[-1][1]:  # one within another is shown once
                self._pieces.append(piece)

    def text(self, start: int, end: int, *, live: bool) -> str:
        """The page from ``start`` to ``end``; ``live``: its figures open, otherwise they tell in a title."""
        page, found, at = self.one.page.text, [], start
        place = bisect_left(self._pieces, (start, 0, 0))
        if place and self._pieces[place - 1][1] > start:
            place -= 1
        for begin, finish, number in self._pieces[place:]:
            if begin >= end:
                break
            begin, finish = max(begin, start), min(finish, end)
            found += [shown(page[at:begin]), self._mark(number, page[begin:finish], live)]
            at = finish
        return "".join([*found, shown(page[at:end])])

    def _mark(self, number: int, words: str, live: bool) -> str:
        look = self.look(self.one.marks[number])
        title = told(self.brief(number))
        if live:
            return (
                f'<button class="fig{look}" popovertarget="{self.key(number)}" title="{title}" aria-haspopup="dialog">'
                f"{shown(words)}</button>"
            )
        return f'<mark class="{look.strip()}" title="{title}">{shown(words)}</mark>'

    def look(self, mark: Mark) -> str:
        """The class that tells a figure under suspicion from one whose meaning was guessed; none for the rest."""
        return " doubt" if mark.number in self.doubted else "" if mark.claim.sure else " guess"

    def key(self, number: int) -> str:
        """The name of a figure in the file."""
        return f"p{self.number}f{number + 1}"

    def brief(self, number: int) -> str:
        """Who, what, when, how much, on one line."""
        claim = self.one.marks[number].claim
        parts = (claim.subject, claim.metric, claim.period.label, " / ".join(wording.bounded(claim.figure)))
        return " · ".join(part for part in parts if part) + ("（存疑 doubtful）" if number in self.doubted else "")


def rows(claim: Claim, *, days: bool) -> list[tuple[Both, Both]]:
    """What is thought of a figure, by name; ``days``: its period with the first and last day."""
    return [
        (("主体", "Subject"), _or_unclear(claim.subject)),
        (("指标", "Metric"), _or_unclear(claim.metric)),
        (("时期", "Period"), wording.period(claim, days=days)),
        (("数值", "Value"), wording.bounded(claim.figure)),
        (("比较", "Comparison"), (claim.comparison or "–",) * 2),
        (("把握", "Known"), ("直接得出", "directly") if claim.sure else ("猜得，请核对", "guessed, please verify")),
    ]


def _or_unclear(words: str) -> Both:
    return (words, words) if words else ("未能判明", "unclear")
