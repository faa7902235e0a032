"""One owner per library: a lock file that says who holds it.

An embedded Chroma belongs to one process: a second process's vectors stay unseen by the first, and its deletions make
the first one's queries fail. So whoever opens the library holds this lock. The operating system drops it when the
process ends, however it ends; what is written beside it is only trusted while the lock is held.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from vectorstore.errors import LibraryBroken, LibraryBusy


@dataclass(frozen=True, slots=True)
class Owner:
    """Who holds a library: a server with its address and a token for this run, or a batch (`url` is None)."""

    pid: int
    url: str | None = None
    token: str | None = None


class Lock:
    """Held from `take` to `release`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = FileLock(folder / "lock", thread_local=False)

    def take(self, *, wait_seconds: float = 0) -> None:
        """Takes the library for this process.

        Raises:
            LibraryBusy: another process still holds it after `wait_seconds`.
            LibraryBroken: the folder cannot be written.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(timeout=wait_seconds)
            self.announce(Owner(os.getpid()))
        except Timeout as error:
            raise LibraryBusy(_busy(self._folder)) from error
        except OSError as error:
            raise _unwritable(self._folder, error) from error

    def announce(self, owner: Owner) -> None:
        """Writes who we are, readable by this user alone: the token opens the server."""
        temporary = self._folder / f"owner.{os.getpid()}"
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(asdict(owner), file)
        os.replace(temporary, _owner_file(self._folder))

    def release(self) -> None:
        if self._lock.is_locked:
            _owner_file(self._folder).unlink(missing_ok=True)
            self._lock.release()


def owner(folder: Path) -> Owner | None:
    """Who holds the library now; None where nobody does, also when a crash left an owner file behind.

    Raises:
        LibraryBroken: the folder is not one, or cannot be written.
    """
    lock = FileLock(folder / "lock", thread_local=False)
    if not folder.exists():
        return None
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return _read(folder) or Owner(0)
    except OSError as error:
        raise _unwritable(folder, error) from error
    lock.release()
    return None


def _read(folder: Path) -> Owner | None:
    try:
        return Owner(**json.loads(_owner_file(folder).read_text()))
    except (OSError, ValueError, TypeError):
        return None  # being written at this moment, or by another version: the lock alone counts


def _owner_file(folder: Path) -> Path:
    return folder / "owner.json"


def _unwritable(folder: Path, error: OSError) -> LibraryBroken:
    return LibraryBroken(f"The library folder {folder} cannot be written: {error.strerror}.")


def _busy(folder: Path) -> str:
    holder = _read(folder)
    if holder is not None and holder.url is not None:
        return f"The library {folder} is open in the Footnote at {holder.url}: stop that one first."
    return f"The library {folder} is in use by another Footnote: wait until it has finished."
