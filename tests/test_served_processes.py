"""Real processes over one Chroma server: pages that answer while another reads in, and the commands of upkeep."""

import json
import os
import re
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from chroma_server import KEY, Cloud
from conftest import ROOT, SEEDS

pytestmark = pytest.mark.slow
JUSHI = [sys.executable, "-m", "assistant.cli"]
PARKS = ("青禾", "兰亭", "白鹭", "松岭", "云溪")
LAST = 6  # versions of the pages, each a generation
_VALUE = re.compile(r"1\d(\d)\.5亿元")
_PARK = re.compile("(?:" + "|".join(PARKS) + ")开发区")


def environment(address: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("JUSHI_")}
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    return {**kept, "PYTHONPATH": path, "JUSHI_CHROMA": address, "JUSHI_CHROMA_KEY": KEY, "JUSHI_MODEL": "none"}


def run(address: str, cwd: Path, *command: str, fails: bool = False) -> str:
    ran = subprocess.run(
        [*JUSHI, *command], cwd=cwd, env=environment(address), capture_output=True, text=True, check=False
    )
    assert bool(ran.returncode) == fails, ran.stdout + ran.stderr
    assert KEY not in ran.stdout + ran.stderr
    return ran.stdout + ran.stderr


def write(pages: Path, version: int) -> None:
    """Every page in this version: the output values of all parks end in it, so an answer tells of which it is."""
    pages.mkdir(exist_ok=True)
    for at, park in enumerate(PARKS):
        value = f"{10 + at}{version}.5"
        text = f"# {park}开发区简讯\n\n2024年，{park}开发区规上工业总产值{value}亿元，同比增长7.{version}%。\n"
        (pages / f"{park}-2025-03-0{at + 1}.md").write_text(text, "utf-8")


