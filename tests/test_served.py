"""An index on a Chroma server: nothing half seen, one writer on however many machines, no key in what is told."""

import json
import logging
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from chroma_server import KEY, Chroma, Cloud
from conftest import PAGES, QINGHE, QUESTION, FakeEmbedder
from hypothesis import given
from hypothesis import strategies as st

from assistant import lease, served, served_health
from assistant import settings as settings_module
from assistant.address import Address
from assistant.ask import Assistant
from assistant.errors import (
    IndexMismatch,
    IndexMissing,
    KeyRefused,
    SettingError,
    StoreAway,
    StoreBusy,
    StoreError,
)
from assistant.health import Health
from assistant.parts import DOCUMENT, KEYS, VALUE, cut, folded, unfolded
from assistant.records import Page, Passage, Source, Span
from assistant.served import Served
from assistant.served_archive import ServedArchive
from assistant.settings import Settings
from assistant.store import Store
from assistant.writing import Writing
from ingest import load

# ---------------------------------------------------------------- the address


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://127.0.0.1:8123", "http://127.0.0.1:8123/default_tenant/default_database"),
        ("http://chroma", "http://chroma:8000/default_tenant/default_database"),
        ("http://chroma:8000/news/", "http://chroma:8000/default_tenant/news"),
        ("https://api.trychroma.com/team-1/news", "https://api.trychroma.com:443/team-1/news"),
        ("http://[::1]:8000/news", "http://[::1]:8000/default_tenant/news"),
    ],
)
def test_an_address_is_read(url: str, told: str) -> None:
    """Port, tenant and database are Chroma's own where they are not told."""
    assert str(Address.read(url)) == told


@pytest.mark.parametrize(
    "url",
    [
        *("127.0.0.1:8000", "chroma", "ftp://chroma", "http://", "http://chroma:port", "http://chroma:99999999"),
        *("http://chroma/a/b/c", "http://chroma/x", "http://chroma/na me", "http://chroma?key=1", "http://chroma#a"),
        "http://chroma/../etc",
    ],
)
def test_what_is_no_address_is_named(url: str) -> None:
    """At once when the settings are read, with how one is written."""
    with pytest.raises(SettingError, match=r"JUSHI_CHROMA.*http://HOST:PORT"):
        settings_module.load({"chroma": url})


def test_a_password_in_the_address_is_not_repeated() -> None:
    """It is refused, since addresses are shown and filed; and not in the error either."""
    with pytest.raises(SettingError, match="JUSHI_CHROMA_KEY") as raised:
        settings_module.load({"chroma": "https://anna:s3cret@chroma/a/b"})
    assert "s3cret" not in str(raised.value)


@pytest.mark.parametrize(
    "url", ["http://anna:s3cret", "https://chroma/a/b?api_key=s3cret", "https://chroma/a/b#s3cret"]
)
def test_a_key_in_the_wrong_place_is_not_repeated(url: str) -> None:
    """Nor what stands where a port, a query or a fragment would: it may be one."""
    with pytest.raises(SettingError, match="JUSHI_CHROMA") as raised:
        settings_module.load({"chroma": url})
    error: BaseException | None = raised.value
    assert "s3cret" not in str(error)
    assert error is not None
    assert error.__suppress_context__ or error.__context__ is None


def test_each_database_has_a_folder_of_its_own(tmp_path: Path) -> None:
    """What is derived of one is never taken for another's: vectors of two embedders would mix."""
    urls = ["http://a:8000/x-y/zzz", "http://a:8000/xxx/y-zzz", "http://a:8001/x-y/zzz", "https://a:8000/x-y/zzz"]
    assert len({Address.read(url).folder for url in urls}) == len(urls)
    assert all("/" not in Address.read(url).folder for url in urls)


def test_the_key_is_in_nothing_that_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """It comes from the environment alone: no field, flag, file or repr has it."""
    monkeypatch.setenv("JUSHI_CHROMA_KEY", KEY)
    chosen = settings_module.load({"chroma": "http://chroma:8000/news"})
    assert chosen.server is not None
    assert chosen.server.key == KEY
    assert KEY not in f"{chosen!r} {chosen.server!r} {chosen.server} {chosen.server.folder} {chosen.where}"
    with pytest.raises(SettingError, match="chroma_key"):
        settings_module.load({"chroma_key": KEY})


