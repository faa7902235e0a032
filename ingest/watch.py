"""Folders as they change: which of their files were written, a moment after the last one was. Knows no library."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Event


def changes(paths: Sequence[Path], stop: Event | None = None) -> Iterator[list[Path]]:
    """The files below `paths` that were written, again and again until Ctrl-C or `stop`; none, where some only went.

    Several writes within a second and a half are one change.
    """
    from watchfiles import Change, watch

    for found in watch(*paths, stop_event=stop, raise_interrupt=True):
        yield sorted({Path(path) for change, path in found if change != Change.deleted})
