"""Whole stories in, a newspaper page as OCR reads it out, with the story that each of its characters belongs to.

    jumbled = page(stories, Random(7), {"far": 1.0})
    jumbled.text, jumbled.gold

Every kind of jumble that ``JUMBLES`` names happens with the chance given for it; which did is told in ``done``.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

SURNAMES: Final = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
GIVEN: Final = ("小满", "晚晴", "苇", "大川", "阿水", "青岩", "若溪", "长庚", "砚", "秋实")
JUMBLES: Final = {
    "cut": "a paragraph in two, its rest on the next line",
    "shuffled": "two columns of one story exchanged: what follows a cut stands below what follows that",
    "column": "a story cut in mid-sentence, its rest below the next story",
    "dropped": "a sub-heading in the middle of a sentence",
    "repeated": "a paragraph printed twice or three times",
    "below": "the headline below its story",
    "kicker": "a line over the headline, or a second one under it",
    "parts": "sub-headings",
    "headless": "a story whose headline is not on the page",
    "tail": "the end of a story that begins on another page",
    "lost": "the end of a paragraph is not on the page",
    "caption": "a picture's caption, in the story or in the one before or after it",
    "credit": "the photographer on a line of his own",
    "brief": "本报讯, without a byline",
    "signed": "the byline at the end",
    "box": "a commentary or a box of data after the story",
    "furniture": "a masthead, folios, jump lines",
    "doubled": "a character printed twice",
}


@dataclass(frozen=True)
class Whole:
    """A story as it was written."""

    headline: str
    paragraphs: tuple[str, ...]


@dataclass
class Piece:
    """A line of the page. ``role``: heading, part, byline, body, rest, caption, credit, repeat, furniture."""

    text: str
    story: int
    role: str
    goes_on: "Piece | None" = None  # the line in which its sentence goes on


@dataclass
class Told:
    """A story of the page, as gold: its headline ("" where it is not printed), kind, and whether it is whole."""

    headline: str
    kind: str = "news"
    complete: bool = True


@dataclass
class Jumbled:
    """The page, its stories in the form of ``ingest.measure``'s gold, and the jumbles that were made."""

    text: str
    gold: list[dict[str, Any]]
    joins: dict[int, int]  # offset of a cut line → offset of the line in which its sentence goes on
    done: set[str] = field(default_factory=set)


