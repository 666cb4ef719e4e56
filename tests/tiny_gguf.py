"""A GGUF file of random weights out: a llama of one layer that loads in milliseconds and writes nonsense as fast.

Its vocabulary is the bytes, so it reads and writes any text; 是 and 否 are tokens of their own.
"""

import struct
from pathlib import Path
from typing import Any

import numpy as np

WIDTH, HEADS, INNER, CONTEXT = 64, 4, 128, 4096
_ALIGNED = 32
_UINT32, _FLOAT32, _STRING, _ARRAY, _INT32 = 4, 6, 8, 9, 5
_NORMAL, _UNKNOWN, _CONTROL, _BYTE = 1, 2, 3, 6
_TEMPLATE = "{% for message in messages %}{{ message['role'] }}: {{ message['content'] }}\n{% endfor %}assistant:"


def write(path: Path, seed: int = 0, layers: int = 1) -> Path:
    """Writes the model and returns its path."""
    words = [("<unk>", _UNKNOWN), ("<s>", _CONTROL), ("</s>", _CONTROL)]
    words += [(f"<0x{byte:02X}>", _BYTE) for byte in range(256)]
    words += [("是", _NORMAL), ("否", _NORMAL), ("▁", _NORMAL), ("好", _NORMAL)]
    facts: list[tuple[str, int, Any]] = [
        ("general.architecture", _STRING, "llama"),
        ("general.name", _STRING, "tiny"),
        ("llama.context_length", _UINT32, CONTEXT),
        ("llama.embedding_length", _UINT32, WIDTH),
        ("llama.block_count", _UINT32, layers),
        ("llama.feed_forward_length", _UINT32, INNER),
        ("llama.attention.head_count", _UINT32, HEADS),
        ("llama.rope.dimension_count", _UINT32, WIDTH // HEADS),
        ("llama.attention.layer_norm_rms_epsilon", _FLOAT32, 1e-5),
        ("tokenizer.ggml.model", _STRING, "llama"),
        ("tokenizer.ggml.tokens", _ARRAY, (_STRING, [word for word, _ in words])),
        ("tokenizer.ggml.scores", _ARRAY, (_FLOAT32, [0.0] * len(words))),
        ("tokenizer.ggml.token_type", _ARRAY, (_INT32, [kind for _, kind in words])),
        ("tokenizer.ggml.bos_token_id", _UINT32, 1),
        ("tokenizer.ggml.eos_token_id", _UINT32, 2),
        ("tokenizer.chat_template", _STRING, _TEMPLATE),
    ]
    random = np.random.default_rng(seed)
    shapes: dict[str, tuple[int, ...]] = {"token_embd.weight": (len(words), WIDTH), "output_norm.weight": (WIDTH,)}
    shapes["output.weight"] = (len(words), WIDTH)
    for layer in range(layers):
        square = dict.fromkeys(("attn_q", "attn_k", "attn_v", "attn_output"), (WIDTH, WIDTH))
        inner = {"ffn_gate": (INNER, WIDTH), "ffn_up": (INNER, WIDTH), "ffn_down": (WIDTH, INNER)}
        norms = {"attn_norm": (WIDTH,), "ffn_norm": (WIDTH,)}
        shapes.update({f"blk.{layer}.{name}.weight": shape for name, shape in {**square, **inner, **norms}.items()})
    tensors = {
        name: (np.ones(shape, np.float32) if len(shape) == 1 else random.normal(0, 0.2, shape).astype(np.float32))
        for name, shape in shapes.items()
    }
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(facts))
    for name, kind, value in facts:
        head += _text(name) + struct.pack("<I", kind) + _value(kind, value)
    at = 0
    for name, tensor in tensors.items():
        head += _text(name) + struct.pack("<I", tensor.ndim)
        head += b"".join(struct.pack("<Q", size) for size in reversed(tensor.shape)) + struct.pack("<IQ", 0, at)
        at += _padded(tensor.nbytes)
    with path.open("wb") as file:
        file.write(head + bytes(_padded(len(head)) - len(head)))
        for tensor in tensors.values():
            file.write(tensor.tobytes() + bytes(_padded(tensor.nbytes) - tensor.nbytes))
    return path


def _padded(size: int) -> int:
    return -(-size // _ALIGNED) * _ALIGNED


def _text(text: str) -> bytes:
    return struct.pack("<Q", len(text.encode())) + text.encode()


def _value(kind: int, value: Any) -> bytes:
    if kind == _STRING:
        return _text(value)
    if kind == _ARRAY:
        of, items = value
        return struct.pack("<IQ", of, len(items)) + b"".join(_value(of, item) for item in items)
    return struct.pack({_UINT32: "<I", _INT32: "<i", _FLOAT32: "<f"}[kind], value)
