"""Answers and articles as HTML. Pure functions from answers and articles to strings; no Gradio, no I/O.

Every text that comes from an article, a person or a model passes `esc`. Offsets are cut here, in code points: the page
gets strings, never numbers to count with. Buttons carry `data-` attributes that the page's scripts report back.
"""

from assistant.page.draw.conversation import conversation, further
from assistant.page.draw.exchange import Exchange
from assistant.page.draw.frame import composer, header, history, library, side
from assistant.page.draw.reading import missing, nothing_open, reading
from assistant.page.draw.text import esc

__all__ = [
    "Exchange",
    "composer",
    "conversation",
    "esc",
    "further",
    "header",
    "history",
    "library",
    "missing",
    "nothing_open",
    "reading",
    "side",
]
