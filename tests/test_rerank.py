"""A cross-encoder that a folder holds reads the first hits anew."""

from pathlib import Path

import pytest
from conftest import LANTING, QINGHE

from assistant import rerank, settings
from assistant.ask import Assistant
from assistant.errors import EmbedderError
from ingest.__main__ import main as ingest

pytestmark = pytest.mark.slow


def made(folder: Path, labels: int = 1) -> Path:
    """A cross-encoder of two small layers with random weights, as a folder that transformers wrote."""
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")

    torch.manual_seed(7)
    letters = sorted({letter for letter in QINGHE + LANTING if not letter.isspace()})
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters]
    folder.mkdir()
    (folder / "vocab.txt").write_text("\n".join(words), "utf-8")
    transformers.BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    config = transformers.BertConfig(
        vocab_size=len(words),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        num_labels=labels,
    )
    transformers.BertForSequenceClassification(config).save_pretrained(folder)
    return folder


def test_the_first_hits_are_in_its_order(tmp_path: Path) -> None:
    """Each hit tells the score that it was given, from 0 to 1, and they stand by it; without the setting none does."""
    model = made(tmp_path / "model")
    pages = tmp_path / "pages"
    pages.mkdir()
    for name, text in (("qinghe.md", QINGHE), ("lanting-2025-04-02.txt", LANTING)):
        (pages / name).write_text(text, "utf-8")
    data = tmp_path / "data"
    assert ingest([str(pages), "--data", str(data)]) == 0
    given = {"data": str(data), "model": "none"}
    question = "兰亭开发区2024年规上工业总产值是多少？"

    plain = Assistant.open(settings.load(given))
    try:
        assert all("rerank" not in dict(hit.parts) for hit in plain.search(question, 6))
    finally:
        plain.close()
    reading = Assistant.open(settings.load({**given, "reranker": str(model)}))
    try:
        hits = reading.search(question, 6)
        scores = [dict(hit.parts)["rerank"] for hit in hits]
        assert len(scores) > 1
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= score <= 1 for score in scores)
        assert scores == pytest.approx(
            rerank.CrossEncoder(str(model)).scores(
                question, [f"{hit.passage.source.title}\n{hit.passage.text}".strip() for hit in hits]
            ),
            abs=1e-5,
        )
        assert reading.ask(question).citations
    finally:
        reading.close()


def test_what_is_no_reranker_is_told(tmp_path: Path) -> None:
    """A folder without a model, a name that no hub can be asked for, a model of two scores: the next step is said."""
    with pytest.raises(EmbedderError, match="JUSHI_RERANKER"):
        rerank.CrossEncoder(str(tmp_path))
    with pytest.raises(EmbedderError, match="2 scores"):
        rerank.CrossEncoder(str(made(tmp_path / "two", labels=2)))
    assert rerank.load("") is None