class _Desk:
    """One page being made up."""

    def __init__(self, random: Random, chances: Mapping[str, float], marks: bool) -> None:
        self.random, self.chances, self.marks = random, chances, marks
        self.told: list[Told] = []
        self.done: set[str] = set()

    def chance(self, name: str) -> bool:
        assert name in JUMBLES
        if self.random.random() < self.chances.get(name, 0.0):
            self.done.add(name)
            return True
        return False

    def name(self) -> str:
        return self.random.choice(SURNAMES) + self.random.choice(GIVEN)

    def byline(self) -> str:
        one, two = self.name(), self.name()
        return self.random.choice(
            (
                f"青禾日报记者 {one}",
                f"青禾日报天眼新闻记者 {one}",
                f"通讯员 {two} 青禾日报记者 {one}",
                f"本报记者 {one} {two}",
            )
        )

    def heading(self, text: str, level: int = 2) -> str:
        return f"{'#' * level} {text}" if self.marks else text

    def story(self, whole: Whole, number: int) -> list[Piece]:
        """The story's lines in the order in which they would be read."""
        told = self.told[number]
        paragraphs = list(whole.paragraphs)
        body = [Piece(text, number, "body") for text in paragraphs]
        if self.chance("tail"):
            first = body[len(body) // 3 : len(body)][:]
            if (cut := self.middle(first[0].text)) and len(first) > 1:
                first[0].text = first[0].text[cut:]
                told.headline, told.kind, told.complete = "", "orphan-tail", False
                return self.within(first, number)
            self.done.discard("tail")
        brief = self.chance("brief")
        if brief:
            told.kind = "brief"
            while len(body) > 2 and sum(len(piece.text) for piece in body) > 420:
                body.pop()
            body[0].text = f"本报讯（记者 {self.name()}）{body[0].text}"
            if sum(len(piece.text) for piece in body) > 700:
                told.kind = "news"
        body = self.within(body, number)
        if self.chance("lost") and len(body) > 3 and body[-1].role == "body" and (cut := self.middle(body[-1].text)):
            body[-1].text = body[-1].text[:cut]
            told.complete = False
        if not brief and number and self.chance("headless"):
            told.headline, told.kind, told.complete = "", "headless", False
            return body
        heads = [Piece(self.heading(whole.headline), number, "heading")]
        if self.chance("kicker"):
            extra = self.phrase(whole)
            if extra:
                over = self.random.random() < 0.5
                text = extra if over else f"——{extra}"
                heads.insert(0 if over else 1, Piece(self.heading(text), number, "heading"))
                told.headline = " ".join((extra, whole.headline) if over else (whole.headline, text))
        if not brief:
            signed = Piece(self.byline(), number, "byline")
            if self.chance("signed"):
                signed.text = f"（{signed.text}）"
                body.append(signed)
            else:
                heads.append(signed)
        if self.chance("below") and heads[-1].role == ("heading" if brief else "byline"):
            return body + heads
        return heads + body

    def within(self, body: list[Piece], number: int) -> list[Piece]:
        """The jumbles of one story's paragraphs."""
        random = self.random
        found: list[Piece] = []
        pending: list[tuple[int, Piece]] = []
        for at, piece in enumerate(body):
            last = at == len(body) - 1
            cut = self.middle(piece.text)
            if at > 1 and not last and self.chance("parts") and (part := self.phrase(Whole("", (piece.text,)), 10)):
                found.append(Piece(self.heading(part, 3), number, "part"))
            if cut and self.chance("dropped") and (part := self.phrase(Whole("", (piece.text,)), 10)):
                left, rest = self.halves(piece, cut)
                found += [left, Piece(self.heading(part, 3), number, "part"), rest]
            elif cut and self.chance("cut"):
                found += self.halves(piece, cut)
            else:
                found.append(piece)
            if len(piece.text) > 40 and self.chance("repeated"):
                pending += [
                    (random.randint(1, 4), Piece(piece.text, number, "repeat")) for _ in range(random.randint(1, 2))
                ]
            if self.chance("doubled"):
                place = random.randrange(len(found[-1].text))
                found[-1].text = found[-1].text[: place + 1] + found[-1].text[place:]
            due = [one for wait, one in pending if wait <= 0 or last]
            pending = [(wait - 1, one) for wait, one in pending if wait > 0 and not last]
            found += due
        if self.chance("shuffled"):
            self.exchange(found)
        return found

    def exchange(self, lines: list[Piece]) -> None:
        """Cuts the lines at two places in mid-sentence and exchanges what stands between with what stands below."""
        places = [
            at
            for at, piece in enumerate(lines)
            if at and piece.role == "body" and not piece.goes_on and self.middle(piece.text)
        ]
        if len(places) < 3:
            self.done.discard("shuffled")
            return
        one, two = sorted(self.random.sample(places, 2))
        first, rest = self.halves(lines[one], self.middle(lines[one].text))
        second, end = self.halves(lines[two], self.middle(lines[two].text))
        lines[:] = [*lines[:one], first, end, *lines[two + 1 :], rest, *lines[one + 1 : two], second]

    def halves(self, piece: Piece, cut: int) -> tuple[Piece, Piece]:
        rest = Piece(piece.text[cut:], piece.story, "rest", piece.goes_on)
        return Piece(piece.text[:cut], piece.story, piece.role, rest), rest

    def middle(self, text: str) -> int:
        """A place in mid-sentence at which a column might end, or 0."""
        places = [
            at
            for at in range(12, len(text) - 12)
            if not any(mark in "。！？；：，、“”（）《》 ‘’…—" for mark in text[at - 1 : at + 1])
            and not (text[at - 1].isascii() and text[at].isascii())
        ]
        return self.random.choice(places) if places else 0

    def phrase(self, whole: Whole, longest: int = 18) -> str:
        """A clause of the story that may be a heading."""
        clauses = [
            clause
            for text in whole.paragraphs
            for clause in re.split(r"[，。；：？！“”（）、‘’《》…—\s]", text)
            if 5 <= len(clause) <= longest
            and not re.search(
                r"记者|近日|日讯|日电|表示|介绍|说$|^[在为从据将的了和与而并也就对我他她它这那该其]|[的了和与在将为是及等]$",
                clause,
            )
        ]
        return self.random.choice(clauses) if clauses else ""

    def caption(self, whole: Whole, number: int) -> list[Piece]:
        text = self.phrase(whole, 26)
        if not text:
            self.done.discard("caption")
            return []
        credit = f"青禾日报记者 {self.name()} 摄"
        if self.chance("credit"):
            return [Piece(f"{text}。", number, "caption"), Piece(credit, number, "credit")]
        return [
            Piece(
                f"{text}。 {credit}" if self.random.random() < 0.6 else f"{text}。（{self.name()} 摄）",
                number,
                "caption",
            )
        ]


def page(stories: Sequence[Whole], random: Random, chances: Mapping[str, float], *, marks: bool = False) -> Jumbled:
    """The stories as one page; ``marks``: with Markdown heading marks."""
    desk = _Desk(random, chances, marks)
    blocks: list[list[Piece]] = []
    carried: list[list[Piece]] = []  # rests of stories whose column goes on below the next story
    for whole in stories:
        number = len(desk.told)
        desk.told.append(Told(whole.headline))
        boxed: tuple[str, ...] = ()
        if len(whole.paragraphs) > 5 and desk.chance("box"):
            whole, boxed = Whole(whole.headline, whole.paragraphs[:-2]), whole.paragraphs[-2:]
        lines = desk.story(whole, number)
        rest = _column(desk, lines) if len(stories) > number + 1 else []
        place = random.randint(0, len(lines))
        lines[place:place] = desk.caption(whole, number) if desk.chance("caption") else []
        blocks.append(lines)
        blocks += carried
        carried = [rest] if rest else []
        if boxed:
            blocks.append(_box(desk, boxed))
    blocks += carried
    pieces = [piece for block in blocks for piece in block]
    _drift(desk, pieces)
    if desk.chance("furniture"):
        pieces = _furnished(desk, pieces)
    return _printed(desk, pieces)


def _column(desk: _Desk, lines: list[Piece]) -> list[Piece]:
    """Takes the end of the story away from the middle of a sentence on."""
    places = [
        at
        for at, piece in enumerate(lines)
        if piece.role == "body"
        and at > 2
        and not piece.goes_on
        and lines[at - 1].role == "body"
        and desk.middle(piece.text)
    ]
    below = any(piece.role == "heading" for piece in lines[len(lines) // 2 :])
    if not places or below or not desk.chance("column"):
        return []
    at = desk.random.choice(places)
    cut = desk.middle(lines[at].text)
    left, right = desk.halves(lines[at], cut)
    rest = [right, *lines[at + 1 :]]
    lines[at:] = [left]
    return rest


def _box(desk: _Desk, texts: Sequence[str]) -> list[Piece]:
    number = len(desk.told)
    if desk.random.random() < 0.5:
        desk.told.append(Told("短评", "commentary"))
        return [Piece(desk.heading("短评"), number, "heading"), *(Piece(text, number, "body") for text in texts)]
    year = desk.random.randint(2019, 2025)
    desk.told.append(Told(f"{year}年成绩单", "data-box"))
    rows = [
        f"- 全县{what}达{desk.random.randint(11, 990)}{unit}，比上年增长{desk.random.randint(11, 309) / 10}%"
        for what, unit in desk.random.sample(
            [("茶叶产量", "吨"), ("地区生产总值", "亿元"), ("新建厂房", "万平方米"), ("接待游客", "万人次")], 3
        )
    ]
    return [
        Piece(desk.heading(f"{year}年成绩单"), number, "heading"),
        *(Piece(row, number, "body") for row in rows),
        Piece(f"（青禾日报记者 {desk.name()} 整理）", number, "byline"),
    ]


def _drift(desk: _Desk, pieces: list[Piece]) -> None:
    """Moves one caption in three to the end of the story before or after its own."""
    for piece in [one for one in pieces if one.role == "caption"]:
        if desk.random.random() < 1 / 3:
            at = pieces.index(piece)
            alone = at + 1 == len(pieces) or pieces[at + 1].role != "credit"
            starts = [
                place
                for place, one in enumerate(pieces)
                if place and one.role == "heading" and one.story != pieces[place - 1].story
            ]
            if alone and starts:
                pieces.remove(piece)
                pieces.insert(min(desk.random.choice(starts), len(pieces)), piece)


def _furnished(desk: _Desk, pieces: list[Piece]) -> list[Piece]:
    number = len(desk.told)
    desk.told.append(Told("", "credits"))
    top = ["青禾日报", "2025年4月2日 星期三"] if desk.random.random() < 0.5 else []
    end = [f"责任编辑：{desk.name()} 版式设计：{desk.name()}"]
    return [
        *(Piece(text, number, "furniture") for text in top),
        *pieces,
        *(Piece(text, number, "furniture") for text in end),
    ]


def _printed(desk: _Desk, pieces: Sequence[Piece]) -> Jumbled:
    between = desk.random.choice(("\n", "\n\n", "\r\n\r\n"))
    text = ""
    spans: dict[int, dict[str, list[list[int]]]] = {}
    begins: dict[int, int] = {}
    names = {"caption": "caption_fragments", "credit": "caption_fragments", "repeat": "duplicate_fragments"}
    for piece in pieces:
        start = begins[id(piece)] = len(text)
        text += piece.text + between
        own = spans.setdefault(piece.story, {})
        own.setdefault(names.get(piece.role, "fragments"), []).append([start, start + len(piece.text)])
    gold = [
        {
            "page": "page.txt",
            "story_id": str(at),
            "headline": told.headline,
            "kind": told.kind,
            "complete": told.complete,
            **spans[at],
        }
        for at, told in enumerate(desk.told)
        if at in spans
    ]
    joins = {begins[id(piece)]: begins[id(piece.goes_on)] for piece in pieces if piece.goes_on}
    return Jumbled(text, gold, joins, desk.done)
