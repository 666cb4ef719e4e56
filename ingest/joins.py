"""Lines in, the chains of lines that are one paragraph each out: what layout cut is joined, what is repeated is told.

A paragraph that does not end goes on in the one that fits best: next to it or, where quotation marks or a word cut in
two say so, anywhere on the page. Where nothing fits, nothing is joined: the end is missing.
"""

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
_JOIN: Final = 0.5  # the least score at which a neighbour is joined
_FAR_JOIN: Final = 3.0  # and a paragraph elsewhere; both set on the five pages, kept on synthetic ones
_SHINGLE: Final = 8  # characters
_LEAST_REPEAT: Final = 15  # characters of a repeated paragraph; shorter ones (本报讯, a name) recur by right
_NUMBER_WANTED: Final = re.compile(r"(?:[达为超约至到近增长降低加升高率占比]|突破|\d[.,]?)$")
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
    scorer = _Scorer([lines[at].text for at in body]) if far else None
    cut = [place for place, at in enumerate(body) if _unfinished(lines[at])]
    fresh = [place for place, at in enumerate(body) if unstarted(lines[at].text)] if far else []
    pairs = []
    for place in cut:
        near = range(place + 1, min(place + 1 + (1 if far else _NEAR), len(body)))
        for other in {*near, *fresh, *(scorer.word_heads(lines[body[place]].text) if scorer else ())}:
            if other != place:
                score = _score(lines, body, place, other, scorer)
                if score >= (_JOIN if other in near else _FAR_JOIN):
                    pairs.append((score, -abs(other - place), place, other))
    following: dict[int, int] = {}
    begins = {place: place for place in range(len(body))}  # where the chain that ends at a place begins
    ends_at = dict(begins)  # where the chain that begins at a place ends
    for _, _, place, other in sorted(pairs, reverse=True):
        if place in begins and other in ends_at and begins[place] != other:
            following[place] = other
            first, last = begins.pop(place), ends_at.pop(other)
            begins[last], ends_at[first] = first, last
    return {body[place]: body[other] for place, other in following.items()}


def _unfinished(line: Line) -> bool:
    """Whether it ends in mid-sentence; an item of a list needs no full stop."""
    if ends(line.text):
        return balance(line.text)[1] > 0  # a speech: its closing mark may have been cut off after the full stop
    return not (line.item and balance(line.text)[1] == 0) and not line.text.startswith(("——", "—"))


class _Scorer:
    """What the page's own words say of a cut: how often the word that it would mend stands elsewhere."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self.pairs: Counter[str] = Counter()
        self.triples: Counter[str] = Counter()
        self.heads: dict[str, list[int]] = defaultdict(list)
        for place, text in enumerate(texts):
            self.pairs.update(text[at : at + 2] for at in range(len(text) - 1))
            self.triples.update(text[at : at + 3] for at in range(len(text) - 2))
            self.heads[text[0]].append(place)
        self.cohesion = Cohesion(texts)
        self.sets = [bigrams(text) for text in texts]
        self.partners: dict[str, list[str]] = defaultdict(list)
        for word in {*COMMON, *(pair for pair in self.pairs if self.pairs[pair] > 1)}:
            self.partners[word[0]].append(word[1])

    def word_heads(self, text: str) -> list[int]:
        """The places of the paragraphs whose first character makes a word with the last one of the text."""
        return [place for letter in self.partners.get(text[-1], ()) for place in self.heads.get(letter, ())]

    def word(self, left: str, right: str) -> float:
        """The evidence that ``left`` and ``right`` were cut within a word: 0 (none) to 5."""
        if left[-1] + right[0] in COMMON:
            score = 2.5
        else:
            score = min(2.0, 1.0 + 0.25 * count) if (count := self.pairs[left[-1] + right[0]]) else 0.0
        if len(left) > 1 and self.triples[left[-2:] + right[0]]:
            score += 1.5
        if len(right) > 1 and self.triples[left[-1] + right[:2]]:
            score += 1.5
        return min(score, 5.0)

    def near(self, place: int, other: int) -> float:
        """How much the paragraphs about one place share with those about another, 0 to 1."""
        one = set().union(*self.sets[max(0, place - 2) : place + 1])
        two = set().union(*self.sets[other : other + 2])
        return self.cohesion.likeness(one, two)


def _score(lines: Sequence[Line], body: Sequence[int], place: int, other: int, scorer: _Scorer | None) -> float:
    """How well the paragraph at ``other`` goes on with the one cut at ``place``."""
    left, right = lines[body[place]], lines[body[other]]
    if right.lead or right.item or (right.indented and not unstarted(right.text)):
        return -9.0
    score = _quotes(left.text, right.text)
    if ends(left.text) and (score <= 0 or (other != place + 1 and right.text[0] not in CLOSING)):
        return -9.0
    if other == place + 1:
        between = lines[body[place] + 1 : body[other]]
        score += 2.0 if not between else 1.0
        if any(line.role is Role.BYLINE for line in between):
            score -= 2.0
        if left.wrapped:
            score += 3.0
    else:
        score -= 0.5 if other > place else 1.0
    word = scorer.word(left.text, right.text) if scorer else 0.0
    score += word if not clean(right.text) else word / 2
    score += 1.5 if unstarted(right.text) and balance(right.text[:120])[0] == 0 else 0.0
    score -= 2.2 if clean(right.text) and left.text[-1] not in "，、" else 0.0
    score += 2.0 if right.text[0].isdigit() and _NUMBER_WANTED.search(left.text[-3:]) else 0.0
    if other != place + 1 and not unstarted(right.text):
        score -= 2.0  # a word mended by chance: …高精铝 | 产业链条滚动起来
    if scorer:
        score += 2.0 * scorer.near(place, other)
    return score


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
