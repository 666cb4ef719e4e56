"""A regular expression and a string in, the number of steps out that a backtracking search of it takes.

It walks the tree that ``re`` itself parses the expression into, as ``re`` does, and counts each item that it tries. So
how fast an expression grows is found by counting, the same on every machine, and not by the clock.
"""

import re
import sys
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

Then = Callable[[int], bool]
_SPACE, _DIGIT, _WORD = codes.CATEGORY_SPACE, codes.CATEGORY_DIGIT, codes.CATEGORY_WORD
_NOT = {
    codes.CATEGORY_NOT_SPACE: _SPACE,
    codes.CATEGORY_NOT_DIGIT: _DIGIT,
    codes.CATEGORY_NOT_WORD: _WORD,
}
_REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT)


class TooMany(Exception):
    """More steps than were allowed."""


@dataclass
class Search:
    """Counts the steps of searching ``text``; raises TooMany beyond ``most``."""

    text: str
    most: int
    ignore_case: bool = False
    dotall: bool = False
    multiline: bool = False
    steps: int = 0
    groups: dict[int, tuple[int, int]] = field(default_factory=dict)

    def match(self, items: Sequence[Any], index: int, at: int, then: Then) -> bool:
        self.steps += 1
        if self.steps > self.most:
            raise TooMany
        if index == len(items):
            return then(at)
        op, told = items[index]

        def go_on(end: int) -> bool:
            return self.match(items, index + 1, end, then)

        if op in _REPEATS:
            return self._repeat(op, told, at, go_on)
        if op is codes.BRANCH:
            letter = self.text[at : at + 1]
            return any(self.match(one, 0, at, go_on) for one in told[1] if self._may_begin(one, letter))
        if op is codes.SUBPATTERN:
            group, *_, inner = told
            return self.match(inner, 0, at, lambda end: self._grouped(group, at, end, go_on))
        if op is codes.ATOMIC_GROUP:
            ends: list[int] = []
            return self.match(told, 0, at, lambda end: not ends.append(end)) and go_on(ends[0])  # type: ignore[func-returns-value]
        if op in (codes.ASSERT, codes.ASSERT_NOT):
            direction, inner = told
            begin = at if direction > 0 else at - parser.SubPattern.getwidth(inner)[0]
            seen = begin >= 0 and self.match(inner, 0, begin, lambda end: direction > 0 or end == at)
            return seen is (op is codes.ASSERT) and go_on(at)
        if op is codes.AT:
            return self._placed(told, at) and go_on(at)
        if op is codes.GROUPREF:
            start, end = self.groups.get(told, (0, -1))
            word = self.text[start:end] if end >= start else None
            return word is not None and self.text.startswith(word, at) and go_on(at + len(word))
        if op is codes.GROUPREF_EXISTS:
            group, yes, no = told
            chosen = yes if group in self.groups else no
            return self.match(chosen or [], 0, at, go_on)
        return at < len(self.text) and self._is(op, told, self.text[at]) and go_on(at + 1)

    def _may_begin(self, items: Sequence[Any], letter: str) -> bool:
        """Whether the alternative is tried at all: ``re`` looks at its first letter before."""
        if not items or self.ignore_case or items[0][0] is not codes.LITERAL:
            return True
        return letter == chr(items[0][1])

    def _grouped(self, group: int | None, start: int, end: int, then: Then) -> bool:
        if group is not None:
            self.groups[group] = (start, end)
        return then(end)

    def _repeat(self, op: Any, told: Any, at: int, then: Then) -> bool:
        least, most, inner = told
        if len(inner) == 1 and inner[0][0] in _SINGLE:
            count = 0
            while (
                count < most
                and at + count < len(self.text)
                and self._is(inner[0][0], inner[0][1], self.text[at + count])
            ):
                count += 1
                self.steps += 1
            if op is codes.POSSESSIVE_REPEAT:
                return count >= least and then(at + count)
            tried = range(least, count + 1) if op is codes.MIN_REPEAT else range(count, least - 1, -1)
            return any(then(at + taken) for taken in tried)
        if op is codes.POSSESSIVE_REPEAT:
            count = 0
            while count < most:
                ends: list[int] = []
                found = self.match(inner, 0, at, lambda end, ends=ends: not ends.append(end))  # type: ignore[misc]
                if not found or ends[0] == at:
                    break
                at, count = ends[0], count + 1
            return count >= least and then(at)

        def again(count: int, start: int) -> bool:
            def more() -> bool:
                return count < most and self.match(
                    inner, 0, start, lambda end: (end > start or count < least) and again(count + 1, end)
                )

            if op is codes.MIN_REPEAT:
                return (count >= least and then(start)) or more()
            return more() or (count >= least and then(start))

        return again(0, at)

    def _placed(self, where: Any, at: int) -> bool:
        text = self.text
        if where is codes.AT_BEGINNING_STRING or (where is codes.AT_BEGINNING and not self.multiline):
            return at == 0
        if where in (codes.AT_BEGINNING, codes.AT_BEGINNING_LINE):
            return at == 0 or text[at - 1] == "\n"
        if where is codes.AT_END_STRING:
            return at == len(text)
        if where in (codes.AT_END, codes.AT_END_LINE):
            return at == len(text) or (text[at] == "\n" and (self.multiline or at + 1 == len(text)))
        sides = [0 <= place < len(text) and _category(_WORD, text[place]) for place in (at - 1, at)]
        return (sides[0] != sides[1]) is (where is codes.AT_BOUNDARY)

    def _is(self, op: Any, told: Any, letter: str) -> bool:
        if self.ignore_case:
            return self._one(op, told, letter.lower()) or self._one(op, told, letter.upper())
        return self._one(op, told, letter)

    def _one(self, op: Any, told: Any, letter: str) -> bool:
        if op is codes.LITERAL:
            return bool(ord(letter) == told)
        if op is codes.NOT_LITERAL:
            return bool(ord(letter) != told)
        if op is codes.ANY:
            return self.dotall or letter != "\n"
        inside = any(
            (kind is codes.LITERAL and ord(letter) == value)
            or (kind is codes.RANGE and value[0] <= ord(letter) <= value[1])
            or (kind is codes.CATEGORY and _category(value, letter))
            for kind, value in told
        )
        return inside is not (told[0][0] is codes.NEGATE)


