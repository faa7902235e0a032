"""Which files the articles came from, and what those files held: how an unchanged folder is recognised in a moment.

A note beside the catalog, and no truth: without it every file is read again. It is written by whoever reads the
files, also while a server has the library open; SQLite lets several processes do so. Knows nothing of formats, and of
the library only which version of each article it holds.
"""

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from vectorstore import LibraryBroken

FILE = "sources.sqlite3"
WAIT_SECONDS = 10.0  # for another process that writes
TABLE = """create table if not exists sources (
    path text primary key, fingerprint text, versions text not null
)"""


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was when its articles were stored; `versions` maps each article's id to its version."""

    path: Path
    fingerprint: str | None  # None where a part of it could not be read
    versions: Mapping[str, str]


class Sources:
    """One library's. Each call is one transaction."""

    def __init__(self, library: Path) -> None:
        """
        Raises:
            LibraryBroken: the folder cannot be written.
        """
        self._file = library / FILE
        try:
            library.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LibraryBroken(f"The library folder {library} cannot be written: {error.strerror}.") from error
        with self._connected() as connection:
            connection.execute("pragma journal_mode=wal")
            connection.execute(TABLE)

    def all(self) -> Iterator[Source]:
        """In the order in which they were recorded."""
        with self._connected() as connection:
            rows = connection.execute("select path, fingerprint, versions from sources order by rowid").fetchall()
        for path, fingerprint, versions in rows:
            yield Source(Path(os.fsdecode(path)), fingerprint, json.loads(versions))

    def record(self, source: Source) -> None:
        with self._connected() as connection:
            row = (_key(source.path), source.fingerprint, json.dumps(dict(source.versions)))
            connection.execute("insert or replace into sources values (?, ?, ?)", row)

    def forget(self, path: Path) -> None:
        with self._connected() as connection:
            connection.execute("delete from sources where path = ?", (_key(path),))

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self._file, timeout=WAIT_SECONDS)) as connection, connection:
                connection.execute("pragma synchronous=normal")  # a note: what a power cut takes is read again
                yield connection
        except sqlite3.Error as error:
            raise LibraryBroken(
                f"The library's list of files {self._file} cannot be used ({error}): delete it, and all is read anew."
            ) from error


def _key(path: Path) -> str | bytes:
    """The path as SQLite can hold it: a name whose bytes are no UTF-8 as those bytes."""
    try:
        return str(path).encode().decode()
    except UnicodeEncodeError:
        return os.fsencode(path)


def recipe() -> str:
    """What a file's articles depend on beside its bytes: the code that reads and cuts, which is this package."""
    package = Path(__file__).parent
    code = hashlib.sha256()
    for module in sorted(package.rglob("*.py")):
        code.update(module.read_bytes())
    return code.hexdigest()


def fingerprint(path: Path, recipe: str) -> str | None:
    """What the file holds and what would be made of it; None where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, lambda: hashlib.sha256(recipe.encode())).hexdigest()
    except OSError:
        return None
