"""The doctor: whatever of an index is damaged is told, mended where it is derived, made again where it is Chroma."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from conftest import PAGES, QUESTION, ROOT, FakeEmbedder, ingest
from damage import CHROMA, DERIVED
from test_kill import content, corpus

from assistant import archive, doctor, embed
from assistant import settings as settings_module
from assistant.ask import Assistant
from assistant.errors import IndexMissing, IndexSpoiled, JushiError
from assistant.health import Finding, Health
from assistant.lock import HOLDER
from assistant.store import Store
from ingest.rebuild import rebuild

# An empty file of claims, and words that cannot be loaded, are made again as soon as they are opened.
MADE_SILENTLY = ("claims empty", "claims overwritten", "words empty", "words cut")
SIZE = 24  # tokens in a passage: small, so that Chroma writes its vectors' file


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of over a thousand passages, so that Chroma has all its files."""
    folder = tmp_path_factory.mktemp("whole")
    pages = corpus(folder / "pages", 5)
    ingest(pages, folder / "data", FakeEmbedder(), size=SIZE)
    return folder / "data"


@pytest.fixture
def data(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "data"))


@pytest.fixture(autouse=True)
def _fake_embedder(monkeypatch: pytest.MonkeyPatch) -> None:
    real = embed.load
    monkeypatch.setattr(embed, "load", lambda name, *given: FakeEmbedder() if name == "fake" else real(name, *given))


def examined(data: Path, *, mend: bool = True) -> list[Finding]:
    chosen = settings_module.load({"data": str(data), "model": "none", "embedder": "fake"})
    return list(doctor.examine(chosen, mend=mend))


def held(data: Path) -> dict[str, Any]:
    """All that the index holds, without the number of its generation."""
    found = content(data)
    found["generation"] = found["generation"][0]
    found["pages"] = {
        file: {name: value for name, value in page.items() if name != "born"} for file, page in found["pages"].items()
    }
    return found


def ill(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.health is Health.ILL]


def test_a_sound_index_is_found_sound(data: Path) -> None:
    """Every part is told, none ill, and the index holds what it held."""
    before = content(data)
    found = examined(data)
    assert ill(found) == []
    assert {finding.part for finding in found} >= {"程序", "设置", "嵌入模型", "索引", "原文", "数字表", "词索引"}
    assert content(data) == before


# in every run; the others with the slow tests
QUICK = ("database cut", "vectors overwritten", "claims overwritten within", "words cut", "cache overwritten within")


def ways(known: Iterable[str]) -> list[Any]:
    return [pytest.param(way, marks=() if way in QUICK else pytest.mark.slow) for way in known]


@pytest.mark.parametrize("way", ways(CHROMA))
def test_a_damaged_chroma_is_told_and_made_again(whole: Path, data: Path, way: str) -> None:
    """The doctor sees it; rebuilt, the index holds what it held, to the last vector, and embeds nothing anew."""
    CHROMA[way](data)
    told = ill(examined(data, mend=False))
    assert any("--rebuild" in finding.step for finding in told), told
    embedder = FakeEmbedder()
    done = rebuild(data, "fake", lambda: embedder)
    assert done.lost == ()
    assert embedder.texts == []
    assert held(data) == held(whole)
    assert ill(examined(data)) == []
    assert not (data / "chroma.damaged").exists()


@pytest.mark.parametrize("way", ways([way for way in CHROMA if "vectors" not in way]))
def test_a_damaged_chroma_is_never_begun_anew_by_the_way(data: Path, tmp_path: Path, way: str) -> None:
    """Neither a question nor the next file read in takes an index whose rows are lost for an empty one."""
    CHROMA[way](data)
    with pytest.raises(IndexSpoiled, match="doctor --rebuild"):
        Store.open(data, "fake")
    (tmp_path / "more.md").write_text("# 桥\n\n新桥长36米。", "utf-8")
    with pytest.raises(IndexSpoiled, match="doctor --rebuild"):
        ingest(tmp_path / "more.md", data, FakeEmbedder(), size=SIZE)
    assert rebuild(data, "fake", FakeEmbedder).lost == ()


@pytest.mark.parametrize("way", ways(DERIVED))
def test_what_is_derived_is_mended(whole: Path, data: Path, way: str) -> None:
    """A damaged claims file, word index or cache is made again by the doctor, who says so."""
    DERIVED[way](data)
    found = examined(data)
    assert ill(found) == []
    mended = [finding for finding in found if finding.health is Health.MENDED]
    assert mended or "gone" in way or way in MADE_SILENTLY, found
    assert ill(examined(data, mend=False)) == []
    assert content(data) == content(whole)


