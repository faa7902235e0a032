"""Which blocks of a page are its article, given what trafilatura found and what the page says of itself.

trafilatura finds the region; here its text is mapped back to the page's own blocks, so that lists and tables keep
their form, that blocks it lost inside the region come back, and that lines which are links, repeat the headline or
repeat another block go. Knows no furniture of the tree (`furniture.py`) and no metadata.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from ingest.formats.blocks import Block
from ingest.formats.text import same_words
from ingest.page.region import END, is_content, make_of, narrowed, parent_of

SHINGLE = 3  # words
MATCHED = 0.6  # of a block's shingles in the text found make the block part of it
COVERED = 0.75  # of the text found has to lie in the page's blocks, else the text itself is taken
MOST_LINKED = 0.6  # of a block's characters, a list's marks counted
SHORT_LINK = 250  # characters; a longer block of links is an article's list of sources
FEW_WORDS = 4  # of a title in a row are a headline
MOST_COMPARED = 1500  # blocks; a tenth of a second
TOLD = 0.3  # of a block's shingles are in that body, or it is none of the article
AGREED = 0.8  # of the words chosen have to be in the body that the page tells, and that has to be as long


UNPARTED = "\\u0e00-\\u0e7f\\u3040-\\u30ff\\u3400-\\u9fff"  # Thai, kana, Han
WORD = re.compile(rf"[{UNPARTED}]|[^\W{UNPARTED}]+")


@dataclass(frozen=True, slots=True)
class Article:
    """`parts` are its paragraphs; `dropped` the lines beside and between them that are none of it."""

    parts: list[str]
    dropped: list[str]


@dataclass(slots=True)
class Choice:
    block: Block
    kept: bool
    outside: bool = False  # of the region, though it was found


def chosen(blocks: Sequence[Block], found: str, untouched: str, titles: Sequence[str], body: str) -> Article | None:
    """The blocks that are the article; None where the text that was found is not in them.

    `untouched` is what is found on the page with its furniture, `titles` what the page says it is called, and `body`
    the article in the page's own words, where it tells them.
    """
    choices = _matched(blocks, found)
    if choices is None:
        return None
    _leave_out(choices, untouched, titles)
    _bring_told(choices, body)
    _bring_back(choices)
    _bring_posts(choices)
    region = [choice.block for choice in choices if choice.kept]
    kept = [block for block in region if not is_link_line(block)]
    kept = [block for block in map(partial(_without_title, titles), kept) if block.text]
    kept = _agreed(_without_repeats(kept), body)
    while len(kept) > 1 and kept[-1].kind == "heading":  # of what followed, and is not here
        kept.pop()
    stays = {block.text for block in kept}
    lines = [block.text for block in region if block.text not in stays and not _is_headline(block.text, titles)]
    return Article([block.text for block in kept], [line for text in lines for line in text.split("\n")])


def _without_title(titles: Sequence[str], block: Block) -> Block:
    """Old pages have headline, author and date in lines of one block; and a block of bars between links is none."""
    lines = [line for line in block.text.split("\n") if not _is_headline(line, titles) and re.search(r"\w", line)]
    return replace(block, text="\n".join(lines))


def _agreed(blocks: Sequence[Block], body: str) -> list[Block]:
    """Without short blocks that are not in the body that the page tells, where that body is this very article."""
    if not body:
        return list(blocks)
    told = set(_shingles(body))
    shares = [_share(_shingles(block.text), told) for block in blocks]
    lengths = [len(words_of(block.text)) for block in blocks]
    inside = sum(share * length for share, length in zip(shares, lengths, strict=True))
    if inside < AGREED * sum(lengths) or len(words_of(body)) < AGREED * sum(lengths):
        return list(blocks)
    headings = [share for block, share in zip(blocks, shares, strict=True) if block.kind == "heading"]
    stay = {"list", "table"} if max(headings, default=0) == 1 else {"list", "table", "heading"}  # told too, or never
    return [
        block
        for block, share in zip(blocks, shares, strict=True)
        if share >= TOLD or len(block.text) > SHORT_LINK or block.kind in stay
    ]


def _share(own: Sequence[tuple[str, ...]], told: set[tuple[str, ...]]) -> float:
    return sum(each in told for each in own) / len(own) if own else 1.0


def is_link_line(block: Block) -> bool:
    """A line that is there for its link: `Read more: ...`, a list of further stories."""
    if block.kind == "table" or len(block.text) > SHORT_LINK * (2 if block.kind == "list" else 1):
        return False
    if block.headed:  # a story's headline, and its teaser
        return True
    if block.kind == "heading" and _post(block) is not None:
        return False  # of a live blog's post, whose heading is its permanent link
    share = block.linked / max(1, len(block.text))
    return share >= MOST_LINKED and not (block.kind != "list" and END.search(block.text) and share < 0.9)


def _matched(blocks: Sequence[Block], found: str) -> list[Choice] | None:
    wanted = Counter(_shingles(found))
    lines = {" ".join(words_of(line)) for line in found.split("\n")}
    if not wanted:
        return None
    here: Counter[tuple[str, ...]] = Counter()
    choices = []
    for block in blocks:
        own = _shingles(block.text)
        kept = bool(own) and (
            sum(each in wanted for each in own) >= MATCHED * len(own) or " ".join(words_of(block.text)) in lines
        )
        if kept:
            here.update(own)
        choices.append(Choice(block, kept))
    covered = sum((here & wanted).values())
    return choices if covered >= COVERED * sum(wanted.values()) else None


def _shingles(text: str) -> list[tuple[str, ...]]:
    words = words_of(text)
    if len(words) < SHINGLE:
        return [tuple(words)] if words else []
    return [tuple(words[at : at + SHINGLE]) for at in range(len(words) - SHINGLE + 1)]


def words_of(text: str) -> list[str]:
    """Words in lower case; a character each where a script does not part them."""
    return WORD.findall(text.lower())


def _bring_told(choices: Sequence[Choice], body: str) -> None:
    """Sentences that are in the body that the page tells, where that body is this article's."""
    told = set(_shingles(body))
    known = [_share(_shingles(choice.block.text), told) >= MATCHED for choice in choices]
    kept = [(is_known, len(choice.block.text)) for is_known, choice in zip(known, choices, strict=True) if choice.kept]
    if sum(size for is_known, size in kept if is_known) < MATCHED * sum(size for _, size in kept):
        return
    for choice, is_known in zip(choices, known, strict=True):
        choice.kept |= is_known and is_content(choice.block)


