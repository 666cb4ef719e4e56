"""Writing: one writer at a time, nothing seen before it is whole, what left is forgotten, vectors kept by content."""

import multiprocessing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import PAGES, QINGHE, FakeEmbedder, both_kinds, derived, folder_only, ingest

from assistant.errors import SourceError, StoreBusy
from assistant.records import Page
from assistant.store import Store
from assistant.vector_cache import VectorCache
from assistant.writing import Writing
from ingest import load

pytestmark = both_kinds


def opened(data: Path) -> Store:
    return Store.open(data, "fake")


def generation(data: Path) -> tuple[str, int, int]:
    store = opened(data)
    try:
        return store.generation(), store.number, store.count()
    finally:
        store.close()


def cached(data: Path) -> int:
    cache = VectorCache(derived(data))
    try:
        return int(cache._rows.execute("SELECT count(*) FROM vectors").fetchone()[0])
    finally:
        cache.close()


def test_a_second_writer_is_told_who_holds_the_index(index: Path, corpus: Path) -> None:
    """Two writers never interleave: the second names the process of the first, and changes nothing."""
    before = generation(index)
    (corpus / "more.md").write_text("# 新\n新的一页，长36米。", "utf-8")
    store = opened(index)
    with Writing(store), pytest.raises(StoreBusy, match=r"process \d+ on .* since .*--wait"):
        ingest(corpus, index, FakeEmbedder())
    assert generation(index) == before
    ingest(corpus, index, FakeEmbedder())
    assert generation(index) != before
    store.close()


def _hold(data: Path, held: Any, let_go: Any) -> None:
    with Writing(Store.open(data, "fake")):
        held.set()
        let_go.wait(30)


@folder_only
def test_a_second_writer_may_wait(index: Path, corpus: Path) -> None:
    """With ``wait`` the second process writes when the first has ended."""
    forks = multiprocessing.get_context("spawn")
    held, let_go = forks.Event(), forks.Event()
    first = forks.Process(target=_hold, args=(index, held, let_go))
    first.start()
    assert held.wait(60)
    with pytest.raises(StoreBusy):
        ingest(corpus, index, FakeEmbedder())
    let_go.set()
    (corpus / "more.md").write_text("# 新\n新的一页，长36米。", "utf-8")
    assert ingest(corpus, index, FakeEmbedder(), wait=True).committed
    first.join()


def test_a_sealed_page_is_unseen_until_it_is_committed(tmp_path: Path) -> None:
    """A writer that ends without a commit leaves the generation that answered."""
    store = Store.create(tmp_path, "fake")
    with Writing(store) as writing:
        writing.seal("k", Page("p1", "a.md", "正文"), {"passages": 0}, ())
    assert (store.number, store.pages(), store.generation()) == (0, {}, "")
    with Writing(store) as writing:
        assert writing.sealed("a.md", "k") is not None
        assert writing.commit()
    assert (store.number, list(store.pages())) == (1, ["a.md"])
    store.close()


def test_what_a_stopped_run_put_and_the_next_does_not_want_goes(corpus: Path, tmp_path: Path) -> None:
    """Pages half put by a run over other files are never committed by the next."""
    data = tmp_path / "data"
    other = tmp_path / "other"
    other.mkdir()
    (other / "bridge.md").write_text("# 桥\n\n桥长36米。", "utf-8")
    with pytest.raises(KeyboardInterrupt):
        ingest(corpus, data, FakeEmbedder(fails_after=0))
    ingest(other, data, FakeEmbedder())
    store = opened(data)
    assert list(store.pages()) == ["bridge.md"]
    assert {passage.source.file for passage in store.all()} == {"bridge.md"}
    assert len(store.passage_rows.get(include=[])["ids"]) == store.count()
    assert len(store.page_rows.get(include=[])["ids"]) == 1
    store.close()


