"""What a reader makes of a file, a page or a string, before it is an article: clean text and what the source tells.

Knows nothing of chunks, ids or the store.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """Clean text with its metadata. `text` separates paragraphs by blank lines and does not repeat the title."""

    title: str
    text: str
    source: str | None = None  # file name or canonical URL, as shown to a person
    published: str | None = None  # ISO 8601
    author: str | None = None
    language: str | None = None  # BCP 47
    tags: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()  # lines that cleaning took out, in reading order
    page_starts: tuple[int, ...] = ()  # positions in `text` at which the first, second, ... page begins
    id: str | None = None  # what the source itself calls the article
    part: str = ""  # which part of its file it is: a row, a member of an archive


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file, or a part of one, that cannot be read; `reason` is a sentence."""

    source: str
    reason: str
