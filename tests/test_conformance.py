"""One truth on every channel: each door gives the same answer to the same question, citation for citation."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import Any

import anyio
import httpx
import openai
import pytest
from mcp import Client

from assistant.__main__ import main
from assistant.chains import FootnoteChat
from assistant.page.talk import Talk
from tests.assistants import SmallAssistant, facts, with_articles
from tests.listening import Listening, listening
from vectorstore import Owner

QUESTIONS = ("When do tolls begin?", "What did the probe carry 📷?", "Why is rhubarb sour?")


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> SmallAssistant:
    return with_articles(tmp_path_factory.mktemp("conformance") / "library")


@pytest.fixture(scope="module")
def server(assistant: SmallAssistant) -> Iterator[Listening]:
    with listening(assistant) as server:
        assistant.store.announce(Owner(0, server.url, None))
        yield server


@pytest.fixture
def doors(
    server: Listening, assistant: SmallAssistant, capsys: pytest.CaptureFixture[str]
) -> dict[str, Callable[[str], dict[str, Any]]]:
    """Every way to ask, each from a question to the body of its answer."""
    url = f"{server.url}/v1/ask"
    chat = openai.OpenAI(base_url=f"{server.url}/v1", api_key="none").chat.completions

    def streamed(question: str) -> dict[str, Any]:
        answer = httpx.post(url, json={"question": question}, headers={"Accept": "text/event-stream"})
        body: dict[str, Any] = json.loads(answer.text.rpartition("event: answer\r\ndata: ")[2])
        return body

    def completed(question: str, **options: Any) -> Any:
        return chat.create(model="extractive", messages=[{"role": "user", "content": question}], **options)

    def over_mcp(question: str) -> dict[str, Any]:
        async def call() -> Any:
            async with Client(f"{server.url}/mcp") as client:
                return await client.call_tool("ask", {"question": question})

        body: dict[str, Any] = anyio.run(call).structured_content
        return body

    def on_the_command_line(question: str) -> dict[str, Any]:
        assert main(["--library", str(assistant.store.folder), "ask", "--json", question]) == 0
        body: dict[str, Any] = json.loads(capsys.readouterr().out)
        return body

    def on_the_page(question: str) -> dict[str, Any]:
        *_, exchanges = Talk(assistant).ask([], {"question": question}, "", Event())
        body = exchanges[-1].body
        assert body is not None
        return body | {"conversation_id": None}  # the page keeps what is asked on it

    return {
        "ask": lambda question: httpx.post(url, json={"question": question}).json(),
        "ask, as events": streamed,
        "chat completions": lambda question: completed(question).footnote,
        "chat completions, streaming": lambda question: list(completed(question, stream=True))[-1].footnote,
        "mcp": over_mcp,
        "command line": on_the_command_line,
        "page": on_the_page,
        "langchain": lambda question: FootnoteChat(assistant=assistant).invoke(question).response_metadata["footnote"],
        "library": lambda question: assistant.ask(question).to_json(),
    }


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_door_gives_the_same_answer(
    doors: dict[str, Callable[[str], dict[str, Any]]], question: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    given = {name: facts(ask(question)) for name, ask in doors.items()}
    expected = given["ask"]
    assert bool(expected["citations"]) != expected["refused"]
    for name, body in given.items():
        assert body == expected, name
        assert list(body) == list(expected), name
