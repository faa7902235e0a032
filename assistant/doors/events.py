"""An answer being given as server-sent events: one event at a time, worked out only when the client takes it.

What the events hold is the caller's; here is how they travel. The generator behind them is stepped in a worker
thread and closed as soon as the client leaves, so that nobody's model writes for nobody. Nothing here knows answers.
"""

import json
import logging
from collections.abc import AsyncIterator, Callable, Generator, Iterable
from typing import Any, TypeVar

import anyio
from anyio import to_thread
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import ClientDisconnect, Request

from assistant.doors.problems import BUG, Problem, problem_of
from vectorstore import FootnoteError

KEEP_ALIVE_SECONDS = 15  # a comment this often: proxies close what has been silent for 30 to 60 seconds
SEND_SECONDS = 30  # a client that takes nothing for so long is gone, and its place is another's
FINISH_SECONDS = 25.0  # how long an answer that is being given may go on after the server was told to end

log = logging.getLogger(__name__)
Step = TypeVar("Step")
Encode = Callable[[Step], Iterable[ServerSentEvent]]


async def streamed(
    steps: Generator[Step, None, None], encode: Encode[Step], failed: Callable[[Problem], ServerSentEvent]
) -> EventSourceResponse:
    """The response that sends `encode` of each step, and `failed` of what goes wrong on the way.

    The first step is taken before anything is sent: what is wrong with the request itself is raised here, and
    answered with a status of its own.
    """
    first = await to_thread.run_sync(next, steps)
    return EventSourceResponse(
        _sent(first, steps, encode, failed),
        ping=KEEP_ALIVE_SECONDS,
        send_timeout=SEND_SECONDS,
        shutdown_grace_period=FINISH_SECONDS,
    )


async def finished(request: Request, steps: Generator[Step, None, None]) -> Step:
    """The last step, for an answer that is sent whole.

    Raises:
        ClientDisconnect: the client has left; the work ended with the step it was at.
    """
    step: Step | None = None
    try:
        while True:
            taken = await to_thread.run_sync(next, steps, None)
            if taken is None:
                break
            step = taken
            if await request.is_disconnected():
                raise ClientDisconnect
    finally:
        await to_thread.run_sync(steps.close)
    assert step is not None  # noqa: S101 - there is one in every stream
    return step


def event(name: str, data: Any) -> ServerSentEvent:
    """A named event with JSON on one line."""
    return ServerSentEvent(json.dumps(data, ensure_ascii=False, separators=(",", ":")), event=name)


async def _sent(
    first: Step,
    steps: Generator[Step, None, None],
    encode: Encode[Step],
    failed: Callable[[Problem], ServerSentEvent],
) -> AsyncIterator[ServerSentEvent]:
    step: Step | None = first
    try:
        while step is not None:
            for message in encode(step):
                yield message
            step = await to_thread.run_sync(next, steps, None)
    except FootnoteError as error:
        yield failed(problem_of(error))
    except Exception:  # the outermost edge: the status has gone out already
        log.exception("An answer could not be given to its end.")
        yield failed(Problem(500, BUG))
    finally:
        # A step that is being worked out ends first: a generator cannot be closed while it runs.
        with anyio.CancelScope(shield=True):
            await to_thread.run_sync(steps.close)
