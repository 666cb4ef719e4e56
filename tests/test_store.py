"""The store: what goes in comes out, and an index that cannot be used says why."""

import hashlib
import shutil
import subprocess
import sys
import textwrap
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from conftest import PAGES, FakeEmbedder, both_kinds, folder_only, ingest

from assistant import figures
from assistant import store as store_module
from assistant.errors import IndexMismatch, IndexMissing, JushiError, StoreError
from assistant.records import Bound, Page, Passage, Source, Span
from assistant.store import Store
from assistant.writing import Writing

pytestmark = both_kinds


@folder_only
def test_a_page_is_sealed_in_a_fresh_process(tmp_path: Path) -> None:
    """A page and its passages can be written by the program as it is, without this folder's fakes."""
    script = """
        import sys
        from pathlib import Path
        from assistant.records import Page
        from assistant.store import Store
        from assistant.writing import Writing
        store = Store.create(Path(sys.argv[1]), "fake")
        with Writing(store) as writing:
            writing.seal("k", Page("p1", "a.md", "正文"), {"passages": 0}, ())
            writing.commit()
        print(store.text("a.md"))
    """
    ran = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert (ran.stdout.strip(), ran.returncode) == ("正文", 0), ran.stderr[-500:]


def test_figures_survive_the_round_trip(tmp_path: Path) -> None:
    """Value, unit, kind, bound and span of every figure come back as they went in, as Decimal and not as float."""
    text = "产值突破52.36亿元，增长7.8%，约240万把，不到三成，0.10000000000000000001吨，提高5个百分点，排第3。"
    found = figures.find(text)
    assert len({figure.bound for figure in found}) > 3
    source = Source("a.md", "标题", "青禾日报", "2025-03", "报头", "记者 林小满")
    passage = Passage("p", "s", source, text, (Span(0, 5, 15), Span(10, 20, 20 + len(text) - 10)), found)
    bare = Passage("q", "s", Source("b.md", page=3), "无数字", (Span(0, 0, 3),))
    store = Store.create(tmp_path, "fake")
    with Writing(store) as writing:
        writing.put(["k", "k"], [passage, bare], ["c", "d"], list(np.eye(2, 8, dtype=np.float32)))
        writing.seal("k", Page("p1", "a.md", text), {"passages": 2}, ())
        writing.commit()
    store.close()
    again = Store.open(tmp_path, "fake")
    kept = again.get(["p", "q", "none"])
    again.close()
    assert kept == {"p": passage, "q": bare}
    assert all(isinstance(figure.value, Decimal) and isinstance(figure.bound, Bound) for figure in kept["p"].figures)


def test_nearest_is_by_cosine_best_first(store: Store) -> None:
    """A passage's own vector finds it first, with similarity one; scores fall from there."""
    everything = list(store.all())
    one = everything[0]
    vector = FakeEmbedder().question(f"{one.source.headline}（{one.source.date}）\n{one.text}")
    found = store.nearest(vector, 100)
    assert found[0][0] == one
    assert found[0][1] == pytest.approx(1.0, abs=1e-4)
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
    assert len(found) == len(everything) == store.count()


@pytest.mark.parametrize("name", PAGES)
def test_a_pages_text_is_kept_whole(store: Store, name: str) -> None:
    """The text as read is in the index, line ends and all, and every passage's spans run over it."""
    text = store.text(name)
    assert text == PAGES[name]
    for passage in store.all():
        if passage.source.file == name:
            for span in passage.spans:
                assert text[span.start : span.end] == passage.text[span.at : span.at + span.end - span.start]


def test_a_text_with_every_line_end_is_kept(tmp_path: Path) -> None:
    """CRLF and lone CR come back as they were: offsets run over them."""
    text = "一\r\n二\r三\n四\u2028五"
    store = Store.create(tmp_path, "fake")
    with Writing(store) as writing:
        writing.seal("k", Page("p1", "a.md", text), {"passages": 0}, ())
        writing.commit()
    assert store.text("a.md") == text
    store.close()


