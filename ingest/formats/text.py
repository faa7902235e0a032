"""Plain text and Markdown files into documents. Knows no other formats."""

import re
from collections.abc import Iterator
from pathlib import PurePath

from ingest.byline import take_byline
from ingest.characters import plain
from ingest.clean import clean_text
from ingest.document import Document
from ingest.formats.encoding import decode
from ingest.formats.source import Source

HEADLINE = 160  # characters at most
SENTENCE_END = re.compile(r"[.!…。।][\"'”’»)\]]*$")
LIST_OR_TABLE = re.compile(r"^(?:[-*•–] |\d{1,3}[.)] |\|)")


def read_text(source: Source) -> Iterator[Document]:
    yield text_document(decode(source.data()), source.name)


def text_document(text: str, name: str, title: str | None = None) -> Document:
    """Scraped plain text; its headline is `title`, else its first line where that reads as one, else made of `name`."""
    cleaned = clean_text(text)
    parts = cleaned.text.split("\n\n")
    if title is None:
        title, parts = headline(parts, name)
    elif same_words(parts[0], title):
        parts = parts[1:]
    byline, parts = take_byline(parts)
    return Document(
        title,
        "\n\n".join(parts),
        source=name,
        published=byline.published,
        author=byline.author,
        dropped=cleaned.dropped,
    )


def read_markdown(source: Source) -> Iterator[Document]:
    from ingest.markdown import read_markdown as markdown

    told, parts = markdown(plain(decode(source.data())))
    title = told.title
    if title is None:
        title, parts = headline(parts, source.name) if parts else (readable(source.name), parts)
    byline, parts = take_byline(parts)
    yield Document(
        title,
        "\n\n".join(parts),
        source=source.name,
        published=told.published or byline.published,
        author=told.author or byline.author,
        language=told.language,
        tags=told.tags,
    )


def headline(parts: list[str], name: str) -> tuple[str, list[str]]:
    """The first paragraph where it reads as a headline, which then leaves the text; else the file's name."""
    first = parts[0] if parts else ""
    reads_so = (
        0 < len(first) <= HEADLINE
        and "\n" not in first
        and not SENTENCE_END.search(first)
        and not LIST_OR_TABLE.match(first)
    )
    if reads_so and any(len(part) > len(first) for part in parts[1:]):
        return first.strip("# "), parts[1:]
    return readable(name), parts


def readable(name: str) -> str:
    """A file name as a title: `vale-bridge_opens.txt` is "Vale bridge opens"."""
    words = re.sub(r"[-_\s]+", " ", PurePath(name).stem).strip() or name
    return words[0].upper() + words[1:]


def same_words(line: str, title: str) -> bool:
    """Whether two lines differ in case, spaces and punctuation only."""
    return re.sub(r"\W+", "", line).casefold() == re.sub(r"\W+", "", title).casefold()
