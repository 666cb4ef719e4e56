"""Settings and a folder of pages in, the stock LangChain recipe as a peer out: what most people would build.

Chunks of 1,000 characters with 200 in common, Chroma beside BM25 in an ensemble of equal weights, the first four
chunks, the tutorial's prompt, whatever the model writes. It embeds with the same embedder and writes with the same
model as Jushi, so that what differs is the chain. Needs ``pip install "jushi[peers]"``.
"""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from assistant.errors import SettingError
from assistant.records import Answer, Evidence, Passage, Source, Span
from assistant.settings import Settings
from evals.reading import declines

if TYPE_CHECKING:
    from langchain_core.documents import Document
    from langchain_core.embeddings import Embeddings

    from assistant.embed import Embedder
    from assistant.llm import Chat

CHUNK: Final = 1000  # characters, and the next two: the values of LangChain's own RAG tutorial
OVERLAP: Final = 200
CHUNKS: Final = 4
MOST: Final = 300  # tokens of an answer; the prompt asks for three sentences

# The tutorial's prompt, with its history turned into earlier messages.
SYSTEM: Final = (
    "You are an assistant for question-answering tasks. Use the following pieces of retrieved context to answer the "
    "question. If you don't know the answer, just say that you don't know. Use three sentences maximum and keep the "
    "answer concise. Answer in the language of the question."
)


class _Retriever(Protocol):
    def invoke(self, question: str) -> "list[Document]": ...


class StockChain:
    """The recipe over one folder of pages; asked by one thread at a time, as its model is."""

    name = "langchain"

    def __init__(self, retriever: _Retriever, chat: "Chat") -> None:
        """``retriever`` gives LangChain documents to a question; ``chat`` is any model of ``assistant.llm``."""
        self._retriever = retriever
        self._chat = chat
        self._lock = threading.Lock()

    @classmethod
    def open(cls, settings: Settings, pages: Path) -> "StockChain":
        """The chain of these settings over the text files of a folder. Raises SettingError, ModelMissing."""
        from assistant import embed
        from assistant.choosing import choose_model

        chat = choose_model(settings)()
        if chat is None:
            raise SettingError("The stock chain needs a model to write with: name one with --model.")
        embedder = embed.load(settings.embedder, settings.threads, Path(settings.models))
        return cls(retriever(pages, embedder), chat)

    def answer(self, question: str, history: Sequence[tuple[str, str]]) -> Answer:
        """What the model makes of the first chunks; they are told as evidence, because the recipe cites nothing."""
        with self._lock:
            found = self._retriever.invoke(question)[:CHUNKS]
            turns = [turn for asked, told in history for turn in (("user", asked), ("assistant", told))]
            context = "\n\n".join(document.page_content for document in found)
            asked = f"Question: {question}\nContext: {context}\nAnswer:"
            before = (self._chat.usage.read, self._chat.usage.written)
            text = self._chat.write([("system", SYSTEM), *turns, ("user", asked)], most=MOST).strip()
            usage = {"read": self._chat.usage.read - before[0], "written": self._chat.usage.written - before[1]}
        evidence = tuple(_evidence(place, document) for place, document in enumerate(found, 1))
        return Answer(question, text, declined=declines(text), evidence=evidence, model=self._chat.name, usage=usage)


def retriever(pages: Path, embedder: "Embedder") -> _Retriever:
    """Chroma beside BM25 over the chunks of every text file of a folder, fused by rank with equal weights."""
    try:
        from langchain_chroma import Chroma
        from langchain_classic.retrievers import EnsembleRetriever
        from langchain_community.retrievers import BM25Retriever
        from langchain_core.documents import Document
        from langchain_text_splitters import RecursiveCharacterTextSplitter
    except ImportError as error:
        raise SettingError(f'The stock chain needs {error.name}: pip install "jushi[peers]".') from error

    files = sorted(path for path in pages.glob("*") if path.suffix in (".md", ".txt")) if pages.is_dir() else []
    if not files:
        raise SettingError(f"{pages} holds no .md or .txt page: name another folder with --pages.")
    whole = [Document(path.read_text("utf-8"), metadata={"source": path.name}) for path in files]
    chunks = RecursiveCharacterTextSplitter(chunk_size=CHUNK, chunk_overlap=OVERLAP).split_documents(whole)
    vectors = Chroma.from_documents(chunks, langchain_embeddings(embedder), collection_name="stock")
    words = BM25Retriever.from_documents(chunks, preprocess_func=bigrams)
    words.k = CHUNKS
    by_vector = vectors.as_retriever(search_kwargs={"k": CHUNKS})
    ensemble: Any = EnsembleRetriever(retrievers=[by_vector, words], weights=[0.5, 0.5])
    fused: _Retriever = ensemble
    return fused


def bigrams(text: str) -> list[str]:
    """Pairs of letters. The stock preprocessing splits at spaces, which leaves Chinese whole and BM25 blind.

    >>> bigrams("总产值")
    ['总产', '产值']
    """
    return [text[at : at + 2] for at in range(len(text) - 1)]


def langchain_embeddings(embedder: "Embedder") -> "Embeddings":
    """The embedder as LangChain calls one."""
    from langchain_core.embeddings import Embeddings

    class Same(Embeddings):
        """Jushi's embedder, as LangChain calls one."""

        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return [[float(value) for value in row] for row in embedder.passages(texts)]

        def embed_query(self, text: str) -> list[float]:
            return [float(value) for value in embedder.question(text)]

    return Same()


def _evidence(place: int, document: "Document") -> Evidence:
    text = document.page_content
    source = Source(str(document.metadata.get("source", "")))
    passage = Passage(f"chunk-{place}", "", source, text, (Span(0, 0, len(text)),))
    return Evidence(f"c{place}", passage, 0, len(text), (), 1 / place, 0.0)
