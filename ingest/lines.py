"""Raw text in, its lines out, each with the role that its typography gives it; joins and stories build on that.

A line of a newspaper page that does not end like a sentence is a heading or a paragraph that layout cut: ``_heading``
weighs its length, how it begins and ends, and what follows it.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from assistant.records import Role
from ingest import furniture
from ingest.cohesion import bigrams
from ingest.words import COMMON

TERMINAL: Final = "。！？；…!?;：:"
CLOSING: Final = '”』」）)】》〉’"*'
_PAIRS: Final = {"”": "“", "』": "『", "」": "「", "）": "（", ")": "(", "》": "《", "】": "【"}
_OPENING: Final = frozenset(_PAIRS.values())
_NO_STARTER: Final = "了的着们性型率者％%，。、；：！？”』」）)》·"  # no sentence begins with these
_UNSTARTED: Final = re.compile(
    r"\d+(?:\.\d+)?(?:[%％‰℃]|个百分点|亿|万|吨|元)|[\u4e00-\u9fff]等?[，、。；]|[A-Za-z\d.]+[，、。；]"
)
CLEAN: Final = re.compile(
    r"[“『「]|近[年日几期来]|今[年天后]|去年|如今|目前|眼下|当[前地下天日]|日前|连日|现[在场]|截至|据|同时|此外|另外|另一|随[着后即]|为[了进推切深]?|在|"
    r"从|走进|不仅|与此|下一步|未来|接下来|其中|比如|例如|近|记者|活动|这[里里些个样是一]|作为|通过|围绕|聚焦|面对|针对|依托|得益|过去|以前|曾经|多年|"
    r"[一二三四五六七八九十]+[是、]|第[一二三]|首先|其次|最后|数据|值得|对[于此]|根据|按照|自|只有|除了|虽然|由于|因此|于是|然而|但|而|\d{4}年|\d{1,2}月|"
    r"[①-⑳]|初[春夏秋冬]|时下|正值|盛夏|金秋|清晨|早上|走[在访]|来到|步入|一边|[他她我它]|有了|本报|新华社|说起|谈[及起]|破[碎解]"
)
_DANGLING: Final = "的了和与在将为把被及等对向从是有使让到以于并而或至达超约得、，,—"
_CONNECTIVE: Final = re.compile(
    r"在|从[^“]|根据|按照|对于|由于|随着|不仅|同时|此外|近年|目前|截至|据|当前|如今|今年|去年|记者|[他她]|我们|这|该|其|而|但|并|因此|为了?|"
    r"[^，]{0,14}(?:表示|介绍|告诉)"
)
_MARK: Final = re.compile(r"(#{1,6})[ \t]+(?=\S)")
_LIST: Final = re.compile(r"(?:[-*+•·]|\d{1,2}[.)])[ \t]+(?=\S)|>[ \t]*(?=\S)")
_LINE: Final = re.compile(r"[^\r\n\f\v\u2028\u2029]+")
_RULE: Final = re.compile(r"[-=*_~—\s]+$")
_PICTURE: Final = re.compile(r"!\[[^\]]{0,300}\]\([^)]{0,500}\)$|<!--|<img")
LONGEST_HEADING: Final = 62  # characters; a headline and its subtitle set on one line have 41 on the pages measured
_SHORT_HEADING: Final = 22
_SUB_HEADING: Final = 14  # those on the pages measured have 5 to 10
_OPENING_WORDS: Final = 120  # characters of a text in which its headline's words come back
_LONG_HEADING: Final = 34
_NESTED: Final = 8  # marks open within another, at most
_LIST_RUN: Final = 6  # short lines in a row beyond which they are a list; of headings, the pages measured have 3
_ASIDE: Final = (Role.FURNITURE, Role.CAPTION)  # what may stand between a heading and its text
_WRAPPED_SHARE: Final = 0.4  # of a page's lines end at one width: it was wrapped there, so width tells nothing else
_WRAPPED_LINES: Final = 8


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file without blank ends and mark: ``text`` is ``page[start:end]``; ``mark`` precedes it.

    ``item``: it stood in a list; ``indented``: two full-width blanks, which begin a paragraph; ``wrapped``: it ends at
    the page's edge, so its end says nothing; ``lead``: 本报讯…; ``credit``: a photographer's name and nothing else.
    """

    start: int
    end: int
    text: str
    role: Role
    level: int = 0
    mark: tuple[int, int] | None = None
    item: bool = False
    indented: bool = False
    wrapped: bool = False
    lead: bool = False
    credit: bool = False
    editors: bool = False
    advert: bool = False


def lines(text: str, start: int = 0) -> list[Line]:
    """The lines of ``text[start:]`` that are not blank, in order."""
    raw = _read(text, start)
    raw = _wrapped(raw)
    marked = [_by_mark(line) for line in raw]
    return _captions(_short_lines(marked))


