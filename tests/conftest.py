"""What the tests share: small real implementations of our seams, never mocks of our own code."""

import os
import re
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

from vectorstore import Article, Chunk, Paragraph, Prepared, Store, Vectors, embedded_text
from vectorstore.embedder import unit

WORD = re.compile(r"\w+")

# Properties are tried on the same examples each time, so that a change, not chance, makes one fail; `make fuzz` looks
# for new ones.
settings.register_profile("same", derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS", "same"))


class BagOfWords:
    """An embedder whose nearest text is the one with most words in common, for a reason a reader can see."""

    name = "bag-of-words"
    dimension = 4096
    limit = 256

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.embedded.extend(texts)
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for word in WORD.findall(text.lower()):
                row[zlib.crc32(word[:4].encode()) % self.dimension] += 1  # the first letters: a stem of sorts
        return unit(vectors)

    def count(self, texts: Sequence[str]) -> list[int]:
        return [len(WORD.findall(text)) + 2 for text in texts]


def article(article_id: str, title: str, *paragraphs: str, **metadata: object) -> Article:
    """An article whose text is these paragraphs, a blank line between them."""
    positions, at = [], 0
    for paragraph in paragraphs:
        positions.append(Paragraph(at, at + len(paragraph)))
        at += len(paragraph) + 2
    return Article(article_id, title, "\n\n".join(paragraphs), tuple(positions), **metadata)  # type: ignore[arg-type]


def prepared(given: Article, embedder: BagOfWords) -> Prepared:
    """The article with one chunk a paragraph."""
    chunks = tuple(Chunk(p.start, p.end) for p in given.paragraphs)
    return Prepared(given, chunks, embedder.embed([embedded_text(given, chunk) for chunk in chunks]))


@pytest.fixture
def embedder() -> BagOfWords:
    return BagOfWords()


@pytest.fixture
def store(tmp_path: Path, embedder: BagOfWords) -> Iterator[Store]:
    opened = Store(tmp_path / "library", embedder)
    yield opened
    opened.close()
