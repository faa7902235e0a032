"""Passages for a question: what the reader reads, and a LangChain retriever for other people's chains.

Knows the store's search; knows nothing of sentences or answers.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from assistant.question.recency import dated
from vectorstore import Article, Passage, Store

WORD = re.compile(r"\w+")
# Read for each question at most; often the reader leaves it at its first two. Of 1,304 held-out questions the right
# sentence is first for .885, .883 and .870 with 5, 4 and 3; of XQuAD's 612 for .850 with 5 and with 4, which two cores
# read in two rounds and not in three.
PASSAGES = 4
CONSIDERED = 15  # of which copies fold into one and the dates that the question names are preferred
DEEPER = (60, 240)  # considered where so many of those are copies that too few are left
COPIED = 0.9  # share of the words of two passages that both have, from which one is a copy of the other


def retrieve(store: Store, question: str, article_ids: Collection[str] | None = None) -> list[Passage]:
    """The passages worth reading, best first; none where the library, or the selection, is empty."""
    for considered in (CONSIDERED, *DEEPER):
        found = store.search(question, considered, article_ids)
        different = _without_copies(dated(question, found))
        if len(different) >= PASSAGES or len(found) < considered:
            break
    return different[:PASSAGES]


def _without_copies(passages: Iterable[Passage]) -> list[Passage]:
    """Agency stories run in many papers: the best passage stands for those that say the same, figure for figure."""
    kept: list[_Kept] = []
    for passage in passages:
        words = Counter(WORD.findall(passage.text.lower()))
        figures = {word for word in words if word.isdigit()}
        same = (each for each in kept if each.figures == figures and _shared(words, each.words) >= COPIED)
        if (original := next(same, None)) is None:
            kept.append(_Kept(passage, words, figures))
        else:
            original.copies.append(passage.article)
    return [replace(each.passage, copies=tuple(dict.fromkeys(each.copies))) for each in kept]


@dataclass(frozen=True, slots=True)
class _Kept:
    passage: Passage
    words: Counter[str]
    figures: set[str]
    copies: list[Article] = field(default_factory=list)


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
