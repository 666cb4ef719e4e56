"""The command line: help with examples, one clear line and exit code 2 for bad input, and nothing heavy for --help."""

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import PAGES, QUESTION, ROOT, FakeEmbedder

from assistant import cli, embed
from assistant.store import Store

Run = Callable[..., tuple[int, str, str]]
HEAVY = (
    "torch",
    "gradio",
    "chromadb",
    "langchain",
    "langchain_core",
    "langchain_openai",
    "numpy",
    "openai",
    "tiktoken",
)


@pytest.fixture
def run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, embedder: FakeEmbedder
) -> Run:
    """``run("ask", "…")`` → exit code, stdout, stderr; in an empty folder, with the fake embedder for ``fake``."""
    real = embed.load
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(embed, "load", lambda name, *given: embedder if name == "fake" else real(name, *given))

    def go(*given: str | Path) -> tuple[int, str, str]:
        capsys.readouterr()
        try:
            code = cli.main([str(one) for one in given])
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 1
        told = capsys.readouterr()
        return code, told.out, told.err

    return go


COMMANDS = [
    *((), ("ingest",), ("ask",), ("check",), ("figures",), ("chat",), ("password",), ("evals",), ("models",)),
    *(("doctor",), ("backup",), ("restore",)),
    *(("models", "pull"), ("models", "list")),
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_tells_how_to_call_it(run: Run, command: tuple[str, ...]) -> None:
    """Every command has a help that says what it does; exit code 0, nothing on stderr."""
    code, out, err = run(*command, "--help")
    assert (code, err) == (0, "")
    assert " ".join(("jushi", *command)) in out


@pytest.mark.parametrize("command", COMMANDS[:11], ids=" ".join)
def test_help_has_examples(run: Run, command: tuple[str, ...]) -> None:
    """Each command's help ends with calls that can be copied, every one of a command that there is."""
    _, out, _ = run(*command, "--help")
    assert "examples:" in out
    calls = [line.split() for line in out.split("examples:")[1].splitlines() if line.strip().startswith("jushi ")]
    assert calls
    assert {call[1] for call in calls} <= {
        *("ingest", "ask", "check", "figures", "chat", "password", "evals", "models", "doctor", "backup", "restore")
    }


def test_help_imports_nothing_heavy() -> None:
    """``jushi --help`` answers at once: no library that takes a second to load is touched."""
    script = (
        "import sys\nfrom assistant import cli\n"
        "try:\n    cli.main(['--help'])\nexcept SystemExit:\n    pass\n"
        f"print('LOADED', *[name for name in {HEAVY!r} if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert ran.stdout.splitlines()[-1].split() == ["LOADED"]


# ---------------------------------------------------------------- figures


def test_figures_are_listed_with_who_what_when_and_where(run: Run, index: Path) -> None:
    """A table: the figure as printed, its metric, its period, and file:offset at which it stands in the file."""
    where = ("--data", index, "--embedder", "fake")
    code, out, err = run("figures", "规上工业总产值", "2024年", "--unit", "亿元", *where)
    flat = "".join(out.split()).replace("│", "")
    assert (code, err) == (0, "")
    assert "突破52.36亿元" in flat
    assert "31.07亿元" in flat
    assert "共2条" in flat
    told = json.loads(run("figures", "规上工业总产值", "2024年", "--unit", "亿元", "--json", *where)[1])
    page = PAGES["qinghe.md"]
    assert [one["figure"] for one in told] == ["31.07亿元", "突破52.36亿元"]
    assert page[told[1]["offset"] : told[1]["offset_end"]] == "突破52.36亿元"
    assert told[1]["value"] == "5236000000"
    assert (told[1]["start"], told[1]["end"], told[1]["paper"]) == ("2024-01-01", "2024-12-31", "青禾日报")


def test_figures_as_csv(run: Run, index: Path) -> None:
    """One line a figure under a line of names, all of them unless --limit says so."""
    where = ("--data", index, "--embedder", "fake")
    rows = list(csv.DictReader(io.StringIO(run("figures", "--csv", *where)[1])))
    assert len(rows) == len(json.loads(run("figures", "--json", *where)[1])) > 10
    assert {"subject", "metric", "figure", "value", "unit", "sentence", "suspicions"} <= set(rows[0])
    assert len(list(csv.DictReader(io.StringIO(run("figures", "--csv", "--limit", "3", *where)[1])))) == 3
    assert "前3条" in run("figures", "--limit", "3", *where)[1]


def test_what_is_doubted_is_listed_with_its_arithmetic_and_quotes(run: Run, tmp_path: Path) -> None:
    """⚠ in the table; --suspicions tells why, shows the sum, the probable reading and the words, in every form."""
    text = "# 远岭铝业扩产\n\n远岭铝业年产能从325万吨提升至40万吨。今年已招工80人。\n"
    (tmp_path / "a.md").write_text(text, "utf-8")
    where = ("--data", tmp_path / "data", "--embedder", "fake")
    assert run("ingest", tmp_path / "a.md", *where)[0] == 0
    assert "⚠ 325万吨" in run("figures", "产能", *where)[1]
    code, out, _ = run("figures", "--suspicions", *where)
    assert code == 0
    for told in (
        "⚠ 325万吨 ",
        "算式 325万吨>40万吨",
        "疑为32.5万吨",
        "远岭铝业年产能从325万吨提升至40万吨。（a.md）",
    ):
        assert told in out
    (one,) = json.loads(run("figures", "--suspicions", "--json", *where)[1])
    assert one["quotes"] == [{"file": "a.md", "text": "远岭铝业年产能从325万吨提升至40万吨。"}]
    (row,) = csv.DictReader(io.StringIO(run("figures", "--suspicions", "--csv", *where)[1]))
    assert (row["figures"], row["witnesses"]) == ("325万吨", "40万吨")
    assert "没有存疑之处" in run("figures", "招工", "--suspicions", *where)[1]


def test_no_such_figure_is_said(run: Run, index: Path) -> None:
    """Nothing found is no error, and no empty table; CSV and JSON stay what they are."""
    where = ("--data", index, "--embedder", "fake")
    code, out, err = run("figures", "月球基地", *where)
    assert (code, err) == (0, "")
    assert "没有符合的数字" in out
    assert json.loads(run("figures", "月球基地", "--json", *where)[1]) == []
    assert run("figures", "月球基地", "--csv", *where)[1].startswith("subject,")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--period", "昨天的昨天"), "2024年上半年"),
        (("--limit", "-1"), "--limit -1"),
        (("--csv", "--json"), "not allowed with"),
    ],
)
def test_figures_says_what_is_wrong(run: Run, index: Path, given: tuple[str, ...], said: str) -> None:
    """One line that names the value and what would do; exit code 2, nothing on stdout."""
    code, out, err = run("figures", *given, "--data", index, "--embedder", "fake")
    assert (code, out) == (2, "")
    assert said in err


