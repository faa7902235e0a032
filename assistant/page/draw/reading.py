"""An article being read: its text whole, the words that an answer cites marked, and the way from one to the next."""

from collections.abc import Sequence
from itertools import pairwise

from assistant.keeping.prose import web_address
from assistant.page.draw.exchange import Body
from assistant.page.draw.text import BACK, CLOSE, ON, button, day, esc, icon, meta
from ingest.split import is_heading
from vectorstore import Article, Span

Marks = Sequence[tuple[Span, int]]  # cited words, and the number of their citation

OLDER = "The article has changed since: this is the version that the answer quotes."


def nothing_open() -> str:
    return '<div class="nothing"><p>The article opens here when you press a footnote or a title.</p></div>'


def missing(sentence: str, citation: Body | None = None) -> str:
    """What is shown in the place of an article that is not there; the words that were cited are kept."""
    kept = ""
    if citation is not None:
        kept = (
            f"<p>The words that the answer rests on, from <cite>{esc(citation['document_title'])}</cite>:</p>"
            f'<blockquote dir="auto">{esc(citation["cited_text"])}</blockquote>'
        )
    return f'<div class="bar">{_close()}</div><div class="missing"><p role="alert">{esc(sentence)}</p>{kept}</div>'


def reading(
    article: Article,
    citations: Sequence[Body] = (),
    current: int | None = None,
    exchange: int | None = None,
    *,
    older: bool = False,
    opening: int = 0,
) -> str:
    """The whole article. Of `citations`, all of one answer, those of this version are marked, `current` strongly.

    `older` says that this is no longer the article's current version. `opening` tells one opening from the next, so
    that what is opened again at the same words is shown there again.
    """
    marks = [
        (Span(each["start_char_index"], each["end_char_index"]), each["number"])
        for each in citations
        if (each["article_id"], each["article_version"]) == (article.id, article.version)
    ]
    body = "".join(_paragraph(article, index, marks, current) for index in range(len(article.paragraphs)))
    steps = _steps(citations, current, exchange, {number for _, number in marks})
    changed = f'<p class="older" role="note">{OLDER}</p>' if older else ""
    return (
        f'<div class="bar">{steps}{_close()}</div><article data-article="{esc(article.id)}" data-opening="{opening}">'
        f'<header>{_about(article)}{changed}</header><div class="text">{body}</div>{_dropped(article)}</article>'
    )


def _close() -> str:
    return button(
        icon(CLOSE), "icon-button close", data_close="yes", aria_label="Close the article", title="Close (Esc)"
    )


def _about(article: Article) -> str:
    author = f"By {article.author}" if article.author else None
    tags = "".join(f'<span class="tag" dir="auto">{esc(tag)}</span>' for tag in article.tags)
    told = meta(author, day(article.published), article.source)
    return f'<h2 dir="auto" tabindex="-1">{esc(article.title)}</h2>{told}{_original(article.source)}{tags}'


def _original(source: str | None) -> str:
    """The way to where the article came from, where that is an address on the web; followed only when pressed."""
    address = web_address(source)
    if address is None:
        return ""
    link = f'<a href="{esc(address)}" target="_blank" rel="noopener noreferrer nofollow">The original</a>'
    return f'<span class="meta">{link}</span>'


def _steps(citations: Sequence[Body], current: int | None, exchange: int | None, here: set[int]) -> str:
    """Previous and next among the answer's citations; the page's script knows which of them are in this article."""
    if exchange is None or current is None or len(citations) < 2:
        return ""
    numbers = [each["number"] for each in citations]
    back = button(icon(BACK), "icon-button", data_step="-1", aria_label="Previous footnote", title="Previous (p)")
    on = button(icon(ON), "icon-button", data_step="1", aria_label="Next footnote", title="Next (n)")
    return (
        f'<nav aria-label="Footnotes of this answer" data-exchange="{exchange}" data-current="{current}" '
        f'data-numbers="{" ".join(map(str, numbers))}" data-here="{" ".join(map(str, sorted(here)))}">{back}'
        f'<span class="place" aria-live="polite">{numbers.index(current) + 1} of {len(numbers)}</span>{on}</nav>'
    )


def _paragraph(article: Article, index: int, marks: Marks, current: int | None) -> str:
    paragraph = article.paragraphs[index]
    inside = [(span, number) for span, number in marks if paragraph.span.holds(span)]
    pieces = "".join(_pieces(article.text, paragraph.span, inside, current))
    if inside:
        kind = "cited" if any(number == current for _, number in inside) else ""
    else:
        kind = "heading" if is_heading(paragraph.span.of(article.text)) else ""
    return f'<p class="{kind}" dir="auto">{pieces}</p>' if kind else f'<p dir="auto">{pieces}</p>'


def _pieces(text: str, within: Span, marks: Marks, current: int | None) -> Sequence[str]:
    """The text of `within`, cut where a mark begins or ends; a piece knows every citation that covers it."""
    edges = sorted({within.start, within.end, *(edge for span, _ in marks for edge in (span.start, span.end))})
    return [_piece(text[start:end], _covering(marks, start, end), current) for start, end in pairwise(edges)]


def _covering(marks: Marks, start: int, end: int) -> list[int]:
    return [number for span, number in marks if span.start <= start and end <= span.end]


def _piece(text: str, numbers: Sequence[int], current: int | None) -> str:
    if not numbers:
        return esc(text)
    kind = "current" if current in numbers else "other"
    return f'<mark class="{kind}" data-numbers="{" ".join(map(str, numbers))}" tabindex="-1">{esc(text)}</mark>'


def _dropped(article: Article) -> str:
    """What cleaning took out, for whoever wants to see it."""
    if not article.dropped:
        return ""
    lines = "".join(f'<li dir="auto">{esc(line)}</li>' for line in article.dropped)
    count = f"{len(article.dropped)} line{'s' * (len(article.dropped) != 1)}"
    return f'<details class="dropped"><summary>{count} cleaned away</summary><ul>{lines}</ul></details>'
