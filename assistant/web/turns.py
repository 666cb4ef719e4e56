"""A question and the events of its answer in, the HTML of that turn of the conversation out; no Gradio."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from assistant import render
from assistant.records import Answer, Event, Evidence, EvidenceFound, Final, Retrieved, Token
from assistant.web.answer import answer_html, evidence_html, partial_html
from assistant.web.words import both, button, escaped, line


@dataclass(frozen=True, slots=True)
class Turn:
    """One question as far as it has been answered; ``trouble`` is why it was not, ``ahead`` how many wait before it.

    ``error`` is the name of the error that the trouble was, of ours, or ``Fault``.
    """

    question: str
    retrieved: int | None = None
    evidence: tuple[Evidence, ...] | None = None
    text: str = ""
    answer: Answer | None = None
    trouble: str = ""
    error: str = ""
    stopped: bool = False
    ahead: int = 0

    @property
    def over(self) -> bool:
        """Whether nothing more will come."""
        return self.answer is not None or bool(self.trouble) or self.stopped


def heard(turn: Turn, event: Event) -> Turn:
    """Return the turn with one more event of its answer."""
    if isinstance(event, Retrieved):
        return replace(turn, retrieved=len(event.hits), ahead=0)
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
    state = "over" if turn.over else "working"
    return (
        f'<section class="turn" id="turn-{number}" data-number="{number}" data-state="{state}" '
        f'aria-labelledby="asked-{number}"><h2 class="question" id="asked-{number}">'
        f'<span class="tag">{both("问", "Q")}</span><span class="words">{line(turn.question)}</span></h2>'
        f"{_body(turn, number)}{_actions(turn, number)}</section>"
    )


def turns_html(turns: Iterable[Turn]) -> str:
    """Write the turns of a conversation, in order."""
    return "".join(turn_html(turn, number) for number, turn in enumerate(turns, 1))


def _body(turn: Turn, number: int) -> str:
    if turn.answer is not None:
        return answer_html(turn.answer, f"turn-{number}")
    evidence = turn.evidence or ()
    parts = [partial_html(turn.text, evidence)] if turn.text.strip() else []
    if turn.trouble:
        failed = both("没有答成", "Not answered")
        parts.append(f'<aside class="trouble" role="alert"><b>{failed}</b> {escaped(turn.trouble)}</aside>')
    elif turn.stopped:
        parts.append(f'<p class="status">{both("已停止。", "Stopped.")}</p>')
    elif not turn.text.strip():
        parts.append(f'<p class="status working">{_doing(turn)}</p>')
    if evidence:
        found = both(f"检索到的原文 {len(evidence)} 句", f"{len(evidence)} sentences found")
        parts.append(f'<details class="found" open><summary>{found}</summary>{evidence_html(evidence)}</details>')
    return f'<article class="answer">{"".join(parts)}</article>'


def _doing(turn: Turn) -> str:
    if turn.ahead:
        return both(f"排队中，前面还有 {turn.ahead} 个问题……", f"Waiting: {turn.ahead} questions before yours…")
    if turn.evidence:
        count = len(turn.evidence)
        return both(f"找到 {count} 句原文，正在核对……", f"{count} sentences found, checking them…")
    if turn.retrieved is not None:
        return both(
            f"找到 {turn.retrieved} 段，正在挑选原文……", f"{turn.retrieved} passages found, choosing sentences…"
        )
    return both("正在检索版面……", "Searching the pages…")


def _actions(turn: Turn, number: int) -> str:
    """What can be done with a turn that is over, and which model answered it in what time."""
    if not turn.over:
        return ""
    acts = [button("重答", "Retry", act="retry", turn=number), button("改问题", "Edit", act="edit", turn=number)]
    origin = ""
    if turn.answer is not None:
        copied = f'<button type="button" data-act="copy" data-text="{escaped_lines(render.markdown(turn.answer))}">'
        acts.insert(0, f"{copied}{both('复制', 'Copy')}</button>")
        acts += [_thumb(number, "up"), _thumb(number, "down")]
        origin = _origin(turn.answer)
    return f'<div class="actions">{"".join(acts)}{origin}</div>'


def escaped_lines(words: str) -> str:
    """Escape the words for an attribute, their line ends kept."""
    return escaped(words).replace("<br>", "&#10;")


def _thumb(number: int, which: str) -> str:
    told = ("答得对", "Right") if which == "up" else ("有错", "Wrong")
    given = f'data-act="judge" data-turn="{number}" data-judged="{which}" aria-pressed="false"'
    return f'<button type="button" class="thumb {which}" {given}><i aria-hidden="true"></i>{both(*told)}</button>'


def _origin(answer: Answer) -> str:
    """Write which model worded the answer and how long it took, where that is known."""
    took = answer.timings.get("total", sum(answer.timings.values()))
    shown = f"{took:.1f}" if took >= 1 else f"{max(took, 0.01):.2f}"
    seconds = f" · {shown} {both('秒', 's')}" if answer.timings else ""
    without = both("未用模型，照录原文", "No model: quoted from the pages")
    with_one = f"{both('模型', 'Model')} {line(answer.model)}"
    return f'<p class="origin">{without if answer.model in ("", "none") else with_one}{seconds}</p>'
