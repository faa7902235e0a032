"""What other programs' models may do here: ask, search, list and read. Nothing that changes the library.

Each tool takes what the endpoint of the same name takes and gives that endpoint's body, from an assistant in this
process or from a running server. Knows nothing of the protocol that carries it.
"""

from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote

from anyio import from_thread
from pydantic import BaseModel, Field

from assistant.asking import events, last
from assistant.doors import client, responses
from assistant.doors.bodies import checked
from assistant.doors.endpoints import article_json, list_json, passages_json
from assistant.doors.requests import AskRequest, ListRequest, ReadRequest, SearchRequest
from assistant.engine import Assistant
from assistant.keeping.kept import Owner

Body = dict[str, Any]
Step = TypeVar("Step")


class ToolRequest(AskRequest):
    """A question, with what it follows on and which articles to ask. Nothing is kept."""

    conversation_id: None = Field(default=None, description="Nothing is kept here: send `history`.")


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool: what it takes and gives, how it is done here, and which request asks a server for it."""

    title: str
    description: str
    takes: type[BaseModel]
    gives: type[BaseModel]
    here: Callable[[Assistant, Any, Owner], Body]
    there: Callable[[Body], tuple[str, str, Body]]  # arguments to method, path and options of httpx


def call_here(assistant: Assistant, name: str, arguments: Mapping[str, Any], owner: Owner = "") -> Body:
    """The body of a tool's result. Runs in an AnyIO worker thread, and ends early where its task is cancelled.

    Raises:
        Problem: the arguments are not what the tool takes.
        FootnoteError: what the endpoint would refuse.
    """
    tool = TOOLS[name]
    return tool.here(assistant, checked(tool.takes, dict(arguments)), owner)


def call_there(url: str, token: str | None, name: str, arguments: Mapping[str, Any]) -> Body:
    """The body of a tool's result, from a running server.

    Raises:
        Problem: the arguments are not what the tool takes.
        FootnoteError: what the server refuses.
    """
    tool = TOOLS[name]
    checked(tool.takes, dict(arguments))
    method, path, options = tool.there({key: value for key, value in arguments.items() if value is not None})
    return client.call(url, token, method, path, **options)


def _while_wanted(steps: Generator[Step, None, None]) -> Iterator[Step]:
    """The steps, until whoever asked has left: no model writes for nobody."""
    with closing(steps):
        for step in steps:
            from_thread.check_cancelled()
            yield step


TOOLS: Mapping[str, Tool] = {
    "ask": Tool(
        title="Ask the articles",
        description=(
            "Answers a question from the articles in the library, and from nothing else. Every sentence of the answer "
            "carries citations: the exact words of an article that it rests on, with their place. Where the articles "
            "do not answer, `refused` is true and the nearest paragraphs are in `refusal.closest`. "
            "Send earlier turns in `history` so that a follow-up is understood."
        ),
        takes=ToolRequest,
        gives=responses.Answer,
        here=lambda assistant, request, owner: last(_while_wanted(events(assistant, request))).to_json(),
        there=lambda arguments: ("POST", "/v1/ask", {"json": arguments}),
    ),
    "search": Tool(
        title="Search the articles",
        description="Finds the passages of the articles nearest to `q`, by meaning and by words, best first.",
        takes=SearchRequest,
        gives=responses.Passages,
        here=lambda assistant, request, _: passages_json(assistant, request),
        there=lambda arguments: ("GET", "/v1/search", {"params": arguments}),
    ),
    "list_articles": Tool(
        title="List the articles",
        description="Lists what is in the library, newest first, a page at a time; `query` looks into the titles.",
        takes=ListRequest,
        gives=responses.ArticleList,
        here=lambda assistant, request, _: list_json(assistant.store, request),
        there=lambda arguments: ("GET", "/v1/articles", {"params": arguments}),
    ),
    "read_article": Tool(
        title="Read an article",
        description="One article whole, its current version or the one named; citations' offsets count in its `text`.",
        takes=ReadRequest,
        gives=responses.Article,
        here=lambda assistant, request, _: article_json(assistant.store.article(request.id, request.version)),
        there=lambda arguments: (
            "GET",
            f"/v1/articles/{quote(arguments['id'], safe='')}",
            {"params": {"version": arguments["version"]} if "version" in arguments else {}},
        ),
    ),
}
