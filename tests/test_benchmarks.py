"""Benchmarks: what they count is what is there; no seconds are asserted."""

from pathlib import Path

import pytest

from assistant.store import Store
from evals.benchmarks import growth, served
from evals.benchmarks.cold import command


def test_copies_are_passages_of_their_own(store: Store) -> None:
    """As many as are wanted, each with its own id, spans as they were, other digits from the second round on."""
    known = sorted(store.all(), key=lambda passage: passage.id)
    made = list(growth.copies(known, 3 * len(known) + 1))
    assert len({passage.id for passage in made}) == len(made) == 3 * len(known) + 1
    again = made[len(known) : 2 * len(known)]
    assert all(len(one.text) == len(two.text) for one, two in zip(known, again, strict=True))
    assert any(one.text != two.text for one, two in zip(known, again, strict=True))
    assert all(claim.passage_id == passage.id for passage in made for claim in passage.claims)


def test_every_part_is_measured_and_the_index_is_whole(store: Store, tmp_path: Path) -> None:
    """The made-up index holds what was asked for, and the table a line for each part."""
    known = sorted(store.all(), key=lambda passage: passage.id)
    cost = growth.measured(known, 70, tmp_path / "data")
    assert all(spent >= 0 for spent in cost.values())
    made = Store.open(tmp_path / "data", "made-up")
    assert (made.count(), len(list(made.all())), len(made.pages())) == (70, 70, 3)
    made.close()
    told = growth.table([70, 700], [cost, {name: 10 * spent for name, spent in cost.items()}])
    assert told.count("\n") == len(cost) + 1


@pytest.mark.parametrize(
    ("costs", "power"), [((1.0, 10.0), "1.00"), ((2.0, 2.0), "0.00"), ((1.0, 100.0), "2.00"), ((0.0, 1.0), "–")]
)
def test_the_exponent_is_the_power_of_growth(costs: tuple[float, float], power: str) -> None:
    """Ten times the size: ten times the cost is 1, a hundred times is 2."""
    assert growth.exponent([1000, 10000], costs) == power


def test_a_command_has_its_cost() -> None:
    """A process of its own, with its processor time and memory."""
    cost = command("--help")
    assert cost.seconds > 0
    assert cost.processor > 0
    assert cost.memory > 1 << 20


def test_varied_pages_differ_by_their_digits_alone() -> None:
    """The first round is as printed; every other page is one of its own."""
    made = list(served.varied(["产值98.6亿元", "31家"], 6))
    assert made[:2] == ["产值98.6亿元", "31家"]
    assert len(set(made)) == 6
    assert [len(page) for page in made[2:]] == [len(page) for page in made[:2]] * 2


def test_what_one_index_lacks_is_a_dash() -> None:
    told = served.table({"folder": {"pages": 5.0, "chroma, MB": 1.25}, "server": {"pages": 5.0}})
    assert told.splitlines()[2:] == ["| pages | 5 | 5 |", "| chroma, MB | 1.25 | – |"]


@pytest.mark.slow
def test_a_server_and_a_folder_hold_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    """``chroma run`` beside a folder, both made by the real program; requests are counted where there are any."""
    assert served.main(["--pages", "5", "--most", "4"]) == 0
    rows = {
        cells[0]: cells[1:]
        for cells in (line.strip("| ").split(" | ") for line in capsys.readouterr().out.splitlines())
    }
    assert rows["passages"][0] == rows["passages"][1]
    assert rows["requests, most"][0] == "0"
    assert int(rows["requests, most"][1]) > 0
    assert float(rows["rows, MB"][1]) > 0.1
