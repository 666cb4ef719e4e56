"""A generation's pages in, the file of their claims out: whole or not at all, from the former file where that serves.

Only pages whose version is another are read again; what pages say of each other (names, conflicts) is found anew.
"""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from assistant import aliases as names
from assistant import ledger, stored_form
from assistant.aliases import Aliases
from assistant.claim_index.rows import COLUMNS, FORM, TABLES, of_passage, to_told, words
from assistant.errors import StoreError
from assistant.records import Passage, Suspicion, Told
from assistant.relations import Subjects

# of the files that are named, or with None of all
Passages = Callable[[Collection[str] | None], Iterable[Passage]]
Suspicions = Callable[[Collection[str] | None], Iterable[Suspicion]]

_ACROSS: Final = ""  # stands for the file of a suspicion that is made between pages


def build(path: Path, generation: str, pages: Mapping[str, str], passages: Passages, suspicions: Suspicions) -> None:
    """Writes the file of the claims of these pages (each with its version), and lets go of former files beside it.

    ``passages`` and ``suspicions`` give those of the files that they are asked for. Two that build at once each write
    a file of their own, and the later one stays. Raises StoreError where the folder cannot be written.
    """
    former = next((one for one in sorted(path.parent.glob("*.sqlite")) if one != path), None)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.stem}-", dir=path.parent)
        os.close(handle)
    except OSError as error:
        raise StoreError(f"{path.parent} cannot be written: {error.strerror}.") from error
    beside = Path(name)
    try:
        if former is None or not _continued(former, beside, generation, pages, passages, suspicions):
            beside.write_bytes(b"")
            with closing(_opened(beside)) as file:
                file.executescript(TABLES)
                _bring_up_to_date(file, generation, pages, passages, suspicions)
        _on_disk(beside)
        beside.replace(path)
    except (OSError, sqlite3.OperationalError) as error:  # the disk is full
        raise StoreError(f"{path} cannot be written: {error}.") from error
    finally:
        beside.unlink(missing_ok=True)
    for one in path.parent.glob("*.sqlite"):
        if one != path:
            with suppress(OSError):  # another process may read it still, where that forbids removing it
                one.unlink()


def in_memory(
    generation: str, pages: Mapping[str, str], passages: Passages, suspicions: Suspicions
) -> sqlite3.Connection:
    """The same, where no file can be written."""
    file = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    file.executescript(TABLES)
    _bring_up_to_date(file, generation, pages, passages, suspicions)
    return file


def _continued(
    former: Path,
    beside: Path,
    generation: str,
    pages: Mapping[str, str],
    passages: Passages,
    suspicions: Suspicions,
) -> bool:
    """Whether the file could be made of the former one: it is whole, of this form, and most pages have stayed."""
    try:
        shutil.copyfile(former, beside)
        with closing(_opened(beside)) as file:
            kept = dict(file.execute("SELECT name, value FROM meta"))
            same = sum(pages.get(name) == version for name, version in file.execute("SELECT file, version FROM pages"))
            if kept.get("form") != str(FORM) or same * 2 < len(pages):
                return False
            _bring_up_to_date(file, generation, pages, passages, suspicions)
            return True
    except (OSError, sqlite3.DatabaseError):  # gone meanwhile, or spoiled: then it is no help
        return False


def _opened(path: Path) -> sqlite3.Connection:
    file = sqlite3.connect(path, isolation_level=None)
    # The file counts only when it is renamed: a stop on the way leaves one that nobody reads.
    file.execute("PRAGMA journal_mode = MEMORY")
    file.execute("PRAGMA synchronous = OFF")
    return file


def _bring_up_to_date(
    file: sqlite3.Connection, generation: str, pages: Mapping[str, str], passages: Passages, suspicions: Suspicions
) -> None:
    held = dict(file.execute("SELECT file, version FROM pages"))
    stale = sorted(name for name, version in held.items() if pages.get(name) != version)
    fresh = sorted(name for name, version in pages.items() if held.get(name) != version)
    file.execute("BEGIN")
    for name in stale:
        _remove(file, name)
    asked = fresh if held else None
    for passage in passages(asked) if fresh else ():
        _add(file, passage)
    for suspicion in suspicions(asked) if fresh else ():
        _doubt(file, suspicion, suspicion.quotes[0][0])
    file.executemany("INSERT INTO pages VALUES (?, ?)", [(name, pages[name]) for name in fresh])
    known = _learn(file)
    _across(file, known)
    told = {"form": str(FORM), "generation": generation}
    file.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", told.items())
    file.execute("COMMIT")
    file.execute("ANALYZE")


