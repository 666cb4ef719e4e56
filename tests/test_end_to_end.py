"""The README's commands as a user runs them: pages ingested, the page served and asked in a browser, evals killed."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")
JUSHI = (sys.executable, "-m", "assistant.cli")
QUESTION = "台江经开区2024年规上工业总产值是多少？"
pytestmark = pytest.mark.slow


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("JUSHI_")}
    return {**kept, **more}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("index")
    done = subprocess.run(
        [*JUSHI, "ingest", "--data", str(folder)], env=environment(), capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("5 个文件")
    return folder


@pytest.fixture
def address(data: Path) -> Iterator[str]:
    """The page over the index, on a port that the system chose."""
    command = [*JUSHI, "chat", "--no-browser", "--port", "0", "--model", "none", "--data", str(data)]
    with subprocess.Popen(command, env=environment(), stderr=subprocess.PIPE, text=True) as page:
        assert page.stderr is not None
        found = next(filter(None, (re.search(r"http://127\.0\.0\.1:\d+", line) for line in page.stderr)))
        yield found[0]
        page.terminate()


@pytest.mark.skipif(not Path(CHROMIUM).exists(), reason=f"no browser: {CHROMIUM} (apt-get install chromium)")
def test_the_page_answers_with_the_printed_figure_and_its_source(address: str) -> None:
    """The question of the README, asked in a browser, shows 100.13亿元, its sentence and its paper."""
    from playwright.sync_api import expect, sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        tab = browser.new_page(locale="zh-CN")
        tab.goto(address)
        tab.fill("#asked", QUESTION)
        tab.keyboard.press("Enter")
        shown = tab.locator("#live")
        expect(shown).to_contain_text("数字核对", timeout=60_000)
        for words in ("突破100.13亿元", "贵州日报", "2025-09", "台江经开区", "照录"):
            expect(shown).to_contain_text(words)
        browser.close()


def test_the_terminal_answers_with_the_printed_figure_and_its_source(data: Path) -> None:
    """The same question in the terminal."""
    command = [*JUSHI, "ask", QUESTION, "--model", "none", "--data", str(data)]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=True)
    assert done.stdout.startswith("突破100.13亿元")
    assert "000_fe3afa8c08b86c37.md" in done.stdout


def test_a_second_ingest_changes_nothing(data: Path) -> None:
    """What has not changed is neither read into passages nor embedded again."""
    command = [*JUSHI, "ingest", "--data", str(data)]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=True)
    assert done.stdout.startswith("5 个文件（5 个未变），0 篇报道，0 个段落（新写入 0，替换 0）")


def filed(path: Path) -> list[dict[str, Any]]:
    """The lines of a results file without what a clock says."""
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    for line in lines:
        for name in ("seconds", "timings"):
            line.pop(name, None)
        line.get("header", {}).pop("date", None)
    return lines


def test_evals_killed_twice_go_on_to_the_file_of_an_unbroken_run(data: Path, tmp_path: Path) -> None:
    """Kill -9 in mid-run, then --resume: nothing filed is asked again or lost, and all else but times is the same."""
    command = [*JUSHI, "evals", "--model", "none", "--limit", "150", "--seed", "7", "--data", str(data), "--out"]
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    quiet: dict[str, Any] = {"env": environment(), "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run([*command, str(whole)], check=True, **quiet)
    (unbroken,) = whole.glob("*.jsonl")
    before = b""
    for more, least in (([], 20), (["--resume"], 80)):
        with subprocess.Popen([*command, str(broken), *more], **quiet) as process:
            while process.poll() is None:
                files = list(broken.glob("*.jsonl"))
                if files and files[0].read_bytes().count(b"\n") > least:
                    break
                time.sleep(0.002)
            process.kill()
        assert process.returncode == -signal.SIGKILL
        (path,) = broken.glob("*.jsonl")
        kept = path.read_bytes()
        assert least < kept.count(b"\n") < 151
        assert kept.startswith(before)
        before = kept[: kept.rfind(b"\n") + 1]
    subprocess.run([*command, str(broken), "--resume"], check=True, **quiet)
    (path,) = broken.glob("*.jsonl")
    assert path.read_bytes().startswith(before)
    assert filed(path) == filed(unbroken)