def _bring_back(choices: Sequence[Choice]) -> None:
    """Blocks between two kept ones that stand where those stand: in the same element, or in one of the same make."""
    kept = [at for at, choice in enumerate(choices) if choice.kept]
    if len(kept) < 2:
        return
    makes = Counter(make_of(choices[at].block) for at in kept)
    parents = Counter(parent_of(choices[at].block) for at in kept)
    around = Counter(_above(parent_of(choices[at].block)) for at in kept)
    for at in range(kept[0] + 1, kept[-1]):
        block = choices[at].block
        if choices[at].kept or choices[at].outside or is_link_line(block):
            continue
        parent = parent_of(block)
        beside = (parents[parent] >= 2 or around[_above(parent)] >= 2) and (
            is_content(block) or block.kind == "heading"
        )
        if beside or makes[make_of(block)] >= 3:
            choices[at].kept = True


def _leave_out(choices: Sequence[Choice], untouched: str, titles: Sequence[str]) -> None:
    """What is not in the article's region: other columns, comments, boxes, menus."""
    blocks = [choice.block for choice in choices]
    known = set(_shingles(untouched))
    also = [_share(_shingles(block.text), known) >= MATCHED for block in blocks]
    headlines = [at for at, block in enumerate(blocks) if block.level == 1 or _is_headline(block.text, titles)]
    kept = narrowed(blocks, [choice.kept for choice in choices], also, headlines)
    for choice, stays in zip(choices, kept, strict=True):
        choice.outside = choice.kept and not stays
        choice.kept = stays


def _is_headline(line: str, titles: Sequence[str]) -> bool:
    """Whether it is what the page is called, or some words of that: old pages put site and section before it."""
    if any(same_words(line, title) for title in titles):
        return True
    words = words_of(line)
    return len(words) >= FEW_WORDS and any(
        f" {' '.join(words)} " in f" {' '.join(words_of(title))} " for title in titles
    )


def _bring_posts(choices: Sequence[Choice]) -> None:
    """The further posts of a live blog: elements of the make of one that is kept, beside it, under one headline."""
    posts = {post for choice in choices if choice.kept and (post := _post(choice.block)) is not None}
    for post in posts:
        if post.find(".//h1") is not None:
            continue
        make = (post.tag, post.get("class", ""))
        beside = {each for each in post.getparent() if (each.tag, each.get("class", "")) == make}
        for choice in choices:
            if not choice.kept and _post(choice.block) in beside and not is_link_line(choice.block):
                choice.kept = is_content(choice.block) or choice.block.kind == "heading"


def _post(block: Block) -> Any:
    """The element for one post that the block is in, if any."""
    if block.element is None:
        return None
    around = (block.element, *block.element.iterancestors())
    return next((each for each in around if each.tag == "article" and each.getparent() is not None), None)


def _above(element: Any) -> Any:
    """The element around: many sites put every block into one of its own."""
    return element.getparent() if element is not None else None


def _without_repeats(blocks: Sequence[Block]) -> list[Block]:
    """Without pull quotes and summaries set twice: a block whose words stand in another one."""
    if len(blocks) > MOST_COMPARED:  # each is compared with each: a book, and no news page
        return list(blocks)
    texts = [f" {' '.join(words_of(block.text))} " for block in blocks]
    kept = []
    for at, block in enumerate(blocks):
        repeated = len(texts[at]) > 40 and any(
            (texts[at] in other and len(other) > len(texts[at])) or (texts[at] == other and before < at)
            for before, other in enumerate(texts)
            if before != at
        )
        if not repeated:
            kept.append(block)
    return kept
