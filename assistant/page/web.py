"""The web chat: the lists, the conversation, and the article being read, side by side.

The one module that knows Gradio. It draws nothing (`draw` does) and finds no answers: it carries what a person does to
the assistant, and what comes back to the page. A visitor's conversation is Gradio's session state.
"""

import os
import threading
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote
from weakref import WeakValueDictionary

from fastapi import FastAPI
from starlette.routing import Mount

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read by Gradio when it is imported: no request leaves the machine

import gradio as gr

from assistant.doors.allowed import Allowed
from assistant.doors.places import WAITING
from assistant.page import draw
from assistant.page.draw import Exchange
from assistant.page.talk import Asks, Talk

FILES = Path(__file__).parent / "files"
STYLES = ("page.css", "side.css", "conversation.css", "article.css")
AT_ONCE = 16  # questions answered at the same time; Gradio's own limit is one
FAVICON = (
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'><rect x='3' y='3' width='26' height='26' rx='7' "
    "fill='#2f6f5e'/><path d='M9 11h11M9 16h11M9 21h6' stroke='#fff' stroke-width='2.4' stroke-linecap='round'/>"
    "<circle cx='23' cy='22' r='2.6' fill='#ffd166'/></svg>"
)
# What the page calls of Gradio's routes, as seen in Chromium (and app_id, after a lost connection). The
# others read files, fetch any address (`file=`), take uploads and keep a history elsewhere.
GRADIO_PATHS = (
    "/",
    "/favicon.ico",
    "/theme.css",
    "/gradio_api/app_id",
    "/gradio_api/queue/data",
    "/gradio_api/queue/join",
    "/gradio_api/queue/status",
    "/gradio_api/run/predict",
)
GRADIO_FOLDERS = ("/assets/", "/static/", "/gradio_api/heartbeat/")
FONTS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif")
NOT_KEPT = "There is no such answer here: it may have been deleted, or kept under another key."
NOT_THERE = "This article is no longer in the library."
QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
AT_ONCE_QUIET: dict[str, Any] = {**QUIET, "queue": False}


def mount(app: FastAPI, assistant: Asks, suggestions: Sequence[str] = (), *, locked: bool = False) -> FastAPI:
    """Puts the page at `/` of the application, behind whatever routes it has already.

    `locked`: there are keys, so that people sign in and can sign out.
    """
    page = Page(assistant, suggestions, locked=locked)
    head = (
        f'<link rel="icon" href="data:image/svg+xml,{quote(FAVICON)}"><meta name="color-scheme" content="light dark">'
    )
    gr.mount_gradio_app(
        app,
        page.blocks(),
        path="/",
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size=1,  # bytes: nothing is uploaded here
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        theme=gr.themes.Base(font=FONTS, font_mono=("ui-monospace", "monospace")),
        head=head + _style(),
    )
    mounted = app.router.routes[-1]
    assert isinstance(mounted, Mount)  # noqa: S101 - what mount_gradio_app adds
    mounted.app = Allowed(mounted.app, paths=GRADIO_PATHS, folders=GRADIO_FOLDERS)
    return app


