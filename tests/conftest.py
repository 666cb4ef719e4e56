"""Fakes of a chat model and an embedder, a small corpus of invented news, and indexes over it and over the seeds."""

import hashlib
import re
import shutil
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from chroma_server import Chroma, Cloud

from assistant import claims, embed, figures, served
from assistant import settings as settings_module
from assistant.address import Address
from assistant.ask import EXAMPLE_PAGE, Assistant
from assistant.llm import Chat, Messages, Usage
from assistant.records import Answer, Evidence, Passage, Source, Span, Verdict
from assistant.served import Served
from assistant.settings import Settings
from assistant.store import Store
from ingest import load, rebuild
from ingest.tally import Summary

if TYPE_CHECKING:
    from assistant.embed import Vectors


def steps(work: Callable[[], object]) -> int:
    """Calls of functions, Python's own among them, that the work takes: they do not hang on how busy the machine is."""
    calls = 0

    def counted(_frame: object, event: str, _arg: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        work()
    finally:
        sys.setprofile(before)
    return calls


ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT / "seeds"

# Invented news. The first page has front matter and marked headings, the second has its date in its name and neither.
QINGHE = """---
paper: 青禾日报
date: 2025-03-15
date_basis: 报头
theme: 青禾经济简讯
---

# 青禾开发区：纺织车间换了新装

青禾日报 记者 林小满

走进青禾开发区，织机声此起彼伏。2024年，青禾开发区规上工业总产值突破52.36亿元，同比增长7.8%。

园区现有纺织企业41家，其中规上企业18家。去年，青禾开发区布匹出口额约3.2亿元，占全市的六成以上。

# 白鹭水库：蓄水足，灌溉忙

青禾日报 记者 何苇

白鹭水库今年蓄水1860万立方米，比上年多出240万立方米。管理员陈阿水说，可灌溉农田12.5万亩，惠及3个乡镇。

# 青禾中学：新食堂启用

青禾中学的新食堂于3月1日启用，面积2400平方米，可供1200名学生同时用餐。校长没有透露食堂的造价。
"""
LANTING = """兰亭镇茶叶抢了鲜
本报记者 苏晚晴
兰亭镇今年春茶产量达到86吨，较去年减少4吨。每斤明前茶卖到1280元，
茶农们笑得合不拢嘴。全镇茶园面积2.3万亩，带动茶农5600户增收。
兰亭镇开发区产值公布
兰亭开发区2024年规上工业总产值为31.07亿元，同比下降1.4%。
"""
PAGES = {"qinghe.md": QINGHE, "lanting-2025-04-02.txt": LANTING}
QUESTION = "青禾开发区2024年规上工业总产值是多少？"
FIGURE = "突破52.36亿元"
UNANSWERED = "月球基地2024年的发电量是多少？"


class FakeEmbedder:
    """Unit vectors of hashed character bigrams; notes every text, and can be told to fail after some of them."""

    name = "fake"
    dimension = 96

    def __init__(self, fails_after: int | None = None) -> None:
        self.texts: list[str] = []
        self.questions: list[str] = []
        self.fails_after = fails_after

    def passages(self, texts: Sequence[str]) -> "Vectors":
        if self.fails_after is not None and len(self.texts) + len(texts) > self.fails_after:
            raise KeyboardInterrupt
        self.texts += texts
        return np.array([self._vector(text) for text in texts], np.float32).reshape(len(texts), self.dimension)

    def question(self, text: str) -> "Vectors":
        self.questions.append(text)
        return self._vector(text)

    def _vector(self, text: str) -> "Vectors":
        vector = np.zeros(self.dimension, np.float32)
        vector[0] = 0.01  # a text without bigrams has a direction too
        for first, second in pairwise(text):
            vector[zlib.crc32(f"{first}{second}".encode("utf-8", "surrogatepass")) % self.dimension] += 1
        return np.asarray(vector / np.linalg.norm(vector), np.float32)


class FakeChat:
    """A chat model with queued replies and judgements, the last of which repeats; an exception among them is raised."""

    def __init__(
        self,
        *replies: str | Exception,
        judgements: Sequence[float | Exception] = (),
        judges: bool = False,
        name: str = "fake",
    ) -> None:
        self.name = name
        self.usage = Usage()
        self._judges = judges or bool(judgements)
        self.replies = list(replies) or [""]
        self.judgements = list(judgements) or [9.0]
        self.written: list[Messages] = []
        self.judged: list[Messages] = []
        self.grammars: list[str] = []

    @property
    def judges(self) -> bool:
        return self._judges

    def write(self, messages: Messages, *, grammar: str = "", most: int = 200) -> str:
        self.written.append(messages)
        self.grammars.append(grammar)
        self.usage.count(10, 1)
        return str(self._next(self.replies))

    def judge(self, messages: Messages) -> float:
        self.judged.append(messages)
        self.usage.count(10, 0)
        return float(self._next(self.judgements))

    def _next(self, queue: list[Any]) -> Any:
        told = queue.pop(0) if len(queue) > 1 else queue[0]
        if isinstance(told, Exception):
            raise told
        return told


def sentence_evidence(
    text: str, *, headline: str = "青禾开发区简讯", date: str = "2025-03", score: float = 1.0, key: str = "abc123"
) -> Evidence:
    """A passage of one sentence as evidence, its first figure pointed at."""
    found = figures.find(text)
    source = Source("page.md", headline, "青禾日报", date)
    passage = Passage(f"p-{key}", "s", source, text, (Span(0, 0, len(text)),), found)
    return Evidence(key, passage, 0, len(text), found, score, 1.0, found[0] if found else None, 1.0, sure=1.0)


_NUMBER = re.compile("[0-9０-９]+(?:[.．,][0-9０-９]+)*")
_PLACEHOLDER = re.compile(r"\{[A-Z][0-9]+\}")


def assert_true_to_print(answer: Answer) -> None:
    """The product's promise: each figure of an answer is borne, each number printed in what the answer cites."""
    assert answer.text.strip()
    assert [check for check in answer.checks if check.verdict is Verdict.UNSUPPORTED] == []
    keys = {citation.key for citation in answer.citations}
    assert all(check.citation in keys or check.formula for check in answer.checks)
    bare = answer.text
    for key in keys:
        assert f"[{key}]" in answer.text
        bare = bare.replace(f"[{key}]", "")
    cited = " ".join(f"{one.quote} {one.source.headline} {one.source.date}" for one in answer.citations)
    formulas = " ".join(check.formula for check in answer.checks)
    assert [number for number in _NUMBER.findall(bare) if number not in _NUMBER.findall(f"{cited} {formulas}")] == []
    assert not _PLACEHOLDER.search(answer.text)


def ingest(paths: Path | Sequence[Path], data: Path, embedder: FakeEmbedder, *, size: int = 60, **more: Any) -> Summary:
    """One run of the job over the paths into the index in ``data``."""
    listed = [paths] if isinstance(paths, Path) else list(paths)
    made: list[Store] = []

    def store() -> Store:
        made.append(Store.create(data, embedder.name))
        return made[-1]

    try:
        return load.ingest(listed, store, lambda: embedder, folder=data, size=size, **more)
    finally:
        for one in made:
            one.close()


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings of whoever runs the tests do not reach them."""
    for item in fields(Settings):
        monkeypatch.delenv(settings_module.variable(item.name), raising=False)


KINDS = ("folder", pytest.param("server", marks=pytest.mark.slow))
both_kinds = pytest.mark.parametrize("kind", KINDS, indirect=True)
"""Marks tests that run over an index in a folder and, as it is, over one on a server."""
folder_only = pytest.mark.folder_only
"""Marks those of them that are of the folder's files."""


@pytest.fixture(scope="session")
def chroma_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chroma]:
    """A Chroma server, a process of its own."""
    server = Chroma(tmp_path_factory.mktemp("chroma"))
    yield server
    server.kill()


