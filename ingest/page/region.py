"""Where on a page its article lies: the element that holds most of the sentences found, and what belongs to it.

Knows where blocks stand in the tree and how they are made, no words.
"""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from ingest.formats.blocks import Block

# 24 stress pages, token F1: .960 with half, .952 with 0.6, .945 with 0.7, .909 where sentences stay wherever they are.
HOME = 0.5  # of the weight of the sentences found lies in the element that is the article's
PART = 0.2  # as much as this of them, in one other element, is the article continued
FEW = 3  # sentences make a home, or a part
FLOWING = 0.8  # of the sentences stand in elements of a few makes, and others are looked at
MOST_BOX = 250  # characters of sentences
CONTENT = 80  # characters; a longer block is content without a full stop
MOST_LINKED = 0.5
END = re.compile(r"[.!?…。！？।][\"'”’»)\]]*$")


def narrowed(
    blocks: Sequence[Block], found: Sequence[bool], also: Sequence[bool], headlines: Sequence[int]
) -> list[bool]:
    """Which of the blocks that were found are in the article's region.

    `also` are blocks that a second reading found: they count where the article goes on in another element. After
    its headline, at one of `headlines`, an article may have a lead outside its region.
    """
    home = _home([block for block, is_found in zip(blocks, found, strict=True) if is_found])
    if home is None:
        return list(found)
    inside = [home in _around(block) for block in blocks]
    body = [block for block, *are in zip(blocks, inside, found, strict=True) if all(are) and _sentences(block)]
    makes = {make for block in body if any((make := make_of(block))[1:])}
    parts = _parts([block for block, *are in zip(blocks, found, also, strict=True) if any(are)], body)
    boxed = _boxed(blocks, body)
    first = next(at for at, block in enumerate(blocks) if body and block is body[0])
    headline = max((at for at in headlines if at < first), default=-1)
    kept = []
    for at, block in enumerate(blocks):
        if at in boxed:
            kept.append(False)
        elif parent_of(block) in parts:
            kept.append(found[at] or also[at])
        else:
            is_lead = headline < at < first and is_content(block)
            kept.append(found[at] and (inside[at] or is_lead or make_of(block) in makes))
    return kept


def _home(blocks: Sequence[Block]) -> Any:
    """The smallest element that holds most of the sentences, and several."""
    held: Counter[Any] = Counter()  # by element; an id() would be of an object that lxml has dropped by then
    count: Counter[Any] = Counter()
    own: Counter[Any] = Counter()  # paragraphs beside one another weigh more: comments have an element each
    for block in blocks:
        own[parent_of(block)] += _sentences(block)
    for block in blocks:
        if size := _sentences(block) * own[parent_of(block)]:
            around = _around(block)
            held.update(dict.fromkeys(around, size))
            count.update(around)
    total, few = max(held.values(), default=0), min(FEW, max(count.values(), default=0))
    enough = [each for each, size in held.items() if size >= HOME * total and count[each] >= few]
    return max(enough, key=lambda each: sum(1 for _ in each.iterancestors()), default=None)


def _boxed(blocks: Sequence[Block], body: Sequence[Block]) -> set[int]:
    """Indices of blocks in boxes: elements beside those of the text, with a heading or a link of their own."""
    held: Counter[Any] = Counter()
    for block in body:
        held[_kind(parent_of(block))] += _sentences(block)
    flows = {each for each, size in held.items() if size >= PART * held.total()}
    if sum(held[each] for each in flows) < FLOWING * held.total():
        return set()
    around = {above for block in body if _kind(parent_of(block)) in flows for above in _around(block)}
    boxes: dict[Any, list[int]] = {}
    for at, block in enumerate(blocks):
        path = _around(block)
        if _kind(parent_of(block)) not in flows:
            box = next((inner for inner, outer in pairwise(path) if outer in around), None)
            if box is not None and box.tag in ("div", "section", "aside", "article", "td", "table"):
                boxes.setdefault(box, []).append(at)
    return {at for held_at in boxes.values() if _is_box([blocks[each] for each in held_at]) for at in held_at}


def _kind(element: Any) -> Any:
    """An element's tag and class, as `make_of` has them; itself where it has no class."""
    name = element.get("class") if element is not None else None
    return (element.tag, re.sub(r"\d+", "", name)) if name else element


def _is_box(blocks: Sequence[Block]) -> bool:
    told = sum(map(_sentences, blocks))
    named = any(block.kind == "heading" or block.linked >= 0.9 * len(block.text) for block in blocks)
    return named and 0 < told <= MOST_BOX and all(block.kind in ("heading", "paragraph") for block in blocks)


def _parts(blocks: Sequence[Block], body: Sequence[Block]) -> set[Any]:
    """Elements that hold several sentences each, as an article's halves do around an advertisement."""
    held: Counter[Any] = Counter()
    count: Counter[Any] = Counter()
    for block in blocks:
        if size := _sentences(block):
            held[parent_of(block)] += size
            count[parent_of(block)] += 1
    least = PART * sum(map(_sentences, body))
    return {each for each, size in held.items() if size >= least and count[each] >= FEW}


def _sentences(block: Block) -> int:
    """Characters of a block that is sentences and no links."""
    return len(block.text) if is_content(block) and block.linked < MOST_LINKED * len(block.text) else 0


def _around(block: Block) -> list[Any]:
    return [block.element, *block.element.iterancestors()] if block.element is not None else []


def is_content(block: Block) -> bool:
    return block.kind in ("list", "table") or END.search(block.text) is not None or len(block.text) > CONTENT


def parent_of(block: Block) -> Any:
    """The element that holds the block as one of its paragraphs."""
    element = block.element
    if element is not None and element.tag in ("p", "ul", "ol", "blockquote", "h2", "h3", "h4", "table", "pre"):
        element = element.getparent()
    if element is not None and element.tag == "blockquote":
        element = element.getparent()
    return element  # the element, not its id(): lxml makes and drops its objects as it likes


def make_of(block: Block) -> tuple[str, str, str]:
    """Its element's tag and class, and the class around it: `paragraph-12` and `paragraph-13` are of one make."""
    element = block.element
    parent = element.getparent() if element is not None else None
    if element is None or parent is None:
        return ("", "", "")
    return (element.tag, re.sub(r"\d+", "", element.get("class", "")), re.sub(r"\d+", "", parent.get("class", "")))
