"""Hits in, LangChain Documents out: a retriever over an open assistant, for anyone's chain.

from assistant import retriever
chain = retriever(data="data", k=4) | my_prompt | my_model
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from assistant.records import Hit

if TYPE_CHECKING:
    from langchain_core.documents import Document
    from langchain_core.retrievers import BaseRetriever

Search = Callable[[str, int], Sequence[Hit]]
"""A question and how many passages are wanted in, hits out, best first."""


def document(hit: Hit) -> "Document":
    """The passage as it is printed, with what a citation needs beside it: numbers, strings and lists of them.

    ``score`` and ``parts`` tell how it was found; ``spans`` are (offset in the text, start and end in the file);
    ``repeats`` are the files that print the same text again.
    """
    from langchain_core.documents import Document

    passage, source = hit.passage, hit.passage.source
    told = {name: getattr(source, name) for name in ("file", "headline", "section", "paper", "date", "byline", "kind")}
    return Document(
        page_content=passage.text,
        id=passage.id,
        metadata={
            **told,
            "source": source.file,
            "page": source.page,
            "start": passage.start,
            "spans": [[span.at, span.start, span.end] for span in passage.spans],
            "figures": [figure.text for figure in passage.figures],
            "score": hit.score,
            "parts": dict(hit.parts),
            "repeats": [passage.source.file for passage in hit.repeats],
        },
    )


def retriever(search: Search, k: int) -> "BaseRetriever":
    """A retriever of the ``k`` best passages; ``invoke`` and ``ainvoke``, traced like any other."""
    made: BaseRetriever = _kind()(search=search, k=k)
    return made


@lru_cache(maxsize=1)
def _kind() -> Any:
    from langchain_core.callbacks import CallbackManagerForRetrieverRun
    from langchain_core.retrievers import BaseRetriever

    class Pages(BaseRetriever):
        """The pages of a Jushi index."""

        search: Callable[[str, int], Any]
        k: int

        def _get_relevant_documents(
            self, query: str, *, run_manager: CallbackManagerForRetrieverRun
        ) -> "list[Document]":
            del run_manager  # nothing to tell it between the question and the hits
            return [document(hit) for hit in self.search(query, self.k)]

    return Pages
