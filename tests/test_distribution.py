"""What is released: a wheel and a source archive that install and run where nothing of this folder is."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT

import assistant

pytestmark = pytest.mark.slow
EXAMPLE = "台江经开区2024年规上工业总产值是多少？"


def run(*command: str | Path, cwd: Path, **more: str) -> str:
    """What the command says, in an environment that knows nothing of this folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUSHI_", "PYTHON"))}
    ran = subprocess.run(
        [str(word) for word in command], cwd=cwd, env={**kept, **more}, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout[-1500:] + ran.stderr[-1500:]
    return ran.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of both, built from what git keeps, as a release is: the source archive, and the wheel from that."""
    pytest.importorskip("build", reason="needs pip install build")
    if not (git := shutil.which("git")) or not (ROOT / ".git").exists():
        pytest.skip("this is no clone")
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("dist")
    listed = subprocess.run([git, "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, source / name)
    # without isolation: the builder is the one that is installed here, so nothing is fetched
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, cwd=source)
    return out


def names(archive: Path) -> set[str]:
    """The files of the archive, without the folder that a source archive begins with."""
    if archive.suffix == ".whl":
        return set(zipfile.ZipFile(archive).namelist())
    with tarfile.open(archive) as opened:
        return {member.name.partition("/")[2] for member in opened.getmembers() if member.isfile()}


def test_what_the_program_reads_is_inside(built: Path) -> None:
    """Prompts, pages, lists, frames, the gold set: every file of data beside the modules; and no test in the wheel."""
    wheel, source = (next(iter(built.glob(pattern))) for pattern in ("*.whl", "*.tar.gz"))
    rooms = ("assistant", "ingest", "evals", "prompts", "seeds")
    kept = subprocess.run(["git", "ls-files", *rooms], cwd=ROOT, capture_output=True, check=True, text=True)
    wanted = {name for name in kept.stdout.splitlines() if not name.endswith("README.md")}
    assert len([name for name in wanted if not name.endswith(".py")]) > 20
    assert sorted(wanted - names(wheel)) == []
    assert sorted(wanted - names(source)) == []
    assert {"LICENSE", "CHANGELOG.md", "README.md", "pyproject.toml", "tests/conftest.py"} <= names(source)
    assert any(name.endswith("licenses/LICENSE") for name in names(wheel))
    assert not any(name.startswith("tests/") for name in names(wheel))


@pytest.mark.parametrize("pattern", ["*.whl", "*.tar.gz"], ids=["wheel", "sdist"])
def test_it_installs_and_runs(built: Path, tmp_path: Path, pattern: str) -> None:
    """In an environment of its own, from an empty folder: pages read in, a question answered without a model."""
    (archive,) = built.glob(pattern)
    place, empty = tmp_path / "environment", tmp_path / "empty"
    empty.mkdir()
    run(sys.executable, "-m", "venv", "--without-pip", place, cwd=tmp_path)
    python = place / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    # the libraries are those installed here; a .pth within them is not followed, so this folder is not among them
    site = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=tmp_path).strip())
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib"), "utf-8")
    pip = (sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-index", "--no-deps")
    run(*pip, "--no-build-isolation", archive, cwd=tmp_path)
    jushi = python.with_name("jushi" + python.suffix)
    where = run(python, "-c", "import assistant, prompts, seeds; print(assistant.__file__)", cwd=empty).strip()
    assert Path(where).is_relative_to(place)
    assert assistant.__version__ in run(jushi, "--version", cwd=empty)
    assert re.search("5 个文件.*131 个段落", run(jushi, "ingest", cwd=empty))
    answer = run(jushi, "ask", EXAMPLE, "--model", "none", cwd=empty)
    assert "突破100.13亿元" in answer
    assert "照录" in answer
    assert "440" in run(jushi, "evals", "lint", cwd=empty)
    assert run(jushi, "chat", "--help", cwd=empty)
