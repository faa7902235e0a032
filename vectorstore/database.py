"""The library's one SQL database: connections, transactions, and its errors as ours.

The catalog keeps the articles on it, and whoever builds on the library may put tables of its own beside them
(`Store.database`). Knows no table. SQLite in WAL mode today, and nothing in it that PostgreSQL lacks.
"""

import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sql
from sqlalchemy.exc import SQLAlchemyError

from vectorstore.errors import LibraryBroken


class Database:
    """Thread-safe. Readers never wait, writers of this process take turns."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._engine = sql.create_engine(f"sqlite:///{path}")
        # SQLite locks at the first write, so what a transaction read before that could already have changed.
        self._turn = threading.Lock()
        sql.event.listen(self._engine, "connect", _set_pragmas)

    @contextmanager
    def reading(self) -> Iterator[sql.Connection]:
        """A connection to read with.

        Raises:
            LibraryBroken: the disk refuses.
        """
        with _translated(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sql.Connection]:
        """One transaction: all of it is stored at the end, or after an error nothing.

        Raises:
            LibraryBroken: the disk refuses; nothing was changed.
        """
        with self._turn, _translated(), self._engine.begin() as connection:
            yield connection

    def close(self) -> None:
        self._engine.dispose()


def _set_pragmas(connection: Any, _: object) -> None:
    # WAL: readers never wait for the writer. FULL: what was acknowledged survives a power cut.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error))
        raise LibraryBroken(
            f"The library's catalog cannot be read or written ({reason}); nothing was changed."
        ) from error


def folded(text: str) -> str:
    """As it is searched: whatever case and composition it is written with. Databases fold ASCII at best."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
