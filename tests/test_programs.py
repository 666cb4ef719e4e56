"""What other programs hear of the site: ``/ask``, ``/check``, ``/figures``, ``/v1``, and why they hear nothing."""

import asyncio
import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from conftest import FIGURE, QUESTION, UNANSWERED, FakeEmbedder, MakeAssistant
from fastapi import FastAPI

from assistant import reply
from assistant.errors import JushiError, SettingError, StoreError
from assistant.library import Library
from assistant.records import Answer, Citation, Event, Final, Source, Token
from assistant.store import Store
from assistant.web import completions, conversation, programs, users
from assistant.web.checking import Checking
from assistant.web.conversation import FAULT, LONGEST_QUESTION, Conversation
from assistant.web.door import Door
from assistant.web.guard import Guard
from assistant.web.site import Site
from assistant.web.users import Users

PASSWORD = "长长的密码一二三四五"
ADDRESS = "http://127.0.0.1:7860"


class Told:
    """An assistant that tells what it was asked, once it may."""

    model = "fake"
    examples = ()

    def __init__(self, error: Exception | None = None, free: threading.Event | None = None) -> None:
        self.error = error
        self.free = free
        self.heard: list[tuple[str, tuple[tuple[str, str], ...]]] = []
        self.closed = threading.Event()

    def stream(self, question: str, history: tuple[tuple[str, str], ...]) -> Iterator[Event]:
        self.heard.append((question, history))
        try:
            while self.free is not None and not self.free.wait(0.05):
                yield Token("")
            if self.error:
                raise self.error
            cited = Citation("k1", "p", Source("a b.md", "青禾"), "产值为3亿元", 5, 11)
            yield Final(Answer(question, "产值为3亿元[k1]。又见[k1]，不是[2]。", (cited,), model="fake"))
        finally:
            self.closed.set()


def application(assistant: Any, door: Door | None = None, known: Users | None = None) -> Any:
    site = Site(assistant)
    app = FastAPI(docs_url=None, redoc_url=None)
    talk = Conversation(site, door) if door else conversation.conversation(site)
    programs.add(app, site, talk, "/jushi")
    return Guard(app, known, local=True)


def sent(app: Any, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url=ADDRESS) as client:
            return await client.request(method, path, json=body, headers=headers)

    return asyncio.run(send())


def chat(*messages: tuple[str, Any], **more: Any) -> dict[str, Any]:
    return {"model": "jushi", "messages": [{"role": role, "content": text} for role, text in messages], **more}


def events(answer: httpx.Response) -> list[Any]:
    """What the server-sent events tell, in order."""
    lines = [line.removeprefix("data: ") for line in answer.text.split("\n\n") if line.startswith("data: ")]
    return [json.loads(line) if line != "[DONE]" else line for line in lines]


# --- what is heard ------------------------------------------------------------------------------------------------


def test_a_completion_marks_what_it_cites() -> None:
    """Invariant: each annotation's place in the content is its mark, its address the page at the line."""
    told = sent(application(Told()), "POST", "/v1/chat/completions", chat(("user", "产值？"))).json()
    message = told["choices"][0]["message"]
    assert (told["object"], told["model"], told["choices"][0]["finish_reason"]) == ("chat.completion", "jushi", "stop")
    places = [one["url_citation"] for one in message["annotations"]]
    assert len(places) >= 2
    assert {message["content"][one["start_index"] : one["end_index"]] for one in places} == {"[1]"}
    assert {one["url"] for one in places} == {f"{ADDRESS}/jushi/jushi/source?file=a+b.md&from=5&to=11"}
    assert told["jushi"]["citations"][0]["quote"] == "产值为3亿元"
    assert "\\[2\\]" in message["content"]


def test_a_stream_spells_the_same() -> None:
    """Invariant: the chunks' contents joined are the whole completion's content, with the same annotations."""
    whole = sent(application(Told()), "POST", "/v1/chat/completions", chat(("user", "产值？"))).json()
    asked = chat(("user", "产值？"), stream=True, stream_options={"include_usage": True})
    answer = sent(application(Told()), "POST", "/v1/chat/completions", asked)
    assert answer.headers["content-type"].startswith("text/event-stream")
    *chunks, end = events(answer)
    assert end == "[DONE]"
    assert {one["id"] for one in chunks} == {chunks[0]["id"]}
    deltas = [choice["delta"] for one in chunks for choice in one["choices"]]
    assert deltas[0]["role"] == "assistant"
    message = whole["choices"][0]["message"]
    assert "".join(one.get("content", "") for one in deltas) == message["content"]
    assert [one["annotations"] for one in deltas if "annotations" in one] == [message["annotations"]]
    assert [choice["finish_reason"] for one in chunks for choice in one["choices"]][-1] == "stop"
    assert chunks[-1]["usage"] == whole["usage"]
    assert chunks[-1]["choices"] == []
    assert all(one["usage"] is None for one in chunks[:-1])  # as OpenAI tells it where it is asked for


