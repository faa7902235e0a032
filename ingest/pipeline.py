"""From documents to the library: give each an id, cut it, embed what is new, put it.

Knows the store and the cutters; knows no file formats, no command line and no HTTP.
"""

import hashlib
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ingest.document import Document
from ingest.language import language_of
from ingest.split import chunks, paragraphs
from vectorstore import (
    Article,
    Chunk,
    Embedder,
    InvalidInput,
    Paragraph,
    Prepared,
    Status,
    Store,
    Vectors,
    embedded_text,
    hash_of,
)

ARTICLE_ID = re.compile(r"[A-Za-z0-9._:~-]{1,128}")
ROW = re.compile(r"(?:^|/)\d+$")  # the number of a row, at the end of its part
LONGEST_TITLE = 500  # characters; a longer one is cut, for it would be embedded with every chunk
BATCH_CHARACTERS = 60_000  # embedded together: enough to sort by length, few enough that Ctrl-C loses a second


@dataclass(frozen=True, slots=True)
class Added:
    """One article as it now stands in the library."""

    article: Article
    chunks: int
    status: Status


class Pipeline:
    """Adds documents to one store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, document: Document, article_id: str | None = None) -> Added:
        """Adds one document, in the place of what was stored under `article_id`.

        Raises:
            InvalidInput: the id is not one, or there is no text.
        """
        return next(self.add_all([(article_id, document)]))

    def add_all(self, documents: Iterable[tuple[str | None, Document]]) -> Iterator[Added]:
        """Adds documents as they come, in batches; yields each, in order, once it is stored."""
        batch: dict[str, Article] = {}
        for article_id, document in documents:
            article = to_article(document, article_id)
            if article.id in batch or sum(len(held.text) for held in batch.values()) > BATCH_CHARACTERS:
                yield from self._store_batch(list(batch.values()))
                batch = {}
            batch[article.id] = article
        yield from self._store_batch(list(batch.values()))

    def _store_batch(self, articles: Sequence[Article]) -> Iterator[Added]:
        with self._store.writing():  # what is unchanged now is unchanged when it is put
            prepared = self._prepare(articles)
            statuses = self._store.put_all(prepared)
            counts = [self._store.chunk_count(article.id) for article in articles]
        yield from map(Added, articles, counts, statuses)

    def _prepare(self, articles: Sequence[Article]) -> list[Prepared]:
        """Cuts the articles and finds every chunk's vector: the library's own where it has one, else embedded now."""
        parts = [
            () if self._store.status(article) == "unchanged" else cut(article, self._store.embedder)
            for article in articles
        ]
        texts = [embedded_text(article, part) for article, own in zip(articles, parts, strict=True) for part in own]
        keys = hash_of(texts)
        vectors = self._store.known_vectors(keys)
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in vectors}
        if new:
            vectors.update(zip(new, self._store.embedder.embed(list(new.values())), strict=True))
        rows = iter(keys)
        return [
            Prepared(article, own, self._matrix([vectors[next(rows)] for _ in own]))
            for article, own in zip(articles, parts, strict=True)
        ]

    def _matrix(self, rows: list[Vectors]) -> Vectors:
        return np.stack(rows) if rows else np.zeros((0, self._store.embedder.dimension), np.float32)


def cut(article: Article, embedder: Embedder) -> tuple[Chunk, ...]:
    """The article's chunks, none longer than the embedding model reads."""
    return tuple(chunks(article, embedder.count, embedder.limit))


def to_article(document: Document, article_id: str | None = None) -> Article:
    """The document with its id and its paragraphs.

    Raises:
        InvalidInput: the id is not one, or there is no text.
    """
    if article_id is not None and not ARTICLE_ID.fullmatch(article_id):
        raise InvalidInput("An id is 1 to 128 letters, digits and . _ : ~ - characters.", param="id")
    if not document.text.strip():
        raise InvalidInput("There is no text to store: give an article with words in it.", param="text")
    title = _one_line(document.title)[:LONGEST_TITLE] or "Untitled"
    return Article(
        id=article_id or _own_id(document),
        title=title,
        text=document.text,
        paragraphs=tuple(_numbered(paragraphs(document.text), document.page_starts)),
        source=document.source,
        published=document.published,
        author=document.author,
        language=document.language or language_of(document.text),
        tags=document.tags,
        dropped=document.dropped,
    )


def _numbered(found: Sequence[Paragraph], page_starts: Sequence[int]) -> Iterator[Paragraph]:
    """The paragraphs with the pages on which they stand, where the source has pages."""
    for paragraph in found:
        page = bisect_right(page_starts, paragraph.start)
        after = tuple(page_starts[page : bisect_left(page_starts, paragraph.end)])
        yield replace(paragraph, page_number=page or None, page_starts=after if page else ())


def _own_id(document: Document) -> str:
    own = document.id is not None and ARTICLE_ID.fullmatch(document.id)
    return str(document.id) if own else id_of(document.text)


def id_of(key: str) -> str:
    """An id derived from what names the article: its canonical URL, its file's resolved path, or its text."""
    return "a_" + hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()[:20]


def id_of_file(path: Path, document: Document | None = None) -> str:
    """The id that the file gives its article; else one of its place."""
    if document is not None and document.id is not None and ARTICLE_ID.fullmatch(document.id):
        return document.id
    return id_of_place(path, document)


def id_of_place(path: Path, document: Document | None = None) -> str:
    """An id of the file's path, and of what tells its article from others in it: an id, else the part that it is."""
    part = "" if document is None else document.part
    if document is not None and document.id is not None:  # before the number of its row: rows move
        holder = ROW.sub("", document.part)
        part = f"{holder}/{document.id}" if holder else document.id
    return id_of(path.resolve().as_posix() + (f"#{part}" if part else ""))


def with_metadata(
    document: Document,
    *,
    title: str | None = None,
    source: str | None = None,
    published: str | None = None,
    author: str | None = None,
    tags: Sequence[str] = (),
    language: str | None = None,
    dropped: Sequence[str] = (),
    page_starts: Sequence[int] = (),
) -> Document:
    """The document with what the caller says of it in the place of what was read out of it."""
    return replace(
        document,
        title=title or document.title,
        source=source or document.source,
        published=published or document.published,
        author=author or document.author,
        tags=tuple(tags) or document.tags,
        language=language or document.language,
        dropped=(*dropped, *document.dropped),
        page_starts=tuple(page_starts) or document.page_starts,
    )


def _one_line(title: str) -> str:
    return " ".join(title.split())
