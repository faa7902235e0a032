"""The command line: one answer, drawn or as JSON; the server, how it starts, refuses and ends."""

import contextlib
import io
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from rich.console import Console

from assistant.__main__ import main
from assistant.doors.client import article_text, ask_server
from assistant.settings import Settings
from assistant.terminal import show
from ingest.document import Document
from tests.assistants import BRIDGE, SmallAssistant, with_articles
from vectorstore import FootnoteError, InvalidInput, LibraryBusy, NotFound, Owner, owner
from vectorstore.lock import Lock

SERVER = """
import sys
from assistant.__main__ import main
from tests.assistants import with_articles
code = main(sys.argv[1:], lambda settings: with_articles(settings.library))
print("imported", [name for name in ("gradio", "torch", "transformers") if name in sys.modules], flush=True)
sys.exit(code)
"""
ROOT = Path(__file__).parent.parent
QUESTION = "When do tolls begin?"


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def open_small(settings: Settings) -> SmallAssistant:
    return with_articles(settings.library)


def must_not_open(settings: Settings) -> SmallAssistant:
    raise AssertionError("the library belongs to the server")


# One answer


def test_an_answer_with_its_footnote(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", QUESTION], open_small) == 0
    told, complaints = capsys.readouterr()
    assert told.splitlines() == [
        "Tolls begin in June. [1]",
        "",
        "[1] Bridge opens · 2024-05-03 · bridge.txt",
        '    The Vale bridge opened on 3 May. "It took nine years," Mayor Ida Holm said. **Tolls begin in June.**',
    ]
    assert complaints == ""


def test_json_is_the_body_of_the_endpoint(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "--json", QUESTION], open_small) == 0
    body = json.loads(capsys.readouterr().out)
    assistant = SmallAssistant(Path("library"))
    assert body == assistant.ask(QUESTION).to_json()
    assistant.store.close()


def test_a_refusal_shows_the_closest_paragraphs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "Why is rhubarb sour?"], open_small) == 0
    told = capsys.readouterr().out
    assert told.startswith("The articles do not say.\n\nThe closest paragraphs:\n\n[1] ")


def test_only_the_named_articles_are_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", QUESTION, "--article", "moon", "--article", "nothing"], open_small) == 0
    assert "Bridge" not in capsys.readouterr().out


def test_a_question_that_cannot_be_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "  "], must_not_open) == 1
    assert capsys.readouterr().err == "`question`: It is blank: write at least one word.\n"
    assert main(["ask", "caf\udce9"], must_not_open) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_flags_stand_before_or_after_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--library", "one", "ask", QUESTION], open_small) == 0
    assert main(["ask", QUESTION, "--library", "two"], open_small) == 0
    assert {path.name for path in Path().iterdir()} == {"one", "two"}


def test_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--port", "abc"], must_not_open) == 2
    assert "FOOTNOTE_PORT" in capsys.readouterr().err
    assert main(["--host", "0.0.0.0"], must_not_open) == 2
    assert "FOOTNOTE_API_KEY" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="2"):
        main(["--colour"])


