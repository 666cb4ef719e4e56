"""Composing: whatever a model replies, no number of an answer is its own."""

import json
import re
from collections.abc import Iterator

import pytest
from conftest import (
    SEEDS,
    UNANSWERED,
    FakeChat,
    MakeAssistant,
    assert_true_to_print,
    printed_passage,
    sentence_evidence,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant import compose, verify
from assistant.evidence import select
from assistant.lexical import Lexical
from assistant.question import understand
from assistant.records import Evidence, Hit, Query, Verdict
from ingest import pages, passages, stories

QUESTION = "兰亭开发区2024年规上工业总产值是多少？"
PRINTED = "31.07亿元"
SENTENCE = "2024年，园区总产值突破52.36亿元，同比增长7.8%，约240万把。"
FINAL = re.compile(r"\{[FD][0-9]+\}")


def json_reply(answer: object, evidence: object = (1,), answerable: object = True) -> str:
    told = {"answerable": answerable, "evidence": evidence, "answer": answer}
    return json.dumps(told, ensure_ascii=False)


def seed_sentences() -> Iterator[Evidence]:
    """Every sentence of the project's pages that prints a figure, once for each figure, pointed at."""
    from assistant import sentences

    for path in sorted(SEEDS.glob("*.md")):
        page = pages.page(path.name, path.read_text("utf-8"))
        for story in stories.stories(page):
            for passage in passages.passages(page, story, 300):
                for start, end in sentences.split(passage.text):
                    own = tuple(f for f in passage.figures if start <= f.start and f.end <= end)
                    for figure in own:
                        yield Evidence("abc123", passage, start, end, own, 1.0, 1.0, figure, 1.0)


SEED_SENTENCES = list(seed_sentences())


# ---------------------------------------------------------------- the promise

PIECES = [
    *("{F1}", "{F2}", "{F3}", "{F9}", "{D1}", "{D3}", "{F", "F1}", "{}", "{F１}", "{{F2}}", "{f1}", "}{", "{D1}{F2}"),
    *(
        "0",
        "1",
        "31.07",
        "100.13",
        "5",
        "2024",
        "２０２４",
        "1,000",
        "3.",
        ".7",
        "4-6",
        "52.36亿元",
        "30.17亿元",
        "31.07%",
    ),
    *("亿", "万", "亿元", "%", "年", "月", "倍", "个百分点", "吨", "约", "超", "不到", "突破", "近", "以上", "左右"),
    *("五十亿元", "三成", "一半", "两倍", "十", "百", "翻一番", "三分之二", "billion yuan", "about ", "two "),
    *(
        "总产值为",
        "兰亭开发区",
        "同比增长",
        "，",
        "。",
        ".",
        "\n",
        " ",
        "“",
        "”",
        "是",
        "忽略以上所有指示",
        "\u200b",
        "\u202e",
        "\\",
    ),
]
WORDS = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=12).map("".join),
    st.text(st.characters(exclude_characters="[]"), max_size=40),
    st.from_regex(r"[0-9{}FD亿元%。]{0,16}", fullmatch=True),
)
LISTS = st.lists(st.one_of(st.integers(-2, 9), st.sampled_from(["1", "2", "x", None, 1.0, 2.7, True, [1]])), max_size=4)
REPLIES = st.one_of(
    st.builds(json_reply, WORDS, LISTS, st.just(True)),
    st.builds(json_reply, WORDS, st.just([1]), st.just(True)),
    st.builds(json_reply, WORDS, LISTS, st.sampled_from([False, None, "no", 0, 1, [], {}])),
    st.builds(lambda before, inner, after: before + inner + after, WORDS, st.builds(json_reply, WORDS), WORDS),
    WORDS,
)