@contextmanager
def page(address: str, folder: Path) -> Iterator[str]:
    """``jushi chat`` in a folder of its own, as on a machine of its own."""
    folder.mkdir()
    command = [*JUSHI, "chat", "--no-browser", "--port", "0"]
    with subprocess.Popen(
        command, cwd=folder, env=environment(address), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stderr is not None
        said: list[str] = []
        for line in server.stderr:
            said.append(line)
            if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                break
        else:
            raise AssertionError("".join(said))
        threading.Thread(target=server.stderr.read, daemon=True).start()
        yield found[0]
        server.terminate()


def got(url: str, body: dict[str, Any] | None = None) -> Any:
    asked = urllib.request.Request(url, json.dumps(body).encode() if body else None)
    asked.add_header("content-type", "application/json")
    with urllib.request.urlopen(asked, timeout=60) as reply:
        return json.load(reply)


class Reader(threading.Thread):
    """Asks a page without end, and notes what does not hold."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url, self.over = url, threading.Event()
        self.wrong: list[str] = []
        self.versions: list[int] = []
        self.asked = 0

    def run(self) -> None:
        at = 0
        while not self.over.is_set():
            try:
                self._listed()
                self._compared(PARKS[at % len(PARKS)], PARKS[(at + 2) % len(PARKS)])
            except Exception as error:  # noqa: BLE001 - whatever it is, the test tells it
                self.wrong.append(repr(error))
                return
            at += 1

    def _listed(self) -> None:
        told = json.dumps(got(f"{self.url}/jushi/figures.json"), ensure_ascii=False)
        printed = [int(version) for version in _VALUE.findall(told)]
        if len({*printed}) != 1 or len({*_PARK.findall(told)}) != len(PARKS):
            self.wrong.append(told)
        self.versions += sorted({*printed})
        self.asked += 1

    def _compared(self, one: str, other: str) -> None:
        question = f"2024年规上工业总产值，{one}开发区和{other}开发区哪个高？高多少？"
        answer = got(f"{self.url}/ask", {"question": question})
        told = {int(version) for version in _VALUE.findall(answer["text"])}
        if len(told) != 1 or answer.get("declined"):
            self.wrong.append(f"versions {sorted(told)}: {answer['text']}")
        self.asked += 1


def test_pages_answer_from_whole_generations_while_others_are_read_in(cloud: Cloud, tmp_path: Path) -> None:
    """Two pages on machines of their own and one job: every answer is of one version, none goes back, all is there."""
    cloud.refused.clear()
    address = str(cloud.at("processes"))
    write(tmp_path / "pages", 1)
    run(address, tmp_path, "ingest", "pages", "--data", "writer")
    with page(address, tmp_path / "one") as one, page(address, tmp_path / "two") as two:
        readers = [Reader(one), Reader(two), Reader(two)]
        for reader in readers:
            reader.start()
        for version in range(2, LAST + 1):
            write(tmp_path / "pages", version)
            run(address, tmp_path, "ingest", "pages", "--data", "writer")
        until = time.monotonic() + 60
        while any(reader.versions[-1:] != [LAST] for reader in readers if not reader.wrong):
            assert time.monotonic() < until
            time.sleep(0.1)
        for reader in readers:
            reader.over.set()
            reader.join()
    print([(reader.asked, sorted({*reader.versions})) for reader in readers])
    for reader in readers:
        assert reader.wrong == []
        assert reader.versions == sorted(reader.versions)
        assert len({*reader.versions}) > LAST // 2
        assert reader.asked > 2 * LAST
    assert cloud.refused == []


def test_two_jobs_at_once_lose_nothing(cloud: Cloud, tmp_path: Path) -> None:
    """Each waits for the other and adds its pages to those that are there."""
    address = str(cloud.at("jobs"))
    jobs = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        for at in range(4):
            (tmp_path / name / f"{name}{at}.md").write_text(f"# 桥{name}{at}\n\n第{at}座桥长{at + 30}米。", "utf-8")
        command = [*JUSHI, "ingest", name, "--data", f"data-{name}", "--wait"]
        jobs.append(
            subprocess.Popen(command, cwd=tmp_path, env=environment(address), stderr=subprocess.PIPE, text=True)
        )
    for job in jobs:
        _, said = job.communicate(timeout=120)
        assert job.returncode == 0, said
    told = json.loads(run(address, tmp_path, "figures", "桥", "--json", "--data", "elsewhere"))
    assert len(told) == 8, told


def test_upkeep_of_an_index_on_a_server(cloud: Cloud, tmp_path: Path) -> None:
    """Saved from the server, restored into a folder, saved from there, restored into another database: all the same."""
    asked = ("ask", "台江经开区2024年规上工业总产值是多少？")
    one, other = str(cloud.at("upkeep-one")), str(cloud.at("upkeep-other"))
    assert "jushi ingest" in run(one, tmp_path, *asked, fails=True)
    assert "100.13亿元" not in run(one, tmp_path, "doctor")
    assert one in run(one, tmp_path, "ingest", str(SEEDS))
    first = run(one, tmp_path, *asked)
    assert "100.13亿元" in first
    told = run(one, tmp_path, "doctor")
    assert "✗" not in told
    assert "5 页的原文都在" in told
    assert "another" not in told
    assert "ANOTHER" in run(one, tmp_path, "doctor", "--rebuild", fails=True)
    run(one, tmp_path, "backup", "a.zip")
    run("", tmp_path, "restore", "a.zip", "--data", "local")
    assert run("", tmp_path, *asked, "--data", "local") == first
    run("", tmp_path, "backup", "b.zip", "--data", "local")
    said = run(other, tmp_path, "restore", "b.zip")
    assert "重算向量 0" in said
    assert run(other, tmp_path, *asked, "--data", "third") == first
    assert "already" in run(other, tmp_path, "restore", "b.zip", fails=True)
    (corrupt,) = (tmp_path / "data" / "served").glob("*upkeep-one*")
    (claims,) = corrupt.glob("claims/*.sqlite")
    claims.write_bytes(b"no database" * 999)
    assert "已从索引重做" in run(one, tmp_path, "doctor")
    assert run(one, tmp_path, *asked) == first
