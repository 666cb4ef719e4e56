"""Answers under trouble: an endpoint that is busy, cut off, slow or talks rubbish; a question that is taken back."""

import asyncio
import json
import logging
import os
import resource
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
import tiny_gguf
from conftest import QUESTION, ROOT, MakeAssistant, assert_true_to_print
from test_llm import KEY, MESSAGES, completion

from assistant import llm
from assistant.errors import KeyRefused, ModelError, ModelUnreachable, Stopped
from assistant.llm import endpoint as hosted_module
from assistant.llm import local as local_module
from assistant.llm.breaker import FAILURES, LONGEST_SECONDS, PAUSE_SECONDS, Breaker
from assistant.records import CaveatKind
from assistant.settings import Settings

OK = json.dumps(completion()).encode()


def answer(status: str = "200 OK", body: bytes = OK, head: str = "", length: int | None = None) -> bytes:
    said = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length or len(body)}\r\n"
    return f"{said}Connection: close\r\n{head}\r\n".encode() + body


class Endpoint:
    """A server that sends, byte for byte, what it is told: to the n-th request the n-th reply, the last again.

    A reply is bytes, or a function of the connection. ``gone`` is set when a client hangs up before its reply ends.
    """

    def __init__(self, *replies: bytes | Callable[[socket.socket], None]) -> None:
        self.replies = list(replies)
        self.asked: list[float] = []
        self.gone = threading.Event()
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}/v1"
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._server.close()

    def _serve(self) -> None:
        with suppress(OSError):  # closed: the test is over
            while True:
                connection, _ = self._server.accept()
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            received = b""
            while b"\r\n\r\n" not in received:
                received += connection.recv(65536)
            head, _, body = received.partition(b"\r\n\r\n")
            told = [line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")]
            length = int(told[0][15:]) if told else 0
            while len(body) < length:
                body += connection.recv(65536)
            self.asked.append(time.monotonic())
            reply = self.replies[min(len(self.asked), len(self.replies)) - 1]
            if callable(reply):
                reply(connection)
            else:
                connection.sendall(reply)

    def hang(self, connection: socket.socket) -> None:
        """Says nothing until the client hangs up."""
        connection.settimeout(30)
        if connection.recv(1) == b"":
            self.gone.set()


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Endpoint]]:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(hosted_module, "FIRST_PAUSE", 0.02)
    made: list[Endpoint] = []

    def start(*replies: Any) -> Endpoint:
        made.append(Endpoint(*replies))
        return made[-1]

    yield start
    for endpoint in made:
        endpoint.close()


BUSY = answer("429 Too Many Requests", b"{}")
CUT = answer(length=len(OK) + 500)


@pytest.mark.parametrize(
    "trouble",
    [BUSY, CUT, b"", answer("503 Service Unavailable", b"<html>"), answer("500 Error", b""), OK[:20], b"\x00\x01\r\n"],
    ids=["429", "cut", "hangs up", "503", "500", "no HTTP", "noise"],
)
def test_passing_trouble_is_got_over(serve: Callable[..., Endpoint], trouble: bytes) -> None:
    """Twice in trouble, then well: the words come, and nobody hears of it."""
    endpoint = serve(trouble, trouble, answer())
    assert llm.hosted("tiny", endpoint.url, KEY, 20).write(MESSAGES) == "好。"
    assert len(endpoint.asked) == hosted_module.TRIES


@pytest.mark.parametrize("trouble", [answer("400 Bad", b"{}"), answer("404 No", b"{}"), answer(body=b"<html>")])
def test_what_will_not_pass_is_not_tried_again(serve: Callable[..., Endpoint], trouble: bytes) -> None:
    """A wrong name or rubbish costs one request."""
    endpoint = serve(trouble)
    with pytest.raises(ModelUnreachable):
        llm.hosted("tiny", endpoint.url, KEY, 20).write(MESSAGES)
    assert len(endpoint.asked) == 1


def test_tries_are_bounded(serve: Callable[..., Endpoint]) -> None:
    """An endpoint that stays busy is asked three times, with growing pauses between."""
    endpoint = serve(BUSY)
    with pytest.raises(ModelUnreachable, match="429"):
        llm.hosted("tiny", endpoint.url, KEY, 20).write(MESSAGES)
    first, second, third = endpoint.asked
    assert second - first >= 0.02
    assert third - second >= 0.04


