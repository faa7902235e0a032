"""Every format a file can have: what is read of it, and what of it cannot be read and why."""

import io
import os
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.dates import iso_published
from ingest.document import Document, Skipped
from ingest.formats import source as limits
from ingest.pipeline import id_of_file, to_article
from ingest.readers import MEDIA_TYPES, SUFFIXES, read_bytes, read_file, read_open
from tests import made_files as made
from tests.made_files import BODY, LONG, MORE, PAGE, TITLE

FUZZED = int(os.environ.get("FUZZ_FILES", "100"))  # `make fuzz`: thousands


def one(data: bytes, name: str) -> Document:
    (document,) = read_bytes(data, name)
    assert isinstance(document, Document), document
    return document


def reason(data: bytes, name: str) -> str:
    found = [each for each in read_bytes(data, name) if isinstance(each, Skipped)]
    assert found
    assert "\n" not in found[0].reason
    return found[0].reason


# PDF


def test_a_pdf_with_pages_header_and_headline() -> None:
    data = made.pdf(
        [[BODY, LONG], [MORE, LONG], ["The ferry begins in July."]], heading=TITLE, running="Northmere Herald 14/5"
    )
    document = one(data, "bridge.pdf")
    assert document.title == TITLE
    assert document.text.split("\n\n") == [BODY, LONG.strip(), MORE, LONG.strip(), "The ferry begins in July."]
    assert "Page 2 of 3" in document.dropped
    assert document.dropped.count("Northmere Herald 14/5") == 3
    pages = [paragraph.page_number for paragraph in to_article(document).paragraphs]
    assert pages == [1, 1, 2, 2, 3]


def test_a_pdf_whose_paragraphs_have_no_space_between_them() -> None:
    """Then a line that ends early ends its paragraph; and one that goes on overleaf is one paragraph."""
    data = made.pdf(
        [[LONG + "It is the council's third attempt at the bridge, and its fate is"], ["open to this day."]]
    )
    document = one(data, "bridge.pdf")
    assert document.text.endswith("and its fate is open to this day.")
    assert document.page_starts == (0, document.text.index("open to this day"))


FULL = ["The engineers who looked at the bridge in March", "found cracks in four of its eleven piers, and the"]
MORE_OF_IT = ["cost of the works was put at nine million crowns,", "which is more than the town has, by Ada Moss, the"]
NAMED = [
    "Northmere council was advised to keep lorries off",
    "it until the summer.",
]  # a name, so no word in lower case
LAST = ["Fishermen say that the detour adds forty minutes", "to every load."]


def set_in(*pages: list[str], notes: dict[int, str] | None = None) -> list[str]:
    """The paragraphs of a page of lines each."""
    return one(made.columns_pdf([[(72, page)] for page in pages], notes), "a.pdf").text.split("\n\n")


def test_a_paragraph_goes_on_overleaf() -> None:
    whole = " ".join([*FULL, *NAMED])
    assert set_in(FULL, NAMED) == [whole]
    assert set_in(FULL, MORE_OF_IT, NAMED) == [" ".join([*FULL, *MORE_OF_IT, *NAMED])]
    assert set_in([*FULL, "and the coun-"], ["cil was told."]) == [" ".join([*FULL, "and the council was told."])]
    assert set_in(FULL, [], NAMED) == [whole]


def test_words_on_the_second_page_of_a_paragraph_are_on_that_page() -> None:
    (paragraph,) = to_article(one(made.columns_pdf([[(72, FULL)], [(72, NAMED)]]), "a.pdf")).paragraphs
    second = len(" ".join(FULL)) + 1
    assert [paragraph.page_at(at) for at in (0, second - 1, second, paragraph.end - 1)] == [1, 1, 2, 2]
    assert (paragraph.page_number, paragraph.page_starts) == (1, (second,))


def test_a_paragraph_that_ends_where_its_page_ends_does_not_go_on() -> None:
    ended = [*FULL, "rest of the bridge is said to be quite sound now."]
    assert set_in(ended, NAMED) == [" ".join(ended), " ".join(NAMED)]
    assert set_in([*FULL, "Ferries"], NAMED)[-1].startswith("Northmere")  # a heading that was left behind
    assert set_in(FULL, ["What Comes Next", "", *NAMED, *NAMED])[1] == "What Comes Next"
    items = [f"- {line}" for line in (*FULL, *NAMED)]
    assert set_in(items[:2], items[2:]) == items


