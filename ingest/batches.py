"""Parsed files in, their passages embedded and written in batches that run across files; a whole file is sealed."""

import hashlib
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.embed import Embedder
from assistant.records import Passage
from assistant.writing import Writing
from ingest import passages
from ingest.parse import Parsed
from ingest.tally import Tally

if TYPE_CHECKING:
    from assistant.embed import Vectors

_BATCH = 32  # passages embedded together: enough to fill two cores, little to lose
# Passages written together. Chroma takes as long to write 16 as to write 100: 1,400 passages took it 18 s by 16,
# 6.0 by 64, 2.8 by 256. What a kill loses is written again from the vectors that are kept.
_WRITTEN = 256


@dataclass(slots=True)
class _File:
    """A file on its way, with how many of its passages are not embedded, and not written, yet."""

    parsed: Parsed
    bare: int
    unwritten: int


class Batches:
    """Passages that wait to be embedded and written."""

    def __init__(self, writing: Writing, embedder: Callable[[], Embedder], tally: Tally) -> None:
        self._writing, self._embedder, self._tally = writing, embedder, tally
        self._waiting: deque[tuple[str, Passage]] = deque()
        self._ready: list[tuple[str, Passage, str, Vectors]] = []  # embedded, not written
        self._files: deque[_File] = deque()

    def add(self, parsed: Parsed, vectors: "Mapping[str, Vectors] | None" = None) -> Iterator[tuple[str, float]]:
        """Takes a file and writes what fills whole batches; yields how far files have come: their names and shares.

        ``vectors`` were made elsewhere, by the hash of what was embedded.
        """
        if vectors:
            self._keep(vectors)
        self._writing.begin(parsed.page.file, parsed.key)
        missing = self._writing.missing(parsed.key, parsed.passages)
        self._files.append(_File(parsed, len(missing), len(missing)))
        self._waiting.extend((parsed.key, passage) for passage in missing)
        while len(self._waiting) >= _BATCH:
            yield from self._embed(_BATCH)
        yield from self._sealed()

    def _keep(self, vectors: "Mapping[str, Vectors]") -> None:
        """Keeps vectors with those of the index: they are found there when their turn comes."""
        with self._tally.timed("embed"):
            known = self._writing.vectors.get(list(vectors))
            new = [name for name in vectors if name not in known]
            self._writing.vectors.put(new, [vectors[name] for name in new])
            self._tally.embedded += len(new)

    def rest(self) -> Iterator[tuple[str, float]]:
        """Writes what is left, and yields likewise."""
        if self._waiting:
            yield from self._embed(len(self._waiting))
        self._write()
        yield from self._sealed()

    def _embed(self, count: int) -> Iterator[tuple[str, float]]:
        some = [self._waiting.popleft() for _ in range(count)]
        contexts = [context_hash(passage) for _, passage in some]
        with self._tally.timed("embed"):
            known = self._writing.vectors.get(contexts)
            texts = {name: passages.context(passage) for name, (_, passage) in zip(contexts, some, strict=True)}
            new = [name for name in texts if name not in known]
            if new:
                vectors = self._embedder().passages([texts[name] for name in new])
                self._writing.vectors.put(new, vectors)
                known.update(zip(new, vectors, strict=True))
                self._tally.embedded += len(new)
        self._ready += [(key, passage, name, known[name]) for (key, passage), name in zip(some, contexts, strict=True)]
        for file in self._files:
            taken = min(count, file.bare)
            file.bare, count = file.bare - taken, count - taken
        while len(self._ready) >= _WRITTEN:
            self._write()
        yield from self._sealed()
        now = next((file for file in self._files if file.bare), None)
        if now:
            yield now.parsed.page.file, 1 - now.bare / len(now.parsed.passages)

    def _write(self) -> None:
        some, self._ready = self._ready[:_WRITTEN], self._ready[_WRITTEN:]
        if not some:
            return
        with self._tally.timed("write"):
            self._writing.put(*zip(*some, strict=True))
        count = len(some)
        for file in self._files:
            taken = min(count, file.unwritten)
            file.unwritten, count = file.unwritten - taken, count - taken

    def _sealed(self) -> Iterator[tuple[str, float]]:
        while self._files and not self._files[0].unwritten:
            parsed = self._files.popleft().parsed
            self._seal(parsed)
            yield parsed.page.file, 1.0

    def _seal(self, parsed: Parsed) -> None:
        record = {
            "data": parsed.data,
            "stories": parsed.stories,
            "passages": len(parsed.passages),
            "figures": sum(len(passage.figures) for passage in parsed.passages),
            "suspicions": len(parsed.suspicions),
        }
        if former := self._writing.former(parsed.page.file):
            own = {context_hash(passage) for passage in parsed.passages}
            self._tally.removed += len(self._writing.contexts(str(former["key"])) - own)
        with self._tally.timed("write"):
            self._writing.seal(parsed.key, parsed.page, record, parsed.suspicions, parsed.reading)
        self._tally.page(record)


def context_hash(passage: Passage) -> str:
    """A name for what the passage is embedded as."""
    return hashlib.sha256(passages.context(passage).encode("utf-8", "surrogatepass")).hexdigest()[:24]
