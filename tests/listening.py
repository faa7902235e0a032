"""A real server on a real socket, as `python -m assistant` runs it, and raw requests to it."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from fastapi import FastAPI

from assistant.doors.api import create_app
from assistant.serving import BACKLOG, KEEP_ALIVE_SECONDS
from assistant.settings import Settings
from tests.assistants import SmallAssistant


@contextmanager
def listening(assistant: SmallAssistant) -> "Iterator[Listening]":
    """The HTTP API over `assistant`, ready, until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Listening(create_app(lambda: assistant, Settings(port=listener.getsockname()[1])), listener)
        server.wait_until_ready()
        yield server
        server.stop()


class Listening:
    """uvicorn in a thread. `{port}` in a request's lines stands for its port."""

    def __init__(self, app: FastAPI, listener: socket.socket) -> None:
        self.port: int = listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._server = uvicorn.Server(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                ws="none",
                backlog=BACKLOG,
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
            )
        )
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [listener]})
        self._thread.start()

    def wait_until_ready(self) -> None:
        while self.send("GET /readyz HTTP/1.1", "Host: localhost:{port}")[0] == 503:
            pass

    def open(self, *lines: str, body: bytes = b"") -> socket.socket:
        """A connection on which the request was sent."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        head = "\r\n".join((*lines, "", "")).replace("{port}", str(self.port))
        connection.sendall(head.encode() + body)
        return connection

    def send(self, *lines: str, body: bytes = b"") -> tuple[int, dict[str, Any]]:
        """Status and JSON of the answer."""
        with self.open(*lines, "Connection: close", body=body) as connection:
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
        head, _, content = answer.partition(b"\r\n\r\n")
        return int(head.split()[1]), json.loads(content)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join()
