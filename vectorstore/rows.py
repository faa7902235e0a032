"""What the catalog's tables hold, as nouns, and the way from a row to a noun and back. Knows no SQL."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from vectorstore.article import Article, Paragraph

Status = Literal["added", "updated", "unchanged"]  # what became of an article that was put
Row = Mapping[Any, Any]  # by column name


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of the library's list."""

    id: str
    version: str
    title: str
    source: str | None
    published: str | None
    tags: tuple[str, ...]
    paragraphs: int
    chunks: int
    copy_of: str | None  # the earliest article that has its text, whole or nearly
    same_text: bool  # as that one, to the letter


@dataclass(frozen=True, slots=True)
class ArticlePage:
    items: tuple[Listed, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class StoredChunk:
    """A chunk of a current version: `revision` and `number` name its rows in every index."""

    article_id: str
    revision: int
    number: int
    start: int
    end: int
    hash: str

    @property
    def row_id(self) -> str:
        return f"{self.revision}-{self.number}"


def article_row(article: Article, revision: int, chunk_count: int) -> dict[str, Any]:
    return {
        "id": article.id,
        "revision": revision,
        "version": article.version,
        "title": article.title,
        "source": article.source,
        "published": article.published,
        "author": article.author,
        "language": article.language,
        "tags": list(article.tags),
        "dropped": list(article.dropped),
        "paragraphs": len(article.paragraphs),
        "chunks": chunk_count,
    }


def version_row(article: Article) -> dict[str, Any]:
    return {
        "article_id": article.id,
        "version": article.version,
        "title": article.title,
        "text": article.text,
        "paragraphs": json.dumps([[p.start, p.end, p.page_number, p.page_starts] for p in article.paragraphs]),
    }


def to_article(row: Row) -> Article:
    return Article(
        id=row["id"],
        title=row["old_title"],
        text=row["text"],
        paragraphs=tuple(_paragraph(*span) for span in json.loads(row["spans"])),
        source=row["source"],
        published=row["published"],
        author=row["author"],
        language=row["language"],
        tags=tuple(row["tags"]),
        dropped=tuple(row["dropped"]),
    )


def to_listed(row: Row) -> Listed:
    names = ("id", "version", "title", "source", "published", "paragraphs", "chunks", "copy_of")
    return Listed(tags=tuple(row["tags"]), same_text=bool(row["same_text"]), **{name: row[name] for name in names})


def to_chunk(row: Row) -> StoredChunk:
    return StoredChunk(row["article_id"], row["revision"], row["number"], row["start"], row["end"], row["hash"])


def _paragraph(start: int, end: int, page_number: int | None, page_starts: Sequence[int] = ()) -> Paragraph:
    # Articles stored by earlier versions have no page starts.
    return Paragraph(start, end, page_number, tuple(page_starts))