def test_an_item_of_a_list_goes_on_overleaf() -> None:
    assert set_in([f"- {NAMED[1]}", f"- {FULL[0]}"], FULL[1:] + NAMED)[1:] == [" ".join(["-", *FULL, *NAMED])]


def test_a_footnote_does_not_part_a_paragraph() -> None:
    """It goes before the paragraph: both begin on the first page, and every page keeps its own words."""
    data = made.columns_pdf([[(72, FULL)], [(72, NAMED)]], {1: "1 Their report is kept in the library of the harbour."})
    document = one(data, "a.pdf")
    assert document.text.split("\n\n") == [
        "1 Their report is kept in the library of the harbour.",
        " ".join([*FULL, *NAMED]),
    ]
    assert document.page_starts == (0, document.text.index("Northmere"))
    in_the_middle = set_in(FULL, MORE_OF_IT, NAMED, notes={2: "2 So says the report."})
    assert in_the_middle == [" ".join([*FULL, *MORE_OF_IT]), "2 So says the report.", " ".join(NAMED)]


def test_a_paragraph_goes_on_from_the_last_column_of_a_page() -> None:
    data = made.columns_pdf([[(72, FULL), (330, MORE_OF_IT)], [(72, NAMED), (330, LAST)]])
    document = one(data, "a.pdf")
    first, second = document.text.split("\n\n")
    assert first == " ".join([*FULL, *MORE_OF_IT, *NAMED])
    assert second == " ".join(LAST)
    assert document.page_starts == (0, first.index("Northmere"))


def test_the_title_of_a_pdf_is_its_headline_and_nothing_of_the_page_is_lost() -> None:
    headed = one(made.pdf([[BODY, LONG]], heading=TITLE, title=f"{TITLE} - Herald"), "a.pdf")
    assert (headed.title, headed.text.split("\n\n")[0]) == (TITLE, BODY)
    other = one(made.pdf([[BODY, LONG]], heading="NORTHMERE HERALD", title=TITLE), "a.pdf")
    assert (other.title, other.text.split("\n\n")[:2]) == (TITLE, ["NORTHMERE HERALD", BODY])
    assert one(made.pdf([[BODY, LONG]]), "bridge-closes.pdf").title == "Bridge closes"


def test_rows_of_a_pdf_stay_rows() -> None:
    rows = ["School 2023 2024", "Northmere 812 846", "Sand Point 96 121", "Skarn 14 11"]
    tight = made.pdf([[LONG, *rows]], apart=0)
    assert "\n".join(rows) in one(tight, "a.pdf").text


def test_a_word_parted_at_a_lines_end_is_whole_again() -> None:
    lines = [
        "The well-known bridge is watched by the coun-",
        "cil of Northmere and by the well-",
        "known Anglo-",
        "Norse",
    ]
    whole = "The well-known bridge is watched by the council of Northmere and by the well-known Anglo-Norse society."
    assert set_in([*lines, "society."])[0] == whole


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (made.scanned_pdf(), "scanned"),
        (made.pdf([[BODY]], password="x"), "encrypted"),
        (made.pdf([[BODY]])[:200], "broken"),
        (b"%PDF-1.7\n" + b"\0" * 500, "broken"),
    ],
)
def test_a_pdf_that_cannot_be_read(data: bytes, why: str) -> None:
    assert why in reason(data, "a.pdf")


# Word, EPUB


def test_a_word_document() -> None:
    table = "".join(
        f"<w:tr><w:tc>{made.paragraph(a)}</w:tc><w:tc>{made.paragraph(b)}</w:tc></w:tr>"
        for a, b in [("Pier", "Cracks"), ("North", "4")]
    )
    body = (
        made.paragraph(TITLE, "Heading1")
        + made.paragraph(BODY)
        + made.paragraph("What comes next", "Heading2")
        + made.paragraph(MORE)
        + f"<w:tbl>{table}</w:tbl>"
    )
    document = one(made.docx(body, title=TITLE, author="Ines Varga", created="2024-05-14T08:00:00Z"), "a.docx")
    assert (document.title, document.author, document.published) == (TITLE, "Ines Varga", "2024-05-14T08:00:00Z")
    assert document.text.split("\n\n") == [BODY, "What comes next", MORE, "Pier | Cracks\nNorth | 4"]