@pytest.mark.parametrize("head", ["Retry-After: 1\r\n", "retry-after-ms: 700\r\n"])
def test_the_pause_that_is_asked_for_is_kept(serve: Callable[..., Endpoint], head: str) -> None:
    """In seconds, or in the milliseconds that some say."""
    endpoint = serve(answer("429 Busy", b"{}", head), answer())
    assert llm.hosted("tiny", endpoint.url, KEY, 20).write(MESSAGES) == "好。"
    assert endpoint.asked[1] - endpoint.asked[0] >= 0.65


@pytest.mark.parametrize("after", ["3600", "Wed, 21 Oct 2099 07:28:00 GMT"])
def test_a_pause_longer_than_the_time_there_is_ends_the_call(serve: Callable[..., Endpoint], after: str) -> None:
    """Nobody waits an hour for a sentence: the error says so at once, and the endpoint is left alone meanwhile."""
    endpoint = serve(answer("503 Busy", b"{}", f"Retry-After: {after}\r\n"))
    chat = llm.hosted("tiny", endpoint.url, KEY, 5)
    with pytest.raises(ModelUnreachable, match="wants to be asked again"):
        chat.write(MESSAGES)
    with pytest.raises(ModelUnreachable, match="asked again in 300 s"):
        chat.write(MESSAGES)
    assert len(endpoint.asked) == 1


@pytest.mark.parametrize("after", ["soon", "-5", "nan", "1e999", "Wed, 99 Foo 20 07", ""])
def test_a_pause_that_makes_no_sense_is_not_kept(serve: Callable[..., Endpoint], after: str) -> None:
    """What the header says is rubbish too, at times."""
    endpoint = serve(answer("503 Busy", b"{}", f"Retry-After: {after}\r\n"), answer())
    began = time.monotonic()
    with suppress(ModelUnreachable):  # 1e999 is for ever
        llm.hosted("tiny", endpoint.url, KEY, 5).write(MESSAGES)
    assert time.monotonic() - began < 5


def test_a_reply_in_drops_ends_with_the_time(serve: Callable[..., Endpoint]) -> None:
    """A byte at a time keeps any single read from being late; the call as a whole is late."""

    def drip(connection: socket.socket) -> None:
        for byte in answer():
            connection.sendall(bytes([byte]))
            time.sleep(0.05)

    began = time.monotonic()
    with pytest.raises(ModelUnreachable, match=r"did not answer in 0\.5 s"):
        llm.hosted("tiny", serve(drip).url, KEY, 0.5).write(MESSAGES)
    assert time.monotonic() - began < 4


def test_a_reply_without_end_is_left(serve: Callable[..., Endpoint]) -> None:
    """Its memory is bounded: after four megabytes the call is over."""
    sent = []

    def flood(connection: socket.socket) -> None:
        connection.sendall(answer(length=1 << 40))
        for _ in range(4096):
            connection.sendall(b" " * (1 << 16))
            sent.append(1 << 16)

    with pytest.raises(ModelUnreachable, match="more than 4 MB"):
        llm.hosted("tiny", serve(flood).url, KEY, 30).write(MESSAGES)
    assert sum(sent) < 64 << 20


def test_an_endpoint_that_goes_on_failing_is_left_alone(serve: Callable[..., Endpoint]) -> None:
    """After some calls in a row nobody is asked; the answer still comes, at once."""
    endpoint = serve(b"")
    chat = llm.hosted("tiny", endpoint.url, KEY, 20)
    for _ in range(FAILURES):
        with pytest.raises(ModelUnreachable, match="cannot be reached"):
            chat.write(MESSAGES)
    asked = len(endpoint.asked)
    with pytest.raises(ModelUnreachable, match="several times in a row"):
        chat.write(MESSAGES)
    assert len(endpoint.asked) == asked