@pytest.fixture(scope="session")
def cloud(chroma_server: Chroma) -> Iterator[Cloud]:
    """The same behind a door that wants a key and keeps to Chroma Cloud's quotas."""
    door = Cloud(chroma_server)
    yield door
    door.close()


@pytest.fixture
def kind(request: pytest.FixtureRequest) -> str:
    """Of which kind the indexes of a test are: in a folder, or on a server."""
    return str(getattr(request, "param", "folder"))


def derived(data: Path) -> Path:
    """The folder of what is derived of the index of a fake embedder, of either kind."""
    store = Store.open(data, FakeEmbedder.name)
    store.close()
    return store.folder


def texts_kept(data: Path) -> set[str]:
    """The ids of the texts that such an index keeps."""
    store = Store.open(data, FakeEmbedder.name)
    try:
        if store.server is None:
            return {path.stem for path in (data / "sources").glob("*.txt")}
        texts = Served.shared(store.server)
        found = {str(meta["name"]) for meta in texts.collection(served.TEXTS).get(include=["metadatas"])["metadatas"]}
        texts.release()
        return found - set(store.page_rows.get(include=[])["ids"])
    finally:
        store.close()


_moved: set[Address] = set()


def database(cloud: Cloud, folder: Path) -> Address:
    """The database that stands for a folder."""
    return cloud.at(f"t{hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:24]}")