def test_a_word_document_without_properties_has_its_headings_title() -> None:
    assert one(made.docx(made.paragraph(TITLE, "Heading1") + made.paragraph(BODY)), "a.docx").title == TITLE


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\xd0\xcf\x11\xe0" + b"\1" * 600, "encrypted"),
        (made.packed({"a.txt": "x"}), "not a Word document"),
        (made.docx(made.paragraph(BODY))[:300], "broken"),
        (made.docx("<w:p>"), "broken"),
        (made.docx(made.paragraph("0" * 40_000_000)), "as no article does"),
        (made.docx(made.paragraph("0" * 40_000_000), part="word/media/picture.png"), "broken"),
    ],
)
def test_a_word_document_that_cannot_be_read(data: bytes, why: str) -> None:
    assert why in reason(data, "a.docx")


def test_a_book() -> None:
    document = one(made.epub([f"<h1>{TITLE}</h1><p>{BODY}</p>", f"<h2>Later</h2><p>{MORE}</p>"]), "a.epub")
    assert (document.title, document.author, document.published) == (TITLE, "Ines Varga", "2024-05-14")
    assert document.text.split("\n\n") == [BODY, "Later", MORE]
    assert document.language == "en"


def test_an_epub_that_is_none() -> None:
    assert "not an EPUB" in reason(made.packed({"a.txt": "x"}), "a.epub")


def book_with(files: dict[str, bytes]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(made.epub([f"<p>{BODY}</p>", f"<p>{MORE}</p>"]))) as book:
        return made.packed({name: book.read(name) for name in book.namelist()} | files)


def test_an_empty_chapter_is_passed_over() -> None:
    assert one(book_with({"OEBPS/text/c 0.xhtml": b" "}), "a.epub").text == MORE


def test_what_is_packed_in_a_book_has_the_limits_of_any_archive() -> None:
    name = "META-INF/encryption.xml"
    assert "100 times its size" in reason(book_with({name: b" " * 20_000_000}), "a.epub")
    locked = book_with({name: b'<EncryptionMethod Algorithm="x"/><CipherReference URI="OEBPS/text/c 0.xhtml"/>'})
    assert "is encrypted" in reason(locked, "a.epub")
    assert "is broken" in reason(locked.replace(b"PK\3\4", b"PK\3\5"), "a.epub")


# Mail, saved pages


def test_a_mail_with_an_attachment() -> None:
    data = made.mail(f"{BODY}\n\n{MORE}\n-- \nHerald", files={"more.txt": LONG.encode(), "a.exe": b"x"})
    letter, attached = read_bytes(data, "a.eml")
    assert isinstance(letter, Document)
    assert (letter.title, letter.author, letter.published) == (TITLE, "Ines Varga", "2024-05-14T10:30:00+02:00")
    assert letter.text == f"{BODY}\n\n{MORE}"
    assert isinstance(attached, Document)
    assert (attached.text, attached.source, attached.part) == (LONG.strip(), "a.eml/more.txt", "more.txt")


def test_a_mail_that_says_it_in_html() -> None:
    html = f"<p>{BODY}</p><ul><li>a ferry</li><li>a bus</li></ul>"
    assert one(made.mail("See the HTML.", html), "a.eml").text == f"{BODY}\n\n- a ferry\n- a bus"


def test_a_mailbox() -> None:
    begins = b"From ines@herald.example Tue May 14 10:30:00 2024\n"
    quoted = made.mail(f"{BODY}\n\nFrom now on it is shut.\n\n>From the quay: {MORE}")
    found = list(read_bytes(begins + quoted + b"\n\n" + begins + made.mail(LONG) + b"\n" + begins + b"x", "a.mbox"))
    assert [each.text for each in found if isinstance(each, Document)] == [
        f"{BODY}\n\nFrom now on it is shut.\n\nFrom the quay: {MORE}",
        LONG.strip(),
    ]
    assert [each.source for each in found] == ["a.mbox/1.eml", "a.mbox/2.eml", "a.mbox/3.eml"]
    assert isinstance(found[1], Document)
    assert found[1].part == "2.eml"
    assert "not a mailbox" in reason(quoted, "a.mbox")
    assert "no article" in reason(b"\n\n", "a.mbox")


