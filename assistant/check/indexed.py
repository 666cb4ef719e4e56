"""A text and an open index in, the text's numbers held against the passages that each sentence is nearest to, out.

The word index finds them, figures included, so neither a model nor an embedder is opened.
"""

from typing import Final

from assistant import sentences
from assistant.check import LONGEST, held, refuse
from assistant.check.sources import Sources
from assistant.claim_index import ClaimIndex
from assistant.lexical import Lexical
from assistant.records import Checked
from assistant.store import Store

_NEAREST: Final = 8  # passages that a sentence is held against: its words, figures included, find its source


def indexed(text: str, store: Store, lexical: Lexical, claims: ClaimIndex, date: str = "") -> Checked:
    """``check`` against an index, with what its pages cast doubt on. ``date`` is the text's own.

    Raises SettingError like ``check``, and where nothing of the index is near.
    """
    spans = sentences.split(text[:LONGEST])
    near = [name for start, end in spans for name, _ in lexical.nearest(text[start:end], _NEAREST)]
    passages = tuple(store.get(list(dict.fromkeys(near))).values())
    doubts = [doubt for passage in passages for doubt in claims.doubts(passage.id)]
    refuse(text, passages)
    return held(text, Sources(passages, tuple(dict.fromkeys(doubts)), claims.aliases), date)
