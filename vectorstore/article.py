"""The nouns of the library: articles, paragraphs, chunks, passages. Positions, not copies.

Every position is a 0-based, end-exclusive index of code points into `Article.text`. Nothing here knows
where articles come from, how they are stored, or that anybody asks questions.
"""

import hashlib
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

EMBEDDED_TITLE = 120  # characters


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """`text[start:end]`, never empty."""

    start: int
    end: int

    def of(self, text: str) -> str:
        return text[self.start : self.end]

    def holds(self, other: "Span") -> bool:
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of an article; `page_number` is 1-based where the source has pages, and the one it begins on."""

    start: int
    end: int
    page_number: int | None = None
    page_starts: tuple[int, ...] = ()  # positions at which the pages after that one begin, where it runs over them

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)

    def page_at(self, position: int) -> int | None:
        """The page on which what stands at `position` in the text begins."""
        return None if self.page_number is None else self.page_number + bisect_right(self.page_starts, position)


@dataclass(frozen=True, slots=True)
class Article:
    """One version of an article. The id is stable over edits; the version is the hash of title and text."""

    id: str
    title: str
    text: str
    paragraphs: tuple[Paragraph, ...]
    source: str | None = None
    published: str | None = None  # ISO 8601, a date or a date and time
    author: str | None = None
    language: str | None = None  # BCP 47, where the source tells
    tags: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()  # lines that cleaning took out, so that a person can see them

    @property
    def version(self) -> str:
        return version_of(self.title, self.text)

    def paragraph_at(self, position: int) -> int:
        """Index of the paragraph that holds `position`.

        Raises:
            ValueError: no paragraph holds it.
        """
        for index, paragraph in enumerate(self.paragraphs):
            if paragraph.start <= position < paragraph.end:
                return index
        raise ValueError(f"position {position} is in no paragraph of {self.id}")


@dataclass(frozen=True, slots=True)
class Chunk:
    """What is embedded and found: a run of whole paragraphs, or a part of one that is too long."""

    start: int
    end: int

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk that was found for a query, best first by `score` (only comparable within one search)."""

    article: Article
    span: Span
    score: float
    cosine: float  # similarity of query and chunk in [-1, 1]
    copies: tuple[Article, ...] = ()  # articles that say the same, for which this passage stands

    @property
    def text(self) -> str:
        return self.span.of(self.article.text)


def version_of(title: str, text: str) -> str:
    """`sha256:` and 64 hex digits of title and text."""
    return "sha256:" + hashlib.sha256(f"{title}\0{text}".encode()).hexdigest()


def embedded_text(article: Article, chunk: Chunk) -> str:
    """The string whose vector stands for the chunk: the title on a line of its own, then the chunk.

    Of a very long title only the beginning, so that the chunk keeps the room.
    """
    return f"{article.title[:EMBEDDED_TITLE]}\n{article.text[chunk.start : chunk.end]}"


def hash_of(texts: Sequence[str]) -> list[str]:
    """SHA-256 of each text, in hex: the key under which its vector is reused."""
    return [hashlib.sha256(text.encode()).hexdigest() for text in texts]
