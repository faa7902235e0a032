"""The queue of questions: bounded, in order, and open to nobody who sends slowly or has left."""

from collections.abc import Awaitable, Callable

import anyio
import pytest
from starlette.types import Message, Scope

from assistant.doors import places
from assistant.doors.places import Places

Send = Callable[[Message], Awaitable[None]]


class Door:
    """An application whose answers wait for `open`."""

    def __init__(self) -> None:
        self.open = anyio.Event()
        self.entered: list[str] = []

    async def __call__(self, scope: Scope, receive: Callable[[], Awaitable[Message]], send: Send) -> None:
        message = await receive()
        self.entered.append(message["body"].decode())
        await self.open.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": message["body"]})


class Asked:
    """One request to the places, and what came of it."""

    def __init__(self, app: Places, name: str, client: str | None = None, path: str = "/v1/ask") -> None:
        self._app = app
        self._scope = {"type": "http", "method": "POST", "path": path, "state": {"client": client}, "headers": []}
        self._body = name.encode()
        self.left = anyio.Event()
        self.whole = anyio.Event()
        self.status = 0
        self.retry_after = ""
        self._given = False

    async def __call__(self) -> None:
        async def receive() -> Message:
            await self.whole.wait()
            if not self._given:
                self._given = True
                return {"type": "http.request", "body": self._body, "more_body": False}
            await self.left.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.status = message["status"]
                self.retry_after = dict(message["headers"]).get(b"retry-after", b"").decode()

        await self._app(self._scope, receive, send)


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "AT_ONCE", 1)
    monkeypatch.setattr(places, "WAITING", 2)
    monkeypatch.setattr(places, "OF_ONE_CLIENT", 2)


async def settled() -> None:
    for _ in range(20):
        await anyio.lowlevel.checkpoint()


def test_questions_wait_in_order_and_past_the_limit_are_told_to_come_again() -> None:
    async def run() -> None:
        door = Door()
        app = Places(door)
        asked = [Asked(app, name) for name in "abcd"]
        async with anyio.create_task_group() as tasks:
            for each in asked:
                each.whole.set()
                tasks.start_soon(each)
                await settled()
            assert door.entered == ["a"]
            assert [each.status for each in asked] == [0, 0, 0, 429]
            assert int(asked[3].retry_after) >= 1
            door.open.set()
        assert door.entered == ["a", "b", "c"]
        assert [each.status for each in asked] == [200, 200, 200, 429]

    anyio.run(run)


def test_who_leaves_while_waiting_is_not_answered() -> None:
    async def run() -> None:
        door = Door()
        app = Places(door)
        first, second, third = (Asked(app, name) for name in "abc")
        async with anyio.create_task_group() as tasks:
            for each in (first, second, third):
                each.whole.set()
                tasks.start_soon(each)
                await settled()
            second.left.set()
            await settled()
            door.open.set()
        assert door.entered == ["a", "c"]
        assert second.status == 0

    anyio.run(run)


def test_who_sends_slowly_holds_no_place() -> None:
    async def run() -> None:
        door = Door()
        app = Places(door)
        slow, quick = Asked(app, "slow"), Asked(app, "quick")
        quick.whole.set()
        door.open.set()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(slow)
            await settled()
            tasks.start_soon(quick)
            await settled()
            assert quick.status == 200
            slow.whole.set()
        assert door.entered == ["quick", "slow"]

    anyio.run(run)


def test_one_client_has_a_share_and_other_paths_have_no_queue() -> None:
    async def run() -> None:
        door = Door()
        app = Places(door)
        asked = [Asked(app, str(number), client="key one") for number in range(3)]
        other = Asked(app, "other", client="key two")
        search = Asked(app, "search", path="/v1/articles")
        async with anyio.create_task_group() as tasks:
            for each in (*asked, other, search):
                each.whole.set()
                tasks.start_soon(each)
                await settled()
            assert [each.status for each in asked] == [0, 0, 429]
            assert door.entered == ["0", "search"]
            door.open.set()
        assert door.entered == ["0", "search", "1", "other"]

    anyio.run(run)
