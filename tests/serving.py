"""The real page in a thread, with a stand-in for the assistant that streams one answer when the test lets it."""

import threading
import time
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

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
from assistant.web import serve
from assistant.web.site import Site
from assistant.web.users import Users

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
    examples = (("园区产值是多少？", "What is the output value of the park?"),)

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


class Served:
    """The real page on a free port, in a thread."""

    def __init__(self, assistant: FakeAssistant, users: Users | None = None, **more: Any) -> None:
        import uvicorn

        self.assistant = assistant
        self.listener = serve.listen("127.0.0.1", 0)
        self.port = self.listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/"
        app = serve.application(Site(assistant, **more), "127.0.0.1", self.port, users=users)
        self.server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [self.listener]}, daemon=True)

    def __enter__(self) -> "Served":
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
