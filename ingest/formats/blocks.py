"""HTML that is all content (a chapter, a Word document, a mail) into paragraphs: structure kept, nothing taken out.

Headings are paragraphs of their own, items of a list lines of one paragraph, rows of a table lines with ` | ` between
cells. For pages with furniture see `ingest/page/`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from lxml.html import HtmlElement

UNSEEN = frozenset(
    re.findall(
        r"\w+",
        "script style template noscript head title object iframe svg math canvas audio video map select button",
    )
)
BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure"
        " footer form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol p pre section summary table tbody td"
        " tfoot th thead tr ul",
    )
)
HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
DEEPEST = 250  # elements within elements; deeper ones are malformed pages, and their text is taken as it stands
LINK, LINK_END = "\ue0f0", "\ue0f1"  # around what is a link, while a run is collected
HEADED = re.compile(rf"\s*{LINK}[^{LINK}{LINK_END}\n]+{LINK_END}[^\w\n{LINK}]*\n\s*\w")
Kind = Literal["heading", "paragraph", "list", "table"]


@dataclass(slots=True)
class Block:
    kind: Kind
    text: str
    level: int = 0  # of a heading
    linked: int = 0  # characters of the text that are links
    headed: bool = False  # its first line is a link, and other lines follow
    element: Any = field(default=None, repr=False, compare=False)  # the element that holds it


def parse(html: str) -> "HtmlElement | None":
    """The tree of a page or a fragment; None where there is nothing in it."""
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring

    # An encoding in an XML declaration is not about text that is decoded already, and lxml refuses it.
    html = re.sub(r"^\s*<\?xml[^>]*\?>", "", html)
    html = re.sub(f"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff{LINK}{LINK_END}]", " ", html)
    try:
        return document_fromstring(html, parser=HTMLParser(remove_comments=True, remove_pis=True))
    except etree.LxmlError:
        return None


def blocks(root: "HtmlElement | None") -> list[Block]:
    """The blocks of everything below `root`, in reading order."""
    return [block for block in _Walk().run(root) if block.text] if root is not None else []


class _Walk:
    """Runs of text are collected until a block begins or ends."""

    def __init__(self) -> None:
        self._found: list[Block] = []
        self._run: list[str] = []
        self._in_link = False

    def run(self, root: "HtmlElement") -> list[Block]:
        self._visit(root, 0)
        self._flush(root)
        return self._found

    def _visit(self, element: "HtmlElement", depth: int) -> None:
        tag = element.tag
        if tag in UNSEEN or not isinstance(tag, str):
            return
        if depth > DEEPEST:
            self._run.append(" ".join(element.itertext()))
        elif tag == "br":
            self._run.append("\n")
        elif tag == "pre":
            self._whole(element, "paragraph", "".join(element.itertext()).strip("\n"))
        elif tag in HEADINGS:
            self._whole(element, "heading", one_line(inline_text(element)), int(tag[1]))
        elif tag in ("ul", "ol"):
            self._whole(element, "list", "\n".join(_items(element, depth)))
        elif tag == "table" and _is_data(element):
            self._whole(element, "table", "\n".join(_rows(element)))
        else:
            self._children(element, depth)

    def _children(self, element: "HtmlElement", depth: int) -> None:
        is_block = element.tag in BLOCKS
        if is_block:
            self._flush(element.getparent())
        is_link = element.tag == "a" and not self._in_link
        if is_link:
            self._in_link = True
            self._run.append(LINK)
        self._run.append(element.text or "")
        for child in element:
            self._visit(child, depth + 1)
            self._run.append(child.tail or "")
        if is_link:
            self._in_link = False
            self._run.append(LINK_END)
        if is_block:
            self._flush(element)

    def _whole(self, element: "HtmlElement", kind: Kind, text: str, level: int = 0) -> None:
        self._flush(element.getparent())
        links = len(text) if self._in_link else sum(len(one_line(inline_text(link))) for link in element.iter("a"))
        self._found.append(Block(kind, text, level, links, element=element))

    def _flush(self, holder: "HtmlElement | None") -> None:
        # Two line breaks are how pages without <p> part paragraphs; one is a line's end.
        open_link = False
        for run in re.split(r"\n[^\S\n]*(?:\n\s*)+", _spaced("".join(self._run))):
            linked, open_link = _linked(run, open_link)
            lines = [one_line(line) for line in re.sub(f"[{LINK}{LINK_END}]", "", run).split("\n")]
            if text := "\n".join(line for line in lines if line):
                self._found.append(
                    Block("paragraph", text, 0, min(linked, len(text)), HEADED.match(run) is not None, holder)
                )
        self._run = [LINK] if self._in_link else []


def _linked(text: str, is_open: bool) -> tuple[int, bool]:
    """How many characters are links, and whether one is open at the end."""
    count = 0
    for piece in re.split(f"([{LINK}{LINK_END}])", text):
        if piece in (LINK, LINK_END):
            is_open = piece == LINK
        elif is_open:
            count += len(one_line(piece))
    return count, is_open


def _spaced(text: str) -> str:
    return re.sub(r"[^\S\n]+", " ", text)


def one_line(text: str) -> str:
    return " ".join(text.split())


def inline_text(element: "HtmlElement") -> str:
    """The text of an element, with a space where a block or a line begins inside it."""
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and child.tag not in UNSEEN:
            edge = " " if child.tag in BLOCKS or child.tag == "br" else ""
            parts += [edge, inline_text(child) if len(parts) < DEEPEST * 40 else "".join(child.itertext()), edge]
        parts.append(child.tail or "")
    return "".join(parts)


def _items(element: "HtmlElement", depth: int, indent: str = "") -> Iterator[str]:
    """The lines of a list; what stands in it and in none of its items has lines without a mark."""
    if depth > DEEPEST:
        yield indent + one_line(" ".join(element.itertext()))
        return
    number = 0
    loose = [element.text or ""]
    start = element.get("start", "1")
    first = int(start) if start.lstrip("-").isdecimal() and len(start) < 6 else 1
    for child in element:
        if child.tag not in ("ul", "ol", "li"):
            if isinstance(child.tag, str) and child.tag not in UNSEEN:
                loose += [" ", inline_text(child), " "] if child.tag in BLOCKS else [inline_text(child)]
            loose.append(child.tail or "")
            continue
        if text := one_line("".join(loose)):
            yield indent + text
        loose = [child.tail or ""]
        if child.tag != "li":  # a list right inside a list, as some editors write it
            yield from _items(child, depth + 1, indent + "  ")
            continue
        nested = [each for each in child if each.tag in ("ul", "ol")]
        text = one_line(_without(child, nested))
        mark = f"{first + number}. " if element.tag == "ol" else "- "
        if text:
            number += 1
            yield indent + mark + text
        for each in nested:
            yield from _items(each, depth + 1, indent + "  ")
    if text := one_line("".join(loose)):
        yield indent + text


def _without(element: "HtmlElement", left_out: list[Any]) -> str:
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and child.tag not in UNSEEN and child not in left_out:
            edge = " " if child.tag in BLOCKS or child.tag == "br" else ""
            parts += [edge, inline_text(child), edge]
        parts.append(child.tail or "")
    return "".join(parts)


def _is_data(table: "HtmlElement") -> bool:
    """Whether it has rows with several cells of text, and no table or list of blocks inside: else it is a layout."""
    if table.find(".//table") is not None or table.get("role") in ("presentation", "none"):
        return False
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]
    wide = [row for row in rows if len(row) > 1]
    cells = [cell for row in wide for cell in row]
    paragraphs = sum(len(cell.findall(".//p")) > 1 for cell in cells)
    return len(wide) > 1 and paragraphs * 4 <= len(cells)


def _rows(table: "HtmlElement") -> Iterator[str]:
    for part in table.iter("caption", "tr"):
        if part.tag == "caption":
            yield one_line(inline_text(part))
            continue
        cells = [one_line(inline_text(cell)) for cell in part if cell.tag in ("td", "th")]
        if any(cells):
            yield " | ".join(cells)
