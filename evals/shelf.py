"""Documents of a public set in, passages with their vectors out, in memory: what retrieval is measured over.

Vectors are kept in a folder by what they were made of, so that a second run embeds nothing.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from assistant import sentences, tokens
from assistant.embed import Embedder
from assistant.records import Passage, Source, Span
from evals.corpora import Document

if TYPE_CHECKING:
    from assistant.embed import Vectors

SIZE: Final = 300  # tokens of a passage at most: the setting's default
_KEPT: Final = 512  # texts whose vectors are kept in one file


class Shelf:
    """Passages with a unit vector each; what ``retrieve`` asks of a store."""

    def __init__(self, passages: Sequence[Passage], vectors: "Vectors") -> None:
        self.passages = tuple(passages)
        self._vectors = vectors
        self._by_id = {passage.id: passage for passage in passages}

    def nearest(self, vector: "Vectors", k: int, files: Collection[str] | None = None) -> list[tuple[Passage, float]]:
        """The ``k`` passages of highest cosine similarity, of these files or of all, best first."""
        import numpy as np

        scores = self._vectors @ vector
        if files is not None:
            kept = set(files)
            scores = np.where([passage.source.file in kept for passage in self.passages], scores, -np.inf)
        best = np.argpartition(-scores, min(k, len(scores)) - 1)[:k]
        best = best[np.lexsort((best, -scores[best]))]
        return [(self.passages[at], float(scores[at])) for at in best if np.isfinite(scores[at])]

    def get(self, ids: Sequence[str]) -> dict[str, Passage]:
        """The passages of the ids that there are."""
        return {identity: self._by_id[identity] for identity in ids if identity in self._by_id}

    def pages(self) -> Mapping[str, Mapping[str, Any]]:
        """No page has a record."""
        return {}


def passages(documents: Iterable[Document], size: int = SIZE) -> Iterator[Passage]:
    """Whole sentences packed up to ``size`` tokens; ``source.file`` is the document's id."""
    for document in documents:
        text, at = document.text, 0
        begin = used = 0
        runs = []
        for start, end in sentences.split(text):
            cost = tokens.count(text[start:end])
            if used and used + cost > size:
                runs.append((begin, at))
                begin, used = start, 0
            used, at = used + cost, end
        runs.append((begin, len(text)))
        for begin, end in runs:
            if words := text[begin:end].strip():
                span = Span(0, begin, begin + len(words))
                yield Passage(
                    f"{document.id}#{begin}", document.id, Source(document.id, document.title), words, (span,)
                )


def embedded(texts: Sequence[str], embedder: Embedder, cache: Path | None, told: Any = None) -> "Vectors":
    """A unit vector to each text; ``told`` is called with how many are done.

    What is embedded is kept in ``cache`` a part at a time, so that a run that was stopped goes on where it was.
    """
    import numpy as np

    parts = []
    for at in range(0, len(texts), _KEPT):
        parts.append(_part(texts[at : at + _KEPT], embedder, cache))
        if told:
            told(min(at + _KEPT, len(texts)))
    vectors: Vectors = np.concatenate(parts) if parts else np.zeros((0, embedder.dimension), np.float32)
    return vectors


def _part(texts: Sequence[str], embedder: Embedder, cache: Path | None) -> "Vectors":
    import numpy as np

    if cache is None:
        return embedder.passages(texts)
    name = hashlib.sha256("\0".join((embedder.name, *texts)).encode("utf-8", "replace")).hexdigest()[:24]
    kept = cache / f"{name}.npy"
    if kept.is_file():
        found: Vectors = np.load(kept)
        return found
    vectors = embedder.passages(texts)
    kept.parent.mkdir(parents=True, exist_ok=True)
    beside = kept.with_suffix(".new")
    with beside.open("wb") as file:
        np.save(file, vectors)
    beside.replace(kept)
    return vectors
