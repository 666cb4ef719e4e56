"""Follow-ups that no rule completes: the model's question is asked where it is one, the rule's otherwise."""

import pytest
from conftest import FakeChat, MakeAssistant

from assistant import followup, thesaurus
from assistant.question import understand
from assistant.records import Query

BEFORE = "青禾开发区2024年产值是多少？"


def query(asked: str = "它为什么增长这么快？请说明原因") -> Query:
    return understand(asked, ((BEFORE, "52.36亿元。"),))


@pytest.mark.parametrize(
    ("asked", "unsure"),
    [("那去年呢？", False), ("其中出口占了多大比重呢？", True), ("兰亭镇的茶园面积是多少亩？", False)],
)
def test_only_what_no_rule_completes_is_unsure(asked: str, unsure: bool) -> None:
    assert followup.unsure(query(asked)) is unsure


def test_the_models_question_is_read_as_a_question() -> None:
    found, usage = followup.completed(
        query("其中出口占了多大比重呢？"),
        FakeChat("改写：“青禾开发区2024年产值中出口占多大比重？”"),
        thesaurus.load(),
    )
    assert found.text == "青禾开发区2024年产值中出口占多大比重？"
    assert found.years == (2024,)
    assert found.asked == "其中出口占了多大比重呢？"
    assert set(usage) == {"read", "written"}


@pytest.mark.parametrize(
    "written",
    ["", "出口占了36%吗？", "今天天气怎么样", "青禾" * 80, "青禾开发区2023年产值中出口占了多大比重？"],
)
def test_what_is_no_such_question_is_not_asked(written: str) -> None:
    """Nothing, a number that nobody said, other words, a long text: the rule's question stands."""
    asked = query("其中出口占了多大比重呢？")
    assert followup.completed(asked, FakeChat(written), thesaurus.load())[0] == asked


@pytest.mark.parametrize("chat", [None, FakeChat("青禾开发区2024年产值中出口占多大比重？", judges=True)])
def test_without_a_hosted_model_the_rules_question_stands(chat: FakeChat | None) -> None:
    """An embedded model, told by its judging, is not asked either."""
    asked = query("其中出口占了多大比重呢？")
    assert followup.completed(asked, chat, thesaurus.load()) == (asked, {})


def test_the_chain_asks_the_model_once_where_the_rules_are_unsure(make_assistant: MakeAssistant) -> None:
    history = ((BEFORE, "52.36亿元。"),)
    chat = FakeChat("青禾开发区2024年产值中出口占多大比重？")
    make_assistant(chat).ask("其中出口占了多大比重呢？", history)
    assert "追问：其中出口占了多大比重呢？" in chat.written[0][1][1]
    sure = FakeChat("")
    make_assistant(sure).ask("兰亭镇的茶园面积是多少亩？", history)
    assert not any("追问" in text for messages in sure.written for _, text in messages)
