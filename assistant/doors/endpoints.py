"""The contract's own endpoints: ask, search, the articles, and whether the server is up and ready.

Each reads its request, asks the assistant or its store in a worker thread, and returns their data as JSON. Knows
nothing of how an answer is found or what the application around it does with an error.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from textwrap import shorten
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Depends, Query, Request
from pydantic import AfterValidator
from sse_starlette import ServerSentEvent
from starlette.responses import JSONResponse, Response

from assistant import metrics
from assistant.answer import Answer, Event, Found, Shown, passage_json
from assistant.asking import events
from assistant.doors import docs, requests, responses
from assistant.doors.bodies import ArticleBody, JsonBody, Upload, parsed, readable, wants_events
from assistant.doors.events import event, finished, streamed
from assistant.doors.problems import TYPES, Problem
from assistant.engine import Assistant
from ingest.clean import Cleaned, clean_text
from ingest.document import Document, Skipped
from ingest.fetch import Fetcher
from ingest.links import documents_at
from ingest.pipeline import Added, with_metadata
from ingest.readers import read_html, read_open
from vectorstore import Article, InvalidInput, Listed, Store, UnreadableSource

Load = Callable[[], Assistant]
ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": responses.Error, "description": TYPES[status].replace("_", " ").capitalize()}
    for status in (400, 401, 403, 404, 409, 413, 415, 422, 503)
}

STARTING = "Footnote is still starting, the library and its models are being opened: ask again in a moment."
EVENTS = docs.events(
    *(docs.event("Passages", "passages"), docs.event("ShownSentence", "sentence")),
    *(docs.event("Answer", "answer"), docs.event("Error", "error")),
)
TITLE_LENGTH = 100  # characters of a text's first line, where nobody told its title

health = APIRouter()
v1 = APIRouter(prefix="/v1", dependencies=[Depends(readable)], responses=ERRORS)


async def ready(request: Request) -> Assistant:
    """The loaded assistant; what stopped it from loading is told to everyone who asks."""
    loading: asyncio.Task[Assistant] = request.app.state.loading
    if not loading.done():
        raise Problem(503, STARTING, headers={"Retry-After": "1"})
    return loading.result()


Ready = Annotated[Assistant, Depends(ready)]


@health.get("/healthz", responses={200: {"model": responses.Health}})
async def healthz() -> Response:
    """The process is up."""
    return JSONResponse({"status": "ok"})


@health.get("/readyz", responses={200: {"model": responses.Health}, 503: ERRORS[503]})
async def readyz(assistant: Ready) -> Response:
    """Models are loaded and stores are open; where they are not, the error says what is missing."""
    return JSONResponse({"status": "ready"})


@health.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
def read_metrics(request: Request) -> Response:
    """Counts and times in Prometheus's text format."""
    loading: asyncio.Task[Assistant] = request.app.state.loading
    loaded = loading.done() and loading.exception() is None
    store = loading.result().store if loaded else None
    text = metrics.text(store.count(), store.chunk_count()) if store else metrics.text(0, 0)
    return Response(text, media_type=metrics.MEDIA_TYPE)


@v1.post(
    "/ask",
    response_model=None,
    responses={200: {"model": responses.Answer, "content": EVENTS}},
    openapi_extra=docs.body({"application/json": "AskRequest"}),
)
async def ask(raw: JsonBody, request: Request, assistant: Ready) -> Response:
    """Answers a question over the articles, or refuses and shows the closest paragraphs.

    With `Accept: text/event-stream` as events: `passages`, a `sentence` for each, `answer`, or `error`.
    """
    asked = parsed(requests.AskRequest, raw)
    if wants_events(request.headers.get("accept", "")):
        return await streamed(events(assistant, asked, request.state.owner), _as_event, _failed)
    answer = await finished(request, events(assistant, asked, request.state.owner))
    return JSONResponse(answer.to_json())


def _as_event(step: Event) -> Iterator[ServerSentEvent]:
    names: dict[type[Event], str] = {Found: "passages", Shown: "sentence", Answer: "answer"}
    yield event(names[type(step)], step.to_json())


def _failed(problem: Problem) -> ServerSentEvent:
    return event("error", problem.to_json())


@v1.get("/search", responses={200: {"model": responses.Passages}})
def search(
    assistant: Ready,
    q: Annotated[str, Query(min_length=1, max_length=requests.QUESTION_LENGTH), AfterValidator(requests.not_blank)],
    article_ids: Annotated[list[str], Query(default_factory=list)],
    k: Annotated[int, Query(ge=1, le=50)] = 10,
) -> Response:
    """The passages nearest to `q`, best first."""
    request = requests.SearchRequest(q=q, k=k, article_ids=article_ids or None)
    return JSONResponse(passages_json(assistant, request))


def passages_json(assistant: Assistant, request: requests.SearchRequest) -> dict[str, Any]:
    passages = assistant.search(request.q, request.k, request.article_ids)
    return {"passages": [passage_json(passage) for passage in passages]}


