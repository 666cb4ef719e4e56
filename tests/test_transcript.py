"""The transcript in the documents is what the programs say and hear now."""

import re

import pytest
import transcript
from conftest import ROOT

pytestmark = pytest.mark.slow
WRITTEN = ROOT / "docs" / "programs.md"


def sections(text: str) -> list[str]:
    """The document without its head, and without what hangs on the pace: into how many pieces a stream is cut."""
    return [re.sub(r"\d+ pieces", "n pieces", one).strip() for one in text.split("\n## ")[1:]]


def test_it_is_as_written() -> None:
    """Every piece of code runs, and prints what the document says that it prints."""
    for name in ("openai", "mcp", "gradio_client", "langgraph"):
        pytest.importorskip(name)
    assert sections(transcript.transcript()) == sections(WRITTEN.read_text("utf-8"))
