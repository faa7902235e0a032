"""`python -m assistant`: page and HTTP API on one port, the API alone, tools on stdin, one answer in the terminal,
a receipt checked, feedback exported.

Reads the settings, opens the library, and hands both on. Knows nothing of how any of it works.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant import serving
from assistant.serving import owner_once_settled
from assistant.settings import Settings, public_name
from vectorstore.catalog import open_catalog
from vectorstore.errors import FootnoteError, InvalidInput
from vectorstore.settings import start_logging

if TYPE_CHECKING:
    from assistant.doors.requests import AskRequest
    from assistant.engine import Assistant
    from assistant.serving import Open


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
            if hasattr(arguments, "model"):  # a server that has the library open answers with it, if it knows it
                body["model"] = public_name(settings.models[0])
            _ask(settings, open_assistant, body, as_json=arguments.json)
        elif arguments.command == "check":
            return _check(settings.library, arguments.receipt)
        elif arguments.command == "feedback":
            _feedback(settings.library)
        elif arguments.command == "mcp":
            serving.serve_tools(settings, open_assistant)
        else:
            serving.serve(settings, open_assistant, headless=arguments.headless)
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
    shared.add_argument("--model", metavar="NAME", help="who answers: extractive, provider:name or gguf:PATH")
    shared.add_argument("--embedding-model", metavar="NAME", help="what embeds (the packaged all-MiniLM-L6-v2)")
    shared.add_argument("--promise", metavar="SHARE", help="of the answers shown, at most this share wrong (0.1)")
    shared.add_argument("--log-level", metavar="LEVEL", help="debug, info, warning or error (info)")
    parser = argparse.ArgumentParser(
        prog="python -m assistant", description="Web chat and HTTP API over your articles.", parents=[shared]
    )
    parser.add_argument("--host", metavar="ADDRESS", help="where to listen (127.0.0.1)")
    parser.add_argument("--port", metavar="NUMBER", help="where to listen (7860)")
    parser.add_argument("--headless", action="store_true", help="the HTTP API alone")
    commands = parser.add_subparsers(dest="command", metavar="ask|check|feedback|mcp")
    ask = commands.add_parser("ask", parents=[shared], help="one answer in the terminal")
    ask.add_argument("question")
    ask.add_argument("--json", action="store_true", help="print the body that POST /v1/ask returns")
    ask.add_argument("--article", action="append", metavar="ID", help="ask this article only; may be repeated")
    check = commands.add_parser(
        "check", parents=[shared], help="whether a receipt holds; exit code 1 where it does not"
    )
    check.add_argument("receipt", type=Path, metavar="FILE", help="from GET /v1/answers/ID/receipt")
    commands.add_parser("feedback", parents=[shared], help="answers with everybody's feedback, one JSON object a line")
    commands.add_parser("mcp", parents=[shared], help="tools for another program's model, on stdin and stdout (MCP)")
    return parser


def _open(settings: Settings) -> "Assistant":
    """The library with its models. The imports are heavy, and `--help` and a question to a server need none of it."""
    from assistant.engine import Assistant

    return Assistant.open(
        settings.library,
        embedding_model=settings.embedding_model,
        promise=settings.promise,
        models=settings.models,
        model_url=settings.model_url,
    )


# One answer


def _ask(settings: Settings, open_assistant: "Open", body: dict[str, Any], *, as_json: bool) -> None:
    from assistant.asking import answered
    from assistant.doors.client import article_text, ask_server

    request = _checked(body)
    holder = owner_once_settled(settings.library)
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
    from assistant.doors.bodies import checked
    from assistant.doors.problems import Problem
    from assistant.doors.requests import AskRequest

    try:
        return checked(AskRequest, body)
    except Problem as problem:
        raise InvalidInput(problem.message, param=problem.param) from problem


def _print(body: dict[str, Any], text_of: Callable[[str, str], str], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(body, ensure_ascii=sys.stdout.encoding.lower() != "utf-8"))
        return
    from rich.console import Console

    from assistant.terminal import show

    show(body, text_of, Console(highlight=False))


# What is kept. The catalog can be read beside a server that has the library open, and needs no model.


def _check(library: Path, file: Path) -> int:
    """Exit code 0 where the receipt is as it was written and all its citations can be read in the library."""
    from assistant.doors.receipt_check import verdicts
    from assistant.keeping.conversations import Conversations

    try:
        raw = file.read_bytes()
    except OSError as error:
        raise FootnoteError(f"The receipt {file} cannot be read: {error.strerror}.") from error
    catalog = open_catalog(library)
    try:
        kept = Conversations(catalog.database)
        found = verdicts(raw, catalog.article, kept.anybodys)
    finally:
        catalog.close()
    for verdict in found:
        print(verdict)
    held = all(verdict.passed for verdict in found)
    print("The receipt holds." if held else "The receipt does not hold.")
    return 0 if held else 1


def _feedback(library: Path) -> None:
    from assistant.keeping import export
    from assistant.keeping.conversations import Conversations

    catalog = open_catalog(library)
    try:
        for answer in Conversations(catalog.database).rated():
            print(export.feedback(answer), end="")
    finally:
        catalog.close()


if __name__ == "__main__":
    sys.exit(main())
