"""The Model Context Protocol: the tools for other programs' models, over HTTP at `/mcp` and over stdin and stdout.

The one module that knows the SDK. Stateless: each request stands on its own, so that any number of clients may come
and go. Who may come is the guard's affair; what the tools do is in `tools.py`.
"""

import json
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import anyio
from anyio import to_thread
from mcp import types
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.types import Receive, Scope, Send

from assistant.doors.endpoints import ready
from assistant.doors.guard import BODY_LIMIT
from assistant.doors.problems import BUG, Problem
from assistant.doors.tools import TOOLS, Body, Tool, call_here
from vectorstore import FootnoteError

PATH = "/mcp"
INSTRUCTIONS = (
    "Footnote answers questions over the articles of one library, and footnotes every sentence with the exact words "
    "it rests on. Use `ask` for answers: quote its sentences and keep their citations. Say so where it refuses."
)
Call = Callable[[ServerRequestContext[Any, Any], str, Mapping[str, Any]], Body]  # runs in a worker thread

log = logging.getLogger(__name__)


class Endpoint:
    """The ASGI application at `/mcp`. It works while `running`, which the application's lifespan enters."""

    def __init__(self) -> None:
        self._manager: StreamableHTTPSessionManager | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        # A manager runs once, an application may run several times.
        manager = StreamableHTTPSessionManager(_server(_call_in_app), stateless=True, max_request_body_size=BODY_LIMIT)
        async with manager.run():
            self._manager = manager
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self._manager is not None  # noqa: S101 - no request comes before the lifespan
        await self._manager.handle_request(scope, receive, send)


def serve_stdio(call: Callable[[str, Mapping[str, Any]], Body]) -> None:
    """Answers one client on stdin and stdout until it closes them; `call` gives the body of a tool's result."""

    async def serve() -> None:
        server = _server(lambda _, name, arguments: call(name, arguments))
        async with stdio_server() as (read, write):
            await server.run(read, write, server.create_initialization_options())

    anyio.run(serve)


def _server(call: Call) -> Server[Any]:
    async def list_tools(_: Any, __: Any) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_described(name, tool) for name, tool in TOOLS.items()])

    async def call_tool(context: ServerRequestContext[Any, Any], params: Any) -> types.CallToolResult:
        if params.name not in TOOLS:
            return _failed(f"There is no tool {params.name!r}: there are {', '.join(TOOLS)}.")
        try:
            if context.request is not None:
                await ready(context.request)
            body = await to_thread.run_sync(call, context, params.name, params.arguments or {})
        except (FootnoteError, Problem) as error:
            return _failed(str(error))
        except Exception:  # the outermost edge: the SDK would tell the client the error's own text
            log.exception("A tool could not do its work.")
            return _failed(BUG)
        text = types.TextContent(type="text", text=json.dumps(body, ensure_ascii=False))
        return types.CallToolResult(content=[text], structured_content=body)

    return Server("footnote", title="Footnote", version="1", instructions=INSTRUCTIONS,
                  on_list_tools=list_tools, on_call_tool=call_tool)  # fmt: skip


def _call_in_app(context: ServerRequestContext[Any, Any], name: str, arguments: Mapping[str, Any]) -> Body:
    request: Any = context.request
    return call_here(request.app.state.loading.result(), name, arguments, request.state.owner)


def _described(name: str, tool: Tool) -> types.Tool:
    return types.Tool(
        name=name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.takes.model_json_schema(),
        output_schema=tool.gives.model_json_schema(),
        annotations=types.ToolAnnotations(
            read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
        ),
    )


def _failed(sentence: str) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(type="text", text=sentence)], is_error=True)
