"""Jushi (据实): questions answered from newspaper pages, with figures that can be trusted."""

from assistant.ask import Assistant, aask, ask, chain, retriever, stream
from assistant.check import check
from assistant.records import Answer, Checked, CheckedNumber, Citation, Event, Figure

__all__ = [
    "Answer",
    "Assistant",
    "Checked",
    "CheckedNumber",
    "Citation",
    "Event",
    "Figure",
    "aask",
    "ask",
    "chain",
    "check",
    "retriever",
    "stream",
]
__version__ = "0.1.0"
