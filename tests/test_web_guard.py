"""Who may come in, from where, with how much; what is uploaded under which name; what is kept of reactions."""

import asyncio
import base64
import io
import json
import re
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from conftest import FakeEmbedder, ingest

from assistant.errors import JushiError, SettingError
from assistant.library import Library
from assistant.records import Answer, Bound, Citation, Figure, FigureCheck, Source, Verdict
from assistant.store import Store
from assistant.web import export, routes, serve, users
from assistant.web.guard import LARGEST_REQUEST, Guard
from assistant.web.intake import Intake, cleaned
from assistant.web.job import Job
from assistant.web.reactions import LONGEST_REASON, Reactions
from assistant.web.turns import Turn
from assistant.web.users import Users

PASSWORD = "长长的密码一二三四五"


async def _hello(scope: Any, receive: Any, send: Any) -> None:
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            break
    status = 200 if message["type"] != "http.disconnect" else 499
    await send({"type": "http.response.start", "status": status, "headers": []})
    await send({"type": "http.response.body", "body": b"hello"})


def asked(
    app: Any, method: str = "GET", path: str = "/", body: bytes = b"", chunks: int = 1, **headers: Any
) -> tuple[int, dict[str, str]]:
    """The status and headers that the application answers with."""
    given = {"host": "127.0.0.1:7860", **{name.replace("_", "-"): value for name, value in headers.items()}}
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in given.items()],
    }
    parts = [body] * chunks
    sent: list[Any] = []

    async def receive() -> Any:
        part = parts.pop(0) if parts else b""
        return {"type": "http.request", "body": part, "more_body": bool(parts)}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    told = {name.decode(): value.decode() for name, value in sent[0].get("headers", [])}
    return sent[0]["status"], told


def basic(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


@pytest.fixture
def known(tmp_path: Path) -> Users:
    path = tmp_path / "users.txt"
    path.write_text(f"# 谁\n\n{users.line('小满', PASSWORD)}\n", "utf-8")
    return Users.read(path)


# --- who ----------------------------------------------------------------------------------------------------------


def test_only_the_right_password_comes_in(known: Users, monkeypatch: pytest.MonkeyPatch) -> None:
    """Invariant: without credentials, with a wrong name, password or form nothing is answered but 401."""
    monkeypatch.setattr("assistant.web.guard._PAUSE", 0)
    guard = Guard(_hello, known)
    assert asked(guard, authorization=basic("小满", PASSWORD))[0] == 200
    wrong = ["", basic("小满", PASSWORD[:-1]), basic("小雪", PASSWORD), basic("", ""), "Basic !!!", "Bearer x"]
    for given in wrong:
        status, headers = asked(guard, **dict[str, Any]({"authorization": given} if given else {}))
        assert status == 401
        assert headers["www-authenticate"].startswith("Basic")


def test_a_right_password_is_checked_once(known: Users) -> None:
    """Invariant: a page of many requests costs one slow check; a wrong one is checked each time."""
    assert known.knows("小满", PASSWORD)
    began = time.perf_counter()
    for _ in range(200):
        assert known.knows("小满", PASSWORD)
    assert time.perf_counter() - began < 0.5
    assert not known.knows("小满", PASSWORD + "六")


def test_the_file_holds_no_password() -> None:
    """Invariant: two lines of one password differ (salt), and neither holds it."""
    first, second = users.line("甲", PASSWORD), users.line("甲", PASSWORD)
    assert first != second
    assert PASSWORD not in first


@pytest.mark.parametrize("text", ["小满:密码", "小满:scrypt:zz:zz", ":scrypt:00:00", "", "# 只有注\n"])
def test_a_file_that_is_none_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "users.txt"
    path.write_text(text, "utf-8")
    with pytest.raises(SettingError, match=r"users\.txt.*jushi password"):
        Users.read(path)


@pytest.mark.parametrize(("name", "password"), [("a:b", PASSWORD), ("", PASSWORD), ("甲", "短"), ("a\nb", PASSWORD)])
def test_a_name_or_password_that_cannot_serve_is_refused(name: str, password: str) -> None:
    with pytest.raises(SettingError):
        users.line(name, password)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "::", "news.example"])
def test_other_machines_are_not_let_in_unasked(host: str, known: Users) -> None:
    """Invariant: beyond this machine it listens only with users, or when told to be public."""
    with pytest.raises(SettingError, match=r"--auth.*--public"):
        serve.allowed(host, None, False)
    serve.allowed(host, known, False)
    serve.allowed(host, None, True)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.9", "::1", "localhost"])
