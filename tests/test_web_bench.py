"""The room of the evals: results read as data, runs started, stopped and gone on with; no file becomes HTML."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import JushiError
from assistant.web import layout, reports, trials
from assistant.web.bench import KINDS, SIZES, Bench
from assistant.web.job import Job
from assistant.web.measured import Results, measured
from assistant.web.site import Site
from evals.gold import Kind

NASTY = "<img src=x onerror=alert(1)>"
# Stands for the evals' command, whose own tests it has: says what it was given, asks two questions, then waits.
COMMAND = (
    "import json,sys,time,pathlib\n"
    "given=sys.argv[1:]\n"
    "tell=lambda **told: print(json.dumps(told), flush=True)\n"
    "if given[0]=='report': pathlib.Path(given[3]).write_text('<p>made of '+pathlib.Path(given[1]).name)\n"
    "elif given[0]=='compare': sys.exit(f'jushi evals: {given[1]} and {given[2]} have no item in common.')\n"
    "else:\n"
    "    tell(event='begin', total=2, given=given)\n"
    "    tell(event='progress', done=1, total=2, right=1, wrong=0, item='a')\n"
    "    time.sleep(60 if '--limit=50' in given else 0)\n"
)


def results(folder: Path, name: str, verdicts: str, when: int, **header: Any) -> None:
    """A results file of these verdicts; ``wrong`` gives a wrong figure."""
    lines = [{"verdict": one, "wrong_figure": one == "wrong", "seconds": 0.5} for one in verdicts.split()]
    rows = [{"header": {"date": "2026-11-26T04:05:11+00:00", "gold": "seeds.jsonl", "model": "none", **header}}, *lines]
    folder.mkdir(exist_ok=True)
    (folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    os.utime(folder / name, (when, when))


def bench(tmp_path: Path, flags: tuple[str, ...] | None = ("--data=index",)) -> Bench:
    return Bench(tmp_path / "results", (sys.executable, "-c", COMMAND), flags, tmp_path / "gold")


def test_a_model_is_shown_with_the_run_that_tells_most(tmp_path: Path) -> None:
    """Invariant: most questions first, then the newest; the unscored count not, nor peers, nor files that are none."""
    folder = tmp_path / "results"
    results(folder, "small.jsonl", "correct", 9, model="甲")
    results(folder, "old.jsonl", "correct correct correct", 1, model="甲")
    results(folder, "new.jsonl", "correct wrong declined unscored", 2, model="甲")
    results(folder, "peer.jsonl", "correct correct", 3, model="乙", system="langchain")
    (folder / "torn.jsonl").write_text('{"header": {"model": "丙"}}\n{"verdict": "correct"}\n{"verd', "utf-8")
    for name, words in (("list", "[1, 2]\n"), ("text", "words\n"), ("empty", ""), ("number", "1\n")):
        (folder / f"{name}.jsonl").write_text(words, "utf-8")
    found = measured(Results(folder).runs())
    assert {model: (run.name, run.right) for model, run in found.items()} == {
        "甲": ("new.jsonl", 1 / 3),
        "丙": ("torn.jsonl", 1.0),
    }
    assert found["甲"].wrong == 0.25
    assert Results(tmp_path / "nowhere").runs() == ()


@pytest.mark.parametrize(("right", "of", "low", "high"), [(0, 10, 0, 0.278), (10, 10, 0.722, 1), (5, 10, 0.237, 0.763)])
def test_a_share_has_its_interval(tmp_path: Path, right: int, of: int, low: float, high: float) -> None:
    """Wilson's intervals as the tables print them: none is a point, even of 0 or all."""
    results(tmp_path, "a.jsonl", "correct " * right + "wrong " * (of - right), 1)
    (run,) = Results(tmp_path).runs()
    assert run.interval == pytest.approx((low, high), abs=0.001)


