"""Chat models from settings, and real servers that are down, slow, rude or out of their minds."""

import json
import sys
import threading
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest

from assistant.answer import Answer
from assistant.engine import Assistant
from assistant.generating.generated import Author
from assistant.generating.gguf import MOST_TOKENS
from assistant.generating.models import EXTRAS, load_writers
from assistant.generating.writing import Patience
from assistant.settings import EXTRACTIVE, public_name
from ingest.document import Document
from ingest.pipeline import Pipeline
from vectorstore import InvalidInput, Store, load_embedder

BRIDGE = "The Vale bridge opened on 3 May 2024. It is 1,284 metres long and carries four lanes. Tolls begin in June."
QUESTION = "How long is the Vale bridge?"
Serve = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """One request to a chat completions server that answers with `serve`."""

    serve: Serve

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        try:
            type(self).serve(self)
        except (BrokenPipeError, ConnectionResetError):
            self.server.left.set()  # type: ignore[attr-defined]

    def log_message(self, *_: object) -> None: ...

    def begin(self, status: int = 200, kind: str = "text/event-stream") -> None:
        self.server.asked += 1  # type: ignore[attr-defined]
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Connection", "close")
        self.end_headers()

    def say(self, text: str, ended: str | None = None) -> None:
        choice = {"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": ended}
        chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "local", "choices": [choice]}
        self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
        self.wfile.flush()

    def done(self) -> None:
        self.say("", "stop")
        self.wfile.write(b"data: [DONE]\n\n")


@contextmanager
def server(serve: Serve) -> Iterator[ThreadingHTTPServer]:
    handler = type("Serving", (Handler,), {"serve": serve})
    running = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    running.asked, running.left = 0, threading.Event()  # type: ignore[attr-defined]
    running.daemon_threads = True
    thread = threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield running
    running.shutdown()
    running.server_close()


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store(tmp_path_factory.mktemp("models") / "library", load_embedder())
    Pipeline(store).add(Document("Vale bridge opens", BRIDGE), "bridge")
    yield store
    store.close()


@pytest.fixture(autouse=True)
def _no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY"):
        monkeypatch.delenv(name, raising=False)


def asked(library: Store, url: str, patience: Patience | None = None) -> Answer:
    writers = load_writers(["openai:local"], url)
    patience = patience or Patience(first=3, between=1, whole=6)
    return Assistant(library, models=("openai:local",), author=Author(library, writers, patience)).ask(QUESTION)


def address(running: ThreadingHTTPServer) -> str:
    return f"http://127.0.0.1:{running.server_address[1]}/v1"


def test_an_openai_compatible_server_writes_the_answer(library: Store) -> None:
    def serve(handler: Handler) -> None:
        handler.begin()
        for part in ("The Vale bri", "dge is 1,284 meters", " long. ", "[", "1", "]"):
            handler.say(part)
        handler.done()

    with server(serve) as running:
        answer = asked(library, address(running))
    assert answer.text == "The Vale bridge is 1,284 meters long. [1]"
    assert (answer.model, answer.notices) == ("openai:local", ())


def status(code: int) -> Serve:
    def serve(handler: Handler) -> None:
        handler.begin(code, "application/json")
        handler.wfile.write(b'{"error": {"message": "no, sk-secret", "type": "x"}}')

    return serve


def broken_json(handler: Handler) -> None:
    handler.begin()
    handler.wfile.write(b'data: {"choices": [{"del\n\n')


def not_a_model(handler: Handler) -> None:
    handler.begin(200, "text/html")
    handler.wfile.write(b"<html><body>It works!</body></html>")


def stalls(handler: Handler) -> None:
    handler.begin()
    handler.say("The Vale ")
    handler.server.left.wait(8)  # type: ignore[attr-defined]


def nonsense(handler: Handler) -> None:
    handler.begin()
    for _ in range(40):
        handler.say("Colourless green ideas sleep 1,484 times [7]. ")
    handler.done()


@pytest.mark.parametrize(
    ("serve", "notice", "words"),
    [
        (status(401), "fallback", "key"),
        (status(404), "fallback", "FOOTNOTE_MODEL"),
        (status(400), "fallback", "400"),
        (broken_json, "fallback", "broke off"),
        (not_a_model, "fallback", "openai:local"),
        (stalls, "fallback", "in time"),
        (nonsense, "left_out", "left out"),
    ],
)
def test_a_server_in_trouble_gives_way_to_the_quoted_answer(
    library: Store, serve: Serve, notice: str, words: str
) -> None:
    with server(serve) as running:
        answer = asked(library, address(running), Patience(1.5, 0.5, 3))
        running.left.set()  # type: ignore[attr-defined]
    assert "1,284 metres" in answer.text
    assert answer.model == EXTRACTIVE
    assert [each.type for each in answer.notices] == [notice]
    assert words in answer.notices[0].message
    assert "sk-secret" not in answer.notices[0].message


