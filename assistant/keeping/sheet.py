"""Answers as HTML to keep: pages that stand alone, read well on screen and on paper, and ask nothing of any server.

Pure functions from the JSON body of `/v1/ask`; every text passes `esc`. No script and no link but to web addresses,
and a policy in the page itself that allows nothing else. Knows nothing of the web chat.
"""

import hashlib
from base64 import b64encode
from collections.abc import Mapping, Sequence
from html import escape as esc
from typing import Any

from assistant.keeping.prose import Body, citations_of, web_address

STYLE = """
:root{color-scheme:light dark;--paper:#fbfaf7;--sheet:#fff;--ink:#1d2321;--soft:#57615d;--line:#dcd8ce;--accent:#1f5f4e;
--mark:#ffe08a;--mark-ink:#1d2321}
@media(prefers-color-scheme:dark){:root{--paper:#151917;--sheet:#1c211f;--ink:#e8ebe7;--soft:#a5afaa;--line:#39423e;
--accent:#7fcbb2;--mark:#6b5210;--mark-ink:#fff6dd}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:1.06rem/1.6 Georgia,"Iowan Old Style","Noto Serif",serif}
main{max-width:44rem;margin:0 auto;padding:2.5rem 1.25rem 4rem}
h1{font-size:1.75rem;line-height:1.25;margin:.2rem 0 .6rem;text-wrap:balance}
h2{font-size:1.3rem;line-height:1.3;margin:2.6rem 0 .6rem}
h3{font-size:1.05rem;line-height:1.35;margin:0}
h1,h2,h3,p,blockquote,dd{overflow-wrap:anywhere}
a{color:var(--accent);text-underline-offset:.15em}
.small{font:.84rem/1.5 system-ui,-apple-system,"Segoe UI",sans-serif;color:var(--soft);margin:.2rem 0}
.answer{margin:1.3rem 0}
.answer p{font-size:1.16rem;margin:.5rem 0}
.answer .note{font-size:.95rem;color:var(--soft);border-inline-start:3px solid var(--accent);padding-inline-start:.8rem}
sup{line-height:0}
sup a{font:600 .72rem system-ui,sans-serif;text-decoration:none;padding:0 .15rem}
ol{list-style:none;margin:1rem 0;padding:0}
li{background:var(--sheet);border:1px solid var(--line);border-radius:.6rem;padding:1rem 1.1rem;margin:0 0 1rem}
li:target{border-color:var(--accent)}
h3 .number{color:var(--accent);font:600 .9rem system-ui,sans-serif;margin-inline-end:.45rem}
blockquote{margin:.7rem 0;white-space:pre-wrap}
mark{background:var(--mark);color:var(--mark-ink);padding:.1em 0;box-decoration-break:clone;
-webkit-box-decoration-break:clone}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem .8rem;margin:.6rem 0 0;
font:.78rem/1.5 ui-monospace,"DejaVu Sans Mono",monospace;color:var(--soft)}
dd{margin:0}
footer{border-top:1px solid var(--line);margin-top:2.5rem;padding-top:.9rem}
code{font:.92em ui-monospace,"DejaVu Sans Mono",monospace}
@media(max-width:30rem){dl{grid-template-columns:1fr}dt{margin-top:.35rem}}
@media print{:root{color-scheme:light;--paper:#fff;--sheet:#fff;--ink:#000;--soft:#444;--line:#bbb;--accent:#1f5f4e;
--mark:#ffe9a8;--mark-ink:#000}:root{font-size:9.5pt}main{max-width:none;padding:0}li,h1,h2,h3{break-inside:avoid}
h2,h3{break-after:avoid}mark{print-color-adjust:exact;-webkit-print-color-adjust:exact}@page{margin:18mm 17mm}}
"""
POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; "
    f"style-src 'sha256-{b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'"
)


def page(title: str, main: str, *, head: str = "", end: str = "") -> str:
    """A whole page around `main`; `head` and `end` are HTML for the end of the head and of the body."""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{esc(POLICY)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="referrer" content="no-referrer">\n{head}'
        f"<title>{esc(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n{main}</main>\n{end}"
        "</body>\n</html>\n"
    )


def answer(body: Body, *, anchor: str = "") -> str:
    """What was answered. Footnotes lead to `anchor` and the citation's number."""
    said = "".join(_sentence(each, body, anchor) for each in body["sentences"])
    refused = f'<p dir="auto">{esc(body["answer"])}</p>\n' if body["refused"] else ""
    notes = "".join(f'<p class="note" dir="auto">{esc(notice["message"])}</p>\n' for notice in body["notices"])
    return f'<div class="answer">\n{refused}{said}{notes}</div>\n'


