"""The benchmark of latency: what it copies is found by what really answers, at every stage it names."""

from pathlib import Path

import numpy as np
import pytest
from conftest import FakeEmbedder

from assistant import embed, settings
from assistant.records import Passage, Source, Span
from assistant.store import Store
from evals.benchmarks import latency

TEXTS = ("远山经开区2024年规上工业总产值98.6亿元。", "清水县今年前三季度新引进企业31家。", "一条线明年开工。")


def known() -> list[Passage]:
    return [
        Passage(f"p{at}", f"s{at}", Source(f"{at}.md", f"第{at}篇"), text, (Span(0, 0, len(text)),))
        for at, text in enumerate(TEXTS)
    ]


def test_an_index_grown_by_copies_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every copy is a passage of its own, and each stage of a question takes time."""
    embedder = FakeEmbedder()
    monkeypatch.setattr(embed, "load", lambda *_: embedder)
    vectors = embedder.passages(TEXTS)
    folder = tmp_path / "data"
    latency.grown(known(), np.asarray(vectors), 40, folder, embedder.name)
    store = Store.open(folder, embedder.name)
    assert store.count() == 40
    assert len({passage.text for passage in store.all()}) > len(TEXTS)  # other digits
    store.close()
    cost = latency.asked(
        folder, ["远山经开区的总产值是多少？", "引进了多少家企业？"], settings.load({"embedder": embedder.name})
    )
    assert {f"{stage}, ms, median" for stage in latency._STAGES} < cost.keys()
    assert all(value > 0 for value in cost.values())


def test_the_table_has_a_column_a_size() -> None:
    told = latency.table(
        {10: {"retrieve, ms, median": 1.25, "disk, MB": 3.4}, 2000: {"retrieve, ms, median": 2, "disk, MB": 9}}
    )
    assert told.splitlines()[0] == "| | 10 | 2,000 |"
    assert "| retrieve, ms, median | 1.2 | 2.0 |" in told
    assert "| disk, MB | 3 | 9 |" in told


def test_without_questions_it_says_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    assert latency.main([]) == 2
    assert "--questions" in capsys.readouterr().err
