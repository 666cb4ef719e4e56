"""A run files every answer as it is given, goes on after a kill, and its exit code tells what the gate found."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from assistant import settings
from assistant.errors import IndexMissing, ModelUnreachable, SettingError
from assistant.figures import find
from assistant.records import Answer, Caveat, CaveatKind, Citation, FigureCheck, Source, Verdict
from evals import command, gold, report, run, systems
from evals.gold import GoldItem, Kind

ITEMS = gold.load(gold.PROJECT_SET)[:60]  # of every type
HEADER = {"date": "2025-01-02T03:04:05+00:00", "gold": "seeds.jsonl", "model": "none"}


def right(item: GoldItem) -> Answer:
    """An answer that states each fact, with its citation, check, timing and usage."""
    parts = [f"{fact.subject}{fact.printed}" for fact in item.facts] + [group[0] for group in item.must_mention]
    text = "；".join(parts + ([f"{item.result.value}{item.result.unit}"] if item.result else [])) + "，存疑"
    figures = find(text)
    return Answer(
        item.question,
        text,
        (Citation("abcdef", "p", Source("a.md"), text, 0, len(text)),),
        tuple(FigureCheck(figure, Verdict.QUOTED, "abcdef") for figure in figures),
        declined=item.type is Kind.UNANSWERABLE,
        timings={"total": 0.5},
        usage={"written": 3},
    )


def false(item: GoldItem) -> Answer:
    """A wrong figure, whatever is asked."""
    return Answer(item.question, "是7777亿元，777%，77个百分点，77家，7777吨，77条，77倍，77名。")


def without_seconds(path: Path) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return [{name: value for name, value in line.items() if name != "seconds"} for line in lines]


def test_a_run_files_each_answer_whole(tmp_path: Path) -> None:
    """A line holds all that was answered and how it was judged, and reads back as it was told."""
    path = tmp_path / "new" / "r.jsonl"
    told: list[run.Record] = []
    records = run.run(ITEMS, right, path, HEADER, told=told.append)
    header, read = run.read(path)
    assert header == HEADER
    assert [line["item"] for line in read] == [item.id for item in ITEMS]
    assert told == records
    line = read[0]
    assert line["verdict"] == "correct"
    assert line["cited"] is True
    assert line["citations"][0]["source"]["file"] == "a.md"
    assert line["checks"][0]["verdict"] == "quoted"
    assert line["checks"][0]["figure"]["value"] == str(find(ITEMS[0].facts[0].printed)[0].value)
    assert (line["timings"], line["usage"]) == ({"total": 0.5}, {"written": 3})


@pytest.mark.parametrize("torn", ["", '{"item": "figure-0', '{"header": {'])
@pytest.mark.parametrize("after", [0, 1, 7])
def test_a_killed_run_goes_on_to_the_same_file(tmp_path: Path, after: int, torn: str) -> None:
    """Wherever a run stops, even in mid-line, it resumes without asking twice, to the file of a whole run."""
    whole, path = tmp_path / "whole.jsonl", tmp_path / "killed.jsonl"
    run.run(ITEMS, right, whole, HEADER)
    asked: list[str] = []

    def killed(item: GoldItem) -> Answer:
        if len(asked) == after:
            raise KeyboardInterrupt
        asked.append(item.id)
        return right(item)

    with pytest.raises(KeyboardInterrupt):
        run.run(ITEMS, killed, path, HEADER)
    with path.open("a", encoding="utf-8") as file:
        file.write(torn)

    def goes_on(item: GoldItem) -> Answer:
        asked.append(item.id)
        return right(item)

    records = run.run(ITEMS, goes_on, path, {**HEADER, "date": "later"}, resume=True)
    assert asked == [item.id for item in ITEMS]
    assert [line["item"] for line in records] == asked
    assert without_seconds(path) == without_seconds(whole)


def test_a_file_of_another_run_is_left_alone(tmp_path: Path) -> None:
    """Results are neither overwritten nor mixed with those of another model, and no other file is taken for results."""
    path = tmp_path / "r.jsonl"
    run.run(ITEMS[:2], right, path, HEADER)
    before = path.read_bytes()
    with pytest.raises(SettingError, match="--resume"):
        run.run(ITEMS[:2], right, path, HEADER)
    with pytest.raises(SettingError, match="another model"):
        run.run(ITEMS[:2], right, path, {**HEADER, "model": "big"}, resume=True)
    assert path.read_bytes() == before
    for text in ("notes\n", '{"a": 1}\n'):
        path.write_text(text)
        with pytest.raises(SettingError, match="not a results file"):
            run.run(ITEMS[:2], right, path, HEADER, resume=True)
        assert path.read_text() == text


Main = Callable[..., int]


@pytest.fixture
def main(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Main:
    """``main`` over an index that is not there, asked by the function given."""
    monkeypatch.setattr(run, "corpus", lambda _: {"pages": 5})
    monkeypatch.delenv("JUSHI_MODEL", raising=False)
    monkeypatch.chdir(tmp_path)

    def called(ask: Callable[[GoldItem], Answer], *arguments: str) -> int:
        @contextmanager
        def asking(name: str, _: settings.Settings, pages: Path) -> Iterator[Callable[[GoldItem], Answer]]:
            yield ask

        monkeypatch.setattr(systems, "opened", asking)
        return command.main(["--model", "none", "--out", str(tmp_path / "out"), *arguments])

    return called


@pytest.mark.parametrize(
    ("ask", "limits", "code"),
    [
        (right, None, 0),
        (right, "accuracy=1,wrong=0,cited=.5", 0),
        (right, "seconds=0", 1),
        (false, None, 0),
        (false, "accuracy=.8", 1),
        (false, "wrong=.05", 1),
        (right, "accuracy=high", 2),
        (right, "acuracy=.8", 2),
    ],
)
def test_the_gate_sets_the_exit_code(
    main: Main, ask: Callable[[GoldItem], Answer], limits: str | None, code: int
) -> None:
    """0 when the limits hold, 1 when one is missed, 2 when it cannot be read."""
    assert main(ask, *(["--fail-under", limits] if limits else [])) == code


def test_the_terminal_tells_the_rates(main: Main, capsys: pytest.CaptureFixture[str]) -> None:
    """The table has a row for each type asked and one for all, and names the results file."""
    assert main(right, "--types", "figure,unanswerable") == 0
    shown = capsys.readouterr().out
    rows = {line.split()[0]: line for line in shown.splitlines() if "%" in line}
    assert set(rows) == {"figure", "unanswerable", "全部"}
    assert "100%" in rows["全部"]
    assert ".jsonl" in shown


def test_every_model_has_its_suite_in_junit(main: Main, tmp_path: Path) -> None:
    """Two models asked in one run: the later does not write over the earlier."""
    path = tmp_path / "junit.xml"
    assert main(right, "--model", "none,none", "--limit", "2", "--junit", str(path)) == 0
    assert path.read_text("utf-8").count("<testsuite ") == 2


def test_errors_are_told_and_not_traced(
    main: Main, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A missing gold file, an unknown type, no items, a dead endpoint, no index: one line on stderr and code 2."""

    def dead(_: GoldItem) -> Answer:
        raise ModelUnreachable("http://x refuses: check --base-url.")

    def missing(_: settings.Settings) -> dict[str, Any]:
        raise IndexMissing('No index in data: run "jushi ingest" first.')

    for ask, arguments, told in (
        (right, ["--gold", "none.jsonl"], "none.jsonl"),
        (right, ["--types", "figures"], "figures"),
        (right, ["--types", ","], "--types"),
        (dead, [], "refuses"),
    ):
        assert main(ask, *arguments) == 2
        error = capsys.readouterr().err
        assert told in error
        assert "Traceback" not in error
    monkeypatch.setattr(run, "corpus", missing)
    assert main(right) == 2
    assert "jushi ingest" in capsys.readouterr().err