def _remove(file: sqlite3.Connection, name: str) -> None:
    """Takes the page out; the word tables keep no text, so they are told what was in them."""
    claims = file.execute("SELECT id, subject, metric FROM claims WHERE file = ?", (name,)).fetchall()
    gone = ((one, words(subject), words(metric)) for one, subject, metric in claims)
    file.executemany("INSERT INTO claim_words (claim_words, rowid, subject, metric) VALUES ('delete', ?, ?, ?)", gone)
    told = "SELECT id, text FROM sentences WHERE file = ? AND id IN (SELECT sentence FROM claims)"
    spoken = file.execute(told, (name,)).fetchall()
    file.executemany(
        "INSERT INTO sentence_words (sentence_words, rowid, text) VALUES ('delete', ?, ?)",
        ((one, words(text)) for one, text in spoken),
    )
    file.execute("DELETE FROM claims WHERE file = ?", (name,))
    file.execute("DELETE FROM sentences WHERE file = ?", (name,))
    file.execute("DELETE FROM pages WHERE file = ?", (name,))
    _undoubt(file, name)


def _undoubt(file: sqlite3.Connection, name: str) -> None:
    file.execute("DELETE FROM doubted WHERE suspicion IN (SELECT id FROM suspicions WHERE file = ?)", (name,))
    file.execute("DELETE FROM suspicions WHERE file = ?", (name,))


def _add(file: sqlite3.Connection, passage: Passage) -> None:
    for row, claims in of_passage(passage):
        sentence = file.execute(
            "INSERT INTO sentences (file, story, paper, date, headline, text) VALUES (?, ?, ?, ?, ?, ?)", row
        ).lastrowid
        if claims:
            file.execute("INSERT INTO sentence_words (rowid, text) VALUES (?, ?)", (sentence, words(row[-1])))
        for claim in claims:
            added = file.execute(
                f"INSERT INTO claims VALUES (NULL, ?, {', '.join('?' * len(claim))})", (sentence, *claim)
            ).lastrowid
            subject, metric = claim[11:13]
            file.execute(
                "INSERT INTO claim_words (rowid, subject, metric) VALUES (?, ?, ?)",
                (added, words(subject), words(metric)),
            )


def _doubt(file: sqlite3.Connection, suspicion: Suspicion, page: str) -> None:
    row = (page, suspicion.kind, stored_form.dump((suspicion,)))
    added = file.execute("INSERT INTO suspicions (file, kind, whole) VALUES (?, ?, ?)", row).lastrowid
    for witness, claims in enumerate((suspicion.claims, suspicion.witnesses)):
        file.executemany(
            "INSERT INTO doubted VALUES (?, ?, ?, ?, ?)",
            ((added, one.passage_id, one.figure.start, one.figure.end, witness) for one in claims),
        )


def _learn(file: sqlite3.Connection) -> Aliases:
    """The names of all pages, and the key of each subject."""
    texts = "SELECT text FROM sentences UNION SELECT headline FROM sentences UNION SELECT subject FROM claims"
    known = names.learn([text for (text,) in file.execute(texts)])
    for table in ("names", "proposed", "subjects"):
        file.execute(f"DELETE FROM {table}")
    every = {**known.kinds, **dict.fromkeys(known.names)}
    rows = ((name, known.names.get(name), known.kinds.get(name)) for name in every)
    file.executemany("INSERT INTO names VALUES (?, ?, ?)", rows)
    file.executemany("INSERT INTO proposed VALUES (?, ?, ?)", ((p.name, p.other, p.reason) for p in known.proposed))
    told = [name for (name,) in file.execute("SELECT DISTINCT subject FROM claims")]
    subjects = Subjects(told, known)
    file.executemany("INSERT INTO subjects VALUES (?, ?)", ((name, subjects.key(name)) for name in told))
    return known


def _across(file: sqlite3.Connection, known: Aliases) -> None:
    """The suspicions between pages, without those that a page raised of itself."""
    _undoubt(file, _ACROSS)
    own = {whole for (whole,) in file.execute("SELECT whole FROM suspicions")}
    for suspicion in ledger.across(_told(file), known):
        if stored_form.dump((suspicion,)) not in own:
            _doubt(file, suspicion, _ACROSS)


def _told(file: sqlite3.Connection) -> Iterator[Told]:
    rows = file.execute(f"SELECT {COLUMNS} FROM claims c JOIN sentences s ON s.id = c.sentence ORDER BY c.file, c.at")
    return map(to_told, rows)


def _on_disk(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
