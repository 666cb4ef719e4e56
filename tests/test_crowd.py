"""Benchmarks of reading in and of a crowd: what is counted is what was asked and written; no seconds are asserted."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from conftest import FakeEmbedder

from evals.benchmarks import crowd, ingest, pipelines


class Page(BaseHTTPRequestHandler):
    """Answers every second question of a server, and is busy for the others."""

    asked = 0
    lock = threading.Lock()

    def do_POST(self) -> None:
        question = json.loads(self.rfile.read(int(self.headers["content-length"])))["question"]
        with Page.lock:
            Page.asked += 1
            busy = question == "忙？"
        body = json.dumps({"text": "" if question == "空？" else f"答{question}"}).encode()
        self.send_response(503 if busy else 200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    Page.asked = 0
    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_each_of_a_crowd_is_heard(address: str) -> None:
    """Every question is asked once; an answer without words and a busy page are errors, not seconds."""
    heard, took = crowd.crowd(address, ["甲？", "乙？", "忙？", "空？"], people=4, each=2)
    assert Page.asked == 8
    assert (len(heard.seconds), len(heard.errors)) == (4, 4)
    assert all(0 < spent <= took for spent in heard.seconds)
    told = crowd.row(4, heard, took)
    assert told.startswith("| 4 | 4 | ")
    assert told.split(" | ")[-2] == "4"


def test_articles_are_repeated_with_other_figures(tmp_path: Path) -> None:
    """As many files as are wanted, no two alike."""
    articles = tmp_path / "articles.jsonl"
    rows = ({"title": "产值", "text": f"园区产值{at}1亿元。"} for at in range(3))
    articles.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    folder = tmp_path / "pages"
    folder.mkdir()
    letters = ingest.written(articles, 7, folder)
    texts = [path.read_text("utf-8") for path in sorted(folder.iterdir())]
    assert len(set(texts)) == len(texts) == 7
    assert sum(map(len, texts)) == letters


def test_the_tables_tell_each_run() -> None:
    run = ingest.Run(100, 4.0, 6.0, 300 << 20, {"parse": 1.0, "embed": 2.0, "total": 4.0})
    assert "| Jushi | 100 | 4.00 | 25.0 | 6.0 | 300 MB |" in ingest.table([("Jushi", run)])
    assert "| embed | 2.00 | 50% |" in ingest.stages(run)


@pytest.mark.slow
def test_a_peer_reads_every_file(tmp_path: Path) -> None:
    """LangChain's pieces hold the whole text, none longer than is allowed."""
    folder = tmp_path / "pages"
    folder.mkdir()
    for at in range(3):
        (folder / f"{at}.txt").write_text(f"第{at}座桥长300米。" * 40, "utf-8")
    pieces = pipelines.pieces("LangChain", folder, tmp_path / "data", FakeEmbedder())
    assert pieces >= 3 * 40 * len("第1座桥长300米。") / pipelines.LONGEST
