"""Peer systems for the tests of the evals, named as ``peers:Class``: one that answers slowly, one that is none."""

import re
import time
from collections.abc import Sequence

from assistant.records import Answer

SECONDS = 0.03  # an answer's time: long enough to be killed within


class Slow:
    """Tells the same of a question each time, slowly: its own digits, or that it does not know."""

    name = "slow"

    def answer(self, question: str, history: Sequence[tuple[str, str]]) -> Answer | str:
        time.sleep(SECONDS)
        numbers = re.findall(r"\d+", question + "".join(asked for asked, _ in history))
        return Answer(question, f"是{sum(map(int, numbers))}家。", model="slow") if numbers else "资料中没有提到。"


class Silent:
    """Has a name, and no answer."""

    name = "silent"
