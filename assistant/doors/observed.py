"""The outermost ASGI layer: every request gets an id, is timed and counted, and leaves one line in the log.

The id is the client's own X-Request-Id where it sent a plain one. The line names method, path and status; never the
query, where questions stand. Knows nothing of what is asked.
"""

import logging
import re
import secrets
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant import metrics
from assistant.doors.logs import REQUEST_ID

PLAIN = re.compile(r"[A-Za-z0-9._:-]{1,128}")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
WITHOUT_ROUTE = ("/mcp", "/login", "/logout")  # answered by no route of the application's own
ABORTED = 499  # what nginx calls a request whose client left before there was an answer

log = logging.getLogger(__name__)


class Observed:
    """Wraps the whole application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if PLAIN.fullmatch(given) else secrets.token_hex(8)
        REQUEST_ID.set(request_id)  # for this task and the threads it starts; each request has a task of its own
        begin = time.perf_counter()
        status = ABORTED

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["x-request-id"] = request_id
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception:
            status = 500  # the framework answers it outside of here, and logs it
            raise
        finally:
            _note(scope, status, time.perf_counter() - begin)


def _note(scope: Scope, status: int, seconds: float) -> None:
    route = _route(scope)
    method = scope["method"] if scope["method"] in METHODS else "OTHER"
    metrics.request_answered(method, route, status, seconds)
    facts = {"method": method, "path": scope["path"], "status": status, "milliseconds": round(seconds * 1000, 1)}
    # The page's own traffic is many small requests, and so is a probe's: they are told at the debug level.
    level = logging.INFO if scope["path"].startswith("/v1/") or route in WITHOUT_ROUTE else logging.DEBUG
    path = scope["path"].encode("unicode_escape").decode()  # a line stays one line
    log.log(level, "%s %s %d in %.0f ms", method, path, status, seconds * 1000, extra={"facts": facts})


def _route(scope: Scope) -> str:
    """The path as it was declared, so that no id becomes a label; "none" where nothing is, "page" for the page's."""
    route = scope.get("route")
    declared = getattr(route, "path", None)
    if declared:
        return str(declared)
    if scope["path"] in WITHOUT_ROUTE:
        return str(scope["path"])
    return "none" if scope["path"].startswith("/v1/") else "page"