def test_a_refused_key_pauses_nothing(serve: Callable[..., Endpoint]) -> None:
    """The endpoint is well: with the key corrected the next call works."""
    endpoint = serve(answer("401 No", b"{}"))
    chat = llm.hosted("tiny", endpoint.url, KEY, 20)
    for _ in range(FAILURES + 2):
        with pytest.raises(KeyRefused):
            chat.write(MESSAGES)


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_the_breaker_opens_tries_and_closes() -> None:
    """Open after failures in a row; then one trial at a time, with a pause twice as long after each that fails."""
    clock = Clock()
    breaker = Breaker(clock)
    breaker.failed()
    assert breaker.wait() == 0
    breaker.succeeded()
    for _ in range(FAILURES):
        assert breaker.wait() == 0
        breaker.failed()
    pause = PAUSE_SECONDS
    while pause < LONGEST_SECONDS:
        assert breaker.wait() == pytest.approx(pause)
        clock.now += pause
        assert breaker.wait() == 0  # the trial
        assert breaker.wait() > 0  # the others meanwhile
        breaker.failed()
        pause *= 2
    clock.now += LONGEST_SECONDS
    assert breaker.wait() == 0
    breaker.left()
    assert breaker.wait() == 0  # a trial that was taken back leaves the next to try
    breaker.succeeded()
    assert breaker.wait() == 0
    assert breaker.wait() == 0


# ---------------------------------------------------------------- taken back


def taken_back(chat: llm.Chat, after: float = 0.3) -> float:
    """Takes a call back after some seconds; how long it then took to end."""
    stop = threading.Event()
    threading.Timer(after, stop.set).start()
    began = time.monotonic()
    with llm.stoppable(stop), pytest.raises(Stopped):
        chat.write(MESSAGES, most=4000)
    return time.monotonic() - began - after


def test_taking_a_question_back_hangs_up(serve: Callable[..., Endpoint]) -> None:
    """The endpoint sees the connection closed, so that its model stops too; the next call works."""
    endpoint = serve()
    endpoint.replies = [endpoint.hang, answer()]
    chat = llm.hosted("tiny", endpoint.url, KEY, 60)
    assert taken_back(chat) < 5
    assert endpoint.gone.wait(5)
    assert chat.write(MESSAGES) == "好。"


def test_a_question_that_waits_for_another_try_is_taken_back(serve: Callable[..., Endpoint]) -> None:
    """The pause is no dead time."""
    endpoint = serve(answer("429 Busy", b"{}", "Retry-After: 20\r\n"))
    assert taken_back(llm.hosted("tiny", endpoint.url, KEY, 60)) < 5


def test_what_is_taken_back_counts_for_no_failure(serve: Callable[..., Endpoint]) -> None:
    """A reader who changes their mind does not shut the endpoint for the others."""
    endpoint = serve()
    endpoint.replies = [endpoint.hang]
    chat = llm.hosted("tiny", endpoint.url, KEY, 60)
    for _ in range(FAILURES + 1):
        taken_back(chat, 0.1)
    endpoint.replies = [answer()]
    assert chat.write(MESSAGES) == "好。"


def test_the_assistant_takes_a_question_back(serve: Callable[..., Endpoint], make_assistant: MakeAssistant) -> None:
    """By an event from another thread, and by the cancelling of the task that waits."""
    endpoint = serve()
    endpoint.replies = [endpoint.hang]
    assistant = make_assistant(llm.hosted("tiny", endpoint.url, KEY, 60))
    stop = threading.Event()
    threading.Timer(0.5, stop.set).start()
    with pytest.raises(Stopped):
        assistant.ask(QUESTION, stop=stop)
    assert endpoint.gone.wait(5)
    endpoint.gone.clear()

    async def impatient() -> None:
        await asyncio.wait_for(assistant.aask(QUESTION), 0.7)

    with pytest.raises(TimeoutError):
        asyncio.run(impatient())
    assert endpoint.gone.wait(5)


# ---------------------------------------------------------------- a local model


@pytest.fixture(scope="module")
def gguf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_gguf.write(tmp_path_factory.mktemp("model") / "tiny.gguf")


def test_a_local_model_reads_and_writes(gguf: Path) -> None:
    """The same words for the same prompt, and tokens counted; the judgement is a finite number."""
    chat = llm.embedded("tiny", gguf, 1)
    first = chat.write(MESSAGES, most=20)
    assert chat.usage.written == 20
    assert chat.usage.read > 20
    assert chat.write(MESSAGES, most=20) == first
    assert chat.write(MESSAGES, grammar='root ::= "好" "好"') == "好好"
    assert -30 < chat.judge(MESSAGES) < 30


