"""Anyone's system is asked the same items: by one method, through threads, over a kill; the stock chain first."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from conftest import PAGES, ROOT, FakeChat, FakeEmbedder

from assistant import embed
from assistant.errors import SettingError
from assistant.records import Answer, Evidence, Passage, Source, Span
from assistant.settings import Settings
from evals import run, stock, systems
from evals.gold import GoldItem, Kind
from evals.reading import declines
from evals.stock import StockChain
from evals.systems import Asked

ITEM = GoldItem("q", "青禾开发区有多少家纺织企业？", Kind.TEXT, must_mention=(("41",),), history=(("甲？", "乙。"),))
HEADER = {"gold": "g.jsonl", "model": "none"}


@pytest.mark.parametrize(
    ("text", "declined"),
    [
        ("抱歉，资料中没有提到这一产值。", True),
        ("根据提供的内容，无法确定2023年的产值。", True),
        ("I don't know.", True),
        ("The context does not mention it.", True),
        ("", True),
        ("产值为5亿元。", False),
        (
            "产值为5亿元，同比增长7%，规上企业18家，纺织企业41家，出口额约3.2亿元，占全市的六成以上；利润没有提到。",
            False,
        ),
    ],
)
def test_a_refusal_is_told_by_how_a_text_begins(text: str, declined: bool) -> None:
    """What is said at the end about something else is no refusal."""
    assert declines(text) is declined


def test_a_peer_is_asked_by_one_method() -> None:
    """It gets question and history; a text becomes an answer, a record stays as it is."""

    class Peer:
        name = "mine"

        def __init__(self, told: Answer | str) -> None:
            self.told = told
            self.asked: list[Any] = []

        def answer(self, question: str, history: Sequence[tuple[str, str]]) -> Answer | str:
            self.asked.append((question, history))
            return self.told

    peer = Peer("没有写到。")
    assert systems.of_peer(peer)(ITEM) == Asked(Answer(ITEM.question, "没有写到。", declined=True, model="mine"))
    assert peer.asked == [(ITEM.question, ITEM.history)]
    whole = Answer("？", "41家。", model="x")
    assert systems.of_peer(Peer(whole))(ITEM).answer is whole


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("elsewhere", "module:class"),
        ("no_such_module:Peer", "no_such_module"),
        ("peers:Nobody", "Nobody"),
        ("peers:Silent", "answer"),
    ],
)
def test_a_name_that_is_no_system_is_an_error(name: str, told: str) -> None:
    """What is wrong with --system is told, whatever is wrong."""
    with pytest.raises(SettingError, match=told), systems.opened(name, Settings(model="none"), Path()):
        pass


def test_workers_change_the_time_and_nothing_else(tmp_path: Path) -> None:
    """Four at a time give the same file as one, in the items' order, however unevenly they answer."""
    items = [GoldItem(f"q{n}", f"问{n}？", Kind.TEXT, must_mention=((f"{n}",),)) for n in range(20)]

    def ask(item: GoldItem) -> Answer:
        time.sleep(0.02 if item.id.endswith(("0", "5")) else 0.001)
        return Answer(item.question, f"是{item.id}。")

    for workers in (1, 4):
        run.run(items, ask, tmp_path / f"{workers}.jsonl", HEADER, workers=workers)
    assert plain(tmp_path / "1.jsonl") == plain(tmp_path / "4.jsonl")


def test_a_worker_that_fails_costs_only_what_was_being_asked(tmp_path: Path) -> None:
    """The error passes through, what was answered before it is filed, and the run goes on from there."""
    items = [GoldItem(f"q{n}", f"问{n}？", Kind.TEXT, must_mention=((f"{n}",),)) for n in range(10)]
    broken = {"q6"}

    def ask(item: GoldItem) -> Answer:
        if item.id in broken:
            raise SettingError("the endpoint is gone")
        return Answer(item.question, f"是{item.id}。")

    path = tmp_path / "r.jsonl"
    with pytest.raises(SettingError, match="gone"):
        run.run(items, ask, path, HEADER, workers=3)
    assert [line["item"] for line in run.read(path)[1]] == [f"q{n}" for n in range(6)]
    broken.clear()
    records = run.run(items, ask, path, HEADER, workers=3, resume=True)
    assert [line["item"] for line in records] == [item.id for item in items]
    assert [line["item"] for line in run.read(path)[1]] == [item.id for item in items]


