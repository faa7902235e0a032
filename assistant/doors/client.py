"""A client of a running Footnote: what `ask` uses when a server owns the library.

Speaks only the public contract, and turns its error bodies back into our errors. Knows nothing of terminals.
"""

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import httpx

from vectorstore import FootnoteError, InvalidInput, LibraryBusy, NotFound

ANSWER_SECONDS = 120.0
STARTING_SECONDS = 60.0  # how long a server may say that it is still starting
ERRORS: Mapping[int, type[FootnoteError]] = {404: NotFound, 409: LibraryBusy, 422: InvalidInput}


def ask_server(url: str, token: str | None, body: Mapping[str, Any]) -> dict[str, Any]:
    """The body that `POST /v1/ask` answers.

    Raises:
        FootnoteError: the server refuses, with its sentence, or cannot be reached.
    """
    return call(url, token, "POST", "/v1/ask", json=dict(body))


def article_text(url: str, token: str | None, article_id: str, version: str) -> str:
    """The text of one article version, from the server.

    Raises:
        NotFound: it was removed.
    """
    path = f"/v1/articles/{quote(article_id, safe='')}"
    return str(call(url, token, "GET", path, params={"version": version})["text"])


def call(url: str, token: str | None, method: str, path: str, **options: Any) -> dict[str, Any]:
    """The JSON that the server answers to one request; `options` are httpx's.

    Raises:
        FootnoteError: the server refuses, with its sentence, or cannot be reached.
    """
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        # trust_env off: a proxy set for the internet must not see what goes to this machine's own server.
        with httpx.Client(base_url=url, headers=headers, timeout=ANSWER_SECONDS, trust_env=False) as client:
            response = client.request(method, path, **options)
            end = time.monotonic() + STARTING_SECONDS
            while response.status_code == 503 and time.monotonic() < end:
                time.sleep(float(response.headers.get("Retry-After", "1")))
                response = client.request(method, path, **options)
    except httpx.HTTPError as error:
        raise LibraryBusy(f"The Footnote at {url}, which has the library open, does not answer: {error}.") from error
    if response.is_success:
        answer: dict[str, Any] = response.json()
        return answer
    raise _error(response, url)


def _error(response: httpx.Response, url: str) -> FootnoteError:
    try:
        told = response.json()["error"]
        return ERRORS.get(response.status_code, FootnoteError)(str(told["message"]), param=told["param"])
    except (ValueError, KeyError, TypeError):
        return FootnoteError(f"What answers at {url} is not Footnote: it said {response.status_code}.")
