"""One address of the web, fetched safely and politely.

Safely: every hop of a redirect is checked anew (`addresses.py`) and connected to at an address that was checked, with
the host's own name in the request and in the certificate; size is counted after unpacking, and there is an end to
time and redirects. Politely: what robots.txt forbids is left alone, one request a second goes to a host, and what has
not changed since the last time is not sent again. Knows no formats and no library.
"""

import ssl
import threading
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import urljoin

import httpx

from ingest.addresses import Allowed, Place, Resolve, place_of, resolve_by_system
from ingest.formats.source import MEGABYTE, MOST_BYTES
from ingest.robots import Rules
from vectorstore import FootnoteError, InvalidInput, UnreadableSource

AGENT = "Footnote"
USER_AGENT = f"{AGENT}/0.1 (reads articles for its user; obeys robots.txt)"
MOST_REDIRECTS = 5
REDIRECTS = (301, 302, 303, 307, 308)
WAIT_SECONDS = 10.0  # for a connection, and for each piece
MOST_SECONDS = 60.0  # for everything, redirects included
PAUSE_SECONDS = 1.0  # between two requests to one host
RULES_SECONDS = 24 * 3600.0  # a robots.txt is good for: what RFC 9309 allows
OUTAGE_SECONDS = 300.0  # before a robots.txt that could not be had is asked for again
ENCODINGS = {"": 0, "identity": 0, "gzip": 47, "x-gzip": 47, "deflate": 47}  # zlib's window bits; 0: not packed
STEP = 1 << 16
HEADERS = {
    "User-Agent": USER_AGENT,
    "Accept": "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, */*;q=0.5",
    "Accept-Encoding": "gzip, deflate",
    "Connection": "close",  # a kept connection is to a checked address, but it was made for another name
}


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server said of the version it sent, so that it need not send that one again."""

    etag: str | None = None
    last_modified: str | None = None

    def headers(self) -> dict[str, str]:
        told = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in told.items() if value}


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address holds; `data` is None where it has not changed. `url` is where the last redirect led."""

    url: str
    data: bytes | None
    media_type: str
    validators: Validators


