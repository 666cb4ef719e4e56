"""Question in, passages by BM25 out: the word index beside the vectors, derived from the store, tied to its generation.

Chinese is indexed as characters and pairs of them, Latin words and numbers whole, so 100.13 matches 100.13 and never
130.32; traditional letters are read as simplified ones. It is brought up to date page by page and mapped from disk.
"""

import hashlib
import json
import re
import shutil
import unicodedata
import uuid
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.postings import Postings
from assistant.records import Passage

if TYPE_CHECKING:
    import numpy as np

    from assistant.store import Store

Read = Callable[[Sequence[str]], Iterable[Passage]]
"""The passages of the files named."""

_FOLDER = "lexical"
_FORM = 5  # raised when a text's terms or what is kept change, so that an index of the former form is built anew
_LETTER = 21  # bits of a letter's code point
_HASHED = 1 << 63  # codes from here are hashes of words and numbers
_HAN = "\u3400-\u9fff\uf900-\ufaff"
# A date's 年, 月 and 日 go with their number: the pair 年规 of 2024年规上产值 is no word, and rare enough to mislead.
_TOKEN = re.compile(rf"([0-9]+(?:[.,][0-9]+)*)[年月日]?|([a-z]+|[{_HAN}]+)")
_IS_HAN = re.compile(f"[{_HAN}]")
# Measured on five public sets (rgb, news_mrc, crud_news, rageval, fincuge) cut into passages of 300 tokens: .6 with .3
# is the best of a grid or within .006 of it on each; the usual 1.5 and .75 lose .03 of hit@1 on rageval and rgb.
_K1 = 0.6
_B = 0.3
# A character counts this much of a pair: with it hit@1 rises by .05 on fincuge, .04 on rgb, .02 on rageval against
# pairs alone. Words cut by jieba in its place lose .07 on fincuge and news_mrc, and added to it gain nothing (±.005).
_CHARACTER = 0.7
# A number or Latin word counts this much: 100.13 is one term where a Chinese word of its length is seven.
_WHOLE = 2.0
_OTHER = 0.5  # what a term counts that only another name of what is asked for has
_HEAD = 2  # times that a headline's terms count in its passages: rageval .546 → .597, news_mrc .732 → .729


def folded(text: str) -> str:
    """The text as it is compared: full width as half width, upper case as lower, traditional letters simplified."""
    from zhconv_rs import zhconv

    whole = text.encode("utf-8", "replace").decode("utf-8")  # half a surrogate pair is no letter
    return zhconv(unicodedata.normalize("NFKC", whole).lower(), "zh-hans")


def terms(text: str) -> list[str]:
    """The text's terms, in order: 规上产值 → 规上, 上产, 产值."""
    found: list[str] = []
    for number, letters in _TOKEN.findall(folded(text)):
        run = number or letters
        if run[0].isascii() or len(run) == 1:
            found.append(run)
        else:
            found.extend(f"{first}{second}" for first, second in pairwise(run))
    return found


def _code(term: str) -> int:
    """A number for the term: one or two Chinese letters as themselves, anything else by its hash."""
    if len(term) <= 2 and not term[0].isascii():
        return ord(term[0]) << _LETTER | ord(term[1]) if len(term) == 2 else ord(term)
    return int.from_bytes(hashlib.blake2b(term.encode("utf-8", "surrogatepass"), digest_size=8).digest()) | _HASHED


def _codes(text: str) -> Counter[int]:
    """The codes of the text's characters, pairs, words and numbers, and how often each stands in it."""
    found: Counter[int] = Counter()
    for number, letters in _TOKEN.findall(folded(text)):
        run = number or letters
        if run[0].isascii():
            found[_code(run)] += 1
        else:
            points = [ord(letter) for letter in run]
            found.update(points)
            found.update([first << _LETTER | second for first, second in pairwise(points)])
    return found


