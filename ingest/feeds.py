"""The addresses of articles that a feed (RSS, Atom) or a sitemap lists. The one module that knows feedparser.

Knows no network: it is given what was fetched.
"""

import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import urljoin

from ingest.formats.encoding import decode_page
from ingest.formats.source import MOST_BYTES
from vectorstore import UnreadableSource

GZIP = b"\x1f\x8b"
MOST_LINKS = 50_000  # what a sitemap may hold by its protocol


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses that a feed lists, as they stand: of articles (newest first where dates are told), of other lists."""

    articles: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()


def links_of(data: bytes, url: str) -> Links:
    """What the feed, the sitemap, or a page that names its feed lists.

    Raises:
        UnreadableSource: it is none of them.
    """
    data = _unpacked(data)
    head = data[:2000].lower()
    if b"<urlset" in head or b"<sitemapindex" in head:
        return _sitemap(data, url)
    if b"<rss" in head or b"<feed" in head or b"<rdf" in head or b"<channel" in head:
        return Links(articles=tuple(_entries(data, url)))
    if named := tuple(_named_feeds(decode_page(data), url)):
        return Links(lists=named[:1])
    raise UnreadableSource("it is no feed and no sitemap, and names none.")


def _unpacked(data: bytes) -> bytes:
    if not data.startswith(GZIP):
        return data
    try:
        unpacker = zlib.decompressobj(47)
        whole = unpacker.decompress(data, MOST_BYTES)
    except zlib.error as error:
        raise UnreadableSource("what is packed in it is broken.") from error
    if unpacker.unconsumed_tail:
        raise UnreadableSource("it unpacks to more than is read.")
    return whole


def _entries(data: bytes, url: str) -> Iterator[str]:
    import feedparser

    # A file object: a string would be taken for an address or a path, and opened.
    feed = feedparser.parse(BytesIO(data), response_headers={"content-location": url})
    entries = sorted(feed.entries, key=_dated, reverse=True)
    for entry in entries[:MOST_LINKS]:
        if link := joined(url, entry.get("link") or entry.get("id", "")):
            yield link


def _dated(entry: Mapping[str, Any]) -> tuple[int, ...]:
    return tuple(entry.get("published_parsed") or entry.get("updated_parsed") or ())


def _sitemap(data: bytes, url: str) -> Links:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    root = etree.fromstring(data, parser)
    if root is None:
        raise UnreadableSource("the sitemap is broken.")
    dated = [
        ((each.findtext("{*}lastmod") or "").strip(), link)
        for each in root.iter("{*}url", "{*}sitemap")
        if (link := joined(url, each.findtext("{*}loc") or ""))
    ]
    newest = tuple(link for _, link in sorted(dated, key=lambda pair: pair[0], reverse=True))
    is_index = etree.QName(root).localname == "sitemapindex"
    return Links(lists=newest) if is_index else Links(articles=newest[:MOST_LINKS])


def _named_feeds(html: str, url: str) -> Iterator[str]:
    for link in re.findall(r"<link\b[^>]{0,1000}>", html[:200_000], re.IGNORECASE):
        told = dict(re.findall(r"""([\w-]+)\s*=\s*["']([^"']*)["']""", link))
        kinds = ("application/rss+xml", "application/atom+xml")
        is_feed = "alternate" in told.get("rel", "").lower() and told.get("type", "").lower() in kinds
        if is_feed and (address := joined(url, told.get("href", ""))):
            yield address


def joined(url: str, link: str) -> str | None:
    """Where a link on the page `url` leads; None where it is empty or no address."""
    try:
        return urljoin(url, link.strip()) if link.strip() else None
    except ValueError:  # http://[x
        return None
