"""The page without a browser: what is shown when, errors in words, stopping, crowding, and where it listens."""

import asyncio
import re
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from functools import partial
from html import unescape
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
from assistant.web import conversation as talk
from assistant.web import page, serve
from assistant.web.door import BUSY, Door
from assistant.web.site import Site
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
    examples = (("产值是多少？", "How much is the output?"), ("<i>占比</i>是多少？", "How much is the <i>share</i>?"))

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
    conversation = talk.Conversation(Site(assistant), Door(1, 0))
    return asyncio.run(listed(conversation.ask(question, turns, "tab")))


def slowly() -> None:
    time.sleep(0.08)


# --- what is shown when -------------------------------------------------------------------------------------------


def test_evidence_is_shown_before_text_and_text_before_citations() -> None:
    """Invariant: a reader sees the question, then evidence, then the growing text, then the checked answer."""
    shown = [turn_html(turn, 1) for turn in asked(FakeAssistant(*EVENTS, pace=slowly))]
    first = {
        what: next(at for at, html in enumerate(shown) if re.search(what, html))
        for what in ("产值？", "blockquote", 'class="text">总产值', "citations")
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
    assert last.trouble == talk.FAULT
    assert "/secret/path" in caplog.text


def test_an_overlong_question_is_not_asked() -> None:
    assistant = FakeAssistant(*EVENTS)
    assert "问题太长" in asked(assistant, "问" * (talk.LONGEST_QUESTION + 1))[-1].trouble
    assert not assistant.asked


# --- stopping and crowding ----------------------------------------------------------------------------------------


def test_stop_is_felt_at_once_and_closes_the_stream() -> None:
    """Invariant: the reader is free while the model is still busy; the stream is closed when it next speaks."""
    model_is_busy = threading.Event()
    assistant = FakeAssistant(*EVENTS, pace=_Gate(model_is_busy, free=2))
    seen: list[Turn] = []

    async def run() -> None:
        conversation = talk.Conversation(Site(assistant), Door(1, 0))
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


def test_those_who_wait_are_told_how_many_stand_before_them() -> None:
    """Invariant: the line moves up one by one, first come first in, and the first in line has one before it."""
    gates = [threading.Event() for _ in range(3)]
    assistants = [FakeAssistant(*EVENTS, pace=_Gate(gate, free=0)) for gate in gates]
    seen: list[list[int]] = [[], [], []]

    async def run() -> None:
        door = Door(1, 2)

        async def one(at: int) -> None:
            async for turn in talk.Conversation(Site(assistants[at]), door).ask("产值？", (), str(at)):
                if not seen[at] or seen[at][-1] != turn.ahead:
                    seen[at].append(turn.ahead)

        tasks = []
        for at in range(3):
            tasks.append(asyncio.create_task(one(at)))
            await asyncio.sleep(0.1)
        for gate in gates:
            gate.set()
            await asyncio.sleep(0.1)
        await asyncio.gather(*tasks)

    asyncio.run(asyncio.wait_for(run(), 10))
    assert seen == [[0], [0, 1, 0], [0, 2, 1, 0]]


def test_twenty_at_once_get_their_own_answers() -> None:
    """Invariant: with every place taken, each asker hears the answer to their own question."""

    class Echo(FakeAssistant):
        def stream(self, question: str, history: tuple[tuple[str, str], ...]) -> Iterator[Event]:
            time.sleep(0.01)
            yield Token(question)
            yield Final(Answer(question, f"答{question}"))

    async def run() -> list[Turn]:
        conversation = talk.Conversation(Site(Echo()), Door(talk.AT_ONCE, talk.WAITING))
        asked = [listed(conversation.ask(f"问题{at}", (), f"tab{at}")) for at in range(talk.AT_ONCE + talk.WAITING)]
        return [turns[-1] for turns in await asyncio.gather(*asked)]

    last = asyncio.run(asyncio.wait_for(run(), 20))
    assert [turn.answer.text if turn.answer else turn.trouble for turn in last] == [f"答问题{at}" for at in range(20)]


def test_who_asks_no_model_waits_for_none() -> None:
    """Invariant: while a model's place is taken and its line full, a question without a model is answered at once."""
    gate = threading.Event()
    slow, quoted = FakeAssistant(*EVENTS, pace=_Gate(gate, free=0)), FakeAssistant(*EVENTS)
    quoted.model = "none"
    site = Site(slow, others={"none": lambda: quoted})

    async def run() -> tuple[Turn, Turn]:
        conversation = talk.Conversation(site, Door(1, 0), Door(1, 1))
        waiting = asyncio.create_task(listed(conversation.ask("产值？", (), "tab")))
        await asyncio.sleep(0.05)
        told = (await listed(conversation.ask("产值？", (), "other", "none")))[-1]
        refused = (await listed(conversation.ask("产值？", (), "third")))[-1]
        gate.set()
        await waiting
        return told, refused

    told, refused = asyncio.run(asyncio.wait_for(run(), 20))
    assert told.answer == ANSWER
    assert refused.trouble == BUSY


def test_a_model_that_is_not_offered_is_refused() -> None:
    """Invariant: what a browser sends as the model's name opens none but those of the site."""
    opened: list[str] = []

    def other() -> FakeAssistant:
        opened.append("other")
        return FakeAssistant(*EVENTS)

    site = Site(FakeAssistant(*EVENTS), others={"other": other})

    async def run(model: str) -> Turn:
        return (await listed(talk.Conversation(site, Door(1, 0)).ask("产值？", (), "tab", model)))[-1]

    assert "/etc/passwd" in asyncio.run(run("/etc/passwd")).trouble
    assert opened == []
    assert asyncio.run(run("other")).answer == asyncio.run(run("other")).answer == ANSWER
    assert opened == ["other"]


def test_a_full_door_tells_so() -> None:
    """Invariant: beyond the places nobody waits in silence, and a place is free again when its thread has ended."""
    gate = threading.Event()
    slow, quick = FakeAssistant(*EVENTS, pace=_Gate(gate, free=0)), FakeAssistant(*EVENTS)

    async def run() -> list[Turn]:
        door = Door(1, 0)
        waiting = asyncio.create_task(listed(talk.Conversation(Site(slow), door).ask("甲", (), "1")))
        await asyncio.sleep(0.05)
        refused = (await listed(talk.Conversation(Site(quick), door).ask("乙", (), "2")))[-1]
        gate.set()
        answered = (await waiting)[-1]
        await asyncio.sleep(0.05)
        again = (await listed(talk.Conversation(Site(quick), door).ask("丙", (), "3")))[-1]
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
    built: dict[str, Any] = page.build(site := Site(FakeAssistant(*EVENTS)), talk.conversation(site)).get_config_file()
    return built


def test_page_reports_to_nobody_and_bounds_its_queue() -> None:
    """Invariant: no analytics, and a queue with an end."""
    blocks = page.build(site := Site(FakeAssistant(*EVENTS)), talk.conversation(site))
    assert blocks.analytics_enabled is False
    assert blocks._queue.max_size == page.QUEUE


def test_page_escapes_the_model_and_offers_the_examples(config: dict[str, Any]) -> None:
    html = "".join(str(item["props"].get("value", "")) for item in config["components"])
    assert "<b>模型" not in html
    assert "&lt;b&gt;模型" in html
    offered = [unescape(one) for one in re.findall('data-question="(.*?)"', html)]
    assert offered == [question for one in zip(*FakeAssistant.examples, strict=True) for question in one]


def test_only_the_interface_is_published(config: dict[str, Any]) -> None:
    """Invariant: what the page's buttons do is no interface; ``ask`` is, by its name, and alone without a library."""
    public = [item["api_name"] for item in config["dependencies"] if item["api_visibility"] != "private"]
    assert public == ["ask"]


@pytest.mark.parametrize("name", ["page.css", "page.js"])
def test_style_and_script_fetch_nothing_foreign(name: str) -> None:
    """Invariant: no address but the page's own stands in them."""
    assert not re.search(r"url\(|@import|https?:|//[a-z]", page.text(name))


def test_every_word_of_the_frames_is_said_twice(config: dict[str, Any]) -> None:
    """Invariant: for each Chinese word there is an English one, so that the switch leaves nothing behind."""
    html = "".join(str(item["props"].get("value", "")) for item in config["components"])
    chinese, english = (re.findall(rf'<span class="{which}"[^>]*>(.*?)</span>', html) for which in ("zh", "en"))
    assert len(chinese) == len(english) > 20
    assert "[[" not in html
    assert "@" not in html


# --- where it listens ---------------------------------------------------------------------------------------------


def test_a_taken_port_is_told_with_its_flag() -> None:
    """Invariant: the message names the port and what to change; nothing else is listened on instead."""
    with closing(serve.listen("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingError, match=rf"port {port}.*--port"):
            serve.serve(Site(FakeAssistant()), "127.0.0.1", port)


def test_it_listens_on_the_given_host_alone() -> None:
    with closing(serve.listen("127.0.0.1", 0)) as listener:
        assert listener.getsockname()[0] == "127.0.0.1"
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.2", listener.getsockname()[1]), 1)


@pytest.mark.parametrize(("host", "port", "flag"), [("192.0.2.1", 7860, "--host"), ("127.0.0.1", 70000, "--port")])
def test_an_impossible_address_is_told_with_its_flag(host: str, port: int, flag: str) -> None:
    with pytest.raises(SettingError, match=flag):
        serve.listen(host, port)
