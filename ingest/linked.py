"""Links into the library: what has not changed since its article was stored is counted, and not sent again.

Knows the library and how to fetch; prints nothing.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from ingest.document import Document, Skipped
from ingest.fetch import Fetched, Fetcher, Validators
from ingest.fetched import Versions
from ingest.library import Library, Refused
from ingest.links import articles_of, documents_at
from ingest.report import Report, place
from vectorstore import InvalidInput

Advance = Callable[[], None]


@dataclass(slots=True)
class Links:
    """One run over some addresses. What became of each article goes into `report`."""

    fetcher: Fetcher
    versions: Versions
    library: Library
    report: Report
    _waiting: deque["_Sent"] = field(default_factory=deque)  # what each document on its way was read from

    def listed(self, feeds: Sequence[str], limit: int) -> list[str]:
        """The addresses of the newest `limit` articles of each feed."""
        found: list[str] = []
        for feed in feeds:
            try:
                found += articles_of(feed, self.fetcher, limit)
            except InvalidInput as error:
                self.report.skip(feed, str(error))
        return list(dict.fromkeys(found))

    def add(self, urls: Sequence[str], advance: Advance) -> None:
        """Fetches each address and stores what it holds; `advance` hears of each."""
        for stored in self.library.add_all(self._documents(urls, advance)):
            sent = self._waiting.popleft()
            if isinstance(stored, Refused):
                self.report.skip(place(sent.url, sent.part), stored.reason)
                continue
            self.report.store(sent.url, sent.part, stored.status, stored.title)
            if sent.validators is not None:  # noted only now: what is not stored has to be sent again
                self.versions.keep(sent.url, sent.validators, stored.id)

    def _documents(self, urls: Sequence[str], advance: Advance) -> Iterator[tuple[str, Document]]:
        for url in urls:
            try:
                fetched = self._fetched(url)
            except InvalidInput as error:
                self.report.skip(url, str(error))
            else:
                yield from self._read(url, fetched)
            advance()

    def _fetched(self, url: str) -> Fetched:
        before = self.versions.of(url)
        conditions = before[0] if before and self.library.holds(before[1]) else Validators()
        return self.fetcher.fetch(url, conditions)

    def _read(self, url: str, fetched: Fetched) -> Iterator[tuple[str, Document]]:
        if fetched.data is None:
            self.report.statuses["unchanged"] += 1
            return
        found = list(documents_at(fetched))
        for each in found:
            if isinstance(each, Skipped):
                self.report.skip(each.source, each.reason)
                continue
            self.report.drop(url, each.part, each.dropped)
            # Of a page; what holds several is read whole every time.
            validators = fetched.validators if len(found) == 1 else None
            self._waiting.append(_Sent(url, each.part, validators))
            yield str(each.id), each


@dataclass(frozen=True, slots=True)
class _Sent:
    url: str
    part: str
    validators: Validators | None
