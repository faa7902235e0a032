"""The conversation: questions, answers sentence by sentence with their footnotes, refusals with what came closest."""

from collections.abc import Sequence

from assistant.page.draw.actions import actions
from assistant.page.draw.exchange import Body, Exchange
from assistant.page.draw.footnote import Articles, copies, footnote, in_paragraph
from assistant.page.draw.text import EDIT, attributes, button, day, esc, icon, meta

CONFIDENT, LIKELY = 0.75, 0.45  # probabilities from which an answer is called very likely, and likely
LAST_WORD = 24  # characters of a last word that is kept beside its footnote
KINDS = {
    "quoted": "quoted word for word",
    "supported": "in other words, checked against the words it cites",
    "left_out": "left out: the articles do not carry it",
}


def conversation(
    exchanges: Sequence[Exchange],
    suggestions: Sequence[str],
    articles: Articles,
    *,
    empty: bool,
    models: Sequence[str] = (),
    show: str = "",
    note: str = "",
) -> str:
    """Everything asked and answered so far; at the start, what could be asked.

    `articles` finds a cited version; `show` is the id of the answer to show first, else it is the last; `note` is
    something to tell before anything is asked.
    """
    if not exchanges:
        alert = f'<p class="trouble" role="alert">{esc(note)}</p>' if note else ""
        return f'<div class="start">{alert}{_start(suggestions, empty=empty)}</div>'
    told = "".join(_exchange(exchange, number, articles, models) for number, exchange in enumerate(exchanges))
    kept = next((each.body["conversation_id"] for each in exchanges if each.state == "whole" and each.body), "")
    named = attributes((("data-conversation", kept or None), ("data-show", show or None)))
    return f'<div class="told" role="log" aria-label="Conversation"{named}>{told}</div>'


def sure(confidence: float) -> str:
    """The probability in words."""
    if confidence >= CONFIDENT:
        return "Very likely the answer"
    return "Likely the answer" if confidence >= LIKELY else "Not sure that this is the answer"


def _start(suggestions: Sequence[str], *, empty: bool) -> str:
    if empty:
        return (
            "<h2>Your library is empty</h2><p>Drop articles anywhere on this page, or paste a text "
            "or a link into the list. Then ask: every sentence of an answer is footnoted with its source.</p>"
            f"{button('Choose files', 'accent', data_choose='yes')}"
            "<p>A whole folder goes in with one command:</p><pre>python -m ingest PATH</pre>"
        )
    lead = "<p>Try one of these:</p>" if suggestions else ""
    return (
        "<h2>Ask your articles</h2><p>Every sentence of an answer is footnoted with the exact words "
        f"it rests on. Press a footnote to read them where they stand.</p>{lead}{_asks(suggestions)}"
    )


def _asks(suggestions: Sequence[str]) -> str:
    asks = "".join(f"<li>{button(esc(text), 'ask', data_ask=text)}</li>" for text in suggestions)
    return f'<ul class="asks">{asks}</ul>' if asks else ""


def _exchange(exchange: Exchange, number: int, articles: Articles, models: Sequence[str]) -> str:
    name = exchange.body["id"] if exchange.body else None
    anchor = f' id="{esc(name)}"' if name else ""
    question = f'<h2 class="question" dir="auto">{esc(exchange.question)}</h2>'
    again = f' data-unanswered="{esc(exchange.question)}"' if exchange.state == "trouble" else ""
    drawn = _body(exchange, number, articles, models)
    return f'<section{anchor} data-state="{exchange.state}"{again}>{question}{drawn}</section>'


def _body(exchange: Exchange, number: int, articles: Articles, models: Sequence[str]) -> str:
    body = exchange.body
    drawn = (
        "" if body is None else _refusal(body, number, articles) if body["refused"] else _answer(body, number, articles)
    )
    if exchange.state == "waiting":
        return f'{drawn}<p class="waiting" role="status">Reading the articles …</p>'
    if exchange.state == "stopped":
        return f'{drawn}<p class="stopped" role="status">Stopped.</p>'
    if exchange.state == "trouble":
        return f'{drawn}<div class="trouble" role="alert">{esc(exchange.trouble)}</div>'
    return f"{drawn}{actions(exchange, models)}"


# An answer


def _answer(body: Body, number: int, articles: Articles) -> str:
    sentences = "".join(_sentence(body, sentence, number, articles) for sentence in body["sentences"])
    notices = "".join(_notice(body, notice, number, articles) for notice in body["notices"])
    return f'<div class="answer">{_searched(body)}{sentences}{notices}{_legend(body)}</div>'


