"""Answers to text questions and a model in, whether it finds them right out, beside our verdict and the cost.

A model as judge reads what words alone cannot tell (庞经理 for 庞明朵), and errs in its own way. So it judges nothing
here that counts: it is held against our verdicts, and how far they agree is the report. ``prompts/grade.md`` is all
that it is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from assistant import prompts
from assistant.errors import SettingError
from evals.agreement import kappa
from evals.filed import Record
from evals.gold import Kind
from evals.score import Outcome

if TYPE_CHECKING:
    from assistant.llm import Chat

MOST: Final = 5  # tokens of a reply: one word is asked for
GRADED: Final = frozenset({Kind.TEXT.value, Kind.LIST.value})


@dataclass(frozen=True, slots=True)
class Grade:
    """One answer by the model, and by our scorer or by hand; ``right`` is None where the model said neither."""

    item: str
    right: bool | None
    ours: bool
    question: str
    text: str


@dataclass(frozen=True, slots=True)
class Grading:
    """All grades, with the tokens and seconds that they took."""

    grades: tuple[Grade, ...]
    read: int
    written: int
    seconds: float

    @property
    def told(self) -> tuple[Grade, ...]:
        """Those to which the model gave an answer."""
        return tuple(grade for grade in self.grades if grade.right is not None)

    @property
    def agreement(self) -> float:
        """The share of these on which model and scorer agree."""
        return sum(grade.right == grade.ours for grade in self.told) / len(self.told) if self.told else 0.0

    @property
    def kappa(self) -> float:
        """Cohen's kappa: agreement beyond what two judges with these shares of 是 would have by chance."""
        return kappa([(grade.right, grade.ours) for grade in self.told])


def grade(records: Sequence[Record], chat: "Chat") -> Grading:
    """The model's grades of the text and list items among the records. Raises SettingError where there is none."""
    rows = [record for record in records if record["type"] in GRADED and record["verdict"] != Outcome.UNSCORED]
    if not rows:
        raise SettingError("No text or list items are among the results: there is nothing to grade.")
    prompt = prompts.load("grade", "question", "wanted", "answer")
    before, began = (chat.usage.read, chat.usage.written), perf_counter()
    grades = []
    for row in rows:
        messages = prompt.fill(question=row["question"], wanted=row["wanted"], answer=row["text"] or "（空）")
        right = chat.judge(messages) > 0 if chat.judges else _read(chat.write(messages, most=MOST))
        grades.append(Grade(row["item"], right, row["verdict"] == Outcome.CORRECT, row["question"], row["text"]))
    spent = chat.usage.read - before[0], chat.usage.written - before[1]
    return Grading(tuple(grades), *spent, perf_counter() - began)


def _read(reply: str) -> bool | None:
    """是 or 否, told first; None for anything else."""
    word = reply.strip().lstrip('“"「').lower()
    if word.startswith(("是", "对", "yes")):
        return True
    return False if word.startswith(("否", "不", "错", "no")) else None


def show(told: Grading, console: Any, price: tuple[float, float] | None = None, against: str = "评分器") -> None:
    """Print agreement and cost, then each answer on which they differ; ``against`` is whose verdicts ``ours`` are."""
    from rich.text import Text

    cost = f"，费用{(told.read * price[0] + told.written * price[1]) / 1_000_000:.4f}" if price else ""
    unread = len(told.grades) - len(told.told)
    console.print(
        f"模型判{len(told.told)}题{f'（{unread}题没有说是或否）' if unread else ''}，"
        f"与{against}一致{told.agreement:.1%}，kappa {told.kappa:.2f}；"
        f"词元读{told.read} 写{told.written}{cost}，用时{told.seconds:.1f}秒。"
    )
    for one in told.told:
        if one.right != one.ours:
            said = "对" if one.right else "不对"
            console.print(Text(f"{one.item} 模型判{said}：{one.question}", style="bold"))
            console.print(Text(f"  {' '.join(one.text.split())}"), soft_wrap=True)
