"""Articles behind addresses: fetched, read by the table of formats, each with an id of its canonical address.

Knows no command line and no store. What servers said of the versions they sent is kept by whoever asks (`fetched.py`).
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit, urlunsplit

from ingest.document import Document, Skipped
from ingest.feeds import joined, links_of
from ingest.fetch import Fetched, Fetcher
from ingest.formats.source import printable
from ingest.pipeline import id_of
from ingest.readers import MEDIA_TYPES, read_bytes
from vectorstore import InvalidInput, UnreadableSource

MOST_LISTS = 50  # sitemaps that a sitemap of sitemaps leads to
FEEDS = ("application/rss+xml", "application/atom+xml", "application/feed+json")
GENERIC = ("", "application/octet-stream", "binary/octet-stream")


def is_link(path: str) -> bool:
    """Whether an argument is an address, not a path."""
    return path.strip().lower().startswith(("http://", "https://"))


def documents_at(fetched: Fetched) -> Iterator[Document | Skipped]:
    """The documents of what was fetched; their ids are of their addresses, so that fetching again refreshes them."""
    media_type = fetched.media_type.split(";")[0].strip().lower()
    if media_type in FEEDS:
        yield Skipped(fetched.url, "it is a feed: add --feed to read the articles that it lists.")
        return
    path = PurePosixPath(unquote(urlsplit(fetched.url).path))
    # What a server says it is beats what its address looks like, unless it says nothing.
    name = "page" if media_type in MEDIA_TYPES else path.name or "page"
    kind = "text/html" if media_type in GENERIC and "." not in path.name else fetched.media_type
    for found in read_bytes(fetched.data or b"", name, kind, fetched.url):
        if isinstance(found, Skipped):
            yield Skipped(printable(fetched.url), found.reason)
            continue
        told = found.source if (found.source or "").startswith(("http://", "https://")) and not found.part else None
        url = canonical(told, fetched.url)
        key = f"{url}#{found.part}" if found.part else url
        yield replace(found, id=id_of(key), source=key, title=found.title if found.title != "Page" else url)


def canonical(told: str | None, fetched: str) -> str:
    """The address that the page says it has, where that is on the host it came from: else anybody could take the place
    of anybody's article. Otherwise the address it was fetched from."""
    own, other = urlsplit(fetched), urlsplit(joined(fetched, told or "") or fetched)
    if other.scheme in ("http", "https") and _site(other.hostname) == _site(own.hostname) and other.path.strip("/"):
        own = other
    return urlunsplit((own.scheme.lower(), own.netloc.lower(), own.path or "/", own.query, ""))


def _site(host: str | None) -> str:
    name = (host or "").lower().rstrip(".")
    for prefix in ("www.", "m.", "amp.", "mobile."):
        name = name.removeprefix(prefix)
    return name


def articles_of(feed: str, fetcher: Fetcher, limit: int | None = None) -> list[str]:
    """The addresses that a feed or a sitemap lists, each once, at most `limit`.

    Raises:
        InvalidInput: its address is not one to fetch.
        UnreadableSource: it cannot be fetched, or is no feed.
    """
    found: dict[str, None] = {}
    for url in _listed(feed, fetcher):
        found[url] = None
        if len(found) == limit:
            break
    return list(found)


def _listed(feed: str, fetcher: Fetcher) -> Iterator[str]:
    waiting, seen = deque([feed]), {feed}
    for _ in range(1 + MOST_LISTS):
        if not waiting:
            return
        url = waiting.popleft()
        try:
            fetched = fetcher.fetch(url)
            links = links_of(fetched.data or b"", fetched.url)
        except InvalidInput as error:
            if url == feed:
                raise error if str(error).startswith(url) else UnreadableSource(f"{url}: {error}") from error
            continue  # one sitemap of many
        yield from links.articles
        waiting += (link for link in dict.fromkeys(links.lists) if link not in seen)
        seen.update(links.lists)
