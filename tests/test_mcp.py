"""The Model Context Protocol, spoken with the SDK's own client over HTTP and over stdin and stdout."""

import json
import os
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from anyio import to_thread
from mcp import Client, StdioServerParameters, stdio_client

from assistant.answer import Event, Found
from assistant.doors import responses
from tests.assistants import BRIDGE, SmallAssistant, facts, with_articles
from tests.listening import Listening, listening
from tests.test_assistant_main import ROOT, SERVER
from vectorstore import owner

QUESTION = "When do tolls begin?"


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> SmallAssistant:
    return with_articles(tmp_path_factory.mktemp("mcp") / "library")


@pytest.fixture(scope="module")
def server(assistant: SmallAssistant) -> Iterator[Listening]:
    with listening(assistant) as server:
        yield server


def over_http(server: Listening, *calls: tuple[str, dict[str, Any]], mode: Any = "auto") -> list[Any]:
    """What the client hears of the tools, then the results of these calls."""

    async def run() -> list[Any]:
        async with Client(f"{server.url}/mcp", mode=mode) as client:
            return [await client.list_tools(), *[await client.call_tool(*call) for call in calls]]

    return anyio.run(run)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_the_tools_are_described_and_read_only(server: Listening, mode: str) -> None:
    (listed,) = over_http(server, mode=mode)
    assert [tool.name for tool in listed.tools] == ["ask", "search", "list_articles", "read_article"]
    for tool in listed.tools:
        assert tool.annotations.read_only_hint
        assert tool.description
        assert tool.input_schema["additionalProperties"] is False
        assert tool.output_schema["type"] == "object"


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_an_answer_is_the_body_of_the_endpoint(server: Listening, mode: str) -> None:
    _, result = over_http(server, ("ask", {"question": QUESTION}), mode=mode)
    assert not result.is_error
    responses.Answer.model_validate(result.structured_content)
    assert json.loads(result.content[0].text) == result.structured_content
    asked = httpx.post(f"{server.url}/v1/ask", json={"question": QUESTION}).json()
    assert facts(result.structured_content) == facts(asked)


def test_the_other_tools_give_their_endpoints_bodies(server: Listening) -> None:
    _, found, listed, read = over_http(
        server,
        ("search", {"q": "tolls", "k": 1, "article_ids": ["bridge"]}),
        ("list_articles", {"query": "Moon"}),
        ("read_article", {"id": "bridge"}),
    )
    url = f"{server.url}/v1"
    assert found.structured_content == httpx.get(f"{url}/search?q=tolls&k=1&article_ids=bridge").json()
    assert listed.structured_content == httpx.get(f"{url}/articles?query=Moon").json()
    assert read.structured_content == httpx.get(f"{url}/articles/bridge").json()
    assert read.structured_content["text"] == BRIDGE


def test_what_goes_wrong_is_a_sentence_for_the_model(server: Listening, caplog: pytest.LogCaptureFixture) -> None:
    _, blank, missing, unknown, kept, strange, broken = over_http(
        server,
        ("ask", {"question": " "}),
        ("read_article", {"id": "nothing"}),
        ("ask", {"question": "x", "model": "gpt"}),
        ("ask", {"question": "x", "conversation_id": "new"}),
        ("search", {"query": "x"}),
        ("ask", {"question": "Please break."}),
    )
    told = [result.content[0].text for result in (blank, missing, unknown, kept, strange, broken) if result.is_error]
    for sentence, says in zip(told, ["blank", "nothing", "extractive", "None", "`q`", "Something broke"], strict=True):
        assert says in sentence
    assert "RuntimeError: a bug" in caplog.text


def test_a_call_that_is_given_up_ends(server: Listening, assistant: SmallAssistant) -> None:
    begun, ended = threading.Event(), threading.Event()

    def slow(*_: Any, **__: Any) -> Iterator[Event]:
        try:
            begun.set()
            for _ in range(600):
                time.sleep(0.05)
                yield Found(())
        finally:
            ended.set()

    async def run() -> None:
        async with Client(f"{server.url}/mcp") as client:
            with anyio.move_on_after(60) as scope:
                async with anyio.create_task_group() as tasks:
                    tasks.start_soon(client.call_tool, "ask", {"question": QUESTION})
                    await to_thread.run_sync(begun.wait, 10)
                    tasks.cancel_scope.cancel()
            assert not scope.cancelled_caught

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assistant, "stream", slow)
        anyio.run(run)
        assert ended.wait(10)


def test_the_guard_stands_before_it(server: Listening) -> None:
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    headers = {"Accept": "application/json, text/event-stream"}
    url = f"{server.url}/mcp"
    assert httpx.post(url, json=body, headers=headers).status_code == 200
    assert httpx.post(url, json=body, headers={**headers, "Origin": "http://evil.example"}).status_code == 403
    assert httpx.post(url, json=body, headers={**headers, "Host": "evil.example"}).status_code == 403


@asynccontextmanager
async def over_stdio(folder: Path) -> AsyncIterator[Client]:
    program = StdioServerParameters(
        command=sys.executable,
        args=["-c", SERVER, "mcp"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    async with Client(stdio_client(program)) as client:
        yield client


def test_stdio_owns_a_free_library_and_a_second_one_hands_over(tmp_path: Path) -> None:
    async def run() -> tuple[Any, Any, Any]:
        async with over_stdio(tmp_path) as first:
            refused = await first.call_tool("read_article", {"id": "nothing"})
            held = owner(tmp_path / "library")
            assert held is not None
            asked = httpx.post(f"{held.url}/v1/ask", json={"question": QUESTION}).json()
            async with over_stdio(tmp_path) as second:
                return refused, asked, await second.call_tool("ask", {"question": QUESTION})

    refused, asked, answered = anyio.run(run)
    assert refused.is_error
    assert facts(answered.structured_content) == facts(asked)
    assert owner(tmp_path / "library") is None
