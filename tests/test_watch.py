"""Watching: what comes, changes and goes in a folder is in the index soon after, until it is stopped."""

import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import PAGES, FakeEmbedder, both_kinds, ingest

from assistant.errors import JushiError, SourceError
from assistant.store import Store
from ingest import watch
from ingest.tally import Summary

pytestmark = both_kinds

LONGEST = 60  # seconds to wait for what takes one where nothing else runs


@contextmanager
def watching(corpus: Path, data: Path) -> Iterator[list[Summary | JushiError]]:
    seen: list[Summary | JushiError] = []
    stop = threading.Event()

    def once(gone: Sequence[str]) -> Summary:
        return ingest(corpus, data, FakeEmbedder(), skip_unreadable=True, gone=gone)

    def follow() -> None:
        for one in watch.watch([corpus], once, stop):
            seen.append(one)  # noqa: PERF402 - one at a time, as they come

    thread = threading.Thread(target=follow)
    thread.start()
    try:
        yield seen
    finally:
        stop.set()
        thread.join(LONGEST)
        assert not thread.is_alive()


def wait(for_it: Callable[[], bool]) -> None:
    end = time.monotonic() + LONGEST
    while not for_it():
        assert time.monotonic() < end, "not seen in time"
        time.sleep(0.1)


def pages(data: Path) -> set[str]:
    try:
        store = Store.open(data, "fake")
    except JushiError:
        return set()
    try:
        return set(store.pages())
    finally:
        store.close()


def test_a_folder_is_followed(corpus: Path, tmp_path: Path) -> None:
    """A new file comes in, a broken one is told and left out, a file that is gone goes; then it stops."""
    data = tmp_path / "data"
    with watching(corpus, data) as seen:
        wait(lambda: pages(data) == set(PAGES))
        (corpus / "bridge.md").write_text("# 桥\n\n桥长36米。", "utf-8")
        wait(lambda: "bridge.md" in pages(data))
        (corpus / "bad.txt").write_bytes(b"")
        wait(lambda: any(isinstance(one, Summary) and one.skipped for one in seen))
        (corpus / "bridge.md").unlink()
        wait(lambda: "bridge.md" not in pages(data))
    assert pages(data) == set(PAGES)


def test_a_drive_that_is_away_takes_no_page_with_it(corpus: Path, tmp_path: Path) -> None:
    """When the folder as a whole is empty, its pages stay and the reason is told."""
    data = tmp_path / "data"
    with watching(corpus, data) as seen:
        wait(lambda: pages(data) == set(PAGES))
        for path in corpus.iterdir():
            shutil.move(path, tmp_path)
        wait(lambda: any(isinstance(one, SourceError) for one in seen))
    assert pages(data) == set(PAGES)


def test_a_path_that_is_not_there_is_named(tmp_path: Path) -> None:
    """Watching nothing is an error, told before anything is read."""
    with pytest.raises(SourceError, match="nowhere"):
        watch.check([tmp_path / "nowhere"])