class Lexical:
    """A BM25 index; ``open`` loads it from its folder, brings a former one up to date, or builds it."""

    def __init__(
        self, postings: Postings, ids: list[str], files: list[str], pages: dict[str, str], leads: set[str]
    ) -> None:
        """``ids`` and ``files`` are those of each passage in order; ``pages`` is the version of each file.

        ``leads`` are the ids of those with which a story begins.
        """
        self._postings = postings
        self._ids = ids
        self._files = files
        self._pages = pages
        self._leads = leads
        self._place = {identity: at for at, identity in enumerate(ids)}

    @classmethod
    def open(cls, folder: Path, generation: str, pages: Mapping[str, str], read: Read) -> "Lexical":
        """The word index of this generation; ``pages`` tells each file's version.

        ``read`` is called for the files that no index kept on disk has in this version: for none where it is the
        generation's own, for those that changed where it is a former one, otherwise for all.
        """
        generation = f"{generation}-{_FORM}"
        parent = folder / _FOLDER
        if found := cls._load(parent / generation):
            return found
        former = next((kept for path in _others(parent) if (kept := cls._load(path))), None)
        found = former._updated(pages, read) if former else cls._read(pages, read)
        found._save(parent, generation)
        return found

    @classmethod
    def of(cls, store: "Store") -> "Lexical":
        """The word index of the store's generation."""
        pages = {file: str(record["key"]) for file, record in store.pages().items()}
        return cls.open(store.folder, store.generation(), pages, store.all)

    @classmethod
    def build(cls, passages: Iterable[Passage]) -> "Lexical":
        """An index in memory."""
        ids, files = [], []
        first: dict[tuple[str, str], tuple[int, str]] = {}  # of each story, where it begins and with which passage

        def rows() -> Iterable[tuple["np.ndarray", "np.ndarray", int]]:
            import numpy as np

            for passage in passages:
                ids.append(passage.id)
                files.append(passage.source.file)
                story, place = (passage.source.file, passage.story_id), (passage.start, passage.id)
                first[story] = min(first.get(story, place), place)
                counts = _codes(passage.text)
                for code, count in _codes(passage.source.title).items():
                    counts[code] += _HEAD * count
                yield (
                    np.fromiter(counts.keys(), np.uint64, len(counts)),
                    np.fromiter(counts.values(), np.int64, len(counts)),
                    counts.total(),
                )

        postings = Postings.of(rows())
        return cls(postings, ids, files, dict.fromkeys(files, ""), {identity for _, identity in first.values()})

    @classmethod
    def _read(cls, pages: Mapping[str, str], read: Read) -> "Lexical":
        built = cls.build(read(list(pages)) if pages else ())
        return cls(built._postings, built._ids, built._files, dict(pages), built._leads)

    def _updated(self, pages: Mapping[str, str], read: Read) -> "Lexical":
        import numpy as np

        same = {file for file, version in self._pages.items() if pages.get(file) == version}
        keep = np.array([file in same for file in self._files], bool)
        other = [file for file in pages if file not in same]
        fresh = self.build(read(other) if other else ())
        ids = [identity for identity, stays in zip(self._ids, keep, strict=True) if stays]
        files = [file for file in self._files if file in same]
        postings = self._postings.kept(keep).joined(fresh._postings)
        leads = self._leads.intersection(ids) | fresh._leads
        return Lexical(postings, ids + fresh._ids, files + fresh._files, dict(pages), leads)

    @classmethod
    def _load(cls, folder: Path) -> "Lexical | None":
        """The index kept there, or None where there is none or it was cut short when it was written."""
        try:
            side = json.loads((folder / "side.json").read_text("utf-8"))
            ids, files, pages = side["ids"], side["files"], side["pages"]
            leads = {ids[at] for at in side["leads"]}
            postings = Postings.load(folder)
        except (OSError, ValueError, KeyError, IndexError, TypeError, EOFError):
            return None
        named = [file for file, count in files for _ in range(count)]
        return cls(postings, ids, named, pages, leads) if len(ids) == len(named) == len(postings.lengths) else None

    def _save(self, parent: Path, generation: str) -> None:
        """Keeps the index for the next start; a folder that cannot be written only costs building it again."""
        if not self._ids:
            return
        runs: list[tuple[str, int]] = []
        for file in self._files:
            if runs and runs[-1][0] == file:
                runs[-1] = (file, runs[-1][1] + 1)
            else:
                runs.append((file, 1))
        # a folder of this call's own: two processes that serve one index bring their words up to date at once
        beside = parent / f".{generation}-{uuid.uuid4().hex[:8]}"
        try:
            beside.mkdir(parents=True)
            self._postings.save(beside)
            leads = [at for at, identity in enumerate(self._ids) if identity in self._leads]
            side = {"ids": self._ids, "files": runs, "pages": self._pages, "leads": leads}
            (beside / "side.json").write_text(json.dumps(side, ensure_ascii=False), "utf-8")
            for former in _kept(parent):
                shutil.rmtree(former)
            beside.replace(parent / generation)
        except OSError:
            shutil.rmtree(beside, ignore_errors=True)

    def nearest(
        self,
        text: str,
        k: int,
        files: Collection[str] | None = None,
        *,
        others: Sequence[str] = (),
        also: Collection[str] = (),
    ) -> list[tuple[str, float]]:
        """Up to ``k`` passage ids of highest BM25 score above zero, best first; of ``files`` only, where given.

        ``others`` are other names of what the text names; they count less. The ids in ``also`` come after those found,
        whatever their score.
        """
        import numpy as np

        asked = {code: count * _weight_of(code) for code, count in _codes(text).items()}
        for code in _codes(" ".join(others)):
            asked.setdefault(code, _OTHER * _weight_of(code))
        if not self._ids or not asked or k < 1:
            return []
        scores = self._postings.scores(asked, k1=_K1, b=_B)
        reached = scores
        if files is not None:
            wanted = set(files)
            reached = np.where([file in wanted for file in self._files], scores, 0)
        best = np.argpartition(-reached, min(k, len(scores)) - 1)[:k]
        best = best[np.lexsort((best, -reached[best]))]
        found = {self._ids[at]: float(reached[at]) for at in best if reached[at] > 0}
        for identity in also:
            at = self._place.get(identity)
            if at is not None:
                found.setdefault(identity, float(scores[at]))
        return list(found.items())

    def ideal(self, text: str) -> float:
        """The BM25 score that no passage exceeds: each term of the text stands in it without end."""
        return (_K1 + 1) * sum(
            count * _weight_of(code) * self._postings.rarity(code) for code, count in _codes(text).items()
        )

    def weights(self, text: str) -> dict[str, float]:
        """The text's terms and single characters as folded, each with its rarity times what its form counts."""
        found: dict[str, float] = {}
        for term in (*terms(text), *(letter for letter in folded(text) if _IS_HAN.match(letter))):
            code = _code(term)
            found[term] = _weight_of(code) * self._postings.rarity(code)
        return found

    def leads(self, identity: str) -> bool:
        """Whether a story begins with the passage of that id."""
        return identity in self._leads

    def knows(self, term: str) -> bool:
        """Whether any passage bears the term."""
        return self._postings.frequency(_code(term)) > 0

    def weight(self, term: str) -> float:
        """Inverse document frequency of a term, as BM25 has it: rare terms weigh more."""
        return self._postings.rarity(_code(term))


def _weight_of(code: int) -> float:
    """What a term of its form counts in a question: a character, a pair of them, or a whole word or number."""
    return _CHARACTER if code < 1 << _LETTER else _WHOLE if code >= _HASHED else 1.0


def _others(parent: Path) -> list[Path]:
    """The indexes of this form that are kept there."""
    return [path for path in _kept(parent) if path.name.endswith(f"-{_FORM}")]


def _kept(parent: Path) -> list[Path]:
    """The indexes that are kept there, without those that are being written."""
    try:
        return [path for path in parent.iterdir() if path.name[0] != "."]
    except OSError:
        return []
