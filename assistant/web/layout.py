"""The parts of the page that stand still, as HTML: masthead, welcome, composer, the rooms' frames, the side panel.

They lie in ``frames/``, where ``[[中文|English]]`` is said in both languages, and ``@name@`` is filled in here.
"""

import re
from functools import cache
from importlib import resources

from assistant.records import Source, Told
from assistant.web import reports
from assistant.web.answer import marked_once, source_html
from assistant.web.site import Site
from assistant.web.words import both, button, offered

SANS = ("PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Source Han Sans SC", "Noto Sans CJK SC", "Noto Sans SC")
# The icon is drawn here, so that nothing asks for a file.
ICON = (
    "%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='4' "
    "fill='%238c2f24'/%3E%3Cpath d='M8 9h16M8 14h16M8 19h9M8 24h9' stroke='white' stroke-width='2.4'/%3E"
    "%3Crect x='20' y='18' width='5' height='7' fill='%23fdeaa7'/%3E%3C/svg%3E"
)
HEAD = f'<meta name="referrer" content="no-referrer"><link rel="icon" href="data:image/svg+xml,{ICON}">'
_ROOMS = (
    ("ask", "问答", "Ask"),
    ("check", "核稿", "Check"),
    ("figures", "数据", "Figures"),
    ("library", "资料", "Library"),
    ("evals", "评测", "Evals"),
)
_SHOWN = 4  # questions to begin with that are shown at a time
_BOTH = re.compile(r"\[\[([^\[\]|]*)\|([^\[\]|]*)\]\]")


@cache
def frame(name: str) -> str:
    """A frame, said in both languages."""
    text = (resources.files("assistant.web") / "frames" / f"{name}.html").read_text("utf-8")
    return _BOTH.sub(lambda found: both(found[1], found[2]), text)


def masthead(site: Site) -> str:
    """The name, the rooms, the model and the language."""
    there = {"ask": True, "check": site.checking is not None, "evals": site.bench is not None}
    rooms = [one for one in _ROOMS if there.get(one[0], site.library is not None)]
    tabs = "".join(
        f'<button type="button" role="tab" id="tab-{name}" data-act="room" data-room="{name}" '
        f'aria-controls="room-{name}" aria-selected="{str(name == "ask").lower()}">{both(chinese, english)}</button>'
        for name, chinese, english in rooms
    )
    return frame("masthead").replace("@tabs@", tabs).replace("@models@", reports.model_options(site.models))


def welcome(site: Site) -> str:
    """What the page is for, shown by one figure of the corpus, and questions to begin with."""
    told, questions = site.sample(), site.questions()
    longer = [name for name, some in zip(("zh", "en"), questions, strict=True) if len(some) > _SHOWN]
    look = " ".join(("plain", *longer)) if len(longer) == 1 else "plain"
    more = button("换一批", "Others", look, act="others") if longer else ""
    head = both("每个数字，都翻得到印它的那一行", "Every figure leads to the line it was printed on")
    offers = f"<h3>{both('试着问', 'Try')} {more}</h3>{offered(*questions, _SHOWN)}" if any(questions) else ""
    promise = f'<div class="promise">{_sample(told) if told else ""}{frame("ways")}</div>'
    goon = button("接着上次的问答", "Go on with the last conversation", "plain", act="goon")
    trust = _trust() if site.bench else ""
    return f'<h2>{head}</h2>{promise}<p id="goon" hidden>{goon}</p>{trust}{offers}{frame("stays")}'


def _trust() -> str:
    """What was measured here; the script fills it in, as it depends on the model chosen."""
    return f'<p id="trust" hidden><span></span> {button("看评测", "See the evals", "plain", act="evals")}</p>'


def _sample(told: Told) -> str:
    marked = marked_once(told.sentence, told.claim.figure.text)
    source = source_html(Source(told.file, told.headline, told.paper, told.date))
    place: dict[str, str | int] = {"act": "source", "file": told.file, "from": told.start, "to": told.end}
    opens = button("翻到原版", "Open the page", "open", **place)
    return f'<div class="card sample">{source}<blockquote>{marked}</blockquote>{opens}</div>'


def evals(site: Site) -> str:
    """The frame of the evals' room, with what starts a run where that is allowed."""
    if site.bench is None or not site.bench.writable:
        return frame("evals").replace("@trial@", "")
    form = frame("trial")
    for place, options in reports.trial_options(site.models, site.bench.sets()).items():
        form = form.replace(place, options)
    return frame("evals").replace("@trial@", form)


def library(writable: bool) -> str:
    """The frame of the library's room, with what takes files in where that is allowed."""
    return frame("library").replace("@intake@", frame("intake") if writable else "")
