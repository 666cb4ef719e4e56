"""A hosted model against a stand-in on this machine: what it says, what it costs, and every way in which it fails."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from conftest import QUESTION, FakeChat, MakeAssistant, assert_true_to_print

from assistant import llm
from assistant.errors import KeyRefused, ModelError, ModelUnreachable
from assistant.records import CaveatKind

KEY = "sk-stand-in-7f3a9c"
MESSAGES = [("system", "Antworte."), ("user", "总产值是多少？")]


def completion(text: str | None = "好。", **more: Any) -> dict[str, Any]:
    return {
        "id": "c1",
        "object": "chat.completion",
        "created": 1,
        "model": "tiny",
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}],
        "usage": {"prompt_tokens": 40, "completion_tokens": 7, "total_tokens": 47},
        **more,
    }


@dataclass
class Endpoint:
    """Speaks OpenAI chat completions, as badly as it is told, and notes what it was sent."""

    status: int = 200
    body: bytes | None = None
    reply: dict[str, Any] = field(default_factory=completion)
    wait: threading.Event | None = None
    kind: str = "application/json"
    hangs_up: bool = False
    key: str = KEY
    seen: list[dict[str, Any]] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        sent = json.loads(handler.rfile.read(int(handler.headers.get("Content-Length", 0))))
        self.seen.append({"path": handler.path, **sent})
        if self.wait:
            self.wait.wait(5)
        if self.hangs_up:
            return
        status, body = self.status, self.body
        if status == 200 and handler.headers.get("Authorization") != f"Bearer {self.key}":
            # Some servers repeat the key in what they say.
            status, body = (
                401,
                json.dumps({"error": {"message": f"Incorrect API key {self.seen_key(handler)}"}}).encode(),
            )
        if body is None:
            body = json.dumps(self.reply if status == 200 else {"error": {"message": f"no {KEY}"}}).encode()
        handler.send_response(status)
        handler.send_header("Content-Type", self.kind)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    @staticmethod
    def seen_key(handler: BaseHTTPRequestHandler) -> str:
        return str(handler.headers.get("Authorization")).removeprefix("Bearer ")


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Endpoint]]:
    """``serve(status=429)``: an endpoint that answers so, until the test ends."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_BASE"):
        monkeypatch.delenv(name, raising=False)
    running: list[ThreadingHTTPServer] = []
    waits: list[threading.Event] = []

    def start(**told: Any) -> Endpoint:
        endpoint = Endpoint(**told)
        if endpoint.wait:
            waits.append(endpoint.wait)

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                endpoint.answer(self)

            def log_message(self, *_: Any) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        endpoint.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        running.append(server)
        return endpoint

    yield start
    for wait in waits:
        wait.set()
    for server in running:
        server.shutdown()
        server.server_close()


def test_the_models_words_come_back_and_are_counted(serve: Callable[..., Endpoint]) -> None:
    """The endpoint gets the messages, the name and a bound on the length; tokens add up over calls."""
    endpoint = serve()
    chat = llm.hosted("tiny", endpoint.url, KEY, 5)
    assert chat.write(MESSAGES, most=33) == "好。"
    assert chat.write(MESSAGES) == "好。"
    assert (chat.usage.read, chat.usage.written) == (80, 14)
    sent = endpoint.seen[0]
    assert sent["path"] == "/v1/chat/completions"
    assert (sent["model"], sent["temperature"]) == ("tiny", 0)
    assert 33 in (sent.get("max_tokens"), sent.get("max_completion_tokens"))
    assert [(one["role"], one["content"]) for one in sent["messages"]] == MESSAGES


def test_a_hosted_model_does_not_judge() -> None:
    """Token probabilities are not asked of endpoints, most of which do not tell them."""
    chat = llm.hosted("tiny", "http://127.0.0.1:9/v1", KEY, 1)
    assert not chat.judges
    with pytest.raises(ModelError):
        chat.judge(MESSAGES)


