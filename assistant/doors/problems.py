"""The contract's error shape, and the one table from what went wrong to a status.

Used by the middleware and by every endpoint. Knows nothing of requests.
"""

from collections.abc import Mapping
from typing import Any

from starlette.responses import JSONResponse

from vectorstore import FootnoteError, InvalidInput, LibraryBroken, LibraryBusy, LibraryMismatch, NotFound

TYPES = {
    400: "invalid_request",
    401: "authentication",
    403: "permission",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    413: "too_large",
    415: "unsupported_media_type",
    422: "unprocessable",
    429: "rate_limited",
    500: "internal_error",
    503: "unavailable",
}
STATUS: Mapping[type[FootnoteError], int] = {
    InvalidInput: 422,
    NotFound: 404,
    LibraryBusy: 409,
    LibraryMismatch: 409,
    LibraryBroken: 409,  # the library's state stands in the way; 500 is kept for bugs, 503 for starting
}
NOTHING_HERE = "There is nothing at this address: /docs lists what there is."
BUG = "Something broke inside Footnote, and the server's log says what."


class Problem(Exception):
    """A request that is answered with an error. `message` is one sentence a person can act on."""

    def __init__(
        self, status: int, message: str, *, param: str | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.param = param
        self.headers = dict(headers or {})

    def to_json(self) -> dict[str, Any]:
        return {"error": {"type": TYPES[self.status], "message": self.message, "param": self.param}}

    def response(self) -> JSONResponse:
        return JSONResponse(self.to_json(), status_code=self.status, headers=self.headers)


def problem_of(error: FootnoteError) -> Problem:
    """Expected trouble as a problem, with its own sentence."""
    status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 409)
    return Problem(status, str(error), param=error.param)
