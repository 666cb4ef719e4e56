"""The index of claims: what it is asked for comes back as told, for its own generation alone, whatever happens."""

import multiprocessing
import sqlite3
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant import aliases, claims, figures, ledger, periods
from assistant.claim_index import ClaimIndex, Wanted
from assistant.records import Account, Passage, Source, Span, Suspicion, Told
from assistant.store import Store

TEXTS = {
    "a.txt": "2024年，清镇经开区规上工业总产值达90.3亿元，同比增长29%。贵州远岭铝业有限公司年产铝棒5万吨。",
    "b.txt": "2024年，清镇经开区规上工业总产值达84.1亿元。远岭铝业今年产能从325万吨提升至40万吨。",
    "c.txt": "2023年，清镇经济开发区规上工业总产值达70亿元。茶园面积2.3万亩。",
}
KNOWN = aliases.learn(TEXTS.values())


class Pages:
    """Pages as the store gives them; notes which files were read."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = dict(texts)
        self.read: list[str] = []

    @property
    def versions(self) -> dict[str, str]:
        return {name: f"v{zlib.crc32(text.encode())}" for name, text in self.texts.items()}

    def passages(self, files: Collection[str] | None) -> Iterator[Passage]:
        for name, text in self.texts.items():
            if files is None or name in files:
                self.read.append(name)
                yield passage(name, text)

    def suspicions(self, files: Collection[str] | None) -> Iterable[Suspicion]:
        for name, text in self.texts.items():
            if files is None or name in files:
                told = passage(name, text)
                account = Account(text, told.claims, "", name, "2025-08")
                yield from ledger.of_page([account], aliases.learn([text]))

    def open(self, folder: Path, generation: str) -> ClaimIndex:
        return ClaimIndex.open(folder, generation, self.versions, self.passages, self.suspicions)


def passage(name: str, text: str) -> Passage:
    told = claims.claims(text, figures.find(text), page_date="2025-08", aliases=KNOWN)
    own = tuple(replace(claim, passage_id=f"p-{name}") for claim in told)
    source = Source(name, f"{name}的标题", "清镇日报", "2025-08")
    # the passage stands at offset 100 of its file
    return Passage(f"p-{name}", f"s-{name}", source, text, (Span(0, 100, 100 + len(text)),), figures.find(text), own)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[ClaimIndex]:
    index = Pages(TEXTS).open(tmp_path, "g1")
    yield index
    index.close()


@pytest.fixture
def many(tmp_path: Path) -> Iterator[ClaimIndex]:
    """So many pages that a scan would not be the quicker way."""
    texts = {f"{at}-{name}": text.replace("清镇", f"清镇{at}") for at in range(60) for name, text in TEXTS.items()}
    index = Pages(texts).open(tmp_path, "g1")
    yield index
    index.close()


def printed(found: Iterable[Told]) -> list[str]:
    return [told.claim.figure.text for told in found]


def test_a_claim_comes_back_as_it_was_told(opened: ClaimIndex) -> None:
    """Every claim of every passage, with its sentence and place; nothing altered on the way."""
    want = [claim for name, text in TEXTS.items() for claim in passage(name, text).claims]
    found = opened.find(Wanted())
    assert [told.claim for told in found] == want
    for told in found:
        text = TEXTS[told.file]
        assert told.sentence in text
        assert text[told.start - 100 : told.end - 100] == told.claim.figure.text
        assert (told.headline, told.paper, told.date) == (f"{told.file}的标题", "清镇日报", "2025-08")
    assert opened.count() == len(want)


@pytest.mark.parametrize(
    ("wanted", "figures_found"),
    [
        (Wanted(subject="远岭铝业"), ["5万吨", "325万吨", "40万吨"]),  # by its other name too
        (Wanted(subject="贵州远岭铝业有限公司"), ["5万吨", "325万吨", "40万吨"]),
        (Wanted(subject="清镇"), ["90.3亿元", "29%", "84.1亿元", "70亿元", "2.3万亩"]),
        (Wanted(subject="清镇经济开发区", unit="亿元"), ["90.3亿元", "84.1亿元", "70亿元"]),
        (Wanted(subject="月球基地"), []),
        (Wanted(metric="总产值", unit="元"), ["90.3亿元", "84.1亿元", "70亿元"]),
        (Wanted(metric="总产值", unit="万元"), []),
        (Wanted(metric="产", kind="mass"), ["5万吨", "325万吨", "40万吨"]),
        (Wanted(period=periods.of_page("2023")), ["70亿元"]),
        (Wanted(period=periods.of_page("2024-06"), kind="money"), ["90.3亿元", "84.1亿元"]),
        (Wanted(words=("工业", "90.3")), ["90.3亿元", "29%"]),  # the sentence holds both
        (Wanted(words=("90",)), []),  # a number is found whole
        (Wanted(words=("茶",)), ["2.3万亩"]),
        (Wanted(words=("，",)), ["90.3亿元", "29%", "84.1亿元", "70亿元"]),
        (Wanted(file="b.txt", kind="money"), ["84.1亿元"]),
        (Wanted(passages=("p-c.txt", "p-x.txt")), ["70亿元", "2.3万亩"]),
        (Wanted(suspect=True), ["90.3亿元", "84.1亿元", "325万吨"]),
        (Wanted(words=("'; DROP TABLE claims; --",)), []),
        (Wanted(subject='" OR "'), []),
    ],
)
def test_what_is_wanted_is_found(opened: ClaimIndex, wanted: Wanted, figures_found: list[str]) -> None:
    """Each condition by itself and together with others."""
    assert printed(opened.find(wanted)) == figures_found
    assert opened.count(wanted) == len(figures_found)
    assert printed(opened.find(wanted, 1)) == figures_found[:1]


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(subject="远岭铝业"),
        Wanted(metric="总产值"),
        Wanted(words=("总产值",)),
        Wanted(file="b.txt"),
        Wanted(passages=("p-c.txt",)),
        Wanted(unit="亿元"),
    ],
)
def test_no_query_reads_the_whole_table_of_claims(many: ClaimIndex, wanted: Wanted, tmp_path: Path) -> None:
    """SQLite's own plan: the claims are searched by an index or by number, never scanned."""
    where, values = many._where(wanted)
    with sqlite3.connect(next((tmp_path / "claims").glob("*.sqlite"))) as file:
        asked = f"EXPLAIN QUERY PLAN SELECT * FROM claims c WHERE {where} ORDER BY +c.file, +c.at"
        plan = [row[3] for row in file.execute(asked, values)]
    assert [step for step in plan if step.split()[:2] == ["SCAN", "c"]] == [], plan


