"""Our scorer against 102 answers judged by hand, before it had seen them: 34 questions, asked of three systems.

``judged.jsonl`` holds the answers of Jushi without a model, of the two sentences nearest by words, and of the sentence
nearest by vectors, each with the verdict of a person who reads it as an editor would.
"""

import json
from pathlib import Path
from typing import Any

from assistant.records import Answer, Caveat, CaveatKind, Citation, Source
from evals import gold
from evals.about import Known
from evals.score import Score, score

LINES = (Path(__file__).parent / "judged.jsonl").read_text("utf-8").splitlines()
ROWS: list[dict[str, Any]] = [json.loads(line) for line in LINES]
ITEMS = {item.id: item for item in gold.load(gold.PROJECT_SET)}
KNOWN = Known.of(ITEMS.values())

# Where person and scorer differ, and why.
EXPLAINED = {
    # "20。原文：…每吨也能得到20至80元": the person took the 20 for the answer, the scorer the range that is shown
    ("multi_figure-16", "jushi"): ("partial", "correct"),
    # both inputs of the difference, then a sentence about other shares: the scorer takes the last for what is offered
    ("compute-26", "words"): ("partial", "wrong"),
}


def judged(row: dict[str, Any]) -> Score:
    cited = tuple(
        Citation(one["key"], "p", Source(one["file"], one["headline"]), one["quote"], 0, 1) for one in row["citations"]
    )
    doubts = tuple(Caveat(CaveatKind(one["kind"]), one["text"]) for one in row["caveats"])
    return score(ITEMS[row["item"]], Answer("？", row["text"], cited, caveats=doubts, declined=row["declined"]), KNOWN)


def test_the_scorer_agrees_with_a_person() -> None:
    """It differs where that is explained, and nowhere else: 100 of 102."""
    differ = {
        (row["item"], row["system"]): (row["judged"], judged(row).verdict.value)
        for row in ROWS
        if row["judged"] != judged(row).verdict.value
    }
    assert differ == EXPLAINED
    assert len(ROWS) - len(differ) == 100


def test_the_hand_judgements_are_of_every_kind() -> None:
    """A scorer that always says the same agrees with few of them."""
    shares = {verdict: sum(row["judged"] == verdict for row in ROWS) for verdict in ("correct", "partial", "wrong")}
    assert max(shares.values()) < 0.75 * len(ROWS)
    assert {row["system"] for row in ROWS} == {"jushi", "words", "vectors"}
    assert len({row["item"] for row in ROWS}) == 34
