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
            from tokenizers import Tokenizer

            options = onnxruntime.SessionOptions()
            # Each text is read by one thread, several texts by several: nothing waits at barriers, nothing spins.
            options.intra_op_num_threads = options.inter_op_num_threads = 1
            # Beyond BASIC, ONNX Runtime would join addition and normalisation to the node that assistant.graph avoids.
            options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
            self._tokenizer: Any = Tokenizer.from_file(str(folder / convert.TOKENIZER))
            path = str(folder / convert.ONNX)
            self._session: Any = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # both libraries raise bare exceptions of their own
            raise EmbedderError(
                f"The embedder in {folder} cannot be loaded: {str(error).splitlines()[0]} "
                "Delete that folder: it is made anew at the next start."
            ) from error
        self._threads = threads or os.cpu_count() or 1
        self._pool = ThreadPoolExecutor(self._threads, "embed")
        self._begin, *_, self._end = self._tokenizer.encode("").ids

    @property
    def dimension(self) -> int:
        return int(self._session.get_outputs()[1].shape[1])

    def passages(self, texts: Sequence[str]) -> "Vectors":
        import numpy as np

        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        prompt = convert.PROMPTS["document"]
        encoded = self._tokenizer.encode_batch([prompt + text for text in texts], add_special_tokens=False)
        # The longest first, so that no thread begins a long text when the others are done.
        order = sorted(range(len(texts)), key=lambda at: -len(encoded[at].ids))
        found = np.empty((len(texts), self.dimension), np.float32)
        for at, vector in zip(order, self._pool.map(lambda at: self._vector(encoded[at].ids), order), strict=True):
            found[at] = vector
        return found

    def question(self, text: str) -> "Vectors":
        encoded = self._tokenizer.encode(convert.PROMPTS["query"] + text, add_special_tokens=False)
        return self._vector(encoded.ids)

    def _vector(self, numbers: list[int]) -> "Vectors":
        """The unit vector of one text; a text longer than the network reads is the weighted mean of its windows."""
        import numpy as np

        total = np.zeros(self.dimension, np.float32)
        for at in range(0, max(len(numbers), 1), WINDOW):
            window = numbers[at : at + WINDOW]
            given = np.array([[self._begin, *window, self._end]], np.int64)
            (mean,) = self._session.run([graph.MEAN], {graph.INPUT: given})
            total += mean[0] * max(len(window), 1)
        return np.asarray(total / np.linalg.norm(total), np.float32)


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
                'Give the folder of a downloaded model, or use JUSHI_EMBEDDER="e5-small".'
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
