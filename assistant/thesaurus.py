"""A question in, the names in it with the names that a page may use instead out: words, firms, places, English.

    GDP → 地区生产总值, 生产总值      筑城 → 贵阳      output value → 产值, 总产值      Qinghe → 青禾

Words are those of ``thesaurus.toml``, and of a file of the same form in the index's folder; names are those that the
pages taught (``Aliases``): short forms, brands, one look-alike letter mistyped, and for Latin letters their pinyin.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

from assistant import aliases
from assistant.aliases import Aliases
from assistant.errors import SettingError
from assistant.mentions import GAZETTEER
from assistant.records import NameKind, Synonym

FILE: Final = "thesaurus.toml"
_LATIN: Final = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)*")
_NAMED: Final = (NameKind.FIRM, NameKind.PARK, NameKind.PLACE, NameKind.AGENCY, NameKind.SITE)
_BRAND: Final = re.compile("[一-鿿]{2,5}")
_SYLLABLES: Final = 2  # of a name's pinyin that a Latin word must spell at least: "an" alone is no name
# Places of Guizhou whose letters sound otherwise elsewhere, and are not among the library's phrases
_SOUNDS: Final = {
    "都匀": [["dū"], ["yún"]],
    "三都": [["sān"], ["dū"]],
    "长顺": [["cháng"], ["shùn"]],
    "六枝": [["lù"], ["zhī"]],
}
_MOST: Final = 6  # names that one Latin word may spell: beyond, it tells none


@dataclass(frozen=True, slots=True)
class Row:
    """Names of one thing: Chinese ones, and English ones."""

    chinese: tuple[str, ...]
    english: tuple[str, ...] = ()
    measure: bool = False  # what figures are of: 产值, 利润, 职工


@dataclass(frozen=True)
class Thesaurus:
    """Rows of words, and the names that the pages taught."""

    rows: tuple[Row, ...]
    known: Aliases = field(default_factory=Aliases)

    def same(self, text: str) -> tuple[Synonym, ...]:
        """Every word and name of the text that goes by other names too, in order, names before words."""
        found = [*self._names(text), *self._words(text), *self._latin(text)]
        return tuple(sorted(found, key=lambda one: (not one.name, one.start, one.end)))

    # ------------------------------------------------------------------ words

    def _words(self, text: str) -> Iterator[Synonym]:
        taken: set[int] = set()
        for word, row in _by_length(self.rows):
            pattern = _spelt(word) if word.isascii() else re.compile(re.escape(word))
            for match in pattern.finditer(text):
                if taken.isdisjoint(range(*match.span())):
                    taken.update(range(*match.span()))
                    others = tuple(other for other in row.chinese if other.lower() != word.lower())
                    yield Synonym(*match.span(), match.group(), others)

    # ------------------------------------------------------------------ names

    def _names(self, text: str) -> Iterator[Synonym]:
        known = self.known
        taken: set[int] = set()
        for mention in known.mentions(text):
            if mention.kind in _NAMED:
                taken.update(range(mention.start, mention.end))
                yield Synonym(mention.start, mention.end, mention.text, self._called(mention.text), name=True)
        for start, end, right in self._mistyped(text, taken):
            taken.update(range(start, end))
            yield Synonym(start, end, text[start:end], (right, *self._called(right)), name=True)
        for brand, names in _brands(known).items():
            at = text.find(brand)
            if at >= 0 and taken.isdisjoint(range(at, at + len(brand))):
                yield Synonym(at, at + len(brand), brand, names, name=True)

    def _called(self, name: str) -> tuple[str, ...]:
        """The other names of one that is known, the fullest first, and its brand."""
        full = self.known.canonical(name)
        also = _by_canonical(self.known).get(full, ())
        brand = aliases.parts(full).brand if self.known.kinds.get(full) is NameKind.FIRM else ""
        forms = (full, aliases.short(full), aliases.short(name), *also, brand if _BRAND.fullmatch(brand) else "")
        return tuple(dict.fromkeys(form for form in forms if form and form != name))

    def _mistyped(self, text: str, taken: set[int]) -> Iterator[tuple[int, int, str]]:
        """Where one letter, exchanged for one that looks like it, makes a known name: 远山吕业 → 远山铝业."""
        for at, letter in enumerate(text):
            if at in taken:
                continue
            for other in aliases.lookalikes(letter):
                mended = f"{text[:at]}{other}{text[at + 1 :]}"
                for mention in self.known.mentions(mended):
                    if mention.start <= at < mention.end and mention.text in self.known.kinds:
                        yield mention.start, mention.end, mention.text

    def _latin(self, text: str) -> Iterator[Synonym]:
        """Names spelt in pinyin: the longest run of words that spells one (Liu Pan Shui, Zheng'an)."""
        spelt = list(_LATIN.finditer(text))
        at = 0
        while at < len(spelt):
            for till in range(min(at + 4, len(spelt)), at, -1):
                sound = "".join(match.group() for match in spelt[at:till]).lower().replace("'", "").replace("’", "")
                names = _by_sound(self.known).get(sound, ()) if spelt[at].group()[0].isupper() else ()
                if 0 < len(names) <= _MOST:
                    start, end = spelt[at].start(), spelt[till - 1].end()
                    yield Synonym(start, end, text[start:end], names, name=True)
                    at = till - 1
                    break
            at += 1


@lru_cache(maxsize=1)
def shipped() -> tuple[Row, ...]:
    """The rows of the file that comes with the program."""
    return tuple(_rows(tomllib.loads(resources.files("assistant").joinpath(FILE).read_text("utf-8")), FILE))


@lru_cache(maxsize=1024)
def measures(text: str) -> frozenset[str]:
    """What is measured that the text names, each by the first of its names: 盈利 is 利润."""
    found: set[str] = set()
    taken: set[int] = set()
    for word, row in _by_length(shipped()):
        at = text.find(word) if row.measure and not word.isascii() else -1
        while at >= 0:
            if taken.isdisjoint(range(at, at + len(word))):
                taken.update(range(at, at + len(word)))
                found.add(row.chinese[0])
            at = text.find(word, at + 1)
    return frozenset(found)


def load(folder: Path | None = None, known: Aliases | None = None) -> Thesaurus:
    """The thesaurus of an index: shipped rows, those of its folder, and its names. Raises SettingError."""
    path = folder / FILE if folder else None
    own: list[Row] = []
    if path and path.is_file():
        try:
            own = list(_rows(tomllib.loads(path.read_text("utf-8")), str(path)))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingError(f"{path} is not valid TOML: {error}. Correct it, or take it away.") from error
    return Thesaurus((*own, *shipped()), known or Aliases())


def spelling(name: str) -> str:
    """A place's name as English spells it: 正安 is Zheng'an."""
    first, *others = _spoken(name)
    return "".join((first, *(f"'{one}" if one[0] in "aeo" else one for one in others))).capitalize()


def _rows(data: dict[str, Any], path: str) -> Iterable[Row]:
    for number, row in enumerate(data.get("same", ()), 1):
        chinese, english = row.get("chinese"), row.get("english", [])
        fits = isinstance(chinese, str) and isinstance(english, list) and all(isinstance(one, str) for one in english)
        if not fits:
            raise SettingError(
                f'{path}: [[same]] number {number}: chinese = "甲 乙" and english = ["a", "b"] are wanted.'
            )
        yield Row(tuple(chinese.split()), tuple(english), row.get("measure") is True)


@lru_cache(maxsize=8)
def _by_length(rows: tuple[Row, ...]) -> tuple[tuple[str, Row], ...]:
    """Every word with its row, the longest first; a Chinese letter alone is too often part of another word."""
    words = [(word, row) for row in rows for word in (*row.chinese, *row.english) if len(word) > 1]
    return tuple(sorted(words, key=lambda pair: (-len(pair[0]), pair[0])))


@lru_cache(maxsize=1024)
def _spelt(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![A-Za-z]){re.escape(word)}(?:s|es)?(?![A-Za-z])", re.IGNORECASE)


# The tables below are made once for a table of names: Aliases is not hashable, so they are kept by its identity.
_TABLES: Final[dict[int, tuple[Aliases, dict[str, dict[str, tuple[str, ...]]]]]] = {}
_KEPT: Final = 8


def _table(known: Aliases, name: str) -> dict[str, tuple[str, ...]]:
    kept = _TABLES.get(id(known))
    if kept is None or kept[0] is not known:
        while len(_TABLES) >= _KEPT:
            _TABLES.pop(next(iter(_TABLES)), None)
        kept = _TABLES[id(known)] = (
            known,
            {"called": _called(known), "brands": _branded(known)},
        )
    if name not in kept[1]:  # pinyin takes half a second to load, and few questions hold a Latin word
        kept[1][name] = _sounds(known)
    return kept[1][name]


def _by_canonical(known: Aliases) -> dict[str, tuple[str, ...]]:
    return _table(known, "called")


def _brands(known: Aliases) -> dict[str, tuple[str, ...]]:
    return _table(known, "brands")


def _by_sound(known: Aliases) -> dict[str, tuple[str, ...]]:
    return _table(known, "sounds")


def _called(known: Aliases) -> dict[str, tuple[str, ...]]:
    rows: dict[str, list[str]] = {}
    for name, full in known.names.items():
        rows.setdefault(full, []).append(name)
    return {full: tuple(names) for full, names in rows.items()}


def _branded(known: Aliases) -> dict[str, tuple[str, ...]]:
    """Brands that stand for the firms that bear them: 麒麟 for 贵州麒麟实业集团有限公司."""
    rows: dict[str, list[str]] = {}
    for name, kind in known.kinds.items():
        brand = aliases.parts(name).brand
        if kind is NameKind.FIRM and _BRAND.fullmatch(brand) and brand not in GAZETTEER and brand != name:
            rows.setdefault(brand, []).append(name)
    return {brand: tuple(names[:_MOST]) for brand, names in rows.items()}


def _sounds(known: Aliases) -> dict[str, tuple[str, ...]]:
    """Pinyin of the beginnings of names, and of their brands, to the letters that it spells: yongdu → 永都."""
    rows: dict[str, dict[str, None]] = {}
    wanted = {name for name, kind in known.kinds.items() if kind in _NAMED}
    wanted |= {aliases.parts(name).brand for name, kind in known.kinds.items() if kind is NameKind.FIRM}
    for name in sorted({*wanted, *GAZETTEER}, key=lambda name: (len(name), name)):
        spoken = [letter for letter in name if "一" <= letter <= "鿿"]
        syllables = _spoken("".join(spoken))
        for many in range(_SYLLABLES, min(len(syllables), 5) + 1):
            if many == len(syllables) or name not in GAZETTEER:
                rows.setdefault("".join(syllables[:many]), {})["".join(spoken[:many])] = None
    return {sound: tuple(names) for sound, names in rows.items()}


def _spoken(name: str) -> list[str]:
    """The syllables of Chinese letters, without tones."""
    return _pinyin()(name)


@lru_cache(maxsize=1)
def _pinyin() -> Callable[[str], list[str]]:
    from pypinyin import lazy_pinyin, load_phrases_dict

    load_phrases_dict(_SOUNDS)
    return lazy_pinyin
