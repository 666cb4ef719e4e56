"""The page as programs see it: ``ask``, ``check``, ``figures`` by gradio_client and by MCP, behind the same guard."""

import asyncio
import base64
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import FakeEmbedder, MakeAssistant

from assistant.library import Library
from assistant.store import Store
from assistant.web import serve, users
from assistant.web.checking import Checking
from assistant.web.conversation import LONGEST_QUESTION
from assistant.web.site import Site
from assistant.web.users import Users

pytestmark = pytest.mark.slow
PASSWORD = "长长的密码一二三四五"
QUESTION = "青禾开发区2024年规上工业总产值是多少？"


class Running:
    """A page served in a thread, which answers from the invented pages without a model."""

    def __init__(self, site: Site, known: Users | None = None) -> None:
        import uvicorn

        self.listener = serve.listen("127.0.0.1", 0)
        port = self.listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}/"
        app = serve.application(site, "127.0.0.1", port, users=known)
        self.server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [self.listener]}, daemon=True)
        self.thread.start()
        deadline = time.monotonic() + 20
        while not self.server.started:
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def close(self) -> None:
        self.server.should_exit = True
        self.thread.join(10)
        self.listener.close()


@pytest.fixture
def site(index: Path, make_assistant: MakeAssistant) -> Iterator[Site]:
    library = Library(Store.open(index, FakeEmbedder.name))
    assistant = make_assistant()
    yield Site(assistant, library, checking=Checking(lambda text, date: assistant.check(text, date=date)))
    library.close()


@pytest.fixture
def url(site: Site) -> Iterator[str]:
    running = Running(site)
    yield running.url
    running.close()


def client(url: str, **more: Any) -> Any:
    from gradio_client import Client

    return Client(url, verbose=False, **more)


def test_endpoints_are_named_and_typed(url: str) -> None:
    """Invariant: ``ask``, ``check``, ``figures`` and nothing else, each argument with its name and type."""
    told = client(url).view_api(return_format="dict", print_info=False)["named_endpoints"]
    named = {
        name: {one["parameter_name"]: one["type"]["type"] for one in endpoint["parameters"]}
        for name, endpoint in told.items()
    }
    words = dict.fromkeys(("query", "subject", "metric", "period", "unit"), "string")
    assert named == {
        "/ask": {"question": "string", "model": "string"},
        "/check": {"text": "string", "date": "string"},
        "/figures": {**words, "limit": "integer"},
    }


def test_a_program_hears_what_a_reader_sees(url: str) -> None:
    """Invariant: the text has numbers for keys, each figure its verdict, subject and place; errors are in words."""
    from gradio_client.exceptions import AppError

    asked = client(url)
    answer = asked.predict(QUESTION, api_name="/ask")
    assert "52.36亿元" in answer["text"]
    assert "[1]" in answer["text"]
    (figure,) = {one["figure"]: one for one in answer["figures"]}.values()
    assert (figure["verdict"], figure["subject"], figure["citation"]) == ("quoted", "青禾开发区", 1)
    citation = answer["citations"][0]
    assert citation["file"] == "qinghe.md"
    assert citation["end"] > citation["start"] > 0
    assert asked.predict("月球基地2024年的发电量是多少？", api_name="/ask")["declined"]
    with pytest.raises(AppError, match="问题太长"):
        asked.predict("产" * (LONGEST_QUESTION + 1), api_name="/ask")
    with pytest.raises(AppError, match="没有名为"):
        asked.predict(QUESTION, "another", api_name="/ask")


def test_a_draft_is_checked(url: str) -> None:
    """Invariant: each number of the draft has its place, verdict and the sentence that bears it; limits are told."""
    from gradio_client.exceptions import AppError

    asked = client(url)
    draft = "2024年，青禾开发区规上工业总产值突破52.36亿元，同比增长8.7%。"
    told = asked.predict(draft, "2025-04", api_name="/check")
    verdicts = {one["text"]: one["verdict"] for one in told["numbers"]}
    assert verdicts["突破52.36亿元"] == "quoted"
    assert verdicts["8.7%"] == "unsupported"
    assert told["counts"]["unsupported"] == 1
    for draft in ("", "产" * 20_001):
        with pytest.raises(AppError):
            asked.predict(draft, api_name="/check")


def test_figures_are_counted_and_bounded(url: str) -> None:
    from gradio_client.exceptions import AppError

    asked = client(url)
    told = asked.predict(unit="亿元", limit=2, api_name="/figures")
    assert (told["count"], len(told["figures"])) == (3, 2)
    assert {"subject", "metric", "value", "file", "offset"} <= set(told["figures"][0])
    assert len(asked.predict(limit=-5, api_name="/figures")["figures"]) == 1
    with pytest.raises(AppError, match="is no period"):
        asked.predict(period="昨天的明天", api_name="/figures")


