"""The face of the library: put articles in, take them out, read them, find passages.

The catalog is the truth; Chroma and tantivy are derived from it. A change is visible from the moment the catalog
commits it: rows of revisions that are not current are dropped from every search, whatever an index still holds.
A kill at any point leaves the old version or the new one; leftovers are swept at the next start.
"""

import shutil
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from pathlib import Path

from vectorstore.article import Article, Chunk, Passage, Span, embedded_text, hash_of
from vectorstore.catalog import FILE, Catalog
from vectorstore.database import Database
from vectorstore.dense import Dense
from vectorstore.embedder import Embedder, Vectors
from vectorstore.errors import LibraryMismatch
from vectorstore.hybrid import Hybrid, Ranked
from vectorstore.lexical import Lexical
from vectorstore.lock import Lock, Owner
from vectorstore.rows import ArticlePage, Status, StoredChunk
from vectorstore.selection import Selection

SYNC_BATCH = 256  # chunks embedded at once when vectors are missing
KEPT_QUESTIONS = 64  # whose vectors are kept in memory
KEPT_ARTICLES = 512  # recently read versions kept in memory
REBUILD, BEGUN, ENDED = "rebuild", "begun", "ended"  # a fact about the library

Each = Callable[[int, int], None]  # hears how many of how many are done


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article ready to be stored, its chunks and one unit vector a chunk ([chunks, dimension])."""

    article: Article
    chunks: tuple[Chunk, ...]
    vectors: Vectors


class Store:
    """One open library. Any thread may call anything; writers take turns."""

    def __init__(
        self,
        folder: Path,
        embedder: Embedder,
        *,
        recipe: str = "",
        wait_seconds: float = 0,
        each: Each = lambda done, of: None,
    ) -> None:
        """Opens the library in `folder`, made where it is missing, and takes its lock.

        `recipe` names what made the chunks; a library made by another is refused. Where vectors are missing, as in a
        backup, they are made anew, and `each` hears how many of how many chunks have theirs.

        Raises:
            LibraryBusy: another process has it open.
            LibraryMismatch: it was made with another embedding model or recipe, or not rebuilt to the end; `rebuilt` is
                the remedy.
        """
        self._begin(folder, embedder, recipe, wait_seconds=wait_seconds)
        try:
            self._check_facts()
            self._sync(each)
        except BaseException:
            self.close()
            raise

    @classmethod
    def rebuilt(
        cls,
        folder: Path,
        embedder: Embedder,
        chunk: Callable[[Article], Sequence[Chunk]],
        *,
        recipe: str = "",
        each: Each = lambda done, of: None,
    ) -> "Store":
        """Opens the library with every derived index made anew from the stored articles.

        `chunk` cuts an article; `each` hears how many of how many articles are done.
        """
        store = cls.__new__(cls)
        store._begin(folder, embedder, recipe, afresh=True)
        try:
            store._rebuild(chunk, each)
        except BaseException:
            store.close()
            raise
        return store

    def _begin(
        self, folder: Path, embedder: Embedder, recipe: str, *, wait_seconds: float = 0, afresh: bool = False
    ) -> None:
        self.folder = folder
        self.embedder = embedder
        self._recipe = recipe
        self._lock = Lock(folder)
        self._lock.take(wait_seconds=wait_seconds)
        self._write_lock = threading.RLock()
        try:
            if afresh:
                shutil.rmtree(folder / "chroma", ignore_errors=True)
                shutil.rmtree(folder / "tantivy", ignore_errors=True)
            self._catalog = Catalog(folder / FILE)
            self._catalog.migrate()
            self._dense = Dense(folder / "chroma")
            self._lexical = Lexical(folder / "tantivy")
        except BaseException:
            self._lock.release()
            raise
        self._asked = lru_cache(KEPT_QUESTIONS)(lambda query: embedder.embed([query])[0])
        self._revisions = self._catalog.revisions()
        self._hybrid = Hybrid(self._dense, self._lexical, Selection(self._catalog, self._dense), self._revisions)
        self._recent = lru_cache(KEPT_ARTICLES)(self._catalog.at_revision)

    @property
    def database(self) -> Database:
        """The database of the catalog, for tables of your own beside it; no change of the library touches those."""
        return self._catalog.database

    def announce(self, owner: Owner) -> None:
        """Tells other processes where to hand their work."""
        self._lock.announce(owner)

    def close(self) -> None:
        with self._write_lock:
            self._lexical.close()
            self._dense.close()
            self._catalog.close()
            self._lock.release()

    # Changing

    def put(self, article: Article, chunks: Sequence[Chunk], vectors: Vectors) -> Status:
        """Stores the article as the current version under its id."""
        return self.put_all([Prepared(article, tuple(chunks), vectors)])[0]

    def put_all(self, prepared: Sequence[Prepared]) -> list[Status]:
        """Stores several articles, each in a transaction of its own; one commit of the words for all."""
        with self._write_lock:
            try:
                return [self._put(item) for item in prepared]
            finally:
                self._follow()

    def _put(self, item: Prepared) -> Status:
        status = self.status(item.article)
        if status == "unchanged":
            return status
        held = self.article(item.article.id) if status == "updated" else None
        article = item.article if held is None else _completed(item.article, held)
        # In another language it has other sentences and stems, though the text be the same.
        if held is not None and (held.version, held.language) == (article.version, article.language):
            self._catalog.describe(article)
            self._recent.cache_clear()
            return status
        revision = self._catalog.counter + 1
        hashes = hash_of([embedded_text(article, chunk) for chunk in item.chunks])
        rows = [
            StoredChunk(article.id, revision, number, chunk.start, chunk.end, key)
            for number, (chunk, key) in enumerate(zip(item.chunks, hashes, strict=True))
        ]
        old = self._catalog.chunks_of([article.id])
        self._dense.add(rows, item.vectors)
        self._catalog.commit(article, item.chunks, hashes, revision)
        self._revisions[article.id] = revision
        self._dense.drop([row.row_id for row in old])
        return status

    def writing(self) -> AbstractContextManager[bool]:
        """Keeps other writers waiting while what one has looked at must stay so."""
        return self._write_lock

    def chunk_count(self, article_id: str | None = None) -> int:
        """Chunks of one article, or of all."""
        return self._catalog.chunk_count(article_id)

    def status(self, article: Article) -> Status:
        """What `put` would say of this article."""
        if article.id not in self._revisions:
            return "added"
        held = self.article(article.id)
        return "unchanged" if held == _completed(article, held) else "updated"

    def remove(self, article_id: str) -> None:
        """Deletes the article with all its versions.

        Raises:
            NotFound: there is none.
        """
        with self._write_lock:
            old = self._catalog.chunks_of([article_id])
            self._catalog.remove(article_id)
            self._revisions.pop(article_id, None)
            self._dense.drop([row.row_id for row in old])
            self._follow()

    def known_vectors(self, hashes: Sequence[str]) -> dict[str, Vectors]:
        """Vectors that the library holds already, by the hash of the embedded string."""
        chunks = self._catalog.with_hashes(hashes)
        vectors = self._dense.vectors_of([chunk.row_id for chunk in chunks.values()])
        return {key: vectors[chunk.row_id] for key, chunk in chunks.items() if chunk.row_id in vectors}

    # Reading

    def article(self, article_id: str, version: str | None = None) -> Article:
        """The current version, or the one named, superseded ones included.

        Raises:
            NotFound: there is no such article or version.
        """
        revision = self._revisions.get(article_id)
        if revision is not None:
            current = self._recent(revision)
            if current is not None and version in (None, current.version):
                return current
        return self._catalog.article(article_id, version)

    def articles(
        self, query: str | None = None, tag: str | None = None, limit: int = 100, cursor: str | None = None
    ) -> ArticlePage:
        """The library's list, newest first, a page at a time."""
        return self._catalog.listed(query, tag, limit, cursor)

    def selected(
        self, tags: Sequence[str] = (), published_from: str | None = None, published_to: str | None = None
    ) -> list[str]:
        """Ids of the articles with any of these tags, published in these days (ISO 8601, both inclusive)."""
        return self._catalog.selected(tags, published_from, published_to)

    def count(self) -> int:
        return len(self._revisions)

    def search(self, query: str, k: int = 10, article_ids: Collection[str] | None = None) -> list[Passage]:
        """The `k` best chunks for `query`, best first, of these articles where given.

        Meaning (cosine) and words (BM25) each find candidates; both scores together rank them.
        """
        if not self._revisions or (article_ids is not None and not article_ids):
            return []
        found = self._hybrid.search(query, self._asked(query), k, article_ids)
        return list(islice((passage for each in found if (passage := self._passage(each))), k))

    def _passage(self, found: Ranked) -> Passage | None:
        hit = found.hit
        article = self._recent(hit.revision)
        if article is None:  # replaced or removed since it was found
            return None
        return Passage(article, Span(hit.start, hit.end), found.score, found.cosine)

    def stems(self, text: str, language: str | None) -> list[str]:
        """The words of `text` as the index knows them: lower case, the endings of `language` (BCP 47) off."""
        return self._lexical.stems(text, language)

    def rarity(self, stem: str) -> float:
        """How much a word tells: inverse document frequency over the library's chunks, 0 or more."""
        return self._lexical.rarity(stem)

    # Following the catalog

    def _check_facts(self) -> None:
        if self._catalog.fact(REBUILD) == BEGUN:
            raise LibraryMismatch(
                f"A rebuild of the library {self.folder} has not come to its end: run `python -m ingest --rebuild`."
            )
        ours = self._facts()
        for name, value in ours.items():
            theirs = self._catalog.fact(name)
            if theirs not in (None, value):
                raise LibraryMismatch(
                    f"The library {self.folder} was made with {name.replace('_', ' ')} {theirs!r}, not {value!r}: "
                    "set that back, or run `python -m ingest --rebuild`."
                )
        self._catalog.set_facts(ours)

    def _facts(self) -> dict[str, str]:
        dimension = str(self.embedder.dimension)
        return {"embedding_model": self.embedder.name, "dimension": dimension, "recipe": self._recipe}

    def _sync(self, each: Each) -> None:
        """Mends what a kill, or a hand in the folder, left: rows too many, rows missing, words behind."""
        wanted = {chunk.row_id: chunk for chunk in self._catalog.chunks_of(list(self._revisions))}
        present = self._dense.rows()
        self._dense.drop(sorted(present - wanted.keys()))
        missing = [chunk for row_id, chunk in wanted.items() if row_id not in present]
        for start in range(0, len(missing), SYNC_BATCH):
            each(start, len(missing))
            part = missing[start : start + SYNC_BATCH]
            texts = [embedded_text(self.article(chunk.article_id), Chunk(chunk.start, chunk.end)) for chunk in part]
            self._dense.add(part, self.embedder.embed(texts))
        if missing:
            each(len(missing), len(missing))
        self._follow()

    def _follow(self) -> None:
        counter = self._catalog.counter
        if self._lexical.counter > counter:  # of another library, or the catalog was put back from a backup
            self._lexical.clear()
        if self._lexical.counter < counter:
            self._lexical.follow(self._changes(self._catalog.changed_since(self._lexical.counter)), counter)

    def _changes(self, article_ids: Sequence[str]) -> Iterator[tuple[str, Article | None, Sequence[StoredChunk]]]:
        for article_id in article_ids:
            held = article_id in self._revisions
            yield article_id, self.article(article_id) if held else None, self._catalog.chunks_of([article_id])

    def _rebuild(self, chunk: Callable[[Article], Sequence[Chunk]], each: Each) -> None:
        # What a kill leaves has chunks and vectors of both makes.
        self._catalog.set_facts({REBUILD: BEGUN})
        oldest_first = sorted(self._revisions, key=self._revisions.__getitem__)
        for done, article_id in enumerate(oldest_first, 1):
            article = self.article(article_id)
            chunks = list(chunk(article))
            texts = [embedded_text(article, part) for part in chunks]
            revision = self._catalog.counter + 1
            self._catalog.commit(article, chunks, hash_of(texts), revision)
            self._revisions[article_id] = revision
            self._dense.add(self._catalog.chunks_of([article_id]), self.embedder.embed(texts))
            each(done, len(oldest_first))
        self._catalog.set_facts(self._facts() | {REBUILD: ENDED})
        self._follow()


def _completed(article: Article, held: Article) -> Article:
    """With what the held one tells of the same text and this does not: not every door tells language, dropped lines."""
    if article.text != held.text:
        return article
    return replace(article, language=article.language or held.language, dropped=article.dropped or held.dropped)
