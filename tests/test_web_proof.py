"""A checked draft on the page: every number marked and told, hostile drafts are words, many drafts wait their turn."""

import asyncio
import threading
from dataclasses import replace
from typing import Any

import pytest
from test_render import HOSTILE, UNSEEN, elements

from assistant.errors import JushiError
from assistant.records import (
    Caveat,
    CaveatKind,
    Checked,
    CheckedNumber,
    Citation,
    Fault,
    Source,
    Stated,
    Verdict,
)
from assistant.web.checking import AT_ONCE, LONGEST, WAITING, Checking
from assistant.web.proof import checked_html, look

DRAFT = "产值31亿元，增长8.7%，合计32亿元，税收9亿元。"
CITED = Citation("k1", "p", Source("甲.md", "标题", "青禾日报", "2025-03"), "产值31亿元，增长7.8%，税收9亿元。", 40, 60)
DOUBT = Caveat(CaveatKind.SUSPECT, "税收大于产值", (), "9>3")


def number(text: str, verdict: Verdict, **more: Any) -> CheckedNumber:
    at = DRAFT.index(text)
    return replace(CheckedNumber(text, at, at + len(text), Stated.FIGURE, verdict, citations=(CITED,)), **more)


NUMBERS = (
    number("31亿元", Verdict.QUOTED, printed="31亿元", subject="青禾开发区", metric="产值", period="2024年"),
    number("8.7%", Verdict.UNSUPPORTED, fault=Fault.VALUE, reason="来源这里写的是7.8%", printed="7.8%"),
    number("32亿元", Verdict.COMPUTED, formula="31亿元+1亿元=32亿元"),
    number("9亿元", Verdict.QUOTED, printed="9亿元", doubts=(DOUBT,)),
)
CHECKED = Checked(DRAFT, NUMBERS, 3)


def test_every_number_is_marked_and_told() -> None:
    """Invariant: each number of the draft leads to its card and back; what is not borne out comes first."""
    html = checked_html(CHECKED)
    for at, one in enumerate(NUMBERS, 1):
        assert f'id="stated-{at}" data-act="to" data-to="proof-{at}">{one.text}<' in html
        assert html.count(f'id="proof-{at}"') == 1
    cards = html[html.index("<ol") :]
    assert cards.index("8.7%") < cards.index("32亿元") < cards.index(">31亿元<")
    for told in ("来源这里写的是7.8%", "31亿元+1亿元=32亿元", "税收大于产值", "9&gt;3"):
        assert told in cards
    assert "<mark>7.8%</mark>" in cards
    assert 'data-file="甲.md" data-from="40" data-to="60"' in cards
    assert "".join(elements(html[html.index("<article") : html.index("</article>")]).words) == DRAFT


def test_a_number_whose_page_is_doubted_is_doubtful() -> None:
    assert [look(one) for one in NUMBERS] == ["quoted", "unsupported", "computed", "suspect"]


@pytest.mark.parametrize("words", [*HOSTILE, *UNSEEN])
def test_a_hostile_draft_is_words(words: str) -> None:
    """Invariant: neither draft nor source makes an element, an event or a link."""
    cited = replace(CITED, quote=words, source=Source(words, words, words, words))
    one = CheckedNumber(
        words, 0, len(words), Stated.FIGURE, Verdict.UNSUPPORTED, Fault.VALUE, words, (cited,), words, words, words
    )
    found = elements(checked_html(Checked(words, (one,), 1)))
    assert found.tags <= {"p", "span", "div", "article", "ol", "li", "h3", "button", "blockquote", "mark", "cite", "br"}
    assert {name for name in found.attributes if not name.startswith("data-")} <= {
        *("class", "id", "role", "lang", "type", "tabindex", "aria-hidden"),
    }
    assert not found.links


def test_a_draft_without_numbers_says_so() -> None:
    assert "没有要核对的数字" in checked_html(Checked("春天来了", (), 3))


def test_drafts_wait_and_too_many_are_refused() -> None:
    """Invariant: so many run, so many wait, the next is told at once, and afterwards there is room again."""
    running, most, gate, lock = 0, 0, threading.Event(), threading.Lock()

    def check(text: str, date: str) -> Checked:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        assert gate.wait(10)
        with lock:
            running -= 1
        return Checked(text, (), 1)

    async def run() -> list[str]:
        checking = Checking(check)
        tasks = [asyncio.create_task(checking.check(str(at), "")) for at in range(AT_ONCE + WAITING)]
        await asyncio.sleep(0.1)
        with pytest.raises(JushiError, match="太多"):
            await checking.check("x", "")
        gate.set()
        told = [(await task).text for task in tasks]
        assert (await checking.check("again", "")).text == "again"
        with pytest.raises(JushiError, match=str(LONGEST)):
            await checking.check("产" * (LONGEST + 1), "")
        return told

    assert asyncio.run(asyncio.wait_for(run(), 20)) == [str(at) for at in range(AT_ONCE + WAITING)]
    assert most == AT_ONCE
