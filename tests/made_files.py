"""Small real files of every format, of our own prose, made as tests need them."""

import io
import json
import tarfile
import zipfile
from collections.abc import Mapping, Sequence
from email.message import EmailMessage

from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

TITLE = "Harbour bridge closes to lorries"
BODY = "The council of Northmere voted on Tuesday to close the old harbour bridge to lorries from the first of June."
MORE = "Mayor Ada Moss said that the decision had been put off three times since the spring of last year."
PAGE = (
    f"<!doctype html><html lang='en'><head><title>{TITLE}</title></head><body><nav><a href='/'>Home</a></nav>"
    f"<article><h1>{TITLE}</h1><p>{BODY}</p><p>{MORE}</p></article><footer>© Herald</footer></body></html>"
)
LONG = (
    "The engineers who looked at the bridge in March found cracks in four of its eleven piers. They advised the council"
    " to keep heavy traffic off it until the piers had been strengthened, which is to cost nine million crowns and to"
    " take two summers. Fishermen on the north quay say that the detour adds forty minutes to every load, and that"
    " the ice will not wait so long. "
)


def pdf(
    pages: Sequence[Sequence[str]],
    *,
    title: str = "",
    heading: str = "",
    running: str = "",
    password: str = "",
    leading: int = 14,
    apart: int | None = None,
) -> bytes:
    """Paragraphs on pages, `apart` points between them; `running` is a header of every page, and its number stands
    below."""
    out = io.BytesIO()
    encrypt = StandardEncryption(password, canPrint=0) if password else None
    canvas = Canvas(out, pagesize=A4, encrypt=encrypt)
    canvas.setTitle(title)
    for number, paragraphs in enumerate(pages, 1):
        if running:
            canvas.setFont("Helvetica", 8)
            canvas.drawString(72, 810, running)
            canvas.drawString(300, 30, f"Page {number} of {len(pages)}")
        down = 770
        if heading and number == 1:
            canvas.setFont("Helvetica-Bold", 20)
            canvas.drawString(72, down, heading)
            down -= 40
        canvas.setFont("Helvetica", 11)
        for paragraph in paragraphs:
            for line in simpleSplit(paragraph, "Helvetica", 11, 430):
                canvas.drawString(72, down, line)
                down -= leading
            down -= leading if apart is None else apart
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def columns_pdf(pages: Sequence[Sequence[tuple[int, Sequence[str]]]], notes: Mapping[int, str] | None = None) -> bytes:
    """Pages of columns: how far from the left each is, and its lines. `notes` are in small print at a page's foot."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    for number, columns in enumerate(pages, 1):
        for left, lines_ in columns:
            canvas.setFont("Helvetica", 11)
            for at, line in enumerate(lines_):
                canvas.drawString(left, 770 - 14 * at, line)
        canvas.setFont("Helvetica", 8)
        canvas.drawString(72, 90, (notes or {}).get(number, ""))
        canvas.drawString(300, 30, str(number))
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def scanned_pdf() -> bytes:
    """Pages that are pictures: lines and boxes, no text."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    for _ in range(2):
        canvas.rect(100, 100, 300, 500, fill=1)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def docx(body: str, *, title: str = "", author: str = "", created: str = "", part: str = "word/document.xml") -> bytes:
    """A Word document; `body` is WordprocessingML, see `paragraph`, and `part` the name that it has inside."""
    types = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    dc = "http://purl.org/dc/elements/1.1/"
    return packed(
        {
            "[Content_Types].xml": "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'>"
            "<Default Extension='rels' ContentType='application/vnd.openxmlformats-package.relationships+xml'/>"
            f"<Override PartName='/{part}' ContentType='{types}.document.main+xml'/></Types>",
            "_rels/.rels": f"<Relationships xmlns='{RELATIONS}'><Relationship Id='r1' Target='{part}'"
            f" Type='{OFFICE}/officeDocument'/></Relationships>",
            part: f"<w:document xmlns:w='{WORD}'><w:body>{body}</w:body></w:document>",
            "docProps/core.xml": f"<c:coreProperties xmlns:c='urn:x' xmlns:dc='{dc}'><dc:title>{title}</dc:title>"
            f"<dc:creator>{author}</dc:creator><dc:date>{created}</dc:date></c:coreProperties>",
        }
    )


def paragraph(text: str, style: str = "") -> str:
    properties = f"<w:pPr><w:pStyle w:val='{style}'/></w:pPr>" if style else ""
    return f"<w:p>{properties}<w:r><w:t xml:space='preserve'>{text}</w:t></w:r></w:p>"


def epub(chapters: Sequence[str], *, title: str = TITLE, author: str = "Ines Varga", date: str = "2024-05-14") -> bytes:
    items = "".join(
        f"<item id='c{at}' href='text/c%20{at}.xhtml' media-type='application/xhtml+xml'/>"
        for at, _ in enumerate(chapters)
    )
    spine = "".join(f"<itemref idref='c{at}'/>" for at, _ in enumerate(chapters))
    return packed(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": "<container xmlns='urn:oasis:names:tc:opendocument:xmlns:container'><rootfiles>"
            "<rootfile full-path='OEBPS/book.opf'/></rootfiles></container>",
            "OEBPS/book.opf": "<package xmlns='http://www.idpf.org/2007/opf'>"
            "<metadata xmlns:dc='http://purl.org/dc/elements/1.1/'>"
            f"<dc:title>{title}</dc:title><dc:creator>{author}</dc:creator><dc:date>{date}</dc:date>"
            f"<dc:language>en</dc:language></metadata><manifest>{items}</manifest><spine>{spine}</spine></package>",
            **{
                f"OEBPS/text/c {at}.xhtml": "<?xml version='1.0' encoding='utf-8'?>"
                f"<html xmlns='http://www.w3.org/1999/xhtml'><head><title>x</title></head><body>{chapter}</body></html>"
                for at, chapter in enumerate(chapters)
            },
        }
    )


def mail(text: str = "", html: str = "", files: Mapping[str, bytes] | None = None) -> bytes:
    message = EmailMessage()
    message["From"] = "Ines Varga <ines@herald.example>"
    message["Subject"] = f"Re: {TITLE}"
    message["Date"] = "Tue, 14 May 2024 10:30:00 +0200"
    if text:
        message.set_content(text)
    if html and text:
        message.add_alternative(html, subtype="html")
    elif html:
        message.set_content(html, subtype="html")
    for name, data in (files or {}).items():
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return bytes(message)


def mhtml(html: str, address: str = "https://northmere.example/bridge") -> bytes:
    return (
        f"From: <Saved by Blink>\r\nSnapshot-Content-Location: {address}\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related; type="text/html"; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html\r\n'
        f"Content-Location: {address}\r\n\r\n{html}\r\n--b\r\nContent-Type: text/css\r\n\r\np {{}}\r\n--b--\r\n"
    ).encode()


def packed(files: Mapping[str, str | bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as file:
        for name, data in files.items():
            file.writestr(name, data)
    return out.getvalue()


def tarred(files: Mapping[str, bytes], mode: str = "w:gz") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as file:  # type: ignore[call-overload]
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            file.addfile(info, io.BytesIO(data))
    return out.getvalue()


def lines(*rows: object) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()
