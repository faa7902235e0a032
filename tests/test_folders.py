"""The files that a path names: hidden ones, links, loops, and what is no file."""

import os
from pathlib import Path
from threading import Event

from ingest.folders import files_below
from ingest.watch import changes


def below(path: Path) -> tuple[list[str], dict[str, str]]:
    """The names of the files, and what was said of the paths that lead nowhere."""
    skipped: dict[str, str] = {}
    found = [file.name for file in files_below(path, lambda each, why: skipped.update({each.name: why}))]
    return found, skipped


def test_a_folder_is_walked_in_order_without_what_is_hidden(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.txt", "a/.git/c.txt", ".hidden.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    os.mkfifo(tmp_path / "pipe.txt")  # reading it would wait for ever
    assert below(tmp_path) == (["z.txt", "b.txt"], {})
    assert below(tmp_path / ".hidden.txt") == ([".hidden.txt"], {})


def test_loops_and_links_to_nothing_are_told_and_the_rest_is_found(tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "articles", tmp_path / "elsewhere"
    (folder / "deep").mkdir(parents=True)
    elsewhere.mkdir()
    (elsewhere / "c.txt").touch()
    (folder / "a.txt").touch()
    (folder / "deep" / "up").symlink_to("..")
    (folder / "self").symlink_to("self")
    (folder / "gone.txt").symlink_to("nowhere.txt")
    (folder / "linked").symlink_to(elsewhere)
    found, skipped = below(folder)
    assert found == ["a.txt", "c.txt"]
    assert skipped == {
        "up": "it leads back to a folder that it lies in.",
        "self": "it is a link that leads nowhere.",
        "gone.txt": "it is a link that leads nowhere.",
    }
    assert below(folder / "gone.txt")[1] == {"gone.txt": "it is a link that leads nowhere."}
    assert below(tmp_path / "none")[1] == {"none": "there is no such file or folder."}


def test_a_folder_is_watched_from_the_start_and_until_the_stop_but_not_what_is_hidden(tmp_path: Path) -> None:
    stop = Event()
    changed = changes([tmp_path], stop)
    (tmp_path / "._a.md").touch()
    (tmp_path / ".trash").mkdir()
    (tmp_path / ".trash" / "old.md").touch()
    (tmp_path / "a.md").touch()
    assert next(changed) == [tmp_path / "a.md"]
    stop.set()
    assert list(changed) == []
