"""Passages and questions in, unit vectors out: float32 arrays of shape (texts, dimension).

``e5-small`` is multilingual-e5-small, run by ONNX Runtime from a folder that is made at first use (assistant.convert);
any other name is a sentence-transformers model, by hub name or folder, used with the query and document prompts that
it declares.
"""

import os
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from assistant import convert, graph, models
from assistant.download import Progress, Tell
from assistant.errors import EmbedderError, ModelError
from assistant.settings import models_folder
from assistant.unigram import Unigram

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

BUNDLED = "e5-small"
WINDOW = 510  # tokens that the network reads at once, without <s> and </s>


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


def load(name: str, threads: int = 0, folder: Path | None = None, progress: "Tell | None" = None) -> Embedder:
    """The embedder of that name; raises EmbedderError where it is not installed, not found, or cannot be fetched.

    ``folder`` is that of downloaded models, where the bundled one is made at first use, told to ``progress`` or in a
    line on stderr; ``threads`` is how many texts are read at the same time, 0 for all cores.
    """
    if name != BUNDLED:
        return _SentenceTransformer(name, threads)
    try:
        made = models.pull(BUNDLED, folder or models_folder(), progress=progress or _say)
    except ModelError as error:
        raise EmbedderError(
            f"{error}\nOr name the folder of a sentence-transformers model: JUSHI_EMBEDDER=FOLDER."
        ) from error
    return _Bundled(made, threads)


def _say(at: Progress) -> None:
    if at.note:
        print(at.note, file=sys.stderr)


class _Bundled:
    """multilingual-e5-small by ONNX Runtime; safe to use from several threads."""

    name = BUNDLED

    def __init__(self, folder: Path, threads: int) -> None:
        try:
            import onnxruntime

            options = onnxruntime.SessionOptions()
            # One thread reads a text, and several read several: none waits for another, so none spins when other
            # programs use the cores. With two threads to a text, a question took as long (median 9.1 and 9.8 ms beside
            # eight busy programs).
            options.intra_op_num_threads = options.inter_op_num_threads = 1
            # Beyond BASIC, ONNX Runtime may join what assistant.graph keeps apart, and takes longer to load.
            options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
            self._vocabulary = Unigram(folder / convert.UNIGRAM)
            path = str(folder / convert.ONNX)
            self._session: Any = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # ONNX Runtime raises bare exceptions of its own
            raise EmbedderError(
                f"The embedder in {folder} cannot be loaded: {str(error).splitlines()[0]} "
                "Delete that folder: it is made anew at the next start."
            ) from error
        self.dimension = int(self._session.get_outputs()[0].shape[1])
        self._pool = ThreadPoolExecutor(threads or _cores(), "embed")

    def passages(self, texts: Sequence[str]) -> "Vectors":
        import numpy as np

        found = np.empty((len(texts), self.dimension), np.float32)
        # The longest first, so that no thread begins a long text when the others are done.
        order = sorted(range(len(texts)), key=lambda at: -len(texts[at]))
        read = self._pool.map(lambda at: self._vector(convert.PROMPTS["document"] + texts[at]), order)
        for at, vector in zip(order, read, strict=True):
            found[at] = vector
        return found

    def question(self, text: str) -> "Vectors":
        return self._vector(convert.PROMPTS["query"] + text)

    def _vector(self, text: str) -> "Vectors":
        """The unit vector of one text; a text longer than the network reads is the weighted mean of its windows."""
        import numpy as np

        numbers = self._vocabulary.numbers(text)
        total = np.zeros(self.dimension, np.float32)
        for at in range(0, len(numbers), WINDOW):
            window = numbers[at : at + WINDOW]
            given = np.array([[self._vocabulary.begin, *window, self._vocabulary.end]], np.int64)
            (mean,) = self._session.run([graph.MEAN], {graph.INPUT: given})
            total += mean[0] * len(window)
        return np.asarray(total / np.linalg.norm(total), np.float32)


def _cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def transformer(kind: str, name: str, threads: int, *, what: str, otherwise: str, **options: Any) -> Any:
    """The model of that name, or in that folder, as sentence-transformers' class ``kind``; 0 threads are all cores.

    Raises EmbedderError, which says ``what`` it was to be and what to do ``otherwise``, where it cannot be loaded.
    """
    try:
        import sentence_transformers
        import torch

        if threads:
            torch.set_num_threads(threads)
        # A folder is loaded as it is, without asking a hub for newer files.
        return getattr(sentence_transformers, kind)(name, local_files_only=Path(name).is_dir(), **options)
    except (ImportError, OSError, ValueError) as error:
        raise EmbedderError(
            f"The {what} {name!r} cannot be loaded: {str(error).splitlines()[0]} {otherwise}"
        ) from error


class _SentenceTransformer:
    """Any sentence-transformers model."""

    def __init__(self, name: str, threads: int) -> None:
        self.name = name
        otherwise = 'Give the folder of a downloaded model, or use JUSHI_EMBEDDER="e5-small".'
        self._model = transformer("SentenceTransformer", name, threads, what="embedder", otherwise=otherwise)

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
