"""Markdown into readable plain paragraphs, with its front matter as metadata. Knows nothing else.

Headings are paragraphs of their own, items of a list lines of one paragraph, links their text, code itself, and HTML
what it says.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ingest.characters import plain
from ingest.dates import iso_published
from ingest.formats.blocks import Block, blocks, parse

if TYPE_CHECKING:
    from markdown_it.token import Token

# 20,000 characters take PyYAML half a second, and what is longer is no front matter.
FRONT_MATTER = re.compile(r"\A---\n(.{0,20000}?)\n(?:---|\.\.\.)[^\S\n]*(?:\n|\Z)", re.DOTALL)
KEY = re.compile(r"^(\w[\w-]*)[^\S\n]*:[^\S\n]+(.+)$", re.MULTILINE)
MOST_NAMES = 50  # authors, tags: aliases of one long name are a bomb


@dataclass(frozen=True, slots=True)
class Told:
    """What a Markdown file says of itself; the title is its front matter's or its first heading's."""

    title: str | None = None
    published: str | None = None
    author: str | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()


def read_markdown(text: str) -> tuple[Told, list[str]]:
    """What the file tells, and its paragraphs without the title."""
    from markdown_it import MarkdownIt

    matter = FRONT_MATTER.match(text)
    mapping = _mapping(matter[1]) if matter else {}
    told = _told(mapping)
    tokens = MarkdownIt("commonmark").enable("table").parse(text[matter.end() :] if matter and mapping else text)
    found = [(kind, plain(block)) for kind, block in _blocks(tokens)]  # an entity can be any character
    heading = next((at for at, (kind, _) in enumerate(found) if kind == "h1"), None)
    if heading is not None:
        title = found[heading][1]
        if told.title is None or told.title == title:
            told = Told(title, told.published, told.author, told.language, told.tags)
            del found[heading]
    return told, [block for _, block in found]


def _blocks(tokens: Sequence["Token"]) -> Iterable[tuple[str, str]]:
    """Kind and text of each block, in order; the items of one list together."""
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.type in ("bullet_list_open", "ordered_list_open", "table_open"):
            end = _closing(tokens, at)
            lines = _table(tokens[at:end]) if token.type == "table_open" else _list(tokens[at:end])
            yield token.tag, "\n".join(lines)
            at = end
        elif token.type == "inline" and (text := _inline(token)):
            yield tokens[at - 1].tag, text
        elif token.type in ("fence", "code_block") and token.content.strip():
            yield "code", token.content.strip("\n")
        elif token.type == "html_block":
            for block in _html(token):
                yield f"h{block.level}" if block.level else block.kind, block.text
        at += 1


def _closing(tokens: Sequence["Token"], opening: int) -> int:
    level, kind = tokens[opening].level, tokens[opening].type.replace("_open", "_close")
    return next(at for at in range(opening + 1, len(tokens)) if tokens[at].type == kind and tokens[at].level == level)


def _list(tokens: Sequence["Token"]) -> list[str]:
    lines: list[str] = []
    mark = "- "
    for token in tokens:
        if token.type == "list_item_open":
            mark = f"{token.info}. " if token.info else "- "
        elif token.type == "inline" and (text := _inline(token)):
            lines.append(mark + " ".join(text.split()))
            mark = ""
        elif token.type in ("fence", "code_block"):
            lines.append(token.content.strip("\n"))
        elif token.type == "html_block":
            for block in _html(token):
                lines.append(mark + block.text)
                mark = ""
    return lines


def _html(token: "Token") -> list[Block]:
    return blocks(parse(token.content))


def _table(tokens: Sequence["Token"]) -> list[str]:
    rows: list[list[str]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(" ".join(_inline(token).split()))
    return [" | ".join(row) for row in rows]


def _inline(token: "Token") -> str:
    parts = []
    for child in token.children or ():
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type == "image":
            parts.append(child.content)  # its alternative text
        elif child.type in ("softbreak", "hardbreak"):
            parts.append(" " if child.type == "softbreak" else "\n")
        elif child.type == "html_inline" and child.content.lower().startswith("<br"):
            parts.append("\n")
    return "".join(parts).strip()


def _mapping(matter: str) -> Mapping[str, Any]:
    """Strings, lists and mappings, as they are written; empty where the text is no front matter after all."""
    import yaml

    try:
        loaded = yaml.load(matter, yaml.BaseLoader)  # noqa: S506  # makes strings only: safer than safe_load
    except (yaml.YAMLError, RecursionError):
        # `title: Vale: the bridge` breaks YAML, and is meant as it reads.
        return {key: value.strip(" \"'[]") for key, value in KEY.findall(matter)}
    return loaded if isinstance(loaded, dict) else {}


def _told(matter: Mapping[str, Any]) -> Told:
    return Told(
        title=_text(matter.get("title")),
        published=iso_published(_text(matter.get("date")) or _text(matter.get("published"))),
        author=", ".join(_names(matter.get("author")) or _names(matter.get("authors"))) or None,
        language=_text(matter.get("lang")),
        tags=_names(matter.get("tags"), parted=True),
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value not in ("", "null", "~") else None


def _names(value: object, *, parted: bool = False) -> tuple[str, ...]:
    """The names in a list, or the one; `parted` by commas."""
    if isinstance(value, str) and parted:
        value = [name.strip(" \"'") for name in value.split(",")]
    given = value[:MOST_NAMES] if isinstance(value, list) else [value]
    named = (each.get("name") if isinstance(each, Mapping) else each for each in given)
    return tuple(name for each in named if (name := _text(each)))