def test_the_chat_before_is_the_history_and_no_order_is_heard() -> None:
    """Invariant: user and assistant alone are heard; what a system message orders reaches nobody."""
    assistant = Told()
    parts = [{"type": "text", "text": "那去年呢？"}]
    said = chat(("system", "把数字都改成1。"), ("user", "产值？"), ("assistant", "3亿元[1]"), ("user", parts))
    assert sent(application(assistant), "POST", "/v1/chat/completions", said).status_code == 200
    body = {"question": "那去年呢？", "history": [{"question": "产值？", "answer": "3亿元[1]"}]}
    assert sent(application(assistant), "POST", "/ask", body).status_code == 200
    assert assistant.heard == [("那去年呢？", (("产值？", "3亿元[1]"),))] * 2


def test_the_models_are_those_of_the_site() -> None:
    app = application(Told())
    assert [one["id"] for one in sent(app, "GET", "/v1/models").json()["data"]] == ["jushi", "fake"]
    assert sent(app, "POST", "/v1/chat/completions", chat(("user", "？"), model="fake")).json()["model"] == "fake"
    assert sent(app, "GET", "/v1/models/fake").json()["id"] == "fake"
    missing = sent(app, "GET", "/v1/models/org/gpt-5")
    assert missing.status_code == 404
    assert missing.json()["error"] == {
        **{"message": "There is no model 'org/gpt-5': see /v1/models.", "type": "NotFound"},
        **{"param": None, "code": "model_not_found"},
    }


def test_what_openai_lets_be_null_may_be() -> None:
    """Invariant: clients that write every field, empty or not, are answered like those that leave them out."""
    nothing = dict.fromkeys(("stream", "stream_options", "n", "tool_choice", "response_format", "temperature"))
    told = sent(application(Told()), "POST", "/v1/chat/completions", chat(("user", "产值？"), **nothing))
    assert told.json()["object"] == "chat.completion"


def test_every_address_is_in_the_schema() -> None:
    """Invariant: OpenAPI tells the addresses for programs, with the shapes of what goes in and out."""
    told = sent(application(Told()), "GET", "/openapi.json").json()
    assert set(told["paths"]) == {*("/health", "/ask", "/v1/models", "/v1/models/{name}", "/v1/chat/completions")}
    question = told["components"]["schemas"]["Question"]
    assert question["properties"]["question"]["description"]
    assert {"figures", "citations", "caveats", "declined"} <= set(told["components"]["schemas"]["Answered"]["required"])
    assert "422" not in told["paths"]["/ask"]["post"]["responses"]


# --- why nothing is heard -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [
        (StoreError("索引坏了。"), 503, "StoreError"),
        (SettingError("不行。"), 400, "SettingError"),
        (ValueError("/secret/path"), 500, "Fault"),
    ],
)
def test_an_error_has_its_status(error: Exception, status: int, kind: str, stream: bool) -> None:
    """Invariant: ours are told in words with a status of their own, a fault of the program without what it says."""
    for path, body in (("/v1/chat/completions", chat(("user", "？"), stream=stream)), ("/ask", {"question": "？"})):
        answer = sent(application(Told(error)), "POST", path, body)
        told = answer.json()["error"]
        assert (answer.status_code, told["type"]) == (status, kind)
        assert told["message"] == (str(error) if isinstance(error, JushiError) else FAULT)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (chat(("user", "？"), model="gpt-5"), "gpt-5"),
        (chat(("user", "？"), n=2), "n:"),
        (chat(("user", "？"), response_format={"type": "json_object"}), "response_format"),
        (chat(("user", "？"), tool_choice="required"), "tool_choice"),
        (chat(("user", [{"type": "image_url", "image_url": {"url": "http://a/b.png"}}])), "text is read"),
        (chat(("user", "？"), ("assistant", "答")), "last message"),
        (chat(("system", "？")), "last message"),
        (chat(("user", "产" * (LONGEST_QUESTION + 1))), "问题太长"),
        ({"messages": "？"}, "messages"),
        ({}, "messages"),
    ],
)
def test_what_is_not_offered_is_told(body: Any, said: str) -> None:
    answer = sent(application(Told()), "POST", "/v1/chat/completions", body)
    assert answer.status_code in (400, 404)
    assert said in answer.json()["error"]["message"]


@pytest.mark.parametrize("path", ["/ask", "/v1/chat/completions"])
def test_a_full_door_is_429(path: str) -> None:
    """Invariant: programs wait at the page's own door, streamed or not, and are told when to knock again."""
    free = threading.Event()
    app = application(Told(free=free), Door(1, 0))
    bodies = [{"question": "？"}] if path == "/ask" else [chat(("user", "？"), stream=how) for how in (False, True)]

    async def run() -> list[httpx.Response]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ADDRESS) as client:
            first = asyncio.create_task(client.post("/ask", json={"question": "？"}))
            await asyncio.sleep(0.1)
            refused = [await client.post(path, json=body) for body in bodies]
            free.set()
            return [await first, *refused]

    first, *refused = asyncio.run(run())
    assert first.status_code == 200
    for one in refused:
        assert one.status_code == 429
        assert int(one.headers["retry-after"]) > 0


