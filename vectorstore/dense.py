"""Vectors in Chroma, compared by cosine. The one module that knows chromadb.

A row is a chunk of one revision of an article: its id carries the revision, so that version A, then B, then A again
never collide. Which rows are current is the store's business: nothing here is a source of truth.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import chromadb
import numpy as np
from chromadb.config import Settings
from chromadb.errors import ChromaError

from vectorstore.embedder import Vectors
from vectorstore.errors import LibraryBroken
from vectorstore.rows import StoredChunk

COLLECTION = "chunks"
WRITE_BATCH = 500  # rows a write: small enough that readers are not held up


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk that an index found. Equal hits are the same chunk, whoever found it."""

    article_id: str
    revision: int
    number: int
    start: int
    end: int
    score: float = field(compare=False)  # cosine in [-1, 1], or BM25: comparable within one index and query only

    @property
    def row_id(self) -> str:
        return f"{self.revision}-{self.number}"


class Dense:
    """Nearest chunks by cosine similarity. Thread-safe; one process per folder."""

    def __init__(self, folder: Path) -> None:
        with _translated():
            # Telemetry off: no request leaves the machine.
            settings = Settings(anonymized_telemetry=False, allow_reset=False)
            self._client = chromadb.PersistentClient(path=str(folder), settings=settings)
            # Chroma's default distance is l2; no embedding function: vectors come from our own embedder.
            self._collection = self._client.get_or_create_collection(
                COLLECTION, configuration={"hnsw": {"space": "cosine"}}, embedding_function=None
            )

    def add(self, chunks: Sequence[StoredChunk], vectors: Vectors) -> None:
        with _translated():
            for start in range(0, len(chunks), WRITE_BATCH):
                part = chunks[start : start + WRITE_BATCH]
                self._collection.upsert(
                    ids=[chunk.row_id for chunk in part],
                    embeddings=vectors[start : start + WRITE_BATCH],
                    metadatas=[_metadata(chunk) for chunk in part],
                )

    def vectors_of(self, row_ids: Sequence[str]) -> dict[str, Vectors]:
        """The vectors of those rows that exist."""
        if not row_ids:
            return {}
        with _translated():
            rows = self._collection.get(ids=list(row_ids), include=["embeddings"])
        vectors = rows["embeddings"]
        if vectors is None:
            return {}
        return {
            row_id: np.asarray(vector, dtype=np.float32) for row_id, vector in zip(rows["ids"], vectors, strict=True)
        }

    def rows(self) -> set[str]:
        """Ids of all rows, current or not."""
        with _translated():
            return set(self._collection.get(include=[])["ids"])

    def drop(self, row_ids: Sequence[str]) -> None:
        with _translated():
            for start in range(0, len(row_ids), WRITE_BATCH):
                self._collection.delete(ids=list(row_ids[start : start + WRITE_BATCH]))

    def close(self) -> None:
        # Not declared on the type that PersistentClient is said to return.
        self._client.close()  # type: ignore[attr-defined]

    def search(self, vector: Vectors, k: int, article_ids: Collection[str] | None = None) -> list[Hit]:
        """The `k` nearest rows to `vector` ([dimension]), best first."""
        where: dict[str, Any] | None = None
        if article_ids is not None:
            where = {"article_id": {"$in": list(article_ids)}}
        with _translated():
            found = self._collection.query(
                query_embeddings=vector[np.newaxis], n_results=k, where=where, include=["metadatas", "distances"]
            )
        metadatas, distances = found["metadatas"], found["distances"]
        if not metadatas or not distances:
            return []
        return [_hit(row, distance) for row, distance in zip(metadatas[0], distances[0], strict=True)]


def _metadata(chunk: StoredChunk) -> dict[str, str | int]:
    return {
        "article_id": chunk.article_id,
        "revision": chunk.revision,
        "number": chunk.number,
        "start": chunk.start,
        "end": chunk.end,
    }


def _hit(row: Any, distance: float) -> Hit:
    return Hit(row["article_id"], row["revision"], row["number"], row["start"], row["end"], 1.0 - distance)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (ChromaError, OSError) as error:
        raise LibraryBroken(
            f"The library's vectors cannot be used ({error}): stop Footnote and run `python -m ingest --rebuild`."
        ) from error