# ---------------------------------------------------------------- rows that are too long for a server

_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@given(_TEXTS, st.dictionaries(st.sampled_from(["file", "claims", "headline"]), _TEXTS, min_size=1), st.integers(4, 9))
def test_parts_join_to_what_was_cut(document: str, meta: dict[str, Any], most: int) -> None:
    """Whatever the letters, pieces keep to their bytes and give the text again."""
    pieces = cut(document, most)
    assert "".join(pieces) == document
    assert all(len(piece.encode()) <= most for piece in pieces)
    long = {name: value * 300 for name, value in meta.items()}
    try:
        head, told = folded(document * 900, {**long, "born": 3})
    except StoreError:
        assert sum(len(value.encode()) for value in (document * 900, *long.values())) > VALUE * (KEYS - 8)
        return
    assert len(told) <= KEYS
    assert all(len(value.encode()) <= VALUE for value in told.values() if isinstance(value, str))
    assert len(head.encode()) <= DOCUMENT
    rows = unfolded({"ids": ["a"], "documents": [head], "metadatas": [told]})
    assert rows == {"ids": ["a"], "documents": [document * 900], "metadatas": [{**long, "born": 3}]}


def test_the_doubts_of_a_long_file_are_kept() -> None:
    """What would be more parts than a row takes is packed; where that is not enough, the file is named."""
    doubts = json.dumps([{"text": f"第{at}处", "arithmetic": f"{at} + {at * 7} ≠ {at * 9}"} for at in range(6000)])
    head, told = folded(doubts, {"file": "yearbook.pdf", "born": 3})
    assert len(doubts) > VALUE * KEYS + DOCUMENT
    assert len(told) <= KEYS
    assert all(len(value.encode()) <= VALUE for value in told.values() if isinstance(value, str))
    rows = unfolded({"ids": ["a"], "documents": [head], "metadatas": [told]})
    assert rows == {"ids": ["a"], "documents": [doubts], "metadatas": [{"file": "yearbook.pdf", "born": 3}]}
    noise = "".join(chr(0x4E00 + (at * at * 7919 + at // 3) % 20_000) for at in range(200_000))
    with pytest.raises(StoreError, match=r"yearbook\.pdf.*cut the file in two"):
        folded(noise, {"file": "yearbook.pdf"})


# ---------------------------------------------------------------- over a real server


@pytest.fixture
def address(cloud: Cloud, request: pytest.FixtureRequest) -> Iterator[Address]:
    """A database of the test's own, behind the door that keeps to Chroma Cloud's quotas."""
    cloud.refused.clear()
    yield cloud.at(f"{request.node.name[:60].rstrip('-]').replace('[', '-')}.x")
    cloud.delay, cloud.failing, cloud.fixed = 0.0, 0, False
    assert cloud.refused == []


def put(corpus: Path, home: Path, address: Address, **more: Any) -> Any:
    """One run of the job, as on a machine whose data folder is ``home``."""
    store = Store.create(home, "fake", address)
    try:
        return load.ingest([corpus], lambda: store, FakeEmbedder, folder=home, size=60, **more)
    finally:
        store.close()


def held(home: Path, address: Address) -> dict[str, Passage]:
    store = Store.open(home, "fake", address)
    try:
        return {passage.id: passage for passage in store.all()}
    finally:
        store.close()


def opened(home: Path, address: Address) -> Assistant:
    store = Store.open(home, "fake", address)
    return Assistant(Settings(str(home), str(address), "none", embedder="fake"), store, FakeEmbedder(), lambda: None)


def test_two_machines_serve_one_index(address: Address, corpus: Path, index: Path, tmp_path: Path) -> None:
    """One reads pages in, the other answers, with a folder that was never there before: the server has all of it."""
    put(corpus, tmp_path / "one", address)
    there = opened(tmp_path / "two", address)
    answer = there.ask(QUESTION)
    assert "52.36亿元" in answer.text
    (citation,) = answer.citations
    assert QINGHE[citation.start : citation.end] == citation.quote
    store = Store.open(index, "fake")
    assert held(tmp_path / "two", address) == {passage.id: passage for passage in store.all()}
    store.close()
    (corpus / "qinghe.md").write_bytes(QINGHE.replace("52.36", "53.47").encode())
    put(corpus, tmp_path / "one", address)
    assert "53.47亿元" in there.ask(QUESTION).text
    there.close()


@pytest.mark.slow
def test_long_pages_keep_to_the_quotas(address: Address, tmp_path: Path) -> None:
    """More pages, claims, doubts and text than a request, a value or a document takes come back as they went in."""
    rows = "".join(f"第{at}家企业产值{at}.5亿元，比上年增长{at % 90 + 1}.7%。" for at in range(1, 900))
    text = f"# 长页\n\n{rows}\n"
    corpus = tmp_path / "pages"
    corpus.mkdir()
    (corpus / "long.md").write_text(text, "utf-8")
    for at in range(310):
        (corpus / f"p{at}.md").write_text(f"# 桥{at}\n\n第{at}座桥长{at + 3}米。", "utf-8")
    store = Store.create(tmp_path / "one", "fake", address)
    load.ingest([corpus], lambda: store, FakeEmbedder, folder=tmp_path / "one", size=900)
    folder = Store.create(tmp_path / "local", "fake")
    load.ingest([corpus], lambda: folder, FakeEmbedder, folder=tmp_path / "local", size=900)
    assert max(len(json.dumps([str(one) for one in passage.claims]).encode()) for passage in store.all()) > VALUE
    assert len(text.encode()) > DOCUMENT
    assert store.text("long.md") == text
    assert len(store.pages()) == 311
    assert {one.id: one for one in store.all()} == {one.id: one for one in folder.all()}
    assert store.suspicions() == folder.suspicions()
    vector = FakeEmbedder().question("第7座桥长10米")
    assert [one.id for one, _ in store.nearest(vector, 5)] == [one.id for one, _ in folder.nearest(vector, 5)]
    store.close()
    folder.close()


def test_no_index_is_told_with_the_next_step(address: Address, tmp_path: Path) -> None:
    """A database that is not there, one without an index, and one that was never finished."""
    with pytest.raises(IndexMissing, match=r"jushi ingest.*JUSHI_CHROMA"):
        Store.open(tmp_path, "fake", address)
    store = Store.create(tmp_path, "fake", address)
    with pytest.raises(IndexMissing, match="never finished"):
        Store.open(tmp_path, "fake", address)
    with pytest.raises(IndexMismatch, match="another database"):
        Store.open(tmp_path, "other", address)
    store.close()


def test_a_wrong_key_is_refused_and_not_repeated(address: Address, tmp_path: Path) -> None:
    """The next step is named, the key is not."""
    with pytest.raises(KeyRefused, match="JUSHI_CHROMA_KEY") as raised:
        Store.create(tmp_path, "fake", replace(address, key="ck-wrong"))
    told, error = "", raised.value if raised else None
    while error is not None:
        told, error = told + repr(error), error.__cause__  # type: ignore[assignment]
    assert "ck-wrong" not in told


def test_a_key_that_may_make_no_database_is_told(address: Address, cloud: Cloud, tmp_path: Path) -> None:
    """As that, not as an index that is missing: to ingest again would not help."""
    cloud.fixed = True
    with pytest.raises(KeyRefused, match="tenant and database"):
        Store.create(tmp_path, "fake", address)


def test_a_database_made_anew_is_found_again(address: Address, corpus: Path, tmp_path: Path) -> None:
    """One that was deleted on the server and read in again, at the same number: an open page goes on with that."""
    put(corpus, tmp_path / "one", address)
    there = opened(tmp_path / "two", address)
    assert "52.36亿元" in there.ask(QUESTION).text
    client = Served.shared(address)
    for name in client.listed():
        client.drop(name)
    client.release()
    with pytest.raises(IndexMissing):
        there.ask(QUESTION)
    (corpus / "qinghe.md").write_bytes(QINGHE.replace("52.36", "53.47").encode())
    put(corpus, tmp_path / "three", address)
    assert "53.47亿元" in there.ask(QUESTION).text
    there.close()


def test_a_server_that_goes_while_it_is_examined_is_told_as_that(
    address: Address, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its pages are not called lost: nobody is to read them in again for it."""
    put(corpus, tmp_path, address)

    def away(*_: object) -> None:
        raise StoreAway("The Chroma server does not answer.")

    monkeypatch.setattr(ServedArchive, "page", away)
    chosen = Settings(str(tmp_path), str(address), "none", embedder="fake")
    told = list(served_health.examine(chosen, address, mend=False))
    assert told[-1].health is Health.ILL
    assert "does not answer" in told[-1].text
    assert not any(one.part == "原文" for one in told)


def test_a_dead_server_is_told_with_the_next_step(tmp_path: Path) -> None:
    """By address, at once, whether it is to be read or written."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        dead = Address.read(f"http://127.0.0.1:{free.getsockname()[1]}", KEY)
        for way in (Store.open, Store.create):
            with pytest.raises(
                StoreAway, match=r"does not answer.*chroma run --host 127\.0\.0\.1.*JUSHI_CHROMA"
            ) as told:
                way(tmp_path, "fake", dead)
            assert KEY not in str(told.value)


def test_a_server_that_says_nothing_does_not_hold_anybody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that takes the connection and is silent is given up."""
    monkeypatch.setattr(served, "_TIMEOUT", (0.3, 0.3, 0.3, 0.3))
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        began = time.monotonic()
        with pytest.raises(StoreAway, match="ReadTimeout"):
            Store.open(tmp_path, "fake", Address.read(f"http://127.0.0.1:{silent.getsockname()[1]}"))
        assert time.monotonic() - began < 5


def test_a_hiccup_is_tried_again(
    address: Address, cloud: Cloud, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two replies of 503 cost a moment; more are told as what they are."""
    monkeypatch.setattr(served, "_PAUSES", (0.01, 0.01))
    put(corpus, tmp_path, address)
    store = Store.open(tmp_path, "fake", address)
    cloud.failing = 2
    assert store.text("qinghe.md") == QINGHE
    cloud.failing = 9
    with pytest.raises(StoreAway, match="overloaded"):
        store.text("qinghe.md")
    cloud.failing = 0
    store.close()


def test_a_server_that_went_and_came_is_gone_on_with(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An open page says that its server is away, and answers again when it is back: nothing is to be restarted."""
    monkeypatch.setattr(served, "_PAUSES", (0.01, 0.01))
    server = Chroma(tmp_path)
    try:
        address = Address.read(f"http://127.0.0.1:{server.port}/news")
        put(corpus, tmp_path / "one", address)
        there = opened(tmp_path / "two", address)
        assert "52.36亿元" in there.ask(QUESTION).text
        server.kill()
        with pytest.raises(StoreAway, match="does not answer"):
            there.ask(QUESTION)
        server.start()
        assert "52.36亿元" in there.ask(QUESTION).text
        there.close()
    finally:
        server.kill()


# ---------------------------------------------------------------- one writer


def test_a_second_writer_is_told_of_the_first(address: Address, corpus: Path, tmp_path: Path) -> None:
    """Whichever machine it is on; with ``wait`` it writes when the first has ended."""
    first = Store.create(tmp_path / "one", "fake", address)
    with Writing(first):
        with pytest.raises(StoreBusy, match=r"process \d+ on .* since .*--wait"):
            put(corpus, tmp_path / "two", address)
        waiting = threading.Thread(target=put, args=(corpus, tmp_path / "two", address), kwargs={"wait": True})
        waiting.start()
        time.sleep(0.2)
        assert waiting.is_alive()
    waiting.join(30)
    assert first.refresh()
    assert len(first.pages()) == len(PAGES)
    first.close()


_HELD = """
import sys, time
from pathlib import Path
import numpy as np
from assistant import lease
from assistant.address import Address
from assistant.records import Page, Passage, Source, Span
from assistant.store import Store
from assistant.writing import Writing
lease.SECONDS = float(sys.argv[4])
store = Store.create(Path(sys.argv[1]), "fake", Address.read(sys.argv[2], sys.argv[3]))
writing = Writing(store)
writing.begin("half.md", "k-half")
passage = Passage("p-half", "s", Source("half.md"), "桥长36米", (Span(0, 0, 5),))
writing.put(["k-half"], [passage], ["c"], [np.ones(96, np.float32)])
print("held", flush=True)
time.sleep(600)
"""


@pytest.mark.slow
def test_a_killed_writers_right_runs_out(
    address: Address, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next, on another machine, waits for that, goes on with its pages, and publishes nothing of it half done."""
    monkeypatch.setattr(lease, "SECONDS", 6.0)
    put(corpus, tmp_path / "one", address)
    before = held(tmp_path / "one", address)
    command = [sys.executable, "-c", _HELD, str(tmp_path / "dead"), str(address), KEY, "2"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline().strip() == "held"
        time.sleep(2.5)  # longer than it lasts: it is renewed
        with pytest.raises(StoreBusy):
            put(corpus, tmp_path / "one", address)
        writer.kill()
    assert held(tmp_path / "two", address) == before
    (corpus / "more.md").write_text("# 新\n新的一页，长36米。", "utf-8")
    assert put(corpus, tmp_path / "two", address, wait=True).committed
    after = held(tmp_path / "two", address)
    assert {one.source.file for one in after.values()} == {*PAGES, "more.md"}
    store = Store.open(tmp_path / "two", "fake", address)
    assert store.number == 3  # 2 was made void with the dead writer's right
    assert "p-half" not in store.passage_rows.get(include=[])["ids"]
    store.close()


def test_a_frozen_writer_publishes_nothing_over_its_successor(address: Address, corpus: Path, tmp_path: Path) -> None:
    """One whose right was taken while it stood still writes no more; what it had written late is seen by nobody."""
    put(corpus, tmp_path / "one", address)
    frozen = Store.create(tmp_path / "one", "fake", address)
    writing = Writing(frozen)
    late = Passage("p-late", "s", Source("late.md"), "桥长36米", (Span(0, 0, 5),))
    writing.begin("late.md", "k-late")
    writing.put(["k-late"], [late], ["c"], [np.ones(96, np.float32)])
    writing.seal("k-late", Page("late", "late.md", "桥长36米"), {"passages": 1}, ())
    # its clock stood still, and the server's ran on
    other = Served.shared(address)
    found = other.find(lease.NAME)
    assert found is not None
    other.write(found, {**found.metadata, "until": other.now() - 1})
    other.release()
    (corpus / "more.md").write_text("# 新\n新的一页，长36米。", "utf-8")
    store = Store.create(tmp_path / "two", "fake", address)
    done = load.ingest([corpus], lambda: store, FakeEmbedder, folder=tmp_path / "two", size=60)
    assert done.committed
    before = held(tmp_path / "two", address)
    assert {one.source.file for one in before.values()} == {*PAGES, "more.md"}
    # the frozen one goes on in the midst of a request: what it writes now carries a number that never was
    frozen.passage_rows.upsert(
        ids=["p-late"],
        embeddings=[np.ones(96, np.float32)],
        documents=["桥长36米"],
        metadatas=[{**_row("late.md"), "born": writing._number}],
    )
    frozen.passage_rows.update(ids=[next(iter(before))], metadatas=[{"died": writing._number}])
    assert held(tmp_path / "two", address) == before
    reader = Store.open(tmp_path / "two", "fake", address)
    assert "p-late" not in {one.id for one, _ in reader.nearest(np.ones(96, np.float32), 50)}
    with pytest.raises(StoreError, match="taken by another"):
        frozen.publish({**frozen.state, "number": writing._number, "name": "late"}, "its own")
    assert not reader.refresh()
    (corpus / "again.md").write_text("# 又\n又一页，长37米。", "utf-8")
    load.ingest([corpus], lambda: store, FakeEmbedder, folder=tmp_path / "two", size=60)
    assert reader.refresh()
    assert {one.source.file for one in reader.all()} == {*PAGES, "more.md", "again.md"}
    assert "p-late" not in store.passage_rows.get(include=[])["ids"]
    writing.close()
    for one in (reader, store, frozen):
        one.close()


def _row(file: str) -> dict[str, Any]:
    empty = {"story": "s", "start": 0, "spans": "[[0,0,5]]", "figures": "[]", "claims": "[]"}
    return {**empty, "file": file, "key": "k-late", "context": "c", "died": 2**31 - 1}


def test_a_right_that_could_not_be_renewed_is_no_right(
    address: Address, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A writer that slept longer than its right lasts writes nothing, be it still alone."""
    store = Store.create(tmp_path, "fake", address)
    writing = Writing(store)
    asleep = time.monotonic() + lease.SECONDS
    with monkeypatch.context() as patched:
        patched.setattr(lease, "_clock", lambda: (asleep, asleep))
        writing.seal("k", Page("p1", "a.md", "正文"), {"passages": 0}, ())
        with pytest.raises(StoreError, match="could not renew"):
            writing.commit()
    writing.close()
    store.close()
    with pytest.raises(IndexMissing):
        Store.open(tmp_path, "fake", address)


def test_of_many_who_find_a_right_run_out_one_takes_a_number(address: Address, corpus: Path, tmp_path: Path) -> None:
    """Those who come late to it leave the number that the next writer has by then: its work is not for nothing."""
    put(corpus, tmp_path / "one", address)
    client = Served.shared(address)
    gone = client.now() - 1
    assert client.make(lease.NAME, {"token": "dead", "until": gone}) is not None
    store = Store.create(tmp_path / "two", "fake", address)
    with Writing(store) as writing:
        client.void(gone)  # another waiter, which had seen the same right run out
        writing.begin("late.md", "k-late")
        writing.seal("k-late", Page("late", "late.md", "桥长36米"), {"passages": 0}, ())
        assert writing.commit()
    assert "late.md" in store.pages()
    client.release()
    store.close()


def test_a_collection_of_somebody_elses_is_left_alone(address: Address, corpus: Path, tmp_path: Path) -> None:
    """One that happens to be called as the right to write is: it is told of, and stays."""
    store = Store.create(tmp_path, "fake", address)
    client = Served.shared(address)
    assert client.make(lease.NAME, {"about": "novelists"}) is not None
    with pytest.raises(StoreError, match=r"'writer'.*another database"):
        put(corpus, tmp_path, address)
    assert client.listed()[lease.NAME] == {"about": "novelists"}
    client.release()
    store.close()


def test_a_key_refused_for_a_while_costs_no_right(
    address: Address, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The renewing goes on, so the right is there still when the key is taken again."""
    monkeypatch.setattr(lease, "SECONDS", 4.0)
    store = Store.create(tmp_path, "fake", address)
    own, refused = Served.write, threading.Event()

    def write(client: Served, held: Any, record: Any) -> None:
        if not refused.is_set():
            refused.set()
            raise KeyRefused("not now")
        own(client, held, record)

    monkeypatch.setattr(Served, "write", write)
    with Writing(store) as writing:
        assert refused.wait(5)
        time.sleep(4.5)  # longer than it lasts without
        writing.seal("k", Page("p1", "a.md", "正文"), {"passages": 0}, ())
        assert writing.commit()
    store.close()


def test_what_is_out_of_use_stays_for_those_who_began_before(
    address: Address, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many generations come meanwhile, a question goes on with its own; later the rows and texts go."""
    put(corpus, tmp_path / "one", address)
    reader = Store.open(tmp_path / "two", "fake", address)
    before = {one.id: one for one in reader.all()}
    for size in (2600, 2700, 2800, 2900):
        (corpus / "qinghe.md").write_bytes(QINGHE.replace("2400平方米", f"{size}平方米").encode())
        put(corpus, tmp_path / "one", address)
    assert {one.id: one for one in reader.all()} == before
    assert reader.text("qinghe.md") == QINGHE
    monkeypatch.setattr(served, "GRACE", 0.0)
    (corpus / "qinghe.md").write_bytes(QINGHE.replace("2400平方米", "3000平方米").encode())
    put(corpus, tmp_path / "one", address)
    assert len(reader.page_rows.get(include=[])["ids"]) == len(PAGES) + 1
    client = Served.shared(address)
    assert len([name for name in client.listed() if name.startswith("generation-")]) == 2
    client.release()
    reader.close()


def test_nothing_private_is_logged(
    address: Address, corpus: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Of whichever library, at whichever level: neither the key nor a page's words."""
    with caplog.at_level(logging.DEBUG):
        put(corpus, tmp_path, address)
        opened(tmp_path, address).ask(QUESTION)
    assert KEY not in caplog.text
    assert "52.36" not in caplog.text
