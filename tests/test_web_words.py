"""Words of the page in both languages: questions that a click asks are those of the reader's language."""

from test_render import HOSTILE, elements

from assistant.web.words import offered


def test_questions_are_offered_in_the_readers_language() -> None:
    """Invariant: each list is shown in its language alone; without English ones the Chinese are shown in both."""
    found = offered(["甲？", "乙？", "丙？"], ["A?"], shown=2)
    chinese, english = found.split("</ul>")[:2]
    assert 'class="offers zh"' in chinese
    assert chinese.count("<li hidden>") == 1
    assert 'class="offers en" lang="en"' in english
    assert "hidden" not in english
    assert 'data-question="A?"' in english
    alone = offered(["甲？", "乙？"], [])
    assert 'class="offers"' in alone
    assert "hidden" not in alone


def test_hostile_questions_are_words() -> None:
    """Invariant: a name on a page that becomes part of a question makes no element and ends no attribute."""
    for words in HOSTILE:
        assert elements(offered([words], [words])).tags <= {"ul", "li", "button", "br"}
