"""Parsed files in, their passages embedded and written in batches that run across files; a whole file is sealed."""

import hashlib
from collections import deque
from collections.abc import Callable, Iterator

from assistant.embed import Embedder
from assistant.records import Passage
from assistant.writing import Writing
from ingest import passages
from ingest.parse import Parsed
from ingest.tally import Tally

_BATCH = 32  # passages embedded and written together: enough to fill two cores, little to lose


class Batches:
    """Passages that wait to be embedded and written."""

    def __init__(self, writing: Writing, embedder: Callable[[], Embedder], tally: Tally) -> None:
        self._writing, self._embedder, self._tally = writing, embedder, tally
        self._waiting: deque[tuple[str, Passage]] = deque()
        self._files: deque[tuple[Parsed, int]] = deque()  # with how many of its passages are not put yet

    def add(self, parsed: Parsed) -> Iterator[tuple[str, float]]:
        """Takes a file and writes what fills whole batches; yields how far files have come: their names and shares."""
        self._writing.begin(parsed.page.file, parsed.key)
        missing = self._writing.missing(parsed.key, parsed.passages)
        self._files.append((parsed, len(missing)))
        self._waiting.extend((parsed.key, passage) for passage in missing)
        while len(self._waiting) >= _BATCH:
            yield from self._put(_BATCH)
        yield from self._sealed()

    def rest(self) -> Iterator[tuple[str, float]]:
        """Writes what is left, and yields likewise."""
        if self._waiting:
            yield from self._put(len(self._waiting))
        yield from self._sealed()

    def _put(self, count: int) -> Iterator[tuple[str, float]]:
        some = [self._waiting.popleft() for _ in range(count)]
        contexts = [_hash(passage) for _, passage in some]
        with self._tally.timed("embed"):
            known = self._writing.vectors.get(contexts)
            texts = {name: passages.context(passage) for name, (_, passage) in zip(contexts, some, strict=True)}
            new = [name for name in texts if name not in known]
            if new:
                vectors = self._embedder().passages([texts[name] for name in new])
                self._writing.vectors.put(new, vectors)
                known.update(zip(new, vectors, strict=True))
                self._tally.embedded += len(new)
        with self._tally.timed("write"):
            keys, found = zip(*some, strict=True)
            self._writing.put(keys, found, contexts, [known[name] for name in contexts])
        for at, (parsed, waiting) in enumerate(self._files):
            taken = min(count, waiting)
            self._files[at] = (parsed, waiting - taken)
            count -= taken
        yield from self._sealed()
        if self._files:
            parsed, waiting = self._files[0]
            yield parsed.page.file, 1 - waiting / len(parsed.passages)

    def _sealed(self) -> Iterator[tuple[str, float]]:
        while self._files and not self._files[0][1]:
            parsed, _ = self._files.popleft()
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
            own = {_hash(passage) for passage in parsed.passages}
            self._tally.removed += len(self._writing.contexts(str(former["key"])) - own)
        with self._tally.timed("write"):
            self._writing.seal(parsed.key, parsed.page, record, parsed.suspicions)
        self._tally.page(record)


def _hash(passage: Passage) -> str:
    """A name for what the passage is embedded as."""
    return hashlib.sha256(passages.context(passage).encode("utf-8", "surrogatepass")).hexdigest()[:24]
