"""JSON, JSON Lines and CSV: an article a row, with named fields. Knows no other shapes than those named here.

A row is `id, title, text | html | body, url, date, author, tags`, under these names or their usual synonyms.
"""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO
from typing import IO, Any

from ingest.characters import plain
from ingest.clean import clean_paragraphs
from ingest.dates import iso_published
from ingest.document import Document, Skipped
from ingest.formats.blocks import blocks, parse
from ingest.formats.encoding import decode
from ingest.formats.page import page_document
from ingest.formats.source import MEGABYTE, MOST_BYTES, Source
from ingest.formats.text import readable, text_document
from vectorstore import UnreadableSource

FIELDS = {
    "id": ("id", "_id", "guid"),
    "title": ("title", "headline", "name"),
    "text": ("text", "body", "content", "content_text", "articlebody", "article", "maintext"),
    "html": ("html", "content_html", "body_html"),
    "url": ("url", "link", "canonical_url", "source_url"),
    "published": ("date", "published", "published_at", "date_published", "datepublished", "pubdate", "publish_date"),
    "author": ("author", "authors", "byline", "creator"),
    "tags": ("tags", "keywords", "categories"),
    "language": ("language", "lang"),
}
HOLDERS = ("articles", "items", "data", "documents", "rows", "results", "entries", "docs")
MARKUP = re.compile(r"<(?:p|div|br|h[1-6]|ul|ol|table|article|body|span)\b[^>]{0,500}>", re.IGNORECASE)
WHOLE_PAGE = re.compile(r"<(?:html|body|article)\b", re.IGNORECASE)
HOPELESS = 10  # rows that cannot be read, and none before them that can: the file is something else
Row = Mapping[str, Any]


def read_json(source: Source) -> Iterator[Document | Skipped]:
    text = decode(source.data())
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        if "\n" in text.strip() and str(error).startswith("Extra data"):  # JSON Lines by another name
            yield from _documents(_parsed(enumerate(text.split("\n"), 1), source), source)
            return
        raise UnreadableSource(f"{_not_json(error)}.") from error
    rows = _list_in(value)
    numbered: Iterable[tuple[str, Row]] = (
        [("", value)] if rows is None else ((str(number), row) for number, row in enumerate(rows, 1))
    )
    yield from _documents(numbered, source)


def read_json_lines(source: Source) -> Iterator[Document | Skipped]:
    yield from _documents(_parsed(_lines(source.file), source), source)


def read_csv(source: Source) -> Iterator[Document | Skipped]:
    text = decode(source.data())
    csv.field_size_limit(MOST_BYTES)
    try:
        # The delimiter is in the row of names: a sniffer that looks at prose finds commas whatever the file uses.
        names = text.lstrip("\ufeff").split("\n", 1)[0]
        delimiter = max(",;\t|", key=names.count)
        reader = csv.DictReader(StringIO(text.lstrip("\ufeff"), newline=""), delimiter=delimiter)
        columns = {_key(name) for name in reader.fieldnames or ()}
        if not columns & {*FIELDS["text"], *FIELDS["html"]}:
            raise UnreadableSource("its first row has to name the columns, one of them text, html or body.")
        yield from _documents(_fitting(reader, source), source)
    except csv.Error as error:
        raise UnreadableSource(f"it is not CSV: {error}.") from error


def _fitting(reader: "csv.DictReader[str]", source: Source) -> Iterator[tuple[str, Row | Skipped]]:
    """The rows with their numbers; one with more cells than there are names has its text in the wrong ones."""
    for number, row in enumerate(reader, 1):
        if any(row.get(None) or ()):  # where DictReader puts them
            yield str(number), Skipped(f"{source.name}:{number}", "it has more cells than the first row has names.")
        else:
            yield str(number), row


def _not_json(error: Exception) -> str:
    match error:
        case UnicodeDecodeError():
            return "it is not UTF-8"
        case RecursionError():
            return "it is JSON nested too deeply"
        case _:
            return f"it is not JSON: {error}"


def _list_in(value: Any) -> list[Any] | None:
    """The rows of a file that holds several; None where it holds one article."""
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        by_name = {_key(name): inside for name, inside in value.items()}
        for name in HOLDERS:
            if isinstance(by_name.get(name), list):
                return by_name[name]  # type: ignore[no-any-return]
        return None
    raise UnreadableSource("it is JSON, but no article: an object with `title` and `text`, or a list of them.")


