"""Folders as they change: which of their files were written, a moment after the last one was. Knows no library."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Event

from ingest.folders import is_hidden
from vectorstore import InvalidInput

LOOK_MS = 500  # how long it waits for a change before it looks whether to stop; also how long it takes to begin


def changes(paths: Sequence[Path], stop: Event) -> Iterator[list[Path]]:
    """The files and folders at or below `paths` that were written, again and again until `stop`; none, where some
    only went. What is written once this has returned is told, however long the first one is not asked for.

    Several writes within a second and a half are one change.

    Raises:
        InvalidInput: a path is not there, or cannot be watched.
    """
    from watchfiles import Change, watch

    roots = [path.absolute() for path in paths]
    found = watch(
        *roots,
        watch_filter=lambda change, path: not is_hidden(Path(path), roots),
        stop_event=stop,
        rust_timeout=LOOK_MS,
        yield_on_timeout=True,
    )
    try:
        next(found, None)  # by now it watches
    except OSError as error:
        raise InvalidInput(f"This cannot be watched: {error}.") from error
    return (sorted({Path(path) for change, path in each if change != Change.deleted}) for each in found if each)
