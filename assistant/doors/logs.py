"""Structured logs of a server: one line for each record, with the id of the request it belongs to.

JSON where a program reads them, words where a person does. Questions, answers and keys are in no record below an
error's own traceback. Knows nothing of what is logged.
"""

import json
import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime

# The request being answered in this task or thread; None between requests.
REQUEST_ID: ContextVar[str | None] = ContextVar("request_id", default=None)


def start() -> None:
    """Gives every handler of the root logger our form, after `vectorstore.settings.start_logging` made them."""
    form: logging.Formatter = Words() if sys.stderr.isatty() else Json()
    for handler in logging.getLogger().handlers:
        handler.setFormatter(form)


class Json(logging.Formatter):
    """`{"time", "level", "logger", "message", "request_id", ...}`; what a record was given as `extra={"facts": {}}`."""

    def format(self, record: logging.LogRecord) -> str:
        told = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": REQUEST_ID.get(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info:
            told["traceback"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False)


class Words(logging.Formatter):
    """`INFO assistant.observed: POST /v1/ask 200 in 35 ms [4f0c...]`."""

    def __init__(self) -> None:
        super().__init__("%(levelname)s %(name)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:
        request_id = REQUEST_ID.get()
        return super().formatMessage(record) + (f" [{request_id}]" if request_id else "")
