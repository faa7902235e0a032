"""The articles themselves, in SQL: the one source of truth and the commit point of every change.

Every change takes the next number of one counter and leaves a row in `changes`, so that whatever is derived from
the catalog can follow it. Superseded texts stay readable; only removal deletes them. Knows nothing of vectors or
of words.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sql

from vectorstore import copies
from vectorstore.article import Article, Chunk
from vectorstore.database import Database, folded
from vectorstore.errors import InvalidInput, LibraryMismatch, NotFound
from vectorstore.rows import ArticlePage, Row, StoredChunk, article_row, to_article, to_chunk, to_listed, version_row
from vectorstore.tables import articles, changes, chunks, facts, metadata, texts, versions

FILE = "catalog.sqlite3"
SCHEMA = 2  # 1 knew no copies
DAY = len("2024-05-03")
LONGEST_QUERY = 200  # characters; to look for one in 20,000 articles takes .2 s
CURSOR_DIGITS = 18  # a revision fits into 63 bits


class Catalog:
    """Thread-safe; each call is one transaction."""

    def __init__(self, path: Path) -> None:
        """Opens the catalog at `path`, made where it is missing.

        Raises:
            LibraryBroken: the disk refuses.
            LibraryMismatch: written by a newer Footnote.
        """
        self.database = Database(path)
        with self.database.writing() as connection:
            metadata.create_all(connection)
            schema = _fact(connection, "schema")
            if schema is None:
                _set_fact(connection, "schema", str(SCHEMA))
            elif int(schema) > SCHEMA:
                raise LibraryMismatch(
                    f"The library {path.parent} has schema {schema}, newer than {SCHEMA}: use a newer Footnote."
                )

    def migrate(self) -> None:
        """Brings a library of an older schema to this one. For its owner alone: an older Footnote may be at work."""
        with self.database.writing() as connection:
            if _fact(connection, "schema") == "1":
                copies.fill(connection)
                _set_fact(connection, "schema", str(SCHEMA))

    def close(self) -> None:
        self.database.close()

    # Facts about the library

    def fact(self, name: str) -> str | None:
        with self.database.reading() as connection:
            return _fact(connection, name)

    def set_facts(self, values: Mapping[str, str]) -> None:
        with self.database.writing() as connection:
            for name, value in values.items():
                _set_fact(connection, name, value)

    @property
    def counter(self) -> int:
        """The number of the last change; 0 in a new library."""
        return int(self.fact("counter") or 0)

    # Changes

    def commit(self, article: Article, parts: Sequence[Chunk], hashes: Sequence[str], revision: int) -> None:
        """Makes this version the current one. `revision` must be `counter + 1`: one writer at a time."""
        with self.database.writing() as connection:
            _advance(connection, revision, article.id)
            connection.execute(sql.delete(chunks).where(chunks.c.article_id == article.id))
            _replace(connection, articles, {"id": article.id}, article_row(article, revision, len(parts)))
            _replace(connection, versions, {"article_id": article.id, "version": article.version}, version_row(article))
            if parts:
                rows = [
                    {
                        "revision": revision,
                        "number": number,
                        "article_id": article.id,
                        "start": part.start,
                        "end": part.end,
                        "hash": key,
                    }
                    for number, (part, key) in enumerate(zip(parts, hashes, strict=True))
                ]
                connection.execute(sql.insert(chunks), rows)
            copies.put(connection, article.id, revision)

    def describe(self, article: Article) -> None:
        """Stores what the source tells about an article whose title and text are unchanged, its pages too."""
        values = article_row(article, 0, 0)
        for fixed in ("id", "revision", "version", "title", "paragraphs", "chunks"):
            del values[fixed]
        with self.database.writing() as connection:
            connection.execute(sql.update(articles).where(articles.c.id == article.id).values(values))
            same = (versions.c.article_id == article.id) & (versions.c.version == article.version)
            connection.execute(sql.update(versions).where(same).values(paragraphs=version_row(article)["paragraphs"]))

    def remove(self, article_id: str) -> None:
        """Deletes the article with all its versions.

        Raises:
            NotFound: there is none.
        """
        with self.database.writing() as connection:
            if not connection.execute(sql.delete(articles).where(articles.c.id == article_id)).rowcount:
                raise NotFound(f"There is no article {article_id!r} in the library.", param="id")
            connection.execute(sql.delete(versions).where(versions.c.article_id == article_id))
            connection.execute(sql.delete(chunks).where(chunks.c.article_id == article_id))
            _advance(connection, int(_fact(connection, "counter") or 0) + 1, article_id)
            copies.remove(connection, article_id)

    # Reading

    def article(self, article_id: str, version: str | None = None) -> Article:
        """The current version, or the one named.

        Raises:
            NotFound: there is no such article or version.
        """
        which = versions.c.version == (articles.c.version if version is None else version)
        article = self._first((articles.c.id == article_id) & which)
        if article is None:
            what = f"article {article_id!r}" if version is None else f"version {version!r} of article {article_id!r}"
            raise NotFound(f"There is no {what} in the library.", param="id" if version is None else "version")
        return article

    def at_revision(self, revision: int) -> Article | None:
        """The article that is current at `revision`; None where that has been replaced or removed."""
        return self._first((articles.c.revision == revision) & (versions.c.version == articles.c.version))

    def _first(self, where: sql.ColumnElement[bool]) -> Article | None:
        of_version = (versions.c.text, versions.c.title.label("old_title"), versions.c.paragraphs.label("spans"))
        query = sql.select(articles, *of_version).join(versions, versions.c.article_id == articles.c.id).where(where)
        with self.database.reading() as connection:
            row = connection.execute(query).mappings().first()
        return None if row is None else to_article(row)

    def listed(self, query: str | None, tag: str | None, limit: int, cursor: str | None) -> ArticlePage:
        """Articles newest first; `query` looks into title and source, `cursor` continues a page.

        Raises:
            InvalidInput: the cursor is not one of ours, or the query is too long.
        """
        if query is not None and len(query) > LONGEST_QUERY:
            raise InvalidInput(f"A query has at most {LONGEST_QUERY} characters.", param="query")
        copy, original = texts.alias(), texts.alias()
        select = (
            sql.select(articles, original.c.article_id.label("copy_of"), copy.c.same.label("same_text"))
            .outerjoin(copy, copy.c.article_id == articles.c.id)
            .outerjoin(original, original.c.number == copy.c.copy_of)
            .order_by(articles.c.revision.desc())
        )
        if tag:
            select = select.where(_tagged(tag))
        if cursor is not None:
            if not cursor.isdecimal() or len(cursor) > CURSOR_DIGITS:
                raise InvalidInput("The cursor is not one that the list gave: begin without one.", param="cursor")
            select = select.where(articles.c.revision < int(cursor))
        with self.database.reading() as connection:
            rows = list(islice(_matching(connection.execute(select).mappings(), query, tag), limit + 1))
        items = tuple(to_listed(row) for row in rows[:limit])
        return ArticlePage(items, str(rows[limit - 1]["revision"]) if len(rows) > limit else None)

    def selected(self, tags: Sequence[str], published_from: str | None, published_to: str | None) -> list[str]:
        """Ids of the articles that have any of `tags` (all, where there are none) and were published in these days.

        The dates are ISO 8601, both inclusive; as in the articles, what stands behind the day is not compared.
        An article without a date is not published in any.
        """
        select = sql.select(articles.c.id, articles.c.tags)
        if tags:
            select = select.where(sql.or_(*map(_tagged, tags)))
        day = sql.func.substr(articles.c.published, 1, DAY)
        if published_from is not None:
            select = select.where(day >= published_from[:DAY])
        if published_to is not None:
            select = select.where(day <= published_to[:DAY])
        with self.database.reading() as connection:
            rows = connection.execute(select).all()
        return [row.id for row in rows if not tags or not set(tags).isdisjoint(row.tags)]

    def revisions(self) -> dict[str, int]:
        """The current revision of every article."""
        with self.database.reading() as connection:
            return {row.id: row.revision for row in connection.execute(sql.select(articles.c.id, articles.c.revision))}

    def chunks_of(self, article_ids: Sequence[str]) -> list[StoredChunk]:
        """Chunks of the current versions of these articles, in order."""
        found: list[StoredChunk] = []
        with self.database.reading() as connection:
            for start in range(0, len(article_ids), 500):  # databases limit the number of parameters
                query = sql.select(chunks).where(chunks.c.article_id.in_(article_ids[start : start + 500]))
                rows = connection.execute(query.order_by(chunks.c.revision, chunks.c.number)).mappings()
                found.extend(to_chunk(row) for row in rows)
        return found

    def chunk_count(self, article_id: str | None = None) -> int:
        """Chunks of the current version of one article, 0 where there is no such article; or of all."""
        query = sql.select(sql.func.sum(articles.c.chunks))
        if article_id is not None:
            query = query.where(articles.c.id == article_id)
        with self.database.reading() as connection:
            return connection.execute(query).scalar() or 0

    def with_hashes(self, hashes: Sequence[str]) -> dict[str, StoredChunk]:
        """One current chunk for each hash of an embedded string that the library holds."""
        found: dict[str, StoredChunk] = {}
        with self.database.reading() as connection:
            for start in range(0, len(hashes), 500):
                query = sql.select(chunks).where(chunks.c.hash.in_(hashes[start : start + 500]))
                found.update((row["hash"], to_chunk(row)) for row in connection.execute(query).mappings())
        return found

    def changed_since(self, counter: int) -> list[str]:
        """Ids of the articles that changed after `counter`, removed ones included, each once."""
        query = sql.select(changes.c.article_id).where(changes.c.counter > counter).distinct()
        with self.database.reading() as connection:
            return list(connection.execute(query).scalars())


def open_catalog(folder: Path) -> Catalog:
    """The articles of the library in `folder` without its indexes, to read beside whoever has the library open.

    Raises:
        NotFound: there is no library.
    """
    if not (folder / FILE).exists():
        raise NotFound(f"There is no library in {folder}: name another with --library.")
    return Catalog(folder / FILE)


def _tagged(tag: str) -> sql.ColumnElement[bool]:
    """Of the articles with this tag all, and few others: LIKE is blind to case, and to where a tag begins."""
    return sql.cast(articles.c.tags, sql.String).contains(json.dumps(tag), autoescape=True)


def _matching(rows: Iterable[Row], query: str | None, tag: str | None) -> Iterator[Row]:
    sought = folded(query or "")
    for row in rows:
        if tag and tag not in row["tags"]:
            continue
        if not sought or sought in folded(row["title"]) or sought in folded(row["source"] or ""):
            yield row


def _fact(connection: sql.Connection, name: str) -> str | None:
    return connection.execute(sql.select(facts.c.value).where(facts.c.name == name)).scalar()


def _set_fact(connection: sql.Connection, name: str, value: str) -> None:
    _replace(connection, facts, {"name": name}, {"name": name, "value": value})


def _advance(connection: sql.Connection, revision: int, article_id: str) -> None:
    _set_fact(connection, "counter", str(revision))
    connection.execute(sql.insert(changes).values(counter=revision, article_id=article_id))


def _replace(connection: sql.Connection, table: sql.Table, key: dict[str, Any], row: dict[str, Any]) -> None:
    connection.execute(sql.delete(table).where(*(table.c[name] == value for name, value in key.items())))
    connection.execute(sql.insert(table).values(row))
