"""What all questions share is taken from a question's vector: once known for an embedder, and by its language."""

from typing import TYPE_CHECKING

import numpy as np
from conftest import FakeEmbedder

from assistant import centred

if TYPE_CHECKING:
    from assistant.embed import Vectors


def test_what_is_left_is_the_question_less_a_share_of_asking() -> None:
    """Two questions differ by as much as before: from each the same is taken."""
    embedder = FakeEmbedder()
    one, other = (centred.vector(text, "zh", embedder) for text in ("产值是多少？", "茶园在哪里？"))
    assert np.allclose(one - other, embedder.question("产值是多少？") - embedder.question("茶园在哪里？"))
    assert not np.allclose(one, embedder.question("产值是多少？"))


class Counted(FakeEmbedder):
    """Counts the questions that it embeds."""

    asked = 0

    def question(self, text: str) -> "Vectors":
        self.asked += 1
        return super().question(text)


def test_asking_is_embedded_once_for_each_language() -> None:
    embedder = Counted()
    centred.vector("甲", "zh", embedder)
    before = embedder.asked
    centred.vector("乙", "zh", embedder)
    assert embedder.asked == before + 1
    centred.vector("c", "en", embedder)
    assert embedder.asked > before + 2
