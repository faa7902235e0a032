"""Answers and articles as HTML. Pure functions from our nouns to strings; no Gradio, no I/O.

Every text that comes from an article, a person or a model passes `esc`. Offsets are cut here, in code points: the page
gets strings, never numbers to count with. Buttons carry `data-` attributes that the page's scripts report back.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from assistant.answer import Answer, Citation, Sentence
from ingest.split import is_heading
from vectorstore import Article, Listed, Span

# Beside HTML's own: what Gradio's templates would take for theirs.
TEMPLATE = {ord(character): f"&#{ord(character)};" for character in "{}$`\\"}
CONFIDENT, LIKELY = 0.75, 0.45  # probabilities from which an answer is called very likely, and likely
MARK = (
    '<svg viewBox="0 0 32 32" aria-hidden="true"><rect x="3" y="3" width="26" height="26" rx="7"/>'
    '<path d="M9 11h11M9 16h11M9 21h6"/><circle cx="23" cy="22" r="2.6"/></svg>'
)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question with its answer, or with the sentence that says why there is none; with neither it is waiting."""

    question: str
    answer: Answer | None = None
    trouble: str | None = None


def esc(text: str) -> str:
    """Text that can stand in HTML, in an attribute and in a template, and means only itself."""
    return escape(text).translate(TEMPLATE)


def header() -> str:
    return (
        f'<div class="brand">{MARK}<h1>Footnote</h1><p>Answers from your articles, word for word</p></div>'
        '<button type="button" class="plain phone" data-show="library">Articles</button>'
        '<button type="button" class="plain" data-new="yes">New<span class="wide"> conversation</span></button>'
    )


# The library


def library(articles: Sequence[Listed], chosen: Collection[str] = ()) -> str:
    """The list of articles: a tick each, to ask only these, a title each, to open it, and how to add more."""
    rows = "".join(_row(article, article.id in chosen) for article in articles)
    finding = _FINDING if len(articles) > 1 else ""
    hint = "Tick articles to ask only these." if articles else "None yet: drop files here, or press Add."
    return (
        f"<h2>Articles <small>{len(articles)}</small>"
        '<button type="button" class="plain" data-add="yes" aria-expanded="false">Add</button></h2>'
        f'{_ADDING}{finding}<p class="hint" data-hint>{hint}</p><ul class="articles">{rows}</ul>{CLOSE_LIBRARY}'
    )


_ADDING = (
    '<div class="adding" hidden><label class="drop"><input type="file" multiple data-files>'
    "<span>Drop files here, or <u>choose them</u></span></label>"
    '<textarea rows="3" data-text placeholder="or paste a text or a link" aria-label="A text or a link"></textarea>'
    '<button type="button" class="plain" data-send="yes">Add this</button>'
    '<ul class="report" aria-live="polite"></ul></div>'
)
_FINDING = (
    '<div class="finding"><input type="search" class="filter" placeholder="Find an article" '
    'aria-label="Find an article"><select data-sort aria-label="Order"><option value="added">last added</option>'
    '<option value="published">newest</option><option value="title">title</option></select></div>'
)
CLOSE_LIBRARY = '<button type="button" class="close phone" data-hide="library" aria-label="Close the list">×</button>'


def _row(article: Listed, ticked: bool) -> str:
    title = esc(article.title)
    tags = "".join(f'<span class="tag">{esc(tag)}</span>' for tag in article.tags)
    return (
        f'<li data-title="{title}" data-published="{esc(article.published or "")}">'
        f'<input type="checkbox" data-tick="{esc(article.id)}" aria-label="Ask only {title}"'
        f'{" checked" if ticked else ""}><button type="button" data-open="{esc(article.id)}">'
        f'<span class="title" dir="auto">{title}</span>{_meta(article.published, article.source)}{tags}</button>'
        f'<button type="button" class="remove" data-remove="{esc(article.id)}" aria-label="Remove {title}">×</button>'
        "</li>"
    )


