"""What reaches the disk before what, and what readers see while another process writes: whole generations, always."""

import os
import time
from pathlib import Path
from typing import Any

import pytest
from conftest import FakeEmbedder, ingest
from test_kill import FORKS, SIZE

from assistant import archive
from assistant.store import Store
from ingest import load

GENERATIONS = 6


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="which file is flushed is told by /proc")
def test_a_power_cut_finds_all_that_the_generation_counts_on(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Texts are on the disk before they have their names, the names before the list, and the list before it answers."""
    data, done = tmp_path / "data", []
    flush, rename, publish = os.fsync, Path.replace, Store.publish

    def flushed(handle: int) -> None:
        done.append(("flushed", Path(f"/proc/self/fd/{handle}").readlink().name))
        flush(handle)

    def renamed(self: Path, target: Any) -> Path:
        done.append(("named", Path(target).name))
        return rename(self, target)

    def published(self: Store, state: dict[str, Any], token: str) -> None:
        done.append(("answers", str(state["number"])))
        publish(self, state, token)

    monkeypatch.setattr(os, "fsync", flushed)
    monkeypatch.setattr(Path, "replace", renamed)
    monkeypatch.setattr(Store, "publish", published)
    ingest(corpus, data, FakeEmbedder())
    kept = [path.name for path in (data / archive.SOURCES).iterdir()]
    assert kept
    for name in kept:
        assert done.index(("flushed", Path(name).with_suffix(".new").name)) < done.index(("named", name))
    names = max(done.index(("named", name)) for name in kept)
    order = [
        names,
        done.index(("flushed", archive.SOURCES)),
        done.index(("flushed", Path(archive.GENERATION).with_suffix(".new").name)),
        done.index(("named", archive.GENERATION)),
        done.index(("flushed", data.name)),
        next(at for at, (what, _) in enumerate(done) if what == "answers"),
    ]
    assert order == sorted(order)


def write(pages: Path, data: Path) -> None:
    """Reads the pages in so many times, each time with another figure and one page more."""
    embedder = FakeEmbedder()
    for turn in range(GENERATIONS):
        for at in range(turn + 2):
            lines = (f"第{at}座桥的第{part}孔长{turn}{part}6米。" for part in range(12))
            (pages / f"{at}.md").write_text(f"# 桥{at}\n\n" + "\n\n".join(lines), "utf-8")
        load.ingest([pages], lambda: Store.create(data, "fake"), lambda: embedder, folder=data, size=SIZE)


@pytest.mark.slow
def test_readers_see_whole_generations_while_another_process_writes(index: Path, tmp_path: Path) -> None:
    """Every look finds as many passages as the generation is said to have, all of one turn; the last is seen."""
    pages = tmp_path / "pages"
    pages.mkdir()
    store = Store.open(index, "fake")
    writer = FORKS.Process(target=write, args=(pages, index))
    writer.start()
    seen: dict[int, int] = {}
    while writer.is_alive() or store.refresh():
        store.refresh()
        held = store.view()
        found = list(held.all())
        assert len(found) == held.count()
        turns = {
            passage.text.split("孔长")[1][0] for passage in found if "座桥" in passage.text and "孔长" in passage.text
        }
        assert len(turns) <= 1
        seen[held.number] = len(found)
        time.sleep(0.01)
    writer.join()
    store.close()
    assert writer.exitcode == 0
    assert len(seen) >= 3