def test_this_machine_needs_no_password(host: str) -> None:
    serve.allowed(host, None, False)


# --- from where, with how much ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": "http://127.0.0.1:7860"}, 200),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec_fetch_site": "cross-site"}, 403),
        ({"sec_fetch_site": "same-site"}, 403),
        ({"sec_fetch_site": "same-origin", "origin": "http://127.0.0.1:7860"}, 200),
    ],
)
def test_another_site_cannot_post(headers: dict[str, str], status: int) -> None:
    """Invariant: what changes something is not done for a page of another site, whose visitor is let in here."""
    assert asked(Guard(_hello), "POST", **dict[str, Any](headers))[0] == status


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:7860", 200),
        ("localhost", 200),
        ("[::1]:7860", 200),
        ("evil.example", 421),
        ("127.0.0.1.evil.example", 421),
    ],
)
def test_a_foreign_name_for_this_machine_is_refused(host: str, status: int) -> None:
    """Invariant: a site whose name is made to lead to 127.0.0.1 reads nothing."""
    assert asked(Guard(_hello, local=True), host=host)[0] == status


def test_a_request_has_an_end() -> None:
    """Invariant: neither a told nor an untold length passes the limit."""
    guard = Guard(_hello)
    assert asked(guard, "POST", content_length=str(2 << 20))[0] == 413
    assert asked(guard, "POST", content_length="-1")[0] == 413
    assert asked(guard, "POST", body=b"x" * 1000, chunks=2 + LARGEST_REQUEST // 1000)[0] == 499
    assert asked(guard, "POST", path="/jushi/upload", content_length=str(2 << 20))[0] == 200
    assert asked(guard, "POST", path="/gradio_api/upload")[0] == 404


def test_every_answer_carries_the_policy() -> None:
    headers = asked(Guard(_hello))[1]
    assert "default-src 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


# --- files --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("甲版.md", "甲版.md"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("..\\..\\windows\\甲.TXT", "甲.txt"),
        ("/etc/甲.pdf", "甲.pdf"),
        ("a\x00b\u202e.md", "ab.md"),
        ("...hidden.md", "hidden.md"),
        ('<img src=x onerror="1">.html', "img src=x onerror=1.html"),
        ("con:aux*?.docx", "conaux.docx"),
        ("长" * 300 + ".txt", "长" * 40 + ".txt"),
    ],
)
def test_names_are_cleaned(name: str, kept: str) -> None:
    """Invariant: no name leads out of the folder, hides, reorders what is read, or is too long for a file system."""
    assert cleaned(name) == kept


@pytest.mark.parametrize(
    "name", ["", "passwd", "../../etc/passwd", ".md", "..md", "a.exe", "a.md.sh", "/", "\u202e.txt"]
)
def test_names_of_no_page_are_refused(name: str) -> None:
    with pytest.raises(JushiError, match="不收这种文件"):
        cleaned(name)


async def _chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


def test_a_drop_is_bounded_and_stays_in_its_folder(tmp_path: Path) -> None:
    """Invariant: a file too large leaves nothing behind, an empty one neither; a token that is none opens no folder."""
    intake = Intake(tmp_path, ("false",))
    token = intake.begin()

    async def run() -> None:
        assert await intake.keep(token, "../甲.txt", _chunks(b"ab", b"c"), 3) == {"name": "甲.txt", "bytes": 3}
        for name, parts in (("乙.txt", (b"abcd",)), ("丙.txt", ())):
            with pytest.raises(JushiError):
                await intake.keep(token, name, _chunks(*parts), 3)
        for wrong in ("", "..", "../../x", token[:-1], token.upper()):
            with pytest.raises(JushiError, match="不在"):
                await intake.keep(wrong, "丁.txt", _chunks(b"a"), 3)

    asyncio.run(run())
    assert [path.name for path in (tmp_path / "incoming").rglob("*.txt")] == ["甲.txt"]


async def _over(job: Job) -> dict[str, Any]:
    async with asyncio.timeout(20):
        return [told async for told in job.follow()][-1]


def _script(words: str) -> tuple[str, ...]:
    return (sys.executable, "-c", words)


