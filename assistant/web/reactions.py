"""What readers think of answers in, a file out: ``reactions.jsonl`` in the index's folder, a line each.

A line holds the question with what was asked before it, the answer as it was given, its cited sentences, the model, the
generation, and whether it was right, with the reader's reason. ``jushi evals draft --reactions`` proposes gold items.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Final

from assistant.errors import JushiError, StoreError
from assistant.records import Answer

FILE: Final = "reactions.jsonl"
LONGEST_REASON: Final = 500  # characters
_LARGEST: Final = 64 << 20  # bytes: some 30,000 reactions; a flood of them must not fill the disk


class Reactions:
    """The file of one index's reactions; safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._lock = Lock()

    def add(
        self,
        answer: Answer,
        right: bool,
        reason: str,
        generation: str,
        history: Sequence[tuple[str, str]] = (),
    ) -> None:
        """Keep one; ``history`` are the turns that the question goes on from.

        Raises StoreError where the file cannot be written, JushiError where it is full.
        """
        told = {
            "time": datetime.now(UTC).isoformat("T", "seconds"),
            "right": right,
            "reason": reason.strip()[:LONGEST_REASON],
            "question": answer.question,
            "history": [list(turn) for turn in history],
            "text": answer.text,
            "declined": answer.declined,
            "model": answer.model,
            "generation": generation,
            "citations": [
                {"file": one.source.file, "start": one.start, "end": one.end, "quote": one.quote, "key": one.key}
                for one in answer.citations
            ],
            "figures": [one.figure.text for one in answer.checks],
        }
        with self._lock:
            try:
                if self._path.exists() and self._path.stat().st_size > _LARGEST:
                    raise JushiError(f"{self._path} 已满，请先移走。（It is full.）")
                with self._path.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(told, ensure_ascii=True) + "\n")
            except OSError as error:
                raise StoreError(f"{self._path} cannot be written: {error.strerror}.") from error