def test_suspicions_of_a_passage_and_span(opened: ClaimIndex) -> None:
    """Those of the story and those between pages, where their figures stand; a witness only when asked for."""
    text = TEXTS["b.txt"]
    at = text.index("84.1")
    (conflict,) = opened.doubts("p-b.txt", at, at + 6)
    assert conflict.kind == "conflict"
    (direction,) = opened.doubts("p-b.txt", text.index("325"), text.index("325") + 3)
    assert direction.kind == "direction"
    assert opened.doubts("p-b.txt", 0, at) == ()
    assert opened.doubts("p-c.txt") == ()
    assert set(opened.doubts("p-b.txt")) == {conflict, direction} == set(opened.suspicions())
    assert opened.suspicions("a.txt") == (conflict,)
    assert opened.suspicions(wanted=Wanted(kind="mass")) == (direction,)


def test_what_else_is_claimed_of_it(opened: ClaimIndex) -> None:
    """Conflict only where subject, metric and period agree; another year is told as that, the claim itself is not."""
    (told,) = opened.find(Wanted(file="a.txt", kind="money"))
    assert [(how, other.claim.figure.text) for how, other in opened.others(told.claim)] == [
        ("conflict", "84.1亿元"),
        ("period", "70亿元"),
    ]


def test_the_names_of_all_pages_are_kept(opened: ClaimIndex) -> None:
    """What one page teaches holds for another."""
    assert opened.aliases.same("远岭铝业", "贵州远岭铝业有限公司")
    assert opened.aliases.same("清镇经济开发区", "清镇经开区")


def test_the_same_generation_is_read_from_its_file(tmp_path: Path) -> None:
    """Opening it again reads no page, and tells the same."""
    pages = Pages(TEXTS)
    first = pages.open(tmp_path, "g1")
    pages.read.clear()
    again = pages.open(tmp_path, "g1")
    assert pages.read == []
    assert again.find(Wanted()) == first.find(Wanted())
    assert again.suspicions() == first.suspicions()