@pytest.mark.parametrize(("code", "words"), [(429, "asked too much"), (500, "status 500")])
def test_a_busy_or_failing_server_is_asked_again(library: Store, code: int, words: str) -> None:
    with server(status(code)) as running:
        answer = asked(library, address(running), Patience(8, 1, 9))
        assert running.asked == 3  # type: ignore[attr-defined]
    assert [each.type for each in answer.notices] == ["fallback"]
    assert words in answer.notices[0].message


def test_a_server_that_is_not_there(library: Store) -> None:
    with server(stalls) as running:
        url = address(running)
    answer = asked(library, url, Patience(8, 1, 9))
    assert "FOOTNOTE_MODEL_URL" in answer.notices[0].message


def test_a_stream_that_is_cut_keeps_what_was_shown(library: Store) -> None:
    def serve(handler: Handler) -> None:
        handler.begin()
        handler.say("The Vale bridge is 1,284 metres long. [1] Tolls begin in ")

    with server(serve) as running:
        answer = asked(library, address(running))
    assert answer.text == "The Vale bridge is 1,284 metres long. [1]"
    assert [each.type for each in answer.notices] == ["fallback"]


def test_the_servers_work_stops_when_the_client_leaves(library: Store) -> None:
    def serve(handler: Handler) -> None:
        handler.begin()
        handler.say("The Vale bridge is 1,284 metres long. [1] It opened on 3 May. ")
        for _ in range(500):
            handler.say("word ")
            time.sleep(0.02)

    with server(serve) as running:
        author = Author(library, load_writers(["openai:local"], address(running)), Patience(5, 5, 10))
        stream = Assistant(library, models=("openai:local",), author=author).stream(QUESTION)
        next(stream)
        next(stream)
        stream.close()  # type: ignore[attr-defined]
        assert running.left.wait(5)  # type: ignore[attr-defined]


def test_what_cannot_be_used_says_what_to_do(tmp_path: Path) -> None:
    def refused(name: str) -> str:
        with pytest.raises(InvalidInput) as caught:
            load_writers([name])
        assert "\n" not in str(caught.value)
        return str(caught.value)

    assert "set OPENAI_API_KEY" in refused("openai:gpt-5-mini")
    assert "there is no file" in refused(f"gguf:{tmp_path}/missing.gguf")
    assert "pip install" in refused("mistralai:large")
    assert "LangChain" in refused("nobody:model")


def test_a_missing_extra_names_its_install_line() -> None:
    extras = tomllib.loads(Path(__file__).parents[1].joinpath("pyproject.toml").read_text())["project"][
        "optional-dependencies"
    ]
    assert set(EXTRAS.values()) <= set(extras)
    for provider in ("anthropic", "ollama"):
        with pytest.raises(InvalidInput, match=rf"pip install '\.\[{provider}\]'"):
            load_writers([f"{provider}:some-model"])


def test_what_a_model_is_given_to_read_fits_its_context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = SimpleNamespace(model=SimpleNamespace(), cpuparams=SimpleNamespace())
    fake = SimpleNamespace(CommonParams=lambda: given, Server=lambda _: None)
    monkeypatch.setitem(sys.modules, "xllamacpp", fake)
    path = tmp_path / "small.gguf"
    path.touch()
    (writer,) = load_writers([f"gguf:{path}"])
    left = given.n_ctx // given.n_parallel - MOST_TOKENS - writer.room
    assert left >= 1600  # for the instructions, twelve titles, the conversation, the question and one sentence to mend

    asked: dict[str, object] = {}
    monkeypatch.setattr("langchain.chat_models.init_chat_model", lambda name, **options: asked.update(options))
    (writer,) = load_writers(["ollama:small"])
    assert asked["num_ctx"] >= 2 * writer.room  # type: ignore[operator]


def test_extractive_needs_no_writer() -> None:
    assert load_writers([EXTRACTIVE]) == ()


def test_where_a_model_file_lies_is_told_nobody() -> None:
    assert public_name("gguf:/home/ida/models/small.gguf") == "gguf:small.gguf"
    assert public_name("openai:org/model") == "openai:org/model"