def plain(path: Path) -> list[dict[str, Any]]:
    """The lines of a results file without what a clock says."""
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    for line in lines:
        line.pop("seconds", None)
        line.get("header", {}).pop("date", None)
    return lines


@pytest.mark.parametrize("workers", ["1", "3"])
def test_a_killed_process_goes_on_to_the_same_file(tmp_path: Path, workers: str) -> None:
    """Kill -9 in mid-run, then --resume: the file of an unbroken run, and no item was asked again that was filed."""
    command = [sys.executable, "-m", "evals", "--system", "peers:Slow", "--model", "none", "--limit", "40"]
    command += ["--workers", workers, "--out"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "tests")))}
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    subprocess.run([*command, str(whole)], cwd=tmp_path, env=environment, check=True, capture_output=True)
    with subprocess.Popen(
        [*command, str(broken)], cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            files = list(broken.glob("*.jsonl"))
            if files and files[0].read_bytes().count(b"\n") > 8:
                break
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
    (path,) = broken.glob("*.jsonl")
    filed = [line["item"] for line in run.read(path)[1]]
    assert 8 <= len(filed) < 40
    before = path.read_bytes()[: path.read_bytes().rfind(b"\n") + 1]
    subprocess.run([*command, str(broken), "--resume"], cwd=tmp_path, env=environment, check=True, capture_output=True)
    (unbroken,) = whole.glob("*.jsonl")
    assert path.read_bytes().startswith(before)
    assert plain(path) == plain(unbroken)


# ---------------------------------------------------------------------- the stock chain


class _Found:
    def __init__(self, *texts: str) -> None:
        self.texts = texts

    def invoke(self, question: str) -> list[Any]:
        from langchain_core.documents import Document

        return [Document(text, metadata={"source": "a.md"}) for text in self.texts]


def test_the_stock_chain_shows_its_chunks_to_the_model() -> None:
    """The first four chunks and the earlier turns are what the model reads; its words are the answer, uncited."""
    chat = FakeChat("有41家。")
    answer = StockChain(_Found("一", "二", "三", "四", "五"), chat).answer("多少家？", (("甲？", "乙。"),))
    (messages,) = chat.written
    assert [role for role, _ in messages] == ["system", "user", "assistant", "user"]
    assert "一\n\n二\n\n三\n\n四\nAnswer:" in messages[-1][1]
    assert "五" not in messages[-1][1]
    assert (answer.text, answer.declined, answer.citations) == ("有41家。", False, ())
    assert [evidence.text for evidence in answer.evidence] == ["一", "二", "三", "四"]
    assert answer.usage == {"read": 10, "written": 1}
    assert StockChain(_Found("一"), FakeChat("I don't know.")).answer("？", ()).declined


def test_the_stock_chain_needs_a_model(tmp_path: Path) -> None:
    """Without one there is nobody to write; the message says what to do."""
    with pytest.raises(SettingError, match="--model"):
        StockChain.open(Settings(model="none"), tmp_path)


def test_the_stock_retriever_finds_by_words_and_vectors(tmp_path: Path) -> None:
    """Chroma and BM25 over the same chunks find the page that has the words; an empty folder is an error."""
    pytest.importorskip("langchain_chroma")
    with pytest.raises(SettingError, match="--pages"):
        stock.retriever(tmp_path, FakeEmbedder())
    for name, text in PAGES.items():
        (tmp_path / name.replace(".txt", ".md")).write_text(text, "utf-8")
    embedder: embed.Embedder = FakeEmbedder()
    found = stock.retriever(tmp_path, embedder).invoke("白鹭水库今年蓄水多少立方米？")
    assert any("1860万立方米" in document.page_content for document in found)
    assert all(len(document.page_content) <= stock.CHUNK for document in found)


def test_a_chunk_is_evidence() -> None:
    """The report can tell whether the chain had the fact before it."""
    from langchain_core.documents import Document

    made = stock._evidence(2, Document("企业41家。", metadata={"source": "a.md"}))
    assert made == Evidence(
        "c2", Passage("chunk-2", "", Source("a.md"), "企业41家。", (Span(0, 0, 6),)), 0, 6, (), 0.5, 0.0
    )