def test_answers_without_the_model_do_not_pass(main: Main, capsys: pytest.CaptureFixture[str]) -> None:
    """A model that was not reached is not judged by what was answered without it."""

    def degraded(item: GoldItem) -> Answer:
        return Answer(item.question, "是。", caveats=(Caveat(CaveatKind.DEGRADED, "模型未连上"),))

    assert main(degraded, "--limit", "2") == 2
    assert "2 answers were given without the model" in capsys.readouterr().err


def test_resume_finds_the_last_run(main: Main, tmp_path: Path) -> None:
    """--resume takes up the newest file of the same set and model, and asks only what is missing."""
    stopped: list[str] = []

    def stops(item: GoldItem) -> Answer:
        if len(stopped) == 3:
            raise KeyboardInterrupt
        stopped.append(item.id)
        return right(item)

    assert main(stops, "--limit", "5") == 130
    asked: list[str] = []

    def goes_on(item: GoldItem) -> Answer:
        asked.append(item.id)
        return right(item)

    assert main(goes_on, "--limit", "5", "--resume") == 0
    assert asked == [item.id for item in ITEMS[3:5]]
    assert len(list((tmp_path / "out").glob("*.jsonl"))) == 1
    # other items are another run: their answers are not added to this one's
    assert main(goes_on, "--limit", "6", "--resume") == 2


