"""Paragraphs that run over the end of a page made whole, by their words and the room on their last line.

Knows no PDF. Of a paragraph on several pages it tells where in its text each of them begins.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from ingest.formats.lines import ENDED, ITEM, LOW, Compounds, Part, continued

NOTE = 0.9  # times the text's size, at most, are footnotes and captions


@dataclass(frozen=True, slots=True)
class Whole:
    """A paragraph with the pages it stands on."""

    text: str
    starts: tuple[tuple[int, int], ...]  # each page's number, and where in the text it begins
    last: Part  # what of it stands on the last of them

    @property
    def page(self) -> int:
        return self.starts[0][0]

    def then(self, part: Part, page: int, compounds: Compounds) -> "Whole":
        more = part.text(compounds)
        text = continued(compounds, self.text, more)
        return Whole(text, (*self.starts, (page, len(text) - len(more))), part)


def over_pages(pages: Sequence[Sequence[Part]], compounds: Compounds) -> list[Whole]:
    """The paragraphs of all pages, in reading order and in the order of the pages on which they begin.

    Footnotes below the first part of a paragraph go before it, captions above the second part behind it.
    """
    small = NOTE * median([line.size for page in pages for part in page for line in part.lines] or [0])
    found: list[Whole] = []
    for number, page in enumerate(pages, 1):
        parts = list(page)
        above = next((at for at in reversed(range(len(found))) if found[at].last.size > small), None)
        below = next((at for at, part in enumerate(parts) if part.size > small), None)
        if above is not None and below is not None and _goes_on(found[above], found[above + 1 :], parts[below]):
            found.append(found.pop(above).then(parts.pop(below), number, compounds))
        found += [Whole(part.text(compounds), ((number, 0),), part) for part in parts]
    return found


def _goes_on(paragraph: Whole, notes: Sequence[Whole], below: Part) -> bool:
    # A note of a page in the middle can stand neither before the first page nor behind the last.
    if any(note.page != paragraph.page for note in notes):
        return False
    above = paragraph.last
    last, first = above.lines[-1], below.lines[0]
    if above.ragged or below.ragged or ITEM.match(first.text) or ENDED.search(last.text):
        return False
    if abs(last.size - first.size) > 0.15 * max(last.size, first.size):
        return False
    if LOW.match(first.text):
        return True
    heading = len(below.lines) == 1 and not ENDED.search(first.text)
    return above.is_full(first) and not heading
