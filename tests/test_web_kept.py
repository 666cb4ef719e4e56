"""Conversations kept by the server under a token: whose they are, how long, how many, and never one over another."""

from collections.abc import Iterator
from itertools import count

import pytest

from assistant.web import kept
from assistant.web.kept import LIFE, Kept
from assistant.web.turns import Turn

FIRST, SECOND, OTHER = Turn("甲？"), Turn("乙？"), Turn("丙？")


class Clock:
    """Tells the seconds that the test sets."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def held(clock: Clock) -> Kept:
    return Kept(clock)


def test_a_conversation_grows_under_one_token(held: Kept) -> None:
    """The token of the first turn leads to all that follow; a retry replaces the last."""
    token = held.put("", "", (), (FIRST,))
    assert held.put(token, "", (FIRST,), (FIRST, SECOND)) == token
    assert held.put(token, "", (FIRST, SECOND), (FIRST, OTHER)) == token
    assert held.get(token, "") == (FIRST, OTHER)


def test_a_token_is_long_and_the_server_s_own(held: Kept) -> None:
    """Whoever asks under a token of his own making is given another one: nobody can choose what another will guess."""
    tokens = {held.put("chosen", "", (), (FIRST,)) for _ in range(20)}
    assert len(tokens) == 20
    assert all(len(token) >= 43 for token in tokens)
    assert held.get("chosen", "") == ()


def test_two_tabs_do_not_overwrite_each_other(held: Kept) -> None:
    """Of two that go on from the same turns the second has a token of its own; both find what they asked."""
    token = held.put("", "", (), (FIRST,))
    one = held.put(token, "", (FIRST,), (FIRST, SECOND))
    other = held.put(token, "", (FIRST,), (FIRST, OTHER))
    assert one == token != other
    assert held.get(one, "") == (FIRST, SECOND)
    assert held.get(other, "") == (FIRST, OTHER)


def test_another_user_finds_changes_and_drops_nothing(held: Kept) -> None:
    """With the right token too, another name has none of it."""
    token = held.put("", "小满", (), (FIRST,))
    assert held.get(token, "何苇") == ()
    held.drop(token, "何苇")
    assert held.put(token, "何苇", (FIRST,), (FIRST, OTHER)) != token
    assert held.get(token, "小满") == (FIRST,)
    held.drop(token, "小满")
    assert held.get(token, "小满") == ()


def test_what_lies_unused_expires(held: Kept, clock: Clock) -> None:
    """Its life begins anew whenever it is shown or gone on with."""
    token, left = held.put("", "", (), (FIRST,)), held.put("", "", (), (OTHER,))
    clock.now = LIFE - 1
    assert held.get(token, "") == (FIRST,)
    clock.now = LIFE + 1
    assert held.get(left, "") == ()
    assert held.get(token, "") == (FIRST,)
    clock.now = 2 * LIFE + 2
    assert held.get(token, "") == ()


@pytest.mark.parametrize(("most", "turns"), [("MOST_KEPT", 1), ("MOST_TURNS_KEPT", 1), ("MOST_TURNS_KEPT", 3)])
def test_the_longest_unused_make_room(held: Kept, monkeypatch: pytest.MonkeyPatch, most: str, turns: int) -> None:
    """However many come, no more are kept than the bound says, in conversations and in turns; the newest always is."""
    monkeypatch.setattr(kept, most, 4)
    numbers: Iterator[int] = count()
    tokens = []
    for _ in range(12):
        tokens.append(held.put("", "", (), tuple(Turn(f"{next(numbers)}？") for _ in range(turns))))
        held.get(tokens[0], "")  # in use all the while
    found = [len(held.get(token, "")) for token in tokens]
    assert sum(found) <= 4
    assert found[-1] == turns
    assert turns > 1 or found[0] == 1
