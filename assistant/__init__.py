"""Jushi (据实): questions answered from newspaper pages, with figures that can be trusted."""

from assistant.ask import Assistant, aask, ask, retriever, stream
from assistant.records import Answer, Citation, Event, Figure

__all__ = ["Answer", "Assistant", "Citation", "Event", "Figure", "aask", "ask", "retriever", "stream"]
__version__ = "0.1.0"
