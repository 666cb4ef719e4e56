"""The page in Debian's chromium: streams evidence, then the answer; calls nobody; shows hostile words as words."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from assistant.records import (
    Answer,
    Bound,
    Caveat,
    CaveatKind,
    Citation,
    Event,
    Evidence,
    EvidenceFound,
    Figure,
    FigureCheck,
    Final,
    Hit,
    Passage,
    Retrieved,
    Source,
    Span,
    Token,
    Verdict,
)
from assistant.web import page

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason=f"no browser: {CHROMIUM} (apt-get install chromium)"),
]

QUOTE = "园区2024年的规上工业总产值突破100.13亿元，占比98.26%。"
HOSTILE = (
    "<script>window.hit=1</script><img src=http://evil.example/a.png onerror=window.hit=1> ${window.hit=1} {{hit}}"
)
TEXT = "园区2024年的规上工业总产值突破100.13亿元。[a3f9]"


def figure(printed: str, within: str) -> Figure:
    at = within.index(printed)
    return Figure(printed, Decimal("10013000000"), "元", "money", Bound.MORE_THAN, at, at + len(printed))


def sentence(key: str, printed: str, headline: str, *figures: Figure) -> Evidence:
    source = Source("000.md", headline, "贵州日报", "2025-09")
    return Evidence(
        key, Passage(key, "s", source, printed, (Span(0, 9, 9 + len(printed)),)), 0, len(printed), figures, 1, 1
    )


FOUND = (
    sentence("a3f9", QUOTE, "旧电池循环再生", figure("突破100.13亿元", QUOTE)),
    sentence("e1e1", HOSTILE, HOSTILE),
)
ANSWER = Answer(
    "问",
    TEXT,
    (Citation("a3f9", "a3f9", FOUND[0].passage.source, QUOTE, 9, 9 + len(QUOTE)),),
    (FigureCheck(figure("突破100.13亿元", TEXT), Verdict.QUOTED, "a3f9"),),
    (Caveat(CaveatKind.SCOPE, f"只算规上企业。{HOSTILE}"),),
    evidence=FOUND,
)


class FakeAssistant:
    """Streams the one answer; ``words`` is set when the test has seen the evidence and wants the text."""

    model = HOSTILE
    examples = ("园区产值是多少？",)

    def __init__(self) -> None:
        self.words = threading.Event()
        self.histories: list[tuple[tuple[str, str], ...]] = []

    def stream(self, question: str, history: tuple[tuple[str, str], ...]) -> Iterator[Event]:
        self.histories.append(history)
        yield Retrieved((Hit(FOUND[0].passage, 1),))
        yield EvidenceFound(FOUND)
        assert self.words.wait(20)
        for piece in (TEXT[:10], TEXT[10:]):
            yield Token(piece)
        yield Final(ANSWER)


class Site:
    """The real page on a free port, in a thread, with every address that the process connects to."""

    def __init__(self, assistant: FakeAssistant) -> None:
        import uvicorn

        self.assistant = assistant
        self.listener = page.listen("127.0.0.1", 0)
        self.port = self.listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/"
        app = page.application(assistant, "127.0.0.1", self.port)
        self.server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [self.listener]}, daemon=True)

    def __enter__(self) -> "Site":
        self.thread.start()
        deadline = time.monotonic() + 20
        while not self.server.started:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        return self

    def __exit__(self, *_: object) -> None:
        self.assistant.words.set()
        self.server.should_exit = True
        self.thread.join(10)
        self.listener.close()


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Addresses beyond this machine that this process connects to or looks up."""
    found: list[Any] = []
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def watched_connect(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1"):
            found.append(address)
        connect(self, address)

    def watched_look_up(host: Any, *rest: Any, **more: Any) -> Any:
        if host not in ("127.0.0.1", "::1", "localhost", None):
            found.append(host)
        return look_up(host, *rest, **more)

    monkeypatch.setattr(socket.socket, "connect", watched_connect)
    monkeypatch.setattr(socket, "getaddrinfo", watched_look_up)
    return found


@pytest.fixture
def site(called: list[Any]) -> Iterator[Site]:
    with Site(FakeAssistant()) as site:
        yield site


class Visit:
    """An open tab, with the requests that left this machine and the errors in its console."""

    def __init__(self, browser: Any, site: Site, **context: Any) -> None:
        self.tab = browser.new_context(locale="zh-CN", **context).new_page()
        self.foreign: list[str] = []
        self.errors: list[str] = []
        self.tab.on("request", self._request)
        self.tab.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        self.tab.on("pageerror", lambda error: self.errors.append(str(error)))
        self.tab.goto(site.url)
        self.tab.wait_for_selector("#question textarea")

    def _request(self, request: Any) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "data:", "blob:")):
            self.foreign.append(request.url)

    def ask(self, question: str) -> None:
        self.tab.fill("#question textarea", question)
        self.tab.press("#question textarea", "Enter")


