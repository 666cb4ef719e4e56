"""Passages and their vectors in, three other libraries' hybrid retrievers out, as ranks of documents.

LangChain's EnsembleRetriever (Chroma, BM25Retriever), LlamaIndex's QueryFusionRetriever and Haystack's pipeline (both
in memory) get Jushi's passages and Jushi's vectors, so that what differs is the retrieval. Each fuses by reciprocal
rank, as its guide does. ``as it comes`` is the library's own way to cut a text into words; ``pairs`` gives it pairs of
Chinese letters and whole numbers, as Jushi's own word index has them. Needs ``pip install "jushi[benchmarks]"``.
"""

import re
import uuid
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from assistant.embed import Embedder
from assistant.errors import SettingError
from assistant.records import Passage

if TYPE_CHECKING:
    from assistant.embed import Vectors

Rank = Callable[[str], list[str]]
"""A question in, ids of documents out, best first."""

# every pair of letters, and each number or Latin word whole
PAIRS: Final = r"(?=((?<![0-9a-z.])[0-9a-z]+(?:\.[0-9]+)*|[一-鿿]{2}))"
_ADDED: Final = 1000  # passages that are added to Chroma at a time


def peers(
    passages: Sequence[Passage], contexts: Sequence[str], vectors: "Vectors", embedder: Embedder, k: int
) -> Iterator[tuple[str, Rank]]:
    """Each library's retriever of ``k`` passages by its name, built when it is asked for.

    ``contexts`` are the texts as embedded, headline first; ``vectors`` a row to each. Raises SettingError where a
    library is not installed.
    """
    files = [passage.source.file for passage in passages]
    try:
        for name, pairs in (("as it comes", False), ("pairs", True)):
            yield f"LangChain ensemble, {name}", _langchain(files, contexts, vectors, embedder, k, pairs)
        for name, pairs in (("as it comes", False), ("pairs", True)):
            yield f"LlamaIndex fusion, {name}", _llama_index(files, contexts, vectors, embedder, k, pairs)
        for name, pairs in (("as it comes", False), ("pairs", True)):
            yield f"Haystack hybrid, {name}", _haystack(files, contexts, vectors, embedder, k, pairs)
    except ImportError as error:
        raise SettingError(f'This peer needs {error.name}: pip install "jushi[benchmarks]".') from error


def _langchain(
    files: Sequence[str], contexts: Sequence[str], vectors: "Vectors", embedder: Embedder, k: int, pairs: bool
) -> Rank:
    from langchain_chroma import Chroma
    from langchain_classic.retrievers import EnsembleRetriever
    from langchain_community.retrievers import BM25Retriever
    from langchain_core.embeddings import Embeddings

    class Same(Embeddings):
        """Jushi's embedder; passages are embedded already."""

        def __init__(self) -> None:
            self._rows = dict(zip(contexts, vectors, strict=True))

        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return [self._rows[text].tolist() for text in texts]

        def embed_query(self, text: str) -> list[float]:
            told: list[float] = embedder.question(text).tolist()
            return told

    store: Any = Chroma(f"peer-{uuid.uuid4().hex}", Same(), collection_metadata={"hnsw:space": "cosine"})
    about = [{"file": file} for file in files]
    for at in range(0, len(contexts), _ADDED):
        store.add_texts(contexts[at : at + _ADDED], about[at : at + _ADDED])
    cut: Any = {"preprocess_func": _cut} if pairs else {}
    words: Any = BM25Retriever.from_texts(contexts, about, **cut)
    words.k = k
    whole: Any = EnsembleRetriever(retrievers=[store.as_retriever(search_kwargs={"k": k}), words], weights=[0.5, 0.5])

    def rank(question: str) -> list[str]:
        return list(dict.fromkeys(found.metadata["file"] for found in whole.invoke(question)))

    return rank


def _cut(text: str) -> list[str]:
    return re.findall(PAIRS, text.lower())


def _llama_index(
    files: Sequence[str], contexts: Sequence[str], vectors: "Vectors", embedder: Embedder, k: int, pairs: bool
) -> Rank:
    from llama_index.core import VectorStoreIndex
    from llama_index.core.embeddings import BaseEmbedding
    from llama_index.core.llms import MockLLM
    from llama_index.core.retrievers import QueryFusionRetriever
    from llama_index.core.schema import TextNode
    from llama_index.retrievers.bm25 import BM25Retriever

    class Same(BaseEmbedding):  # type: ignore[misc]  # its types are not looked up: it is installed elsewhere
        """Jushi's embedder; passages are embedded already."""

        def _get_query_embedding(self, query: str) -> list[float]:
            told: list[float] = embedder.question(query).tolist()
            return told

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_query_embedding(query)

        def _get_text_embedding(self, text: str) -> list[float]:
            told: list[float] = embedder.passages([text])[0].tolist()
            return told

    hidden = {"excluded_embed_metadata_keys": ["file"], "excluded_llm_metadata_keys": ["file"]}
    nodes: list[Any] = [
        TextNode(id_=str(at), text=text, metadata={"file": file}, embedding=row.tolist(), **hidden)
        for at, (text, file, row) in enumerate(zip(contexts, files, vectors, strict=True))
    ]
    index = VectorStoreIndex(nodes, embed_model=Same())
    cut: Any = {"token_pattern": PAIRS, "skip_stemming": True} if pairs else {}
    words = BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=k, **cut)
    whole: Any = QueryFusionRetriever(
        [index.as_retriever(similarity_top_k=k), words],
        llm=MockLLM(),  # asked for nothing: one query, the question itself
        num_queries=1,
        similarity_top_k=k,
        mode="reciprocal_rerank",
        use_async=False,
    )

    def rank(question: str) -> list[str]:
        return list(dict.fromkeys(found.node.metadata["file"] for found in whole.retrieve(question)))

    return rank


def _haystack(
    files: Sequence[str], contexts: Sequence[str], vectors: "Vectors", embedder: Embedder, k: int, pairs: bool
) -> Rank:
    from haystack import Document, Pipeline, component
    from haystack.components.joiners import DocumentJoiner
    from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    @component
    class Same:
        """Jushi's embedder of questions."""

        @component.output_types(embedding=list[float])  # type: ignore[untyped-decorator]
        def run(self, text: str) -> dict[str, list[float]]:
            return {"embedding": embedder.question(text).tolist()}

    cut: Any = {"bm25_tokenization_regex": PAIRS} if pairs else {}
    store = InMemoryDocumentStore(embedding_similarity_function="cosine", shared=False, **cut)
    store.write_documents(
        [
            Document(id=str(at), content=text, meta={"file": file}, embedding=row.tolist())
            for at, (text, file, row) in enumerate(zip(contexts, files, vectors, strict=True))
        ]
    )
    whole = Pipeline()
    whole.add_component("embedder", Same())
    whole.add_component("vectors", InMemoryEmbeddingRetriever(store, top_k=k))
    whole.add_component("words", InMemoryBM25Retriever(store, top_k=k))
    whole.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=k))
    whole.connect("embedder.embedding", "vectors.query_embedding")
    whole.connect("vectors", "joiner")
    whole.connect("words", "joiner")

    def rank(question: str) -> list[str]:
        told = whole.run({"embedder": {"text": question}, "words": {"query": question}})
        return list(dict.fromkeys(found.meta["file"] for found in told["joiner"]["documents"]))

    return rank
