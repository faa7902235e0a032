"""An answer with its footnotes as text to take along: Markdown, or plain.

Pure functions from the JSON body of `/v1/ask`. What an article or a model wrote means only itself: in Markdown nothing
in it makes a link, a heading or HTML. Knows no page and no store.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

Body = Mapping[str, Any]
INLINE = re.compile(r"([\\`*_\[\]<>|~&$])")
AT_THE_START = re.compile(r"^(\d+(?=[.)])|(?=[-+=#:]))")


def as_plain_text(body: Body) -> str:
    """The question, the answer with its markers, then a line for each footnote.

    A footnote repeats the cited words only where the answer says them otherwise.
    """
    parts = [body["question"], body["answer"], *(f"Note: {notice['message']}" for notice in body["notices"])]
    notes = [f"[{each['number']}] {place(each)}{_quoted(each['cited_text'], body)}" for each in citations_of(body)]
    if body["refused"] and notes:
        parts.append("The closest paragraphs:")
    return "\n\n".join([*parts, *(["\n".join(notes)] if notes else [])]) + "\n"


def as_markdown(body: Body, *, prefix: str = "", full: bool = False) -> str:
    """The question as a heading, the answer, its footnotes as `[^1]`.

    A footnote repeats the cited words only where the answer says them otherwise. `prefix` keeps the footnotes of
    several answers in one document apart: `[^2-1]`. `full` tells each citation's article, version and offsets too.
    """
    parts = [f"## {escaped(body['question'])}"]
    if body["refused"]:
        parts.append(escaped(body["answer"]))
        if body["refusal"]["closest"]:
            parts.append("The closest paragraphs:")
        parts += [f"> {escaped(each['cited_text'])}\n>\n> {_where(each, full)}" for each in citations_of(body)]
    else:
        parts.append(" ".join(_sentence(each, prefix) for each in body["sentences"]))
    parts += [f"*Note: {escaped(notice['message'])}*" for notice in body["notices"]]
    if not body["refused"]:
        notes = (
            f"[^{prefix}{each['number']}]: {_where(each, full)}{_quoted(each['cited_text'], body, escaped)}"
            for each in body["citations"]
        )
        parts.append("\n".join(notes))
    return "\n\n".join(parts) + "\n"


def citations_of(body: Body) -> Sequence[Mapping[str, Any]]:
    """The citations of an answer, or of a refusal the closest paragraphs."""
    found: Sequence[Mapping[str, Any]] = body["refusal"]["closest"] if body["refused"] else body["citations"]
    return found


def place(citation: Mapping[str, Any]) -> str:
    """Where a citation stands, in words: `Bridge opens, 2024-05-03, bridge.txt, paragraph 1`."""
    told = [citation["document_title"], (citation["published"] or "")[:10], citation["source"], *_rest(citation)]
    return ", ".join(" ".join(part.split()) for part in told if part)


def web_address(source: str | None) -> str | None:
    """The source where it is an address on the web that a link may go to."""
    return source if source and re.match(r"https?://[^\s/]", source, re.IGNORECASE) else None


def escaped(text: str) -> str:
    """One line of Markdown that shows `text` and does nothing else."""
    line = INLINE.sub(r"\\\1", " ".join(text.split()))
    return AT_THE_START.sub(r"\1\\", line)


def _sentence(sentence: Mapping[str, Any], prefix: str) -> str:
    return escaped(sentence["text"]) + "".join(f"[^{prefix}{number}]" for number in sentence["citations"])


def _where(citation: Mapping[str, Any], full: bool) -> str:
    """The place as Markdown; the title leads to the source where that is a web address."""
    address = web_address(citation["source"])
    where = escaped(place(citation))
    if address is not None:
        link = f"[{escaped(citation['document_title'])}](<{quote(address, safe=':/?#@!$&*+,;=%~-._')}>)"
        told = [(citation["published"] or "")[:10], *_rest(citation)]
        where = ", ".join([link, *(escaped(part) for part in told if part)])
    if not full:
        return where
    start, end = citation["start_char_index"], citation["end_char_index"]
    version = escaped(f"{citation['article_id']}, version {citation['article_version']}")
    return f"{where} (characters {start} to {end} of {version})"


def _rest(citation: Mapping[str, Any]) -> list[str]:
    page = [f"page {citation['page_number']}"] if citation["page_number"] is not None else []
    copies = [f"also in {each['source'] or each['document_title']}" for each in citation.get("also_in", ())]
    return [*page, f"paragraph {citation['paragraph_index'] + 1}", *copies]


def _quoted(words: str, body: Body, write: Callable[[str], str] = lambda text: " ".join(text.split())) -> str:
    """The words behind a colon; nothing where a sentence of the answer is these words."""
    return "" if any(sentence["text"] == words for sentence in body["sentences"]) else f": “{write(words)}”"