def ends(text: str) -> bool:
    """Whether it ends like a sentence: 。, or ”after one; 双元铝业： ends too."""
    return text.rstrip(CLOSING)[-1:] in TERMINAL if text.rstrip(CLOSING) else False


def balance(text: str) -> tuple[int, int]:
    """(closing marks without an opening one, opening marks without a closing one): a half of a cut pair."""
    closed, opened = [], []
    for letter in text:
        if letter in _OPENING:
            opened.append(letter)
        elif letter in _PAIRS:
            if opened and opened[-1] == _PAIRS[letter]:
                opened.pop()
            elif _PAIRS[letter] in opened[-_NESTED:]:
                while opened.pop() != _PAIRS[letter]:
                    pass
            else:
                closed.append(letter)
    return len(closed), len(opened)


def unstarted(text: str) -> bool:
    """Whether no paragraph begins so: 了园区…, 30%，…, 绍，…, or a closing quotation mark that nothing opened."""
    return text[0] in _NO_STARTER or _UNSTARTED.match(text) is not None or balance(text[:120])[0] > 0


def clean(text: str) -> bool:
    """Whether paragraphs often begin so: 近年来, “…, 9月3日."""
    return CLEAN.match(text) is not None and balance(text[:120])[0] == 0


def is_rule(text: str) -> bool:
    """Whether it is a line drawn across the page, or a picture in Markdown or HTML."""
    return bool(_RULE.match(text) or _PICTURE.match(text))


def _read(text: str, start: int) -> list[Line]:
    found = []
    for match in _LINE.finditer(text, start):
        whole = match[0]
        body = whole.strip()
        if not body:
            continue
        at = match.start() + len(whole) - len(whole.lstrip())
        end = at + len(body)
        level, mark, item = 0, None, False
        if heading := _MARK.match(body):
            level, mark = len(heading[1]), (at, at + heading.end())
        elif listed := _LIST.match(body):
            mark, item = (at, at + listed.end()), True
        if mark:
            body = body[mark[1] - at :]
            at = mark[1]
        found.append(Line(at, end, body, Role.BODY, level, mark, item, whole.startswith(("\u3000\u3000", "    "))))
    return found


def _wrapped(read: list[Line]) -> list[Line]:
    """Marks the lines that end at the width at which the text was wrapped, if it was."""
    widths = Counter(len(line.text) for line in read if len(line.text) >= 12)
    total = sum(widths.values())
    if total < _WRAPPED_LINES:
        return read
    edge = max(widths, key=lambda width: (sum(widths[width - less] for less in range(3)), width))
    if sum(widths[edge - less] for less in range(3)) < total * _WRAPPED_SHARE or max(widths) > edge + 2:
        return read
    return [replace(line, wrapped=edge - 2 <= len(line.text) <= edge) for line in read]


def _by_mark(line: Line) -> Line:
    """The roles that a line's own words settle; BODY for the rest."""
    text = line.text
    if is_rule(text) or furniture.is_furniture(text):
        return replace(line, role=Role.FURNITURE)
    if furniture.is_byline(text):
        return replace(line, role=Role.BYLINE)
    if furniture.is_lead(text):
        return replace(line, lead=True)
    if furniture.is_editors(text):
        return replace(line, role=Role.FURNITURE, editors=True)
    if furniture.is_advert(text):
        return replace(line, role=Role.FURNITURE, advert=True)
    if furniture.is_caption(text):
        named = furniture.credit(text)
        return replace(line, role=Role.CAPTION, credit=named is not None and named[0] == 0)
    if line.level and not (len(text) > LONGEST_HEADING and ends(text)):
        return replace(line, role=Role.HEADING)
    if re.fullmatch(r"\*\*[^*]{1,60}\*\*", text) or (furniture.is_rubric(text) and not line.item):
        return replace(line, role=Role.HEADING)
    return line


def _short_lines(read: list[Line]) -> list[Line]:
    """Tells headings from paragraphs cut short, last line first: what follows a line tells what it is."""
    found = list(read)
    advert = False
    for at, line in enumerate(found):
        # The words of an advertisement run on to the next thing that is a story's.
        advert = line.advert or (advert and line.role in (Role.BODY, Role.FURNITURE) and not ends(line.text))
        if advert and not line.editors and len(line.text) <= LONGEST_HEADING and not line.lead:
            found[at] = replace(line, role=Role.FURNITURE, advert=True)
    for at in range(len(found) - 1, -1, -1):
        line = found[at]
        if line.role is Role.BODY and not line.item and not line.lead and not line.indented and not line.wrapped:
            following = next((other for other in found[at + 1 : at + 6] if other.role not in _ASIDE), None)
            before = found[at - 1] if at else None
            if _is_heading(line, before, following) and not _goes_on(line, found[at + 1 : at + 6]):
                found[at] = replace(line, role=Role.HEADING)
    _lists(found)
    for at, line in enumerate(found[1:], 1):
        if line.role in (Role.HEADING, Role.BODY) and found[at - 1].role is Role.HEADING and at + 1 < len(found):
            body = found[at + 1].role is Role.BODY and len(found[at + 1].text) > _LONG_HEADING
            if body and not line.level and furniture.is_bare_name(line.text):
                found[at] = replace(line, role=Role.BYLINE)
    return found


