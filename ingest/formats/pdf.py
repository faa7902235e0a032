"""PDF files into documents: lines by their place on the page, paragraphs by the space between them, pages numbered.

Repeated headers and footers and page numbers leave the text. PDFium reads the file, because it tells every character's
place. Beside pypdf, on pages printed by Chromium: the same words, but that ligatures come out as letters; 5 ms a page
where pypdf takes 15. Both licences are free.
Knows no OCR: a PDF of pictures is refused with that reason.
"""

import re
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import median
from typing import Any

from ingest.byline import take_byline
from ingest.characters import plain
from ingest.clean import clean_paragraphs
from ingest.document import Document
from ingest.formats.lines import Line, compounds, paragraphs
from ingest.formats.overleaf import Whole, over_pages
from ingest.formats.source import Source
from ingest.formats.text import headline
from ingest.running import PAGE_NUMBER
from vectorstore import UnreadableSource

MOST_PAGES = 5_000
EDGE_LINES = 3  # at the top and at the bottom of a page, among which headers and footers are looked for
REPEATED = 0.5  # share of the pages (at least two) that a header stands on
TITLE_SIZE = 1.15  # times the text's size, at least, is a line of the headline
NO_TITLE = re.compile(r"untitled|microsoft word|\.(?:docx?|pdf|indd|tex|html?)\b|^https?:|^about:", re.IGNORECASE)
ERRORS = {2: "the file cannot be opened", 3: "it is not a PDF, or it is broken", 4: "it is encrypted"}
ENCRYPTED = 4
LINE_END = (10, 13)
HYPHEN = (2, 0xFFFE)  # so PDFium gives one that parts a word, in the place of the line's end
_pdfium = threading.Lock()  # PDFium runs in one thread at a time


def read_pdf(source: Source) -> Iterator[Document]:
    data = source.data()
    with _pdfium:
        pages, told = _opened(data)
    if not any(pages):
        raise UnreadableSource("it is scanned: its pages are pictures without text.")
    yield _document(pages, told, source.name)


def _document(pages: Sequence[list[Line]], told: str, name: str) -> Document:
    pages, dropped = _without_running_lines(pages)
    title_lines = _title_lines(pages)
    title = " ".join(line.text for line in title_lines)
    if told and not _shares_words(told, title):  # the largest line is not what the file calls itself: it stays
        title, title_lines = told, []
    if title_lines:
        pages = [[line for line in pages[0] if line not in title_lines], *pages[1:]]
    found = over_pages([list(paragraphs(page)) for page in pages], compounds(pages))
    return _cleaned(found, title, name, dropped)


def _shares_words(one: str, other: str) -> bool:
    """Whether most words of one title stand in the other."""
    first, second = (set(re.findall(r"\w+", each.lower())) for each in (one, other))
    return 2 * len(first & second) >= min(len(first), len(second)) > 0


def _cleaned(found: Sequence[Whole], title: str, name: str, dropped: list[str]) -> Document:
    cleaned = clean_paragraphs([each.text for each in found])
    kept = cleaned.text.split("\n\n")
    if not title:
        title, kept = headline(kept, name)
    byline, kept = take_byline(kept)
    return Document(
        title,
        "\n\n".join(kept),
        source=name,
        published=byline.published,
        author=byline.author,
        dropped=(*dropped, *cleaned.dropped),
        page_starts=_page_starts(kept, found),
    )


def _page_starts(kept: Sequence[str], found: Sequence[Whole]) -> tuple[int, ...]:
    """Where in the kept paragraphs each page begins: cleaning takes paragraphs out and joins them, in order."""
    starts = [0]
    at = position = 0
    for paragraph in kept:
        at = next((later for later in range(at, len(found)) if paragraph.startswith(_key(found[later]))), at)
        held = 0
        while at < len(found) and (there := paragraph.find(_key(found[at]), held)) >= 0:
            for page, offset in found[at].starts:
                starts += [position + there + offset] * (page - len(starts))
            held = there + len(found[at].text.rstrip("-\u2010"))
            at += 1
        position += len(paragraph) + 2
    return tuple(starts)


def _key(paragraph: Whole) -> str:
    """Its beginning, by which it is found again; a hyphen at its end may have gone."""
    return paragraph.text[:200].rstrip("-\u2010") or paragraph.text


# Reading