def test_figures_without_an_index_tells_the_next_step(run: Run, tmp_path: Path) -> None:
    """As every command that reads the index."""
    code, _, err = run("figures", "--data", tmp_path / "none")
    assert (code, 'run "jushi ingest"' in err) == (2, True)


# ---------------------------------------------------------------- the paths that work


def test_ingest_then_ask(run: Run, corpus: Path, tmp_path: Path) -> None:
    """Pages in, answer out, with its sentence, source and check; a second ingest finds nothing to do."""
    where = ("--data", tmp_path / "data", "--embedder", "fake")
    code, out, err = run("ingest", corpus, *where)
    assert (code, err.strip()) == (0, "")
    assert f"{len(PAGES)} 个文件（0 个未变）" in out
    code, out, _ = run("ask", "兰亭开发区2024年规上工业总产值是多少？", *where, "--model", "none")
    assert code == 0
    assert "31.07亿元" in out
    assert "[1] lanting-2025-04-02.txt" in out or "lanting" in out
    code, out, _ = run("ingest", corpus, *where)
    assert (code, f"（{len(PAGES)} 个未变）" in out) == (0, True)


@pytest.mark.parametrize("encoding", ["gb18030", "gbk", "utf-16"])
def test_a_page_in_another_encoding_is_read(run: Run, tmp_path: Path, encoding: str) -> None:
    """A GB18030 page is answered from like any other."""
    (tmp_path / "a.txt").write_bytes("# 新野大桥通车\n\n新野大桥全长3628米，投资约4.7亿元。".encode(encoding))
    where = ("--data", tmp_path / "data", "--embedder", "fake")
    assert run("ingest", tmp_path / "a.txt", *where)[0] == 0
    code, out, _ = run("ask", "新野大桥全长多少米？", *where, "--model", "none")
    assert (code, "3628米" in out) == (0, True)


