"""The lines of a page, with their places, into paragraphs: by the space between them and the room that they leave.

Knows no PDF; what a line is and where it stands it is told.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

GAP = 1.35  # times the usual distance of two lines begins a paragraph


@dataclass(frozen=True, slots=True)
class Line:
    """One line and its box, in points from the page's lower left corner."""

    text: str
    left: float
    right: float
    bottom: float
    top: float

    @property
    def size(self) -> float:
        return self.top - self.bottom


def paragraphs(page: Sequence[Line]) -> Iterator[str]:
    """The paragraphs of one page, whose lines are in reading order."""
    if not page:
        return
    gaps = [above.bottom - below.bottom for above, below in pairwise(page)]
    usual = median([gap for gap in gaps if gap > 0] or [0])
    size = median([line.size for line in page])
    held = [page[0]]
    ragged = True  # so far every line was over before its place was: rows of a table, an address, a verse
    for above, line in pairwise(page):
        # Of a headline's own lines the distance is that of its letters, not of the text's.
        distance = max(usual, line.size * (1.0 if line.size > 1.1 * size else 0.8))
        edge = _column_edge(page, above)
        if _begins(above, line, distance, edge, held):
            yield _text(held, ragged=ragged)
            held, ragged = [], True
        else:
            ragged = ragged and _has_room(above, line, edge)
        held.append(line)
    yield _text(held, ragged=ragged)


def _text(lines: Sequence[Line], *, ragged: bool) -> str:
    return "\n".join(line.text for line in lines) if ragged and len(lines) > 2 else _joined(lines)


def _column_edge(page: Sequence[Line], line: Line) -> float:
    """How far right nine in ten of the lines of its size go that stand above and below `line`: the others may be
    headers, and go over several columns."""
    beside = (each for each in page if each.left < line.right and line.left < each.right)
    edges = sorted(each.right for each in beside if abs(each.size - line.size) < 0.1 * line.size)
    return edges[(len(edges) * 9 - 1) // 10]


def _begins(above: Line, line: Line, distance: float, edge: float, held: Sequence[Line]) -> bool:
    gap = above.bottom - line.bottom
    if gap > GAP * distance or abs(above.size - line.size) > 0.15 * max(above.size, line.size):
        return True
    if gap <= 0:  # the next column: a paragraph may go on in it
        return re.search(r"[.!?…。:][\"”’»)]*$", above.text) is not None
    left = min(each.left for each in held[1:] or held)
    if re.match(r"(?:[-*•–▪]|\d{1,3}[.)])\s", line.text):
        return True
    if line.left > left + 0.5 * line.size and above.left < left + 0.5 * line.size and len(held) > 1:
        return True  # indented
    return _has_room(above, line, edge) and re.search(r"[.!?…。:][\"”’»)]*$", above.text) is not None


def _has_room(above: Line, line: Line, edge: float) -> bool:
    """Whether the first word of a line would have stood on the one above: then its paragraph was over there."""
    letter = (line.right - line.left) / len(line.text)
    return above.right + letter * (len(line.text.split()[0]) + 2) < edge


def _joined(lines: Sequence[Line]) -> str:
    """The lines of a paragraph in one, with words that were parted at a line's end whole again."""
    text = lines[0].text
    for line in lines[1:]:
        if re.search(r"[^\W\d_]-$", text) and re.match(r"[a-zß-öø-ÿа-яα-ω]", line.text):
            text = text[:-1] + line.text
        elif re.search(r"[\u3040-\u30ff\u3400-\u9fff、。]$", text):
            text += line.text
        else:
            text += " " + line.text
    return text
