"""The files that a path names: itself, or everything in a folder and in the folders in it. Knows no formats."""

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

Skip = Callable[[Path, str], None]  # a path that leads nowhere, and why


def files_below(path: Path, skip: Skip) -> Iterator[Path]:
    """The file, or the folder's files in the order of their names; hidden ones only where they are named themselves.

    Links are followed. One that leads back to a folder it lies in, or to nothing, is told to `skip`, and so is a
    folder that cannot be listed.
    """
    if path.is_dir():
        yield from _listed(path, skip, frozenset())
    elif path.exists():
        yield path
    else:
        skip(path, "it is a link that leads nowhere." if path.is_symlink() else "there is no such file or folder.")


def is_hidden(path: Path, below: Sequence[Path]) -> bool:
    """Whether `files_below` would pass the path by, which lies in one of these folders or is one of these files."""
    roots = (root for root in below if path.is_relative_to(root))
    return any(part.startswith(".") for root in roots for part in path.relative_to(root).parts)


def _listed(folder: Path, skip: Skip, above: frozenset[Path]) -> Iterator[Path]:
    resolved = folder.resolve()
    if resolved in above:
        skip(folder, "it leads back to a folder that it lies in.")
        return
    try:
        with os.scandir(folder) as entries:
            names = sorted(entry.name for entry in entries if not entry.name.startswith("."))
    except OSError as error:
        skip(folder, f"the folder cannot be read: {error.strerror}.")
        return
    for each in (folder / name for name in names):
        if each.is_dir():
            yield from _listed(each, skip, above | {resolved})
        elif each.is_file():
            yield each
        elif each.is_symlink():
            skip(each, "it is a link that leads nowhere.")