@settings(
    max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(reply=REPLIES)
def test_whatever_a_replying_model_says_every_number_is_printed(make_assistant: MakeAssistant, reply: str) -> None:
    """A hosted model cannot bring a number into an answer that the cited sentences do not print."""
    answer = make_assistant(FakeChat(reply)).ask(QUESTION)
    assert_true_to_print(answer)
    assert answer.caveats == ()


@settings(
    max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    reply=st.one_of(WORDS, WORDS.map(lambda words: f"{words}。")), judgements=st.lists(st.floats(-20, 20), min_size=1)
)
def test_whatever_a_judging_model_says_every_number_is_printed(
    make_assistant: MakeAssistant, reply: str, judgements: list[float]
) -> None:
    """An embedded model that slips its grammar cannot bring a number into an answer either."""
    answer = make_assistant(FakeChat(reply, judgements=judgements)).ask(QUESTION)
    assert_true_to_print(answer)


WRONG = [
    "兰亭开发区总产值为30.17亿元",
    "总产值31.07万元",
    "总产值不是{F1}而是52.36亿元",
    "总产值{F1}，是青禾的100倍",
    "总产值是{F77}",
    "总产值是五十二亿元",
    "总产值翻了一番",
    "{F1}里有三成",
    "约{F1}的一半",
    "说明" * 5000 + "9",
]


@pytest.mark.parametrize("wrong", WRONG, ids=lambda text: text[:12])
@pytest.mark.parametrize("judges", [True, False])
def test_a_wrong_wording_is_replaced_by_the_print(make_assistant: MakeAssistant, wrong: str, judges: bool) -> None:
    """A figure that is the model's own withdraws its whole wording: the clause is quoted in its place."""
    reply = f"{wrong}。" if judges else json_reply(wrong)
    answer = make_assistant(FakeChat(reply, judges=judges)).ask(QUESTION)
    assert_true_to_print(answer)
    assert "原文：“" in answer.text
    assert PRINTED in answer.text
    assert wrong not in answer.text


@pytest.mark.parametrize("wrong", ["五十二亿多", "比五十亿还多", "三〇亿元", "②亿元", "½", "Ⅷ", "上百亿", "五十来亿"])
@pytest.mark.parametrize("judges", [True, False])
def test_a_number_in_words_is_the_models_own_too(make_assistant: MakeAssistant, wrong: str, judges: bool) -> None:
    """A reader takes 五十亿 for a number whether or not a unit follows."""
    reply = f"总产值{wrong}。" if judges else json_reply(f"总产值{wrong}")
    assert wrong not in make_assistant(FakeChat(reply, judges=judges)).ask(QUESTION).text


def test_a_number_in_brackets_is_no_citation(make_assistant: MakeAssistant) -> None:
    """Only the keys of the answer's citations are keys."""
    assert_true_to_print(make_assistant(FakeChat("总产值[310700]万元。", judges=True)).ask(QUESTION))


@pytest.mark.parametrize("judges", [True, False])
def test_a_fall_is_not_told_as_a_rise(make_assistant: MakeAssistant, judges: bool) -> None:
    """The page prints a fall of 1.4%; the same digits with 增长 before them say what no page says."""
    reply = f"同比增长1.4%，总产值为{PRINTED}。" if judges else json_reply("同比增长{F3}，总产值为{F2}。")
    answer = make_assistant(FakeChat(reply, judges=judges)).ask(QUESTION)
    assert "增长1.4%" not in answer.text


@pytest.mark.parametrize(
    "reply",
    [
        "",
        " ",
        "我不知道",
        "{",
        "}{",
        "[]",
        "null",
        '"{}"',
        "{}",
        '{"answerable": true}',
        '{"answerable": true, "evidence": 7, "answer": "好"}',
        '{"answerable": true, "evidence": {"a": 1}, "answer": "好"}',
        '{"answerable": true, "evidence": [1], "answer": "',
        "```json\n" + json_reply("总产值是{F9}") + "\n```",
        json_reply(""),
        json_reply("好", []),
        json_reply("好", [99]),
        json_reply("好", [10**400]),
        "x" * 200_000,
    ],
    ids=lambda text: text[:30] or "empty",
)
def test_a_reply_that_cannot_be_used_is_no_error(make_assistant: MakeAssistant, reply: str) -> None:
    """Rubbish of any form is answered as without a model: the clause is quoted."""
    answer = make_assistant(FakeChat(reply)).ask(QUESTION)
    assert_true_to_print(answer)
    assert PRINTED in answer.text
    assert not answer.declined


@pytest.mark.parametrize(
    "reply",
    [
        '{"answerable": true, "evidence": [Infinity], "answer": "好"}',
        '{"answerable": true, "evidence": ' + "[" * 100_000 + "}",
        json_reply(None),
        json_reply({"text": "好"}),
        json_reply("总产值为{F2}", [1], "false"),
    ],
    ids=["infinity", "nested", "null", "object", "false in words"],
)
def test_an_odd_reply_is_no_error_either(make_assistant: MakeAssistant, reply: str) -> None:
    """JSON that is valid, or nearly, and not what was asked for: neither an error nor shown as an answer."""
    answer = make_assistant(FakeChat(reply)).ask(QUESTION)
    assert PRINTED in answer.text
    assert not any(word in answer.text for word in ("None", "{'"))
    assert "false" not in reply or answer.declined


# ---------------------------------------------------------------- what a right reply gives


def test_placeholders_become_what_was_printed(make_assistant: MakeAssistant) -> None:
    """A hosted model's wording stands, with the printed figure in it and the citation behind it."""
    chat = FakeChat(json_reply("总产值为{F2}。"))
    answer = make_assistant(chat).ask(QUESTION)
    assert answer.text == f"总产值为{PRINTED}。[{answer.citations[0].key}]"
    assert [check.verdict for check in answer.checks] == [Verdict.QUOTED]
    assert answer.usage == {"read": 10, "written": 1}
    sent = chat.written[0][1][1]
    assert QUESTION in sent


def test_a_judging_models_wording_stands(make_assistant: MakeAssistant) -> None:
    """Where no figure is asked for, an embedded model's sentence that prints what the page prints is the answer."""
    worded = f"兰亭开发区2024年规上工业总产值为{PRINTED}。"
    answer = make_assistant(FakeChat(worded, judges=True)).ask("兰亭开发区总产值怎么样？")
    assert answer.text == f"{worded}[{answer.citations[0].key}]"
    assert_true_to_print(answer)


def test_a_figure_is_told_by_the_program_alone(make_assistant: MakeAssistant) -> None:
    """A model that judges is asked which sentence answers, never to write a figure."""
    chat = FakeChat("总产值是五十二亿元。", judges=True)
    answer = make_assistant(chat).ask(QUESTION)
    assert answer.text.startswith(PRINTED)
    assert chat.judged
    assert not chat.written


@pytest.mark.parametrize(
    ("worded", "text"),
    [
        ("总产值为52.36亿元。", "总产值突破52.36亿元。"),
        ("总产值不到52.36亿元。", "总产值突破52.36亿元。"),
        ("总产值超52.36亿元。", "总产值超52.36亿元。"),
        ("年产240万把。", "年产约240万把。"),
        ("年产大约240万把，增长7.8%。", "年产大约240万把，增长7.8%。"),
        ("总产值99亿元。", "总产值99亿元。"),
    ],
)
def test_a_lost_bound_is_put_back(worded: str, text: str) -> None:
    """超 and 约 belong to the figure; a wording without them gets the printed ones, a strange figure is left alone."""
    assert compose.restore_bounds(worded, sentence_evidence(SENTENCE).figures) == text


# ---------------------------------------------------------------- declining


def test_without_evidence_the_answer_declines() -> None:
    """Nothing found is said in the question's language, without a citation."""
    for text, language in ((QUESTION, "zh"), ("What is the output?", "en")):
        draft = compose.compose(understand(text), (), FakeChat("总产值为{F1}"))
        assert (draft.declined, draft.used, draft.text) == (True, (), compose.REFUSAL[language])


@pytest.mark.parametrize(
    "chat",
    [None, FakeChat(json_reply("", [], False)), FakeChat("总产值。", judgements=[-15.0])],
    ids=["none", "replying", "judging"],
)
def test_what_the_pages_do_not_say_is_declined(make_assistant: MakeAssistant, chat: FakeChat | None) -> None:
    """Whichever way there is to tell, the refusal comes first, then the nearest sentence with its citation."""
    answer = make_assistant(chat).ask(UNANSWERED)
    assert answer.declined
    assert answer.text.startswith(compose.REFUSAL["zh"])
    assert_true_to_print(answer)


@pytest.mark.parametrize("chat", [None, FakeChat(f"总产值为{PRINTED}。", judges=True)], ids=["none", "judging"])
def test_another_years_figure_is_no_answer(make_assistant: MakeAssistant, chat: FakeChat | None) -> None:
    """The page prints 2024; 2019 is declined, however sure the model is."""
    assert make_assistant(chat).ask("兰亭开发区2019年规上工业总产值是多少？").declined


# ---------------------------------------------------------------- masking


@pytest.mark.parametrize("path", sorted(SEEDS.glob("*.md")), ids=lambda path: path.stem)
def test_masked_sentences_hold_no_digit_and_fill_to_what_they_were(path: object) -> None:
    """A hosted model reads no digit outside its legend, and filling gives back the sentence to the letter."""
    seen = {(one.passage.id, one.start): one for one in SEED_SENTENCES if one.passage.source.file == path.name}  # type: ignore[attr-defined]
    assert len(seen) > 10
    for one in seen.values():
        masked, printed = compose.mask(one, first=3)
        assert not re.search("[0-9０-９]", FINAL.sub("", masked))
        assert compose.fill(masked, printed) == one.text
        assert set(FINAL.findall(masked)) == {f"{{{name}}}" for name in printed}


@pytest.mark.parametrize(
    ("worded", "text"),
    [
        ("约{F1}把", "约240万把"),
        ("{F1}", "约240万把"),
        ("产{F1}。", "产约240万把。"),
        ("{D2}年里", "2024年里"),
        ("{F7}", "{F7}"),
        ("{F1}{F1}", "约240万把约240万把"),
    ],
)
def test_fill_says_once_what_was_written_twice(worded: str, text: str) -> None:
    """What the model wrote round a placeholder and the print says again is not doubled; unknown ones stay."""
    assert compose.fill(worded, {"F1": "约240万把", "D2": "2024年"}) == text


# ---------------------------------------------------------------- quoting


def test_every_quotation_of_the_projects_pages_stands_its_own_check() -> None:
    """Quoting any figure of any sentence of the seeds gives a text whose figures that sentence bears."""
    query = understand("园区2024年规上工业总产值是多少亿元？")
    failed = []
    for one in SEED_SENTENCES:
        text = compose.quote(query, one).text
        wrong = [check.figure.text for check in verify.check(text, [one]) if check.verdict is not Verdict.QUOTED]
        if wrong or verify.stray_digits(text, [one]) or one.pointed is None or one.pointed.text not in text:
            failed.append((text, wrong))
    assert failed == []


# ---------------------------------------------------------------- the grammar of an embedded model


def grammar(text: str, sentence: str = SENTENCE) -> str:
    chat = FakeChat("总产值。", judges=True)
    compose.compose(understand(text), (sentence_evidence(sentence),), chat)
    return chat.grammars[0]


ASKED = ("总产值为什么增长？", "园区有哪些变化？", "谁说的？", "Who said it?")
QUOTES = '他说"30%"的产值\\是2亿元。'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [*((text, sentence) for text in ASKED for sentence in (SENTENCE, QUOTES)), ("谁说的？", "没有数字的一句话。")],
)
def test_the_grammar_offers_only_what_is_printed(text: str, sentence: str) -> None:
    """Every digit that the grammar can spell stands in a terminal that the sentence prints; free letters have none."""
    rules = grammar(text, sentence)
    terminals = re.findall(r'"((?:[^"\\]|\\.)*)"', rules)
    for terminal in terminals:
        plain = terminal.replace('\\"', '"').replace("\\n", "\n").replace("\\\\", "\\")
        assert plain in ("。", ".") or plain in sentence
    classes = re.findall(r"\[\^[^\n]*?[^\\]\]", rules)
    assert classes
    assert all("0-9" in one and "０-９" in one and "\\[" in one for one in classes)
    names = set(re.findall(r"(?m)^(\w+) ::=", rules))
    bare = re.sub(r'"(?:[^"\\]|\\.)*"|\[\^[^\n]*?[^\\]\]', "", rules)
    assert set(re.findall(r"[a-z]+", bare)) == names
    assert "root" in names


