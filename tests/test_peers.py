"""Other libraries beside Jushi: each gets the same passages and vectors, and ranks documents."""

from pathlib import Path

import pytest
from conftest import FakeEmbedder

from assistant.errors import SettingError
from assistant.records import Passage, Source, Span
from evals import peers

TEXTS = ("远山经开区2024年规上工业总产值98.6亿元。", "清水县今年前三季度新引进企业31家。", "煤矿停产一个月。")


def asked(name: str) -> peers.Rank:
    embedder = FakeEmbedder()
    known = [
        Passage(f"p{at}", f"s{at}", Source(f"{at}.md"), text, (Span(0, 0, len(text)),)) for at, text in enumerate(TEXTS)
    ]
    for told, rank in peers.peers(known, TEXTS, embedder.passages(TEXTS), embedder, 3):
        if told == name:
            return rank
    raise AssertionError(name)


@pytest.mark.parametrize(
    ("library", "name"),
    [
        ("langchain_classic", "LangChain ensemble, pairs"),
        ("llama_index.retrievers.bm25", "LlamaIndex fusion, pairs"),
        ("haystack", "Haystack hybrid, pairs"),
    ],
)
def test_a_peer_ranks_documents(library: str, name: str) -> None:
    """The document that bears the question's pairs comes first; each document once."""
    for needed in ("langchain_classic", "langchain_chroma", "langchain_community", library):
        pytest.importorskip(needed, reason='needs pip install "jushi[benchmarks]"')
    if not library.startswith("langchain"):
        pytest.importorskip("llama_index.core", reason='needs pip install "jushi[benchmarks]"')
    found = asked(name)("清水县新引进企业多少家")
    assert found[0] == "1.md"
    assert len(found) == len(set(found))


def test_pairs_keep_numbers_whole() -> None:
    assert peers._cut("产值98.6亿元") == ["产值", "98.6", "亿元"]


def test_a_library_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(__import__("sys").modules, "langchain_chroma", None)
    with pytest.raises(SettingError, match=r"langchain_chroma: pip install"):
        asked("LangChain ensemble, pairs")