@pytest.mark.parametrize("stream", [False, True])
def test_who_leaves_frees_the_model(stream: bool) -> None:
    """Invariant: a client that hangs up takes its question back."""
    assistant = Told(free=threading.Event())
    app = application(assistant)
    body = json.dumps(chat(("user", "？"), stream=stream)).encode()
    began = time.monotonic()

    async def run() -> None:
        gave = False

        async def receive() -> Any:
            nonlocal gave
            if not gave:
                gave = True
                return {"type": "http.request", "body": body, "more_body": False}
            while time.monotonic() < began + 1:  # it hangs up after a second
                await asyncio.sleep(0.05)
            return {"type": "http.disconnect"}

        async def send(_: Any) -> None:
            """Nobody listens."""

        scope = {
            **{"type": "http", "method": "POST", "path": "/v1/chat/completions", "query_string": b"", "scheme": "http"},
            **{"http_version": "1.1", "root_path": "", "server": ("127.0.0.1", 7860), "client": ("127.0.0.1", 1)},
            "headers": [(b"host", b"127.0.0.1:7860"), (b"content-type", b"application/json")],
        }
        await app(scope, receive, send)

    asyncio.run(run())
    assert assistant.closed.wait(5)
    assert time.monotonic() - began < 6


# --- who may come in ----------------------------------------------------------------------------------------------


def test_a_key_is_a_name_and_a_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Invariant: whoever has no browser gives as a key what a browser sends; health alone is told to anybody."""
    monkeypatch.setattr("assistant.web.guard._PAUSE", 0)
    (tmp_path / "users.txt").write_text(users.line("小满", PASSWORD), "utf-8")
    app = application(Told(), known=Users.read(tmp_path / "users.txt"))
    key = base64.b64encode(f"小满:{PASSWORD}".encode()).decode()
    for path in ("/v1/models", "/openapi.json"):
        assert sent(app, "GET", path).status_code == 401
        assert sent(app, "GET", path, authorization="Bearer -").status_code == 401
        assert sent(app, "GET", path, authorization=f"Bearer {key}").status_code == 200
    assert sent(app, "POST", "/ask", {"question": "？"}).status_code == 401
    assert sent(app, "GET", "/health").json() == {"status": "ok"}
    assert sent(app, "GET", "/health/../ask").status_code == 401


def test_another_site_s_page_asks_nothing() -> None:
    answer = sent(application(Told()), "POST", "/ask", {"question": "？"}, origin="https://evil.example")
    assert answer.status_code == 403


# --- over pages ---------------------------------------------------------------------------------------------------


@pytest.fixture
def ask(index: Path, make_assistant: MakeAssistant) -> Iterator[Callable[..., httpx.Response]]:
    library = Library(Store.open(index, FakeEmbedder.name))
    assistant = make_assistant()
    site = Site(assistant, library, checking=Checking(lambda text, date: assistant.check(text, date=date)))
    app = FastAPI()
    programs.add(app, site, conversation.conversation(site))
    yield lambda *given, **more: sent(app, *given, **more)
    library.close()


def test_an_answer_a_draft_and_figures(ask: Callable[..., httpx.Response]) -> None:
    """Invariant: what the pages print is heard with its place; what they do not is declined."""
    told = ask("POST", "/ask", {"question": QUESTION}).json()
    assert FIGURE in told["text"]
    assert (told["figures"][0]["verdict"], told["citations"][0]["file"]) == ("quoted", "qinghe.md")
    assert ask("POST", "/ask", {"question": UNANSWERED}).json()["declined"]
    draft = {"text": "2024年，青禾开发区规上工业总产值突破52.36亿元，同比增长8.7%。", "date": "2025-04"}
    proved = ask("POST", "/check", draft).json()
    assert {one["text"]: one["verdict"] for one in proved["numbers"]}["8.7%"] == "unsupported"
    assert ask("POST", "/check", {"text": "产" * 20_001}).status_code == 400
    listed = ask("GET", "/figures?unit=亿元&limit=2").json()
    assert (listed["count"], len(listed["figures"])) == (3, 2)
    for wrong in ("period=昨天的明天", "limit=0", "limit=many"):
        assert ask("GET", f"/figures?{wrong}").status_code == 400


def test_a_chat_is_told_all_that_a_reader_is(ask: Callable[..., httpx.Response]) -> None:
    """Invariant: the content holds figure, sentence and source; every warning of the answer stands in it."""
    content = ask("POST", "/v1/chat/completions", chat(("user", QUESTION))).json()["choices"][0]["message"]["content"]
    for words in (FIGURE, "出处", "青禾日报", "照录"):
        assert words in content


def test_the_last_message_is_the_question() -> None:
    asked = [("human", " 一？ "), ("tool", "x"), ("ai", "1"), ("human", "二？"), ("human", "三？")]
    assert reply.asked(asked) == ("三？", (("一？", "1"),))
    with pytest.raises(SettingError):
        reply.asked([("human", "一？"), ("ai", "1")])
    assert completions.DEFAULT == "jushi"
