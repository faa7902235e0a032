"""How many questions are answered at once, and how many may wait: the rest is told to come again.

An ASGI layer around the doors that ask, so that no queue grows without bound. A place is taken once the whole request
is there, so that nobody holds one by sending slowly, and given back with the last byte of the answer. Who leaves
while waiting loses the place in the queue. Knows nothing of what is asked.
"""

import math
from collections import Counter

import anyio
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant import metrics
from assistant.doors.problems import Problem

# Threads that answer. With 2, 4 and 8 two cores gave 7.7, 7.9 and 7.6 answers a second to 64 clients (p95 9.3, 8.6 and
# 9.2 s; `make bench-load`): no difference, so as many as a chat model elsewhere, which mostly waits, has use for.
AT_ONCE = 8
WAITING = 256  # a queue of some ten seconds on two cores
OF_ONE_CLIENT = 32  # asked at once by one key or address: one client cannot fill the queue for all
SECONDS_EACH = 0.05  # a quoted answer; what Retry-After is reckoned with
ASKING = ("/v1/ask", "/v1/chat/completions", "/mcp")


class Places:
    """Wraps the application. `scope["state"]["client"]` names the client; None is one that has no limit of its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._limiter = anyio.CapacityLimiter(AT_ONCE)
        self._asking: Counter[str] = Counter()
        queue = self._limiter.statistics
        metrics.follow_queue(lambda: queue().borrowed_tokens, lambda: queue().tasks_waiting)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST" or scope["path"] not in ASKING:
            await self._app(scope, receive, send)
            return
        try:
            body = await _whole(receive)
            if body is None:
                return
            self._check(scope["state"].get("client"))
        except HTTPException as error:  # of the guard, which counts the body
            await Problem(error.status_code, error.detail).response()(scope, receive, send)
            return
        except Problem as problem:
            await problem.response()(scope, receive, send)
            return
        await self._in_turn(scope, _Replayed(body, receive), send)

    def _check(self, client: str | None) -> None:
        """Raises a Problem with status 429 where the queue is full, or this client's share of it."""
        waiting = self._limiter.statistics().tasks_waiting
        wait = max(1, math.ceil(waiting * SECONDS_EACH))
        if waiting >= WAITING:
            message = f"{waiting} questions are waiting already: ask again after as many seconds as Retry-After says."
            raise Problem(429, message, headers={"Retry-After": str(wait)})
        if client is not None and self._asking[client] >= OF_ONE_CLIENT:
            message = f"{OF_ONE_CLIENT} of your questions are being answered or wait: ask again when one is answered."
            raise Problem(429, message, headers={"Retry-After": str(wait)})

    async def _in_turn(self, scope: Scope, receive: "_Replayed", send: Send) -> None:
        client = scope["state"].get("client")
        turn = object()
        if client is not None:
            self._asking[client] += 1
        try:
            if await self._got_turn(turn, receive):
                try:
                    await self._app(scope, receive, send)
                finally:
                    self._limiter.release_on_behalf_of(turn)
        finally:
            if client is not None:
                self._asking[client] -= 1
                if not self._asking[client]:
                    del self._asking[client]

    async def _got_turn(self, turn: object, receive: "_Replayed") -> bool:
        """Waits for a place; False where the client left before there was one."""
        got = False
        async with anyio.create_task_group() as tasks:

            async def leave() -> None:
                await receive.gone()
                tasks.cancel_scope.cancel()

            tasks.start_soon(leave)
            await self._limiter.acquire_on_behalf_of(turn)
            got = True
            tasks.cancel_scope.cancel()
        return got


class _Replayed:
    """A `receive` that gives the body once more, then what comes after it."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]
        self._receive = receive
        self._left = False

    async def __call__(self) -> Message:
        if self._waiting:
            return self._waiting.pop()
        return {"type": "http.disconnect"} if self._left else await self._receive()

    async def gone(self) -> None:
        """Returns when the client has left."""
        await self._receive()  # nothing else can come after a whole body
        self._left = True


async def _whole(receive: Receive) -> bytes | None:
    """The body, which the guard has set a limit for; None where the client left before its end."""
    parts = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)
