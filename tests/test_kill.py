"""A run that is killed at any point, and run again, leaves the index that an unbroken run leaves."""

import multiprocessing
import random
import time
from pathlib import Path
from typing import Any

import pytest
from conftest import SEEDS, FakeEmbedder

from assistant.store import Store
from ingest import load

SIZE = 24  # tokens in a passage: small, so that Chroma writes its vectors' file in mid-run, as it does at 1,000 rows

# Processes are forked from a server that has imported everything, so that they are not killed while still importing.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["chromadb", "tiktoken", "conftest", "ingest.load"])


def job(pages: Path, data: Path, done: Any) -> None:
    embedder = FakeEmbedder()
    load.ingest([pages], lambda: Store.create(data, "fake"), lambda: embedder, folder=data, size=SIZE)
    done.set()


def corpus(folder: Path, pages: int) -> Path:
    """Some of the project's pages, each twice, with other figures the second time."""
    folder.mkdir()
    for path in sorted(SEEDS.glob("*.md"))[:pages]:
        text = path.read_text("utf-8")
        (folder / path.name).write_text(text, "utf-8")
        (folder / f"other-{path.name}").write_text(text.replace("3", "8"), "utf-8")
    return folder


def start(pages: Path, data: Path) -> tuple[Any, Any]:
    done = FORKS.Event()
    process = FORKS.Process(target=job, args=(pages, data, done))
    process.start()
    return process, done


def finish(pages: Path, data: Path) -> float:
    """Runs the job to its end, and returns how long it took."""
    began = time.perf_counter()
    process, done = start(pages, data)
    process.join()
    assert done.is_set()
    assert process.exitcode == 0
    return time.perf_counter() - began


def content(data: Path) -> dict[str, Any]:
    """All that the index holds: passages with claims, vectors, pages, suspicions, texts, the generation's name."""
    store = Store.open(data, "fake")
    try:
        rows = store.passage_rows.get(include=["embeddings", "metadatas", "documents"])
        passages = {passage.id: passage for passage in store.all()}
        vectors = dict(zip(rows["ids"], rows["embeddings"], strict=True))
        asked = {name: vectors[name] for name in sorted(vectors)[::20]}
        found = {name: store.nearest(vector, 1)[0][0].text for name, vector in asked.items()}
        return {
            "rows": sorted(rows["ids"]),
            "passages": passages,
            "vectors": {name: tuple(vector) for name, vector in vectors.items()},
            "nearest": found == {name: passages[name].text for name in found},
            "pages": store.pages(),
            "suspicions": store.suspicions(),
            "texts": {path.name: path.read_bytes() for path in (data / "sources").iterdir()},
            "generation": (store.generation(), store.number, store.count()),
            "lexical": sorted(path.name for path in (data / "lexical").iterdir()),
        }
    finally:
        store.close()


def killed_and_run_again(pages: Path, folder: Path, kills: int, seed: int) -> int:
    """Kills runs at random points, the same index up to three times, then runs to the end; how many were hit."""
    finish(pages, folder / "whole")
    took = finish(pages, folder / "again")
    expected = content(folder / "whole")
    assert content(folder / "again") == expected
    assert expected["nearest"]
    chance = random.Random(seed)
    tried = hit = 0
    while tried < kills:
        data = folder / f"killed-{tried}"
        for _ in range(chance.choice((1, 1, 2, 3))):  # what goes on may itself be cut off and gone on with
            process, done = start(pages, data)
            time.sleep(chance.uniform(0, took))
            process.kill()
            process.join()
            tried, hit = tried + 1, hit + (not done.is_set())
        finish(pages, data)
        assert content(data) == expected, f"kill {tried} of seed {seed}"
    return hit


@pytest.mark.slow
def test_a_killed_run_loses_nothing(tmp_path: Path) -> None:
    """Fifty random points: passages, vectors, claims, suspicions, texts and generation are those of an unbroken run."""
    assert killed_and_run_again(corpus(tmp_path / "pages", 5), tmp_path, kills=50, seed=2026) >= 30


def test_a_killed_run_loses_nothing_at_three_points(tmp_path: Path) -> None:
    """The same in short."""
    assert killed_and_run_again(corpus(tmp_path / "pages", 1), tmp_path, kills=3, seed=11) >= 1