class Page:
    """The page's events. What a visitor said and heard comes in and goes out; nothing of it is kept here."""

    def __init__(self, assistant: Asks, suggestions: Sequence[str], *, locked: bool) -> None:
        self._assistant = assistant
        self._suggestions = suggestions
        self._locked = locked
        self._talk = Talk(assistant)
        # By visitor. Gone with the generator that holds it.
        self._stops: WeakValueDictionary[str, threading.Event] = WeakValueDictionary()
        self._openings = count(1)  # Gradio passes over what is the same as before, and so would a second press

    def blocks(self) -> gr.Blocks:
        blocks: gr.Blocks
        with gr.Blocks(title="Footnote", analytics_enabled=False, fill_width=True) as blocks:
            exchanges = gr.State([])
            header = _html("header", draw.header(locked=self._locked), "header.js")
            with gr.Row(elem_id="desk"):
                with gr.Column(elem_id="side"):
                    _html("tabs", draw.side(), "side.js", "sheets.js")
                    library = _html("library", draw.library(), "library.js", "adding.js")
                    history = _html("history", draw.history(), "history.js")
                with gr.Column(elem_id="talk"):
                    talk = _html("conversation", "", "conversation.js", "card.js")
                    further = _html("further", "", "further.js")
                    _html("question", draw.composer(self._assistant.models), "composer.js")
                article = _html("article", draw.nothing_open(), "article.js")
            both = [exchanges, talk]
            opening = blocks.load(self.open, None, both, **AT_ONCE_QUIET)
            asking = talk.submit(
                self.ask, [exchanges], both, concurrency_limit=AT_ONCE, trigger_mode="multiple", **QUIET
            )
            resuming = history.select(self.resume, None, both, **AT_ONCE_QUIET)
            leaving = history.delete(self.begin_anew, None, both, **AT_ONCE_QUIET)
            anew = header.click(self.begin_anew, None, both, **AT_ONCE_QUIET)
            for done in (opening, asking, resuming, leaving, anew):
                done.success(self.further, [exchanges], [further], **AT_ONCE_QUIET)
            talk.stop(self.stop, None, None, **AT_ONCE_QUIET)
            for pressed in (talk, article):
                pressed.click(self.open_citation, [exchanges], [article], **AT_ONCE_QUIET)
            library.click(self.open_article, None, [article], **AT_ONCE_QUIET)
            library.change(self.changed, [exchanges], [talk], **AT_ONCE_QUIET)
        blocks.queue(max_size=WAITING)  # as many as may wait for the API
        return blocks

    def open(self, request: gr.Request) -> tuple[list[Exchange], str]:
        """What the address names, a conversation or one answer in it, else the start."""
        asked = dict(request.query_params)
        answer = str(asked.get("answer", ""))
        if answer:
            exchanges = self._talk.holding(answer, _owner(request))
        else:
            exchanges = self._talk.kept(str(asked.get("conversation", "")), _owner(request))
        lost = bool(asked.keys() & {"answer", "conversation"}) and not exchanges
        return exchanges, self._drawn(exchanges, answer, note=NOT_KEPT if lost else "")

    def resume(self, event: gr.EventData, request: gr.Request) -> tuple[list[Exchange], str]:
        exchanges = self._talk.kept(str(event.conversation), _owner(request))
        return exchanges, self._drawn(exchanges)

    def ask(
        self, exchanges: list[Exchange], event: gr.EventData, request: gr.Request
    ) -> Iterator[tuple[list[Exchange], str]]:
        """The conversation as the answer is given."""
        exchanges = self._known(exchanges, event, request)
        stop = self._stops[str(request.session_hash)] = threading.Event()
        for grown in self._talk.ask(exchanges, event.asked, _owner(request), stop):
            yield grown, self._drawn(grown)

    def further(self, exchanges: list[Exchange]) -> str:
        """Questions to go on with; at the start only where nobody has thought of better ones."""
        return draw.further(self._talk.further(exchanges) if exchanges or not self._suggestions else ())

    def stop(self, request: gr.Request) -> None:
        """Ends the answer that this visitor waits for; what has been shown of it stays."""
        if stop := self._stops.get(str(request.session_hash)):
            stop.set()

    def _known(self, exchanges: list[Exchange], event: gr.EventData, request: gr.Request) -> list[Exchange]:
        """What this visitor said and heard, also where the server was started anew since: then from what is kept."""
        conversation = (event._data or {}).get("conversation")
        return exchanges or (self._talk.kept(str(conversation), _owner(request)) if conversation else [])

    def open_citation(self, exchanges: list[Exchange], event: gr.EventData, request: gr.Request) -> Any:
        """The article at the words that a footnote cites, or those words alone where the article is gone."""
        exchanges = self._known(exchanges, event, request)
        number, place = int(event.citation), int(event.exchange)
        exchange = exchanges[place] if 0 <= place < len(exchanges) else None
        citation = exchange.citation(number) if exchange else None
        if exchange is None or citation is None:
            return gr.skip()
        article = self._talk.article(citation["article_id"], citation["article_version"])
        if article is None:
            return draw.missing(NOT_THERE, citation)
        current = self._talk.article(article.id)
        older = current is not None and current.version != article.version
        return draw.reading(article, exchange.citations, number, place, older=older, opening=next(self._openings))

    def open_article(self, event: gr.EventData) -> str:
        article = self._talk.article(str(event.article))
        return draw.reading(article, opening=next(self._openings)) if article else draw.missing(NOT_THERE)

    def changed(self, exchanges: list[Exchange]) -> Any:
        """After something was added or removed: the start may be another one."""
        return gr.skip() if exchanges else self._drawn([])

    def begin_anew(self) -> tuple[list[Exchange], str]:
        return [], self._drawn([])

    def _drawn(self, exchanges: Sequence[Exchange], show: str = "", note: str = "") -> str:
        return draw.conversation(
            exchanges,
            self._suggestions,
            self._talk.article,
            empty=not self._assistant.store.count(),
            models=self._assistant.models,
            show=show,
            note=note,
        )


def _owner(request: gr.Request) -> str:
    """Who asks, as the guard found out."""
    return str(request.state.owner)


def _style() -> str:
    # In the head, because Gradio puts what it is given as `css` below its own container, where no rule sees <body>.
    return f"<style>{''.join((FILES / name).read_text() for name in STYLES)}</style>"


def _html(name: str, value: str, *scripts: str) -> gr.HTML:
    script = "\n".join((FILES / each).read_text() for each in scripts)
    return gr.HTML(value, elem_id=name, apply_default_css=False, js_on_load=script, container=False)