def _goes_on(line: Line, below: Sequence[Line]) -> bool:
    """Whether the line is a short piece of a paragraph that goes on under headings: …的介 ｜ 茶园换新 ｜ 绍，…."""
    body = next((other for other in below if other.role is Role.BODY), None)
    between = [other.role for other in below[: below.index(body)]] if body else []
    dropped = Role.HEADING in between and Role.BYLINE not in between
    return body is not None and dropped and unstarted(body.text) and line.text[-1] + body.text[0] in COMMON


def _lists(found: list[Line]) -> None:
    """Makes long runs of short lines items of a list: tables, verse, names."""
    begin = 0
    for at in range(len(found) + 1):
        if at < len(found) and found[at].role is Role.HEADING and not found[at].level:
            continue
        if at - begin > _LIST_RUN:
            found[begin:at] = [replace(line, role=Role.BODY, item=True) for line in found[begin:at]]
        begin = at + 1


def _is_heading(line: Line, before: Line | None, following: Line | None) -> bool:
    text = line.text
    if len(text) > LONGEST_HEADING or "。" in text or furniture.is_saying(text) or balance(text) != (0, 0):
        return False
    bare = text.rstrip(CLOSING)
    if not bare or bare[-1] in "。；;，,、…" or (bare[-1] in "！？!?" and (bare != text or len(text) > _LONG_HEADING)):
        return False
    if unstarted(text) or (following is None and len(text) > _LONG_HEADING):
        return False
    if furniture.box(text) and len(text) <= _SHORT_HEADING:
        return True
    score = 1.0 if len(text) <= _SHORT_HEADING else 0.0 if len(text) <= _LONG_HEADING else -1.0
    score += 1.0 if len(text) > _SHORT_HEADING and re.search(r"——|[ 　：:]", text) else 0.0
    score -= (0.4, 0.8, 2.0)[min(text.count("，"), 3) - 1] if "，" in text else 0.0
    score -= 1.5 if _CONNECTIVE.match(text) else 0.0
    score -= 1.0 if re.search(r"\d日$", text) else 0.0
    score -= 3.0 if bare[-1] in _DANGLING and bare == text else 0.0
    if before is not None and before.role is Role.BYLINE:
        score -= 1.1  # under a byline stands the text
    if following is None:
        return score + 0.5 > 0
    if following.role is Role.BYLINE or following.lead:
        return score + 4.0 > 0
    if following.role is Role.BODY:
        begins = clean(following.text)
        score += 1.0 if begins else -0.3 if len(text) <= _SUB_HEADING else -1.1
        # A text takes its headline's words up; the rest of a sentence does not say them again.
        score += 0.5 if len(bigrams(text) & bigrams(following.text[:_OPENING_WORDS])) > 1 else 0.0
        if (text[-1].isdigit() or text[-1] in "年月日至") and following.text[0].isdigit():
            score -= 3.0
        if not begins and text[-1] + following.text[0] in COMMON:
            score -= 2.5
        # A paragraph whose first line stands alone: … | 了园区高端化…. A heading dropped into a sentence stands
        # before such a line as well, but then the line before the heading is the one cut.
        cut = before is not None and before.role is Role.BODY and not ends(before.text)
        if unstarted(following.text) and not cut:
            score -= 2.0
    elif following.role is Role.HEADING:
        score += 0.5
    return score > 0


def _captions(read: list[Line]) -> list[Line]:
    """Adds the captions that need their neighbours to be told: numbered ones, and one whose credit is a line below."""
    found = list(read)
    for at, line in enumerate(found):
        near = [other for other in found[max(0, at - 2) : at + 3] if other is not line]
        pictured = any(other.role is Role.CAPTION or furniture.is_numbered(other.text) for other in near)
        if line.role is Role.BODY and furniture.is_numbered(line.text) and pictured:
            credited = any(other.role is Role.CAPTION for other in near)
            if credited or line.text[:2].startswith("图"):
                found[at] = replace(line, role=Role.CAPTION)
        elif line.credit and at and found[at - 1].role is Role.BODY and _stands_alone(found, at - 1):
            found[at - 1] = replace(found[at - 1], role=Role.CAPTION)
    return found


def _stands_alone(found: Sequence[Line], at: int) -> bool:
    """One short sentence that no paragraph leads to: 在生产车间，工人正在装配。 over 记者 … 摄."""
    line, before = found[at], found[at - 1] if at else None
    inner = line.text.rstrip("。")
    first = before is not None and before.role in (Role.HEADING, Role.BYLINE)
    cut = before is not None and before.role is Role.BODY and not ends(before.text)
    return len(inner) <= 60 and inner.count("。") == 0 and not first and not cut and not unstarted(line.text)
