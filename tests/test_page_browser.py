"""The page in Debian's chromium: evidence, then the answer, then its line; every room walked; nobody called."""

import json
import socket
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import visiting
from conftest import PAGES, FakeEmbedder, ingest
from serving import HOSTILE, QUOTE, TEXT, FakeAssistant, Served
from visiting import SIZES, Visit, picture

from assistant.library import Library
from assistant.records import (
    Checked,
    CheckedNumber,
    Citation,
    Fault,
    Source,
    Stated,
    Verdict,
)
from assistant.store import Store
from assistant.web import page
from assistant.web.bench import Bench
from assistant.web.checking import Checking
from assistant.web.intake import Intake
from assistant.web.reactions import Reactions

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path(visiting.CHROMIUM).exists(), reason=visiting.MISSING),
]


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
def site(called: list[Any]) -> Iterator[Served]:
    with Served(FakeAssistant()) as site:
        yield site


@pytest.fixture
def browser() -> Iterator[Any]:
    with visiting.browser() as opened:
        yield opened


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_question_is_answered(browser: Any, site: Served, called: list[Any], width: int, height: int) -> None:
    """Invariant: evidence first, then the answer with its cited sentence; nothing called, no error, no side scroll."""
    visit = Visit(browser, site.url, viewport={"width": width, "height": height})
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
    assert tab.inner_text("#live .text .ref").endswith("1")
    assert tab.inner_text("#live .citations blockquote") == QUOTE
    assert tab.inner_text("#live .citations mark") == "突破100.13亿元"
    assert "照录" in tab.inner_text("#live .audit")
    assert "只算规上企业。" in tab.inner_text("#live .caveat")
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert tab.evaluate("document.documentElement.lang") == "zh-CN"
    assert "100.13亿元" in tab.inner_text("#said")
    assert not visit.foreign
    assert not visit.errors
    assert not called


def test_hostile_words_stay_words(browser: Any, site: Served) -> None:
    """Invariant: a page's script, image and template are read, not run."""
    site.assistant.words.set()
    visit = Visit(browser, site.url)
    visit.ask(HOSTILE)
    visit.tab.wait_for_selector("#live .origin")
    assert HOSTILE in visit.tab.inner_text("#live .question")
    assert HOSTILE in visit.tab.inner_text("#live .caveat")
    assert HOSTILE in visit.tab.text_content("#live .evidence")
    assert HOSTILE in visit.tab.inner_text("#model option")
    assert visit.tab.evaluate("window.hit") is None
    assert visit.tab.evaluate("document.querySelectorAll('#live img, #live script').length") == 0
    assert not visit.foreign
    assert not visit.errors


def test_a_flaw_could_still_call_nobody(browser: Any, site: Served) -> None:
    """Invariant: the policy that travels with the page keeps the browser from a foreign address."""
    visit = Visit(browser, site.url)
    blocked = visit.tab.evaluate(
        """() => new Promise((told) => {
             document.addEventListener('securitypolicyviolation', (event) => told(event.blockedURI));
             document.body.appendChild(new Image()).src = 'http://evil.example/a.png';
             setTimeout(() => told(''), 3000);
           })"""
    )
    assert blocked.startswith("http://evil.example")


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_stop_then_ask_again_with_the_history(browser: Any, site: Served, width: int, height: int) -> None:
    """Invariant: stop keeps the evidence; the stopped question is not history, the answered one is; clear forgets."""
    visit = Visit(browser, site.url, viewport={"width": width, "height": height})
    tab = visit.tab
    visit.ask("甲？")
    tab.wait_for_selector("#live .evidence")
    tab.keyboard.press("Escape")
    tab.wait_for_selector("#live >> text=已停止")
    tab.wait_for_selector("#send")
    assert QUOTE in tab.inner_text("#live .evidence")
    site.assistant.words.set()
    for number, question in ((2, "乙？"), (3, "丙？")):
        visit.ask(question)
        tab.wait_for_selector(f"#turn-{number} .origin")
        tab.wait_for_selector("#send")
    assert site.assistant.histories == [(), (), (("乙？", TEXT),)]
    assert [words.inner_text() for words in tab.query_selector_all(".question .words")] == ["甲？", "乙？", "丙？"]
    tab.click("[data-act=clear]")
    tab.wait_for_selector("#welcome .offer")
    assert not tab.query_selector(".turn")
    tab.click("#welcome .offer")
    tab.wait_for_selector("#turn-1 .origin")
    assert site.assistant.histories[-1] == ()