def test_a_page_that_a_browser_saved() -> None:
    document = one(made.mhtml(PAGE), "a.mhtml")
    assert (document.title, document.text) == (TITLE, f"{BODY}\n\n{MORE}")
    assert document.source == "https://northmere.example/bridge"


# Rows


def test_json_lines() -> None:
    data = made.lines(
        {
            "id": "a1",
            "title": TITLE,
            "text": BODY,
            "url": "https://x.example/a",
            "date": "2024-05-14",
            "author": "I. V.",
        },
        {"title": "Ferry", "html": f"<p>{BODY}</p><p>{MORE}</p>", "tags": ["harbour"]},
        {"headline": "Bus", "body": BODY, "authors": [{"name": "Ada"}, "Bo"], "published": "14 May 2024"},
    )
    first, second, third = read_bytes(data, "a.jsonl")
    assert first == Document(
        TITLE, BODY, source="https://x.example/a", published="2024-05-14", author="I. V.", id="a1", part="1"
    )
    assert isinstance(second, Document)
    assert (second.text, second.tags, second.source) == (f"{BODY}\n\n{MORE}", ("harbour",), "a.jsonl:2")
    assert isinstance(third, Document)
    assert (third.title, third.author, third.published) == ("Bus", "Ada, Bo", "2024-05-14")


def test_a_broken_row_does_not_keep_the_others_out() -> None:
    data = made.lines({"text": BODY}) + b'{"text": \n\xff\n[1]\n' + made.lines({"title": "x"}, {"text": MORE})
    found = list(read_bytes(data, "a.jsonl"))
    assert [each.text for each in found if isinstance(each, Document)] == [BODY, MORE]
    assert [each.source for each in found if isinstance(each, Skipped)] == [f"a.jsonl:{row}" for row in (2, 3, 4, 5)]


def test_an_id_that_stands_twice_is_told() -> None:
    data = made.lines({"id": "a", "text": BODY}, {"id": "a", "text": MORE})
    assert "stood in a row before" in reason(data, "a.jsonl")


def test_a_file_of_something_else_is_given_up() -> None:
    assert len(list(read_bytes(b"words\n" * 1000, "a.jsonl"))) == 11


def test_json_in_its_shapes() -> None:
    row = f'{{"title": "{TITLE}", "text": "{BODY}"}}'
    assert one(row.encode(), "a.json").title == TITLE
    assert len(list(read_bytes(f"[{row}, {row}]".encode(), "a.json"))) == 2
    assert len(list(read_bytes(f'{{"articles": [{row}]}}'.encode(), "a.json"))) == 1
    assert len(list(read_bytes(f"{row}\n{row}\n".encode(), "a.json"))) == 2
    parted = f'{{"text": "{BODY}\u2028{MORE}"}}\n{row}\n'
    assert [type(each) for each in read_bytes(parted.encode(), "a.json")] == [Document, Document]
    assert "no article" in reason(b"3", "a.json")
    assert "not JSON" in reason(b"{", "a.json")
    assert "nested too deeply" in reason(b"[" * 100_000, "a.json")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_with_named_columns(delimiter: str) -> None:
    rows = [["Title", "Text", "Date"], [TITLE, f'"{BODY}\n\nHe said ""no""."', "2024-05-14"], ["Ferry", MORE, ""]]
    data = "\ufeff" + "\n".join(delimiter.join(row) for row in rows)
    first, second = read_bytes(data.encode(), "a.csv")
    assert isinstance(first, Document)
    assert (first.title, first.text, first.published) == (TITLE, f'{BODY}\n\nHe said "no".', "2024-05-14")
    assert isinstance(second, Document)
    assert (second.title, second.source) == ("Ferry", "a.csv:2")


def test_csv_without_names_says_what_it_needs() -> None:
    assert "name the columns" in reason(b"1,2\n3,4\n", "a.csv")


def test_a_row_of_csv_with_more_cells_than_names_is_told() -> None:
    data = f"title,text\nFerry,{MORE},\nBridge,It closes, said the mayor.\n"
    ferry, bridge = read_bytes(data.encode(), "a.csv")
    assert isinstance(ferry, Document)
    assert bridge == Skipped("a.csv:2", "it has more cells than the first row has names.")


# Archives