def about(body: Body, when: str) -> str:
    """Who answered when, what was searched for, and how sure it was."""
    searched = ""
    if body["searched_for"] != body["question"]:
        searched = f'<p class="small">Searched for: <bdi>{esc(body["searched_for"])}</bdi></p>\n'
    told = [f"Answered {_time(when)}", f"by {body['model']}", f"confidence {body['confidence']:.0%}"]
    return f'{searched}<p class="small">{" · ".join(esc(part) for part in told)}</p>\n'


def quotations(body: Body, paragraphs: Sequence[str | None], *, anchor: str = "") -> str:
    """Each citation in its paragraph, with its place and the version it was taken from.

    `paragraphs` has the text of each citation's paragraph, None where that is not kept any more.
    """
    pairs = zip(citations_of(body), paragraphs, strict=True)
    items = "".join(_quotation(citation, _words(citation, text, body), anchor) for citation, text in pairs)
    return f"<ol>\n{items}</ol>\n" if items else ""


def _sentence(sentence: Mapping[str, Any], body: Body, anchor: str) -> str:
    links = (f'<a href="#{anchor}{number}">{number}</a>' for number in sentence["citations"])
    marks = "".join(f"<sup>{link}</sup>" for link in links)
    own = "" if sentence["support"] == "quoted" else ' <span class="small">in other words</span>'
    return f'<p dir="auto">{_said(sentence, body)}{marks}{own}</p>\n'


def _said(sentence: Mapping[str, Any], body: Body) -> str:
    """The sentence, with the words that answer emphasised where it quotes them."""
    text, short = sentence["text"], body["short_answer"]
    if not short or sentence["support"] != "quoted" or short["citation"] not in sentence["citations"]:
        return esc(text)
    quoted: Mapping[str, Any] = next((each for each in body["citations"] if each["number"] == short["citation"]), {})
    start = short["start_char_index"] - quoted["start_char_index"]
    end = short["end_char_index"] - quoted["start_char_index"]
    return f"{esc(text[:start])}<strong>{esc(text[start:end])}</strong>{esc(text[end:])}"


def _quotation(citation: Mapping[str, Any], words: str, anchor: str) -> str:
    number, source = citation["number"], citation["source"]
    address = web_address(source)
    where = f'<a href="{esc(address)}" rel="noreferrer">{esc(address)}</a>' if address else esc(source or "")
    page_number = f"page {citation['page_number']}" if citation["page_number"] is not None else ""
    told = [esc((citation["published"] or "")[:10]), f"<bdi>{where}</bdi>" if where else "", page_number]
    copies = "; ".join(esc(each["source"] or each["document_title"]) for each in citation.get("also_in", ()))
    also = f'<p class="small">Also in: <bdi>{copies}</bdi></p>\n' if copies else ""
    facts = {
        "article": citation["article_id"],
        "version": citation["article_version"],
        "paragraph": f"{citation['paragraph_index'] + 1}, {_characters(citation, 'paragraph_')}",
        "quotation": _characters(citation),
    }
    listed = "".join(f"<dt>{name}</dt><dd>{esc(value)}</dd>" for name, value in facts.items())
    return (
        f'<li id="{anchor}{number}">\n<h3 dir="auto"><span class="number">{number}</span>'
        f'{esc(citation["document_title"])}</h3>\n<p class="small">{" · ".join(part for part in told if part)}</p>\n'
        f"{also}"
        f'<blockquote dir="auto">{words}</blockquote>\n<dl>{listed}</dl>\n</li>\n'
    )


def _words(citation: Mapping[str, Any], paragraph: str | None, body: Body) -> str:
    """The cited words marked in their paragraph, cut by code points; alone where the paragraph is not kept."""
    cited = esc(citation["cited_text"])
    marked = cited if body["refused"] else f"<mark>{cited}</mark>"  # what did not answer is shown and not pointed at
    if paragraph is None:
        return marked
    start = citation["start_char_index"] - citation["paragraph_start_char_index"]
    end = citation["end_char_index"] - citation["paragraph_start_char_index"]
    return f"{esc(paragraph[:start])}{marked}{esc(paragraph[end:])}"


def _characters(citation: Mapping[str, Any], which: str = "") -> str:
    return f"characters {citation[f'{which}start_char_index']} to {citation[f'{which}end_char_index']}"


def _time(when: str) -> str:
    """`2024-05-03T10:20:30.123456Z` as a person writes it."""
    return f"{when[:10]} at {when[11:16]} UTC"