def test_the_last_question_is_asked_again_or_otherwise(browser: Any, site: Served) -> None:
    """Invariant: a retry and an edit take the last turn's place, and it is no history to itself; Esc leaves editing."""
    site.assistant.words.set()
    visit = Visit(browser, site.url)
    tab = visit.tab
    visit.ask("甲？")
    tab.wait_for_selector("#turn-1 .origin")
    tab.click("#turn-1 [data-act=retry]")
    tab.wait_for_function("document.querySelectorAll('.turn').length === 1")
    tab.wait_for_selector("#turn-1 .origin")
    tab.click("#turn-1 [data-act=edit]")
    assert tab.input_value("#asked") == "甲？"
    tab.keyboard.press("Escape")
    assert tab.input_value("#asked") == ""
    tab.click("#turn-1 [data-act=edit]")
    visit.ask("乙？")
    tab.wait_for_selector("#turn-1 .words >> text=乙？")
    tab.wait_for_selector("#turn-1 .origin")
    assert len(tab.query_selector_all(".turn")) == 1
    assert site.assistant.histories == [(), (), ()]


def _checked(draft: str) -> CheckedNumber:
    """A check that finds one number wrong, where the page prints another."""
    at = draft.index("53.36亿元")
    source = Source("qinghe.md", "青禾开发区：纺织车间换了新装", "青禾日报", "2025-03-15")
    start = PAGES["qinghe.md"].index("2024年，青禾")
    cited = Citation("k", "p", source, "总产值突破52.36亿元", start, start + 20)
    wrong = CheckedNumber("53.36亿元", at, at + 7, Stated.FIGURE, Verdict.UNSUPPORTED, Fault.VALUE, "来源写作52.36亿元")
    return replace(wrong, citations=(cited,), printed="52.36亿元")


# --- with a library -----------------------------------------------------------------------------------------------


@pytest.fixture
def whole(index: Path, called: list[Any]) -> Iterator[Served]:
    """A page over the invented pages, that may change them."""
    library = Library(Store.open(index, FakeEmbedder.name))
    assistant = FakeAssistant()
    assistant.words.set()
    # A stand-in for ingestion, whose own tests it has: it tells progress, then waits to be cancelled.
    told = 'print(\'{"event":"progress","file":"甲.txt","done":1,"total":2}\', flush=True)'
    intake = Intake(index, (sys.executable, "-c", f"import time\n{told}\ntime.sleep(30)"))
    checking = Checking(lambda text, _date: Checked(text, (_checked(text),), 1))
    counts = {"correct": 6, "partial": 1, "declined": 2, "wrong": 1}
    lines = [json.dumps({"verdict": verdict}) for verdict, count in counts.items() for _ in range(count)]
    results = index / "results"
    results.mkdir()
    for name in ("a", "b"):
        header = json.dumps({"header": {"model": HOSTILE, "date": "2026-11-26T04:05:11+00:00", "gold": "seeds.jsonl"}})
        (results / f"{name}.jsonl").write_text("\n".join((header, *lines, "")), "utf-8")
    bench = Bench(results, ("false",), (), index / "gold")
    rooms: dict[str, Any] = {
        "library": library,
        "intake": intake,
        "reactions": Reactions(index),
        "checking": checking,
        "bench": bench,
    }
    with Served(assistant, **rooms) as site:
        yield site
    library.close()


