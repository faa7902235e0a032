"""Files into documents: formats, titles, dates, encodings, and what cannot be read."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from ingest.byline import Byline, iso_date, take_byline
from ingest.document import Document, Skipped
from ingest.formats.encoding import decode, decode_page
from ingest.formats.text import readable
from ingest.readers import read_bytes, read_file, read_html
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


def one(data: bytes, name: str, media_type: str | None = None) -> Document:
    (document,) = read_bytes(data, name, media_type)
    assert isinstance(document, Document), document
    return document


def text_file(text: str, name: str = "bridge-closes.txt") -> Document:
    return one(text.encode(), name)


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
    document = one(f"{matter}\n{BODY}\n".encode(), "a.md")
    assert (document.title, document.published, document.author) == ("Bridge closes", "2024-05-14", "Ines Varga")
    assert document.tags == ("harbour", "roads")
    assert document.text == BODY


@pytest.mark.parametrize(
    ("matter", "wanted"),
    [
        ("title: Vale: it opens\nauthor: Bo Li\ndate: May 14, 2024", ("Vale: it opens", "Bo Li", "2024-05-14", ())),
        ("title: Vale\ndate: 2024-02-30\ntags: 2024", ("Vale", None, None, ("2024",))),
        ("title: Vale\ndate: 2024-05-14 10:30:00 +0200\nlang: no", ("Vale", None, "2024-05-14T10:30:00+02:00", ())),
        ("title: Vale\nauthor: [{name: Ida Holm}, Bo]\ntags: [a, [b]]", ("Vale", "Ida Holm, Bo", None, ("a",))),
    ],
)  # fmt: skip
def test_front_matter_as_people_write_it(matter: str, wanted: tuple[object, ...]) -> None:
    document = one(f"---\n{matter}\n---\n\n{BODY}".encode(), "a.md")
    assert (document.title, document.author, document.published, document.tags) == wanted
    assert document.text == BODY


def test_what_only_stands_like_front_matter_is_text() -> None:
    assert one(f"---\n{MORE}\n---\n\n{BODY}".encode(), "a.md").text == f"{MORE}\n\n{BODY}"


def test_a_bomb_of_aliases_is_no_title() -> None:
    levels = "\n".join(f"{name}: &{name} [{', '.join([f'*{below}'] * 10)}]" for below, name in pairwise("abcdefghi"))
    document = one(f"---\na: &a [x]\n{levels}\ntitle: *i\nauthor: *i\ntags: *i\n---\n\n{BODY}".encode(), "bridge.md")
    assert (document.title, document.author, document.tags) == ("Bridge", None, ())


def test_html_in_markdown_says_what_it_says() -> None:
    box = f"<details>\n<summary>More</summary>\n<p>{BODY}</p>\n</details>"
    text = f"<h1 align=center>Bridge closes</h1>\n\n{box}\n\nOne<br>two\n\n- item\n- <p>{MORE}</p>\n"
    document = one(text.encode(), "a.md")
    assert (document.title, document.text) == ("Bridge closes", f"More\n\n{BODY}\n\nOne\ntwo\n\n- item\n- {MORE}")


def test_markdown_becomes_readable_text() -> None:
    document = one(
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
    assert BODY in one(f"---\n: [\n---\n\n# Bridge\n\n{BODY}".encode(), "a.md").text


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
    assert "Brücke über den Fluß" in one(text.encode(encoding), "a.txt").text


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
    (skipped,) = read_bytes(data, name)
    assert isinstance(skipped, Skipped)
    assert re.search(reason, skipped.reason)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("Die Brücke über den Fluß".encode() * 3 + b"\xff" + BODY.encode(), "UTF-8 with a broken byte at 81"),
        (bytes(range(128, 256)) * 4, "encoding cannot be told"),
        (bytes(range(1, 32)) * 4, "binary"),
    ],
)
def test_text_that_is_broken_is_not_guessed_at(data: bytes, reason: str) -> None:
    (skipped,) = read_bytes(data, "a.txt")
    assert isinstance(skipped, Skipped)
    assert reason in skipped.reason


SENTENCES = {
    "cp1252": "Le café est « fermé » à Orléans, a déclaré l’élue — hélas.",
    "mac_roman": "Le café est fermé à Orléans, dit l’élue.",
    "cp1250": "Most zostanie zamknięty dla ciężarówek, powiedziała burmistrz Łucja Żak.",
    "cp1254": "Köprü kamyonlara kapatılacak, dedi belediye başkanı Işık.",
    "cp1251": "Мост закрыт, сказала мэр города, а «НАТО» молчит.",
    "koi8_r": "Совет города постановил закрыть старый мост в гавани для грузовиков с первого июня.",
    "cp1253": "Η γέφυρα κλείνει για τα φορτηγά από την πρώτη Ιουνίου.",
    "cp1255": "הגשר ייסגר למשאיות מהראשון ביוני",
    "cp1256": "سيغلق الجسر أمام الشاحنات من أول يونيو",
    "cp932": "港の橋は六月一日から閉鎖すると市長は述べた。",
    "euc_jp": "港の橋は六月一日から閉鎖すると市長は述べた。",
    "gb18030": "港口的旧桥将于六月一日起禁止货车通行。",
    "big5": "港口的舊橋將於六月一日起禁止貨車通行。",
    "cp949": "항구의 다리는 6월 1일부터 트럭 통행이 금지된다.",
    "tis_620": "สะพานท่าเรือจะปิดไม่ให้รถบรรทุกผ่าน",
}


@pytest.mark.parametrize("encoding", SENTENCES)
def test_a_sentence_in_any_encoding(encoding: str) -> None:
    assert decode(SENTENCES[encoding].encode(encoding)) == SENTENCES[encoding]


def test_a_few_words_in_a_western_encoding() -> None:
    assert decode("café".encode("latin-1")) == "café"
    assert decode("It’s £5.".encode("cp1252")) == "It’s £5."


@pytest.mark.parametrize(
    "data",
    [
        b"caf\xc3\xa9 \xff\xfe\xc3\x28 words that are broken \xe2\x28\xa1",
        b"\xff\xfa\xfe words",
        b"Hello \xff\xfe\x80 world \xc3\x28 ok",
        b"good text then \xc0\xaf and \xe0\x80\x80 overlong",
    ],
)
def test_bytes_that_are_no_text_in_any_encoding(data: bytes) -> None:
    with pytest.raises(UnreadableSource):
        decode(data)


def test_a_text_cut_off_inside_its_last_character_is_read() -> None:
    assert one(f"{BODY} Möß".encode()[:-1], "a.txt").text == f"{BODY} Mö"


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ('<meta charset="windows-1251">', "cp1251"),
        ('<meta http-equiv="content-type" content="text/html; charset=iso-8859-1">', "cp1252"),
        ("<meta charset=shift_jis>", "cp932"),
    ],
)
def test_a_page_that_names_its_encoding(head: str, encoding: str) -> None:
    sentence = {
        "cp1251": "Мэр сказала, что мост закроют для грузовиков с первого июня.",
        "cp1252": "Die Bürgermeisterin sagte – ohne Zögern –, die Brücke müsse geschlossen werden.",
        "cp932": "市長は六月一日から橋を貨物自動車に対して閉鎖すると述べた。",
    }[encoding]
    page = f"<html><head>{head}</head><body><article><h1>T</h1><p>{sentence * 3}</p></article></body></html>"
    assert sentence in one(page.encode(encoding), "a.html").text


def test_an_encoding_that_decodes_nothing_is_passed_over() -> None:
    assert decode_page(b"words", "undefined") == "words"


def test_what_a_page_tells_of_itself_can_be_stored() -> None:
    told = (
        r'{"@context": "https://schema.org", "@type": "NewsArticle", "headline": "Bridge \ud83c opens",'
        r' "author": {"name": "Ines \ud83c Varga"}}'
    )
    head = f'<head><title>x</title><script type="application/ld+json">{told}</script></head>'
    document = read_html(f"<html>{head}<body><article><p>{BODY}</p><p>{MORE}</p></article></body></html>")
    assert (document.title, document.author) == ("Bridge opens", "Ines Varga")


def test_a_media_type_stands_in_for_a_suffix() -> None:
    assert one(BODY.encode(), "upload", "text/plain; charset=utf-8").text == BODY


def test_a_missing_file(tmp_path: Path) -> None:
    assert list(read_file(tmp_path / "nothing.txt")) == [Skipped("nothing.txt", "it is not a file.")]


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


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("By Ida Holm", Byline("Ida Holm")),
        ("By Ida Holm, Northmere Herald", Byline("Ida Holm")),
        ("By April Jones - Updated May 14, 2024 at 6:05 p.m.", Byline("April Jones", "2024-05-14T18:05")),
        ("By Monday, the fire had spread to three houses.", Byline()),
        ("By Easter, half the shops on Quay Street had closed.", Byline()),
        ("By January, half the shops closed", Byline()),
    ],
)
def test_who_wrote_it_is_told_from_how_a_text_begins(line: str, wanted: Byline) -> None:
    found, rest = take_byline([line, BODY])
    assert found == wanted
    assert rest == ([BODY] if wanted.author else [line, BODY])
