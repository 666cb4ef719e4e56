"""Retrieval: the best passages of vectors and words together, with the parts of each score."""

from dataclasses import replace

import pytest
from conftest import QUESTION, FakeEmbedder, both_kinds

from assistant import embed
from assistant.lexical import Lexical
from assistant.question import understand
from assistant.records import Hit
from assistant.retrieve import ALL, Ways, beside_place, retrieve
from assistant.store import Store
from evals import corpora, shelf

pytestmark = both_kinds


def hits(store: Store, text: str, k: int) -> tuple[Hit, ...]:
    return retrieve(understand(text), store, FakeEmbedder(), Lexical.build(store.all()), k)


@pytest.mark.parametrize("k", [1, 3, 100])
def test_at_most_k_best_first_each_once(store: Store, k: int) -> None:
    """No more than asked for, no passage twice, scores falling, parts told by name."""
    found = hits(store, QUESTION, k)
    assert len(found) == min(k, store.count())
    assert len({hit.passage.id for hit in found}) == len(found)
    assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)
    assert all([name for name, _ in hit.parts] == ["dense", "word", "lead", "claim", "sentence"] for hit in found)


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        (QUESTION, "52.36亿元"),
        ("兰亭镇的茶园面积多少亩？", "2.3万亩"),
        ("1860万立方米", "1860万"),
        ("食堂供多少学生", "1200名"),
    ],
)
def test_the_passage_that_answers_is_among_the_first(store: Store, text: str, figure: str) -> None:
    """Subject and number both lead to the passage that prints them."""
    assert any(figure in hit.passage.text for hit in hits(store, text, 3))


@pytest.mark.parametrize(
    "text", ["？？？", "zzz", "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"), "火"]
)
def test_words_that_no_page_has_still_rank(store: Store, text: str) -> None:
    """Where the word index finds nothing the vectors decide, and nothing fails."""
    found = hits(store, text, 3)
    assert len(found) == 3
    assert all(dict(hit.parts)["word"] == 0.0 for hit in found)


def test_the_same_question_has_the_same_hits(store: Store) -> None:
    """Ties are broken by id, so an answer can be repeated."""
    assert hits(store, QUESTION, 10) == hits(store, QUESTION, 10)


def test_parts_of_a_question_add_passages_behind_its_own(seeds_store: Store) -> None:
    """What the whole question finds first stays first; what a part alone finds comes after it, scores still falling."""
    query = understand("正安经开区的吉他产销和台江经开区的规上工业总产值，哪个数字更大？")
    assert len(query.parts) > 1
    lexical, embedder = Lexical.build(seeds_store.all()), embed.load(embed.BUNDLED)
    whole = retrieve(query, seeds_store, embedder, lexical, 12, ways=replace(ALL, parts=False))
    found = retrieve(query, seeds_store, embedder, lexical, 12)
    assert [hit.passage.id for hit in found[:6]] == [hit.passage.id for hit in whole[:6]]
    assert {hit.passage.id for hit in found} - {hit.passage.id for hit in whole}
    assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)


def test_where_ten_passages_bear_the_words_alike_the_vectors_count_for_more() -> None:
    """The same passages, the same words: what is nearest leads by more than where one passage alone has the words."""
    texts = [f"茶园的面积有变化，见第{letter}页。" for letter in "甲乙丙丁戊己庚辛壬癸子丑"]
    passages = list(shelf.passages([corpora.Document(str(at), "", text) for at, text in enumerate(texts)]))
    embedder = FakeEmbedder()
    rows = shelf.Shelf(passages, embedder.passages(texts))
    query, lexical = understand("茶园的面积"), Lexical.build(passages)

    def spread(ways: Ways) -> float:
        found = retrieve(query, rows, embedder, lexical, 12, ways=ways)
        return found[0].score - found[-1].score

    assert spread(ALL) > 2 * spread(replace(ALL, crowded=False))


def test_the_place_of_a_passage_in_its_story_is_no_part_of_what_its_lines_are_worth(store: Store) -> None:
    """A story's first passage is told, ranks higher for it, and its sentences have nothing of it."""
    found = hits(store, QUESTION, 100)
    first = {(hit.passage.source.file, hit.passage.story_id): hit.passage.start for hit in found}
    for hit in found:
        story = (hit.passage.source.file, hit.passage.story_id)
        first[story] = min(first[story], hit.passage.start)
    for hit in found:
        leads = hit.passage.start == first[(hit.passage.source.file, hit.passage.story_id)]
        assert dict(hit.parts)["lead"] == float(leads)
        assert (beside_place(hit) < hit.score) is leads
