"""Ray's workers: the index is the local engine's, byte for byte; a killed worker costs time only."""

import os
import signal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from conftest import PAGES, ROOT, SEEDS, FakeEmbedder

from assistant import embed
from assistant.claim_index import ClaimIndex, Wanted
from assistant.errors import EmbedderError, EngineFailed, JushiError, SourceError
from assistant.records import Passage
from assistant.store import Store
from ingest import load
from ingest.engines import Engine
from ingest.tally import Summary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.embed import Vectors

pytest.importorskip("ray.data", reason='needs pip install "jushi[ray]"')
from ingest import spread
from ingest.spread import Spread

pytestmark = pytest.mark.slow
WORKERS = 2


class Dying(FakeEmbedder):
    """The fake that kills its process at its third batch, once: then its mark is there."""

    def __init__(self, mark: str) -> None:
        super().__init__()
        self.mark, self.asked = Path(mark), 0

    def passages(self, texts: "Sequence[str]") -> "Vectors":
        self.asked += 1
        if self.asked == 3 and not self.mark.exists():
            self.mark.write_text(str(os.getpid()), "utf-8")
            os.kill(os.getpid(), signal.SIGKILL)
        return super().passages(texts)


class Poisoned(FakeEmbedder):
    """The fake that kills its process at whatever it is given."""

    def passages(self, texts: "Sequence[str]") -> "Vectors":
        os.kill(os.getpid(), signal.SIGKILL)
        return super().passages(texts)


def missing() -> FakeEmbedder:
    raise EmbedderError("The embedder is not on this machine: fetch it.")


def ingest(paths: Path, data: Path, name: str, loaded: Any, engine: Engine | None = None, **more: Any) -> Summary:
    store = Store.create(data, name)
    try:
        size = more.pop("size", 60)
        return load.ingest([paths], lambda: store, loaded, folder=data, size=size, engine=engine, **more)
    finally:
        store.close()


def contents(data: Path, name: str) -> tuple[dict[str, Passage], dict[str, bytes], tuple[Any, ...], list[Any], str]:
    """Passages, vectors bit for bit, doubts, claims and the name of the generation."""
    store = Store.open(data, name)
    try:
        rows = store.passage_rows.get(include=["embeddings"])
        both = zip(rows["ids"], rows["embeddings"], strict=True)
        vectors = {one: np.asarray(vector, np.float32).tobytes() for one, vector in both}
        claims = ClaimIndex.of(store)
        told = list(claims.find(Wanted()))
        claims.close()
        return {one.id: one for one in store.all()}, vectors, store.suspicions(), told, store.generation()
    finally:
        store.close()


@pytest.fixture(autouse=True)
def _workers_find_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ray's workers import this file for the fakes, wherever the tests are begun from."""
    places = [str(Path(__file__).parent), str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(places))


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Two hundred pages."""
    folder = tmp_path / "many"
    folder.mkdir()
    for at in range(200):
        name, text = list(PAGES.items())[at % len(PAGES)]
        own = text.replace("2024", str(1950 + at % 60)).replace("青禾", f"青禾{at}")
        (folder / f"{at:03}-{name}").write_text(own, "utf-8")
    return folder


def test_the_index_is_that_of_the_local_engine(tmp_path: Path) -> None:
    """The project's pages with the embedder that ships: passages, figures, claims, doubts, every bit of the vectors."""
    loaded = partial(embed.load, embed.BUNDLED, 1)
    here = ingest(SEEDS, tmp_path / "here", embed.BUNDLED, loaded, size=300)
    there = ingest(SEEDS, tmp_path / "there", embed.BUNDLED, loaded, Spread(WORKERS, loaded), size=300)
    assert contents(tmp_path / "there", embed.BUNDLED) == contents(tmp_path / "here", embed.BUNDLED)
    counted = ("files", "stories", "passages", "figures", "suspicions", "embedded", "committed")
    assert [getattr(there, name) for name in counted] == [getattr(here, name) for name in counted]


def test_a_killed_worker_costs_time_only(many: Path, tmp_path: Path) -> None:
    """One that is killed with files in hand: the run ends as if it had not been, none lost and none twice."""
    here = ingest(many, tmp_path / "here", "fake", FakeEmbedder)
    dying = partial(Dying, str(tmp_path / "killed"))
    there = ingest(many, tmp_path / "there", "fake", FakeEmbedder, Spread(WORKERS, dying))
    assert (tmp_path / "killed").is_file()
    assert contents(tmp_path / "there", "fake") == contents(tmp_path / "here", "fake")
    assert (there.files, there.passages) == (here.files, here.passages)


def test_a_run_goes_on_and_embeds_what_changed(many: Path, tmp_path: Path) -> None:
    """Stopped in its midst it goes on where it was; of a page that changed, the passage that did is embedded."""

    def stopped(at: Any) -> None:
        if at.done > at.total / 3:
            raise KeyboardInterrupt

    data = tmp_path / "data"
    with pytest.raises(KeyboardInterrupt):
        ingest(many, data, "fake", FakeEmbedder, Spread(WORKERS, FakeEmbedder), progress=stopped)
    done = ingest(many, data, "fake", FakeEmbedder, Spread(WORKERS, FakeEmbedder))
    ingest(many, tmp_path / "here", "fake", FakeEmbedder)
    assert contents(data, "fake") == contents(tmp_path / "here", "fake")
    assert 0 < done.embedded < done.passages
    (changed,) = many.glob("000-*")
    changed.write_text(changed.read_text("utf-8").replace("2400平方米", "2600平方米"), "utf-8")
    done = ingest(many, data, "fake", FakeEmbedder, Spread(WORKERS, FakeEmbedder))
    assert (done.unchanged, done.embedded) == (199, 1)


def test_a_file_that_cannot_be_read_is_told(many: Path, tmp_path: Path) -> None:
    """By its name, before anything is written, as with the local engine; and one that goes meanwhile as well."""
    (many / "bad.txt").write_bytes(b"")
    with pytest.raises(SourceError, match=r"bad\.txt"):
        ingest(many, tmp_path / "data", "fake", FakeEmbedder, Spread(WORKERS, FakeEmbedder))
    (many / "bad.txt").unlink()

    class Gone(Spread):
        def faults(self, jobs: Any) -> Any:
            yield from super().faults(jobs)
            (many / "150-qinghe.md").write_bytes(b"")

    with pytest.raises(JushiError, match="150-qinghe"):
        ingest(many, tmp_path / "data", "fake", FakeEmbedder, Gone(WORKERS, FakeEmbedder))


def test_an_embedder_that_no_worker_can_load_is_told(tmp_path: Path) -> None:
    """In its own words, by the error of ours that it is: not by Ray's."""
    with pytest.raises(EmbedderError, match="fetch it"):
        ingest(SEEDS, tmp_path / "data", "fake", FakeEmbedder, Spread(WORKERS, missing), size=300)


def test_a_page_that_kills_every_worker_ends_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After so many tries, with the next step: it does not hold the run for ever."""
    monkeypatch.setattr(spread, "_TRIES", 1)
    with pytest.raises(EngineFailed, match="--engine local"):
        ingest(SEEDS, tmp_path / "data", "fake", FakeEmbedder, Spread(WORKERS, Poisoned), size=300)
