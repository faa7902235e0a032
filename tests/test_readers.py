"""Files into documents: formats, titles, dates, encodings, and what cannot be read."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.byline import iso_date
from ingest.document import Document
from ingest.readers import read_bytes, read_file, read_html, readable
from vectorstore import UnreadableSource

BODY = "The council of Northmere voted on Tuesday to close the old harbour bridge to lorries from the first of June."
MORE = "Mayor Ada Moss said that the decision had been put off three times since the spring of last year."
PAGE = f"""<!doctype html><html lang="de"><head><title>Bridge closes - Northmere Herald</title>
<meta property="og:title" content="Bridge closes"><meta name="author" content="Ines Varga">
<meta property="article:published_time" content="2024-05-14T08:00:00Z">
<link rel="canonical" href="https://northmere.example/bridge"></head>
<body><nav><a href="/">Home</a> <a href="/sport">Sport</a></nav><article><h1>Bridge closes</h1><p>{BODY}</p>
<h2>What comes next</h2><p>{MORE}</p><ul><li>a ferry for lorries</li><li>a bus for schools</li></ul>
<figure><img src="a.jpg"><figcaption>The bridge. Photo: nobody</figcaption></figure></article>
<section class="comments"><p>troll: I knew it!</p></section><footer>© 2024 Northmere Herald</footer></body></html>"""


def text_file(text: str, name: str = "bridge-closes.txt") -> Document:
    return read_bytes(text.encode(), name)


def test_a_text_with_headline_byline_and_furniture() -> None:
    text = (
        f"Back To Top\n\nBridge closes to lorries\n\nBy Ines Varga, 14 May 2024\n\n{BODY}\n\n{MORE}\n\nHerald Youtube"
    )
    document = text_file(text)
    assert document == Document(
        "Bridge closes to lorries",
        f"{BODY}\n\n{MORE}",
        source="bridge-closes.txt",
        published="2024-05-14",
        author="Ines Varga",
        dropped=("Back To Top", "Herald Youtube"),
    )


def test_without_a_headline_the_file_name_is_the_title() -> None:
    document = text_file(f"{BODY}\n\n{MORE}")
    assert (document.title, document.text) == ("Bridge closes", f"{BODY}\n\n{MORE}")
    assert readable("vale-bridge_opens.txt") == "Vale bridge opens"


def test_markdown_with_front_matter() -> None:
    matter = "---\ntitle: Bridge closes\ndate: 2024-05-14\nauthor: Ines Varga\ntags: [harbour, roads]\n---\n"
    document = read_bytes(f"{matter}\n{BODY}\n".encode(), "a.md")
    assert (document.title, document.published, document.author) == ("Bridge closes", "2024-05-14", "Ines Varga")
    assert document.tags == ("harbour", "roads")
    assert document.text == BODY


def test_markdown_becomes_readable_text() -> None:
    document = read_bytes(
        b"# Bridge *closes*\n\nSee [the **plan**](http://x.example) and `code`.\n\n## Next\n\n- one\n- two\n\n"
        b"3. three\n4. four\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\nx = 1\n```\n",
        "a.md",
    )
    assert document.title == "Bridge closes"
    assert document.text.split("\n\n") == [
        "See the plan and code.",
        "Next",
        "- one\n- two",
        "3. three\n4. four",
        "a | b\n1 | 2",
        "x = 1",
    ]


def test_broken_front_matter_is_no_reason_to_lose_an_article() -> None:
    assert BODY in read_bytes(f"---\n: [\n---\n\n# Bridge\n\n{BODY}".encode(), "a.md").text


def test_a_page() -> None:
    document = read_html(PAGE)
    assert (document.title, document.published, document.author) == ("Bridge closes", "2024-05-14", "Ines Varga")
    assert (document.source, document.language) == ("https://northmere.example/bridge", "de")
    parts = document.text.split("\n\n")
    assert parts == [BODY, "What comes next", MORE, "- a ferry for lorries\n- a bus for schools"]


def test_a_page_without_an_article_is_refused() -> None:
    with pytest.raises(UnreadableSource, match="no article"):
        read_html("<html><body><nav></nav><script>x()</script></body></html>")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(encoding: str) -> None:
    text = f"Café prices rise\n\n{BODY} Die Brücke über den Fluß wird geschlossen, sagte Bürgermeisterin Möß."
    assert "Brücke über den Fluß" in read_bytes(text.encode(encoding), "a.txt").text


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"", "a.txt", "empty"),
        (b"  \n", "a.txt", "empty"),
        (b"a\0b", "a.txt", "binary"),
        (b"words", "a.exe", r"kind \.exe"),
        (b"words", "README", "without a suffix"),
        (b"\xff\xfea", "a.txt", "utf-16"),
        (b"---\ntitle: x\n---\n", "a.md", "no text"),
    ],
)
def test_what_cannot_be_read_has_a_reason(data: bytes, name: str, reason: str) -> None:
    with pytest.raises(UnreadableSource, match=reason):
        read_bytes(data, name)


def test_a_media_type_stands_in_for_a_suffix() -> None:
    assert read_bytes(BODY.encode(), "upload", "text/plain; charset=utf-8").text == BODY


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSource, match="cannot be read"):
        read_file(tmp_path / "nothing.txt")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("14 May 2024", "2024-05-14"),
        ("May 14, 2024", "2024-05-14"),
        ("Published: Tuesday, 14 May 2024, 10:30", "2024-05-14T10:30"),
        ("Updated May 14, 2024 at 6:05 p.m.", "2024-05-14T18:05"),
        ("2024-05-14", "2024-05-14"),
        ("3/4/2024", None),
        ("31 February 2024", None),
        ("It happened on 14 May 2024", None),
    ],
)
def test_dates(text: str, wanted: str | None) -> None:
    assert iso_date(text) == wanted


@given(st.binary(max_size=400), st.sampled_from(["a.txt", "a.md", "a.html"]))
def test_any_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    try:
        document = read_bytes(data, name)
    except UnreadableSource:
        return
    assert document.title
    assert "\0" not in document.text
    document.text.encode()  # no lone surrogates
