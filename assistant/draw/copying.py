"""An answer as text to carry elsewhere, its footnotes below it: as Markdown, and plain. Knows no HTML."""

import re
from collections.abc import Callable

from assistant.draw.exchange import Body
from assistant.draw.text import day

Write = Callable[[str], str]
MEANINGFUL = re.compile(r"([\\`*_\[\]<>#|~$])")  # characters that Markdown would take for its own


def as_plain(body: Body) -> str:
    """`It took nine years. [1]`, and below it `[1] “It took nine years.” Title, date, source`."""
    return _written(body, " [{}]", "[{}]", "\n", str)


def as_markdown(body: Body) -> str:
    """The same with Markdown's footnotes: `It took nine years.[^1]`."""
    return _written(body, "[^{}]", "[^{}]:", "\n\n", _one_line)


def _written(body: Body, marker: str, label: str, between: str, write: Write) -> str:
    sentences = [
        write(each["text"]) + "".join(marker.format(number) for number in each["citations"])
        for each in body["sentences"]
    ]
    notes = [
        f"{label.format(each['number'])} “{write(each['cited_text'])}” {_source(each, write)}"
        for each in body["citations"]
    ]
    return "\n\n".join([" ".join(sentences) or write(body["answer"]), between.join(notes)]).strip()


def _source(citation: Body, write: Write) -> str:
    page = f"p. {citation['page_number']}" if citation["page_number"] else None
    parts = (citation["document_title"], day(citation["published"]), citation["source"], page)
    return ", ".join(write(part) for part in parts if part)


def _one_line(text: str) -> str:
    """Text that Markdown shows as it stands, in one line."""
    return MEANINGFUL.sub(r"\\\1", " ".join(text.split()))