def test_a_server_without_keys_needs_none(serve: Callable[..., Endpoint]) -> None:
    """Local servers take any key, so an empty one is no error."""
    chat = llm.hosted("tiny", serve(key="none").url, "", 5)
    assert chat.write(MESSAGES) == "好。"


FAILURES: list[Any] = [
    ({"status": 403}, "403"),
    ({"status": 404}, "404"),
    ({"status": 429}, "429"),
    ({"status": 500}, "500"),
    ({"status": 503, "body": b"<html>busy</html>"}, "503"),
    ({"hangs_up": True}, "cannot be reached"),
    ({"body": b"<html>Please log in</html>", "kind": "text/html"}, "no chat completion"),
    ({"body": b"{"}, "no chat completion"),
    ({"body": b""}, "no chat completion"),
    ({"reply": {}}, "no chat completion"),
    ({"body": b"[]"}, "no chat completion"),
    ({"body": b"null"}, "no chat completion"),
    ({"reply": completion(choices=None)}, "no chat completion"),
    ({"reply": completion(choices=[])}, "no chat completion"),
    ({"reply": completion(choices=[{}])}, "no chat completion"),
    ({"reply": completion(choices="好")}, "no chat completion"),
    ({"reply": {"error": {"message": f"no {KEY}"}}}, "no chat completion"),
]


@pytest.mark.parametrize(("told", "says"), FAILURES, ids=lambda value: str(value)[:40])
def test_a_failing_endpoint_is_named_and_the_key_is_not(
    serve: Callable[..., Endpoint], told: dict[str, Any], says: str
) -> None:
    """Each failure is a ModelUnreachable of one line that names the endpoint and what it did, never the key."""
    endpoint = serve(**told)
    with pytest.raises(ModelUnreachable) as raised:
        llm.hosted("tiny", endpoint.url, KEY, 5).write(MESSAGES)
    text = str(raised.value)
    assert endpoint.url in text
    assert says in text
    assert KEY not in text
    assert "\n" not in text


def test_a_wrong_key_is_a_setting_to_correct(serve: Callable[..., Endpoint]) -> None:
    """A refused key is no fault of the endpoint: it is told as a setting, without showing the key."""
    endpoint = serve(key="another")
    with pytest.raises(KeyRefused, match=r"refuses the key \(401\): check JUSHI_API_KEY") as raised:
        llm.hosted("tiny", endpoint.url, KEY, 5).write(MESSAGES)
    assert KEY not in str(raised.value)


def test_an_empty_completion_is_empty_words(serve: Callable[..., Endpoint]) -> None:
    """A model that says nothing is no error: the answer is quoted without it."""
    assert llm.hosted("tiny", serve(reply=completion(None)).url, KEY, 5).write(MESSAGES) == ""
    assert llm.hosted("tiny", serve(reply=completion("")).url, KEY, 5).write(MESSAGES) == ""


def test_an_endpoint_that_does_not_answer_is_left(serve: Callable[..., Endpoint]) -> None:
    """The time-out is kept, retry included, and named."""
    endpoint = serve(wait=threading.Event())
    began = time.monotonic()
    with pytest.raises(ModelUnreachable, match=r"did not answer in 0\.3 s") as raised:
        llm.hosted("tiny", endpoint.url, KEY, 0.3).write(MESSAGES)
    assert time.monotonic() - began < 5
    assert KEY not in str(raised.value)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/v1", "http://name.invalid/v1"])
def test_an_endpoint_that_is_not_there_is_named(serve: Callable[..., Endpoint], url: str) -> None:
    """Connection refused and an unknown name say which address to check."""
    with pytest.raises(ModelUnreachable, match="cannot be reached") as raised:
        llm.hosted("tiny", url, KEY, 20).write(MESSAGES)
    assert url in str(raised.value)


@pytest.mark.parametrize("url", ["127.0.0.1:9/v1", "ftp://127.0.0.1/v1", "not a url", "http://"])
def test_an_address_that_is_none_is_named(serve: Callable[..., Endpoint], url: str) -> None:
    """A mistyped base URL is an error of the tree, not a traceback."""
    with pytest.raises(ModelUnreachable):
        llm.hosted("tiny", url, KEY, 20).write(MESSAGES)