@pytest.fixture(autouse=True)
def _of_kind(kind: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """With ``server``, an index that a test names by a folder is on the server, in a database of its own."""
    if kind == "folder":
        yield
        return
    if request.node.get_closest_marker("folder_only"):
        pytest.skip("of the files of an index in a folder")
    cloud: Cloud = request.getfixturevalue("cloud")
    ways = {"open": Store.open, "create": Store.create}

    def at(name: str) -> Any:
        def way(_: type[Store], folder: Path, embedder: str, server: Address | None = None) -> Store:
            where = server or database(cloud, folder)
            if name == "open" and (folder / "chroma").is_dir() and where not in _moved:
                moved = ways["create"](folder, embedder, where)  # made once for the session, in a folder
                rebuild.fill(moved, folder, lambda: embed.load(embedder))
                moved.close()
                _moved.add(where)
            return ways[name](folder, embedder, where)

        return classmethod(way)

    for name in ways:
        monkeypatch.setattr(Store, name, at(name))
    monkeypatch.setattr(served, "GRACE", 0.0)
    cloud.refused.clear()
    yield
    assert cloud.refused == []


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A folder with the invented pages."""
    folder = tmp_path / "pages"
    folder.mkdir()
    for name, text in PAGES.items():
        (folder / name).write_bytes(text.encode("utf-8"))
    return folder


@pytest.fixture
def embedder() -> FakeEmbedder:
    return FakeEmbedder()


@pytest.fixture(scope="session")
def _ready_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pages = tmp_path_factory.mktemp("pages")
    for name, text in PAGES.items():
        (pages / name).write_bytes(text.encode("utf-8"))
    data = tmp_path_factory.mktemp("ready") / "data"
    ingest(pages, data, FakeEmbedder())
    return data


@pytest.fixture
def index(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """An index of the invented pages, the test's own to spoil."""
    if kind == "server":
        ingest(request.getfixturevalue("corpus"), tmp_path / "index", FakeEmbedder())
        return tmp_path / "index"
    _ready_index: Path = request.getfixturevalue("_ready_index")
    return Path(shutil.copytree(_ready_index, tmp_path / "index"))


@pytest.fixture
def store(index: Path) -> Iterator[Store]:
    opened = Store.open(index, FakeEmbedder.name)
    yield opened
    opened.close()


MakeAssistant = Callable[..., Assistant]


@pytest.fixture
def make_assistant(store: Store) -> MakeAssistant:
    """``make_assistant(chat, hits=3)``: an assistant over the invented pages."""

    def make(chat: Chat | None = None, **given: Any) -> Assistant:
        model = chat.name if chat else "none"
        chosen = settings_module.load({"data": str(store.folder), "model": model, "embedder": "fake", **given})
        return Assistant(chosen, store, FakeEmbedder(), lambda: chat)

    return make


def _bundled_index(paths: Sequence[Path], data: Path) -> Path:
    embedder = embed.load(embed.BUNDLED)
    made = Store.create(data, embed.BUNDLED)
    load.ingest(paths, lambda: made, lambda: embedder, folder=data, size=Settings().passage_tokens)
    made.close()
    return data


@pytest.fixture(scope="session")
def seeds_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's page that the first example is answered by, ingested with the bundled embedder, once."""
    return _bundled_index([SEEDS / f"{EXAMPLE_PAGE}.md"], tmp_path_factory.mktemp("seeds") / "data")


@pytest.fixture(scope="session")
def all_seeds_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All of the project's pages, ingested with the bundled embedder, once: for slow tests."""
    return _bundled_index([SEEDS], tmp_path_factory.mktemp("seeds") / "data")


@pytest.fixture
def seeds_store(seeds_index: Path) -> Iterator[Store]:
    opened = Store.open(seeds_index, embed.BUNDLED)
    yield opened
    opened.close()


def printed_passage(text: str, date: str = "2025-06") -> Passage:
    """The text as a passage of a page, with its figures and claims."""
    found = figures.find(text)
    source = Source(f"{text[:4]}.md", "", date=date)
    return Passage(
        text, text, source, text, (Span(0, 0, len(text)),), found, claims.claims(text, found, page_date=date)
    )
