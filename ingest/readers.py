"""Files and pages into documents: one table of formats by suffix and media type, one function a format.

A file can hold several articles, so every reader gives them one after another, and with them the parts that cannot be
read and why. Each format's library is imported by the function that needs it. Knows no library of articles and no
network.
"""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path, PurePath
from typing import IO, Any

from ingest.characters import plain
from ingest.document import Document, Skipped
from ingest.formats.archive import read_tar, read_zip
from ingest.formats.mail import read_mail, read_mailbox, read_mhtml
from ingest.formats.office import read_docx, read_epub
from ingest.formats.page import page_document, read_page
from ingest.formats.pdf import read_pdf
from ingest.formats.rows import read_csv, read_json, read_json_lines
from ingest.formats.source import Read, Source, printable
from ingest.formats.text import read_markdown, read_text
from vectorstore import UnreadableSource

SUFFIXES: dict[str, Read] = {
    ".txt": read_text,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_page,
    ".htm": read_page,
    ".xhtml": read_page,
    ".mhtml": read_mhtml,
    ".mht": read_mhtml,
    ".pdf": read_pdf,
    ".docx": read_docx,
    ".epub": read_epub,
    ".eml": read_mail,
    ".mbox": read_mailbox,
    ".json": read_json,
    ".jsonl": read_json_lines,
    ".ndjson": read_json_lines,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".zip": read_zip,
    ".tar": read_tar,
    ".tgz": read_tar,
    ".tar.gz": read_tar,
    ".tar.bz2": read_tar,
    ".tar.xz": read_tar,
}
MEDIA_TYPES: dict[str, Read] = {
    "text/plain": read_text,
    "text/markdown": read_markdown,
    "text/html": read_page,
    "application/xhtml+xml": read_page,
    "multipart/related": read_mhtml,
    "application/pdf": read_pdf,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": read_docx,
    "application/epub+zip": read_epub,
    "message/rfc822": read_mail,
    "application/mbox": read_mailbox,
    "application/json": read_json,
    "application/jsonl": read_json_lines,
    "application/x-ndjson": read_json_lines,
    "text/csv": read_csv,
    "text/tab-separated-values": read_csv,
    "application/zip": read_zip,
    "application/x-tar": read_tar,
}
TOLD = ("title", "source", "published", "author", "language")
DOUBLE = (".gz", ".bz2", ".xz")  # the suffix before these counts too


def read_file(path: Path) -> Iterator[Document | Skipped]:
    """The documents of one file, and what of it cannot be read; raises nothing of the kind."""
    name = printable(path.name)
    try:
        if not path.is_file():
            yield Skipped(name, "it is not a file.")
            return
        with path.open("rb") as file:
            yield from read_open(file, name)
    except OSError as error:
        yield Skipped(name, f"it cannot be read: {error.strerror or error}.")


def read_bytes(
    data: bytes, name: str, media_type: str | None = None, url: str | None = None
) -> Iterator[Document | Skipped]:
    """As `read_file`, of a file's content; `url` is where it was fetched from."""
    return _documents(Source(BytesIO(data), printable(name), known, media_type, url=url))


def read_open(file: IO[bytes], name: str, media_type: str | None = None) -> Iterator[Document | Skipped]:
    """As `read_file`, of an open file; `name` tells the format, or `media_type` where it does not."""
    return _documents(Source(file, printable(name), known, media_type))


def read_html(html: str, *, source: str | None = None, url: str | None = None) -> Document:
    """A web page: its main text, and what it tells of title, date, author, language and address.

    Raises:
        UnreadableSource: no article can be found on it.
    """
    return _plain(page_document(html, source, url))


def known(name: str) -> bool:
    """Whether a file of this name can be read."""
    return suffix(name) in SUFFIXES


def suffix(name: str) -> str:
    """`.html`, `.tar.gz`: in lower case."""
    suffixes = [each.lower() for each in PurePath(name).suffixes]
    if len(suffixes) > 1 and suffixes[-1] in DOUBLE:
        return "".join(suffixes[-2:])
    return suffixes[-1] if suffixes else ""


def _documents(source: Source) -> Iterator[Document | Skipped]:
    found_any = False
    try:
        for found in _reader(source)(source):
            found_any = True
            if isinstance(found, Source):
                yield from (_inside(found.part, each) for each in _documents(found))
            elif isinstance(found, Document) and not found.text.strip():
                yield Skipped(source.name, "there is no text in it.")
            else:
                yield _plain(found) if isinstance(found, Document) else found
        if not found_any:
            yield Skipped(source.name, "there is no article in it.")
    except UnreadableSource as error:
        yield Skipped(source.name, str(error))


def _plain(found: Document) -> Document:
    """The document with what is told of it in characters that can be stored, as its text is."""
    told: dict[str, Any] = {name: plain(value) for name in TOLD if (value := getattr(found, name)) is not None}
    return replace(found, **told, tags=tuple(map(plain, found.tags)))


def _inside(part: str, found: Document | Skipped) -> Document | Skipped:
    return replace(found, part=f"{part}/{found.part}".rstrip("/")) if isinstance(found, Document) else found


def _reader(source: Source) -> Read:
    kind = suffix(source.name)
    media_type = (source.media_type or "").split(";")[0].strip().lower()
    reader = SUFFIXES.get(kind) or MEDIA_TYPES.get(media_type)
    if reader is None:
        kinds = ", ".join(SUFFIXES)
        raise UnreadableSource(f"files of the kind {kind or 'without a suffix'} cannot be read, only {kinds}.")
    return reader
