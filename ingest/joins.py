"""Lines in, the chains of lines that are one paragraph each out: what layout cut is joined, what is repeated is told.

A paragraph that does not end goes on in the one that fits best: next to it or, where quotation marks or a word cut in
two say so, anywhere on the page. Where nothing fits, nothing is joined: the end is missing.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

from assistant.records import Role
from ingest.cohesion import Cohesion, bigrams
from ingest.lines import CLOSING, Line, balance, clean, ends, unstarted
from ingest.words import COMMON

_FAR_LINES: Final = 400  # paragraphs of a page up to which a continuation is looked for anywhere
_NEAR: Final = 3  # paragraphs after a cut one that may go on with it on a longer page
_SPEECH: Final = 12  # characters: a quotation open for longer is speech, a shorter one is a term (“市场驱动型”)
# A pair's score is the log-odds that the one goes on in the other: logistic regression over pages jumbled from clean
# news by tests/jumbled.py (2,700 neighbours, 1,300 paragraphs that do not go on in their neighbour), rounded.
_JOIN: Final = 0.0  # the least score at which a neighbour is joined
_FAR_JOIN: Final = 0.3  # and a paragraph elsewhere: a wrong one drags what follows it into the wrong story
_NOWHERE: Final = 1.3  # the score of its going on nowhere on the page, against those of the paragraphs elsewhere
_BESIDE: Final = 2.6  # added to a neighbour's log-odds, which are against all else, to weigh it with each of the others
_SHORT: Final = 40  # characters: the rest of a paragraph is shorter than a whole one
_AROUND: Final = 5  # paragraphs that tell what is told at a place
_HOPELESS: Final = -6.0  # a fit that no likeness of what is told makes good
_TOLD: Final = 1.5  # the most that what is told about two places can say: within one story it says nothing
_MOST: Final = 10  # paragraphs between two, beyond which the distance tells nothing more
_SHINGLE: Final = 8  # characters
_LEAST_REPEAT: Final = 15  # characters of a repeated paragraph; shorter ones (本报讯, a name) recur by right
_NUMBER_WANTED: Final = re.compile(r"(?:[达为超约至到近增长降低加升高率占比]|突破|\d[.,]?)$")
_OPENING: Final = "“『「"
_SENTENCE: Final = re.compile(r"[。！？；][”’]?(?=(\w\w))")
_LETTERS: Final = re.compile(r"[^\w]+")


def chains(lines: Sequence[Line]) -> list[list[int]]:
    """The BODY lines' indices, chained: each chain is a paragraph in reading order; chains in the order they begin."""
    body = [at for at, line in enumerate(lines) if line.role is Role.BODY]
    following = _links(lines, body)
    continued = set(following.values())
    found = []
    for at in body:
        if at not in continued:
            chain = [at]
            while chain[-1] in following:
                chain.append(following[chain[-1]])
            found.append(chain)
    return found


def _links(lines: Sequence[Line], body: Sequence[int]) -> dict[int, int]:
    """For each line that does not end, the line that goes on with it. No line goes on with two; no circles."""
    far = len(body) <= _FAR_LINES
    scorer = _Scorer(lines, body) if far else None
    pairs = []
    for place, at in enumerate(body):
        if not _unfinished(lines[at]):
            continue
        scores: dict[int, float] = scorer.far(place) if scorer else {}
        beside: dict[int, float] = {}
        for other in range(place + 1, min(place + 1 + (1 if far else _NEAR), len(body))):
            left, right = lines[at], lines[body[other]]
            if (quoted := _allowed(left, right, True)) is not None:
                beside[other] = _near(left, right, lines[at + 1 : body[other]], quoted, scorer, other)
                scores[other] = beside[other] + (_BESIDE if beside[other] >= _JOIN else _NOWHERE)
        total = math.exp(_NOWHERE) + sum(map(math.exp, scores.values()))
        for other, score in scores.items():
            odds = score - math.log(max(total - math.exp(score), 1e-9))
            if min(odds, beside[other]) >= _JOIN if other in beside else odds >= _FAR_JOIN:
                pairs.append((odds, -abs(other - place), place, other))
    following: dict[int, int] = {}
    begins = {place: place for place in range(len(body))}  # where the chain that ends at a place begins
    ends_at = dict(begins)  # where the chain that begins at a place ends
    for _, _, place, other in sorted(pairs, reverse=True):
        if place in begins and other in ends_at and begins[place] != other:
            following[place] = other
            first, last = begins.pop(place), ends_at.pop(other)
            begins[last], ends_at[first] = first, last
    return {body[place]: body[other] for place, other in following.items()}