def test_a_job_tells_its_progress_and_archives_what_was_read(tmp_path: Path) -> None:
    """Invariant: files that were read are kept to be read anew, the others not; no folder of this machine is told."""
    told = (
        "import json,sys,pathlib; folder=pathlib.Path(sys.argv[1]);"
        "print('words of the report');"
        "print(json.dumps({'event':'progress','file':'a.txt','done':1,'total':2}));"
        "print(json.dumps({'event':'done','files':1,'skipped':[f'{folder}/b.txt: broken']}))"
    )
    intake = Intake(tmp_path, _script(told))
    token = intake.begin()

    async def run() -> Job:
        for name in ("a.txt", "b.txt"):
            await intake.keep(token, name, _chunks(b"x"), 9)
        job = await intake.ingest(token)
        with pytest.raises(JushiError, match="另一批"):
            await intake.ingest(intake.begin())
        assert (await _over(job))["ok"]
        return job

    job = asyncio.run(run())
    assert [one["event"] for one in job.told] == ["progress", "done", "end"]
    assert job.told[1]["skipped"] == ["b.txt: broken"]
    assert intake.kept() == {"a.txt"}


def test_a_failed_job_says_why_and_keeps_the_drop(tmp_path: Path) -> None:
    intake = Intake(tmp_path, _script("import sys; sys.exit(f'{sys.argv[1]}/a.txt: broken')"))
    token = intake.begin()

    async def run() -> dict[str, Any]:
        await intake.keep(token, "a.txt", _chunks(b"x"), 9)
        return await _over(await intake.ingest(token))

    last = asyncio.run(run())
    assert (last["ok"], last["trouble"]) == (False, "a.txt: broken")
    assert intake.kept() == frozenset()
    intake.drop(token)


def test_a_job_can_be_cancelled(tmp_path: Path) -> None:
    """Invariant: cancelling ends the process at once, says so, and leaves the way free for the next."""
    intake = Intake(tmp_path, _script("import time; time.sleep(60)"))
    token = intake.begin()

    async def run() -> dict[str, Any]:
        assert not await intake.cancel()
        job = await intake.preview(token)
        assert await intake.cancel()
        last = await _over(job)
        await intake.preview(token)
        assert await intake.cancel()
        return last

    began = time.monotonic()
    assert asyncio.run(run())["event"] == "cancelled"
    assert time.monotonic() - began < 10


# --- the page's own addresses -------------------------------------------------------------------------------------


@pytest.fixture
def library(index: Path) -> Iterator[Library]:
    opened = Library(Store.open(index, FakeEmbedder.name))
    yield opened
    opened.close()


Get = Callable[..., tuple[int, str]]


@pytest.fixture
def get(library: Library) -> Get:
    from fastapi import FastAPI

    app = FastAPI()
    routes.add(app, routes.Rooms(library))

    def fetch(path: str, **query: str) -> tuple[int, str]:
        return asyncio.run(_fetched(app, path, query))

    return fetch


async def _fetched(app: Any, path: str, query: dict[str, str], method: str = "GET") -> tuple[int, str]:
    import httpx

    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        answer = await client.request(method, f"/jushi/{path}", params=query)
        return answer.status_code, answer.text


def test_a_citation_opens_its_line(get: Get, library: Library) -> None:
    """Invariant: the panel marks the cited words on their line, shows the story's lines, and folds the others away."""
    text = library.page("qinghe.md").text
    start = text.index("2024年，青禾开发区")
    end = text.index("7.8%。") + len("7.8%。")
    status, html = get("source", file="qinghe.md", **{"from": str(start), "to": str(end)})
    assert status == 200
    assert f"<mark>{text[start:end]}</mark>" in html
    assert html.count('id="cited"') == 1
    folded = "".join(re.findall("<details.*?</details>", html))
    assert "白鹭水库今年蓄水" in folded
    for own in ("园区现有纺织企业41家", "记者 林小满", "纺织车间换了新装"):
        assert own in html
        assert own not in folded


@pytest.mark.parametrize("file", ["../../../etc/passwd", "/etc/passwd", "none.md", "", "qinghe.md\x00"])
def test_no_file_beyond_the_index_is_shown(get: Get, file: str) -> None:
    """Invariant: what is not a page of the index is told not to be there, whatever lies on the disk."""
    for path in ("source", "page"):
        status, said = get(path, file=file, **{"from": "0", "to": "9"})
        assert status == 400
        assert "索引里没有" in said


def test_offsets_beyond_the_page_show_it_unmarked(get: Get) -> None:
    for place in ("999999999", "-1", "1e9", "x"):
        status, html = get("source", file="qinghe.md", **{"from": place, "to": "5"})
        assert status == 200
        assert 'id="cited"' not in html or place in ("-1", "1e9", "x")


