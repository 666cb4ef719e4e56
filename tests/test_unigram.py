"""The vocabulary: texts are cut as by the tokenizers library, through which sentence-transformers reads the folder."""

import pytest
import tiny_network
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from assistant import convert
from assistant.unigram import Unigram, normalised


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Unigram, Tokenizer]:
    """Jushi's reader of the tiny vocabulary and the library's."""
    folder = tmp_path_factory.mktemp("tiny")
    tiny_network.write(folder / "tiny.bin")
    convert.convert(folder / "tiny.bin", folder / "made", "hash")
    return Unigram(folder / "made" / convert.UNIGRAM), Tokenizer.from_file(str(folder / "made" / "tokenizer.json"))


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("青禾开发区产值突破52.36亿元", "▁ 青禾 开发区 产值 突破 52 . 36 亿元"),
        ("5～6亿元", "▁ 5 ～ 6 亿元"),  # not the ~ that NFKC makes of it
        ("５２．３６％", "▁ 52 . 36 %"),
        ("产值，\n 产值", "▁ 产值 , ▁ 产值"),
        ("龘龘元", "▁ <unk> 元"),  # neighbouring unknown characters are one piece
        ("元龘", "▁ 元 <unk>"),
        ("", "▁"),
        ("  ", "▁"),
        ("a\u200bab", "▁a ▁ab"),  # what is not seen parts words
        ("开\x01发区", "▁ 开发区"),
        ("元</s>元", "▁ 元 <unk> 元"),  # a page does not end its own text; these letters are unknown here
    ],
)
def test_cut(both: tuple[Unigram, Tokenizer], text: str, pieces: str) -> None:
    """Each text falls into the likeliest pieces."""
    wanted = [tiny_network.PIECES.index(piece) for piece in pieces.split()]
    assert both[0].numbers(text) == wanted


_ALPHABET = "".join({*"".join(tiny_network.WORDS)}) + " \t\n\r\u3000\u200b\ufeff\x01\x7f，．（）５％①㎡ｶﾞé\u0301龘🌧Ａ≒"


@given(st.text(_ALPHABET, max_size=60))
def test_cut_as_the_library_does(both: tuple[Unigram, Tokenizer], text: str) -> None:
    """Whatever the text: full-width forms, controls, accents, unknown characters, runs of spaces."""
    vocabulary, library = both
    text = f"passage: {text}"  # the library makes nothing of an empty text, which no text with its prompt is
    assert [vocabulary.begin, *vocabulary.numbers(text), vocabulary.end] == library.encode(text).ids


@given(st.text(max_size=200))
def test_any_text_is_cut(both: tuple[Unigram, Tokenizer], text: str) -> None:
    """No text is refused, and the pieces that are known stand in it in order."""
    numbers, rest = both[0].numbers(text), normalised(text)
    assert numbers
    for number in numbers:
        if number != tiny_network.PIECES.index("<unk>"):
            _, piece, rest = rest.partition(tiny_network.PIECES[number])
            assert piece
