"""Thesaurus: words, names, misprints and pinyin to what a page may say instead; a user's own file adds to it."""

from pathlib import Path

import pytest

from assistant import aliases, thesaurus
from assistant.errors import SettingError
from assistant.thesaurus import Thesaurus

KNOWN = thesaurus.load(
    known=aliases.learn(
        [
            "贵州晨曦纺织有限公司投产。晨曦纺织在远山经开区，去年产值3亿元。",
            "六盘水双元铝业有限责任公司扩产。双元铝业的铝液运到远山经开区。",
        ]
    )
)


def others(words: Thesaurus, text: str, word: str) -> tuple[str, ...]:
    return next((one.others for one in words.same(text) if one.word == word), ())


@pytest.mark.parametrize(
    ("text", "word", "other"),
    [
        ("六盘水的GDP是多少？", "GDP", "地区生产总值"),
        ("筑城的工业", "筑城", "贵阳"),
        ("What is the output value?", "output value", "产值"),
        ("How many guitars are made?", "guitars", "吉他"),
        ("晨曦纺织有多少工人？", "晨曦纺织", "贵州晨曦纺织有限公司"),
        ("晨曦在哪里？", "晨曦", "贵州晨曦纺织有限公司"),
        ("二元铝业的产值", "二元铝业", "双元铝业"),
        ("Where is Chenxi Textile?", "Chenxi", "晨曦"),
        ("GDP of Liu Pan Shui", "Liu Pan Shui", "六盘水"),
        ("Who lives in Zheng'an?", "Zheng'an", "正安"),
    ],
)
def test_other_names(text: str, word: str, other: str) -> None:
    """Each kind of name leads to one that a page may print."""
    assert other in others(KNOWN, text, word)


@pytest.mark.parametrize("text", ["an apple a day", "Made in 2024", "今天天气", ""])
def test_what_is_no_name_leads_nowhere(text: str) -> None:
    """A common word is no pinyin of a name."""
    assert not [one for one in KNOWN.same(text) if one.name]


def test_places_are_those_of_the_text() -> None:
    """Each stretch is where its word stands."""
    text = "双元铝业2024年GDP与产值"
    for one in KNOWN.same(text):
        assert text[one.start : one.end] == one.word
        assert one.word not in one.others


def test_a_file_in_the_index_adds_to_it(tmp_path: Path) -> None:
    """A user's rows come before those shipped, and what is wrong in them is named."""
    (tmp_path / thesaurus.FILE).write_text('[[same]]\nchinese = "云朵奖 云奖"\nenglish = ["cloud award"]\n', "utf-8")
    words = thesaurus.load(tmp_path)
    assert others(words, "谁得了云奖？", "云奖") == ("云朵奖",)
    assert others(words, "Who won the Cloud Awards?", "Cloud Awards") == ("云朵奖", "云奖")
    (tmp_path / thesaurus.FILE).write_text("[[same]]\nchinese = 3\n", "utf-8")
    with pytest.raises(SettingError, match="number 1"):
        thesaurus.load(tmp_path)
    (tmp_path / thesaurus.FILE).write_text("[[same", "utf-8")
    with pytest.raises(SettingError, match="not valid TOML"):
        thesaurus.load(tmp_path)
