"""A folder of public sets in, their documents and questions out: ``NAME/passages.jsonl`` and ``NAME/queries.jsonl``.

A document has ``id``, ``text`` and perhaps ``title`` and ``kind``; a question ``id``, ``question``, ``positive_ids``
and ``type``. Documents of kind ``counterfactual`` are false on purpose and no part of a corpus; a question counts where
a document answers it, and where more than one type is told, those named in ``COUNTED``.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from assistant.errors import SettingError

PLANTED: Final = "counterfactual"
# Types whose question names what it asks about and whose documents hold the answer: fincuge's ``generic`` questions
# (解除质押事件对应的主体有哪些？) fit any document of their kind, ``no_answer`` and ``unanswerable`` none.
COUNTED: Final[dict[str, frozenset[str]]] = {"fincuge_finqa": frozenset({"entity"})}
UNANSWERED: Final = frozenset({"no_answer", "unanswerable"})


@dataclass(frozen=True, slots=True)
class Document:
    """One article or paragraph of a set."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, the documents that answer it, and its type; ``right`` is empty where none does."""

    id: str
    question: str
    right: frozenset[str]
    kind: str


@dataclass(frozen=True, slots=True)
class Corpus:
    """One set: its documents, the questions that count, and those that no document answers."""

    name: str
    documents: tuple[Document, ...]
    questions: tuple[Asked, ...]
    unanswered: tuple[Asked, ...] = ()


def names(folder: Path) -> tuple[str, ...]:
    """The sets of the folder that have questions, sorted. Raises SettingError where there is none."""
    found = sorted(path.parent.name for path in folder.glob("*/queries.jsonl"))
    if not found:
        raise SettingError(f"{folder} has no sets: each is a folder with passages.jsonl and queries.jsonl.")
    return tuple(found)


def load(folder: Path, name: str) -> Corpus:
    """The set of that name. Raises SettingError, naming file and line, where it cannot be read."""
    documents = tuple(
        Document(row["id"], row.get("title", ""), row["text"])
        for row in _rows(folder / name / "passages.jsonl", ("id", "text"))
        if row.get("kind") != PLANTED
    )
    known = {document.id for document in documents}
    asked = tuple(
        Asked(row["id"], row["question"], frozenset(row["positive_ids"]) & known, row["type"])
        for row in _rows(folder / name / "queries.jsonl", ("id", "question", "positive_ids", "type"))
    )
    counted = COUNTED.get(name)
    return Corpus(
        name,
        documents,
        tuple(
            one for one in asked if one.right and one.kind not in UNANSWERED and (not counted or one.kind in counted)
        ),
        tuple(one for one in asked if one.kind in UNANSWERED),
    )


def _rows(path: Path, wanted: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    try:
        lines = path.read_text("utf-8").split("\n")  # a line separator within a text is no end
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(f"{path} cannot be read: {error}.") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise SettingError(f"{path}:{number} is not JSON: {error}.") from error
        if not isinstance(row, dict) or (missing := [name for name in wanted if name not in row]):
            raise SettingError(f"{path}:{number}: a record with {', '.join(wanted)} is wanted; missing: {missing}.")
        yield row
