"""Web pages into documents: the main text, and what the page tells of title, date, author, language and address."""

import re
from collections.abc import Iterator

from ingest.byline import take_byline
from ingest.clean import clean_paragraphs, plain
from ingest.document import Document
from ingest.formats.encoding import decode_page
from ingest.formats.source import Source
from ingest.formats.text import LIST_OR_TABLE, headline, same_words
from vectorstore import UnreadableSource

SITE = re.compile(r"\s+(?:\||[-–—]|::|»)\s+[^|–—]{2,40}$")


def read_page(source: Source) -> Iterator[Document]:
    charset = re.search(r"charset=\s*\"?([\w:.-]+)", source.media_type or "")
    yield page_document(decode_page(source.data(), charset[1] if charset else None), source.name, source.url)


def page_document(html: str, name: str | None = None, url: str | None = None) -> Document:
    """A web page; `name` is shown where it does not tell its address, and `url` is where it was found.

    Raises:
        UnreadableSource: no article can be found on it.
    """
    from trafilatura import bare_extraction

    found = bare_extraction(html, url=url, include_comments=False, include_tables=True, with_metadata=True)
    page = found if isinstance(found, dict) else found.as_dict() if found else {}
    if not (page.get("text") or "").strip():
        raise UnreadableSource("no article can be found on the page.")
    title = SITE.sub("", " ".join((page["title"] or "").split()))
    cleaned = clean_paragraphs(_blocks(plain(page["text"])))
    parts = cleaned.text.split("\n\n")
    if title and parts and same_words(parts[0], title):
        parts = parts[1:]
    if not title:
        title, parts = headline(parts, name or "Untitled page")
    byline, parts = take_byline(parts)
    return Document(
        title,
        "\n\n".join(parts),
        source=page["url"] or name,
        published=page["date"] or byline.published,
        author=page["author"] or byline.author,
        language=page["language"] or _declared_language(html),
        tags=tuple(page["tags"] or ()),
        dropped=cleaned.dropped,
    )


def _blocks(text: str) -> list[str]:
    """trafilatura gives a paragraph a line; the lines of a list or a table stay together."""
    blocks: list[str] = []
    for line in (line.strip() for line in text.split("\n")):
        if not line:
            continue
        if blocks and LIST_OR_TABLE.match(line) and LIST_OR_TABLE.match(blocks[-1].rsplit("\n", 1)[-1]):
            blocks[-1] += "\n" + line
        else:
            blocks.append(line)
    return blocks


def _declared_language(html: str) -> str | None:
    found = re.search(r"<html[^>]*\slang=[\"']?([A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)", html[:5000])
    return found[1] if found else None