def _searched(body: Body) -> str:
    """The stand-alone question that a follow-up was read as, to be put right where it was read wrongly."""
    if body["searched_for"] == body["question"]:
        return ""
    asked, searched = esc(body["question"]), esc(body["searched_for"])
    return (
        f'<details class="searched"><summary><span dir="auto">Searched for: {searched}</span> {icon(EDIT)}'
        '<span class="hidden-words">Edit</span></summary>'
        f'<form data-question="{asked}"><textarea rows="2" maxlength="2000" required aria-label="What to search for">'
        f'{searched}</textarea><button type="submit" class="plain">Ask this</button></form></details>'
    )


def _sentence(body: Body, sentence: Body, number: int, articles: Articles) -> str:
    text = sentence["text"]
    cited = [citation for citation in body["citations"] if citation["number"] in sentence["citations"]]
    notes = [footnote(citation, number, articles) for citation in cited]
    start, end = _short(body, sentence)
    last = text.rfind(" ") + 1  # the last word keeps its footnote beside it, not alone on the next line
    if not notes or last < end or len(text) - last > LAST_WORD:
        last = len(text)
    words = f"{esc(text[:start])}<strong>{esc(text[start:end])}</strong>" if end else ""
    kept = f'<span class="last">{esc(text[last:])}{"".join(notes[:1])}</span>{"".join(notes[1:])}'
    return f'<p class="sentence {sentence["support"]}" dir="auto">{words}{esc(text[end:last])}{kept}</p>'


def _short(body: Body, sentence: Body) -> tuple[int, int]:
    """Where the words of the short answer stand in the sentence; (0, 0) where they do not."""
    short, text = body["short_answer"], sentence["text"]
    if not short or short["citation"] not in sentence["citations"]:
        return 0, 0
    if sentence["support"] == "quoted":
        cited = next(citation for citation in body["citations"] if citation["number"] == short["citation"])
        begin = cited["start_char_index"]
        return short["start_char_index"] - begin, short["end_char_index"] - begin
    start = text.find(short["text"])
    return (start, start + len(short["text"])) if start >= 0 else (0, 0)


def _notice(body: Body, notice: Body, number: int, articles: Articles) -> str:
    cited = [citation for citation in body["citations"] if citation["number"] in notice["citations"]]
    notes = "".join(
        button(str(each["number"]), "footnote", data_exchange=number, data_citation=each["number"],
               aria_label=f"Footnote {each['number']}: {each['document_title']}")
        for each in cited
    )  # fmt: skip
    message = f'<span dir="auto">{esc(notice["message"])}</span>'
    return f'<p class="notice {esc(notice["type"])}">{message}{notes}</p>'


def _legend(body: Body) -> str:
    """How surely, and how the kinds of sentences that stand here can be told apart."""
    if body["confidence"] is None:
        return ""
    shown = [sentence["support"] for sentence in body["sentences"]] + [notice["type"] for notice in body["notices"]]
    kinds = "".join(f'<span class="kind {kind}">{words}</span>' for kind, words in KINDS.items() if kind in shown)
    return f'<p class="legend"><span class="sure">{sure(body["confidence"])}</span>{kinds}</p>'


def _refusal(body: Body, number: int, articles: Articles) -> str:
    near = "".join(_near(citation, number, articles) for citation in body["refusal"]["closest"])
    listed = f'<p class="lead">What came closest</p><ol>{near}</ol>' if near else ""
    notices = "".join(_notice(body, notice, number, articles) for notice in body["notices"])
    told = f'<p class="no" role="status">{esc(body["answer"])}</p>'
    return f'<div class="refusal">{_searched(body)}{told}{notices}{listed}</div>'


def _near(citation: Body, number: int, articles: Articles) -> str:
    article = articles(citation["article_id"], citation["article_version"])
    title = button(
        esc(citation["document_title"]), "source", data_exchange=number, data_citation=citation["number"], dir="auto"
    )
    about = meta(day(citation["published"]), citation["source"], copies(citation))
    return f"<li>{title}{about}{in_paragraph(citation, article)}</li>"


def further(questions: Sequence[str]) -> str:
    """Questions that the articles answer as well, to be asked with one press."""
    if not questions:
        return ""
    return f'<div class="further" role="group" aria-label="The articles also answer">{_asks(questions)}</div>'
