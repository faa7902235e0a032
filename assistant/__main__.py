"""`python -m assistant`: the page and the HTTP API on one port, the API alone, or one answer in the terminal.

Reads the settings, opens the library, and hands both on. Knows nothing of how any of it works.
"""

import argparse
import errno
import json
import os
import secrets
import socket
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.guard import WILDCARDS, bracketed
from assistant.settings import Settings
from vectorstore.errors import FootnoteError, InvalidInput
from vectorstore.lock import Owner, owner
from vectorstore.settings import start_logging

if TYPE_CHECKING:
    import uvicorn
    from fastapi import FastAPI

    from assistant.engine import Assistant
    from assistant.requests import AskRequest

    Open = Callable[[Settings], Assistant]

BACKLOG = 2048  # calls that wait while the page is being built
WAIT_SECONDS = 0.5  # between looks at whether the library is free
GRACE_SECONDS = 5  # how long open connections may take to end after Ctrl-C; the page keeps one open for events


def main(argv: Sequence[str] | None = None, open_assistant: "Open | None" = None) -> int:
    """Exit code 0, 1 after trouble (one sentence on stderr), 2 on wrong usage.

    `open_assistant` opens the library with its models, for callers with models of their own.
    """
    open_assistant = open_assistant or _open
    arguments = _parser().parse_args(argv)
    try:
        settings = Settings.read(vars(arguments))
    except InvalidInput as error:
        print(error, file=sys.stderr)
        return 2
    start_logging(settings.log_level)
    try:
        if arguments.command == "ask":
            body = {"question": arguments.question, "filters": {"article_ids": arguments.article}}
            _ask(settings, open_assistant, body, as_json=arguments.json)
        else:
            _serve(settings, open_assistant, headless=arguments.headless)
    except FootnoteError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0 if arguments.command is None else 130
    return 0


def _parser() -> argparse.ArgumentParser:
    # SUPPRESS: a flag before `ask` must not be overwritten by its absence after it.
    shared = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    shared.add_argument("--library", metavar="FOLDER", help="the folder of everything (library)")
    shared.add_argument("--model", metavar="NAME", help="who answers (extractive)")
    shared.add_argument("--embedding-model", metavar="NAME", help="what embeds (the packaged all-MiniLM-L6-v2)")
    shared.add_argument("--promise", metavar="SHARE", help="of the answers shown, at most this share wrong (0.1)")
    shared.add_argument("--log-level", metavar="LEVEL", help="debug, info, warning or error (info)")
    parser = argparse.ArgumentParser(
        prog="python -m assistant", description="Web chat and HTTP API over your articles.", parents=[shared]
    )
    parser.add_argument("--host", metavar="ADDRESS", help="where to listen (127.0.0.1)")
    parser.add_argument("--port", metavar="NUMBER", help="where to listen (7860)")
    parser.add_argument("--headless", action="store_true", help="the HTTP API alone")
    commands = parser.add_subparsers(dest="command", metavar="ask")
    ask = commands.add_parser("ask", parents=[shared], help="one answer in the terminal")
    ask.add_argument("question")
    ask.add_argument("--json", action="store_true", help="print the body that POST /v1/ask returns")
    ask.add_argument("--article", action="append", metavar="ID", help="ask this article only; may be repeated")
    return parser


def _open(settings: Settings) -> "Assistant":
    """The library with its models. The imports are heavy, and `--help` and a question to a server need none of it."""
    from assistant.engine import Assistant
    from ingest.library import open_store

    store = open_store(settings.library, settings.embedding_model)
    return Assistant(store, promise=settings.promise)


# One answer


def _ask(settings: Settings, open_assistant: "Open", body: dict[str, Any], *, as_json: bool) -> None:
    from assistant.asking import answered
    from assistant.client import article_text, ask_server

    request = _checked(body)
    holder = _owner_once_settled(settings.library)
    if holder is not None and holder.url is not None:
        answer = ask_server(holder.url, holder.token, body)
        _print(answer, partial(article_text, holder.url, holder.token), as_json=as_json)
        return
    assistant = open_assistant(settings)
    try:
        answer = answered(assistant, request).to_json()
        _print(answer, lambda id, version: assistant.store.article(id, version).text, as_json=as_json)
    finally:
        assistant.store.close()


def _checked(body: dict[str, Any]) -> "AskRequest":
    """The request, checked as the server would check it."""
    from assistant.bodies import checked
    from assistant.problems import Problem
    from assistant.requests import AskRequest

    try:
        return checked(AskRequest, body)
    except Problem as problem:
        raise InvalidInput(problem.message, param=problem.param) from problem


def _owner_once_settled(library: Path) -> Owner | None:
    """The server that owns the library, or None; waits, visibly, while a batch or a starting server holds it."""
    holder = owner(library)
    if holder is not None and holder.url is None:
        print(f"Waiting for the other Footnote that uses {library}{os.sep} ...", file=sys.stderr)
    while holder is not None and holder.url is None:
        time.sleep(WAIT_SECONDS)
        holder = owner(library)
    return holder


def _print(body: dict[str, Any], text_of: Callable[[str, str], str], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(body, ensure_ascii=sys.stdout.encoding.lower() != "utf-8"))
        return
    from rich.console import Console

    from assistant.terminal import show

    show(body, text_of, Console(highlight=False))


# The server


def _serve(settings: Settings, open_assistant: "Open", *, headless: bool) -> None:
    import uvicorn

    from assistant.api import create_app

    with _listen(settings.host, settings.port) as listener:
        settings = settings.model_copy(update={"port": listener.getsockname()[1]})
        token = secrets.token_urlsafe(32)
        load = partial(_open_and_announce, settings, open_assistant, token)
        if headless:
            app = create_app(lambda: _or_stop(load, server), settings, token=token)
        else:
            assistant = load()
            from assistant import web  # imports Gradio: three seconds, in which the listener already takes calls
            from assistant.suggest import first_questions

            app = create_app(lambda: assistant, settings, token=token)
            web.mount(app, assistant, first_questions(assistant.store))
        server = uvicorn.Server(_uvicorn_config(app, settings.log_level))
        server.run(sockets=[listener])
        app.state.loading.result()  # what stopped the assistant from loading is what this command ends with


def _open_and_announce(settings: Settings, open_assistant: "Open", token: str) -> "Assistant":
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


def _uvicorn_config(app: "FastAPI", log_level: str) -> "uvicorn.Config":
    import uvicorn

    return uvicorn.Config(
        app,
        log_config=None,  # its errors go where ours go
        log_level="info" if log_level == "debug" else "warning",
        access_log=log_level == "debug",
        server_header=False,
        proxy_headers=False,  # nobody's word is taken for where a request comes from
        ws="none",
        lifespan="on",
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


if __name__ == "__main__":
    sys.exit(main())
