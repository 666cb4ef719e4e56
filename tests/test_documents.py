"""The retriever in anyone's chain: the same passages as the assistant's own, with what a citation needs."""

import asyncio

from conftest import QUESTION, MakeAssistant
from langchain_core.documents import Document
from langchain_core.runnables import RunnableLambda


def test_it_finds_what_the_assistant_finds(make_assistant: MakeAssistant) -> None:
    assistant = make_assistant()
    found = assistant.retriever(k=3).invoke(QUESTION)
    hits = assistant.search(QUESTION, 3)
    assert [one.id for one in found] == [hit.passage.id for hit in hits]
    assert [one.metadata["score"] for one in found] == [hit.score for hit in hits]
    best = found[0]
    assert best.page_content == hits[0].passage.text
    assert {"dense", "word"} <= best.metadata["parts"].keys()
    at, start, end = best.metadata["spans"][0]
    assert (at, end - start) == (0, len(best.page_content)) or len(best.metadata["spans"]) > 1
    assert best.metadata["file"] == best.metadata["source"] == hits[0].passage.source.file


def joined(found: list[Document]) -> str:
    return "\n".join(one.page_content for one in found)


def test_it_works_asynchronously_and_in_a_chain(make_assistant: MakeAssistant) -> None:
    chain = make_assistant().retriever(k=2) | RunnableLambda(joined)
    assert asyncio.run(chain.ainvoke(QUESTION)) == chain.invoke(QUESTION)
    assert chain.batch([QUESTION, QUESTION])[0] == chain.invoke(QUESTION)


def test_filters_that_are_typed_hold(make_assistant: MakeAssistant) -> None:
    retriever = make_assistant().retriever(k=5)
    papers = {one.metadata["paper"] for one in retriever.invoke(f"{QUESTION} 来源:青禾日报")}
    assert papers == {"青禾日报"}
    assert retriever.invoke(f"{QUESTION} 来源:没有这家报纸") == []


def test_filters_that_a_program_sets_hold_in_place_of_typed_ones(make_assistant: MakeAssistant) -> None:
    retriever = make_assistant().retriever(k=5, source="青禾日报")
    assert {one.metadata["paper"] for one in retriever.invoke(f"{QUESTION} 来源:没有这家报纸")} == {"青禾日报"}
    assert make_assistant().retriever(k=5, date="1999").invoke(QUESTION) == []
