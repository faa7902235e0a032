"""The API against hostile and broken clients: fuzzed from its own description, slow, half-open, cut short."""

import contextlib
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from assistant.doors import guard
from tests.assistants import SmallAssistant, with_articles
from tests.fuzz_api import fuzzed
from tests.listening import Listening, listening

ASK = ("POST /v1/ask HTTP/1.1", "Host: 127.0.0.1:{port}", "Content-Type: application/json")
BODY = b'{"question": "When do tolls begin?"}'
FORM = "Content-Type: multipart/form-data; boundary=x"


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> SmallAssistant:
    return with_articles(tmp_path_factory.mktemp("wire") / "library")


@pytest.fixture(scope="module")
def server(assistant: SmallAssistant) -> Iterator[Listening]:
    with listening(assistant) as server:
        yield server


def answers(server: Listening) -> bool:
    """Whether somebody well-behaved gets an answer at once."""
    begin = time.monotonic()
    answer = httpx.post(f"{server.url}/v1/ask", content=BODY, headers={"Content-Type": "application/json"})
    return answer.status_code == 200 and time.monotonic() - begin < 5


def test_nothing_breaks_that_the_description_allows() -> None:
    done = fuzzed(3, "fuzzing", "--seed", "1")  # the same requests each time; `make fuzz-api` tries others
    assert done.returncode == 0, done.stdout
    assert "Tested: " in done.stdout


def test_slow_and_half_open_clients_block_nobody(server: Listening) -> None:
    with contextlib.ExitStack() as open_sockets:
        for number in range(300):
            match number % 3:
                case 0:  # a head that does not end
                    connection = socket.create_connection(("127.0.0.1", server.port))
                    connection.sendall(b"POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1")
                case 1:  # a body that does not end
                    connection = server.open(*ASK, f"Content-Length: {len(BODY)}", body=BODY[:-1])
                case _:  # an upload that does not end
                    head = ("POST /v1/articles HTTP/1.1", ASK[1], FORM, "Content-Length: 1000")
                    connection = server.open(*head, body=b"--x\r\n")
            open_sockets.enter_context(connection)
        assert answers(server)
        late = server.open(*ASK, f"Content-Length: {len(BODY)}", body=BODY[:-1])
        late.sendall(BODY[-1:])
        assert late.recv(12) == b"HTTP/1.1 200"
        late.close()
    assert answers(server)


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ((*ASK, f"Content-Length: {len(BODY)}"), BODY[:-1]),
        (("POST /v1/articles HTTP/1.1", ASK[1], FORM, "Content-Length: 99"), b"--x\r\n"),
        ((*ASK, "Transfer-Encoding: chunked"), b"2\r\n{}\r\n"),
    ],
    ids=("json", "upload", "chunked"),
)
def test_a_body_that_stops_arriving_is_given_up(
    server: Listening, monkeypatch: pytest.MonkeyPatch, head: tuple[str, ...], body: bytes
) -> None:
    monkeypatch.setattr(guard, "BODY_SECONDS", 0.2)
    with contextlib.closing(server.open(*head, body=body)) as connection:
        connection.settimeout(10)
        heard = connection.recv(65536)
    assert heard.startswith(b"HTTP/1.1 400")
    assert b"The body stopped arriving: send the request again." in heard


def test_a_body_far_too_long_that_stops_arriving_is_refused(server: Listening, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "BODY_SECONDS", 0.2)
    with contextlib.closing(server.open(*ASK, "Content-Length: 2000000", body=b"{")) as connection:
        connection.settimeout(10)
        assert connection.recv(65536).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # TLS to a server that speaks none
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /v1/ask\r\n\r\n",
        b"POST /v1/ask HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST /v1/ask HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        b"POST /v1/ask HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET /v1/articles HTTP/1.1\r\nHost: x\r\n" + b"X-Long: " + b"a" * 200_000 + b"\r\n\r\n",
        b"GET /v1/articles HTTP/1.1\r\nHost: x\r\nX-Odd: \xff\x00\r\n\r\n",
        b"GET /v1/articles?" + b"q=" * 60_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
    ids=range(11),
)
def test_what_is_no_request_is_refused_and_the_server_goes_on(server: Listening, sent: bytes) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        heard = b""
        with contextlib.suppress(ConnectionError):
            heard = connection.recv(65536)
    assert heard == b"" or heard.split()[1][:1] == b"4"
    assert answers(server)


@pytest.mark.parametrize("encoding", ["gzip", "br", "x-nothing", "identity, gzip"])
def test_encoded_bodies_are_refused(server: Listening, encoding: str) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": encoding}
    answer = httpx.post(f"{server.url}/v1/ask", content=b"\x1f\x8b\x08\x00\x00", headers=headers)
    assert (answer.status_code, answer.json()["error"]["type"]) in [
        (400, "invalid_request"),
        (415, "unsupported_media_type"),
    ]


def test_a_client_that_hangs_up_on_its_answer_breaks_nothing(server: Listening, tmp_path: Path) -> None:
    for _ in range(20):
        server.open(*ASK, f"Content-Length: {len(BODY)}", body=BODY).close()
    assert answers(server)