def test_the_key_is_never_filed(main: Main, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The header tells every setting but the endpoint's key, wherever it came from."""
    monkeypatch.setenv("JUSHI_API_KEY", "sk-very-secret")
    assert main(right, "--limit", "1", "--base-url", "http://me:sk-very-secret@host/v1") == 0
    (path,) = (tmp_path / "out").glob("*.jsonl")
    assert "sk-very-secret" not in path.read_text("utf-8")
    header, _ = run.read(path)
    assert "api_key" not in header["settings"]
    assert header["settings"]["model"] == header["model"] == "none"
    assert header["versions"]["python"]
    assert header["corpus"] == {"pages": 5}


def row(kind: Kind, verdict: str, *, wrong: bool = False, declined: bool = False, seconds: float = 1) -> dict[str, Any]:
    return {
        **{"type": kind.value, "verdict": verdict, "wrong_figure": wrong, "declined": declined},
        **{"cited": None if declined else not wrong, "seconds": seconds, "usage": {"read": 10, "written": 2}},
        **{
            "figures": 0 if declined else 2,
            "borne": 0 if declined else 2 - wrong,
            "quotes": 1,
            "bearing": int(not wrong),
        },
        **{
            "item": "i",
            "confidence": seconds,
            "cause": "",
            "question": "？",
            "text": "。",
            "reasons": [],
            "wanted": "。",
        },
        **{"tags": [], "stories": ["a.md#b"], "split": "", "model": "none", "timings": {}, "history": []},
        **{"reach": {}, "retrieved": [], "evidence": [], "citations": [], "checks": [], "caveats": []},
    }


def test_the_summary_counts_what_it_says() -> None:
    """Shares are of the scored answers; declining is right only where the pages do not say; p95 is a real time."""
    rows: Sequence[dict[str, Any]] = [
        row(Kind.FIGURE, "correct", seconds=1),
        row(Kind.FIGURE, "wrong", wrong=True, seconds=2),
        row(Kind.FIGURE, "declined", declined=True, seconds=3),
        row(Kind.UNANSWERABLE, "correct", declined=True, seconds=4),
        row(Kind.FIGURE, "unscored", seconds=90),
    ]
    summary = report.summarise(rows)
    assert (summary.accuracy, summary.wrong) == (0.5, 0.25)
    assert (summary.declined_rightly, summary.declined_wrongly) == (1, 1)
    assert summary.cited_share == 2 / 3
    assert (summary.median_seconds, summary.p95_seconds) == (3, 90)
    assert report.summarise([]).accuracy == 0


def test_gate_names_are_floors_and_ceilings() -> None:
    """Accuracy and cited must reach their limit, wrong and seconds must not pass it; meeting a limit is enough."""
    summary = report.summarise([row(Kind.FIGURE, "correct"), row(Kind.FIGURE, "wrong", wrong=True)])
    limits = report.parse_gate("accuracy=.5, wrong=.5, cited=0.5, seconds=1")
    assert report.gate(summary, limits) == ()
    missed = report.parse_gate("accuracy=.6,wrong=.4,cited=.6,seconds=.5")
    assert [line.split()[0] for line in report.gate(summary, missed)] == ["accuracy", "wrong", "cited", "seconds"]
