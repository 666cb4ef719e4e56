"""The job: nothing is embedded twice, nothing is lost by a stop, and bad input changes nothing."""

from pathlib import Path

import pytest
from conftest import PAGES, QINGHE, FakeEmbedder, both_kinds, ingest, texts_kept
from printed_pages import Item, chinese_font, pdf, picture, two_columns

from assistant.errors import IndexMissing, SourceError
from assistant.records import Passage
from assistant.store import Store
from ingest import batches
from ingest.engines import Local
from ingest.readers import RawText, worker
from ingest.tally import Progress

pytestmark = both_kinds


def kept(data: Path) -> dict[str, Passage]:
    store = Store.open(data, "fake")
    try:
        return {passage.id: passage for passage in store.all()}
    finally:
        store.close()


def generation(data: Path) -> str:
    store = Store.open(data, "fake")
    try:
        return store.generation()
    finally:
        store.close()


def stored(data: Path) -> list[str]:
    """The texts of all rows, whichever generation they stand in."""
    store = Store.open(data, "fake")
    try:
        return list(store.passage_rows.get(include=["documents"])["documents"])
    finally:
        store.close()


def snapshot(data: Path) -> dict[str, bytes]:
    return {str(path.relative_to(data)): path.read_bytes() for path in data.rglob("*") if path.is_file()}


def test_the_summary_counts_what_was_done(corpus: Path, tmp_path: Path, embedder: FakeEmbedder) -> None:
    """Files, stories, passages and figures are those of the index, and each passage was embedded once."""
    done = ingest(corpus, tmp_path / "data", embedder)
    passages = kept(tmp_path / "data")
    assert (done.files, done.unchanged, done.removed, done.skipped) == (len(PAGES), 0, 0, ())
    assert done.passages == done.embedded == len(passages) == len(embedder.texts)
    assert done.stories == len({passage.story_id for passage in passages.values()})
    assert done.figures == sum(len(passage.figures) for passage in passages.values()) > 10


def test_a_second_run_changes_and_embeds_nothing(corpus: Path, index: Path, embedder: FakeEmbedder) -> None:
    """Unchanged files are left alone: no text is embedded and the passages stay as they are."""
    before, named = kept(index), generation(index)
    done = ingest(corpus, index, embedder)
    assert (done.unchanged, done.embedded, done.removed, embedder.texts) == (len(PAGES), 0, 0, [])
    assert (kept(index), generation(index)) == (before, named)


def test_a_changed_file_replaces_only_its_own_passages(corpus: Path, index: Path, embedder: FakeEmbedder) -> None:
    """One changed sentence: one passage goes, one comes, and no other is embedded or lost."""
    before = kept(index)
    (corpus / "qinghe.md").write_bytes(QINGHE.replace("2400平方米", "2600平方米").encode())
    done = ingest(corpus, index, embedder)
    after = kept(index)
    assert (done.unchanged, done.embedded, done.removed) == (len(PAGES) - 1, 1, 1)
    assert not any("2400平方米" in passage.text for passage in after.values())
    assert any("2600平方米" in passage.text for passage in after.values())
    others = {identity for identity, passage in before.items() if passage.source.file != "qinghe.md"}
    assert all(after[identity] == before[identity] for identity in others)


def test_a_former_version_goes_when_the_next_but_one_answers(corpus: Path, index: Path, embedder: FakeEmbedder) -> None:
    """A question that began before a change finds what it began with; after one change more nothing of it is left."""
    for size, texts in ((2600, len(PAGES) + 1), (2700, len(PAGES) + 1), (2800, len(PAGES) + 1)):
        (corpus / "qinghe.md").write_bytes(QINGHE.replace("2400平方米", f"{size}平方米").encode())
        ingest(corpus, index, embedder)
        assert len(texts_kept(index)) == texts
        assert sum("平方米，可供" in text for text in stored(index)) == 2
        assert sum("平方米，可供" in passage.text for passage in kept(index).values()) == 1