MODES = {"a.tar": "w", "a.tar.gz": "w:gz", "a.tgz": "w:gz", "a.tar.bz2": "w:bz2", "a.tar.xz": "w:xz"}


@pytest.mark.parametrize("name", ["a.zip", *MODES])
def test_an_archive_of_articles(name: str) -> None:
    files = {"may/bridge.html": PAGE.encode(), "may/x.jsonl": made.lines({"text": MORE}), "photo.jpg": b"\xff"}
    data = (
        made.packed(files)
        if name == "a.zip"
        else made.tarred(files, "w:xz" if "xz" in name else "w:gz" if "gz" in name else "w")
    )
    page, row = read_bytes(data, name)
    assert isinstance(page, Document)
    assert (page.title, page.source, page.part) == (TITLE, f"{name}/may/bridge.html", "may/bridge.html")
    assert isinstance(row, Document)
    assert (row.source, row.part) == (f"{name}/may/x.jsonl:1", "may/x.jsonl/1")
    ids = {id_of_file(Path(name), each) for each in (page, row)}
    assert len(ids) == 2


def test_archives_within_archives_have_an_end() -> None:
    data = made.packed({"a.txt": BODY})
    for _ in range(4):
        data = made.packed({"inner.zip": data, "b.txt": MORE})
    found = list(read_bytes(data, "a.zip"))
    assert len([each for each in found if isinstance(each, Document)]) == 3
    assert "archives deep" in next(each.reason for each in found if isinstance(each, Skipped))


def test_a_bomb_is_told_and_the_rest_goes_in() -> None:
    data = made.packed({"bomb.txt": b"0" * 40_000_000, "a.txt": BODY})
    tracemalloc.start()
    found = list(read_bytes(data, "a.zip"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [type(each) for each in found] == [Skipped, Document]
    assert "100 times its size" in str(found[0])
    assert peak < 10_000_000
    assert "100 times its size" in reason(made.tarred({"a.txt": b"0" * 40_000_000}), "a.tar.gz")


def test_an_archive_that_unpacks_to_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_UNPACKED", 300)
    source = limits.Source(io.BytesIO(), "a.zip", lambda _: True, allowance=limits.Allowance(300, 2))
    source.allowance.unpack(300)
    source.member("a.txt", b"")
    source.member("b.txt", b"")
    with pytest.raises(limits.UnreadableSource, match="are packed"):
        source.member("c.txt", b"")
    with pytest.raises(limits.UnreadableSource, match="MB are packed"):
        source.allowance.unpack(1)


def test_an_archive_that_is_broken_or_encrypted() -> None:
    whole = made.packed({"a.txt": LONG * 50}, method=zipfile.ZIP_STORED)
    assert "broken" in reason(whole[:-30], "a.zip")
    assert "broken" in reason(whole.replace(b"fishermen", b"fishermaN").replace(b"Fishermen", b"fishermaN"), "a.zip")
    encrypted = bytearray(made.packed({"a.txt": BODY}))
    for mark in (b"PK\1\2", b"PK\3\4"):
        encrypted[encrypted.index(mark) + (8 if mark == b"PK\1\2" else 6)] |= 1
    assert "encrypted" in reason(bytes(encrypted), "a.zip")
    assert "broken" in reason(made.tarred({"a.txt": LONG.encode()})[:60], "a.tar.gz")
    assert "no article in it" in reason(made.packed({"a.jpg": b"x"}), "a.zip")


# Limits, names, dates


class Endless(io.RawIOBase):
    """A file of `left` bytes that are made as they are read."""

    def __init__(self, left: int, tail: bytes = b"") -> None:
        self._left = left
        self._tail = tail

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self._left:
            piece, self._tail = self._tail[: len(buffer)], self._tail[len(buffer) :]
            buffer[: len(piece)] = piece
            return len(piece)
        size = min(len(buffer), self._left)
        buffer[:size] = b"x" * size
        self._left -= size
        return size


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.json", "a.csv", "a.pdf", "a.docx", "a.eml"])
def test_a_line_of_200_megabytes(name: str) -> None:
    (found,) = read_open(io.BufferedReader(Endless(200_000_000)), name)
    assert isinstance(found, Skipped)
    assert "larger than 50 MB" in found.reason


def test_a_row_of_200_megabytes_does_not_keep_the_next_out() -> None:
    file = io.BufferedReader(Endless(200_000_000, b"\n" + made.lines({"text": BODY})))
    long, row = read_open(file, "a.jsonl")
    assert isinstance(long, Skipped)
    assert "longer than 50 MB" in long.reason
    assert isinstance(row, Document)


def test_names_with_newlines_and_broken_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a\nb\udcff.txt"
    path.write_text(f"{BODY}\n\n{MORE}")
    (document,) = read_file(path)
    assert isinstance(document, Document)
    assert document.source is not None
    assert document.source.isprintable()
    assert id_of_file(path, document).startswith("a_")


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        ("2024-05-14", "2024-05-14"),
        ("2024-05-14T08:00:00Z", "2024-05-14T08:00:00Z"),
        ("Tue, 14 May 2024 10:30:00 +0200", "2024-05-14T10:30:00+02:00"),
        ("2024/5/4", "2024-05-04"),
        ("20240514", "2024-05-14"),
        ("20240514T103000Z", "2024-05-14T10:30:00+00:00"),
        ("2024-05-14 10:30:00 +0200", "2024-05-14T10:30:00+02:00"),
        ("2024-W20-2", "2024-05-14"),
        ("2024-W20", None),
        ("14 May 2024", "2024-05-14"),
        ("2024", None),
        ("3/4/2024", None),
        ("yesterday", None),
        (None, None),
    ],
)
def test_dates_as_files_tell_them(told: str | None, wanted: str | None) -> None:
    assert iso_published(told) == wanted