def test_taking_a_question_back_frees_a_local_model(gguf: Path) -> None:
    """While it writes, while it reads a long prompt, and while it waits for the model; then the model answers."""
    chat = llm.embedded("tiny", gguf, 1)
    stop = threading.Event()
    stop.set()
    with llm.stoppable(stop), pytest.raises(Stopped):
        chat.write(MESSAGES, most=4000)
    read = chat.usage.read
    stop.clear()
    threading.Timer(0.02, stop.set).start()
    with llm.stoppable(stop), pytest.raises(Stopped):
        chat.write([("user", "数" * 1300)], most=4000, grammar='root ::= "好" root | "好"')
    assert chat.usage.written < 4000
    assert isinstance(chat, local_module.Local)
    with chat._lock:
        waiting = threading.Event()
        threading.Timer(0.2, waiting.set).start()
        with llm.stoppable(waiting), pytest.raises(Stopped):
            chat.write(MESSAGES)
    assert chat.write(MESSAGES, grammar='root ::= "好"') == "好"
    assert chat.usage.read > read


SPOILED: dict[str, Callable[[bytes], bytes]] = {
    "cut": lambda data: data[: len(data) // 2],
    "head only": lambda data: data[:64],
    "magic only": lambda _: b"GGUF",
    "another version": lambda data: data[:4] + b"\x63\0\0\0" + data[8:],
    "too many tensors": lambda data: data[:8] + b"\xff" * 8 + data[16:],
    "noise": lambda data: data[:24] + bytes(range(256)) * 40,
    "empty": lambda _: b"",
}


@pytest.mark.parametrize("way", SPOILED)
def test_a_file_that_is_no_model_is_an_error(gguf: Path, tmp_path: Path, way: str) -> None:
    """Its path and the next step; the program goes on."""
    bad = tmp_path / "bad.gguf"
    bad.write_bytes(SPOILED[way](gguf.read_bytes()))
    with pytest.raises(ModelError, match=r"bad\.gguf.*jushi models pull"):
        llm.embedded("tiny", bad, 1)


def test_a_prompt_that_is_too_long_is_an_error(gguf: Path) -> None:
    """It is told in numbers, and the text is not in it."""
    with pytest.raises(ModelError, match="4096 are the most") as raised:
        llm.embedded("tiny", gguf, 1).write([("user", "机密" * 5000)])
    assert "机密" not in str(raised.value)


def test_a_model_that_does_not_fit_is_not_loaded(gguf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system would end the program; so it is refused before, with both sizes."""
    monkeypatch.setattr(local_module, "_free", lambda: 100 << 20)
    assert "GB are free" in llm.too_big(gguf)
    with pytest.raises(ModelError, match=r"tiny\.gguf needs 0\.3 GB of memory, and 0\.1 GB are free"):
        llm.embedded("tiny", gguf, 1)


@pytest.mark.skipif(sys.platform != "linux", reason="addresses are bounded on Linux")
def test_memory_that_gives_out_is_an_error(gguf: Path) -> None:
    """In a process of its own, whose memory is bounded to little more than it has when the model is loaded."""
    script = f"""
        import resource, sys
        sys.path[:0] = [{str(ROOT)!r}]
        from pathlib import Path
        import xllamacpp
        from assistant import llm
        from assistant.errors import ModelError
        now = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (now + (8 << 20),) * 2)
        try:
            llm.embedded("tiny", Path(sys.argv[1]), 1)
        except ModelError as error:
            print("ModelError", error)
    """
    ran = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), str(gguf)], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout[:10]) == (0, "ModelError"), ran.stderr[-300:]
    assert resource.getrlimit(resource.RLIMIT_AS)


def test_a_broken_local_model_costs_the_wording_not_the_answer(make_assistant: MakeAssistant, gguf: Path) -> None:
    """One that writes noise, too: the program quotes, and every figure is the page's."""
    chat = llm.embedded("tiny", gguf, 1)
    assert_true_to_print(make_assistant(chat).ask(QUESTION))


# ---------------------------------------------------------------- nothing in the logs


def test_logs_hold_no_key_question_or_page(
    serve: Callable[..., Endpoint], make_assistant: MakeAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    """With every logger of the program at its most talkative, what is private is in no line."""
    caplog.set_level(logging.DEBUG)
    told = json.dumps({"answerable": True, "evidence": [1], "answer": "总产值{F2}。"}, ensure_ascii=False)
    endpoint = serve(BUSY, answer(body=json.dumps(completion(told)).encode()))
    found = make_assistant(llm.hosted("tiny", endpoint.url, KEY, 20)).ask(QUESTION)
    assert "52.36" in found.text
    lines = "\n".join(record.getMessage() for record in caplog.records)
    for private in (KEY, QUESTION, "青禾", "52.36", "规上工业"):
        assert private not in lines


def test_secrets_are_in_no_repr(serve: Callable[..., Endpoint]) -> None:
    """Settings and models are printed in tracebacks."""
    assert KEY not in repr(Settings(api_key=KEY))
    chat = llm.hosted("tiny", serve(answer()).url, KEY, 5)
    chat.write(MESSAGES)
    assert KEY not in repr(chat)


def test_an_error_carries_no_request(serve: Callable[..., Endpoint]) -> None:
    """What is behind an error is shown by whoever logs it: neither key nor question is there."""
    for reply in (answer("401 No", b"{}"), answer("404 No", b"{}"), b"", answer(body=b"{")):
        with pytest.raises((ModelUnreachable, KeyRefused)) as raised:
            llm.hosted("tiny", serve(reply).url, KEY, 5).write(MESSAGES)
        assert raised.value.__cause__ is None
        assert raised.value.__suppress_context__


def test_trouble_ends_in_a_quoted_answer_that_says_so(
    serve: Callable[..., Endpoint], make_assistant: MakeAssistant
) -> None:
    """Every kind of trouble: the answer is true to print, cited, and its caveat names the endpoint."""
    for reply in (BUSY, CUT, b"", answer(body=b"[1, 2"), answer("503 Busy", b"", "Retry-After: 9999\r\n")):
        endpoint = serve(reply)
        found = make_assistant(llm.hosted("tiny", endpoint.url, KEY, 10)).ask(QUESTION)
        assert_true_to_print(found)
        assert [caveat.kind for caveat in found.caveats] == [CaveatKind.DEGRADED]
        assert endpoint.url in found.caveats[0].text


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is sent as a signal")
def test_ctrl_c_is_heard_while_a_model_works(serve: Callable[..., Endpoint], seeds_index: Path) -> None:
    """In a process of its own: it ends at once, with exit code 130, and the endpoint sees it hang up."""
    endpoint = serve()
    endpoint.replies = [endpoint.hang]
    command = [sys.executable, "-m", "assistant.cli", "ask", "台江经开区2024年规上工业总产值是多少？"]
    command += ["--data", str(seeds_index), "--model", "tiny", "--base-url", endpoint.url]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}

    def hearing() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell's background job is begun deaf to it

    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=hearing
    ) as asking:
        deadline = time.monotonic() + 120
        while not endpoint.asked and time.monotonic() < deadline:
            time.sleep(0.1)
        asking.send_signal(signal.SIGINT)
        out, err = asking.communicate(timeout=60)
    assert (asking.returncode, out) == (130, "")
    assert "已停止" in err
    assert endpoint.gone.wait(5)


def test_reach_lists_models(serve: Callable[..., Endpoint]) -> None:
    """What the doctor asks for: names, nothing where none are listed, and the errors of a call."""
    listed = answer(body=b'{"data": [{"id": "tiny"}, {"id": "small"}]}')
    with closing(Endpoint(listed)) as endpoint:
        assert _reached(endpoint) == ("tiny", "small")
    for reply, error in ((answer("401 No", b""), KeyRefused), (answer("500 No", b""), ModelUnreachable)):
        with closing(Endpoint(reply)) as endpoint, pytest.raises(error):
            _reached(endpoint)
    for reply in (answer("404 No", b""), answer(body=b"<html>"), answer(body=b"[]")):
        with closing(Endpoint(reply)) as endpoint:
            assert _reached(endpoint) == ()


def _reached(endpoint: Endpoint) -> tuple[str, ...]:
    # a GET has no body, and says so to the stand-in
    return llm.reach(endpoint.url, KEY, 5)
