"""Pages in, a table of what reading them into a new index costs out: seconds by stage, passages a second, memory.

    python -m ingest.speed seeds
    python -m ingest.speed --articles passages.jsonl --times 2 --without-embedding

Each run is a process of its own, so that its seconds are those of a cold start and its memory is its own. ``--times``
reads the text again with other figures, so that nothing is known from the time before.
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from assistant import embed
from assistant.errors import JushiError, SourceError
from assistant.store import Store
from ingest import load, readers
from ingest.engines import Local

if TYPE_CHECKING:
    from assistant.embed import Vectors

_SIZE: Final = 300  # tokens in a passage at most: the setting's default
_STAGES: Final = (
    *("look", "parse", "parse: read", "parse: page", "parse: stories", "parse: claims", "parse: passages"),
    *("parse: checks", "embed", "write", "derive", "commit", "total"),
)
_INNER: Final = "--inner"  # the process that is measured


class _Without:
    """In place of an embedder: vectors of the same shape, for nothing."""

    name = "without"
    dimension = 384

    def passages(self, texts: Sequence[str]) -> "Vectors":
        import numpy as np

        vectors: Vectors = np.asarray(np.eye(len(texts), self.dimension) + 0.01, np.float32)
        return vectors

    def question(self, text: str) -> "Vectors":
        vector: Vectors = self.passages([text])[0]
        return vector


def pages(paths: Sequence[Path], articles: Path | None, times: int, folder: Path) -> int:
    """Writes the pages to be read into the folder, ``times`` times with other figures; returns their characters."""
    texts = [(name, readers.read(path)) for path, name in readers.files(list(paths))] if paths else []
    if articles:
        rows = [json.loads(line) for line in articles.read_text("utf-8").splitlines() if line.strip()]
        texts += [(f"{row['id']}.txt", f"{row.get('title') or ''}\n{row['text']}") for row in rows]
    for time in range(times):
        other = str.maketrans("123456789", "123456789"[time:] + "123456789"[:time])
        for at, (_, text) in enumerate(texts):
            (folder / f"{time}-{at:06}.txt").write_text(text.translate(other), "utf-8")
    return sum(len(text) for _, text in texts) * times


def measured(folder: Path, data: Path, embedder: str, workers: int) -> dict[str, Any]:
    """What ingesting the folder cost in this process."""
    without = embedder == _Without.name
    done = load.ingest(
        [folder],
        lambda: Store.create(data, embedder),
        lambda: _Without() if without else embed.load(embedder),
        folder=data,
        size=_SIZE,
        engine=Local(workers),
    )
    used = resource.getrusage(resource.RUSAGE_SELF)
    peak = used.ru_maxrss * (1 if platform.system() == "Darwin" else 1024)
    return {
        "files": done.files,
        "passages": done.passages,
        "figures": done.figures,
        "seconds": done.seconds,
        "cpu": used.ru_utime + used.ru_stime,
        "peak": peak,
    }


def table(rows: Sequence[dict[str, Any]]) -> str:
    """The stages of each run, a column each, with their share of the embedding's time."""
    heads = [f"{row['embedder']}, run {row['run']}" for row in rows]
    lines = ["| stage | " + " | ".join(heads) + " |", "|---|" + "---|" * len(rows)]
    for stage in _STAGES:
        cells = []
        for row in rows:
            spent, whole = row["seconds"].get(stage, 0.0), row["seconds"].get("embed", 0.0)
            share = f" ({spent / whole:.1%} of embed)" if stage == "parse" and row["embedder"] != "without" else ""
            cells.append(f"{spent:.3f} s{share}")
        lines.append(f"| {stage} | " + " | ".join(cells) + " |")
    told = {
        "passages": [f"{row['passages']} of {row['files']} files, {row['figures']} figures" for row in rows],
        "passages a second": [f"{row['passages'] / row['seconds']['total']:.1f}" for row in rows],
        "processor seconds": [f"{row['cpu']:.1f}" for row in rows],
        "peak memory": [f"{row['peak'] / 2**20:.0f} MB" for row in rows],
    }
    lines += [f"| {name} | " + " | ".join(cells) + " |" for name, cells in told.items()]
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> int:
    """Prints the table; 2 where there is nothing to read."""
    parser = argparse.ArgumentParser(
        "python -m ingest.speed", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("paths", nargs="*", type=Path, help="files and folders of pages")
    parser.add_argument("--articles", type=Path, help="a JSONL file of articles: id, text, title")
    parser.add_argument("--times", type=int, default=1, help="read the text so many times, each with other figures")
    parser.add_argument("--runs", type=int, default=1, help="runs of each kind")
    parser.add_argument("--embedder", default=embed.BUNDLED)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--without-embedding", action="store_true", help="only without; otherwise both")
    parser.add_argument(_INNER, nargs=2, metavar=("FOLDER", "DATA"), help=argparse.SUPPRESS)
    given = parser.parse_args(argv)
    try:
        if given.inner:
            folder, data = map(Path, given.inner)
            print(json.dumps(measured(folder, data, given.embedder, given.workers)))
            return 0
        if not given.paths and not given.articles:
            raise SourceError("Nothing to read: name pages, or a file of articles (--articles).")
        return _told(given)
    except JushiError as error:
        print(f"ingest.speed: {error}", file=sys.stderr)
        return 2


def _told(given: argparse.Namespace) -> int:
    kinds = [_Without.name] if given.without_embedding else [_Without.name, given.embedder]
    rows = []
    with tempfile.TemporaryDirectory() as kept:
        folder = Path(kept) / "pages"
        folder.mkdir()
        letters = pages(given.paths, given.articles, given.times, folder)
        for run in range(1, given.runs + 1):
            for embedder in kinds:
                data = Path(kept) / f"{embedder.replace('/', '_')}-{run}"
                command = [sys.executable, "-m", "ingest.speed", _INNER, str(folder), str(data)]
                command += ["--embedder", embedder, "--workers", str(given.workers)]
                ran = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
                if ran.returncode:
                    return ran.returncode
                rows.append({**json.loads(ran.stdout), "embedder": embedder, "run": run})
    print(
        f"{date.today()}, {os.cpu_count()} cores, {platform.machine()}, {given.workers} worker(s), {letters} characters"
    )
    print(table(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
