"""What tells that a sentence answers a question that wants no figure."""

import pytest
from conftest import printed_passage

from assistant import compose, evidence, telling
from assistant.lexical import Lexical
from assistant.question import understand
from assistant.records import Evidence, Hit
from evals import telling as measured


def found(question: str, *sentences: str) -> tuple[Evidence, ...]:
    """The evidence of the question in one passage of these sentences."""
    passage = printed_passage("".join(sentences), date="2025-06")
    return evidence.select(understand(question), (Hit(passage, 1.0),), Lexical.build([passage]), most=6, budget=400)


@pytest.mark.parametrize(
    ("question", "sentences", "answer"),
    [
        (
            "竹溪县的会议，主题是什么？",
            ("竹溪县的会议还发布了71个需求项目。", "观摩之后召开会议，主题为“拥抱新工艺”。"),
            "主题为",
        ),
        (
            "松石集团的总经理是谁？",
            ("松石集团的总经理办公室设在新区。", "王松是松石集团总经理，谈到贷款颇为感慨。"),
            "王松",
        ),
        (
            "创业项目主要有哪些行业？",
            ("创业项目推介会上，与会代表围绕市场积极沟通。", "创业项目涉及康养、食品、手工艺、养殖等领域。"),
            "康养",
        ),
        (
            "松石集团是什么时候成立的？",
            ("松石集团成立之后主打研发新药。", "2025年10月，松石集团正式成立。"),
            "2025年10月",
        ),
    ],
)
def test_what_is_asked_for_leaves_its_mark(question: str, sentences: tuple[str, ...], answer: str) -> None:
    """The sentence that tells it goes before the one that shares words only, whichever stands first on the page."""
    for order in (sentences, sentences[::-1]):
        assert answer in found(question, *order)[0].text


def test_the_signs_are_those_that_have_weights() -> None:
    """No sign without a weight; a question of every kind has them all but for what surroundings tell."""
    questions = (
        *("松石集团的总经理是谁？", "为什么停产？", "有什么影响？", "在哪个县？", "哪家企业？", "什么时候？"),
        *("有哪些行业？", "王松担任什么职务？"),
    )
    names = {
        name for text in questions for name in telling.signs(telling.wanted(understand(text)), "因为停产，王松说。")
    }
    assert names | {"share", "hit", "next"} == set(telling.WEIGHTS)


def test_a_sentence_that_may_as_well_answer_is_told_beside_the_best() -> None:
    """Two that are as good are both quoted, each with its citation; one that is far behind is not."""
    question = understand("蚯蚓能派什么用场？")
    near = found(question.text, "蚯蚓可以用作饲料。", "蚯蚓还可以用作钓饵。")
    assert [one.key for one in compose.compose(question, near, None).used] == [one.key for one in near]
    far = found(question.text, "蚯蚓可以派上饲料、钓饵和中药材的用场。", "本报记者摄。")
    assert compose.compose(question, far, None).used == far[:1]


def test_the_table_needs_a_set(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a set there is nothing to measure, and the command says what it wants."""
    with pytest.raises(SystemExit) as stop:
        measured.main([])
    assert stop.value.code == 2
    assert "name a set" in capsys.readouterr().err
