"""Mails, mailboxes, and web pages that a browser saved as MHTML (which is a mail with the page's parts)."""

import email.policy
import re
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesParser
from email.utils import parseaddr
from typing import IO

from ingest.characters import plain
from ingest.clean import clean_paragraphs, clean_text
from ingest.dates import iso_published
from ingest.document import Document, Skipped
from ingest.formats.blocks import blocks, parse
from ingest.formats.encoding import decode_page
from ingest.formats.page import page_document
from ingest.formats.source import MOST_BYTES, Found, Source
from ingest.formats.text import readable
from vectorstore import UnreadableSource

REPLY = re.compile(r"^(?:(?:re|fwd?|aw|wg|tr)\s*:\s*)+", re.IGNORECASE)
SIGNATURE = re.compile(r"\n-- \n.*\Z", re.DOTALL)
SEPARATOR = re.compile(rb"From .*\d\d:\d\d.*\d{4}")  # the sender and the time it came, which tells it from a sentence
QUOTED = re.compile(rb"^>(>*From )")  # what a mailbox writes for a line inside a mail that begins with "From "
PLAIN_SHARE = 0.5  # a plain part shorter than this of the HTML part says "see the HTML part"


def read_mail(source: Source) -> Iterator[Found]:
    """The mail, then what is attached to it."""
    mail = _parsed(source.data())
    subject = " ".join(str(mail["subject"] or "").split())
    name, address = parseaddr(str(mail["from"] or ""))
    text, dropped = _body(mail)
    if text.strip():
        yield Document(
            REPLY.sub("", subject) or readable(source.name),
            text,
            source=source.name,
            published=iso_published(mail["date"]),
            author=name or address or None,
            dropped=dropped,
        )
    yield from _attached(mail, source)


def read_mailbox(source: Source) -> Iterator[Source]:
    """An mbox: mails one after another, each behind a line that begins with "From "."""
    for number, letter in enumerate(_letters(source.file), 1):
        yield source.member(f"{number}.eml", letter)


def _letters(file: IO[bytes]) -> Iterator[bytes]:
    """The mails, one in memory at a time; of one that is too long as much as shows that it is."""
    letter: bytearray | None = None
    after_blank = True
    while line := file.readline(MOST_BYTES):
        if after_blank and SEPARATOR.match(line):
            if letter:
                yield bytes(letter)
            letter = bytearray()
        elif letter is None and line.strip():
            raise UnreadableSource('it is not a mailbox: its first line does not begin with "From ".')
        elif letter is not None and len(letter) <= MOST_BYTES:
            letter += QUOTED.sub(rb"\1", line)
        after_blank = not line.strip()
    if letter:
        yield bytes(letter)


def read_mhtml(source: Source) -> Iterator[Document]:
    mail = _parsed(source.data())
    page = next((part for part in mail.walk() if part.get_content_type() in HTML), None)
    if page is None:
        raise UnreadableSource("there is no web page in it.")
    address = str(mail["snapshot-content-location"] or page["content-location"] or "").strip()
    html = decode_page(_bytes(page), page.get_content_charset())
    yield page_document(html, source.name, address if address.startswith(("http://", "https://")) else None)


HTML = ("text/html", "application/xhtml+xml")


def _parsed(data: bytes) -> Message:
    mail = BytesParser(policy=MAIL).parsebytes(data)
    if not mail.keys() or b"\n\0" in data[:1000]:
        raise UnreadableSource("it is not a mail: it has no headers.")
    return mail


class _Lenient(email.policy.EmailPolicy):
    """Headers as text, however broken: the standard parser raises on some."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        try:
            return str(super().header_fetch_parse(name, value))
        except (ValueError, IndexError, TypeError, AttributeError, LookupError):  # its parser's own slips
            return value


MAIL = _Lenient()


def _body(mail: Message) -> tuple[str, tuple[str, ...]]:
    plains = [SIGNATURE.sub("", text) for text in _written(mail, ("text/plain",))]
    laid_out = [plain(block.text) for page in _written(mail, HTML) for block in blocks(parse(page))]
    text = "\n\n".join(plains)
    if text.strip() and len(text) >= PLAIN_SHARE * sum(map(len, laid_out)):
        cleaned = clean_text(text)
    else:
        cleaned = clean_paragraphs(laid_out) if laid_out else clean_text(text)
    return cleaned.text, cleaned.dropped


def _written(mail: Message, kinds: tuple[str, ...]) -> list[str]:
    parts = [part for part in mail.walk() if part.get_content_type() in kinds and not part.get_filename()]
    return [decode_page(data, part.get_content_charset()) for part in parts if (data := _bytes(part)).strip()]


def _attached(mail: Message, source: Source) -> Iterator[Source | Skipped]:
    for part in mail.walk():
        name = " ".join((part.get_filename() or "").split())
        if not name or not source.reads(name) or part.is_multipart():
            continue
        try:
            data = _bytes(part)
            source.allowance.unpack(len(data))
            yield source.member(name, data, part.get_content_type())
        except UnreadableSource as error:
            yield Skipped(f"{source.name}/{name}", str(error))


def _bytes(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""
