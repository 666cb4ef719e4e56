"""Question in, passages by BM25 out: the word index beside the vectors, derived from the store, tied to its generation.

Chinese is indexed as character bigrams, Latin words and numbers whole, so 100.13 matches 100.13 and never 130.32.
"""

import json
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from assistant.records import Passage

_FOLDER = "lexical"
_FORM = 3  # raised when a text's terms or what is kept change, so that an index of the former form is built anew
# A date's 年, 月 and 日 go with their number: the pair 年规 of 2024年规上产值 is no word, and rare enough to mislead.
_TOKEN = re.compile(r"([0-9]+(?:[.,][0-9]+)*)[年月日]?|([a-z]+|[\u3400-\u9fff\uf900-\ufaff]+)")
# BM25's usual constants, those of the reference figures on the public sets.
_K1 = 1.5
_B = 0.75


def terms(text: str) -> list[str]:
    """The text's index terms, in order: 规上产值 → 规上, 上产, 产值."""
    found: list[str] = []
    for number, letters in _TOKEN.findall(unicodedata.normalize("NFKC", text).lower()):
        run = number or letters
        if run[0].isascii() or len(run) == 1:
            found.append(run)
        else:
            found.extend(run[at : at + 2] for at in range(len(run) - 1))
    return found


class Lexical:
    """A BM25 index; ``open`` loads it from its folder or builds it anew from the passages."""

    def __init__(self, engine: Any, ids: list[str], seen_in: dict[str, int]) -> None:
        self._engine = engine
        self._ids = ids
        self._seen_in = seen_in

    @classmethod
    def open(cls, folder: Path, generation: str, passages: Iterable[Passage]) -> "Lexical":
        """The word index of this generation; ``passages`` are read only where it has to be built."""
        import bm25s

        generation = f"{generation}-{_FORM}"
        kept = folder / _FOLDER / generation
        try:
            side = json.loads((kept / "side.json").read_text("utf-8"))
            return cls(bm25s.BM25.load(str(kept)), side["ids"], side["seen_in"])
        except (OSError, ValueError, KeyError, EOFError):  # absent, or cut short when it was written
            built = cls.build(passages)
        built._save(folder / _FOLDER, generation)
        return built

    @classmethod
    def build(cls, passages: Iterable[Passage]) -> "Lexical":
        """An index in memory."""
        import bm25s

        ids, texts = [], []
        seen_in: Counter[str] = Counter()
        for passage in passages:
            ids.append(passage.id)
            texts.append(terms(f"{passage.source.title}\n{passage.text}"))
            seen_in.update(set(texts[-1]))
        engine = bm25s.BM25(k1=_K1, b=_B)
        if texts:
            engine.index(texts, show_progress=False)
        return cls(engine, ids, dict(seen_in))

    def _save(self, parent: Path, generation: str) -> None:
        """Keeps the index for the next start; a folder that cannot be written only costs building it again."""
        import shutil

        if not self._ids:
            return
        beside = parent / f".{generation}"
        try:
            beside.mkdir(parents=True, exist_ok=True)
            self._engine.save(str(beside))
            side = json.dumps({"ids": self._ids, "seen_in": self._seen_in}, ensure_ascii=False)
            (beside / "side.json").write_text(side, "utf-8")
            for former in parent.iterdir():
                if former != beside:
                    shutil.rmtree(former)
            beside.replace(parent / generation)
        except OSError:
            shutil.rmtree(beside, ignore_errors=True)

    def nearest(self, text: str, k: int) -> list[tuple[str, float]]:
        """Up to ``k`` passage ids of highest BM25 score above zero, best first, with it."""
        words = terms(text)
        if not self._ids or not words:
            return []
        found, scores = self._engine.retrieve([words], k=min(k, len(self._ids)), show_progress=False)
        pairs = zip(found[0], scores[0], strict=True)
        return [(self._ids[int(at)], float(score)) for at, score in pairs if score > 0]

    def knows(self, term: str) -> bool:
        """Whether any passage bears the term."""
        return term in self._seen_in

    def weight(self, term: str) -> float:
        """Inverse document frequency of a term, as BM25 has it: rare terms weigh more."""
        seen = self._seen_in.get(term, 0)
        return math.log(1 + (len(self._ids) - seen + 0.5) / (seen + 0.5))
