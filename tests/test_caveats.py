"""Warnings: a doubted figure is told with its arithmetic, two pages that disagree are both cited, others stay quiet."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import PAGES, FakeEmbedder, both_kinds, ingest

from assistant import caveats, render, verify
from assistant.ask import Assistant
from assistant.claim_index import ClaimIndex
from assistant.records import Caveat, CaveatKind, Evidence
from assistant.settings import Settings
from assistant.store import Store
from assistant.web.answer import answer_html

pytestmark = both_kinds

PLANT = "# 铝厂扩产\n\n去年，青禾铝厂完成改造，电解铝产能从145万吨提升至20万吨。厂里有工人860名。\n"
ONE = "# 兰亭纸厂\n\n2024年，兰亭纸业有限公司机制纸产量3.2万吨，比上年多0.4万吨。\n"
OTHER = "# 纸价回升\n\n记者了解到，2024年兰亭纸业有限公司机制纸产量2.8万吨，订单排到六月。\n"


@pytest.fixture
def store(corpus: Path, tmp_path: Path) -> Iterator[Store]:
    (corpus / "plant.md").write_text(PLANT, "utf-8")
    (corpus / "one-2025-02-01.md").write_text(ONE, "utf-8")
    (corpus / "other-2025-03-01.md").write_text(OTHER, "utf-8")
    ingest(corpus, tmp_path / "data", FakeEmbedder())
    opened = Store.open(tmp_path / "data", "fake")
    yield opened
    opened.close()


def evidence(store: Store, words: str) -> Evidence:
    passage = next(one for one in store.all() if words in one.text)
    return Evidence("k1", passage, 0, len(passage.text), passage.figures, 1.0, 1.0)


def found(store: Store, answer: str, used: Evidence) -> tuple[tuple[Caveat, ...], tuple[Evidence, ...]]:
    return caveats.find(verify.check(answer, [used]), [used], ClaimIndex.of(store), store.get)


def test_a_figure_that_cannot_be_right_is_told_with_its_arithmetic(store: Store) -> None:
    """The doubt names the figures as printed and cites their sentence; the reading is a doubt, not a correction."""
    ((caveat,), more) = found(store, "电解铝产能提升至20万吨。[k1]", evidence(store, "电解铝"))
    assert caveat.kind is CaveatKind.SUSPECT
    assert "“145万吨”“20万吨”" in caveat.text
    assert "疑为" in caveat.text
    assert caveat.arithmetic
    assert caveat.citations == ("k1",)
    assert more == ()


def test_a_figure_beside_a_doubted_one_is_left_alone(store: Store) -> None:
    """Only the figures that the answer states are warned of."""
    assert found(store, "厂里有工人860名。[k1]", evidence(store, "电解铝")) == ((), ())


def test_two_pages_that_disagree_are_both_cited(store: Store) -> None:
    """The other page's sentence comes along as a citation, with its own key."""
    ((caveat,), (other,)) = found(store, "机制纸产量3.2万吨。[k1]", evidence(store, "3.2万吨"))
    assert caveat.kind is CaveatKind.CONFLICT
    assert set(caveat.citations) == {"k1", other.key}
    assert "2.8万吨" in other.text
    assert "3.2万吨" in caveat.text
    assert "2.8万吨" in caveat.text


def test_an_answer_carries_the_warning_wherever_it_is_shown(store: Store) -> None:
    """Terminal, Markdown, HTML and JSON show the doubt and both sources."""
    assistant = Assistant(Settings(model="none", embedder="fake"), store, FakeEmbedder(), lambda: None)
    answer = assistant.ask("兰亭纸业2024年机制纸产量是多少？")
    (caveat,) = answer.caveats
    assert caveat.kind is CaveatKind.CONFLICT
    assert {citation.key for citation in answer.citations} >= set(caveat.citations)
    for shown in (render.text(answer), render.markdown(answer), answer_html(answer, "t"), render.to_json(answer)):
        assert "说法不一" in shown or '"conflict"' in shown
        assert "one-2025-02-01.md" in shown
        assert "other-2025-03-01.md" in shown


def test_a_declined_answer_warns_of_nothing(store: Store) -> None:
    """The nearest sentence is no claim of the answer's."""
    assistant = Assistant(Settings(model="none", embedder="fake"), store, FakeEmbedder(), lambda: None)
    answer = assistant.ask("月球基地2024年的发电量是多少？")
    assert answer.declined
    assert answer.caveats == ()


def test_the_pages_of_the_fixtures_raise_no_doubt(index: Path) -> None:
    """Clean pages, no warnings: a false alarm would teach readers to pass over the true ones."""
    store = Store.open(index, "fake")
    assert set(store.pages()) == set(PAGES)
    assert ClaimIndex.of(store).suspicions() == ()
    store.close()