def _lines(file: IO[bytes]) -> Iterator[tuple[int, bytes | None]]:
    """The lines with their numbers, None for one that is too long; only one is in memory."""
    number = 0
    while line := file.readline(MOST_BYTES + 1):
        number += 1
        too_long = len(line) > MOST_BYTES
        while too_long and line and not line.endswith(b"\n"):
            line = file.readline(MEGABYTE)
        yield number, None if too_long else line


def _parsed(lines: Iterable[tuple[int, bytes | str | None]], source: Source) -> Iterator[tuple[str, Row | Skipped]]:
    empty = True
    for number, line in lines:
        shown = f"{source.name}:{number}"
        if line is None:
            yield str(number), Skipped(shown, f"the line is longer than {MOST_BYTES // MEGABYTE} MB.")
        elif line.strip():
            try:
                yield str(number), json.loads(line.decode("utf-8-sig") if isinstance(line, bytes) else line)
            except (ValueError, RecursionError) as error:
                yield str(number), Skipped(shown, f"{_not_json(error)}.")
        empty = empty and not (line is None or line.strip())
    if empty:
        raise UnreadableSource("it is empty.")


def _documents(rows: Iterable[tuple[str, Row | Skipped]], source: Source) -> Iterator[Document | Skipped]:
    seen: set[str] = set()
    read = skipped = 0
    for number, row in rows:
        shown = f"{source.name}:{number}" if number else source.name
        found = row if isinstance(row, Skipped) else _document(row, number, shown)
        if isinstance(found, Document) and found.id is not None:
            given = found.id
            if given in seen:
                found = Skipped(shown, f"its id {given!r} stood in a row before it.")
            seen.add(given)
        read, skipped = read + isinstance(found, Document), skipped + isinstance(found, Skipped)
        yield found
        if not read and skipped >= HOPELESS:
            raise UnreadableSource(f"none of its first {HOPELESS} rows is an article; the rest is not read.")
    if not read and not skipped:
        raise UnreadableSource("there is no article in it.")


def _document(row: object, number: str, shown: str) -> Document | Skipped:
    if not isinstance(row, Mapping):
        return Skipped(shown, "it is no article: an object with `title` and `text`.")
    told = _told(row)
    try:
        document = _content(told, shown)
    except UnreadableSource as error:
        return Skipped(shown, str(error))
    if not document.text.strip():
        return Skipped(shown, "there is no text in it.")
    return Document(
        document.title,
        document.text,
        source=_text(told.get("url")) or document.source,
        published=iso_published(told.get("published")) or document.published,
        author=_names(told.get("author")) or document.author,
        language=_text(told.get("language")) or document.language,
        tags=_tags(told.get("tags")) or document.tags,
        dropped=document.dropped,
        id=_text(told.get("id")),
        part=number,
    )


def _told(row: Row) -> dict[str, Any]:
    by_name = {_key(name): value for name, value in row.items() if value not in (None, "")}
    return {field: next((by_name[name] for name in names if name in by_name), None) for field, names in FIELDS.items()}


def _content(told: Mapping[str, Any], shown: str) -> Document:
    title = _text(told.get("title"))
    html = told.get("html") if isinstance(told.get("html"), str) else None
    text = told.get("text")
    if isinstance(text, list):  # paragraphs
        text = "\n\n".join(part for part in text if isinstance(part, str))
    if html is None and isinstance(text, str) and MARKUP.search(text):
        html, text = text, None
    if html is not None and WHOLE_PAGE.search(html):
        page = page_document(html, shown, _text(told.get("url")))
        return page if title is None else Document(
            title, page.text, page.source, page.published, page.author, page.language, page.tags, page.dropped
        )  # fmt: skip
    if html is not None:
        cleaned = clean_paragraphs([plain(block.text) for block in blocks(parse(html))])
        return Document(title or readable(shown), cleaned.text, source=shown, dropped=cleaned.dropped)
    if not isinstance(text, str) or not text.strip():
        return Document("", "")
    return text_document(text, shown, title)


def _key(name: object) -> str:
    return re.sub(r"[\s-]+", "_", str(name or "").strip().lower())


def _text(value: Any) -> str | None:
    """One line; None where there is none. Numbers are ids that JSON left unquoted."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return " ".join(plain(str(value)).split()) or None


def _names(value: Any) -> str | None:
    if isinstance(value, Mapping):
        return _text(value.get("name"))
    if isinstance(value, list):
        return ", ".join(name for each in value if (name := _names(each))) or None
    return _text(value)


def _tags(value: Any) -> tuple[str, ...]:
    given = re.split(r"\s*[,;|]\s*", value) if isinstance(value, str) else value
    return tuple(tag for each in given if (tag := _text(each))) if isinstance(given, list) else ()