def test_every_media_type_has_a_reader_that_a_suffix_has_too() -> None:
    assert set(MEDIA_TYPES.values()) <= set(SUFFIXES.values())


# Anything at all

SEEDS = {
    ".pdf": made.pdf([[BODY]]),
    ".docx": made.docx(made.paragraph(BODY)),
    ".epub": made.epub([f"<p>{BODY}</p>"]),
    ".eml": made.mail(BODY, f"<p>{BODY}</p>", {"a.txt": b"words"}),
    ".mbox": b"From a Tue May 14 10:30:00 2024\n" + made.mail(BODY) + b"\nFrom b Tue May 14 10:31:00 2024\nx: y\n\nz",
    ".mhtml": made.mhtml(PAGE),
    ".zip": made.packed({"a.txt": BODY, "b.zip": made.packed({"c.html": PAGE})}),
    ".tar.gz": made.tarred({"a.txt": BODY.encode()}),
    ".tar": made.tarred({"a.txt": BODY.encode()}, "w"),
    ".jsonl": made.lines({"id": "1", "text": BODY}, {"html": PAGE}),
    ".json": made.lines({"id": "1", "text": BODY}),
    ".csv": f"title,text\na,{BODY}\n".encode(),
    ".html": PAGE.encode(),
    ".md": f"---\ntitle: a\n---\n# b\n\n{BODY}\n".encode(),
    ".txt": BODY.encode(),
}


@settings(max_examples=FUZZED, deadline=5000, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_any_bytes_of_any_kind_are_read_or_refused(data: st.DataObject) -> None:
    """Whole files with bytes changed, cut out, put in, and bytes that were no file: no crash, no hang."""
    kind = data.draw(st.sampled_from(sorted(SEEDS)))
    seed = bytearray(SEEDS[kind])
    for _ in range(data.draw(st.integers(0, 8))):
        at = data.draw(st.integers(0, len(seed)))
        seed[at : at + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=12))
    content = data.draw(st.binary(max_size=300)) if data.draw(st.booleans()) and not seed else bytes(seed)
    began = time.monotonic()
    for found in read_bytes(content, f"a{kind}"):
        if isinstance(found, Skipped):
            assert found.reason
            assert "\n" not in found.reason
            continue
        article = to_article(found)
        article.text.encode()
        article.title.encode()
        assert "\0" not in article.text
        assert all(paragraph.start < paragraph.end for paragraph in article.paragraphs)
    assert time.monotonic() - began < 5


@settings(max_examples=FUZZED, deadline=5000)
@given(st.binary(max_size=400), st.sampled_from(sorted(SUFFIXES)))
def test_noise_is_read_or_refused(content: bytes, kind: str) -> None:
    for found in read_bytes(content, f"a{kind}"):
        assert isinstance(found, Skipped) or found.text.strip()