@pytest.fixture
def browser() -> Iterator[Any]:
    sync_playwright = pytest.importorskip("playwright.sync_api").sync_playwright
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def picture(visit: Visit, name: str) -> None:
    """Keep a picture where ``JUSHI_PICTURES`` names a folder."""
    if folder := os.environ.get("JUSHI_PICTURES"):
        visit.tab.screenshot(path=str(Path(folder) / f"{name}.png"))


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (390, 844)])
def test_a_question_is_answered(browser: Any, site: Site, called: list[Any], width: int, height: int) -> None:
    """Invariant: evidence first, then the answer with its cited sentence; nothing called, no error, no side scroll."""
    visit = Visit(browser, site, viewport={"width": width, "height": height})
    tab = visit.tab
    assert tab.title() == page.TITLE
    visit.ask("园区2024年规上工业总产值是多少？")
    tab.wait_for_selector("#live .evidence mark >> text=突破100.13亿元")
    assert tab.is_visible("#halt")
    assert not tab.is_visible("#send")
    assert not tab.query_selector("#live .citations")
    picture(visit, f"evidence-{width}")
    site.assistant.words.set()
    tab.wait_for_selector("#live .origin")
    tab.wait_for_selector("#send")
    picture(visit, f"answer-{width}")
    assert "100.13亿元" in tab.inner_text("#live .text")
    assert "[1]" in tab.inner_text("#live .text")
    assert tab.inner_text("#live .citations blockquote") == QUOTE
    assert tab.inner_text("#live .citations mark") == "突破100.13亿元"
    assert "照录" in tab.inner_text("#live .audit")
    assert "只算规上企业。" in tab.inner_text("#live .caveat")
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert tab.evaluate("document.documentElement.lang") == "zh-CN"
    assert not visit.foreign
    assert not visit.errors
    assert not called


def test_hostile_words_stay_words(browser: Any, site: Site) -> None:
    """Invariant: a page's script, image and template are read, not run."""
    site.assistant.words.set()
    visit = Visit(browser, site)
    visit.ask(HOSTILE)
    visit.tab.wait_for_selector("#live .origin")
    assert HOSTILE in visit.tab.inner_text("#live .question")
    assert HOSTILE in visit.tab.inner_text("#live .caveat")
    assert HOSTILE in visit.tab.text_content("#live .evidence")
    assert HOSTILE in visit.tab.inner_text("#masthead")
    assert visit.tab.evaluate("window.hit") is None
    assert visit.tab.evaluate("document.querySelectorAll('#live img, #live script').length") == 0
    assert not visit.foreign
    assert not visit.errors


def test_a_flaw_could_still_call_nobody(browser: Any, site: Site) -> None:
    """Invariant: the policy that travels with the page keeps the browser from a foreign address."""
    visit = Visit(browser, site)
    blocked = visit.tab.evaluate(
        """() => new Promise((told) => {
             document.addEventListener('securitypolicyviolation', (event) => told(event.blockedURI));
             document.body.appendChild(new Image()).src = 'http://evil.example/a.png';
             setTimeout(() => told(''), 3000);
           })"""
    )
    assert blocked.startswith("http://evil.example")


def test_stop_then_ask_again_with_the_history(browser: Any, site: Site) -> None:
    """Invariant: stop keeps the evidence; the stopped question is not history, the answered one is; clear forgets."""
    visit = Visit(browser, site)
    tab = visit.tab
    visit.ask("甲？")
    tab.wait_for_selector("#live .evidence")
    tab.click("#halt")
    tab.wait_for_selector("#live >> text=已停止")
    tab.wait_for_selector("#send")
    assert QUOTE in tab.inner_text("#live .evidence")
    site.assistant.words.set()
    for number, question in ((2, "乙？"), (3, "丙？")):
        visit.ask(question)
        tab.wait_for_selector(f"#turn-{number} .origin")
        tab.wait_for_selector("#send")
    assert site.assistant.histories == [(), (), (("乙？", TEXT),)]
    assert [heading.inner_text() for heading in tab.query_selector_all(".question")] == ["甲？", "乙？", "丙？"]
    tab.click("#clear")
    tab.wait_for_selector("#welcome button")
    assert not tab.query_selector(".turn")
    tab.click("#welcome button")
    tab.wait_for_selector("#turn-1 .origin")
    assert site.assistant.histories[-1] == ()


def test_a_reference_leads_to_its_citation_within_the_page(browser: Any, site: Site) -> None:
    """Invariant: following [1] keeps the conversation (no reload) and lights the citation."""
    site.assistant.words.set()
    visit = Visit(browser, site)
    visit.ask("甲？")
    visit.tab.wait_for_selector("#live .origin")
    visit.tab.click("#live .text a.ref")
    visit.tab.wait_for_selector("#turn-1-1.lit")
    assert visit.tab.url == site.url
    assert visit.tab.query_selector("#turn-1")