def _allowed(left: Line, right: Line, beside: bool) -> float | None:
    """What the quotation marks say of ``left``'s going on in ``right`` (``_quotes``), or None: it cannot."""
    if right.lead or right.item or (right.indented and not unstarted(right.text)):
        return None
    quoted = _quotes(left.text, right.text)
    if ends(left.text) and (quoted <= 0 or not (beside or right.text[0] in CLOSING)):
        return None
    return quoted


def _unfinished(line: Line) -> bool:
    """Whether it ends in mid-sentence; an item of a list needs no full stop."""
    if ends(line.text):
        return balance(line.text)[1] > 0  # a speech: its closing mark may have been cut off after the full stop
    return not (line.item and balance(line.text)[1] == 0) and not line.text.startswith(("——", "—"))


class _Scorer:
    """What the page's own words say of a cut: of the word that it would mend, and of what is told on either side."""

    def __init__(self, lines: Sequence[Line], body: Sequence[int]) -> None:
        self.lines, self.body = lines, body
        self.texts = [lines[at].text for at in body]
        self.pairs: Counter[str] = Counter()
        self.triples: Counter[str] = Counter()
        self.starts: Counter[str] = Counter()  # the first two characters of sentences
        for text in self.texts:
            self.pairs.update(text[at : at + 2] for at in range(len(text) - 1))
            self.triples.update(text[at : at + 3] for at in range(len(text) - 2))
            self.starts.update((text[:2], *_SENTENCE.findall(text)))
        self.cohesion = Cohesion(self.texts)
        self.sets = [bigrams(text) for text in self.texts]
        above = [lines[at - 1].role if at else Role.HEADING for at in body]
        self.headed = [role in (Role.HEADING, Role.BYLINE) for role in above]
        self.to: dict[int, set[str]] = {}
        self.since: dict[int, set[str]] = {}

    def word(self, left: str, right: str) -> float:
        """The evidence that ``left`` and ``right`` were cut within a word."""
        score = 2.5 if left[-1] + right[0] in COMMON else 0.0
        score += 0.9 * min(2, self.pairs[left[-1] + right[0]])
        score += 2.4 if len(left) > 1 and self.triples[left[-2:] + right[0]] else 0.0
        return score + (1.2 if len(right) > 1 and self.triples[left[-1] + right[:2]] else 0.0)

    def started(self, other: int) -> int:
        """How many other sentences of the page begin with the same two characters: up to 3."""
        return min(3, self.starts[self.texts[other][:2]] - 1)

    def far(self, place: int) -> dict[int, float]:
        """The paragraphs, neighbours aside, in which the one at ``place`` may go on, with how well each fits."""
        found = {}
        left = self.lines[self.body[place]]
        column = place  # a rest does not stand above its beginning in the same column
        while column and not self.headed[column]:
            column -= 1
        for other, at in enumerate(self.body):
            if column <= other <= place + 1 or (quoted := _allowed(left, self.lines[at], False)) is None:
                continue
            score = self._fit(place, other, quoted)
            if score > _HOPELESS:
                run = self._from(other)
                local = set() if self.headed[other] else self._to(other - 1)
                told = 7.5 * self.cohesion.share(run, self._to(place)) - 8.0 * self.cohesion.share(run, local)
                found[other] = score + min(_TOLD, max(-_TOLD, told))
        return found

    def _fit(self, place: int, other: int, quoted: float) -> float:
        """How well the words at the cut and what stands about them fit."""
        left, right = self.texts[place], self.texts[other]
        above = self.lines[self.body[other] - 1] if self.body[other] else None
        score = _quotation(quoted) + self.word(left, right) - 1.35 * self.started(other)
        score += 1.4 * unstarted(right) - 2.6 * clean(right) - 1.5 * _unfinished(self.lines[self.body[other]])
        score += 1.0 * (len(right) < _SHORT) - 0.8 * (self.pairs[right[:2]] > self.starts[right[:2]])
        score -= 0.2 * min(_MOST, abs(other - place)) + 2.5 * (other < place) + 2.1 * self.headed[other]
        return score + 1.8 * (above is not None and above.role is Role.BODY and not ends(above.text))

    def _to(self, place: int) -> set[str]:
        """The words of the paragraphs down to the place, from the heading above them."""
        if place not in self.to:
            begin = place
            while begin > max(0, place + 1 - _AROUND) and not self.headed[begin]:
                begin -= 1
            self.to[place] = set().union(*self.sets[begin : place + 1]) if place >= 0 else set()
        return self.to[place]

    def _from(self, place: int) -> set[str]:
        """The words of the paragraphs from the place on, to the heading below them."""
        if place not in self.since:
            end = place + 1
            while end < min(len(self.sets), place + _AROUND - 1) and not self.headed[end]:
                end += 1
            self.since[place] = set().union(*self.sets[place:end])
        return self.since[place]