@v1.post(
    "/articles",
    responses={200: {"model": responses.Added}},
    openapi_extra=docs.body({"application/json": "ArticleRequest", "multipart/form-data": "Files"}),
)
async def add_articles(request: Request, body: ArticleBody, assistant: Ready) -> Response:
    """Adds an article from text, html or a link, or several from files; the same content twice changes nothing."""
    state = request.app.state
    return await to_thread.run_sync(_add, assistant, state.fetcher, body, limiter=state.adding)


def _add(assistant: Assistant, fetcher: Fetcher, body: bytes | list[Upload]) -> Response:
    if isinstance(body, bytes):
        asked = parsed(requests.ArticleRequest, body)
        found = _linked(fetcher, asked) if asked.url is not None else [_document(asked)]
        given = [_told(each, asked) if isinstance(each, Document) else each for each in found]
        return _add_all(assistant, given, asked.id if len(given) == 1 else None)
    files = (read_open(upload.file, upload.name, upload.media_type) for upload in body)
    return _add_all(assistant, (found for file in files for found in file))


def _add_all(assistant: Assistant, found: Iterable[Document | Skipped], article_id: str | None = None) -> Response:
    """Adds what was read; what could not be read does not keep the rest out."""
    skipped: list[dict[str, str]] = []

    def documents() -> Iterator[tuple[str | None, Document]]:
        for each in found:
            if isinstance(each, Document):
                yield article_id, each
            else:
                skipped.append({"source": each.source, "reason": each.reason})

    articles = [_added(added) for added in assistant.pipeline.add_all(documents())]
    return JSONResponse({"articles": articles, "skipped": skipped})


def _linked(fetcher: Fetcher, asked: requests.ArticleRequest) -> list[Document | Skipped]:
    try:
        found = list(documents_at(fetcher.fetch(asked.url or "")))
    except InvalidInput as error:
        raise InvalidInput(str(error), param="url") from error
    if len(found) == 1 and isinstance(found[0], Skipped):
        raise InvalidInput(f"{found[0].source} cannot be read: {found[0].reason}", param="url")
    return found


def _told(document: Document, request: requests.ArticleRequest) -> Document:
    """What the request says of an article in the place of what was read out of it."""
    return with_metadata(
        document,
        title=request.title,
        source=request.source,
        published=request.published,
        author=request.author,
        tags=request.tags or (),
        language=request.language,
        dropped=request.dropped or (),
        page_starts=request.page_starts or (),
    )


def _document(request: requests.ArticleRequest) -> Document:
    if request.html is not None:
        try:
            return read_html(request.html, source=request.source)
        except UnreadableSource as error:
            raise InvalidInput(f"The page cannot be read: {error}", param="html") from error
    text = request.text or ""
    cleaned = clean_text(text) if request.clean else Cleaned(text, ())
    first_line = next(iter(cleaned.text.strip().splitlines()), "")
    return Document(
        title=shorten(first_line, TITLE_LENGTH, placeholder=" …"), text=cleaned.text, dropped=cleaned.dropped
    )


@v1.get("/articles", responses={200: {"model": responses.ArticleList}})
def list_articles(
    assistant: Ready,
    query: Annotated[str | None, Query(max_length=requests.TITLE_LENGTH)] = None,
    tag: str | None = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    cursor: str | None = None,
) -> Response:
    """What is in the library, newest first; `query` looks into titles and sources."""
    request = requests.ListRequest(query=query, tag=tag, limit=limit, cursor=cursor)
    return JSONResponse(list_json(assistant.store, request))


def list_json(store: Store, request: requests.ListRequest) -> dict[str, Any]:
    page = store.articles(query=request.query, tag=request.tag, limit=request.limit, cursor=request.cursor)
    return {"articles": [_listed(item) for item in page.items], "next_cursor": page.next_cursor}


@v1.get("/articles/{id}", responses={200: {"model": responses.Article}})
def read_article(id: str, assistant: Ready, version: str | None = None) -> Response:
    """One article, its current version or the one named; superseded versions stay readable."""
    return JSONResponse(article_json(assistant.store.article(id, version)))


@v1.delete("/articles/{id}", status_code=204, response_class=Response)
def remove_article(id: str, assistant: Ready) -> Response:
    """Takes an article out of the library, with all its versions."""
    assistant.store.remove(id)
    return Response(status_code=204)


def _added(added: Added) -> dict[str, Any]:
    article = added.article
    return {
        "id": article.id,
        "version": article.version,
        "title": article.title,
        "paragraphs": len(article.paragraphs),
        "chunks": added.chunks,
        "status": added.status,
        "dropped": list(article.dropped),
    }


def _listed(item: Listed) -> dict[str, Any]:
    return {
        "id": item.id,
        "version": item.version,
        "title": item.title,
        "source": item.source,
        "published": item.published,
        "tags": list(item.tags),
        "paragraphs": item.paragraphs,
        "chunks": item.chunks,
        "copy_of": item.copy_of,
        "same_text": item.same_text,
    }


def article_json(article: Article) -> dict[str, Any]:
    return {
        "id": article.id,
        "version": article.version,
        "title": article.title,
        "source": article.source,
        "published": article.published,
        "author": article.author,
        "language": article.language,
        "tags": list(article.tags),
        "text": article.text,
        "paragraphs": [
            {"start_char_index": part.start, "end_char_index": part.end, "page_number": part.page_number}
            for part in article.paragraphs
        ],
    }
