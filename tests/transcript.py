"""What other programs say to Jushi and hear: each piece of code is run against a page in its own process, and noted.

python tests/transcript.py docs/programs.md
"""

import contextlib
import io
import os
import re
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
JUSHI = [sys.executable, "-m", "assistant.cli"]
LIBRARIES = ("openai", "mcp", "gradio_client", "langchain-core", "langgraph")
_HEAD = """# Jushi in other people's programs: a transcript

Written by `python tests/transcript.py docs/programs.md` on {day}, which ran each piece of code as it stands here and
noted what it printed. The page was a process of its own, `jushi chat --model none`, over the five pages that come with
Jushi; two cores, no GPU; {versions}. A test runs it again.
"""

PIECES: tuple[tuple[str, str], ...] = (
    (
        "OpenAI's client, whole: each mark is an annotation that leads to the page at its line",
        """
        from openai import OpenAI

        client = OpenAI(base_url=f"{URL}/v1", api_key="-")
        asked = [{"role": "user", "content": "台江经开区2024年规上工业总产值是多少？"}]
        message = client.chat.completions.create(model="jushi", messages=asked).choices[0].message
        print(message.content)
        for mark in message.annotations:
            cited = mark.url_citation
            print(cited.start_index, cited.end_index, cited.title, cited.url.replace(URL, ""))
        """,
    ),
    (
        "OpenAI's client, streamed",
        """
        pieces = []
        for chunk in client.chat.completions.create(model="jushi", messages=asked, stream=True):
            delta = chunk.choices[0].delta if chunk.choices else None
            if delta is not None and delta.content:
                pieces.append(delta.content)
            if delta is not None and getattr(delta, "annotations", None):
                print("annotations:", [mark["url_citation"]["title"] for mark in delta.annotations])
        print(len(pieces), "pieces:", "".join(pieces) == message.content)
        """,
    ),
    (
        "An MCP client: the tools, a question, a draft held against the pages",
        """
        import asyncio
        from mcp import ClientSession
        from mcp.client.streamable_http import streamablehttp_client

        async def visit():
            async with streamablehttp_client(f"{URL}/gradio_api/mcp/") as (read, write, _):
                async with ClientSession(read, write) as session:
                    await session.initialize()
                    tools = (await session.list_tools()).tools
                    print([tool.name for tool in tools])
                    named = {tool.name.rpartition("_")[2]: tool for tool in tools}
                    asking = {next(iter(named["ask"].inputSchema["properties"])): "正安经开区一年产销多少把吉他？"}
                    told = await session.call_tool(named["ask"].name, asking)
                    print("ask:", told.content[0].text[:160], "…")
                    drafting = {next(iter(named["check"].inputSchema["properties"])): "水城经开区年产销吉他约240万把。"}
                    told = await session.call_tool(named["check"].name, drafting)
                    print("check:", told.content[0].text.partition(", 'citations'")[0], "…")

        asyncio.run(visit())
        """,
    ),
    (
        "gradio_client",
        """
        from gradio_client import Client

        page = Client(URL, verbose=False)
        answer = page.predict("莹月帆2025年产值是多少？", api_name="/ask")
        print(str(answer)[:200], "…")
        """,
    ),
    (
        "`assistant.chain()` as the node of someone's LangGraph agent, which asks it only where a figure is wanted",
        """
        from typing import Annotated, TypedDict
        import assistant
        from langchain_core.messages import AIMessage
        from langgraph.graph import END, START, StateGraph
        from langgraph.graph.message import add_messages

        class State(TypedDict):
            messages: Annotated[list, add_messages]

        newspaper = assistant.chain(data=DATA, model="none")

        def route(state):
            return "newspaper" if "多少" in state["messages"][-1].content else "chat"

        graph = StateGraph(State)
        graph.add_node("newspaper", lambda state: {"messages": [newspaper.invoke(state["messages"])]})
        graph.add_node("chat", lambda state: {"messages": [AIMessage("这里只查报纸上的数字。")]})
        graph.add_conditional_edges(START, route)
        graph.add_edge("newspaper", END)
        graph.add_edge("chat", END)
        agent = graph.compile()
        for words in ("你好", "台江经开区2023年规上工业总产值是多少？", "正安经开区一年产销多少把吉他？"):
            print(f"{words} →", agent.invoke({"messages": [("user", words)]})["messages"][-1].content)
        """,
    ),
    (
        "Jushi's retriever in someone else's chain: their prompt, their model (here a fake with one reply)",
        """
        from langchain_core.language_models import FakeListChatModel
        from langchain_core.output_parsers import StrOutputParser
        from langchain_core.prompts import ChatPromptTemplate
        from langchain_core.runnables import RunnablePassthrough

        def joined(documents):
            return "\\n".join(f"- {one.page_content[:60]}… ({one.metadata['file']})" for one in documents)

        prompt = ChatPromptTemplate.from_template("根据资料回答。\\n{context}\\n问题：{question}")
        context = assistant.retriever(data=DATA, k=2) | joined
        theirs = {"context": context, "question": RunnablePassthrough()} | prompt
        print(theirs.invoke("吉他年产销多少把？").to_messages()[0].content)
        whole = theirs | FakeListChatModel(responses=["约240万把"]) | StrOutputParser()
        print("→", whole.invoke("吉他年产销多少把？"))
        """,
    ),
)


def environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("JUSHI_")}
    return {**kept, "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))}


@contextlib.contextmanager
def page(folder: Path) -> Iterator[str]:
    """The page in a process of its own; its address."""
    here = {"cwd": folder, "env": environment(), "text": True}
    subprocess.run([*JUSHI, "ingest"], stdout=subprocess.DEVNULL, check=True, **here)  # type: ignore[call-overload]
    command = [*JUSHI, "chat", "--no-browser", "--port", "0", "--model", "none"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, **here) as served:  # type: ignore[call-overload]
        try:
            found = next(filter(None, (re.search(r"http://127\.0\.0\.1:\d+", line) for line in served.stderr)))
            yield found[0]
        finally:
            served.terminate()


def transcript() -> str:
    """The document; whatever a piece raises is raised."""
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in LIBRARIES)
    told = [_HEAD.format(day=f"{datetime.now(UTC):%Y-%m-%d}", versions=versions)]
    with tempfile.TemporaryDirectory() as folder, page(Path(folder)) as url:
        known = {"URL": url, "DATA": str(Path(folder) / "data")}
        for title, code in PIECES:
            said = io.StringIO()
            with contextlib.redirect_stdout(said):
                exec(textwrap.dedent(code), known)
            printed = said.getvalue().replace(url, "http://127.0.0.1:7860").rstrip()
            told.append(f"## {title}\n\n```python\n{textwrap.dedent(code).strip()}\n```\n\n```\n{printed}\n```\n")
    return "\n".join(told)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(transcript(), "utf-8")