@pytest.mark.parametrize("key", ["密钥", "line\nfeed", "tab\t", " "])
def test_a_key_that_no_header_takes_is_an_error_of_the_tree(serve: Callable[..., Endpoint], key: str) -> None:
    """A key pasted with a line feed, or in another script, is told without a traceback and without being shown."""
    with pytest.raises(ModelUnreachable) as raised:
        llm.hosted("tiny", serve().url, key, 2).write(MESSAGES)
    assert key == " " or key not in str(raised.value)


def test_a_password_in_the_address_is_not_shown(serve: Callable[..., Endpoint]) -> None:
    """``http://user:password@host`` is a secret too, and errors are shown on the page."""
    with pytest.raises(ModelUnreachable) as raised:
        llm.hosted("tiny", f"http://user:{KEY}@127.0.0.1:9/v1", "", 2).write(MESSAGES)
    assert KEY not in str(raised.value)


# ---------------------------------------------------------------- through the assistant


def test_a_hosted_model_words_the_answer(serve: Callable[..., Endpoint], make_assistant: MakeAssistant) -> None:
    """Question to endpoint to checked answer: the wording is the model's, the figure the page's, the tokens counted."""
    told = json.dumps({"answerable": True, "evidence": [1], "answer": "总产值{F2}。"}, ensure_ascii=False)
    endpoint = serve(reply=completion(told))
    answer = make_assistant(llm.hosted("tiny", endpoint.url, KEY, 5)).ask(QUESTION)
    assert_true_to_print(answer)
    assert (answer.model, answer.usage, answer.caveats) == ("tiny", {"read": 40, "written": 7}, ())
    assert QUESTION in endpoint.seen[0]["messages"][1]["content"]


def test_each_question_has_its_own_tokens(serve: Callable[..., Endpoint]) -> None:
    """Of many that ask one model at the same time, each is told what it took, and the model what all did."""
    free = threading.Event()
    chat = llm.hosted("tiny", serve(wait=free).url, KEY, 5)
    told: list[tuple[int, int]] = []

    def ask() -> None:
        with llm.counted() as spent:
            chat.write(MESSAGES)
        told.append((spent.read, spent.written))

    askers = [threading.Thread(target=ask) for _ in range(4)]
    for one in askers:
        one.start()
    free.set()
    for one in askers:
        one.join(10)
    assert told == [(40, 7)] * 4
    assert (chat.usage.read, chat.usage.written) == (160, 28)


@pytest.mark.parametrize("told", [{"status": 429}, {"status": 500}, {"body": b"{"}, None], ids=str)
def test_a_dead_endpoint_costs_the_wording_not_the_answer(
    serve: Callable[..., Endpoint], make_assistant: MakeAssistant, told: dict[str, Any] | None
) -> None:
    """The clause is quoted, the answer says that the model was not used and why, and the key is nowhere in it."""
    url = "http://127.0.0.1:9/v1" if told is None else serve(**told).url
    answer = make_assistant(llm.hosted("tiny", url, KEY, 2)).ask(QUESTION)
    assert_true_to_print(answer)
    assert "原文：“" in answer.text
    assert [caveat.kind for caveat in answer.caveats] == [CaveatKind.DEGRADED]
    assert url in answer.caveats[0].text
    assert KEY not in repr(answer)


def test_a_judge_that_fails_costs_the_wording_not_the_answer(make_assistant: MakeAssistant) -> None:
    """An embedded model that breaks down in mid-question leaves a quoted answer with its caveat."""
    for chat, question in (
        (FakeChat("好。", judgements=[ModelError("broken")]), QUESTION),
        (FakeChat(ModelError("broken"), judgements=[9.0]), "兰亭开发区总产值怎么样？"),
        (FakeChat(ModelUnreachable("gone")), QUESTION),
    ):
        answer = make_assistant(chat).ask(question)
        assert_true_to_print(answer)
        assert [caveat.kind for caveat in answer.caveats] == [CaveatKind.DEGRADED]
        assert answer.citations
