"""Running heads: lines that stand at the top or the bottom of the pages of a text, and page numbers.

For texts that were pages once and say so with form feeds, as every converter of PDF files writes them
(`ingest/formats/pdf.py` has the lines' places too). Knows nothing else of formats.
"""

import re
from collections import Counter
from collections.abc import Sequence

EDGE = 2  # lines at the top and at the bottom of a page
REPEATED = 0.5  # share of the pages, and at least two
PAGE_NUMBER = re.compile(
    r"\W*(?:(?:pp?|page|s|seite|pág|página|pagina|side|sida|стр|с)\W*)?#(?:\s*(?:of|von|de|di|av|из|/)\s*#)?\W*",
    re.IGNORECASE,
)


def without_running_lines(text: str) -> tuple[str, list[str]]:
    """The text with its pages one after another, a line's end between them, and the lines taken out."""
    pages = [page.strip("\n").split("\n") for page in text.split("\f")]
    pages = [page for page in pages if any(line.strip() for line in page)]
    if len(pages) < 2:
        return text, []
    counted = Counter(shape for page in pages for shape in {_shape(page[at]) for at in _edges(page)})
    often = max(2, REPEATED * len(pages))
    dropped: list[str] = []
    kept: list[str] = []
    for page in pages:
        out = {at for at in _edges(page) if _runs(_shape(page[at]), counted, often)}
        dropped += [page[at].strip() for at in sorted(out)]
        kept.append("\n".join(line for at, line in enumerate(page) if at not in out).strip("\n"))
    return _joined(kept), dropped


def _edges(page: Sequence[str]) -> list[int]:
    filled = [at for at, line in enumerate(page) if line.strip()]
    return sorted({*filled[:EDGE], *filled[-EDGE:]})


def _shape(line: str) -> str:
    return re.sub(r"\d+", "#", " ".join(line.split()))


def _runs(shape: str, counted: Counter[str], often: float) -> bool:
    return PAGE_NUMBER.fullmatch(shape) is not None or counted[shape] >= often


def _joined(pages: Sequence[str]) -> str:
    """A paragraph that goes on overleaf goes on: no blank line where the text stops inside a sentence."""
    text = ""
    for page in pages:
        ended = not text or re.search(r"[.!?…。:][\"'”’»)\]]*\s*$", text) is not None
        text = f"{text}{chr(10) * 2 if ended else chr(10)}{page}" if text else page
    return text
