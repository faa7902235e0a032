"""The web application: the contract's endpoints, its error shape, and the guard outside everything.

The assistant loads in a thread while the server already answers `/healthz`. A page mounted at `/` afterwards gets
what no route here answers. Knows nothing of how an answer is found, nor of that page.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from anyio import CapacityLimiter
from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import Route

from assistant.doors import docs, endpoints, kept_endpoints, mcp, openai_api
from assistant.doors.endpoints import Load
from assistant.doors.guard import Guard
from assistant.doors.headers import DATA_POLICY, SECURITY_HEADERS
from assistant.doors.logs import REQUEST_ID
from assistant.doors.observed import ABORTED, Observed
from assistant.doors.places import Places
from assistant.doors.problems import BUG, NOTHING_HERE, TYPES, Problem, problem_of
from assistant.doors.requests import sentence_of
from assistant.settings import Settings
from ingest.addresses import Allowed
from ingest.fetch import Fetcher
from vectorstore import FootnoteError

DESCRIPTION = """Answers questions over articles; every sentence is footnoted with the exact words it rests on.

Offsets are 0-based, end-exclusive indices of Unicode code points into the article's `text`.
Every error is `{"error": {"type", "message", "param"}}`."""
# Threads that add, apart from those that answer: a link to a slow host keeps its thread for as long as that host likes.
# Few, because the library writes one article at a time.
ADDING_AT_ONCE = 4
# What pages of the origins that are listed may do. They bring a key where one is set: no cookie goes with them.
CORS: dict[str, Any] = {
    "allow_methods": ("GET", "POST", "PUT", "PATCH", "DELETE"),
    "allow_headers": ("*",),
    "expose_headers": ("X-Request-Id", "Retry-After", "RateLimit", "RateLimit-Policy"),
}


def create_app(load: Load, settings: Settings, *, token: str | None = None) -> FastAPI:
    """The application. `load` opens the assistant, in a thread, once the server is up; the application closes it.

    `token` is a key of this run, for our own command line: it opens what the configured keys open.
    """
    tools = mcp.Endpoint()
    app = FastAPI(
        title="Footnote",
        version="1",
        description=DESCRIPTION,
        openapi_url=None,  # docs.py serves it, and /docs, with nothing from elsewhere
        redirect_slashes=False,
        lifespan=_lifespan(load, tools),
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.fetcher = Fetcher(Allowed.read(settings.allow_hosts))
    app.openapi = lambda: docs.describe(app)  # type: ignore[method-assign]
    for router in (endpoints.health, endpoints.v1, kept_endpoints.v1, openai_api.router, docs.router):
        app.include_router(router)
        _refuse_other_methods(app, router)
    app.router.routes.append(Route(mcp.PATH, endpoint=tools, include_in_schema=False))
    _always(app, "/v1/{rest:path}", Problem(404, NOTHING_HERE))
    for kind, handler in HANDLERS.items():
        app.add_exception_handler(kind, handler)
    app.add_middleware(Places)  # the innermost of these layers first
    app.add_middleware(
        Guard,
        host=settings.host,
        port=settings.port,
        keys=settings.api_keys,
        origins=settings.origins,
        token=token,
    )
    if settings.origins:
        app.add_middleware(CORSMiddleware, allow_origins=settings.origins, **CORS)
    app.add_middleware(Observed)
    return app


def _lifespan(load: Load, tools: mcp.Endpoint) -> Callable[[FastAPI], Any]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.adding = CapacityLimiter(ADDING_AT_ONCE)
        app.state.loading = asyncio.create_task(asyncio.to_thread(load))
        try:
            async with tools.running():
                yield
        finally:
            await asyncio.wait([app.state.loading])  # a thread cannot be stopped, and what it opened must be closed
            if app.state.loading.exception() is None:
                await asyncio.to_thread(app.state.loading.result().store.close)

    return lifespan


def _refuse_other_methods(app: FastAPI, router: APIRouter) -> None:
    """A wrong method is a 405 that names all right ones, also where a page mounted at `/` would answer it."""
    allowed: dict[str, set[str]] = defaultdict(set)
    for route in router.routes:
        if isinstance(route, APIRoute):
            allowed[route.path] |= route.methods or set()
    for path, methods in allowed.items():
        allow = ", ".join(sorted(methods))
        problem = Problem(405, f"This address understands {allow} only.", headers={"Allow": allow})
        _always(app, path, problem)


def _always(app: FastAPI, path: str, problem: Problem) -> None:
    """Answers every method at `path` with the problem, where no route before this one did better."""
    app.router.routes.append(Route(path, endpoint=problem.response(), include_in_schema=False))


async def _on_problem(request: Request, error: Problem) -> Response:
    return error.response()


async def _on_footnote_error(request: Request, error: FootnoteError) -> Response:
    return problem_of(error).response()


async def _on_invalid_query(request: Request, error: RequestValidationError) -> Response:
    message, param = sentence_of(error.errors()[0])
    return Problem(422, message, param=param).response()


async def _on_http_error(request: Request, error: HTTPException) -> Response:
    """The framework's own errors: an unreadable form, a body past its limit, a path that nothing answers."""
    status = error.status_code if error.status_code in TYPES else 400
    sentence = NOTHING_HERE if status == 404 else str(error.detail)
    return Problem(status, sentence, headers=error.headers).response()


async def _on_bug(request: Request, error: Exception) -> Response:
    """The answer to a bug. The error itself goes on into the server's log, and this answer past the guard."""
    headers = {**SECURITY_HEADERS, "content-security-policy": DATA_POLICY, "x-request-id": REQUEST_ID.get() or ""}
    return Problem(500, BUG, headers=headers).response()


async def _on_client_gone(request: Request, error: ClientDisconnect) -> Response:
    return Response(status_code=ABORTED)  # nobody reads it


HANDLERS: dict[type[Exception], Callable[[Request, Any], Awaitable[Response]]] = {
    Problem: _on_problem,
    FootnoteError: _on_footnote_error,
    RequestValidationError: _on_invalid_query,
    HTTPException: _on_http_error,
    ClientDisconnect: _on_client_gone,
    Exception: _on_bug,
}