def test_json_is_the_whole_answer(run: Run, index: Path) -> None:
    """``--json`` prints one JSON object and nothing else, citations and checks in it."""
    code, out, err = run("ask", QUESTION, "--data", index, "--embedder", "fake", "--model", "none", "--json")
    told = json.loads(out)
    assert (code, err) == (0, "")
    assert told["question"] == QUESTION
    assert told["citations"][0]["quote"]
    assert {"text", "checks", "caveats", "declined", "model", "timings"} <= set(told)


def test_a_question_can_come_from_standard_input(run: Run, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``-`` reads the question, so that no shell has to quote it."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{QUESTION}\n"))
    code, out, _ = run("ask", "-", "--data", index, "--embedder", "fake", "--model", "none", "--json")
    assert (code, json.loads(out)["question"]) == (0, QUESTION)


def test_unreadable_files_are_skipped_on_demand(run: Run, corpus: Path, tmp_path: Path) -> None:
    """With --skip-unreadable the rest goes in, and stderr names what did not."""
    (corpus / "photo.txt").write_bytes(b"\x89PNG\0\0")
    where = ("--data", tmp_path / "data", "--embedder", "fake")
    code, _, err = run("ingest", corpus, *where)
    assert (code, "photo.txt" in err) == (2, True)
    code, out, err = run("ingest", corpus, *where, "--skip-unreadable")
    assert (code, "photo.txt" in err, f"{len(PAGES)} 个文件" in out) == (0, True, True)


# ---------------------------------------------------------------- bad input


def assert_one_clear_line(told: tuple[int, str, str], *says: str) -> None:
    """Exit code 2, nothing on stdout, and on stderr one line, the program's name before it, that says each word."""
    code, out, err = told
    assert (code, out) == (2, "")
    line = err.strip()  # rich's bar leaves an empty line where stderr is no terminal
    assert line.startswith("jushi")
    assert len(line.splitlines()) == 1
    assert "Traceback" not in err
    assert [word for word in says if word not in err] == []


def test_a_path_that_is_not_there(run: Run) -> None:
    """The path is named, and what may be given instead."""
    assert_one_clear_line(run("ingest", "nowhere", "--embedder", "fake"), "nowhere", "does not exist")


def test_an_empty_folder(run: Run, tmp_path: Path) -> None:
    """The folder is named, and which files are wanted; no index is left behind."""
    (tmp_path / "empty").mkdir()
    assert_one_clear_line(run("ingest", tmp_path / "empty", "--embedder", "fake"), "empty", ".txt")
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(("data", "says"), [(b"\x89PNG\0\0\0", "binary"), (b"", "empty")])
def test_a_file_that_is_no_page(run: Run, tmp_path: Path, data: bytes, says: str) -> None:
    """Binary data and empty files are named."""
    (tmp_path / "photo.txt").write_bytes(data)
    assert_one_clear_line(run("ingest", tmp_path / "photo.txt", "--embedder", "fake"), "photo.txt", says)
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("command", ["ask", "evals"])
def test_no_index(run: Run, command: str) -> None:
    """Where there is no index the next step is said."""
    given = [QUESTION] if command == "ask" else []
    assert_one_clear_line(run(command, *given, "--model", "none", "--data", "nowhere"), "nowhere", "jushi ingest")


def test_another_embedders_index(run: Run, index: Path) -> None:
    """The index's own embedder is named, for reading and for writing."""
    assert_one_clear_line(run("ask", QUESTION, "--data", index, "--model", "none"), "fake", "e5-small", "--embedder")
    assert_one_clear_line(run("ingest", ROOT / "seeds", "--data", index), "fake", "e5-small")


