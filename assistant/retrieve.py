"""Passages for a question: what the reader reads, and a LangChain retriever for other people's chains.

Knows the store's search; knows nothing of sentences or answers.
"""

from collections.abc import Collection
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from vectorstore import Passage, Store

PASSAGES = 5  # read for each question: the right one is among them for 98 % of XQuAD's questions


def retrieve(store: Store, question: str, article_ids: Collection[str] | None = None) -> list[Passage]:
    """The passages worth reading, best first; none where the library, or the selection, is empty."""
    return store.search(question, PASSAGES, article_ids)


class FootnoteRetriever(BaseRetriever):
    """Footnote's hybrid search as a LangChain retriever. Offsets and version are in each document's metadata."""

    store: Any  # a Store; pydantic has no schema for it
    k: int = PASSAGES

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return [to_document(passage) for passage in self.store.search(query, self.k)]


def to_document(passage: Passage) -> Document:
    """`page_content` is `article.text[start_char_index:end_char_index]`."""
    article = passage.article
    metadata = {
        "article_id": article.id,
        "article_version": article.version,
        "document_title": article.title,
        "source": article.source,
        "published": article.published,
        "start_char_index": passage.span.start,
        "end_char_index": passage.span.end,
        "score": passage.score,
    }
    return Document(page_content=passage.text, metadata=metadata)
