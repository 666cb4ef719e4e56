"""The page without a browser: what is shown when, errors in words, stopping, crowding, and where it listens."""

import asyncio
import re
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from functools import partial
from typing import Any, TypeVar

import pytest

from assistant.errors import JushiError, ModelUnreachable, SettingError
from assistant.records import (
    Answer,
    Citation,
    Event,
    Evidence,
    EvidenceFound,
    Final,
    Hit,
    Passage,
    Retrieved,
    Source,
    Span,
    Token,
)
from assistant.web import page, style
from assistant.web.door import BUSY, Door
from assistant.web.turns import Turn, heard, history, turn_html

QUOTE = "园区2024年的规上工业总产值突破100.13亿元。"
TEXT = "总产值突破100.13亿元。[a3f9]"
PASSAGE = Passage("p", "s", Source("000.md", "旧电池循环再生", "贵州日报", "2025-09"), QUOTE, (Span(0, 5, 27),))
EVIDENCE = Evidence("a3f9", PASSAGE, 0, len(QUOTE), (), 0.9, 0.8)
ANSWER = Answer("问", TEXT, (Citation("a3f9", "p", PASSAGE.source, QUOTE, 5, 27),), evidence=(EVIDENCE,))
EVENTS: tuple[Event, ...] = (
    Retrieved((Hit(PASSAGE, 0.9),)),
    EvidenceFound((EVIDENCE,)),
    Token(TEXT[:6]),
    Token(TEXT[6:]),
    Final(ANSWER),
)

T = TypeVar("T")


class FakeAssistant:
    """Streams its events, one whenever ``pace`` lets it; an exception among them is raised."""

    model = "<b>模型</b>"
    examples = ("产值是多少？", "<i>占比</i>是多少？")

    def __init__(self, *events: Event | Exception, pace: Callable[[], None] = lambda: None) -> None:
        self.events = events
        self.pace = pace
        self.asked: list[tuple[str, tuple[tuple[str, str], ...]]] = []
        self.closed = threading.Event()

    def stream(self, question: str, history: tuple[tuple[str, str], ...]) -> Iterator[Event]:
        self.asked.append((question, history))
        try:
            for event in self.events:
                self.pace()
                if isinstance(event, Exception):
                    raise event
                yield event
        finally:
            self.closed.set()


async def listed(items: AsyncIterator[T]) -> list[T]:
    return [item async for item in items]


def asked(assistant: FakeAssistant, question: str = "产值？", turns: tuple[Turn, ...] = ()) -> list[Turn]:
    conversation = page.Conversation(assistant, Door(1, 0))
    return asyncio.run(listed(conversation.ask(question, turns, "tab")))


def slowly() -> None:
    time.sleep(0.02)


# --- what is shown when -------------------------------------------------------------------------------------------


def test_evidence_is_shown_before_text_and_text_before_citations() -> None:
    """Invariant: a reader sees the question, then evidence, then the growing text, then the checked answer."""
    shown = [turn_html(turn, 1) for turn in asked(FakeAssistant(*EVENTS, pace=slowly))]
    first = {
        what: next(at for at, html in enumerate(shown) if re.search(what, html))
        for what in ("产值？", "blockquote", 'class="text">总产值', "出处")
    }
    assert list(first.values()) == sorted(set(first.values()))
    assert "a3f9" not in "".join(shown)


def test_events_that_come_at_once_are_all_heard() -> None:
    """Invariant: however the events are bunched, the last turn holds the answer and is over."""
    last = asked(FakeAssistant(*EVENTS))[-1]
    assert last.answer == ANSWER
    assert last.over


def test_history_holds_answered_turns_alone() -> None:
    """Invariant: what failed or was stopped is not told to the assistant as if it had been answered."""
    turns = (heard(Turn("甲"), Final(ANSWER)), Turn("乙", trouble="坏了"), Turn("丙", text="半句", stopped=True))
    assert history(turns) == (("甲", TEXT),)
    assistant = FakeAssistant(*EVENTS)
    asked(assistant, "丁", turns)
    assert assistant.asked == [("丁", (("甲", TEXT),))]


def test_question_and_trouble_are_escaped() -> None:
    html = turn_html(Turn("<img src=x onerror=alert(1)>", trouble='<script>"\u202e</script>'), 1)
    assert "<img" not in html
    assert "<script" not in html
    assert "\u202e" not in html


# --- errors -------------------------------------------------------------------------------------------------------


def test_an_error_of_ours_is_shown_with_the_evidence() -> None:
    """Invariant: an error keeps what was found, and says what its message says."""
    last = asked(FakeAssistant(*EVENTS[:2], ModelUnreachable("http://x 没有应答")))[-1]
    html = turn_html(last, 1)
    assert "http://x 没有应答" in html
    assert QUOTE in html
    assert last.over


def test_any_other_error_is_logged_and_not_shown(caplog: pytest.LogCaptureFixture) -> None:
    """Invariant: a reader is not shown the program's insides, and the log holds them."""
    last = asked(FakeAssistant(ValueError("/secret/path")))[-1]
    assert last.trouble == page.FAULT
    assert "/secret/path" in caplog.text