def test_a_file_is_read_again_when_it_grew(tmp_path: Path) -> None:
    results(tmp_path, "a.jsonl", "correct", 1, questions=3)
    kept = Results(tmp_path)
    (before,) = kept.runs()
    assert kept.runs()[0] is before
    results(tmp_path, "a.jsonl", "correct wrong", 2, questions=3)
    (after,) = kept.runs()
    assert (before.answers, after.answers, after.whole) == (1, 2, False)


def test_nothing_of_a_results_file_is_html(tmp_path: Path) -> None:
    """Invariant: names, models and answers that hold HTML are words in the list and in the comparison."""
    folder = tmp_path / "results"
    for at in (1, 2):
        name = f"{at}{NASTY.replace('/', '')}.jsonl"
        results(folder, name, "correct wrong", at, model=NASTY, gold=NASTY, system=NASTY, date=NASTY)
    shown = bench(tmp_path)
    told = {
        "items": 2,
        "differences": [
            {"name": "wrong", "first": 0.5, "second": 0, "difference": -0.5, "interval": [-1, 0.2], "gained": 0}
            | {"lost": 1, "p": 1.0}
        ],
        "changed": [{"item": NASTY, "question": NASTY, "before": NASTY, "after": "correct", "texts": [NASTY, NASTY]}],
    }
    html = reports.list_html(shown) + reports.compared_html(told, *shown.results.runs())
    assert "<img" not in html
    assert html.count("&lt;img") >= 10
    assert "看不出差别" in html
    assert '<span class="zh"></span>' not in html  # a heading without words is none to a screen reader


def test_the_form_offers_what_the_evals_know() -> None:
    """Invariant: the kinds of the form are those of the gold sets."""
    assert set(KINDS) == {kind.value for kind in Kind}


def test_a_page_that_may_not_measure_shows_no_form(tmp_path: Path) -> None:
    """Invariant: without flags reports are read, nothing is started; without a bench there is no room."""

    class Silent:
        model = "none"
        examples = ()

    reading, running = bench(tmp_path, None), bench(tmp_path)
    assert "trial" not in layout.evals(Site(Silent(), bench=reading))  # type: ignore[arg-type]
    shown = layout.evals(Site(Silent(), bench=running))  # type: ignore[arg-type]
    assert all(f'value="{size}"' in shown for size in (*SIZES, *KINDS))
    assert "tab-evals" not in layout.masthead(Site(Silent()))  # type: ignore[arg-type]
    with pytest.raises(JushiError, match="不能开考"):
        asyncio.run(reading.run("none", "", "", ""))


async def _told(job: Job) -> list[dict[str, Any]]:
    async with asyncio.timeout(20):
        return [told async for told in job.follow()]


def test_a_run_is_started_followed_by_two_and_stopped(tmp_path: Path) -> None:
    """Invariant: the command gets what was chosen; two who follow hear the same; no other starts meanwhile."""
    (tmp_path / "gold").mkdir()
    (tmp_path / "gold" / "mine.jsonl").write_text("{}\n", "utf-8")
    started = bench(tmp_path)

    async def whole() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        job = await started.run("none", "figure", "20", "mine.jsonl")
        first, second = await asyncio.gather(_told(job), _told(job))
        return first, second

    async def stopped() -> list[dict[str, Any]]:
        job = await started.run("none", "", "50", "")
        with pytest.raises(JushiError, match="正在考"):
            await started.run("none", "", "", "")
        while len(job.told) < 2:
            await asyncio.sleep(0.05)
        assert started.running is job
        assert await started.stop()
        return await _told(job)

    first, second = asyncio.run(whole())
    assert first == second
    assert [one["event"] for one in first] == ["begin", "progress", "end"]
    own = f"--gold={tmp_path / 'gold' / 'mine.jsonl'}"
    wanted = ["--model=none", "--types=figure", "--limit=20", "--seed=1", own]
    assert first[0]["given"] == [*wanted, f"--out={tmp_path / 'results'}", "--json", "--data=index"]
    last = asyncio.run(stopped())[-1]
    assert last["event"] == "cancelled"
    assert started.running is None


