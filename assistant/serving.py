"""Servers of the library: page and HTTP API in the foreground, or the API beside tools on stdin and stdout.

Whoever serves owns the library, and says so, so that other commands hand over their work. Knows how uvicorn is set
up; nothing of what is answered.
"""

import errno
import os
import secrets
import socket
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any

from assistant.doors.guard import WILDCARDS, bracketed
from assistant.settings import Settings
from vectorstore.errors import FootnoteError
from vectorstore.lock import Owner, owner

if TYPE_CHECKING:
    import uvicorn
    from fastapi import FastAPI

    from assistant.engine import Assistant

Open = Callable[[Settings], "Assistant"]

BACKLOG = 2048  # calls that wait while the page is being built
WAIT_SECONDS = 0.5  # between looks at whether the library is free
# How long open connections may take to end after Ctrl-C: what is being answered is answered. An open page keeps a
# connection for its events that never ends by itself, so there it is shorter.
GRACE_SECONDS = 30
GRACE_SECONDS_WITH_PAGE = 5
# Longer than clients and proxies keep idle connections (httpx 5, nginx 60): who closes last is never asked on a
# connection that is just being closed. At uvicorn's 5, one of 10,000 requests of 50 httpx clients found its one so.
KEEP_ALIVE_SECONDS = 75


def owner_once_settled(library: Path) -> Owner | None:
    """The server that owns the library, or None; waits, visibly, while a batch or a starting server holds it."""
    holder = owner(library)
    if holder is not None and holder.url is None:
        print(f"Waiting for the other Footnote that uses {library}{os.sep} ...", file=sys.stderr)
    while holder is not None and holder.url is None:
        time.sleep(WAIT_SECONDS)
        holder = owner(library)
    return holder


# In the foreground


def serve(settings: Settings, open_assistant: Open, *, headless: bool) -> None:
    """Page and HTTP API, or with `headless` the API alone, until Ctrl-C.

    Raises:
        FootnoteError: the port is taken, or the library cannot be opened.
    """
    import uvicorn

    from assistant.doors import logs
    from assistant.doors.api import create_app

    logs.start()
    with _listen(settings.host, settings.port) as listener:
        settings = settings.model_copy(update={"port": listener.getsockname()[1]})
        token = secrets.token_urlsafe(32)
        load = partial(_open_and_announce, settings, open_assistant, token)
        if headless:
            app = create_app(lambda: _or_stop(load, server), settings, token=token)
        else:
            assistant = load()
            from assistant.page import web  # imports Gradio: three seconds, in which the listener already takes calls
            from assistant.question.suggest import first_questions

            app = create_app(lambda: assistant, settings, token=token)
            web.mount(app, assistant, first_questions(assistant.store), locked=bool(settings.api_keys))
        grace = GRACE_SECONDS if headless else GRACE_SECONDS_WITH_PAGE
        server = uvicorn.Server(_uvicorn_config(app, settings.log_level, grace))
        server.run(sockets=[listener])
        app.state.loading.result()  # what stopped the assistant from loading is what this command ends with


def _open_and_announce(settings: Settings, open_assistant: Open, token: str) -> "Assistant":
    assistant = open_assistant(settings)
    url = f"http://{bracketed(WILDCARDS.get(settings.host, settings.host))}:{settings.port}"
    # From here on other commands hand their work to this address.
    assistant.store.announce(Owner(os.getpid(), url, token))
    print(_greeting(url, assistant.store.count(), settings.library), flush=True)
    return assistant


def _or_stop(load: "Callable[[], Assistant]", server: "uvicorn.Server") -> "Assistant":
    """Loads; a server whose assistant cannot load ends."""
    try:
        return load()
    except BaseException:
        server.should_exit = True
        raise


def _greeting(url: str, articles: int, library: Path) -> str:
    if not articles:
        return f"Footnote is at {url} with no articles in {library}{os.sep} yet: `python -m ingest FOLDER` adds some."
    return f"Footnote is at {url} with {articles:,} article{'s' * (articles != 1)} in {library}{os.sep}"


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket, taken before anything slow happens, so that a port in use is told at once."""
    name = "127.0.0.1" if host.lower() == "localhost" else host  # else IPv6 alone where both are configured
    try:
        family, _, _, _, address = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server((str(address[0]), port), family=family, backlog=BACKLOG)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            reason = "something else listens there: stop it, or choose another port with --port"
        else:
            reason = f"{error.strerror or error}: choose another address with --host and --port"
        raise FootnoteError(f"Footnote cannot listen on {bracketed(host)}:{port}, {reason}.") from error


def _uvicorn_config(app: "FastAPI", log_level: str, grace_seconds: int) -> "uvicorn.Config":
    import uvicorn

    return uvicorn.Config(
        app,
        log_config=None,  # its errors go where ours go
        log_level="info" if log_level == "debug" else "warning",
        access_log=False,  # it has the query, where questions stand; ours has a line a request
        server_header=False,
        proxy_headers=False,  # nobody's word is taken for where a request comes from
        ws="none",
        lifespan="on",
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=grace_seconds,
    )


# Tools on stdin and stdout


def serve_tools(settings: Settings, open_assistant: Open) -> None:
    """Hands every call to the server that owns the library; where there is none, this process becomes it.

    A client keeps this command running for hours: without a server in it, the library would be nobody else's.
    """
    from assistant.doors import logs
    from assistant.doors.mcp import serve_stdio
    from assistant.doors.tools import call_there

    logs.start()
    with ExitStack() as stack:

        def call(name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
            with taking_turns:
                holder = owner_once_settled(settings.library) or stack.enter_context(_serving(settings, open_assistant))
            assert holder.url is not None  # noqa: S101 - what settled means
            return call_there(holder.url, holder.token, name, arguments)

        taking_turns = Lock()
        serve_stdio(call)


@contextmanager
def _serving(settings: Settings, open_assistant: Open) -> Iterator[Owner]:
    """A server of the HTTP API in a thread of this process, on any free port of loopback, which prints nothing."""
    import uvicorn

    from assistant.doors.api import create_app

    with _listen("127.0.0.1", 0) as listener:
        at = settings.model_copy(update={"host": "127.0.0.1", "port": listener.getsockname()[1]})
        assistant = open_assistant(at)
        owner = Owner(os.getpid(), f"http://127.0.0.1:{at.port}", secrets.token_urlsafe(32))
        assistant.store.announce(owner)
        app = create_app(lambda: assistant, at, token=owner.token)
        server = uvicorn.Server(_uvicorn_config(app, at.log_level, GRACE_SECONDS))
        thread = Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield owner
        finally:
            server.should_exit = True
            thread.join()