def test_an_overlong_question_is_not_asked() -> None:
    assistant = FakeAssistant(*EVENTS)
    assert "问题太长" in asked(assistant, "问" * (page.LONGEST_QUESTION + 1))[-1].trouble
    assert not assistant.asked


# --- stopping and crowding ----------------------------------------------------------------------------------------


def test_stop_is_felt_at_once_and_closes_the_stream() -> None:
    """Invariant: the reader is free while the model is still busy; the stream is closed when it next speaks."""
    model_is_busy = threading.Event()
    assistant = FakeAssistant(*EVENTS, pace=_Gate(model_is_busy, free=2))
    seen: list[Turn] = []

    async def run() -> None:
        conversation = page.Conversation(assistant, Door(1, 0))
        async for turn in conversation.ask("产值？", (), "tab"):
            seen.append(turn)
            if turn.evidence:
                conversation.stop("another tab")
                conversation.stop("tab")

    asyncio.run(asyncio.wait_for(run(), 5))
    assert seen[-1].stopped
    assert seen[-1].evidence == (EVIDENCE,)
    assert seen[-1].answer is None
    assert not assistant.closed.is_set()
    model_is_busy.set()
    assert assistant.closed.wait(5)


def test_a_full_door_tells_so() -> None:
    """Invariant: beyond the places nobody waits in silence, and a place is free again when its thread has ended."""
    gate = threading.Event()
    slow, quick = FakeAssistant(*EVENTS, pace=_Gate(gate, free=0)), FakeAssistant(*EVENTS)

    async def run() -> list[Turn]:
        door = Door(1, 0)
        waiting = asyncio.create_task(listed(page.Conversation(slow, door).ask("甲", (), "1")))
        await asyncio.sleep(0.05)
        refused = (await listed(page.Conversation(quick, door).ask("乙", (), "2")))[-1]
        gate.set()
        answered = (await waiting)[-1]
        await asyncio.sleep(0.05)
        again = (await listed(page.Conversation(quick, door).ask("丙", (), "3")))[-1]
        return [refused, answered, again]

    refused, answered, again = asyncio.run(run())
    assert refused.trouble == BUSY
    assert answered.answer == again.answer == ANSWER


def test_one_waits_for_the_other() -> None:
    """Invariant: of two questions and one running place, the second is answered after the first."""
    order: list[str] = []

    def source(name: str) -> Iterator[str]:
        order.append(f"{name} begins")
        time.sleep(0.05)
        yield name
        order.append(f"{name} ends")

    async def run() -> None:
        door = Door(1, 1)
        readings = [door.read(partial(source, name)) for name in "甲乙"]
        with pytest.raises(JushiError, match="太多"):
            door.read(lambda: source("丙"))
        await asyncio.gather(*(listed(reading.__aiter__()) for reading in readings))

    asyncio.run(run())
    assert [step.split()[1] for step in order] == ["begins", "ends", "begins", "ends"]


def _wait(event: threading.Event) -> None:
    assert event.wait(10)


class _Gate:
    """Lets ``free`` events pass, then waits for the event."""

    def __init__(self, opened: threading.Event, free: int) -> None:
        self.opened = opened
        self.free = free

    def __call__(self) -> None:
        if self.free > 0:
            self.free -= 1
        else:
            _wait(self.opened)


# --- the page -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def config() -> dict[str, Any]:
    built: dict[str, Any] = page.build(FakeAssistant(*EVENTS)).get_config_file()
    return built


def test_page_reports_to_nobody_and_bounds_its_queue() -> None:
    """Invariant: no analytics, and a queue with an end."""
    blocks = page.build(FakeAssistant(*EVENTS))
    assert blocks.analytics_enabled is False
    assert blocks._queue.max_size == page.QUEUE


def test_page_escapes_the_model_and_offers_the_examples(config: dict[str, Any]) -> None:
    words = str(config["components"])
    assert "<b>模型" not in words
    assert "&lt;b&gt;模型" in words
    assert all(example in words for example in FakeAssistant.examples)


def test_page_offers_no_api(config: dict[str, Any]) -> None:
    """Invariant: what the page's buttons do is not published as an interface."""
    assert {item["api_visibility"] for item in config["dependencies"]} == {"private"}


def test_style_fetches_nothing() -> None:
    assert not re.search(r"url\(|@import|https?:", style.CSS)


# --- where it listens ---------------------------------------------------------------------------------------------


def test_a_taken_port_is_told_with_its_flag() -> None:
    """Invariant: the message names the port and what to change; nothing else is listened on instead."""
    with closing(page.listen("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingError, match=rf"port {port}.*--port"):
            page.serve(FakeAssistant(), "127.0.0.1", port)


def test_it_listens_on_the_given_host_alone() -> None:
    with closing(page.listen("127.0.0.1", 0)) as listener:
        assert listener.getsockname()[0] == "127.0.0.1"
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.2", listener.getsockname()[1]), 1)


@pytest.mark.parametrize(("host", "port", "flag"), [("192.0.2.1", 7860, "--host"), ("127.0.0.1", 70000, "--port")])
def test_an_impossible_address_is_told_with_its_flag(host: str, port: int, flag: str) -> None:
    with pytest.raises(SettingError, match=flag):
        page.listen(host, port)