@dataclass(slots=True)
class Fetcher:
    """Fetches addresses for one process. Thread-safe."""

    allowed: Allowed = field(default_factory=Allowed)
    resolve: Resolve = resolve_by_system
    pause_seconds: float = PAUSE_SECONDS
    most_seconds: float = MOST_SECONDS
    most_bytes: int = MOST_BYTES
    verify: ssl.SSLContext | None = None
    _due: dict[str, float] = field(default_factory=dict)  # host -> when it may be asked again
    _rules: dict[str, tuple[Rules | None, float]] = field(default_factory=dict)  # origin -> its robots.txt, until when
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def fetch(self, url: str, validators: Validators = Validators()) -> Fetched:
        """What `url` holds.

        Raises:
            InvalidInput: the address, or one that it leads to, is not one to fetch.
            UnreadableSource: it was not answered, not with a page, or with too much.
        """
        return self._follow(url, validators.headers(), time.monotonic() + self.most_seconds, polite=True)

    def _follow(self, url: str, headers: Mapping[str, str], end: float, *, polite: bool) -> Fetched:
        for _ in range(MOST_REDIRECTS + 1):
            place = place_of(url, self.allowed, self.resolve)
            if polite:
                self._obey(place, end)
            self._wait(place.url.host, end)
            found = self._request(place, headers, end)
            if isinstance(found, Fetched):
                return found
            url = found
        raise UnreadableSource(f"{url} cannot be fetched: it redirects more than {MOST_REDIRECTS} times.")

    def _request(self, place: Place, headers: Mapping[str, str], end: float) -> Fetched | str:
        """What one hop answers: a page, or where it sends on to."""
        trouble: Exception | None = None
        for address in place.addresses:
            try:
                with self._answer(place, address, headers, end) as response:
                    return self._read(response, place, end)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                trouble = error  # the next of its addresses may do
            except httpx.HTTPError as error:
                trouble = error
                break
            if time.monotonic() > end:
                break
        late = time.monotonic() > end or isinstance(trouble, httpx.TimeoutException)
        why = "it does not answer in time" if late else str(trouble or "it does not answer").rstrip(".")
        raise UnreadableSource(f"{place.url} cannot be fetched: {why}.") from trouble

    @contextmanager
    def _answer(self, place: Place, address: str, headers: Mapping[str, str], end: float) -> Iterator[httpx.Response]:
        """The response, before its body; its connection ends when the time does, however slowly it trickles."""
        host = place.url.netloc.decode()
        request_headers = {**HEADERS, **headers, "Host": host}
        # trust_env off: a proxy would resolve the name itself, to an address that nobody checked.
        transport = httpx.HTTPTransport(verify=self.verify or _certificates(), trust_env=False)
        with httpx.Client(transport=transport, timeout=WAIT_SECONDS, trust_env=False) as client:
            timer = threading.Timer(max(0.0, end - time.monotonic()), client.close)
            timer.daemon = True
            timer.start()
            try:
                target = place.url.copy_with(host=address)
                extensions = {"sni_hostname": place.url.raw_host.decode()}
                with client.stream("GET", target, headers=request_headers, extensions=extensions) as response:
                    yield response
            except RuntimeError as error:  # httpx's word for a client that the timer closed
                raise httpx.ReadTimeout("it takes too long") from error
            finally:
                timer.cancel()

    def _read(self, response: httpx.Response, place: Place, end: float) -> Fetched | str:
        url = str(place.url)
        if response.status_code in REDIRECTS and "location" in response.headers:
            return self._redirected(url, response.headers["location"])
        told = Validators(response.headers.get("etag"), response.headers.get("last-modified"))
        media_type = response.headers.get("content-type", "")
        if response.status_code == 304:
            return Fetched(url, None, media_type, told)
        if response.status_code != 200:
            raise Unanswered(f"{url} cannot be fetched: its server answers {_status(response)}.", response.status_code)
        return Fetched(url, self._body(response, url, end), media_type, told)

    def _redirected(self, url: str, to: str) -> str:
        try:
            return urljoin(url, to)
        except ValueError as error:  # http://[x
            raise UnreadableSource(f"{url} cannot be fetched: it redirects to what is no address.") from error

    def _body(self, response: httpx.Response, url: str, end: float) -> bytes:
        encoding = response.headers.get("content-encoding", "").strip().lower()
        if encoding not in ENCODINGS:  # several, one in another, would unpack to anything
            raise UnreadableSource(
                f"{url} cannot be fetched: it is packed as {encoding[:40]!r}, which nobody asked for."
            )
        data = bytearray()
        try:
            for piece in _unpacked(response.iter_raw(STEP), ENCODINGS[encoding]):
                data += piece
                if len(data) > self.most_bytes:
                    size = self.most_bytes / MEGABYTE
                    raise UnreadableSource(f"{url} cannot be fetched: it is larger than {size:g} MB.")
                if time.monotonic() > end:
                    raise UnreadableSource(f"{url} cannot be fetched: it takes longer than {self.most_seconds:g} s.")
        except zlib.error as error:
            raise UnreadableSource(f"{url} cannot be fetched: what it sends is broken.") from error
        return bytes(data)

    # Politeness

    def _obey(self, place: Place, end: float) -> None:
        rules = self._rules_of(place, end)
        if rules is None:
            raise UnreadableSource(
                f"{place.url} is not fetched: its site's robots.txt cannot be had just now. Try again in a few minutes."
            )
        if not rules.allow(str(place.url)):
            raise UnreadableSource(f"{place.url} is not fetched: its robots.txt asks programs not to.")

    def _rules_of(self, place: Place, end: float) -> Rules | None:
        origin = str(place.url.copy_with(raw_path=b"/"))
        with self._lock:
            rules, until = self._rules.get(origin, (None, 0.0))
        if time.monotonic() >= until:
            rules = self._read_rules(origin, end)
            until = time.monotonic() + (OUTAGE_SECONDS if rules is None else RULES_SECONDS)
            with self._lock:
                self._rules[origin] = rules, until
        return rules

    def _read_rules(self, origin: str, end: float) -> Rules | None:
        """RFC 9309: no such file allows everything; of a server in trouble nothing is known (None)."""
        try:
            found = self._follow(urljoin(origin, "/robots.txt"), {}, end, polite=False)
        except Unanswered as error:
            return Rules("", AGENT) if 400 <= error.status < 500 else None
        except InvalidInput as error:
            if isinstance(error, UnreadableSource):
                raise
            return None  # it leads to where nobody may fetch
        return Rules((found.data or b"").decode("utf-8", "replace"), AGENT)

    def _wait(self, host: str, end: float) -> None:
        with self._lock:
            now = time.monotonic()
            begin = max(now, self._due.get(host, now))
            self._due[host] = begin + self.pause_seconds
        if begin > end:
            raise FootnoteError(f"{host} was asked too often just now: try again in a moment.")
        time.sleep(begin - now)


class Unanswered(UnreadableSource):
    """A server answered with another status than 200."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


def _status(response: httpx.Response) -> str:
    return f"{response.status_code} {response.reason_phrase}".strip()


def _unpacked(pieces: Iterator[bytes], window: int) -> Iterator[bytes]:
    """The content in small pieces: how much a piece unpacks to is never more than `STEP` at once."""
    if not window:
        yield from pieces
        return
    unpacker = zlib.decompressobj(window)
    for piece in pieces:
        while piece:
            yield unpacker.decompress(piece, STEP)
            piece = unpacker.unconsumed_tail
    yield unpacker.flush()


@cache
def _certificates() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)
