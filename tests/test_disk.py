"""A disk that is full or may not be written: one clear line, what answered goes on answering, and later all is done."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import QUESTION, FakeEmbedder, ingest
from test_kill import content

from assistant import backup, settings
from assistant.ask import Assistant
from assistant.errors import StoreError
from assistant.store import Store
from ingest.rebuild import rebuild

pytestmark = pytest.mark.slow  # each run is long enough to fill the disk in its midst
as_root = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may mount a small disk")


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk of four megabytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this machine lets nobody mount a disk")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def pages(folder: Path, count: int) -> Path:
    folder.mkdir()
    for at in range(count):
        lines = (f"第{at}座桥的第{part}孔长{at}{part}6米，宽{at}米，用时{part}天。" for part in range(60))
        (folder / f"{at}.md").write_text(f"# 桥{at}\n\n" + "\n\n".join(lines), "utf-8")
    return folder


@as_root
@pytest.mark.parametrize("spare", [0, 40_000, 300_000, 1_000_000])
def test_a_full_disk_costs_nothing_that_was_there(index: Path, small: Path, tmp_path: Path, spare: int) -> None:
    """Wherever in the run the room gives out, an error says so, and the former generation answers.

    With room again the next run ends as an unbroken one does.
    """
    data = Path(shutil.copytree(index, small / "data"))
    more = pages(tmp_path / "more", 40)
    before = content(data)
    free = shutil.disk_usage(small).free
    (small / "ballast").write_bytes(bytes(max(free - spare, 0)))
    with pytest.raises(StoreError, match=r"full|room|cannot be written"):
        ingest(more, data, FakeEmbedder(), size=24)
    (small / "ballast").unlink()
    subprocess.run(["mount", "-o", "remount,size=64m", str(small)], check=True)
    after = content(data)
    assert (after["generation"], after["passages"]) == (before["generation"], before["passages"])
    ingest(more, data, FakeEmbedder(), size=24)
    ingest(more, Path(shutil.copytree(index, tmp_path / "whole")), FakeEmbedder(), size=24)
    assert content(data) == content(tmp_path / "whole")


@as_root
def test_a_backup_that_does_not_fit_leaves_nothing(index: Path, small: Path) -> None:
    """Neither a file that looks like a backup nor half of one; and a restore likewise."""
    (small / "ballast").write_bytes(bytes(shutil.disk_usage(small).free - 20_000))
    with pytest.raises(StoreError, match="Make room"):
        backup.backup(index, small / "index.zip")
    backup.backup(index, index.parent / "index.zip")
    with pytest.raises(StoreError, match=r"[Mm]ake room"):
        backup.restore(index.parent / "index.zip", small / "data")
    assert [path.name for path in small.iterdir()] == ["ballast"]


@pytest.fixture
def fixed(index: Path, small: Path) -> Path:
    """An index on a disk that may only be read."""
    subprocess.run(["mount", "-o", "remount,size=32m", str(small)], check=True)
    data = Path(shutil.copytree(index, small / "data"))
    subprocess.run(["mount", "-o", "remount,ro", str(small)], check=True)
    return data


@as_root
def test_a_folder_that_may_not_be_written_says_so(fixed: Path, tmp_path: Path) -> None:
    """Reading in, rebuilding and restoring each end with one line that names the folder and the next step."""
    more = pages(tmp_path / "more", 2)
    backup.backup(fixed, tmp_path / "index.zip")
    for act in (
        lambda: ingest(more, fixed, FakeEmbedder()),
        lambda: ingest(more, fixed.parent / "other", FakeEmbedder()),
        lambda: rebuild(fixed, "fake", FakeEmbedder),
        lambda: backup.restore(tmp_path / "index.zip", fixed.parent / "again"),
        lambda: backup.backup(fixed, fixed.parent / "index.zip"),
    ):
        with pytest.raises(StoreError, match=r"--data|permissions") as raised:
            act()
        assert str(fixed.parent) in str(raised.value)


@as_root
def test_an_index_that_may_only_be_read_is_saved_and_answers_elsewhere(fixed: Path, tmp_path: Path) -> None:
    """Chroma opens no index that it cannot write, and says so; a backup of it can be made, and restored, and asked."""
    backup.backup(fixed, tmp_path / "index.zip")
    backup.restore(tmp_path / "index.zip", tmp_path / "again")
    chosen = settings.load({"data": str(tmp_path / "again"), "model": "none", "embedder": "fake"})
    store = Store.open(tmp_path / "again", "fake")
    assert "52.36亿元" in Assistant(chosen, store, FakeEmbedder(), lambda: None).ask(QUESTION).text
    store.close()
    with pytest.raises(StoreError, match="permissions"):
        Store.open(fixed, "fake").close()
