"""The library as `python -m ingest` uses it: our own where it is free, else the one a running server has open.

An embedded library belongs to one process. Where a server holds it, the work is handed over through the public
contract: files are read and cleaned here, embedded and stored there. Knows no command line.
"""

import json
import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

import httpx

from ingest.document import Document
from ingest.pipeline import Pipeline
from ingest.split import SPLITTER_VERSION
from vectorstore import FootnoteError, InvalidInput, Listed, NotFound, Owner, Status, Store, load_embedder

log = logging.getLogger(__name__)

PAGE = 1000  # articles listed at once
WAIT_SECONDS = 1.0  # another command holds a library for a moment when it looks who has it
ANSWER_SECONDS = 600.0  # a long article embedded on a slow machine


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of one document."""

    id: str
    version: str
    title: str
    status: Status


@dataclass(frozen=True, slots=True)
class Refused:
    """A document that the library does not take; `reason` is a sentence."""

    reason: str


class Library(Protocol):
    """What the command needs of a library, wherever it is open."""

    def add_all(self, documents: Iterable[tuple[str, Document]]) -> Iterator[Stored | Refused]:
        """Adds documents as they come; yields what became of each, in order."""
        ...

    def listed(self) -> Iterator[Listed]: ...

    def holds(self, article_id: str) -> bool: ...

    def remove(self, article_id: str) -> None: ...

    def close(self) -> None: ...


def open_store(folder: Path, model: str, each: Callable[[int, int], None] | None = None) -> Store:
    """Opens the library in `folder` with the embedding model and the chunks of this version.

    `each` hears how many of the vectors that are missing have been made; without it the log tells.
    """
    recipe = str(SPLITTER_VERSION)
    return Store(folder, load_embedder(model), recipe=recipe, wait_seconds=WAIT_SECONDS, each=each or _logged())


def _logged() -> Callable[[int, int], None]:
    told = -1

    def each(done: int, of: int) -> None:
        nonlocal told
        if (tenth := 10 * done // of) > told:  # a large library has hundreds of batches
            told = tenth
            log.info("making vectors anew: %d of %d", done, of)

    return each


class OwnLibrary:
    """A library that this process has open."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add_all(self, documents: Iterable[tuple[str, Document]]) -> Iterator[Stored]:
        for added in Pipeline(self._store).add_all(documents):
            yield Stored(added.article.id, added.article.version, added.article.title, added.status)

    def listed(self) -> Iterator[Listed]:
        cursor: str | None = None
        while True:
            page = self._store.articles(limit=PAGE, cursor=cursor)
            yield from page.items
            if (cursor := page.next_cursor) is None:
                return

    def holds(self, article_id: str) -> bool:
        try:
            return bool(self._store.article(article_id))
        except NotFound:
            return False

    def remove(self, article_id: str) -> None:
        self._store.remove(article_id)

    def close(self) -> None:
        self._store.close()


class ServedLibrary:
    """A library that a running Footnote has open."""

    def __init__(self, owner: Owner) -> None:
        self._url = owner.url or ""
        headers = {"Authorization": f"Bearer {owner.token}"} if owner.token else {}
        # trust_env off: a proxy set for the internet must not see what goes to this machine's own server.
        self._client = httpx.Client(base_url=self._url, headers=headers, timeout=ANSWER_SECONDS, trust_env=False)

    def add_all(self, documents: Iterable[tuple[str, Document]]) -> Iterator[Stored | Refused]:
        for article_id, document in documents:
            told = {
                "id": article_id,
                "text": document.text,
                "title": document.title,
                "source": document.source,
                "published": document.published,
                "author": document.author,
                "tags": list(document.tags),
                "language": document.language,
                "dropped": list(document.dropped),
                "page_starts": list(document.page_starts),
            }
            body = {name: value for name, value in told.items() if value}
            try:
                (article,) = self._call("POST", "/v1/articles", json=body)["articles"]
            except InvalidInput as error:
                yield Refused(str(error))
                continue
            yield Stored(article["id"], article["version"], article["title"], article["status"])

    def listed(self) -> Iterator[Listed]:
        cursor: str | None = None
        while True:
            query = {"limit": PAGE} if cursor is None else {"limit": PAGE, "cursor": cursor}
            page = self._call("GET", "/v1/articles", params=query)
            yield from (Listed(**{**row, "tags": tuple(row["tags"])}) for row in page["articles"])
            if (cursor := page["next_cursor"]) is None:
                return

    def holds(self, article_id: str) -> bool:
        try:
            return bool(self._call("GET", f"/v1/articles/{quote(article_id, safe='')}"))
        except NotFound:
            return False

    def remove(self, article_id: str) -> None:
        self._call("DELETE", f"/v1/articles/{quote(article_id, safe='')}")

    def close(self) -> None:
        self._client.close()

    def _call(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        try:
            response = self._client.request(method, path, **options)
            body: dict[str, Any] = response.json() if response.content else {}
        except (httpx.HTTPError, json.JSONDecodeError) as error:
            raise FootnoteError(f"The Footnote at {self._url} does not answer: {error}.") from error
        if response.is_success:
            return body
        kind = {404: NotFound, 413: InvalidInput, 422: InvalidInput}.get(response.status_code, FootnoteError)
        raise kind(str(body["error"]["message"]), param=body["error"]["param"])
