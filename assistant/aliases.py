"""Texts in, the names in them with their variants out: 远山铝业 is 贵州远山铝业有限责任公司.

Learned from the pages alone: a name in brackets after another (以下简称), a name without its place, trade or legal
form, a park's long and short form. Two names that differ in one letter are never joined silently: they are proposed,
with the reason, and ``same`` tells only on request whether two names are one if the proposals hold.

    >>> learn(["贵州远山铝业有限公司投产。远山铝业今年产值3亿元。"]).canonical("远山铝业")
    '贵州远山铝业有限公司'
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import combinations
from typing import Final

from assistant.mentions import (
    AGENCY,
    COUNTIES,
    DATA,
    FIRM,
    GAZETTEER,
    KIND_OF,
    PARK,
    PLACE,
    PLACE_NAME,
    PREFECTURES,
    PROVINCE_NAMES,
    PROVINCES,
    SITE,
    either,
    longest,
    words,
)
from assistant.mentions import mentions as find_mentions
from assistant.records import Alias, Mention, NameKind

_GUIZHOU: Final = tuple(PREFECTURES | COUNTIES)
_LEGAL: Final = words("legal")


_TRADES: Final = words("trades")


_TRADE: Final = re.compile(either(_TRADES))


_NO_SHORT: Final = frozenset(words("no_short"))
_SHORT_FOR: Final = re.compile(
    r"[（(](?:以下简称为?|下简称|以下称|下称|简称|以下)[“\"]?(?P<short>[^”\"）)，。]{2,16})[”\"]?[）)]"
)


_LOOKALIKE: Final = {frozenset((a, b)) for row in DATA["lookalikes"].split() for a in row for b in row if a != b}


def lookalikes(letter: str) -> tuple[str, ...]:
    """The letters that print, or are read, as this one, sorted."""
    return tuple(sorted(other for pair in _LOOKALIKE if letter in pair for other in pair - {letter}))


@dataclass(frozen=True, slots=True)
class _Parts:
    """A name taken apart: 清镇 · 远岭 · 铝业."""

    place: str
    brand: str
    trade: str
    group: bool


@lru_cache(maxsize=4096)
def parts(name: str) -> _Parts:
    """Take a name apart into place, brand, trade and whether it says 集团."""
    rest = name
    for word in _LEGAL:
        if rest.endswith(word) and len(rest) > len(word) + 1:
            rest = rest[: -len(word)]
            break
    group = "集团" in name
    rest = rest.replace("集团", "")
    places = list(PLACE_NAME.finditer(rest))
    place = ""
    for match in reversed(places):
        if len(rest) - len(match.group()) >= 2:
            place = match.group() + place
            rest = rest[: match.start()] + rest[match.end() :]
    trade = _TRADE.search(rest, 2) or (_TRADE.search(rest, 1) if len(rest) > 3 else None)
    if trade:
        return _Parts(place, rest[: trade.start()], rest[trade.start() :], group)
    return _Parts(place, rest, "", group)


_PARK_LONG: Final = (
    ("经济技术开发区", "经开区"),
    ("经济开发区", "经开区"),
    ("高新技术产业开发区", "高新区"),
    ("高新技术开发区", "高新区"),
    ("综合保税区", "综保区"),
    ("产业园区", "产业园"),
    ("工业园区", "工业园"),
)


# 中国农业银行水城支行 is 农行水城支行 too
_BANKS: Final = tuple(
    (long, row[0]) for row in (line.split() for line in DATA["banks"].splitlines()) for long in row[1:]
)

_PARK_ENDS: Final = ("经开区", "高新区", "开发区", "综保区", "产业园", "工业园")


@lru_cache(maxsize=4096)
def short(name: str) -> str:
    """The shortest form that still tells the name: 贵州清镇经济开发区 → 清镇经开区, 黔东南苗族侗族自治州 → 黔东南."""
    name = re.sub(r"[“”\"‘’\s（）()]", "", name)
    for long, brief in _PARK_LONG:
        name = name.replace(long, brief)
    if "银行" in name:
        for long, brief in _BANKS:
            if name.startswith(long):
                name = brief + name[len(long) :]
                break
    for province in PROVINCE_NAMES:
        rest = name.removeprefix(province + "省").removeprefix(province)
        if (
            rest != name
            and len(rest) >= 4
            and not rest.startswith(tuple(PROVINCE_NAMES))
            and (PLACE_NAME.match(rest) or rest.endswith(_PARK_ENDS))
        ):
            name = rest
            break
    place = PLACE_NAME.fullmatch(name)
    if place:
        return next(word for word in GAZETTEER if name.startswith(word))
    return name


def _abbreviates(brief: str, full: str) -> bool:
    """黔东南州人社局 and 黔东南州人力资源和社会保障局: letters left out, place and end kept."""
    if not (4 <= len(brief) < len(full)) or brief[-1] != full[-1] or brief[-1] not in "局委厅院":
        return False
    place, other = PLACE_NAME.match(brief), PLACE_NAME.match(full)
    if not place or not other or short(place.group()) != short(other.group()):
        return False
    rest, letters = brief[place.end() :], iter(full[other.end() :])
    return rest[:1] == full[other.end() : other.end() + 1] and all(letter in letters for letter in rest)


@dataclass(frozen=True)
class Aliases:
    """What was learned: each name's canonical form, and the pairs that may be one but differ in a letter."""

    names: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, NameKind] = field(default_factory=dict)
    proposed: tuple[Alias, ...] = ()
    region: str = ""  # the province that the texts name most: whose 全省 and 我省 are
    home: str = ""  # the place that they name most: whose a page is that is about one place

    def canonical(self, name: str) -> str:
        """The fullest form of the name that the pages print; the name itself if none is known."""
        return self.names.get(name) or self.names.get(short(name)) or name

    def same(self, a: str, b: str, *, proposals: bool = False) -> bool:
        """Whether two names are one; with ``proposals``, also if a proposed variant would make them so."""
        one, other = self.canonical(a), self.canonical(b)
        if one == other or short(one) == short(other) or _abbreviates(one, other) or _abbreviates(other, one):
            return True
        if self._calls_park(a, other) or self._calls_park(b, one):
            return True
        if proposals:
            pairs = {frozenset((alias.name, alias.other)) for alias in self.proposed}
            return frozenset((one, other)) in pairs
        return False

    def _calls_park(self, called: str, park: str) -> bool:
        """Whether 台江园区 calls the park 台江经开区: the only one of that place."""
        place = called.removesuffix("园区")
        if place == called or not PLACE_NAME.fullmatch(place):
            return False
        brief = short(place)
        parks = {short(name) for name, kind in self.kinds.items() if kind is PARK and short(name).startswith(brief)}
        return parks == {short(park)}

    def related(self, a: str, b: str) -> bool:
        """Whether two names share a brand, as a group and its subsidiary do: a lead, no proof."""
        one, other = parts(self.canonical(a)), parts(self.canonical(b))
        return len(one.brand) >= 2 and one.brand == other.brand and one.brand not in KIND_OF

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Every name in the text, learned short forms included, in order."""
        found = list(find_mentions(text))
        if self._any_name is not None:
            found += [Mention(*m.span(), m.group(), self.kinds[m.group()]) for m in self._any_name.finditer(text)]
        return longest(found)

    @cached_property
    def _any_name(self) -> re.Pattern[str] | None:
        return re.compile(either(self.kinds)) if self.kinds else None


_SMALL: Final = 100_000  # letters through which words are looked for one by one sooner than they are indexed


class _Index:
    """Which texts may hold a word: of many, those that hold all its pairs of letters."""

    def __init__(self, texts: tuple[str, ...]) -> None:
        self.texts = texts
        self.small = sum(map(len, texts)) < _SMALL

    @cached_property
    def rows(self) -> dict[str, set[int]]:
        """The numbers of the texts that hold each pair of letters."""
        found: dict[str, set[int]] = {}
        for number, text in enumerate(self.texts):
            for pair in {text[at : at + 2] for at in range(len(text) - 1)}:
                found.setdefault(pair, set()).add(number)
        return found

    def holds(self, word: str) -> bool:
        """Whether any text holds the word."""
        if self.small:
            return any(word in text for text in self.texts)
        rows = [self.rows.get(word[at : at + 2], set()) for at in range(len(word) - 1)]
        near = set.intersection(*rows) if rows else set()
        return any(word in self.texts[number] for number in near)


def learn(texts: Iterable[str]) -> Aliases:
    """Learn the names of these texts, in time that grows with the texts and the names that they hold."""
    texts = tuple(texts)
    full: dict[str, NameKind] = {}
    counts: dict[str, int] = {}
    for text in texts:
        for mention in find_mentions(text):
            if mention.kind in (FIRM, PARK, AGENCY, SITE):
                full.setdefault(mention.text, mention.kind)
                counts[mention.text] = counts.get(mention.text, 0) + 1
    names: dict[str, str] = {}
    kinds: dict[str, NameKind] = {}
    for text in texts:
        for match in _SHORT_FOR.finditer(text):
            before = [m for m in find_mentions(text) if m.end == match.start()]
            if (
                before
                and not re.search("[年月期]", match["short"])
                and match["short"] not in _NO_SHORT
                and match["short"] not in KIND_OF
            ):
                names[match["short"]] = before[0].text
                kinds[match["short"]] = before[0].kind
    _learn_firms(full, counts, _Index(texts), names, kinds)
    fullest: dict[str, str] = {}
    for name in full:
        brief = short(name)
        fullest[brief] = max(fullest.get(brief, ""), name, key=lambda other: (len(other), other))
    for name, kind in full.items():
        if kind is not FIRM:
            brief = short(name)
            names[name] = names[brief] = fullest[brief]
            if brief != name and len(brief) >= 3:
                kinds[brief] = kind
    for text in texts:
        for mention in find_mentions(text):
            below = (
                re.search(r"(?:[县区市镇乡])([一-鿿]{2,3}[镇乡村])$", mention.text) if mention.kind is PLACE else None
            )
            if below:
                kinds.setdefault(below[1], PLACE)
                names.setdefault(below[1], mention.text)
    proposed = _proposals(full, names)
    return Aliases(names, {**full, **kinds}, proposed, _region(texts), _home(texts))


_HOME: Final = 0.4  # of the names of places: a page about one town names it in more than half, and its region beside it


def _home(texts: tuple[str, ...]) -> str:
    """The place that has most of the names of places; empty where none has a good share."""
    counts: dict[str, int] = {}
    for text in texts:
        for mention in find_mentions(text):
            if mention.kind is PLACE:
                name = short(mention.text)
                counts[name] = counts.get(name, 0) + 1
    most = max(counts, key=lambda name: (counts[name], name), default="")
    return most if most and counts[most] >= _HOME * sum(counts.values()) else ""


def _region(texts: tuple[str, ...]) -> str:
    """The province that is named most, itself or by its places; empty if no other name of one is as frequent."""
    counts: dict[str, int] = {}
    for text in texts:
        for mention in find_mentions(text):
            if mention.kind is PLACE:
                province = next((name for name in PROVINCES if mention.text.startswith(name)), "")
                if not province and mention.text.startswith(_GUIZHOU):
                    province = "贵州"
                if province:
                    counts[province] = counts.get(province, 0) + 1
    return max(counts, key=lambda name: (counts[name], name), default="")


def _learn_firms(
    full: dict[str, NameKind],
    counts: dict[str, int],
    index: _Index,
    names: dict[str, str],
    kinds: dict[str, NameKind],
) -> None:
    firms = sorted((name for name, kind in full.items() if kind is FIRM), key=lambda n: (-len(n), -counts[n], n))
    by_brand: dict[str, list[str]] = {}
    for name in firms:
        by_brand.setdefault(parts(name).brand, []).append(name)
    for name in firms:
        took = parts(name)
        if not took.brand:
            names[name] = name
            continue
        names.setdefault(
            name, next((long for long in by_brand[took.brand] if long != name and _short_of(name, long)), name)
        )
        if len(took.brand) < 2 or not _PLAUSIBLE_BRAND.fullmatch(took.brand) or name.endswith(("行", "局")):
            continue
        for brief in _briefs(took):
            if (
                brief in full
                or brief in names
                or brief in KIND_OF
                or PLACE_NAME.fullmatch(brief)
                or not index.holds(brief)
            ):
                continue
            names[brief] = names[name]
            kinds[brief] = FIRM


_PLAUSIBLE_BRAND: Final = re.compile(r"(?!.*(?:区|产业园|运营|子公司|供电|电网|教育|智能))[一-鿿]{2,5}")


def _briefs(took: _Parts) -> list[str]:
    rows = [took.brand + took.trade, took.place + took.brand + took.trade]
    first = _TRADE.match(took.trade)
    if first:
        rows += [took.brand + first.group(), took.brand + first.group()[-2:]]
    rows += [took.brand + "集团"] if took.group else []
    # a brand alone is a name only if it is no word: three letters, or two before another sign of a firm
    rows += [took.brand + "公司"]
    if len(took.brand) >= 3:
        rows.append(took.brand)
    return [row for row in rows if len(row) >= 3]


def _short_of(brief: str, long: str) -> bool:
    """Whether a firm's name is a shorter form of another: same brand, its trade part of the other's, its place too."""
    a, b = parts(brief), parts(long)
    if a.brand != b.brand or len(a.brand) < 2 or len(brief) >= len(long):
        return False
    if a.group and not b.group:
        return False
    if a.place and b.place and a.place not in b.place and b.place not in a.place:
        return False
    return not a.trade or a.trade in b.trade or b.trade.startswith(a.trade[:2])


_LEAST_ALIKE: Final = 8  # equal letters after which one differing letter is a misprint more likely than another firm


def _proposals(full: dict[str, NameKind], names: dict[str, str]) -> tuple[Alias, ...]:
    """Pairs of names that differ in one letter, where the letters look alike or the rest is long."""
    found: list[Alias] = []
    seen: set[frozenset[str]] = set()
    by_key: dict[tuple[str, NameKind], list[str]] = {}
    for name, kind in full.items():
        for at in range(len(name)):
            by_key.setdefault((f"{name[:at]}\x00{name[at + 1 :]}", kind), []).append(name)
    for row in by_key.values():
        for name, other in combinations(row[:_MANY], 2):
            reason = _alike(name, other)
            pair = frozenset((names.get(name, name), names.get(other, other)))
            if reason and len(pair) == 2 and pair not in seen:
                seen.add(pair)
                found.append(Alias(names.get(name, name), names.get(other, other), reason))
    return tuple(found)


_MANY: Final = 20  # names that differ in one letter alike (第一小学 to 第九小学): beyond, they are a series


def _alike(name: str, other: str) -> str:
    differ = [(a, b) for a, b in zip(name, other, strict=True) if a != b]
    if len(differ) != 1 or len(name) < 4:
        return ""
    a, b = differ[0]
    if (
        a.isdigit()
        or b.isdigit()
        or (PLACE_NAME.match(name) and PLACE_NAME.match(other) and short(name)[:2] != short(other)[:2])
    ):
        return ""
    if frozenset((a, b)) in _LOOKALIKE:
        return f"“{a}”与“{b}”形近或易混，余字全同"
    if len(name) - 1 >= _LEAST_ALIKE and not ({a, b} & set("一二三四五六七八九十东西南北甲乙丙丁市县区省州")):
        return f"仅“{a}”“{b}”一字之差，余{len(name) - 1}字全同"
    return ""
