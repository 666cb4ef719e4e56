"""The word index: numbers match whole, and what is kept on disk is used for its own generation only."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.lexical import Lexical, folded, terms
from assistant.records import Passage, Source, Span

TEXTS = {
    "tai": "园区总产值突破100.13亿元。",
    "bei": "另一园区总产值130.32亿元。",
    "tea": "春茶产量86吨，较去年减少4吨。",
    "park": "Tai Park produced 2,400 guitars.",
}


def passages() -> list[Passage]:
    return [Passage(name, "s", Source(f"{name}.md"), text, (Span(0, 0, len(text)),)) for name, text in TEXTS.items()]


PAGES = dict.fromkeys((f"{name}.md" for name in TEXTS), "1")


def read(files: Sequence[str]) -> list[Passage]:
    return [passage for passage in passages() if passage.source.file in files]


def never(files: Sequence[str]) -> list[Passage]:
    return pytest.fail(f"the passages of {files} were read again")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("规上产值", ["规上", "上产", "产值"]),
        ("产值100.13亿元", ["产值", "100.13", "亿元"]),
        ("１００．１３亿", ["100.13", "亿"]),
        ("2,400 Guitars", ["2,400", "guitars"]),
        ("第3批", ["第", "3", "批"]),
        ("，。！", []),
        ("", []),
    ],
)
def test_terms(text: str, found: list[str]) -> None:
    """Chinese goes in as bigrams, words and numbers whole, full width as half width."""
    assert terms(text) == found


@given(st.text())
def test_any_text_has_terms_that_stand_in_it(text: str) -> None:
    """No term is made up: each is in the text as it is compared."""
    assert all(term in folded(text) for term in terms(text))


def test_a_number_is_found_whole() -> None:
    """100.13 finds the passage that prints it, and never the one with 130.32 or 100.1."""
    lexical = Lexical.build(passages())
    assert [identity for identity, _ in lexical.nearest("100.13", 4)] == ["tai"]
    assert lexical.nearest("100.1", 4) == lexical.nearest("30.32", 4) == []
    assert lexical.knows("100.13")
    assert not lexical.knows("100")


def test_nearest_is_best_first_and_above_zero() -> None:
    """Scores fall, every hit shares a term, and no more come than asked for."""
    lexical = Lexical.build(passages())
    found = lexical.nearest("总产值 100.13", 10)
    assert [identity for identity, _ in found] == ["tai", "bei", "tea"]
    assert found[0][1] > found[1][1] > found[2][1] > 0  # of 总产值 the tea's 春茶产量 has one character
    assert len(lexical.nearest("总产值", 1)) == 1


@pytest.mark.parametrize("text", ["", "，。", "火星"])
def test_a_text_without_known_terms_finds_nothing(text: str) -> None:
    """Nothing in common is nothing found, not everything with score nought."""
    assert Lexical.build(passages()).nearest(text, 4) == []


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    """No pages, no hits, no error."""
    assert Lexical.build(()).nearest("产值", 4) == []
    assert Lexical.open(tmp_path, "g0", {}, read).nearest("产值", 4) == []


def test_a_rare_term_weighs_more() -> None:
    """Inverse document frequency: a term of one passage outweighs one of two; an unknown one weighs most."""
    lexical = Lexical.build(passages())
    assert lexical.weight("春茶") > lexical.weight("产值") > 0
    assert lexical.weight("火星") > lexical.weight("春茶")


def test_the_headline_is_indexed() -> None:
    """A subject that only the headline names is found."""
    one = Passage("p", "s", Source("a.md", "青禾中学食堂"), "面积2400平方米。", (Span(0, 0, 10),))
    other = Passage("q", "s", Source("a.md"), "面积86平方米。", (Span(0, 0, 8),))
    assert Lexical.build([one, other]).nearest("青禾中学", 2)[0][0] == "p"


def test_what_is_kept_is_loaded_for_its_generation(tmp_path: Path) -> None:
    """The same generation is read from disk, with the same answers; the passages are not touched."""
    built = Lexical.open(tmp_path, "g1", PAGES, read)
    again = Lexical.open(tmp_path, "g1", PAGES, never)
    for text in ("总产值", "100.13", "guitars", "吨"):
        assert again.nearest(text, 4) == built.nearest(text, 4)
        assert again.weight(text) == built.weight(text)


def test_the_passage_with_which_a_story_begins_is_known_through_every_change(tmp_path: Path) -> None:
    """Built, read from disk, and brought up to date: of a story the earliest passage leads, whatever its order."""

    def story(files: Sequence[str]) -> list[Passage]:
        late = [Passage(f"{file}-2", "s", Source(file), "后来的话。", (Span(0, 90, 95),)) for file in files]
        return late + [Passage(f"{file}-1", "s", Source(file), "开头的话。", (Span(0, 3, 8),)) for file in files]

    def leads(index: Lexical) -> list[str]:
        return [f"{file}-{part}" for file in ("a", "b", "c") for part in (1, 2) if index.leads(f"{file}-{part}")]

    assert leads(Lexical.open(tmp_path, "g1", {"a": "1", "b": "1"}, story)) == ["a-1", "b-1"]
    assert leads(Lexical.open(tmp_path, "g1", {"a": "1", "b": "1"}, never)) == ["a-1", "b-1"]
    assert leads(Lexical.open(tmp_path, "g2", {"b": "1", "c": "1"}, story)) == ["b-1", "c-1"]


def test_only_what_changed_is_read(tmp_path: Path) -> None:
    """A page added, changed or removed costs the reading of that page, and the rest is as if built anew."""
    first = {"tai.md": "1", "bei.md": "1", "tea.md": "1"}
    Lexical.open(tmp_path, "g1", first, read)
    asked: list[str] = []

    def noting(files: Sequence[str]) -> list[Passage]:
        asked.extend(files)
        return read(files)

    then = {"tai.md": "1", "tea.md": "2", "park.md": "1"}
    updated = Lexical.open(tmp_path, "g2", then, noting)
    assert sorted(asked) == ["park.md", "tea.md"]
    anew = Lexical.build(read(["tai.md", "tea.md", "park.md"]))
    for text in ("园区总产值突破", "100.13", "guitars", "86吨", "另一"):
        assert dict(updated.nearest(text, 4)) == pytest.approx(dict(anew.nearest(text, 4)))
        assert updated.weight(text) == anew.weight(text)
    assert not updated.knows("另一")
    assert [path.name.split("-")[0] for path in (tmp_path / "lexical").iterdir()] == ["g2"]
    again = Lexical.open(tmp_path, "g2", then, never)
    assert again.nearest("guitars", 1)[0][0] == "park"


def test_only_the_files_asked_for_are_searched() -> None:
    """A filter on files leaves every other passage out, however well it matches."""
    lexical = Lexical.build(passages())
    assert [identity for identity, _ in lexical.nearest("总产值", 4, files={"bei.md"})] == ["bei"]
    assert lexical.nearest("总产值", 4, files=()) == []


@pytest.mark.parametrize(("text", "found"), [("園區總產值", "tai"), ("ＰＡＲＫ", "park")])
def test_other_forms_of_a_letter_are_the_same_letter(text: str, found: str) -> None:
    """Traditional letters, full width and capitals find what is printed in simplified ones, half width, lower case."""
    assert Lexical.build(passages()).nearest(text, 1)[0][0] == found


@pytest.mark.parametrize("how", ["missing", "noise", "halved", "empty"])
def test_corrupted_files_are_built_anew(tmp_path: Path, how: str) -> None:
    """Whichever kept file is spoiled, the index is built from the passages again: a crash costs time, never data."""
    Lexical.open(tmp_path, "g1", PAGES, read)
    names = sorted(path.name for path in next((tmp_path / "lexical").glob("g1-*")).iterdir())
    failed = []
    for name in names:
        path = next((tmp_path / "lexical").glob("g1-*")) / name
        whole = path.read_bytes()
        if how == "missing":
            path.unlink()
        else:
            path.write_bytes({"empty": b"", "noise": b"\xff\x00rubbish{", "halved": whole[: len(whole) // 2]}[how])
        try:
            found = [identity for identity, _ in Lexical.open(tmp_path, "g1", PAGES, read).nearest("100.13", 4)]
        except Exception as error:  # noqa: BLE001 - each file's fate is told
            found = [f"{type(error).__name__}: {error}"]
        if found != ["tai"]:
            failed.append((name, found))
        path.write_bytes(whole)
    assert failed == []


def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    """A read-only index still answers."""
    (tmp_path / "lexical").write_text("a file where the folder should be", "utf-8")
    assert Lexical.open(tmp_path, "g1", PAGES, read).nearest("100.13", 1)[0][0] == "tai"
