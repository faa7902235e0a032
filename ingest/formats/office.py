"""Word documents and EPUB books into documents: both are zip files that hold XML. Knows no furniture of pages."""

import posixpath
import re
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote
from zipfile import ZipFile

from ingest.byline import take_byline
from ingest.characters import plain
from ingest.clean import clean_paragraphs
from ingest.dates import iso_published
from ingest.document import Document
from ingest.formats.archive import opened_zip, unpacked
from ingest.formats.blocks import Block, blocks, parse
from ingest.formats.encoding import decode_page
from ingest.formats.source import MEGABYTE, MOST_BYTES, Allowance, Source
from ingest.formats.text import headline, same_words
from vectorstore import UnreadableSource

if TYPE_CHECKING:
    from lxml.etree import _Element

OLD_WORD = b"\xd0\xcf\x11\xe0"  # an OLE container: an encrypted .docx, or a .doc by another name
CORE = "docProps/core.xml"
ENCRYPTION = "META-INF/encryption.xml"
DUBLIN = "{http://purl.org/dc/elements/1.1/}"


def read_docx(source: Source) -> Iterator[Document]:
    from mammoth import convert_to_html

    data = source.data()
    if data.startswith(OLD_WORD):
        raise UnreadableSource("it is encrypted, or in Word's old format: save it as .docx without a password.")
    with opened_zip(BytesIO(data)) as file:
        core = _xml(file, CORE, source.allowance) if CORE in file.namelist() else None
        parts = _text_parts(file, source.allowance)
        try:
            html = convert_to_html(parts, convert_image=_no_image, include_embedded_style_map=False).value
        except Exception as error:  # mammoth raises whatever the XML it meets makes it: KeyError, ExpatError, ...
            raise UnreadableSource("it is not a Word document, or it is broken.") from error
    told = _dublin(core)
    yield _document(blocks(parse(html)), told, source.name)


def _text_parts(file: ZipFile, allowance: Allowance) -> BytesIO:
    """The document without pictures and fonts, its parts measured: mammoth unpacks whatever a relationship names."""
    held = 0
    kept = BytesIO()
    with ZipFile(kept, "w") as copy:
        for info in file.infolist():
            if info.filename.endswith((".xml", ".rels")):
                part = unpacked(file, info, allowance)
                held += len(part)
                if held > MOST_BYTES:
                    raise UnreadableSource(f"it is larger than {MOST_BYTES // MEGABYTE} MB.")
                copy.writestr(info.filename, part)
    return kept


def _no_image(image: Any) -> list[Any]:
    return []


def read_epub(source: Source) -> Iterator[Document]:
    """One document: the chapters in their reading order."""
    with opened_zip(BytesIO(source.data())) as file:
        if ENCRYPTION in file.namelist():
            _refuse_encrypted(unpacked(file, file.getinfo(ENCRYPTION), source.allowance))
        package_name = _package(file, source.allowance)
        package = _xml(file, package_name, source.allowance)
        found: list[Block] = []
        for name in _spine(package, package_name):
            try:
                info = file.getinfo(name)
            except KeyError:
                continue  # the package names a file that is not there
            chapter = unpacked(file, info, source.allowance)
            if chapter.strip():
                found.extend(blocks(parse(decode_page(chapter))))
    yield _document(found, _dublin(package), source.name)


def _refuse_encrypted(encryption: bytes) -> None:
    """Fonts are obfuscated in many free books; chapters only where a reader needs a key."""
    listed = re.findall(rb'URI="([^"]+)"', encryption)
    if any(name.lower().endswith((b"html", b"htm", b"xml")) for name in listed):
        raise UnreadableSource("it is encrypted; only books without copy protection can be read.")


def _package(file: ZipFile, allowance: Allowance) -> str:
    try:
        container = _xml(file, "META-INF/container.xml", allowance)
    except KeyError as error:
        raise UnreadableSource("it is not an EPUB book: it does not say where its parts are.") from error
    paths = [str(each.get("full-path")) for each in container.iter("{*}rootfile") if each.get("full-path")]
    if not paths or paths[0] not in file.namelist():
        raise UnreadableSource("it is not an EPUB book: it does not say where its parts are.")
    return paths[0]


def _spine(package: "_Element", name: str) -> Iterator[str]:
    items = {each.get("id"): each for each in package.iter("{*}item")}
    folder = posixpath.dirname(name)
    for reference in package.iter("{*}itemref"):
        item = items.get(reference.get("idref"))
        if item is None or "nav" in str(item.get("properties", "")).split() or reference.get("linear") == "no":
            continue
        yield posixpath.normpath(posixpath.join(folder, unquote(str(item.get("href", "")))))


def _xml(file: ZipFile, name: str, allowance: Allowance) -> "_Element":
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    root = etree.fromstring(unpacked(file, file.getinfo(name), allowance), parser)
    if root is None:
        raise UnreadableSource("it is broken: a part of it is not XML.")
    return root


def _dublin(root: "_Element | None") -> dict[str, str]:
    """What the file tells of itself in Dublin Core: title, creator, date, language."""
    told: dict[str, str] = {}
    for each in root.iter(f"{DUBLIN}*") if root is not None else ():
        text = " ".join("".join(each.itertext()).split())
        if text:
            told.setdefault(str(each.tag).removeprefix(DUBLIN), text)
    return told


def _document(found: Sequence[Block], told: dict[str, str], name: str) -> Document:
    title = told.get("title") or next((block.text for block in found if block.level == 1), "")
    cleaned = clean_paragraphs([text for block in found if (text := plain(block.text).strip())])
    parts = cleaned.text.split("\n\n")
    if title and same_words(parts[0], title):
        parts = parts[1:]
    if not title:
        title, parts = headline(parts, name)
    byline, parts = take_byline(parts)
    return Document(
        title,
        "\n\n".join(parts),
        source=name,
        published=iso_published(told.get("date")) or byline.published,
        author=told.get("creator") or byline.author,
        language=told.get("language"),
        dropped=cleaned.dropped,
    )