@pytest.mark.parametrize("tongue", ["zh", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_room_is_walked(
    browser: Any, whole: Served, called: list[Any], width: int, height: int, scheme: str, tongue: str
) -> None:
    """Invariant: in both languages, sizes and schemes every room opens, reads and holds its width; nobody is called."""
    visit = Visit(browser, whole.url, viewport={"width": width, "height": height}, color_scheme=scheme)
    tab = visit.tab
    if tongue == "en":
        tab.click("[data-act=tongue]")
    name = f"{width}-{scheme}-{tongue}"
    expected = {
        "ask": ("试着问", "Try"),
        "figures": ("下载 CSV", "Download CSV"),
        "library": ("查", "Find"),
        "evals": ("开考", "Run"),
    }

    def fits(room: str) -> None:
        picture(visit, f"{room}-{name}")
        assert tab.evaluate("document.documentElement.scrollWidth") <= width

    shown = {
        "ask": "#welcome .sample mark",
        "figures": "#figures-shown tbody tr",
        "library": ".pages li",
        "evals": "table.runs tbody tr",
    }
    for room, selector in shown.items():
        tab.click(f"#tab-{room}")
        tab.wait_for_selector(selector)
        words = tab.inner_text(f"#room-{room}")
        assert expected[room][tongue == "en"] in words
        assert expected[room][tongue != "en"] not in words
        fits(room)
    tab.click("#tab-library")
    tab.click(".pages .title")
    tab.wait_for_selector("#library-shown .beside .story")
    fits("page")
    tab.click("#tab-figures")
    tab.click("[data-view=doubts]")
    tab.wait_for_selector("#figures-shown .none, #figures-shown .doubts")
    fits("doubts")
    tab.reload()
    tab.wait_for_selector("body.ready")
    assert tab.evaluate("document.documentElement.lang") == ("en" if tongue == "en" else "zh-CN")
    assert not visit.foreign
    assert not visit.errors
    assert not called


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_three_clicks_to_an_answer_a_line_and_a_table(browser: Any, whole: Served, width: int, height: int) -> None:
    """Invariant: opening the page, a stranger is one click from an answer, one from a line, two from a table."""
    visit = Visit(browser, whole.url, viewport={"width": width, "height": height}, accept_downloads=True)
    tab = visit.tab
    tab.click("#welcome .sample .open")
    tab.wait_for_selector("#cited mark")
    box = tab.locator("#cited").bounding_box()
    assert box
    assert 0 <= box["y"] <= height
    assert tab.evaluate("document.activeElement.id") == "beside"
    tab.keyboard.press("Escape")
    assert not tab.is_visible("#beside")
    assert "open" in tab.evaluate("document.activeElement.className")
    tab.click("#welcome .offer")
    tab.wait_for_selector("#turn-1 .origin")
    tab.click("#tab-figures")
    tab.wait_for_selector("table.figures")
    with tab.expect_download() as download:
        tab.click("#as-csv")
    assert Path(download.value.path()).read_text("utf-8-sig").startswith("subject,")
    assert not visit.errors


def test_a_reaction_is_kept_and_a_conversation_saved(browser: Any, whole: Served, index: Path) -> None:
    visit = Visit(browser, whole.url, accept_downloads=True)
    tab = visit.tab
    visit.ask("甲？")
    tab.wait_for_selector("#turn-1 .origin")
    tab.click("[data-judged=down]")
    tab.keyboard.type("单位错了")
    tab.keyboard.press("Enter")
    tab.wait_for_selector(".toast >> text=已记下")
    kept = json.loads((index / "reactions.jsonl").read_text("utf-8"))
    assert (kept["question"], kept["right"], kept["reason"]) == ("问", False, "单位错了")
    for kind, begins in (("md", "# 据实".encode()), ("docx", b"PK")):
        with tab.expect_download() as download:
            tab.click(f"[data-kind={kind}]")
        assert download.value.suggested_filename.endswith(kind)
        assert Path(download.value.path()).read_bytes().startswith(begins)
    assert not visit.errors


def test_files_are_dropped_refused_and_cancelled(browser: Any, whole: Served, tmp_path: Path, index: Path) -> None:
    """Invariant: each file's own trouble is told beside it; progress is shown; cancel ends it and says so."""
    visit = Visit(browser, whole.url)
    tab = visit.tab
    (tmp_path / "甲.txt").write_text("甲", "utf-8")
    (tmp_path / "qinghe.md").write_text("乙", "utf-8")
    (tmp_path / "空.txt").write_text("", "utf-8")
    (tmp_path / "x.exe").write_text("MZ", "utf-8")
    tab.click("#tab-library")
    tab.wait_for_selector(".pages")
    tab.set_input_files("#files", [str(tmp_path / name) for name in ("甲.txt", "qinghe.md", "空.txt", "x.exe")])
    tab.wait_for_selector("#batch-files li:nth-child(4)")
    told = [item.inner_text() for item in tab.query_selector_all("#batch-files li")]
    assert ["将替换" in told[1], "空文件" in told[2], "不收这种文件" in told[3]] == [True] * 3
    tab.click("#batch [data-act=ingest]")
    tab.wait_for_selector("#job-said >> text=甲.txt")
    tab.click("#job [data-act=cancel]")
    tab.wait_for_selector("#job-said >> text=已取消")
    assert sorted(one.name for one in (index / "incoming").rglob("*.*")) == ["qinghe.md", "甲.txt"]


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_draft_is_checked_against_the_pages(browser: Any, whole: Served, width: int, height: int) -> None:
    """Invariant: a wrong number is marked in the draft, told beside it, and opens the line that prints it otherwise."""
    visit = Visit(browser, whole.url, viewport={"width": width, "height": height})
    tab = visit.tab
    tab.click("#tab-check")
    tab.fill("#draft", f"青禾开发区总产值53.36亿元。{HOSTILE}")
    tab.click("#proofing .go")
    tab.wait_for_selector(".stated.unsupported >> text=53.36亿元")
    picture(visit, f"check-{width}")
    assert HOSTILE in tab.inner_text(".proof .draft")
    tab.click(".stated")
    assert tab.evaluate("document.activeElement.id") == "proof-1"
    assert "来源写作52.36亿元" in tab.inner_text("#proof-1")
    tab.click("#proof-1 .open")
    tab.wait_for_selector("#cited >> text=52.36亿元")
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert not visit.foreign
    assert not visit.errors


def test_slash_and_arrows_reach_everything(browser: Any, whole: Served) -> None:
    """Invariant: the question is one key away from anywhere, and the rooms are walked with the arrows."""
    visit = Visit(browser, whole.url)
    tab = visit.tab
    tab.focus("#tab-ask")
    tab.keyboard.press("ArrowRight")
    assert tab.evaluate("document.activeElement.id") == "tab-check"
    assert tab.is_visible("#draft")
    tab.keyboard.press("/")
    assert tab.evaluate("document.activeElement.id") == "asked"
    assert tab.is_visible("#room-ask")
    tab.keyboard.type("甲")
    tab.keyboard.press("Shift+Enter")
    assert tab.input_value("#asked") == "甲\n"
    tab.keyboard.press("Enter")
    tab.wait_for_selector("#turn-1 .origin")


# --- hostile pages, and readers who do not see --------------------------------------------------------------------

HOSTILE_PAGE = """---
paper: <img src=x onerror=window.hit=1>
date: 2025-03-15
theme: <script>window.hit=1</script>
---

# <script>window.hit=1</script>青禾开发区${window.hit=1}{{hit}}

2024年，青禾开发区<img src=http://evil.example/a.png onerror=window.hit=1>规上工业总产值
突破52.36亿元。[看](javascript:window.hit=1)

2024年，青禾开发区出口额\u202e元亿13.001\u202c约3.2亿元。
</blockquote></article><script>window.hit=1</script>
"""


@pytest.fixture
def hostile(tmp_path: Path, called: list[Any]) -> Iterator[Served]:
    """A page over an index that holds a hostile page of a hostile name."""
    pages = tmp_path / "hostile"
    pages.mkdir()
    (pages / "b&<i>x\"'.md").write_text(HOSTILE_PAGE, "utf-8")
    ingest(pages, tmp_path / "data", FakeEmbedder())
    library = Library(Store.open(tmp_path / "data", FakeEmbedder.name))
    assistant = FakeAssistant()
    assistant.words.set()
    with Served(assistant, library=library, intake=Intake(tmp_path / "data", ("false",))) as site:
        yield site
    library.close()


def test_a_hostile_page_is_read_and_does_nothing(browser: Any, hostile: Served, called: list[Any]) -> None:
    """Invariant: in every room the page's script, image, link and template are words; hidden letters are shown."""
    visit = Visit(browser, hostile.url)
    tab = visit.tab
    seen = ""
    for room, selector in {"ask": "#welcome", "figures": "table.figures", "library": ".pages"}.items():
        tab.click(f"#tab-{room}")
        tab.wait_for_selector(selector)
        seen += tab.inner_text(selector)
    tab.click(".pages .title")
    tab.wait_for_selector("#library-shown .beside")
    seen += tab.text_content("#library-shown")
    tab.click("#tab-figures")
    tab.click("table.figures .open")
    tab.wait_for_selector("#cited")
    seen += tab.inner_text("#beside-shown")
    for words in ("<script>window.hit=1</script>", "onerror=window.hit=1>", "javascript:window.hit=1", "{{hit}}"):
        assert words in seen
    assert "\u202e" not in seen
    assert tab.evaluate("window.hit") is None
    made = "main script, main img, main a[href^=javascript], aside script, aside img, aside a"
    assert tab.evaluate(f"document.querySelectorAll('{made}').length") == 0
    assert not visit.foreign
    assert not visit.errors
    assert not called


def test_axe_finds_nothing(browser: Any, whole: Served) -> None:
    """Invariant: no rule of axe-core is broken in any room, in both schemes and languages."""
    axe = visiting.axe()
    found: list[tuple[str, str, str]] = []
    for (width, height), scheme in zip(SIZES, ("light", "dark"), strict=True):
        size = {"width": width, "height": height}
        visit = Visit(browser, whole.url, viewport=size, color_scheme=scheme, bypass_csp=True)
        tab = visit.tab

        def run(tab: Any = tab) -> None:
            tab.evaluate(axe)
            broken = tab.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
            found.extend((rule["id"], rule["impact"], rule["nodes"][0]["html"]) for rule in broken)

        run()
        visit.ask("园区产值？")
        tab.wait_for_selector("#turn-1 .origin")
        tab.click("#turn-1 .text .ref")
        tab.wait_for_selector("#beside-shown:not(:empty)")
        run()
        tab.keyboard.press("Escape")
        tab.click("[data-act=tongue]")
        tab.click("#tab-check")
        tab.fill("#draft", "青禾开发区总产值53.36亿元。")
        tab.click("#proofing .go")
        tab.wait_for_selector(".proof")
        run()
        rooms = {"evals": "table.runs", "figures": "#figures-shown table", "library": ".pages"}
        for room, selector in rooms.items():
            tab.click(f"#tab-{room}")
            tab.wait_for_selector(selector)
            run()
        tab.click(".pages .title")
        tab.wait_for_selector("#library-shown .beside")
        run()
    assert found == []
