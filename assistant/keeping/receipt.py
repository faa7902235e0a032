"""The receipt of an answer: one HTML file that a person reads and `python -m assistant check` verifies.

It holds the answer twice, drawn and as JSON, with each citation's paragraph, and a seal: the SHA-256 of the whole file
with 64 zeros in the seal's place, so that one changed byte shows. A seal is no signature, whoever changes the file can
seal it anew; what stands in it is therefore held against the library (`receipt_check.py`). Reads no library itself.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from html import escape as esc
from typing import Any

from assistant.keeping import sheet
from assistant.keeping.prose import Body
from vectorstore import InvalidInput

FORMAT = "footnote-receipt"
DRAWING = 1  # grows with every change of how a receipt looks: one of the same drawing is drawn again and compared
UNSEALED = "sha256:" + "0" * 64
SEAL = re.compile(rb'<meta name="footnote-seal" content="(sha256:[0-9a-f]{64})">')
DATA = re.compile(rb'<script type="application/json" id="receipt">(.*?)</script>', re.DOTALL)
# What could end the data block, or a line of a script, as JSON's own escapes.
HARMLESS = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}
CHECK = "python -m assistant check"


def drawn(body: Body, paragraphs: Sequence[str | None], created: str) -> str:
    """The sealed receipt of an answer that was given at `created` (ISO 8601, UTC).

    `paragraphs` has the text of each citation's paragraph (of a refusal: of each of the closest), None where the
    library does not have it any more.
    """
    data = {
        "format": FORMAT,
        "drawing": DRAWING,
        "created": created,
        "answer": body,
        "paragraphs": list(paragraphs),
    }
    unsealed = _draw(body, paragraphs, created, data)
    return unsealed.replace(UNSEALED, _seal(unsealed.encode()), 1)


def read(raw: bytes) -> dict[str, Any]:
    """The data of a receipt.

    Raises:
        InvalidInput: it is not a receipt, or what it holds cannot be read.
    """
    blocks = DATA.findall(raw)
    try:
        (block,) = blocks
        data = json.loads(block)
        known = data["format"] == FORMAT and isinstance(data["answer"], dict) and isinstance(data["paragraphs"], list)
    except (ValueError, KeyError, TypeError, RecursionError):
        known = False
    if not known:
        raise InvalidInput("It is not a receipt of Footnote, or its data cannot be read any more.")
    return dict(data)


def tampered(raw: bytes, data: dict[str, Any]) -> str | None:
    """What shows that the file is not as it was written; None where nothing does."""
    seals = SEAL.findall(raw)
    if len(seals) != 1:
        return "it has no seal"
    if _seal(raw.replace(seals[0], UNSEALED.encode(), 1)) != seals[0].decode():
        return "its bytes are not those that were sealed"
    if data.get("drawing") == DRAWING and not _shows_its_data(raw, data):
        return "what it shows is not what its data says"
    return None


def _shows_its_data(raw: bytes, data: dict[str, Any]) -> bool:
    try:
        return drawn(data["answer"], data["paragraphs"], data["created"]).encode() == raw
    except (KeyError, TypeError, ValueError, AttributeError):  # data that no answer has
        return False


def _draw(body: Body, paragraphs: Sequence[str | None], created: str, data: dict[str, Any]) -> str:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(HARMLESS)
    title = "The closest paragraphs" if body["refused"] else "What it rests on"
    quotations = sheet.quotations(body, paragraphs, anchor="citation-")
    listed = f"<h2>{title}</h2>\n{quotations}" if quotations else ""
    main = (
        '<p class="small">Footnote · answer receipt</p>\n'
        f'<h1 dir="auto">{esc(body["question"])}</h1>\n{sheet.about(body, created)}'
        f"{sheet.answer(body, anchor='citation-')}{listed}"
        '<footer>\n<p class="small">Offsets count Unicode characters of the article’s text, the end not included. A '
        "version is the SHA-256 of the article’s title and text.</p>\n"
        f'<p class="small"><code>{CHECK} FILE</code> tells whether this file is as it was written and whether the '
        f"library still has these words. This is {esc(body['id'])}.</p>\n</footer>\n"
    )
    seal = f'<meta name="footnote-seal" content="{UNSEALED}">\n'
    end = f'<script type="application/json" id="receipt">{text}</script>\n'
    return sheet.page(body["question"], main, head=seal, end=end)


def _seal(unsealed: bytes) -> str:
    return f"sha256:{hashlib.sha256(unsealed).hexdigest()}"
