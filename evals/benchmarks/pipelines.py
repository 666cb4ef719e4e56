"""A folder of texts in, an index on disk out: how LangChain, LlamaIndex and Haystack read pages in, as their guides do.

Each has its own reader, its own way to cut a text, its own loop around the embedder, and its own store over Chroma.
Only the embedder and the length of a piece are given. They keep texts and vectors; Jushi keeps what is claimed, a word
index and the means to make the index anew as well. Needs ``pip install "jushi[benchmarks]"``.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from assistant.embed import Embedder
from assistant.errors import SettingError
from evals.stock import langchain_embeddings

# Characters of a piece at most: 300 tokens, which is Jushi's bound, of Chinese text
LONGEST: Final = 240
_ENDS: Final = ("\n\n", "\n", "。", "；", "，", "")  # where a text may be cut, best first
_NAME: Final = "pages"

Pipeline = Callable[[Path, Path, Embedder], int]
"""Reads the texts of a folder into an index in another; returns the pieces."""


def langchain(folder: Path, data: Path, embedder: Embedder) -> int:
    """DirectoryLoader, RecursiveCharacterTextSplitter, Chroma.from_documents."""
    from langchain_chroma import Chroma
    from langchain_community.document_loaders import DirectoryLoader, TextLoader
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    whole = DirectoryLoader(
        str(folder), glob="*.txt", loader_cls=TextLoader, loader_kwargs={"encoding": "utf-8"}
    ).load()
    cutter = RecursiveCharacterTextSplitter(list(_ENDS), chunk_size=LONGEST, chunk_overlap=0, keep_separator="end")
    pieces = cutter.split_documents(whole)
    store: Any = Chroma.from_documents(
        pieces, langchain_embeddings(embedder), collection_name=_NAME, persist_directory=str(data)
    )
    return len(store.get(include=[])["ids"])


def llama_index(folder: Path, data: Path, embedder: Embedder) -> int:
    """SimpleDirectoryReader, IngestionPipeline of SentenceSplitter and embedder, ChromaVectorStore."""
    from llama_index.core import SimpleDirectoryReader
    from llama_index.core.embeddings import BaseEmbedding
    from llama_index.core.ingestion import IngestionPipeline
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.vector_stores.chroma import ChromaVectorStore

    class Same(BaseEmbedding):  # type: ignore[misc]  # its types are not looked up: it is installed elsewhere
        """The embedder, as LlamaIndex calls one: ten texts at a time, its own default."""

        def _get_query_embedding(self, query: str) -> list[float]:
            told: list[float] = embedder.question(query).tolist()
            return told

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_query_embedding(query)

        def _get_text_embedding(self, text: str) -> list[float]:
            return self._get_text_embeddings([text])[0]

        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            told: list[list[float]] = embedder.passages(texts).tolist()
            return told

    store = ChromaVectorStore.from_params(collection_name=_NAME, persist_dir=str(data))
    cutter = SentenceSplitter(
        chunk_size=LONGEST,
        chunk_overlap=0,
        tokenizer=_letters,
        paragraph_separator="\n\n",
        chunking_tokenizer_fn=_sentences,  # its own knows no Chinese full stop
        include_metadata=False,
    )
    whole = SimpleDirectoryReader(str(folder)).load_data()
    pieces = IngestionPipeline(transformations=[cutter, Same()], vector_store=store).run(documents=whole)
    return len(pieces)


def _letters(text: str) -> list[str]:
    """What a piece is counted in."""
    return list(text)


def _sentences(text: str) -> list[str]:
    *whole, rest = text.split("。")
    return [f"{part}。" for part in whole] + [rest] * bool(rest)


def haystack(folder: Path, data: Path, embedder: Embedder) -> int:
    """A Pipeline of TextFileToDocument, RecursiveDocumentSplitter, embedder and writer to ChromaDocumentStore."""
    from haystack import Document, component
    from haystack import Pipeline as Chain
    from haystack.components.converters import TextFileToDocument
    from haystack.components.preprocessors import RecursiveDocumentSplitter
    from haystack.components.writers import DocumentWriter
    from haystack_integrations.document_stores.chroma import ChromaDocumentStore

    @component
    class Same:
        """The embedder, as Haystack calls one."""

        @component.output_types(documents=list[Document])  # type: ignore[untyped-decorator]
        def run(self, documents: list[Document]) -> dict[str, Any]:
            vectors = embedder.passages([str(one.content) for one in documents]).tolist()
            return {
                "documents": [
                    Document(id=one.id, content=one.content, meta=one.meta, embedding=vector)
                    for one, vector in zip(documents, vectors, strict=True)
                ]
            }

    store = ChromaDocumentStore(_NAME, persist_path=str(data), distance_function="cosine")
    chain = Chain()
    chain.add_component("read", TextFileToDocument())
    chain.add_component(
        "cut",
        RecursiveDocumentSplitter(
            split_length=LONGEST, split_overlap=0, split_unit="char", separators=list(_ENDS[:-1])
        ),
    )
    chain.add_component("embed", Same())
    chain.add_component("write", DocumentWriter(store))
    for one, next_ in (("read", "cut"), ("cut", "embed"), ("embed", "write")):
        chain.connect(one, next_)
    done = chain.run({"read": {"sources": sorted(folder.glob("*.txt"))}})
    return int(done["write"]["documents_written"])


PIPELINES: Final[dict[str, Pipeline]] = {"LangChain": langchain, "LlamaIndex": llama_index, "Haystack": haystack}


def pieces(name: str, folder: Path, data: Path, embedder: Embedder) -> int:
    """What the pipeline of that name makes of the folder. Raises SettingError where its library is not installed."""
    try:
        return PIPELINES[name](folder, data, embedder)
    except ImportError as error:
        raise SettingError(f'{name} needs {error.name}: pip install "jushi[benchmarks]".') from error