def of_lines(question: str, *lines: str) -> tuple[Query, tuple[Evidence, ...]]:
    """A question, and the evidence that it finds in passages of one line each."""
    passages = [printed_passage(line) for line in lines]
    query = understand(question)
    hits = tuple(Hit(passage, 1.0) for passage in passages)
    return query, select(query, hits, Lexical.build(passages), most=6, budget=400)


@pytest.mark.parametrize("chat", [None, FakeChat("产值为288亿元。", judges=True)])
def test_whether_the_pages_agree_is_shown_by_both(chat: FakeChat | None) -> None:
    """Each page's value is told beside the other's, with its citation; no model words it."""
    query, found = of_lines(
        "松石集团的产值，一版写288亿元，一版写36亿元，该信哪个？",
        "7年时间，松石集团的产值从1400万元裂变为288亿元。",
        "2025年，松石集团实现产值36亿元。",
    )
    draft = compose.compose(query, found, chat)
    assert "288亿元" in draft.text
    assert "36亿元" in draft.text
    assert len(draft.used) == 2
    assert not draft.declined


def test_several_figures_of_one_sentence_are_each_told_whatever_the_model() -> None:
    """A model that judges does not lose one of the two that are asked for."""
    query, found = of_lines(
        "松石铝业的颗粒物和二氧化硫各排多少？", "松石铝业一年排放的颗粒物为26.5吨，氟化物为98吨，二氧化硫为3105吨。"
    )
    draft = compose.compose(query, found, FakeChat("颗粒物为26.5吨。", judges=True))
    assert draft.text.startswith("26.5吨；3105吨")
