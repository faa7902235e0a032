"""The event stream: the contract's events, what goes wrong on the way, and clients that leave, wait or do not read."""

import json
import logging
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.answer import Event, Found
from assistant.doors import events, responses
from tests.assistants import SmallAssistant, facts, filled
from tests.listening import Listening, listening
from vectorstore import LibraryBroken

QUESTION = "When do tolls begin?"
EVENTS = {"Accept": "text/event-stream"}
ASK = ("POST /v1/ask HTTP/1.1", "Host: 127.0.0.1:{port}", "Content-Type: application/json", "Accept: text/event-stream")


class Slow(SmallAssistant):
    """Answers a question that begins with "Slowly" step by step, each step allowed by `go_on`."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.go_on = threading.Semaphore(0)
        self.steps = 0
        self.closed = threading.Event()

    def stream(self, question: str, **options: Any) -> Iterator[Event]:
        if question == "Break the disk.":
            yield Found(())
            raise LibraryBroken("The disk is full: make room.")
        if question.startswith("Slowly"):
            found = Found(tuple(self.store.search("bridge", 2)) * 500)  # a quarter of a megabyte as JSON
            try:
                while self.go_on.acquire(timeout=30):
                    self.steps += 1
                    yield found
            finally:
                self.closed.set()
        yield from super().stream(question, **options)


@pytest.fixture
def assistant(tmp_path: Path) -> Slow:
    return filled(Slow(tmp_path / "library"))


@pytest.fixture
def server(assistant: Slow) -> Iterator[Listening]:
    with listening(assistant) as server:
        yield server


def received(server: Listening, question: str) -> list[tuple[str, dict[str, Any]]]:
    """The events by name."""
    answer = httpx.post(f"{server.url}/v1/ask", json={"question": question}, headers=EVENTS)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/event-stream")
    found = []
    for block in answer.text.replace("\r\n", "\n").strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n"))
        found.append((fields["event"], json.loads(fields["data"])))
    return found


def wait_for(condition: Any, seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


def test_an_answer_arrives_as_the_contracts_events(server: Listening) -> None:
    names, bodies = zip(*received(server, QUESTION), strict=True)
    assert names == ("passages", "sentence", "answer")
    found, sentence, answer = bodies
    responses.Passages.model_validate(found)
    responses.ShownSentence.model_validate(sentence)
    responses.Answer.model_validate(answer)
    assert answer["answer"] == "Tolls begin in June. [1]"
    assert {**answer["sentences"][0], "index": 0, "new_citations": answer["citations"]} == sentence
    assert facts(answer) == facts(httpx.post(f"{server.url}/v1/ask", json={"question": QUESTION}).json())


def test_a_refusal_has_no_sentences(server: Listening) -> None:
    names, bodies = zip(*received(server, "Why is rhubarb sour?"), strict=True)
    assert names == ("passages", "answer")
    assert bodies[-1]["refused"]


def test_what_cannot_be_asked_has_a_status_of_its_own(server: Listening) -> None:
    for body in ({"question": " "}, {"question": "x", "model": "gpt"}):
        answer = httpx.post(f"{server.url}/v1/ask", json=body, headers=EVENTS)
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/json")


def test_what_goes_wrong_on_the_way_is_the_last_event(server: Listening, caplog: pytest.LogCaptureFixture) -> None:
    *_, (name, body) = received(server, "Break the disk.")
    assert name == "error"
    assert body["error"] == {"type": "conflict", "message": "The disk is full: make room.", "param": None}
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]
    *_, (name, body) = received(server, "Please break halfway.")
    assert (name, body["error"]["type"]) == ("error", "internal_error")
    assert "RuntimeError: a bug" in caplog.text


def opened(server: Listening) -> socket.socket:
    body = b'{"question": "Slowly"}'
    return server.open(*ASK, f"Content-Length: {len(body)}", body=body)


def test_the_work_ends_when_the_client_leaves(server: Listening, assistant: Slow) -> None:
    assistant.go_on.release()
    with opened(server) as connection:
        assert connection.recv(100).startswith(b"HTTP/1.1 200")
        assert not assistant.closed.is_set()
    assistant.go_on.release()  # what is being worked out comes to its end, and nothing after it
    assert assistant.closed.wait(10)
    assert assistant.steps == 2


def test_the_work_ends_when_the_client_of_a_whole_answer_leaves(server: Listening, assistant: Slow) -> None:
    body = b'{"question": "Slowly"}'
    with server.open(*ASK[:-1], f"Content-Length: {len(body)}", body=body):
        assistant.go_on.release()
        wait_for(lambda: assistant.steps)
    time.sleep(0.1)  # until the server has heard of it
    assistant.go_on.release()
    assert assistant.closed.wait(10)
    assert assistant.steps == 2


def test_nothing_is_worked_out_ahead_of_a_client_that_does_not_read(server: Listening, assistant: Slow) -> None:
    assistant.go_on.release(1000)
    with opened(server):
        wait_for(lambda: assistant.steps)
        before = -1
        while before != assistant.steps:  # until the buffers of both ends are full
            before = assistant.steps
            time.sleep(0.3)
        assert before < 100
        assert httpx.get(f"{server.url}/readyz").status_code == 200
    assert assistant.closed.wait(10)


def test_a_silent_stream_is_kept_alive(server: Listening, assistant: Slow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "KEEP_ALIVE_SECONDS", 0.05)
    assistant.go_on.release()
    with opened(server) as connection:
        heard = b""
        while b"\r\n: ping" not in heard:
            heard += connection.recv(1 << 20)
            assert heard
    assistant.go_on.release()


def test_a_client_that_takes_nothing_loses_its_place(
    server: Listening, assistant: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "SEND_SECONDS", 0.2)
    assistant.go_on.release(1000)
    with opened(server):
        assert assistant.closed.wait(10)