def test_a_former_reader_goes_on_with_its_generation(corpus: Path, index: Path, embedder: FakeEmbedder) -> None:
    """A store that was open before a commit answers from what it opened, whole, until it is refreshed."""
    reader = Store.open(index, "fake")
    before = {passage.id: passage for passage in reader.all()}
    (corpus / "qinghe.md").write_bytes(QINGHE.replace("2400平方米", "2600平方米").encode())
    ingest(corpus, index, embedder)
    assert {passage.id: passage for passage in reader.all()} == before
    assert len(reader.nearest(embedder.question("食堂"), 100)) == len(before) == reader.count()
    assert reader.text("qinghe.md") == QINGHE
    assert reader.refresh()
    assert "2600平方米" in reader.text("qinghe.md")
    assert not reader.refresh()
    reader.close()


def test_text_inserted_above_moves_offsets_without_embedding(corpus: Path, index: Path, embedder: FakeEmbedder) -> None:
    """Passages that only moved are not embedded again, and their offsets point to where they are now."""
    new = "# 插在前面的新闻\n\n小溪上的桥修好了，长36米。\n\n# 青禾开发区：纺织"
    text = QINGHE.replace("# 青禾开发区：纺织", new)
    (corpus / "qinghe.md").write_bytes(text.encode())
    done = ingest(corpus, index, embedder)
    assert (done.embedded, done.removed) == (1, 0)
    assert len(embedder.texts) == 1
    assert "36米" in embedder.texts[0]
    for passage in kept(index).values():
        if passage.source.file == "qinghe.md":
            for span in passage.spans:
                assert text[span.start : span.end] == passage.text[span.at : span.at + span.end - span.start]


def test_another_passage_size_cuts_anew(corpus: Path, index: Path, embedder: FakeEmbedder) -> None:
    """The size belongs to the pipeline: with another one nothing of the former cut stays."""
    done = ingest(corpus, index, embedder, size=1000)
    assert done.unchanged == 0
    assert done.passages == len(kept(index))


