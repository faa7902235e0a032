"""Fuzzes the HTTP API from its own description, with schemathesis: `make fuzz-api`, or `python -m tests.fuzz_api 500`.

Every answer must be one that the description has, in status, media type and shape; no answer may be a 5xx.
"""

import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from assistant.doors.api import create_app
from assistant.settings import Settings
from tests.assistants import with_articles
from tests.listening import Listening

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "unsupported_method",
    "allow_header_conformance",
    "use_after_free",
)
EXAMPLES = 500  # of each endpoint


def fuzzed(examples: int, phases: str, *options: str) -> subprocess.CompletedProcess[str]:
    """A run against a server of its own; its return code is 0 when nothing was found, its output says what was."""
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as listener:
        assistant = with_articles(Path(folder) / "library")
        settings = Settings(port=listener.getsockname()[1], _env_file=None)  # type: ignore[call-arg]
        server = Listening(create_app(lambda: assistant, settings), listener)  # type: ignore[arg-type,return-value]
        server.wait_until_ready()
        command = [
            *(sys.executable, "-m", "schemathesis.cli", "run", f"{server.url}/openapi.json"),
            *("--checks", ",".join(CHECKS), "--phases", phases, "--max-examples", str(examples)),
            *("--suppress-health-check", "all", "--warnings", "off", *options),
        ]
        try:
            return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        finally:
            server.stop()


if __name__ == "__main__":
    # One worker: two are no faster, and parse at once what Python 3.11 only parses one at a time ("AST constructor
    # recursion depth mismatch").
    done = fuzzed(int(sys.argv[1]) if len(sys.argv) > 1 else EXAMPLES, "coverage,fuzzing,stateful")
    print(done.stdout, done.stderr)
    sys.exit(done.returncode)