_SINGLE = (codes.LITERAL, codes.NOT_LITERAL, codes.ANY, codes.IN)


def _category(category: Any, letter: str) -> bool:
    if category in _NOT:
        return not _category(_NOT[category], letter)
    if category is _SPACE:
        return letter.isspace()
    if category is _DIGIT:
        return unicodedata.category(letter) == "Nd"
    return letter.isalnum() or letter == "_"


def steps(pattern: re.Pattern[str], text: str, most: int, *, anchored: bool = False) -> int:
    """Steps of looking for the pattern in the text from each place, or (``anchored``) from the first alone.

    A place within what was found is not looked from again. Raises TooMany beyond ``most``.
    """
    tree = parser.parse(pattern.pattern, pattern.flags)
    flags = pattern.flags
    search = Search(text, most, bool(flags & re.I), bool(flags & re.S), bool(flags & re.M))
    at = 0
    sys.setrecursionlimit(max(sys.getrecursionlimit(), 20 * len(text) + 2000))
    while at <= len(text):
        found: list[int] = []
        search.groups.clear()
        search.match(tree, 0, at, lambda end, found=found: not found.append(end))  # type: ignore[misc]
        if anchored:
            break
        at = max(at + 1, found[0] if found else 0)
    return search.steps


def first_end(pattern: re.Pattern[str], text: str) -> int | None:
    """Where the match at the beginning of the text ends, or None; what ``pattern.match`` finds."""
    flags = pattern.flags
    search = Search(text, 100_000, bool(flags & re.I), bool(flags & re.S), bool(flags & re.M))
    ends: list[int] = []

    def ended(end: int) -> bool:
        ends.append(end)
        return True

    search.match(parser.parse(pattern.pattern, flags), 0, 0, ended)
    return ends[0] if ends else None


def pumps(pattern: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """Strings to try the pattern on: what comes before, and what is repeated, after each repeat in it."""
    tree = parser.parse(pattern.pattern, pattern.flags)
    yield from dict.fromkeys(_pumps(tree, ""))


def _pumps(items: Any, before: str) -> Iterator[tuple[str, str]]:
    for op, told in items:
        if op in _REPEATS:
            least, most, inner = told
            samples = list(dict.fromkeys(_samples(inner)))[:_MOST_SAMPLES]
            if most > _SMALL:
                yield from ((before, sample) for sample in samples if sample)
                yield from ((before, "".join(samples[at : at + 2])) for at in range(0, len(samples), 2))
            yield from _pumps(inner, before)
            before += (samples[0] if samples else "") * max(least, 1)
        elif op is codes.BRANCH:
            for one in told[1]:
                yield from _pumps(one, before)
            before += next(_samples([(op, told)]), "")
        elif op is codes.SUBPATTERN:
            yield from _pumps(told[-1], before)
            before += next(_samples(told[-1]), "")
        elif op is codes.ATOMIC_GROUP:
            yield from _pumps(told, before)
            before += next(_samples(told), "")
        elif op in (codes.ASSERT, codes.ASSERT_NOT):
            yield from _pumps(told[1], before)
        elif op in _SINGLE:
            before += next(_samples([(op, told)]), "")


_SMALL = 40  # a repeat of at most so many is a constant, if a large one
_MOST_SAMPLES = 12  # of the alternatives in a repeat


def _samples(items: Any) -> Iterator[str]:
    """Some strings that the items match, look-around left aside."""
    found = [""]
    for op, told in items:
        parts = list(dict.fromkeys(_parts(op, told)))[:_MOST_SAMPLES]
        if parts:
            found = [head + part for head in found[:4] for part in parts][: 2 * _MOST_SAMPLES]
    yield from found


def _parts(op: Any, told: Any) -> Iterator[str]:
    if op is codes.LITERAL:
        yield chr(told)
    elif op is codes.NOT_LITERAL:
        yield from (letter for letter in _LETTERS if ord(letter) != told)
    elif op is codes.ANY:
        yield from _LETTERS
    elif op is codes.IN:
        probe = Search("", 0)
        known = [chr(value if kind is codes.LITERAL else value[0]) for kind, value in told if kind in _EXACT]
        yield from (letter for letter in [*known, *_LETTERS] if probe._one(op, told, letter))
    elif op is codes.BRANCH:
        for one in told[1]:
            yield from list(_samples(one))[:2]
    elif op is codes.SUBPATTERN:
        yield from _samples(told[-1])
    elif op is codes.ATOMIC_GROUP:
        yield from _samples(told)
    elif op in _REPEATS:
        least, _, inner = told
        yield from (sample * max(least, 1) for sample in _samples(inner))
        if not least:
            yield ""


_EXACT = (codes.LITERAL, codes.RANGE)
_LETTERS = "中1a 一，。\n年亿.“”（)"
