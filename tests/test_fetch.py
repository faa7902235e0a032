"""Fetching, against real servers on this machine: allowed by the setting, and by a resolver that knows their names."""

import gzip
import ssl
import subprocess
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assistant.doors.api import create_app
from assistant.settings import Settings
from ingest.__main__ import main
from ingest.addresses import Allowed, ip_address, is_public, place_of
from ingest.document import Document, Skipped
from ingest.fetch import OUTAGE_SECONDS, RULES_SECONDS, Fetcher, Validators
from ingest.fetched import FILE, Versions
from ingest.links import MOST_LISTS, articles_of, canonical, documents_at
from tests.assistants import SmallAssistant
from tests.made_files import BODY, MORE, PAGE, TITLE, packed
from vectorstore import InvalidInput, UnreadableSource

NAME = "site.example"
Answer = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    answers: dict[str, Answer]
    seen: list[tuple[str, str, dict[str, str]]]

    def do_GET(self) -> None:
        self.seen.append((self.path, self.headers.get("Host", ""), dict(self.headers)))
        self.answers.get(self.path, lambda handler: handler.send(404, b"nothing"))(self)

    def send(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content_Type": "text/html", **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class Site:
    """A server with the answers of a test, under the name `site.example`, and what it was asked."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.answers: dict[str, Answer] = {}
        self.seen: list[tuple[str, str, dict[str, str]]] = []
        self.lookups: list[str] = []

    @property
    def url(self) -> str:
        return f"http://{NAME}:{self.port}"

    def page(self, path: str, body: str | bytes, **headers: str) -> str:
        data = body.encode() if isinstance(body, str) else body
        self.answers[path] = lambda handler: handler.send(200, data, **headers)
        return self.url + path

    def moved(self, path: str, to: str) -> str:
        self.answers[path] = lambda handler: handler.send(302, b"", Location=to)
        return self.url + path

    def resolve(self, host: str, port: int) -> Sequence[str]:
        self.lookups.append(host)
        known = {NAME: ["127.0.0.1"], "inside.example": ["10.0.0.7"], "public.example": ["93.184.215.14"]}
        if host not in known:
            raise OSError("no such name")
        return known[host]

    def fetcher(self, allowed: str = NAME, **options: object) -> Fetcher:
        return Fetcher(Allowed.read(allowed), self.resolve, **{"pause_seconds": 0.0, **options})  # type: ignore[arg-type]

    def paths(self) -> list[str]:
        return [path for path, _, _ in self.seen]


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[Site]:
    handler = type("Bound", (Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    site = Site(server.server_address[1])
    handler.answers, handler.seen = site.answers, site.seen  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as opened:
        yield opened


# What may be fetched

HIDDEN = [
    "127.0.0.1", "127.8.9.1", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "100.127.255.254", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1",
    "255.255.255.255", "192.88.99.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "fec0::1",
    "ff02::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1",
    "64:ff9b:1::7f00:1", "2001::1", "2001:db8::1", "100::1",
]  # fmt: skip


@pytest.mark.parametrize("address", HIDDEN)
def test_an_address_that_is_not_public(address: str) -> None:
    assert not is_public(ip_address(address))
    with pytest.raises(InvalidInput, match="not public"):
        place_of("http://host.example/", Allowed(), lambda host, port: ["93.184.215.14", address])


@pytest.mark.parametrize("address", ["93.184.215.14", "8.8.8.8", "2606:4700:4700::1111", "100.128.0.1"])
def test_an_address_that_is_public(address: str) -> None:
    assert is_public(ip_address(address))
    assert place_of("https://host.example/a", Allowed(), lambda host, port: [address]).addresses == (address,)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://public.example/a",
        "gopher://public.example/",
        "javascript:alert(1)",
        "//public.example/a",
        "public.example",
        "http://",
        "http:///a",
        "http://user:pass@public.example/",
        "http://public.example@127.0.0.1/",
        "http://public.example\\@127.0.0.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://127.0.0.1./",
        "http://127.0.0.1:80/",
        "http://１２７.０.０.１/",
        "http://①②⑦.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[0:0:0:0:0:ffff:7f00:1]/",
        "http://[fe80::1%25eth0]/",
        "http://localhost/",
        "http://LOCALHOST./",
        "http://public.example:22/",
        "http://public.example:6379/",
        "http://public.example:99999/",
        "http://public.example/" + "a" * 5000,
        "http://exa mple.com/",
        "http://nowhere.example/",
        "http://inside.example/",
        "http://\udcff/",
    ],
)
def test_what_is_no_address_to_fetch(url: str, site: Site) -> None:
    def resolve(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.1"] if host.lower().startswith("localhost") else site.resolve(host, port)

    with pytest.raises(InvalidInput) as told:
        place_of(url, Allowed(), resolve)
    assert str(told.value).endswith(".")
    assert str(told.value).isprintable()
    assert told.value.param == "url"


def test_names_and_networks_that_are_allowed() -> None:
    allowed = Allowed.read("intranet.example, *.corp.example, 10.1.0.0/16, ::1")
    assert place_of("http://intranet.example:9000/", allowed, lambda host, port: ["10.9.9.9"]).addresses == (
        "10.9.9.9",
    )
    assert place_of("http://a.corp.example/", allowed, lambda host, port: ["10.9.9.9"])
    assert place_of("http://other.example:9000/", allowed, lambda host, port: ["10.1.2.3"])
    assert place_of("http://[::1]:9000/", allowed, lambda host, port: [])
    for host in ("corp.example", "evilcorp.example", "intranet.example.evil.example"):
        with pytest.raises(InvalidInput, match="not public"):
            place_of(f"http://{host}/", allowed, lambda host, port: ["10.9.9.9"])
    with pytest.raises(InvalidInput, match="FOOTNOTE_ALLOW_HOSTS"):
        Allowed.read("http://intranet/")


# Fetching


def test_a_page_is_fetched_under_its_name_from_the_checked_address(site: Site) -> None:
    fetched = site.fetcher().fetch(site.page("/a", PAGE) + "#part")
    assert fetched.data == PAGE.encode()
    assert fetched.url == f"{site.url}/a"
    assert site.seen[-1][1] == f"{NAME}:{site.port}"
    assert site.seen[-1][2]["User-Agent"].startswith("Footnote/")


def test_a_name_is_resolved_once_and_connected_to_where_it_was_checked(site: Site) -> None:
    """A name that changes its mind between the check and the connection (rebinding) is not asked again."""
    answers = iter([["127.0.0.1"], ["127.0.0.1"], ["10.0.0.7"]])  # of the page, of robots.txt, of the page again
    fetcher = Fetcher(Allowed.read("127.0.0.1"), lambda host, port: next(answers), 0.0)
    url = site.page("/a", "words")
    assert fetcher.fetch(url).data == b"words"
    with pytest.raises(InvalidInput, match=r"at 10\.0\.0\.7, which is not public"):
        fetcher.fetch(url)


def test_a_redirect_is_followed_and_checked(site: Site) -> None:
    site.page("/b", PAGE)
    assert site.fetcher().fetch(site.moved("/a", "b")).url == f"{site.url}/b"
    for to in (f"http://127.0.0.1:{site.port}/b", "http://inside.example/", "file:///etc/passwd", "http://[::1]/"):
        with pytest.raises(InvalidInput, match="is not fetched"):
            site.fetcher().fetch(site.moved("/a", to))
    with pytest.raises(UnreadableSource, match="redirects more than 5 times"):
        site.fetcher().fetch(site.moved("/a", "/a"))
    with pytest.raises(UnreadableSource, match="redirects to what is no address"):
        site.fetcher().fetch(site.moved("/a", "http://[x"))


def test_the_next_address_of_a_name_is_tried(site: Site) -> None:
    fetcher = Fetcher(Allowed.read("127.0.0.0/8"), lambda host, port: ["127.9.9.9", "127.0.0.1"], 0.0)
    with serving() as other:  # bound to 127.0.0.1 alone, so 127.9.9.9 refuses
        assert fetcher.fetch(other.page("/a", "words")).data == b"words"


@pytest.mark.parametrize(
    ("headers", "body", "why"),
    [
        ({}, b"x" * 2_000_001, "larger than 2 MB"),
        ({"Content_Encoding": "gzip"}, gzip.compress(b"0" * 50_000_000, mtime=0), "larger than 2 MB"),
        ({"Content_Encoding": "deflate"}, zlib.compress(b"0" * 50_000_000), "larger than 2 MB"),
        (
            {"Content_Encoding": "gzip, gzip"},
            gzip.compress(gzip.compress(b"0" * 1000, mtime=0), mtime=0),
            "nobody asked for",
        ),
        ({"Content_Encoding": "br"}, b"x", "nobody asked for"),
        ({"Content_Encoding": "gzip"}, b"not packed", "is broken"),
    ],
)
def test_size_is_counted_after_unpacking(site: Site, headers: dict[str, str], body: bytes, why: str) -> None:
    with pytest.raises(UnreadableSource, match=why):
        site.fetcher(most_bytes=2_000_000).fetch(site.page("/a", body, **headers))


def test_a_packed_page_is_unpacked(site: Site) -> None:
    assert (
        site.fetcher().fetch(site.page("/a", gzip.compress(PAGE.encode()), Content_Encoding="gzip")).data
        == PAGE.encode()
    )


@pytest.mark.parametrize("where", ["head", "body"])
def test_a_server_that_trickles_has_an_end(site: Site, where: str) -> None:
    def trickle(handler: Handler) -> None:
        start = b"HTTP/1.1 200 OK\r\n" + (b"Content-Length: 500\r\n\r\n" if where == "body" else b"X: ")
        for byte in start + b"x" * 100:
            try:
                handler.wfile.write(bytes([byte]))
            except OSError:
                return
            time.sleep(0.02)

    site.answers["/a"] = trickle
    began = time.monotonic()
    with pytest.raises(UnreadableSource, match=r"in time|takes"):
        site.fetcher(most_seconds=0.6).fetch(site.url + "/a")
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(("status", "why"), [(404, "404 Not Found"), (500, "500"), (403, "403"), (204, "204")])
def test_a_page_that_is_not_there(site: Site, status: int, why: str) -> None:
    site.answers["/a"] = lambda handler: handler.send(status, b"")
    with pytest.raises(UnreadableSource, match=f"its server answers {why}"):
        site.fetcher().fetch(site.url + "/a")


def test_a_server_that_is_not_there() -> None:
    fetcher = Fetcher(Allowed.read("127.0.0.1"), pause_seconds=0.0)
    with pytest.raises(UnreadableSource, match="cannot be fetched"):
        fetcher.fetch("http://127.0.0.1:9/a")


def test_robots_txt_is_obeyed(site: Site) -> None:
    site.page("/robots.txt", "User-agent: *\nDisallow: /private\nAllow: /private/*.html$\n")
    site.page("/private/a", PAGE)
    site.page("/private/a.html", PAGE)
    fetcher = site.fetcher()
    with pytest.raises(UnreadableSource, match=r"robots\.txt asks"):
        fetcher.fetch(site.url + "/private/a")
    assert fetcher.fetch(site.url + "/private/a.html").data
    assert site.paths() == ["/robots.txt", "/private/a.html"]
    with pytest.raises(UnreadableSource, match=r"robots\.txt asks"):
        fetcher.fetch(site.moved("/b", "/private/a"))


def test_robots_txt_of_a_server_in_trouble_forbids_for_minutes(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.answers["/robots.txt"] = lambda handler: handler.send(503, b"")
    fetcher = site.fetcher()
    url = site.page("/a", PAGE)
    for _ in range(2):
        with pytest.raises(UnreadableSource, match=r"robots\.txt cannot be had just now"):
            fetcher.fetch(url)
    assert site.paths() == ["/robots.txt"]
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + OUTAGE_SECONDS)
    site.page("/robots.txt", "")
    assert fetcher.fetch(url).data
    assert fetcher.fetch(url).data
    monkeypatch.setattr(time, "monotonic", lambda: now + OUTAGE_SECONDS + RULES_SECONDS)
    assert fetcher.fetch(url).data
    assert site.paths() == ["/robots.txt", "/robots.txt", "/a", "/a", "/robots.txt", "/a"]


def test_a_host_is_asked_once_a_pause(site: Site) -> None:
    fetcher = site.fetcher(pause_seconds=0.15)
    began = time.monotonic()
    for path in ("/a", "/b"):
        fetcher.fetch(site.page(path, PAGE))
    assert 0.3 <= time.monotonic() - began < 1.5  # robots.txt, /a and /b


def test_what_has_not_changed_is_not_sent_again(site: Site) -> None:
    def answer(handler: Handler) -> None:
        same = handler.headers.get("If-None-Match") == '"1"'
        handler.send(304 if same else 200, b"" if same else PAGE.encode(), ETag='"1"')

    site.answers["/a"] = answer
    first = site.fetcher().fetch(site.url + "/a")
    assert first.validators == Validators('"1"', None)
    assert site.fetcher().fetch(site.url + "/a", first.validators).data is None


def test_a_certificate_has_to_be_of_the_name(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    make = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    make += ["-keyout", str(key), "-out", str(certificate), "-subj", f"/CN={NAME}"]
    subprocess.run([*make, "-addext", f"subjectAltName=DNS:{NAME}"], check=True, capture_output=True)
    ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.load_cert_chain(certificate, key)
    with serving(ours) as site:
        trusting = ssl.create_default_context(cafile=str(certificate))
        site.page("/a", PAGE)
        url = f"https://{NAME}:{site.port}/a"
        assert site.fetcher(verify=trusting).fetch(url).data == PAGE.encode()
        elsewhere = Fetcher(Allowed.read("127.0.0.1"), lambda host, port: ["127.0.0.1"], 0.0, verify=trusting)
        with pytest.raises(UnreadableSource, match="certificate"):
            elsewhere.fetch(url.replace(NAME, "other.example"))
        with pytest.raises(UnreadableSource, match="certificate"):
            site.fetcher().fetch(url)


# Links, feeds, sitemaps


def linked(site: Site, url: str) -> list[Document | Skipped]:
    return list(documents_at(site.fetcher().fetch(url)))


def test_a_link_becomes_an_article_of_its_canonical_address(site: Site) -> None:
    declared = PAGE.replace("<title>", f'<link rel="canonical" href="{site.url}/bridge"><title>')
    (plain,) = linked(site, site.page("/bridge?utm=1", declared))
    (other,) = linked(site, site.page("/bridge?utm=2", declared))
    assert isinstance(plain, Document)
    assert isinstance(other, Document)
    assert plain.id == other.id
    assert (plain.title, plain.text, plain.source) == (TITLE, f"{BODY}\n\n{MORE}", f"{site.url}/bridge")


def test_a_page_cannot_take_another_sites_place() -> None:
    assert canonical("https://herald.example/a", "https://evil.example/b") == "https://evil.example/b"
    assert canonical("https://www.herald.example/a", "http://m.herald.example/b?x=1") == "https://www.herald.example/a"
    assert canonical("https://herald.example/", "https://herald.example/b") == "https://herald.example/b"
    assert canonical("http://[x", "https://herald.example/b") == "https://herald.example/b"
    assert canonical(None, "HTTPS://Herald.example/b#x") == "https://herald.example/b"


def test_a_link_to_a_file(site: Site) -> None:
    files = {"a.txt": BODY, "b.txt": MORE}
    first, second = linked(site, site.page("/files", packed(files), Content_Type="application/zip"))
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert first.id != second.id
    (text,) = linked(site, site.page("/a.txt", BODY, Content_Type="application/octet-stream"))
    assert isinstance(text, Document)
    assert text.text == BODY
    (skipped,) = linked(site, site.page("/a.png", b"\x89PNG", Content_Type="image/png"))
    assert isinstance(skipped, Skipped)


RSS = """<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]><rss version="2.0"><channel>
<title>Herald &x;</title><item><title>Old</title><link>/old</link>
<pubDate>Tue, 07 May 2024 10:00:00 GMT</pubDate></item>
<item><title>New</title><link>{url}/new</link><pubDate>Tue, 14 May 2024 10:00:00 GMT</pubDate></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Herald</title><entry><title>a</title>
<link rel="alternate" href="/old"/><updated>2024-05-07T10:00:00Z</updated></entry><entry><title>b</title>
<link rel="alternate" href="/new"/><updated>2024-05-14T10:00:00Z</updated></entry>
<entry><link href="http://[x"/></entry></feed>"""
SITEMAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>{url}/old</loc>
<lastmod>2024-05-07</lastmod></url><url><loc> {url}/new </loc><lastmod>2024-05-14</lastmod></url><url><loc>http://127.0.0.1/x</loc></url><url><lastmod>2024-05-15</lastmod></url></urlset>"""
INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>{url}/s.xml.gz</loc></sitemap>
<sitemap><loc>http://127.0.0.1/s.xml</loc></sitemap><sitemap><loc>{url}/index.xml</loc></sitemap></sitemapindex>"""