def test_a_fault_is_not_told(site: Site, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Invariant: what an unforeseen error says (a path, a setting) reaches no program."""
    from gradio_client.exceptions import AppError

    def broken(_: Library) -> None:
        raise ValueError("/secret/path")

    asked = client(url)
    monkeypatch.setattr(Library, "listing", broken)
    with pytest.raises(AppError) as told:
        asked.predict(api_name="/figures")
    assert "secret" not in str(told.value)


def test_the_same_are_tools(url: str) -> None:
    """Invariant: an MCP client finds both with their descriptions, and hears the same answer."""
    tools, text = asyncio.run(_called(url, {}))
    assert set(tools) == {"ask", "check", "figures"}
    assert "Answer a question" in tools["ask"]
    assert "52.36亿元" in text


async def _called(url: str, headers: dict[str, str]) -> tuple[dict[str, str], str]:
    """The tools that there are, and what ``ask`` tells."""
    from mcp import ClientSession
    from mcp.client.streamable_http import streamablehttp_client

    async with (
        streamablehttp_client(f"{url}gradio_api/mcp/", headers=headers) as (read, write, _),
        ClientSession(read, write) as session,
    ):
        await session.initialize()
        tools = {tool.name: str(tool.description) for tool in (await session.list_tools()).tools}
        called = await session.call_tool("ask", {"question": QUESTION})
        return tools, str(getattr(called.content[0], "text", ""))


def test_programs_need_the_password_too(site: Site, tmp_path: Path) -> None:
    """Invariant: neither the endpoints nor the tools are beside the guard."""
    import httpx

    (tmp_path / "users.txt").write_text(users.line("小满", PASSWORD), "utf-8")
    running = Running(site, Users.read(tmp_path / "users.txt"))
    try:
        for path in ("", "gradio_api/info", "gradio_api/mcp/", "jushi/shelves", "config"):
            assert httpx.get(running.url + path).status_code == 401
        given = base64.b64encode(f"小满:{PASSWORD}".encode()).decode()
        headers = {"Authorization": f"Basic {given}"}
        assert "52.36亿元" in client(running.url, headers=headers).predict(QUESTION, api_name="/ask")["text"]
        assert "52.36亿元" in asyncio.run(_called(running.url, headers))[1]
    finally:
        running.close()


@pytest.mark.skipif(sys.platform == "win32", reason="paths of another kind")
@pytest.mark.parametrize(
    "path",
    [
        "gradio_api/file=/etc/passwd",
        "gradio_api/file=../../../../etc/passwd",
        "gradio_api/file=assistant/web/page.py",
        "static/..%2f..%2f..%2fetc/passwd",
        "assets/..%2f..%2f..%2fetc/passwd",
    ],
)
def test_no_file_of_this_machine_is_given_out(url: str, path: str) -> None:
    import httpx

    answer = httpx.get(url + path)
    assert answer.status_code in (403, 404)
    assert "root:" not in answer.text
    assert "import" not in answer.text


def test_openai_s_client_asks_the_page(site: Site, tmp_path: Path) -> None:
    """Invariant: the official client, with a name and a password for a key, hears the citations, streamed too."""
    openai = pytest.importorskip("openai", reason="OpenAI's client is not installed")
    import httpx

    (tmp_path / "users.txt").write_text(users.line("小满", PASSWORD), "utf-8")
    running = Running(site, Users.read(tmp_path / "users.txt"))
    key = base64.b64encode(f"小满:{PASSWORD}".encode()).decode()
    asked: list[Any] = [{"role": "user", "content": QUESTION}]
    try:
        page = openai.OpenAI(base_url=f"{running.url}v1", api_key=key, max_retries=0)
        assert [one.id for one in page.models.list()] == ["jushi", "none"]
        message = page.chat.completions.create(model="jushi", messages=asked).choices[0].message
        assert "52.36亿元" in message.content
        cited = message.annotations[0].url_citation
        assert message.content[cited.start_index : cited.end_index] == "[1]"
        shown = httpx.get(cited.url, headers={"Authorization": f"Bearer {key}"})
        assert (shown.status_code, "52.36亿元" in shown.text) == (200, True)
        deltas = [
            chunk.choices[0].delta for chunk in page.chat.completions.create(model="jushi", messages=asked, stream=True)
        ]
        assert "".join(one.content or "" for one in deltas) == message.content
        (annotations,) = [one.annotations for one in deltas if getattr(one, "annotations", None)]
        assert annotations[0]["url_citation"]["url"] == cited.url
        with pytest.raises(openai.NotFoundError):
            page.chat.completions.create(model="gpt-5", messages=asked)
        with pytest.raises(openai.AuthenticationError):
            openai.OpenAI(base_url=f"{running.url}v1", api_key="-", max_retries=0).models.list()
    finally:
        running.close()