def _meta(*parts: str | None) -> str:
    told = " · ".join(f"<bdi>{esc(part)}</bdi>" for part in (_day(parts[0]), *parts[1:]) if part)
    return f'<span class="meta">{told}</span>' if told else ""


def _day(published: str | None) -> str | None:
    return published[:10] if published else None


# The conversation


def conversation(exchanges: Sequence[Exchange], suggestions: Sequence[str], *, empty: bool) -> str:
    """Everything asked and answered so far; at the start, what could be asked."""
    if not exchanges:
        return _start(suggestions, empty=empty)
    return "".join(_exchange(exchange, number) for number, exchange in enumerate(exchanges))


def _start(suggestions: Sequence[str], *, empty: bool) -> str:
    if empty:
        return (
            '<div class="start"><h2>Your library is empty</h2><p>Drop articles on this page, or press Add in the list. '
            "A whole folder goes in with one command:</p><pre>python -m ingest PATH</pre></div>"
        )
    asks = "".join(
        f'<li><button type="button" data-ask="{esc(text)}">{esc(text)}</button></li>' for text in suggestions
    )
    try_one = f"<p>Try one of these:</p><ul>{asks}</ul>" if asks else ""
    return (
        '<div class="start"><h2>Ask your articles</h2><p>Every sentence of an answer is quoted from an article and '
        f"footnoted. Press a footnote to read it where it stands.</p>{try_one}</div>"
    )


def _exchange(exchange: Exchange, number: int) -> str:
    question = f'<div class="question" dir="auto">{esc(exchange.question)}</div>'
    if exchange.trouble is not None:
        return f'<section>{question}<div class="trouble" role="alert">{esc(exchange.trouble)}</div></section>'
    if exchange.answer is None:
        return f'<section>{question}<div class="waiting" role="status">Reading the articles …</div></section>'
    drawn = _refusal(exchange.answer, number) if exchange.answer.refusal else _answer(exchange.answer, number)
    return f"<section>{question}{drawn}</section>"


def _answer(answer: Answer, number: int) -> str:
    sentences = "".join(_sentence(answer, sentence, number) for sentence in answer.sentences)
    notices = "".join(f'<p class="notice">{esc(notice.message)}</p>' for notice in answer.notices)
    searched = ""
    if answer.searched_for != answer.question:
        searched = f'<p class="searched" dir="auto">Searched for: {esc(answer.searched_for)}</p>'
    return f'<div class="answer">{searched}{sentences}{notices}<p class="sure">{sure(answer.confidence)}</p></div>'


def sure(confidence: float) -> str:
    """The probability in words."""
    if confidence >= CONFIDENT:
        return "Very likely the answer"
    return "Likely the answer" if confidence >= LIKELY else "Not sure that this is the answer"


def _sentence(answer: Answer, sentence: Sentence, number: int) -> str:
    cited = [citation for citation in answer.citations if citation.number in sentence.citations]
    notes = "".join(_footnote(citation, number) for citation in cited)
    return f'<p class="sentence {sentence.support}" dir="auto"><span>{_words(answer, sentence)}</span>{notes}</p>'


def _words(answer: Answer, sentence: Sentence) -> str:
    """The sentence, with the words of the short answer emphasised where it quotes them."""
    short = answer.short_answer
    if short and sentence.support == "quoted" and short.citation in sentence.citations:
        cited = next(citation for citation in answer.citations if citation.number == short.citation)
        start, end = short.span.start - cited.span.start, short.span.end - cited.span.start
        text = sentence.text
        return f"{esc(text[:start])}<strong>{esc(text[start:end])}</strong>{esc(text[end:])}"
    return esc(sentence.text)