def test_feeds_and_sitemaps_list_articles_newest_first(site: Site) -> None:
    fetcher = site.fetcher()
    new, old = f"{site.url}/new", f"{site.url}/old"
    assert articles_of(site.page("/rss", RSS.format(url=site.url)), fetcher) == [new, old]
    assert articles_of(site.page("/atom", ATOM), fetcher) == [new, old]
    assert articles_of(site.page("/s.xml", SITEMAP.format(url=site.url)), fetcher, 2) == [new, old]
    site.page("/s.xml.gz", gzip.compress(SITEMAP.format(url=site.url).encode()))
    assert articles_of(site.page("/index.xml", INDEX.format(url=site.url)), fetcher, 1) == [new]
    home = '<html><head><link rel="alternate" type="application/rss+xml" href="/rss"></head></html>'
    assert articles_of(site.page("/", home), fetcher) == [new, old]
    with pytest.raises(UnreadableSource, match="no feed"):
        articles_of(site.page("/a", "<html></html>"), fetcher)


def test_of_many_sitemaps_no_more_are_fetched_than_the_limit_needs_and_never_all(site: Site) -> None:
    names = [f"{site.url}/s{number}.xml" for number in range(MOST_LISTS + 10)]
    index = "".join(f"<sitemap><loc>{name}</loc></sitemap>" for name in names)
    site.page("/index.xml", f"<sitemapindex>{index}</sitemapindex>")
    for number in range(len(names)):
        site.page(f"/s{number}.xml", f"<urlset><url><loc>/a{number}</loc></url></urlset>")
    assert articles_of(f"{site.url}/index.xml", site.fetcher(), 3) == [f"{site.url}/a{number}" for number in range(3)]
    assert site.paths() == ["/robots.txt", "/index.xml", "/s0.xml", "/s1.xml", "/s2.xml"]
    assert len(articles_of(f"{site.url}/index.xml", site.fetcher())) == MOST_LISTS


