"""Bytes into text: by byte-order mark, by what the file says of itself, as UTF-8, else by what they most look like.

Knows no formats but the one line in which an HTML or XML file names its encoding.
"""

import codecs
import re

from ingest.formats.guess import guessed
from vectorstore import UnreadableSource

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its mark begins with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
DECLARED = re.compile(
    rb"""<(?:meta\b[^>]{0,200}?charset|\?xml\b[^>]{0,200}?encoding)\s*=\s*["']?\s*([\w:.-]{2,40})""", re.I
)
HEAD = 4096  # bytes in which a page names its encoding; browsers look at 1,024
SAMPLE = 1_000_000  # bytes that a guess looks at
# Pages that say so mean these: what the WHATWG calls the labels of the wider encodings.
MEANT = {
    **dict.fromkeys(("iso-8859-1", "latin-1", "latin1", "ascii", "us-ascii"), "cp1252"),
    **dict.fromkeys(("gb2312", "gbk"), "gb18030"),
    **dict.fromkeys(("ks_c_5601-1987", "euc-kr"), "cp949"),
    "shift_jis": "cp932",
}
LEAST_WIDE = 16  # bytes; in less a zero or two tell nothing
TEXT_CONTROLS = b"\t\n\r\f\x0b\x1b\x08\x1a\x1c\x1d\x1e\x1f"


def decode(data: bytes) -> str:
    """The text that `data` is.

    Raises:
        UnreadableSource: empty, not text, or text that is broken.
    """
    if not data.strip():
        raise UnreadableSource("it is empty.")
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _decoded(data, encoding)
    if b"\0" in data:
        return _decoded(data, _wide(data))
    if _is_binary(data):
        raise UnreadableSource("it is binary, not text.")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        return _mended(data, error)


def decode_page(data: bytes, charset: str | None = None) -> str:
    """A web page: as its server says (`charset`), else as the page says, else as any text.

    Raises:
        UnreadableSource: as `decode`.
    """
    if not any(data.startswith(mark) for mark, _ in MARKS):
        declared = DECLARED.search(data[:HEAD])
        for name in (charset, declared[1].decode("ascii", "replace") if declared else None):
            if (text := _as_declared(data, name)) is not None:
                return text
    return decode(data)


def _as_declared(data: bytes, name: str | None) -> str | None:
    """None where the file does not name an encoding, names none that exists, or is not what it says."""
    name = (name or "").strip("\"' ").lower()
    if not name or name.startswith(("utf-16", "utf-32")):  # without a mark it would be read right already
        return None
    try:
        return data.decode(MEANT.get(name, name)) if codecs.lookup(name)._is_text_encoding else None
    except (LookupError, ValueError):  # `undefined` is an encoding that decodes nothing
        return None


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableSource(f"it says that it is {encoding} and is not.") from error


def _wide(data: bytes) -> str:
    """UTF-16 without its mark: in most scripts' text every other byte of a good part is zero."""
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")) if len(data) > LEAST_WIDE else ():
        share = data[first:SAMPLE:2].count(0) / (len(data[:SAMPLE]) / 2)
        if share > 0.4 and data[1 - first : SAMPLE : 2].count(0) == 0:
            return encoding
    raise UnreadableSource("it is binary, not text.")


def _is_binary(data: bytes) -> bool:
    head = data[:SAMPLE]
    controls = len(head) - len(head.translate(None, bytes(range(32)))) - sum(head.count(byte) for byte in TEXT_CONTROLS)
    return controls > len(head) / 100


def _mended(data: bytes, error: UnicodeDecodeError) -> str:
    """Not UTF-8, or UTF-8 that is cut off at its end or broken inside."""
    before = data[: error.start]
    if error.reason == "unexpected end of data" and error.end == len(data) and not before.isascii():
        return data[: error.start].decode()
    replaced = data[:SAMPLE].decode(errors="replace")
    broken = replaced.count("\ufffd")
    whole = sum(character > "\x7f" for character in replaced) - broken
    if whole > 2 * broken:
        raise UnreadableSource(f"it is UTF-8 with a broken byte at {error.start:,}; save it again as UTF-8.")
    return _guessed(data)


def _guessed(data: bytes) -> str:
    encoding = guessed(data)
    if encoding is None:
        raise UnreadableSource("its encoding cannot be told; save it as UTF-8.")
    return _decoded(data, encoding)
