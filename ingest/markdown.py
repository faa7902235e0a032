"""Markdown into readable plain paragraphs, with its front matter as metadata. Knows nothing else.

Headings are paragraphs of their own, items of a list lines of one paragraph, links their text, code itself.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from markdown_it.token import Token

FRONT_MATTER = re.compile(r"\A---\n(.*?)\n(?:---|\.\.\.)\n?", re.DOTALL)


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
    told = _told(_mapping(matter[1])) if matter else Told()
    tokens = MarkdownIt("commonmark").enable("table").parse(text[matter.end() :] if matter else text)
    blocks = list(_blocks(tokens))
    heading = next((at for at, (kind, _) in enumerate(blocks) if kind == "h1"), None)
    if heading is not None:
        title = blocks[heading][1]
        if told.title is None or told.title == title:
            told = Told(title, told.published, told.author, told.language, told.tags)
            del blocks[heading]
    return told, [block for _, block in blocks]


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
        at += 1


def _closing(tokens: Sequence["Token"], opening: int) -> int:
    level, kind = tokens[opening].level, tokens[opening].type.replace("_open", "_close")
    return next(at for at in range(opening + 1, len(tokens)) if tokens[at].type == kind and tokens[at].level == level)


def _list(tokens: Sequence["Token"]) -> list[str]:
    lines, marks = [], []
    mark = "- "
    for token in tokens:
        if token.type == "list_item_open":
            mark = f"{token.info}. " if token.info else "- "
            marks.append(mark)
        elif token.type == "inline" and (text := _inline(token)):
            lines.append(mark + " ".join(text.split()))
            mark = ""
        elif token.type == "fence":
            lines.append(token.content.strip("\n"))
    return lines


def _table(tokens: Sequence["Token"]) -> list[str]:
    rows: list[list[str]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(_inline(token))
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
    return "".join(parts).strip()


def _mapping(matter: str) -> Mapping[str, Any]:
    import yaml

    try:
        loaded = yaml.safe_load(matter)
    except yaml.YAMLError:
        return {}  # not front matter after all, or broken: the article itself is still worth reading
    return loaded if isinstance(loaded, dict) else {}


def _told(matter: Mapping[str, Any]) -> Told:
    when = matter.get("date") or matter.get("published")
    tags = matter.get("tags") or ()
    author = matter.get("author") or matter.get("authors")
    return Told(
        title=str(matter["title"]) if matter.get("title") else None,
        published=when.isoformat() if isinstance(when, date | datetime) else (str(when) if when else None),
        author=", ".join(map(str, author)) if isinstance(author, list) else (str(author) if author else None),
        language=str(matter["lang"]) if matter.get("lang") else None,
        tags=tuple(tags.split(", ")) if isinstance(tags, str) else tuple(map(str, tags)),
    )
