"""A cross-encoder's name in, how well each passage answers a question out: read together, not as vectors apart.

None comes with Jushi. ``JUSHI_RERANKER`` names one that sentence-transformers loads, or the folder of one.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from assistant import embed
from assistant.errors import EmbedderError

_LONGEST: Final = 512  # tokens of a question and a passage together


class CrossEncoder:
    """Any cross-encoder of sentence-transformers that gives one score."""

    def __init__(self, name: str, threads: int = 0) -> None:
        """Raises EmbedderError where it cannot be loaded, or gives several scores to a pair."""
        self.name = name
        otherwise = "Give the folder of a downloaded cross-encoder, or leave JUSHI_RERANKER empty."
        self._model = embed.transformer(
            "CrossEncoder", name, threads, what="reranker", otherwise=otherwise, max_length=_LONGEST
        )
        if self._model.num_labels != 1:
            raise EmbedderError(
                f"{name!r} gives {self._model.num_labels} scores to a pair, so it is no reranker: one is wanted."
            )

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """How well each text answers the question, from 0 to 1."""
        pairs = [(question, text) for text in texts]
        return [float(score) for score in self._model.predict(pairs, show_progress_bar=False)] if pairs else []


@lru_cache(maxsize=1)
def load(name: str, threads: int = 0) -> CrossEncoder | None:
    """The cross-encoder of that name, or None where none is named; it is loaded once."""
    return CrossEncoder(name, threads) if name else None
