"""What a run of the command did, counted as it went. Knows nothing of how."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from ingest.formats.source import printable


@dataclass(slots=True)
class Report:
    """Articles by what became of them, and what could not be read."""

    statuses: Counter[str] = field(default_factory=Counter)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    dropped: dict[str, tuple[str, ...]] = field(default_factory=dict)
    ignored: int = 0  # files of unknown kinds in folders

    def skip(self, source: Path | str, reason: str) -> None:
        self.skipped.append((printable(str(source)), reason))

    def summary(self) -> str:
        """`3 added, 1 updated, 0 unchanged, 1 skipped`."""
        counts = [f"{self.statuses[name]} {name}" for name in ("added", "updated", "unchanged")]
        line = ", ".join([*counts, f"{len(self.skipped)} skipped"])
        return line + (f" ({self.ignored} files of other kinds ignored)" if self.ignored else "")