@pytest.mark.parametrize("model", ["no-such-model", "gone.gguf"])
def test_an_unknown_model(run: Run, index: Path, model: str) -> None:
    """The model is named, and how to find one that there is."""
    assert_one_clear_line(run("ask", QUESTION, "--data", index, "--embedder", "fake", "--model", model), model)


@pytest.mark.slow  # torch is loaded
def test_an_unknown_embedder(run: Run, tmp_path: Path, corpus: Path) -> None:
    """A folder that holds no embedder is named, without asking a hub for it."""
    (tmp_path / "no-model").mkdir()
    code, out, err = run("ingest", corpus, "--embedder", tmp_path / "no-model", "--data", tmp_path / "data")
    assert (code, out) == (2, "")
    assert "no-model" in err.splitlines()[-1]
    assert "e5-small" in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (("ask", ""), "empty"),
        (("ask", " "), "empty"),
        (("ask", "问" * 3000), "3000"),
        (("ask", "问", "--hits", "many"), "hits"),
        (("ask", "问", "--hits", "-1"), "hits"),
        (("ask", "问", "--base-url", "http://127.0.0.1:9/v1", "--model", "auto"), "JUSHI_MODEL"),
    ],
)
def test_a_question_or_setting_that_cannot_be_used(run: Run, index: Path, given: tuple[str, ...], says: str) -> None:
    """What is wrong is named."""
    model = () if "--model" in given else ("--model", "none")
    assert_one_clear_line(run(*given, "--data", index, "--embedder", "fake", *model), says)


@pytest.mark.parametrize("value", ["0"])
@pytest.mark.parametrize("name", ["hits", "evidence", "evidence-tokens"])
def test_nought_is_an_answer_or_an_error_never_a_crash(run: Run, index: Path, name: str, value: str) -> None:
    """A number at the edge of what is allowed is refused by name or does what it says."""
    given = ("--data", index, "--embedder", "fake", "--model", "none", f"--{name}", value)
    code, out, err = run("ask", QUESTION, *given)
    assert code in (0, 2)
    assert (out if code == 0 else err).strip()


def test_a_bad_settings_file(run: Run, tmp_path: Path) -> None:
    """jushi.toml is named with what is wrong in it, for every command."""
    (tmp_path / "jushi.toml").write_text("colour = 3\n", "utf-8")
    for given in (("ask", QUESTION), ("ingest", "nowhere"), ("models", "list"), ("evals",)):
        assert_one_clear_line(run(*given), "colour")


@pytest.mark.parametrize(
    "given", [("nonsense",), ("ask",), ("models", "fetch"), ("ask", "问", "--nonsense"), ()], ids=str
)
def test_a_mistyped_command(run: Run, given: tuple[str, ...]) -> None:
    """Errors of argparse have exit code 2 as well, and show the usage."""
    code, out, err = run(*given)
    assert (code, out) == (2, "")
    assert "usage: jushi" in err


@pytest.mark.parametrize("command", ["ask", "ingest"])
def test_a_corrupted_index(run: Run, index: Path, corpus: Path, command: str) -> None:
    """Chroma's file spoiled: the folder is named and the way out, no traceback."""
    (index / "chroma" / "chroma.sqlite3").write_bytes(b"this is no database" * 100)
    first = QUESTION if command == "ask" else corpus
    more = ("--model", "none") if command == "ask" else ()
    told = run(command, first, "--data", index, "--embedder", "fake", *more)
    assert_one_clear_line(told, str(index), "doctor --rebuild")


@pytest.mark.skipif(os.name == "nt", reason="signals differ")
def test_a_reader_that_goes_away_is_no_traceback(index: Path, tmp_path: Path) -> None:
    """``jushi models list | head -0`` ends without a traceback."""
    script = f"{sys.executable} -m assistant.cli models list --models {tmp_path} | true"
    ran = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert "Traceback" not in ran.stderr