@pytest.mark.parametrize("written", [0, 1, 2])
def test_an_interrupted_run_goes_on(
    corpus: Path, tmp_path: Path, written: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a stop in mid-file only the rest is embedded, and the index is that of an unbroken run."""
    monkeypatch.setattr(batches, "_BATCH", 2)
    monkeypatch.setattr(batches, "_WRITTEN", 2)
    whole = FakeEmbedder()
    ingest(corpus, tmp_path / "whole", whole, size=1)
    first, second = FakeEmbedder(fails_after=2 * written), FakeEmbedder()
    with pytest.raises(KeyboardInterrupt):
        ingest(corpus, tmp_path / "cut", first, size=1)
    with pytest.raises(IndexMissing, match="never finished"):
        Store.open(tmp_path / "cut", "fake")
    done = ingest(corpus, tmp_path / "cut", second, size=1)
    assert len(first.texts) == 2 * written
    assert len(first.texts) + len(second.texts) == len(whole.texts)
    assert not set(first.texts) & set(second.texts)
    assert done.embedded == len(second.texts)
    assert done.committed
    assert kept(tmp_path / "cut") == kept(tmp_path / "whole")
    assert generation(tmp_path / "cut") == generation(tmp_path / "whole")


def test_a_stop_while_a_file_is_replaced_loses_nothing(
    corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until the new version of a file is whole, its former passages are found, and no others."""
    monkeypatch.setattr(batches, "_BATCH", 1)
    monkeypatch.setattr(batches, "_WRITTEN", 1)
    before = kept(index)
    (corpus / "qinghe.md").write_bytes(QINGHE.replace("。", "！").encode())
    with pytest.raises(KeyboardInterrupt):
        ingest(corpus, index, FakeEmbedder(fails_after=1))
    assert kept(index) == before
    assert len(stored(index)) > len(before)
    ingest(corpus, index, FakeEmbedder())
    assert not any("。" in passage.text for passage in kept(index).values() if passage.source.file == "qinghe.md")


@pytest.mark.parametrize("data", [b"", b"\x89PNG\0\0\0" * 50], ids=["empty", "binary"])
def test_an_unreadable_file_among_good_ones_changes_nothing(
    corpus: Path, tmp_path: Path, embedder: FakeEmbedder, data: bytes
) -> None:
    """Bad input is found before anything is written: no index is made, nothing is embedded, the file is named."""
    (corpus / "bad.txt").write_bytes(data)
    with pytest.raises(SourceError, match=r"bad\.txt") as raised:
        ingest(corpus, tmp_path / "data", embedder)
    assert "--skip-unreadable" in str(raised.value)
    assert not (tmp_path / "data").exists()
    assert embedder.texts == []


def test_an_unreadable_file_leaves_an_index_as_it_was(corpus: Path, index: Path, embedder: FakeEmbedder) -> None:
    """Not even the changed good files are taken over while a bad one stands beside them."""
    before = snapshot(index)
    (corpus / "qinghe.md").write_bytes(QINGHE.replace("52.36", "53.36").encode())
    (corpus / "bad.txt").write_bytes(b"")
    with pytest.raises(SourceError):
        ingest(corpus, index, embedder)
    assert snapshot(index) == before


def test_unreadable_files_can_be_skipped(corpus: Path, tmp_path: Path, embedder: FakeEmbedder) -> None:
    """With skip_unreadable the good ones go in and the bad one is named in the summary."""
    (corpus / "bad.txt").write_bytes(b"")
    done = ingest(corpus, tmp_path / "data", embedder, skip_unreadable=True)
    assert done.files == len(PAGES)
    assert len(done.skipped) == 1
    assert "bad.txt" in done.skipped[0]
    assert set(store_files(tmp_path / "data")) == set(PAGES)


def test_only_unreadable_files_are_an_error_all_the_same(tmp_path: Path, embedder: FakeEmbedder) -> None:
    """Skipping everything is no success."""
    (tmp_path / "bad.txt").write_bytes(b"")
    with pytest.raises(SourceError, match=r"bad\.txt"):
        ingest(tmp_path, tmp_path / "data", embedder, skip_unreadable=True)


def test_pages_of_another_run_stay(corpus: Path, index: Path, tmp_path: Path, embedder: FakeEmbedder) -> None:
    """Ingesting one folder does not take away what came from another."""
    other = tmp_path / "other"
    other.mkdir()
    (other / "xinye.md").write_text("# 新野的桥\n\n桥长36米。", "utf-8")
    ingest(other, index, embedder)
    assert set(store_files(index)) == {*PAGES, "xinye.md"}


def test_workers_make_the_same_index(corpus: Path, tmp_path: Path, embedder: FakeEmbedder) -> None:
    """Read by two processes, the passages, their order of embedding and the generation are those of one."""
    ingest(corpus, tmp_path / "one", embedder)
    second = FakeEmbedder()
    done = ingest(corpus, tmp_path / "two", second, engine=Local(2))
    assert second.texts == embedder.texts
    assert kept(tmp_path / "two") == kept(tmp_path / "one")
    assert generation(tmp_path / "two") == generation(tmp_path / "one")
    assert done.seconds["total"] >= done.seconds["embed"]


def test_an_unreadable_file_is_told_by_workers_too(corpus: Path, tmp_path: Path, embedder: FakeEmbedder) -> None:
    """An error in another process reaches the caller, and nothing is written."""
    (corpus / "bad.txt").write_bytes(b"")
    with pytest.raises(SourceError, match=r"bad\.txt"):
        ingest(corpus, tmp_path / "data", embedder, engine=Local(2))
    assert not (tmp_path / "data").exists()


def test_passages_carry_the_claims_of_their_figures(index: Path) -> None:
    """Each figure has its claim, in order, with the passage's id; whose and when are told by the story around."""
    for passage in kept(index).values():
        assert tuple(claim.figure for claim in passage.claims) == passage.figures
        assert {claim.passage_id for claim in passage.claims} <= {passage.id}
    told = {claim.figure.text: claim for passage in kept(index).values() for claim in passage.claims}
    assert (told["突破52.36亿元"].subject, told["突破52.36亿元"].period.label) == ("青禾开发区", "2024年")


def test_suspicions_are_found_when_a_page_is_read(corpus: Path, tmp_path: Path, embedder: FakeEmbedder) -> None:
    """A figure that cannot be right is kept as printed, with the doubt beside it, in the index."""
    (corpus / "plant.md").write_text("# 铝厂扩产\n\n青禾铝厂电解铝产能从145万吨提升至20万吨。\n", "utf-8")
    done = ingest(corpus, tmp_path / "data", embedder)
    store = Store.open(tmp_path / "data", "fake")
    (doubt,) = [one for one in store.suspicions() if one.kind == "direction"]
    assert done.suspicions >= 1
    assert all("145万吨" in quote for _, quote in doubt.quotes)
    passages = store.get([claim.passage_id for claim in doubt.claims])
    for claim in doubt.claims:
        assert passages[claim.passage_id].text[claim.figure.start : claim.figure.end] == claim.figure.text
    store.close()


def test_a_pdfs_passages_tell_their_page_and_it_is_read_once(
    tmp_path: Path, embedder: FakeEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The printed page reaches the passage; what was read is kept until the file is gone or another."""
    corpus, data = tmp_path / "corpus", tmp_path / "data"
    corpus.mkdir()
    second = [Item(item.x, item.y, item.size, item.text.replace("青禾", "兰亭")) for item in two_columns()]
    (corpus / "issue.pdf").write_bytes(pdf([two_columns(), second]))
    ran: list[Path] = []
    read = worker.read

    def counted(path: Path, kind: str) -> RawText:
        ran.append(path)
        return read(path, kind)

    monkeypatch.setattr(worker, "read", counted)
    ingest(corpus, data, embedder)
    assert len(ran) == 1
    places = {(passage.source.page, passage.source.headline[:2]) for passage in kept(data).values()}
    assert places == {(1, "青禾"), (2, "兰亭")}
    assert {passage.confidence for passage in kept(data).values()} == {None}
    assert len(list((data / "readings").iterdir())) == 1
    (corpus / "issue.pdf").unlink()
    (corpus / "bridge.md").write_text("# 桥\n\n桥长36米。", "utf-8")
    ingest(corpus, data, embedder, mirror=True)
    assert list((data / "readings").iterdir()) == []


@pytest.mark.slow
@pytest.mark.skipif(chinese_font() is None, reason="no Chinese font: apt-get install fonts-noto-cjk")
def test_a_scans_passages_tell_how_surely_they_were_read(tmp_path: Path, embedder: FakeEmbedder) -> None:
    """The least sure line of a passage is its confidence."""
    pytest.importorskip("rapidocr", reason='needs pip install "jushi[ocr]"')
    font = chinese_font()
    assert font is not None
    picture(two_columns(), font).save(tmp_path / "page.png")
    ingest(tmp_path / "page.png", tmp_path / "data", embedder)
    sure = [passage.confidence for passage in kept(tmp_path / "data").values()]
    assert all(one is not None and 0.5 < one <= 1 for one in sure)


def test_progress_runs_to_its_total(corpus: Path, tmp_path: Path, embedder: FakeEmbedder) -> None:
    """The bar never goes back and ends full."""
    seen: list[Progress] = []
    ingest(corpus, tmp_path / "data", embedder, progress=seen.append)
    done = [moment.done for moment in seen]
    assert done == sorted(done)
    assert done[-1] == seen[-1].total == sum(path.stat().st_size for path in corpus.iterdir())


def store_files(data: Path) -> list[str]:
    store = Store.open(data, "fake")
    try:
        return list(store.pages())
    finally:
        store.close()
