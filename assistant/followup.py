"""A follow-up that no rule completes and a chat model in, the question that is whole in itself out.

    青禾开发区去年的产值？ then 增长的原因呢？ → 青禾开发区去年产值增长的原因是什么？

What the model writes is looked up and never shown as a fact; it may name no number that was not said before.
"""

import re
from dataclasses import replace
from typing import Final

from assistant import llm, prompts, question
from assistant.lexical import folded, terms
from assistant.llm import Chat
from assistant.records import Query
from assistant.thesaurus import Thesaurus

_NUMBER: Final = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
_LONGEST: Final = 120  # letters of a question in one sentence
_ANSWER: Final = 200  # letters of the answer before that are read
_TOKENS: Final = 64
_AROUND: Final = "“”\"'「」 　"


def unsure(query: Query) -> bool:
    """Whether the rules only set the question before in front of this one."""
    return bool(query.asked and query.history) and query.text == f"{query.history[-1][0]} {query.asked}"


def completed(query: Query, chat: Chat | None, words: Thesaurus) -> tuple[Query, dict[str, int]]:
    """The query as a hosted model completes it, and the tokens that this took; as it is where none completes it.

    Raises ModelError.
    """
    # An embedded model of 1.5B gave back two questions for one in three of four tries, and lost what was asked in the
    # fourth, for seconds each: the rule's question finds more.
    if chat is None or chat.judges:
        return query, {}
    with llm.counted() as spent:
        written = whole(query, chat)
    if written:
        said = question.understand(written, words=words)
        query = replace(said, history=query.history, asked=query.asked, source=query.source, date=query.date)
    return query, {"read": spent.read, "written": spent.written}


def whole(query: Query, chat: Chat) -> str:
    """The follow-up as the model completes it, or "" where what it writes is no such question. Raises ModelError."""
    before, answer = query.history[-1]
    prompt = prompts.load("condense", "before", "answer", "asked")
    messages = prompt.fill(before=before, answer=answer[:_ANSWER], asked=query.asked)
    lines = [line.strip(_AROUND) for line in chat.write(messages, most=_TOKENS).splitlines()]
    written = next((line for line in lines if line), "").removeprefix("改写：").strip(_AROUND)
    said = set(_NUMBER.findall(folded(f"{before} {query.asked}")))
    asked = set(terms(query.asked))
    if (
        not written
        or len(written) > _LONGEST
        or not said.issuperset(_NUMBER.findall(folded(written)))
        or not asked.intersection(terms(written))
    ):
        return ""
    return written
