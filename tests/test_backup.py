"""Backup and restore: what comes back is what was saved, to the letter, or nothing comes back."""

import json
import multiprocessing
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
from conftest import FakeEmbedder, ingest
from test_kill import content

from assistant import backup
from assistant.errors import IndexMissing, SourceError, StoreBusy, StoreError
from assistant.store import Store
from assistant.writing import Writing


def test_what_was_saved_comes_back(index: Path, tmp_path: Path) -> None:
    """Passages, vectors, claims, texts and generation; the hash that is told is the file's, both times."""
    saved = backup.backup(index, tmp_path / "index.zip")
    again = backup.restore(tmp_path / "index.zip", tmp_path / "again")
    assert content(tmp_path / "again") == content(index)
    assert (again.sha256, again.files, again.bytes, again.state) == (
        saved.sha256,
        saved.files,
        saved.bytes,
        saved.state,
    )
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == []


def test_the_restored_index_goes_on(index: Path, corpus: Path, tmp_path: Path) -> None:
    """It is read into as before, and embeds nothing that it had."""
    backup.backup(index, tmp_path / "index.zip")
    backup.restore(tmp_path / "index.zip", tmp_path / "again")
    embedder = FakeEmbedder()
    done = ingest(corpus, tmp_path / "again", embedder)
    assert (done.committed, embedder.texts) == (False, [])


def test_an_index_is_not_saved_while_it_is_written(index: Path, tmp_path: Path) -> None:
    """The backup is of one generation: a writer is waited for, or named."""
    store = Store.open(index, "fake")
    with Writing(store), pytest.raises(StoreBusy):
        backup.backup(index, tmp_path / "index.zip")
    assert not (tmp_path / "index.zip").exists()
    store.close()


def test_it_can_be_saved_while_it_is_read(index: Path, tmp_path: Path) -> None:
    """A reader in another process changes nothing of it."""
    context = multiprocessing.get_context("spawn")
    held, let_go = context.Event(), context.Event()
    reader = context.Process(target=_read, args=(index, held, let_go))
    reader.start()
    assert held.wait(60)
    backup.backup(index, tmp_path / "index.zip")
    let_go.set()
    reader.join()
    backup.restore(tmp_path / "index.zip", tmp_path / "again")
    assert content(tmp_path / "again") == content(index)


def _read(data: Path, held: Any, let_go: Any) -> None:
    store = Store.open(data, "fake")
    store.nearest(FakeEmbedder().question("产值"), 3)
    held.set()
    let_go.wait(60)
    store.close()


def test_a_folder_that_is_not_empty_is_left_alone(index: Path, tmp_path: Path) -> None:
    """Nothing is restored over what is there."""
    backup.backup(index, tmp_path / "index.zip")
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "mine.txt").write_text("mine", "utf-8")
    with pytest.raises(StoreError, match="not empty"):
        backup.restore(tmp_path / "index.zip", tmp_path / "there")
    assert [path.name for path in (tmp_path / "there").iterdir()] == ["mine.txt"]


def test_a_backup_is_not_put_into_the_index(index: Path) -> None:
    """It would save itself, and go with the folder."""
    with pytest.raises(StoreError, match="in the index itself"):
        backup.backup(index, index / "index.zip")


def test_no_index_no_backup(tmp_path: Path) -> None:
    """An empty file would be taken for a backup."""
    with pytest.raises(IndexMissing):
        backup.backup(tmp_path, tmp_path / "index.zip")
    assert list(tmp_path.iterdir()) == []