def _near(left: Line, right: Line, between: Sequence[Line], quoted: float, scorer: _Scorer | None, other: int) -> float:
    """The log-odds that a cut line goes on in the next paragraph."""
    roles = {line.role for line in between}
    if Role.BYLINE in roles:
        score = -5.0
    elif Role.HEADING in roles:
        score = 1.0
    else:
        score = 1.2 if roles else 1.9
    score += _quotation(quoted)
    if clean(right.text) and left.text[-1] not in "，、":
        score -= 2.5 if right.text[0] in _OPENING else 1.1
    score += 1.5 if unstarted(right.text) and balance(right.text[:120])[0] == 0 else 0.0
    score += 2.0 if right.text[0].isdigit() and _NUMBER_WANTED.search(left.text[-3:]) else 0.0
    score += 3.0 if left.wrapped else 0.0
    if scorer:
        score += scorer.word(left.text, right.text) - 0.9 * scorer.started(other)
    return score


def _quotation(quoted: float) -> float:
    """The log-odds of what ``_quotes`` says: a speech that closes like a term is the end of another."""
    return 2.2 * quoted if quoted < 0 else -1.5 if 0 < quoted <= 1.0 else 1.15 * quoted


def _quotes(left: str, right: str) -> float:
    """Whether a quotation (or bracket) that the left part leaves open is the one that the right part closes."""
    opened, closed = balance(left)[1], balance(right)[0]
    if not opened and not closed:
        return 0.0
    if opened and not closed:
        return -1.5
    if closed and not opened:
        return -4.0
    # A speech closes after its full stop (…典范。”), a term in mid-sentence (市场驱动｜型”转变).
    begun = len(left) - max(left.rfind(mark) for mark in "“『「（(《【")
    end = min((at for mark in CLOSING if (at := right.find(mark)) >= 0), default=0)
    speech = right[max(0, end - 1)] in "。！？，；…"
    if begun > _SPEECH or speech:
        return 4.5 if speech and begun > 6 else 1.0 if end <= _SPEECH else 3.0 if begun > _SPEECH and speech else 0.5
    return 4.5 if end <= _SPEECH else 2.0


def repeats(texts: Sequence[str]) -> dict[int, int]:
    """For each text that another holds whole, the index of that other: the first of equals, or the longer one.

    Blanks and punctuation aside; a text that differs in a single figure is no repeat.
    """
    plain = [_LETTERS.sub("", text) for text in texts]
    first: dict[str, int] = {}
    holders: dict[str, list[int]] = defaultdict(list)
    found: dict[int, int] = {}
    for at, text in enumerate(plain):
        if len(text) < _LEAST_REPEAT:
            continue
        if text in first:
            found[at] = first[text]
            continue
        first[text] = at
        for start in range(len(text) - _SHINGLE + 1):
            holders[text[start : start + _SHINGLE]].append(at)
    for text, at in first.items():
        candidates = holders[text[:_SHINGLE]]
        if len(candidates) > 1:
            for other in candidates[:50]:
                if other != at and len(plain[other]) > len(text) and text in plain[other]:
                    found[at] = other
                    break
    return {at: found.get(other, other) for at, other in found.items()}
