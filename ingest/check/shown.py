"""Words of a page, a file name or an error in, the same as HTML that can do nothing but be read out; ours twice.

Characters that draw nothing or turn the order of others (‮) are shown by their number, so that a page cannot show one
figure and hold another.
"""

import html
import re
from typing import Final

Both = tuple[str, str]  # the same in Chinese and in English

_HIDDEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)


def shown(words: str) -> str:
    """Escaped, hidden characters as ⟨U+202E⟩."""
    found, at = [], 0
    for match in _HIDDEN.finditer(words):
        found.append(html.escape(words[at : match.start()]))
        found.append(f'<b class="ctl">⟨U+{ord(match[0]):04X}⟩</b>')
        at = match.end()
    return "".join([*found, html.escape(words[at:])])


def both(words: Both) -> str:
    """Ours, in Chinese and in English, escaped: the style shows the one that is wanted, and both where they agree."""
    chinese, english = words
    if chinese == english:
        return shown(chinese)
    return f'<span class="zh">{shown(chinese)}</span><span class="en" lang="en">{shown(english)}</span>'


def told(words: str) -> str:
    """The same for an attribute: ``title="…"``."""
    return html.escape(plain(words), quote=True)


def plain(words: str) -> str:
    """The same for a terminal: on one line, not escaped."""
    return " ".join(_HIDDEN.sub(lambda match: f"⟨U+{ord(match[0]):04X}⟩", words).split())