def rewritten(path: Path, **changed: bytes | None) -> Path:
    """The backup with members of other content, or (None) without them; ``manifest`` is the manifest."""
    target = path.with_name("other.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            key = name.removesuffix(".json")
            if key not in changed:
                new.writestr(name, old.read(name))
            elif (data := changed[key]) is not None:
                new.writestr(name, data)
    return target


def refused(path: Path, tmp_path: Path) -> str:
    with pytest.raises(SourceError) as raised:
        backup.restore(path, tmp_path / "again")
    assert not (tmp_path / "again").exists()
    assert not list(tmp_path.glob(".again*"))
    return str(raised.value)


@pytest.fixture
def saved(index: Path, tmp_path: Path) -> Path:
    backup.backup(index, tmp_path / "index.zip")
    return tmp_path / "index.zip"


@pytest.mark.parametrize("at", [0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 0.999])
def test_a_flipped_bit_changes_nothing(saved: Path, index: Path, tmp_path: Path, at: float) -> None:
    """Wherever it is, nothing is restored, or, where it is of no matter (the date of a part), what was saved."""
    data = bytearray(saved.read_bytes())
    data[int(at * (len(data) - 1))] ^= 0x10
    (tmp_path / "other.zip").write_bytes(bytes(data))
    try:
        backup.restore(tmp_path / "other.zip", tmp_path / "again")
    except SourceError:
        assert not (tmp_path / "again").exists()
    else:
        assert content(tmp_path / "again") == content(index)


@pytest.mark.parametrize("share", [0.0, 0.2, 0.6, 0.99])
def test_a_cut_file_is_refused(saved: Path, tmp_path: Path, share: float) -> None:
    """Half a download is no backup."""
    data = saved.read_bytes()
    (tmp_path / "other.zip").write_bytes(data[: int(len(data) * share)])
    refused(tmp_path / "other.zip", tmp_path)


def test_another_content_under_the_same_name_is_refused(saved: Path, tmp_path: Path) -> None:
    """Its checksum within the zip is right, its hash is not."""
    with zipfile.ZipFile(saved) as file:
        size = len(file.read("generation.json"))
    assert "hash differs" in refused(rewritten(saved, generation=b" " * size), tmp_path)


def test_a_missing_part_is_refused(saved: Path, tmp_path: Path) -> None:
    """All or nothing."""
    assert "manifest names" in refused(rewritten(saved, generation=None), tmp_path)


@pytest.mark.parametrize("name", ["../outside", "/etc/outside", "a/../../outside", "C:\\outside", "a\\..\\outside"])
def test_a_place_outside_the_folder_is_refused(saved: Path, tmp_path: Path, name: str) -> None:
    """A backup from elsewhere writes nothing but an index."""
    manifest = json.loads(zipfile.ZipFile(saved).read("manifest.json"))
    manifest["files"][name] = {"sha256": "0" * 64, "bytes": 1}
    assert "none of an index" in refused(rewritten(saved, manifest=json.dumps(manifest).encode()), tmp_path)


def test_a_part_that_unpacks_to_more_than_it_says_is_refused(saved: Path, tmp_path: Path) -> None:
    """A bomb: a few bytes that become gigabytes are not written out."""
    manifest = json.loads(zipfile.ZipFile(saved).read("manifest.json"))
    bomb = tmp_path / "bomb.zip"
    manifest["files"] = {"chroma/x": {"sha256": "0" * 64, "bytes": 10}}
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("chroma/x", bytes(50 << 20))
        file.writestr("manifest.json", json.dumps(manifest))
    assert "made to do harm" in refused(bomb, tmp_path)


@pytest.mark.parametrize("manifest", [b"", b"{}", b"[]", b"null", b'{"form": 1, "files": 3, "state": {}}', b"\xff"])
def test_a_manifest_that_is_none_is_refused(saved: Path, tmp_path: Path, manifest: bytes) -> None:
    """Whatever stands in its place."""
    refused(rewritten(saved, manifest=manifest), tmp_path)


def test_another_zip_is_no_backup(index: Path, tmp_path: Path) -> None:
    """Nor is a file that is no zip, or is not there."""
    shutil.make_archive(str(tmp_path / "other"), "zip", index / "sources")
    refused(tmp_path / "other.zip", tmp_path)
    (tmp_path / "text.zip").write_text("text", "utf-8")
    refused(tmp_path / "text.zip", tmp_path)
    assert "Check the name" in refused(tmp_path / "none.zip", tmp_path)
