"""The web chat: the articles, the conversation, and the article being read, side by side.

The one module that knows Gradio. It draws nothing (`draw.py` does) and finds no answers: it carries what a person
does to the assistant, and what comes back to the page. A visitor's conversation is Gradio's session state.
"""

import logging
import os
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

from fastapi import FastAPI

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read by Gradio when it is imported: no request leaves the machine

import gradio as gr

from assistant import draw
from assistant.answer import Answer, Citation
from assistant.draw import Exchange
from assistant.engine import Turn
from assistant.problems import BUG
from vectorstore import FootnoteError, Listed, NotFound, Store

FILES = Path(__file__).parent / "web"
MOST_LISTED = 2000  # articles in the list beside the conversation
MOST_TURNS = 6  # earlier messages that a follow-up is read with
FAVICON = (
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'><rect x='3' y='3' width='26' height='26' rx='7' "
    "fill='#2f6f5e'/><path d='M9 11h11M9 16h11M9 21h6' stroke='#fff' stroke-width='2.4' stroke-linecap='round'/>"
    "<circle cx='23' cy='22' r='2.6' fill='#ffd166'/></svg>"
)
FONTS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif")
log = logging.getLogger(__name__)
QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "queue": False}


class Asks(Protocol):
    """What the page needs of the assistant."""

    store: Store

    def ask(
        self, question: str, *, article_ids: Collection[str] | None = None, history: Sequence[Turn] = ()
    ) -> Answer: ...


def mount(app: FastAPI, assistant: Asks, suggestions: Sequence[str] = ()) -> FastAPI:
    """Puts the page at `/` of the application, behind whatever routes it has already."""
    page = Page(assistant, suggestions)
    head = (
        f'<link rel="icon" href="data:image/svg+xml,{quote(FAVICON)}"><meta name="color-scheme" content="light dark">'
    )
    gr.mount_gradio_app(
        app,
        page.blocks(),
        path="/",
        footer_links=[],
        show_error=False,
        max_file_size=1,  # bytes: nothing is uploaded here
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        theme=gr.themes.Base(font=FONTS, font_mono=("ui-monospace", "monospace")),
        head=head + _style(),
    )
    return app


