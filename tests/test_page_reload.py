"""The page loaded again in Debian's chromium: the conversation is there as it was, for its own reader alone."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import visiting
from serving import HOSTILE, TEXT, FakeAssistant, Served
from visiting import SIZES, Visit

from assistant.web import users
from assistant.web.users import Users

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path(visiting.CHROMIUM).exists(), reason=visiting.MISSING),
]


@pytest.fixture
def browser() -> Iterator[Any]:
    with visiting.browser() as opened:
        yield opened


@pytest.fixture
def site() -> Iterator[Served]:
    assistant = FakeAssistant()
    assistant.words.set()
    with Served(assistant) as site:
        yield site


def asked(tab: Any, question: str, number: int) -> None:
    tab.fill("#asked", question)
    tab.press("#asked", "Enter")
    tab.wait_for_selector(f"#turn-{number}[data-state=over]")
    tab.wait_for_selector("#send")


def reloaded(visit: Visit) -> None:
    """Load the page again; that its former self's open requests end with it is no error of the page."""
    before = list(visit.errors)
    visit.tab.reload()
    visit.tab.wait_for_selector("body.ready")
    ended = ("AbortError", "Unexpected error Connection errored out")
    visit.errors[:] = [*before, *(one for one in visit.errors[len(before) :] if not one.startswith(ended))]


def questions(tab: Any) -> list[str]:
    return [words.inner_text() for words in tab.query_selector_all(".question .words")]


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_reload_keeps_the_conversation(browser: Any, site: Served, width: int, height: int) -> None:
    """Invariant: the same turns stand there, and what is asked next follows them; a new conversation erases them."""
    visit = Visit(browser, site.url, viewport={"width": width, "height": height})
    tab = visit.tab
    asked(tab, "甲？", 1)
    asked(tab, "乙？", 2)
    before = [turn.inner_html() for turn in tab.query_selector_all(".turn")]
    reloaded(visit)
    tab.wait_for_selector("#turn-2")
    assert [turn.inner_html() for turn in tab.query_selector_all(".turn")] == before
    assert not tab.is_visible("#welcome")
    assert tab.is_visible("#turn-2 .caveat")
    assert tab.is_visible("#turn-2 .audit")
    asked(tab, "丙？", 3)
    assert site.assistant.histories[-1] == (("甲？", TEXT), ("乙？", TEXT))
    tab.click("#turn-3 [data-act=retry]")
    tab.wait_for_function("document.querySelectorAll('#live .turn').length === 1")
    tab.wait_for_selector("#send")
    reloaded(visit)
    tab.wait_for_selector("#turn-3")
    assert questions(tab) == ["甲？", "乙？", "丙？"]
    tab.click("#turn-3 [data-act=edit]")  # the last of those that came back is asked otherwise
    asked(tab, "丁？", 3)
    tab.wait_for_selector("#turn-3 .words >> text=丁？")
    assert questions(tab) == ["甲？", "乙？", "丁？"]
    tab.click("[data-act=clear]")
    tab.wait_for_selector("#welcome .offer")
    assert tab.evaluate("[sessionStorage.getItem('jushi-turns'), localStorage.getItem('jushi-last')]") == ["", ""]
    reloaded(visit)
    tab.wait_for_selector("#welcome .offer")
    tab.wait_for_timeout(300)
    assert questions(tab) == []
    assert not tab.is_visible("#goon")
    assert not visit.errors
    assert not visit.foreign


def test_the_browser_keeps_no_word_of_it(browser: Any, site: Served) -> None:
    """Invariant: what lies in the browser is a token; neither question nor answer nor markup is."""
    visit = Visit(browser, site.url)
    asked(visit.tab, "甲乙丙丁？", 1)
    kept = visit.tab.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "甲乙丙丁" not in kept
    assert "亿元" not in kept
    assert "<" not in kept
    assert len(kept) < 1000


@pytest.mark.parametrize(
    "planted",
    [
        HOSTILE,
        json.dumps([{"question": HOSTILE, "answer": {"text": HOSTILE, "checks": [{"verdict": "quoted"}]}}]),
        "x" * 500_000,
        "../../etc/passwd",
        "\u202e\u0000'; DROP TABLE turns; --",
    ],
    ids=["markup", "records", "long", "path", "letters"],
)
def test_what_is_planted_in_the_browser_is_no_conversation(browser: Any, site: Served, planted: str) -> None:
    """Invariant: storage that was tampered with shows no turn and runs nothing; the page says so and goes on."""
    visit = Visit(browser, site.url)
    tab = visit.tab
    keys = [
        (store, key) for store in ("localStorage", "sessionStorage") for key in ("turns", "last", "model", "tongue")
    ]
    for store, key in keys:
        tab.evaluate("([store, key, words]) => window[store].setItem('jushi-' + key, words)", [store, key, planted])
    reloaded(visit)
    tab.wait_for_selector(".toast >> text=已经不在")
    assert tab.is_visible("#welcome .offer")
    assert questions(tab) == []
    assert tab.evaluate("window.hit") is None
    assert tab.evaluate("document.querySelectorAll('main img, main script').length") == 0
    asked(tab, "甲？", 1)
    assert site.assistant.histories == [()]
    reloaded(visit)
    tab.wait_for_selector("#turn-1 .caveat")
    assert not visit.foreign
    assert not visit.errors


def test_another_tab_goes_on_with_the_last_conversation(browser: Any, site: Served) -> None:
    """Invariant: a new tab begins anew and offers the last one; two tabs that go on with it keep apart."""
    visit = Visit(browser, site.url)
    one = visit.tab
    asked(one, "甲？", 1)
    other = one.context.new_page()
    other.goto(site.url)
    other.wait_for_selector("body.ready")
    assert questions(other) == []
    other.click("[data-act=goon]")
    other.wait_for_selector("#turn-1")
    asked(other, "乙？", 2)
    asked(one, "丙？", 2)
    for tab, expected in ((one, ["甲？", "丙？"]), (other, ["甲？", "乙？"])):
        tab.reload()
        tab.wait_for_selector("body.ready")
        tab.wait_for_selector("#turn-2")
        assert questions(tab) == expected


def test_another_user_of_the_browser_does_not_see_it(browser: Any) -> None:
    """Invariant: with the storage of one name in the browser, another name is shown nothing, the first still all."""
    lines = [users.line(name, f"{name}的很长很长的密码") for name in ("小满", "何苇")]
    known = Users({name: (bytes.fromhex(salt), bytes.fromhex(digest)) for name, _, salt, digest in map(_parts, lines)})
    assistant = FakeAssistant()
    assistant.words.set()
    with Served(assistant, users=known) as site:

        def visited(name: str) -> Visit:
            return Visit(browser, site.url, http_credentials={"username": name, "password": f"{name}的很长很长的密码"})

        first, second, again = visited("小满"), visited("何苇"), visited("小满")
        asked(first.tab, "甲？", 1)
        token = first.tab.evaluate("sessionStorage.getItem('jushi-turns')")
        assert len(token) >= 43
        for visit in (second, again):
            visit.tab.evaluate("(token) => sessionStorage.setItem('jushi-turns', token)", token)
            visit.tab.evaluate("(token) => localStorage.setItem('jushi-last', token)", token)
            reloaded(visit)
        second.tab.wait_for_selector(".toast >> text=已经不在")
        assert questions(second.tab) == []
        asked(second.tab, "乙？", 1)
        assert assistant.histories[-1] == ()
        again.tab.wait_for_selector("#turn-1")
        assert questions(again.tab) == ["甲？"]


def _parts(line: str) -> list[str]:
    return line.split(":")
