"""Passages for a question: what the reader reads, and a LangChain retriever for other people's chains.

Knows the store's search; knows nothing of sentences or answers.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from assistant.recency import dated
from vectorstore import Passage, Store

WORD = re.compile(r"\w+")
PASSAGES = 5  # read for each question: the right one is among them for 99 % of XQuAD's questions
CONSIDERED = 15  # of which copies fold into one and the dates that the question names are preferred
COPIED = 0.9  # share of the words of two passages that both have, from which one is a copy of the other


def retrieve(store: Store, question: str, article_ids: Collection[str] | None = None) -> list[Passage]:
    """The passages worth reading, best first; none where the library, or the selection, is empty."""
    found = dated(question, store.search(question, CONSIDERED, article_ids))
    return list(islice(_without_copies(found), PASSAGES))


def _without_copies(passages: Iterable[Passage]) -> Iterator[Passage]:
    """Agency stories run in many papers: the best passage stands for those that say the same, figure for figure."""
    kept: list[tuple[Counter[str], set[str]]] = []
    for passage in passages:
        words = Counter(WORD.findall(passage.text.lower()))
        figures = {word for word in words if word.isdigit()}
        if not any(figures == theirs and _shared(words, other) >= COPIED for other, theirs in kept):
            kept.append((words, figures))
            yield passage


def _shared(one: Counter[str], other: Counter[str]) -> float:
    return (one & other).total() / max(one.total(), other.total(), 1)


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
