"""A question and the events of its answer in, the HTML of that turn of the conversation out; no Gradio."""

import html as markup
from collections.abc import Iterable
from dataclasses import dataclass, replace

from assistant import render
from assistant.records import Answer, Event, Evidence, EvidenceFound, Final, Retrieved, Token


@dataclass(frozen=True, slots=True)
class Turn:
    """One question as far as it has been answered; ``trouble`` is why it was not."""

    question: str
    retrieved: int | None = None
    evidence: tuple[Evidence, ...] | None = None
    text: str = ""
    answer: Answer | None = None
    trouble: str = ""
    stopped: bool = False

    @property
    def over(self) -> bool:
        """Whether nothing more will come."""
        return self.answer is not None or bool(self.trouble) or self.stopped


def heard(turn: Turn, event: Event) -> Turn:
    """Return the turn with one more event of its answer."""
    if isinstance(event, Retrieved):
        return replace(turn, retrieved=len(event.hits))
    if isinstance(event, EvidenceFound):
        return replace(turn, evidence=event.evidence)
    if isinstance(event, Token):
        return replace(turn, text=turn.text + event.text)
    if isinstance(event, Final):
        return replace(turn, answer=event.answer, text=event.answer.text)
    return turn


def history(turns: Iterable[Turn]) -> tuple[tuple[str, str], ...]:
    """Return the questions that were answered, each with the answer's text; failed and stopped ones are left out."""
    return tuple((turn.question, turn.answer.text) for turn in turns if turn.answer is not None)


def turn_html(turn: Turn, number: int) -> str:
    """Write a turn; ``number``, from 1, tells its anchors from those of the others."""
    question = markup.escape(render.line(turn.question), quote=True)
    return (
        f'<section class="turn" id="turn-{number}"><h3 class="question">{question}</h3>{_body(turn, number)}</section>'
    )


def turns_html(turns: Iterable[Turn]) -> str:
    """Write the turns of a conversation, in order."""
    return "".join(turn_html(turn, number) for number, turn in enumerate(turns, 1))


def _body(turn: Turn, number: int) -> str:
    if turn.answer is not None:
        return render.html(turn.answer, anchor=f"turn-{number}") + _origin(turn.answer)
    evidence = turn.evidence or ()
    parts = [render.partial_html(turn.text, evidence)] if turn.text.strip() else []
    if turn.trouble:
        trouble = markup.escape(render.clean(turn.trouble), quote=True)
        parts.append(f'<aside class="trouble" role="alert"><b>没有答成</b> {trouble}</aside>')
    elif turn.stopped:
        parts.append('<p class="status">已停止。</p>')
    elif not turn.text.strip():
        parts.append(f'<p class="status working">{_doing(turn)}</p>')
    if evidence:
        summary = f"<summary>检索到的原文 {len(evidence)} 句</summary>"
        parts.append(f'<details class="found" open>{summary}{render.evidence_html(evidence)}</details>')
    return f'<article class="answer">{"".join(parts)}</article>'


def _doing(turn: Turn) -> str:
    if turn.evidence:
        return f"找到 {len(turn.evidence)} 句原文，正在核对……"
    if turn.retrieved is not None:
        return f"找到 {turn.retrieved} 段，正在挑选原文……"
    return "正在检索版面……"


def _origin(answer: Answer) -> str:
    """Write which model worded the answer and how long it took, where that is known."""
    model = "" if answer.model in ("", "none") else f"模型 {answer.model}"
    took = answer.timings.get("total", sum(answer.timings.values()))
    seconds = f"{took:.1f} 秒" if answer.timings else ""
    words = " · ".join(part for part in (model or "未用模型，照录原文", seconds) if part)
    return f'<p class="origin">{markup.escape(render.line(words), quote=True)}</p>'
