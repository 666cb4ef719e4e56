"""Who claims what, of all pages: an SQLite file beside the store, derived from it and tied to its generation.

    index = ClaimIndex.of(store)
    index.find(Wanted(subject="远山经开区", metric="产值"))    → the claims, each with its sentence and place
    index.doubts("3f0c…", 12, 18)                            → the suspicions of those letters of the passage
    index.others(claim)                                      → what else is claimed of it: conflict, same, period, scope

Every query goes through an index of the file; none loads it.
"""

import logging
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from assistant import aliases as names
from assistant import stored_form
from assistant.aliases import Aliases
from assistant.claim_index import build
from assistant.claim_index.build import Passages, Suspicions
from assistant.claim_index.rows import COLUMNS, FORM, phrase, to_told
from assistant.errors import StoreError
from assistant.records import Alias, Claim, NameKind, Period, Suspicion, Told
from assistant.relations import Relation, metric_key, relation

if TYPE_CHECKING:
    from assistant.store import Store

_log: Final = logging.getLogger("jushi")
_FOLDER: Final = "claims"
_MOST_OTHERS: Final = 2000  # claims of one metric that are looked through for those of related subjects
_SCALED: Final = re.compile("^[十百千万亿]+")  # 亿元: the unit is 元, the rest is how it was printed


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which claims are asked for; what is empty asks for nothing.

    ``words`` stand in the subject, the metric or the sentence, each of them somewhere; ``subject`` and
    ``metric`` in those; ``subject`` also finds the subject's other names. ``period`` is one that the claim's overlaps.
    ``unit`` is as printed (亿元) or the base (元). ``suspect``: only figures that a suspicion doubts.
    """

    words: tuple[str, ...] = ()
    subject: str = ""
    metric: str = ""
    period: Period | None = None
    unit: str = ""
    kind: str = ""
    file: str = ""
    passages: tuple[str, ...] = ()
    suspect: bool = False


class ClaimIndex:
    """The claims of one generation. Safe to use from several threads."""

    def __init__(self, connect: Callable[[bool], sqlite3.Connection]) -> None:
        """Prefer ``ClaimIndex.open``. ``connect`` opens the file; with True, anew, where it proved spoiled."""
        self._connect = connect
        self._file = connect(False)
        self._lock = Lock()
        self._aliases: Aliases | None = None

    @classmethod
    def open(
        cls, folder: Path, generation: str, pages: Mapping[str, str], passages: Passages, suspicions: Suspicions
    ) -> "ClaimIndex":
        """The claims of this generation, built where the folder has no whole file of them.

        ``pages`` are its files, each with its version; ``passages`` and ``suspicions`` give those of the files that
        they are asked for. In a folder that cannot be written the claims are kept in memory.
        """
        path = folder / _FOLDER / f"{generation or 'empty'}.sqlite"

        def connect(anew: bool) -> sqlite3.Connection:
            found = None if anew else _readable(path, generation)
            if found is None:
                if path.is_file():
                    _log.warning("%s was damaged and is made again.", path)
                try:
                    build.build(path, generation, pages, passages, suspicions)
                except StoreError:  # a folder that cannot be written costs only time
                    return build.in_memory(generation, pages, passages, suspicions)
                found = _readable(path, generation)
            if found is None:
                raise StoreError(f"{path} was written and cannot be read: remove it, and ask again.")
            return found

        return cls(connect)

    @classmethod
    def of(cls, store: "Store") -> "ClaimIndex":
        """The claims of the store's generation."""
        return cls.open(store.folder, store.generation(), _Versions(store), store.all, store.suspicions)

    def close(self) -> None:
        """Lets go of the file."""
        self._file.close()

    # ------------------------------------------------------------------ claims

    def find(self, wanted: Wanted, limit: int = -1) -> tuple[Told, ...]:
        """The claims wanted, at most ``limit`` of them, by file and place."""
        where, values = self._where(wanted)
        rows = self._rows(
            f"SELECT {COLUMNS} FROM claims c JOIN sentences s ON s.id = c.sentence WHERE {where}"
            # the plus keeps SQLite from walking through all claims in their order and testing each
            f" ORDER BY {'c.file, c.at' if wanted == Wanted() else '+c.file, +c.at'} LIMIT ?",
            (*values, limit),
        )
        return tuple(map(to_told, rows))

    def count(self, wanted: Wanted | None = None) -> int:
        """How many claims are wanted."""
        where, values = self._where(wanted or Wanted())
        return int(self._rows(f"SELECT count(*) FROM claims c WHERE {where}", values)[0][0])

    def _where(self, wanted: Wanted) -> tuple[str, tuple[Any, ...]]:
        parts: list[_Part] = [("1", ())]
        parts += [_spoken(word) for word in wanted.words]
        if wanted.subject:
            keys = self._keys(wanted.subject)
            parts.append((f"c.subject IN (SELECT name FROM subjects WHERE key IN ({_marks(keys)}))", keys))
        if wanted.metric:
            parts.append(_holding("metric", wanted.metric))
        if wanted.period:
            parts += _overlapping(wanted.period)
        if wanted.unit:
            unit = _SCALED.sub("", wanted.unit) or wanted.unit
            parts.append(("c.unit = ? AND instr(c.printed, ?)", (unit, wanted.unit if unit != wanted.unit else "")))
        if wanted.kind:
            parts.append(("c.kind = ?", (wanted.kind,)))
        if wanted.file:
            parts.append(("c.file IN (SELECT file FROM pages WHERE instr(file, ?))", (wanted.file,)))
        if wanted.passages:
            parts.append((f"c.passage IN ({_marks(wanted.passages)})", wanted.passages))
        if wanted.suspect:
            touched = "d.passage = c.passage AND d.start < c.end AND d.end > c.start AND NOT d.witness"
            parts.append((f"EXISTS (SELECT 1 FROM doubted d WHERE {touched})", ()))
        return " AND ".join(f"({part})" for part, _ in parts), tuple(value for _, some in parts for value in some)

    def _keys(self, name: str) -> tuple[str, ...]:
        """The keys of the subjects that bear the name, and of those that it is another name of."""
        found = [key for (key,) in self._rows("SELECT key FROM subjects WHERE name = ?", (name,))]
        found += [names.short(self._canonical(name))]
        if asked := phrase(name):
            bearing = (
                "SELECT DISTINCT b.key FROM claim_words w JOIN claims c ON c.id = w.rowid JOIN subjects b"
                " ON b.name = c.subject WHERE w.claim_words MATCH ?"
            )
            found += [key for (key,) in self._rows(bearing, (f"subject : {asked}",))]
        return tuple(dict.fromkeys(found))

    def _canonical(self, name: str) -> str:
        forms = (name, names.short(name))
        rows = dict(self._rows("SELECT name, canonical FROM names WHERE name IN (?, ?)", forms))
        return next((rows[form] for form in forms if rows.get(form)), name)

    # ------------------------------------------------------------------ what is said of a claim

    def others(self, claim: Claim) -> tuple[tuple[Relation, Told], ...]:
        """What other passages claim of the claim's subject and metric: ``conflict`` before ``same``, then the rest.

        ``period`` and ``scope`` tell what differs: when it holds, or of how much (a park and a cluster in it).
        """
        known = self.aliases
        key = next(iter(self._keys_of(claim.subject)), "")
        measure = "c.what = ? AND c.measure = (SELECT measure FROM claims WHERE unit = ? AND kind = ? LIMIT 1)"
        values = (metric_key(claim.metric), claim.figure.unit, claim.figure.kind)
        rows = self._rows(
            f"SELECT {COLUMNS} FROM claims c JOIN sentences s ON s.id = c.sentence LEFT JOIN subjects b"
            f" ON b.name = c.subject WHERE {measure} ORDER BY b.key <> ?, c.file, c.at LIMIT ?",
            (*values, key, _MOST_OTHERS),
        )
        found = [
            (relation(claim, told.claim, known), told) for told in map(to_told, rows) if not _is(told.claim, claim)
        ]
        order = ("conflict", "same", "period", "scope")
        return tuple(sorted((one for one in found if one[0] in order), key=lambda one: order.index(one[0])))

    def _keys_of(self, name: str) -> Iterator[str]:
        yield from (key for (key,) in self._rows("SELECT key FROM subjects WHERE name = ?", (name,)))

    # ------------------------------------------------------------------ suspicions

    def doubts(
        self, passage: str, start: int = 0, end: int | None = None, *, witnesses: bool = False
    ) -> tuple[Suspicion, ...]:
        """The suspicions that doubt a figure in ``passage.text[start:end]``; with ``witnesses``, also rest on one."""
        touching = "d.passage = ? AND d.end > ?" + ("" if end is None else " AND d.start < ?")
        asked = f"SELECT DISTINCT d.suspicion FROM doubted d WHERE {touching}" + (
            "" if witnesses else " AND NOT d.witness"
        )
        values = (passage, start) if end is None else (passage, start, end)
        return self._suspicions(f"id IN ({asked})", values)

    def suspicions(self, file: str = "", wanted: Wanted | None = None) -> tuple[Suspicion, ...]:
        """Every suspicion, or those that quote the file, or that touch one of the claims wanted."""
        found: tuple[Suspicion, ...]
        if wanted is None:
            found = self._suspicions("1", ())
        else:
            where, values = self._where(wanted)
            touched = (
                "SELECT d.suspicion FROM claims c JOIN doubted d ON d.passage = c.passage AND d.start = c.start"
                f" WHERE {where}"
            )
            found = self._suspicions(f"id IN ({touched})", values)
        return tuple(one for one in found if not file or any(file in name for name, _ in one.quotes))

    def _suspicions(self, where: str, values: Sequence[Any]) -> tuple[Suspicion, ...]:
        rows = self._rows(f"SELECT whole FROM suspicions WHERE {where} ORDER BY id", values)
        return tuple(one for (whole,) in rows for one in stored_form.load(whole))

    # ------------------------------------------------------------------ names

    @property
    def aliases(self) -> Aliases:
        """The names that the pages teach."""
        if self._aliases is None:
            rows = self._rows("SELECT name, canonical, kind FROM names", ())
            proposed = self._rows("SELECT name, other, reason FROM proposed", ())
            self._aliases = Aliases(
                {name: canonical for name, canonical, _ in rows if canonical},
                {name: NameKind(kind) for name, _, kind in rows if kind},
                tuple(Alias(*row) for row in proposed),
            )
        return self._aliases

    # ------------------------------------------------------------------

    def _rows(self, asked: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        with self._lock:
            try:
                return self._file.execute(asked, values).fetchall()
            except sqlite3.DatabaseError as error:
                if type(error) is not sqlite3.DatabaseError:  # what it says itself of a spoiled file
                    raise StoreError(f"The claims beside the index cannot be read: {error}.") from error
            self._file.close()
            self._file = self._connect(True)
            return self._file.execute(asked, values).fetchall()


class _Versions(Mapping[str, str]):
    """The version of each file of the store, read only when a file of claims is to be made: 40 ms at 300 files."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    @cached_property
    def _read(self) -> dict[str, str]:
        return {file: str(record["key"]) for file, record in self._store.pages().items()}

    def __getitem__(self, file: str) -> str:
        return self._read[file]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read)

    def __len__(self) -> int:
        return len(self._read)


def _readable(path: Path, generation: str) -> sqlite3.Connection | None:
    """The file, opened to be read, if it is whole as far as its first pages tell, and of this form and generation."""
    if not path.is_file():
        return None
    # several threads read it, one at a time
    file = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False)
    try:
        told = dict(file.execute("SELECT name, value FROM meta"))
    except sqlite3.DatabaseError:
        told = {}
    if told == {"form": str(FORM), "generation": generation}:
        return file
    file.close()
    return None


def _is(told: Claim, claim: Claim) -> bool:
    return (told.passage_id, told.figure.start) == (claim.passage_id, claim.figure.start)


def _marks(values: Sequence[Any]) -> str:
    return ", ".join("?" * len(values))


_Part = tuple[str, tuple[Any, ...]]  # a condition on claims c, and its values


def _holding(column: str, text: str) -> _Part:
    """That the subject or metric holds the text. A single letter is in no word table: it is looked for."""
    if len(text) > 1 and (asked := phrase(text)):
        return "c.id IN (SELECT rowid FROM claim_words WHERE claim_words MATCH ?)", (f"{column} : {asked}",)
    return f"instr(c.{column}, ?)", (text,)


def _spoken(word: str) -> _Part:
    """That the subject, the metric or the sentence holds the word."""
    asked = phrase(word)
    if len(word) < 2 or not asked:
        held = "SELECT id FROM sentences WHERE instr(text, ?)"
        return f"instr(c.subject || c.metric, ?) OR c.sentence IN ({held})", (word, word)
    return (
        "c.id IN (SELECT rowid FROM claim_words WHERE claim_words MATCH ?)"
        " OR c.sentence IN (SELECT rowid FROM sentence_words WHERE sentence_words MATCH ?)",
        (asked, asked),
    )


def _overlapping(period: Period) -> list[_Part]:
    """That the claim's period shares a day with this one; an end that is not known is open."""
    parts: list[_Part] = [("c.first IS NOT NULL OR c.last IS NOT NULL", ())]
    if period.end:
        parts.append(("c.first <= ? OR c.first IS NULL", (period.end.isoformat(),)))
    if period.start:
        parts.append(("c.last >= ? OR c.last IS NULL", (period.start.isoformat(),)))
    return parts
