"""The articles of stories.txt: blocks of text with their kinds. Knows no markup."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("stories.txt")
MARKS = {"## ": "heading", "- ": "item", "> ": "quote", "| ": "row", "**": "question"}


@dataclass(frozen=True, slots=True)
class Block:
    kind: str  # paragraph, heading, item, number, quote, row, question
    text: str


@dataclass(frozen=True, slots=True)
class Story:
    name: str
    title: str
    author: str
    date: str
    language: str
    blocks: tuple[Block, ...]

    @property
    def gold(self) -> str:
        """What a reader came for, without the headline: a block a paragraph."""
        return "\n\n".join(block.text.replace(" | ", " ") for block in self.blocks)


def stories() -> Iterator[Story]:
    for part in re.split(r"^=== ", FILE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        name, *lines = part.strip().split("\n")
        told = dict(line.split(": ", 1) for line in lines[:4])
        yield Story(name, told["title"], told["author"], told["date"], told["language"], tuple(map(_block, lines[4:])))


def _block(line: str) -> Block:
    if re.match(r"\d+\. ", line):
        return Block("number", line.split(". ", 1)[1])
    for mark, kind in MARKS.items():
        if line.startswith(mark):
            return Block(kind, line[len(mark) :].removesuffix("**"))
    return Block("paragraph", line)
