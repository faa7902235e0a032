"""The description of the HTTP API as it is checked in: `python -m tests.openapi` (`make openapi`) writes it anew."""

import json
from pathlib import Path

from assistant.doors.api import create_app
from assistant.engine import Assistant
from assistant.settings import Settings

FILE = Path(__file__).parent / "openapi.json"


def described() -> str:
    """The description that a server made of this tree gives at `/openapi.json`."""

    def load() -> Assistant:
        raise AssertionError("nothing is asked")

    return json.dumps(create_app(load, Settings(_env_file=None)).openapi(), indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(described())