def test_another_generation_reads_only_what_changed(tmp_path: Path) -> None:
    """And holds exactly what a file made from nothing holds; the former file goes."""
    pages = Pages({**TEXTS, "e.txt": "开阳县有茶企12家。"})
    pages.open(tmp_path, "g1").close()
    pages.read.clear()
    pages.texts["b.txt"] = "2024年，清镇经开区规上工业总产值达90.3亿元。"
    pages.texts["d.txt"] = "修文县新增铝棒企业3家。"
    del pages.texts["c.txt"]
    second = pages.open(tmp_path, "g2")
    assert sorted(pages.read) == ["b.txt", "d.txt"]
    whole = Pages(pages.texts).open(tmp_path / "other", "g2")
    asked = [Wanted(), Wanted(words=("铝棒",)), Wanted(metric="产能"), Wanted(subject="清镇"), Wanted(suspect=True)]
    for wanted in asked:
        assert second.find(wanted) == whole.find(wanted)
    assert second.suspicions() == whole.suspicions() == ()
    assert [path.name for path in (tmp_path / "claims").iterdir()] == ["g2.sqlite"]


@pytest.mark.parametrize("how", ["missing", "empty", "noise", "halved", "holed"])
def test_a_spoiled_file_is_made_anew(tmp_path: Path, how: str) -> None:
    """Whatever became of it, before it is opened: a crash costs time, never data."""
    pages = Pages(TEXTS)
    pages.open(tmp_path, "g1").close()
    path = tmp_path / "claims" / "g1.sqlite"
    whole = path.read_bytes()
    spoiled = {
        "empty": b"",
        "noise": b"\xff\x00rubbish{" * 99,
        "halved": whole[: len(whole) // 2],
        "holed": whole[:4096] + b"\xff" * (len(whole) - 4096),
    }
    if how == "missing":
        path.unlink()
    else:
        path.write_bytes(spoiled[how])
    index = pages.open(tmp_path, "g1")
    assert printed(index.find(Wanted(metric="总产值", unit="元"))) == ["90.3亿元", "84.1亿元", "70亿元"]
    assert [one.kind for one in index.suspicions()] == ["direction", "conflict"]


def test_a_file_spoiled_while_it_is_open_is_made_anew(tmp_path: Path) -> None:
    """A query that SQLite cannot answer for it is answered by the file made again."""
    index = Pages(TEXTS).open(tmp_path, "g1")
    path = tmp_path / "claims" / "g1.sqlite"
    whole = path.read_bytes()
    with path.open("rb+") as file:
        file.seek(4096)
        file.write(b"\xff" * (len(whole) - 4096))
    assert printed(index.find(Wanted(file="b.txt", kind="money"))) == ["84.1亿元"]


def test_a_spoiled_former_file_is_no_help_and_no_harm(tmp_path: Path) -> None:
    """The next generation is then made from nothing."""
    pages = Pages(TEXTS)
    pages.open(tmp_path, "g1").close()
    path = tmp_path / "claims" / "g1.sqlite"
    path.write_bytes(path.read_bytes()[:5000])
    assert pages.open(tmp_path, "g2").count() == Pages(TEXTS).open(tmp_path / "other", "g2").count()


def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    """The claims are then kept in memory."""
    (tmp_path / "claims").write_text("a file where the folder should be", "utf-8")
    index = Pages(TEXTS).open(tmp_path, "g1")
    assert printed(index.find(Wanted(file="b.txt", kind="money"))) == ["84.1亿元"]


def _count(folder: str) -> int:
    opened = Pages(TEXTS).open(Path(folder), "g1")
    counted = opened.count()
    opened.close()
    return counted


def test_two_processes_may_build_at_once(tmp_path: Path) -> None:
    """Each reads a whole file, one stays, and nothing half-written is left."""
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        counts = pool.map(_count, [str(tmp_path)] * 4)
    assert counts == [8] * 4
    assert [path.name for path in (tmp_path / "claims").iterdir()] == ["g1.sqlite"]


def test_no_pages_no_claims(tmp_path: Path) -> None:
    """An empty generation, which has no name, is a whole one."""
    index = Pages({}).open(tmp_path, "")
    assert index.find(Wanted()) == ()
    assert index.suspicions() == ()


def test_the_store_gives_its_claims(store: Store) -> None:
    """Every figure of every passage is a claim of the index, at its place in the file."""
    index = ClaimIndex.of(store)
    passages = list(store.all())
    assert index.count() == sum(len(passage.claims) for passage in passages) > 0
    for told in index.find(Wanted()):
        assert store.text(told.file)[told.start : told.end].replace("\n", "") == told.claim.figure.text
    found = index.find(Wanted(words=("青禾开发区",), metric="总产值", unit="亿元"))
    assert printed(found) == ["突破52.36亿元"]
    assert found[0].claim.period.start == date(2024, 1, 1)
