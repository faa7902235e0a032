"""A consistent copy of a library while it is in use: of its databases, which hold everything that cannot be derived.

SQLite's own online backup copies them beside any reader or writer, in this process or another. Vectors and words are
left out: copied file by file while they change they could be torn, and a library that lacks them makes them anew when
it is opened. Knows nothing of what the databases hold.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from vectorstore.catalog import FILE
from vectorstore.errors import InvalidInput, LibraryBroken, NotFound

WAIT_SECONDS = 10.0


def backup(folder: Path, target: Path) -> None:
    """Copies the library in `folder` to `target`, a new or empty folder.

    Raises:
        NotFound: there is no library.
        InvalidInput: there is something in `target` already.
        LibraryBroken: the disk refuses.
    """
    if not (folder / FILE).exists():
        raise NotFound(f"There is no library in {folder}: nothing to back up.")
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InvalidInput(f"{target} is not an empty folder: give a new one for the copy.", param="backup")
    try:
        target.mkdir(parents=True, exist_ok=True)
        for database in sorted(folder.glob("*.sqlite3")):
            _copy(database, target / database.name)
    except (sqlite3.Error, OSError) as error:
        raise LibraryBroken(f"The copy in {target} is not complete ({error}): delete it and try again.") from error


def _copy(database: Path, target: Path) -> None:
    with (
        closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True, timeout=WAIT_SECONDS)) as source,
        closing(sqlite3.connect(target)) as copy,
    ):
        # In one step: SQLite begins anew after every step between which another wrote, and with WAL nobody waits.
        source.backup(copy)
