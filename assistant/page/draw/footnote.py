"""A footnote: the number that is pressed, and the card that shows its quotation inside its paragraph."""

from collections.abc import Callable

from assistant.page.draw.exchange import Body
from assistant.page.draw.text import day, esc, meta
from vectorstore import Article

AROUND = 220  # characters of the paragraph on each side of the quotation
GONE = "This article is no longer in the library; these are the words as they stood."

# The version that a citation names; None where it is no longer in the library.
Articles = Callable[[str, str], Article | None]


def footnote(citation: Body, exchange: int, articles: Articles) -> str:
    number = citation["number"]
    published = day(citation["published"])
    label = f"Footnote {number}: {citation['document_title']}" + (f", {published}" if published else "")
    card = f"card-{exchange}-{number}"
    return (
        f'<span class="note"><button type="button" class="footnote" data-exchange="{exchange}" '
        f'data-citation="{number}" aria-label="{esc(label)}" aria-describedby="{card}">{number}</button>'
        f'<span class="card" id="{card}" role="tooltip" popover="manual">{_card(citation, articles)}</span></span>'
    )


def _card(citation: Body, articles: Articles) -> str:
    article = articles(citation["article_id"], citation["article_version"])
    page = f"page {citation['page_number']}" if citation["page_number"] else None
    where = f"paragraph {citation['paragraph_index'] + 1}"
    if article is not None:
        where += f" of {len(article.paragraphs)}"
    about = meta(day(citation["published"]), citation["source"], where, page, copies(citation))
    gone = "" if article else f'<span class="gone">{GONE}</span>'
    quotation = in_paragraph(citation, article)
    return f'<cite dir="auto">{esc(citation["document_title"])}</cite>{about}{quotation}{gone}'


def copies(citation: Body) -> str | None:
    """The other articles that hold the same words; what was kept before they were told of has none."""
    others = citation.get("also_in", ())
    return f"also in {'; '.join(each['source'] or each['document_title'] for each in others)}" if others else None


def in_paragraph(citation: Body, article: Article | None) -> str:
    """The cited words, marked, with what stands around them in their paragraph."""
    marked = f"<mark>{esc(citation['cited_text'])}</mark>"
    if article is None:
        return f'<q dir="auto">{marked}</q>'
    start, end = citation["start_char_index"], citation["end_char_index"]
    first, last = citation["paragraph_start_char_index"], citation["paragraph_end_char_index"]
    before = _shortened_before(article.text[first:start])
    after = _shortened_after(article.text[end:last])
    return f'<q dir="auto">{esc(before)}{marked}{esc(after)}</q>'


def _shortened_before(text: str) -> str:
    if len(text) <= AROUND:
        return text
    kept = text[-AROUND:]
    return "… " + kept.partition(" ")[2] if " " in kept else "…" + kept


def _shortened_after(text: str) -> str:
    if len(text) <= AROUND:
        return text
    kept = text[:AROUND]
    return (kept.rpartition(" ")[0] if " " in kept else kept) + " …"