def test_the_command_reads_links_and_feeds(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FOOTNOTE_ALLOW_HOSTS", "127.0.0.1")
    here = f"http://127.0.0.1:{site.port}"

    def page(handler: Handler) -> None:
        same = handler.headers.get("If-None-Match") == '"1"'
        handler.send(304 if same else 200, b"" if same else PAGE.encode(), ETag='"1"')

    site.answers["/new"] = page
    site.page("/s.xml", SITEMAP.format(url=here).replace("http://127.0.0.1/x", "http://169.254.169.254/latest"))
    assert main(["--feed", f"{here}/s.xml", "--limit", "3"]) == 1
    out, err = capsys.readouterr()
    assert "1 added, 0 updated, 0 unchanged, 2 skipped" in out
    assert "http://169.254.169.254/latest is not fetched: its host 169.254.169.254 is not public." in err
    assert f"{here}/old cannot be fetched: its server answers 404 Not Found." in err
    assert main([f"{here}/new"]) == 0
    assert "0 added, 0 updated, 1 unchanged" in capsys.readouterr().out
    assert main(["--list"]) == 0
    article_id = capsys.readouterr().out.split("\t")[0]
    assert main(["--remove", article_id]) == 0
    assert main([f"{here}/new"]) == 0  # not in the library any more: not asked whether it has changed
    assert "1 added" in capsys.readouterr().out


def test_a_link_is_added_through_the_api(site: Site, tmp_path: Path) -> None:
    settings = Settings(allow_hosts="127.0.0.1")
    app = create_app(lambda: SmallAssistant(tmp_path / "library"), settings)  # type: ignore[arg-type,return-value]
    site.page("/a", PAGE, ETag="1")
    url = f"http://127.0.0.1:{site.port}"
    with TestClient(app, base_url=f"http://127.0.0.1:{settings.port}") as client:
        while client.get("/readyz").status_code == 503:
            time.sleep(0.05)
        added = client.post("/v1/articles", json={"url": f"{url}/a", "tags": ["harbour"]}).json()
        assert [(each["title"], each["status"]) for each in added["articles"]] == [(TITLE, "added")]
        held = client.get(f"/v1/articles/{added['articles'][0]['id']}").json()
        assert (held["source"], held["tags"]) == (f"{url}/a", ["harbour"])
        refused = client.post("/v1/articles", json={"url": f"{url}/none"})
        assert refused.status_code == 422
        assert refused.json()["error"]["message"] == f"{url}/none cannot be fetched: its server answers 404 Not Found."
        assert refused.json()["error"]["param"] == "url"


def test_a_broken_memory_of_what_was_fetched_costs_one_more_request(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"not a database, and long enough to be taken for one" * 40)
    versions = Versions(tmp_path)
    assert versions.of("https://a.example/") is None
    versions.keep("https://a.example/", Validators(etag='"1"'), "art_1")
    versions.close()
    again = Versions(tmp_path)
    assert again.of("https://a.example/") == (Validators(etag='"1"'), "art_1")
    again.close()