@pytest.mark.parametrize("way", ways(DERIVED))
def test_what_is_derived_is_made_again_when_it_is_asked_for(index: Path, way: str) -> None:
    """A question over an index whose derived files are damaged is answered as over a whole one."""
    chosen = settings_module.load({"data": str(index), "model": "none", "embedder": "fake"})

    def answered() -> str:
        assistant = Assistant.open(chosen)
        try:
            return assistant.ask(QUESTION).text
        finally:
            assistant.close()

    before = answered()
    DERIVED[way](index)
    assert answered() == before


def test_a_cache_spoiled_within_is_begun_anew_by_the_next_run(
    data: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It is found out only when it is read, and then with a word."""
    DERIVED["cache overwritten within"](data)
    (tmp_path / "more.md").write_text("# 桥\n\n新桥长36米，桥长不是63米。", "utf-8")
    done = ingest(tmp_path / "more.md", data, FakeEmbedder(), size=SIZE)
    assert done.committed
    assert "begun anew" in caplog.text


def test_a_page_that_is_lost_is_told_and_the_old_chroma_kept(data: Path) -> None:
    """A page whose kept text is damaged cannot be restored: it is named, the others are restored."""
    known = archive.generation(data)
    assert known is not None
    lost, *others = (archive.page(data, key) for key in known.keys)
    archive.source_path(data, archive.identity(lost.file, lost.text)).write_text("另一页", "utf-8")
    assert any(finding.part == "原文" for finding in ill(examined(data)))
    done = rebuild(data, "fake", FakeEmbedder)
    assert [lost.file in reason for reason in done.lost] == [True]
    assert (data / "chroma.damaged").is_dir()
    store = Store.open(data, "fake")
    assert sorted(store.pages()) == sorted(page.file for page in others)
    store.close()


def test_without_the_list_of_pages_nothing_is_rebuilt(data: Path) -> None:
    """Which pages answered is then not known: an error that says so, and nothing is touched."""
    (data / archive.GENERATION).write_text("{", "utf-8")
    assert any(finding.part == "原文" for finding in ill(examined(data)))
    before = content(data)
    with pytest.raises(IndexMissing, match=r"generation\.json"):
        rebuild(data, "fake", FakeEmbedder)
    assert content(data) == before


def test_an_index_is_rebuilt_for_another_embedder(data: Path) -> None:
    """The vectors are made anew, the passages stay."""

    class Other(FakeEmbedder):
        name = "other"
        dimension = 64

    before = content(data)
    embedder = Other()
    rebuild(data, "other", lambda: embedder)
    store = Store.open(data, "other")
    assert {passage.id: passage for passage in store.all()} == before["passages"]
    assert len(embedder.texts) > 100
    assert store.nearest(embedder.question("台江"), 1)
    store.close()


def test_an_open_reader_goes_on_and_finds_the_rebuilt_index(data: Path) -> None:
    """Its number is higher, so a process that refreshes does not take it for an old one."""
    before = Store.open(data, "fake")
    number = before.number
    before.close()
    rebuild(data, "fake", FakeEmbedder)
    after = Store.open(data, "fake")
    assert after.number > number
    after.close()


@pytest.mark.parametrize("stop", ["texts", "swap"])
def test_a_rebuild_that_is_stopped_goes_on(whole: Path, data: Path, monkeypatch: pytest.MonkeyPatch, stop: str) -> None:
    """Stopped while it fills the new index, or just before that takes the old one's place: run again, all is there."""
    CHROMA["database cut"](data)
    real = Path.rename

    def refuse(path: Path, target: Any) -> Path:
        if path.parent.name == "rebuild":
            raise KeyboardInterrupt
        return real(path, target)

    embedder = FakeEmbedder(fails_after=0)
    if stop == "texts":
        (data / "vectors.sqlite").unlink()
    else:
        monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(KeyboardInterrupt):
        rebuild(data, "fake", lambda: embedder)
    monkeypatch.undo()
    rebuild(data, "fake", FakeEmbedder)
    assert held(data) == held(whole)


@pytest.mark.slow
def test_what_a_killed_process_left_is_cleared_away(data: Path) -> None:
    """Half-written files and a note of who was writing; the index is untouched, and looking alone clears nothing."""
    left = [
        data / "sources" / "abc.new",
        data / "readings" / "abc.part",
        data / "claims" / ".half",
        data / HOLDER,
    ]
    (data / "readings").mkdir(exist_ok=True)
    for path in left:
        path.write_text('{"process": 1, "machine": "m", "since": "2020"}', "utf-8")
    examined(data, mend=False)
    assert all(path.exists() for path in left[:3])
    left[3].write_text('{"process": 1, "machine": "m", "since": "2020"}', "utf-8")
    found = examined(data)
    assert sum(finding.health is Health.MENDED for finding in found) == 2
    assert not any(path.exists() for path in left)


@pytest.mark.slow
def test_a_stopped_run_is_told(data: Path, tmp_path: Path) -> None:
    """Pages that a stopped run had begun are waiting: the doctor says to go on."""
    more = tmp_path / "more"
    more.mkdir()
    for at in range(40):
        lines = (f"第{at}座桥的第{part}孔长{at}{part}6米，宽{at}米，用时{part}天。" for part in range(20))
        (more / f"{at}.md").write_text(f"# 桥{at}\n\n" + "\n\n".join(lines), "utf-8")
    with pytest.raises(KeyboardInterrupt):
        ingest(more, data, FakeEmbedder(fails_after=500), size=SIZE)
    assert any("没有读完" in finding.text for finding in examined(data))
    ingest(more, data, FakeEmbedder(), size=SIZE)
    assert not any("没有读完" in finding.text for finding in examined(data))


def test_no_index_is_no_illness(tmp_path: Path) -> None:
    """A fresh folder has nothing wrong with it; the next step is named."""
    found = examined(tmp_path / "none")
    assert ill(found) == []
    assert any(finding.step == "jushi ingest" for finding in found)


@pytest.mark.slow
def test_a_wrong_clock_changes_no_answer_and_is_told(data: Path, tmp_path: Path) -> None:
    """Written in the year 2090 or in 1980: what is unchanged stays so, pages are read in; the former is told."""
    for year, told in ((2090, True), (1980, False)):
        stamp = (year - 1970) * 365.25 * 86400
        for path in data.rglob("*"):
            os.utime(path, (stamp, stamp))
        found = examined(data)
        assert ill(found) == []
        assert any(finding.part == "时钟" for finding in found) == told
        before = content(data)
        pages = tmp_path / f"pages{year}"
        pages.mkdir()
        (pages / "new.md").write_text(f"# 桥\n\n{year}米长的桥。", "utf-8")
        os.utime(pages / "new.md", (stamp, stamp))
        assert ingest(pages, data, FakeEmbedder(), size=SIZE).committed
        assert not ingest(pages, data, FakeEmbedder(), size=SIZE).committed
        assert set(before["passages"]) - set(content(data)["passages"]) <= set(before["passages"])
        assert content(data)["generation"][1] == before["generation"][1] + 1


# ---------------------------------------------------------------- as a process of its own


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the invented pages with the bundled embedder, made by the command."""
    folder = tmp_path_factory.mktemp("real")
    (folder / "pages").mkdir()
    for name, text in PAGES.items():
        (folder / "pages" / name).write_text(text, "utf-8")
    ran = jushi("ingest", folder / "pages", "--data", folder / "data")
    assert ran.returncode == 0, ran.stderr
    return folder / "data"


def jushi(*given: object, **more: Any) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "assistant.cli", *map(str, given)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **more}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=300)


@pytest.fixture
def spoiled(real: Path, tmp_path: Path) -> Path:
    data = Path(shutil.copytree(real, tmp_path / "data"))
    CHROMA["database cut"](data)
    return data


@pytest.mark.slow
def test_from_damage_to_answer_on_the_command_line(real: Path, spoiled: Path) -> None:
    """A question says what to do, the doctor's exit code is 1, after --rebuild the answer is the one before."""
    before = jushi("ask", QUESTION, "--data", real, "--model", "none")
    refused = jushi("ask", QUESTION, "--data", spoiled, "--model", "none")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "jushi doctor --rebuild" in refused.stderr
    assert "Traceback" not in refused.stderr
    looked = jushi("doctor", "--data", spoiled, "--model", "none", "--json")
    assert looked.returncode == 1
    assert any(one["health"] == "ill" and one["part"] == "索引" for one in json.loads(looked.stdout))
    mended = jushi("doctor", "--rebuild", "--data", spoiled, "--model", "none")
    assert mended.returncode == 0, mended.stdout + mended.stderr
    assert "2 页" in mended.stderr
    assert jushi("ask", QUESTION, "--data", spoiled, "--model", "none").stdout == before.stdout


def test_the_doctor_shows_no_secret(real: Path) -> None:
    """Key and password are in no line of what it says, nor in its errors."""
    key, password = "sk-doctor-55aa1", "hunter2-doctor"
    url = f"http://user:{password}@127.0.0.1:9/v1?token={key}"
    ran = jushi("doctor", "--data", real, JUSHI_API_KEY=key, JUSHI_BASE_URL=url, JUSHI_MODEL="tiny")
    assert ran.returncode == 1  # nobody listens there
    assert "127.0.0.1:9" in ran.stdout
    for secret in (key, password):
        assert secret not in ran.stdout + ran.stderr


def test_errors_of_the_doctor_are_of_the_tree(tmp_path: Path) -> None:
    """--rebuild where there is no index is one line and exit code 2."""
    ran = jushi("doctor", "--rebuild", "--data", tmp_path / "none")
    assert ran.returncode == 2
    assert ran.stderr.startswith("jushi: No index in")
    assert issubclass(IndexSpoiled, JushiError)