def test_a_wrong_key_is_told_and_not_shown(run: Run, index: Path) -> None:
    """A key that the endpoint refuses is an error to correct, with exit code 2; the key is not repeated."""
    import threading
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    class Refuses(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(401)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Refuses)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    try:
        given = ("--data", index, "--embedder", "fake", "--model", "m", "--base-url", url, "--api-key", "sk-wrong-123")
        code, out, err = run("ask", QUESTION, *given)
    finally:
        server.shutdown()
        server.server_close()
    assert code == 2
    assert "401" in err
    assert "JUSHI_API_KEY" in err
    assert "sk-wrong-123" not in out + err


# ---------------------------------------------------------------- models


def test_models_list_names_what_can_be_fetched(run: Run, tmp_path: Path) -> None:
    """The list has each model, whatever the folder holds."""
    code, out, _ = run("models", "list", "--models", tmp_path / "none")
    assert (code, "qwen2.5-coder-1.5b" in out, "e5-small" in out) == (0, True, True)


@pytest.mark.parametrize("action", ["path", "pull"])
def test_a_model_that_is_not_known(run: Run, tmp_path: Path, action: str) -> None:
    """The name is repeated, and the names that there are."""
    told = run("models", action, "qwen2.5-coder-1", "--models", tmp_path)
    assert_one_clear_line(told, "qwen2.5-coder-1", "qwen2.5-coder-1.5b")


def test_a_model_that_is_not_here(run: Run, tmp_path: Path) -> None:
    """A known model without its file says how to fetch it."""
    told = run("models", "path", "qwen2.5-coder-1.5b", "--models", tmp_path)
    assert_one_clear_line(told, "jushi models pull qwen2.5-coder-1.5b", str(tmp_path))


def test_no_model_needed_is_no_download(run: Run) -> None:
    """Without a chat model, and with an embedder of one's own, nothing is fetched."""
    code, out, _ = run("models", "pull", "--model", "none", "--embedder", "fake")
    assert (code, "不需要" in out) == (0, True)


def test_the_index_of_one_command_is_open_to_the_next(run: Run, corpus: Path, tmp_path: Path) -> None:
    """No command leaves a lock behind."""
    where = ("--data", tmp_path / "data", "--embedder", "fake")
    run("ingest", corpus, *where)
    for _ in range(2):
        assert run("ask", QUESTION, *where, "--model", "none")[0] == 0
    Store.open(tmp_path / "data", "fake").close()


def test_ingest_tells_itself_as_json(run: Run, corpus: Path, tmp_path: Path) -> None:
    """Invariant: with --json every line is an object: progress that only grows, then the summary; nothing else."""
    flags = ("--data", tmp_path / "data", "--embedder", "fake", "--json")
    code, out, err = run("ingest", corpus, *flags)
    told = [json.loads(row) for row in out.splitlines()]
    assert (code, err) == (0, "")
    assert [one["event"] for one in told[:-1]] == ["progress"] * (len(told) - 1)
    done = [one["done"] for one in told[:-1]]
    assert done == sorted(done)
    assert done[-1] == told[-2]["total"]
    assert (told[-1]["event"], told[-1]["files"], told[-1]["committed"]) == ("done", 2, True)
    code, out, _ = run("ingest", *flags, "--remove=qinghe.md")
    assert (code, json.loads(out)["event"]) == (0, "done")


def test_a_password_becomes_a_line_of_users(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Invariant: the password is read, not given as an argument, and what is printed lets its name in."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("长长的密码一二三四五\n"))
    code, out, _ = run("password", "小满")
    assert code == 0
    assert out.startswith("小满:scrypt:")
    assert "密码" not in out
    monkeypatch.setattr(sys, "stdin", io.StringIO("短\n"))
    assert run("password", "小满")[0] == 2


@pytest.mark.parametrize("more", [(), ("--auth", "none.txt")])
def test_chat_does_not_listen_to_others_unasked(run: Run, more: tuple[str, ...]) -> None:
    """Invariant: before anything is opened, a host that others reach is refused without users or --public."""
    code, _, err = run("chat", "--host", "0.0.0.0", *more)
    assert code == 2
    assert "jushi password" in err
