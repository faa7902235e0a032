"""What a run of the command did, counted as it went. Knows nothing of how."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ingest.formats.source import printable

LISTED = 20  # articles of one file: more scroll away what came before them
STATUSES = ("added", "updated", "unchanged")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one article; `part` is which part of its file it is, where that holds several."""

    part: str
    status: str
    title: str


@dataclass(slots=True)
class Report:
    """Articles by what became of them, and what could not be read."""

    statuses: Counter[str] = field(default_factory=Counter)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    articles: dict[str, list[Outcome]] = field(default_factory=dict)  # by the file or the link that holds them
    dropped: dict[str, tuple[str, ...]] = field(default_factory=dict)
    ignored: int = 0  # files of unknown kinds in folders

    def skip(self, source: Path | str, reason: str) -> None:
        self.skipped.append((printable(str(source)), reason))

    def store(self, source: str, part: str, status: str, title: str) -> None:
        self.statuses[status] += 1
        self.articles.setdefault(source, []).append(Outcome(part, status, title))

    def listed(self, *, whole: bool) -> Iterator[str]:
        """A line for each article of a file that holds several, of many a line for the file; for all, where `whole`."""
        for source, articles in self.articles.items():
            if whole or (any(each.part for each in articles) and len(articles) <= LISTED):
                yield from (f"{each.status} {place(source, each.part)}: {each.title}" for each in articles)
            elif len(articles) > LISTED:
                counts = Counter(each.status for each in articles)
                told = ", ".join(f"{counts[status]} {status}" for status in STATUSES if counts[status])
                yield f"{source}: {told} (--verbose lists each)"

    def drop(self, source: str, part: str, lines: tuple[str, ...]) -> None:
        if lines:
            self.dropped[place(source, part)] = lines

    def summary(self) -> str:
        """`3 added, 1 updated, 0 unchanged, 1 skipped`."""
        counts = [f"{self.statuses[name]} {name}" for name in STATUSES]
        line = ", ".join([*counts, f"{len(self.skipped)} skipped"])
        return line + (f" ({self.ignored} files of other kinds ignored)" if self.ignored else "")


def place(source: str, part: str) -> str:
    """`news.zip (may/bridge.html)`: as a person is told of a part of a file."""
    return f"{source} ({printable(part)})" if part else source