@pytest.mark.parametrize(
    ("kind", "size", "own"), [("all", "", ""), ("", "7", ""), ("", "", "../gold.jsonl"), ("figure --out=/", "", "")]
)
def test_what_is_not_offered_is_not_asked(tmp_path: Path, kind: str, size: str, own: str) -> None:
    with pytest.raises(JushiError, match="没有这样的题"):
        asyncio.run(bench(tmp_path).run("none", kind, size, own))


def test_only_the_last_stopped_run_goes_on(tmp_path: Path) -> None:
    """Invariant: a whole run, one that is not the last of its kind, one that there is not: none of them is gone on."""
    folder = tmp_path / "results"
    drawn = {"types": "figure", "split": "", "limit": 20}
    results(folder, "older.jsonl", "correct", 1, questions=20)
    results(folder, "last.jsonl", "correct", 2, questions=20, drawn=drawn, seed=1)
    results(folder, "whole.jsonl", "correct", 3, model="甲", questions=1)
    started = bench(tmp_path)
    runs = started.results.runs()
    assert [run.name for run in runs if started.resumable(run, runs)] == ["last.jsonl"]

    async def gone_on() -> list[dict[str, Any]]:
        return await _told(await started.resume("last.jsonl"))

    assert asyncio.run(gone_on())[0]["given"][:5] == [
        "--model=none",
        "--types=figure",
        "--limit=20",
        "--seed=1",
        "--resume",
    ]
    for name in ("older.jsonl", "whole.jsonl", "../last.jsonl"):
        with pytest.raises(JushiError, match="不能接着考"):
            asyncio.run(started.resume(name))


async def _fetched(app: Any, path: str, query: dict[str, str], method: str = "GET") -> tuple[int, str, Any]:
    import httpx

    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        answer = await client.request(method, f"/jushi/{path}", params=query)
        return answer.status_code, answer.text, answer.headers


def test_the_addresses_give_what_is_in_the_folder_and_no_more(tmp_path: Path) -> None:
    """Invariant: a report is written once and framed off; no other file is reached; no folder is told."""
    from fastapi import FastAPI

    results(tmp_path / "results", "a.jsonl", "correct", 1)
    results(tmp_path / "results", "b.jsonl", "wrong", 2)
    (tmp_path / "secret.html").write_text("secret", "utf-8")
    (tmp_path / "secret.jsonl").write_text('{"header": {"model": "x"}}\n', "utf-8")
    app = FastAPI()
    trials.add(app, bench(tmp_path), ("none",))

    def get(path: str, method: str = "GET", **query: str) -> tuple[int, str, Any]:
        return asyncio.run(_fetched(app, path, query, method))

    assert get("runs")[1].count("<tr>") == 3
    assert json.loads(get("measured")[1])["none"]["of"] == 1
    status, html, headers = get("run-report", run="a.jsonl")
    assert (status, html) == (200, "<p>made of a.jsonl")
    assert headers["content-security-policy"].endswith("sandbox allow-scripts")
    assert "default-src 'none'" in headers["content-security-policy"]
    status, said, _ = get("compared", first="a.jsonl", second="b.jsonl")
    assert (status, said) == (400, "这两轮对比不了：jushi evals: a.jsonl and b.jsonl have no item in common.")
    for name in ("../secret.jsonl", "secret.jsonl", "/etc/passwd", "", "a.html"):
        assert get("run-report", run=name)[0] == 400
        assert get("compared", first="a.jsonl", second=name)[0] == 400
    assert get("trial-follow")[0] == 400
    assert get("trial", "POST", model="other")[0] == 400
    status, told, _ = get("trial", "POST", model="none", size="20")
    assert [json.loads(row)["event"] for row in told.splitlines()] == ["begin", "progress", "end"]
    reading = FastAPI()
    trials.add(reading, bench(tmp_path, None), ("none",))
    assert asyncio.run(_fetched(reading, "trial", {"model": "none"}, "POST"))[0] == 404