def test_pages_are_taken_out_by_name(index: Path) -> None:
    """A page that is removed is found no more; a name that is not there is told with those that are."""
    with pytest.raises(SourceError, match=r"nowhere\.md.*qinghe\.md"):
        load.remove(["nowhere.md"], opened(index))
    done = load.remove(["qinghe.md"], opened(index))
    store = opened(index)
    assert done.removed > 0
    assert list(store.pages()) == [name for name in PAGES if name != "qinghe.md"]
    assert not any(passage.source.file == "qinghe.md" for passage in store.all())
    store.close()


def test_a_mirror_takes_out_what_is_not_there(corpus: Path, index: Path) -> None:
    """With ``mirror`` the index holds the pages of the folder and no others; without, those of others stay."""
    (corpus / "qinghe.md").unlink()
    ingest(corpus, index, FakeEmbedder())
    assert "qinghe.md" in opened(index).pages()
    ingest(corpus, index, FakeEmbedder(), mirror=True)
    assert "qinghe.md" not in opened(index).pages()


def test_vectors_of_a_page_that_is_gone_are_forgotten(corpus: Path, index: Path) -> None:
    """What was removed leaves no vector behind, once the generation after it answers."""
    all_of_them = cached(index)
    load.remove(["qinghe.md"], opened(index))
    (corpus / "qinghe.md").write_text("# 桥\n\n桥长36米。", "utf-8")
    ingest(corpus, index, FakeEmbedder())
    (corpus / "qinghe.md").write_text("# 桥\n\n桥长37米。", "utf-8")
    ingest(corpus, index, FakeEmbedder())
    assert cached(index) < all_of_them


def test_a_renamed_file_embeds_nothing(corpus: Path, index: Path) -> None:
    """Vectors are kept by what they were made of: a page under another name has them already."""
    (corpus / "qinghe.md").rename(corpus / "renamed.md")
    embedder = FakeEmbedder()
    done = ingest(corpus, index, embedder, mirror=True)
    assert (done.embedded, embedder.texts, done.committed) == (0, [], True)
    assert opened(index).text("renamed.md") == QINGHE


@pytest.mark.parametrize("spoiled", [b"", b"this is no database at all, not one page of it" * 40])
def test_a_spoiled_cache_costs_time_only(corpus: Path, index: Path, spoiled: bytes) -> None:
    """The cache is begun anew; the index goes on."""
    folder = derived(index)
    for path in folder.glob("vectors.sqlite*"):
        path.unlink()
    (folder / "vectors.sqlite").write_bytes(spoiled)
    (corpus / "more.md").write_text("# 新\n新的一页，长36米。", "utf-8")
    done = ingest(corpus, index, FakeEmbedder())
    assert (done.unchanged, done.embedded) == (len(PAGES), 1)


def test_vectors_come_back_as_they_were(tmp_path: Path) -> None:
    """Float32, bit for bit."""
    cache = VectorCache(tmp_path)
    vectors = np.random.default_rng(3).normal(size=(700, 5)).astype(np.float32)
    names = [f"v{at}" for at in range(700)]
    cache.put(names, vectors)
    cache.forget(names[:10])
    found = cache.get([*names, "absent"])
    assert sorted(found) == sorted(names[10:])
    assert all((found[name] == vectors[at]).all() for at, name in enumerate(names) if at >= 10)
    cache.close()


@folder_only
def test_a_commit_of_another_process_is_seen(index: Path, corpus: Path) -> None:
    """An open store goes on to what another process committed, vectors and all."""
    reader = opened(index)
    question = FakeEmbedder().question("新的一页，桥长36米")
    reader.nearest(question, 3)
    (corpus / "more.md").write_text("# 新\n新的一页，桥长36米。", "utf-8")
    other = multiprocessing.get_context("spawn").Process(target=_ingest, args=(corpus, index))
    other.start()
    other.join()
    assert other.exitcode == 0
    assert not any("桥长36米" in passage.text for passage, _ in reader.nearest(question, 3))
    assert reader.refresh()
    assert "桥长36米" in reader.nearest(question, 3)[0][0].text
    reader.close()


def _ingest(corpus: Path, data: Path) -> None:
    ingest(corpus, data, FakeEmbedder())