def drawn(body: dict[str, Any], text: str, *, terminal: bool) -> str:
    console = Console(
        file=io.StringIO(), force_terminal=terminal, width=60, color_system="standard" if terminal else None
    )
    show(body, lambda article_id, version: text, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_cited_words_are_underlined_on_a_terminal_and_cut_by_code_points(tmp_path: Path) -> None:
    assistant = SmallAssistant(tmp_path / "library")
    text = "📷 Cameras 📷 were used. The drill [bold]broke[/bold] on day two. 📷 All went home."
    assistant.pipeline.add(Document("Drill", text), "drill")
    body = assistant.ask("When broke the drill on which day?").to_json()
    assistant.store.close()
    assert "📷 Cameras 📷 were used. **The drill [bold]broke[/bold] on day two.** 📷 All" in drawn(
        body, text, terminal=False
    )
    coloured = drawn(body, text, terminal=True)
    assert "\x1b[1;4mThe drill [bold]broke[/bold]" in coloured
    assert "**" not in coloured


def test_an_article_cannot_steer_the_terminal(tmp_path: Path) -> None:
    assistant = SmallAssistant(tmp_path / "library")
    text = "The drill \x1b[31mbroke\x07 on \x9b2Jday two."
    assistant.pipeline.add(Document("Drill \x1b]0;owned\x07", text), "drill")
    body = assistant.ask("When broke the drill on which day?").to_json()
    assistant.store.close()
    told = drawn(body, text, terminal=False)
    assert not any(character in told for character in "\x1b\x07\x9b")


# The server


class Server:
    """`python -m assistant` in a process of its own, with a small assistant."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self._process = subprocess.Popen(
            [sys.executable, "-c", SERVER, "--headless", "--port", "0"],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        )
        assert self._process.stdout is not None
        self.greeting = self._process.stdout.readline().strip()

    @property
    def url(self) -> str:
        return self.greeting.split()[3]

    def stop(self, by: signal.Signals = signal.SIGINT) -> tuple[int, str, str]:
        self._process.send_signal(by)
        told, complaints = self._process.communicate(timeout=60)
        return self._process.returncode, told, complaints

    def close(self) -> None:
        if self._process.poll() is None:
            self.stop()
        for stream in (self._process.stdout, self._process.stderr):
            if stream is not None:
                stream.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """One that the test may stop."""
    with contextlib.closing(Server(tmp_path)) as started:
        yield started


@pytest.fixture(scope="module")
def standing_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with contextlib.closing(Server(tmp_path_factory.mktemp("standing"))) as started:
        yield started


@pytest.fixture
def standing(standing_server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """One that goes on, for as many tests as like; the library is the folder's."""
    monkeypatch.chdir(standing_server.folder)
    return standing_server


def test_headless_greets_answers_and_ends_cleanly_without_gradio(server: Server) -> None:
    assert server.greeting == f"Footnote is at {server.url} with 2 articles in library{os.sep}"
    answer = httpx.post(f"{server.url}/v1/ask", json={"question": QUESTION})
    assert answer.json()["answer"] == "Tolls begin in June. [1]"
    assert httpx.get(f"{server.url}/").status_code == 404
    code, told, logged = server.stop()
    assert (code, told) == (0, "imported []\n")
    assert [json.loads(line)["message"].partition(" in ")[0] for line in logged.splitlines()] == ["POST /v1/ask 200"]
    assert owner(Path("library")) is None


def test_the_command_that_make_chat_ends_with_serves_page_and_api() -> None:
    command = [sys.executable, "-W", "ignore", "-m", "assistant", "--port", "0"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment) as chat:
        assert chat.stdout is not None
        url = chat.stdout.readline().split()[3]
        try:
            assert "gradio" in httpx.get(f"{url}/", timeout=30).text
            assert httpx.post(f"{url}/v1/ask", json={"question": QUESTION}).json()["refusal"]["reason"] == "no_articles"
            assert httpx.get(f"{url}/v1/nothing").json()["error"]["type"] == "not_found"
        finally:
            chat.send_signal(signal.SIGINT)
            _, complaints = chat.communicate(timeout=60)
    assert chat.returncode == 0, complaints


def test_ask_hands_the_question_to_the_server(standing: Server, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", QUESTION], must_not_open) == 0
    assert "**Tolls begin in June.**" in capsys.readouterr().out
    assert main(["ask", "--json", QUESTION], must_not_open) == 0
    assert json.loads(capsys.readouterr().out)["sentences"][0]["text"] == "Tolls begin in June."


def test_a_second_server_is_told_who_has_the_library(standing: Server, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--headless", "--port", "0"], open_small) == 1
    assert standing.url in capsys.readouterr().err


def test_a_bug_is_logged_and_the_server_goes_on(server: Server) -> None:
    assert httpx.post(f"{server.url}/v1/ask", json={"question": "Please break."}).status_code == 500
    assert httpx.get(f"{server.url}/readyz").status_code == 200
    code, _, complaints = server.stop()
    assert code == 0
    assert "RuntimeError: a bug" in complaints
    assert "Please break" not in complaints


def test_what_is_being_answered_is_answered_before_the_end(server: Server) -> None:
    with ThreadPoolExecutor() as threads:
        body = {"question": "Please take a second."}
        plain = threads.submit(httpx.post, f"{server.url}/v1/ask", json=body)
        events = threads.submit(httpx.post, f"{server.url}/v1/ask", json=body, headers={"Accept": "text/event-stream"})
        while 'footnote_questions{state="answered"} 2.0' not in httpx.get(f"{server.url}/metrics").text:
            pass
        code, _, _ = server.stop(signal.SIGTERM)
        assert plain.result().status_code == 200
        assert "event: answer" in events.result().text
    assert code in (0, -signal.SIGTERM)


def test_a_key_is_asked_for_and_the_command_line_has_one_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server = Server(tmp_path, FOOTNOTE_API_KEY="open-sesame")
    assert httpx.get(f"{server.url}/v1/articles").status_code == 401
    held = {"Authorization": "Bearer open-sesame"}
    assert httpx.get(f"{server.url}/v1/articles", headers=held).status_code == 200
    assert main(["ask", QUESTION], must_not_open) == 0
    code, told, complaints = server.stop(signal.SIGTERM)
    assert "open-sesame" not in told + complaints
    assert code in (0, -signal.SIGTERM)
    assert owner(Path("library")) is None


def test_a_port_in_use_is_told_in_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["--headless", "--port", str(port)], must_not_open) == 1
    complaint = capsys.readouterr().err
    assert f"127.0.0.1:{port}" in complaint
    assert "--port" in complaint
    assert complaint.count("\n") == 1


def test_an_address_that_is_not_ours(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("FOOTNOTE_API_KEY", "k")
    assert main(["--headless", "--host", "192.0.2.1"], must_not_open) == 1
    assert "--host" in capsys.readouterr().err


# The client


def test_the_client_tells_what_the_server_tells(standing: Server) -> None:
    with pytest.raises(InvalidInput, match="blank"):
        ask_server(standing.url, None, {"question": " "})
    with pytest.raises(NotFound, match="nothing"):
        article_text(standing.url, None, "nothing", "sha256:0")
    body = ask_server(standing.url, None, {"question": QUESTION})
    assert article_text(standing.url, None, "bridge", body["citations"][0]["article_version"]) == BRIDGE


def test_the_client_tells_when_nobody_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(LibraryBusy, match="does not answer"):
        ask_server(url, None, {"question": QUESTION})


def test_a_foreign_server_is_recognised() -> None:
    script = "import http.server as h; s = h.HTTPServer(('127.0.0.1', 0), h.BaseHTTPRequestHandler);"
    script += "print(s.server_port, flush=True); s.handle_request()"
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as other:
        assert other.stdout is not None
        with pytest.raises(FootnoteError, match="not Footnote"):
            ask_server(f"http://127.0.0.1:{int(other.stdout.readline())}", None, {"question": QUESTION})


def test_ask_waits_for_a_batch(capsys: pytest.CaptureFixture[str]) -> None:
    lock = Lock(Path("library"))
    lock.take()
    command = [sys.executable, "-c", SERVER, "ask", QUESTION]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as asking:
        assert asking.stderr is not None
        assert "Waiting" in asking.stderr.readline()
        lock.announce(Owner(os.getpid()))
        lock.release()
        told, _ = asking.communicate(timeout=60)
    assert told.startswith("Tolls begin in June. [1]")
