"""Debian's chromium as a reader's browser: tabs that note what leaves this machine and what goes wrong in them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = "/usr/bin/chromium"
MISSING = f"no browser: {CHROMIUM} (apt-get install chromium)"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES = [(1280, 900), (390, 844)]  # a laptop and a phone


@contextmanager
def browser() -> Iterator[Any]:
    """A browser; the test is skipped where nothing drives it."""
    sync_playwright = pytest.importorskip("playwright.sync_api").sync_playwright
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


class Visit:
    """An open tab, with the requests that left this machine and the errors in its console."""

    def __init__(self, browser: Any, url: str, **context: Any) -> None:
        self.tab = browser.new_context(locale="zh-CN", **context).new_page()
        self.foreign: list[str] = []
        self.errors: list[str] = []
        self.tab.on("request", self._request)
        self.tab.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        self.tab.on("pageerror", lambda error: self.errors.append(str(error)))
        self.tab.goto(url)
        self.tab.wait_for_selector("body.ready")

    def _request(self, request: Any) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "data:", "blob:")):
            self.foreign.append(request.url)

    def ask(self, question: str) -> None:
        self.tab.fill("#asked", question)
        self.tab.press("#asked", "Enter")


def picture(visit: Visit, name: str) -> None:
    """Keep a picture where ``JUSHI_PICTURES`` names a folder."""
    if folder := os.environ.get("JUSHI_PICTURES"):
        visit.tab.screenshot(path=str(Path(folder) / f"{name}.png"))


def axe() -> str:
    """The script of axe-core that a wheel carries; the test is skipped where that is not installed."""
    pytest.importorskip("axe_playwright_python", reason="no axe-core: pip install axe-playwright-python")
    return (resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