def _footnote(citation: Citation, number: int) -> str:
    article = citation.article
    label = f"Footnote {citation.number}: {article.title}" + (
        f", {_day(article.published)}" if article.published else ""
    )
    return (
        f'<span class="note"><button type="button" class="footnote" data-exchange="{number}" '
        f'data-citation="{citation.number}" aria-label="{esc(label)}">{citation.number}</button>'
        f'<span class="quotation" role="tooltip"><q dir="auto">{esc(citation.cited_text)}</q>'
        f'<cite dir="auto">{esc(article.title)}</cite>{_meta(article.published, article.source)}</span></span>'
    )


def _refusal(answer: Answer, number: int) -> str:
    closest = answer.refusal.closest if answer.refusal else ()
    near = "".join(
        f'<li><p dir="auto">{esc(citation.cited_text)}</p><button type="button" class="source" '
        f'data-exchange="{number}" data-citation="{citation.number}">{esc(citation.article.title)}</button></li>'
        for citation in closest
    )
    listed = f'<p class="lead">The closest paragraphs</p><ol>{near}</ol>' if near else ""
    return f'<div class="refusal"><p class="no" role="status">{esc(answer.text)}</p>{listed}</div>'


# The article


def nothing_open() -> str:
    return '<div class="nothing"><p>The article opens here when you press a footnote or a title.</p></div>'


def missing(sentence: str) -> str:
    return f'{CLOSE_ARTICLE}<div class="nothing"><p role="alert">{esc(sentence)}</p></div>'


def reading(
    article: Article, citations: Sequence[Citation] = (), current: int | None = None, exchange: int | None = None
) -> str:
    """The whole article; of `citations` (all of this article) the one numbered `current` strong, the others faint."""
    marks = [(citation.span, citation.number == current) for citation in citations]
    cited = {citation.paragraph_index for citation in citations if citation.number == current}
    body = "".join(_paragraph(article, index, marks, index in cited) for index in range(len(article.paragraphs)))
    jumps = _jumps(citations, current, exchange)
    return f'{CLOSE_ARTICLE}<header>{_about(article)}{jumps}</header><div class="text">{body}</div>'


CLOSE_ARTICLE = (
    '<button type="button" class="close phone" data-hide="article" aria-label="Close the article">×</button>'
)


def _about(article: Article) -> str:
    author = f'<span class="meta">By <bdi>{esc(article.author)}</bdi></span>' if article.author else ""
    return f'<h2 dir="auto">{esc(article.title)}</h2>{_meta(article.published, article.source)}{author}'


def _jumps(citations: Sequence[Citation], current: int | None, exchange: int | None) -> str:
    if exchange is None or len(citations) < 2:
        return ""
    buttons = "".join(
        f'<button type="button" class="footnote" data-exchange="{exchange}" data-citation="{each.number}" '
        f'aria-label="Footnote {each.number} in this article"{" aria-current=true" if each.number == current else ""}>'
        f"{each.number}</button>"
        for each in citations
    )
    return f'<nav aria-label="Footnotes in this article">{buttons}</nav>'


def _paragraph(article: Article, index: int, marks: Iterable[tuple[Span, bool]], cited: bool) -> str:
    paragraph = article.paragraphs[index]
    inside = [(span, strong) for span, strong in marks if paragraph.span.holds(span)]
    pieces = "".join(_pieces(article.text, paragraph.span, inside))
    kind = "heading" if is_heading(paragraph.span.of(article.text)) and not inside else "cited" if cited else ""
    return f'<p class="{kind}" dir="auto">{pieces}</p>'


def _pieces(text: str, within: Span, marks: Sequence[tuple[Span, bool]]) -> Iterable[str]:
    """The text of `within`, cut where a mark begins or ends; where marks overlap the strong one shows."""
    edges = sorted({within.start, within.end, *(edge for span, _ in marks for edge in (span.start, span.end))})
    for start, end in pairwise(edges):
        covering = [strong for span, strong in marks if span.start <= start and end <= span.end]
        piece = esc(text[start:end])
        yield f'<mark class="{"current" if any(covering) else "other"}">{piece}</mark>' if covering else piece