def _opened(data: bytes) -> tuple[list[list[Line]], str]:
    """The lines of each page, and the title that the file tells."""
    from pypdfium2 import PdfDocument, PdfiumError

    try:
        document = PdfDocument(data)
    except PdfiumError as error:
        reason = ERRORS.get(getattr(error, "err_code", 0) or 0, ERRORS[3])
        hint = "; save it without its password" if reason == ERRORS[ENCRYPTED] else ""
        raise UnreadableSource(f"{reason}{hint}.") from error
    try:
        if len(document) > MOST_PAGES:
            raise UnreadableSource(f"it has more than {MOST_PAGES:,} pages.")
        pages = [_lines(document, number) for number in range(len(document))]
        title = " ".join(plain(document.get_metadata_value("Title") or "").split())
    except PdfiumError as error:
        raise UnreadableSource("it is broken: a page of it cannot be read.") from error
    finally:
        document.close()
    return pages, "" if NO_TITLE.search(title) else title


def _lines(document: Any, number: int) -> list[Line]:
    from pypdfium2 import raw

    page = document.get_page(number)
    text_page = page.get_textpage()
    try:
        count = text_page.count_chars()
        characters = [raw.FPDFText_GetUnicode(text_page, at) for at in range(count)]
        return [
            line
            for start, end in _line_ends(characters)
            if (line := _line(text_page, characters, start, end)) is not None
        ]
    finally:
        text_page.close()
        page.close()


def _line_ends(characters: Sequence[int]) -> Iterator[tuple[int, int]]:
    start = 0
    for at, code in enumerate(characters):
        if code in (*LINE_END, *HYPHEN):
            end = at + (code in HYPHEN)
            if end > start:
                yield start, end
            start = at + 1
    if start < len(characters):
        yield start, len(characters)


def _line(text_page: Any, characters: Sequence[int], start: int, end: int) -> Line | None:
    seen = [at for at in range(start, end) if characters[at] > 32 and characters[at] != 0xA0]
    if not seen:
        return None
    # Beyond the first plane PDFium gives UTF-16 units.
    codes = [0x2D if characters[at] in HYPHEN else characters[at] for at in range(start, end)]
    units = b"".join(min(code, 0xFFFF).to_bytes(2, "little") for code in codes)
    text = " ".join(plain(units.decode("utf-16-le", "replace")).split())
    if not text:
        return None
    # Of several characters, for one may be a ligature or a sign from another font.
    some = (seen[0], *(seen[len(seen) * part // 5] for part in (1, 2, 3, 4)), seen[-1])
    boxes = [text_page.get_charbox(at, loose=True) for at in some]
    bottom, top = (median(box[side] for box in boxes) for side in (1, 3))
    return Line(text, boxes[0][0], boxes[-1][2], bottom, top)


# Headers, footers and the headline


def _without_running_lines(pages: Sequence[list[Line]]) -> tuple[list[list[Line]], list[str]]:
    """Lines at the edges of the pages that stand on most of them, and page numbers."""
    if sum(map(bool, pages)) < 2:
        return list(pages), []
    counted = Counter(place for page in pages for place in {_place(line) for line in _edges(page)})
    often = max(2, REPEATED * sum(map(bool, pages)))
    running = {place for place, count in counted.items() if count >= often}
    kept: list[list[Line]] = []
    dropped: list[str] = []
    for page in pages:
        edge = [line for line in _edges(page) if _place(line) in running or PAGE_NUMBER.fullmatch(_shape(line))]
        kept.append([line for line in page if line not in edge])
        dropped.extend(line.text for line in edge)
    return (kept, dropped) if any(kept) else (list(pages), [])


def _edges(page: list[Line]) -> list[Line]:
    by_height = sorted(page, key=lambda line: -line.top)
    return by_height[:EDGE_LINES] + by_height[EDGE_LINES:][-EDGE_LINES:]


def _shape(line: Line) -> str:
    return re.sub(r"\d+", "#", line.text)


def _place(line: Line) -> tuple[str, int]:
    """Its words, but for numbers, and its height on the page: a header stands at the same one on every page."""
    return _shape(line), round(line.bottom / 2)


def _title_lines(pages: Sequence[list[Line]]) -> list[Line]:
    """The run of largest lines at the beginning of the first page, where they are larger than the text."""
    sizes = [line.size for page in pages for line in page for _ in range(len(line.text) // 10 + 1)]
    first = next((page for page in pages[:1] if page), [])
    if not first or not sizes:
        return []
    largest = max(line.size for line in first[:8])
    if largest < TITLE_SIZE * median(sizes):
        return []
    at = next(at for at, line in enumerate(first) if line.size == largest)
    run = [line for line in first[at : at + 4] if line.size > 0.95 * largest]
    return run if len(" ".join(line.text for line in run)) <= 300 else []