def test_figures_are_filtered_sorted_and_downloaded(get: Get) -> None:
    """Invariant: the download holds just what the table shows; the values sort as numbers, not as letters."""
    status, html = get("figures", subject="青禾开发区", sort="figure")
    assert status == 200
    assert "突破52.36亿元" in html
    assert "86吨" not in html
    status, csv = get("figures.csv", subject="青禾开发区")
    assert csv.startswith("\ufeffsubject,")
    assert csv.count("\n") == html.count("<tr")  # the heads, and a row each
    money = get("figures.json", unit="亿元", sort="figure", down="1")[1]
    values = [Decimal(one["value"]) for one in json.loads(money)]
    assert values == sorted(values, reverse=True)
    assert len(values) == 3


def test_a_period_that_is_none_is_told(get: Get) -> None:
    status, said = get("figures", period="昨天的明天")
    assert (status, "is no period" in said) == (400, True)


def test_search_marks_the_words_and_escapes_them(get: Get) -> None:
    assert "<mark>蓄水</mark>1860万立方米" in get("search", words="蓄水")[1]
    html = get("search", words='<img src=x onerror=alert(1)> "蓄水')[1]
    assert "<img" not in html


def test_shelves_show_every_page_and_which_generation_answers(get: Get) -> None:
    html = get("shelves")[1]
    assert "qinghe.md" in html
    assert "lanting-2025-04-02.txt" in html
    assert "第 1 代" in html
    assert 'data-act="remove"' not in html


def test_without_intake_nothing_can_be_changed(library: Library) -> None:
    """Invariant: where the page may not change the index, the addresses that would are not there."""
    from fastapi import FastAPI

    app = FastAPI()
    routes.add(app, routes.Rooms(library))
    for name in ("begin", "upload", "ingest", "again", "remove", "preview", "report"):
        assert asyncio.run(_fetched(app, name, {"file": "qinghe.md"}, "POST"))[0] == 404


def test_the_library_goes_on_to_the_next_generation(corpus: Path, index: Path, library: Library) -> None:
    """Invariant: what another process commits is seen at the next look."""
    assert library.generation().number == 1
    (corpus / "new.md").write_text("# 新闻一则\n\n兰亭镇2024年修路12公里。\n", "utf-8")
    ingest(corpus, index, FakeEmbedder())
    assert library.generation().number == 2
    assert "new.md" in [one.file for one in library.pages()]
    assert "修路" in library.search("修路")[0].text


# --- reactions and exports ----------------------------------------------------------------------------------------

SAID = Answer(
    "产值？",
    "产值31亿元。[a1]",
    (Citation("a1", "p", Source("甲.md", "标题"), "产值31亿元。", 3, 10),),
    (FigureCheck(Figure("31亿元", Decimal("3.1E9"), "元", "money", Bound.EXACT, 2, 6), Verdict.QUOTED, "a1"),),
    model="none",
)


def test_a_reaction_holds_what_a_gold_item_needs(tmp_path: Path) -> None:
    """Invariant: a line each, with question, answer, cited sentences, model, generation, verdict and reason."""
    reactions = Reactions(tmp_path)
    reactions.add(SAID, False, "单位\n错了" + "。" * 900, "g1")
    reactions.add(SAID, True, "", "g1")
    lines = [json.loads(row) for row in (tmp_path / "reactions.jsonl").read_text("utf-8").splitlines()]
    assert [one["right"] for one in lines] == [False, True]
    assert (lines[0]["question"], lines[0]["generation"], lines[0]["figures"]) == ("产值？", "g1", ["31亿元"])
    assert lines[0]["citations"][0] == {"file": "甲.md", "start": 3, "end": 10, "quote": "产值31亿元。", "key": "a1"}
    assert len(lines[0]["reason"]) == LONGEST_REASON


def test_a_conversation_is_exported_with_its_citations() -> None:
    """Invariant: Markdown and Word hold each question, answer, source and failure, and nothing comes alive."""
    docx = pytest.importorskip("docx")
    hostile = "<script>alert(1)</script>[x](javascript:y)\x01\ud800"
    turns = (Turn("产值？", answer=SAID), Turn(hostile, trouble="坏了"), Turn("丙", stopped=True))
    markdown = export.markdown(turns)
    words = "\n".join(one.text for one in docx.Document(io.BytesIO(export.word(turns))).paragraphs)
    for made in (markdown, words):
        for told in ("产值？", "产值31亿元。[1]", "《标题》", "没有答成：坏了", "已停止"):
            assert told in made
    assert "<script" not in markdown
    assert "[x](" not in markdown
    assert "<script>alert(1)</script>" in words
