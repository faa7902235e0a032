"""What servers said of the versions that they sent, kept in the library's folder between runs. Knows no network."""

import sqlite3
from pathlib import Path

from ingest.fetch import Validators

FILE = "fetched.sqlite3"


class Versions:
    """One row an address: the validators of what was stored last, and the articles it became."""

    def __init__(self, library: Path) -> None:
        library.mkdir(parents=True, exist_ok=True)
        try:
            self._rows = _opened(library / FILE)
        except sqlite3.OperationalError:  # busy, full, read-only: what it holds is good
            raise
        except sqlite3.DatabaseError:  # broken: all that is lost is that each address is asked for once more
            (library / FILE).unlink()
            self._rows = _opened(library / FILE)

    def of(self, url: str) -> tuple[Validators, str] | None:
        """What is known of `url`, and the id of its article; None where it was not fetched before."""
        row = self._rows.execute("SELECT etag, last_modified, article_id FROM fetched WHERE url = ?", (url,)).fetchone()
        return (Validators(row[0], row[1]), row[2]) if row else None

    def keep(self, url: str, validators: Validators, article_id: str) -> None:
        row = (url, validators.etag, validators.last_modified, article_id)
        self._rows.execute("INSERT OR REPLACE INTO fetched VALUES (?, ?, ?, ?)", row)

    def close(self) -> None:
        self._rows.close()


def _opened(file: Path) -> sqlite3.Connection:
    # Autocommit: a row is written once its article is stored, and a kill loses at most that one's.
    rows = sqlite3.connect(file, isolation_level=None, timeout=10)
    try:
        rows.execute(
            "CREATE TABLE IF NOT EXISTS fetched (url TEXT PRIMARY KEY, etag TEXT, last_modified TEXT, article_id TEXT)"
        )
    except sqlite3.Error:
        rows.close()
        raise
    return rows
