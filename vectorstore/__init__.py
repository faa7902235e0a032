"""What is stored and how it is found. Knows articles and chunks, never questions."""

from vectorstore.article import Article, Chunk, Paragraph, Passage, Span, embedded_text, hash_of, version_of
from vectorstore.backup import backup
from vectorstore.catalog import Catalog, open_catalog
from vectorstore.database import Database, folded
from vectorstore.embedder import Embedder, LangChainEmbeddings, Vectors, load_embedder
from vectorstore.errors import (
    FootnoteError,
    InvalidInput,
    LibraryBroken,
    LibraryBusy,
    LibraryMismatch,
    NotFound,
    UnreadableSource,
)
from vectorstore.lock import Owner, owner
from vectorstore.rows import ArticlePage, Listed, Status
from vectorstore.store import Prepared, Store

__all__ = [
    "Article",
    "ArticlePage",
    "Catalog",
    "Chunk",
    "Database",
    "Embedder",
    "FootnoteError",
    "InvalidInput",
    "LangChainEmbeddings",
    "LibraryBroken",
    "LibraryBusy",
    "LibraryMismatch",
    "Listed",
    "NotFound",
    "Owner",
    "Paragraph",
    "Passage",
    "Prepared",
    "Span",
    "Status",
    "Store",
    "UnreadableSource",
    "Vectors",
    "backup",
    "embedded_text",
    "folded",
    "hash_of",
    "load_embedder",
    "open_catalog",
    "owner",
    "version_of",
]