class Page:
    """The page's events. What a visitor said and heard comes in and goes out; nothing is kept here."""

    def __init__(self, assistant: Asks, suggestions: Sequence[str]) -> None:
        self._assistant = assistant
        self._suggestions = suggestions

    def blocks(self) -> gr.Blocks:
        blocks: gr.Blocks
        with gr.Blocks(title="Footnote", analytics_enabled=False, fill_width=True) as blocks:
            exchanges = gr.State([])
            chosen = gr.State([])
            header = _html("header", draw.header(), "header.js")
            with gr.Row(elem_id="desk"):
                library = _html("library", "", "library.js")
                with gr.Column(elem_id="talk"):
                    talk = _html("conversation", "", "conversation.js")
                    question = gr.Textbox(
                        placeholder="Ask the articles",
                        label="Question",
                        show_label=False,
                        lines=1,
                        max_lines=6,
                        max_length=2000,
                        submit_btn=True,
                        elem_id="question",
                        autofocus=True,
                    )
                article = _html("article", draw.nothing_open(), "article.js")
            waits = [exchanges, talk, question]
            heard = [exchanges, talk, question, article]
            blocks.load(self.open, None, [library, talk], **QUIET)
            for asked in (
                question.submit(self.ask, [question, exchanges], waits, **QUIET),
                talk.submit(self.ask_suggested, [exchanges], waits, **QUIET),
            ):
                asked.then(
                    self.answer, [exchanges, chosen], heard, api_visibility="private", show_progress="hidden"
                ).then(None, js="() => document.querySelector('#question textarea')?.focus()")
            for pressed in (talk, article):
                pressed.click(self.open_citation, [exchanges], [article], **QUIET)
            library.click(self.open_article, None, [article], **QUIET)
            library.select(self.choose, None, [chosen], **QUIET)
            library.upload(self.relist, [exchanges, chosen], [library, chosen, talk], **QUIET)
            header.click(self.begin_anew, None, heard, **QUIET)
        return blocks

    def open(self) -> tuple[str, str]:
        """The list and the start, as they are when the page is opened."""
        return draw.library(self._listed()), self._drawn([])

    def ask(self, question: str, exchanges: list[Exchange]) -> tuple[Any, ...]:
        """Shows the question at once, and waits."""
        if not question.strip():
            return exchanges, gr.skip(), gr.skip()
        exchanges = [*exchanges, Exchange(question.strip())]
        return exchanges, self._drawn(exchanges), gr.update(value="", interactive=False)

    def ask_suggested(self, exchanges: list[Exchange], event: gr.EventData) -> tuple[Any, ...]:
        return self.ask(str(event.question), exchanges)

    def answer(self, exchanges: list[Exchange], chosen: list[str]) -> tuple[Any, ...]:
        """Answers the question that waits; the first footnote's article opens beside it."""
        if not exchanges or exchanges[-1].answer or exchanges[-1].trouble:
            return gr.skip(), gr.skip(), gr.skip(), gr.skip()
        question = exchanges[-1].question
        try:
            answer = self._assistant.ask(question, article_ids=chosen or None, history=_history(exchanges[:-1]))
        except FootnoteError as error:
            return self._troubled(exchanges, str(error))
        except Exception:  # the page's outermost edge: Gradio would leave it waiting for ever
            log.exception("A question asked on the page could not be answered.")
            return self._troubled(exchanges, BUG)
        exchanges = [*exchanges[:-1], Exchange(question, answer)]
        opened = self._reading(exchanges, len(exchanges) - 1, 1) if answer.citations else gr.skip()
        return exchanges, self._drawn(exchanges), gr.update(interactive=True), opened

    def _troubled(self, exchanges: list[Exchange], sentence: str) -> tuple[Any, ...]:
        question = exchanges[-1].question
        exchanges = [*exchanges[:-1], Exchange(question, trouble=sentence)]
        return exchanges, self._drawn(exchanges), gr.update(value=question, interactive=True), gr.skip()

    def open_citation(self, exchanges: list[Exchange], event: gr.EventData) -> Any:
        return self._reading(exchanges, int(event.exchange), int(event.citation))

    def open_article(self, event: gr.EventData) -> str:
        try:
            return draw.reading(self._assistant.store.article(str(event.article)))
        except NotFound as error:
            return draw.missing(str(error))

    def choose(self, event: gr.EventData) -> list[str]:
        return [str(article_id) for article_id in event.articles]

    def relist(self, exchanges: list[Exchange], chosen: list[str]) -> tuple[Any, ...]:
        """The list after something was added or removed; what is ticked stays so, as long as it is there."""
        listed = self._listed()
        kept = [article.id for article in listed if article.id in chosen]
        return draw.library(listed, kept), kept, gr.skip() if exchanges else self._drawn([])

    def begin_anew(self) -> tuple[Any, ...]:
        return [], self._drawn([]), gr.update(value="", interactive=True), draw.nothing_open()

    def _drawn(self, exchanges: Sequence[Exchange]) -> str:
        return draw.conversation(exchanges, self._suggestions, empty=not self._assistant.store.count())

    def _reading(self, exchanges: Sequence[Exchange], exchange: int, number: int) -> Any:
        if not 0 <= exchange < len(exchanges):
            return gr.skip()
        shown = _citations(exchanges[exchange])
        current = next((citation for citation in shown if citation.number == number), None)
        if current is None:
            return gr.skip()
        same = [citation for citation in shown if citation.article == current.article]
        return draw.reading(current.article, same, number, exchange)

    def _listed(self) -> Sequence[Listed]:
        return self._assistant.store.articles(limit=MOST_LISTED).items


def _style() -> str:
    # In the head, because Gradio puts what it is given as `css` below its own container, where no rule sees <body>.
    return f"<style>{(FILES / 'page.css').read_text()}</style>"


def _html(name: str, value: str, script: str) -> gr.HTML:
    return gr.HTML(
        value, elem_id=name, apply_default_css=False, js_on_load=(FILES / script).read_text(), container=False
    )


def _citations(exchange: Exchange) -> Sequence[Citation]:
    if exchange.answer is None:
        return ()
    refusal = exchange.answer.refusal
    return refusal.closest if refusal else exchange.answer.citations


def _history(exchanges: Sequence[Exchange]) -> list[Turn]:
    turns = [
        turn
        for exchange in exchanges
        if exchange.answer
        for turn in (Turn("user", exchange.answer.searched_for), Turn("assistant", exchange.answer.text))
    ]
    return turns[-MOST_TURNS:]
