"""A story's text and its figures in, their Claims out: whose each figure is, what it measures, when, and against what.

    2024年，远山经开区规上工业产值突破30亿元，同比增长12%。
    → 30亿元: 远山经开区 · 规上工业产值 · 2024    12%: 远山经开区 · 规上工业产值增速 · 2024 · 同比

Offsets are those of the whole story, so a passage's claims come from its story's context: the subject is carried over
clauses and sentences (``subjects``), the metric is cut from the clause (``measured``), the period holds from where it
is printed until another is (``times``), and 分别 deals out subjects and metrics (``dealt``). Rules only; where one
guessed, ``sure`` is False.
"""

import re
from typing import Final

from assistant import aliases as names
from assistant import measured, sentences, subjects
from assistant.aliases import Aliases
from assistant.dealt import Dealer
from assistant.records import Claim, Figure, NameKind
from assistant.times import Calendar


def claims(
    text: str,
    figures: tuple[Figure, ...],
    *,
    headline: str = "",
    page_date: str = "",
    aliases: Aliases | None = None,
    sections: tuple[tuple[int, str], ...] = (),
) -> tuple[Claim, ...]:
    """One Claim to each figure, in order. ``page_date`` is ISO, as exact as it is known.

    ``sections`` are the story's sub-headings, each with the offset in ``text`` at which what it heads begins.
    """
    if not figures:
        return ()
    known = aliases or names.learn([headline, text])
    spans = sentences.split(text)
    topics = subjects.topics(text, headline, known, sections, spans)
    names_in = [(m.start, m.end) for m in known.mentions(text) if m.kind is NameKind.SITE]
    calendar = Calendar(text, headline, page_date, spans, names_in)
    heads = [(mention.start, mention.end) for topic in topics for mention in topic.mentions]
    told = measured.measured(text, figures, (*calendar.hidden, *heads))
    dealer = Dealer(text, figures, spans, topics)
    found: list[Claim] = []
    for at, (figure, what) in enumerate(zip(figures, told, strict=True)):
        topic = subjects.at(topics, figure.start)
        subject, sure = (topic.name, topic.sure) if topic else ("", False)
        dealt = dealer.item(at)
        if dealt and dealt.subject:
            subject, sure = dealt.subject, True
        metric = (dealt.metric if dealt else "") or what.metric
        if sized := _SIZED.match(text, figure.end) if figure.kind == "length" and _opens(text, figure.start) else None:
            subject, metric, sure = sized["what"], f"{sized['way']}度", False  # 5公里长的樱花长廊，是…
        period = calendar.period(figure, what.comparison)
        comparison = " ".join(dict.fromkeys(what.comparison))
        found.append(Claim(figure, subject, metric, period, comparison, "", sure and what.sure))
    return tuple(found)


_SIZED: Final = re.compile("(?P<way>[长宽高深厚])的(?P<what>[一-鿿]{2,12})(?=[，是在成])")


def _opens(text: str, at: int) -> bool:
    """Whether a sentence begins there."""
    return at == 0 or text[at - 1] in "。！？\n"
