"""An answer on the terminal: its sentences, then each footnote's paragraph with the cited words in it.

Draws from the JSON body of `/v1/ask`, wherever it came from. Knows no store and no server: it is handed a function
that gives an article version's text. Where nothing can be underlined the cited words stand in `**`.
"""

import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

TextOf = Callable[[str, str], str]  # article id and version to text


def show(body: Mapping[str, Any], text_of: TextOf, console: Console) -> None:
    """Prints a whole answer, or a refusal with the closest paragraphs."""
    _line(console, Text(plain(body["answer"]), style="bold"))
    for notice in body["notices"]:
        _line(console, Text(f"Note: {plain(notice['message'])}", style="yellow"))
    closest = body["refusal"]["closest"] if body["refused"] else []
    if closest:
        _line(console, Text("\nThe closest paragraphs:"))
    for citation in [*body["citations"], *closest]:
        _line(console, Text("\n") + _heading(citation))
        paragraph = _paragraph(citation, text_of, marked=console.color_system is None)
        if console.is_terminal:
            console.print(Padding(paragraph, (0, 0, 0, 4)))
        else:
            _line(console, Text("    ") + paragraph)


def _heading(citation: Mapping[str, Any]) -> Text:
    told = [citation["document_title"], citation["published"], citation["source"]]
    return Text(f"[{citation['number']}] " + " · ".join(plain(part) for part in told if part), style="cyan")


def _paragraph(citation: Mapping[str, Any], text_of: TextOf, *, marked: bool) -> Text:
    """The paragraph, its cited words emphasised; cut here by code points, as the offsets count."""
    text = text_of(citation["article_id"], citation["article_version"])
    before = text[citation["paragraph_start_char_index"] : citation["start_char_index"]]
    after = text[citation["end_char_index"] : citation["paragraph_end_char_index"]]
    cited = plain(citation["cited_text"])
    if not before and not after:  # nothing to tell it from, as in the closest paragraphs of a refusal
        return Text(cited)
    emphasised = Text(f"**{cited}**") if marked else Text(cited, style="bold underline")
    return Text(plain(before)) + emphasised + Text(plain(after))


def _line(console: Console, text: Text) -> None:
    # Without a terminal nothing is wrapped: a program that reads it gets one line for one paragraph.
    console.print(text, soft_wrap=not console.is_terminal)


def plain(text: str) -> str:
    """Without control characters: an article must not move the cursor or colour what follows."""
    return "".join(" " if unicodedata.category(c) == "Cc" else c for c in text)
