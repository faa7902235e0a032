"""Files into the library and out of it: what is unchanged is not read again, what has vanished can be taken out.

Knows the library, the readers and the note of which file holds which articles; prints nothing.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ingest.document import Document, Skipped
from ingest.formats.source import printable
from ingest.library import Library, Refused
from ingest.pipeline import id_of_file, id_of_place
from ingest.readers import read_file
from ingest.report import Report, place
from ingest.sources import Source, Sources, fingerprint, recipe
from vectorstore import NotFound


@dataclass(frozen=True, slots=True)
class Pruned:
    """Files that were read once and are no longer there, and how many articles went with them."""

    moved: tuple[Path, ...]  # what they held lies in another file now
    gone: tuple[Path, ...]
    articles: int


class Intake:
    """One run over some files. What became of each article goes into `report`."""

    def __init__(self, library: Library, sources: Sources, report: Report) -> None:
        self._library, self._sources, self._report = library, sources, report
        self._known = {source.path: source for source in sources.all()}
        # Which file each article is of: of files that say they hold it, the one that was recorded last.
        there = (source for source in self._known.values() if source.path.exists())
        self._holders = {article_id: source.path for source in there for article_id in source.versions}
        self._current = {item.id: item.version for item in library.listed()}
        self._recipe = recipe()
        self._waiting: deque[tuple[_File, str]] = deque()  # file and part of each document on its way into the library

    def add(self, files: Sequence[Path], advance: Callable[[], None], *, reread: bool = False) -> None:
        """Reads what is new or changed (everything, where `reread`) and stores it; `advance` hears of each file."""
        for stored in self._library.add_all(self._documents(files, advance, reread=reread)):
            file, part = self._waiting.popleft()
            file.on_its_way -= 1
            if isinstance(stored, Refused):
                self._report.skip(place(str(file.path), part), stored.reason)
                file.fingerprint = None
            else:
                self._report.store(printable(str(file.path)), part, stored.status, stored.title)
                file.versions[stored.id] = self._current[stored.id] = stored.version
            self._record_if_whole(file)

    def _documents(
        self, files: Sequence[Path], advance: Callable[[], None], *, reread: bool
    ) -> Iterator[tuple[str, Document]]:
        for path in files:
            file = _File(path, path.resolve(), fingerprint(path, self._recipe))
            if not reread and (count := self._unchanged(file)):
                self._report.statuses["unchanged"] += count
            else:
                yield from self._read(file)
                file.read = True
                self._record_if_whole(file)
            advance()

    def _unchanged(self, file: "_File") -> int:
        """How many articles the file holds, all of them in the library as they are in it; 0 where one is not."""
        known = self._known.get(file.resolved)
        if known is None or known.fingerprint != file.fingerprint:
            return 0
        same = all(
            self._current.get(article_id) == version and self._holders.get(article_id) == file.resolved
            for article_id, version in known.versions.items()
        )
        return len(known.versions) if same else 0

    def _read(self, file: "_File") -> Iterator[tuple[str, Document]]:
        path = file.path
        folder = "" if path.parent == Path() else f"{printable(str(path.parent))}/"
        for found in read_file(path):
            if isinstance(found, Skipped):
                self._report.skipped.append((folder + found.source, found.reason))
                file.fingerprint = None
                continue
            self._report.drop(printable(str(path)), found.part, found.dropped)
            file.on_its_way += 1
            self._waiting.append((file, found.part))
            yield self._id_of(file, found), found
        self._release(file)

    def _id_of(self, file: "_File", document: Document) -> str:
        """The id that the file gives the article, unless it is another's: rows of two exports are both number 1.

        Then, and from then on, it is one of the article's place.
        """
        own, placed = id_of_file(file.path, document), id_of_place(file.path, document)
        taken = own in file.given or self._holders.get(own, file.resolved) != file.resolved
        article_id = placed if taken or placed in self._before(file) else own
        file.given.add(article_id)
        self._holders[article_id] = file.resolved
        return article_id

    def _release(self, file: "_File") -> None:
        """What the file does not hold any more may be of the next: rows move from one export to another."""
        if file.fingerprint is not None:
            for article_id in self._before(file).keys() - file.given:
                if self._holders.get(article_id) == file.resolved:
                    del self._holders[article_id]

    def _before(self, file: "_File") -> Mapping[str, str]:
        """What the file held when it was read last."""
        return self._known[file.resolved].versions if file.resolved in self._known else {}

    def _record_if_whole(self, file: "_File") -> None:
        if not file.read or file.on_its_way or not file.versions:
            return
        # What the file held before and no file holds any longer stays in the library, and goes when the file goes.
        stays = {
            article_id: version
            for article_id, version in self._before(file).items()
            if article_id in self._current and self._holders.get(article_id, file.resolved) == file.resolved
        }
        self._sources.record(Source(file.resolved, file.fingerprint, {**stays, **file.versions}))

    def prune(self, below: Sequence[Path] = ()) -> Pruned:
        """Takes out the articles of files that are no longer there; of files in these folders alone, where given."""
        folders = [path.resolve() for path in below]
        there = [source for source in self._known.values() if source.path.exists()]
        kept = {article_id for source in there for article_id in source.versions}
        elsewhere = {source.fingerprint for source in there if source.fingerprint}
        moved: list[Path] = []
        gone: list[Path] = []
        articles = 0
        for source in sorted(self._known.values(), key=lambda source: source.path):
            outside = folders and not any(source.path.is_relative_to(folder) for folder in folders)
            if outside or source.path.exists():
                continue
            (moved if source.fingerprint in elsewhere else gone).append(source.path)
            articles += sum(self._take_out(article_id) for article_id in source.versions if article_id not in kept)
            self._sources.forget(source.path)
        return Pruned(tuple(moved), tuple(gone), articles)

    def _take_out(self, article_id: str) -> bool:
        if article_id not in self._current:
            return False
        try:
            self._library.remove(article_id)
        except NotFound:  # somebody else was quicker
            return False
        del self._current[article_id]
        return True


@dataclass(slots=True)
class _File:
    path: Path
    resolved: Path
    fingerprint: str | None  # None where a part of it could not be read: it is read again the next time
    given: set[str] = field(default_factory=set)  # the ids of its articles
    versions: dict[str, str] = field(default_factory=dict)
    on_its_way: int = 0  # documents handed over and not yet stored
    read: bool = False
