"""The lines of a page, with their places, into paragraphs: by the space between them and the room that they leave.

Knows no PDF; what a line is and where it stands it is told. Knows one page at a time.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from itertools import pairwise
from statistics import median

GAP = 1.35  # times the usual distance of two lines begins a paragraph
ENDED = re.compile(r"[.!?…。:][\"”’»)]*$")  # a sentence, at a line's end
ITEM = re.compile(r"(?:[-*•–▪]|\d{1,3}[.)])\s")
PARTED = re.compile(r"([^\W\d_]+)[-\u2010]$")  # a word, at a line's end
WORD = re.compile(r"[^\W\d_]+")
COMPOUND = re.compile(r"[^\W\d_]+-[^\W\d_]+")
LONGEST_WORD = 80  # characters looked at before a line's end
UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff、。]$")  # scripts whose lines are joined without a space
LOW = re.compile(r"[a-zß-öø-ÿа-яα-ω]")

Compounds = frozenset[str]


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


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph, or as much of one as stands on its page."""

    lines: tuple[Line, ...]
    edge: float  # how far right the lines go that stand above and below its last one
    ragged: bool = False  # rows of a table, an address, a verse: its lines stay lines

    def text(self, compounds: Compounds) -> str:
        lines = (line.text for line in self.lines)
        return "\n".join(lines) if self.ragged else reduce(partial(continued, compounds), lines)

    @property
    def size(self) -> float:
        return median(line.size for line in self.lines)

    def is_full(self, line: Line) -> bool:
        """Whether the first word of `line` would not have stood on the last line."""
        return not has_room(self.lines[-1], line, self.edge)


def paragraphs(page: Sequence[Line]) -> Iterator[Part]:
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
            yield Part(tuple(held), edge, ragged and len(held) > 2)
            held, ragged = [], True
        else:
            ragged = ragged and has_room(above, line, edge)
        held.append(line)
    yield Part(tuple(held), _column_edge(page, page[-1]), ragged and len(held) > 2)


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
        return ENDED.search(above.text) is not None
    left = min(each.left for each in held[1:] or held)
    if ITEM.match(line.text):
        return True
    if line.left > left + 0.5 * line.size and above.left < left + 0.5 * line.size and len(held) > 1:
        return True  # indented
    return has_room(above, line, edge) and ENDED.search(above.text) is not None


def has_room(above: Line, line: Line, edge: float) -> bool:
    """Whether the first word of a line would have stood on the one above: then its paragraph was over there."""
    letter = (line.right - line.left) / len(line.text)
    return above.right + letter * (len(line.text.split()[0]) + 2) < edge


def compounds(pages: Sequence[Sequence[Line]]) -> Compounds:
    """The words that a text writes with a hyphen inside a line."""
    return frozenset(word for page in pages for line in page for word in COMPOUND.findall(line.text))


def continued(compounds: Compounds, text: str, more: str) -> str:
    """`more` behind `text`, with a word that was parted between them whole again."""
    parted, tail = PARTED.search(text[-LONGEST_WORD:]), WORD.match(more)
    if parted and tail:
        whole = tail[0][0].islower() and f"{parted[1]}-{tail[0]}" not in compounds
        return (text[:-1] if whole else text) + more
    return text + more if UNSPACED.search(text[-1:]) else f"{text} {more}"
