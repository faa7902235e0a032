"""Files and pages into documents: one function a format, one table by suffix and media type.

Each format's library is imported by the function that needs it. Knows no library of articles and no network.
"""

import re
from collections.abc import Callable
from pathlib import Path

from ingest.byline import take_byline
from ingest.clean import clean_paragraphs, clean_text, plain
from ingest.document import Document
from vectorstore import UnreadableSource

MOST_BYTES = 50_000_000  # of one file: an article has some ten thousand
HEADLINE = 160  # characters at most
SENTENCE_END = re.compile(r"[.!…。।][\"'”’»)\]]*$")
SITE = re.compile(r"\s+(?:\||[-–—]|::|»)\s+[^|–—]{2,40}$")
BLOCK = re.compile(r"^(?:[-*•–] |\d{1,3}[.)] |\|)")


def read_file(path: Path) -> Document:
    """Reads one file.

    Raises:
        UnreadableSource: it cannot be read, or holds no text; the message is the reason.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UnreadableSource(f"it is larger than {MOST_BYTES // 1_000_000} MB.")
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableSource(f"it cannot be read: {error.strerror}.") from error
    return read_bytes(data, path.name)


def read_bytes(data: bytes, name: str, media_type: str | None = None) -> Document:
    """Reads a file's content; `name` tells the format, or `media_type` where it does not.

    Raises:
        UnreadableSource: of an unknown kind, empty, binary or without text.
    """
    suffix = Path(name).suffix.lower()
    reader = SUFFIXES.get(suffix) or MEDIA_TYPES.get((media_type or "").split(";")[0].strip().lower())
    if reader is None:
        known = ", ".join(SUFFIXES)
        raise UnreadableSource(f"files of the kind {suffix or 'without a suffix'} cannot be read, only {known}.")
    if len(data) > MOST_BYTES:
        raise UnreadableSource(f"it is larger than {MOST_BYTES // 1_000_000} MB.")
    document = reader(decode(data), name)
    if not document.text.strip():
        raise UnreadableSource("there is no text in it.")
    return document


def read_html(html: str, *, source: str | None = None) -> Document:
    """A web page: its main text, and what it tells of title, date, author, language and address.

    Raises:
        UnreadableSource: no article can be found on it.
    """
    return _html(html, source)


def decode(data: bytes) -> str:
    """Bytes to text: by byte-order mark, as UTF-8, else by what they most look like.

    Raises:
        UnreadableSource: empty, or not text.
    """
    if not data.strip():
        raise UnreadableSource("it is empty.")
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _decoded(data, encoding)
    if b"\0" in data:
        raise UnreadableSource("it is binary, not text.")
    try:
        return data.decode()
    except UnicodeDecodeError:
        return _guessed(data)


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableSource(f"it says that it is {encoding} and is not.") from error


def _guessed(data: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(data).best()
    if best is None:
        raise UnreadableSource("its encoding cannot be told; save it as UTF-8.")
    return str(best)


# Plain text


def _text(text: str, name: str) -> Document:
    cleaned = clean_text(text)
    parts = cleaned.text.split("\n\n")
    title, parts = _headline(parts, name)
    byline, parts = take_byline(parts)
    return Document(
        title,
        "\n\n".join(parts),
        source=name,
        published=byline.published,
        author=byline.author,
        dropped=cleaned.dropped,
    )


def _headline(parts: list[str], name: str) -> tuple[str, list[str]]:
    """The first paragraph where it reads as a headline, which then leaves the text; else the file's name."""
    first = parts[0]
    reads_so = (
        len(first) <= HEADLINE and "\n" not in first and not SENTENCE_END.search(first) and not BLOCK.match(first)
    )
    if reads_so and any(len(part) > len(first) for part in parts[1:]):
        return first.strip("# "), parts[1:]
    return readable(name), parts


def readable(name: str) -> str:
    """A file name as a title: `vale-bridge_opens.txt` is "Vale bridge opens"."""
    words = re.sub(r"[-_\s]+", " ", Path(name).stem).strip() or name
    return words[0].upper() + words[1:]


# Markdown


def _markdown(text: str, name: str) -> Document:
    from ingest.markdown import read_markdown

    told, parts = read_markdown(plain(text))
    title = told.title
    if title is None:
        title, parts = _headline(parts, name) if parts else (readable(name), parts)
    byline, parts = take_byline(parts)
    return Document(
        title,
        "\n\n".join(parts),
        source=name,
        published=told.published or byline.published,
        author=told.author or byline.author,
        language=told.language,
        tags=told.tags,
    )


# HTML


def _html(html: str, source: str | None) -> Document:
    from trafilatura import bare_extraction

    found = bare_extraction(html, include_comments=False, include_tables=True, with_metadata=True)
    page = found if isinstance(found, dict) else found.as_dict() if found else {}
    if not (page.get("text") or "").strip():
        raise UnreadableSource("no article can be found on the page.")
    title = SITE.sub("", " ".join((page["title"] or "").split()))
    cleaned = clean_paragraphs(_blocks(plain(page["text"])))
    parts = cleaned.text.split("\n\n")
    if title and parts and _same(parts[0], title):
        parts = parts[1:]
    if not title:
        title, parts = _headline(parts, source or "Untitled page")
    byline, parts = take_byline(parts)
    return Document(
        title,
        "\n\n".join(parts),
        source=page["url"] or source,
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
        if blocks and BLOCK.match(line) and BLOCK.match(blocks[-1].rsplit("\n", 1)[-1]):
            blocks[-1] += "\n" + line
        else:
            blocks.append(line)
    return blocks


def _same(line: str, title: str) -> bool:
    return re.sub(r"\W+", "", line).lower() == re.sub(r"\W+", "", title).lower()


def _declared_language(html: str) -> str | None:
    found = re.search(r"<html[^>]*\slang=[\"']?([A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)", html[:5000])
    return found[1] if found else None


Read = Callable[[str, str], Document]
SUFFIXES: dict[str, Read] = {
    ".txt": _text,
    ".md": _markdown,
    ".markdown": _markdown,
    ".html": _html,
    ".htm": _html,
}
MEDIA_TYPES: dict[str, Read] = {
    "text/plain": _text,
    "text/markdown": _markdown,
    "text/html": _html,
    "application/xhtml+xml": _html,
}