def test_an_unknown_page_is_named(store: Store) -> None:
    """Asking for a page that is not there names it."""
    with pytest.raises(StoreError, match="nowhere"):
        store.text("nowhere.md")


def test_generation_names_the_set_of_pages(index: Path, corpus: Path, tmp_path: Path) -> None:
    """The same pages have the same generation in any folder; one page more or another text has another."""
    opened = Store.open(index, "fake")
    first = opened.generation()
    opened.close()
    ingest(corpus, tmp_path / "second", FakeEmbedder())
    second = Store.open(tmp_path / "second", "fake")
    assert second.generation() == first
    second.close()
    (corpus / "more.md").write_text("# 新\n新的一页。", "utf-8")
    ingest(corpus, tmp_path / "second", FakeEmbedder())
    second = Store.open(tmp_path / "second", "fake")
    assert second.generation() != first
    second.close()


@folder_only
@pytest.mark.parametrize("there", ["nothing", "a folder", "a file"])
def test_no_index_is_named_with_the_next_step(tmp_path: Path, there: str) -> None:
    """A folder without an index, or no folder, says where it looked and what to run."""
    if there == "a folder":
        (tmp_path / "data").mkdir()
    elif there == "a file":
        (tmp_path / "data").write_text("x", "utf-8")
    with pytest.raises(IndexMissing, match="jushi ingest") as raised:
        Store.open(tmp_path / "data", "fake")
    assert str(tmp_path / "data") in str(raised.value)


def test_another_embedders_index_is_refused(index: Path) -> None:
    """Vectors of two embedders are never mixed, neither in reading nor in writing."""
    for way in (Store.open, Store.create):
        with pytest.raises(IndexMismatch, match="fake") as raised:
            way(index, "other")
        assert "other" in str(raised.value)


def test_another_forms_index_is_refused(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An index of another version's form is not read as if it were this one's."""
    monkeypatch.setattr(store_module, "SCHEMA", store_module.SCHEMA + 1)
    with pytest.raises(IndexMismatch, match=r"form 2.*form 3"):
        Store.open(index, "fake")


@folder_only
@pytest.mark.parametrize("spoil", ["noise", "cut", "text", "empty"])
def test_a_corrupted_index_is_an_error_that_names_the_folder(index: Path, tmp_path: Path, spoil: str) -> None:
    """Whatever became of Chroma's file, the folder is named and no traceback of its libraries reaches the user."""
    data = Path(shutil.copytree(index, tmp_path / "spoiled"))
    path = data / "chroma" / "chroma.sqlite3"
    whole = path.read_bytes()
    spoiled = {
        "noise": hashlib.sha256(whole).digest() * 2000,
        "cut": whole[: len(whole) // 3],
        "text": b"this is no database",
        "empty": b"",
    }
    path.write_bytes(spoiled[spoil])
    script = """
        import sys
        from pathlib import Path
        from assistant.errors import JushiError
        from assistant.store import Store
        try:
            store = Store.open(Path(sys.argv[1]), "fake")
            print(store.count(), len(list(store.all())), store.generation())
        except JushiError as error:
            print(type(error).__name__, error)
    """
    ran = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), str(data)], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr[-400:]
    assert ran.stdout.startswith("IndexSpoiled")
    assert str(data) in ran.stdout


@folder_only
def test_a_folder_that_cannot_hold_an_index_is_named(tmp_path: Path) -> None:
    """A file where the folder should be is a StoreError."""
    (tmp_path / "data").write_text("a file", "utf-8")
    with pytest.raises(StoreError, match="data"):
        Store.create(tmp_path / "data", "fake")


@folder_only
def test_every_error_is_in_the_tree() -> None:
    """What the store raises on purpose, the command line shows as one line."""
    assert all(issubclass(error, JushiError) for error in (IndexMissing, IndexMismatch, StoreError))
